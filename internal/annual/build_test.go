package annual

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kith/internal/kit/figure"
	"kith/internal/kit/release"
	"kith/internal/kit/ui/uitest"
)

// built builds the demonstration's report.
func built(t testing.TB) (Built, map[string]string) {
	t.Helper()
	r := liteRoom(t)
	b, err := r.Build(t.Context(), "2023-24")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range b.Problems {
		t.Error(p)
	}
	if b, err = r.Folder(b); err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range b.Files {
		files[f.Path] = string(f.Body)
	}
	return b, files
}

// TestSampleReport holds the demonstration's report to what it must state.
func TestSampleReport(t *testing.T) {
	t.Parallel()
	b, files := built(t)
	for _, f := range b.Files {
		if path.Ext(f.Path) == ".html" {
			uitest.HTML(t, f.Path, string(f.Body))
		}
	}
	for name, want := range map[string][]string{
		"index.html": {
			`value="43000" data-figure="visits.total">43,000<`, `value="24312" data-figure="contacts.received">over 24,000<`,
			`data-figure="contacts.referred_percent">One third<`,
			`value="372" data-figure="cpp.open">372<`, `value="2819" data-figure="cin.open">2,819<`,
			`data-figure="cin.open.other"`, `value="777" data-figure="cla.open">777<`,
			`data-change="cla.open">has fallen since 2022<`,
			`data-figure="earlyhelp.started"`, `data-figure="training.people">over 600<`,
			`value="60" data-figure="training.events">60<`, `value="956" data-figure="training.attendances">956<`,
			`value="31" data-figure="training.events">31<`, `value="493" data-figure="training.attendances">493<`,
			`value="50" data-figure="training.sector_percent">Half<`, `Criminal justice`,
			`data-figure="conference.attendees">Over 300<`, `value="18" data-figure="conference.presentations"`,
			`value="32" data-figure="conference.stalls"`,
			`value="2" data-figure="reviews.published">two<`, `value="2" data-figure="reviews.completed">two<`,
			`value="1" data-figure="reviews.completed">one<`, `data-figure="audits.multi_agency">four<`, `Child exploitation`,
			`data-figure="audits.returns"`, `data-figure="audits.returns_percent"`, `data-figure="plan.priorities">three<`,
			`Embedding change`, `data-figure="plan.priorities_achieved"`,
			`<a href="#early-help">Early help</a>`, `<h2 id="scrutiny">Scrutiny</h2>`,
		},
		"summary.html": {"2023-24 in two pages", `data-figure="training.attendances">956<`, "has fallen since 2022",
			"over 600", `href="https://tidewell.example/hubs/trauma-informed-practice"`,
			`href="https://tidewell.example/hubs/independent-scrutiny"`},
	} {
		for _, w := range want {
			if !strings.Contains(files[name], w) {
				t.Errorf("%s has not %s", name, w)
			}
		}
	}
	if n := strings.Count(files["summary.html"], `class="tile__link"`); n != 27 {
		t.Errorf("the summary has %d tiles", n)
	}
}

// TestLinks follows every link of the built folder.
func TestLinks(t *testing.T) {
	t.Parallel()
	_, files := built(t)
	ids := map[string]map[string]bool{}
	for name, body := range files {
		ids[name] = map[string]bool{}
		for _, m := range regexp.MustCompile(` id="([^"]+)"`).FindAllStringSubmatch(body, -1) {
			ids[name][m[1]] = true
		}
	}
	for name, body := range files {
		if path.Ext(name) != ".html" {
			continue
		}
		for _, m := range regexp.MustCompile(`(?:href|src)="([^"]*)"`).FindAllStringSubmatch(body, -1) {
			u, err := url.Parse(m[1])
			if err != nil || strings.HasPrefix(m[1], "/") {
				t.Errorf("%s leads to %q, which does not work from a folder", name, m[1])
				continue
			}
			if u.Scheme != "" {
				continue
			}
			to := name
			if u.Path != "" {
				to = path.Join(path.Dir(name), u.Path)
			}
			if _, ok := files[to]; !ok || u.Fragment != "" && !ids[to][u.Fragment] {
				t.Errorf("%s leads to %q, which is not there", name, m[1])
			}
		}
	}
}

