package plan

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// A deed is one thing that somebody does with an open action.
type deed struct {
	may   access.Act // what the rules must let them do: actionDo, or access.Change; "" for either
	kind  SaidKind
	act   string // as the audit trail has it
	words string
	seen  web.Seen
	saw   func(Action) *web.Form // the form that seen is of
	// do changes the action. It returns ErrMoved when there is nothing to be done any more.
	do func(ctx context.Context, q db.Q, a *Action) error
	// owners says that those who do the action are told, and else those who look after it.
	owners bool
	day    func(Action) period.Date // what the words are about; nil for none
}

// perform does a deed: the action is held, the rules are asked, what the person saw is
// compared, and what they did is said, noted and told to whoever has to act next. It returns
// db.ErrNotFound for somebody whose it is not, ErrMoved and *ui.Invalid.
func (r *Room) perform(ctx context.Context, by web.Person, id string, d deed) error {
	err := r.Work.Tx(ctx, func(q db.Q) error {
		a, err := lockAction(ctx, q, id)
		if err != nil {
			return err
		}
		may := func(do access.Act) bool { return actionRules.May(by, do, a.of()) }
		if d.may != "" && !may(d.may) || d.may == "" && !may(actionDo) && !may(access.Change) {
			return db.ErrNotFound
		}
		if d.saw != nil {
			if err := audittrail.Check(ctx, q, d.seen, actionSubject, id, d.saw(a), actionActs...); err != nil {
				return err
			}
		}
		if a.Status != Open {
			return ErrMoved
		}
		var day period.Date
		if d.day != nil {
			day = d.day(a)
		}
		was := a
		if err := d.do(ctx, q, &a); err != nil {
			return err
		}
		a.Status = a.status()
		if problems := a.problems(r.Now.Today()); len(problems) > 0 {
			return &ui.Invalid{Problems: problems}
		}
		if err := updateAction(ctx, q, a); err != nil {
			return err
		}
		if day.IsZero() {
			day = a.AskedUntil
		}
		said := Said{ID: r.NewID(), ActionID: id, Kind: d.kind, PersonID: by.ID, Person: by.Name, Words: d.words,
			Day: day, At: db.At(r.Now())}
		if d.kind == Handed {
			if a, err = action(ctx, q, id); err != nil {
				return err
			}
			said.Words = a.Owner
		}
		if err := insertSaid(ctx, q, said); err != nil {
			return err
		}
		if err := r.trail().Note(ctx, q, by, d.act, actionSubject, id, a.Title,
			audittrail.Between(wholeAction(was), wholeAction(a))); err != nil {
			return err
		}
		owners := d.owners
		if d.kind == Cleared { // each says it to the other
			owners = !may(actionDo)
		}
		return r.tellOf(ctx, q, by, a, said, owners)
	})
	return db.Wrap(err, "%s action %s", d.act, id)
}

// ClaimAction says, for whoever does an action, that it is done since today: what is different
// now, and what shows it, which the files with the action may do instead. Whoever looks after
// it then agrees, or asks again.
func (r *Room) ClaimAction(ctx context.Context, by web.Person, id, evidence, impact string, seen web.Seen) error {
	return r.perform(ctx, by, id, deed{may: actionDo, kind: SaidDone, act: "said done", words: impact, seen: seen,
		saw: fillClaim, do: func(ctx context.Context, q db.Q, a *Action) error {
			if a.Claimed() {
				return ErrMoved
			}
			if impact == "" {
				return invalid("impact", "Say what is different now")
			}
			n, err := r.Files.Count(ctx, q, r.evidence(), id)
			if err != nil {
				return err
			}
			if evidence == "" && n == 0 {
				return invalid("evidence", "Say what shows it, or add a file first")
			}
			a.ClaimedOn, a.Evidence, a.Impact, a.AskedUntil, a.Hindrance = r.Now.Today(), evidence, impact, period.Date{}, ""
			return nil
		}})
}

// TakeBackAction takes back what the owner said or asked: that it is done, or for longer.
func (r *Room) TakeBackAction(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	return r.perform(ctx, by, id, deed{may: actionDo, kind: TakenBack, act: "took back", seen: seen, saw: wholeAction,
		do: func(_ context.Context, _ db.Q, a *Action) error {
			if a.ClaimedOn.IsZero() && a.AskedUntil.IsZero() {
				return ErrMoved
			}
			a.ClaimedOn, a.AskedUntil = period.Date{}, period.Date{}
			return nil
		}})
}

// AgreeAction closes an action as its owner said that it was done, on the day they said so.
func (r *Room) AgreeAction(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	return r.perform(ctx, by, id, deed{may: access.Change, kind: Closed, act: "marked as done", seen: seen,
		saw: wholeAction, owners: true, do: func(ctx context.Context, q db.Q, a *Action) error {
			if !a.Claimed() {
				return ErrMoved
			}
			if a.Evidence == "" {
				a.Evidence = "The files with this action"
			}
			a.DoneOn, a.ClaimedOn = a.ClaimedOn, period.Date{}
			return nil
		}})
}

// ReturnAction asks the owner again, who said that the action was done, and says why.
func (r *Room) ReturnAction(ctx context.Context, by web.Person, id, why string) error {
	return r.perform(ctx, by, id, deed{may: access.Change, kind: SentBack, act: "asked again", words: why, owners: true,
		do: func(_ context.Context, _ db.Q, a *Action) error {
			if !a.Claimed() {
				return ErrMoved
			}
			if why == "" {
				return invalid("words", "Say what is still to be done")
			}
			a.ClaimedOn = period.Date{}
			return nil
		}})
}

