package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"kith/internal/annual"
	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/ids"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
	"kith/internal/register"
	"kith/internal/returns"
	"kith/internal/testkit"
)

// attackSeeds is how many small partnerships are attacked: as many as KITH_ATTACKS says.
func attackSeeds() int {
	if n, err := strconv.Atoi(os.Getenv("KITH_ATTACKS")); err == nil {
		return n
	}
	return 3
}

// A smallPlace is the records of a partnership so small that most of its counts are: counts of
// each figure by time, dimension and value, "" for the total.
type smallPlace struct {
	dice   *rand.Rand
	counts map[placeKey]int64
}

type placeKey struct {
	figure, dim, value string
	from, to           string
}

// cutsOf are the parts of each figure, with how often each comes up.
var cutsOf = map[string]map[string][]string{
	"contacts.received": {"source": {"police", "schools", "health", "housing", "other"},
		"outcome": {"referral", "early-help", "information", "no-further-action"}},
	"cpp.open": {"category": {"neglect", "emotional", "physical", "sexual"},
		"age_band": {"unborn", "0-4", "5-9", "10-15", "16-17"}, "sex": {"female", "male", "not-recorded"}},
	"cla.open": {"placement": {"foster-relative", "foster-other", "adoption", "parents", "homes"},
		"age_band": {"0-4", "5-9", "10-15", "16-17"}},
	"cin.open": {"age_band": {"unborn", "0-4", "5-9", "10-15", "16-17"}},
}

// newPlace makes the records of a year.
func newPlace(seed uint64) *smallPlace {
	p := &smallPlace{dice: rand.New(rand.NewPCG(seed, 8)), counts: map[placeKey]int64{}}
	for _, month := range period.Year(2023).Span().Months() {
		p.spread("contacts.received", month.From.String(), month.To.String(), 20+p.dice.Int64N(60))
	}
	care, plans, both := 30+p.dice.Int64N(70), 3+p.dice.Int64N(60), p.dice.Int64N(3)
	other := 60 + p.dice.Int64N(200)
	p.spread("cla.open", "2024-03-31", "2024-03-31", care)
	p.spread("cla.open", "2023-03-31", "2023-03-31", care+p.dice.Int64N(9))
	p.spread("cpp.open", "2024-03-31", "2024-03-31", plans)
	p.spread("cpp.open", "2025-03-31", "2025-03-31", plans+p.dice.Int64N(5))
	p.spread("cla.open", "2025-03-31", "2025-03-31", care+p.dice.Int64N(5))
	p.spread("cin.open", "2024-03-31", "2024-03-31", other+care+plans-both)
	p.spread("cin.open.other", "2024-03-31", "2024-03-31", other)
	return p
}

// spread divides a total among the parts of each cut, unevenly.
func (p *smallPlace) spread(id, from, to string, total int64) {
	p.counts[placeKey{id, "", "", from, to}] = total
	for _, dim := range slices.Sorted(maps.Keys(cutsOf[id])) {
		parts := cutsOf[id][dim]
		left := total
		for i, value := range parts {
			n := left
			if i < len(parts)-1 {
				n = p.dice.Int64N(left/2 + 2)
			}
			n = min(n, left)
			p.counts[placeKey{id, dim, value, from, to}] = n
			left -= n
		}
	}
}

