package app

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"kith/internal/access"
	"kith/internal/annual"
	"kith/internal/app/demo"
	"kith/internal/imports"
	"kith/internal/indicators"
	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
	"kith/internal/partnership"
	"kith/internal/register"
	"kith/internal/training"
)

// demoMaker enters the demonstration year: what has a file format through the
// importers, everything else through the rooms' own actions, as people would.
type demoMaker struct {
	*App
	by     web.Person
	today  period.Date
	orgs   map[string]string // name → id
	people map[string]string // address → id
	say    func(words string)
}

// makeDemo makes the whole year in an empty installation. say is told what is
// being done.
func (a *App) makeDemo(ctx context.Context, say func(words string)) error {
	m := &demoMaker{App: a, today: a.Now.Today(), orgs: map[string]string{}, people: map[string]string{}, say: say}
	for _, step := range []struct {
		words string
		do    func(context.Context) error
	}{
		{"The partnership, its organisations and people", m.partners},
		{"A role of the partnership's own", m.ownRole},
		{"Committees, meetings and money", m.committees},
		{"Files of returns, training and visits, written and imported", m.files},
		{"Courses to book and the Big Learn", m.training},
		{"Reviews", m.reviews},
		{"Audits and Section 11 and 175 returns", m.audits},
		{"Priorities, actions and scrutiny", m.plan},
		{"Records that may be one", m.duplicates},
		{"What waits for a second person", m.requests},
		{"Figures that partners supply", m.supplied},
		{"The public site", m.site},
		{"The yearly report", m.report},
	} {
		say(step.words)
		if err := step.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", step.words, err)
		}
	}
	return nil
}

func (m *demoMaker) partners(ctx context.Context) error {
	if _, err := m.Partnership.SaveSettings(ctx, m.by, partnership.Profile{Name: demo.Partnership, Area: demo.AreaName,
		URL: "http://" + m.address(), MailFrom: "partnership@tidewell.example", Demo: true,
		Address: "Partnership office\n1 Quay Street\nTidewell"}, "", web.Unwatched); err != nil {
		return err
	}
	if err := m.Work.Tx(ctx, func(q db.Q) error {
		return m.Partnership.EnsureAuthority(ctx, q, demo.Authority,
			demo.Council)
	}); err != nil {
		return err
	}
	for _, o := range demo.Organisations() {
		id, err := m.Partnership.AddOrganisation(ctx, m.by, partnership.Organisation{Name: o.Name, Sector: o.Sector,
			Statutory: o.StatutoryPartner, Agency: partnership.Named})
		if err != nil {
			return err
		}
		m.orgs[o.Name] = id
	}
	for _, p := range demo.Personas {
		id, err := m.Identity.EnsurePersona(ctx, p.Role, p.Name, m.orgs[p.Organisation])
		if err != nil {
			return err
		}
		m.people[p.Role+"@demonstration.example"] = id
		if p.Role == "business-manager" {
			m.by = web.Person{ID: id, Name: p.Name, Permissions: everything()}
		}
	}
	for _, l := range demo.Leaders {
		if err := m.person(ctx, l.Person); err != nil {
			return err
		}
	}
	for _, email := range demo.Signers {
		if _, err := m.Identity.SaveRoles(ctx, m.by, m.people[email], []string{"safeguarding-partner"}, "",
			web.Unwatched); err != nil {
			return err
		}
	}
	for _, p := range demo.Programmes {
		if err := m.Training.AddProgramme(ctx, m.by,
			training.Programme{ID: p.ID, Title: p.Title, About: p.About}); err != nil {
			return err
		}
	}
	for i, c := range demo.Contacts {
		if err := m.contact(ctx, i+1, partnership.Contact{Purpose: c.Purpose, Name: c.Name, Number: c.Number,
			Answers: c.Answers, Owner: c.Owner}); err != nil {
			return err
		}
	}
	for i, c := range nationalContacts {
		if err := m.contact(ctx, len(demo.Contacts)+i+1, c); err != nil {
			return err
		}
	}
	return nil
}

