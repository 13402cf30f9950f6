package returns

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"kith/internal/kit/intake"
	"kith/internal/testkit"
)

// Files that were once read wrong in silence: each now gives the right number and
// says what was made of its cells, or is refused in words.
func TestSharedCases(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind, folder string
		files        string
		summary      string // what the first sentence is
		findings     string // as many of each rule
		measures     string // lines that are among the measures
		refused      string // words of the refusal
	}{
		{kind: SSDA903, folder: "k02-no-value-words", files: "header.csv episodes.csv",
			summary:  "3 children looked after on 31 March 2024.",
			findings: "empty-word 3", // MC_DOB, DEC and REC
			measures: "cla.open = 3 3 4 4 4 3 3 3 3 3 3 3"},
		{kind: SSDA903, folder: "k03-end-of-time-dates", files: "header.csv episodes.csv",
			summary: "3 children looked after on 31 March 2024.", findings: "no-date 1",
			measures: "cla.open = 3 3 4 4 4 3 3 3 3 3 3 3"},
		{kind: Contacts, folder: "k04-yes-no-cells", files: "contacts.csv",
			summary:  "4 contacts from 3 April 2023 to 6 April 2023, of which 2 became referrals.",
			findings: "missing-column 1", measures: "contacts.referred_percent source police = 2023-04:1/2"},
		{kind: Contacts, folder: "k05-other-name-beats-own-name", files: "contacts.csv",
			summary:  "3 contacts from 28 April 2023 to 30 April 2023, of which 1 became a referral.",
			findings: "column-twice 4 missing-column 1", measures: "contacts.received source police = 2023-04:1"},
		{kind: Contacts, folder: "k06-invisible-characters", files: "contacts.csv",
			summary:  "3 contacts from 3 April 2023 to 5 April 2023, of which 1 became a referral.",
			findings: "missing-column 1", measures: "contacts.received outcome no-further-action = 2023-04:2"},
		{kind: Contacts, folder: "k06-invisible-characters", files: "contacts-cells.csv",
			summary:  "3 contacts from 3 April 2023 to 5 April 2023, of which 1 became a referral.",
			findings: "missing-column 1", measures: "contacts.received outcome no-further-action = 2023-04:2"},
		{kind: Contacts, folder: "k07-date-forms", files: "contacts.csv",
			summary:  "16 contacts from 1 June 2023 to 14 September 2023, of which 1 became a referral.",
			findings: "missing-column 1 number-date 1 short-year 1",
			measures: "contacts.received = 0 0 15 0 0 1 0 0 0 0 0 0"},
		{kind: Contacts, folder: "k08-month-first", files: "contacts.csv",
			refused: "line 4: the dates of the column contact_date are written with the month first"},
		{kind: SSDA903, folder: "k13-damaged-ids", files: "episodes.csv",
			refused: "line 2: the numbers of the column CHILD were spoilt by a spreadsheet"},
		{kind: SSDA903, folder: "k14-overlaps", files: "episodes.csv",
			summary: "1 child looked after on 31 March 2024.", findings: "missing-table 1 overlap 1",
			measures: "cla.open = 2 2 2 2 2 1 1 1 1 1 1 1"},
		{kind: EarlyHelp, folder: "k21-ages-in-words", files: "eh.csv",
			summary: "4 episodes of early help from 3 April 2023 to 8 April 2023.", findings: "",
			measures: "earlyhelp.started age_band 0-4 = 2023-04:1|earlyhelp.started age_band 5-9 = 2023-04:3"},
	} {
		t.Run(c.folder+"/"+c.files, func(t *testing.T) {
			t.Parallel()
			src := intake.Source{Year: 2023, Authority: here}
			for name := range strings.FieldsSeq(c.files) {
				path := testkit.Shared(t, "cases", "inputs", c.folder, name)
				src.Files = append(src.Files, intake.File{Name: filepath.Base(path), Path: path})
			}
			checkCase(t, c.kind, src, c.summary, c.findings, c.measures, c.refused)
		})
	}
}

