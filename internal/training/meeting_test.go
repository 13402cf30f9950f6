package training

import (
	"bytes"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// meetings are files as Teams and Zoom export them, about people who are made up.
const meetings = "../kit/sheet/testdata/meetings"

func meetingOf(text string) intake.File {
	return intake.File{Name: "meeting.csv", Content: strings.NewReader(text), Size: int64(len(text))}
}

// meetingDay is the session that the files of testdata are of.
var meetingDay = Session{StartsOn: db.Date{Year: 2023, Month: 6, Day: 14},
	EndsOn: db.Date{Year: 2023, Month: 6, Day: 14}}

func presentWords(list presentList) string {
	var out []string
	for _, p := range list.came {
		out = append(out, fmt.Sprintf("%s <%s> %d", strings.Join(p.names, "/"), p.email, p.Minutes()))
	}
	return strings.Join(out, ", ")
}

func TestReadMeeting(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"teams.tsv":      "Ann Ash <ann@a.example> 162, Bob Birch <> 149, Cat Cedar <cat@a.example> 22, 07700 900123 <> 140",
		"teams-2022.tsv": "Ann Ash <ann@a.example> 162, Cat Cedar <cat@a.example> 22",
		// Bob left and came back: 69 minutes and 80.
		"zoom.csv":        "Ann Ash <ann@a.example> 163, Bob/Bob Birch <> 148, Cat Cedar <cat@a.example> 23",
		"zoom-unique.csv": "Ann Ash <ann@a.example> 163, Bob/Bob Birch <> 149",
	} {
		text, err := os.ReadFile(filepath.Join(meetings, name))
		if err != nil {
			t.Fatal(err)
		}
		list, err := readMeeting(meetingOf(string(text)), meetingDay)
		if got := presentWords(list); err != nil || got != want {
			t.Errorf("%s: %s, want %s (%v)", name, got, want, err)
		}
	}
}

// Two devices at once are no longer than one, and where it cannot be told the longest
// counts.
func TestReadMeetingTwice(t *testing.T) {
	t.Parallel()
	const head = "Name,Join Time,Leave Time,Duration (Minutes)\n"
	for rows, want := range map[string]string{
		"Ann,09:00,10:00,60\nAnn,09:30,10:30,60\n":                         "Ann <> 90",
		"Ann,09:30,10:30,60\nAnn,09:00,10:00,60\nAnn,09:10,09:20,10\n":     "Ann <> 90",
		"Ann,06/14/2023 09:00:00 AM,06/14/2023 10:00:00 PM,60\nAnn,,,70\n": "Ann <> 70",
		"Ann,09:00,10:00,60\n,09:00,10:00,60\n":                            "Ann <> 60",
	} {
		list, err := readMeeting(meetingOf(head+rows), meetingDay)
		if got := presentWords(list); err != nil || got != want {
			t.Errorf("%q: %s, want %s (%v)", rows, got, want, err)
		}
	}
}

func TestReadMeetingRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "the file is empty",
		"Full Name,User Action,Timestamp\nAnn,Joined,09:30\n": "this is no list of who came to a meeting and for how long",
		"Name,Duration\nAnn,65\n":                             "line 2: how long Ann was there cannot be read",
		"Name,Duration\nAnn,1 h\nNutt, Bob,2 h\n":             "line 3: a row has more cells than the header has columns",
	} {
		_, err := readMeeting(meetingOf(text), meetingDay)
		var why *intake.Fatal
		if !errors.As(err, &why) || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
}

