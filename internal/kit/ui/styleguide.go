package ui

import (
	"embed"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"
)

//go:embed styleguide/templates/*.html
var styleGuideFiles embed.FS

var styleGuideSet = sync.OnceValues(func() (*Set, error) {
	inside, err := fs.Sub(styleGuideFiles, "styleguide")
	if err != nil {
		return nil, err
	}
	return NewSet(inside)
})

// StyleGuide writes the page that shows every component in each of its states,
// in the layout and colours that base names.
func StyleGuide(w io.Writer, base Base) error {
	set, err := styleGuideSet()
	if err != nil {
		return fmt.Errorf("style guide: %w", err)
	}
	// It shows an error summary among the rest, which does not make it a page with
	// an error: so not by Render.
	out, err := set.execute("styleguide", newStyleGuidePage(base))
	if err != nil {
		return fmt.Errorf("style guide: %w", err)
	}
	_, err = w.Write(out)
	return err
}

type styleGuidePage struct {
	Base
	Sections   []NavItem
	Beside     []NavItem
	When       time.Time
	Sectors    []string
	Empty      Form
	Filled     Form
	Wrong      Form
	List       List
	Programmes []Choice
	Modes      []Choice
	YesNo      []Choice
	Needs      []Choice
	Rows       []Row
	How        []Row
	Tasks      []Task
	Files      FileList
	Tabs       []Tab
	Charts     []Chart
	Icons      []string
}

func newStyleGuidePage(base Base) styleGuidePage {
	base.Title = "Style guide"
	base.NoIndex = true
	p := styleGuidePage{
		Base:    base,
		When:    time.Date(2024, 3, 31, 14, 30, 0, 0, time.UTC),
		Sectors: []string{"police", "health", "schools"},
		Wrong:   wrongForm(),
		Filled:  guideForm{values: map[string]string{"agencies-picked": "o1 Tidewell Health"}},
		Programmes: []Choice{
			{Value: "multi-agency", Text: "Multi-agency", Group: "This year"},
			{Value: "education", Text: "Education", Group: "This year"},
			{Value: "pilot", Text: "Pilot", Group: "Earlier", Disabled: true},
		},
		Modes: []Choice{
			{Value: "online", Text: "Online"},
			{Value: "room", Text: "In a room", Hint: "Step-free rooms only"},
			{Value: "both", Text: "Both at once", Divider: "or"},
		},
		YesNo: Choices("yes", "Yes", "no", "No"),
		Needs: []Choice{
			{Value: "loop", Text: "A hearing loop"}, {Value: "bsl", Text: "A sign-language interpreter",
				Hint: "Please ask two weeks before"},
			{Value: "none", Text: "None of these", Divider: "or", Exclusive: true},
		},
		Charts: styleGuideCharts(),
		Icons:  iconNames(),
	}
	for _, s := range []string{"Words", "Acts", "Fields", "Notices", "Summaries", "Lists", "Blocks", "Charts",
		"Pictures"} {
		p.Sections = append(p.Sections, NavItem{Text: s, Href: "#" + strings.ToLower(s)})
	}
	p.Beside = []NavItem{{Text: "Sessions", Href: "#lists", Current: true}, {Text: "Courses", Href: "#lists"},
		{Text: "My training", Href: "#lists"}}
	p.List = ReadList("/style-guide", url.Values{}, "title", "booked")
	p.List.Total, p.List.One, p.List.Many = 112, "course", "courses"
	p.Rows = []Row{
		{Key: "Course", Value: "Working together: level 3", Href: "#summaries", About: "the course"},
		{Key: "Where", Value: "Harbour Hall, which has a name long enough to wrap on a telephone", Href: "#summaries",
			Act: "Move", About: "the session"},
		{Key: "Places", Value: "25"},
	}
	p.How = []Row{
		{Key: "What is counted", Value: "Each time one person attended one multi-agency event that took place."},
		{Key: "Period", Value: "1 April 2023 to 31 March 2024"},
		{Key: "Came in by", Value: template.HTML("training-history.csv, SHA-256 <code>9f2c…e1a7</code>")},
		{Key: "Checked", Value: "Frozen in the 2023-24 report.", Href: "#summaries", Act: "Check it yourself"},
	}
	at := time.Date(2024, 6, 3, 9, 0, 0, 0, time.UTC)
	p.Files = FileList{AddHref: "#summaries", Words: "PDF, Word and pictures, up to 100 MB", Items: []FileItem{
		{Name: "Visit form, version 7.pdf", Href: "#summaries", Open: "#summaries", By: "Ann Lead", At: at,
			Facts: "PDF document, 210 KB", Tone: "good", State: "Checked for viruses"},
		{Name: "Note to all teams.docx", Href: "#summaries", By: "Ann Lead", At: at, Facts: "Word document, 14 KB",
			Tone: "watch", State: "Not yet checked"}}}
	p.Tasks = []Task{
		{Title: "Introduction", Href: "#summaries", Hint: "About a page", Status: "Completed"},
		{Title: "Training and the conference", Href: "#summaries", Tone: "watch", Status: "Waits for you"},
		{Title: "Sign-off", Tone: "quiet", Status: "Cannot start yet"},
	}
	p.Tabs = []Tab{
		{ID: "tab-police", Label: "Police", Body: "<p>104 attendances</p>"},
		{ID: "tab-health", Label: "Health", Body: "<p>214 attendances</p>"},
	}
	return p
}

