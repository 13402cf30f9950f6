package demo

import (
	"cmp"
	"slices"

	"kith/internal/kit/period"
)

// A run is a year of one programme: how many events were delivered, and how many
// attendances they had.
type run struct {
	year        period.Year
	programme   string
	kind        string
	events      int
	attendances int
	calledOff   int // events that were cancelled with everybody's bookings
	sectors     []share[string]
	exactly     bool // sectors are the numbers themselves, not shares
}

var (
	mixed = []share[string]{
		{50, "local-authority"}, {18, "health"}, {12, "education"}, {9, "voluntary-community"}, {5, "early-years"},
		{3, "police"},
		{1, "criminal-justice"}, {1, "housing"}, {1, "fire-rescue"},
	}
	fromSchools = []share[string]{{1, "education"}}
	broad       = []share[string]{
		{38, "local-authority"}, {20, "health"}, {20, "education"}, {9, "voluntary-community"}, {6, "early-years"},
		{4, "police"},
		{2, "criminal-justice"}, {1, "housing"},
	}
)

// runs are the years of every programme but systemic practice and the conference.
var runs = []run{
	{year: 2021, programme: "multi-agency", kind: "course", events: 41, attendances: 688, calledOff: 4, sectors: mixed},
	{year: 2021, programme: "education", kind: "course", events: 22, attendances: 349, sectors: fromSchools},
	{year: 2021, programme: "spotlight", kind: "briefing", events: 8, attendances: 187, sectors: broad},
	{year: 2022, programme: "multi-agency", kind: "course", events: 52, attendances: 902, calledOff: 2, sectors: mixed},
	{year: 2022, programme: "education", kind: "course", events: 27, attendances: 431, calledOff: 1, sectors: fromSchools},
	{year: 2022, programme: "spotlight", kind: "briefing", events: 11, attendances: 276, sectors: broad},
	{year: 2023, programme: "multi-agency", kind: "course", events: 60, attendances: 956, calledOff: 3, exactly: true,
		sectors: []share[string]{
			{478, "local-authority"}, {171, "health"}, {121, "education"}, {88, "voluntary-community"}, {46, "early-years"},
			{30, "police"}, {14, "criminal-justice"}, {5, "housing"}, {3, "fire-rescue"},
		}},
	{year: 2023, programme: "education", kind: "course", events: 31, attendances: 493, calledOff: 1, sectors: fromSchools},
	{year: 2023, programme: "spotlight", kind: "briefing", events: 14, attendances: 411, sectors: broad},
}

// The Big Learn is the partnership's yearly conference.
var bigLearns = []struct {
	on   period.Date
	came int
}{
	{period.Date{Year: 2022, Month: 10, Day: 13}, 284},
	{period.Date{Year: 2023, Month: 10, Day: 12}, 327},
}

// Systemic practice began in September 2022. By its launch at the end of October
// 2023 so many different people had been trained; more have been since.
const (
	trainedByLaunch = 634
	trainedSince    = 118
)

var (
	systemicBegan  = period.Date{Year: 2022, Month: 9, Day: 5}
	systemicLaunch = period.Date{Year: 2023, Month: 10, Day: 31}
)

// courseTitles are what each programme teaches.
var courseTitles = map[string][]string{
	"multi-agency": {
		"Working together to safeguard children", "Recognising and responding to neglect",
		"Domestic abuse and its impact on children",
		"Child exploitation: seeing the whole child", "Harm outside the home", "Parental substance misuse",
		"Parental mental health",
		"Before birth: working with expectant parents", "Child protection conferences and core groups",
		"Child sexual abuse: noticing and asking",
		"The voice and lived experience of the child", "Professional curiosity", "Trauma-informed practice",
		"Restorative practice",
		"Thresholds and good referrals", "Disabled children and safeguarding",
	},
	"education": {
		"Designated safeguarding lead: new to the role", "Designated safeguarding lead: refresher",
		"Safer recruitment in schools",
		"Keeping children safe: this year's changes for schools", "Online safety for schools", "Safeguarding for governors",
	},
	"spotlight": {
		"Spotlight: learning from a review", "Spotlight: fathers and male carers", "Spotlight: babies cry, you can cope",
		"Spotlight: vaping and spiking",
		"Spotlight: escalating a concern", "Spotlight: private fostering", "Spotlight: the allocated worker and you",
		"Spotlight: young carers",
	},
	"systemic-practice": {"Systemic practice: foundation", "Systemic practice: curious questions",
		"Systemic practice: supervising systemically"},
	"conference": {"The Big Learn"},
}

