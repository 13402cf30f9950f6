package returns

import (
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
)

// A stretch is a start and an end in one record, and what becomes of the record
// when they are at fault.
type stretch struct {
	startField, endField string
	then                 string
}

var (
	caseStretch       = stretch{"CINreferralDate", "CINclosureDate", "The episode of need was left out of the counts."}
	planStretch       = stretch{"CPPstartDate", "CPPendDate", "The plan was left out of the counts."}
	needPlanStretch   = stretch{"CINPlanStartDate", "CINPlanEndDate", "No figure depends on it."}
	assessmentStretch = stretch{"AssessmentActualStartDate", "AssessmentAuthorisationDate", "No figure depends on it."}
)

// span reads a start and an end. It is sound when there is a start, and an end
// that is a date and not before it, or no end.
func (c *census) span(e *element, s stretch) (from, to period.Date, sound bool) {
	from, ok1 := c.dates.read(e.get(s.startField), s.startField, e.lineOf(s.startField), s.then)
	to, ok2 := c.dates.end(e.get(s.endField), s.endField, e.lineOf(s.endField), s.then)
	switch {
	case ok1 && from.IsZero():
		c.n.add(c.file, e.line, s.startField, ruleMissingValue, "There is no start date. %s Put it in.", s.then)
		return from, to, false
	case !ok1 || !ok2:
		return from, to, false
	case !to.IsZero() && to.Before(from):
		c.n.add(c.file, e.lineOf(s.endField), s.endField, ruleEndsBefore, "%s is before %s. %s Fix one of the two.",
			s.endField, s.startField, s.then)
		return from, to, false
	}
	year := c.year.Span()
	c.n.event(from, year)
	c.n.event(to, year)
	for _, d := range []period.Date{from, to} {
		if year.Contains(d) {
			c.within++
		}
	}
	c.swaps.see(to, year, e.line)
	if from.After(year.To) {
		c.swaps.see(from, year, e.line)
	}
	c.dated = c.dated || !from.After(year.To) && (to.IsZero() || !to.Before(year.From))
	return from, to, true
}

// finish refuses a census of which most that is counted was left out.
func (c *census) finish() error {
	if err := c.dates.finish(); err != nil {
		return err
	}
	if err := c.lost.refuse(c.kept); err != nil {
		return err
	}
	return c.lostPlans.refuse(c.keptPlans)
}

// details reads one episode of need with all that is in it.
func (c *census) details(child *needChild, e *element) {
	c.n.row(c.file)
	from, to, sound := c.span(e, caseStretch)
	c.tally(sound, &c.kept, &c.lost)
	c.closed.see(c.n, c.file, "CINclosureDate", "ReasonForClosure", e.line, e.get("ReasonForClosure"), to)
	need := c.code(e, "PrimaryNeedCode", "primary_need")
	c.code(e, "ReferralSource", "source")
	closure := c.code(e, "ReasonForClosure", "closure")
	if sound {
		c.checkCase(child, e, from)
	}
	if sound && !c.noFurtherAction(e) && !c.notInNeed(closure, e) {
		child.cases = append(child.cases, needCase{from: from, to: to, need: need})
	}
	for i := range e.kids {
		switch k := &e.kids[i]; k.name {
		case "ChildProtectionPlans":
			c.plan(child, k, to)
		case "Assessments":
			c.n.row(c.file)
			c.span(k, assessmentStretch)
		case "CINPlanDates":
			c.n.row(c.file)
			c.span(k, needPlanStretch)
		case "Section47":
			c.n.row(c.file)
			c.only(k, "S47ActualStartDate", "InitialCPCtarget", "DateOfInitialCPC")
		case "PreProceedingsandFGDM":
			c.n.row(c.file)
			c.only(k, "PPStartDate", "LBPSentDate", "InitialPPMeetingDate", "StepDecisionDate", "CourtAppDate",
				"LetterInitCPDate")
		}
	}
	c.only(e, "DateOfInitialCPC")
}

// tally counts a record that figures are counted from as kept, or as left out.
func (c *census) tally(sound bool, kept *int, lost *losses) {
	if sound {
		*kept++
		return
	}
	lost.add(c.n)
}

// only checks dates that no figure depends on.
func (c *census) only(e *element, fields ...string) {
	for _, f := range fields {
		c.dates.read(e.get(f), f, e.lineOf(f), "No figure depends on it.")
	}
}

