package returns

import (
	"slices"
	"strings"

	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/sheet"
)

// What stands under another name in a census is not read, and what was not exported is not
// there. Either way a figure would be short, or nought, and nothing else would be amiss.

// countedElements are the elements that figures are counted from, by the part they stand
// in. One of several names is enough.
var countedElements = []struct{ within, names string }{
	{"Child", "ChildIdentifiers"}, {"Child", "ChildCharacteristics"}, {"Child", "CINdetails"},
	{"ChildIdentifiers", "LAchildID"}, {"ChildIdentifiers", "PersonBirthDate"}, {"ChildIdentifiers", "Sex GenderCurrent"},
	{"ChildCharacteristics", "Ethnicity"},
	{"CINdetails", "CINreferralDate"}, {"CINdetails", "PrimaryNeedCode"}, {"CINdetails", "CINclosureDate"},
	{"CINdetails", "ReasonForClosure"}, {"CINdetails", "ReferralNFA"}, {"CINdetails", "ChildProtectionPlans"},
	{"ChildProtectionPlans", "CPPstartDate"}, {"ChildProtectionPlans", "CPPendDate"},
	{"ChildProtectionPlans", "LatestCategoryOfAbuse InitialCategoryOfAbuse"},
}

// see remembers that an element stands in a part, and how many of the part there are.
func (c *census) see(e *element) {
	c.parts[e.name]++
	for i := range e.kids {
		k := &e.kids[i]
		c.parts[e.name+"/"+k.name]++
		if len(k.kids) > 0 || !sheet.IsNothing(k.text) {
			c.filled[e.name+"/"+k.name] = true
		}
	}
}

// checkWhole refuses a census in which an element that figures are counted from is nowhere,
// while one that the census does not have stands in its place; and asks about one in which
// what every large census has is nowhere.
func (c *census) checkWhole() error {
	for _, x := range countedElements {
		if c.parts[x.within] == 0 || c.hasAny(x.within, x.names) {
			continue
		}
		other := c.strangerIn(x.within)
		if other.name == "" {
			continue
		}
		return &intake.Fatal{File: c.file, Line: other.line, Words: "no " + x.within + " has " +
			strings.ReplaceAll(x.names, " ", " or ") + ", which figures are counted from, but some have " + cut(other.name) +
			", which the census does not have: it looks renamed. Export the return again with the names of the guide"}
	}
	closures := c.closed.ask(c.n, c.file, "CINclosureDate", "ReasonForClosure", "episodes of need")
	if len(c.children) < largeTable {
		return nil
	}
	for _, x := range []struct{ within, name, what string }{
		{"CINdetails", "ChildProtectionPlans", "no child protection plan"},
		{"CINdetails", "CINclosureDate", "no episode of need that was closed"},
		{"ChildProtectionPlans", "CPPendDate", "no child protection plan that ended"},
	} {
		if c.parts[x.within] < largeTable || c.filled[x.within+"/"+x.name] || closures && x.name == "CINclosureDate" {
			continue
		}
		c.n.doubt(c.file, 0, x.name, ruleNothingOf, "Of the %s children there is %s in the whole return (%s is nowhere, or "+
			"empty). Look whether that part was exported.", lang.Number(len(c.children)), x.what, x.name)
	}
	return nil
}

// checkInNeed asks about a census by which no child would be in need, or few of those with a
// plan: who has a plan is in need.
func (c *census) checkInNeed(t *tally) {
	end := c.year.End()
	plans, without := 0, 0
	for i := range c.children {
		if _, planned := c.children[i].planOn(end); !planned {
			continue
		}
		plans++
		if _, needs := c.children[i].caseOn(end); !needs {
			without++
		}
	}
	switch {
	case t.total(needOpen, on(end)) == 0 && (plans > fewLosses || c.kept >= largeTable):
		c.n.doubt(c.file, 0, "ReferralNFA", ruleNothingOf, "No child would be counted as in need on %s, beside %s, of %s of "+
			"need. Look whether ReferralNFA and the closures are right.", end.Words(),
			lang.Plural(plans, "child with a child protection plan", "children with a child protection plan"),
			lang.Plural(c.kept, "episode", "episodes"))
	case without > max(plans/gapOneIn, fewLosses):
		c.n.doubt(c.file, 0, "ReferralNFA", ruleNothingOf, "%s of the %s children with a child protection plan on %s would "+
			"not be counted as in need, though every one is. Look whether ReferralNFA and the closures are right.",
			lang.Number(without), lang.Number(plans), end.Words())
	}
}

func (c *census) hasAny(within, names string) bool {
	return slices.ContainsFunc(strings.Fields(names), func(name string) bool { return c.parts[within+"/"+name] > 0 })
}

// A stranger is an element that the census does not have where it stands.
type stranger struct {
	within, name string
	line         int64
}

func (c *census) strangerIn(within string) stranger {
	for _, s := range c.strangers {
		if s.within == within {
			return s
		}
	}
	return stranger{}
}
