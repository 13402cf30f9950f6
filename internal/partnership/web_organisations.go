package partnership

import (
	"net/http"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

type organisationsPage struct {
	ui.Base
	List          ui.List
	Organisations []listedOrganisation
	Sectors       []ui.Choice
	Which         []ui.Choice
	MayManage     bool
	Unsaid        int // of how many nobody has said whether they are relevant agencies
}

func (r *Room) listOrganisations(w http.ResponseWriter, req *http.Request) error {
	ctx := req.Context()
	list := ui.ReadList(organisationsRoot, req.URL.Query(), "name", "sector", "people")
	list.One, list.Many = "organisation", "organisations"
	f := organisationFilter{Search: list.Value("q"), Sector: list.Value("sector"), Which: list.Value("which"),
		Sort: list.Sort, Desc: list.Desc}
	f.Limit, f.Offset = list.Window()
	all, total, err := listOrganisations(ctx, r.Work, f)
	if err != nil {
		return err
	}
	if list.Exporting("csv") {
		return exportOrganisations(w, all)
	}
	list.Total = total
	sectors, err := r.Register.Sectors(ctx)
	if err != nil {
		return err
	}
	unsaid, err := countUnsaid(ctx, r.Work)
	if err != nil {
		return err
	}
	return web.Render(w, http.StatusOK, r.pages, "organisations", organisationsPage{Base: r.listBase(req, "Organisations"),
		List:          list,
		Organisations: all, Sectors: sectors.All(),
		Which: ui.Choices("statutory", "Statutory partners", "agencies", "Relevant agencies", "unsaid",
			"Relevant agency or not: nobody has said", "ended", "Ended", "all", "All, with those that ended"),
		MayManage: web.PersonOf(req).May(access.PartnershipManage), Unsaid: unsaid})
}

func exportOrganisations(w http.ResponseWriter, all []listedOrganisation) error {
	var rows [][]string
	for _, o := range all {
		rows = append(rows, []string{o.Name, o.Sector, yes(o.Statutory), string(o.Agency), o.EndedOn.String(),
			lang.Number(o.People), lang.Number(o.Committees)})
	}
	return web.CSV(w, "organisations.csv", []string{"name", "sector", "statutory", "relevant_agency", "ended_on", "people",
		"committees"}, rows)
}

type organisationPage struct {
	ui.Base
	Organisation Organisation
	Rows         []ui.Row
	People       []colleague
	PeopleCount  int
	Seats        []Member
	CameBack     map[string]string // from addresses of those people, by their ids
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
	page := organisationPage{Base: base(req, o.Name, "Organisations", organisationsRoot, o.Name, ""), Organisation: o,
		Rows:         organisationRows(o),
		MayManage:    organisationRules.May(me, access.Change, o.of()),
		MaySeePeople: organisationRules.May(me, access.Read, o.of(), peopleField),
		MayAddPeople: organisationRules.May(me, access.Change, o.of(), peopleField) && !o.Ended()}
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
	if page.MaySeePeople {
		var ids []string
		for _, p := range page.People {
			ids = append(ids, p.ID)
		}
		for _, m := range page.Seats {
			ids = append(ids, m.PersonID)
		}
		if page.CameBack, err = register.CameBack(ctx, r.Work, ids...); err != nil {
			return err
		}
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
	standing := o.Agency.Words()
	if o.Statutory {
		standing = "Statutory safeguarding partner"
	}
	rows = append(rows, ui.Row{Key: "Standing", Value: standing})
	if o.Brought {
		rows = append(rows, ui.Row{Key: "Came from", Value: "A file that was imported"})
	}
	if o.Ended() {
		rows = append(rows, ui.Row{Key: "Ended", Value: lang.Date(o.EndedOn)})
	}
	if o.SuccessorID != "" {
		key := "Its place was taken by"
		if o.SameAs != "" {
			key = "Merged into"
		}
		rows = append(rows, ui.Row{Key: key, Value: o.Successor, Href: "/work/organisations/" +
			string(o.SuccessorID), Act: "See", About: "the successor"})
	}
	return rows
}

// organisationForm gives what shows the form of an organisation, of a sector that it
// may keep; cancel is the page before it.
func (r *Room) organisationForm(w http.ResponseWriter, req *http.Request, page formPage, title, cancel string) func(int,
	*web.Form) error {
	return func(status int, f *web.Form) error {
		sectors, err := r.Register.Sectors(req.Context())
		if err != nil {
			return err
		}
		page.FormPage = ui.FormPage{Base: base(req, title, "Organisations", organisationsRoot, title, ""), Form: f,
			Cancel: cancel}
		page.Sectors, page.Agencies = sectors.Choices(f.Value("sector")), agencyChoices
		return web.Render(w, status, r.pages, "organisation-form", page)
	}
}

func (r *Room) newOrganisation(w http.ResponseWriter, req *http.Request) error {
	page := formPage{Save: "Add organisation", New: true}
	return r.organisationForm(w, req, page, "Add an organisation", organisationsRoot)(http.StatusOK, web.NewRecord())
}

func (r *Room) addOrganisation(w http.ResponseWriter, req *http.Request) error {
	sectors, err := r.Register.Sectors(req.Context())
	if err != nil {
		return err
	}
	show := r.organisationForm(w, req, formPage{Save: "Add organisation", New: true}, "Add an organisation",
		organisationsRoot)
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		o := readOrganisation(f, sectors.Choices())
		if !f.OK() {
			return web.Done{}, nil
		}
		id, err := r.AddOrganisation(req.Context(), web.PersonOf(req), o)
		return web.Done{To: organisationsRoot + "/" + id, Words: o.Name + " is added."}, err
	})
}

