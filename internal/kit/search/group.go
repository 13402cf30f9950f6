package search

// A Group is a heading that results stand under.
type Group struct {
	ID    string // in the address: "actions"
	Title string // with terms marked, as lang.Terms says
}

// The groups, in the order they are shown.
var (
	Do       = Group{"do", "Do"}
	GoTo     = Group{"go", "Go to"}
	People   = Group{"people", "People and agencies"}
	Plan     = Group{"plan", "Priorities"}
	Actions  = Group{"actions", "Actions"}
	Meetings = Group{"meetings", "Meetings and {committees}"}
	Reviews  = Group{"reviews", "Case reviews"}
	Audits   = Group{"audits", "Audits"}
	Training = Group{"training", "Training"}
	Figures  = Group{"figures", "Figures"}
	Papers   = Group{"papers", "Papers and pages"}
	// Of the public site.
	Pages  = Group{"pages", "Pages"}
	Report = Group{"report", "The yearly report"}
)

var groups = []Group{Do, GoTo, People, Plan, Actions, Meetings, Reviews, Audits, Training, Pages, Report,
	Figures, Papers}
