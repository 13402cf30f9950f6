package annual

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// restBetweenChases is how long nobody is written to again.
const restBetweenChases = 24 * time.Hour

// textActs begin the acts that change what somebody reads of a report.
var textActs = []string{"saved a chapter", "added a chapter", "took a chapter", "put a chapter", "moved a chapter",
	"changed the tiles", "renamed", "began"}

// agreement tells how the partners stand to a report, as now is the text; without it (nil) the
// texts are not compared.
func (r *Room) agreement(ctx context.Context, q db.Reader, year string, now reading) (Agreement, error) {
	a, err := agreementOf(ctx, q, year)
	if err != nil {
		return a, err
	}
	if a.Partners, err = r.Partners(ctx, q); err != nil || now == nil {
		return a, err
	}
	for i, s := range a.Signers {
		if s.Last.ID == "" {
			continue
		}
		was, err := readingOf(ctx, q, s.Last.ID)
		if err != nil {
			return a, err
		}
		a.Signers[i].Changed, a.Signers[i].Compared = now.since(was), true
	}
	return a, nil
}

// ProposeReport sends the draft as it stands to those who agree it for the statutory partners.
// It returns ErrAsked while others are asked, and *ui.Invalid where somebody does not sign for
// the partner they were chosen for.
func (r *Room) ProposeReport(ctx context.Context, by web.Person, year string, p proposal) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := lockReport(ctx, q, year); err != nil {
			return err
		}
		rep, err := report(ctx, q, year)
		if err != nil {
			return err
		}
		partners, err := r.Partners(ctx, q)
		if err != nil {
			return err
		}
		if list := p.problems(partners, r.Now.Today()); len(list) > 0 {
			return &ui.Invalid{Problems: list}
		}
		if _, err := openAsking(ctx, q, year); err == nil {
			return ErrAsked
		} else if !errors.Is(err, db.ErrNotFound) {
			return err
		}
		a := Asking{ID: r.NewID(), Year: year, AskedAt: db.At(r.Now()), AskedByID: by.ID, AskedBy: by.Name, DueOn: p.DueOn,
			Words: p.Words}
		if err := insertAsking(ctx, q, a); err != nil {
			return err
		}
		list, err := r.People.WhoMay(ctx, q, access.ReportSign)
		if err != nil {
			return err
		}
		var names []string
		for _, s := range p.Signers {
			who, problem := signsFor(list, partners, s)
			if problem != nil {
				return &ui.Invalid{Problems: []ui.Problem{*problem}}
			}
			s.ID, s.AskedAt = r.NewID(), a.AskedAt
			if err := insertSigner(ctx, q, a.ID, s); err != nil {
				return err
			}
			names = append(names, who.Name)
		}
		if err := r.note(ctx, q, by, "asked the partners to agree", year, lang.Join(names)+", by "+
			p.DueOn.Words()); err != nil {
			return err
		}
		asked, err := signers(ctx, q, a.ID)
		if err != nil {
			return err
		}
		return r.tellSigners(ctx, q, by, rep, a, asked)
	})
	return db.Wrap(err, "ask the partners to agree report %s", year)
}

// signsFor finds who was chosen among those who sign, and says what is wrong where they cannot
// be asked for that partner.
func signsFor(list []web.Person, partners []register.Organisation, s Signer) (web.Person, *ui.Problem) {
	n := slices.IndexFunc(partners, func(o register.Organisation) bool { return o.ID == s.OrganisationID })
	i := among(list, s.PersonID)
	name := s.Name
	if i >= 0 {
		name = list[i].Name
	}
	switch {
	case n < 0:
		return web.Person{}, &ui.Problem{Field: signerField(0), Text: "One of the partners is not there any more"}
	case i < 0 || !askedRules.May(list[i], signFor, access.Object{OrganisationID: s.OrganisationID}):
		return web.Person{}, &ui.Problem{Field: signerField(n), Text: fmt.Sprintf("%s does not sign for %s. Choose somebody "+
			"who does, or give them a role that signs first", name, partners[n].Name)}
	case !list[i].May(access.ReportRead):
		return web.Person{}, &ui.Problem{Field: signerField(n), Text: name + " cannot open the report. Choose somebody " +
			"who can, or give them a role that reads it first"}
	}
	return list[i], nil
}

