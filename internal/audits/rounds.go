package audits

import (
	"fmt"
	"slices"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
)

// A Standard is what organisations assess themselves against.
type Standard string

// The standards: Section 11 of the Children Act 2004 for organisations, Section
// 175 of the Education Act 2002 for schools and colleges.
const (
	Section11  Standard = "section-11"
	Section175 Standard = "section-175"
)

// standards lists the standards in the order to show them.
var standards = []Standard{Section11, Section175}

// Words names the standard.
func (s Standard) Words() string {
	switch s {
	case Section11:
		return "Section 11"
	case Section175:
		return "Section 175"
	}
	return string(s)
}

// About says what the standard asks, in words for whoever answers.
func (s Standard) About() string {
	switch s {
	case Section11:
		return "Section 11 of the Children Act 2004 asks every organisation that works with children to keep them safe in " +
			"all it does. In a self-assessment you say how well you do, and what shows it."
	case Section175:
		return "Section 175 of the Education Act 2002 asks schools and colleges to keep children safe in all they do. In a " +
			"self-assessment you say how well you do, and what shows it."
	}
	return "In a self-assessment you say how well you keep children safe, and what shows it."
}

// A Round is one time of asking: a topic of a standard, in a year. Its fields are
// in the order of the columns that queries select.
type Round struct {
	ID        string
	Standard  Standard
	Year      string // the financial year: 2023-24
	Title     string
	OpenedOn  period.Date
	DueOn     period.Date
	ClosedOn  period.Date
	Asked     int64 // organisations asked; read only
	Submitted int64 // of them, those that sent their return; read only
}

// Missing is how many returns have not come.
func (r Round) Missing() int64 { return r.Asked - r.Submitted }

// Closed reports whether returns are no longer taken.
func (r Round) Closed() bool { return !r.ClosedOn.IsZero() }

func (r Round) mustBeOpen() error {
	if r.Closed() {
		return ErrClosed
	}
	return nil
}

func (r Round) mustBeClosed() error {
	if r.Closed() {
		return nil
	}
	return ErrNotClosed
}

func (r Round) mustHaveNoReturns() error {
	if r.Submitted > 0 {
		return ErrReturns
	}
	return nil
}

// A Tag is a status as a word, and the look of its tag.
type Tag struct{ Tone, Words string }

// Status is how the round stands.
func (r Round) Status(today period.Date) Tag {
	switch {
	case r.Closed():
		return Tag{"quiet", "Closed"}
	case r.Asked > 0 && r.Missing() == 0:
		return Tag{"good", "All in"}
	case r.DueOn.Before(today):
		return Tag{"bad", "Late"}
	case r.OpenedOn.After(today):
		return Tag{"quiet", "Not yet open"}
	}
	return Tag{"watch", "Open"}
}

// Came says how many returns came: "113 of 144 submitted (78%)". Before the first, a
// percentage would say that nobody answers, which is not known.
func (r Round) Came() string {
	switch {
	case r.Asked == 0:
		return "nobody asked yet"
	case r.Submitted == 0:
		return "none of " + lang.Number(int(r.Asked)) + " entered as submitted yet"
	}
	return fmt.Sprintf("%s of %s submitted (%s)", lang.Number(int(r.Submitted)), lang.Number(int(r.Asked)),
		lang.Percent(int(r.Submitted), int(r.Asked)))
}

// problems lists what is wrong with a round as it is to be kept.
func (r Round) problems() []ui.Problem {
	var out []ui.Problem
	add := func(field, text string) { out = append(out, ui.Problem{Field: field, Text: text}) }
	if !slices.Contains(standards, r.Standard) {
		add("standard", "Choose Section 11 or Section 175")
	}
	if y, err := period.ParseYear(r.Year); err != nil || y.String() != r.Year {
		add("year", "Enter a financial year, such as 2023-24")
	}
	if r.Title == "" {
		add("title", "Enter the self-assessment's title or topic")
	}
	if r.OpenedOn.IsZero() {
		add("opened", "Enter when the self-assessment opens")
	}
	if r.DueOn.IsZero() {
		add("due", "Enter when answers are due")
	}
	if !r.DueOn.IsZero() && r.DueOn.Before(r.OpenedOn) {
		add("due", "Answers cannot be due before the self-assessment opens")
	}
	return out
}

// A State is how far one organisation has come with its return.
type State string

// The states.
const (
	Asked     State = "asked"
	Started   State = "started"
	Submitted State = "submitted"
	Moderated State = "moderated"
)

// states lists the states in the order returns go through them.
var states = []State{Asked, Started, Submitted, Moderated}

// Words names the state.
func (s State) Words() string {
	switch s {
	case Asked:
		return "Asked"
	case Started:
		return "Started"
	case Submitted:
		return "Submitted"
	case Moderated:
		return "Moderated"
	}
	return string(s)
}

// Tone is how the state's tag looks.
func (s State) Tone() string {
	switch s {
	case Submitted, Moderated:
		return "good"
	case Started:
		return "watch"
	}
	return "quiet"
}

// A Participant is an organisation that a round asks. Its fields are in the
// order of the columns that queries select.
type Participant struct {
	RoundID        string
	OrganisationID string
	ContactID      db.Opt
	State          State // follows from the dates
	AskedOn        period.Date
	StartedOn      period.Date
	SubmittedOn    period.Date
	ModeratedOn    period.Date
	Chased         int64   // how often it was written to
	ChasedAt       db.Time // when last
	// read only, from partnership and identity
	Organisation string
	Sector       string
	Contact      string
	Email        string // of a contact who is active
	SectorWords  string
}

// Times is how often the organisation was written to.
func (p Participant) Times() int { return int(p.Chased) }

// Sent reports whether the return has come.
func (p Participant) Sent() bool { return !p.SubmittedOn.IsZero() }

// marked gives the participant in a state since a day. A state may be passed
// over; going back takes the later dates away.
func (p Participant) marked(to State, on period.Date) Participant {
	dates := map[State]*period.Date{Asked: &p.AskedOn, Started: &p.StartedOn, Submitted: &p.SubmittedOn,
		Moderated: &p.ModeratedOn}
	at := slices.Index(states, to)
	for i, s := range states {
		switch {
		case i > at:
			*dates[s] = period.Date{}
		case i == at && (dates[s].IsZero() || s != Asked):
			*dates[s] = on
		}
	}
	if to == Moderated && p.SubmittedOn.IsZero() {
		p.SubmittedOn = on // what was moderated had come
	}
	p.State = to
	return p
}

// problems finds dates in the future or out of order.
func (p Participant) problems(today period.Date) []ui.Problem {
	last := p.AskedOn
	for _, on := range []period.Date{p.StartedOn, p.SubmittedOn, p.ModeratedOn} {
		if on.IsZero() {
			continue
		}
		if on.After(today) {
			return []ui.Problem{{Field: "on", Text: "Enter a date up to today, " + today.Words()}}
		}
		if on.Before(last) {
			return []ui.Problem{{Field: "on", Text: "Enter a date from " + last.Words() + ", the step before it"}}
		}
		last = on
	}
	return nil
}
