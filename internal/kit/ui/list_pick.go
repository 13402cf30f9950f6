package ui

import "net/url"

// A listPick is a filter whose record is picked by typing: which it is set to, or why not.
type listPick struct {
	id, words string
	typed     string // what was typed, where it names no record
	problem   string
	offer     Offer
}

// Pick sets a filter to a record: its id stands in every address of the list, and the filter
// shows its words with a way to take it off.
func (l *List) Pick(name, id, words string) {
	l.Query.Set(name, id)
	l.pick(name, listPick{id: id, words: words})
}

// Offer says of a filter that what was typed names no one record, and what to choose among.
func (l *List) Offer(name, problem string, o Offer) {
	l.pick(name, listPick{typed: o.Typed, problem: problem, offer: o})
}

func (l *List) pick(name string, p listPick) {
	l.Query.Del(ChosenField(name))
	if l.picks == nil {
		l.picks = map[string]listPick{}
	}
	l.picks[name] = p
}

// Offered implements [Offering].
func (l List) Offered(name string) (Offer, bool) {
	p, ok := l.picks[name]
	return p.offer, ok && p.problem != ""
}

// asks reports whether a filter asks which record is meant.
func (l List) asks() bool {
	for _, p := range l.picks {
		if len(p.offer.Choices) > 0 {
			return true
		}
	}
	return false
}

// Kept implements [Offering]: a filter keeps whatever it is set to.
func (l List) Kept(string) string { return "" }

// Picked gives the words of the record that a filter is set to.
func (l List) Picked(name string) (words string, ok bool) {
	p, ok := l.picks[name]
	return p.words, ok && p.id != ""
}

// Without is the list's address with a filter taken off, from its first page.
func (l List) Without(name string) string {
	return l.with(func(q url.Values) {
		q.Del("page")
		q.Del(name)
	})
}

var _ Offering = List{}
