package app

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// What is typed wrongly is shown escaped and cut, and an option that takes one answer is
// refused when it has two.
func TestSaid(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("ä", 300)
	for _, c := range []struct {
		name string
		args []string
		want string
	}{
		{"control characters", []string{"protect", "a\x1b[31m.csv"}, `a\x1b[31m.csv`},
		{"an unknown command", []string{"\x1b[2J" + long}, `\x1b[2J` + strings.Repeat("ä", 73) + "…"},
		{"a long argument", []string{"check", "ssda903", long, "--year", "2023-24"}, strings.Repeat("ä", 80) + "…"},
		{"a long choice", []string{"check", "ssda903", "x", "--format", long}, strings.Repeat("ä", 80) + "…\" is no choice"},
		{"a line end", []string{"check", "ssda903", "x", "--format=a\nb"}, `a\nb`},
		{"twice", []string{"protect", "t.csv", "--profile", "nhs", "--profile", "dfe"}, "--profile is given twice"},
		{"twice, joined", []string{"check", "--year=2022-23", "ssda903", "x", "--year=2023-24"}, "--year is given twice"},
		{"a switch twice", []string{"protect", "t.csv", "--explain", "--explain"}, "--explain is given twice"},
		{"a value like an option", []string{"protect", "t.csv", "--release=--ledger", "--ledger", "l"},
			"there is no file"},
		{"many", []string{"protect", "t.csv", "--sensitive", "a", "--sensitive", "b"}, "there is no file"},
	} {
		var out, said bytes.Buffer
		if status := Main(c.args, strings.NewReader(""), &out, &said); status == exitDone {
			t.Errorf("%s: done", c.name)
		}
		first, _, _ := strings.Cut(said.String(), "\n")
		if !strings.Contains(first, c.want) || strings.ContainsAny(said.String(), "\x1b\x00") || len([]rune(first)) > 400 {
			t.Errorf("%s: %q, want %q", c.name, said.String(), c.want)
		}
	}
}

func TestGuardedFindings(t *testing.T) {
	t.Parallel()
	const text = "Child ID,Start date,=1+1,Age,Sex,Source\nA1,03/04/2023,x,5,F,Police\n"
	var out, said bytes.Buffer
	path := t.TempDir() + "/=help.csv"
	writeText(t, path, text)
	status := Main([]string{"check", "early-help", path, "--year", "2023-24", "--authority", "E08000015", "--format",
		"csv"}, strings.NewReader(""), &out, &said)
	if status != exitNo || !strings.Contains(out.String(), "\n'=help.csv,1,'=1+1,extra-column,") {
		t.Errorf("%d %s %s", status, out.String(), said.String())
	}
}

// A released table is guarded, and is still known as the earlier one of the same table.
func TestGuardedTable(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeText(t, dir+"/t.csv", "area,sex,count\n=North,-3,30\n=North,@F,20\n＋South,-3,14\n＋South,@F,20\n")
	var first, second, said bytes.Buffer
	if status := Main([]string{"protect", dir + "/t.csv"}, strings.NewReader(""), &first, &said); status != exitDone {
		t.Fatal(status, said.String())
	}
	if want := "area,sex,count\n'=North,-3,30\n'=North,'@F,20\n'＋South,-3,14\n'＋South,'@F,20\n"; first.String() != want {
		t.Errorf("%q", first.String())
	}
	writeText(t, dir+"/was.csv", first.String())
	if status := Main([]string{"protect", dir + "/was.csv"}, strings.NewReader(""), &second, &said); status != exitDone ||
		second.String() != first.String() {
		t.Errorf("%d %q %s", status, second.String(), said.String())
	}
}

// To keep a count that the rule hides is said not to be possible, whatever else could be
// changed.
func TestKeepBelowTheThreshold(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/t.csv"
	writeText(t, path, "area,sex,count\nNorth,M,3\nNorth,F,20\nSouth,M,14\nSouth,F,20\n")
	var out, said bytes.Buffer
	status := Main([]string{"protect", path, "--keep", "area=North,sex=M"}, strings.NewReader(""), &out, &said)
	const advice = "do not ask for area North, sex M to be shown"
	if status != exitNo || !strings.Contains(said.String(), advice) || out.Len() > 0 {
		t.Errorf("%d %s", status, said.String())
	}
}

func writeText(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
