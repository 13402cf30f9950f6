package csvfile_test

import (
	"strings"
	"testing"

	"kith/internal/kit/csvfile"
)

// TestCells: what a spreadsheet would run is only words, and numbers stay numbers.
func TestCells(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"":                      "",
		"Ann":                   "Ann",
		"-12.5":                 "-12.5",
		"-1,200":                "\"-1,200\"",
		"-":                     "-",
		"12-3":                  "12-3",
		"a=b":                   "a=b",
		"ann@x.example":         "ann@x.example",
		"=1+1":                  "'=1+1",
		"+44 20":                "'+44 20",
		"-1+cmd":                "'-1+cmd",
		"@SUM(A1)":              "'@SUM(A1)",
		"＝1+1":                  "'＝1+1",
		"＋1":                    "'＋1",
		"－1+1":                  "'－1+1",
		"＠SUM(A1)":              "'＠SUM(A1)",
		"\t=1":                  "'\t=1",
		"\r=1":                  "'=1",
		" =1":                   "\"' =1\"",
		"\u3000＝1":              "\"'\u3000＝1\"",
		"\ufeff=1":              "'\ufeff=1",
		"﹦1+1":                  "'﹦1+1",
		"﹢1":                    "'﹢1",
		"﹣1+1":                  "'﹣1+1",
		"﹫SUM(A1)":              "'﹫SUM(A1)",
		"\u200b=1":              "'\u200b=1",
		"\u200b \u2060\u00ad﹦1": "'\u200b \u2060\u00ad﹦1",
		"\u180e\u034f=1":        "'\u180e\u034f=1",
		"\x01=1":                "'\x01=1",
		"\u2003Ann":             "\u2003Ann",
	} {
		var b strings.Builder
		if err := csvfile.Write(&b, []string{"x", given}, [][]string{{"y", given}}); err != nil {
			t.Fatal(err)
		}
		unquoted := strings.ReplaceAll(b.String(), "\"", "")
		plain := strings.ReplaceAll(want, "\"", "")
		if unquoted != "x,"+plain+"\r\ny,"+plain+"\r\n" {
			t.Errorf("%q is written as %q", given, b.String())
		}
	}
}