// errRead is returned within this file for a text that was saved while it was being read.
var errRead = errors.New("the text was saved while it was read")

// reading builds a report and calls do, in a transaction that holds it, with what the build
// says. A text that is saved between the two is read again.
func (r *Room) whileRead(ctx context.Context, year string, do func(q db.Q, rep Report, now reading) error) error {
	err := errRead
	for try := 0; try < 3 && errors.Is(err, errRead); try++ {
		var b *build
		if b, err = r.evaluate(ctx, year, false); err != nil {
			return err
		}
		err = r.Work.Tx(ctx, func(q db.Q) error {
			// The asking first: publishing holds it and waits for the outbox, which waits for the report.
			if err := lockAsking(ctx, q, year); err != nil {
				return err
			}
			if err := lockReport(ctx, q, year); err != nil {
				return err
			}
			rep, err := report(ctx, q, year)
			if err != nil {
				return err
			}
			if !rep.ChangedAt.Equal(b.text.report.ChangedAt.Time) {
				return errRead
			}
			return do(q, rep, b.reading())
		})
	}
	return err
}

// AnswerReport says what somebody who was asked says to a report: for every partner that they
// were asked for. It returns db.ErrNotFound for somebody who was not asked or signs no more,
// ErrNotAsked when the asking is over, and *web.Changed when the text is not the one that was
// read.
func (r *Room) AnswerReport(ctx context.Context, by web.Person, year string, as register.Answer, words,
	chapter string, seen web.Seen) error {
	if as != register.Agreed && words == "" {
		text := "Say what you want to be changed"
		if as == register.Declined {
			text = "Say why you decline"
		}
		return &ui.Invalid{Problems: []ui.Problem{{Field: "words", Text: text}}}
	}
	err := r.whileRead(ctx, year, func(q db.Q, rep Report, now reading) error {
		a, err := agreementOf(ctx, q, year)
		if err != nil {
			return err
		}
		if a.Asking == nil {
			return ErrNotAsked
		}
		mine := a.of(by)
		if len(mine) == 0 {
			return db.ErrNotFound
		}
		if err := audittrail.Check(ctx, q, seen, subject, year, now.form(), textActs...); err != nil {
			return err
		}
		var partners []string
		for _, s := range mine {
			reply := Reply{ID: r.NewID(), AskedID: s.ID, Turn: s.Turn, Person: by.Name, Answer: as, Words: words,
				Chapter: chapter, At: db.At(r.Now())}
			if err := insertReply(ctx, q, by.ID, reply, now); err != nil {
				return err
			}
			partners = append(partners, s.Organisation)
		}
		if err := r.note(ctx, q, by, as.Words()+" for "+lang.Join(partners), year, rep.Title); err != nil {
			return err
		}
		return r.tellAsker(ctx, q, by, rep, *a.Asking, lang.Join(partners), as, words, chapter)
	})
	return db.Wrap(err, "answer report %s", year)
}

// of gives what a person was asked for and may answer.
func (a Agreement) of(by web.Person) []Signer {
	return slices.DeleteFunc(slices.Clone(a.Signers), func(s Signer) bool {
		return !askedRules.May(by, signAnswer, access.Object{PersonID: s.PersonID}) ||
			!askedRules.May(by, signFor, access.Object{OrganisationID: s.OrganisationID})
	})
}

