package annual

import (
	"context"
	"errors"
	"strings"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// contributionSubject is what the audit trail calls a contribution, by its id.
const contributionSubject = "contribution to the yearly report"

// ErrAnswered is returned for a contribution that waits for nobody any more, and for one that
// cannot be put into a chapter.
var ErrAnswered = errors.New("the contribution has been answered")

func (r *Room) noteContribution(ctx context.Context, q db.Q, by web.Person, act string, c Contribution,
	more ...audittrail.More) error {
	return audittrail.Trail{Now: r.Now, NewID: r.NewID, Search: r.Search}.Note(ctx, q, by, act, contributionSubject, c.ID,
		c.Year+": "+c.Who(), more...)
}

// problems lists what is wrong with a contribution as it is to be asked for.
func (c Contribution) problems(today period.Date) []ui.Problem {
	var out []ui.Problem
	if c.PersonID == "" {
		out = append(out, ui.Problem{Field: "person", Text: "Choose who is asked"})
	}
	if c.Asked == "" {
		out = append(out, ui.Problem{Field: "asked", Text: "Say what you ask them to write"})
	}
	if c.DueOn.IsZero() || c.DueOn.Before(today) {
		out = append(out, ui.Problem{Field: "due", Text: "Enter a day from today on, " + today.Words()})
	}
	return out
}

// AddContribution asks somebody to contribute to a report, and gives its id. It returns
// *ui.Invalid for somebody who cannot sign in, who could not answer.
func (r *Room) AddContribution(ctx context.Context, by web.Person, c Contribution) (string, error) {
	if list := c.problems(r.Now.Today()); len(list) > 0 {
		return "", &ui.Invalid{Problems: list}
	}
	c.ID, c.AskedAt, c.AskedByID, c.AskedBy = r.NewID(), db.At(r.Now()), by.ID, by.Name
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := lockReport(ctx, q, c.Year); err != nil {
			return err
		}
		list, err := r.People.WhoMay(ctx, q, web.SignedIn)
		if err != nil {
			return err
		}
		i := among(list, c.PersonID)
		if i < 0 {
			return &ui.Invalid{Problems: []ui.Problem{{Field: "person", Text: "They cannot sign in, so they could not " +
				"answer. Invite them under People first, or choose somebody else"}}}
		}
		c.OrganisationID = db.Opt(list[i].OrganisationID)
		if c.ChapterID != "" {
			if x, err := chapter(ctx, q, string(c.ChapterID)); err != nil || x.Year != c.Year {
				return db.ErrNotFound
			}
		}
		if err := insertContribution(ctx, q, c); err != nil {
			return err
		}
		if c, err = contribution(ctx, q, c.ID); err != nil {
			return err
		}
		if err := r.noteContribution(ctx, q, by, "asked for", c); err != nil {
			return err
		}
		return r.tellContributor(ctx, q, by, c)
	})
	return c.ID, db.Wrap(err, "ask for a contribution to report %s", c.Year)
}

// answerContribution holds a contribution that waits and keeps what do makes of it.
func (r *Room) answerContribution(ctx context.Context, by web.Person, id string, as access.Act, seen web.Seen,
	do func(q db.Q, c *Contribution) (act string, err error)) error {
	return r.Work.Tx(ctx, func(q db.Q) error {
		c, err := lockContribution(ctx, q, id)
		if err != nil {
			return err
		}
		if !contributionRules.May(by, as, c.of()) {
			return db.ErrNotFound
		}
		if !c.Waiting() {
			return ErrAnswered
		}
		if err := audittrail.Check(ctx, q, seen, contributionSubject, id, fillContribution(c)); err != nil {
			return err
		}
		act, err := do(q, &c)
		if err != nil {
			return err
		}
		if err := setContribution(ctx, q, c); err != nil {
			return err
		}
		return r.noteContribution(ctx, q, by, act, c)
	})
}

// GiveContribution keeps what somebody contributes. It returns ErrAnswered when it was answered
// or called back meanwhile, and db.ErrNotFound for what is somebody else's.
func (r *Room) GiveContribution(ctx context.Context, by web.Person, id, text string, seen web.Seen) error {
	if strings.TrimSpace(text) == "" {
		return &ui.Invalid{Problems: []ui.Problem{{Field: "text", Text: "Write your contribution"}}}
	}
	err := r.answerContribution(ctx, by, id, contribute, seen, func(q db.Q, c *Contribution) (string, error) {
		c.State, c.Text, c.AnsweredAt = Gave, clean(text), db.At(r.Now())
		return "gave", r.tellContributed(ctx, q, by, *c)
	})
	return db.Wrap(err, "give contribution %s", id)
}

// DeclineContribution says why somebody does not contribute.
func (r *Room) DeclineContribution(ctx context.Context, by web.Person, id, why string, seen web.Seen) error {
	if why == "" {
		return &ui.Invalid{Problems: []ui.Problem{{Field: "why", Text: "Say why, so that it can be asked of somebody else"}}}
	}
	err := r.answerContribution(ctx, by, id, contribute, seen, func(q db.Q, c *Contribution) (string, error) {
		c.State, c.Text, c.AnsweredAt = NotGiven, why, db.At(r.Now())
		return "declined", r.tellContributed(ctx, q, by, *c)
	})
	return db.Wrap(err, "decline contribution %s", id)
}

// TakeBackContribution asks for it no more.
func (r *Room) TakeBackContribution(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	err := r.answerContribution(ctx, by, id, access.Change, seen, func(q db.Q, c *Contribution) (string, error) {
		c.State = AskedNoMore
		return "called back", r.tellNotNeeded(ctx, q, by, *c)
	})
	return db.Wrap(err, "call back contribution %s", id)
}

// UseContribution puts what was given at the end of its chapter, as a new version of the text. It
// returns ErrAnswered for what was not given, is in the chapter already, or is for none.
func (r *Room) UseContribution(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		c, err := lockContribution(ctx, q, id)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, contributionSubject, id, fillContribution(c)); err != nil {
			return err
		}
		if !c.Given() || !c.UsedAt.IsZero() || c.ChapterID == "" {
			return ErrAnswered
		}
		into, err := lockChapter(ctx, q, string(c.ChapterID))
		if errors.Is(err, db.ErrNotFound) { // it was taken out
			return ErrAnswered
		} else if err != nil {
			return err
		}
		text := strings.TrimSpace(strings.TrimSpace(into.Markdown) + "\n\n" + strings.TrimSpace(c.Text))
		if len(text) > MaxMarkdown {
			return ErrTooLong
		}
		if err := r.save(ctx, q, by, into, into.Title, clean(text), "Contribution of "+c.Who()); err != nil {
			return err
		}
		c.UsedAt = db.At(r.Now())
		if err := setContribution(ctx, q, c); err != nil {
			return err
		}
		return r.noteContribution(ctx, q, by, "put into its chapter", c)
	})
	return db.Wrap(err, "use contribution %s", id)
}

// ErrTooLong is returned for a contribution for which its chapter has no room.
var ErrTooLong = errors.New("the chapter would be too long")
