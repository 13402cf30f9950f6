package returns

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"kith/internal/kit/intake"
	"kith/internal/kit/period"
)

// measuresFormat names the file format, and measuresVersion its edition: a reader
// refuses an edition it does not know.
const (
	measuresFormat  = "kith-measures"
	measuresVersion = 1
)

// maxMeasuresFile is far above what twelve months of every cut come to.
const maxMeasuresFile = 16 << 20

// mostCounted is far above any count in a file of measures. It keeps sums of
// counts from running over.
const mostCounted = 1_000_000_000

// A SourceFile is a file that measures were counted from.
type SourceFile struct {
	Name   string `json:"name"`
	SHA256 string `json:"sha256"`
	Rows   int64  `json:"rows"`
}

// A MeasuresFile is what a return comes to: all that leaves a council that counts
// for itself. There is no row about any child in it.
type MeasuresFile struct {
	Format    string           `json:"format"`
	Version   int              `json:"version"`
	Kind      string           `json:"kind"`
	Year      string           `json:"year"`
	Authority string           `json:"authority"`
	Reader    string           `json:"reader"`
	Files     []SourceFile     `json:"files"`
	Findings  map[string]int64 `json:"findings"`
	Measures  []measureJSON    `json:"measures"`
}

// measureJSON is a Measure as the file has it: at for a stock, from and to for a
// flow.
type measureJSON struct {
	ID          string      `json:"measure"`
	At          period.Date `json:"at,omitzero"`
	From        period.Date `json:"from,omitzero"`
	To          period.Date `json:"to,omitzero"`
	Dimension   string      `json:"dimension,omitempty"`
	Value       string      `json:"value,omitempty"`
	Numerator   int64       `json:"numerator"`
	Denominator *int64      `json:"denominator,omitempty"`
}

// WriteMeasures writes the result as a file of measures, the same to the byte for
// the same files. The files' hashes are those that intake made of them.
func WriteMeasures(w io.Writer, r *Result, files []intake.LoadedFile) error {
	out := MeasuresFile{
		Format: measuresFormat, Version: measuresVersion, Kind: r.Kind, Year: r.Year.String(), Authority: r.Authority,
		Reader: ReaderVersion, Findings: r.ByRule,
	}
	for _, f := range files {
		out.Files = append(out.Files, SourceFile{Name: f.Name, SHA256: f.SHA256, Rows: r.FileRows[f.Name]})
	}
	for _, m := range r.Measures {
		out.Measures = append(out.Measures, toJSON(m))
	}
	b, err := out.encode()
	if err != nil {
		return fmt.Errorf("write measures: %w", err)
	}
	if _, err := w.Write(b); err != nil {
		return fmt.Errorf("write measures: %w", err)
	}
	return nil
}

// encode gives each measure a line of its own, so that people can read and
// compare files.
func (f MeasuresFile) encode() ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("{\n")
	for _, field := range []struct {
		name  string
		value any
	}{
		{"format", f.Format}, {"version", f.Version}, {"kind", f.Kind}, {"year", f.Year}, {"authority", f.Authority},
		{"reader", f.Reader}, {"files", f.Files}, {"findings", f.Findings},
	} {
		value, err := json.MarshalIndent(field.value, "  ", "  ")
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, "  %q: %s,\n", field.name, value)
	}
	b.WriteString("  \"measures\": [")
	for i, m := range f.Measures {
		line, err := json.Marshal(m)
		if err != nil {
			return nil, err
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString("\n    ")
		b.Write(line)
	}
	b.WriteString("\n  ]\n}\n")
	return b.Bytes(), nil
}

func toJSON(m Measure) measureJSON {
	out := measureJSON{ID: m.ID, Dimension: m.Dimension, Value: m.Value, Numerator: m.Numerator,
		Denominator: m.Denominator}
	if specOfMeasure[m.ID].flow {
		out.From, out.To = m.Span.From, m.Span.To
		return out
	}
	out.At = m.Span.To
	return out
}

