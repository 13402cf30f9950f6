package identity

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/mail"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

const root = "/work/people"

func href(id string) string { return root + "/" + id }

// Routes is every address of the room.
func (r *Room) Routes() []web.Route {
	return slices.Concat(r.accountRoutes(), r.factorRoutes(), r.secondRoutes(), r.settingsRoutes(), r.confirmRoutes(),
		r.codeRoutes(), r.mailedRoutes(), r.providerRoutes(), r.linkedRoutes(), r.sessionRoutes(), r.invitationRoutes(),
		r.staffListRoutes(), r.roleRoutes())
}

func (r *Room) accountRoutes() []web.Route {
	return []web.Route{
		{Pattern: "GET /sign-in", Permission: web.Anyone, Handle: r.showSignIn},
		{Pattern: "POST /sign-in", Permission: web.Anyone, Handle: r.signIn},
		{Pattern: "POST /sign-out", Permission: web.Anyone, Handle: r.signOut},
		{Pattern: "GET /sign-in/forgotten", Permission: web.Anyone, Handle: r.showForgotten},
		{Pattern: "POST /sign-in/forgotten", Permission: web.Anyone, Handle: r.forgotten},
		{Pattern: "GET /sign-in/password/{secret}", Permission: web.Anyone, Handle: r.showSetPassword},
		{Pattern: "POST /sign-in/password/{secret}", Permission: web.Anyone, Handle: r.setPasswordByLink},

		{Pattern: "GET /work/account", Permission: web.SignedIn, Handle: r.showAccount},
		{Pattern: "POST /work/account/change-password", Permission: web.SignedIn, Handle: r.changePassword},

		{Pattern: "GET /work/people", Permission: access.PeopleRead, Handle: r.listPeople, Confirm: web.OnExport},
		{Pattern: "GET /work/people/new", Permission: access.PeopleManage, Handle: r.newPerson},
		{Pattern: "POST /work/people/new", Permission: access.PeopleManage, Handle: r.addPerson},
		{Pattern: "GET /work/people/{id}", Permission: access.PeopleRead, Handle: r.showPerson},
		{Pattern: "GET /work/people/{id}/edit", Permission: access.PeopleManage, Handle: r.editPerson},
		{Pattern: "POST /work/people/{id}/edit", Permission: access.PeopleManage,
			Handle: r.savePerson, Confirm: web.Always},
		{Pattern: "GET /work/people/{id}/roles/edit", Permission: access.PeopleManage, Handle: r.editRoles},
		{Pattern: "POST /work/people/{id}/roles/edit", Permission: access.PeopleManage, Handle: r.saveRoles,
			Many: []string{"roles"}, Confirm: web.Always},
		{Pattern: "GET /work/people/{id}/deactivate", Permission: access.PeopleManage, Handle: r.confirmDeactivatePerson},
		{Pattern: "POST /work/people/{id}/deactivate", Permission: access.PeopleManage,
			Handle: r.deactivatePerson, Confirm: web.Always},
		{Pattern: "GET /work/people/{id}/activate", Permission: access.PeopleManage, Handle: r.confirmActivatePerson},
		{Pattern: "POST /work/people/{id}/activate", Permission: access.PeopleManage,
			Handle: r.activatePerson, Confirm: web.Always},
		{Pattern: "POST /work/people/{id}/send-link", Permission: access.PeopleManage,
			Handle: r.sendLink, Adds: true, Confirm: web.Always},

		// Who may see and decide a request is decided by what it asks for.
		{Pattern: "GET /work/requests", Permission: web.SignedIn, Handle: r.listRequests},
		{Pattern: "GET /work/requests/{id}", Permission: web.SignedIn, Handle: r.showRequest},
		{Pattern: "POST /work/requests/agree", Permission: web.SignedIn, Handle: r.agreeRequests,
			Many: []string{"requests"}, Confirm: web.Always},
		{Pattern: "POST /work/requests/{id}/agree", Permission: web.SignedIn,
			Handle: r.agreeRequest, Confirm: web.Always},
		{Pattern: "POST /work/requests/{id}/decline", Permission: web.SignedIn, Handle: r.declineRequest},
		{Pattern: "POST /work/requests/{id}/send-code", Permission: web.SignedIn, Handle: r.sendCode},
		{Pattern: "GET /sign-in/agree/{id}", Permission: web.Anyone, Handle: r.showDecide},
		{Pattern: "POST /sign-in/agree/{id}", Permission: web.Anyone, Handle: r.decideByCode},
		{Pattern: "POST /work/requests/{id}/withdraw", Permission: web.SignedIn, Handle: r.withdrawRequest},
	}
}

// base is the frame of a page about people, with the way to it.
func base(req *http.Request, title string, way ...string) ui.Base {
	return web.Crumbs(web.Base(req, title), append([]string{"People", root}, way...)...)
}

type peoplePage struct {
	ui.Base
	List      ui.List
	People    []listedPerson
	Roles     []ui.Choice
	States    []ui.Choice
	MayManage bool
	CameBack  mail.Back // from addresses of the list
}

