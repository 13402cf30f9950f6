package markdown

import (
	"strings"
	"testing"
)

// TestSafe: what is written comes out as text and links, and what could do harm or
// has no place in a text does not come out at all.
func TestSafe(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Tides *come* in -- \"twice\" a day.":      "<p>Tides <em>come</em> in – “twice” a day.</p>",
		"3. three\n4. four":                        "<ol start=\"3\">\n<li>three</li>\n<li>four</li>\n</ol>",
		"[call](tel:999) [home](/help)":            `<p><a href="tel:999">call</a> <a href="/help">home</a></p>`,
		"[x](javascript:alert(1))":                 "<p>x</p>",
		"<script>alert(1)</script>a":               "",
		"a <b onclick=\"x()\">b</b>":               "<p>a b</p>",
		"![boat](https://x.example/boat.png)":      "<p></p>",
		"### Three\n\n| a |\n|---|\n| b |":         "<h3>Three</h3>\n<p>| a |\n|—|\n| b |</p>",
		"a <a href=\"data:text/html,x\">b</a> <p>": "<p>a b </p>",
	} {
		var b strings.Builder
		if err := New().Convert([]byte(in), &b); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(Policy().Sanitize(b.String())); got != want {
			t.Errorf("%q becomes\n%s\nand not\n%s", in, got, want)
		}
	}
}

// TestSecondLock: the list holds by itself, whatever a reader of Markdown lets through.
func TestSecondLock(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`<a href="javascript:alert(1)">x</a>`:        "x",
		`<a href="https://x.example/" id="a">x</a>`:  `<a href="https://x.example/">x</a>`,
		`<img src=x onerror=alert(1)><p style="a">b`: "<p>b",
	} {
		if got := Policy().Sanitize(in); got != want {
			t.Errorf("%q becomes %q, not %q", in, got, want)
		}
	}
}
