package returns

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"kith/internal/kit/intake"
	"kith/internal/kit/period"
)

// at reads files of 2023-24 and gives a measure's total on a day.
func at(t *testing.T, kind, measure, day string, paths ...string) int64 {
	t.Helper()
	files, err := intake.Files(paths)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Read(t.Context(), kind, intake.Source{Files: files, Year: 2023, Authority: here})
	if err != nil {
		t.Fatal(err)
	}
	d := period.MustDate(day)
	i := slices.IndexFunc(r.Measures, func(m Measure) bool {
		return m.ID == measure && m.Span.To == d &&
			m.Dimension == ""
	})
	if i < 0 {
		t.Fatalf("%s is not held on %s", measure, day)
	}
	return r.Measures[i].Numerator
}

// A child is looked after on a day when an episode started on it or before and
// has not ended on it, unless it is one of short breaks; and is counted once.
func TestLookedAfterRule(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name     string
		episodes []string // child,DECOM,LS,PLACE,DEC
		want     int64
	}{
		{"open", []string{"DEMO1,01/01/2024,C2,U4,"}, 1},
		{"starts that day", []string{"DEMO1,31/03/2024,C2,U4,"}, 1},
		{"starts the day after", []string{"DEMO1,01/04/2024,C2,U4,", "DEMO2,01/05/2023,C2,U4,01/06/2023"}, 0},
		{"ends the day after", []string{"DEMO1,01/01/2024,C2,U4,01/04/2024"}, 1},
		{"ends that day", []string{"DEMO1,01/01/2024,C2,U4,31/03/2024"}, 0},
		{"ended the day before", []string{"DEMO1,01/01/2024,C2,U4,30/03/2024"}, 0},
		{"short breaks, each recorded", []string{"DEMO1,01/01/2024,V3,U4,"}, 0},
		{"short breaks, the agreement", []string{"DEMO1,01/01/2024,V4,U4,"}, 0},
		{"short breaks, then care", []string{"DEMO1,01/01/2024,V4,U4,01/03/2024", "DEMO1,01/03/2024,C2,U4,"}, 1},
		{"care, then short breaks", []string{"DEMO1,01/01/2024,C2,U4,01/03/2024", "DEMO1,01/03/2024,V4,U4,"}, 0},
		{"two episodes one after the other", []string{"DEMO1,01/01/2024,V2,U1,10/02/2024", "DEMO1,10/02/2024,V2,K2,"}, 1},
		{"two open episodes", []string{"DEMO1,01/01/2024,V2,U1,", "DEMO1,10/02/2024,V2,K2,"}, 1},
		{"the same episode twice", []string{"DEMO1,01/01/2024,V2,U1,", "DEMO1,01/01/2024,V2,U1,"}, 1},
		{"two children on one day", []string{"DEMO1,01/01/2024,V2,U1,", "DEMO2,01/01/2024,V2,U1,"}, 2},
		{"a legal status that is no code", []string{"DEMO1,01/01/2024,??,U1,"}, 1},
		{"an end before the start", []string{"DEMO1,01/01/2024,V2,U1,31/12/2023", "DEMO2,01/01/2024,V2,U1,"}, 1},
		{"an end that is no date", []string{"DEMO1,01/01/2024,V2,U1,later", "DEMO2,01/01/2024,V2,U1,"}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			file := write(t, "episodes.csv", "CHILD,DECOM,LS,PLACE,DEC\n"+strings.Join(c.episodes, "\n")+"\n")
			if got := at(t, SSDA903, lookedAfter, "2024-03-31", file); got != c.want {
				t.Errorf("got %d, want %d", got, c.want)
			}
		})
	}
}