var venues = []string{"Lighthouse Centre, Harbourside", "Harbour Rooms, Lantern Quay", "Marram Community Hall",
	"Saltmarsh Family Hub", "Town Hall, Tidewell"}

// A session is one dated run of a course, with its bookings.
type session struct {
	course, programme, kind string
	start, end              string // with the time of day
	on                      period.Date
	mode, venue             string
	bookings                []booking
}

type booking struct {
	person int // index in the history's people
	status string
	booked period.Date
}

// history is all the training there was, in the making.
type history struct {
	people   []Person
	bySector map[string][]int
	sessions []*session
	taken    map[string]bool // course and day: a course is not run twice on one day
	busy     map[int]map[period.Date]bool
}

func newHistory() *history {
	h := &history{people: People(), bySector: map[string][]int{}, taken: map[string]bool{},
		busy: map[int]map[period.Date]bool{}}
	for i, p := range h.people {
		h.bySector[p.Sector] = append(h.bySector[p.Sector], i)
		h.busy[i] = map[period.Date]bool{}
	}
	return h
}

// session makes a session of a course on a free working day of the span.
func (h *history) session(d *dice, programme, kind, course string, span period.Span) *session {
	on := d.workday(span.From, span.To)
	for h.taken[course+on.String()] || on.Month == 8 || on.Month == 12 && on.Day > 18 || h.isBigLearn(on) ||
		!period.IsWorkingDay(on) {
		on = d.workday(span.From, span.To)
	}
	h.taken[course+on.String()] = true
	s := &session{course: course, programme: programme, kind: kind, on: on, mode: "room", venue: pick(d, venues)}
	hours := pick(d, [][2]string{{"09:30", "12:30"}, {"09:30", "16:00"}, {"13:00", "16:00"}})
	last := on
	switch {
	case kind == "briefing":
		hours = pick(d, [][2]string{{"12:30", "13:30"}, {"16:00", "17:00"}})
		s.mode, s.venue = "online", ""
	case course == "Systemic practice: foundation":
		hours = [2]string{"09:30", "16:00"}
		last = period.AddWorkingDays(on, 1)
	case d.chance(450):
		s.mode, s.venue = "online", ""
	}
	s.start, s.end = on.String()+" "+hours[0], last.String()+" "+hours[1]
	h.sessions = append(h.sessions, s)
	return s
}

func (h *history) isBigLearn(on period.Date) bool {
	for _, b := range bigLearns {
		if b.on == on {
			return true
		}
	}
	return false
}

// seat books a person of those who has nothing else on that day, and reports who
// it was.
func (h *history) seat(d *dice, s *session, from []int, status string) int {
	for {
		i := pick(d, from)
		if h.busy[i][s.on] {
			continue
		}
		h.take(d, s, i, status)
		return i
	}
}

// take books one person.
func (h *history) take(d *dice, s *session, i int, status string) {
	h.busy[i][s.on] = true
	booked := s.on.AddDays(-d.between(6, 75))
	if status == "walk-in" {
		booked = s.on
	}
	s.bookings = append(s.bookings, booking{i, status, booked})
}

// came gives the status of somebody who was there.
func came(d *dice) string {
	return draw(d, []share[string]{{955, "attended"}, {26, "walk-in"}, {19, "left-early"}})
}

// absent adds those who booked and were not there.
func (h *history) absent(d *dice, s *session, sectors []share[string]) {
	for range d.between(1, 2+len(s.bookings)/5) {
		status := draw(d, []share[string]{{45, "no-show"}, {22, "late-cancelled"}, {33, "cancelled"}})
		h.seat(d, s, h.bySector[draw(d, sectors)], status)
	}
}

// sizes splits a total over n events, none of them tiny.
func sizes(d *dice, total, n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = total / n
		if i < total%n {
			out[i]++
		}
	}
	least, most := total/n/2, total/n*3/2
	for range n * 12 {
		from, to := d.below(n), d.below(n)
		if out[from] > least && out[to] < most && from != to {
			out[from]--
			out[to]++
		}
	}
	return out
}

// hold holds a year of a programme.
func (h *history) hold(r run) {
	d := diceFor("training " + r.programme + r.year.String())
	seats := make([]string, 0, r.attendances)
	for _, s := range r.sectors {
		for range s.of {
			if r.exactly {
				seats = append(seats, s.value)
			}
		}
	}
	for len(seats) < r.attendances {
		seats = append(seats, draw(d, r.sectors))
	}
	shuffle(d, seats)
	titles := courseTitles[r.programme]
	for i, size := range sizes(d, r.attendances, r.events) {
		s := h.session(d, r.programme, r.kind, titles[i%len(titles)], r.year.Span())
		for range size {
			h.seat(d, s, h.bySector[seats[0]], came(d))
			seats = seats[1:]
		}
		h.absent(d, s, r.sectors)
	}
	for range r.calledOff {
		s := h.session(d, r.programme, r.kind, pick(d, titles), r.year.Span())
		for range d.between(3, 8) {
			h.seat(d, s, h.bySector[draw(d, r.sectors)], "cancelled")
		}
	}
}