// Other files of the same kinds, as systems and people write them.
func TestCellForms(t *testing.T) {
	t.Parallel()
	const contacts = "Contact ID,Child ID,Date of contact,Source,"
	const help = "Child ID,Start date,End date,Age,Sex,Source\n"
	const episodes = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
	half := openEpisodes(10, "") + strings.ReplaceAll(openEpisodes(10, "01/06/2023"), "A", "B")
	for _, c := range []struct{ name, kind, text, summary, findings, measures, refused string }{
		{"ticks", Contacts, contacts + "Led to referral\nC1,A1,03/04/2023,Police,x\nC2,A2,03/04/2023,Police,\n" +
			"C3,A3,03/04/2023,Police,TRUE\nC4,A4,03/04/2023,Police,0\nC5,A5,03/04/2023,Police,perhaps\n",
			"5 contacts from 3 April 2023 to 3 April 2023, of which 2 became referrals.", "code 1 missing-column 1",
			"contacts.referred_percent source police = 2023-04:2/5", ""},
		{"no outcome is known", Contacts, contacts +
			"Outcome\nC1,A1,03/04/2023,Police,R\nC2,A2,03/04/2023,Police,Z\n" +
			"C3,A3,03/04/2023,Police,R\n", "", "", "", "line 2: not one of the outcomes is written in a way that is read"},
		{"most rows are lost", Contacts, contacts + "Outcome\nC1,A1,Q1,Police,NFA\nC2,A2,Q2,Police,NFA\n" +
			"C3,A3,Q3,Police,NFA\nC4,A4,03/04/2023,Police,NFA\n", "", "", "", "line 2: 3 of the 4 rows cannot be counted"},
		{"all rows are one", Contacts, contacts + "Outcome\n" + strings.Repeat("C1,A1,03/04/2023,Police,NFA\n", 4), "", "",
			"", "line 3: 3 of the 4 rows cannot be counted"},
		{"spoilt numbers of contacts", Contacts, contacts + "Outcome\n1.5E+12,A1,03/04/2023,Police,NFA\n", "", "", "",
			"line 2: the numbers of the column record_id were spoilt"},
		{"noughts before", EarlyHelp, "Child ID,Start date,Age\n000777,03/04/2023,5\n777,04/04/2023,6\n", "", "", "",
			"line 3: the column child_id has the same number with and without noughts"},
		{"contacts written in two ways", Contacts, contacts + "Outcome\nC1,A1,03/04/2023,Police,NFA\n" +
			"'c1,a1,03/04/2023,Police,NFA\nC2,A2,03/04/2023,Police,NFA\nC 2,Ａ2,03/04/2023,Police,NFA\n" +
			"C-3,A3,03/04/2023,Police,NFA\nC–3,A3,03/04/2023,Police,NFA\n",
			"3 contacts from 3 April 2023 to 3 April 2023, of which 0 became referrals.",
			"duplicate 3 missing-column 1 uncounted 1", "", ""},
		{"one row of a child written in two ways", Contacts, "Child ID,Date of contact,Outcome\n" +
			"A1,03/04/2023,NFA\na1,03/04/2023,NFA\na1,03/04/2023,Referral\n",
			"2 contacts from 3 April 2023 to 3 April 2023, of which 1 became a referral.",
			"duplicate 1 missing-column 2", "", ""},
		{"one child of early help written in two ways", EarlyHelp, "Child ID,Start date,Age,Sex,Source\n" +
			"\"1,001\",03/04/2023,5,M,Police\n1001,03/04/2023,5,M,Police\n", "1 episode of early help from 3 April 2023 to " +
			"3 April 2023.", "duplicate 1", "", ""},
		{"one child looked after written in two ways", SSDA903, episodes +
			"A-1,01/06/2021,S,C2,N1,U4,PR1,01/06/2023,X1,,,,\na–1,01/06/2023,P,C2,N1,U4,PR1,,,,,,\n",
			"1 child looked after on 31 March 2024.", "missing-table 1", "cla.open = 1 1 1 1 1 1 1 1 1 1 1 1", ""},
		{"few outcomes are known", Contacts, contacts + "Outcome\n" + rows(4, "C%d,A%[1]d,03/04/2023,Police,Moved on\n") +
			rows(3, "D%d,A%[1]d,03/04/2023,Police,Referral\n"), "", "", "",
			"line 2: 4 of the 7 outcomes are not written in a way that is read"},
		{"yes with more to it", Contacts, contacts + "Led to referral\n" +
			rows(90, "C%d,A%[1]d,03/04/2023,Police,No\n") + rows(10, "D%d,A%[1]d,03/04/2023,Police,Yes - s17\n"), "", "", "",
			"line 92: no contact would be counted as a referral, and 10 of the 100 outcomes are not"},
		{"as many unknown outcomes beside a referral", Contacts, contacts + "Outcome\nD1,A1,03/04/2023,Police,Referral\n" +
			rows(90, "C%d,A%[1]d,03/04/2023,Police,NFA\n") + rows(10, "E%d,A%[1]d,03/04/2023,Police,Moved on\n"),
			"101 contacts from 3 April 2023 to 3 April 2023, of which 1 became a referral.", "code 10 missing-column 1", "", ""},
		{"yes and no of a database", Contacts, contacts + "Led to referral\nC1,A1,03/04/2023,Police,-1\n" +
			"C2,A2,03/04/2023,Police,0\n", "2 contacts from 3 April 2023 to 3 April 2023, of which 1 became a referral.",
			"missing-column 1", "", ""},
		{"early help of other years", EarlyHelp, help + "A1,03/04/2022,,5,M,Police\nA2,03/04/2022,01/05/2022,5,M,Police\n" +
			"A3,03/04/2024,,5,M,Police\nA4,03/04/2023,,5,M,Police\n",
			"1 episode of early help from 3 April 2023 to 3 April 2023.", "outside-year 3", "", ""},
		{"most early help is of another year", EarlyHelp, help + rows(3, "A%d,03/04/2022,01/05/2022,5,M,Police\n") +
			"B1,03/04/2023,,5,M,Police\n", "", "", "", "3 of the 4 rows fall outside 2023-24"},
		{"early help that went on", EarlyHelp, help + rows(3, "A%d,03/04/2022,01/05/2023,5,M,Police\n") +
			"B1,03/04/2023,,5,M,Police\n", "1 episode of early help from 3 April 2023 to 3 April 2023.", "outside-year 3", "",
			""},
		{"early help without a month", EarlyHelp, help + rows(20, "A%d,03/04/2023,,5,M,Police\n") +
			rows(20, "B%d,03/06/2023,,5,M,Police\n"), "40 episodes of early help from 3 April 2023 to 3 June 2023.",
			"alike 1 nothing-of 1", "", ""},
		{"little early help without a month", EarlyHelp, help + rows(19, "A%d,03/04/2023,,5,M,Police\n") +
			rows(19, "B%d,03/06/2023,,5,M,Police\n"), "38 episodes of early help from 3 April 2023 to 3 June 2023.",
			"", "", ""},
		{"a total of early help", EarlyHelp, help + "A1,03/04/2023,,5,M,Police\nTotal,31/03/2024,,,,\n",
			"1 episode of early help from 3 April 2023 to 3 April 2023.", "total 1", "", ""},
		{"a total of children", SSDA903, episodes + "A1,01/06/2021,S,C2,N1,U4,PR1,,,,,,\n" +
			"Grand total,31/03/2024,S,C2,N1,U4,PR1,,,,,,\n", "1 child looked after on 31 March 2024.",
			"missing-table 1 total 1", "", ""},
		{"points after", SSDA903, episodes + "1001.0,01/06/2021,S,C2,N1,U4,PR1,01/06/2023,X1,,,,\n" +
			"1001,01/06/2023,P,C2,N1,U4,PR1,,,,,,\n", "1 child looked after on 31 March 2024.", "missing-table 1",
			"cla.open = 1 1 1 1 1 1 1 1 1 1 1 1", ""},
		{"episodes that end in words", SSDA903, episodes + openEpisodes(3, "pending"),
			"", "", "", "line 2: 3 of the 3 rows cannot be counted"},
		{"the open episodes of a large return end in words", SSDA903, episodes + openEpisodes(20, "pending") +
			strings.ReplaceAll(openEpisodes(22, "01/06/2023"), "A", "B"),
			"", "", "", "line 2: 20 of the 42 rows cannot be counted"},
		{"open in words", SSDA903, episodes + openEpisodes(20, "Ongoing") +
			strings.ReplaceAll(openEpisodes(22, "01/06/2023"), "A", "B"), "20 children looked after on 31 March 2024.",
			"missing-table 1 open-word 1", "cla.open = 42 42 20 20 20 20 20 20 20 20 20 20", ""},
		{"open in dates of other programs", SSDA903, episodes + openEpisodes(2, "31/12/4712") +
			strings.ReplaceAll(openEpisodes(2, "00/00/0000"), "A", "B"), "4 children looked after on 31 March 2024.",
			"missing-table 1 no-date 1", "", ""},
		{"a tenth without a legal status", SSDA903, episodes + strings.Replace(half, ",C2,", ",,", 2),
			"10 children looked after on 31 March 2024.", "missing-table 1 missing-value 2", "", ""},
		{"more without a legal status", SSDA903, episodes + strings.Replace(half, ",C2,", ",,", 3),
			"10 children looked after on 31 March 2024.", "missing-table 1 missing-value 4", "", ""},
		{"few with a legal status that is not known", SSDA903, episodes +
			strings.Replace(half, ",C2,", ",QQ,", 18), "10 children looked after on 31 March 2024.",
			"code 18 missing-table 1 missing-value 1", "", ""},
		{"a start in words", SSDA903, episodes + "A1,open,S,C2,N1,U4,PR1,,,,,,\n" + "A2,31/12/9999,S,C2,N1,U4,PR1,,,,,,\n" +
			openEpisodes(3, ""), "3 children looked after on 31 March 2024.",
			"date 1 missing-table 1 missing-value 1 no-date 1", "", ""},
		{"early help that goes on in words", EarlyHelp, help + "A1,03/04/2023,ongoing,5,M,Police\n",
			"1 episode of early help from 3 April 2023 to 3 April 2023.", "open-word 1", "", ""},
		{"the first day of all", SSDA903, episodes + "A1,01/06/2021,S,C2,N1,U4,PR1,01/01/1900,,,,,\n",
			"1 child looked after on 31 March 2024.", "missing-table 1 no-date 1", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			files, err := intake.Files([]string{write(t, "a.csv", c.text)})
			if err != nil {
				t.Fatal(err)
			}
			checkCase(t, c.kind, intake.Source{Files: files, Year: 2023, Authority: here}, c.summary, c.findings, c.measures,
				c.refused)
		})
	}
}