func styleGuideCharts() []Chart {
	quarters := []string{"Apr to Jun", "Jul to Sep", "Oct to Dec", "Jan to Mar"}
	return []Chart{
		BarChart{ID: "guide-bars", Title: "Children looked after on 31 March", Labels: []string{"2022", "2023", "2024"},
			First:  "Year",
			Series: []Series{{Name: "Children", Values: Numbers(822, 801, 777)}}, Highlight: "2024", Horizontal: true},
		BarChart{ID: "guide-columns", Title: "Attendances by sector", Labels: []string{"Council", "Health", "Police",
			"Schools"}, First: "Sector", Missing: "hidden",
			Series: []Series{{Name: "2022-23", Values: []float64{470, 188, 52, Gap()}},
				{Name: "2023-24", Values: Numbers(478, 214, 55, 61)}}},
		LineChart{ID: "guide-lines", Title: "Contacts by who made them", Labels: quarters, First: "Quarter",
			Missing: "not collected",
			Series: []Series{{Name: "Police", Values: Numbers(1210, 1350, 1190, 1500)},
				{Name: "Schools", Values: Numbers(910, 700, 1105, 1150)},
				{Name: "Health", Values: []float64{410, Gap(), 620, 600}},
				{Name: "Families", Values: Numbers(300, 340, 560, 590)}}},
		Pictogram{ID: "guide-people", Title: "If Tidewell had 100 children", Rest: "others",
			Groups: []PictogramGroup{{Name: "would live in the most deprived tenth of neighbourhoods", Count: 26},
				{Name: "would have help from social care", Count: 4}}},
	}
}

// iconNames lists the icons there are.
func iconNames() []string {
	var names []string
	for name := range pictures() {
		if icon, ok := strings.CutPrefix(name, "icon/"); ok {
			names = append(names, icon)
		}
	}
	slices.Sort(names)
	return names
}

// guideForm is a form filled in wrongly, to show how problems look.
type guideForm struct {
	values   map[string]string
	problems []Problem
}

func wrongForm() guideForm {
	return guideForm{
		values: map[string]string{"w_places": "many", "w_notes": "Bring the register", "w_owner": "Lee", "w_chair": "Zed",
			"w_team": "Old Mill School", "w_team-chosen": "o9 Old Mill School",
			"w_held_on-day": "31", "w_held_on-month": "2", "w_held_on-year": "2024"},
		problems: []Problem{
			{"w_title", "Enter the course’s title"}, {"w_places", "Enter the number of places in figures"},
			{"w_password", "Enter your password"},
			{"w_notes", "Shorten the notes to 120 characters"}, {"w_programme", "Choose a programme"},
			{"w_owner", "Several people fit “Lee”: choose who is meant"},
			{"w_chair", "Nobody here fits “Zed”. Check the spelling"},
			{"w_mode", "Choose how it will be held"},
			{"w_needs", "Choose what you will need, or none of these"},
			{"w_held_on", "Enter a date that there is: February 2024 had 29 days"},
			{"w_file", "Choose a file that is a CSV or XLSX"},
		},
	}
}

func (f guideForm) Value(name string) string { return f.values[name] }

func (f guideForm) Values(name string) []string {
	if v, ok := f.values[name]; ok {
		return []string{v}
	}
	return nil
}

func (f guideForm) Problem(name string) string {
	for _, p := range f.problems {
		if p.Field == name {
			return p.Text
		}
	}
	return ""
}

func (f guideForm) Problems() []Problem { return f.problems }

// Kept implements Offering.
func (f guideForm) Kept(name string) string {
	if name == "w_team" {
		return "It ended on 31 March 2024. It stays here until you choose another"
	}
	return ""
}

func (f guideForm) Offered(name string) (Offer, bool) {
	switch name {
	case "w_owner":
		return Offer{Choices: []Choice{
			{Value: "1", Text: "Sam Lee", Hint: "Nurse, Tidewell Health"},
			{Value: "2", Text: "Sam Lee", Hint: "Head teacher, Gull Lane School"}}}, true
	case "w_chair":
		return Offer{Add: "/work/people/new", Typed: "Zed"}, true
	}
	return Offer{}, false
}
