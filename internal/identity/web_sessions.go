package identity

import (
	"errors"
	"net/http"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// These pages show who is signed in where, and end it.

const sessionsPath = "/work/sessions"

func (r *Room) sessionRoutes() []web.Route {
	return []web.Route{
		{Pattern: "POST /work/account/sign-out-everywhere", Permission: web.SignedIn, Handle: r.signOutEverywhere},
		{Pattern: "POST /work/account/sessions/{id}/end", Permission: web.SignedIn, Handle: r.endSession},
		{Pattern: "POST /work/people/{id}/sign-out", Permission: access.PeopleManage, Handle: r.signOutPerson},

		{Pattern: "GET /work/sessions", Permission: access.PeopleManage, Handle: r.listSessions},
		{Pattern: "POST /work/sessions/{id}/end", Permission: access.PeopleManage, Handle: r.endSessionOf},
		{Pattern: "GET /work/sessions/end", Permission: access.SettingsManage, Handle: r.confirmEndSessions},
		{Pattern: "POST /work/sessions/end", Permission: access.SettingsManage, Handle: r.endSessions,
			Confirm: web.Always},
	}
}

// sessionHere gives the id of the session that asks; "" where there is none.
func (r *Room) sessionHere(req *http.Request) (string, error) {
	id, err := sessionID(req.Context(), r.Work, hashed(secretOf(req)))
	if errors.Is(err, db.ErrNotFound) {
		return "", nil
	}
	return id, err
}

func (r *Room) signOutEverywhere(w http.ResponseWriter, req *http.Request) error {
	me := web.PersonOf(req)
	if err := r.SignOutEverywhere(req.Context(), me, me.ID, ""); err != nil {
		return err
	}
	forget(w, req)
	return web.SeeOther(w, req, "/sign-in", "You are signed out everywhere.")
}

func (r *Room) endSession(w http.ResponseWriter, req *http.Request) error {
	if err := r.EndSession(req.Context(), web.PersonOf(req), req.PathValue("id")); err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/account", "That session is ended.")
}

func (r *Room) signOutPerson(w http.ResponseWriter, req *http.Request) error {
	return r.do(w, req, "They are signed out everywhere.", func(by web.Person, id string) error {
		return r.SignOutEverywhere(req.Context(), by, id, "")
	})
}

type sessionsPage struct {
	ui.Base
	List     ui.List
	Sessions []listedSession
	MayEnd   bool // everybody’s
}

func (r *Room) listSessions(w http.ResponseWriter, req *http.Request) error {
	ctx, me, now := req.Context(), web.PersonOf(req), r.Now()
	list := ui.ReadList(sessionsPath, req.URL.Query())
	list.One, list.Many = "session", "sessions"
	page := sessionsPage{Base: base(req, "Who is signed in", "Who is signed in", ""),
		MayEnd: me.May(access.SettingsManage)}
	var err error
	page.Sessions, list.Total, err = everySession(ctx, r.Work, list.Value("q"), db.At(now), db.At(now.Add(-sessionIdle)),
		list.Size, list.Offset())
	if err != nil {
		return err
	}
	here, err := r.sessionHere(req)
	if err != nil {
		return err
	}
	for i := range page.Sessions {
		s := &page.Sessions[i]
		held, err := rolesOf(ctx, r.Work, s.PersonID)
		if err != nil {
			return err
		}
		s.current = s.ID == here
		s.mayEnd = !s.current && mayTake(me, held, s.organisation)
	}
	page.List = list
	return web.Render(w, http.StatusOK, r.pages, "sessions", page)
}

// endSessionOf leads back to the page of the person where it was pressed there.
func (r *Room) endSessionOf(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	if err := r.EndSessionOf(req.Context(), web.PersonOf(req), req.PathValue("id")); err != nil {
		return err
	}
	to := sessionsPath
	if from := web.Local(f.Value("back"), ""); strings.HasPrefix(from, root+"/") {
		to = from
	}
	return web.SeeOther(w, req, to, "That session is ended.")
}

func (r *Room) confirmEndSessions(w http.ResponseWriter, req *http.Request) error {
	b := base(req, "End everybody’s sessions?", "Who is signed in", sessionsPath, "End all", "")
	return web.Confirm(w, req, nil, b, "End all but mine", sessionsPath,
		"Everybody is signed out at once, wherever they are, and has to sign in again. What they were writing and had not "+
			"saved is lost.",
		"Do this when somebody else may be signed in with an account of yours and you do not know whose.")
}

func (r *Room) endSessions(w http.ResponseWriter, req *http.Request) error {
	n, err := r.EndSessions(req.Context(), web.PersonOf(req), secretOf(req))
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, sessionsPath, lang.Plural(n, "session is", "sessions are")+" ended.")
}
