package sdc

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"kith/sdc/internal/input"
)

// A line of a ledger is a JSON object whose last member seals it: the hash of all
// that stands before.
const (
	sealStart = `,"seal":"`
	sealEnd   = `"}`
	sealSize  = len(sealStart) + 64 + len(sealEnd)
)

func sealed(body string) string {
	body = strings.TrimSuffix(body, "}")
	return body + sealStart + hash(body) + sealEnd
}

// The members of a line. A row has either a count or a mark that it is hidden.
type (
	lineEntry struct {
		Release    string          `json:"release"`
		Previous   string          `json:"previous"`
		Profile    json.RawMessage `json:"profile"`
		Distance   int64           `json:"distance,omitempty"`
		Tables     []lineTable     `json:"tables"`
		Identities []lineIdentity  `json:"identities,omitempty"`
		Facts      []lineFact      `json:"facts,omitempty"`
	}
	lineTable struct {
		Name       string          `json:"name"`
		Population string          `json:"population"`
		Dimensions []lineDimension `json:"dimensions"`
		Rows       []lineRow       `json:"rows"`
	}
	lineDimension struct {
		Name      string            `json:"name"`
		Parents   map[string]string `json:"parents,omitempty"`
		Sensitive bool              `json:"sensitive,omitempty"`
	}
	lineRow struct {
		Codes  []string `json:"codes"`
		Count  *int64   `json:"count,omitempty"`
		Hidden bool     `json:"hidden,omitempty"`
	}
	lineIdentity struct {
		Parts []linePart `json:"parts"`
		Sum   int64      `json:"sum"`
	}
	lineFact struct {
		Name  string     `json:"name"`
		Parts []linePart `json:"parts"`
		Low   int64      `json:"low"`
		High  int64      `json:"high"`
	}
	linePart struct {
		Population string            `json:"population"`
		Codes      map[string]string `json:"codes,omitempty"`
		Factor     int64             `json:"factor"`
	}
)

// marshal writes an entry as JSON on one line, without a seal. It takes from a cell
// its codes and what is printed, and nothing else: not what hiding costs, not
// contributions, not a count behind a symbol.
func (e *Entry) marshal() (string, error) {
	profile, err := compact(e.Profile)
	if err != nil {
		return "", err
	}
	out := lineEntry{
		Release: e.Release, Previous: e.Previous, Profile: profile, Distance: e.Distance, Tables: []lineTable{},
	}
	for i := range e.Tables {
		out.Tables = append(out.Tables, lineOf(&e.Tables[i]))
	}
	for _, x := range e.Identities {
		out.Identities = append(out.Identities, lineIdentity{Parts: lineParts(x.Parts), Sum: x.Sum})
	}
	for _, x := range e.Facts {
		out.Facts = append(out.Facts, lineFact{Name: x.Name, Parts: lineParts(x.Parts), Low: x.Low, High: x.High})
	}
	text, err := compact(out)
	return string(text), err
}

// compact writes a value as JSON on one line, and < and & as themselves.
func compact(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	err := enc.Encode(v)
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), err
}

func lineOf(t *Table) lineTable {
	out := lineTable{Name: t.Name, Population: t.Population, Rows: make([]lineRow, 0, len(t.Cells))}
	for _, d := range t.Dimensions {
		out.Dimensions = append(out.Dimensions, lineDimension{d.Name, d.Parent, d.Sensitive})
	}
	for i := range t.Cells {
		c := &t.Cells[i]
		row := lineRow{Codes: c.Codes, Hidden: c.Hidden}
		if !c.Hidden {
			row.Count = &c.Count
		}
		out.Rows = append(out.Rows, row)
	}
	return out
}

func lineParts(parts []Part) []linePart {
	out := make([]linePart, 0, len(parts))
	for _, p := range parts {
		out = append(out, linePart{p.Ref.Population, p.Ref.Codes, p.Factor})
	}
	return out
}

// identity is the hash of what an entry says, wherever it stands.
func (e *Entry) identity() (string, error) {
	alone := *e
	alone.Previous = ""
	text, err := alone.marshal()
	return hash(text), err
}

