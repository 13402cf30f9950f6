package sheet

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

// lines gives the lines of text as UTF-8, whatever the encoding and line endings
// of the file. Bytes that are not UTF-8 are taken as Windows-1252 one by one, so
// that a file which mixes the two still reads as it was meant.
type lines struct {
	r     *bufio.Reader
	limit int
	line  int64
	buf   []byte
	wild  bool // something was read as Windows-1252
}

func newLines(r io.Reader, limit Limits) (*lines, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	head, err := b.Peek(sniffed)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read text: %w", err)
	}
	if order := utf16Order(head); order != nil {
		b = bufio.NewReaderSize(order.NewDecoder().Reader(b), 64<<10)
	}
	if start, _ := b.Peek(3); bytes.Equal(start, []byte("\xEF\xBB\xBF")) {
		_, _ = b.Discard(3) // they were just seen
	}
	return &lines{r: b, limit: limit.Line}, nil
}

// utf16Order tells the byte order of UTF-16 text by its mark or, where it has
// none, by every other byte being NUL; it is nil for any other text.
func utf16Order(head []byte) encoding.Encoding {
	switch {
	case bytes.HasPrefix(head, []byte("\xFF\xFE")), bytes.HasPrefix(head, []byte("\xFE\xFF")):
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)
	case len(head) < 8:
		return nil
	}
	var nul [2]int
	for i, b := range head {
		if b == 0 {
			nul[i%2]++
		}
	}
	half := len(head) / 2
	switch {
	case nul[1] > half*6/10 && nul[0] == 0:
		return unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case nul[0] > half*6/10 && nul[1] == 0:
		return unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	}
	return nil
}

// next gives the next line without its ending; io.EOF after the last.
func (l *lines) next() (string, error) {
	l.buf = l.buf[:0]
	for {
		if _, err := l.r.Peek(1); err != nil {
			if !errors.Is(err, io.EOF) {
				return "", fmt.Errorf("read text: %w", err)
			}
			if len(l.buf) == 0 {
				return "", io.EOF
			}
			return l.finish()
		}
		chunk, _ := l.r.Peek(l.r.Buffered())
		i := bytes.IndexAny(chunk, "\r\n")
		if i < 0 {
			l.buf = append(l.buf, chunk...)
			_, _ = l.r.Discard(len(chunk)) // buffered, so it cannot fail
			if len(l.buf) > l.limit {
				return "", problem(ErrTooLarge, l.line+1, "the line is longer than %d characters; this is not a table", l.limit)
			}
			continue
		}
		ending := chunk[i]
		l.buf = append(l.buf, chunk[:i]...)
		_, _ = l.r.Discard(i + 1)
		if ending == '\r' {
			if after, err := l.r.Peek(1); err == nil && after[0] == '\n' {
				_, _ = l.r.Discard(1)
			}
		}
		return l.finish()
	}
}

func (l *lines) finish() (string, error) {
	l.line++
	if len(l.buf) > l.limit {
		return "", problem(ErrTooLarge, l.line, "the line is longer than %d characters; this is not a table", l.limit)
	}
	if bytes.IndexByte(l.buf, 0) >= 0 {
		return "", problem(ErrNotTable, l.line, "the file has bytes that are not text; export the table again as CSV (UTF-8)")
	}
	if utf8.Valid(l.buf) {
		return string(l.buf), nil
	}
	l.wild = true
	out := make([]byte, 0, len(l.buf)+16)
	for b := l.buf; len(b) > 0; {
		r, n := utf8.DecodeRune(b)
		if r == utf8.RuneError && n == 1 {
			r = charmap.Windows1252.DecodeByte(b[0])
		}
		out = utf8.AppendRune(out, r)
		b = b[n:]
	}
	return string(out), nil
}