// holdSystemic holds systemic practice: two days of foundation for everybody
// once, and further days for those who have done them.
func (h *history) holdSystemic() {
	d := diceFor("training systemic practice")
	var everybody []int
	for i, p := range h.people {
		if p.Sector == "local-authority" || p.Sector != "education" && d.chance(560) || d.chance(240) {
			everybody = append(everybody, i)
		}
	}
	shuffle(d, everybody)
	end := period.Year(2023).End()
	before := period.Span{From: systemicBegan, To: systemicLaunch.AddDays(-10)}
	since := period.Span{From: systemicLaunch.AddDays(6), To: end.AddDays(-10)}
	h.foundation(d, everybody[:trainedByLaunch], 36, before)
	h.foundation(d, everybody[trainedByLaunch:trainedByLaunch+trainedSince], 8, since)
	for i := range 14 {
		span := period.Span{From: systemicBegan.AddDays(200), To: end.AddDays(-3)}
		s := h.session(d, "systemic-practice", "course", courseTitles["systemic-practice"][1+i%2], span)
		ready := h.trainedBefore(s.on)
		for range d.between(10, 18) {
			h.seat(d, s, ready, came(d))
		}
	}
}

// foundation brings these people, each once, through so many foundation sessions.
func (h *history) foundation(d *dice, people []int, events int, span period.Span) {
	for _, size := range sizes(d, len(people), events) {
		s := h.session(d, "systemic-practice", "course", "Systemic practice: foundation", span)
		for _, i := range people[:size] {
			h.take(d, s, i, came(d))
		}
		people = people[size:]
		h.absent(d, s, mixed)
	}
}

// trainedBefore lists who came to a foundation session before a day.
func (h *history) trainedBefore(on period.Date) []int {
	var out []int
	for _, s := range h.sessions {
		if s.course != "Systemic practice: foundation" || !s.on.Before(on) {
			continue
		}
		for _, b := range s.bookings {
			if b.status == "attended" {
				out = append(out, b.person)
			}
		}
	}
	return out
}

// holdBigLearn holds one year's conference.
func (h *history) holdBigLearn(on period.Date, attend int) {
	d := diceFor("training big learn " + on.String())
	s := &session{
		course: "The Big Learn", programme: "conference", kind: "conference", on: on, mode: "room",
		venue: "Pier Pavilion, Tidewell",
		start: on.String() + " 09:00", end: on.String() + " 16:00",
	}
	h.sessions = append(h.sessions, s)
	for range attend {
		h.seat(d, s, h.bySector[draw(d, broad)], came(d))
	}
	h.absent(d, s, broad)
}

// trainingHistory writes every booking of the three years, a row each.
func (w *writer) trainingHistory() {
	h := newHistory()
	for _, b := range bigLearns {
		h.holdBigLearn(b.on, b.came)
	}
	h.holdSystemic()
	for _, r := range runs {
		h.hold(r)
	}
	slices.SortStableFunc(h.sessions, func(a, b *session) int {
		return cmp.Or(cmp.Compare(a.start, b.start), cmp.Compare(a.course, b.course))
	})
	t := newTable("", "course", "programme", "kind", "session_start", "session_end", "mode", "venue", "person", "email",
		"job_title", "organisation", "sector", "status", "booked_on")
	spoilt := 0
	for _, s := range h.sessions {
		slices.SortStableFunc(s.bookings, func(a, b booking) int {
			return cmp.Compare(h.people[a.person].Email, h.people[b.person].Email)
		})
		for _, b := range s.bookings {
			p := h.people[b.person]
			if b.status == "no-show" && s.programme == "spotlight" && s.on.Before(period.Date{Year: 2022, Month: 4, Day: 1}) {
				spoilt++
				switch spoilt {
				case 2:
					b.status = "to check" // no such status
				case 4:
					p.Email = "not given" // no address
				}
			}
			t.add(s.course, s.programme, s.kind, s.start, s.end, s.mode, s.venue, p.Name, p.Email, p.JobTitle, p.Organisation,
				p.Sector, b.status, b.booked.String())
		}
	}
	w.put("training-history.csv", t.bytes())
	w.list(Import{Kind: "training-history", Path: "training-history.csv"})
}
