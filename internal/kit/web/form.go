package web

import (
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	netmail "net/mail"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kith/internal/kit/lang"
	"kith/internal/kit/names"
	"kith/internal/kit/period"
	"kith/internal/kit/ui"
)

// MaxForm is the largest form, without files, that is read.
const MaxForm = 1 << 20

// A Form is what somebody entered, and what is wrong with it: every problem at
// once, with what they entered kept. It is a ui.Form.
type Form struct {
	values   url.Values
	problems []ui.Problem
	changed  *Changed // somebody else's change that this form met
	terms    lang.Terms
	offered  map[string]bool
	offers   map[string]ui.Offer
	kept     map[string]string // why what is chosen at a picker could not be chosen anew
}

var _ ui.Form = (*Form)(nil)

// NewForm makes a form already filled in, for a page that edits something:
// name, value, name, value ….
func NewForm(pairs ...string) *Form {
	f := &Form{values: url.Values{}}
	for i := 0; i+1 < len(pairs); i += 2 {
		f.values.Add(pairs[i], pairs[i+1])
	}
	return f
}

// ReadForm reads the form a request posts.
func ReadForm(w http.ResponseWriter, r *http.Request) (*Form, error) {
	r.Body = http.MaxBytesReader(w, r.Body, MaxForm)
	if err := r.ParseForm(); err != nil {
		return nil, tooLarge(err)
	}
	if err := exchangeOf(r).route.given(r.PostForm); err != nil {
		return nil, err
	}
	return &Form{values: r.PostForm, terms: termsOf(r)}, nil
}

// ReadUpload reads a form with files, as it arrives: at most maxBytes in all, and at
// most maxFiles. Each file is given to receive, in order, and nothing of it is
// written anywhere else.
func ReadUpload(w http.ResponseWriter, r *http.Request, maxBytes int64, maxFiles int,
	receive func(name string, in io.Reader) error) (*Form, error) {
	if r.ContentLength > maxBytes { // said before, so that nothing of it has to be read
		return nil, tooLarge(&http.MaxBytesError{Limit: maxBytes})
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBytes)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, tooLarge(err)
	}
	f := &Form{values: url.Values{}}
	for fields, files := int64(0), 0; ; {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return f, exchangeOf(r).route.given(f.values)
		}
		if err != nil {
			return nil, tooLarge(err)
		}
		if name := part.FileName(); name != "" {
			if files++; files > maxFiles {
				return nil, &Refusal{Status: http.StatusRequestEntityTooLarge, Title: "Those are too many files",
					Words: fmt.Sprintf("Send at most %d files at a time.", maxFiles)}
			}
			in := &arriving{Reader: part}
			if err := receive(name, in); in.err != nil {
				return nil, tooLarge(in.err)
			} else if err != nil {
				return nil, err
			}
			continue
		}
		if part.Header.Get("Content-Type") != "" { // a file, and none was chosen
			continue
		}
		value, err := io.ReadAll(io.LimitReader(part, MaxForm+1-fields))
		if err != nil {
			return nil, tooLarge(err)
		}
		if fields += int64(len(value)); fields > MaxForm {
			return nil, tooLarge(&http.MaxBytesError{Limit: MaxForm})
		}
		if part.FormName() == writerField {
			if err := written(string(value), PersonOf(r)); err != nil {
				return nil, err
			}
		}
		if part.FormName() == writerField {
			if err := written(string(value), PersonOf(r)); err != nil {
				return nil, err
			}
		}
		f.values.Add(part.FormName(), string(value))
	}
}

// arriving remembers that a file did not arrive whole, which is no fault of who
// receives it.
type arriving struct {
	io.Reader
	err error
}

// Read implements io.Reader.
func (a *arriving) Read(p []byte) (int, error) {
	n, err := a.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		a.err = err
	}
	return n, err
}

func tooLarge(err error) error {
	var big *http.MaxBytesError
	if errors.As(err, &big) {
		return &Refusal{Status: http.StatusRequestEntityTooLarge, Title: "That is too large",
			Words: fmt.Sprintf("Send at most %d MB at a time.", max(1, big.Limit>>20))}
	}
	return BadRequest("The form did not arrive whole. Go back and send it again.")
}

// Value implements ui.Form.
func (f *Form) Value(name string) string {
	if f == nil {
		return ""
	}
	return f.values.Get(name)
}

// Values implements ui.Form.
func (f *Form) Values(name string) []string {
	if f == nil {
		return nil
	}
	return f.values[name]
}

// Has reports whether a field was sent, also when it is empty.
func (f *Form) Has(name string) bool { return f != nil && f.values.Has(name) }

// Names lists the fields that were sent, in alphabetical order.
func (f *Form) Names() []string { return slices.Sorted(maps.Keys(f.values)) }

// Problem implements ui.Form.
func (f *Form) Problem(name string) string {
	if f == nil {
		return ""
	}
	for _, p := range f.problems {
		if p.Field == name {
			return p.Text
		}
	}
	return ""
}

// Problems implements ui.Form.
func (f *Form) Problems() []ui.Problem {
	if f == nil {
		return nil
	}
	return f.problems
}

// Set changes a value, for a form that is shown again.
func (f *Form) Set(name, value string) { f.values.Set(name, value) }

