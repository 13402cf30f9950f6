package demo

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"fmt"
	"slices"
	"strconv"

	"kith/internal/kit/period"
)

// ukDate writes a day as the SSDA903's tables have it.
func ukDate(at period.Date) string { return at.Format("02/01/2006") }

// A table is a CSV file in the making.
type table struct {
	name string
	rows [][]string
}

func (t *table) add(cells ...string) { t.rows = append(t.rows, cells) }

// bytes writes the table as CSV.
func (t *table) bytes() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.WriteAll(t.rows) // a bytes.Buffer takes everything
	return b.Bytes()
}

// newTable begins a table with its header.
func newTable(name string, header ...string) *table {
	return &table{name: name, rows: [][]string{header}}
}

// ssda903 writes a year's tables of children looked after: every episode that
// touched the year, as it was known on 31 March.
func (w *writer) ssda903(pop *population, y period.Year) {
	year := y.Span()
	var (
		header   = newTable("header", "CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB")
		episodes = newTable("episodes", "CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC",
			"REASON_PLACE_CHANGE", "HOME_POST", "PL_POST", "URN")
		reviews = newTable("reviews", "CHILD", "DOB", "REVIEW", "REVIEW_CODE")
		oc2     = newTable("oc2", "CHILD", "DOB", "SDQ_SCORE", "SDQ_REASON", "CONVICTED", "HEALTH_CHECK", "IMMUNISATIONS",
			"TEETH_CHECK", "HEALTH_ASSESSMENT", "SUBSTANCE_MISUSE", "INTERVENTION_RECEIVED", "INTERVENTION_OFFERED")
		oc3  = newTable("oc3", "CHILD", "DOB", "IN_TOUCH", "ACTIV", "ACCOM")
		away = newTable("missing", "CHILD", "DOB", "MISSING", "MIS_START", "MIS_END")
		ad1  = newTable("ad1", "CHILD", "DOB", "DATE_INT", "DATE_MATCH", "FOSTER_CARE", "NB_ADOPTR", "SEX_ADOPTR",
			"LS_ADOPTR")
		placed = newTable("placed_for_adoption", "CHILD", "DOB", "DATE_PLACED", "DATE_PLACED_CEASED",
			"REASON_PLACED_CEASED")
		perm = newTable("previous_permanence", "CHILD", "DOB", "PREV_PERM", "LA_PERM", "DATE_PERM")
		uasc = newTable("uasc", "CHILD", "SEX", "DOB", "DUC")
	)
	seen := map[string]bool{}
	for _, r := range pop.careRecords() {
		c, dob := r.child, ukDate(r.child.dob)
		inYear := !r.begin.After(year.To) && (r.end.IsZero() || !r.end.Before(year.From))
		leaver := r.leaver && r.end.Before(year.From) && c.dob.AgeOn(year.To) >= 18 && c.dob.AgeOn(year.To) <= 21
		if !inYear && !leaver {
			continue
		}
		if !seen[c.id] {
			seen[c.id] = true
			mother := ""
			if c.sex == 2 && c.dob.AgeOn(year.To) >= 12 {
				mother = "0"
			}
			header.add(c.id, strconv.Itoa(c.sex), dob, c.ethnicity, cmp.Or(c.upn, c.upnUnknown), mother, "")
			if c.asylum {
				uasc.add(c.id, strconv.Itoa(c.sex), dob, ukDate(c.dob.AddYears(18)))
			}
		}
		if leaver {
			d := diceFor("leaver " + c.id + y.String())
			activ := draw(d, []share[string]{{8, "F1"}, {22, "F2"}, {26, "F4"}, {4, "P2"}, {6, "P4"}, {8, "G4"}, {20, "G5"},
				{6, "G6"}})
			accom := draw(d, []share[string]{{12, "B1"}, {18, "D1"}, {10, "E1"}, {34, "U1"}, {18, "Z1"}, {3, "U2"}, {2, "X2"},
				{2, "S2"}})
			oc3.add(c.id, dob, "YES", activ, accom)
			continue
		}
		for _, e := range r.episodes {
			if e.begin.After(year.To) || !e.end.IsZero() && e.end.Before(year.From) {
				continue
			}
			if e.end.After(year.To) {
				e.end, e.ceased, e.moveWhy = period.Date{}, "", ""
			}
			if e.why == "S" && !e.begin.Before(year.From) && e.legal[0] != 'V' {
				perm.add(c.id, dob, "Z1", "", "")
			}
			episodes.add(c.id, ukDate(e.begin), e.why, e.legal, r.need, e.place.kind, e.place.provider, ukDate(e.end), e.ceased,
				e.moveWhy, e.homePost, e.place.post, e.place.urn)
		}
		for _, v := range r.reviews {
			if year.Contains(v.held) {
				reviews.add(c.id, dob, ukDate(v.held), v.code)
			}
		}
		for _, m := range r.missing {
			if m.begin.After(year.To) || m.end.Before(year.From) {
				continue
			}
			if m.end.After(year.To) {
				m.end = period.Date{}
			}
			away.add(c.id, dob, m.kind, ukDate(m.begin), ukDate(m.end))
		}
		if a := r.adoption; a != nil && !a.decided.After(year.To) {
			placed.add(c.id, dob, ukDate(a.decided), "", "")
			if year.Contains(r.end) {
				ad1.add(c.id, dob, ukDate(a.decided), ukDate(a.matched), oneIf(a.byFosterer), a.adopters, a.sexes, a.status)
			}
		}
		open := r.end.IsZero() || r.end.After(year.To)
		if open && len(r.reviews) > 0 && !r.begin.After(year.To.AddYears(-1)) {
			oc2.add(outcomes(c, year)...)
		}
	}
	faults903(episodes, header, reviews, away, year)
	folder := fmt.Sprintf("ssda903/%s", y)
	im := Import{Kind: "ssda903", Path: folder, Year: y, Authority: Authority}
	for _, t := range []*table{header, episodes, reviews, oc2, oc3, away, ad1, placed, perm, uasc} {
		name := folder + "/" + t.name + ".csv"
		w.put(name, t.bytes())
		im.Files = append(im.Files, name)
	}
	w.list(im)
}

