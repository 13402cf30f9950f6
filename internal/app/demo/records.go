package demo

import (
	"time"

	"kith/internal/kit/period"
)

// The records below have no file format: they are entered through the rooms' own
// actions. Organisations are named, as Organisations lists them; people are named
// by their e-mail address, as Leaders, Personas and People list them.
//
// Functions that take today tell of what is under way when somebody looks: next
// month's courses, a round of audits that is open. What lies within the years of
// the files has fixed dates and never moves.

// A Persona is somebody whose place one can take at the demonstration's sign-in.
type Persona struct {
	Role         string // as the demonstration's sign-in names it
	Name         string
	Organisation string // empty for people who belong to no agency
}

const (
	socialCare = Council + ": Children's Social Care"
	earlyHelp  = Council + ": Early Help and Family Hubs"
	education  = Council + ": Education and Inclusion"
	icb        = "NHS Saltcoast Integrated Care Board"
	police     = "Saltcoast Police"
)

// Personas lists one invented person for each role.
var Personas = []Persona{
	{"business-manager", "Maren Holloway", socialCare},
	{"coordinator", "Tobin Asher", socialCare},
	{"training-officer", "Ottilie Brandreth", socialCare},
	{"quality-officer", "Jonty Featherstonehaugh", socialCare},
	{"analyst", "Sushila Bannerworth", education},
	{"review-lead", "Corin Applethwaite", icb},
	{"panel-member", "Bronagh Lightfoot", "Saltcoast Community Health Trust"},
	{"independent-reviewer", "Aurelio Kingsbarn", ""},
	{"editor", "Pippa Quillfeather", socialCare},
	{"agency-lead", "Desmond Okafor-Reeve", "Saltcoast Community Health Trust"},
	{"practitioner", "Keziah Thorne", earlyHelp},
	{"school-lead", "Marguerite Sallow", "Heron Mere Primary School"},
	{"safeguarding-partner", "Alasdair Penrose-Vane", icb},
	{"lay-member", "Winnie Cartledge", ""},
	{"scrutineer", "Rosalind Achterberg", ""},
	{"administrator", "Ivo Sandiforth", socialCare},
}

// ChapterOwners are the roles of those who wrote some chapters of the yearly report, by title.
var ChapterOwners = map[string]string{"Early help": "agency-lead", "Training and the Big Learn": "training-officer",
	"Reviews": "review-lead", "Audits": "quality-officer"}

// A ReportContribution is what an agency is asked to add to the next version of the report.
type ReportContribution struct {
	Role  string // of who is asked
	Asked string
	Days  int // until it is due
}

// ReportContributions lists what is asked for.
var ReportContributions = []ReportContribution{
	{"agency-lead", "What your trust has done since about children who are not brought to appointments, in 150 words.",
		20},
	{"school-lead", "What your school changed after the anti-bullying week, in 100 words.", 25},
}

// A Leader is somebody with a seat on a committee.
type Leader struct {
	Person
	Public bool // the name may be shown to the public
}

// Signers are the leaders who sign for the partners that no persona signs for.
var Signers = []string{"cordelia.ravenhall@tidewell.example", "nuala.breckenridge@saltcoast-police.example"}

// Leaders lists those who sit on the partnership's committees.
var Leaders = []Leader{
	{Person{"Cordelia Ravenhall", "cordelia.ravenhall@tidewell.example", "Director of children's services", socialCare,
		"local-authority"}, true},
	{Person{"Alasdair Penrose-Vane", "safeguarding-partner@demonstration.example", "Chief nurse", icb, "health"}, true},
	{Person{"Nuala Breckenridge", "nuala.breckenridge@saltcoast-police.example", "Assistant chief constable", police,
		"police"}, true},
	{Person{"Rosalind Achterberg", "scrutineer@demonstration.example", "Independent scrutineer", "", ""}, true},
	{Person{"Winnie Cartledge", "lay-member@demonstration.example", "Lay member", "", ""}, true},
	{Person{"Maren Holloway", "business-manager@demonstration.example", "Business manager", socialCare, "local-authority"},
		true},
	{Person{"Hesper Langstroth", "hesper.langstroth@tidewell.example", "Assistant director, early help", earlyHelp,
		"local-authority"}, false},
	{Person{"Barnabas Oyelaran", "barnabas.oyelaran@tidewell.example", "Head of education and inclusion", education,
		"local-authority"}, false},
	{Person{"Corin Applethwaite", "review-lead@demonstration.example", "Designated nurse for safeguarding", icb, "health"},
		false},
	{Person{"Desmond Okafor-Reeve", "agency-lead@demonstration.example", "Named nurse for safeguarding",
		"Saltcoast Community Health Trust", "health"}, false},
	{Person{"Gwendolen Marsh-Idowu", "gwendolen.marsh-idowu@saltcoast-police.example",
		"Detective superintendent, protecting vulnerable people", police, "police"}, false},
	{Person{"Peregrine Stott", "peregrine.stott@saltcoast-probation.example", "Head of probation delivery",
		"Probation Service: Tidewell", "criminal-justice"}, false},
	{Person{"Lavinia Crowther-Bose", "lavinia.crowther-bose@anchor-families.example", "Chief executive",
		"Anchor Family Support", "voluntary-community"}, false},
	{Person{"Ambrose Tillotson", "ambrose.tillotson@eastcliff-high-school.example", "Headteacher", "Eastcliff High School",
		"education"}, false},
	{Person{"Merle Honeychurch", "merle.honeychurch@heron-mere-primary-school.example", "Headteacher",
		"Heron Mere Primary School", "education"}, false},
	{Person{"Fenella Drysdale-Khan", "fenella.drysdale-khan@breakwater.example", "Service manager",
		"Breakwater Domestic Abuse Service", "voluntary-community"}, false},
	{Person{"Lorcan Whitmarsh", "lorcan.whitmarsh@saltcoast-fire.example", "Station manager, prevention",
		"Saltcoast Fire and Rescue Service", "fire-rescue"}, false},
	{Person{"Odette Farnaby", "odette.farnaby@quayside-homes.example", "Head of neighbourhoods", "Quayside Homes",
		"housing"}, false},
}

