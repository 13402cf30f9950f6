package partnership

import (
	"errors"
	"net/http"
	"slices"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// Routes lists the room's addresses.
func (r *Room) Routes() []web.Route {
	return []web.Route{
		{Pattern: "GET /work/organisations", Permission: access.PartnershipRead, Handle: r.listOrganisations},
		{Pattern: "GET /work/organisations/new", Permission: access.PartnershipManage, Handle: r.newOrganisation},
		{Pattern: "POST /work/organisations/new", Permission: access.PartnershipManage, Handle: r.addOrganisation},
		{Pattern: "GET /work/organisations/{id}", Permission: access.PartnershipRead, Handle: r.showOrganisation},
		{Pattern: "GET /work/organisations/{id}/edit", Permission: access.PartnershipManage, Handle: r.showEditOrganisation},
		{Pattern: "POST /work/organisations/{id}/edit", Permission: access.PartnershipManage, Handle: r.editOrganisation},
		{Pattern: "GET /work/organisations/{id}/end", Permission: access.PartnershipManage, Handle: r.showEndOrganisation},
		{Pattern: "POST /work/organisations/{id}/end", Permission: access.PartnershipManage, Handle: r.endOrganisation},
		{Pattern: "POST /work/organisations/{id}/reopen", Permission: access.PartnershipManage, Handle: r.reopenOrganisation},

		{Pattern: "GET /work/committees", Permission: access.PartnershipRead, Handle: r.listCommittees},
		{Pattern: "GET /work/committees/new", Permission: access.PartnershipManage, Handle: r.newCommittee},
		{Pattern: "POST /work/committees/new", Permission: access.PartnershipManage, Handle: r.addCommittee},
		{Pattern: "GET /work/committees/{id}", Permission: access.PartnershipRead, Handle: r.showCommittee},
		{Pattern: "GET /work/committees/{id}/edit", Permission: access.PartnershipManage, Handle: r.showEditCommittee},
		{Pattern: "POST /work/committees/{id}/edit", Permission: access.PartnershipManage, Handle: r.editCommittee},
		{Pattern: "GET /work/committees/{id}/end", Permission: access.PartnershipManage, Handle: r.showEndCommittee},
		{Pattern: "POST /work/committees/{id}/end", Permission: access.PartnershipManage, Handle: r.endCommittee},
		{Pattern: "GET /work/committees/{id}/members/new", Permission: access.PartnershipManage, Handle: r.newMember},
		{Pattern: "POST /work/committees/{id}/members/new", Permission: access.PartnershipManage, Handle: r.addMember},
		{Pattern: "GET /work/members/{id}", Permission: access.PartnershipManage, Handle: r.showMember},
		{Pattern: "POST /work/members/{id}", Permission: access.PartnershipManage, Handle: r.editMember},
		{Pattern: "GET /work/committees/{id}/meetings/new", Permission: access.PartnershipManage, Handle: r.newMeeting},
		{Pattern: "POST /work/committees/{id}/meetings/new", Permission: access.PartnershipManage, Handle: r.addMeeting},
		{Pattern: "GET /work/meetings/{id}", Permission: access.PartnershipManage, Handle: r.showMeeting},
		{Pattern: "POST /work/meetings/{id}", Permission: access.PartnershipManage, Handle: r.noteMeeting},

		{Pattern: "GET /work/areas", Permission: access.PartnershipRead, Handle: r.listAreas},
		{Pattern: "GET /work/areas/new", Permission: access.PartnershipManage, Handle: r.newArea},
		{Pattern: "POST /work/areas/new", Permission: access.PartnershipManage, Handle: r.addArea},
		{Pattern: "GET /work/areas/{code}", Permission: access.PartnershipManage, Handle: r.showArea},
		{Pattern: "POST /work/areas/{code}", Permission: access.PartnershipManage, Handle: r.editArea},
		{Pattern: "GET /work/funding", Permission: access.PartnershipRead, Handle: r.listFunding},
		{Pattern: "GET /work/funding/new", Permission: access.PartnershipManage, Handle: r.newContribution},
		{Pattern: "POST /work/funding/new", Permission: access.PartnershipManage, Handle: r.addContribution},
		{Pattern: "GET /work/funding/{id}", Permission: access.PartnershipManage, Handle: r.showContribution},
		{Pattern: "POST /work/funding/{id}", Permission: access.PartnershipManage, Handle: r.editContribution},
		{Pattern: "GET /work/funding/{id}/delete", Permission: access.PartnershipManage, Handle: r.showDeleteContribution},
		{Pattern: "POST /work/funding/{id}/delete", Permission: access.PartnershipManage, Handle: r.deleteContribution},

		{Pattern: "GET /work/settings", Permission: access.SettingsManage, Handle: r.showSettings},
		{Pattern: "POST /work/settings", Permission: access.SettingsManage, Handle: r.saveSettings},
		{Pattern: "GET /work/settings/contacts", Permission: access.SettingsManage, Handle: r.listContacts},
		{Pattern: "GET /work/settings/contacts/new", Permission: access.SettingsManage, Handle: r.newContact},
		{Pattern: "POST /work/settings/contacts/new", Permission: access.SettingsManage, Handle: r.addContact},
		{Pattern: "GET /work/settings/contacts/{id}", Permission: access.SettingsManage, Handle: r.showContact},
		{Pattern: "POST /work/settings/contacts/{id}", Permission: access.SettingsManage, Handle: r.editContact},
		{Pattern: "POST /work/settings/contacts/{id}/checked", Permission: access.SettingsManage, Handle: r.checkContact},
		{Pattern: "GET /work/settings/contacts/{id}/delete", Permission: access.SettingsManage, Handle: r.showDeleteContact},
		{Pattern: "POST /work/settings/contacts/{id}/delete", Permission: access.SettingsManage, Handle: r.deleteContact},
		{Pattern: "GET /work/settings/words/edit", Permission: access.SettingsManage, Handle: r.editWords},
		{Pattern: "POST /work/settings/words/edit", Permission: access.SettingsManage, Handle: r.saveWords},
		{Pattern: "GET /work/settings/sectors", Permission: access.SettingsManage, Handle: r.listSectors},
		{Pattern: "GET /work/settings/sectors/new", Permission: access.SettingsManage, Handle: r.newSector},
		{Pattern: "POST /work/settings/sectors/new", Permission: access.SettingsManage, Handle: r.addSector},
		{Pattern: "GET /work/settings/sectors/{id}", Permission: access.SettingsManage, Handle: r.showSector},
		{Pattern: "POST /work/settings/sectors/{id}", Permission: access.SettingsManage, Handle: r.editSector},
		{Pattern: "POST /work/settings/sectors/{id}/up", Permission: access.SettingsManage, Handle: r.moveSectorUp},
		{Pattern: "POST /work/settings/sectors/{id}/down", Permission: access.SettingsManage, Handle: r.moveSectorDown},
		{Pattern: "POST /work/settings/sectors/{id}/end", Permission: access.SettingsManage, Handle: r.endSector},
		{Pattern: "POST /work/settings/sectors/{id}/reopen", Permission: access.SettingsManage, Handle: r.reopenSector},
		{Pattern: "GET /work/settings/sectors/{id}/remove", Permission: access.SettingsManage, Handle: r.confirmRemoveSector},
		{Pattern: "POST /work/settings/sectors/{id}/remove", Permission: access.SettingsManage, Handle: r.removeSector},
	}
}

// frame is the frame of the room's pages about who there is.
func frame(req *http.Request, title string, pairs ...string) ui.Base {
	top := "/work/organisations" // for those who may not read the list of people
	if web.PersonOf(req).May(access.PeopleRead) {
		top = "/work/people"
	}
	return web.Crumbs(web.Base(req, title), append([]string{"People", top}, pairs...)...)
}

// section lists what stands beside each other under People.
func section(req *http.Request) []ui.NavItem {
	var out []ui.NavItem
	if web.PersonOf(req).May(access.PeopleRead) {
		out = append(out, ui.NavItem{Text: "People", Href: "/work/people"})
	}
	for _, x := range [][2]string{{"Organisations", "organisations"}, {"Committees", "committees"}, {"Authorities and areas", "areas"}, {"Funding", "funding"}} {
		href := "/work/" + x[1]
		out = append(out, ui.NavItem{Text: x[0], Href: href, Current: href == req.URL.Path})
	}
	return out
}

// A formPage is a page with one form.
type formPage struct {
	ui.Base
	Form   ui.Form
	Save   string // the words of the button
	Cancel string
	New    bool
	// What is chosen among; each page uses its own.
	Sectors, Organisations, Kinds, Within, Purposes, Roles []ui.Choice
}

// A confirmPage says what will happen before it does.
type confirmPage struct {
	ui.Base
	Form       ui.Form
	Words      []string
	Act        string // the words of the button
	Cancel     string
	DateLabel  string      // asks for a day when not ""
	Successors []ui.Choice // asks what took its place when there are any
}

type organisationsPage struct {
	ui.Base
	Section       []ui.NavItem
	List          ui.List
	Organisations []listedOrganisation
	Sectors       []ui.Choice
	Which         []ui.Choice
	MayManage     bool
}

// exportLimit is far more than any list of the room has.
const exportLimit = 1_000_000

// order is what order a list is in, as the room's tables of orders name it.
func order(l ui.List) string {
	if l.Desc {
		return "-" + l.Sort
	}
	return l.Sort
}

func (r *Room) listOrganisations(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	list := ui.ReadList("/work/organisations", req.URL.Query(), "name", "sector", "people")
	list.One, list.Many = "organisation", "organisations"
	f := organisationFilter{Search: list.Value("q"), Sector: list.Value("sector"), Which: list.Value("which")}
	if list.Value("format") == "csv" {
		return r.exportOrganisations(w, req, f, order(list))
	}
	var err error
	if list.Total, err = countOrganisations(ctx, r.Work, f); err != nil {
		return err
	}
	sectors, err := r.Register.Sectors(ctx)
	if err != nil {
		return err
	}
	page := organisationsPage{Base: web.Base(req, "Organisations"), Section: section(req), List: list, Sectors: sectors.All(),
		Which:     ui.Choices("statutory", "Statutory partners", "ended", "Ended", "all", "All, with those that ended"),
		MayManage: web.PersonOf(req).May(access.PartnershipManage)}
	if page.Organisations, err = listOrganisations(ctx, r.Work, f, order(list), list.Size, list.Offset()); err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "organisations", page)
}

