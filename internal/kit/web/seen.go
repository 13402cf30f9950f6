package web

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
)

// Two people who change one record at the same time are both shown. A form is
// made from the record; the page carries a mark of each of its values (Form.Mark,
// written by {{formFoot}}). When the form comes back, the action that keeps it
// makes the form of the record again, inside its transaction, and compares: has
// anything changed since the page was opened, nothing is kept, and the person sees
// both texts, field by field. No table needs a version for this, and a change is
// noticed wherever it came from: another page, an import, a job.

// seenField is the hidden field that carries the mark.
const seenField = "seen"

// A Seen is what a person saw of a record when they opened its form.
type Seen struct {
	mark string
	any  bool
}

// Unwatched is for what is kept without a form that anybody looked at: by the
// command line, an importer, or the demonstration.
var Unwatched = Seen{any: true}

// Seen gives what was seen when the page of this form was opened.
func (f *Form) Seen() Seen { return Seen{mark: f.Value(seenField)} }

// SeenAs is what a mark says that was seen, of one of the several records that a form is about.
func SeenAs(mark string) Seen { return Seen{mark: mark} }

// Check compares what was seen with now, the form of the record as it is kept at
// this moment. It returns a *Changed when they differ.
func (s Seen) Check(now *Form) error {
	if s.any || s.mark == now.mark() {
		return nil
	}
	return &Changed{Now: now}
}

// A Changed is returned for a record that somebody else changed while its form
// was open. Form.Refuse shows both texts.
type Changed struct {
	Now  *Form     // the form of the record as it is kept
	By   string    // who changed it last; "" when not known
	ByID string    // and their id; "" for the command line and the program itself
	At   time.Time // when; zero when not known

	yours bool // it was the reader, in another window
}

func (e *Changed) Error() string { return "the record was changed while its form was open" }

// Words says who changed the record and when.
func (e *Changed) Words() string {
	said := e.By + " changed this"
	switch {
	case e.yours:
		said = "You changed this in another window"
	case e.By == "":
		said = "Somebody else changed this"
	}
	if e.At.IsZero() {
		return said
	}
	return said + " on " + lang.DateTime(e.At)
}

// readBy notes on a *Changed in err who reads of it: nobody is told about
// themselves as if they were somebody else.
func readBy(err error, p Person) {
	var changed *Changed
	if errors.As(err, &changed) {
		changed.yours = p.ID != "" && p.ID == changed.ByID
	}
}

// values of a field as they are compared: line ends as they are kept, and what is
// empty is not there. A browser sends an empty field, a record has none.
func compared(values []string) string {
	var out []string
	for _, v := range values {
		if v = strings.TrimSpace(strings.ReplaceAll(v, "\r\n", "\n")); v != "" {
			out = append(out, v)
		}
	}
	return strings.Join(out, "\x00")
}

// marks gives a short hash of each field that has a value. Five bytes tell two
// texts apart; they protect nothing and need not.
func marks(values url.Values) map[string]string {
	out := map[string]string{}
	for name, v := range values {
		if text := compared(v); text != "" && name != seenField && name != onceField {
			sum := sha256.Sum256([]byte(text))
			out[name] = hex.EncodeToString(sum[:5])
		}
	}
	return out
}

// markBetween stands between the marks of two fields: a name, once escaped, has none.
const markBetween = "!"

func markOf(values url.Values) string {
	var out []string
	all := marks(values)
	for _, name := range slices.Sorted(maps.Keys(all)) {
		out = append(out, url.QueryEscape(name)+"~"+all[name])
	}
	if len(out) == 0 {
		return "empty"
	}
	return strings.Join(out, markBetween)
}

func readMarks(mark string) map[string]string {
	out := map[string]string{}
	for _, part := range strings.Split(mark, markBetween) {
		name, hash, _ := strings.Cut(part, "~")
		if name, err := url.QueryUnescape(name); err == nil {
			out[name] = hash
		}
	}
	return out
}

// Mark implements ui.Watched: what the page's hidden field is to say. A form that
// comes back with a problem keeps what was first seen; one that met another
// person's change has now seen theirs.
func (f *Form) Mark() string {
	switch {
	case f == nil:
		return ""
	case f.changed != nil:
		return f.changed.Now.mark()
	case f.values.Has(seenField):
		return f.values.Get(seenField)
	}
	return f.mark()
}

// mark is the mark of what the form has of its record.
func (f *Form) mark() string {
	of := maps.Clone(f.values)
	maps.DeleteFunc(of, func(name string, _ []string) bool { return f.offered[name] })
	return markOf(of)
}

// ChangedWords implements ui.Watched: who changed the record meanwhile; "" when
// nobody did.
func (f *Form) ChangedWords() string {
	if f == nil || f.changed == nil {
		return ""
	}
	return f.changed.Words()
}

// ChangedByReader implements ui.Watched: it was the reader who changed the record,
// in another window.
func (f *Form) ChangedByReader() bool { return f != nil && f.changed != nil && f.changed.yours }

// Theirs implements ui.Watched: what another person saved in a field, when it is
// not what stands in this form. A field that only this person wrote in is theirs
// to keep, and nothing is said at it.
func (f *Form) Theirs(name string) (values []string, differs bool) {
	if f == nil || f.changed == nil {
		return nil, false
	}
	theirs := f.changed.Now.values[name]
	before, now := readMarks(f.values.Get(seenField)), marks(f.changed.Now.values)
	return theirs, before[name] != now[name] && compared(theirs) != compared(f.values[name])
}

// meet puts another person's change on the form. A field that this person left
// alone takes the other's value; where both wrote, both stand.
func (f *Form) meet(c *Changed) {
	before, mine := readMarks(f.values.Get(seenField)), marks(f.values)
	names := map[string]bool{}
	for _, values := range []url.Values{f.values, c.Now.values} {
		for name := range values {
			names[name] = true
		}
	}
	for name := range names {
		if name != seenField && name != onceField && before[name] == mine[name] {
			f.values[name] = slices.Clone(c.Now.values[name])
		}
	}
	f.changed = c
}

var _ ui.Watched = (*Form)(nil)