// A Committee is one that the partnership works through.
type Committee struct {
	Name    string
	Purpose string
	Meets   string
	Members []Seat
	// Meetings of 2023-24, with what each dealt with.
	Meetings []Meeting
}

// A Seat is a leader's place on a committee.
type Seat struct {
	Email string
	Role  string // chair, vice-chair, member, adviser, lay-member, scrutineer
}

// A Meeting was held on a day.
type Meeting struct {
	On        period.Date
	About     string
	Apologies []string // e-mail addresses of those who sent apologies
	Deputies  []string // of those who sent a deputy; everybody else was there
}

func on(y int, m time.Month, d int) period.Date { return period.NewDate(y, m, d) }

// seats makes the seats of a committee: the first chairs, the second stands in.
func seats(emails ...string) []Seat {
	out := make([]Seat, len(emails))
	for i, e := range emails {
		role := "member"
		switch {
		case e == scrutineer:
			role = "scrutineer"
		case e == layMember:
			role = "lay-member"
		case e == manager:
			role = "adviser"
		case i == 0:
			role = "chair"
		case i == 1:
			role = "vice-chair"
		}
		out[i] = Seat{e, role}
	}
	return out
}

const (
	director   = "cordelia.ravenhall@tidewell.example"
	chiefNurse = "safeguarding-partner@demonstration.example"
	constable  = "nuala.breckenridge@saltcoast-police.example"
	scrutineer = "scrutineer@demonstration.example"
	layMember  = "lay-member@demonstration.example"
	manager    = "business-manager@demonstration.example"
	helpLead   = "hesper.langstroth@tidewell.example"
	schoolHead = "barnabas.oyelaran@tidewell.example"
	nurse      = "review-lead@demonstration.example"
	namedNurse = "agency-lead@demonstration.example"
	detective  = "gwendolen.marsh-idowu@saltcoast-police.example"
	probation  = "peregrine.stott@saltcoast-probation.example"
	charity    = "lavinia.crowther-bose@anchor-families.example"
	secondary  = "ambrose.tillotson@eastcliff-high-school.example"
	primary    = "merle.honeychurch@heron-mere-primary-school.example"
	abuse      = "fenella.drysdale-khan@breakwater.example"
	fire       = "lorcan.whitmarsh@saltcoast-fire.example"
	housing    = "odette.farnaby@quayside-homes.example"
)

