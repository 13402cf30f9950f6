package web

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"net/http"

	"kith/internal/kit/ids"
)

// onceField is the hidden field with the mark of one showing of a form.
const onceField = "once"

// NewRecord makes a form for something that is to be added, with what it begins with:
// name, value, name, value …. Posting it twice, by a double click or a reload, adds
// one record: see KeepOnce.
func NewRecord(pairs ...string) *Form {
	f := NewForm(pairs...)
	f.values.Set(onceField, ids.New())
	return f
}

// Once gives the mark of this showing of a form, which {{formFoot}} and {{onceMark}}
// write; "" for one that has none yet.
func (f *Form) Once() string { return f.Value(onceField) }

// A Once remembers which forms that add something were posted, and what became of them.
type Once interface {
	// Claim notes that a form is being kept. first says that it was not before;
	// otherwise done is where it led, for which Claim may wait a little.
	Claim(ctx context.Context, mark string) (first bool, done Done, err error)
	// Settle notes where a form that was claimed led.
	Settle(ctx context.Context, mark string, done Done) error
	// Release gives a claim back, when nothing was kept.
	Release(ctx context.Context, mark string) error
}

// KeepOnce runs keep for a form of a route that adds something, unless the same form was
// kept already. The same is what the same person sent from one showing with the same
// words in it: who goes back and changes them means another record. A form without the
// mark of its showing is refused, so that none can do without. Forms that change what is
// there are kept each time: to them another person may have come between.
//
// Submit and SubmitFiles ask here; a handler that reads its form by itself does too.
func KeepOnce(r *http.Request, f *Form, keep func(f *Form) (Done, error)) (Done, error) {
	x := exchangeOf(r)
	once := x.once
	if once == nil || !x.route.adding() {
		return keep(f)
	}
	if f.Once() == "" {
		return Done{}, BadRequest("The form did not come from its page as it is now. Open the page again and send it from " +
			"there.")
	}
	sum := sha256.Sum256([]byte(PersonOf(r).ID + "\x00" + r.URL.Path + "\x00" + f.values.Encode()))
	mark := hex.EncodeToString(sum[:])
	first, done, err := once.Claim(r.Context(), mark)
	if err != nil || !first {
		return done, err
	}
	settled := false
	// The person may be gone by the time, and the mark has to be right even so.
	ctx := context.WithoutCancel(r.Context())
	defer func() {
		if !settled {
			// Left behind, the claim is given up after a minute.
			_ = once.Release(ctx, mark)
		}
	}()
	done, err = keep(f)
	if err == nil && f.OK() {
		settled = true
		// The record is there: who sent it has to hear so, whatever becomes of the mark.
		_ = once.Settle(ctx, mark, done)
	}
	return done, err
}