func (r *Room) exportOrganisations(w http.ResponseWriter, req *http.Request, f organisationFilter, by string) error {
	all, err := listOrganisations(req.Context(), r.Work, f, by, exportLimit, 0)
	if err != nil {
		return err
	}
	var rows [][]string
	for _, o := range all {
		rows = append(rows, []string{o.Name, o.Sector, yes(o.Statutory), o.EndedOn.String(), lang.Number(o.People), lang.Number(o.Committees)})
	}
	return web.CSV(w, "organisations.csv", []string{"name", "sector", "statutory", "ended_on", "people", "committees"}, rows)
}

type organisationPage struct {
	ui.Base
	Organisation Organisation
	Rows         []ui.Row
	People       []colleague
	PeopleCount  int
	Seats        []Member
	History      []audittrail.Entry
	MayManage    bool
	MaySeePeople bool
	MayAddPeople bool
}

// shownPeople is how many of an organisation's people its page shows.
const shownPeople = 25

func (r *Room) showOrganisation(w http.ResponseWriter, req *http.Request) error {
	ctx, me := req.Context(), web.PersonOf(req)
	o, err := organisationByID(ctx, r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	page := organisationPage{Base: frame(req, o.Name, "Organisations", "/work/organisations", o.Name, ""), Organisation: o, Rows: organisationRows(o),
		MayManage: me.May(access.PartnershipManage), MaySeePeople: me.May(access.PeopleRead), MayAddPeople: me.May(access.PeopleManage) && !o.Ended()}
	if page.PeopleCount, err = countPeopleOf(ctx, r.Work, o.ID); err != nil {
		return err
	}
	if page.MaySeePeople {
		if page.People, err = peopleOf(ctx, r.Work, o.ID, shownPeople); err != nil {
			return err
		}
	}
	if page.Seats, err = seatsOf(ctx, r.Work, o.ID); err != nil {
		return err
	}
	if page.MayManage {
		if page.History, err = audittrail.Of(ctx, r.Work, "organisation", o.ID); err != nil {
			return err
		}
		page.History = page.History[:min(20, len(page.History))]
	}
	return web.Render(w, http.StatusOK, r.pages, "organisation", page)
}

func organisationRows(o Organisation) []ui.Row {
	rows := []ui.Row{{Key: "Sector", Value: o.SectorTitle}}
	if o.Statutory {
		rows = append(rows, ui.Row{Key: "Standing", Value: "Statutory safeguarding partner"})
	}
	if o.Ended() {
		rows = append(rows, ui.Row{Key: "Ended", Value: lang.Date(o.EndedOn)})
	}
	if o.SuccessorID != "" {
		rows = append(rows, ui.Row{Key: "Its place was taken by", Value: o.Successor, Href: "/work/organisations/" + string(o.SuccessorID), Act: "See", About: "the successor"})
	}
	return rows
}

func (r *Room) newOrganisation(w http.ResponseWriter, req *http.Request) error {
	return r.renderOrganisationForm(w, req, http.StatusOK, "", web.NewForm())
}

func (r *Room) renderOrganisationForm(w http.ResponseWriter, req *http.Request, status int, id string, f *web.Form) error {
	sectors, err := r.Register.Sectors(req.Context())
	if err != nil {
		return err
	}
	page := formPage{Base: frame(req, "Add an organisation", "Organisations", "/work/organisations", "Add", ""), Form: f, Save: "Add organisation", Cancel: "/work/organisations", Sectors: sectors.Choices(f.Value("sector")), New: true}
	if id != "" {
		page.Base = frame(req, "Change an organisation", "Organisations", "/work/organisations", "Change", "")
		page.Save, page.Cancel, page.New = "Save", "/work/organisations/"+id, false
	}
	return web.Render(w, status, r.pages, "organisation-form", page)
}

func (r *Room) addOrganisation(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	sectors, err := r.Register.Sectors(req.Context())
	if err != nil {
		return err
	}
	o := readOrganisation(f, sectors.Choices())
	if !f.OK() {
		return r.renderOrganisationForm(w, req, http.StatusUnprocessableEntity, "", f)
	}
	id, err := r.Add(req.Context(), web.PersonOf(req), o)
	if errors.Is(err, ErrNameTaken) {
		f.Add("name", "There is, or was, an organisation of this name")
		return r.renderOrganisationForm(w, req, http.StatusConflict, "", f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/organisations/"+id, o.Name+" is added.")
}

func (r *Room) showEditOrganisation(w http.ResponseWriter, req *http.Request) error {
	o, err := organisationByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	return r.renderOrganisationForm(w, req, http.StatusOK, o.ID, organisationForm(o))
}

func (r *Room) editOrganisation(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	old, err := organisationByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	sectors, err := r.Register.Sectors(req.Context())
	if err != nil {
		return err
	}
	o := readOrganisation(f, sectors.Choices(old.Sector))
	o.ID = old.ID
	if !f.OK() {
		return r.renderOrganisationForm(w, req, http.StatusUnprocessableEntity, o.ID, f)
	}
	err = r.Edit(req.Context(), web.PersonOf(req), o)
	if errors.Is(err, ErrNameTaken) {
		f.Add("name", "There is, or was, an organisation of this name; if it is the same, merge the two")
		return r.renderOrganisationForm(w, req, http.StatusConflict, o.ID, f)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/organisations/"+o.ID, "Saved.")
}

func (r *Room) showEndOrganisation(w http.ResponseWriter, req *http.Request) error {
	f := web.NewForm()
	f.SetDate("on", r.Now.Today())
	return r.renderEndOrganisation(w, req, http.StatusOK, f)
}

func (r *Room) renderEndOrganisation(w http.ResponseWriter, req *http.Request, status int, f *web.Form) error {
	ctx := req.Context()
	o, err := r.open(ctx, r.Work, req.PathValue("id"))
	if err != nil {
		return inWords(err)
	}
	people, err := countPeopleOf(ctx, r.Work, o.ID)
	if err != nil {
		return err
	}
	others, err := r.successors(req, o.ID)
	if err != nil {
		return err
	}
	return web.Render(w, status, r.pages, "confirm", confirmPage{
		Base: frame(req, "End or merge "+o.Name+"?", "Organisations", "/work/organisations", o.Name, "/work/organisations/"+o.ID, "End", ""), Form: f,
		Words: []string{o.Name + " can no longer be chosen. What is recorded of it is kept.",
			"If another organisation took its place, name it: its people (" + lang.Number(people) + " now) and its seats on committees move there, and files that still have the old name find the new one."},
		Act: "End or merge it", Cancel: "/work/organisations/" + o.ID, DateLabel: "When did it end?", Successors: others})
}

// successors lists what can take an organisation's place.
func (r *Room) successors(req *http.Request, id string) ([]ui.Choice, error) {
	list, err := register.Organisations(req.Context(), r.Work)
	return slices.DeleteFunc(list, func(c ui.Choice) bool { return c.Value == id }), err
}

func (r *Room) endOrganisation(w http.ResponseWriter, req *http.Request) error {
	f, err := web.ReadForm(w, req)
	if err != nil {
		return err
	}
	id := req.PathValue("id")
	others, err := r.successors(req, id)
	if err != nil {
		return err
	}
	on, into := f.Date("on", "Enter the day it ended"), f.OneOf("successor", "", valuesOf(others)...)
	if !f.OK() {
		return r.renderEndOrganisation(w, req, http.StatusUnprocessableEntity, f)
	}
	if into != "" {
		if err := r.Merge(req.Context(), web.PersonOf(req), id, into, on); err != nil {
			return inWords(err)
		}
		return web.SeeOther(w, req, "/work/organisations/"+into, "Merged. Its people are here now.")
	}
	if err := r.End(req.Context(), web.PersonOf(req), id, on); err != nil {
		return inWords(err)
	}
	return web.SeeOther(w, req, "/work/organisations/"+id, "Ended.")
}

func (r *Room) reopenOrganisation(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	if err := r.Reopen(req.Context(), web.PersonOf(req), id); err != nil {
		return err
	}
	return web.SeeOther(w, req, "/work/organisations/"+id, "It counts as existing again. People who were moved stay where they are.")
}

// inWords turns what a person can act on into a refusal they can read; other
// errors stay as they are.
func inWords(err error) error {
	if errors.Is(err, register.ErrFixed) {
		return web.Conflict("It is always there", "Whatever is of no other sector is of this one, so it can be neither ended nor removed.")
	}
	if errors.Is(err, ErrEnded) {
		return web.Conflict("It has ended already", "Somebody ended it before you. Go back and look at it again.")
	}
	return err
}
