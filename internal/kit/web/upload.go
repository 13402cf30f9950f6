package web

import (
	"io"
	"net/http"
)

// An Upload is how a form with files is received.
type Upload struct {
	MaxBytes int64 // of the whole form
	MaxFiles int
	// Receive is given each file, in order.
	Receive func(name string, in io.Reader) error
	// Sum says what was received, so that the same form with other files is another.
	Sum func() string
}

// sumField stands in a form for the files that came with it.
const sumField = "files-received"

// SubmitFiles answers a posted form that has files, as Submit does one without.
func SubmitFiles(w http.ResponseWriter, r *http.Request, u Upload, show func(status int, f *Form) error,
	keep func(f *Form) (Done, error)) error {
	f, err := ReadUpload(w, r, u.MaxBytes, u.MaxFiles, u.Receive)
	if err != nil {
		return err
	}
	f.terms = termsOf(r)
	f.Set(sumField, u.Sum())
	done, err := KeepOnce(r, f, keep)
	readBy(err, PersonOf(r))
	if status := f.Refuse(err); status != 0 {
		return show(status, f)
	}
	if err != nil {
		return err
	}
	if !f.OK() {
		return show(http.StatusUnprocessableEntity, f)
	}
	return SeeOther(w, r, done.To, done.Words)
}
