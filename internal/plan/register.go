package plan

import (
	"strings"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
)

// A Recommendation is what somebody said should change. Its fields are in the
// order of the columns that queries select.
type Recommendation struct {
	ID         string
	Words      string
	SourceKind SourceKind
	Source     string // its name: the review's reference, the audit's title
	MadeOn     period.Date
	Response   string // what the partners say to it
	Actions    int64  // of those that the reader may read; read only
	Done       int64  // of them, those done; read only
}

// problems lists what is wrong with a recommendation as it is to be kept.
func (v Recommendation) problems(today period.Date) []ui.Problem {
	var out []ui.Problem
	if v.Words == "" {
		out = append(out, ui.Problem{Field: "words", Text: "Enter the recommendation"})
	}
	out = append(out, checkSource(v.SourceKind, v.Source)...)
	if v.MadeOn.IsZero() || v.MadeOn.After(today) {
		out = append(out, ui.Problem{Field: "made", Text: "Enter when it was made: a date up to today, " + today.Words()})
	}
	return out
}

// A Tag is a status as a word, and the look of its tag.
type Tag struct{ Tone, Words string }

// Standing is how the recommendation stands.
func (v Recommendation) Standing() Tag {
	switch {
	case v.Actions == 0:
		return Tag{"bad", "No action yet"}
	case v.Done == v.Actions:
		return Tag{"good", "All actions done"}
	}
	return Tag{"watch", "In hand"}
}

// An ActionStatus says how an action stands. It follows from the dates.
type ActionStatus string

// The statuses of an action.
const (
	Open    ActionStatus = "open"
	Done    ActionStatus = "done"
	Dropped ActionStatus = "dropped"
)

// An Action is something to be done by somebody by a day. Its fields are in the
// order of the columns that queries select.
type Action struct {
	ID               string
	Title            string
	SourceKind       SourceKind
	Source           string
	PriorityID       db.Opt
	RecommendationID db.Opt
	OwnerID          db.Opt
	OrganisationID   db.Opt
	Status           ActionStatus // follows from the dates
	DueOn            period.Date
	DoneOn           period.Date
	DroppedOn        period.Date
	Evidence         string // that it was done, or why it was dropped
	Impact           string // what changed for children
	Detail           string // what is asked, in full
	Measure          string // how we will know that it helped
	OfficerID        db.Opt // who looks after it for the partnership
	// What its owner says while it is open: that it is done since a day, until when they
	// ask for longer, and what is in the way.
	ClaimedOn  period.Date
	AskedUntil period.Date
	Hindrance  string
	// OwnerEmail and Owner are read from identity, Organisation from
	// partnership. An address given to an action of the room takes the place of
	// OwnerID.
	OwnerEmail     string
	Owner          string
	OwnersOf       string // the id of the owner's organisation; read only
	Organisation   string
	Officer        string // the officer's name; read only
	Priority       string // its title; read only
	Recommendation string // its words; read only
	Helpers        string // the ids of those who help with it, with commas between; read only
}

// helpers are the ids of those who help with the action.
func (a Action) helpers() []string {
	return strings.FieldsFunc(a.Helpers, func(c rune) bool { return c == ',' })
}

// status gives the status that follows from the dates.
func (a Action) status() ActionStatus {
	switch {
	case !a.DoneOn.IsZero():
		return Done
	case !a.DroppedOn.IsZero():
		return Dropped
	}
	return Open
}

// Claimed reports whether its owner says that the action is done, and nobody has agreed yet.
func (a Action) Claimed() bool { return a.Status == Open && !a.ClaimedOn.IsZero() }

// Late reports whether the action is open after the day it was due. One that its owner says
// is done waits for the partnership, and is nobody's lateness.
func (a Action) Late(today period.Date) bool {
	return a.Status == Open && !a.Claimed() && a.DueOn.Before(today)
}

// Standing is how the action stands.
func (a Action) Standing(today period.Date) Tag {
	switch {
	case a.Status == Done:
		return Tag{"good", "Done"}
	case a.Status == Dropped:
		return Tag{"quiet", "Dropped"}
	case a.Claimed():
		return Tag{"watch", "Said to be done"}
	case a.Late(today):
		return Tag{"bad", "Overdue"}
	case a.Hindrance != "":
		return Tag{"watch", "Something is in the way"}
	case !a.AskedUntil.IsZero():
		return Tag{"watch", "More time asked for"}
	case a.DueOn.Before(today.AddDays(soonDays + 1)):
		return Tag{"watch", "Due soon"}
	}
	return Tag{"quiet", "Open"}
}

