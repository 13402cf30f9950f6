package audits

import (
	"context"
	"strconv"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// readAudit reads the form of a multi-agency audit; what is wrong with the audit
// as a whole is for the action to say. was is the audit as it is kept; one that is new has
// nothing.
func (r *Room) readAudit(ctx context.Context, by web.Person, f *web.Form, was Audit) (Audit, error) {
	a := Audit{
		Title:        f.Text("title", "", 200),
		Theme:        f.Text("theme", "", 120),
		Method:       f.Text("method", "", 500),
		Cases:        int64(f.Int("cases", "", 0, 10000)),
		DueOn:        f.Date("due", ""),
		Findings:     f.Text("findings", "", 500),
		LearningHref: f.Link("learning"),
	}
	for _, s := range steps {
		*s.date(&a) = f.Date(s.ID, "")
	}
	var err error
	a.Agencies, err = register.PickOrganisations(ctx, r.Work, by, f, "agencies", was.Agencies...)
	return a, err
}

// fillAudit fills the form with an audit that is there.
func fillAudit(ctx context.Context, q db.Reader, a Audit) (*web.Form, error) {
	taking, err := agenciesOf(ctx, q, a.ID)
	f := web.NewForm("title", a.Title, "theme", a.Theme, "method", a.Method, "findings", a.Findings,
		"learning", a.LearningHref)
	for _, o := range taking {
		f.ChooseAlso("agencies", o.ID, o.Name)
	}
	if a.Cases > 0 {
		f.Set("cases", strconv.FormatInt(a.Cases, 10))
	}
	f.SetDate("due", a.DueOn)
	for _, s := range steps {
		f.SetDate(s.ID, s.On(a))
	}
	return f, err
}

// fillStep fills the form of a step with what was found before.
func fillStep(a Audit) *web.Form { return web.NewForm("findings", a.Findings) }

// readRound reads the form of a round.
func readRound(f *web.Form) Round {
	return Round{
		Standard: Standard(f.Value("standard")),
		Year:     readYear(f.Text("year", "", 20)),
		Title:    f.Text("title", "", 200),
		OpenedOn: f.Date("opened", ""),
		DueOn:    f.Date("due", ""),
	}
}

// readYear writes a financial year as it is kept, however it was entered.
func readYear(s string) string {
	if y, err := period.ParseYear(s); err == nil {
		return y.String()
	}
	return s
}

// fillRound fills the form with a round that is there.
func fillRound(v Round) *web.Form {
	f := web.NewForm("standard", string(v.Standard), "year", v.Year, "title", v.Title)
	f.SetDate("opened", v.OpenedOn)
	f.SetDate("due", v.DueOn)
	return f
}

// fillWholeRound is a round as a question about it shows it: with how many
// organisations it asks, and how many answers have not come.
func fillWholeRound(v Round) *web.Form {
	return fillRound(v).With(web.NewForm("organisations", strconv.FormatInt(v.Asked, 10),
		"answers_to_come", strconv.FormatInt(v.Missing(), 10)))
}

// readAsked reads which organisations are asked, and when: those of some sectors,
// and those that are named.
func (r *Room) readAsked(ctx context.Context, by web.Person, f *web.Form) (whom []string, on period.Date, err error) {
	on = f.Date("on", "Enter when they were asked")
	if today := r.Now.Today(); on.After(today) {
		f.Add("on", "Enter a date up to today, "+today.Words())
	}
	named, err := register.PickOrganisations(ctx, r.Work, by, f, "organisations")
	if err != nil {
		return nil, on, err
	}
	if whom, err = r.InSectors(ctx, f.Values("sectors")); err != nil {
		return nil, on, err
	}
	if whom = append(named, whom...); len(whom) == 0 && f.Problem("organisations") == "" {
		f.Add("sectors", "Choose a sector, or name organisations below")
	}
	return whom, on, nil
}

// readParticipant reads who answers for an organisation, and how far its return
// has come, with the day when that has changed.
func (r *Room) readParticipant(ctx context.Context, by web.Person, f *web.Form, was Participant) (p Participant,
	on period.Date, err error) {
	contact, err := register.PickPerson(ctx, r.Work, by, f, "contact", "", string(was.ContactID))
	p = was
	p.ContactID = db.Opt(contact.ID)
	p.State = State(f.OneOf("state", "Choose how far the answer has come", "asked", "started", "submitted", "moderated"))
	if p.State != was.State {
		on = f.Date("on", "Enter the date")
	}
	return p, on, err
}

// fillParticipant fills the form with who answers for an organisation, and how far
// its return has come.
func fillParticipant(p Participant) *web.Form {
	f := web.NewForm("state", string(p.State))
	f.Choose("contact", string(p.ContactID), register.PersonWords(p.Contact, p.Email))
	return f
}

func standardChoices() []ui.Choice {
	return []ui.Choice{
		{Value: string(Section11), Text: Section11.Words(), Hint: "Organisations that work with children"},
		{Value: string(Section175), Text: Section175.Words(), Hint: "Schools and colleges"},
	}
}
