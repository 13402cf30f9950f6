package annual

import (
	"net/http"

	"kith/internal/access"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// givenRoutes are the addresses at which chapters are given, and said to be how far.
func (r *Room) givenRoutes() []web.Route {
	const at = "/work/report/{year}/chapters/{id}"
	return []web.Route{
		{Pattern: "GET " + at + "/give", Permission: access.ReportEdit, Handle: r.confirmGiveChapter},
		{Pattern: "POST " + at + "/give", Permission: access.ReportEdit, Handle: r.giveChapter},
		{Pattern: "GET " + at + "/step", Permission: access.ReportRead, Handle: r.confirmStepChapter},
		{Pattern: "POST " + at + "/step", Permission: access.ReportRead, Handle: r.stepChapter},
	}
}

func stepHref(c Chapter) string { return href(c.Year) + "/chapters/" + c.ID + "/step" }

// personWords are the words of a chapter's owner in a picker.
func personWords(c Chapter) string { return register.PersonWords(c.Owner, c.OwnerEmail) }

// writable finds the chapter that an address names, for somebody who may write it.
func (r *Room) writable(req *http.Request) (Report, Chapter, error) {
	rep, c, err := r.openChapter(req)
	if err == nil && !chapterRules.May(web.PersonOf(req), access.Change, c.of()) {
		err = web.ErrNotFound
	}
	return rep, c, err
}

// givePage asks who writes a chapter, or how far it is.
type givePage struct {
	ui.FormPage
	Chapter Chapter
	Stages  []ui.Choice
}

func (r *Room) giveForm(w http.ResponseWriter, req *http.Request, rep Report, c Chapter) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		if err := register.SayKept(req.Context(), r.Work, f, "owner"); err != nil {
			return err
		}
		p := givePage{Chapter: c}
		p.Base, p.Form, p.Cancel = r.chapterBase(req, rep, c, "Who writes “"+c.Title+"”?"), f, href(rep.Year)+"#"+c.Part
		return web.Render(w, status, r.pages, "give", p)
	}
}

func (r *Room) confirmGiveChapter(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.openChapter(req)
	if err != nil {
		return err
	}
	return r.giveForm(w, req, rep, c)(http.StatusOK, fillGive(c))
}

func (r *Room) giveChapter(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.openChapter(req)
	if err != nil {
		return err
	}
	ctx, by := req.Context(), web.PersonOf(req)
	return web.Submit(w, req, r.giveForm(w, req, rep, c), func(f *web.Form) (web.Done, error) {
		owner, err := register.PickPerson(ctx, r.Work, by, f, "owner", "", string(c.OwnerID))
		if err != nil {
			return web.Done{}, err
		}
		due := f.Date("due", "")
		if !f.OK() {
			return web.Done{}, nil
		}
		words := "Nobody owns “" + c.Title + "” now."
		if owner.ID != "" {
			words = "“" + c.Title + "” is " + owner.Name + "’s to write."
		}
		err = r.GiveChapter(ctx, by, c.ID, owner.ID, due, f.Seen())
		return web.Done{To: href(rep.Year) + "#" + c.Part, Words: words}, err
	})
}

var stageChoices = ui.Choices(writing, "Not begun, or being written", string(Ready), "Ready to read", string(Done),
	"Done")

func (r *Room) stepForm(w http.ResponseWriter, req *http.Request, rep Report, c Chapter) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		p := givePage{Chapter: c, Stages: stageChoices}
		p.Base, p.Form, p.Cancel = r.chapterBase(req, rep, c, "How far is “"+c.Title+"”?"), f, chapterHref(c)
		return web.Render(w, status, r.pages, "step", p)
	}
}

func (r *Room) confirmStepChapter(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.writable(req)
	if err != nil {
		return err
	}
	return r.stepForm(w, req, rep, c)(http.StatusOK, fillStage(c))
}

func (r *Room) stepChapter(w http.ResponseWriter, req *http.Request) error {
	rep, c, err := r.writable(req)
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.stepForm(w, req, rep, c), func(f *web.Form) (web.Done, error) {
		to := f.OneOf("stage", "Choose how far it is", writing, string(Ready), string(Done))
		if !f.OK() {
			return web.Done{}, nil
		}
		if to == writing {
			to = string(Writing)
		}
		err := r.StepChapter(req.Context(), web.PersonOf(req), c.ID, Stage(to), f.Seen())
		return web.Done{To: chapterHref(c), Words: "How far the chapter is has been saved."}, err
	})
}