// The cut is by the episode that is open on the day: the latest of two.
func TestLatestEpisodeCounts(t *testing.T) {
	t.Parallel()
	file := write(t, "episodes.csv", "CHILD,DECOM,LS,PLACE,DEC\nDEMO1,10/02/2024,V2,K2,\nDEMO1,01/01/2024,C2,U1,\n")
	got := counted(t, SSDA903, file)
	for _, want := range []string{"cla.open legal_status voluntary = 2024-03:1\n",
		"cla.open placement homes-and-supported = 2024-03:1\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
	if strings.Contains(got, "full-care-order") {
		t.Errorf("the earlier episode is counted too:\n%s", got)
	}
}

// censusOf writes a census of children, each given as the text of its CINdetails.
func censusOf(t *testing.T, children ...string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("<Message><Header><CollectionDetails><Collection>CIN</Collection><ReferenceDate>2024-03-31</ReferenceDate></CollectionDetails></Header><Children>")
	for i, c := range children {
		fmt.Fprintf(&b, "<Child><ChildIdentifiers><LAchildID>DEMO%d</LAchildID><PersonBirthDate>2015-01-01</PersonBirthDate></ChildIdentifiers>%s</Child>", i+1, c)
	}
	b.WriteString("</Children></Message>")
	return write(t, "census.xml", b.String())
}

// need writes one CINdetails: referral, closure, reason and the rest as XML.
func need(from, to, reason, more string) string {
	s := "<CINdetails><CINreferralDate>" + from + "</CINreferralDate>"
	if to != "" {
		s += "<CINclosureDate>" + to + "</CINclosureDate><ReasonForClosure>" + reason + "</ReasonForClosure>"
	}
	if !strings.Contains(more, "ReferralNFA") {
		more += "<ReferralNFA>false</ReferralNFA>"
	}
	return s + more + "</CINdetails>"
}

func onPlan(from, to string) string {
	s := "<ChildProtectionPlans><CPPstartDate>" + from + "</CPPstartDate>"
	if to != "" {
		s += "<CPPendDate>" + to + "</CPPendDate>"
	}
	return s + "<InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse></ChildProtectionPlans>"
}

func TestNeedRule(t *testing.T) {
	t.Parallel()
	const nfa = "<ReferralNFA>%s</ReferralNFA>"
	for _, c := range []struct {
		name        string
		child       string
		need, plans int64
	}{
		{"open", need("2024-01-01", "", "", ""), 1, 0},
		{"referred that day", need("2024-03-31", "", "", ""), 1, 0},
		{"referred the day after", need("2024-04-01", "", "", ""), 0, 0},
		{"closed the day after", need("2024-01-01", "2024-04-01", "RC7", ""), 1, 0},
		{"closed that day", need("2024-01-01", "2024-03-31", "RC7", ""), 0, 0},
		{"no further action", need("2024-01-01", "", "", fmt.Sprintf(nfa, "true")), 0, 0},
		{"no further action, as 1", need("2024-01-01", "", "", fmt.Sprintf(nfa, "1")), 0, 0},
		{"further action", need("2024-01-01", "", "", fmt.Sprintf(nfa, "0")), 1, 0},
		{"said of neither", need("2024-01-01", "", "", fmt.Sprintf(nfa, "")), 1, 0},
		{"to be closed as not in need", need("2024-01-01", "2024-04-05", "RC8", ""), 0, 0},
		{"to be closed to early help", need("2024-01-01", "2024-04-05", "RC9", ""), 0, 0},
		{"to be closed for another reason", need("2024-01-01", "2024-04-05", "RC3", ""), 1, 0},
		{"closed and referred again", need("2023-06-01", "2023-09-01", "RC7", "") + need("2024-01-01", "", "", ""), 1, 0},
		{"two cases at once", need("2023-06-01", "", "", "") + need("2024-01-01", "", "", ""), 1, 0},
		{"closed before it began", need("2024-01-01", "2023-01-01", "RC7", "") + need("2023-06-01", "2023-07-01", "RC7", ""),
			0, 0},
		{"a plan", need("2024-01-01", "", "", onPlan("2024-02-01", "")), 1, 1},
		{"a plan from that day", need("2024-01-01", "", "", onPlan("2024-03-31", "")), 1, 1},
		{"a plan from the day after", need("2024-01-01", "", "", onPlan("2024-04-01", "")), 1, 0},
		{"a plan to that day", need("2024-01-01", "", "", onPlan("2024-02-01", "2024-03-31")), 1, 0},
		{"a plan to the day after", need("2024-01-01", "", "", onPlan("2024-02-01", "2024-04-01")), 1, 1},
		{"a plan that ends before it starts", need("2024-01-01", "", "", onPlan("2024-02-01", "2024-01-01")), 1, 0},
		{"two plans one after the other",
			need("2023-05-01", "", "", onPlan("2023-06-01", "2023-12-01")+onPlan("2024-01-01", "")), 1, 1},
		{"two plans at once", need("2023-05-01", "", "", onPlan("2023-06-01", "")+onPlan("2024-01-01", "")), 1, 1},
		{"a plan in a closed case", need("2023-05-01", "2024-01-01", "RC7", onPlan("2023-06-01", "")), 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			file := censusOf(t, c.child, need("2023-04-01", "2023-05-01", "RC7", ""))
			if got := at(t, CINCensus, needOpen, "2024-03-31", file); got != c.need {
				t.Errorf("in need: got %d, want %d", got, c.need)
			}
			if got := at(t, CINCensus, plansOpen, "2024-03-31", file); got != c.plans {
				t.Errorf("plans: got %d, want %d", got, c.plans)
			}
		})
	}
}

