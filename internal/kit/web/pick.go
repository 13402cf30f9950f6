package web

import (
	"net/http"
	"slices"
	"strings"

	"kith/internal/kit/ui"
)

// Choose fills a picker (see ui.ChosenField) with somebody, or something, and the
// words that stand for them.
func (f *Form) Choose(name, id, words string) {
	if id == "" {
		return
	}
	f.Set(name, words)
	f.Set(ui.ChosenField(name), ui.ChosenValue(id, words))
}

// Chosen gives the id chosen in a picker; "" when none was, or when the words were
// changed after it was.
func (f *Form) Chosen(name string) string {
	id, words, _ := strings.Cut(f.Value(ui.ChosenField(name)), " ")
	if strings.TrimSpace(words) != strings.TrimSpace(f.Value(name)) {
		return ""
	}
	return id
}

// ChooseAlso adds a record to those chosen in a picker of several, with the words that
// stand for it.
func (f *Form) ChooseAlso(name, id, words string) {
	value := ui.ChosenValue(id, words)
	if !slices.ContainsFunc(f.Picked(name), func(was string) bool { return was == id }) {
		f.values.Add(ui.PickedField(name), value)
	}
}

// Picked gives the ids chosen in a picker of several.
func (f *Form) Picked(name string) []string {
	var out []string
	for _, v := range f.values[ui.PickedField(name)] {
		if id, _, _ := strings.Cut(v, " "); id != "" {
			out = append(out, id)
		}
	}
	return out
}

// Offer notes that the words of a picker do not name one, and what to choose among.
func (f *Form) Offer(name, problem string, o ui.Offer) {
	f.Add(name, problem)
	f.offer(name, o)
}

func (f *Form) offer(name string, o ui.Offer) {
	if f.offers == nil {
		f.offers = map[string]ui.Offer{}
	}
	f.offers[name] = o
}

// Offered implements ui.Offering.
func (f *Form) Offered(name string) (ui.Offer, bool) {
	if f == nil {
		return ui.Offer{}, false
	}
	o, ok := f.offers[name]
	return o, ok
}

// Keep notes why what is chosen at a field could not be chosen anew: an account that is
// closed, an organisation that has ended. It is shown, and stays until another is chosen.
func (f *Form) Keep(name, why string) {
	if f.kept == nil {
		f.kept = map[string]string{}
	}
	f.kept[name] = why
}

// Kept implements ui.Offering.
func (f *Form) Kept(name string) string {
	if f == nil {
		return ""
	}
	return f.kept[name]
}

var _ ui.Offering = (*Form)(nil)

// A Picker finds records of a kind by words, for somebody: only those they may see. It
// returns ErrNotFound for a kind that is not theirs to look among.
type Picker func(r *http.Request, by Person, kind, typed string) (ui.Suggestions, error)

// Look answers the button beside a picker, which works without script: it notes on the form
// what fits the words of the field, so that the form can be shown again as it was filled in.
// It reports false when that button was not pressed.
func Look(r *http.Request, f *Form) (pressed bool, err error) {
	kind, name, pressed := strings.Cut(f.Value(ui.LookField), " ")
	pick := exchangeOf(r).pick
	if !pressed || pick == nil {
		return false, nil
	}
	f.values.Del(ui.LookField)
	typed := f.Text(name, "", mostTyped)
	if !f.OK() {
		return true, nil
	}
	found, err := pick(r, PersonOf(r), kind, typed)
	f.offer(name, found.Offer(typed))
	return true, err
}

// mostTyped is the most that is looked for, in characters.
const mostTyped = 300
