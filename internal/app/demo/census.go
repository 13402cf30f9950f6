package demo

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"

	"kith/internal/kit/period"
)

// An element writes nested XML with two spaces a level, in the order that the
// census's schema asks for.
type element struct {
	bytes.Buffer
	depth int
}

func (e *element) line(text string) {
	for range e.depth {
		e.WriteString("  ")
	}
	e.WriteString(text)
	e.WriteByte('\n')
}

// in writes an element with others inside it.
func (e *element) in(name string, inside func()) {
	e.line("<" + name + ">")
	e.depth++
	inside()
	e.depth--
	e.line("</" + name + ">")
}

// text writes an element with text; nothing at all when the text is empty.
func (e *element) text(name, text string) {
	if text == "" {
		return
	}
	var b bytes.Buffer
	xml.EscapeText(&b, []byte(text)) // a bytes.Buffer takes everything
	e.line("<" + name + ">" + b.String() + "</" + name + ">")
}

// on writes an element with a day; nothing at all for no day.
func (e *element) on(name string, at period.Date) { e.text(name, at.String()) }

// census writes a year's children in need census: every case that was open in
// the year or referred in it, as it was known on 31 March.
func (w *writer) census(pop *population, y period.Year) {
	year := y.Span()
	e := &element{}
	e.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	e.in("Message", func() {
		e.in("Header", func() { e.censusHeader(year) })
		e.in("Children", func() {
			spoil := 0
			for _, c := range pop.children {
				var cases []knownCase
				for _, k := range c.cases {
					if known, ok := k.knownIn(year); ok {
						cases = append(cases, knownCase{known, k.plans(year)})
					}
				}
				if len(cases) == 0 {
					continue
				}
				if len(cases) == 1 && cases[0].reason == "RC8" && c.upn != "" {
					spoil++
					cases[0].inNeed = spoilt(cases[0].inNeed, spoil)
				}
				e.in("Child", func() { e.censusChild(c, cases, year) })
			}
		})
	})
	name := fmt.Sprintf("cin-census/%s.xml", y)
	w.put(name, e.Bytes())
	// The census does not say who is looked after: that is in the other return.
	w.list(Import{Kind: "cin-census", Path: name, With: []string{fmt.Sprintf("ssda903/%s", y)}, Year: y,
		Authority: Authority})
}

func (e *element) censusHeader(year period.Span) {
	e.in("CollectionDetails", func() {
		e.text("Collection", "CIN")
		e.text("Year", strconv.Itoa(year.To.Year))
		e.on("ReferenceDate", year.To)
	})
	e.in("Source", func() {
		e.text("SourceLevel", "L")
		e.text("LEA", lea)
		e.text("SoftwareCode", "Kith demonstration")
		e.text("Release", "1")
		e.text("SerialNo", "001")
		e.text("DateTime", fmt.Sprintf("%d-06-14T10:30:00", year.To.Year))
	})
}

// A knownCase is a case as one year's census has it.
type knownCase struct {
	inNeed
	plans []period.Span // child in need plans; To is zero for an open one
}

// knownIn gives a case as a year's census has it: what happened after its 31 March
// is not known yet. It is false for a case that the census leaves out.
func (k *inNeed) knownIn(year period.Span) (inNeed, bool) {
	switch {
	case k.referral.After(year.To),
		k.nfa && k.referral.Before(year.From),
		!k.closed.IsZero() && k.closed.Before(year.From):
		return inNeed{}, false
	}
	c := *k
	until := func(at period.Date) period.Date {
		if at.After(year.To) {
			return period.Date{}
		}
		return at
	}
	if c.closed = until(c.closed); c.closed.IsZero() {
		c.reason = ""
	}
	if c.assessed.start = until(c.assessed.start); c.assessed.start.IsZero() || !c.assessed.authorised.IsZero() &&
		c.assessed.authorised.Before(year.From) {
		c.assessed = assessment{}
	} else if c.assessed.authorised = until(c.assessed.authorised); c.assessed.authorised.IsZero() {
		c.assessed.factors = nil
	}
	c.enquiries = nil
	for _, q := range k.enquiries {
		if q.start.After(year.To) || q.start.Before(year.From) && (q.conference.IsZero() || q.conference.Before(year.From)) {
			continue
		}
		q.conference = until(q.conference)
		c.enquiries = append(c.enquiries, q)
	}
	if p := k.protection; p != nil && (p.start.After(year.To) || !p.end.IsZero() && p.end.Before(year.From)) {
		c.protection = nil
	} else if p != nil {
		known := *p
		known.end = until(known.end)
		known.reviews = nil
		for _, r := range p.reviews {
			if !r.After(year.To) {
				known.reviews = append(known.reviews, r)
			}
		}
		c.protection = &known
	}
	return c, true
}

