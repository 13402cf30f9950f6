package sites

import (
	"errors"
	"net/http"

	"kith/internal/kit/publish"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

const frameHref = root + "/frame"

// A shutSitePage asks why the site is to be shut.
type shutSitePage struct{ ui.FormPage }

// shutBase is the frame of the pages that shut and open the site.
func shutBase(req *http.Request, title string) ui.Base {
	return crumbs(req, title, "Name, contacts and structure", frameHref)
}

func (r *Room) confirmShutSite(w http.ResponseWriter, req *http.Request) error {
	return r.shutForm(w, req)(http.StatusOK, nil)
}

// shutForm shows the form that shuts the site; without a form of its own it begins empty,
// with the mark of how the site stands.
func (r *Room) shutForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		if f == nil {
			s, err := r.Outbox.State(req.Context(), kindShut, shutKey)
			if err != nil {
				return err
			}
			if s.Known && !s.Gone {
				return alreadyShut
			}
			f = fillShut(s)
		}
		return web.Render(w, status, r.pages, "shut-site", shutSitePage{ui.FormPage{
			Base: shutBase(req, "Shut the public site?"), Form: f, Cancel: frameHref}})
	}
}

var alreadyShut = web.Conflict("The public site is shut already", "Go back to see by whom and why.")

func (r *Room) shutSite(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.shutForm(w, req), func(f *web.Form) (web.Done, error) {
		reason := f.Text("reason", "Say why, for your colleagues", maxSummary)
		if !f.Yes("sure") {
			f.Add("sure", "Tick this to shut the site")
		}
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.ShutSite(req.Context(), web.PersonOf(req), reason, f.Seen())
		if errors.Is(err, publish.ErrWaiting) || errors.Is(err, publish.ErrBeingTaken) { // the page says so, in red
			return web.Done{To: frameHref}, nil
		}
		return web.Done{To: frameHref, Words: "The public site is shut", Undo: "/work/sites/open"}, err
	})
}

func (r *Room) confirmOpenSite(w http.ResponseWriter, req *http.Request) error {
	s, err := r.Outbox.State(req.Context(), kindShut, shutKey)
	if err != nil {
		return err
	}
	if !s.Known || s.Gone && s.Settled {
		return web.Conflict("Nobody has shut the public site", "Go back to see whether it lacks something.")
	}
	return web.Confirm(w, req, fillShut(s), shutBase(req, "Open the public site again?"), "Open the public site",
		frameHref, "Everybody can read the public pages again, as they were published last.")
}

func (r *Room) openSite(w http.ResponseWriter, req *http.Request) error {
	return web.Confirmed(w, req, r.confirmOpenSite, func(seen web.Seen) (web.Done, error) {
		err := r.OpenSite(req.Context(), web.PersonOf(req), seen)
		if errors.Is(err, publish.ErrWaiting) {
			return web.Done{To: frameHref}, nil
		}
		return web.Done{To: frameHref, Words: "The public site is open"}, err
	})
}