// A file is of a session by its day: that of the joins, else of what stands above the list.
// Another day is refused, whichever way the machine that wrote it writes days; where it
// can be two days, or says none, the officer is told.
func TestMeetingDay(t *testing.T) {
	t.Parallel()
	day := func(y, m, d int) db.Date { return db.Date{Year: y, Month: time.Month(m), Day: d} }
	joined := func(cells ...string) string {
		out := "Name,Join,Leave,Duration\n"
		for i, c := range cells {
			out += fmt.Sprintf("P%d,\"%s\",,60 min\n", i, c)
		}
		return out
	}
	began := func(cell string) string {
		return "Start time,\"" + cell + "\"\n\n2. Participants\nName,Duration\nAnn,60 min\n"
	}
	for _, c := range []struct {
		name, text string
		on, until  db.Date
		want       string // the people, notes, or the refusal
	}{
		{"its own", joined("09/04/2024, 09:30:00"), day(2024, 4, 9), day(2024, 4, 9), "1:"},
		{"its own, beyond doubt", joined("09/04/2024 09:30", "19/04/2024 09:30"), day(2024, 4, 9), day(2024, 4, 19), "2:"},
		{"month first", joined("4/19/2024, 9:30:00 AM"), day(2024, 4, 19), day(2024, 4, 19), "1:"},
		{"month first of another day", joined("3/19/2024, 9:30:00 AM"), day(2024, 4, 19), day(2024, 4, 19),
			"a meeting on 19 March 2024, and this session was on 19 April 2024"},
		{"month first by another row", joined("4/9/2024 9:30 AM", "4/19/2024 9:30 AM"), day(2024, 9, 4), day(2024, 9, 4),
			"a meeting on 9 April 2024 and 19 April 2024"},
		{"either, of another day", joined("03/04/2024 09:30"), day(2024, 4, 9), day(2024, 4, 9),
			"on 3 April 2024, or on 4 March 2024 if its dates have the month first, and this session was on 9"},
		{"either, the session's with the month first", joined("4/9/2024 9:30 AM"), day(2024, 4, 9), day(2024, 4, 9),
			"1: read with the month first; 4 September 2024"},
		{"the same either way", joined("04/04/2024 09:30"), day(2024, 4, 4), day(2024, 4, 4), "1:"},
		{"last year's", joined("09/04/2023 09:30"), day(2024, 4, 9), day(2024, 4, 9), "this session was on 9 April 2024"},
		{"Greenwich, late in the evening in England's summer", joined("2024-04-08T23:10:00Z"),
			day(2024, 4, 9), day(2024, 4, 9), "1:"},
		{"Greenwich, the day before", joined("2024-04-08T22:10:00Z"), day(2024, 4, 9), day(2024, 4, 9), "on 8 April 2024"},
		{"the second day", joined("2024-04-10 09:30"), day(2024, 4, 9), day(2024, 4, 10), "1:"},
		{"two runs in one file", joined("2024-04-09 09:30", "2024-03-12 09:30"), day(2024, 4, 9), day(2024, 4, 9),
			"1: 1 row of the file is of another day and was left out"},
		{"times alone", joined("09:30"), day(2024, 4, 9), day(2024, 4, 9), "1: does not say on which day"},
		{"no form that can be read", joined("45/45/2024 09:30"), day(2024, 4, 9), day(2024, 4, 9),
			"1: does not say on which day"},
		{"above the list", began("19/03/2024, 09:30:00"), day(2024, 4, 9), day(2024, 4, 9), "a meeting on 19 March 2024"},
		{"above the list, its own", began("19/03/2024, 09:30:00"), day(2024, 3, 19), day(2024, 3, 19), "1:"},
		{"a heading above", "Topic,Start Time\nNeglect,03/19/2024 09:21:40 AM\n\nName,Duration (Minutes)\nAnn,60\n",
			day(2024, 4, 9), day(2024, 4, 9), "a meeting on 19 March 2024"},
	} {
		list, err := readMeeting(meetingOf(c.text), Session{StartsOn: c.on, EndsOn: c.until})
		got := fmt.Sprint(err)
		if err == nil {
			got = strings.TrimSpace(fmt.Sprintf("%d: %s", len(list.came), strings.Join(list.Notes(), " ")))
		}
		for want := range strings.SplitSeq(c.want, "; ") {
			first, rest, _ := strings.Cut(want, ": ")
			if !strings.Contains(got, first) || !strings.Contains(got, rest) || strings.HasSuffix(c.want, ":") && got != c.want {
				t.Errorf("%s: %s, want %s", c.name, got, c.want)
			}
		}
	}
}

// Two mornings are not one: what is counted is from which moment to which.
func TestMeetingOverDays(t *testing.T) {
	t.Parallel()
	const head = "Name,Join Time,Leave Time,Duration (Minutes)\n"
	s := Session{StartsOn: db.Date{Year: 2024, Month: 4, Day: 9}, EndsOn: db.Date{Year: 2024, Month: 4, Day: 10}}
	for rows, want := range map[string]string{
		"Ann,2024-04-09 09:00,2024-04-09 10:00,60\nAnn,2024-04-10 09:00,2024-04-10 10:00,60\n": "Ann <> 120",
		"Ann,2024-04-09 23:30,2024-04-10 00:10,40\nAnn,2024-04-09 23:40,2024-04-10 00:20,40\n": "Ann <> 50",
	} {
		list, err := readMeeting(meetingOf(head+rows), s)
		if got := presentWords(list); err != nil || got != want {
			t.Errorf("%q: %s, want %s (%v)", rows, got, want, err)
		}
	}
}

