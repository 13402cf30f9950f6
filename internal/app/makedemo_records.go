package app

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"kith/internal/access"
	"kith/internal/app/demo"
	"kith/internal/audits"
	"kith/internal/identity"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
	"kith/internal/partnership"
	"kith/internal/plan"
	"kith/internal/register"
	"kith/internal/reviews"
	"kith/internal/training"
)

func (m *demoMaker) training(ctx context.Context) error {
	courses, err := m.Training.CourseIDs(ctx)
	if err != nil {
		return err
	}
	for _, s := range demo.UpcomingSessions(m.today) {
		course, ok := courses[s.Course]
		if !ok {
			if course, err = m.Training.AddCourse(ctx, m.by, training.Course{ProgrammeID: s.Programme, Title: s.Course,
				Kind: s.Kind, About: demo.CourseAbout(s.Course)}); err != nil {
				return err
			}
			courses[s.Course] = course
		}
		session, err := m.Training.AddSession(ctx, m.by, training.Session{CourseID: course, StartsOn: s.On, EndsOn: s.Until,
			StartTime: s.From, EndTime: s.To,
			Mode: s.Mode, Venue: s.Venue, Capacity: int64(s.Capacity), State: training.Open})
		if err != nil {
			return err
		}
		for _, email := range s.Booked {
			id, err := m.personID(ctx, email)
			if err != nil {
				return err
			}
			if _, err := m.Training.Book(ctx, m.by, session, id); err != nil {
				return err
			}
		}
	}
	return m.bigLearn(ctx)
}

// personID finds the person with an address, whom an import or this maker added.
func (m *demoMaker) personID(ctx context.Context, email string) (string, error) {
	if id := m.people[email]; id != "" {
		return id, nil
	}
	for _, p := range demo.People() {
		if p.Email == email {
			err := m.person(ctx, p)
			return m.people[email], err
		}
	}
	return "", fmt.Errorf("nobody has the address %s", email)
}

func (m *demoMaker) bigLearn(ctx context.Context) error {
	session, err := m.Training.SessionOn(ctx, demo.BigLearn.Course, demo.BigLearn.On)
	if err != nil {
		return fmt.Errorf("find the Big Learn: %w", err)
	}
	for _, p := range demo.BigLearn.Presentations {
		if _, err := m.Training.AddPresentation(ctx, m.by, training.Presentation{SessionID: session, Title: p.Title,
			Organisation: p.Organisation}); err != nil {
			return err
		}
	}
	for _, s := range demo.BigLearn.Stalls {
		if _, err := m.Training.AddStall(ctx, m.by, training.Stall{SessionID: session, Organisation: s}); err != nil {
			return err
		}
	}
	return nil
}

func (m *demoMaker) reviews(ctx context.Context) error {
	for _, v := range demo.Reviews(m.today) {
		if _, err := m.Reviews.AddReview(ctx, m.by, reviews.Review{Reference: v.Reference, Kind: reviews.Kind(v.Kind),
			Themes: v.Themes, CommissionerID: db.Opt(m.orgs[v.Commissioner]),
			AwareOn: v.Aware, NotifiedOn: v.Notified, RapidOn: v.Rapid, RapidSentOn: v.RapidSent, DecidedOn: v.Decided,
			StartedOn:   v.Started,
			CompletedOn: v.Completed, PublishedOn: v.Published, ClosedOn: v.Closed}); err != nil {
			return fmt.Errorf("%s: %w", v.Reference, err)
		}
	}
	return nil
}

func (m *demoMaker) audits(ctx context.Context) error {
	for _, x := range demo.Audits(m.today) {
		var agencies audits.IDs
		for _, name := range x.Agencies {
			agencies = append(agencies, m.orgs[name])
		}
		if _, err := m.Audits.AddAudit(ctx, m.by, audits.Audit{Title: x.Title, Theme: x.Theme, Method: x.Method,
			Cases: int64(x.Cases), DueOn: x.Due, StartedOn: x.Started,
			CompletedOn: x.Completed, SharedOn: x.Shared, Findings: x.Findings, Agencies: agencies}); err != nil {
			return fmt.Errorf("%s: %w", x.Title, err)
		}
	}
	for _, r := range demo.Rounds(m.today) {
		if err := m.round(ctx, r); err != nil {
			return fmt.Errorf("%s: %w", r.Title, err)
		}
	}
	return nil
}

