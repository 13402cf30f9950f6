package returns

import (
	"fmt"
	"strings"
	"testing"

	"kith/internal/kit/intake"
)

// censusText is a census of 30 children in need, each with a plan that ended or goes on.
func censusText() string {
	var b strings.Builder
	b.WriteString(`<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>2024</Year>` +
		`<ReferenceDate>2024-03-31</ReferenceDate></CollectionDetails><Source><LEA>344</LEA></Source></Header><Children>`)
	for i := range 30 {
		caseEnd, planEnd := "", ""
		switch {
		case i%3 == 0:
			caseEnd = "<CINclosureDate>2023-12-20</CINclosureDate><ReasonForClosure>RC7</ReasonForClosure>"
			planEnd = "<CPPendDate>2023-11-20</CPPendDate>"
		case i == 1: // the child stays in need after the plan
			planEnd = "<CPPendDate>2023-11-20</CPPendDate>"
		}
		fmt.Fprintf(&b, "\n<Child><ChildIdentifiers><LAchildID>A%d</LAchildID><PersonBirthDate>2015-%02d-%02d</PersonBirthDate>"+
			"<Sex>F</Sex></ChildIdentifiers><ChildCharacteristics><Ethnicity>WBRI</Ethnicity></ChildCharacteristics><CINdetails>"+
			"<CINreferralDate>2023-05-20</CINreferralDate><PrimaryNeedCode>N1</PrimaryNeedCode>%s<ReferralNFA>0</ReferralNFA>"+
			"<ChildProtectionPlans><CPPstartDate>2023-06-20</CPPstartDate>%s<InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse>"+
			"</ChildProtectionPlans></CINdetails></Child>", i, i%12+1, i%28+1, caseEnd, planEnd)
	}
	return b.String() + "</Children></Message>"
}

