package annual

import (
	"errors"
	"fmt"
	"slices"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// The statutory safeguarding partners agree a report before it is published. Whoever writes it
// sends the draft to those who sign, at least one for each partner; each reads it whole, and
// agrees, asks for a change or declines. What was agreed is the text as it was read: when a
// chapter or its figures change afterwards, that is said, and whoever agreed counts no more as
// agreeing until they are asked again. Publishing waits for nobody; without everybody's agreement
// it needs a reason, which is kept.

// Errors of asking and answering that a person can act on.
var (
	ErrAsked    = errors.New("the partners are asked already")
	ErrNotAsked = errors.New("nobody is asked to agree the report")
)

// The ways in which an asking ends.
const (
	calledBack   = "called back"
	askPublished = "published"
)

// An Asking is one time that a draft was sent to be agreed. Its fields are in the order of the
// columns.
type Asking struct {
	ID        string
	Year      string
	AskedAt   db.Time
	AskedByID string
	AskedBy   string // the name as it was
	DueOn     period.Date
	Words     string
}

// A Signer is somebody who was asked to agree a report for a safeguarding partner, with what
// they said last.
type Signer struct {
	ID             string
	PersonID       string
	OrganisationID string
	Turn           int64 // how often they were asked
	AskedAt        db.Time
	RemindedAt     db.Time
	Name           string
	Organisation   string
	Email          string
	Last           Reply
	Changed        []string // what is not as it was when they answered
	Compared       bool     // Changed is known: it takes every figure
}

// A Reply is one answer of somebody who was asked. Its fields are in the order of the columns.
type Reply struct {
	ID      string
	AskedID string
	Turn    int64 // the one in which it was given
	Person  string
	Answer  register.Answer
	Words   string
	Chapter string
	At      db.Time
}

// Waiting reports whether they have not answered since they were asked last.
func (s Signer) Waiting() bool { return s.Last.Answer == "" || s.Last.Turn < s.Turn }

// Agrees reports whether they agree to the text as it is now.
func (s Signer) Agrees() bool {
	return s.Last.Answer == register.Agreed && !s.Waiting() && s.Compared && len(s.Changed) == 0
}

// Outdated reports whether they agreed to another text than there is now.
func (s Signer) Outdated() bool {
	return s.Last.Answer == register.Agreed && !s.Waiting() && len(s.Changed) > 0
}

// State is how they stand to the report, as a tag.
func (s Signer) State() string {
	switch {
	case s.Waiting():
		return "Not yet"
	case s.Outdated():
		return "Changed since they agreed"
	}
	return lang.Sentence(s.Last.Answer.Words())
}

// Tone is how the tag looks.
func (s Signer) Tone() string {
	switch {
	case s.Waiting():
		return "quiet"
	case s.Outdated():
		return "watch"
	}
	return s.Last.Answer.Tone()
}

// Who names them with whom they sign for.
func (s Signer) Who() string { return s.Name + ", " + s.Organisation }

// Earlier says of somebody who was asked again what they had said before.
func (s Signer) Earlier() string {
	if !s.Waiting() || s.Last.Answer == "" {
		return ""
	}
	return fmt.Sprintf("They %s on %s, to an earlier text; asked again on %s.", s.Last.Answer.Words(),
		lang.DateTime(s.Last.At.Time), lang.DateTime(s.AskedAt.Time))
}

// ChangedWords says what is not as it was when they agreed.
func (s Signer) ChangedWords() string { return lang.Join(s.Changed) }

// An Agreement is how the statutory partners stand to a report.
type Agreement struct {
	Asking   *Asking // nil while nobody is asked
	Signers  []Signer
	Partners []register.Organisation // every statutory partner
}

// Missing lists who has not agreed to the text as it is now, in words, in the order of the
// partners.
func (a Agreement) Missing() []string {
	if len(a.Partners) == 0 {
		return []string{"No statutory safeguarding partner is known here, so nobody was asked"}
	}
	var out []string
	for _, p := range a.Partners {
		asked := false
		for _, s := range a.Signers {
			if s.OrganisationID != p.ID {
				continue
			}
			asked = true
			switch {
			case s.Agrees():
			case s.Waiting():
				out = append(out, fmt.Sprintf("%s (%s) has not answered", p.Name, s.Name))
			case s.Outdated():
				out = append(out, fmt.Sprintf("%s (%s) agreed on %s to an earlier text; changed since: %s", p.Name, s.Name,
					lang.DateTime(s.Last.At.Time), s.ChangedWords()))
			case s.Last.Answer == register.Agreed:
				out = append(out, fmt.Sprintf("%s (%s) agreed on %s; whether the text changed since is not known", p.Name,
					s.Name, lang.DateTime(s.Last.At.Time)))
			default:
				out = append(out, fmt.Sprintf("%s (%s) %s on %s", p.Name, s.Name, s.Last.Answer.Words(),
					lang.DateTime(s.Last.At.Time)))
			}
		}
		if !asked {
			out = append(out, p.Name+" was not asked")
		}
	}
	return out
}

// Agreed lists who agreed to the text as it is now, in words.
func (a Agreement) Agreed() []string {
	var out []string
	for _, s := range a.Signers {
		if s.Agrees() {
			out = append(out, fmt.Sprintf("%s for %s on %s", s.Name, s.Organisation, lang.DateTime(s.Last.At.Time)))
		}
	}
	return out
}

// toAskAgain are those who answered to another text than there is now.
func (a Agreement) toAskAgain() []Signer {
	return slices.DeleteFunc(slices.Clone(a.Signers), func(s Signer) bool { return s.Waiting() || len(s.Changed) == 0 })
}

// Again reports whether somebody answered to another text than there is now.
func (a Agreement) Again() bool { return len(a.toAskAgain()) > 0 }

// Waiting are those who have not answered.
func (a Agreement) Waiting() []Signer {
	return slices.DeleteFunc(slices.Clone(a.Signers), func(s Signer) bool { return !s.Waiting() })
}

// form is what somebody who acts on an asking sees of it: who was asked, and what they said.
func (a Agreement) form() *web.Form {
	f := web.NewForm()
	if a.Asking == nil {
		return f
	}
	f.SetDate("answer_by", a.Asking.DueOn)
	for _, s := range a.Signers {
		words := s.State()
		if !s.Waiting() {
			words += ", " + lang.DateTime(s.Last.At.Time)
		}
		f.Set(s.Who(), words)
	}
	return f
}

// An asking as it is to be made: whom, by when, with which words.
type proposal struct {
	Signers []Signer // with PersonID and OrganisationID
	DueOn   period.Date
	Words   string
}

// problems lists what is wrong with a proposal: each partner has somebody who is asked.
func (p proposal) problems(partners []register.Organisation, today period.Date) []ui.Problem {
	var out []ui.Problem
	for i, o := range partners {
		if !slices.ContainsFunc(p.Signers, func(s Signer) bool { return s.OrganisationID == o.ID }) {
			out = append(out, ui.Problem{Field: signerField(i), Text: "Choose who agrees the report for " + o.Name})
		}
	}
	switch {
	case p.DueOn.IsZero():
		out = append(out, ui.Problem{Field: "due", Text: "Enter the day by which you want their answers"})
	case p.DueOn.Before(today):
		out = append(out, ui.Problem{Field: "due", Text: "Enter a day from today on, " + today.Words()})
	}
	return out
}

// signerField names the field for who signs for the nth partner.
func signerField(n int) string { return fmt.Sprintf("signer_%d", n+1) }