func (m *demoMaker) round(ctx context.Context, r demo.Round) error {
	id, err := m.Audits.AddRound(ctx, m.by, audits.Round{Standard: audits.Standard(r.Standard), Year: r.Year.String(),
		Title: r.Title, OpenedOn: r.Opened, DueOn: r.Due})
	if err != nil {
		return err
	}
	var asked []string
	for _, x := range r.Returns {
		asked = append(asked, m.orgs[x.Organisation])
	}
	if _, err := m.Audits.AskRound(ctx, m.by, id, asked, r.Opened); err != nil {
		return err
	}
	for _, x := range r.Returns {
		p := audits.Participant{RoundID: id, OrganisationID: m.orgs[x.Organisation], State: audits.Asked}
		if r.Closed.IsZero() {
			if p.ContactID, err = m.contactFor(ctx, x.Organisation); err != nil {
				return err
			}
		}
		for _, step := range []struct {
			to audits.State
			on period.Date
		}{{audits.Asked, r.Opened}, {audits.Started, x.Started}, {audits.Submitted, x.Submitted},
			{audits.Moderated, x.Moderated}} {
			if step.on.IsZero() {
				continue
			}
			p.State = step.to
			if err := m.Audits.SaveParticipant(ctx, m.by, p, step.on, web.Unwatched); err != nil {
				return fmt.Errorf("%s: %w", x.Organisation, err)
			}
		}
	}
	if r.Closed.IsZero() {
		return nil
	}
	return m.Audits.CloseRound(ctx, m.by, id, r.Closed, web.Unwatched)
}

// contactFor finds somebody of an organisation whom the round's e-mails go to; ""
// when there is nobody.
func (m *demoMaker) contactFor(ctx context.Context, organisation string) (db.Opt, error) {
	for _, p := range demo.People() {
		if p.Organisation == organisation {
			id, err := m.personID(ctx, p.Email)
			return db.Opt(id), err
		}
	}
	return "", nil
}

func (m *demoMaker) plan(ctx context.Context) error {
	priorities := map[string]string{}
	for _, y := range demo.PlanYears {
		if err := m.Plan.AddPlan(ctx, m.by, plan.Plan{Year: y.Year.String(), Title: y.Title, Summary: y.Summary,
			AgreedOn: y.Agreed}); err != nil {
			return err
		}
		for i, p := range y.Priorities {
			id, err := m.Plan.AddPriority(ctx, m.by, plan.Priority{Year: y.Year.String(), Place: int64(i + 1), Title: p.Title,
				Outcome: p.Outcome, OwnerEmail: p.Owner})
			if err != nil {
				return fmt.Errorf("%s: %w", p.Title, err)
			}
			priorities[p.Title] = id
			if p.Judged.IsZero() {
				continue
			}
			if err := m.Plan.JudgePriority(ctx, m.by, id, plan.Judgement{As: plan.Status(p.Status), On: p.Judged,
				Achieved: p.Achieved,
				Remains:  p.Remains}, web.Unwatched); err != nil {
				return fmt.Errorf("%s: %w", p.Title, err)
			}
		}
	}
	if err := m.nextPlan(ctx); err != nil {
		return err
	}
	for _, v := range demo.Recommendations(m.today) {
		id, err := m.Plan.AddRecommendation(ctx, m.by,
			plan.Recommendation{Words: v.Words, SourceKind: plan.SourceKind(v.SourceKind), Source: v.Source, MadeOn: v.Made,
				Response: v.Response})
		if err != nil {
			return fmt.Errorf("%s: %w", v.Words, err)
		}
		for _, x := range v.Actions {
			act, err := m.Plan.AddAction(ctx, m.by, plan.Action{Title: x.Title, SourceKind: plan.SourceKind(v.SourceKind),
				Source: v.Source, RecommendationID: db.Opt(id),
				PriorityID: db.Opt(priorities[x.Priority]), OwnerEmail: x.Owner, OrganisationID: db.Opt(m.orgs[x.Organisation]),
				DueOn: x.Due, Detail: x.Detail, Measure: x.Measure})
			if err != nil {
				return fmt.Errorf("%s: %w", x.Title, err)
			}
			if err := m.evidence(ctx, act, x); err != nil {
				return fmt.Errorf("%s: %w", x.Title, err)
			}
			if err := m.ownerSays(ctx, act, x); err != nil {
				return fmt.Errorf("%s: %w", x.Title, err)
			}
			if x.Status == "done" {
				if err := m.Plan.FinishAction(ctx, m.by, act, x.Done, x.Evidence, x.Impact, web.Unwatched); err != nil {
					return fmt.Errorf("%s: %w", x.Title, err)
				}
			}
		}
	}
	scrutineer := m.persona("scrutineer")
	for _, s := range demo.Scrutinies {
		if _, err := m.Plan.AddScrutiny(ctx, scrutineer, plan.Scrutiny{
			SeenOn: s.On, Scrutineer: s.Scrutineer, Method: s.Method,
			Subject: s.Subject, Seen: s.Seen,
			Challenge: s.Challenge, Response: s.Response, RespondedOn: s.Responded}); err != nil {
			return fmt.Errorf("%s: %w", s.Subject, err)
		}
	}
	line, err := m.Plan.AddEnquiry(ctx, scrutineer, plan.Enquiry{Question: demo.Enquiry.Question, Why: demo.Enquiry.Why,
		DueOn: m.today.AddDays(40)})
	if err != nil {
		return err
	}
	_, err = m.Plan.AddScrutiny(ctx, scrutineer, plan.Scrutiny{SeenOn: m.today.AddDays(-6), Scrutineer: scrutineer.Name,
		Method: demo.Enquiry.Method, Subject: demo.Enquiry.Subject, Seen: demo.Enquiry.Seen,
		Challenge: demo.Enquiry.Challenge, EnquiryID: db.Opt(line)})
	return err
}

