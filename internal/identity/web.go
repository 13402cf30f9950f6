package identity

import (
	"errors"
	"net/http"
	"strings"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// Routes lists the room's addresses. What is done to a person has its verb
// before the id, since /work/people/organisations and other lists stand beside
// the people.
func (r *Room) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /sign-in", Permission: web.Anyone, Handle: r.showSignIn},
		{Pattern: "POST /sign-in", Permission: web.Anyone, Handle: r.signIn},
		{Pattern: "POST /sign-out", Permission: web.Anyone, Handle: r.signOut},
		{Pattern: "GET /sign-in/forgotten", Permission: web.Anyone, Handle: r.showForgotten},
		{Pattern: "POST /sign-in/forgotten", Permission: web.Anyone, Handle: r.forgotten},
		{Pattern: "GET /sign-in/password/{secret}", Permission: web.Anyone, Handle: r.showSetPassword},
		{Pattern: "POST /sign-in/password/{secret}", Permission: web.Anyone, Handle: r.setPasswordByLink},

		{Pattern: "GET /work/account", Permission: web.SignedIn, Handle: r.showAccount},
		{Pattern: "POST /work/account/password", Permission: web.SignedIn, Handle: r.changePassword},
		{Pattern: "POST /work/account/sign-out-everywhere", Permission: web.SignedIn, Handle: r.signOutEverywhere},
		{Pattern: "POST /work/account/sessions/{id}/end", Permission: web.SignedIn, Handle: r.endSession},

		{Pattern: "GET /work/people", Permission: "people:read", Handle: r.listPeople},
		{Pattern: "GET /work/people/{id}", Permission: "people:read", Handle: r.showPerson},
		{Pattern: "GET /work/people/new", Permission: "people:manage", Handle: r.newPerson},
		{Pattern: "POST /work/people/new", Permission: "people:manage", Handle: r.addPerson},
		{Pattern: "GET /work/people/edit/{id}", Permission: "people:manage", Handle: r.showEdit},
		{Pattern: "POST /work/people/edit/{id}", Permission: "people:manage", Handle: r.edit},
		{Pattern: "GET /work/people/roles/{id}", Permission: "people:manage", Handle: r.showRoles},
		{Pattern: "POST /work/people/roles/{id}", Permission: "people:manage", Handle: r.setRoles},
		{Pattern: "GET /work/people/deactivate/{id}", Permission: "people:manage", Handle: r.showDeactivate},
		{Pattern: "POST /work/people/deactivate/{id}", Permission: "people:manage", Handle: r.deactivate},
		{Pattern: "POST /work/people/activate/{id}", Permission: "people:manage", Handle: r.activate},
		{Pattern: "POST /work/people/send-link/{id}", Permission: "people:manage", Handle: r.sendPersonLink},
		{Pattern: "POST /work/people/sign-out/{id}", Permission: "people:manage", Handle: r.signPersonOut},
	}
}

type peoplePage struct {
	ui.Base
	Section       []ui.NavItem
	List          ui.List
	People        []listedPerson
	Organisations []ui.Choice
	Roles         []ui.Choice
	States        []ui.Choice
	MayManage     bool
}

// RoleTitles gives the roles of a row in words.
func (p listedPerson) RoleTitles() string { return lang.Join(titlesOf(strings.Split(p.Roles, ","))) }

// State says whether and how the person takes part.
func (p listedPerson) State() string {
	switch {
	case !p.Active:
		return "Deactivated"
	case p.Roles != "" && p.SignsIn:
		return "Signs in"
	case p.Roles != "":
		return "No password yet"
	}
	return "Does not sign in"
}

// Tone is the state's colour and shape. Most people do not sign in, and have none.
func (p listedPerson) Tone() string {
	return map[string]string{"Signs in": "good", "No password yet": "watch", "Deactivated": "quiet"}[p.State()]
}

