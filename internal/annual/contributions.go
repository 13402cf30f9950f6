package annual

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
)

// An agency is asked to contribute to a report: somebody of theirs with an account writes some
// words about its work, by a day, or says that they do not. They need no right to the report: the
// page that is theirs opens for them. Whoever writes the report puts what was given into a
// chapter, where it is edited like any text.

// A ContributionState is how far a contribution is.
type ContributionState string

// The states of a contribution.
const (
	Asked       ContributionState = "waiting"
	Gave        ContributionState = "given"
	NotGiven    ContributionState = "declined"
	AskedNoMore ContributionState = "called back"
)

// A Contribution is what somebody was asked to contribute, and what they answered. Its fields
// are in the order of the columns.
type Contribution struct {
	ID             string
	Year           string
	ChapterID      db.Opt // "" for the report as a whole
	PersonID       string
	OrganisationID db.Opt
	Asked          string // what is asked
	DueOn          period.Date
	AskedAt        db.Time
	AskedByID      string
	AskedBy        string
	State          ContributionState
	Text           string // what was given, or why not
	AnsweredAt     db.Time
	UsedAt         db.Time // it was put into the chapter
	Person         string  // read only, like the rest
	Email          string
	Organisation   string
	Chapter        string // its title; "" for the report as a whole
}

// of gives whose a contribution is.
func (c Contribution) of() access.Object { return access.Object{PersonID: c.PersonID} }

// Waiting reports whether it waits to be given.
func (c Contribution) Waiting() bool { return c.State == Asked }

// Given reports whether it was given.
func (c Contribution) Given() bool { return c.State == Gave }

// Overdue reports whether it waits after the day it was asked for.
func (c Contribution) Overdue(today period.Date) bool { return c.Waiting() && c.DueOn.Before(today) }

// StateWords says how far it is.
func (c Contribution) StateWords() string {
	switch {
	case c.State == Gave && !c.UsedAt.IsZero():
		return "Put into the chapter"
	case c.State == Gave:
		return "Given"
	case c.State == NotGiven:
		return "Declined"
	case c.State == AskedNoMore:
		return "Called back"
	}
	return "Not yet"
}

// Tone is the shape and colour of it.
func (c Contribution) Tone() string {
	switch {
	case c.State == Gave && !c.UsedAt.IsZero():
		return "good"
	case c.State == Gave:
		return "watch"
	case c.State == NotGiven:
		return "bad"
	}
	return "quiet"
}

// For says what it is for.
func (c Contribution) For() string {
	if c.Chapter == "" {
		return "Yearly report " + c.Year
	}
	return c.Chapter
}

// Who names who was asked, with their organisation.
func (c Contribution) Who() string {
	if c.Organisation == "" {
		return c.Person
	}
	return c.Person + ", " + c.Organisation
}

func contributionHref(id string) string { return "/work/contributions/" + id }

// fillContribution is what somebody who answers, or acts on the answer, sees of it.
func fillContribution(c Contribution) *web.Form {
	f := web.NewForm("asked", c.Asked, "state", c.StateWords(), "answer", c.Text)
	f.SetDate("due", c.DueOn)
	return f
}

// contributionTodos lists what somebody is asked to contribute.
func (r *Room) contributionTodos(ctx context.Context, p web.Person) ([]web.Todo, error) {
	if p.ID == "" {
		return nil, nil
	}
	list, err := contributionsOf(ctx, r.Work, p.ID)
	if err != nil {
		return nil, err
	}
	today := r.Now.Today()
	var out []web.Todo
	for _, c := range list {
		at := contributionHref(c.ID)
		out = append(out, web.Todo{Title: "Your contribution: " + c.For(), Words: c.Asked, Due: c.DueOn,
			Late: c.Overdue(today), Href: at + "/give", Act: "Write it",
			Also: []web.TodoLink{{Text: "Decline, with a reason", Href: at + "/decline"}}})
	}
	if !contributionRules.MayAll(p, access.Change) {
		return out, nil
	}
	given, err := contributionsGiven(ctx, r.Work, p.ID)
	for _, c := range given {
		t := web.Todo{Title: "Given: contribution to " + c.For(), Words: c.Who() + ".", Href: contributionHref(c.ID),
			Act: "Read it"}
		out = append(out, t)
	}
	return out, err
}