// everything is every permission there is: the maker does the work of all sixteen
// people.
func everything() map[web.Permission]bool {
	out := map[web.Permission]bool{}
	for _, p := range access.Permissions() {
		out[p] = true
	}
	return out
}

// nationalContacts are the same everywhere in England, and real.
var nationalContacts = []partnership.Contact{
	{Purpose: "emergency", Name: "Emergency services", Number: "999",
		Answers: "Police, ambulance and fire. Day and night.", Owner: "Business manager"},
	{Purpose: "childline", Name: "Childline", Number: "0800 1111",
		Answers: "Counsellors, for anybody under 19. Free, day and night.", Owner: "Business manager"},
	{Purpose: "police", Name: "Police, when it is not an emergency", Number: "101",
		Answers: "Your local police. Day and night.", Owner: "Business manager"},
	{Purpose: "adults-helpline", Name: "NSPCC helpline", Number: "0808 800 5000",
		Answers: "For adults who worry about a child.", Owner: "Business manager"},
}

func (m *demoMaker) contact(ctx context.Context, position int, c partnership.Contact) error {
	c.Position, c.CheckedOn = position, m.today.AddDays(-20)
	_, err := m.Partnership.AddContact(ctx, m.by, c)
	return err
}

// person finds or adds somebody and remembers who they are.
func (m *demoMaker) person(ctx context.Context, p demo.Person) error {
	return m.Work.Tx(ctx, func(q db.Q) error {
		id, _, err := (&peopleOf{m.App}).Ensure(ctx, q, p.Name, p.Email, p.JobTitle, m.orgs[p.Organisation])
		if err != nil {
			return err
		}
		m.people[p.Email] = id
		return m.Search.Changed(ctx, q, register.PersonSubject, id)
	})
}

func (m *demoMaker) committees(ctx context.Context) error {
	for i, c := range demo.Committees {
		id, err := m.Partnership.AddCommittee(ctx, m.by, partnership.Committee{Name: c.Name, Purpose: c.Purpose,
			Meets: c.Meets, Position: i + 1})
		if err != nil {
			return err
		}
		seats := map[string]string{}
		for _, s := range c.Members {
			leader := leaderOf(s.Email)
			seat, err := m.Partnership.AddMember(ctx, m.by, partnership.Member{CommitteeID: id, PersonID: m.people[s.Email],
				OrganisationID: db.Opt(m.orgs[leader.Organisation]),
				Role:           s.Role, Public: leader.Public, FromOn: period.MustDate("2022-04-01")})
			if err != nil {
				return err
			}
			seats[s.Email] = seat
		}
		for _, meeting := range c.Meetings {
			held, err := m.Partnership.AddMeeting(ctx, m.by, partnership.Meeting{CommitteeID: id, HeldOn: meeting.On,
				About: meeting.About})
			if err != nil {
				return err
			}
			states := map[string]string{}
			for _, seat := range seats {
				states[seat] = "present"
			}
			for _, e := range meeting.Apologies {
				states[seats[e]] = "apologies"
			}
			for _, e := range meeting.Deputies {
				states[seats[e]] = "deputy"
			}
			if err := m.Partnership.SaveMeeting(ctx, m.by, partnership.Meeting{ID: held, CommitteeID: id, HeldOn: meeting.On,
				About: meeting.About}, states, web.Unwatched); err != nil {
				return err
			}
		}
	}
	for _, c := range demo.Contributions {
		if _, err := m.Partnership.AddContribution(ctx, m.by, partnership.Contribution{Year: c.Year.String(),
			OrganisationID: m.orgs[c.Organisation], Pence: c.Pence, Note: c.Note}); err != nil {
			return err
		}
	}
	return nil
}

func leaderOf(email string) demo.Leader {
	for _, l := range demo.Leaders {
		if l.Email == email {
			return l
		}
	}
	return demo.Leader{}
}

