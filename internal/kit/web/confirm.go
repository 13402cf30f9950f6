package web

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"kith/internal/kit/period"
	"kith/internal/kit/ui"
)

// confirmPage asks before something is done.
type confirmPage struct {
	ui.Base
	Words  []string
	Act    string
	Cancel string
	Mark   string   // what the person saw of the record; "" when there is none behind the question
	Met    string   // who changed the record since the page was opened, and when; "" when nobody did
	Now    []ui.Row // what they changed, as it is now
}

// Confirm asks before something is done that cannot simply be undone: base has the
// question as its title, words say what will happen, act is the button's text and
// cancel the page to go back to. The form is posted to the address of the page.
// record is the form of the record the question is about, or nil when none is: the
// page carries a mark of it, which the action compares when Confirmed hands it over.
func Confirm(w http.ResponseWriter, r *http.Request, record *Form, base ui.Base, act, cancel string,
	words ...string) error {
	if u := undoing(r); u != nil {
		u.mark, u.ok = record.Mark(), true
		return nil
	}
	set, err := ownPages()
	if err != nil {
		return err
	}
	page := confirmPage{Base: base, Act: base.Put(act), Cancel: cancel, Mark: record.Mark()}
	for _, x := range words {
		page.Words = append(page.Words, base.Put(x))
	}
	status := http.StatusOK
	if met, ok := r.Context().Value(metKey{}).(met); ok {
		status, page.Met, page.Now = http.StatusConflict, met.changed.Words(), nowOf(met.seen, record)
	}
	return Render(w, status, set, "confirm", page)
}

// Confirmed answers a page of Confirm when its button is pressed. do calls the room's
// action with what the person saw. When somebody changed the record since, nothing is
// done, and show (the handler that opened the page) asks again, saying who changed what.
func Confirmed(w http.ResponseWriter, r *http.Request, show HandlerFunc, do func(seen Seen) (Done, error)) error {
	f, err := ReadForm(w, r)
	if err != nil {
		return err
	}
	done, err := do(f.Seen())
	readBy(err, PersonOf(r))
	var changed *Changed
	if errors.As(err, &changed) {
		ctx := context.WithValue(r.Context(), metKey{}, met{changed, f.Value(seenField)})
		return show(w, r.WithContext(ctx))
	}
	if err != nil {
		return err
	}
	return done.Answer(w, r)
}

// A met is a change that a confirmation met, and the mark of what was seen before it.
type met struct {
	changed *Changed
	seen    string
}

type metKey struct{}

// With gives a form that has the values of another as well: what a person sees of a
// record that has several forms. A field that both have is the first one's.
func (f *Form) With(other *Form) *Form {
	both := &Form{values: maps.Clone(other.values), terms: f.terms, offered: maps.Clone(other.offered)}
	maps.Copy(both.values, f.values)
	return both
}

// nowOf lists what a record has now in the fields that are not as they were seen.
func nowOf(seen string, record *Form) []ui.Row {
	if seen == "" || record == nil {
		return nil
	}
	before, now := readMarks(seen), marks(record.values)
	names := map[string]bool{}
	for _, all := range []map[string]string{before, now} {
		for name := range all {
			if before[name] != now[name] && name != "" && name != "empty" && !record.offered[name] && !chosen(name) {
				names[partOf(name)] = true
			}
		}
	}
	var rows []ui.Row
	for _, name := range slices.Sorted(maps.Keys(names)) {
		rows = append(rows, ui.Row{Key: fieldWords(name), Value: nowWords(name, record.values)})
	}
	return rows
}

// chosen reports whether a field only carries what a picker beside it says in words.
func chosen(name string) bool {
	return name == ui.ChosenField(strings.TrimSuffix(name, ui.ChosenField("")))
}

// partOf gives the date that a field is a part of, or the field itself.
func partOf(name string) string {
	for _, part := range []string{"-day", "-month", "-year"} {
		if of, ok := strings.CutSuffix(name, part); ok {
			return of
		}
	}
	return name
}

// fieldWords makes words of a field's name, which is one or two plain words.
func fieldWords(name string) string {
	name = strings.TrimSuffix(name, ui.PickedField(""))
	if name == "email" {
		return "E-mail address"
	}
	words := strings.TrimSpace(strings.NewReplacer("_", " ", "-", " ").Replace(name))
	if words == "" {
		return name
	}
	return strings.ToUpper(words[:1]) + words[1:]
}

// nowWords says what a field holds. The value of a choice is no word of anybody's, so
// of one it says only that it is another.
func nowWords(name string, values url.Values) string {
	if d, err := period.ParseAnyDate(values.Get(name+"-day") + " " + monthName(values.Get(name+"-month")) + " " +
		values.Get(name+"-year")); err == nil {
		return d.Words()
	}
	text := strings.TrimSpace(strings.Join(shownValues(name, values[name]), ", "))
	written := func(c rune) bool { return unicode.IsSpace(c) || unicode.IsUpper(c) }
	lower := func(c rune) bool { return unicode.IsLetter(c) }
	switch {
	case text == "":
		return "taken out"
	case !strings.ContainsFunc(text, written) && strings.ContainsFunc(text, lower):
		return "changed to another"
	}
	if long := []rune(text); len(long) > 400 {
		text = string(long[:400]) + "…"
	}
	return text
}
