package identity

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// These pages of Settings show what each role lets people do, and make and change roles of
// the partnership's own.

const rolesRoot = "/work/settings/roles"

func roleHref(id string) string { return rolesRoot + "/" + id }

func (r *Room) roleRoutes() []web.Route {
	may := access.SettingsManage
	return []web.Route{
		{Pattern: "GET /work/settings/roles", Permission: may, Handle: r.listRoles},
		{Pattern: "GET /work/settings/roles/new", Permission: may, Handle: r.newRole},
		{Pattern: "POST /work/settings/roles/new", Permission: may, Handle: r.addRole, Many: permissionFields(),
			Confirm: web.Always},
		{Pattern: "GET /work/settings/roles/{id}", Permission: may, Handle: r.showRole},
		{Pattern: "GET /work/settings/roles/{id}/edit", Permission: may, Handle: r.editRole},
		{Pattern: "POST /work/settings/roles/{id}/edit", Permission: may, Handle: r.saveRole, Many: permissionFields(),
			Confirm: web.Always},
		{Pattern: "GET /work/settings/roles/{id}/retire", Permission: may, Handle: r.confirmRetireRole},
		{Pattern: "POST /work/settings/roles/{id}/retire", Permission: may, Handle: r.retireRole, Confirm: web.Always},
		{Pattern: "GET /work/settings/roles/{id}/reopen", Permission: may, Handle: r.confirmReopenRole},
		{Pattern: "POST /work/settings/roles/{id}/reopen", Permission: may, Handle: r.reopenRole, Confirm: web.Always},
		{Pattern: "GET /work/settings/roles/{id}/undo", Permission: may, Handle: r.confirmUndoRole},
		{Pattern: "POST /work/settings/roles/{id}/undo", Permission: may, Handle: r.undoRole, Confirm: web.Always},
	}
}

func rolesBase(req *http.Request, title string, way ...string) ui.Base {
	return web.Crumbs(web.Base(req, title), append([]string{"Settings", "/work/settings"}, way...)...)
}

// A roleRow is a role as the list shows it.
type roleRow struct {
	access.Role
	Held int // how many people have it
}

type rolesPage struct {
	ui.Base
	BuiltIn, Own []roleRow
}

func (r *Room) listRoles(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	held, err := holding(ctx, r.Work)
	if err != nil {
		return err
	}
	own, err := ownRoles(ctx, r.Work)
	if err != nil {
		return err
	}
	page := rolesPage{Base: rolesBase(req, "Roles", "Roles", "")}
	for _, v := range access.Roles() {
		page.BuiltIn = append(page.BuiltIn, roleRow{v, held[v.ID]})
	}
	for _, v := range own {
		page.Own = append(page.Own, roleRow{v, held[v.ID]})
	}
	return web.Render(w, http.StatusOK, r.pages, "roles", page)
}

// A permissionGroup is what a role lets people do in one part of the program.
type permissionGroup struct {
	Title string
	Does  []string
}

func groupsOf(b ui.Base, v access.Role) []permissionGroup {
	var out []permissionGroup
	for _, g := range access.Groups() {
		group := permissionGroup{Title: b.Put(g.Title)}
		for _, p := range g.Permissions {
			if slices.Contains(v.Permissions, p) {
				does, _ := access.Words(p)
				group.Does = append(group.Does, does)
			}
		}
		if len(group.Does) > 0 {
			out = append(out, group)
		}
	}
	return out
}

type rolePage struct {
	ui.Base
	Role    access.Role
	Groups  []permissionGroup
	Holders []roleHolder
	Undo    bool // there is a change to take back
	Waiting []Request
	History []audittrail.Entry
}

// roleOf reads the role of an address, of the program or the partnership's own.
func (r *Room) roleOf(req *http.Request) (access.Role, error) {
	if v, ok := access.RoleByID(req.PathValue("id")); ok {
		return v, nil
	}
	return ownRoleByID(req.Context(), r.Work, req.PathValue("id"))
}

func (r *Room) showRole(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	v, err := r.roleOf(req)
	if err != nil {
		return err
	}
	page := rolePage{Base: rolesBase(req, v.Title, "Roles", rolesRoot, v.Title, ""), Role: v}
	page.Groups = groupsOf(page.Base, v)
	if page.Holders, err = holders(ctx, r.Work, v.ID); err != nil {
		return err
	}
	if v.Own {
		before, err := versionsOf(ctx, r.Work, v.ID)
		if err != nil {
			return err
		}
		page.Undo = len(before) > 1
		if page.Waiting, err = changesWaiting(ctx, r.Work, v.ID, db.At(r.Now())); err != nil {
			return err
		}
		if page.History, err = audittrail.Of(ctx, r.Work, roleSubject, v.ID); err != nil {
			return err
		}
	}
	return web.Render(w, http.StatusOK, r.pages, "role", page)
}