func addressesOf(list []listedPerson) []string {
	var out []string
	for _, p := range list {
		out = append(out, p.Email)
	}
	return out
}

// RoleTitles gives the roles of a row in words.
func (p listedPerson) RoleTitles() string { return p.titles }

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
	ctx, me := req.Context(), web.PersonOf(req)
	list := ui.ReadList(root, req.URL.Query(), "name", "organisation", "job")
	list.One, list.Many = "person", "people"
	organisation, err := web.PickFilter(ctx, &list, "organisation", register.OrganisationsFor(r.Work, me))
	if err != nil {
		return err
	}
	f := peopleFilter{Search: list.Value("q"), Organisation: organisation, Role: list.Value("role"),
		Active: "yes", By: me,
		Sort: list.Sort, Desc: list.Desc, After: list.After(), Before: list.Before()}
	f.Limit, f.Offset = list.Window()
	switch list.Value("active") {
	case "no":
		f.Active = "no"
	case "all":
		f.Active = ""
	}
	all, total, err := people(ctx, r.Work, f)
	if err != nil {
		return err
	}
	known, err := readCatalogue(ctx, r.Work)
	if err != nil {
		return err
	}
	for i, p := range all {
		all[i].titles = lang.Join(known.titles(strings.Split(p.Roles, ",")))
	}
	if list.Exporting("csv") {
		return exportPeople(w, all, personRules.May(me, access.Read, access.Object{}, addressesField))
	}
	list.Total = total
	if len(all) > 0 && f.byName() {
		list.First, list.Last = all[0].ID, all[len(all)-1].ID
	}
	back, err := mail.ReturnedOf(ctx, r.Work, addressesOf(all)...)
	if err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "people", peoplePage{Base: web.Tabs(web.Base(req, "People"), me, r.Tabs),
		List:   list,
		People: all, Roles: known.choices(),
		States:    ui.Choices("all", "Everybody", "no", "Deactivated"),
		MayManage: personRules.MayAll(me, access.Change), CameBack: back})
}

// exportPeople writes the list as a file. Everybody's address in one file, with who
// has which powers, is for those who look after people; others see the address of
// the person they look up.
func exportPeople(w http.ResponseWriter, all []listedPerson, manages bool) error {
	header := []string{"name", "job_title", "organisation"}
	if manages {
		header = []string{"name", "email", "job_title", "organisation", "roles", "state"}
	}
	var rows [][]string
	for _, p := range all {
		row := []string{p.Name, p.JobTitle, p.Organisation}
		if manages {
			row = []string{p.Name, p.Email, p.JobTitle, p.Organisation, p.RoleTitles(), p.State()}
		}
		rows = append(rows, row)
	}
	return web.CSV(w, "people.csv", header, rows)
}

// shownHistory is how much of what was done to an account its page shows.
const shownHistory = 20

type personPage struct {
	ui.Base
	Form      ui.Form // of the buttons that add something
	Subject   Person  // not Person: that is who is signed in
	Rows      []ui.Row
	Roles     []access.Role
	SignsIn   bool
	Sessions  []Session
	Factors   []Factor
	Linked    []Linked // accounts of directories that sign in as them
	History   []audittrail.Entry
	MayManage bool // people, and this record is the one kept
	MayTake   bool // and may change their details, take roles away and shut them out
	MayBecome bool // and holds all that their roles give
	Yourself  bool
	Waiting   []Request
	Invited   []Invitation // the one that waits, if there is one
	CameBack  string       // that mail to their address came back; "" where it did not
	TryHref   string       // where it is tried again
	ActsHref  string       // what they did, for who may see that; "" for others
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
	page := personPage{Base: base(req, p.Name, p.Name, ""), Form: web.NewRecord(), Subject: p,
		SignsIn:   err == nil && len(held) > 0,
		Yourself:  me.ID == p.ID,
		MayManage: personRules.May(me, access.Change, p.of()) && p.SameAs == ""}
	page.MayTake = page.MayManage && mayTake(me, held, string(p.OrganisationID))
	page.MayBecome = page.MayManage && mayBecome(me, held, string(p.OrganisationID))
	known, err := readCatalogue(ctx, r.Work)
	if err != nil {
		return err
	}
	for _, g := range held {
		ro := g.Role
		ro.Title = titleFor(ro, known.organisations[g.For])
		page.Roles = append(page.Roles, ro)
	}
	page.Rows = personRows(p, me, access.Addresses.May(me, access.Read, p.of()))
	back, err := mail.ReturnedOf(ctx, r.Work, p.Email)
	if err != nil {
		return err
	}
	page.CameBack = back.Of(p.Email)
	page.TryHref = "/work/settings/outbox/returned/" + url.PathEscape(p.Email) + "/try"
	if personRules.May(me, access.Read, p.of(), actsField) {
		page.ActsHref = "/work/settings/trail?person=" + p.ID
	}
	if page.MayManage {
		page.Sessions, err = sessionsOf(ctx, r.Work, p.ID, db.At(r.Now()), db.At(r.Now().Add(-sessionIdle)))
		if err != nil {
			return err
		}
		if page.Waiting, err = waitingFor(ctx, r.Work, p.ID, db.At(r.Now())); err != nil {
			return err
		}
		if page.Factors, err = factorsOf(ctx, r.Work, p.ID); err != nil {
			return err
		}
		if page.Linked, err = linkedOf(ctx, r.Work, p.ID); err != nil {
			return err
		}
		if page.Invited, err = invitationsOf(ctx, r.Work, p.ID, db.At(r.Now())); err != nil {
			return err
		}
		if page.History, err = audittrail.Of(ctx, r.Work, subject, p.ID); err != nil {
			return err
		}
		page.History = page.History[:min(len(page.History), shownHistory)]
	}
	return web.Render(w, http.StatusOK, r.pages, "person", page)
}