// A measureSpec is what may be stored under a measure's name.
type measureSpec struct {
	kind  string
	flow  bool
	ratio bool
	cuts  []string
}

var specOfMeasure = map[string]measureSpec{
	contactsReceived: {kind: Contacts, flow: true, cuts: []string{"age_band", "source", "outcome"}},
	contactsReferred: {kind: Contacts, flow: true, ratio: true, cuts: []string{"age_band", "source"}},
	helpStarted:      {kind: EarlyHelp, flow: true, cuts: []string{"age_band", "sex", "source"}},
	plansOpen:        {kind: CINCensus, cuts: []string{"age_band", "sex", "ethnic_group", "category"}},
	needOpen:         {kind: CINCensus, cuts: []string{"age_band", "sex", "ethnic_group", "primary_need"}},
	needOther:        {kind: CINCensus, cuts: []string{"age_band", "sex", "ethnic_group", "primary_need"}},
	lookedAfter:      {kind: SSDA903, cuts: []string{"age_band", "sex", "ethnic_group", "placement", "legal_status"}},
}

var (
	hashForm      = regexp.MustCompile(`^[0-9a-f]{64}$`)
	authorityForm = regexp.MustCompile(`^[EWSN]\d{8}$`)
	ruleForm      = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
)

// ReadMeasures reads a file of measures back and checks every part of it: the
// same file gives the same Result as the return that it was counted from.
func ReadMeasures(name string, in io.Reader) (*Result, []SourceFile, error) {
	b, err := io.ReadAll(io.LimitReader(in, maxMeasuresFile+1))
	if err != nil {
		return nil, nil, intake.Refuse(name, "the file cannot be read: %v", err)
	}
	if len(b) > maxMeasuresFile {
		return nil, nil, intake.Refuse(name, "the file is larger than %d MB, which no file of measures is",
			maxMeasuresFile>>20)
	}
	var f MeasuresFile
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	err = d.Decode(&f)
	if err == nil {
		_, err = d.Token()
		if errors.Is(err, io.EOF) {
			err = nil
		} else {
			err = errors.New("something follows the measures")
		}
	}
	if err != nil {
		return nil, nil, intake.Refuse(name, "this is not %s: %s. Have the return counted again.", wanted[Measures],
			badJSON(err))
	}
	r, err := f.result()
	if err != nil {
		return nil, nil, intake.Refuse(name, "%v; have the return counted again, and do not change the file by hand", err)
	}
	return r, f.Files, nil
}

// badJSON says what is wrong with JSON without repeating any of it, for it may be
// any file at all.
func badJSON(err error) string {
	var syntax *json.SyntaxError
	var value *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("it is broken or broken off at character %d", syntax.Offset)
	case errors.As(err, &value):
		return fmt.Sprintf("a value is of the wrong sort at character %d", value.Offset)
	case strings.Contains(err.Error(), "unknown field"):
		return "it has an unknown field"
	}
	return "it is broken off, has a date that is none, or something follows the measures"
}