// ExtendAction asks for longer: until a day, and why.
func (r *Room) ExtendAction(ctx context.Context, by web.Person, id string, until period.Date, why string) error {
	return r.perform(ctx, by, id, deed{may: actionDo, kind: Asked, act: "asked for longer", words: why,
		do: func(_ context.Context, _ db.Q, a *Action) error {
			if a.Claimed() {
				return ErrMoved
			}
			if until.IsZero() || !until.After(r.Now.Today()) {
				return invalid("until", "Enter a day after today")
			}
			if why == "" {
				return invalid("words", "Say why, so that it can be agreed")
			}
			a.AskedUntil = until
			return nil
		}})
}

// GrantAction gives the longer time that was asked for.
func (r *Room) GrantAction(ctx context.Context, by web.Person, id string, seen web.Seen) error {
	return r.perform(ctx, by, id, deed{may: access.Change, kind: Longer, act: "agreed longer", seen: seen,
		saw: wholeAction, owners: true, day: func(a Action) period.Date { return a.AskedUntil },
		do: func(_ context.Context, _ db.Q, a *Action) error {
			if a.AskedUntil.IsZero() {
				return ErrMoved
			}
			a.DueOn, a.AskedUntil = a.AskedUntil, period.Date{}
			return nil
		}})
}

// RefuseAction does not give the longer time that was asked for, and says why.
func (r *Room) RefuseAction(ctx context.Context, by web.Person, id, why string) error {
	return r.perform(ctx, by, id, deed{may: access.Change, kind: NotLonger, act: "agreed no longer", words: why,
		owners: true, do: func(_ context.Context, _ db.Q, a *Action) error {
			if a.AskedUntil.IsZero() {
				return ErrMoved
			}
			if why == "" {
				return invalid("words", "Say why")
			}
			a.AskedUntil = period.Date{}
			return nil
		}})
}

// HinderAction says what is in the way of an action.
func (r *Room) HinderAction(ctx context.Context, by web.Person, id, words string) error {
	return r.perform(ctx, by, id, deed{may: actionDo, kind: Hindered, act: "said what is in the way", words: words,
		do: func(_ context.Context, _ db.Q, a *Action) error {
			if words == "" {
				return invalid("words", "Say what is in the way")
			}
			a.Hindrance = words
			return nil
		}})
}

// ClearAction says that nothing is in the way of an action any more: its owner, or whoever
// looks after it, in words to the other.
func (r *Room) ClearAction(ctx context.Context, by web.Person, id, words string) error {
	return r.perform(ctx, by, id, deed{kind: Cleared, act: "said what was in the way is not", words: words,
		do: func(_ context.Context, _ db.Q, a *Action) error {
			if a.Hindrance == "" {
				return ErrMoved
			}
			a.Hindrance = ""
			return nil
		}})
}

// HandAction hands an action to somebody of the same organisation who can open it.
func (r *Room) HandAction(ctx context.Context, by web.Person, id, to string, seen web.Seen) error {
	return r.perform(ctx, by, id, deed{may: actionDo, kind: Handed, act: "handed over", seen: seen, saw: fillHand,
		owners: true, do: func(ctx context.Context, q db.Q, a *Action) error {
			list, err := r.colleagues(ctx, q, *a)
			if err != nil {
				return err
			}
			for _, p := range list {
				if p.ID == to && p.ID != string(a.OwnerID) {
					a.OwnerID, a.OrganisationID = db.Opt(to), db.Opt(p.OrganisationID)
					return nil
				}
			}
			return invalid("to", "Choose who is to do it")
		}})
}

// CommentAction says something at an action, to its owner from those who look after it, and
// the other way round. It may be said when the action has ended, too.
func (r *Room) CommentAction(ctx context.Context, by web.Person, id, words string) error {
	if words == "" {
		return invalid("words", "Write what you want to say")
	}
	err := r.Work.Tx(ctx, func(q db.Q) error {
		a, err := lockAction(ctx, q, id)
		if err != nil {
			return err
		}
		if !actionRules.May(by, access.Change, a.of(), saidField) {
			return db.ErrNotFound
		}
		said := Said{ID: r.NewID(), ActionID: id, Kind: Comment, PersonID: by.ID, Person: by.Name, Words: words,
			At: db.At(r.Now())}
		if err := insertSaid(ctx, q, said); err != nil {
			return err
		}
		if err := r.trail().Note(ctx, q, by, "commented", actionSubject, id, a.Title); err != nil {
			return err
		}
		return r.tellOf(ctx, q, by, a, said, !actionRules.May(by, actionDo, a.of()))
	})
	return db.Wrap(err, "comment on action %s", id)
}

// invalid refuses one field.
func invalid(field, text string) error {
	return &ui.Invalid{Problems: []ui.Problem{{Field: field, Text: text}}}
}

// fillClaim fills the form by which an owner says that an action is done.
func fillClaim(a Action) *web.Form { return web.NewForm("evidence", a.Evidence, "impact", a.Impact) }

// fillHand fills the form by which an action is handed over.
func fillHand(a Action) *web.Form {
	f := web.NewForm()
	f.Choose("to", string(a.OwnerID), register.PersonWords(a.Owner, a.OwnerEmail))
	return f
}