// A permissionChoices is the choices of one part of the program on the form of a role.
type permissionChoices struct {
	Field, Title string
	Choices      []ui.Choice
}

type roleFormPage struct {
	ui.FormPage
	Groups  []permissionChoices
	Holders int
	Save    string
}

// roleForm gives what shows the form of a role, which so many people have.
func (r *Room) roleForm(w http.ResponseWriter, req *http.Request, b ui.Base, cancel, save string,
	held int) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		page := roleFormPage{FormPage: ui.FormPage{Base: b, Form: f, Cancel: cancel}, Holders: held, Save: save}
		for _, g := range access.Groups() {
			c := permissionChoices{Field: permissionField(roomOf(g)), Title: b.Put(g.Title)}
			for _, p := range g.Permissions {
				does, more := access.Words(p)
				c.Choices = append(c.Choices, ui.Choice{Value: string(p), Text: does, Hint: b.Put(more)})
			}
			page.Groups = append(page.Groups, c)
		}
		return web.Render(w, status, r.pages, "role-form", page)
	}
}

func (r *Room) newRoleForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	const title = "Add a role"
	return r.roleForm(w, req, rolesBase(req, title, "Roles", rolesRoot, title, ""), rolesRoot, "Add the role", 0)
}

// newRole shows an empty form, or a copy of a role.
func (r *Room) newRole(w http.ResponseWriter, req *http.Request) error {
	f := web.NewForm()
	if id := req.URL.Query().Get("copy"); id != "" {
		known, err := readCatalogue(req.Context(), r.Work)
		if err != nil {
			return err
		}
		v, ok := known.role(id)
		if !ok {
			return web.ErrNotFound
		}
		v.Title, v.Retired = "", false
		f = fillRole(v)
	}
	return r.newRoleForm(w, req)(http.StatusOK, f)
}

func (r *Room) addRole(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.newRoleForm(w, req), func(f *web.Form) (web.Done, error) {
		v := readRole(f)
		if !f.OK() {
			return web.Done{}, nil
		}
		id, err := r.AddRole(req.Context(), web.PersonOf(req), v)
		return web.Done{To: roleHref(id), Words: v.Title + " is added. It can be given on the page of a person."}, err
	})
}

func (r *Room) editRoleForm(w http.ResponseWriter, req *http.Request, v access.Role, held int) func(int,
	*web.Form) error {
	b := rolesBase(req, "Change "+v.Title, "Roles", rolesRoot, v.Title, roleHref(v.ID), "Change", "")
	return r.roleForm(w, req, b, roleHref(v.ID), "Save", held)
}

// ownRoleOf reads the partnership's own role of an address, and how many people have it.
func (r *Room) ownRoleOf(req *http.Request) (access.Role, int, error) {
	v, err := ownRoleByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return v, 0, err
	}
	held, err := holding(req.Context(), r.Work)
	return v, held[v.ID], err
}

func (r *Room) editRole(w http.ResponseWriter, req *http.Request) error {
	v, held, err := r.ownRoleOf(req)
	if err != nil {
		return err
	}
	if v.Retired {
		return ErrRetired
	}
	return r.editRoleForm(w, req, v, held)(http.StatusOK, fillRole(v))
}

// waitsWords says what became of a change.
func waitsWords(waits bool, done string) string {
	if waits {
		return "This lets people do more than your own roles do, so it waits until a second person agrees."
	}
	return done
}

func (r *Room) saveRole(w http.ResponseWriter, req *http.Request) error {
	was, held, err := r.ownRoleOf(req)
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.editRoleForm(w, req, was, held), func(f *web.Form) (web.Done, error) {
		v, reason := readRole(f), f.Text("reason", "", 300)
		v.ID = was.ID
		if !f.OK() {
			return web.Done{}, nil
		}
		waits, err := r.SaveRole(req.Context(), web.PersonOf(req), v, reason, f.Seen())
		words := waitsWords(waits, "Saved. It holds from now on for everybody who has it.")
		return web.Done{To: roleHref(v.ID), Words: words}, err
	})
}

type roleActPage struct {
	ui.FormPage
	Words   []string
	Changes []string // from what to what, in words
	Holders []roleHolder
	Asks    bool // it may need a second person, and so a reason
	Act     string
}

// roleAct gives what shows a question about a role.
func (r *Room) roleAct(w http.ResponseWriter, req *http.Request, v access.Role, title string,
	page roleActPage) func(int, *web.Form) error {
	return func(status int, f *web.Form) (err error) {
		page.FormPage = ui.FormPage{Form: f, Cancel: roleHref(v.ID),
			Base: rolesBase(req, title, "Roles", rolesRoot, v.Title, roleHref(v.ID), page.Act, "")}
		if page.Holders, err = holders(req.Context(), r.Work, v.ID); err != nil {
			return err
		}
		return web.Render(w, status, r.pages, "role-act", page)
	}
}

