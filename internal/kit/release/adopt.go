package release

import (
	"bytes"
	"context"
	"slices"

	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/sdc"
)

// A Known is a number that was published before there was a ledger: a total, or a percentage.
type Known struct {
	Figure string
	At     figure.Ask // its time alone
	Hidden bool
	Count  int64  // or what a percentage divides
	Of     *int64 // of a percentage that is shown
}

// IsEmpty reports whether nothing was ever released.
func (l *Ledger) IsEmpty() bool { return l.last == 0 }

// Adopt puts what was published before there was a ledger into it, as readers know it. What is
// not about children is left out, and so is what no figure counts any more.
func Adopt(ctx context.Context, q db.Q, defs []*figure.Definition, by By, known []Known) error {
	profile, err := sdc.ProfileNamed(profileName)
	if err != nil {
		return err
	}
	l, err := ReadLedger(ctx, q)
	if err != nil {
		return err
	}
	r := sdc.Release{Name: by.Subject}
	for _, k := range known {
		i := slices.IndexFunc(defs, func(d *figure.Definition) bool { return d.ID == k.Figure })
		if i < 0 || defs[i].Protection != figure.Child {
			continue
		}
		r.Tables = append(r.Tables, l.adopted(defs, defs[i], k))
	}
	text, err := l.add(r, profile)
	if err != nil || text == nil {
		return db.Wrap(err, "keep what was published before")
	}
	err = insertLine(ctx, q, line{Seq: l.last + 1, Subject: by.Subject, Version: by.Version,
		Line: string(bytes.TrimSuffix(text, []byte("\n"))), ReleasedAt: by.At, ReleasedBy: by.Person})
	return db.Wrap(err, "keep what was published before")
}

// adopted is a number as a table of what was printed. What contradicts an earlier edition is
// another one.
func (l *Ledger) adopted(defs []*figure.Definition, d *figure.Definition, k Known) sdc.Table {
	p := &counted{universe: d.Universe, def: d, at: k.At, total: k.Count, edition: 1}
	if p.universe == "" {
		p.universe = d.ID
	}
	if d.IsRatio() && d.Share == nil {
		p.universe = d.ID + inPartSuffix
	}
	if k.Of != nil {
		p.total = *k.Of
	}
	var part *cut
	switch {
	case d.Share != nil && !k.Hidden:
		dim := figure.Dimension{ID: d.Share.Dimension}
		if i := slices.IndexFunc(defs, func(x *figure.Definition) bool { return x.ID == d.Share.Figure }); i >= 0 {
			p.def = defs[i]
		}
		part = &cut{dim: dim, codes: []string{d.Share.Value}, count: map[string]int64{d.Share.Value: k.Count}}
	case d.IsRatio() && d.Share == nil:
		part = &cut{dim: figure.Dimension{ID: inPart}, codes: []string{isPart, isRest},
			count: map[string]int64{isPart: k.Count, isRest: p.total - k.Count}}
	}
	if part != nil {
		p.cuts = []*cut{part}
	}
	if was := l.editions[p.base()]; was != nil {
		if p.edition = was.number; !k.Hidden && was.differs(p) {
			p.edition++
		}
	}
	t := p.tables()[0]
	for i := range t.Cells {
		if k.Hidden {
			t.Cells[i].Hidden, t.Cells[i].Count = true, 0
		}
	}
	return t
}
