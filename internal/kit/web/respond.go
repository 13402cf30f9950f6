package web

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"

	"kith/internal/kit/csvfile"
	"kith/internal/kit/ui"
)

// Render answers with a page. The page is made whole before a byte of it goes
// out.
func Render(w http.ResponseWriter, status int, set *ui.Set, name string, page any) error {
	var b bytes.Buffer
	if err := set.Render(&b, name, page); err != nil {
		return fmt.Errorf("render %s: %w", name, err)
	}
	out := b.Bytes()
	if to, ok := w.(*recorder); ok && to.reader.ID != "" {
		out = signForms(out, to.reader)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if _, err := w.Write(out); err != nil {
		return fmt.Errorf("send %s: %w", name, err)
	}
	return nil
}

// SeeOther sends the browser to another page after a form was posted, where done
// (unless "") is said once.
func SeeOther(w http.ResponseWriter, r *http.Request, to, done string) error {
	if done != "" {
		SetFlash(w, r, ui.Flash{Kind: ui.FlashDone, Text: done})
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

const flashCookie = "kith_flash"

// SetFlash keeps a message for the next page. Only pages of the workspace use it:
// the public sites set no cookie.
func SetFlash(w http.ResponseWriter, r *http.Request, f ui.Flash) {
	b, err := json.Marshal(f)
	if err != nil {
		return // a struct of strings: cannot happen
	}
	SetCookie(w, r, http.Cookie{Name: flashCookie, Value: base64.RawURLEncoding.EncodeToString(b), MaxAge: 60,
		SameSite: http.SameSiteStrictMode})
}

// TakeFlash gives the message kept for this page, and forgets it.
func TakeFlash(w http.ResponseWriter, r *http.Request) *ui.Flash {
	value := Cookie(r, flashCookie, "/")
	if value == "" {
		return nil
	}
	DropCookie(w, r, flashCookie)
	b, err := base64.RawURLEncoding.DecodeString(value)
	if err != nil {
		return nil
	}
	var f ui.Flash
	if json.Unmarshal(b, &f) != nil || f.Href != "" && Local(f.Href, "") == "" ||
		f.Undo != "" && Local(f.Undo, "") == "" {
		return nil
	}
	switch f.Kind {
	case ui.FlashDone, ui.FlashNote, ui.FlashProblem:
	default:
		return nil // no message of ours: the cookie can be anything
	}
	return &f
}

// CSV answers with a table to download, safe to open in a spreadsheet.
func CSV(w http.ResponseWriter, name string, header []string, rows [][]string) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="%s"`, name))
	return csvfile.Write(w, header, rows)
}
