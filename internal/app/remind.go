package app

import (
	"context"
	"net/http"
	"net/http/httptest"

	"kith/internal/kit/db"
	"kith/internal/kit/remind"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// opens reports whether a page opens for the person with an account: it is asked for as that
// person, so that the routes' permissions and the rooms' rules decide as they do in a browser.
// Nothing of it is noted, for nobody looked.
func (a *App) opens(ctx context.Context, personID, path string) (bool, error) {
	p, held, err := a.Identity.Acting(ctx, a.Work, personID)
	if err != nil || !held {
		return false, err
	}
	m := web.NewMux(a.Log)
	m.Person = func(*http.Request) (web.Person, error) { return p, nil }
	m.Base = func(http.ResponseWriter, *http.Request, web.Person) ui.Base { return ui.Base{} }
	m.Handle(a.workRoutes()...)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, path, nil)
	if err != nil {
		return false, nil // no page has such an address
	}
	w := httptest.NewRecorder()
	m.ServeHTTP(w, r)
	return w.Code == http.StatusOK, nil
}

// holders lists who holds a permission and can be written to.
func (a *App) holders(ctx context.Context, q db.Reader, permission web.Permission) ([]remind.Receiver, error) {
	all, err := a.Identity.Holders(ctx, q, permission)
	var out []remind.Receiver
	for _, p := range all {
		out = append(out, remind.Receiver{Name: p.Name, Address: p.Email})
	}
	return out, err
}
