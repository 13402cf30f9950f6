package web

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"regexp"
	"strings"
)

// A page may stay open while somebody else signs in to the same browser. What was written on it
// would then be kept under the other's name, so each form says who its page was shown to.

// writerField is the hidden field that says so.
const writerField = "writer"

// writerOf gives what stands for a person in that field. It is no secret, and needs none: it
// keeps people from mixing themselves up, and other websites cannot send our forms at all.
func writerOf(p Person) string {
	sum := sha256.Sum256([]byte("the form of " + p.ID))
	return hex.EncodeToString(sum[:8])
}

// postedForm finds the beginning of each form that is sent.
var postedForm = regexp.MustCompile(`<form\b[^>]*\bmethod="post"[^>]*>`)

// signForms puts into each form of a page who it is shown to.
func signForms(page []byte, p Person) []byte {
	field := []byte(`<input type="hidden" name="` + writerField + `" value="` + writerOf(p) + `">`)
	return postedForm.ReplaceAllFunc(page, func(form []byte) []byte {
		return append(form[:len(form):len(form)], field...)
	})
}

// anothers refuses a form whose page was shown to somebody else. One with files is asked by
// ReadUpload, as it arrives: the field comes before any file.
func anothers(w http.ResponseWriter, r *http.Request, p Person) error {
	if p.ID == "" || r.Method != http.MethodPost || !urlEncoded(r) {
		return nil
	}
	f, err := ReadForm(w, r)
	if err != nil {
		return err
	}
	return written(f.Value(writerField), p)
}

// written refuses what was written on a page that was shown to somebody else than a person.
func written(by string, p Person) error {
	if by == "" || p.ID == "" || by == writerOf(p) {
		return nil
	}
	return &Refusal{http.StatusConflict, "Somebody else was signed in when this page was opened",
		"Nothing was saved, so that it does not stand under your name. What was entered is below: copy it, and let whoever " +
			"wrote it sign in and enter it."}
}

// urlEncoded reports whether a request has a form without files.
func urlEncoded(r *http.Request) bool {
	return strings.HasPrefix(r.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}
