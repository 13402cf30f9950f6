package csvtable

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"kith/sdc/internal/input"
)

// maxBytes is the largest file that is read, which holds a million wide rows.
const maxBytes = 256 << 20

// scanner cuts a text into rows and fields and leaves each field as it is
// written, quotation marks and all, so that a row can be written again byte for
// byte. (encoding/csv forgets the quotation marks and the kind of line ends.)
type scanner struct {
	data string
	bom  bool
	sep  byte // between fields
	at   int  // where the next row starts
	// Of the row last read: its start, its end before the line end, its first line,
	// and its number as a spreadsheet counts, to which a line end in quotation marks
	// does not add.
	start, end, line, row int
	lines                 int // line ends before at
	quoted                int // of which in quotation marks
	fields                []string
}

func newScanner(data string) *scanner {
	s := &scanner{data: data}
	s.data, s.bom = strings.CutPrefix(data, "\ufeff")
	s.sep = separator(s.data)
	return s
}

// separators are what files are parted by, the usual one first.
const separators = ",;\t|"

// separator tells by what the fields of a file are parted: that which parts the most rows
// into as many fields. Of several it takes that which makes the most fields.
func separator(data string) byte {
	const looked = 200 // rows
	var fields [len(separators)]map[int]int
	for i := range fields {
		fields[i] = map[int]int{}
	}
	var seen [len(separators)]int
	quoted, rows := false, 0
	for i := 0; i <= len(data) && rows < looked; i++ {
		switch {
		case i < len(data) && data[i] == '"':
			quoted = !quoted
		case i < len(data) && quoted:
		case i == len(data) || lineEnd(data, i) > 0:
			for k := range seen {
				if seen[k] > 0 {
					fields[k][seen[k]]++
				}
			}
			seen = [len(separators)]int{}
			rows++
		default:
			if k := strings.IndexByte(separators, data[i]); k >= 0 {
				seen[k]++
			}
		}
	}
	best, bestRows, bestFields := 0, 0, 0
	for k := range fields {
		for n, times := range fields[k] {
			if times > bestRows || times == bestRows && (n > bestFields || n == bestFields && k < best) {
				best, bestRows, bestFields = k, times, n
			}
		}
	}
	return separators[best]
}

// next reads a row that is not empty; io.EOF after the last. The slice is used
// again by the next call.
func (s *scanner) next() ([]string, error) {
	for s.at < len(s.data) && lineEnd(s.data, s.at) > 0 {
		s.at += lineEnd(s.data, s.at)
		s.lines++
	}
	s.start, s.line, s.row, s.fields = s.at, s.lines+1, s.lines-s.quoted+1, s.fields[:0]
	if s.at >= len(s.data) {
		return nil, io.EOF
	}
	for {
		end, err := s.field()
		if err != nil {
			return nil, err
		}
		s.fields = append(s.fields, s.data[s.at:end])
		s.at = end
		if end < len(s.data) && s.data[end] == s.sep {
			s.at++
			continue
		}
		s.end = end
		if n := lineEnd(s.data, end); n > 0 {
			s.at += n
			s.lines++
		}
		if !utf8.ValidString(s.data[s.start:s.end]) {
			return nil, s.fault("it is not UTF-8; save the file as “CSV UTF-8”")
		}
		return s.fields, nil
	}
}

// field gives where the field at s.at ends.
func (s *scanner) field() (int, error) {
	if s.at >= len(s.data) || s.data[s.at] != '"' {
		n := strings.IndexAny(s.data[s.at:], string(rune(s.sep))+"\n\r\"")
		if n < 0 {
			return len(s.data), nil
		}
		if s.data[s.at+n] == '"' {
			return 0, s.fault("a quotation mark stands inside a cell that does not begin with one; write the cell in " +
				"quotation marks, and each one inside it twice")
		}
		return s.at + n, nil
	}
	for i := s.at + 1; i < len(s.data); i++ {
		switch {
		case s.data[i] != '"':
			if n := lineEnd(s.data, i); n > 0 {
				s.lines++
				s.quoted++
				i += n - 1
			}
		case i+1 < len(s.data) && s.data[i+1] == '"':
			i++
		case i+1 == len(s.data) || s.data[i+1] == s.sep || lineEnd(s.data, i+1) > 0:
			return i + 1, nil
		default:
			return 0, s.fault("something stands between a closing quotation mark and the next cell; write each quotation " +
				"mark inside a cell twice")
		}
	}
	return 0, s.fault("a cell begins with a quotation mark and has none at its end")
}

// lineEnd gives the length of the line end at i, 0 if there is none.
func lineEnd(data string, i int) int {
	switch {
	case i >= len(data):
		return 0
	case strings.HasPrefix(data[i:], "\r\n"):
		return 2
	case data[i] == '\n' || data[i] == '\r':
		return 1
	}
	return 0
}

// fault refuses the row last read.
func (s *scanner) fault(format string, args ...any) error {
	return input.Refusal(placeName(s.row, s.line) + ": " + fmt.Sprintf(format, args...))
}

// placeName names a row as a spreadsheet does, and its line where that is another.
func placeName(row, line int) string {
	if row == line {
		return fmt.Sprintf("row %d", row)
	}
	return fmt.Sprintf("row %d (line %d)", row, line)
}

// fieldValue is what a field says, without quotation marks and spaces around it.
func fieldValue(raw string) string {
	if strings.HasPrefix(raw, `"`) {
		raw = strings.ReplaceAll(raw[1:len(raw)-1], `""`, `"`)
	}
	return strings.TrimSpace(raw)
}

// quoteField writes a value as a field.
func quoteField(v string) string {
	if v == "" || !strings.ContainsAny(v, "\"\n\r"+separators) && strings.TrimSpace(v) == v {
		return v
	}
	return `"` + strings.ReplaceAll(v, `"`, `""`) + `"`
}
