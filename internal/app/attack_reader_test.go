package app

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kith/internal/kit/figure"
	"kith/sdc"
)

// A knowledge is what a reader of reports knows: which counts are printed and which are
// hidden, and what they add up to.
type knowledge struct {
	shown    map[string]int64
	hidden   map[string]bool
	sums     []sum
	supposed []sum          // of corrections, where they can be
	editions map[string]int // of populations that were corrected
}

// A sum says that its terms come to nothing.
type sum map[string]int64

var boundNumber = regexp.MustCompile(`<data[^>]*? data-figure="([^"]+)">([^<]*)</data>`)

// knowledgeOf reads the files of a report: its figures.json, and every number that a page
// binds to a figure, of which none may be there that figures.json does not have.
func knowledgeOf(t *testing.T, files map[string][]byte) *knowledge {
	t.Helper()
	k := &knowledge{shown: map[string]int64{}, hidden: map[string]bool{}}
	cuts := map[string][]string{} // total → parts, by cut
	numbers := map[string]map[string]bool{}
	for _, f := range readFigures(t, files) {
		when := f.At + f.Period
		note := func(id, dim, value string, n *int64) {
			name := fmt.Sprintf("%s|%s|%s=%s", id, when, dim, value)
			if n == nil {
				k.hidden[name] = true
			} else {
				k.shown[name] = *n
			}
			if dim != "" {
				at := fmt.Sprintf("%s|%s|%s", id, when, dim)
				if !slices.Contains(cuts[at], name) {
					cuts[at] = append(cuts[at], name)
				}
			}
		}
		if numbers[f.ID] == nil {
			numbers[f.ID] = map[string]bool{"[c]": true}
		}
		if f.Denominator != nil {
			note("contacts.received", "", "", f.Denominator)
			note("contacts.received", "outcome", "referral", f.Numerator)
			for places := range 3 {
				numbers[f.ID][strconv.FormatFloat(100*float64(*f.Numerator)/float64(*f.Denominator), 'f', places, 64)+"%"] = true
			}
			continue
		}
		if f.ID == "contacts.referred_percent" {
			continue
		}
		dim, value := "", ""
		for d, v := range f.Dims {
			dim, value = d, v
		}
		note(f.ID, dim, value, f.Numerator)
		if f.Numerator != nil {
			numbers[f.ID][fmt.Sprint(*f.Numerator)] = true
		}
	}
	for name, body := range files {
		for _, m := range boundNumber.FindAllStringSubmatch(string(body), -1) {
			if text := strings.ReplaceAll(m[2], ",", ""); numbers[m[1]] != nil && !numbers[m[1]][text] && text != "0" &&
				!strings.HasSuffix(text, "%") {
				t.Errorf("%s: %s of %s is not in figures.json", name, m[2], m[1])
			}
		}
	}
	for at, parts := range cuts {
		// Only a whole cut adds up; one that the text names a part of is no more than that.
		id, rest, _ := strings.Cut(at, "|")
		when, dim, _ := strings.Cut(rest, "|")
		if !isWholeCut(files, id, when, dim) {
			continue
		}
		s := sum{fmt.Sprintf("%s|%s|=", id, when): -1}
		for _, p := range parts {
			s[p] = 1
		}
		k.sums = append(k.sums, s)
	}
	k.identities()
	return k
}

// isWholeCut reports whether a report shows all of a cut.
func isWholeCut(files map[string][]byte, id, when, dim string) bool {
	when = strings.ReplaceAll(strings.ToLower(when), "..", "-to-")
	return files["figures/"+id+"-"+when+"-by-"+dim+".html"] != nil
}

// identities puts in what everybody knows: what the figures declare, and that the year is its
// halves.
func (k *knowledge) identities() {
	const at = "|2024-03-31|="
	k.sums = append(k.sums,
		sum{"cin.open" + at: 1, "cin.open.other" + at: -1, "(those)|": -1},
		sum{"(those)|": 1, "cpp.open" + at: -1, "(care alone)|": -1},
		sum{"cla.open" + at: 1, "(care alone)|": -1, "(both)|": -1},
		sum{"cpp.open" + at: 1, "(both)|": -1, "(plan alone)|": -1})
	for _, dim := range []string{"", "source", "outcome"} {
		for _, value := range append(cutsOf["contacts.received"][dim], "") {
			if rest := dim + "=" + value; (dim == "") == (value == "") {
				k.sums = append(k.sums, sum{"contacts.received|2023-24|" + rest: 1,
					"contacts.received|2023-04-01..2023-09-30|" + rest: -1,
					"contacts.received|2023-10-01..2024-03-31|" + rest: -1})
			}
		}
	}
}

func (k *knowledge) all() map[string]bool {
	out := maps.Clone(k.hidden)
	for name := range k.shown {
		out[name] = true
	}
	return out
}

// naively is what a reader would know if only what is small were hidden.
func (k *knowledge) naively(p *smallPlace) *knowledge {
	out := &knowledge{shown: maps.Clone(k.shown), hidden: map[string]bool{}, sums: k.sums}
	for name := range k.hidden {
		if n := p.truth(name); n >= figure.SmallBelow || n == 0 {
			out.shown[name] = n
			continue
		}
		out.hidden[name] = true
	}
	return out
}