// rows writes a row so many times, each with its number.
func rows(n int, row string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, row, i+1)
	}
	return b.String()
}

// openEpisodes are n rows of episodes of as many children, with what stands for their end.
func openEpisodes(n int, end string) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "A%d,01/06/2021,S,C2,N1,U4,PR1,%s,,,,,\n", i, end)
	}
	return b.String()
}

func checkCase(t *testing.T, kind string, src intake.Source, summary, findings, measures, refused string) {
	t.Helper()
	r, err := Read(t.Context(), kind, src)
	if refused != "" {
		var fatal *intake.Fatal
		if !errors.As(err, &fatal) || !strings.Contains(err.Error(), refused) {
			t.Fatalf("not refused with %q: %v", refused, err)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if r.Summary[0] != summary {
		t.Errorf("got %q, want %q", r.Summary[0], summary)
	}
	want := map[string]int64{}
	for f := strings.Fields(findings); len(f) > 1; f = f[2:] {
		want[f[0]] = int64(number(f[1]))
	}
	for rule := range r.ByRule {
		if r.ByRule[rule] != want[rule] {
			t.Errorf("%d findings of %s, want %d", r.ByRule[rule], rule, want[rule])
		}
	}
	for rule := range want {
		if r.ByRule[rule] == 0 {
			t.Errorf("no finding of %s", rule)
		}
	}
	for line := range strings.SplitSeq(measures, "|") {
		if line != "" && !strings.Contains(table(r.Measures), line+"\n") {
			t.Errorf("not %q:\n%s", line, table(r.Measures))
		}
	}
}
