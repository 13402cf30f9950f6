package search

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// benchRecords are 100,000 records of 20 kinds, each of which needs one of 10
// permissions, with 40 words each: some stand in half of them, most in few.
const benchRecords = 100_000

func benchIndex(b *testing.B, engine db.Engine) (*Index, []web.Permission) {
	random := rand.New(rand.NewPCG(1, 2))
	syllables := strings.Fields("ba co di fu ga hel im jo ka lu mo nes or pla qui ros ste tri ul ver wil xan yo zet")
	words := make([]string, 20_000)
	for i := range words {
		for range 2 + random.IntN(3) {
			words[i] += syllables[random.IntN(len(syllables))]
		}
	}
	some := func(n int) string {
		out := make([]string, n)
		for i := range out {
			x := random.Float64()
			out[i] = words[int(x*x*x*x*float64(len(words)))]
		}
		return strings.Join(out, " ")
	}
	var permissions []web.Permission
	for i := range 10 {
		permissions = append(permissions, web.Permission(fmt.Sprintf("tests:%d", i)))
	}
	x := &Index{DB: testkit.NewStores(b, engine).Work}
	byKind := map[string][]Document{}
	for i := range benchRecords {
		kind := fmt.Sprintf("kind%d", i%20)
		d := Document{Kind: kind, Record: fmt.Sprint(i), Permission: permissions[i%20/2], Href: "/", Title: some(6),
			Details: some(4), Body: some(30), Day: period.MustDate("2016-01-01").AddDays(random.IntN(3650))}
		if i%2 == 0 {
			d.Body += " safeguarding"
		}
		if i%100 == 0 {
			d.Title += " neglect"
		}
		byKind[kind] = append(byKind[kind], d)
	}
	for i := range 20 {
		r := &records{byKind[fmt.Sprintf("kind%d", i)]}
		s := r.source(fmt.Sprintf("kind%d", i), groups[i%len(groups)])
		s.Permissions = permissions[i/2 : i/2+1]
		x.Offer(s)
	}
	if err := x.Refresh(b.Context()); err != nil {
		b.Fatal(err)
	}
	for _, kept := range []string{"VACUUM", "ANALYZE"} { // as an engine keeps its tables in use
		if err := x.DB.Exec1(b.Context(), kept); err != nil {
			b.Fatal(err)
		}
	}
	return x, permissions
}

// BenchmarkSearch: one search over 100,000 records, with its groups, counts and first
// five of each.
func BenchmarkSearch(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		x, permissions := benchIndex(b, engine)
		all := func(web.Permission) bool { return true }
		for _, c := range []struct {
			name string
			q    Question
		}{
			{"in 1 of 100", Question{Text: "neglect", May: all}},
			{"in half", Question{Text: "safeguarding", May: all}},
			{"two words", Question{Text: "safeguarding neglect", May: all}},
			{"misspelt", Question{Text: "safegaurding", May: all}},
			{"in none", Question{Text: "kaleidoscope", May: all}},
			{"in half, by who may see a tenth", Question{Text: "safeguarding",
				May: func(p web.Permission) bool { return p == permissions[0] }}},
			{"page 40 of a group", Question{Text: "safeguarding", May: all, Hits: "do", Offset: 975}},
		} {
			b.Run(string(engine)+"/"+c.name, func(b *testing.B) {
				c.q.Limit = 5
				for b.Loop() {
					if _, err := x.Ask(b.Context(), c.q); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
