package returns

import (
	"cmp"
	"context"
	"maps"
	"path"
	"slices"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/figure"
	"kith/internal/kit/lang"
	"kith/internal/register"
)

// A provenance is what values came from.
type provenance struct {
	inputs []figure.Input
	rows   int64
	note   string // what has to be said of every value
}

// A countedFile is a file of an import, or one that its measures were counted from
// elsewhere.
type countedFile struct {
	Import, Kind, File, SHA256 string
	Rows                       int64
}

// countedIn gives the returns whose files a measure is counted from. A census is often
// given with the looked-after children's files: most of its measures ask nothing of them.
func countedIn(measure string) []string {
	if measure == needOther {
		return []string{CINCensus, SSDA903}
	}
	return []string{specOfMeasure[measure].kind}
}

// from gives the files that the totals came from, and how many rows they had. When
// an authority whose return is loaded for another time has none for this, a total
// over all of them lacks it, and says so.
func from(ctx context.Context, q db.Reader, a asking, totals []count) (p provenance, err error) {
	var ids []string
	for _, c := range totals {
		if !slices.Contains(ids, c.ImportID) {
			ids = append(ids, c.ImportID)
		}
	}
	loads, err := loadsOf(ctx, q, specOfMeasure[a.measure].kind, "")
	if err != nil {
		return p, err
	}
	has, lacks := map[string]bool{}, map[string]bool{}
	rows := map[string]int64{}
	for _, l := range loads {
		if slices.Contains(ids, l.ImportID) {
			rows[l.ImportID] = l.Rows
			has[l.Authority] = true
		}
	}
	for _, l := range loads {
		if !has[l.Authority] {
			lacks[nameOf(l.Authority)] = true
		}
	}
	if a.authority == "" && len(lacks) > 0 {
		p.note = "Without " + lang.Join(slices.Sorted(maps.Keys(lacks))) + ", whose return for this time is not loaded."
	}
	if !a.sources {
		return p, nil
	}
	for _, id := range ids {
		inputs, n, err := inputsOf(ctx, q, a.measure, id)
		if err != nil {
			return p, err
		}
		p.inputs = append(p.inputs, inputs...)
		p.rows += cmp.Or(n, rows[id])
	}
	return p, nil
}

// inputsOf gives the files of one import that a measure was counted from, return by
// return, and how many rows those had; 0 when that was not noted of each.
func inputsOf(ctx context.Context, q db.Reader, measure, importID string) ([]figure.Input, int64, error) {
	given, err := register.Inputs(ctx, q, []string{importID})
	if err != nil {
		return nil, 0, err
	}
	elsewhere, err := sourcesOf(ctx, q, importID)
	if err != nil {
		return nil, 0, err
	}
	of, err := filesOf(ctx, q, importID)
	if err != nil {
		return nil, 0, err
	}
	var out []figure.Input
	if len(elsewhere) > 0 {
		out, given = given, nil // the file of measures
	}
	files := elsewhere
	for _, in := range given {
		files = append(files, countedFile{in.Import, in.Kind, in.File, in.SHA256, 0})
	}
	var rows int64
	var counted []figure.Input
	for _, f := range files {
		switch noted, ok := of[f.File]; {
		case ok:
			f.Kind, f.Rows = noted.Kind, noted.Rows
		case len(of) > 0: // checked, and nothing counted from it
			continue
		default:
			f.Kind = kindByName(f.Kind, f.File)
		}
		if slices.Contains(countedIn(measure), f.Kind) {
			counted = append(counted, figure.Input{Import: f.Import, Kind: f.Kind, File: f.File, SHA256: f.SHA256})
			rows += f.Rows
		}
	}
	slices.SortStableFunc(counted, func(a, b figure.Input) int { return strings.Compare(a.Kind, b.Kind) })
	return append(out, counted...), rows, nil
}

// kindByName tells which return a file is of, of an import of which that was not noted:
// a census is XML, and tables given with one are those of looked-after children.
func kindByName(loaded, file string) string {
	if loaded == CINCensus && !strings.EqualFold(path.Ext(file), ".xml") {
		return SSDA903
	}
	return loaded
}