// outcomes is a child's row of the OC2 table: health and well-being after a year
// in care.
func outcomes(c *child, year period.Span) []string {
	d := diceFor("outcomes " + c.id + year.String())
	age := c.dob.AgeOn(year.To)
	row := make([]string, 12)
	row[0], row[1] = c.id, ukDate(c.dob)
	if age >= 4 && age <= 16 {
		if d.chance(790) {
			row[2] = strconv.Itoa(d.between(2, 17) + d.below(12))
		} else {
			row[3] = pick(d, []string{"SDQ2", "SDQ3", "SDQ4"})
		}
	}
	if age >= 10 {
		row[4] = oneIf(d.chance(25))
	}
	if age < 5 {
		row[5] = oneIf(d.chance(900))
	}
	misuse := age >= 11 && d.chance(60)
	row[6], row[7], row[8], row[9] = oneIf(d.chance(870)), oneIf(d.chance(760)), oneIf(d.chance(910)), oneIf(misuse)
	if misuse {
		row[10], row[11] = "1", ""
		if d.chance(450) {
			row[10], row[11] = "0", "1"
		}
	}
	return row
}

// faults903 spoils a few rows, as files in the world are spoiled: none of an
// episode that is open at the year's end.
func faults903(episodes, header, reviews, away *table, year period.Span) {
	const place, rec, ethnic = 5, 8, 3
	ended := slices.DeleteFunc(slices.Clone(episodes.rows[1:]),
		func(r []string) bool { return r[rec] == "" || r[rec] == "X1" })
	left := map[string]bool{}
	for _, r := range ended {
		left[r[0]] = true
	}
	ended[3][place] = "Q9" // no such kind of placement
	n := slices.IndexFunc(header.rows, func(r []string) bool { return r[0] == ended[5][0] })
	header.rows[n][ethnic] = "WENG" // no such ethnic group in the list
	m := slices.IndexFunc(reviews.rows[1:], func(r []string) bool { return left[r[0]] })
	reviews.rows[1+m][2] = "31/02/" + year.To.Format("2006") // no such day
	away.rows[4][3], away.rows[4][4] = ukDate(year.From.AddDays(92)), ukDate(year.From.AddDays(61))
}

func oneIf(yes bool) string {
	if yes {
		return "1"
	}
	return "0"
}
