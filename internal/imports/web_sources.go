package imports

import (
	"net/http"

	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

const sourcesRoot = "/work/imports/sources"

type sourcesPage struct {
	ui.Base
	Rows []sourceRow
}

type sourceRow struct {
	Source
	KindTitle string
	Columns   int
}

// listSources shows how files of each sender are read.
func (r *Room) listSources(w http.ResponseWriter, req *http.Request) error {
	p := sourcesPage{Base: web.Crumbs(web.Base(req, "Where files come from"),
		way(req, "Import files", "/work/imports/new", "Where files come from", "")...)}
	all, err := allSources(req.Context(), r.Work)
	if err != nil {
		return err
	}
	for _, s := range all {
		m, err := s.said()
		if err != nil {
			return err
		}
		p.Rows = append(p.Rows, sourceRow{s, r.title(p.Base, s.Kind), len(m.Columns)})
	}
	return web.Render(w, http.StatusOK, r.pages, "sources", p)
}

// fillSource gives what a person sees of a source.
func fillSource(s Source) *web.Form { return web.NewForm("name", s.Name, "matching", s.Matching) }

func (r *Room) confirmDeleteSource(w http.ResponseWriter, req *http.Request) error {
	s, err := sourceByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	b := web.Crumbs(web.Base(req, "Forget how files of "+s.Name+" are read?"),
		way(req, "Import files", "/work/imports/new", "Where files come from", sourcesRoot, "Forget", "")...)
	return web.Confirm(w, req, fillSource(s), b, "Forget it", sourcesRoot,
		"You will be asked again which column is what when the next file comes with these headers. What was loaded stays.")
}

func (r *Room) deleteSource(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmDeleteSource, func(seen web.Seen) (web.Done, error) {
		err := r.DeleteSource(req.Context(), web.PersonOf(req), req.PathValue("id"), seen)
		return web.Done{To: sourcesRoot, Words: "It is forgotten. The next file with these headers is asked about."}, err
	})
}