// RC9 closes a case as not in need only from 2022-23 on.
func TestClosedToEarlyHelp(t *testing.T) {
	t.Parallel()
	e := element{kids: []element{{name: "ReasonForClosure", text: "RC9"}}}
	for y, want := range map[period.Year]bool{2020: false, 2021: false, 2022: true, 2025: true} {
		if got := (&census{year: y}).notInNeed("not-in-need", &e); got != want {
			t.Errorf("%s: got %v", y, got)
		}
	}
}

func TestAgeBand(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ born, expected, want string }{
		{"2024-03-31", "", "0-4"}, {"2019-04-01", "", "0-4"}, {"2019-03-31", "", "5-9"}, {"2014-04-01", "", "5-9"},
		{"2014-03-31", "", "10-15"}, {"2008-04-01", "", "10-15"}, {"2008-03-31", "", "16-17"}, {"2006-04-01", "", "16-17"},
		{"2006-03-31", "", "18-plus"}, {"1904-03-31", "", "18-plus"}, {"1903-03-31", "", unknown},
		{"2024-04-01", "", "unborn"}, {"", "2024-06-01", "unborn"}, {"", "2023-06-01", "unborn"},
		{"2023-05-30", "2023-06-01", "0-4"}, {"", "", unknown},
		{"2020-02-29", "", "0-4"},
	} {
		date := func(s string) period.Date {
			if s == "" {
				return period.Date{}
			}
			return period.MustDate(s)
		}
		if got := ageBand(date(c.born), date(c.expected), period.MustDate("2024-03-31")); got != c.want {
			t.Errorf("born %q, expected %q: got %s, want %s", c.born, c.expected, got, c.want)
		}
	}
}

// Contacts are counted by their month, and a contact listed twice once; several
// contacts about a child are several.
func TestListRule(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, kind, text string
		want             string
	}{
		{"first and last day", Contacts, "contact id,contact date,outcome\n1,01/04/2023,Referral\n2,31/03/2024,No\n",
			"1 0 0 0 0 0 0 0 0 0 0 1"},
		{"a number twice", Contacts, "contact id,contact date,outcome\n1,01/04/2023,Referral\n1,02/04/2023,No\n",
			"1 0 0 0 0 0 0 0 0 0 0 0"},
		{"one number, two children", Contacts,
			"contact id,child,contact date,outcome\n1,DEMO1,01/04/2023,No\n1,DEMO2,01/04/2023,No\n", "2 0 0 0 0 0 0 0 0 0 0 0"},
		{"a child twice in a day", Contacts,
			"child,contact date,source,outcome\nDEMO1,01/04/2023,Police,No\nDEMO1,01/04/2023,School,No\n",
			"2 0 0 0 0 0 0 0 0 0 0 0"},
		{"the whole row twice", Contacts,
			"child,contact date,source,outcome\nDEMO1,01/04/2023,Police,No\nDEMO1,01/04/2023,Police,No\n",
			"1 0 0 0 0 0 0 0 0 0 0 0"},
		{"no child and no number", Contacts, "source,contact date,outcome\nPolice,01/04/2023,No\nPolice,01/04/2023,No\n",
			"2 0 0 0 0 0 0 0 0 0 0 0"},
		{"help starts twice in a day", EarlyHelp,
			"child,start date,source\nDEMO1,01/04/2023,Police\nDEMO1,01/04/2023,School\n", "1 0 0 0 0 0 0 0 0 0 0 0"},
		{"help starts again", EarlyHelp, "child,start date,source\nDEMO1,01/04/2023,Police\nDEMO1,01/06/2023,School\n",
			"1 0 1 0 0 0 0 0 0 0 0 0"},
		{"help that goes on from the year before", EarlyHelp,
			"child,start date,source\nDEMO1,31/03/2023,Police\nDEMO1,01/06/2023,School\n", "0 0 1 0 0 0 0 0 0 0 0 0"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			measure := contactsReceived
			if c.kind == EarlyHelp {
				measure = helpStarted
			}
			got := counted(t, c.kind, write(t, "list.csv", c.text))
			if !strings.Contains(got, measure+" = "+c.want+"\n") {
				t.Errorf("want %s in\n%s", c.want, got)
			}
		})
	}
}

