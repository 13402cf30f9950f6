package app

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"kith/internal/testkit"
)

// TestSharedTables: what is protected of the tables that people have sent, by the exit
// status and by words of what is said or printed. None is called safe wrongly.
func TestSharedTables(t *testing.T) {
	t.Parallel()
	dir := testkit.Shared(t, "cases", "sdc")
	for _, c := range []struct {
		args string
		exit int
		said []string
	}{
		{"FALSE_SAFE_all_label.csv", 1, []string{"--total age=All", "--total sex=All"}},
		{"FALSE_SAFE_all_label.csv --total age=All --total sex=All", 0, []string{"4 of 9 counts", "All,All,27"}},
		{"LEAK_percent_column_kept.csv", 1, []string{"--leave-out percent"}},
		{"LEAK_percent_column_kept.csv --leave-out percent", 0, []string{"age,count\n0-4,[c]\n"}},
		{"usability/all.csv", 1, []string{"--total age=All"}},
		{"usability/blank.csv", 1, []string{"--total age=", "--total sex="}},
		{"usability/blank.csv --total age= --total sex=", 0, []string{"4 of 9 counts", "\n,,27\n"}},
		{"usability/ees.csv", 1, []string{"--leave-out rate", "--leave-out percent"}},
		{"usability/ees.csv --leave-out rate --leave-out percent", 0, []string{"Wirral,Sexual,[c]\n", "Neglect,[c]\n"}},
		{"usability/excel.csv", 1, []string{"--code age=04-May=4-5", "--code age=05-Sep=5-9"}},
		{"usability/excel.csv --code age=04-May=0-4 --code age=05-Sep=5-9", 0, []string{"0-4,Girls,[c]\n", "5-9,Boys,7\n"}},
		{"usability/footer.csv", 0, []string{"4 of 9 counts", "Source: CIN census"}},
		{"usability/lt5.csv", 1, []string{"--hidden '<5'", "--zero=-"}},
		{"usability/lt5.csv --hidden <5 --zero=-", 1, []string{"the total 16"}},
		{"usability/lt5.csv --hidden <5 --hidden=-", 0, []string{"0-4,Girls,[c]\n"}},
		{"usability/measures.csv", 0, []string{"CIN,Ash,[c]\n", "CPP,Ash,[c]\n"}},
		{"usability/pct_all.csv", 1, []string{"--leave-out percent", "--total 'age=All ages'"}},
		{"usability/percent.csv", 1, []string{"--leave-out Percent"}},
		{"usability/percent.csv --leave-out Percent", 0, []string{"Age,Number\n0-4,[c]\n", "Total,45\n"}},
		{"usability/semi.csv", 0, []string{"age;sex;count\n"}},
		{"usability/slash2.csv", 1, []string{"Mixed/White and Asian is read as a part of Mixed"}},
		{"usability/thousands.csv", 0, []string{"\"1,235\"\n"}},
		{"usability/titled.csv", 0, []string{"Ash,[c],9,[c]\n", "31 March 2024"}},
		{"usability/wide.csv", 0, []string{"Ash,[c],9,[c]\n"}},
	} {
		t.Run(c.args, func(t *testing.T) {
			t.Parallel()
			args := strings.Fields(c.args)
			args[0] = filepath.Join(dir, args[0])
			var out, errs bytes.Buffer
			exit := Main(append([]string{"protect"}, args...), strings.NewReader(""), &out, &errs)
			if exit != c.exit || exit != 0 && out.Len() > 0 {
				t.Fatalf("exit %d\n%s%s", exit, out.String(), errs.String())
			}
			for _, want := range c.said {
				if !strings.Contains(out.String()+errs.String(), want) {
					t.Errorf("nothing says %q:\n%s%s", want, out.String(), errs.String())
				}
			}
			if exit != 0 {
				return
			}
			var judged bytes.Buffer
			if exit := Main([]string{"attack", "-"}, &out, &judged, &judged); exit > 1 {
				t.Errorf("what is printed is not read again: %s", judged.String())
			}
		})
	}
}

// TestSharedLedger: four tables of which each is safe, and that together give a count away,
// are not released together; a table of which most is hidden is told what else it could be.
func TestSharedLedger(t *testing.T) {
	t.Parallel()
	dir, ledger := testkit.Shared(t, "cases", "sdc"), filepath.Join(t.TempDir(), "ledger")
	for i, name := range []string{"o23", "st", "en", "o24"} {
		var out, errs bytes.Buffer
		path := filepath.Join(dir, "ledger", name+".csv")
		exit := Main([]string{"protect", path, "--ledger", ledger, "--population", name}, strings.NewReader(""), &out, &errs)
		if want := i / 3; exit != want {
			t.Errorf("%s: exit %d, want %d: %s", name, exit, want, errs.String())
		}
		if i == 3 && !strings.Contains(errs.String(), "--identity 'o24 = o23 + st - en'") {
			t.Errorf("not asked: %s", errs.String())
		}
	}
	var out, errs bytes.Buffer
	exit := Main([]string{"protect", filepath.Join(dir, "ward_cpp.csv")}, strings.NewReader(""), &out, &errs)
	if exit != 0 || !strings.Contains(errs.String(), "64 % of counts hidden; ") {
		t.Errorf("exit %d: %s", exit, errs.String())
	}
}
