package register

import (
	"fmt"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/testkit"
)

// BenchmarkFindPeople: what it costs to find people among 100,000 while somebody types.
func BenchmarkFindPeople(b *testing.B) {
	first := []string{"Aisha", "Ben", "Catherine", "Dermot", "Eleri", "Farah", "Gwen", "Hamish", "Zoë", "Niamh"}
	last := []string{"O'Brien", "Okafor-Reeve", "Smith", "Penrose", "Castellan", "Bannerworth", "Ravenhall", "Lee", "Ash"}
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		s := testkit.NewStores(b, engine)
		err := s.Work.Tx(b.Context(), func(q db.Q) error {
			var rows [][]any
			for i := range 100_000 {
				name := fmt.Sprintf("%s %s%d", first[i%len(first)], last[i/7%len(last)], i%997)
				email := fmt.Sprintf("p%d@school%d.example", i, i%400)
				rows = append(rows, []any{fmt.Sprintf("p%06d", i), name, db.Fold(name + " " + email), email, "Teacher",
					i%9 != 0, "2024-01-01 00:00:00"})
			}
			return db.Insert(b.Context(), q, `INSERT INTO people (id, name, folded, email, job_title, active, created_at)`,
				rows, "")
		})
		if err != nil {
			b.Fatal(err)
		}
		for _, typed := range []string{"sm", "zoe", "o'brien", "ben okafor", "nobody at all"} {
			b.Run(string(engine)+"/"+typed, func(b *testing.B) {
				for b.Loop() {
					if _, _, err := FindPeople(b.Context(), s.Work, keeper, typed); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
