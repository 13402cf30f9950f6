package search

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/web"
)

// A Question is what somebody looks for.
type Question struct {
	Text string
	// May and Scopes are who asks: what they hold, and with it which scopes besides.
	May    func(web.Permission) bool
	Scopes func(web.Permission) []string // nil for none
	// Same are words that mean the same here, each list a word or phrase and others for
	// it, besides those that mean the same everywhere.
	Same [][]string
	// Hits narrows what is read to one group, by its id; all are counted. "" reads of each.
	Hits          string
	Limit, Offset int // of each group
}

// OwnWords gives what an installation calls otherwise as words that mean the same.
func OwnWords(terms lang.Terms) [][]string {
	var out [][]string
	for standard, own := range terms {
		out = append(out, []string{standard, own})
	}
	return out
}

// ErrTooMuch is returned for a search that asks for more than anybody types.
var ErrTooMuch = errors.New("a search is too long")

// What a search may ask for at the most. A question that is longer finds nothing that
// a shorter one does not, and would only keep the store busy.
const (
	MostLetters = 200
	MostWords   = 12
)

// MostCounted is how many things of a group are counted, and shown page by page, at
// the most: whoever looks for one among more needs another word.
const MostCounted = 1000

// An Answer is what was found.
type Answer struct {
	Groups []Found // those with something, in their order
	Total  int
	More   bool   // there are more than Total
	Asked  bool   // the question has a word to look for
	Near   string // the question with other words that are nearly the same and find something; "" for none
}

// Found is what a group has.
type Found struct {
	Group
	Count int
	More  bool // there are more than Count
	Hits  []Hit
}

// A Hit is one thing that was found.
type Hit struct {
	Record, Href string
	Title        []Part
	Details      []Part
	Excerpt      []Part // the part of its other words that was found; none when the title shows it
	Tone, Tag    string
	Day          db.Date
}

// Ask finds what a question asks for, in one state of the store.
func (x *Index) Ask(ctx context.Context, ask Question) (a Answer, err error) {
	if len(ask.Text) > MostLetters*4 {
		return a, ErrTooMuch // before anything is done with it
	}
	units := unitsOf(ask.Text, ask.Same...)
	if len([]rune(ask.Text)) > MostLetters || len(units) > MostWords {
		return a, ErrTooMuch
	}
	if a.Asked = len(units) > 0; !a.Asked {
		return a, nil
	}
	err = x.DB.Snapshot(ctx, func(q db.Reader) error {
		if err := db.ReadFullText(ctx, q); err != nil {
			return err
		}
		for _, g := range groups {
			f, err := x.inGroup(ctx, q, g, units, ask)
			if err != nil {
				return err
			}
			if f.Count == 0 {
				continue
			}
			a.Groups = append(a.Groups, f)
			a.Total += f.Count
			a.More = a.More || f.More
		}
		if a.Total > 0 {
			return nil
		}
		a.Near, err = x.near(ctx, q, units, ask)
		return err
	})
	return a, db.Wrap(err, "search")
}

// classes are those that the person who asks may find in a group, or in all when it is
// "".
func (x *Index) classes(group string, ask Question) []class {
	var out []class
	for _, s := range x.sources {
		if group != "" && s.Group.ID != group {
			continue
		}
		for _, p := range s.Permissions {
			if !ask.May(p) {
				continue
			}
			out = append(out, classOf(s.Kind, p, ""))
			if !s.Scoped || ask.Scopes == nil {
				continue
			}
			for _, scope := range ask.Scopes(p) {
				out = append(out, classOf(s.Kind, p, scope))
			}
		}
	}
	return out
}

// match asks for all units in documents of classes.
func match(classes []class, where string, units []unit) db.Match {
	all := make([]db.Match, len(units))
	for i, u := range units {
		var any []db.Match
		for _, c := range classes {
			for _, stems := range u.alternatives {
				any = append(any, c.match(where, stems))
			}
		}
		all[i] = db.AnyOf(any...)
	}
	return db.AllOf(all...)
}