func TestMeet(t *testing.T) {
	t.Parallel()
	bookings := []Booking{{ID: "1", Name: "Ann Ash", Email: "ann@a.example"}, {ID: "2", Name: "Bob Birch"},
		{ID: "3", Name: "Cat Cedar", Email: "c.cedar@a.example"}, {ID: "4", Name: "Dan Elm"}, {ID: "5", Name: "Dan Elm"}}
	for rows, want := range map[string]string{
		"A. Ash,ANN@a.example,9":                             "1=A. Ash",
		"bob (Bob Birch),,9":                                 "2=bob",
		"\"Cedar, Cat\",cat@home.example,9":                  "3=Cat Cedar",
		"Dan Elm,,9":                                         "stranger Dan Elm: 9 minutes",
		"Ann Ash,,9\nAnn A,ann@a.example,1":                  "1=Ann A, stranger Ann Ash: 9 minutes",
		"Bob Birch (Guest),,9\nBob Birch,bob@home.example,5": "2=Bob Birch, stranger Bob Birch, bob@home.example: 5 minutes",
	} {
		list, err := readMeeting(meetingOf("Name,Email,Duration (Minutes)\n"+rows+"\n"), meetingDay)
		if err != nil {
			t.Fatal(err)
		}
		m := meet(list.came, bookings)
		var got []string
		for _, b := range bookings {
			if p := m.of[b.ID]; p != nil {
				got = append(got, b.ID+"="+p.Words())
			}
		}
		for _, s := range m.strangerWords() {
			got = append(got, "stranger "+s)
		}
		if s := strings.Join(got, ", "); s != want {
			t.Errorf("%q: %s, want %s", rows, s, want)
		}
	}
}

func TestLeastMinutes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		from, to       string
		whole, counted int
	}{{"09:30", "12:30", 135, 90}, {"09:30", "", wholeMinutes, countedMinutes}, {"", "", wholeMinutes, countedMinutes},
		{"12:30", "09:30", wholeMinutes, countedMinutes}} {
		whole, counted := Session{StartTime: c.from, EndTime: c.to}.leastMinutes()
		if whole != c.whole || counted != c.counted {
			t.Errorf("%s to %s: %d and %d, want %d and %d", c.from, c.to, whole, counted, c.whole, c.counted)
		}
	}
}

// What is marked of somebody by how long they were at a session of three hours, and whether it
// counts.
func TestBar(t *testing.T) {
	t.Parallel()
	whole, counted := Session{StartTime: "09:30", EndTime: "12:30"}.leastMinutes()
	for minutes, want := range map[int]Status{180: Attended, 135: Attended, 134: LeftEarly, 90: LeftEarly, 89: Partly,
		12: Partly, 0: Partly} {
		if got := (bar{whole, counted}).mark(minutes); got != want {
			t.Errorf("%d minutes: %s, want %s", minutes, got, want)
		}
	}
	ann := &present{names: []string{"Ann"}, lasted: 170 * time.Minute}
	m, bookings := &meeting{of: map[string]*present{"b": ann}}, []Booking{{ID: "b", Name: "Ann"}}
	untimed := bar{wholeMinutes, countedMinutes}.shortWords(Session{}, m, bookings)
	if len(untimed) != 1 || !strings.HasPrefix(untimed[0], "The session has no times here, and somebody was there for "+
		"170") {
		t.Errorf("without times: %q", untimed)
	}
	timed := bar{whole, counted}.shortWords(Session{StartTime: "09:30", EndTime: "12:30"}, m, bookings)
	if len(timed) != 0 {
		t.Errorf("with times: %q", timed)
	}
	if Partly.Came() || !Partly.Live() || !Partly.Holds() {
		t.Error("who partly attended counts, or has no place")
	}
}

