package period

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, from, to, back string }{
		{"2023-24", "2023-04-01", "2024-03-31", "2023-24"},
		{"2023/24", "2023-04-01", "2024-03-31", "2023-24"},
		{"1999-2000", "1999-04-01", "2000-03-31", "1999-00"},
		{"2023-24Q1", "2023-04-01", "2023-06-30", "2023-24Q1"},
		{"2023-24Q4", "2024-01-01", "2024-03-31", "2023-24Q4"},
		{"2023", "2023-01-01", "2023-12-31", "2023"},
		{"2023-06", "2023-06-01", "2023-06-30", "2023-06"},
		{"2011-12-01..2011-12-31", "2011-12-01", "2011-12-31", "2011-12-01..2011-12-31"},
		{"2023-04-01..2023-09-30", "2023-04-01", "2023-09-30", "2023-04-01..2023-09-30"},
	} {
		t.Run(c.in, func(t *testing.T) {
			s, err := Parse(c.in)
			if err != nil || s.From.String() != c.from || s.To.String() != c.to || s.String() != c.back {
				t.Errorf("got %v %v %q, %v", s.From, s.To, s, err)
			}
		})
	}
	for _, bad := range []string{"", "2023-25", "2023-13", "23-24", "2023-24Q5", "2024-02-01..2024-01-01",
		"2023-02-30..2023-03-01"} {
		if s, err := Parse(bad); err == nil {
			t.Errorf("%q was read as %v", bad, s)
		}
	}
}

func TestSpanBefore(t *testing.T) {
	t.Parallel()
	for _, c := range [][3]string{
		{"2023-24", "2022-23", "2022-23"},
		{"2023-24Q1", "2022-23Q4", "2022-23Q1"},
		{"2024-02", "2024-01", "2023-02"},
		{"2024-03-10..2024-03-16", "2024-03-03..2024-03-09", "2023-03-10..2023-03-16"},
	} {
		s, err := Parse(c[0])
		if err != nil || s.Before().String() != c[1] || s.YearBefore().String() != c[2] {
			t.Errorf("%s: before %s, year before %s, %v", c[0], s.Before(), s.YearBefore(), err)
		}
	}
}

func TestAnyDate(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"2023-06-14", "14/06/2023", "14/6/2023", "14 June 2023", "14-Jun-2023",
		"2023-06-14T09:30:00", " 14/06/2023 09:30 "} {
		if d, err := ParseAnyDate(in); err != nil || d != MustDate("2023-06-14") {
			t.Errorf("%q: %v %v", in, d, err)
		}
	}
	for _, bad := range []string{"", "06/14/2023", "2023-02-29", "yesterday", "14/06/23"} {
		if d, err := ParseAnyDate(bad); err == nil {
			t.Errorf("%q was read as %v", bad, d)
		}
	}
}

func TestAge(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		born, at string
		age      int
	}{
		{"2010-03-31", "2024-03-31", 14}, {"2010-04-01", "2024-03-31", 13},
		{"2008-02-29", "2023-02-28", 14}, {"2008-02-29", "2023-03-01", 15},
		{"2024-05-01", "2024-03-31", -1},
	} {
		if got := MustDate(c.born).AgeOn(MustDate(c.at)); got != c.age {
			t.Errorf("%s at %s: %d", c.born, c.at, got)
		}
	}
}

func TestBankHolidays(t *testing.T) {
	t.Parallel()
	want := []string{
		"2022-01-03", "2022-04-15", "2022-04-18", "2022-05-02", "2022-06-02", "2022-06-03", "2022-08-29", "2022-09-19",
		"2022-12-26", "2022-12-27",
		"2023-01-02", "2023-04-07", "2023-04-10", "2023-05-01", "2023-05-08", "2023-05-29", "2023-08-28", "2023-12-25",
		"2023-12-26",
		"2024-01-01", "2024-03-29", "2024-04-01", "2024-05-06", "2024-05-27", "2024-08-26", "2024-12-25", "2024-12-26",
	}
	var got []string
	for d := MustDate("2022-01-01"); d.Before(MustDate("2025-01-01")); d = d.AddDays(1) {
		if IsBankHoliday(d) {
			got = append(got, d.String())
		}
	}
	if len(got) != len(want) {
		t.Fatalf("got %v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("got %s, want %s", got[i], want[i])
		}
	}
	if d := AddWorkingDays(MustDate("2024-03-28"), 1); d != MustDate("2024-04-02") {
		t.Errorf("the working day after Maundy Thursday 2024 is %v", d)
	}
	if n := WorkingDaysBetween(MustDate("2024-03-28"), MustDate("2024-04-02")); n != 1 {
		t.Errorf("%d working days over Easter 2024", n)
	}
}

func TestDateProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		d := NewDate(rapid.IntRange(1901, 2098).Draw(t, "y"), time.Month(rapid.IntRange(1, 12).Draw(t, "m")),
			rapid.IntRange(1, 31).Draw(t, "d"))
		if back, err := ParseDate(d.String()); err != nil || back != d {
			t.Fatalf("%v does not come back: %v %v", d, back, err)
		}
		v, _ := d.Value()
		var e Date
		if err := e.Scan(v); err != nil || e != d {
			t.Fatalf("%v is stored as %v", d, v)
		}
		y := YearOf(d)
		if !y.Span().Contains(d) {
			t.Fatalf("%v is not in %v", d, y)
		}
		if back, err := Parse(y.Span().String()); err != nil || back != y.Span() {
			t.Fatalf("%v: %v", y, err)
		}
		n := rapid.IntRange(-60, 60).Draw(t, "n")
		if m := d.AddMonths(n); (m.Year*12+int(m.Month))-(d.Year*12+int(d.Month)) != n {
			t.Fatalf("%v plus %d months is %v", d, n, m)
		}
	})
}