// files writes the area's files into the inbox and imports each as anybody would.
func (m *demoMaker) files(ctx context.Context) error {
	inbox := filepath.Join(m.Dir, "inbox")
	manifest, err := demo.WriteInbox(inbox)
	if err != nil {
		return err
	}
	for _, im := range manifest.Imports {
		rep, err := m.Imports.Load(ctx, im.Kind, im.Paths(inbox), imports.Options{Year: im.Year, Authority: im.Authority,
			By: m.by})
		if err != nil {
			return err
		}
		m.say(fmt.Sprintf("  %s: %s", im.Path, lang.Plural(int(rep.Batch.Rows), "row", "rows")))
	}
	return m.sources(ctx)
}

// sources remembers how the files of a booking system are read.
func (m *demoMaker) sources(ctx context.Context) error {
	headers := map[string]string{"course": "Course Title", "session_start": "Event Date", "start_time": "Start",
		"person": "Delegate Name", "email": "Delegate Email", "organisation": "Agency", "status": "Booking Outcome"}
	d := &intake.Draft{}
	for _, h := range headers {
		d.Columns = append(d.Columns, intake.DraftColumn{Header: h})
	}
	return m.Imports.Remember(ctx, m.by, "training-history", "Booking system", d, intake.Matching{Columns: headers,
		Whole: map[string]string{"programme": "Multi-agency", "kind": "course", "sector": "health"}})
}

func (m *demoMaker) supplied(ctx context.Context) error {
	for _, x := range demo.SuppliedFigures {
		unit := x.Unit
		if x.Denominator > 0 {
			unit = "%"
		}
		if _, err := m.Indicators.AddSupplied(ctx, m.by, indicators.Supplied{Figure: x.Figure, Title: x.Title,
			Counts: x.Counts, Unit: unit, Counted: x.Counted, Kind: x.Kind,
			From: x.From, To: x.To, Numerator: int64(x.Numerator), Denominator: int64(x.Denominator), Source: x.Source,
			Owner: x.Owner, GivenOn: x.Given, Final: x.Final}); err != nil {
			return err
		}
	}
	return nil
}

func (m *demoMaker) site(ctx context.Context) error {
	if err := m.Sites.LoadSample(ctx, m.by); err != nil {
		return err
	}
	return m.Sites.PublishFrame(ctx, m.by, web.Unwatched)
}

func (m *demoMaker) report(ctx context.Context) error {
	text, err := annual.Sample()
	if err != nil {
		return err
	}
	if err := m.Annual.Enter(ctx, m.by, text); err != nil {
		return err
	}
	if err := m.chapterOwners(ctx, text.Year.String()); err != nil {
		return err
	}
	for _, x := range demo.ReportContributions {
		if _, err := m.Annual.AddContribution(ctx, m.by, annual.Contribution{Year: text.Year.String(),
			PersonID: m.people[x.Role+"@demonstration.example"], Asked: x.Asked, DueOn: m.today.AddDays(x.Days)}); err != nil {
			return err
		}
	}
	_, problems, err := m.Annual.PublishReport(ctx, m.by, text.Year.String(),
		"The partners agreed this invented report on paper.", web.Unwatched)
	if err != nil {
		for _, p := range problems {
			m.say("  " + p.String())
		}
		return err
	}
	return nil
}

// chapterOwners says who wrote some of the report's chapters.
func (m *demoMaker) chapterOwners(ctx context.Context, year string) error {
	list, err := m.Annual.Chapters(ctx, year)
	if err != nil {
		return err
	}
	for _, c := range list {
		role := demo.ChapterOwners[c.Title]
		if role == "" || c.Part != annual.PartReport {
			continue
		}
		if err := m.Annual.GiveChapter(ctx, m.by, c.ID, m.people[role+"@demonstration.example"], m.today.AddDays(-30),
			web.Unwatched); err != nil {
			return err
		}
		if err := m.Annual.StepChapter(ctx, m.by, c.ID, annual.Done, web.Unwatched); err != nil {
			return err
		}
	}
	return nil
}

// address is where the demonstration will be found: a port that the system is to
// choose is not known yet.
func (m *demoMaker) address() string {
	if m.Addr == "" || strings.HasSuffix(m.Addr, ":0") {
		return "127.0.0.1:8080"
	}
	return m.Addr
}