// with puts a later publication beside earlier ones. A population of which a number is another
// than before has been corrected, and is one of its own; a reader supposes that what he is not
// shown to differ has not changed.
func (k *knowledge) with(later *knowledge) *knowledge {
	out := &knowledge{shown: maps.Clone(k.shown), hidden: maps.Clone(k.hidden), sums: slices.Clone(k.sums),
		supposed: slices.Clone(k.supposed), editions: maps.Clone(k.editions)}
	if out.editions == nil {
		out.editions = map[string]int{}
	}
	now := func(x string) string {
		if n := out.editions[populationOf(x)]; n > 1 {
			return fmt.Sprintf("%s edition %d", x, n)
		}
		return x
	}
	was := map[string]string{}
	for x := range later.all() {
		was[x] = now(x)
	}
	corrected := map[string]bool{}
	for x, n := range later.shown {
		if before, ok := k.shown[was[x]]; ok && before != n {
			corrected[populationOf(x)] = true
		}
	}
	for p := range corrected {
		out.editions[p] = max(out.editions[p], 1) + 1
	}
	for x, n := range later.shown {
		out.shown[now(x)] = n
		delete(out.hidden, now(x))
	}
	for x := range later.hidden {
		if _, ok := out.shown[now(x)]; !ok {
			out.hidden[now(x)] = true
		}
	}
	for x := range later.hidden {
		if n, ok := k.shown[was[x]]; now(x) != was[x] && (k.hidden[was[x]] || ok && n >= figure.SmallBelow) {
			out.supposed = append(out.supposed, sum{was[x]: 1, now(x): -1})
		}
	}
	for _, s := range later.sums {
		renamed := sum{}
		for x, c := range s {
			if strings.HasPrefix(x, "(") {
				x = fmt.Sprintf("%s edition %d", x, out.editions["cpp.open|2024-03-31"])
			} else {
				x = now(x)
			}
			renamed[x] = c
		}
		out.sums = append(out.sums, renamed)
	}
	return out
}

// populationOf is the figure and time of a count.
func populationOf(name string) string { return name[:strings.LastIndex(name, "|")] }

// pairs are hidden counts of one cut that may be exchanged for each other.
func (k *knowledge) pairs() [][2]string {
	var out [][2]string
	for _, s := range k.sums {
		var hidden []string
		for x, c := range s {
			if k.hidden[x] && c == 1 {
				hidden = append(hidden, x)
			}
		}
		slices.Sort(hidden)
		if len(hidden) > 1 && strings.Contains(hidden[0], "=") && !strings.HasSuffix(hidden[0], "=") {
			out = append(out, [2]string{hidden[0], hidden[1]}, [2]string{hidden[1], hidden[0]})
		}
	}
	slices.SortFunc(out, func(a, b [2]string) int { return strings.Compare(a[0]+a[1], b[0]+b[1]) })
	return out
}

// exact lists the hidden counts, and those that are printed nowhere, of which only one whole
// number is left, as cbc finds.
func (k *knowledge) exact(t *testing.T) []string {
	t.Helper()
	if len(k.supposed) > 0 {
		supposing := *k
		supposing.sums, supposing.supposed = slices.Concat(k.sums, k.supposed), nil
		if out, ok := supposing.only(t); ok {
			return out
		}
	}
	out, ok := k.only(t)
	if !ok {
		t.Error("no counts can be behind what is printed")
	}
	return out
}

// only is exact; ok is false when no counts can be behind what is known.
func (k *knowledge) only(t *testing.T) (out []string, ok bool) {
	t.Helper()
	column := map[string]int{}
	for _, s := range k.sums {
		for _, x := range slices.Sorted(maps.Keys(s)) {
			if _, ok := k.shown[x]; !ok && column[x] == 0 {
				column[x] = len(column) + 1
			}
		}
	}
	names := slices.Sorted(maps.Keys(column))
	if len(names) == 0 {
		return nil, true
	}
	var goal, rows, bounds, whole bytes.Buffer
	row := 0
	for i, asked := range names {
		part := k.near(asked)
		for _, way := range []string{"h", "l"} {
			sign := map[string]string{"h": "+", "l": "-"}[way]
			fmt.Fprintf(&goal, " %s %s%d_%d\n", sign, way, i, column[asked])
			for _, s := range part {
				right, terms := int64(0), 0
				var line bytes.Buffer
				for _, x := range slices.Sorted(maps.Keys(s)) {
					if n, ok := k.shown[x]; ok {
						right -= s[x] * n
						continue
					}
					fmt.Fprintf(&line, " %+d %s%d_%d", s[x], way, i, column[x])
					terms++
				}
				if terms > 0 {
					row++
					fmt.Fprintf(&rows, " r%d:%s = %d\n", row, line.String(), right)
				}
			}
			seen := map[string]bool{asked: true}
			for _, s := range part {
				for x := range s {
					seen[x] = true
				}
			}
			for _, x := range slices.Sorted(maps.Keys(seen)) {
				if _, ok := k.shown[x]; ok {
					continue
				}
				least := 0
				if k.hidden[x] {
					least = 1
				}
				fmt.Fprintf(&bounds, " %d <= %s%d_%d <= 100000\n", least, way, i, column[x])
				fmt.Fprintf(&whole, " %s%d_%d\n", way, i, column[x])
			}
		}
	}
	text := fmt.Sprintf("Maximize\n goal:%sSubject To\n%sBounds\n%sGenerals\n%sEnd\n", goal.String(), rows.String(),
		bounds.String(), whole.String())
	solution := solve(t, text)
	if solution == nil {
		return nil, false
	}
	for i, x := range names {
		if high, low := solution[fmt.Sprintf("h%d_%d", i, column[x])],
			solution[fmt.Sprintf("l%d_%d", i, column[x])]; high == low {
			out = append(out, x)
		}
	}
	return out, true
}