// An officer gives the meeting's file, sees the marks that follow, and saves them; nothing
// is marked before.
func TestMarkByMeeting(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		h := newHouse(t, s.Work)
		ann, bob, cat := h.person("Ann"), h.person("Bob"), h.person("Cat")
		id := h.session("2024-04-09", 9)
		ids := h.book(id, ann, bob, cat)
		h.at(time.Date(2024, 4, 9, 17, 0, 0, 0, time.UTC))
		mux := testkit.Mux(t, h.Routes()...)
		mux.Person = func(*http.Request) (web.Person, error) { return officer, nil }
		ask := func(text, least string) (int, string) {
			var b bytes.Buffer
			m := multipart.NewWriter(&b)
			h.ok(m.WriteField("least", least))
			h.ok(m.WriteField("counted", "15"))
			if text != "" {
				w, err := m.CreateFormFile("meeting", "meeting.csv")
				h.ok(err)
				_, err = w.Write([]byte(text))
				h.ok(err)
			}
			h.ok(m.Close())
			r := httptest.NewRequest(http.MethodPost, sessionHref(id)+"/register/match", &b)
			r.Header.Set("Content-Type", m.FormDataContentType())
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, r)
			return w.Code, w.Body.String()
		}
		chosen := func(page string) (out []string) {
			for _, m := range regexp.MustCompile(`<option value="([^"]+)" selected`).FindAllStringSubmatch(page, -1) {
				out = append(out, m[1])
			}
			return out
		}
		says := func(page string, texts ...string) {
			t.Helper()
			for _, want := range texts {
				if !strings.Contains(plainText(page), want) {
					t.Errorf("does not say %q: %s", want, plainText(page))
				}
			}
		}
		const file = "Name,Email,Duration\nAnn,,5h 10m\nBob,,20 min\nZoe,,1h\n"
		code, page := ask("", "0")
		says(page, "Choose the meeting’s file", "Enter a whole number from 1 to 1440")
		h.want("without a file", fmt.Sprint(code), "422")
		code, page = ask("Name,Duration\nAnn,65\n", "60")
		says(page, "meeting.csv, line 2: how long Ann was there cannot be read")
		h.want("no duration", fmt.Sprint(code), "422")

		code, page = ask("Start time,\"14/03/2024, 09:30:00\"\n\n"+file, "60")
		says(page, "meeting.csv: this file is of a meeting on 14 March 2024, and this session was on 9 April 2024. Nobody is marked by it.")
		h.want("another day", fmt.Sprint(code), "422")
		h.want("nobody is marked by another day", strings.Join(chosen(page), ", "), "booked, booked, booked")

		code, page = ask(file, "60")
		says(page, "The file does not say on which day the meeting was")
		says(page, "are not saved yet", "310 minutes", "20 minutes", "not in the file", "Zoe: 60 minutes",
			"Left early, and counted, since they were there for 15 minutes or more of the session’s 390: Bob (20 minutes).")
		h.want("shown", fmt.Sprint(code), "200")
		h.want("nothing is marked before it is saved", h.register(id), "Ann booked, Bob booked, Cat booked")
		h.want("chosen", strings.Join(chosen(page), ", "), "attended, left-early, booked")

		_, page = ask(strings.Replace(file, "20 min", "12 min", 1), "60")
		says(page, "Partly attended, and not counted, since they were there for less than 15 minutes of the session’s 390: "+
			"Bob (12 minutes).")
		h.want("chosen of somebody who left soon", strings.Join(chosen(page), ", "), "attended, partly, booked")
		_, page = ask(file, "10")
		says(page, "Enter no more minutes than count as having attended")
		_, page = ask(file, "60")

		seen := regexp.MustCompile(`name="seen" value="([^"]*)"`).FindStringSubmatch(page)[1]
		b := newBrowser(t, h)
		b.as = officer
		b.post(registerHref(id), "seen="+seen+"&"+markField(ids[0])+"=attended&"+markField(ids[1])+"=left-early", 303)
		h.want("saved", h.register(id), "Ann attended, Bob left-early, Cat booked")
		// Somebody else's marks since are not overwritten unseen.
		b.post(registerHref(id), "seen="+seen+"&"+markField(ids[0])+"=no-show", 409)
	})
}

// Whatever is in a file, everybody in it has a name or an address and was there for a time
// that can be, or it is refused in words.
func FuzzMeeting(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(meetings, "*"))
	if err != nil || len(files) == 0 {
		f.Fatal(files, err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		list, err := readMeeting(meetingOf(text), meetingDay)
		var why *intake.Fatal
		if err != nil && (!errors.As(err, &why) || why.Words == "") {
			t.Fatalf("not a refusal that says why: %v", err)
		}
		if slices.ContainsFunc(list.came, func(p *present) bool { return p.Words() == "" || p.lasted < 0 }) {
			t.Fatalf("%s", presentWords(list))
		}
	})
}
