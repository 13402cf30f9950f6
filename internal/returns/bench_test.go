package returns

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"kith/internal/kit/intake"
	"kith/internal/kit/period"
	"kith/internal/testkit"
)

// BenchmarkFiveYears reads and counts five years of a large authority's returns,
// a quarter of a million rows: the SSDA903 as CSV, the census together with it,
// and the contacts. To reach: less than ten seconds, less than 300 MB.
func BenchmarkFiveYears(b *testing.B) {
	dir := b.TempDir()
	type job struct {
		kind  string
		year  period.Year
		paths []string
	}
	var jobs []job
	for y := period.Year(2019); y < 2024; y++ {
		care := careFiles(b, dir, y)
		jobs = append(jobs,
			job{SSDA903, y, care},
			job{CINCensus, y, append([]string{censusFile(b, dir, y)}, care...)},
			job{Contacts, y, []string{contactsFile(b, dir, y)}},
		)
	}
	var rows int64
	var most uint64
	b.ResetTimer()
	for b.Loop() {
		rows = 0
		most = max(most, testkit.Peak(func() {
			for _, j := range jobs {
				files, err := intake.Files(j.paths)
				if err != nil {
					b.Fatal(err)
				}
				r, err := Read(b.Context(), j.kind, intake.Source{Files: files, Year: j.year, Authority: here})
				if err != nil {
					b.Fatal(err)
				}
				rows += r.Rows
			}
		}))
	}
	b.ReportMetric(float64(rows), "rows")
	b.ReportMetric(float64(rows)*float64(b.N)/b.Elapsed().Seconds(), "rows/s")
	b.ReportMetric(float64(most), "MB-peak")
}

// The size of one year, so that five come to a quarter of a million rows.
const (
	manyLooked   = 1_400
	manyNeed     = 3_000
	manyContacts = 24_000
)

// writeLines writes a file line by line.
func writeLines(b *testing.B, path string, write func(line func(format string, args ...any))) string {
	b.Helper()
	f, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(f)
	write(func(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) })
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return path
}

func day(n int) period.Date { return period.NewDate(2010, 1, 1+n) }

func careFiles(b *testing.B, dir string, y period.Year) []string {
	from := period.NewDate(2010, 1, 1).DaysUntil(y.Span().From)
	uk := func(d period.Date) string { return d.Format("02/01/2006") }
	header := writeLines(b, filepath.Join(dir, fmt.Sprintf("header-%d.csv", y)), func(line func(string, ...any)) {
		line("CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB")
		for i := range manyLooked {
			line("DEMO%d,%d,%s,WBRI,X,,", i, 1+i%2, uk(day(i%3000)))
		}
	})
	episodes := writeLines(b, filepath.Join(dir, fmt.Sprintf("episodes-%d.csv", y)), func(line func(string, ...any)) {
		line("CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN")
		for i := range manyLooked {
			at := from + i%200
			line("DEMO%d,%s,S,C2,N1,U4,PR1,%s,X1,CARPL,,,", i, uk(day(at)), uk(day(at+60)))
			line("DEMO%d,%s,P,C2,N1,U6,PR1,%s,X1,CARPL,,,", i, uk(day(at+60)), uk(day(at+90)))
			line("DEMO%d,%s,P,V2,N1,K2,PR4,,,,,,", i, uk(day(at+90)))
		}
	})
	reviews := writeLines(b, filepath.Join(dir, fmt.Sprintf("reviews-%d.csv", y)), func(line func(string, ...any)) {
		line("CHILD,DOB,REVIEW,REVIEW_CODE")
		for i := range manyLooked * 2 {
			line("DEMO%d,%s,%s,PN1", i/2, uk(day(i/2%3000)), uk(day(from+i%365)))
		}
	})
	return []string{header, episodes, reviews}
}

func censusFile(b *testing.B, dir string, y period.Year) string {
	from := period.NewDate(2010, 1, 1).DaysUntil(y.Span().From)
	return writeLines(b, filepath.Join(dir, fmt.Sprintf("census-%d.xml", y)), func(line func(string, ...any)) {
		line("<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>%d</Year><ReferenceDate>%s</ReferenceDate></CollectionDetails><Source><LEA>344</LEA></Source></Header><Children>", y+1, y.End())
		for i := range manyNeed {
			at := day(from + i%300)
			line("<Child><ChildIdentifiers><LAchildID>DEMO%d</LAchildID><PersonBirthDate>%s</PersonBirthDate><GenderCurrent>%d</GenderCurrent></ChildIdentifiers><ChildCharacteristics><Ethnicity>WBRI</Ethnicity></ChildCharacteristics>", i, day(i%3000), 1+i%2)
			line("<CINdetails><CINreferralDate>%s</CINreferralDate><ReferralSource>6</ReferralSource><PrimaryNeedCode>N1</PrimaryNeedCode><ReferralNFA>false</ReferralNFA>", at)
			line("<Assessments><AssessmentActualStartDate>%s</AssessmentActualStartDate><AssessmentAuthorisationDate>%s</AssessmentAuthorisationDate><FactorsIdentifiedAtAssessment><AssessmentFactors>2B</AssessmentFactors></FactorsIdentifiedAtAssessment></Assessments>", at, at.AddDays(30))
			line("<CINPlanDates><CINPlanStartDate>%s</CINPlanStartDate></CINPlanDates>", at.AddDays(30))
			if i%8 == 0 {
				line("<ChildProtectionPlans><CPPstartDate>%s</CPPstartDate><InitialCategoryOfAbuse>NEG</InitialCategoryOfAbuse><LatestCategoryOfAbuse>NEG</LatestCategoryOfAbuse><NumberOfPreviousCPP>0</NumberOfPreviousCPP></ChildProtectionPlans>", at.AddDays(30))
			}
			line("</CINdetails></Child>")
		}
		line("</Children></Message>")
	})
}

func contactsFile(b *testing.B, dir string, y period.Year) string {
	outcomes := []string{"Referral", "Information and advice", "No further action"}
	return writeLines(b, filepath.Join(dir, fmt.Sprintf("contacts-%d.csv", y)), func(line func(string, ...any)) {
		line("contact_id,child_id,date_of_birth,gender,ethnicity,contact_date,source,outcome")
		for i := range manyContacts {
			line("DEMO%d,DEMO%d,%s,Female,WBRI,%s,Police,%s", i, i%9000, day(i%3000).Format("02/01/2006"),
				y.Span().From.AddDays(i%365).Format("02/01/2006"), outcomes[i%3])
		}
	})
}