// plans gives the times within a case when it had a child in need plan: from soon
// after the assessment, but not while the child was on a protection plan or
// looked after.
func (k *inNeed) plans(year period.Span) []period.Span {
	if k.assessed.authorised.IsZero() || k.reason == "RC8" || k.reason == "RC9" {
		return nil
	}
	begin := k.assessed.authorised.AddDays(4)
	var out []period.Span
	add := func(from, to period.Date) { // to zero: still open
		if to.After(year.To) {
			to = period.Date{}
		}
		if from.After(year.To) || !to.IsZero() && (to.Before(year.From) || !from.Before(to)) {
			return
		}
		out = append(out, period.Span{From: from, To: to})
	}
	stop := k.closed
	if k.care != nil {
		stop = k.care.start.AddDays(-1)
	}
	p := k.protection
	if p == nil {
		add(begin, stop)
		return out
	}
	if begin.Before(p.start) {
		add(begin, p.start.AddDays(-1))
	}
	if k.care == nil && !p.end.IsZero() {
		add(later(begin, p.end.AddDays(1)), stop)
	}
	return out
}

func (e *element) censusChild(c *child, cases []knownCase, year period.Span) {
	e.in("ChildIdentifiers", func() {
		e.text("LAchildID", c.id)
		e.text("UPN", c.upn)
		e.text("UPNunknown", c.upnUnknown)
		if c.dob.After(year.To) {
			e.on("ExpectedPersonBirthDate", c.dob)
			e.text("GenderCurrent", "0")
			return
		}
		e.on("PersonBirthDate", c.dob)
		e.text("GenderCurrent", strconv.Itoa(c.sex))
	})
	e.in("ChildCharacteristics", func() {
		e.text("Ethnicity", c.ethnicity)
		e.in("Disabilities", func() {
			for _, d := range c.disabilities {
				e.text("Disability", d)
			}
		})
	})
	for _, k := range cases {
		e.in("CINdetails", func() { e.censusCase(k) })
	}
}

func (e *element) censusCase(k knownCase) {
	e.on("CINreferralDate", k.referral)
	e.text("ReferralSource", k.source)
	e.text("PrimaryNeedCode", k.need)
	e.on("CINclosureDate", k.closed)
	e.text("ReasonForClosure", k.reason)
	if !k.assessed.start.IsZero() {
		e.in("Assessments", func() {
			e.on("AssessmentActualStartDate", k.assessed.start)
			e.on("AssessmentAuthorisationDate", k.assessed.authorised)
			if len(k.assessed.factors) > 0 {
				e.in("FactorsIdentifiedAtAssessment", func() {
					for _, f := range k.assessed.factors {
						e.text("AssessmentFactors", f)
					}
				})
			}
		})
	}
	for _, p := range k.plans {
		e.in("CINPlanDates", func() {
			e.on("CINPlanStartDate", p.From)
			e.on("CINPlanEndDate", p.To)
		})
	}
	for _, q := range k.enquiries {
		e.in("Section47", func() {
			e.on("S47ActualStartDate", q.start)
			e.on("InitialCPCtarget", q.target)
			e.on("DateOfInitialCPC", q.conference)
			e.text("ICPCnotRequired", strconv.FormatBool(q.notRequired))
		})
	}
	e.text("ReferralNFA", strconv.FormatBool(k.nfa))
	if p := k.protection; p != nil {
		e.in("ChildProtectionPlans", func() {
			e.on("CPPstartDate", p.start)
			e.on("CPPendDate", p.end)
			e.text("InitialCategoryOfAbuse", p.initial)
			e.text("LatestCategoryOfAbuse", p.latest)
			e.text("NumberOfPreviousCPP", strconv.Itoa(p.previous))
			if len(p.reviews) > 0 {
				e.in("Reviews", func() {
					for _, r := range p.reviews {
						e.on("CPPreviewDate", r)
					}
				})
			}
		})
	}
}

// spoilt spoils the third, sixth and ninth of the cases closed as not in need,
// as files in the world are spoiled.
func spoilt(k inNeed, n int) inNeed {
	switch n {
	case 3:
		k.source = "6X" // no such source
	case 6:
		k.assessed.start, k.assessed.authorised = k.assessed.authorised, k.assessed.start
	case 9:
		k.assessed.factors = []string{"99"} // no such factor
	}
	return k
}
