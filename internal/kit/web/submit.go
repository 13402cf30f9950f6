package web

import (
	"errors"
	"net/http"

	"kith/internal/kit/ui"
)

// Refuse puts what is wrong on the form and gives the status to answer with: 422
// for what has to be entered otherwise, 409 for what somebody else changed or took
// meanwhile. It gives 0 when err is of another kind.
func (f *Form) Refuse(err error) int {
	var invalid *ui.Invalid
	var taken *ui.Taken
	var changed *Changed
	switch {
	case errors.As(err, &invalid):
		for _, p := range invalid.Problems {
			f.Add(p.Field, p.Text)
		}
		return http.StatusUnprocessableEntity
	case errors.As(err, &taken):
		f.Add(taken.Field, taken.Text)
		return http.StatusConflict
	case errors.As(err, &changed):
		f.meet(changed)
		return http.StatusConflict
	}
	return 0
}

// ErrAgain is returned by keep (see Submit) for a button that keeps nothing, such as
// Preview: the form is shown again with what was entered.
var ErrAgain = errors.New("the form is only shown again")

// A Done is where a person goes when what they posted is kept, and what they are
// told there.
type Done struct {
	To, Words string
	// Undo is the address of the act that takes this one back, where one press can; the line that
	// says what was done then offers it. "" where nothing can, or something has to be entered.
	Undo string
}

// Submit answers a posted form. keep reads it and calls the room's action; it may
// return at once when the form has problems. What is refused is shown on the form
// again, with what was entered, by show. A form that adds something and was kept already
// is not kept again: the person is led where the first led (see KeepOnce).
func Submit(w http.ResponseWriter, r *http.Request, show func(status int, f *Form) error,
	keep func(f *Form) (Done, error)) error {
	f, err := ReadForm(w, r)
	if err != nil {
		return err
	}
	if pressed, err := Look(r, f); pressed && err == nil {
		return show(http.StatusOK, f)
	} else if err != nil {
		return err
	}
	done, err := KeepOnce(r, f, keep)
	readBy(err, PersonOf(r))
	if errors.Is(err, ErrAgain) {
		return show(http.StatusOK, f)
	}
	if status := f.Refuse(err); status != 0 {
		return show(status, f)
	}
	if err != nil {
		return err
	}
	if !f.OK() {
		return show(http.StatusUnprocessableEntity, f)
	}
	return done.Answer(w, r)
}

// Press answers a button that adds something each time and has no fields that could be
// wrong: pressed twice on one showing of its page, it adds once (see KeepOnce). Its form has
// {{onceMark .Form}}, of a NewRecord.
func Press(w http.ResponseWriter, r *http.Request, keep func(f *Form) (Done, error)) error {
	f, err := ReadForm(w, r)
	if err != nil {
		return err
	}
	done, err := KeepOnce(r, f, keep)
	if err != nil {
		return err
	}
	return SeeOther(w, r, done.To, done.Words)
}
