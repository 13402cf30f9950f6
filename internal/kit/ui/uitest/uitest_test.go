package uitest_test

import (
	"slices"
	"testing"

	"kith/internal/kit/ui/uitest"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body string
		want       []string
	}{
		{"sound", `<h1>A</h1><h2>B</h2><label for="x">X</label><input id="x" name="x">`, nil},
		{"no h1", `<h2>B</h2>`, []string{"has 0 h1 headings, and should have one"}},
		{"two h1", `<h1>A</h1><h1>B</h1>`, []string{"has 2 h1 headings, and should have one"}},
		{"skipped level", `<h1>A</h1><h3>B</h3>`, []string{"a heading goes from h1 to h3"}},
		{"field without label", `<h1>A</h1><input name="q">`, []string{`the field "q" has no label`}},
		{"field inside its label", `<h1>A</h1><label>Q <input name="q"></label>`, nil},
		{"hidden field", `<h1>A</h1><input type="hidden" name="q">`, nil},
		{"id twice", `<h1 id="a">A</h1><p id="a"></p>`, []string{`has the id "a" twice`}},
		{"reference to nothing", `<h1>A</h1><p aria-describedby="b"></p>`,
			[]string{`refers to id "b", which is not on the page`}},
		{"inline style and script", `<h1 style="color:red" onclick="go()">A</h1><script>go()</script>`,
			[]string{"<h1> has an inline style", "<h1> has the inline script onclick", "has an inline <script>"}},
		{"picture without alt", `<h1>A</h1><img src="a.png">`, []string{"an <img> has no alt"}},
		{"table", `<h1>A</h1><table><tr><th>B</th></tr></table>`, []string{"a <table> has no caption", "<th>B has no scope"}},
		{"wordless link and button", `<h1>A</h1><a href="/x"></a><button></button>`,
			[]string{`a link to "/x" has no words`, "a button has no words"}},
		{"refused value", `<h1>A</h1><a href="#ZgotmplZ">x</a>`,
			[]string{"<a href> holds a value that html/template refused"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := uitest.Faults("<!doctype html><title>A</title>" + tt.body); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}
