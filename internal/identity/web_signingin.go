package identity

import (
	"net/http"
	"slices"

	"kith/internal/access"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// These pages of Settings say how people sign in.

func (r *Room) settingsRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /work/settings/signing-in", Permission: access.SettingsManage, Handle: r.showSigningIn},
		{Pattern: "GET /work/settings/signing-in/edit", Permission: access.SettingsManage, Handle: r.editSigningIn},
		{Pattern: "POST /work/settings/signing-in/edit", Permission: access.SettingsManage, Handle: r.saveSigningIn,
			Many: []string{"roles"}, Confirm: web.Always},
	}
}

type signingInPage struct {
	ui.Base
	Rows      []requiredRow
	Providers []Provider
	NoKey     bool // of the sealed secrets
}

// A requiredRow is a role with whether it needs a second factor, and who lacks one.
type requiredRow struct {
	Title    string
	Required bool
	roleCount
}

func signingInBase(req *http.Request, title string, way ...string) ui.Base {
	return web.Crumbs(web.Base(req, title), append([]string{"Settings", "/work/settings"}, way...)...)
}

const signingInPath = "/work/settings/signing-in"

func (r *Room) showSigningIn(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	required, err := factorRoles(ctx, r.Work)
	if err != nil {
		return err
	}
	counts, err := withoutFactor(ctx, r.Work)
	if err != nil {
		return err
	}
	page := signingInPage{NoKey: !r.Seal.Ready(), Base: signingInBase(req, "Signing in", "Signing in", "")}
	if page.Providers, err = providers(ctx, r.Work); err != nil {
		return err
	}
	known, err := readCatalogue(ctx, r.Work)
	if err != nil {
		return err
	}
	for _, ro := range known.offered() {
		row := requiredRow{Title: ro.Title, Required: slices.Contains(required, ro.ID)}
		for _, c := range counts {
			if c.Role == ro.ID {
				row.roleCount = c
			}
		}
		page.Rows = append(page.Rows, row)
	}
	return web.Render(w, http.StatusOK, r.pages, "signing-in", page)
}

type signingInFormPage struct {
	ui.FormPage
	Roles []ui.Choice
}

func (r *Room) signingInForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		known, err := readCatalogue(req.Context(), r.Work)
		if err != nil {
			return err
		}
		b := signingInBase(req, "Who needs a second factor", "Signing in", signingInPath, "Second factor", "")
		return web.Render(w, status, r.pages, "signing-in-form", signingInFormPage{Roles: known.choices(),
			FormPage: ui.FormPage{Base: b, Form: f, Cancel: signingInPath}})
	}
}

func (r *Room) editSigningIn(w http.ResponseWriter, req *http.Request) error {
	required, err := factorRoles(req.Context(), r.Work)
	if err != nil {
		return err
	}
	return r.signingInForm(w, req)(http.StatusOK, fillRoles(required))
}

func (r *Room) saveSigningIn(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.signingInForm(w, req), func(f *web.Form) (web.Done, error) {
		known, err := readCatalogue(req.Context(), r.Work)
		if err != nil {
			return web.Done{}, err
		}
		chosen, err := readRoles(req.Context(), r.Work, web.PersonOf(req), f, known)
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		err = r.RequireFactor(req.Context(), web.PersonOf(req), chosen, f.Seen())
		const words = "Saved. Who has none yet is asked to set one up when they next open a page."
		return web.Done{To: signingInPath, Words: words}, err
	})
}