// A part of a census under another name, or in no child, is never counted as none in
// silence, and neither is a census of another place or year.
func TestCensusWhole(t *testing.T) {
	t.Parallel()
	renamed := func(name string) func(string) string {
		return func(s string) string { return strings.ReplaceAll(s, name+">", name+"s>") }
	}
	without := func(from, to string) func(string) string {
		return func(s string) string {
			for strings.Contains(s, from) {
				before, rest, _ := strings.Cut(s, from)
				_, after, _ := strings.Cut(rest, to)
				s = before + after
			}
			return s
		}
	}
	swap := func(from, to string) func(string) string {
		return func(s string) string { return strings.ReplaceAll(s, from, to) }
	}
	for _, c := range []struct {
		name    string
		change  func(string) string
		refused string
		doubts  string // what they are, as far as "…"
	}{
		{"as it should be", swap("none", ""), "", ""},
		{"plans renamed", swap("ChildProtectionPlans", "CPPlans"),
			"line 2: no CINdetails has ChildProtectionPlans, which figures are counted from, but some have CPPlans", ""},
		{"starts of plans renamed", renamed("CPPstartDate"), "line 2: 30 of the 30 rows cannot be counted", ""},
		{"ends of plans renamed", renamed("CPPendDate"), "no ChildProtectionPlans has CPPendDate", ""},
		{"categories renamed", renamed("InitialCategoryOfAbuse"),
			"no ChildProtectionPlans has LatestCategoryOfAbuse or InitialCategoryOfAbuse", ""},
		{"closures renamed", renamed("CINclosureDate"), "no CINdetails has CINclosureDate", ""},
		{"no further action renamed", renamed("ReferralNFA"), "no CINdetails has ReferralNFA", ""},
		{"births renamed", renamed("PersonBirthDate"), "no ChildIdentifiers has PersonBirthDate", ""},
		{"sex renamed", renamed("Sex"), "no ChildIdentifiers has Sex or GenderCurrent", ""},
		{"characteristics renamed", renamed("ChildCharacteristics"), "no Child has ChildCharacteristics", ""},
		{"another thing beside", swap("<CINdetails>", "<Extra>1</Extra><CINdetails>"), "", ""},
		{"plans not exported", without("<ChildProtectionPlans>", "</ChildProtectionPlans>"), "",
			"Of the 30 children there is no child protection plan in the whole return"},
		{"ends of plans not exported", without("<CPPendDate>", "</CPPendDate>"), "",
			"Of the 30 children there is no child protection plan that ended in the whole return"},
		{"closures not exported", without("<CINclosureDate>", "</CINclosureDate>"), "",
			"10 of the 10 episodes of need with a reason for the end (ReasonForClosure) have no date of it"},
		{"closures emptied", func(s string) string {
			return swap("<CINclosureDate>2023-12-20</CINclosureDate>", "<CINclosureDate/>")(s)
		}, "", "10 of the 10 episodes of need with a reason for the end (ReasonForClosure) have no date of it"},
		{"some closures emptied", func(s string) string {
			return strings.Replace(s, "<CINclosureDate>2023-12-20</CINclosureDate>", "<CINclosureDate/>", 3)
		}, "", "3 of the 10 episodes of need with a reason for the end"},
		{"two closures emptied", func(s string) string {
			return strings.Replace(s, "<CINclosureDate>2023-12-20</CINclosureDate>", "<CINclosureDate/>", 2)
		}, "", ""},
		{"closures and reasons emptied", func(s string) string {
			return swap("RC7", "")(swap("2023-12-20", "")(s))
		}, "", "Of the 30 children there is no episode of need that was closed in the whole return"},
		{"ends of plans emptied", swap("2023-11-20", ""), "",
			"Of the 30 children there is no child protection plan that ended in the whole return"},
		{"every referral without further action", swap("<ReferralNFA>0", "<ReferralNFA>true"), "",
			"No child would be counted as in need on 31 March 2024, beside 19 children with a child protection plan"},
		{"some referrals without further action", func(s string) string {
			return strings.Replace(s, "<ReferralNFA>0", "<ReferralNFA>true", 8)
		}, "", "4 of the 19 children with a child protection plan on 31 March 2024 would not be counted as in need"},
		{"another authority", swap("<LEA>344", "<LEA>201"), "names authority 201 (City of London, E09000001), and it is",
			""},
		{"another year", swap("<Year>2024", "<Year>2023"), "", "The header says year 2023, and reference date 31 March 2024"},
		{"dates of another year", swap("2023-", "2027-"), "", "30 of the 30 episodes of need would not be counted " +
			"(beginning after 2023-24: 30)"},
		{"a header of the year before", swap("2023-", "2024-"), "",
			"30 of the 30 episodes of need would not be counted (beginning after 2023-24: 30)"},
		{"a header of the year after", swap("2023-", "2022-"), "",
			"Of the 30 episodes of need not one began or ended in 2023-24, and neither did a plan"},
		{"ends of plans only in closed cases", func(s string) string {
			return strings.Replace(s, "<CPPendDate>2023-11-20</CPPendDate><InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse>"+
				"</ChildProtectionPlans></CINdetails></Child>\n<Child><ChildIdentifiers><LAchildID>A2<",
				"</ChildProtectionPlans></CINdetails></Child>\n<Child><ChildIdentifiers><LAchildID>A2<", 1)
		}, "", "0 of the 20 plans in cases that are still open have an end, though 10 plans in closed cases have one"},
		{"records without a number", func(s string) string {
			for i := range 7 {
				s = strings.Replace(s, fmt.Sprintf(">A%d<", i), "><", 1)
			}
			return s
		}, "", "7 of the 30 records of children would not be counted (about no child: 7)"},
		{"one number for many", func(s string) string {
			for i := range 5 {
				s = strings.Replace(s, fmt.Sprintf(">A%d<", i), ">see notes<", 1)
			}
			return s
		}, "", "4 of the 30 records of children would not be counted (about the child of an earlier one: 4)"},
		{"records of nobody", func(s string) string {
			return strings.Replace(strings.Replace(s, ">A11<", ">000<", 1), ">A12<", ">Total<", 1)
		}, "", ""},
		{"births of another century", swap("2015-", "1915-"), "", "By their dates of birth 30 of the 30"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			files, err := intake.Files([]string{write(t, "census.xml", c.change(censusText()))})
			if err != nil {
				t.Fatal(err)
			}
			r, err := Read(t.Context(), CINCensus, intake.Source{Files: files, Year: 2023, Authority: here})
			checkDoubts(t, r, err, c.refused, c.doubts)
		})
	}
}

