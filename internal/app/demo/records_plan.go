package demo

import "kith/internal/kit/period"

// A PlanYear is one year's business plan.
type PlanYear struct {
	Year       period.Year
	Title      string
	Summary    string
	Agreed     period.Date
	Priorities []Priority
}

// A Priority is one of a plan's priorities, and what came of it.
type Priority struct {
	Title    string
	Outcome  string // what will be different for children
	Owner    string // e-mail address
	Status   string // under-way, achieved, partly, not
	Judged   period.Date
	Achieved string
	Remains  string
}

// PlanYears lists the business plans: that of 2023-24 with what was achieved and
// what remains to do, and that of 2024-25 with its three priorities.
var PlanYears = []PlanYear{
	{2023, "Business plan 2023-24", "The second year of a two-year plan.", on(2023, 4, 20), []Priority{
		{"Neglect", "Children who are neglected are noticed early, and what they live with is written down and acted on.",
			helpLead, "partly", on(2024, 3, 14),
			"The neglect strategy was published in July. The course on neglect is the best attended of the programme, and " +
				"one way of describing neglect is used by every agency.",
			"The audit has not yet shown that histories are complete in most records. Schools ask for shorter forms."},
		{"Systemic practice", "Families meet workers who ask before they tell, and who work as one team around them.",
			director, "achieved", on(2024, 3, 14),
			"The model was launched in October after a year of training, with people of every agency trained together.",
			"Supervisors need their own days; whether families notice is to be asked in the coming year."},
		{"Harm outside the home", "Children are safe in the places where they spend their time.", detective, "partly",
			on(2024, 3, 14),
			"Young people drew a map of where they do not feel safe; lights were fixed and a bus stop moved.",
			"Return-home conversations are not yet held in time for most children who go missing."},
		{"Babies under one", "Parents who need help have it before their baby is born.", nurse, "not", on(2024, 3, 14),
			"The message that babies cry and you can cope is given at every visit.",
			"Planning before birth begins too late, as the audit and the review of Child Wren both found. It goes on in " +
				"2024-25 under Embedding change."},
	}},
	{2024, "Business plan 2024-25",
		"Three priorities, fewer than before, chosen from what reviews, audits, scrutiny and families said.", on(2024, 3, 14),
		[]Priority{
			{Title: "Embedding systemic practice", Outcome: "Families say that workers listen, know one another and stay.",
				Owner: director, Status: "under-way"},
			{Title: "Safeguarding with education",
				Outcome: "Every school and college is a full part of the partnership, and no child is lost from sight.",
				Owner:   schoolHead, Status: "under-way"},
			{Title: "Embedding change", Outcome: "What reviews and audits teach is done, and it shows in the next audit.",
				Owner: nurse, Status: "under-way"},
		}},
}

// A Recommendation is one entry of the register: what somebody said should change.
type Recommendation struct {
	Words      string
	SourceKind string // review, audit, scrutiny, family, priority
	Source     string // the review's reference, the audit's title
	Made       period.Date
	Response   string
	Actions    []Action
}

// An Action is something that somebody does about a recommendation or a priority.
type Action struct {
	Title        string
	Priority     string // title of a priority of 2024-25; empty when it serves none
	Owner        string // e-mail address
	Organisation string
	Status       string // open, done, dropped
	Due          period.Date
	Done         period.Date
	Evidence     string
	Impact       string
	Detail       string // what is asked, in full
	Measure      string // how it will be known that it helped
	Says         string // what its owner says while it is open: "done", "longer" or ""
}

