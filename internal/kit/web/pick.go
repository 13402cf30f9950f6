package web

import (
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

// Offer notes that the words of a picker do not name one, and what to choose among.
func (f *Form) Offer(name, problem string, o ui.Offer) {
	f.Add(name, problem)
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

var _ ui.Offering = (*Form)(nil)