// TakeBackReport calls the asking back: nobody is asked any more, and what was answered stays on
// record. It returns ErrNotAsked, and *web.Changed when somebody answered meanwhile.
func (r *Room) TakeBackReport(ctx context.Context, by web.Person, year string, seen web.Seen) error {
	err := r.whileRead(ctx, year, func(q db.Q, rep Report, now reading) error {
		a, err := r.agreement(ctx, q, year, now)
		if err != nil {
			return err
		}
		if a.Asking == nil {
			return ErrNotAsked
		}
		if err := audittrail.Check(ctx, q, seen, subject, year, a.form(), answerActs...); err != nil {
			return err
		}
		if err := endAsking(ctx, q, a.Asking.ID, db.At(r.Now()), by.Name, calledBack); err != nil {
			return err
		}
		if err := r.note(ctx, q, by, "called back the asking of", year, rep.Title); err != nil {
			return err
		}
		return r.tellCalledBack(ctx, q, by, rep, a.Signers)
	})
	return db.Wrap(err, "call back report %s", year)
}

// answerActs begin the acts that change how the partners stand to a report.
var answerActs = []string{"agreed for", "asked for a change for", "declined for", "asked the partners"}

// ChaseReport reminds those who have not answered, and tells how many it wrote to. Whoever was
// written to within a day is left alone, so that pressing twice sends once.
func (r *Room) ChaseReport(ctx context.Context, by web.Person, year string) (int, error) {
	n := 0
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := lockReport(ctx, q, year); err != nil {
			return err
		}
		rep, err := report(ctx, q, year)
		if err != nil {
			return err
		}
		a, err := agreementOf(ctx, q, year)
		if err != nil {
			return err
		}
		if a.Asking == nil {
			return ErrNotAsked
		}
		list := slices.DeleteFunc(a.Waiting(), func(s Signer) bool { return s.resting(r.Now()) })
		for _, s := range list {
			if err := setReminded(ctx, q, s.ID, db.At(r.Now())); err != nil {
				return err
			}
		}
		if n = len(list); n == 0 {
			return nil
		}
		if err := r.note(ctx, q, by, "reminded the partners of", year, lang.Plural(n, "person", "people")); err != nil {
			return err
		}
		return r.tellSigners(ctx, q, by, rep, *a.Asking, list)
	})
	return n, db.Wrap(err, "remind the partners of report %s", year)
}

// resting reports whether somebody was written to within a day.
func (s Signer) resting(now time.Time) bool {
	return now.Sub(s.AskedAt.Time) < restBetweenChases ||
		!s.RemindedAt.IsZero() && now.Sub(s.RemindedAt.Time) < restBetweenChases
}

// shortest is how many days those who are asked again have at least.
const shortest = 7

// AskAgainReport asks those again who answered to another text than there is now. It returns
// ErrNotAsked when there are none, and *web.Changed when somebody answered meanwhile.
func (r *Room) AskAgainReport(ctx context.Context, by web.Person, year string, seen web.Seen) error {
	err := r.whileRead(ctx, year, func(q db.Q, rep Report, now reading) error {
		a, err := r.agreement(ctx, q, year, now)
		if err != nil {
			return err
		}
		list := a.toAskAgain()
		if a.Asking == nil || len(list) == 0 {
			return ErrNotAsked
		}
		if err := audittrail.Check(ctx, q, seen, subject, year, a.form(), answerActs...); err != nil {
			return err
		}
		if soon := r.Now.Today().AddDays(shortest); a.Asking.DueOn.Before(soon) {
			a.Asking.DueOn = soon
			if err := setAskingDue(ctx, q, *a.Asking); err != nil {
				return err
			}
		}
		var names []string
		for i, s := range list {
			list[i].AskedAt = db.At(r.Now())
			if err := setAskedAgain(ctx, q, s.ID, list[i].AskedAt); err != nil {
				return err
			}
			names = append(names, s.Name)
		}
		if err := r.note(ctx, q, by, "asked the partners again of", year, lang.Join(names)); err != nil {
			return err
		}
		return r.tellSigners(ctx, q, by, rep, *a.Asking, list)
	})
	return db.Wrap(err, "ask again about report %s", year)
}