// Recommendations lists the register with its actions. Those still open are due
// around today: one is late, the others are not.
func Recommendations(today period.Date) []Recommendation {
	return []Recommendation{
		{"Every agency writes a child's history in one place, and one person draws it together.", "review", "Child Rowan",
			on(2023, 6, 29), "Accepted by the three partners.", []Action{
				{Title: "Agree one form of chronology for all agencies", Owner: nurse, Organisation: icb, Status: "done",
					Due: on(2023, 11, 30), Done: on(2023, 11, 14),
					Evidence: "Form agreed by the Case Review committee and used in the review of two sisters.",
					Impact:   "Conferences have the whole story on one sheet."},
				{Title: "Teach it in the course on neglect", Owner: schoolHead, Organisation: education, Status: "done",
					Due: on(2024, 1, 31), Done: on(2024, 1, 9),
					Evidence: "New half hour in every neglect course since January 2024.", Impact: "To be seen in the next audit."},
			}},
		{"Disabled children are seen alone, by somebody who can talk with them.", "review", "Child Rowan", on(2023, 6, 29),
			"Accepted. Funding agreed for advocates.", []Action{
				{Title: "Advocates for disabled children who have a plan", Owner: helpLead, Organisation: "Compass Advocacy",
					Status: "done", Due: on(2024, 3, 31), Done: on(2024, 3, 12),
					Evidence: "Contract with the advocates signed in March 2024.",
					Impact:   "Children's own words stand at the head of their plans."},
			}},
		{"Planning before birth begins by the twentieth week, and includes fathers.", "review", "Child Wren", on(2024, 1, 25),
			"Accepted.", []Action{
				{Title: "New pathway before birth, shared by midwives and social workers", Priority: "Embedding change",
					Owner: nurse, Organisation: "Tidewell General Hospital Trust", Status: "open", Due: today.AddDays(21)},
				{Title: "Ask about fathers and write down their names", Priority: "Embedding change", Owner: helpLead,
					Organisation: earlyHelp, Status: "open", Due: today.AddDays(-9)},
			}},
		{"Workers of adult services who meet children say what they see.", "audit", "The impact of parental substance misuse",
			on(2023, 9, 7), "Accepted by both services.", []Action{
				{Title: "Joint visits of recovery workers and social workers", Owner: charity,
					Organisation: "Lifebelt Drug and Alcohol Recovery", Status: "done", Due: on(2023, 11, 30), Done: on(2023, 11, 20),
					Evidence: "Joint visits are in the practice notes of both services.",
					Impact:   "Parents say they tell their story once."},
			}},
		{"Children who go missing are talked with within three days, by somebody they know.", "audit", "Child exploitation",
			on(2024, 2, 29), "Accepted.", []Action{
				{Title: "Ask at every visit who lives in the home", Priority: "Embedding change", Owner: namedNurse,
					Organisation: "Saltcoast Community Health Trust", Status: "open", Due: today.AddDays(9),
					Detail: "Health visitors write down every adult who lives in the home at each visit, and ask again when " +
						"something changes. Add the question to the visit form, tell the teams, and show that it is done.",
					Measure: "In 30 files picked at random, at least 27 name the adults in the home. Before: 9 of 30."},
				{Title: "Tell midwives the same day when a visit is missed",
					Owner: namedNurse, Organisation: "Saltcoast Community Health Trust",
					Status: "open", Due: today.AddDays(5), Says: "done",
					Evidence: "Form and note to all teams.", Impact: "All nine teams do it: 31 notes in the first month."},
				{Title: "Name a trusted adult for every child who goes missing twice", Priority: "Embedding change",
					Owner: detective, Organisation: "Open Water Youth Project", Status: "open", Due: today.AddDays(46)},
				{Title: "Share the weekly list of missed visits with schools",
					Owner: namedNurse, Organisation: "Saltcoast Community Health Trust",
					Status: "open", Due: today.AddDays(12), Says: "longer",
					Evidence: "Two schools change their systems over the holidays."},
			}},
		{"Say what changed for children, not what was done for them.", "scrutiny", "Scrutiny of early help", on(2023, 9, 14),
			"Accepted. Every chapter of the yearly report now has evidence.", []Action{
				{Title: "Ask people three months after a course what they did differently", Priority: "Embedding systemic practice",
					Owner: schoolHead, Organisation: education, Status: "open", Due: today.AddDays(60)},
				{Title: "Report figures with the records they come from", Owner: manager, Organisation: socialCare, Status: "done",
					Due: on(2024, 3, 31), Done: on(2024, 3, 28),
					Evidence: "The yearly report is computed from the records.", Impact: "Anybody can check a figure."},
			}},
		{"Tell us who will come, and let it be the same person next time.", "family", "Parent Carer Forum", on(2023, 11, 16),
			"Accepted.", []Action{
				{Title: "A card with one name and one number for every family with a plan", Priority: "Embedding systemic practice",
					Owner: helpLead, Organisation: earlyHelp, Status: "open", Due: today.AddDays(12)},
			}},
		{"Ask schools once, and use what they answer.", "priority", "Safeguarding with education", on(2024, 3, 14), "",
			[]Action{
				{Title: "One calendar of what schools are asked for", Priority: "Safeguarding with education", Owner: schoolHead,
					Organisation: education, Status: "open", Due: today.AddDays(33)},
			}},
	}
}