// OwnedBy names who is to do it: the person, the organisation, or both.
func (a Action) OwnedBy() string {
	switch {
	case a.Owner == "":
		return a.Organisation
	case a.Organisation == "":
		return a.Owner
	}
	return a.Owner + ", " + a.Organisation
}

// problems lists what is wrong with an action as it is to be kept.
func (a Action) problems(today period.Date) []ui.Problem {
	var out []ui.Problem
	add := func(field, text string) { out = append(out, ui.Problem{Field: field, Text: text}) }
	if a.Title == "" {
		add("title", "Enter what is to be done")
	}
	out = append(out, checkSource(a.SourceKind, a.Source)...)
	if a.SourceKind == FromPriority && a.PriorityID == "" {
		add("priority", "Choose the priority it comes from")
	}
	if a.OwnerID == "" && a.OrganisationID == "" {
		add("organisation", "Choose an organisation, or name a person: every action has an owner")
	}
	if a.DueOn.IsZero() {
		add("due", "Enter when it is due")
	}
	if !a.AskedUntil.IsZero() && !a.AskedUntil.After(a.DueOn) {
		add("until", "Enter a day after it is due, "+a.DueOn.Words())
	}
	if a.ClaimedOn.After(today) {
		add("on", "Enter a date up to today, "+today.Words())
	}
	if !a.DoneOn.IsZero() && !a.DroppedOn.IsZero() {
		add("done", "An action is done or dropped, not both")
	}
	if a.DoneOn.After(today) || a.DroppedOn.After(today) {
		add("on", "Enter a date up to today, "+today.Words())
	}
	if a.status() == Done && a.Evidence == "" {
		add("evidence", "Enter the evidence that it was done")
	}
	if a.status() == Dropped && a.Evidence == "" {
		add("evidence", "Enter why it was dropped")
	}
	return out
}

// A Scrutiny is one time that the independent scrutineer looked at something. Its
// fields are in the order of the columns that queries select.
type Scrutiny struct {
	ID          string
	SeenOn      period.Date
	Scrutineer  string
	Method      string // "Visit", "Dip sample", "Meeting with young people"
	Subject     string // what was looked at, in a few words
	Seen        string // what was seen
	Challenge   string
	Response    string // what the partners answered
	RespondedOn period.Date
	AuthorID    db.Opt // whose note it is; "" for one that was written for them
	EnquiryID   db.Opt // the line of enquiry that it is of
	Enquiry     string // its question; read only
}

// of gives whose a note is.
func (s Scrutiny) of() access.Object { return access.Object{PersonID: string(s.AuthorID)} }

// Standing is how the note stands.
func (s Scrutiny) Standing() Tag {
	switch {
	case s.Challenge == "":
		return Tag{"quiet", "No challenge"}
	case s.Response == "":
		return Tag{"watch", "Awaiting an answer"}
	}
	return Tag{"good", "Answered"}
}

// problems lists what is wrong with a scrutiny note as it is to be kept.
func (s Scrutiny) problems(today period.Date) []ui.Problem {
	var out []ui.Problem
	add := func(field, text string) { out = append(out, ui.Problem{Field: field, Text: text}) }
	if s.Subject == "" {
		add("subject", "Enter what was looked at")
	}
	if s.Scrutineer == "" {
		add("scrutineer", "Enter who looked")
	}
	if s.Method == "" {
		add("method", "Enter how, such as a visit or a dip sample")
	}
	if s.SeenOn.IsZero() || s.SeenOn.After(today) {
		add("seen_on", "Enter when: a date up to today, "+today.Words())
	}
	if s.Seen == "" && s.Challenge == "" {
		add("observed", "Enter what was seen, or the challenge")
	}
	if s.Response != "" && s.RespondedOn.IsZero() {
		add("responded", "Enter when the partners answered")
	}
	if s.RespondedOn.After(today) || !s.RespondedOn.IsZero() && s.RespondedOn.Before(s.SeenOn) {
		add("responded", "Enter a date from "+s.SeenOn.Words()+" to today")
	}
	return out
}
