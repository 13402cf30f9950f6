package returns

import (
	"context"
	"fmt"

	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
)

// readNeed reads a census, and the SSDA903 of the same year where its files are
// given with it, and counts children in need and child protection plans.
func readNeed(ctx context.Context, src intake.Source, n *notes) (*Result, error) {
	main, others, err := sortCensus(src.Files)
	if err != nil {
		return nil, err
	}
	c, err := readCensus(ctx, main, src, n)
	if err != nil {
		return nil, err
	}
	var care *lookedReader
	if len(others) > 0 {
		if care, err = read903(ctx, others, c.year, c.authority, n); err != nil {
			return nil, err
		}
		if err := c.checkCare(care, others[0].Name); err != nil {
			return nil, err
		}
	} else {
		n.add(c.file, 0, "", ruleNeedsMore,
			"The census does not say which children are looked after, so %s is not counted. To count it, give the SSDA903 "+
				"files of %s together with this file.", needOther, c.year)
	}
	t := newTally()
	c.count(t, care)
	c.checkInNeed(t)
	n.kinds[main.Name] = CINCensus
	return &Result{Year: c.year, Authority: c.authority, Measures: t.sorted(),
		Summary: append(c.summary(t, care != nil), n.sentences()...)}, nil
}

// sortCensus tells the census among the files from those of an SSDA903.
func sortCensus(files []intake.File) (main intake.File, others []intake.File, err error) {
	for _, f := range files {
		format, err := sheet.Sniff(f)
		if err != nil {
			return main, nil, fatal(f.Name, err)
		}
		if format != sheet.XML {
			others = append(others, f)
			continue
		}
		name, err := root(f)
		switch {
		case err != nil:
			return main, nil, err
		case isRoot903(name):
			others = append(others, f)
		case name != "Message":
			return main, nil, notXMLOfKind(f, CINCensus, name)
		case main.Name != "":
			return main, nil, intake.Refuse(f.Name,
				"this is a children in need census, and so is %s; give one of the two, or they would be counted together",
				main.Name)
		default:
			main = f
		}
	}
	if main.Name != "" {
		return main, others, nil
	}
	return main, nil, refuseOther(files[0])
}

// refuseOther says what a file is that was given as a census and is no XML.
func refuseOther(f intake.File) error {
	book, err := openBook(f, CINCensus)
	if err != nil {
		return err
	}
	defer book.Close()
	t, first, err := findHeader(book, book.Sheets()[0], recognise)
	if err != nil {
		return fatal(f.Name, err)
	}
	if t.spec != nil {
		return intake.Refuse(f.Name, "this is the %s table of an SSDA903 return, not %s. Import it as %s, or give the "+
			"census with it.", t.spec.name, wanted[CINCensus], SSDA903)
	}
	return notOfKind(f, CINCensus, book, first)
}

// checkCare sees whether the SSDA903 given is about the same children at all.
func (c *census) checkCare(care *lookedReader, file string) error {
	end := c.year.End()
	open := care.open(end)
	ids := make(map[int32]string, len(care.index))
	for id, i := range care.index {
		ids[i] = id
	}
	absent := 0
	for _, e := range open {
		if _, ok := c.index[ids[e.child]]; !ok {
			absent++
		}
	}
	switch {
	case absent > 0 && absent == len(open):
		return intake.Refuse(file, "no child who was looked after on %s is in the census: the two are of different "+
			"authorities, or number children differently", end.Words())
	case absent > 0:
		c.n.add(c.file, 0, "LAchildID", ruleNotInHeader,
			"Of the %s on %s, %s not in the census, though every one is a child in need. Look whether the numbers of the "+
				"children agree.", lang.Plural(len(open), "child looked after", "children looked after"), end.Words(),
			lang.Plural(absent, "is", "are"))
	}
	return nil
}

// count counts plans and children in need at the end of every month, each child
// once, and cuts them at the end of every quarter.
func (c *census) count(t *tally, care *lookedReader) {
	for _, d := range monthEnds(c.year) {
		inCare := map[string]bool{}
		if care != nil {
			numbers := make([]string, len(care.children))
			for id, i := range care.index {
				numbers[i] = id
			}
			for _, e := range care.open(d) {
				inCare[numbers[e.child]] = true
			}
			t.none(needOther, on(d), false)
		}
		t.none(plansOpen, on(d), false)
		t.none(needOpen, on(d), false)
		for i := range c.children {
			child := &c.children[i]
			plan, planned := child.planOn(d)
			open, needs := child.caseOn(d)
			cuts := child.cuts(d)
			if planned {
				c.one(t, plansOpen, d, cuts, "category", plan.category)
			}
			if needs {
				c.one(t, needOpen, d, cuts, "primary_need", open.need)
			}
			if care != nil && needs && !planned && !inCare[child.id] {
				c.one(t, needOther, d, cuts, "primary_need", open.need)
			}
		}
	}
}

// one counts a child, and cuts at the end of a quarter.
func (c *census) one(t *tally, id string, d period.Date, cuts []string, dimension, value string) {
	if !isQuarterEnd(d) {
		t.add(id, on(d))
		return
	}
	t.add(id, on(d), append(cuts[:len(cuts):len(cuts)], dimension, value)...)
}

func (child *needChild) cuts(d period.Date) []string {
	if !isQuarterEnd(d) {
		return nil
	}
	return []string{"age_band", ageBand(child.born, child.expected, d), "sex", child.sex, "ethnic_group", child.ethnic}
}

// planOn gives the plan open on a day: the latest, should there be two.
func (child *needChild) planOn(d period.Date) (found plan, ok bool) {
	for _, p := range child.plans {
		if p.openOn(d) && (!ok || p.from.After(found.from)) {
			found, ok = p, true
		}
	}
	return found, ok
}

// caseOn gives the case open on a day: the latest, should there be two.
func (child *needChild) caseOn(d period.Date) (found needCase, ok bool) {
	for _, k := range child.cases {
		if k.openOn(d) && (!ok || k.from.After(found.from)) {
			found, ok = k, true
		}
	}
	return found, ok
}

func (c *census) summary(t *tally, withCare bool) []string {
	end := c.year.End()
	out := []string{
		fmt.Sprintf("%s in need on %s.", lang.Plural(int(t.total(needOpen, on(end))), "child", "children"), end.Words()),
		fmt.Sprintf("%s the subject of a child protection plan on %s.", lang.Plural(int(t.total(plansOpen, on(end))), "child",
			"children"), end.Words()),
	}
	if withCare {
		out = append(out, fmt.Sprintf("%s in need on %s who were neither on a plan nor looked after.",
			lang.Plural(int(t.total(needOther, on(end))), "child", "children"), end.Words()))
	}
	return out
}
