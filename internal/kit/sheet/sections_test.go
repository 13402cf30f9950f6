package sheet

import (
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/unicode"
)

func TestReadDuration(t *testing.T) {
	t.Parallel()
	const none = -1
	for _, c := range []struct {
		in   string
		unit time.Duration
		want time.Duration
	}{
		{"1h 5m 3s", 0, time.Hour + 5*time.Minute + 3*time.Second}, {"22m 12s", 0, 22*time.Minute + 12*time.Second},
		{"2h 42m", 0, 162 * time.Minute}, {"45s", 0, 45 * time.Second}, {"2H 5M", 0, 125 * time.Minute},
		{"65 min", 0, 65 * time.Minute}, {"65 minutes", time.Hour, 65 * time.Minute}, {"65mins.", 0, 65 * time.Minute},
		{"1 hr 5 min", 0, 65 * time.Minute}, {"1 hour, 5 minutes and 3 seconds", 0, 65*time.Minute + 3*time.Second},
		{"1.5 hours", 0, 90 * time.Minute}, {"PT1H5M3S", 0, 65*time.Minute + 3*time.Second},
		{"01:05:03", 0, 65*time.Minute + 3*time.Second}, {"100:00:00", 0, 100 * time.Hour},
		{"65", time.Minute, 65 * time.Minute}, {"65.5", time.Minute, 65*time.Minute + 30*time.Second},
		{"3903", time.Second, 3903 * time.Second}, {"0", time.Minute, 0}, {"0m", 0, 0},
		{"65", 0, none}, {"1:05", time.Minute, none}, {"", time.Minute, none}, {"-5", time.Minute, none},
		{"5m 1h", 0, none}, {"1e3", time.Minute, none}, {"NaN", time.Minute, none}, {"soon", 0, none},
		{"1h 5", 0, none}, {"999999999h", 0, none}, {"and", 0, none}, {"pt", 0, none}, {"01:65:03", 0, none},
	} {
		got, err := ReadDuration(c.in, c.unit)
		if err != nil {
			got = none
		}
		if got != c.want {
			t.Errorf("%q: %s, want %s", c.in, got, c.want)
		}
	}
}

// What meeting programs export is read in sections, in UTF-16 with tabs as in UTF-8.
func TestSections(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"teams.tsv": "Summary: 6 rows, Meeting title|Neglect: what we see; " +
			"Participants: 5 rows, Name|First Join|Last Leave|In-Meeting Duration|Email|Participant ID (UPN)|Role; " +
			"In-Meeting Activities: 6 rows, Name|Join Time|Leave Time|Duration|Email|Role",
		"teams-2022.tsv": ": 5 rows, Meeting Summary; " +
			": 3 rows, Full Name|Join Time|Leave Time|Duration|Email|Role|Participant ID (UPN)",
		"zoom.csv": ": 2 rows, Meeting ID|Topic|Start Time|End Time|User Email|Duration (Minutes)|Participants|; " +
			": 5 rows, Name (Original Name)|User Email|Join Time|Leave Time|Duration (Minutes)|Guest|Recording Consent",
		"zoom-unique.csv": ": 3 rows, Name (Original Name)|User Email|Total Duration (Minutes)|Guest",
	} {
		text, err := os.ReadFile(filepath.Join("testdata", "meetings", name))
		if err != nil {
			t.Fatal(err)
		}
		wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(text)
		if err != nil {
			t.Fatal(err)
		}
		for form, content := range map[string][]byte{
			"UTF-8": text, "UTF-16": wide, "Windows lines": []byte(strings.ReplaceAll(string(text), "\n", "\r\n")),
		} {
			table, err := ReadText(strings.NewReader(string(content)), Usual)
			if err != nil {
				t.Fatal(err)
			}
			sections, err := table.Sections()
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, s := range sections {
				got = append(got, s.Title+": "+strconv.Itoa(len(s.Rows))+" rows, "+strings.Join(s.Rows[0].Cells, "|"))
			}
			if s := strings.Join(got, "; "); s != want {
				t.Errorf("%s in %s:\n%s, want\n%s", name, form, s, want)
			}
		}
	}
}

// A cell of several lines is no gap, nor is a number with more beside it a title.
func TestSectionsWithin(t *testing.T) {
	t.Parallel()
	table, err := ReadText(strings.NewReader("a,b\n1. x,2\n\"two\nlines\",3\n\n\n3. Last\n\nc,d\n"), Usual)
	if err != nil {
		t.Fatal(err)
	}
	sections, err := table.Sections()
	if err != nil || len(sections) != 2 || len(sections[0].Rows) != 3 || sections[1].Title != "Last" ||
		len(sections[1].Rows) != 1 || sections[1].Rows[0].Line != 9 {
		t.Errorf("%+v, %v", sections, err)
	}
	table, err = ReadText(strings.NewReader(strings.Repeat("a,b\n", mostSectionRows+1)), Usual)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := table.Sections(); !errors.Is(err, ErrTooLarge) {
		t.Errorf("not refused as too large: %v", err)
	}
}

// Whatever a cell says, it lasts no time that cannot be.
func FuzzDuration(f *testing.F) {
	for _, s := range []string{"1h 5m 3s", "65 minutes", "PT1H", "01:05:03", "65", "1 hr and 5 min", "999h", "0.5h"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		for _, unit := range []time.Duration{0, time.Second, time.Minute, time.Hour} {
			if d, err := ReadDuration(cell, unit); d < 0 || d > longestDuration || err != nil && d != 0 {
				t.Errorf("%q: %s, %v", cell, d, err)
			}
		}
	})
}

// Whatever is in a file, its sections hold each of its rows once or it is refused.
func FuzzSections(f *testing.F) {
	for _, name := range []string{"teams.tsv", "teams-2022.tsv", "zoom.csv", "zoom-unique.csv"} {
		text, err := os.ReadFile(filepath.Join("testdata", "meetings", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		table, err := ReadText(strings.NewReader(string(text)), Usual)
		if err != nil {
			return
		}
		sections, err := table.Sections()
		if err != nil {
			return
		}
		rows := int64(0)
		for _, s := range sections {
			rows += int64(len(s.Rows))
			if s.Title != "" {
				rows++
			}
		}
		if rows != table.full {
			t.Errorf("%d rows in sections of %d", rows, table.full)
		}
	})
}
