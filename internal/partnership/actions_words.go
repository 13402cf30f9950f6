package partnership

import (
	"context"

	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// wordsSubject is what the audit trail calls the partnership's own words.
const wordsSubject = register.TermsSubject

// SaveWords keeps what the partnership calls things that areas call differently. It
// returns *ui.Invalid, or *web.Changed when somebody changed them meanwhile.
func (r *Room) SaveWords(ctx context.Context, by web.Person, terms lang.Terms, seen web.Seen) error {
	defer r.Register.Forget()
	err := r.Work.Tx(ctx, func(q db.Q) error {
		if err := register.HoldTerms(ctx, q); err != nil {
			return err
		}
		was, err := register.ReadTerms(ctx, q)
		if err != nil {
			return err
		}
		if err := audittrail.Check(ctx, q, seen, wordsSubject, "", fillWords(was)); err != nil {
			return err
		}
		if err := register.SaveTerms(ctx, q, terms); err != nil {
			return err
		}
		return r.note(ctx, q, by, "changed", wordsSubject, "", "")
	})
	return db.Wrap(err, "save the partnership's words")
}
