package annual

import (
	"flag"
	"fmt"
	"html/template"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"kith/internal/kit/figure"
	"kith/internal/kit/release"
	"kith/internal/kit/ui/uitest"
)

var update = flag.Bool("update", false, "write the golden files anew")

// write turns a text into HTML with the sample figures.
func write(t testing.TB, markdown string) (string, *writer) { return writeAt(t, markdown, "") }

// writeAt is write for a draft, whose text is mended at an address.
func writeAt(t testing.TB, markdown, fixes string) (string, *writer) {
	t.Helper()
	blocks, err := blockTemplates()
	if err != nil {
		t.Fatal(err)
	}
	writing := func(l *ledger) *writer {
		return &writer{year: y2023, blocks: blocks, linked: true, ledger: l,
			place: place{PartReport, "training", "Training"}, anchors: map[string]int{}, fixes: fixes}
	}
	var w *writer
	var h template.HTML
	var all []*entry
	err = sampleFigures(figure.Stores{}).Snapshot(t.Context(), func(s *figure.Snapshot) (err error) {
		asks := release.Collect(s)
		if _, err = writing(newLedger(s, asks, true)).text(t.Context(), markdown); err != nil {
			return err
		}
		released, err := new(release.Door).Close(t.Context(), asks, release.Empty(), "test")
		if err != nil {
			return err
		}
		w = writing(newLedger(s, released, true))
		if h, err = w.text(t.Context(), markdown); err != nil {
			return err
		}
		all, err = w.ledger.candidates(t.Context(), w)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w.problems = append(w.problems, typed(w.prose, all)...)
	return string(h), w
}

// fences lets a test write ”' for the backticks of a fenced block.
func fences(s string) string { return strings.ReplaceAll(s, "'''", "```") }

func TestSentences(t *testing.T) {
	t.Parallel()
	const at = `<a href="figures/training.attendances-2023-24-programme-multi-agency.html">`
	for _, c := range []struct{ name, in, want string }{
		{"a figure", `{{figure "training.attendances" period="2023-24" programme="multi-agency"}}`,
			`<p>` + at + `<data class="in" value="956" data-figure="training.attendances">956</data></a></p>`},
		{"words", `{{figure "training.attendances" programme="multi-agency" as="over 900"}}`,
			`<p>` + at + `<data class="in" value="956" data-figure="training.attendances">over 900</data></a></p>`},
		{"in words", `{{figure "plan.priorities" period="2024-25" as="in words"}}`,
			`<p><a href="figures/plan.priorities-2024-25.html"><data class="in" value="3" data-figure="plan.priorities">three</data></a></p>`},
		{"a percentage", `{{figure "contacts.referred_percent" places="1"}}`,
			`<p><a href="figures/contacts.referred_percent-2023-24.html"><data class="in" data-of="8,104 of 24,312, 2023-24" value="33.33" data-figure="contacts.referred_percent">33.3%</data></a></p>`},
		{"a stock in the report's year is at its end", `{{figure "cla.open"}}`,
			`<p><a href="figures/cla.open-2024-03-31.html"><data class="in" value="777" data-figure="cla.open">777</data></a></p>`},
		{"a change", `{{change "cla.open" since="2022-03-31" as="has fallen since 2022"}}`,
			`<p><a href="figures/cla.open-2024-03-31.html"><data class="in" value="-45" data-change="cla.open">has fallen since 2022</data></a></p>`},
		{"a change in its own words", `has {{change "earlyhelp.started" since="2022-23"}}`,
			`<p>has <a href="figures/earlyhelp.started-2023-24.html"><data class="in" value="405" data-change="earlyhelp.started">risen by 18%</data></a></p>`},
		{"names", `They are {{list "plan.priorities" period="2024-25"}}.`,
			`<p>They are <a href="figures/plan.priorities-2024-25.html"><data class="in" value="3" data-figure="plan.priorities">Embedding systemic practice, Safeguarding and education and Embedding change</data></a>.</p>`},
		{"attested", `{{figure "partner.told"}}`,
			`<p><a href="figures/partner.told-2023-24.html"><data class="in" value="120" data-figure="partner.told">120</data></a> <span class="quiet">(supplied)</span></p>`},
		{"hidden", `{{figure "few.children"}}`,
			`<p><a href="figures/few.children-2024-03-31.html"><data class="in" value="" data-figure="few.children">[c]</data></a></p>`},
		{"inside a link there is no second link", `[{{figure "cla.open"}} children](/x)`,
			`<p><a href="/x"><data class="in" value="777" data-figure="cla.open">777</data> children</a></p>`},
		{"emphasis and code", "*{{figure \"cla.open\"}}* `{{figure}}`",
			`<p><em><a href="figures/cla.open-2024-03-31.html"><data class="in" value="777" data-figure="cla.open">777</data></a></em> <code>{{figure}}</code></p>`},
		{"quote marks", "## Each school's \"own\" account\n\nIt's -- yes.",
			"<h3 id=\"training-each-schools-own-account\">Each school’s “own” account</h3>\n<p>It’s – yes.</p>"},
		{"headings stand under the chapter's", "# A\n\n#### B",
			"<h3 id=\"training-a\">A</h3>\n<h4 id=\"training-b\">B</h4>"},
		{"a table of one's own", "| a | b |\n|---|--:|\n| x | y |",
			`<div class="table-scroll" role="region" aria-label="Training: table 1" tabindex="0"><table aria-label="Training: table 1">` + "\n<thead>\n<tr>\n<th scope=\"col\">a</th>\n<th scope=\"col\">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n<td>x</td>\n<td>y</td>\n</tr>\n</tbody>\n</table></div>"},
		{"links that lead to harm lead nowhere", `[x](javascript:alert(1)) [y](data:text/html,z) [z](https://example.org)`,
			`<p>x y <a href="https://example.org">z</a></p>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, _ := write(t, c.in)
			if got = strings.TrimSpace(got); got != c.want {
				t.Errorf("%s\ngot  %s\nwant %s", c.in, got, c.want)
			}
		})
	}
}

// TestRefused is what an author is told, and where.
func TestRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"unknown figure", "\n\n{{figure \"training.attendance\"}}",
			"Training, line 3: error: There is no figure “training.attendance”. Perhaps you mean training.attendances"},
		{"unknown figure of no kin", `{{figure "zzz"}}`,
			"line 1: error: There is no figure “zzz”. Find it in the list of figures."},
		{"wrong dimension", `{{figure "training.events" sector="health"}}`,
			"training.events cannot be narrowed by sector. It can be narrowed by programme."},
		{"no dimensions", `{{figure "cin.open" ward="x"}}`, "cin.open cannot be narrowed by ward: it has no dimensions."},
		{"a value that the records do not know", `{{figure "training.events" programme="multi-agncy"}}`,
			"training.events has no programme “multi-agncy” in 2023-24. It has education and multi-agency."},
		{"untrue words", `{{figure "contacts.received" as="over 30,000"}}`,
			"“over 30,000” is not true: the figure is 24,312. These words would be true: “24,312”, “over 24,000” or"},
		{"untrue share", `{{figure "contacts.referred_percent" as="half"}}`,
			"“half” is not true: the figure is 33.3%. These words would be true: “33%”, “33.3%” or “one third”."},
		{"untrue change", `{{change "cla.open" since="2022-03-31" as="has risen since 2022"}}`,
			"“has risen since 2022” is not true"},
		{"a time that is not the one compared with", `{{change "cla.open" since="2022-03-31" as="has fallen since 2021"}}`,
			"does not name the time"},
		{"a change since nothing", `{{change "cla.open"}}`, "A change needs an earlier time"},
		{"a change since later", `{{change "cla.open" at="2022-03-31" since="2024-03-31"}}`,
			"The time compared with is not earlier."},
		{"children are not cut", `{{figure "contacts.received" authority="E1"}}`,
			"contacts.received is about children, and is not published by authority. Take authority out and show the total."},
		{"people are not cut by setting", fences("'''figure-table\nfigure: training.attendances\nby: organisation\n'''"),
			"training.attendances is not published by organisation, since it could point to people."},
		{"a flow at a date", `{{figure "visits.total" at="2024-03-31"}}`,
			"counted over a period, such as 2023-24, and not at a date"},
		{"no such date", `{{figure "cla.open" at="31 Foo"}}`, "“31 Foo” is not a date."},
		{"no such period", `{{figure "visits.total" period="2023-25"}}`, "is not a period"},
		{"both times", `{{figure "cla.open" at="2024-03-31" period="2023-24"}}`, "The figure's time is said twice."},
		{"not closed", "text {{figure \"visits.total\" and more", "The {{ is not closed."},
		{"curly quotes", `{{figure “visits.total”}}`, "curly quotes"},
		{"HTML", `<b onclick="x()">hello</b>`, "HTML is not used in the report."},
		{"a block of HTML", "<div>\nhello\n</div>", "line 1: error: HTML is not used in the report."},
		{"a picture", `![x](y.png)`, "A picture cannot be put into the text."},
		{"words for what is hidden", `{{figure "few.children" as="three"}}`,
			"There is no number to hold “three” to: the figure is [c]."},
		{"a block without figure", fences("one\n\n'''chart\ntitle: x\n'''"),
			"line 3: error: The block does not say which figure to show."},
		{"a block's line", fences("'''chart\nfigure: cla.open\nnonsense\n'''"),
			"line 3: error: Kith cannot read “nonsense”."},
		{"a kind there is not", fences("'''chart\nfigure: cla.open\nkind: pie\n'''"), "There is no chart of the kind “pie”."},
		{"a line of one point", fences("'''chart\nfigure: cla.open\nkind: line\n'''"), "A line needs two points."},
		{"counts beside shares", fences("'''chart\nfigure: contacts.received, contacts.referred_percent\n'''"),
			"The chart would set counts beside percentages."},
		{"several figures by", fences("'''figure-table\nfigure: training.events, training.attendances\nby: programme\n'''"),
			"A block with by shows one figure."},
		{"a cut that is narrowed too",
			fences("'''figure-table\nfigure: training.events\nby: programme\nprogramme: education\n'''"),
			"also keeps one value of it"},
		{"years that end first", fences("'''chart\nfigure: earlyhelp.started\nyears: 2023-24 to 2021-22\n'''"),
			"end before they begin"},
		{"a list of what has no names", `{{list "visits.total"}}`, "visits.total has no names to list"},
		{"a number that a figure states",
			"We met {{figure \"training.attendances\" programme=\"multi-agency\"}} people,\nthat is 956.",
			"line 2: warning: 956 is typed. It is Training attendances: multi-agency, in 2023-24; it counts attendances. " +
				"Write {{figure \"training.attendances\" period=\"2023-24\" programme=\"multi-agency\"}}."},
		{"a number that nothing states", "We met 77 families.",
			"line 1: warning: 77 is typed, and no record vouches for it."},
		{"a number after over", "We met over 60 families.", "60 is typed, and no record vouches for it."},
		{"a percentage of few", "One.\n\nOf them {{figure \"few.children_percent\"}}.",
			"line 3: warning: few.children_percent is a percentage of few children, or with few children on one " +
				"side of it, so readers see [c] in its place. Leave it so, give a longer period"},
		{"few on the other side", "One.\n\nOf them {{figure \"most.children_percent\"}}.",
			"line 3: warning: most.children_percent is a percentage of few children, or with few children on one side of it"},
		{"few in a table", fences("One.\n\n'''figure-table\nfigure: most.children_percent, few.children_percent\n'''"),
			"line 3: warning: most.children_percent is a percentage"},
		{"a count of few in words", "We heard from\nthree young people.",
			"line 2: warning: Does “three young people” count children of the partnership’s?"},
		{"a count of few", "It was about 2 siblings.", "Does “2 siblings” count children of the partnership’s?"},
		{"a child", "We spoke to one looked-after child.", "Does “one looked-after child” count"},
		{"a percentage that a figure states", `{{figure "contacts.referred_percent"}} that is 33 per cent`,
			"33% is typed. It is Contacts that became referrals, in 2023-24."},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h, w := write(t, c.in)
			var all []string
			for _, p := range w.problems {
				all = append(all, p.String())
			}
			if got := strings.Join(all, "\n"); !strings.Contains(got, c.want) {
				t.Errorf("%s\ngot  %s\nwant %s", c.in, got, c.want)
			}
			if Failing(w.problems) && strings.Contains(h, "<data") && !strings.Contains(c.in, "956") {
				t.Errorf("a refused figure is shown: %s", h)
			}
		})
	}
}

// TestNothingIsLostToAFault: an error stands in its place with the way out, and all else that
// was written can still be read.
func TestNothingIsLostToAFault(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ in, fault string }{
		"an unknown figure":          {`Before {{figure "visits.totl"}} after.`, "Perhaps you mean visits.total."},
		"words that are not true":    {`Before {{figure "visits.total" as="over 50,000"}} after.`, "These words would be true"},
		"braces that are not closed": {"Before {{figure \"visits.total\" after.", "The {{ is not closed."},
		"a fence that is not closed": {fences("Before\n\n'''chart\nfigure: cla.open\n\nafter."), "Kith cannot read"},
		"a chart there is not":       {fences("Before\n\n'''chart\nfigure: cla.open\nkind: pie\n'''\n\nafter."), "no chart of the kind"},
		"tags in a sentence":         {"Before <b>bold</b> after.", "HTML is not used"},
		"a block of tags":            {"Before\n\n<div>\nafter.\n</div>", "HTML is not used"},
		"a block of script":          {"Before\n\n<script>\nafter.\n</script>\n", "HTML is not used"},
		"a picture":                  {"Before ![x](y.png) after.", "A picture cannot be put into the text."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h, w := writeAt(t, c.in, "/work/report/2023-24/chapters/c1/edit")
			uitest.HTML(t, name, "<h1>x</h1><h2>y</h2>"+h)
			for _, want := range []string{"Before", "after.", c.fault} {
				if !strings.Contains(h, want) {
					t.Errorf("%q is not in %s", want, h)
				}
			}
			for _, p := range w.problems {
				if p.Severity == Error && (p.Anchor == "" || !strings.Contains(h, `id="`+p.Anchor+`"`) ||
					!strings.Contains(h, fmt.Sprintf("/c1/edit?line=%d#markdown", p.Line))) {
					t.Errorf("%v is not marked in %s", p, h)
				}
			}
			if !Failing(w.problems) || strings.Contains(h, "<script") {
				t.Errorf("%v %s", w.problems, h)
			}
		})
	}
}

// TestFewAsksAndNeverStops: words that are no count of few children are not asked about, and
// what is asked about never stops the report.
func TestFewAsksAndNeverStops(t *testing.T) {
	t.Parallel()
	for in, asked := range map[string]bool{
		"Three children were seen.": true, "FOUR more children": true, "five of the children": true, "1 child": true,
		"{{figure \"few.children_percent\"}}": true, "{{figure \"most.children_percent\"}}": true,
		"{{figure \"few.children\"}}": true,
		"Six children":                false, "children under one": false, "three partners": false,
		"thirty-three children": false, "one of them": false, "two schools with children": false, "One Childhood": false,
	} {
		_, w := write(t, in)
		few := slices.DeleteFunc(w.problems, func(p Problem) bool { return strings.Contains(p.Text, "vouches for it") })
		if Failing(few) || (len(few) > 0) != asked {
			t.Errorf("%q: %v", in, few)
		}
	}
}

// TestNumbersThatName is what an author may type without being warned.
func TestNumbersThatName(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"On 31 March 2024 and on the 14th, in March 2023, in 2023-24, 2023/24 and since 2022.",
		"Section 47 and Sections 11 and 175, S11/175, section 175 of the Education Act 2002.",
		"Young people aged 16 to 25, under 18s, over 11s, under 18 and a 12-year-old; children under 5.",
		"After 12 weeks, within 45 working days, a 20-minute call, 18 months and 24/7.",
		"Call 01632 960 100, 0800 1111, or 999; text 60777.", "At 9.30am or 10 am.",
		"See page 12, pages 14-17 and chapter 11.", "GCP2, COVID-19, 3D and Working Together 2023.",
		"A rate per 10,000.", "If Tidewell had 100 children.", "Four of them, and 7 more.", "`956`",
	} {
		if _, w := write(t, s+` {{figure "training.attendances" programme="multi-agency"}}`); len(w.problems) > 0 {
			t.Errorf("%s: %v", s, w.problems)
		}
	}
}

// TestBlocks holds whole tables and charts to their golden files.
func TestBlocks(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"bar": "'''chart\nfigure: cla.open\nat: 2022-03-31, 2023-03-31, 2024-03-31\ntitle: Children looked after on " +
			"31 March\nnote: A note.\n'''",
		"line": "'''chart\nfigure: earlyhelp.started\nyears: 2021-22 to 2023-24\nkind: line\n'''",
		"pictogram": "'''chart\nfigure: training.sector_percent\nprogramme: multi-agency\nsector: local-authority\nkind: " +
			"pictogram\ntitle: If 100 people came\n'''",
		"cut":     "'''figure-table\nfigure: training.attendances\nprogramme: multi-agency\nby: sector\n'''",
		"figures": "'''figure-table\nfigure: cin.open, cpp.open, few.children\nat: 2024-03-31\ntitle: Children\n'''",
		"list":    "{{list \"audits.multi_agency\" by=\"theme\"}}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, w := write(t, fences(in))
			for _, p := range w.problems {
				if !strings.Contains(p.Text, "so readers see") {
					t.Error(p)
				}
			}
			for _, d := range w.data {
				got += "\n" + d.Name + "\n" + strings.ReplaceAll(string(d.Body), "\r\n", "\n")
			}
			uitest.HTML(t, name, "<h1>x</h1><h2>y</h2>"+got)
			if drawn := strings.HasPrefix(fences(in), "```chart"); drawn != strings.Contains(got, `role="img"`) {
				t.Errorf("drawn: %t", !drawn)
			}
			golden(t, name+".html", drawing.ReplaceAllString(got, "<svg/>"))
		})
	}
}

// drawing is a picture, which is kit/ui's to hold to its own tests.
var drawing = regexp.MustCompile(`(?s)<svg.*?</svg>`)

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test -update writes it anew)\ngot\n%s", path, got)
	}
}
