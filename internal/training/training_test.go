package training

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kith/internal/access"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/sheet"
	"kith/internal/kit/web"
)

func TestCancelBy(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, starts string
		notice       int
		want         string
	}{
		{"a Thursday", "2024-05-16", 3, "2024-05-13"},
		{"over a weekend", "2024-05-14", 3, "2024-05-09"},
		{"never at a weekend", "2026-12-09", 3, "2026-12-04"},
		{"over Easter", "2024-04-03", 3, "2024-03-27"},
		{"no notice", "2024-05-16", 0, "2024-05-16"},
		{"at a weekend", "2024-05-18", 1, "2024-05-16"},
	} {
		got := Session{StartsOn: period.MustDate(c.starts)}.CancelBy(c.notice)
		if got.String() != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
		if c.notice > 0 && period.WorkingDaysBetween(got, period.MustDate(c.starts)) < c.notice {
			t.Errorf("%s: fewer than %d working days", c.name, c.notice)
		}
	}
}

func TestTag(t *testing.T) {
	t.Parallel()
	today := period.MustDate("2024-03-25")
	day := func(n int, s Session) Session {
		s.StartsOn = today.AddDays(n)
		s.EndsOn = s.StartsOn
		return s
	}
	until := func(n int, s Session) Session { s.EndsOn = today.AddDays(n); return s }
	for _, c := range []struct {
		name string
		s    Session
		want string
	}{
		{"room to spare", day(20, Session{State: Open, Capacity: 20, Taken: 1}), "good Open"},
		{"no place left", day(20, Session{State: Open, Capacity: 20, Taken: 20}), "watch Full"},
		{"near, and few", day(14, Session{State: Open, Capacity: 20, Taken: 6}), "bad Too few"},
		{"near, and a third", day(14, Session{State: Open, Capacity: 21, Taken: 7}), "good Open"},
		{"not offered", day(3, Session{State: Planned, Capacity: 20}), "quiet Planned"},
		{"no longer offered", day(3, Session{State: Closed, Capacity: 20}), "quiet Closed"},
		{"today", day(0, Session{State: Open, Capacity: 20, Taken: 1}), "good Today"},
		{"today, later", day(0, Session{State: Open, StartTime: "10:01", EndTime: "16:00"}), "good Today"},
		{"begun", day(0, Session{State: Closed, StartTime: "10:00", EndTime: "16:00"}), "good Under way"},
		{"begun, with no end known", day(0, Session{State: Open, StartTime: "09:00"}), "good Under way"},
		{"over this morning", day(0, Session{State: Open, StartTime: "08:00", EndTime: "10:00"}), "watch Register to mark"},
		{"the second of three days", until(1, day(-1, Session{State: Open, StartTime: "09:00", EndTime: "16:00"})),
			"good Under way"},
		{"over, and not marked", day(-1, Session{State: Open, Capacity: 20, Taken: 9}), "watch Register to mark"},
		{"over", day(-1, Session{State: Delivered}), "quiet Delivered"},
		{"called off", day(3, Session{State: CalledOff}), "quiet Cancelled"},
	} {
		tone, word := c.s.Tag(monday)
		if got := tone + " " + word; got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestStatus(t *testing.T) {
	t.Parallel()
	var got []string
	for _, s := range statuses {
		got = append(got, fmt.Sprintf("%s: came %t, live %t, holds a place %t", s.Words(), s.Came(), s.Live(), s.Holds()))
	}
	want := []string{
		"Booked: came false, live true, holds a place true",
		"Attended: came true, live true, holds a place true",
		"Walked in: came true, live true, holds a place false",
		"Left early: came true, live true, holds a place true",
		"Partly attended, not counted: came false, live true, holds a place true",
		"Did not come: came false, live true, holds a place true",
		"Cancelled late: came false, live false, holds a place false",
		"Cancelled: came false, live false, holds a place false",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
}

func TestMayBookFor(t *testing.T) {
	t.Parallel()
	may := func(permissions ...web.Permission) web.Person {
		p := web.Person{ID: "ann", OrganisationID: "council", Permissions: map[web.Permission]bool{}}
		for _, x := range permissions {
			p.Permissions[x] = true
		}
		return p
	}
	for _, c := range []struct {
		name                 string
		by                   web.Person
		person, organisation string
		want                 bool
	}{
		{"herself", may(access.TrainingBook), "ann", "council", true},
		{"herself, without the permission", may(access.TrainingRead), "ann", "council", false},
		{"a colleague", may(access.TrainingBook), "bob", "council", false},
		{"a colleague, as a lead", may(access.TrainingBook, access.TrainingBookOthers), "bob", "council", true},
		{"somebody elsewhere, as a lead", may(access.TrainingBook, access.TrainingBookOthers), "cat", "health", false},
		{"somebody of nowhere, as a lead", may(access.TrainingBook, access.TrainingBookOthers), "dan", "", false},
		{"anybody, as the officer", may(access.TrainingManage), "cat", "health", true},
		{"nobody signed in", web.Person{Permissions: map[web.Permission]bool{access.TrainingBook: true}}, "", "", false},
	} {
		of := access.Object{PersonID: c.person, OrganisationID: c.organisation}
		if got := bookingRules.May(c.by, access.Change, of); got != c.want {
			t.Errorf("%s: %t, want %t", c.name, got, c.want)
		}
	}
}

func TestWhen(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"2023-06-14": "2023-06-14 ", "14/06/2023": "2023-06-14 ", "14 June 2023": "2023-06-14 ",
		"14/06/2023 09:30": "2023-06-14 09:30", "2023-06-14T13:30:00Z": "2023-06-14 14:30",
		"14/6/2023 9.30am":      "2023-06-14 09:30",
		"14 June 2023, 1.30 pm": "2023-06-14 13:30", "14/06/2023 00:00:00": "2023-06-14 ",
		"14/06/2023 12:15am": "2023-06-14 00:15",
		"31/02/2023":         "", "soon": "", "": " ", "14/06/0023": "", "31/12/9999": " ",
		"14/06/2023 midday": "2023-06-14 12:00", "14/06/1823": "",
	} {
		d, at, err := when(sheet.NewCells(), colStart, cell, 2)
		got := d.String() + " " + at
		if err != nil {
			got = ""
		}
		if got != want {
			t.Errorf("%q: %q, want %q", cell, got, want)
		}
	}
}

func TestStatusOf(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]Status{
		"Attended": Attended, "Y": Attended, "TRUE": Attended, "1": Attended, "✓": Attended, "N": NoShow, "false": NoShow,
		"0": NoShow, "DNA": NoShow, "x": "", "X": "", "perhaps": "", "": "",
	} {
		if got, ok := statusOf(cell); got != want || ok != (want != "") {
			t.Errorf("%q: %q, %t", cell, got, ok)
		}
	}
}

func TestReadClock(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"9": "09:00", "9.30": "09:30", "09:30": "09:30", "9.30am": "09:30", "4pm": "16:00", "4 pm": "16:00", "12pm": "12:00",
		"12am": "00:00", "14:00": "14:00", "midday": "12:00", "12 noon": "12:00", "Noon": "12:00", "midnight": "00:00",
		"24:00": "", "9:75": "", "13pm": "", "half nine": "", "9.5": "",
	} {
		f := web.NewForm("t", text)
		if got := readClock(f, "t", "Enter it"); got != want || f.OK() != (want != "") {
			t.Errorf("%q: %q, want %q; %v", text, got, want, f.Problems())
		}
	}
}