func (c *census) checkCase(child *needChild, e *element, from period.Date) {
	end := c.year.End()
	if from.After(end) {
		c.late++
		c.n.add(c.file, e.lineOf("CINreferralDate"), "CINreferralDate", ruleOutsideYear,
			"The referral is after the return's reference date of %s and is not counted in it.", end.Words())
	}
	// A referral may come before the birth, by no more than a pregnancy.
	const pregnancy = 10
	if !child.born.IsZero() && child.born.AddMonths(-pregnancy).After(from) {
		c.n.add(c.file, e.lineOf("CINreferralDate"), "CINreferralDate", ruleBorn,
			"The referral is long before the child was born. It is counted; fix one of the two dates.")
	}
}

// noFurtherAction reports whether a referral led to nothing, so that the child was
// never in need.
func (c *census) noFurtherAction(e *element) bool {
	cell := c.dates.cells.Text("ReferralNFA", e.get("ReferralNFA"), e.lineOf("ReferralNFA"))
	if yes, known := sheet.ReadBool(cell); known {
		return yes
	}
	switch cell {
	case "":
		c.n.add(c.file, e.line, "ReferralNFA", ruleMissingValue,
			"The referral does not say whether it led to no further action. It is counted as if it led on.")
	default:
		c.n.add(c.file, e.lineOf("ReferralNFA"), "ReferralNFA", ruleCode,
			"%s is neither true nor false. The referral is counted as if it led on.", shown(cell))
	}
	return false
}

// notInNeed reports whether the case was closed as not in need after assessment:
// RC8, and from 2022-23 also RC9. The Department leaves these out.
func (c *census) notInNeed(closure string, e *element) bool {
	return closure == "not-in-need" && (e.get("ReasonForClosure") != "RC9" || c.year >= 2022)
}

// plan reads one child protection plan; closed is the end of the case it is in.
func (c *census) plan(child *needChild, e *element, closed period.Date) {
	c.n.row(c.file)
	from, to, sound := c.span(e, planStretch)
	c.tally(sound, &c.keptPlans, &c.lostPlans)
	category := c.code(e, "LatestCategoryOfAbuse", "category")
	if category == unknown {
		category = c.code(e, "InitialCategoryOfAbuse", "category")
	}
	if k := e.kid("Reviews"); k != nil {
		for i := range k.kids {
			c.dates.read(k.kids[i].text, k.kids[i].name, k.kids[i].line, "No figure depends on it.")
		}
	}
	if !sound {
		return
	}
	if to.IsZero() && !closed.IsZero() && !closed.After(c.year.End()) {
		c.n.add(c.file, e.line, "CPPendDate", ruleOpenPlan,
			"The plan has no end, though the child's case is closed. It is counted as open; put in its end, or take out the "+
				"closure.")
	}
	c.shut.see(closed, to)
	child.plans = append(child.plans, plan{from: from, to: to, category: category})
}

// checkUncounted asks about a census many of whose records are not counted, of children, of
// episodes of need or of plans.
func (c *census) checkUncounted() {
	askUncounted(c.n, c.file, "LAchildID", "records of children", len(c.children)+c.copies+c.nameless.count,
		reason{c.nameless.count, "about no child"}, reason{c.copies, "about the child of an earlier one"})
	askUncounted(c.n, c.file, "CINreferralDate", "episodes of need", c.kept+c.lost.count,
		reason{c.lost.count, "a date cannot be read, is missing or is before the start"},
		reason{c.late, "beginning after " + c.year.String()})
	askUncounted(c.n, c.file, "CPPstartDate", "plans", c.keptPlans+c.lostPlans.count,
		reason{c.lostPlans.count, "a date cannot be read, is missing or is before the start"})
}

// planEnds tells a system that writes the end of a plan only when the child's case is closed.
type planEnds struct{ open, openEnded, closedEnded int }

// see takes a plan by the end of the case that it is in, and its own.
func (p *planEnds) see(closed, end period.Date) {
	switch {
	case closed.IsZero():
		p.open++
		if !end.IsZero() {
			p.openEnded++
		}
	case !end.IsZero():
		p.closedEnded++
	}
}

// ask asks about a census in which plans have an end where the case is closed and nowhere
// else: many plans end while the child stays in need.
func (p *planEnds) ask(n *notes, file string) {
	const few = 50 // one plan in so many is fewer than ever end while the case goes on
	if p.open < largeTable || p.closedEnded <= fewLosses || p.openEnded > p.open/few {
		return
	}
	n.doubt(file, 0, "CPPendDate", ruleNothingOf, "%s of the %s plans in cases that are still open have an end, though "+
		"%s plans in closed cases have one. Look whether the ends of plans were exported for every case; without them plans "+
		"that have ended are counted as open.", lang.Number(p.openEnded), lang.Number(p.open), lang.Number(p.closedEnded))
}