// nextPlan is the plan of the year that comes, which waits for the partners to agree.
func (m *demoMaker) nextPlan(ctx context.Context) error {
	year := (period.YearOf(m.today) + 1).String()
	if err := m.Plan.AddPlan(ctx, m.by, plan.Plan{Year: year, Title: "Business plan " + year,
		Summary: demo.NextPlan.Summary}); err != nil {
		return err
	}
	for i, p := range demo.NextPlan.Priorities {
		if _, err := m.Plan.AddPriority(ctx, m.by, plan.Priority{Year: year, Place: int64(i + 1), Title: p[0],
			Outcome: p[1]}); err != nil {
			return err
		}
	}
	return m.Plan.ProposePlan(ctx, m.by, year, web.Unwatched)
}

// persona is one of the invented people, as whom records are made that are theirs.
func (m *demoMaker) persona(role string) web.Person {
	for _, p := range demo.Personas {
		if p.Role == role {
			return web.Person{ID: m.people[role+"@demonstration.example"], Name: p.Name,
				OrganisationID: m.orgs[p.Organisation], Permissions: everything()}
		}
	}
	return web.Person{}
}

// ownerSays has the owner of an open action say that it is done, or ask for help and for longer.
func (m *demoMaker) ownerSays(ctx context.Context, id string, x demo.Action) error {
	switch owner := m.persona("agency-lead"); x.Says {
	case "done":
		return m.Plan.ClaimAction(ctx, owner, id, x.Evidence, x.Impact, web.Unwatched)
	case "longer":
		if err := m.Plan.AddHelper(ctx, owner, id, m.persona("panel-member").ID); err != nil {
			return err
		}
		return m.Plan.ExtendAction(ctx, owner, id, x.Due.AddDays(28), x.Evidence)
	}
	return nil
}

