package demo

import (
	"fmt"

	"kith/internal/kit/period"
)

// A Programme is a strand of training, in the words that its page shows. The
// training history names programmes by ID only.
type Programme struct {
	ID    string
	Title string
	About string
}

// Programmes lists the programmes of the training history.
var Programmes = []Programme{
	{"multi-agency", "Multi-agency",
		"Courses for people of every agency who work with children, taught by people of several agencies together."},
	{"education", "Education", "For safeguarding leads, governors and staff of schools and colleges."},
	{"systemic-practice", "Systemic practice",
		"Two days of foundation and what follows: seeing a child in their family, and a family among those around it."},
	{"spotlight", "Spotlight", "An hour on one thing, online, for anybody."},
	{"conference", "The Big Learn", "The partnership's yearly conference."},
}

// A Conference is a yearly conference; its bookings are in the training history,
// as the session of that course on that day.
type Conference struct {
	Course        string
	On            period.Date
	Presentations []Presentation
	Stalls        []string // organisations with a stall
}

// A Presentation was given at a conference.
type Presentation struct {
	Title        string
	Organisation string // who gave it
}

// BigLearn is the conference of 2023-24.
var BigLearn = Conference{
	Course: "The Big Learn",
	On:     on(2023, 10, 12),
	Presentations: []Presentation{
		{"What systemic practice feels like to a family", socialCare},
		{"Learning from Child Rowan, in ten minutes", icb},
		{"Neglect: what we see when we stay five minutes longer", "Saltcoast Community Health Trust"},
		{"The first question: asking about domestic abuse", "Breakwater Domestic Abuse Service"},
		{"Who is at home? Seeing fathers", earlyHelp},
		{"When a young person says no", "Open Water Youth Project"},
		{"A map of where we do not feel safe", "Open Water Youth Project"},
		{"Exploitation: the summer of the e-bikes", police},
		{"Young carers in your classroom", "Kittiwake Young Carers"},
		{"Before birth: a midwife and a social worker", "Tidewell General Hospital Trust"},
		{"Babies cry, you can cope", "Tidewell General Hospital Trust"},
		{"Drugs, alcohol and love", "Lifebelt Drug and Alcohol Recovery"},
		{"Attendance is safeguarding", "Eastcliff High School"},
		{"Fires small and large: what firefighters notice", "Saltcoast Fire and Rescue Service"},
		{"Home: what a housing officer sees first", "Quayside Homes"},
		{"Leaving custody at seventeen", "Probation Service: Tidewell"},
		{"The waiting room: children whose parents are ill", "Saltcoast Mental Health Trust"},
		{"What the audits told us and what we did", icb},
	},
	Stalls: []string{
		earlyHelp, Council + ": Youth Justice Service", Council + ": Public Health", Council + ": Libraries and Leisure",
		education,
		"Saltcoast Community Health Trust", "Tidewell General Hospital Trust", "Saltcoast Mental Health Trust",
		"Shoreline Sexual Health", "Saltcoast Ambulance Service",
		police, "Office of the Saltcoast Police and Crime Commissioner", "Probation Service: Tidewell",
		"Tidewell Family Court Advisers",
		"Saltcoast Fire and Rescue Service", "Quayside Homes", "Headland Housing Association", "Starfish Nursery Group",
		"Tidewell Childminding Network",
		"Anchor Family Support", "Breakwater Domestic Abuse Service", "Kittiwake Young Carers",
		"Lifebelt Drug and Alcohol Recovery", "Open Water Youth Project",
		"Tidewell Parent Carer Forum", "Compass Advocacy", "Seawall Counselling", "Tidewell Foodbank Network",
		"Mosaic Faith Forum",
		"Tidewell Rovers Community Trust", "Rockpool Arts", "Coastline Fostering",
	},
}

// A Session is a dated run of a course that people can book.
type Session struct {
	Course    string // the title of a course of the training history
	Programme string
	Kind      string
	On, Until period.Date
	From, To  string // by the clock: "09:30"
	Mode      string // room or online
	Venue     string
	Capacity  int
	Booked    []string // e-mail addresses of people who have a place
}