// readEntry reads a line, checks its seal, and what it says.
func readEntry(line string) (Entry, error) {
	body := line[:max(0, len(line)-sealSize)]
	if !strings.HasPrefix(line[len(body):], sealStart) || !strings.HasSuffix(line, sealEnd) {
		return Entry{}, errors.New("it is not a line of a ledger, or is cut short; take back a whole copy")
	}
	if sealed(body) != line {
		return Entry{}, errors.New("it was changed after it was written; take back an untouched copy")
	}
	d := json.NewDecoder(strings.NewReader(body + "}"))
	d.DisallowUnknownFields()
	var in lineEntry
	if err := d.Decode(&in); err != nil {
		return Entry{}, fmt.Errorf("it is not a line of a ledger: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return Entry{}, errors.New("something follows after the closing brace")
	}
	e, err := in.entry()
	if err == nil {
		err = e.check()
	}
	return e, err
}

func (in *lineEntry) entry() (Entry, error) {
	e := Entry{Release: in.Release, Previous: in.Previous, Distance: in.Distance}
	var err error
	if e.Profile, err = ParseProfile(bytes.NewReader(in.Profile)); err != nil {
		return e, err
	}
	for i := range in.Tables {
		t, err := in.Tables[i].table()
		if err != nil {
			return e, err
		}
		e.Tables = append(e.Tables, t)
	}
	for _, x := range in.Identities {
		e.Identities = append(e.Identities, Identity{Parts: partsOf(x.Parts), Sum: x.Sum})
	}
	for _, x := range in.Facts {
		e.Facts = append(e.Facts, Fact{Name: x.Name, Parts: partsOf(x.Parts), Low: x.Low, High: x.High})
	}
	return e, nil
}

func (in *lineTable) table() (Table, error) {
	t := Table{Name: in.Name, Population: in.Population}
	for _, d := range in.Dimensions {
		t.Dimensions = append(t.Dimensions, Dimension{Name: d.Name, Parent: d.Parents, Sensitive: d.Sensitive})
	}
	for i, r := range in.Rows {
		if r.Hidden == (r.Count != nil) {
			return t, fmt.Errorf("row %d of the table %s needs either a count or a mark that it is hidden", i+1,
				input.Short(in.Name))
		}
		c := Cell{Codes: r.Codes, Hidden: r.Hidden}
		if r.Count != nil {
			c.Count = *r.Count
		}
		t.Cells = append(t.Cells, c)
	}
	return t, nil
}

func partsOf(parts []linePart) []Part {
	var out []Part
	for _, p := range parts {
		out = append(out, Part{Ref: Ref{Population: p.Population, Codes: p.Codes}, Factor: p.Factor})
	}
	return out
}

// check refuses what cannot have been released, and what would not be read again
// as it is.
func (e *Entry) check() error {
	if err := e.Profile.Validate(); err != nil {
		return err
	}
	if err := lineText("the name of the release", e.Release, true); err != nil {
		return err
	}
	if len(e.Tables) == 0 {
		return errors.New("a release has at least one table")
	}
	if e.Distance < 0 || e.Distance > 2*greatestBase {
		return fmt.Errorf("the distance of rounding is %d; it is from 0 to %d", e.Distance, 2*greatestBase)
	}
	for i := range e.Tables {
		t := &e.Tables[i]
		err := checkReleased(t)
		if err == nil && e.Distance > 0 && slices.ContainsFunc(t.Cells, func(c Cell) bool { return c.Hidden }) {
			err = errors.New("a count is hidden, and in a rounded release none is")
		}
		if err != nil {
			return fmt.Errorf("the table %s: %w", input.Short(t.Name), err)
		}
	}
	for _, x := range e.Identities {
		if err := checkParts(x.Parts); err != nil {
			return fmt.Errorf("an identity: %w", err)
		}
	}
	for _, x := range e.Facts {
		if err := lineText("the name of a fact", x.Name, true); err != nil {
			return err
		}
		if err := checkParts(x.Parts); err != nil {
			return fmt.Errorf("the fact %s: %w", input.Short(x.Name), err)
		}
		if x.Low > x.High {
			return fmt.Errorf("the fact %s lies between %d and %d, which is nowhere", input.Short(x.Name), x.Low, x.High)
		}
	}
	return nil
}

// lineText refuses a text that JSON or a table cannot hold.
func lineText(what, s string, mayBeEmpty bool) error {
	if s == "" && mayBeEmpty {
		return nil
	}
	if !utf8.ValidString(s) {
		return fmt.Errorf("%s is not UTF-8", what)
	}
	if err := input.Label(s); err != nil {
		return fmt.Errorf("%s %w", what, err)
	}
	return nil
}

func checkReleased(t *Table) error {
	if err := errors.Join(lineText("its name", t.Name, true), lineText("its population", t.Population, true)); err != nil {
		return err
	}
	if len(t.Dimensions) == 0 || len(t.Dimensions) > input.MaxDimensions {
		return fmt.Errorf("it has %d dimensions; a table has 1 to %d", len(t.Dimensions), input.MaxDimensions)
	}
	if len(t.Cells) == 0 || len(t.Cells) > input.MaxRows {
		return fmt.Errorf("it has %d rows; a table has 1 to %d", len(t.Cells), input.MaxRows)
	}
	names := map[string]bool{}
	for i := range t.Dimensions {
		d := &t.Dimensions[i]
		if err := lineText("the name of a dimension", d.Name, false); err != nil {
			return err
		}
		if names[d.Name] {
			return fmt.Errorf("two dimensions are named %s", input.Short(d.Name))
		}
		names[d.Name] = true
		if err := checkParents(d.Parent); err != nil {
			return err
		}
	}
	return checkCells(t)
}

// checkParents refuses codes that are part of themselves.
func checkParents(parent map[string]string) error {
	ends := map[string]bool{}
	for code := range parent {
		path := map[string]bool{}
		for at, ok := code, true; ok && !ends[at]; at, ok = parent[at] {
			if path[at] || at == Total {
				return fmt.Errorf("the code %s is part of itself", input.Short(at))
			}
			path[at] = true
			if err := lineText("a code", at, false); err != nil {
				return err
			}
			if parent[at] == Total {
				break
			}
		}
		for at := range path {
			ends[at] = true
		}
	}
	return nil
}

// checkCells refuses counts that are none and cells that are there twice.
func checkCells(t *Table) error {
	seen := make(map[string]int, len(t.Cells))
	for i := range t.Cells {
		c := &t.Cells[i]
		if len(c.Codes) != len(t.Dimensions) {
			return fmt.Errorf("row %d has %d codes and the table %d dimensions", i+1, len(c.Codes), len(t.Dimensions))
		}
		for _, code := range c.Codes {
			if err := lineText("a code", code, false); err != nil {
				return fmt.Errorf("row %d: %w", i+1, err)
			}
		}
		if !c.Hidden && (c.Count < 0 || c.Count > input.MaxCount) {
			return fmt.Errorf("row %d has the count %d; a count is from 0 to %d", i+1, c.Count, int64(input.MaxCount))
		}
		key := strings.Join(c.Codes, "\x1f") // which is in no code
		if first, ok := seen[key]; ok {
			return fmt.Errorf("rows %d and %d are the same", first+1, i+1)
		}
		seen[key] = i
	}
	return nil
}

func checkParts(parts []Part) error {
	if len(parts) == 0 || len(parts) > input.MaxRows {
		return fmt.Errorf("it has %d parts; it may have 1 to %d", len(parts), input.MaxRows)
	}
	for _, p := range parts {
		if err := lineText("a population", p.Ref.Population, true); err != nil {
			return err
		}
		for dimension, code := range p.Ref.Codes {
			if err := errors.Join(lineText("the name of a dimension", dimension, false),
				lineText("a code", code, false)); err != nil {
				return err
			}
		}
		if p.Factor > input.MaxCount || p.Factor < -input.MaxCount {
			return fmt.Errorf("the factor %d is greater than %d", p.Factor, int64(input.MaxCount))
		}
	}
	return nil
}