// A Scrutiny is one occasion on which the independent scrutineer looked.
type Scrutiny struct {
	On         period.Date
	Scrutineer string
	Method     string
	Subject    string
	Seen       string
	Challenge  string
	Response   string
	Responded  period.Date
}

// Scrutinies lists what the scrutineer did in 2023-24.
var Scrutinies = []Scrutiny{
	{on(2023, 5, 23), "Rosalind Achterberg", "Visit", "The front door",
		"A morning beside the people who answer the telephone.", "Callers are told what was decided in too few cases.",
		"Every professional who calls has an answer in writing within a day.", on(2023, 7, 3)},
	{on(2023, 9, 5), "Rosalind Achterberg", "Conversations with families", "Early help",
		"Nine families in three family hubs.", "The partnership counts what it does and not what changes.",
		"The yearly report is to have evidence with every claim.", on(2023, 9, 14)},
	{on(2023, 11, 14), "Rosalind Achterberg", "Young people's panel", "Harm outside the home",
		"Young people showed the map that they had drawn.", "Nobody had told them what came of it.",
		"The committee met them in December and told them.", on(2023, 12, 18)},
	{on(2024, 2, 13), "Rosalind Achterberg", "Reading of records", "Recommendations of past reviews",
		"Whether what was marked as done was done.", "Two actions were marked as done on the strength of a meeting.",
		"An action is done when there is evidence of it.", on(2024, 3, 14)},
	{on(2024, 3, 6), "Rosalind Achterberg", "Observation", "Executive", "How the three partners decide together.",
		"Health and police should bring papers as often as the council does.", "Agreed from May 2024.", on(2024, 3, 14)},
}

// A Supplied is a figure that no record of Kith's can be counted for: a partner
// gives it, and says in which paper it stands.
type Supplied struct {
	Figure      string
	Title       string
	Counts      string
	Unit        string
	Counted     string // children, families, work, staff, partnership or other
	Kind        string // flow or stock
	From, To    period.Date
	Numerator   int
	Denominator int // 0: a count
	Source      string
	Owner       string
	Given       period.Date
	Final       bool
}

// SuppliedFigures lists the figures that partners supply for 2023-24.
var SuppliedFigures = []Supplied{
	{"attested.families-outcomes", "Families who reached all they set out to",
		"Families whose support ended in the year with every aim that was agreed at its start reached.", "families",
		"families",
		"flow",
		on(2023, 4, 1), on(2024, 3, 31), 614, 0, "Early Help and Family Hubs: return to the partnership, April 2024, table 2",
		"Assistant director, early help", on(2024, 4, 22), true},
	{"attested.health-plans-on-time", "Health assessments of looked-after children on time",
		"Review health assessments held by their due date, of all that fell due in the year.", "per cent", "work", "flow",
		on(2023, 4, 1), on(2024, 3, 31), 688, 756,
		"Saltcoast Community Health Trust: yearly report on looked-after children, page 6",
		"Named nurse for looked-after children", on(2024, 5, 14), false},
}

// Enquiry is the line of enquiry that the scrutineer follows today, with its first note.
var Enquiry = struct{ Question, Why, Method, Subject, Seen, Challenge string }{
	"Do agencies know who lives in the home?",
	"Two reviews and the audit of neglect found adults in the home whom nobody had written down.",
	"Reading of records", "Who lives in the home: health visiting", "Nine of 30 records name every adult in the home.",
	"By when will every visit record the adults in the home, and who will look?",
}

// NextPlan is the plan of the year that comes, with its priorities, each with the outcome wanted.
var NextPlan = struct {
	Summary    string
	Priorities [][2]string
}{"Systemic practice goes on, and harm outside the home is new.", [][2]string{
	{"Embedding systemic practice", "Every plan says what is different for the child, in words the family would use."},
	{"Harm outside the home", "Places where children are harmed are made safe, and not only the children moved away."},
}}