// load writes the records into a store, in the place of what was there.
func (p *smallPlace) load(t *testing.T, s testkit.Stores) {
	t.Helper()
	kinds := map[string]string{"contacts.received": returns.Contacts, "cla.open": returns.SSDA903,
		"cpp.open": returns.CINCensus, "cin.open": returns.CINCensus, "cin.open.other": returns.CINCensus}
	err := s.Work.Tx(t.Context(), func(q db.Q) error {
		if _, err := db.Exec(t.Context(), q, `DELETE FROM returns_loads`); err != nil {
			return err
		}
		if _, err := db.Exec(t.Context(), q, `DELETE FROM returns_measures`); err != nil {
			return err
		}
		for _, kind := range slices.Compact(slices.Sorted(maps.Values(kinds))) {
			for _, y := range []string{"2022-23", "2023-24", "2024-25"} {
				if _, err := db.Exec(t.Context(), q, `
					INSERT INTO returns_loads (import_id, kind, year, authority, rows_read) VALUES ($1, $2, $3, 'E08990001', 1)`,
					kind+y, kind, y); err != nil {
					return err
				}
			}
		}
		put := func(measure string, k placeKey, n, of int64) error {
			d, err := period.ParseDate(k.to)
			if err != nil {
				return err
			}
			_, err = db.Exec(t.Context(), q, `
				INSERT INTO returns_measures (import_id, measure, from_date, to_date, dimension, value, numerator, denominator)
				VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`, kinds[k.figure]+period.YearOf(d).String(), measure, k.from, k.to, k.dim,
				k.value, n, of)
			return err
		}
		for k, n := range p.counts {
			if err := put(k.figure, k, n, 0); err != nil {
				return err
			}
			if k.figure == "contacts.received" && k.dim == "outcome" && k.value == "referral" {
				whole := placeKey{k.figure, "", "", k.from, k.to}
				if err := put("contacts.referred_percent", whole, n, p.counts[whole]); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// attackedChapters ask for everything that a report of these records can show: text, words of
// change, tables and charts, over a year and half of it.
func attackedChapters() []string {
	fence := func(kind string, lines ...string) string {
		return "```" + kind + "\n" + strings.Join(lines, "\n") + "\n```"
	}
	var out []string
	for _, id := range slices.Sorted(maps.Keys(cutsOf)) {
		for _, dim := range slices.Sorted(maps.Keys(cutsOf[id])) {
			out = append(out, fence("figure-table", "figure: "+id, "by: "+dim)+"\n\n"+
				fence("chart", "figure: "+id, "by: "+dim, "kind: bar"))
		}
	}
	return append(out,
		fence("chart", "figure: cla.open", "at: 2023-03-31, 2024-03-31", "kind: line"),
		fence("figure-table", "figure: cla.open", "at: 2023-03-31, 2024-03-31", "by: placement"),
		fence("figure-table", "figure: contacts.received", "period: 2023-04-01..2023-09-30", "by: source"),
		`{{figure "contacts.referred_percent"}} and {{figure "contacts.referred_percent" places="2"}} of contacts.`,
		`{{figure "cpp.open" category="neglect"}} for neglect.`,
		`Looked after: {{change "cla.open" since="2023-03-31"}}.`,
		`In need {{figure "cin.open"}}, on plans {{figure "cpp.open"}}, in care {{figure "cla.open"}}.`,
		`Without those {{figure "cin.open.other"}}.`)
}

// laterChapters are the report of the year after.
func laterChapters() []string {
	return []string{
		"```figure-table\nfigure: cpp.open\nat: 2024-03-31, 2025-03-31\nby: age_band\n```",
		"```chart\nfigure: cpp.open\nat: 2024-03-31, 2025-03-31\nby: category\n```",
		"```figure-table\nfigure: cla.open\nat: 2023-03-31, 2024-03-31, 2025-03-31\nby: age_band\n```",
		"```figure-table\nfigure: contacts.received\nperiod: 2023-10-01..2024-03-31\nby: outcome\n```",
		"```figure-table\nfigure: contacts.received\nperiod: 2023-10-01..2024-03-31\nby: source\n```",
	}
}

// attackRoom is a report of the attacked chapters over a store. What the door refuses is taken
// out, as an author would.
func attackRoom(t *testing.T, s testkit.Stores) *annual.Room {
	t.Helper()
	counted, err := returns.New(returns.Deps{Work: s.Work})
	if err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2024, 9, 1, 9, 0, 0, 0, time.UTC) }
	outbox, cache := testkit.Publishing(t, s, now, nil)
	r, err := annual.New(annual.Deps{Work: s.Work, Public: s.Public, Now: now, NewID: ids.New,
		Outbox: outbox, Cache: cache, People: noAccounts{},
		Partners: func(context.Context, db.Reader) ([]register.Organisation, error) { return nil, nil },
		Figures:  figure.NewRegistry(figure.Stores{Work: s.Work, Public: s.Public, Now: now}, counted.Figures()...)})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// noAccounts: nobody can sign in where reports are attacked: nobody is asked to agree one.
type noAccounts struct{}

func (noAccounts) WhoMay(context.Context, db.Reader, web.Permission) ([]web.Person, error) {
	return nil, nil
}

var attackAuthor = web.Person{ID: "p1", Name: "Ann Author"}

// writeAttacked writes the report, and takes out the chapters that cannot be published: it
// gives how many.
func writeAttacked(t *testing.T, r *annual.Room, year period.Year, texts []string) (taken int) {
	t.Helper()
	ctx, chapters := t.Context(), map[string]string{}
	if err := r.AddReport(ctx, attackAuthor, year, "Our year", ""); err != nil {
		t.Fatal(err)
	}
	for i, text := range texts {
		title := fmt.Sprintf("Chapter %d", i+1)
		id, err := r.AddChapter(ctx, attackAuthor, year.String(), annual.PartReport, title, text)
		if err != nil {
			t.Fatal(err)
		}
		chapters[title] = id
	}
	for range chapters {
		problems, err := r.Check(ctx, year.String())
		if err != nil {
			t.Fatal(err)
		}
		last := ""
		for _, p := range problems {
			if p.Severity == annual.Error {
				last = p.Title
			}
		}
		if last == "" {
			break
		}
		taken++
		if err := r.RemoveChapter(ctx, attackAuthor, chapters[last], 1); err != nil {
			t.Fatal(err)
		}
	}
	return taken
}

// publicFiles publishes the report and gives its files.
func publicFiles(t *testing.T, r *annual.Room, year string) map[string][]byte {
	t.Helper()
	_, problems, err := r.PublishReport(t.Context(), attackAuthor, year, "Agreed on paper.", web.Unwatched)
	if err != nil {
		t.Fatalf("%v %v", err, problems)
	}
	return builtFiles(t, r, year)
}

func builtFiles(t *testing.T, r *annual.Room, year string) map[string][]byte {
	t.Helper()
	b, err := r.Build(t.Context(), year)
	if err != nil || annual.Failing(b.Problems) {
		t.Fatalf("%v %v", err, b.Problems)
	}
	out := map[string][]byte{}
	for _, f := range b.Files {
		out[f.Path] = f.Body
	}
	return out
}

// TestReportsAreAttacked: from the files of a published report alone, by all that its figures
// declare, no small count of children comes out exactly; nor from its correction and the report
// of the year after beside it.
func TestReportsAreAttacked(t *testing.T) {
	t.Parallel()
	hidden, naive, fallen, taken := 0, 0, 0, 0
	for seed := range uint64(attackSeeds()) {
		p, s := newPlace(seed), testkit.NewStores(t, db.SQLite)
		p.load(t, s)
		r := attackRoom(t, s)
		taken += writeAttacked(t, r, 2023, attackedChapters())
		first := knowledgeOf(t, publicFiles(t, r, "2023-24"))
		hidden += len(first.hidden)
		for _, x := range first.exact(t) {
			if n := p.truth(x); n > 0 && n < figure.SmallBelow {
				t.Errorf("seed %d: %s is %d, from what is printed", seed, x, n)
			}
		}
		if found := first.audit(t); len(found) > 0 {
			t.Errorf("seed %d: by package sdc, from what is printed: %q", seed, found)
		}
		fallen += len(first.naively(p).audit(t))
		for _, x := range first.naively(p).exact(t) {
			if n := p.truth(x); n > 0 && n < figure.SmallBelow {
				naive++
			}
		}

		// A correction, of one more child here and there; and the report of the year after,
		// which shows counts of this one again, and half of a period that was shown whole.
		was := &smallPlace{counts: maps.Clone(p.counts)}
		p.correct()
		p.load(t, s)
		problems, err := r.Check(t.Context(), "2023-24")
		if err != nil {
			t.Fatal(err)
		}
		know := first
		if !annual.Failing(problems) { // else the author is told, and it is not published so
			know = know.with(knowledgeOf(t, publicFiles(t, r, "2023-24")))
		} else {
			*p = *was
			p.load(t, s)
		}
		writeAttacked(t, r, 2024, laterChapters())
		know = know.with(knowledgeOf(t, publicFiles(t, r, "2024-25")))
		for _, x := range know.exact(t) {
			n := p.truth(x)
			if first.all()[x] && know.editions[populationOf(x)] > 1 {
				n = was.truth(x)
			}
			if n > 0 && n < figure.SmallBelow {
				t.Errorf("seed %d: %s is %d, from all publications", seed, x, n)
			}
		}
	}
	t.Logf("%d hidden; without the door %d small counts are exact; %d of %d chapters were refused", hidden, naive, taken,
		attackSeeds()*len(attackedChapters()))
	if hidden < 5*attackSeeds() || naive == 0 || fallen == 0 {
		t.Errorf("only %d counts are hidden, and without the door %d of them are exact: the attack finds nothing", hidden, naive)
	}
}

// TestHiddenCountsLeaveNoTrace: where two hidden counts are two others with the same sum, every
// byte of the report is the same: no text, picture, order or address comes of what is hidden.
func TestHiddenCountsLeaveNoTrace(t *testing.T) {
	t.Parallel()
	same := 0
	for seed := range uint64(attackSeeds()) {
		p, s := newPlace(seed), testkit.NewStores(t, db.SQLite)
		p.load(t, s)
		r := attackRoom(t, s)
		writeAttacked(t, r, 2023, attackedChapters())
		was := builtFiles(t, r, "2023-24")
		know := knowledgeOf(t, was)
		for _, pair := range know.pairs() {
			moved := p.moved(pair)
			if moved == nil {
				continue
			}
			moved.load(t, s)
			b, err := r.Build(t.Context(), "2023-24")
			if err != nil {
				t.Fatal(err)
			}
			if annual.Failing(b.Problems) {
				continue
			}
			now := map[string][]byte{}
			for _, f := range b.Files {
				now[f.Path] = f.Body
			}
			if !maps.Equal(knowledgeOf(t, now).hidden, know.hidden) {
				continue // something else has to be hidden then
			}
			same++
			for name := range was {
				if !bytes.Equal(was[name], now[name]) {
					t.Errorf("seed %d: %s tells %v apart", seed, name, pair)
				}
			}
		}
	}
	t.Logf("%d reports were the same to the byte", same)
	if same == 0 {
		t.Error("nothing was compared")
	}
}

// correct changes the records: one more of the greatest part of each cut.
func (p *smallPlace) correct() {
	for k := range maps.Clone(p.counts) {
		if k.figure != "cla.open" && k.figure != "cpp.open" || k.dim != "" || k.to != "2024-03-31" {
			continue
		}
		p.counts[k]++
		for dim, parts := range cutsOf[k.figure] {
			most := placeKey{k.figure, dim, parts[0], k.from, k.to}
			for _, v := range parts {
				if x := (placeKey{k.figure, dim, v, k.from, k.to}); p.counts[x] > p.counts[most] {
					most = x
				}
			}
			p.counts[most]++
		}
	}
	for _, id := range []string{"cin.open", "cin.open"} { // one for a plan, one in care
		k := placeKey{id, "", "", "2024-03-31", "2024-03-31"}
		p.counts[k]++
		p.counts[placeKey{id, "age_band", "5-9", k.from, k.to}]++
	}
}

// moved gives other records with one of the first part being of the second; nil where the
// first has too few. What another figure counts too is left as it is.
func (p *smallPlace) moved(pair [2]string) *smallPlace {
	a, b := keyOf(pair[0]), keyOf(pair[1])
	if p.counts[a] < 2 || a.dim == "outcome" || a.from != a.to {
		return nil
	}
	out := &smallPlace{dice: p.dice, counts: maps.Clone(p.counts)}
	out.counts[a]--
	out.counts[b]++
	return out
}

// keyOf reads the name of a count: “cpp.open|2024-03-31|age_band=0-4”.
func keyOf(name string) placeKey {
	parts := strings.Split(name, "|")
	dim, value, _ := strings.Cut(parts[2], "=")
	from, to, ok := strings.Cut(parts[1], "..")
	if !ok {
		if span, err := period.Parse(parts[1]); err == nil {
			from, to = span.From.String(), span.To.String()
		} else {
			to = from
		}
	}
	return placeKey{parts[0], dim, value, from, to}
}

// truth is what a count of the report is in the records, over the months of its period.
func (p *smallPlace) truth(name string) int64 {
	name, _, _ = strings.Cut(name, " edition ")
	if strings.HasPrefix(name, "(") {
		total := func(id string) int64 { return p.counts[placeKey{id, "", "", "2024-03-31", "2024-03-31"}] }
		those := total("cin.open") - total("cin.open.other")
		alone := those - total("cpp.open")
		both := total("cla.open") - alone
		return map[string]int64{"(those)|": those, "(care alone)|": alone, "(both)|": both,
			"(plan alone)|": total("cpp.open") - both}[name]
	}
	k := keyOf(name)
	if k.from == k.to {
		return p.counts[k]
	}
	n := int64(0)
	for x, count := range p.counts {
		if x.figure == k.figure && x.dim == k.dim && x.value == k.value && x.from >= k.from && x.to <= k.to {
			n += count
		}
	}
	return n
}

// figureJSON is a figure as figures.json has it.
type figureJSON struct {
	ID, Period, At         string
	Dims                   map[string]string
	Numerator, Denominator *int64
}

func readFigures(t *testing.T, files map[string][]byte) []figureJSON {
	t.Helper()
	var list []figureJSON
	if err := json.Unmarshal(files["figures.json"], &list); err != nil {
		t.Fatal(err)
	}
	return list
}