// TestFiguresJSON is the contract: the array of kith figure, after protection.
func TestFiguresJSON(t *testing.T) {
	t.Parallel()
	r := liteRoom(t)
	if _, err := r.AddChapter(t.Context(), ann, "2023-24", PartReport, "Few",
		`There were {{figure "few.children"}}, and {{figure "most.children_percent"}} of them were seen in time.

`+fences("'''figure-table\nfigure: most.children_percent, few.children_percent\n'''")); err != nil {
		t.Fatal(err)
	}
	b, err := r.Build(t.Context(), "2023-24")
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range b.Files {
		files[f.Path] = string(f.Body)
	}
	var list []map[string]any
	if err := json.Unmarshal([]byte(files["figures.json"]), &list); err != nil {
		t.Fatal(err)
	}
	found := map[string]map[string]any{}
	for _, v := range list {
		found[fmt.Sprintf("%v %v %v %v", v["id"], v["period"], v["at"], v["dims"])] = v
	}
	for key, want := range map[string]map[string]any{
		"training.attendances 2023-24 <nil> map[programme:multi-agency]": {"id": "training.attendances", "period": "2023-24",
			"dims": map[string]any{"programme": "multi-agency"}, "value": 956.0, "numerator": 956.0, "unit": "attendances",
			"definition": 1.0,
			"inputs": []any{map[string]any{"import": "im1", "kind": "training-history", "file": "training-history.csv",
				"commitment": sampleCommitment}}},
		"few.children <nil> 2024-03-31 map[]": {"id": "few.children", "at": "2024-03-31", "dims": map[string]any{},
			"value": nil, "shown": "[c]", "unit": "children", "definition": 1.0, "inputs": []any{}},
	} {
		if diff := cmp.Diff(want, found[key]); diff != "" {
			t.Errorf("%s: %s", key, diff)
		}
	}
	for name, body := range files {
		if strings.Contains(body, sampleInput[0].SHA256) {
			t.Errorf("%s has the bare hash of a file", name)
		}
	}
	if len(found) != len(list) {
		t.Errorf("%d values, of which %d are different", len(list), len(found))
	}
	rows, err := csv.NewReader(strings.NewReader(files["data/figures.csv"])).ReadAll()
	if err != nil || len(rows) != len(list)+1 {
		t.Errorf("figures.csv has %d rows, figures.json %d values: %v", len(rows), len(list), err)
	}
	for name, body := range files {
		if strings.HasSuffix(name, ".html") &&
			regexp.MustCompile(`most\.children_percent">\d|few\.children">3<|value="3" data-figure="few|\(37\)|"most.children_percent" value`).MatchString(body) {
			t.Errorf("%s shows what is hidden", name)
		}
		if strings.Contains(body, sampleInput[0].SHA256[:16]) {
			t.Errorf("%s has the hash of a source", name)
		}
	}
	if page := files["figures/few.children-2024-03-31.html"]; !strings.Contains(page,
		`<data class="figure-block__value" value="" data-figure="few.children">[c]</data>`) {
		t.Errorf("the page of a hidden figure: %s", page)
	}
	for _, name := range []string{"index.html", "figures/index.html", "figures/most.children_percent-2024-03-31.html"} {
		if !strings.Contains(files[name], release.Words) {
			t.Errorf("%s does not say what the mark means", name)
		}
	}
}

// buildHash names the environment in which TestSameBytes runs this test binary.
const buildHash = "KITH_TEST_BUILD_HASH"

func hashOf(b Built) string {
	h := sha256.New()
	for _, f := range b.Files {
		fmt.Fprintf(h, "%s %s %d\n%s", f.Path, f.ContentType, len(f.Body), f.Body)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// TestSameBytes builds the report in other processes, with another time zone and
// another number of processors, and expects the same files to the byte.
func TestSameBytes(t *testing.T) {
	b, _ := built(t)
	if os.Getenv(buildHash) != "" {
		fmt.Println("hash:", hashOf(b))
		return
	}
	t.Parallel()
	for _, env := range [][]string{{"TZ=Pacific/Auckland", "GOMAXPROCS=1"},
		{"TZ=America/Anchorage", "GOMAXPROCS=7", "LC_ALL=de_DE.UTF-8"}} {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSameBytes$", "-test.v")
		cmd.Env = append(append(os.Environ(), env...), buildHash+"=1")
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.Contains(string(out), "hash: "+hashOf(b)) {
			t.Errorf("%v: %v\n%s\nhere %s", env, err, out, hashOf(b))
		}
	}
}

func TestZip(t *testing.T) {
	t.Parallel()
	b, _ := built(t)
	one, err := Zip(b)
	if err != nil {
		t.Fatal(err)
	}
	two, _ := Zip(b)
	if !bytes.Equal(one, two) {
		t.Error("two zips of one report differ")
	}
	z, err := zip.NewReader(bytes.NewReader(one), int64(len(one)))
	if err != nil || len(z.File) != len(b.Files) || z.File[0].Name[:15] != "report-2023-24/" {
		t.Errorf("%v", err)
	}
}

// A figure that is asked for often is computed once.
func TestEachFigureOnce(t *testing.T) {
	t.Parallel()
	r, asked := liteRoom(t), map[string]int{}
	defs := []figure.Definition{}
	if err := r.Figures.Snapshot(t.Context(), func(s *figure.Snapshot) error {
		all, err := s.All(t.Context())
		for _, d := range all {
			defs = append(defs, *d)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for i := range defs {
		id, compute := defs[i].ID, defs[i].Compute
		defs[i].Compute = func(ctx context.Context, s *figure.Snapshot, ask figure.Ask) ([]figure.Value, error) {
			asked[release.Key(id, ask)]++
			return compute(ctx, s, ask)
		}
	}
	r.Figures = figure.NewRegistry(figure.Stores{Work: r.Work}, defs...)
	if _, err := r.Build(t.Context(), "2023-24"); err != nil {
		t.Fatal(err)
	}
	if len(asked) < 20 {
		t.Errorf("only %d figures were asked for", len(asked))
	}
	for key, n := range asked {
		if n > 1 {
			t.Errorf("%s was computed %d times", key, n)
		}
	}
}

func BenchmarkBuild(b *testing.B) {
	r := liteRoom(b)
	for b.Loop() {
		if _, err := r.Build(b.Context(), "2023-24"); err != nil {
			b.Fatal(err)
		}
	}
}