// near are the sums that tie a count to others, through what is not printed.
func (k *knowledge) near(name string) []sum {
	reached, used := map[string]bool{name: true}, make([]bool, len(k.sums))
	var out []sum
	for again := true; again; {
		again = false
		for i, s := range k.sums {
			if used[i] {
				continue
			}
			for x := range s {
				if _, ok := k.shown[x]; !ok && reached[x] {
					used[i], again = true, true
				}
			}
			if used[i] {
				out = append(out, s)
				for x := range s {
					reached[x] = true
				}
			}
		}
	}
	return out
}

// solve asks cbc for the best whole numbers; those that it leaves out are 0. It gives nil where
// there are none.
func solve(t *testing.T, text string) map[string]int64 {
	t.Helper()
	dir := t.TempDir()
	in, result := filepath.Join(dir, "in.lp"), filepath.Join(dir, "out")
	if err := os.WriteFile(in, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	said, err := exec.CommandContext(t.Context(), "cbc", in, "solve", "solution", result).CombinedOutput()
	if err != nil {
		t.Fatalf("cbc: %v %s", err, said)
	}
	b, err := os.ReadFile(result)
	if strings.HasPrefix(string(b), "Infeasible") || strings.HasPrefix(string(b), "Integer infeasible") {
		return nil
	}
	if err != nil || !strings.HasPrefix(string(b), "Optimal") {
		t.Fatalf("cbc: %v %.200s\n%.2000s", err, b, text)
	}
	out := map[string]int64{}
	for line := range strings.Lines(string(b)) {
		if f := strings.Fields(line); len(f) >= 3 {
			if n, err := strconv.ParseFloat(f[2], 64); err == nil {
				out[f[1]] = int64(n + 0.5)
			}
		}
	}
	return out
}

// audit is what package sdc finds in the same numbers: the counts that do not stand.
func (k *knowledge) audit(t *testing.T) []string {
	t.Helper()
	profile, err := sdc.ProfileNamed("dfe")
	if err != nil {
		t.Fatal(err)
	}
	var r sdc.Release
	whole := map[string]bool{} // totals that stand in a table
	cell := func(name, code string) sdc.Cell {
		return sdc.Cell{Codes: []string{code}, Count: k.shown[name], Hidden: k.hidden[name]}
	}
	for _, s := range k.sums {
		table, total := sdc.Table{}, ""
		for _, x := range slices.Sorted(maps.Keys(s)) {
			dim, code, _ := strings.Cut(x[strings.LastIndex(x, "|")+1:], "=")
			switch {
			case s[x] == 1 && dim != "" && k.all()[x]:
				table.Population, table.Dimensions = populationOf(x), []sdc.Dimension{{Name: dim}}
				table.Cells = append(table.Cells, cell(x, code))
			case s[x] == -1 && dim == "" && k.all()[x]:
				total = x
				table.Cells = append(table.Cells, cell(x, sdc.Total))
			}
		}
		if len(table.Cells) == len(s) && len(s) > 2 && table.Population != "" && !strings.HasPrefix(table.Population, "(") {
			table.Name = table.Population
			whole[total] = true
			r.Tables = append(r.Tables, table)
			continue
		}
		var parts []sdc.Part
		for _, x := range slices.Sorted(maps.Keys(s)) {
			dim, code, _ := strings.Cut(x[strings.LastIndex(x, "|")+1:], "=")
			ref := sdc.Ref{Population: populationOf(x), Codes: map[string]string{}}
			if dim != "" {
				ref.Codes[dim] = code
			}
			parts = append(parts, sdc.Part{Ref: ref, Factor: s[x]})
		}
		r.Identities = append(r.Identities, sdc.Identity{Parts: parts})
	}
	for x := range k.all() {
		if strings.HasSuffix(x, "|=") && !whole[x] {
			r.Tables = append(r.Tables, sdc.Table{Name: x, Population: populationOf(x),
				Dimensions: []sdc.Dimension{{Name: "all"}}, Cells: []sdc.Cell{cell(x, sdc.Total)}})
		}
	}
	a, err := sdc.Attack(t.Context(), r, sdc.Options{Profile: profile})
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, v := range slices.Concat(a.Cells, a.Derived) {
		if !v.Stands {
			out = append(out, v.Words())
		}
	}
	return out
}
