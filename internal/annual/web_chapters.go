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

type addPage struct {
	ui.Base
	Report Report
	Form   *web.Form
	Parts  []ui.Choice
}

var partChoices = ui.Choices(PartReport, "The report", PartSummary, "The summary on two pages")

func (r *Room) showAdd(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	form := web.NewForm("part", cmp.Or(req.URL.Query().Get("part"), PartReport))
	return web.Render(w, http.StatusOK, r.pages, "add", addPage{r.yearBase(req, rep, "Add a chapter"), rep, form, partChoices})
}

func (r *Room) add(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	in := readChapter(form)
	if form.OK() {
		id, err := r.AddChapter(req.Context(), web.PersonOf(req), rep.Year, in.Part, in.Title, "")
		if err == nil {
			return web.SeeOther(w, req, "/work/report/"+rep.Year+"/chapters/"+id, "The chapter has been added.")
		}
		if !errors.Is(err, ErrExists) {
			return err
		}
		form.Add("title", "There is already a chapter of that title")
	}
	return web.Render(w, http.StatusUnprocessableEntity, r.pages, "add", addPage{r.yearBase(req, rep, "Add a chapter"), rep, form, partChoices})
}

func (r *Room) move(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.openChapter(req)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	if err := r.MoveChapter(req.Context(), web.PersonOf(req), c.ID, form.Value("act") == "up"); err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/report/"+rep.Year+"#"+c.Part, "“"+c.Title+"” has been moved.")
}

type chapterPage struct {
	ui.Base
	Report   Report
	Chapter  Chapter
	Versions []Version
	Version  *Version
	Preview  template.HTML
}

func (r *Room) showRemove(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.openChapter(req)
	if err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "remove", chapterPage{Base: r.yearBase(req, rep, "Take out “"+c.Title+"”"), Report: rep, Chapter: c})
}

func (r *Room) remove(w http.ResponseWriter, req *http.Request) error {
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
		return web.Conflict("The chapter has changed", "Somebody has saved it since you opened this page. Look at it again before you take it out.")
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/report/"+rep.Year, "“"+c.Title+"” has been taken out. It can be put back.")
}

func (r *Room) putBack(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	err = r.PutBackChapter(req.Context(), web.PersonOf(req), rep.Year, req.PathValue("id"))
	if errors.Is(err, ErrExists) {
		return web.Conflict("There is another chapter of that title", "Take that one out first, then put this one back.")
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/report/"+rep.Year, "The chapter has been put back.")
}

func (r *Room) showVersions(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.openChapter(req)
	if err != nil {
		return err
	}
	all, err := versions(req.Context(), r.Work, c.ID)
	if err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "versions", chapterPage{Base: r.chapterBase(req, rep, c, "Earlier texts of “"+c.Title+"”"), Report: rep, Chapter: c, Versions: all})
}

// chapterBase is the frame of a page below a chapter.
func (r *Room) chapterBase(req *http.Request, rep Report, c Chapter, title string) ui.Base {
	at := "/work/report/" + rep.Year
	return web.Crumbs(web.Base(req, title), "Yearly reports", "/work/report", rep.Year, at, c.Title, at+"/chapters/"+c.ID)
}

func (r *Room) showVersion(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.openChapter(req)
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
	p := chapterPage{Base: r.chapterBase(req, rep, c, fmt.Sprintf("Version %d of “%s”", v.Version, c.Title)), Report: rep, Chapter: c, Version: &v, Preview: preview}
	return web.Render(w, http.StatusOK, r.pages, "version", p)
}

func (r *Room) versionAsked(req *http.Request, c Chapter) (Version, error) {
	n, err := strconv.ParseInt(req.PathValue("version"), 10, 64)
	if err != nil {
		return Version{}, db.ErrNotFound
	}
	return version(req.Context(), r.Work, c.ID, n)
}

func (r *Room) restore(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.openChapter(req)
	if err != nil {
		return err
	}
	v, err := r.versionAsked(req, c)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	err = r.RestoreVersion(req.Context(), web.PersonOf(req), c.ID, v.Version, int64(form.Int("over", "", 0, 1<<30)))
	if errors.Is(err, ErrStale) {
		return web.Conflict("The chapter has changed", "Somebody has saved it since you opened this page. Look at its texts again before you restore one.")
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/report/"+rep.Year+"/chapters/"+c.ID, fmt.Sprintf("Version %d has been restored.", v.Version))
}

type tilesPage struct {
	ui.Base
	Report Report
	Form   *web.Form
	Theirs string // what somebody else saved meanwhile
}

func (r *Room) showTiles(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	list, err := tiles(req.Context(), r.Work, rep.Year)
	if err != nil {
		return err
	}
	form := web.NewForm("tiles", writeTiles(list), "version", fmt.Sprint(rep.TilesVersion))
	return web.Render(w, http.StatusOK, r.pages, "tiles", tilesPage{Base: r.yearBase(req, rep, "Tiles of the summary"), Report: rep, Form: form})
}

func (r *Room) postTiles(w http.ResponseWriter, req *http.Request) error {
	rep, err := r.asked(req)
	if err != nil {
		return err
	}
	form, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	list := readTiles(form)
	p := tilesPage{Base: r.yearBase(req, rep, "Tiles of the summary"), Report: rep, Form: form}
	if !form.OK() {
		return web.Render(w, http.StatusUnprocessableEntity, r.pages, "tiles", p)
	}
	err = r.SaveTiles(req.Context(), web.PersonOf(req), rep.Year, int64(form.Int("version", "", 0, 1<<30)), list)
	if errors.Is(err, ErrStale) {
		now, err := tiles(req.Context(), r.Work, rep.Year)
		if err != nil {
			return err
		}
		p.Theirs = writeTiles(now)
		form.Set("version", fmt.Sprint(rep.TilesVersion))
		return web.Render(w, http.StatusConflict, r.pages, "tiles", p)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/report/"+rep.Year, "The tiles have been saved.")
}