// result checks the file and turns it into the Result that it was made from.
func (f MeasuresFile) result() (*Result, error) {
	year, err := period.ParseYear(f.Year)
	switch {
	case f.Format != measuresFormat:
		return nil, fmt.Errorf("the file does not say that it is of the format %s", measuresFormat)
	case f.Version != measuresVersion:
		return nil, fmt.Errorf("the file is of edition %d of the format, and edition %d is read here", f.Version,
			measuresVersion)
	case !slices.Contains([]string{SSDA903, CINCensus, Contacts, EarlyHelp}, f.Kind):
		return nil, errors.New("the file names no kind of return that is known here")
	case err != nil || f.Year != year.String():
		return nil, errors.New("the file names no year such as 2023-24")
	case !authorityForm.MatchString(f.Authority):
		return nil, errors.New("the file names no authority by its code, such as E08000015")
	case f.Reader == "" || len(f.Reader) > 20:
		return nil, errors.New("the file does not say which version of the reader counted")
	case len(f.Files) == 0 || len(f.Measures) == 0:
		return nil, errors.New("the file has no measures, or does not say what they were counted from")
	}
	r := &Result{Kind: f.Kind, Year: year, Authority: f.Authority, FileRows: map[string]int64{},
		ByRule: map[string]int64{}}
	for _, s := range f.Files {
		if s.Name == "" || len(s.Name) > 300 || !hashForm.MatchString(s.SHA256) || s.Rows < 0 || s.Rows > mostCounted {
			return nil, errors.New("a file that was counted from has no name, no SHA-256 of 64 digits, or a number of rows " +
				"that cannot be")
		}
		r.Rows += s.Rows
	}
	for rule, n := range f.Findings {
		if !ruleForm.MatchString(rule) || n < 0 || n > mostCounted {
			return nil, errors.New("the counts of findings are not such as the reader makes")
		}
		r.ByRule[rule] = n
		r.Found += n
	}
	for i, j := range f.Measures {
		m, err := j.measure(f.Kind, year)
		if err != nil {
			return nil, fmt.Errorf("measure %d of the file: %w", i+1, err)
		}
		if i > 0 && compareMeasures(r.Measures[i-1], m) >= 0 {
			return nil, fmt.Errorf("measure %d of the file is there twice or out of order", i+1)
		}
		r.Measures = append(r.Measures, m)
	}
	return r, checkSums(r.Measures)
}

// measure checks one measure of the file.
func (j measureJSON) measure(kind string, year period.Year) (Measure, error) {
	spec, known := specOfMeasure[j.ID]
	span := period.Span{From: j.From, To: j.To}
	if !spec.flow {
		span = on(j.At)
	}
	switch {
	case !known || spec.kind != kind:
		return Measure{}, errors.New("it is none that this kind of return gives")
	case spec.flow && (!j.At.IsZero() || j.From.IsZero() || period.Month(j.From.Year, j.From.Month) != span):
		return Measure{}, errors.New("it is not over one calendar month")
	case !spec.flow && (!j.From.IsZero() || !j.To.IsZero() || !j.At.IsMonthEnd()):
		return Measure{}, errors.New("it is not at the end of a month")
	case !year.Span().Contains(span.From):
		return Measure{}, errors.New("it is not in the file's year")
	case (j.Dimension == "") != (j.Value == ""), j.Dimension != "" && !slices.Contains(spec.cuts, j.Dimension),
		j.Dimension != "" && !isGroup(j.Dimension, j.Value):
		return Measure{}, errors.New("it is cut by something that the measure has no cut for")
	case !spec.flow && j.Dimension != "" && !isQuarterEnd(j.At):
		return Measure{}, errors.New("it is cut on a day that does not end a quarter")
	case j.Numerator < 0, j.Numerator > mostCounted, spec.ratio != (j.Denominator != nil), spec.ratio &&
		(*j.Denominator < j.Numerator || *j.Denominator > mostCounted):
		return Measure{}, errors.New("its numbers cannot be counts")
	}
	return Measure{ID: j.ID, Span: span, Dimension: j.Dimension, Value: j.Value, Numerator: j.Numerator,
		Denominator: j.Denominator}, nil
}

// checkSums sees that the values of every cut add up to the total: they do when
// the reader counted, and hardly ever after a change by hand.
func checkSums(measures []Measure) error {
	type place struct {
		id        string
		span      period.Span
		dimension string
	}
	type sum struct{ numerator, denominator int64 }
	sums := map[place]sum{}
	for _, m := range measures {
		k := place{m.ID, m.Span, m.Dimension}
		s := sums[k]
		s.numerator += m.Numerator
		if m.Denominator != nil {
			s.denominator += *m.Denominator
		}
		sums[k] = s
	}
	for k, s := range sums {
		total, ok := sums[place{k.id, k.span, ""}]
		if !ok {
			return fmt.Errorf("%s is cut by %s where it has no total", k.id, k.dimension)
		}
		if s != total {
			return fmt.Errorf("the numbers of %s by %s do not add up to its total", k.id, k.dimension)
		}
	}
	return nil
}
