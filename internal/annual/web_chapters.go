package annual

import (
	"cmp"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"strconv"

	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// chapterHref is where a chapter is written.
func chapterHref(c Chapter) string { return href(c.Year) + "/chapters/" + c.ID + "/edit" }

type addPage struct {
	ui.FormPage
	Parts []ui.Choice
}

var partChoices = ui.Choices(PartReport, "The report", PartSummary, "The summary on two pages")

func (r *Room) chapterForm(w http.ResponseWriter, req *http.Request, rep Report) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		page := ui.FormPage{Base: r.yearBase(req, rep, "Add a chapter"), Form: f, Cancel: href(rep.Year)}
		return web.Render(w, status, r.pages, "add", addPage{page, partChoices})
	}
}

func (r *Room) newChapter(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	return r.chapterForm(w, req, rep)(http.StatusOK,
		web.NewRecord("part", cmp.Or(req.URL.Query().Get("part"), PartReport)))
}

func (r *Room) addChapter(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.chapterForm(w, req, rep), func(f *web.Form) (web.Done, error) {
		in := readChapter(f)
		if !f.OK() {
			return web.Done{}, nil
		}
		id, err := r.AddChapter(req.Context(), web.PersonOf(req), rep.Year, in.Part, in.Title, "")
		return web.Done{To: chapterHref(Chapter{Year: rep.Year, ID: id}), Words: "The chapter has been added."}, err
	})
}

type movePage struct {
	ui.FormPage
	Chapter Chapter
	Places  []ui.Choice
}

// moveForm asks where in its part a chapter is to stand.
func (r *Room) moveForm(w http.ResponseWriter, req *http.Request, rep Report, c Chapter) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		part, err := siblings(req.Context(), r.Work, c)
		if err != nil {
			return err
		}
		p := movePage{Chapter: c, Places: ui.Choices(beginning, "At the beginning")}
		p.Base, p.Form, p.Cancel = r.yearBase(req, rep, "Move “"+c.Title+"”"), f, href(rep.Year)+"#"+c.Part
		for _, x := range part {
			if x.ID != c.ID {
				p.Places = append(p.Places, ui.Choice{Value: x.ID, Text: "After “" + x.Title + "”"})
			}
		}
		return web.Render(w, status, r.pages, "move", p)
	}
}

func (r *Room) confirmMoveChapter(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.openChapter(req)
	if err != nil {
		return err
	}
	part, err := siblings(req.Context(), r.Work, c)
	if err != nil {
		return err
	}
	return r.moveForm(w, req, rep, c)(http.StatusOK, fillMove(c, part))
}

func (r *Room) moveChapter(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.openChapter(req)
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.moveForm(w, req, rep, c), func(f *web.Form) (web.Done, error) {
		after := f.Text("after", "Choose where the chapter is to stand", 40)
		if !f.OK() {
			return web.Done{}, nil
		}
		if after == beginning {
			after = ""
		}
		err := r.MoveChapter(req.Context(), web.PersonOf(req), c.ID, after, f.Seen())
		return web.Done{To: href(rep.Year) + "#" + c.Part, Words: "“" + c.Title + "” has been moved."}, err
	})
}

type chapterPage struct {
	ui.Base
	Report   Report
	Chapter  Chapter
	Versions []Version
	Version  *Version
	Preview  template.HTML
	Form     ui.Form // of the button that restores
}

func (r *Room) confirmRemoveChapter(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.openChapter(req)
	if err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "remove",
		chapterPage{Base: r.yearBase(req, rep, "Take out “"+c.Title+"”"), Report: rep, Chapter: c})
}

func (r *Room) removeChapter(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.openChapter(req)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	err = r.RemoveChapter(req.Context(), web.PersonOf(req), c.ID, int64(form.Int("version", "", 0, 1<<30)))
	if errors.Is(err, ErrStale) {
		return web.Conflict("The chapter has changed",
			"Somebody has saved it since you opened this page. Look at it again before you take it out.")
	}
	if err != nil {
		return err
	}
	return web.Done{To: href(rep.Year), Words: "“" + c.Title + "” has been taken out. It can be put back.",
		Undo: href(rep.Year) + "/chapters/" + c.ID + "/put-back"}.Answer(w, req)
}

func (r *Room) putBackChapter(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	err = r.PutBackChapter(req.Context(), web.PersonOf(req), rep.Year, req.PathValue("id"))
	if errors.Is(err, ErrTitleTaken) {
		return web.Conflict("There is another chapter of that title", "Take that one out first, then put this one back.")
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, href(rep.Year), "The chapter has been put back.")
}

func (r *Room) listVersions(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.writable(req)
	if err != nil {
		return err
	}
	all, err := versions(req.Context(), r.Work, c.ID)
	if err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "versions",
		chapterPage{Base: r.chapterBase(req, rep, c, "Earlier texts of “"+c.Title+"”"), Report: rep, Chapter: c,
			Versions: all})
}

// chapterBase is the frame of a page below a chapter.
func (r *Room) chapterBase(req *http.Request, rep Report, c Chapter, title string) ui.Base {
	return web.Crumbs(web.Base(req, title), "Yearly reports", root, rep.Year, href(rep.Year), c.Title, chapterHref(c))
}

func (r *Room) showVersion(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.writable(req)
	if err != nil {
		return err
	}
	v, err := r.versionAsked(req, c)
	if err != nil {
		return err
	}
	then := c
	then.Markdown = v.Markdown
	preview, _, err := r.preview(req.Context(), then)
	if err != nil {
		return err
	}
	p := chapterPage{Base: r.chapterBase(req, rep, c, fmt.Sprintf("Version %d of “%s”", v.Version, c.Title)), Report: rep,
		Chapter: c, Version: &v, Preview: preview, Form: web.NewRecord()}
	return web.Render(w, http.StatusOK, r.pages, "version", p)
}

func (r *Room) versionAsked(req *http.Request, c Chapter) (Version, error) {
	n, err := strconv.ParseInt(req.PathValue("version"), 10, 64)
	if err != nil {
		return Version{}, db.ErrNotFound
	}
	return version(req.Context(), r.Work, c.ID, n)
}

func (r *Room) restoreVersion(w http.ResponseWriter, req *http.Request) error {
	_, c, err := r.writable(req)
	if err != nil {
		return err
	}
	v, err := r.versionAsked(req, c)
	if err != nil {
		return err
	}
	return web.Press(w, req, func(form *web.Form) (web.Done, error) {
		err := r.RestoreVersion(req.Context(), web.PersonOf(req), c.ID, v.Version, int64(form.Int("over", "", 0, 1<<30)))
		if errors.Is(err, ErrStale) {
			err = web.Conflict("The chapter has changed",
				"Somebody has saved it since you opened this page. Look at its texts again before you restore one.")
		}
		return web.Done{To: chapterHref(c), Words: fmt.Sprintf("Version %d has been restored.", v.Version)}, err
	})
}

func (r *Room) editTiles(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	list, err := tiles(req.Context(), r.Work, rep.Year)
	if err != nil {
		return err
	}
	return r.reportForm(w, req, rep, "tiles", "Links on the summary")(http.StatusOK, fillTiles(list))
}

func (r *Room) saveTiles(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.reportForm(w, req, rep, "tiles", "Links on the summary"),
		func(f *web.Form) (web.Done, error) {
			list := readTiles(f)
			if !f.OK() {
				return web.Done{}, nil
			}
			err := r.SaveTiles(req.Context(), web.PersonOf(req), rep.Year, list, f.Seen())
			return web.Done{To: href(rep.Year), Words: "The tiles have been saved."}, err
		})
}