// A referral is what the list says is one, in the words that are documented, and
// nothing that only mentions one.
func TestOutcomeWords(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"Referral": "referral", "referred": "referral", "Progressed to referral": "referral", "REFERRAL ACCEPTED": "referral",
		"Yes":                "referral",
		"referral: declined": unknown, "No referral": "other",
		"Not progressed to referral": "other", "Referral to early help": "early-help",
		"Information & Advice": "advice",
		"NFA":                  "no-further-action", "Strategy Discussion": "strategy", "a) Referral": "referral",
		"": unknown,
	} {
		if got, _ := codes()["outcome"].group(cell); got != want {
			t.Errorf("%q: got %s, want %s", cell, got, want)
		}
	}
}

func TestCodeGroups(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		set, cell, want string
		how             verdict
	}{
		{"source", "6", "police", exact}, {"source", "q) 6: Police", "police", inWords},
		{"source", "Police service", "police", inWords},
		{"source", "3b", "health", inWords}, {"source", "milkman", unknown, odd}, {"source", "", unknown, blank},
		{"primary_need", "N1", "abuse-or-neglect", exact}, {"primary_need", "N1 - Abuse or Neglect", "abuse-or-neglect",
			inWords},
		{"legal_status", "V3", shortBreaks, exact}, {"legal_status", "v4", shortBreaks, inWords},
		{"legal_status", "V5", unknown, odd},
		{"ethnic_group", "WBRI", "white", exact}, {"ethnic_group", "NOBT", unknown, exact},
		{"sex", "a) Male", "male", inWords},
	} {
		if got, how := codes()[c.set].group(c.cell); got != c.want || how != c.how {
			t.Errorf("%s %q: got %s, %d", c.set, c.cell, got, how)
		}
	}
}

// Every code leads to a group that has words, and every cut has its groups.
func TestCodesAreWhole(t *testing.T) {
	t.Parallel()
	for measure, spec := range specOfMeasure {
		for _, dim := range spec.cuts {
			if len(groups()[dim]) < 2 || !isGroup(dim, unknown) && dim != "sex" || cutTitles[dim] == "" {
				t.Errorf("%s is cut by %s, which has too few groups or no words", measure, dim)
			}
			for code, g := range codes()[dim].codes {
				if g != shortBreaks && !isGroup(dim, g) {
					t.Errorf("%s %s leads to %s, which has no words", dim, code, g)
				}
			}
		}
	}
	for _, spec := range tables903 {
		for _, c := range spec.columns {
			if c.codes != "" && len(codes()[c.codes].codes) == 0 {
				t.Errorf("%s.%s has no codes", spec.name, c.name)
			}
		}
	}
	for number, list := range authorities() {
		for _, a := range list {
			if len(number) != 3 || !authorityForm.MatchString(a.gss) || a.name == "" {
				t.Errorf("authority %s: %+v", number, a)
			}
		}
	}
}

func TestAuthorityOf(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		number string
		year   period.Year
		want   string
	}{{"344", 2023, here}, {"370", 2023, "E08000016"}, {"370", 2024, "E08000016"}, {"999", 2023, ""}, {"", 2023, ""}} {
		if got, _ := authorityOf(c.number, c.year); got.gss != c.want {
			t.Errorf("%s in %s: got %q", c.number, c.year, got.gss)
		}
	}
	if was, _ := authorityOf("370", 2024); was.gss == "" {
		t.Error("370 is not known in 2024-25")
	}
	if now, ok := authorityOf("370", 2025); !ok || now.gss == "E08000016" {
		t.Errorf("370 in 2025-26: %+v", now)
	}
}

// Every table of the SSDA903 is known by its own header, in any order and case,
// and none is taken for another.
func TestTablesAreTold(t *testing.T) {
	t.Parallel()
	for _, want := range tables903 {
		var names []string
		for _, c := range want.columns {
			names = append(names, strings.ToLower(c.name))
		}
		slices.Reverse(names)
		if got, _ := recognise(names); got == nil || got.name != want.name {
			t.Errorf("the header of %s is taken for %+v", want.name, got)
		}
	}
	for _, foreign := range []string{"a,b,c", "CHILD,DOB", "name,dob,sex,postcode,phone",
		"Child Unique ID,Date of Contact,Contact Source", "CHILD"} {
		if got, _ := recognise(strings.Split(foreign, ",")); got != nil {
			t.Errorf("%s is taken for %s", foreign, got.name)
		}
	}
}

// A finding quotes a cell only when nothing in it can be about a person.
func TestShown(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"ZZ": "“ZZ”", "U9": "“U9”", "WHIT": "“WHIT”", "Rosa": "What is written", "01/05/10": "What is written",
		"Roy Cox": "What is written",
		"É":       "What is written", "<b>": "What is written", "A123456789123": "What is written",
	} {
		if got := shown(cell); got != want {
			t.Errorf("%q: %s", cell, got)
		}
	}
}