// duplicates makes a second record of a person, which is left to be looked at, and one
// of each kind that was merged already.
func (m *demoMaker) duplicates(ctx context.Context) error {
	who := demo.Personas[0]
	kept := m.people[who.Role+"@demonstration.example"]
	another := func(name string) (string, error) {
		return m.Identity.AddPerson(ctx, m.by, identity.Person{Name: name, JobTitle: "Manager",
			OrganisationID: db.Opt(m.orgs[who.Organisation])})
	}
	first, last, _ := strings.Cut(who.Name, " ")
	if _, err := another(last + ", " + first); err != nil {
		return err
	}
	person, err := another(first[:1] + " " + last)
	if err != nil {
		return err
	}
	organisation, err := m.Partnership.AddOrganisation(ctx, m.by, partnership.Organisation{Name: who.Organisation + ".",
		Sector: register.Other})
	if err != nil {
		return err
	}
	courses, err := m.Training.CourseIDs(ctx)
	if err != nil {
		return err
	}
	titles := slices.Sorted(maps.Keys(courses))
	course, err := m.Training.AddCourse(ctx, m.by, training.Course{ProgrammeID: "multi-agency", Title: titles[0] + ".",
		Kind: "course"})
	if err != nil {
		return err
	}
	sessions, err := m.twinSessions(ctx, courses[titles[0]])
	if err != nil {
		return err
	}
	for _, x := range []struct{ kind, from, to string }{
		{"person", person, kept}, {"organisation", organisation, m.orgs[who.Organisation]},
		{"course", course, courses[titles[0]]}, {"session", sessions[2], sessions[0]},
	} {
		if _, err := m.Duplicates.Merge(ctx, m.by, x.kind, x.from, x.to, web.Unwatched); err != nil {
			return err
		}
	}
	return nil
}

// twinSessions makes three sessions of a course on one day that is planned: somebody added it
// thrice, and one was merged already.
func (m *demoMaker) twinSessions(ctx context.Context, course string) (ids [3]string, err error) {
	day := m.Now.Today().AddDays(twinsAhead)
	for i := range ids {
		ids[i], err = m.Training.AddSession(ctx, m.by, training.Session{CourseID: course, StartsOn: day, EndsOn: day,
			StartTime: "09:30", EndTime: "12:30", Mode: "online", Capacity: 20, State: training.Planned})
		if err != nil {
			return ids, err
		}
	}
	return ids, nil
}

// twinsAhead is in how many days the sessions of twinSessions are.
const twinsAhead = 120

// evidence adds the files that show what was done about an action.
func (m *demoMaker) evidence(ctx context.Context, action string, x demo.Action) error {
	all, err := demo.EvidenceFiles(x)
	if err != nil {
		return err
	}
	for _, f := range all {
		if err := m.Plan.AddEvidence(ctx, m.by, action, f.Name, bytes.NewReader(f.Content)); err != nil {
			return err
		}
	}
	return nil
}

// ownRole makes a role of the partnership's own, and gives it for two organisations.
func (m *demoMaker) ownRole(ctx context.Context) error {
	id, err := m.Identity.AddRole(ctx, m.by, access.Role{Title: demo.OwnRole.Title, ComesTo: demo.OwnRole.ComesTo,
		Permissions: []web.Permission{access.TrainingRead, access.TrainingBook, access.TrainingBookOthers,
			access.PartnershipRead, access.AuditsAnswer, access.PlanRead}})
	if err != nil {
		return err
	}
	who := demo.OwnRole.Holder
	holder, err := m.Identity.AddPerson(ctx, m.by, identity.Person{Name: who.Name, Email: who.Email,
		JobTitle: who.JobTitle, OrganisationID: db.Opt(m.orgs[who.Organisation])})
	if err != nil {
		return err
	}
	by, given := m.by, []string(nil)
	by.For = map[web.Permission][]string{}
	for _, name := range demo.OwnRole.For {
		given = append(given, access.GivenRole{Role: access.Role{ID: id}, For: m.orgs[name]}.String())
		for p := range by.Permissions {
			by.For[p] = append(by.For[p], m.orgs[name])
		}
	}
	_, err = m.Identity.SaveRoles(ctx, by, holder, given, "", web.Unwatched)
	return err
}

// requests has the coordinator ask for what they do not hold themselves.
func (m *demoMaker) requests(ctx context.Context) error {
	by := web.Person{ID: m.people["coordinator@demonstration.example"], Permissions: access.Of("coordinator")}
	for _, p := range demo.Personas {
		if p.Role == "coordinator" {
			by.Name = p.Name
		}
	}
	_, err := m.Identity.SaveRoles(ctx, by, m.people["gwendolen.marsh-idowu@saltcoast-police.example"],
		[]string{"practitioner", "panel-member"}, "Reads for the police on our next review’s panel", web.Unwatched)
	return err
}