func (r *Room) editOrganisation(w http.ResponseWriter, req *http.Request) error {
	o, err := organisationByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	show := r.organisationForm(w, req, formPage{Save: "Save"}, "Change an organisation", organisationsRoot+"/"+o.ID)
	return show(http.StatusOK, fillOrganisation(o))
}

func (r *Room) saveOrganisation(w http.ResponseWriter, req *http.Request) error {
	was, err := organisationByID(req.Context(), r.Work, req.PathValue("id"))
	if err != nil {
		return err
	}
	sectors, err := r.Register.Sectors(req.Context())
	if err != nil {
		return err
	}
	href := organisationsRoot + "/" + was.ID
	show := r.organisationForm(w, req, formPage{Save: "Save"}, "Change an organisation", href)
	return web.Submit(w, req, show, func(f *web.Form) (web.Done, error) {
		o := readOrganisation(f, sectors.Choices(was.Sector))
		o.ID = was.ID
		if !f.OK() {
			return web.Done{}, nil
		}
		return web.Done{To: href, Words: "Saved."}, r.SaveOrganisation(req.Context(), web.PersonOf(req), o, f.Seen())
	})
}

// endOrganisationForm gives what asks when an organisation ended, and what took its
// place.
func (r *Room) endOrganisationForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		o, err := r.open(req.Context(), r.Work, req.PathValue("id"))
		if err != nil {
			return err
		}
		people, err := countPeopleOf(req.Context(), r.Work, o.ID)
		if err != nil {
			return err
		}
		href := organisationsRoot + "/" + o.ID
		return web.Render(w, status, r.pages, "end", endPage{Act: "End or merge it", Successor: true,
			FormPage: ui.FormPage{Form: f, Cancel: href,
				Base: base(req, "End or merge "+o.Name+"?", "Organisations", organisationsRoot, o.Name, href, "End", "")},
			Words: []string{o.Name + " can no longer be chosen. What is recorded of it is kept.",
				"If another organisation took its place, name it: its people (" + lang.Number(people) +
					" now) and its seats on {committees} " +
					"move there, and files that still have the old name find the new one."}})
	}
}

func (r *Room) confirmEndOrganisation(w http.ResponseWriter, req *http.Request) error {
	f := web.NewForm()
	f.SetDate("on", r.Now.Today())
	return r.endOrganisationForm(w, req)(http.StatusOK, f)
}

func (r *Room) endOrganisation(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	return web.Submit(w, req, r.endOrganisationForm(w, req), func(f *web.Form) (web.Done, error) {
		on := f.Date("on", "Enter the day it ended")
		successor, err := register.PickOrganisation(req.Context(), r.Work, web.PersonOf(req), f, "successor", "", "")
		if err != nil {
			return web.Done{}, err
		}
		into := successor.ID
		if into == id {
			f.Add("successor", "Choose another than the one that ends")
		}
		if !f.OK() {
			return web.Done{}, nil
		}
		if into == "" {
			err = r.EndOrganisation(req.Context(), web.PersonOf(req), id, on)
			at := organisationsRoot + "/" + id
			return web.Done{To: at, Words: "Ended.", Undo: at + "/reopen"}, err
		}
		err = r.MergeOrganisation(req.Context(), web.PersonOf(req), id, into, on)
		return web.Done{To: organisationsRoot + "/" + into, Words: "Merged. Its people are here now."}, err
	})
}

func (r *Room) reopenOrganisation(w http.ResponseWriter, req *http.Request) error {
	id := req.PathValue("id")
	if err := r.ReopenOrganisation(req.Context(), web.PersonOf(req), id); err != nil {
		return err
	}
	return web.SeeOther(w, req, organisationsRoot+"/"+id,
		"It counts as existing again. People who were moved stay where they are.")
}