// Every header that the room's page documents is understood, and so is every word
// that it writes itself.
func TestColumns(t *testing.T) {
	t.Parallel()
	for _, c := range header {
		if got, own, ok := columnOf(strings.ToUpper(strings.ReplaceAll(string(c), "_", " "))); !ok || !own || got != c {
			t.Errorf("%s is read as %s", c, got)
		}
	}
	for _, s := range statuses {
		if statusWords[lang.Slug(string(s))] != s || statusWords[lang.Slug(s.Words())] != s {
			t.Errorf("the status %s is not understood", s)
		}
	}
	for _, k := range kinds {
		if fileKinds[lang.Slug(k.Text)] != k.Value {
			t.Errorf("the kind %s is not understood", k.Text)
		}
	}
}

// A pasted list is read however it was written: by a mail program, a spreadsheet or by hand.
func TestReadPasted(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Ann Ash, ann@x.example, Tidewell Council":         "1 Ann Ash|ann@x.example|Tidewell Council",
		"ann@x.example; Ann Ash":                           "1 Ann Ash|ann@x.example|",
		"Ann Ash <ANN@x.example>":                          "1 Ann Ash|ann@x.example|",
		"\"Ann\"\tann@x.example\tHarbour School, Tidewell": "1 Ann|ann@x.example|Harbour School, Tidewell",
		"Name, E-mail, Agency\r\n\r\nAnn\r\nBob":           "3 Ann||; 4 Bob||",
		"Ann\rBob":                                         "1 Ann||; 2 Bob||",
		"ann@x@y, Ann":                                     "1 ann@x@y||Ann",
		" , ":                                              "1 ||",
		"":                                                 "",
	} {
		var got []string
		for _, p := range readPasted(in) {
			got = append(got, fmt.Sprintf("%d %s|%s|%s", p.Number, p.Name, p.Email, p.Organisation))
		}
		if strings.Join(got, "; ") != want {
			t.Errorf("%q is read as %q, and should be %q", in, strings.Join(got, "; "), want)
		}
	}
}

func TestMoment(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]time.Time{
		"2024-07-01 09:30": time.Date(2024, 7, 1, 8, 30, 0, 0, time.UTC),
		"2024-01-01 09:30": time.Date(2024, 1, 1, 9, 30, 0, 0, time.UTC),
		"2024-07-01 ":      time.Date(2024, 6, 30, 23, 0, 0, 0, time.UTC),
	} {
		day, at, _ := strings.Cut(in, " ")
		if got := moment(period.MustDate(day), at); !got.Equal(want) {
			t.Errorf("%s: %s, want %s", in, got, want)
		}
	}
}