func (r *Room) listPeople(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	list := ui.ReadList("/work/people", req.URL.Query(), "name", "organisation", "job")
	list.One, list.Many = "person", "people"
	f := peopleFilter{Search: list.Value("q"), Organisation: list.Value("organisation"), Role: list.Value("role"), Active: "yes"}
	if s := list.Value("active"); s == "no" || s == "all" {
		f.Active = map[string]string{"no": "no", "all": ""}[s]
	}
	if list.Value("format") == "csv" {
		return r.exportPeople(w, req, f, signature(list))
	}
	var err error
	if list.Total, err = countPeople(ctx, r.Work, f); err != nil {
		return err
	}
	page := peoplePage{Base: web.Base(req, "People"), Section: section(req), MayManage: web.PersonOf(req).May("people:manage"), Roles: roleChoices(),
		States: ui.Choices("all", "Everybody", "no", "Deactivated")}
	if page.People, err = listPeople(ctx, r.Work, f, signature(list), list.Size, list.Offset()); err != nil {
		return err
	}
	if page.Organisations, err = register.Organisations(ctx, r.Work, f.Organisation); err != nil {
		return err
	}
	page.List = list
	return web.Render(w, http.StatusOK, r.pages, "people", page)
}

// section lists what stands beside each other under People, for those who may
// see the rest of it.
func section(req *http.Request) []ui.NavItem {
	if !web.PersonOf(req).May("partnership:read") {
		return nil
	}
	return []ui.NavItem{{Text: "People", Href: "/work/people", Current: true}, {Text: "Organisations", Href: "/work/people/organisations"},
		{Text: "Committees", Href: "/work/people/committees"}, {Text: "Authorities and areas", Href: "/work/people/areas"}, {Text: "Funding", Href: "/work/people/funding"}}
}

// exportLimit is far more than the people of any partnership.
const exportLimit = 1_000_000

func (r *Room) exportPeople(w http.ResponseWriter, req *http.Request, f peopleFilter, order string) error {
	people, err := listPeople(req.Context(), r.Work, f, order, exportLimit, 0)
	if err != nil {
		return err
	}
	// Everybody's address in one file, with who has which powers, is for those who
	// look after people; others see the address of the person they look up.
	manages := web.PersonOf(req).May("people:manage")
	header := []string{"name", "job_title", "organisation"}
	if manages {
		header = []string{"name", "email", "job_title", "organisation", "roles", "state"}
	}
	var rows [][]string
	for _, p := range people {
		row := []string{p.Name, p.JobTitle, p.Organisation}
		if manages {
			row = []string{p.Name, p.Email, p.JobTitle, p.Organisation, p.RoleTitles(), p.State()}
		}
		rows = append(rows, row)
	}
	return web.CSV(w, "people.csv", header, rows)
}

type personPage struct {
	ui.Base
	Subject   Person // not Person: that is who is signed in
	Rows      []ui.Row
	Roles     []Role
	SignsIn   bool
	Sessions  int
	History   []audittrail.Entry
	MayManage bool // and may govern this person
	Yourself  bool
}