// Add notes what is wrong with a field, unless something already is.
func (f *Form) Add(field, text string) {
	if f.Problem(field) == "" {
		f.problems = append(f.problems, ui.Problem{Field: field, Text: f.terms.Put(text)})
	}
}

// OK reports whether nothing is wrong.
func (f *Form) OK() bool { return len(f.problems) == 0 }

// Text reads one line or more of text, trimmed. If it is empty, missing (unless
// "") is what is wrong; more than max characters is wrong too.
func (f *Form) Text(name, missing string, max int) string {
	s := strings.TrimSpace(strings.ReplaceAll(f.Value(name), "\r\n", "\n"))
	switch {
	case s == "" && missing != "":
		f.Add(name, missing)
	case !utf8.ValidString(s) || strings.ContainsRune(s, 0):
		f.Add(name, "This has characters that cannot be kept; type it again")
	case utf8.RuneCountInString(s) > max:
		f.Add(name, fmt.Sprintf("Use %d characters or fewer", max))
	}
	return s
}

// Lines reads one thing a line, of at most max characters in all, without empty
// lines.
func (f *Form) Lines(name string, max int) []string {
	var out []string
	for line := range strings.Lines(f.Text(name, "", max)) {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

// Link reads an address of this site or another.
func (f *Form) Link(name string) string {
	s := f.Text(name, "", 500)
	u, err := url.Parse(s)
	local := err == nil && u.Scheme == "" && u.Host == "" && strings.HasPrefix(s, "/")
	there := err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Host != ""
	if s != "" && !local && !there {
		f.Add(name, "Enter an address that begins with https:// or, on this site, with /")
	}
	return s
}

// Email reads an e-mail address.
func (f *Form) Email(name, missing string) string {
	s := f.Text(name, missing, 254)
	if s == "" {
		return s
	}
	if problem := EmailProblem(s); problem != "" {
		f.Add(name, problem)
	}
	return s
}

// EmailProblem says what is wrong with an e-mail address, without spaces around it; "" for one
// that can be used.
func EmailProblem(s string) string {
	if strings.ContainsFunc(names.Email(s), func(r rune) bool { return r >= 0x80 }) {
		return "Type the address with the keys a to z: something in it has an accent, or only looks like a usual key"
	}
	if a, err := netmail.ParseAddress(s); err != nil || a.Address != s || !strings.Contains(s, ".") {
		return "Enter an e-mail address in the form name@example.org"
	}
	return ""
}

// OneOf reads a choice among allowed.
func (f *Form) OneOf(name, missing string, allowed ...string) string {
	s := f.Value(name)
	if s == "" && missing == "" {
		return ""
	}
	if !slices.Contains(allowed, s) {
		if missing == "" {
			missing = "Choose one of the options"
		}
		f.Add(name, missing)
	}
	return s
}

// Int reads a whole number from lo to hi.
func (f *Form) Int(name, missing string, lo, hi int) int {
	s := f.Text(name, missing, 20)
	if s == "" {
		return 0
	}
	n, err := strconv.Atoi(strings.ReplaceAll(s, ",", ""))
	if err != nil || n < lo || n > hi {
		f.Add(name, fmt.Sprintf("Enter a whole number from %d to %d", lo, hi))
	}
	return n
}

// Yes reads a checkbox whose value is "yes".
func (f *Form) Yes(name string) bool { return f.Value(name) == "yes" }

// Date reads a date from the three fields name-day, name-month and name-year, or
// from one field name.
func (f *Form) Date(name, missing string) period.Date {
	if s := strings.TrimSpace(f.Value(name)); s != "" {
		d, err := period.ParseAnyDate(s)
		if err != nil {
			f.Add(name, "Enter a real date, such as 31/3/2024")
		}
		return d
	}
	day, month, year := strings.TrimSpace(f.Value(name+"-day")), strings.TrimSpace(f.Value(name+"-month")),
		strings.TrimSpace(f.Value(name+"-year"))
	if day+month+year == "" {
		if missing != "" {
			f.Add(name, missing)
		}
		return period.Date{}
	}
	d, err := period.ParseAnyDate(day + " " + monthName(month) + " " + year)
	if err != nil {
		f.Add(name, "Enter a real date, such as 31 3 2024")
	}
	return d
}

// SetDate fills the three fields of a date.
func (f *Form) SetDate(name string, d period.Date) {
	if !d.IsZero() {
		f.values.Set(name+"-day", strconv.Itoa(d.Day))
		f.values.Set(name+"-month", strconv.Itoa(int(d.Month)))
		f.values.Set(name+"-year", strconv.Itoa(d.Year))
	}
}

// OfferDate fills the three fields of a date with one that the person may want. It
// is no part of the record, so it is no part of what was seen of it.
func (f *Form) OfferDate(name string, d period.Date) {
	f.SetDate(name, d)
	if f.offered == nil {
		f.offered = map[string]bool{}
	}
	for _, part := range []string{"-day", "-month", "-year"} {
		f.offered[name+part] = true
	}
}

func monthName(s string) string {
	n, err := strconv.Atoi(s)
	if err != nil || n < 1 || n > 12 {
		return s
	}
	return period.NewDate(2000, 1, 1).AddMonths(n - 1).Format("January")
}
