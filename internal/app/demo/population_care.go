package demo

import "kith/internal/kit/period"

// shortBreaks begins and ends agreed series of short breaks for disabled
// children, and adds single stays. None of them makes a child looked after in
// DfE's count.
func (p *population) shortBreaks(year period.Span, t target) {
	d := p.dice
	running := func(k *inNeed) bool {
		return len(k.shortBreaks) == 1 && k.shortBreaks[0].status == "V4" && k.shortBreaks[0].end.IsZero()
	}
	for _, k := range p.choose("end short breaks of", t.shortBreaksFinish, running) {
		k.shortBreaks[0].end = d.day(later(year.From, k.shortBreaks[0].start.AddDays(30)), year.To.AddDays(-20))
	}
	quiet := func(k *inNeed) bool {
		age := k.child.dob.AgeOn(year.From)
		return k.closed.IsZero() && k.protection == nil && k.care == nil && len(k.shortBreaks) == 0 &&
			k.referral.Before(year.From) && age >= 5 && age <= 12
	}
	for _, k := range p.choose("begin short breaks of", t.shortBreaksBegin, quiet) {
		k.need, k.child.disabilities = "N2", someOf(d, disabilities, 2)
		k.shortBreaks = []stay{{"V4", d.day(year.From.AddDays(70), year.To.AddDays(-40)), period.Date{}}}
	}
	for i, k := range p.choose("give stays to", 6, quiet) {
		k.need, k.child.disabilities = "N2", someOf(d, disabilities, 2)
		first := d.day(year.From.AddDays(70), year.To.AddDays(-120))
		k.shortBreaks = []stay{{"V3", first, first.AddDays(4)}, {"V3", first.AddDays(45), first.AddDays(49)}}
		if i == 0 { // one stay is under way on 31 March
			k.shortBreaks[1] = stay{"V3", year.To.AddDays(-2), year.To.AddDays(3)}
		}
	}
}

// startCare has children come to be looked after, a good third of them from
// child protection plans, which then end.
func (p *population) startCare(year period.Span, n int) {
	d := p.dice
	ready := func(k *inNeed) bool {
		return k.closed.IsZero() && k.care == nil && len(k.shortBreaks) == 0 &&
			k.referral.Before(year.To.AddDays(-90)) && k.child.dob.AddDays(1).Before(year.To.AddDays(-60)) &&
			k.child.dob.AddYears(17).After(year.To)
	}
	onPlan := func(k *inNeed) bool {
		return ready(k) && k.protection != nil && k.protection.end.IsZero() && k.protection.start.Before(year.To.AddDays(-60))
	}
	for _, k := range p.choose("take into care from plans", n*36/100, onPlan) {
		begin := d.day(later(later(year.From, k.protection.start.AddDays(14)), k.child.dob), year.To.AddDays(-32))
		k.care = &care{start: begin}
		k.protection.end = later(begin.AddDays(d.between(0, 28)), k.protection.start.AddDays(20))
	}
	without := func(k *inNeed) bool { return ready(k) && k.protection == nil }
	infant := func(k *inNeed) bool { return without(k) && k.child.dob.After(year.From.AddDays(-240)) }
	infants := p.choose("take infants into care", n*20/100, infant)
	older := p.choose("take into care", n-n*36/100-len(infants), func(k *inNeed) bool { return without(k) && !infant(k) })
	for _, k := range append(infants, older...) {
		from := later(later(year.From, k.referral), k.child.dob)
		to := year.To.AddDays(-5)
		if k.referral.After(year.From) && d.chance(600) {
			to = from.AddDays(40)
		}
		k.care = &care{start: d.day(from, to)}
		if k.child.dob.AddYears(15).Before(k.care.start) && d.chance(350) {
			k.child.asylum, k.need, k.child.ethnicity = true, "N8", pick(d, []string{"BAFR", "OOTH", "AOTH", "BOTH"})
		}
	}
}

// endCare has so many children leave care that target are left at the year's end.
func (p *population) endCare(year period.Span, target int) {
	d := p.dice
	inCare := func(k *inNeed) bool { return k.care != nil && k.care.end.IsZero() }
	turning18 := func(k *inNeed) bool { return inCare(k) && !k.child.dob.AddYears(18).After(year.To) }
	now := p.count(inCare)
	adults := p.choose("see come of age", p.count(turning18), turning18)
	for _, k := range adults {
		k.care.end = k.child.dob.AddYears(18)
		k.care.reason = draw(d, []share[string]{{40, "E17"}, {34, "E5"}, {14, "E6"}, {12, "E7"}})
	}
	fits := func(k *inNeed) bool { return inCare(k) && k.care.start.Before(year.To.AddDays(-45)) }
	for _, k := range p.choose("see leave care", now-len(adults)-target, fits) {
		from := later(year.From, k.care.start.AddDays(20))
		k.care.end = d.day(from, year.To.AddDays(-2))
		k.care.reason = leaving(d, k)
	}
}

// leaving says how a child under 18 left care: the youngest, after long enough,
// are mostly adopted.
func leaving(d *dice, k *inNeed) string {
	age, days := k.child.dob.AgeOn(k.care.end), k.care.start.DaysUntil(k.care.end)
	if age < 6 && days > 420 && d.chance(600) {
		return draw(d, []share[string]{{7, "E12"}, {3, "E11"}})
	}
	if age >= 16 {
		return draw(d, []share[string]{{45, "E4A"}, {30, "E5"}, {10, "E6"}, {9, "E8"}, {6, "E9"}})
	}
	return draw(d, []share[string]{{44, "E4A"}, {10, "E4B"}, {12, "E13"}, {12, "E45"}, {10, "E46"}, {7, "E41"}, {5, "E8"}})
}

// endPlans ends child protection plans until target are left at the year's end.
func (p *population) endPlans(year period.Span, target int) {
	d := p.dice
	on := func(k *inNeed) bool { return k.protection != nil && k.protection.end.IsZero() }
	long := func(k *inNeed) bool { return on(k) && k.protection.start.AddDays(830).Before(year.From) }
	now := p.count(on)
	overdue := p.choose("end long plans of", p.count(long), long)
	for _, k := range overdue {
		k.protection.end = d.workday(year.From, year.From.AddDays(70))
	}
	fits := func(k *inNeed) bool { return on(k) && k.protection.start.Before(year.To.AddDays(-100)) }
	for _, k := range p.choose("end plans of", now-len(overdue)-target, fits) {
		k.protection.end = d.workday(later(year.From, k.protection.start.AddDays(90)), year.To.AddDays(-2))
	}
}