// checkDoubts holds what came of a return against what it should be refused or asked about
// with; each doubt is a finding too.
func checkDoubts(t *testing.T, r *Result, err error, refused, doubts string) {
	t.Helper()
	if refused != "" {
		if err == nil || !strings.Contains(err.Error(), refused) {
			t.Errorf("not refused with %q: %v", refused, err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(r.Doubts, "|"); !strings.HasPrefix(got, doubts) || (got == "") != (doubts == "") {
		t.Errorf("doubts %q, want %q", got, doubts)
	}
	for _, d := range r.Doubts {
		found := false
		for _, f := range r.Findings {
			found = found || f.Message == d
		}
		if !found {
			t.Errorf("no finding: %s", d)
		}
	}
}

// A return that is cut short, holds every child twice or has ages that nobody has is asked
// about.
func TestLookedAfterWhole(t *testing.T) {
	t.Parallel()
	const head, episodes = "CHILD,SEX,DOB,ETHNIC\n",
		"CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
	child := func(id string, i, year int) string {
		return fmt.Sprintf("%s%d,1,%02d/%02d/%d,WBRI\n", id, i, i%28+1, i%12+1, year)
	}
	episode := func(id string, i int) string {
		if i == 0 {
			return fmt.Sprintf("%s%d,01/06/2023,S,C2,N1,U4,PR1,01/02/2024,E4A,,,,\n", id, i)
		}
		return fmt.Sprintf("%s%d,%02d/06/2023,S,C2,N1,U4,PR1,,,,,,\n", id, i, i%28+1)
	}
	many := func(n int, f func(i int) string) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(f(i))
		}
		return b.String()
	}
	sound := func(i int) string { return child("A", i, 2010) }
	each := func(i int) string { return episode("A", i) }
	// ended writes the first so many of the episodes as ended, with or without the day.
	ended := func(some int, dec string) func(i int) string {
		return func(i int) string {
			if i >= some {
				return each(i)
			}
			return strings.Replace(each(i), "PR1,,", "PR1,"+dec+",E4A", 1)
		}
	}
	for _, c := range []struct{ name, header, episodes, more, doubts, findings string }{
		{"as it should be", many(30, sound), many(30, each), "", "", ""},
		{"cut short", many(30, sound), many(23, each), "", "7 of the 30 children of the Header table have no episode",
			ruleNoEpisode},
		{"a few without", many(30, sound), many(24, each), "", "", ""},
		{"care leavers", many(30, sound), many(15, each), "CHILD,DOB,IN_TOUCH,ACTIV,ACCOM\n" +
			many(30, func(i int) string { return fmt.Sprintf("A%d,,YES,F2,B1\n", i) }), "", ""},
		{"every child twice", many(30, sound) + many(30, func(i int) string { return child("B", i, 2010) }),
			many(30, each) + many(30, func(i int) string { return episode("B", i) }), "",
			"30 of the 60 children with a date of birth are like another in all that is counted, under another number",
			ruleTwins},
		{"a tenth twice", many(30, sound) + many(4, func(i int) string { return child("B", i, 2010) }),
			many(30, each) + many(4, func(i int) string { return episode("B", i) }), "",
			"4 of the 34 children with a date of birth are like another", ruleTwins},
		{"a few twins", many(30, sound) + many(3, func(i int) string { return child("B", i, 2010) }),
			many(30, each) + many(3, func(i int) string { return episode("B", i) }), "", "", ""},
		{"a century early", many(30, func(i int) string { return child("A", i, 1910) }), many(30, each), "",
			"By their dates of birth 30 of the 30 children would be 26 or older", ruleAge},
		{"none in care at the end", many(30, sound), strings.ReplaceAll(many(30, each), ",C2,", ",V4,"), "",
			"No child would be counted as looked after on 31 March 2024, of 30 episodes", ruleNothingOf},
		{"ends emptied", many(30, sound), many(30, ended(12, "")), "",
			"11 of the 12 episodes with a reason for the end (REC) have no date of it (DEC)", ruleNothingOf},
		{"some ends emptied", many(30, sound), many(5, ended(5, "")) + many(25, func(i int) string {
			return strings.Replace(episode("A", i+5), "PR1,,", "PR1,01/02/2024,E4A", 1)
		}), "", "4 of the 30 episodes with a reason for the end", ruleNothingOf},
		{"two ends emptied", many(30, sound), many(30, ended(3, "")), "", "", ruleMissingValue},
		{"no ends", many(30, sound), strings.ReplaceAll(many(30, each), "01/02/2024,E4A", ","), "",
			"Of the 30 episodes not one has an end (DEC)", ruleNothingOf},
		{"a third moved to the right", many(30, sound), many(30, func(i int) string {
			if i%3 == 0 {
				return strings.Replace(strings.TrimSuffix(each(i), ",\n")+"\n", "S,C2", ",S,C2", 1)
			}
			return each(i)
		}), "", "In 10 of the 30 rows a cell holds what belongs in another column", ruleShifted},
		{"one number for many", many(30, sound), many(25, each) + many(5, func(i int) string {
			return strings.Replace(episode("A", i+25), fmt.Sprint("A", i+25), "see notes", 1)
		}), "", "4 of the 30 episodes start before the child’s last has ended", ruleOverlap},
		{"ends swapped", many(60, sound), many(60, func(i int) string {
			return strings.Replace(episode("A", i), "PR1,,", fmt.Sprintf("PR1,%02d/%02d/2024,E4A", i%3+1, i%5+8), 1)
		}), "", "59 dates are not in 2023-24, and would be if the month stood first in them", ruleOutsideYear},
		{"ends after the year", many(60, sound), many(60, func(i int) string {
			return strings.Replace(episode("A", i), "PR1,,", fmt.Sprintf("PR1,%02d/%02d/2024,E4A", i%28+1, i%5+8), 1)
		}), "", "", ""},
		{"episodes of the next year", many(60, sound), many(50, each) + many(10, func(i int) string {
			return strings.ReplaceAll(episode("A", i+50), "/2023", "/2024")
		}), "", "10 of the 60 episodes would not be counted (starting after 2023-24: 10)", ruleUncounted},
		{"a count of the children", many(30, sound) + "30 children,,,\nAverage,,,\n", many(30, each) +
			"Sum,01/06/2023,,,,,,,,,,,\n06/2023,01/06/2023,,,,,,,,,,,\n", "", "", ruleTotal},
		{"one a century early", many(29, sound) + child("A", 29, 1910), many(30, each), "", "", ruleAge},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			paths := []string{write(t, "header.csv", head+c.header), write(t, "episodes.csv", episodes+c.episodes)}
			if c.more != "" {
				paths = append(paths, write(t, "oc3.csv", c.more))
			}
			files, err := intake.Files(paths)
			if err != nil {
				t.Fatal(err)
			}
			r, err := Read(t.Context(), SSDA903, intake.Source{Files: files, Year: 2023, Authority: here})
			checkDoubts(t, r, err, "", c.doubts)
			if c.findings != "" && r.ByRule[c.findings] == 0 {
				t.Errorf("no finding of %s: %v", c.findings, r.ByRule)
			}
		})
	}
}