func (c class) match(where string, stems []string) db.Match {
	parts := make([]db.Match, len(stems))
	for i, s := range stems {
		parts[i] = db.Stem(c.stem(where, s))
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return db.AllOf(parts...)
}

// inGroup counts what a group has, and reads the part of it that is asked for.
func (x *Index) inGroup(ctx context.Context, q db.Reader, g Group, units []unit, ask Question) (f Found, err error) {
	f.Group = g
	classes := x.classes(g.ID, ask)
	if len(classes) == 0 {
		return f, nil
	}
	all, err := places(ctx, q, match(classes, anywhere, units), MostCounted+1)
	if err != nil || len(all) == 0 {
		return f, err
	}
	order, err := places(ctx, q, match(classes, inTitle, units), MostCounted+1)
	if err != nil {
		return f, err
	}
	titled := map[int64]bool{}
	for _, p := range order {
		titled[p] = true
	}
	for _, p := range all {
		if !titled[p] {
			order = append(order, p)
		}
	}
	f.More = len(order) > MostCounted
	f.Count = min(len(order), MostCounted)
	if ask.Hits != "" && ask.Hits != g.ID {
		return f, nil
	}
	from := min(ask.Offset, f.Count)
	at := order[from:min(from+ask.Limit, f.Count)]
	docs, err := documentsAt(ctx, q, at)
	if err != nil {
		return f, err
	}
	f.Hits, err = x.hits(ctx, q, docs, units)
	return f, err
}

// hits makes what is shown of documents.
func (x *Index) hits(ctx context.Context, q db.Reader, docs []Document, units []unit) ([]Hit, error) {
	lines := map[string]map[string]Line{} // by kind and record
	for _, s := range x.sources {
		var records []string
		for _, d := range docs {
			if d.Kind == s.Kind && d.Item == "" {
				records = append(records, d.Record)
			}
		}
		if s.Describe == nil || len(records) == 0 {
			continue
		}
		err := s.as(ctx, q, func(q db.Reader) (err error) {
			lines[s.Kind], err = s.Describe(ctx, q, records)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("describe %s: %w", s.Kind, err)
		}
	}
	m := newMarker(units)
	out := make([]Hit, len(docs))
	for i, d := range docs {
		h := Hit{Record: d.Record, Href: d.Href, Title: m.mark(d.Title), Day: d.Day}
		details := d.Details
		if l, there := lines[d.Kind][d.Record]; there && d.Item == "" {
			details, h.Tone, h.Tag = l.Details, l.Tone, l.Tag
		}
		h.Details = m.mark(details)
		if !marked(h.Title) && !marked(h.Details) {
			h.Excerpt = m.excerpt(d.Body)
		}
		out[i] = h
	}
	return out, nil
}

// near gives the question with each word that finds nothing replaced by the nearest
// that does; "" where that finds nothing either.
func (x *Index) near(ctx context.Context, q db.Reader, units []unit, ask Question) (string, error) {
	classes := x.classes("", ask)
	if len(classes) == 0 {
		return "", nil
	}
	text, changed := ask.Text, false
	for _, u := range slices.Backward(units) { // from the end, so that places before it stay
		there, err := finds(ctx, q, classes, []unit{u})
		if err != nil {
			return "", err
		}
		if there || len(u.words) != 1 {
			continue
		}
		w := u.words[0]
		better, err := nearest(ctx, q, classes, w.text)
		if err != nil || better == "" {
			return "", err
		}
		text, changed = text[:w.from]+better+text[w.to:], true
	}
	if !changed {
		return "", nil
	}
	there, err := finds(ctx, q, classes, unitsOf(text, ask.Same...))
	if err != nil || !there {
		return "", err
	}
	return strings.TrimSpace(text), nil
}

// finds reports whether a document of one of the classes has all units. They are asked
// one after another: for a word that stands in much, the first answers.
func finds(ctx context.Context, q db.Reader, classes []class, units []unit) (bool, error) {
	for _, c := range classes {
		list, err := places(ctx, q, match([]class{c}, anywhere, units), 1)
		if err != nil || len(list) > 0 {
			return err == nil, err
		}
	}
	return false, nil
}