func (r *Room) retireForm(w http.ResponseWriter, req *http.Request, v access.Role) func(int, *web.Form) error {
	return r.roleAct(w, req, v, "Retire "+v.Title+"?", roleActPage{Act: "Retire the role",
		Words: []string{"Nobody can be given it any more, and whoever has it may do nothing by it from now on. " +
			"You can bring it back."}})
}

func (r *Room) confirmRetireRole(w http.ResponseWriter, req *http.Request) error {
	v, _, err := r.ownRoleOf(req)
	if err != nil {
		return err
	}
	if v.Retired {
		return ErrRetired
	}
	return r.retireForm(w, req, v)(http.StatusOK, fillRole(v))
}

func (r *Room) retireRole(w http.ResponseWriter, req *http.Request) error {
	v, _, err := r.ownRoleOf(req)
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.retireForm(w, req, v), func(f *web.Form) (web.Done, error) {
		err := r.RetireRole(req.Context(), web.PersonOf(req), v.ID, f.Seen())
		return web.Done{To: roleHref(v.ID), Words: v.Title + " is retired."}, err
	})
}

func (r *Room) reopenForm(w http.ResponseWriter, req *http.Request, v access.Role) func(int, *web.Form) error {
	return r.roleAct(w, req, v, "Bring "+v.Title+" back?", roleActPage{Act: "Bring the role back", Asks: true,
		Words: []string{"It can be given again, and whoever has it may do again what it allows."}})
}

func (r *Room) confirmReopenRole(w http.ResponseWriter, req *http.Request) error {
	v, _, err := r.ownRoleOf(req)
	if err != nil {
		return err
	}
	if !v.Retired {
		return ErrNotRetired
	}
	return r.reopenForm(w, req, v)(http.StatusOK, fillRole(v))
}

func (r *Room) reopenRole(w http.ResponseWriter, req *http.Request) error {
	v, _, err := r.ownRoleOf(req)
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.reopenForm(w, req, v), func(f *web.Form) (web.Done, error) {
		waits, err := r.ReopenRole(req.Context(), web.PersonOf(req), v.ID, f.Text("reason", "", 300), f.Seen())
		return web.Done{To: roleHref(v.ID), Words: waitsWords(waits, v.Title+" is brought back.")}, err
	})
}

// undoForm asks whether the last change of a role is to be taken back.
func (r *Room) undoForm(w http.ResponseWriter, req *http.Request, v access.Role) (func(int, *web.Form) error, error) {
	before, err := versionsOf(req.Context(), r.Work, v.ID)
	if err != nil {
		return nil, err
	}
	if len(before) < 2 {
		return nil, ErrNothingBefore
	}
	return r.roleAct(w, req, v, "Take back the last change of "+v.Title+"?", roleActPage{Act: "Take it back", Asks: true,
		Changes: changed(v, before[1].role())}), nil
}

// changed says what a role would become, against what it is.
func changed(was, now access.Role) []string {
	var out []string
	for _, d := range web.Differences(roleWords(was), roleWords(now)) {
		out = append(out, d.Field+": it becomes "+cmp.Or(d.To, "nothing")+", and is "+cmp.Or(d.From, "nothing")+" today")
	}
	return out
}

func (r *Room) confirmUndoRole(w http.ResponseWriter, req *http.Request) error {
	v, _, err := r.ownRoleOf(req)
	if err != nil {
		return err
	}
	show, err := r.undoForm(w, req, v)
	if err != nil {
		return err
	}
	return show(http.StatusOK, fillRole(v))
}

func (r *Room) undoRole(w http.ResponseWriter, req *http.Request) error {
	v, _, err := r.ownRoleOf(req)
	if err != nil {
		return err
	}
	show, err := r.undoForm(w, req, v)
	if err != nil {
		return err
	}
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		waits, err := r.UndoRole(req.Context(), web.PersonOf(req), v.ID, f.Text("reason", "", 300), f.Seen())
		return web.Done{To: roleHref(v.ID), Words: waitsWords(waits, "Taken back. It holds from now on.")}, err
	})
}

// changeWords says what a change of a role that was asked for would make of it, and of whom.
func (r *Room) changeWords(ctx context.Context, versionID string) ([]string, error) {
	v, err := versionByID(ctx, r.Work, versionID)
	if err != nil {
		return nil, err
	}
	was, err := ownRoleByID(ctx, r.Work, v.RoleID)
	if err != nil {
		return nil, err
	}
	have, err := holders(ctx, r.Work, v.RoleID)
	if err != nil {
		return nil, err
	}
	var who []string
	for _, h := range have {
		who = append(who, h.Name)
	}
	out := changed(was, v.role())
	if len(who) > 0 {
		out = append(out, "It is the role of "+lang.Join(who))
	}
	return out, nil
}
