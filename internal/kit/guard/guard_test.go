package guard

import "testing"

func TestCells(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", "-": "'-", "-3": "-3", "-1,234.5": "-1,234.5", "3": "3", "a=b": "a=b", "'=1": "'=1",
		"=1+1": "'=1+1", "+44": "'+44", "-3+cmd": "'-3+cmd", "@SUM(A1)": "'@SUM(A1)", "\t=1": "'\t=1", "\r=1": "'\r=1",
		"\n=1": "'\n=1", "＝1+1": "'＝1+1", "＋1": "'＋1", "－1": "'－1", "＠A": "'＠A",
	} {
		if got := Cell(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	rows := [][]string{{"@x", "-3"}}
	if got := Rows(rows); got[0][0] != "'@x" || got[0][1] != "-3" || rows[0][0] != "@x" {
		t.Error(got, rows)
	}
}