// UpcomingSessions lists what can be booked in the three months after today: most
// have places, one has a single place left and one is full.
func UpcomingSessions(today period.Date) []Session {
	d := diceFor("upcoming sessions")
	people := People()
	type plan struct {
		course, programme, kind string
		inDays                  int
		online                  bool
		capacity, booked        int
	}
	plans := []plan{
		{"Working together to safeguard children", "multi-agency", "course", 9, false, 20, 12},
		{"Spotlight: fathers and male carers", "spotlight", "briefing", 12, true, 60, 31},
		{"Recognising and responding to neglect", "multi-agency", "course", 16, false, 18, 17},
		{"Designated safeguarding lead: new to the role", "education", "course", 20, false, 16, 16},
		{"Domestic abuse and its impact on children", "multi-agency", "course", 23, true, 24, 15},
		{"Systemic practice: foundation", "systemic-practice", "course", 27, false, 20, 14},
		{"Harm outside the home", "multi-agency", "course", 34, false, 20, 9},
		{"Child protection conferences and core groups", "multi-agency", "course", 41, true, 25, 7},
		{"Designated safeguarding lead: refresher", "education", "course", 44, true, 30, 11},
		{"Before birth: working with expectant parents", "multi-agency", "course", 52, false, 18, 4},
		{"Spotlight: escalating a concern", "spotlight", "briefing", 58, true, 60, 8},
		{"Professional curiosity", "multi-agency", "course", 66, false, 20, 2},
		{"Systemic practice: curious questions", "systemic-practice", "course", 73, false, 16, 0},
		{"Trauma-informed practice", "multi-agency", "course", 81, true, 25, 0},
	}
	var out []Session
	for _, p := range plans {
		s := Session{Course: p.course, Programme: p.programme, Kind: p.kind, From: "09:30", To: "12:30", Mode: "room",
			Venue: pick(d, venues), Capacity: p.capacity}
		s.On = period.AddWorkingDays(today.AddDays(p.inDays-1), 1)
		s.Until = s.On
		if p.online {
			s.Mode, s.Venue = "online", ""
		}
		if p.kind == "briefing" {
			s.From, s.To = "12:30", "13:30"
		}
		if p.course == "Systemic practice: foundation" {
			s.Until, s.To = period.AddWorkingDays(s.On, 1), "16:00"
		}
		at := d.below(len(people))
		for i := 0; len(s.Booked) < p.booked; i += 37 {
			who := people[(at+i)%len(people)]
			if p.programme != "education" || who.Sector == "education" {
				s.Booked = append(s.Booked, who.Email)
			}
		}
		out = append(out, s)
	}
	return out
}

// CourseAbout gives a few words on a course for its page. Courses of which there
// is nothing special to say have a sentence made from their programme.
func CourseAbout(title string) string {
	if words, ok := courseWords[title]; ok {
		return words
	}
	return fmt.Sprintf("%s: a course of the invented partnership of %s.", title, AreaName)
}

var courseWords = map[string]string{
	"Working together to safeguard children": "The day that everybody begins with: what harm looks like, who " +
		"does what, and how to say what worries you so that it is heard.",
	"Recognising and responding to neglect": "Neglect is slow and easy to get used to. How to see it, write it " +
		"down, talk about it with parents, and not leave it to somebody else.",
	"Domestic abuse and its impact on children": "Children live in it and are victims of it. Asking safely, " +
		"planning safely, and what helps children afterwards.",
	"Child exploitation: seeing the whole child": "Criminal and sexual exploitation: how it begins, why children do " +
		"not tell, and how agencies disrupt it together.",
	"Harm outside the home": "Safety in parks, schools, stations and online, and working with " +
		"the places as well as the child.",
	"Before birth: working with expectant parents": "Planning with parents before a baby is born, when there is time " +
		"to plan.",
	"Child protection conferences and core groups": "What a conference is for, how to prepare and say hard things " +
		"kindly, and what a core group does between conferences.",
	"Professional curiosity": "How to stay curious: noticing what does not fit, asking again, " +
		"and seeing the child alone.",
	"Trauma-informed practice": "What trauma does, and small things in how we work that make " +
		"people feel safe.",
	"Systemic practice: foundation": "Two days on seeing a child in their family and the family among " +
		"those around it, with practice in asking questions that open things up.",
	"Systemic practice: curious questions": "For those who have done the foundation: circular questions, " +
		"hypotheses, and what we bring ourselves.",
	"Designated safeguarding lead: new to the role": "For safeguarding leads in their first year: duties, records, " +
		"thresholds, and looking after yourself.",
	"Designated safeguarding lead: refresher": "What has changed, what local reviews found, and a case to work " +
		"through together.",
	"Spotlight: fathers and male carers": "An hour on seeing and including the men in children's lives.",
	"Spotlight: escalating a concern": "An hour on what to do when you disagree with another agency's " +
		"decision about a child.",
	"The voice and lived experience of the child": "What a day is like for this child, and how to write so that a " +
		"child who reads it later recognises it.",
	"Parental substance misuse": "What drink and drugs do to parenting, and keeping the child in " +
		"sight.",
	"Child sexual abuse: noticing and asking": "Most children do not tell. How to notice, how to ask, and what " +
		"to do next.",
	"Thresholds and good referrals": "Which help for which worry, and how to write a referral that can " +
		"be acted on.",
	"Disabled children and safeguarding": "Disabled children are more likely to be harmed and less likely " +
		"to be heard.",
}
