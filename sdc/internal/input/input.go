// Package input is what files of tables and ledgers have in common: how much of them
// is read, what may be a name, and how their faults are told.
package input

import (
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits of a table that is read from a file or a ledger.
const (
	MaxRows       = 1_000_000         // counts of one table
	MaxDimensions = 8                 // of one table
	MaxCount      = 1_000_000_000_000 // the greatest count
)

// A Refusal is the fault of a file, in words.
type Refusal string

// Error gives the words.
func (e Refusal) Error() string { return string(e) }

// Text reads a file to its end, of at most so many bytes; more is a Refusal. Any other
// error is the reader's own.
func Text(r io.Reader, most int64) (string, error) {
	var b strings.Builder
	n, err := io.Copy(&b, io.LimitReader(r, most+1))
	if err != nil {
		return "", err
	}
	if n > most {
		return "", Refusal(fmt.Sprintf("the file is larger than %d MB, the most that is read", most>>20))
	}
	return b.String(), nil
}

// maxLabel is the longest name or code in bytes.
const maxLabel = 500

// Label refuses a name or a code that is empty, longer than maxLabel, or has
// characters that are no text. The error's words follow the name of the thing: "is
// empty".
func Label(v string) error {
	if v == "" {
		return errors.New("is empty")
	}
	if len(v) > maxLabel {
		return fmt.Errorf("is longer than %d bytes: %s", maxLabel, Short(v))
	}
	control := func(r rune) bool { return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f }
	if i := strings.IndexFunc(v, control); i >= 0 {
		return fmt.Errorf("has the character %U, which is no text", v[i])
	}
	return nil
}

// Short quotes a value for a message, cut where it is long.
func Short(v string) string {
	const most = 40
	if r := []rune(v[:min(len(v), 4*most+4)]); len(r) > most {
		return fmt.Sprintf("%q…", string(r[:most]))
	}
	return fmt.Sprintf("%q", v)
}