// Committees lists the partnership's committees with their year's meetings.
var Committees = []Committee{
	{"Executive", "The three safeguarding partners: sets priorities, agrees the budget and the yearly report, and " +
		"answers to scrutiny.", "Every two months",
		seats(director, chiefNurse, constable, schoolHead, charity, scrutineer, layMember, manager), []Meeting{
			{On: on(2023, 4, 20), About: "Agreed the business plan for 2023-24 and the written statement on neglect."},
			{On: on(2023, 6, 15), About: "Received the review of Child Rowan and agreed its recommendations.",
				Apologies: []string{charity}},
			{On: on(2023, 9, 14), About: "Heard the scrutineer on early help; asked for numbers with every claim.",
				Deputies: []string{constable}},
			{On: on(2023, 11, 16), About: "Launch of systemic practice; learning from the Big Learn."},
			{On: on(2024, 1, 18), About: "Received the review of Child Wren. Planned for the new national guidance.",
				Apologies: []string{layMember}},
			{On: on(2024, 3, 14), About: "Judged progress on the year's priorities and agreed three for 2024-25.",
				Deputies: []string{chiefNurse}},
		}},
	{"Learning and Development", "Plans, checks and improves multi-agency training, and runs the Big Learn.",
		"Every three months",
		seats(schoolHead, nurse, detective, primary, charity, probation, manager), []Meeting{
			{On: on(2023, 5, 11), About: "Courses for the year; what people did differently after the neglect course."},
			{On: on(2023, 9, 7), About: "The Big Learn: presentations, stalls and places."},
			{On: on(2023, 12, 7), About: "Attendance by agency; fewer people who book and do not come.",
				Apologies: []string{probation}},
			{On: on(2024, 2, 29), About: "Programme for 2024-25, led by what reviews and audits found."},
		}},
	{"Performance and Audit", "Reads the figures, leads multi-agency case audits and the Section 11 and 175 " +
		"self-assessments.", "Every three months",
		seats(nurse, helpLead, detective, secondary, namedNurse, housing, manager), []Meeting{
			{On: on(2023, 6, 1), About: "Audit of children aged 0 to 5 who are looked after."},
			{On: on(2023, 9, 21), About: "Audit of parental substance misuse; contacts and referrals.",
				Deputies: []string{detective}},
			{On: on(2023, 12, 14), About: "Audit of pre-birth arrangements; how Section 11 answers are checked."},
			{On: on(2024, 3, 7), About: "Audit of child exploitation; the year's figures.", Apologies: []string{housing}},
		}},
	{"Case Review", "Decides on rapid reviews and practice reviews, and follows what they recommend.", "Every month",
		seats(nurse, detective, helpLead, namedNurse, schoolHead, manager), []Meeting{
			{On: on(2023, 5, 4), About: "Draft report on Child Rowan."},
			{On: on(2023, 9, 28), About: "Learning review of the Marsh family: what changes on Monday."},
			{On: on(2023, 11, 30), About: "Draft report on Child Wren; a review commissioned by the council."},
			{On: on(2024, 2, 22), About: "Learning review of two sisters."},
		}},
	{"Policy and Procedure", "Keeps procedures short, right and findable.", "Every two months",
		seats(helpLead, namedNurse, detective, primary, abuse, manager), []Meeting{
			{On: on(2023, 7, 6), About: "Neglect strategy."},
			{On: on(2023, 10, 19), About: "Escalating a concern: a shorter procedure."},
			{On: on(2024, 2, 8), About: "Working Together 2023: what changes here."},
		}},
	{"Harm Outside the Home", "Children exploited, missing or harmed by people outside their family.", "Every two months",
		seats(detective, helpLead, nurse, secondary, charity, fire, housing), []Meeting{
			{On: on(2023, 6, 22), About: "Places where young people say they do not feel safe."},
			{On: on(2023, 10, 5), About: "Return-home conversations."},
			{On: on(2024, 1, 25), About: "Audit of child exploitation: what it asks."},
		}},
	{"Education Safeguarding", "Schools and colleges as a full part of the partnership.", "Every term",
		seats(schoolHead, secondary, primary, nurse, detective), []Meeting{
			{On: on(2023, 6, 8), About: "Section 175: topics for the year."},
			{On: on(2023, 11, 9), About: "Attendance and safeguarding."},
			{On: on(2024, 3, 21), About: "Answers to Section 175, and help for schools that found it hard."},
		}},
	{"Early Help Partnership", "Help early, close to home, from whoever the family trusts.", "Every two months",
		seats(helpLead, charity, namedNurse, primary, housing, fire), []Meeting{
			{On: on(2023, 7, 13), About: "Demand for early help is rising: who is doing what."},
			{On: on(2023, 11, 2), About: "Family hubs in the four poorest wards."},
			{On: on(2024, 2, 1), About: "What families said."},
		}},
}

// A Contribution is what an organisation paid towards the partnership in a year.
type Contribution struct {
	Year         period.Year
	Organisation string
	Pence        int
	Note         string
}

// Contributions lists what was paid.
var Contributions = []Contribution{
	{2022, socialCare, 168_400_00, "With the office and the website"}, {2022, icb, 71_500_00, ""},
	{2022, police, 38_200_00, ""},
	{2022, "Probation Service: Tidewell", 2_500_00, ""},
	{2023, socialCare, 174_300_00, "With the office and the website"},
	{2023, icb, 78_900_00, "Rises in steps to an equal share"}, {2023, police, 41_600_00, ""},
	{2023, "Probation Service: Tidewell", 2_500_00, ""}, {2023, "Quayside Homes", 3_000_00, "For the Big Learn"},
}

// A Contact is somebody to call when worried about a child. The numbers of
// Tidewell are of the range that is kept for drama and lead nowhere.
type Contact struct {
	Purpose string
	Name    string
	Number  string
	Answers string
	Owner   string
}

// Contacts lists Tidewell's own numbers; the national ones are the same everywhere.
var Contacts = []Contact{
	{"front-door-day", "Tidewell front door (demonstration)", "01632 960 141",
		"Social workers of an invented council. Monday to Friday, 9am to 5pm. This is a demonstration: nobody answers.",
		"Business manager"},
	{"front-door-night", "Tidewell out-of-hours team (demonstration)", "01632 960 142",
		"Nights, weekends and bank holidays. This is a demonstration: nobody answers.", "Business manager"},
	{"allegations", "Designated officer for allegations (demonstration)", "01632 960 143",
		"About somebody who works with children. This is a demonstration: nobody answers.", "Business manager"},
}
