package training

import (
	"context"
	"errors"
	"time"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/names"
	"kith/internal/kit/web"
)

// codeFor gives for whom a code can be printed by the booking of theirs: somebody without an
// account, whose address by may see, where no e-mail is sent.
func (r *Room) codeFor(ctx context.Context, q db.Reader, by web.Person, bookingID string) (Booking, learner, error) {
	b, err := bookingByID(ctx, q, bookingID)
	if err != nil {
		return b, learner{}, err
	}
	who, err := learnerByID(ctx, q, b.PersonID)
	if err != nil {
		return b, who, err
	}
	if !bookingRules.May(by, access.Read, b.of()) || !access.Addresses.May(by, access.Read, who.of()) {
		return b, who, db.ErrNotFound
	}
	sends, err := r.Guests.Sends(ctx, q)
	if err != nil {
		return b, who, err
	}
	if sends {
		return b, who, errCodeMailed
	}
	ids, err := r.Guests.At(ctx, q, who.Email)
	if err == nil && (who.Email == "" || len(ids) == 0) {
		err = errCodeNobody
	}
	return b, who, err
}

// PrintCode makes a code by which whoever has a booking sees it, to be handed over, and notes
// that it was printed. It works as long as one that is sent, and the one before does no more. It
// returns db.ErrNotFound for who may not, and a *web.Refusal where none can be.
func (r *Room) PrintCode(ctx context.Context, by web.Person, bookingID string, seen web.Seen) (code string,
	until time.Time, err error) {
	err = r.Work.Tx(ctx, func(q db.Q) error {
		b, who, err := r.codeFor(ctx, q, by, bookingID)
		if err != nil {
			return err
		}
		if err := seen.Check(fillCode(who)); err != nil {
			return err
		}
		code, until, err = r.Guests.Hand(ctx, q, who.Email)
		if errors.Is(err, db.ErrNotFound) {
			err = errCodeNobody
		}
		if err != nil {
			return err
		}
		return r.noteBooking(ctx, q, by, "printed a code for", b.SessionID, who.Name)
	})
	return code, until, db.Wrap(err, "print a code for booking %s", bookingID)
}

// fillCode is whom the code would be for, which whoever prints it has seen.
func fillCode(who learner) *web.Form {
	return web.NewForm("name", who.Name, "address", names.Email(who.Email))
}