// Ages that no child has are counted as not known, by a date of birth or as they stand.
func TestAgesOfNobody(t *testing.T) {
	t.Parallel()
	const head = "Child ID,Start date,Date of birth,Age,Sex,Source\n"
	files, err := intake.Files([]string{write(t, "help.csv", head+"A1,03/04/2023,14/06/1915,,F,Police\n"+
		"A2,03/04/2023,,120,F,Police\nA3,03/04/2023,,-1,F,Police\nA4,03/04/2023,,25,F,Police\n")})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Read(t.Context(), EarlyHelp, intake.Source{Files: files, Year: 2023, Authority: here})
	if err != nil {
		t.Fatal(err)
	}
	if r.ByRule[ruleAge] != 2 || r.ByRule[ruleCode] != 1 {
		t.Error(r.ByRule)
	}
	for _, line := range []string{"earlyhelp.started age_band unknown = 2023-04:3\n",
		"earlyhelp.started age_band 18-plus = 2023-04:1\n"} {
		if !strings.Contains(table(r.Measures), line) {
			t.Errorf("not %q:\n%s", line, table(r.Measures))
		}
	}
}

// Dates with the year first, in two digits, or with the day in the middle are seen by the
// whole column.
func TestDateOrders(t *testing.T) {
	t.Parallel()
	const head = "Child ID,Start date,Age,Sex,Source\n"
	dates := func(form string) string {
		var b strings.Builder
		b.WriteString(head)
		for i := range 40 {
			fmt.Fprintf(&b, "A%d,%s,5,F,Police\n", i, fmt.Sprintf(form, 23, i%9+4, i%31+1))
		}
		return b.String()
	}
	for _, c := range []struct{ name, text, refused string }{
		{"year first in two digits", dates("%02d/%02d/%02d"), "with the year first"},
		{"day in the middle", dates("20%02[1]d-%02[3]d-%02[2]d"), "with the day before the month"},
		{"month first", dates("%[2]d/%[3]d/20%[1]d"), "with the month first"},
		{"month first in two digits", dates("%02[2]d/%02[3]d/%[1]d"), "with the month first"},
		{"day first in two digits", strings.ReplaceAll(dates("%02[3]d/%02[2]d/%[1]d"), ",31/", ",30/"), ""},
	} {
		files, err := intake.Files([]string{write(t, "help.csv", c.text)})
		if err != nil {
			t.Fatal(err)
		}
		r, err := Read(t.Context(), EarlyHelp, intake.Source{Files: files, Year: 2023, Authority: here})
		checkDoubts(t, r, err, c.refused, "")
	}
}