func (r *Room) showPerson(w http.ResponseWriter, req *http.Request) error {
	ctx, me := req.Context(), web.PersonOf(req)
	p, err := personByID(ctx, r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	held, err := rolesOf(ctx, r.Work, p.ID)
	if err != nil {
		return err
	}
	_, err = passwordOf(ctx, r.Work, p.ID)
	if err != nil && !errors.Is(err, db.ErrNotFound) {
		return err
	}
	page := personPage{Base: peopleCrumbs(web.Base(req, p.Name), p.Name, ""), Subject: p, SignsIn: err == nil && len(held) > 0, Yourself: me.ID == p.ID,
		MayManage: me.May("people:manage") && mayGovern(me.Permissions, held)}
	for _, id := range held {
		if ro, ok := RoleByID(id); ok {
			page.Roles = append(page.Roles, ro)
		}
	}
	page.Rows = personRows(p, me)
	if page.MayManage {
		sessions, err := sessionsOf(ctx, r.Work, p.ID, db.At(r.Now()), db.At(r.Now().Add(-sessionIdle)))
		if err != nil {
			return err
		}
		page.Sessions = len(sessions)
		if page.History, err = audittrail.Of(ctx, r.Work, "person", p.ID); err != nil {
			return err
		}
		page.History = page.History[:min(len(page.History), 20)]
	}
	return web.Render(w, http.StatusOK, r.pages, "person", page)
}

func personRows(p Person, me web.Person) []ui.Row {
	or := func(s, otherwise string) string {
		if s == "" {
			return otherwise
		}
		return s
	}
	organisation := ui.Row{Key: "Organisation", Value: or(p.Organisation, "None named")}
	if p.OrganisationID != "" && me.May("partnership:read") {
		organisation.Href, organisation.Act, organisation.About = "/work/people/organisations/"+string(p.OrganisationID), "See", "the organisation"
	}
	return []ui.Row{
		{Key: "Job title", Value: or(p.JobTitle, "Not known")}, organisation,
		{Key: "Email address", Value: or(p.Email, "Not known")},
		{Key: "Known since", Value: lang.Date(lang.London(p.CreatedAt.Time))},
	}
}

func peopleCrumbs(b ui.Base, pairs ...string) ui.Base {
	return web.Crumbs(b, append([]string{"People", "/work/people"}, pairs...)...)
}

type editPage struct {
	ui.Base
	Form          ui.Form
	Organisations []ui.Choice
	Cancel        string
	Save          string
}

func (r *Room) newPerson(w http.ResponseWriter, req *http.Request) error {
	return r.renderEdit(w, req, http.StatusOK, "", web.NewForm("organisation", req.URL.Query().Get("organisation")))
}

func (r *Room) addPerson(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	choices, err := register.Organisations(req.Context(), r.Work, f.Value("organisation"))
	if err != nil {
		return err
	}
	p := readPerson(f, choices)
	if !f.OK() {
		return r.renderEdit(w, req, http.StatusUnprocessableEntity, "", f)
	}
	id, err := r.Add(req.Context(), web.PersonOf(req), p)
	if errors.Is(err, ErrEmailTaken) {
		f.Add("email", "Another person has this email address")
		return r.renderEdit(w, req, http.StatusConflict, "", f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/people/"+id, p.Name+" is added. Give them a role if they are to sign in.")
}

func (r *Room) showEdit(w http.ResponseWriter, req *http.Request) error {
	p, err := personByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.renderEdit(w, req, http.StatusOK, p.ID, personForm(p))
}

func (r *Room) edit(w http.ResponseWriter, req *http.Request) error {
	old, err := personByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	choices, err := register.Organisations(req.Context(), r.Work, string(old.OrganisationID))
	if err != nil {
		return err
	}
	p := readPerson(f, choices)
	p.ID = old.ID
	if !f.OK() {
		return r.renderEdit(w, req, http.StatusUnprocessableEntity, p.ID, f)
	}
	err = r.Edit(req.Context(), web.PersonOf(req), p)
	if errors.Is(err, ErrEmailTaken) {
		f.Add("email", "Another person has this email address")
		return r.renderEdit(w, req, http.StatusConflict, p.ID, f)
	}
	if err != nil {
		return inWords(err)
	}
	return web.SeeOther(w, req, "/work/people/"+p.ID, "Saved.")
}

func (r *Room) renderEdit(w http.ResponseWriter, req *http.Request, status int, id string, f *web.Form) error {
	choices, err := register.Organisations(req.Context(), r.Work, f.Value("organisation"))
	if err != nil {
		return err
	}
	page := editPage{Base: peopleCrumbs(web.Base(req, "Add a person"), "Add a person", ""), Form: f, Organisations: choices, Cancel: "/work/people", Save: "Add person"}
	if id != "" {
		page.Base = peopleCrumbs(web.Base(req, "Change a person’s details"), "Change details", "")
		page.Cancel, page.Save = "/work/people/"+id, "Save"
	}
	return web.Render(w, status, r.pages, "edit", page)
}