// personRows says what is known of somebody to me, who may see their address or not.
func personRows(p Person, me web.Person, addressed bool) []ui.Row {
	or := func(s, otherwise string) string {
		if s == "" {
			return otherwise
		}
		return s
	}
	address := or(p.Email, "Not known")
	if p.Shared() {
		address += ", which several people read: it opens training and nothing else"
	}
	organisation := ui.Row{Key: "Organisation", Value: or(p.Organisation, "None named")}
	if p.OrganisationID != "" && me.May(access.PartnershipRead) {
		organisation.Href, organisation.Act, organisation.About = "/work/organisations/"+string(p.OrganisationID), "See",
			"the organisation"
	}
	if !addressed {
		address = "Shown to those who work with them in one organisation, or keep records with people in them"
	}
	return []ui.Row{
		{Key: "Job title", Value: or(p.JobTitle, "Not known")}, organisation,
		{Key: "E-mail address", Value: address},
		{Key: "Known since", Value: lang.Date(lang.London(p.CreatedAt.Time))},
	}
}

type personFormPage struct {
	ui.FormPage
	Mailboxes []ui.Choice
	Second    string // who agrees to another address, in words, where by may not alone
	Save      string
}

// mailboxes are the choices of who reads an address.
var mailboxes = []ui.Choice{{Value: mailboxSays, Text: "As the address says",
	Hint: "Addresses such as office@, dsl@ and info@ are read by several people, others by one"},
	{Value: mailboxOne, Text: "One person"},
	{Value: mailboxSeveral, Text: "Several people", Hint: "Whoever signs in with it can book training and nothing else"}}

// personForm gives what shows the form of a person; cancel is the page before it.
func (r *Room) personForm(w http.ResponseWriter, req *http.Request, b ui.Base, save, cancel string,
	was Person) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		err := register.SayKept(req.Context(), r.Work, f, "organisation")
		if err != nil {
			return err
		}
		second := ""
		if was.ID != "" {
			if second, err = r.secondWords(req, was); err != nil {
				return err
			}
		}
		return web.Render(w, status, r.pages, "person-form", personFormPage{Mailboxes: mailboxes, Second: second,
			FormPage: ui.FormPage{Base: b, Form: f, Cancel: cancel}, Save: save})
	}
}

func (r *Room) newPersonForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return r.personForm(w, req, base(req, "Add a person", "Add a person", ""), "Add person", root, Person{})
}

func (r *Room) newPerson(w http.ResponseWriter, req *http.Request) error {
	f := web.NewRecord("mailbox", mailboxSays)
	err := register.FillOrganisation(req.Context(), r.Work, f, "organisation", req.URL.Query().Get("organisation"))
	if err != nil {
		return err
	}
	return r.newPersonForm(w, req)(http.StatusOK, f)
}

func (r *Room) addPerson(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.newPersonForm(w, req), func(f *web.Form) (web.Done, error) {
		p, err := r.readPerson(req.Context(), web.PersonOf(req), f, Person{})
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		id, err := r.AddPerson(req.Context(), web.PersonOf(req), p)
		return web.Done{To: href(id), Words: p.Name + " is added. Give them a role if they are to sign in."}, err
	})
}

func (r *Room) editPersonForm(w http.ResponseWriter, req *http.Request, p Person) func(int, *web.Form) error {
	const title = "Change a person’s details"
	return r.personForm(w, req, base(req, title, p.Name, href(p.ID), "Change details", ""), "Save", href(p.ID), p)
}

func (r *Room) editPerson(w http.ResponseWriter, req *http.Request) error {
	p, err := personByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.editPersonForm(w, req, p)(http.StatusOK, fillPerson(p))
}

func (r *Room) savePerson(w http.ResponseWriter, req *http.Request) error {
	was, err := personByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return web.Submit(w, req, r.editPersonForm(w, req, was), func(f *web.Form) (web.Done, error) {
		p, err := r.readPerson(req.Context(), web.PersonOf(req), f, was)
		if err != nil || !f.OK() {
			return web.Done{}, err
		}
		waits, err := r.SavePerson(req.Context(), web.PersonOf(req), p, f.Text("reason", "", 300), f.Seen())
		words := "Saved."
		if waits {
			words = "Saved. What concerns their e-mail address waits until a second person agrees."
		}
		return web.Done{To: href(p.ID), Words: words}, err
	})
}
