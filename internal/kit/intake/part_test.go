package intake

import (
	"testing"

	"kith/internal/kit/period"
)

func days(t *testing.T, s string) period.Span {
	t.Helper()
	span, err := period.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return span
}

func TestLooks(t *testing.T) {
	t.Parallel()
	const later = "2026-11-30"
	for _, c := range []struct {
		name, happened string
		events         int64
		today, want    string
	}{
		{"a whole year", "2024-04-02..2025-03-30", 500, later, ""},
		{"April to December", "2024-04-02..2024-12-20", 50, later, "April to December 2024"},
		{"one month missing of many", "2024-04-02..2025-02-20", 500, later, "April 2024 to February 2025"},
		{"one month missing of few", "2024-04-02..2025-02-20", 50, later, ""},
		{"too few to tell", "2024-04-02..2024-06-20", 19, later, ""},
		{"a quarter", "2024-07-02..2024-09-20", 50, later, "July to September 2024"},
		{"the last months", "2024-10-02..2025-03-20", 50, later, "October 2024 to March 2025"},
		{"one month", "2024-04-02..2024-04-26", 198, later, "April 2024"},
		{"a year that goes on", "2026-04-02..2026-11-20", 5, later, "April to November 2026"},
	} {
		y := period.YearOf(days(t, c.happened).From)
		today, err := period.ParseDate(c.today)
		if err != nil {
			t.Fatal(err)
		}
		got := Part{Span: Looks(y, days(t, c.happened), c.events, today)}.Words("")
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestParts(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{"": "2024-25", "2024-25": "2024-25", "2024-25Q1": "April to June 2024",
		"2024": "January to December 2024", "2024-05": "May 2024"} {
		span, err := ParsePart(s)
		if got := (Part{Span: span}).Words("2024-25"); err != nil || got != want {
			t.Errorf("%q: %q %v", s, got, err)
		}
	}
	for _, s := range []string{"2024-04-02..2024-06-30", "2022-04-01..2024-03-31", "spring"} {
		if span, err := ParsePart(s); err == nil {
			t.Errorf("%q is %s", s, span)
		}
	}
	if p := (Part{Provisional: true}); !p.Beside() || p.Words("2024-25") != "2024-25, provisional" {
		t.Error(p.Words("2024-25"))
	}
	seen := map[period.Span]bool{}
	for _, s := range append(PartsOf(2024), RollingTo(2024)...) {
		back, err := ParsePart(s.String())
		if err != nil || back != s || seen[s] {
			t.Errorf("%s: %s %v", s, back, err)
		}
		seen[s] = true
	}
	if len(seen) != 24 {
		t.Errorf("%d parts", len(seen))
	}
}
