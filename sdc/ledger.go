package sdc

import (
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"io"
	"slices"
	"strconv"
	"strings"

	"kith/sdc/internal/input"
)

// An Entry is one release as it was published: printed counts and hidden ones,
// never what is behind a hidden one.
type Entry struct {
	Release    string
	Profile    Profile // under which the counts are printed
	Tables     []Table
	Identities []Identity
	Facts      []Fact
	// Distance is 0 for counts printed under the profile. Else every count was rounded
	// by [Round], and what is printed is less than Distance away from the true count.
	Distance int64
	// Previous is the SHA-256 of the line before, in hexadecimal; empty in the first.
	Previous string
}

// A Ledger is everything that was released before. As a file it has one line a
// release, which is only ever added to: each line names the hash of the line before
// it and ends with a hash of itself, so that a line that was changed, moved or
// taken out is noticed. Lines taken off the end are not: keep the hash of the last
// line elsewhere to notice that. The zero Ledger is empty.
type Ledger struct {
	entries []Entry
	last    string          // the hash of the last line
	known   map[string]bool // hashes of what was released, without Previous
}

// ledgerMaxBytes is the largest ledger that is read: some thousand tables.
const ledgerMaxBytes = 512 << 20

// ReadLedger reads a ledger. A line that is not as it was written is refused and
// named; other errors are the reader's.
func ReadLedger(r io.Reader) (*Ledger, error) {
	text, err := input.Text(r, ledgerMaxBytes)
	if err != nil {
		return nil, err
	}
	l := &Ledger{}
	for n := 1; text != ""; n++ {
		line, rest, whole := strings.Cut(text, "\n")
		if !whole {
			return nil, ledgerFault(n, "it is cut short; take back a whole copy")
		}
		e, err := readEntry(line)
		if err != nil {
			return nil, ledgerFault(n, err.Error())
		}
		if e.Previous != l.last {
			return nil, ledgerFault(n, "it does not follow the line before; lines were taken out, put in or moved; take back "+
				"a whole copy")
		}
		if err := l.keep(line, e); err != nil {
			return nil, ledgerFault(n, err.Error())
		}
		text = rest
	}
	return l, nil
}

func ledgerFault(line int, words string) error {
	return input.Refusal("line " + strconv.Itoa(line) + ": " + words)
}

// keep adds an entry and the line that it was read from.
func (l *Ledger) keep(line string, e Entry) error {
	id, err := e.identity()
	if err != nil {
		return err
	}
	if l.known == nil {
		l.known = map[string]bool{}
	}
	l.known[id] = true
	l.entries = append(l.entries, e)
	l.last = hash(line)
	return nil
}

// Append adds a release, with counts as they are printed, and gives the line to
// write at the end of the ledger's file. A release that is there already adds
// nothing, and its line is nil; one that cannot be written is refused.
func (l *Ledger) Append(release Release, p Profile) (line []byte, err error) {
	return l.add(entryOf(release, p))
}

// AppendRounded is Append for a release that [Round] made, of which readers know how
// far a printed count can be from the true one. Rounded counts must not be added by
// Append, which would take them for what they are not.
func (l *Ledger) AppendRounded(res *Rounding, p Profile) (line []byte, err error) {
	e := entryOf(res.Released, p)
	e.Distance = res.Distance
	return l.add(e)
}

func entryOf(r Release, p Profile) Entry {
	return Entry{Release: r.Name, Profile: p, Tables: r.Tables, Identities: r.Identities, Facts: r.Facts}
}

// add keeps an entry and gives its line, nil when it is there already.
func (l *Ledger) add(e Entry) (line []byte, err error) {
	if err := e.check(); err != nil {
		return nil, input.Refusal(err.Error())
	}
	id, err := e.identity()
	if err != nil || l.known[id] {
		return nil, err
	}
	e.Previous = l.last
	body, err := e.marshal()
	if err != nil {
		return nil, err
	}
	text := sealed(body)
	// What is kept is what will be read, and shares nothing with the release.
	if e, err = readEntry(text); err != nil {
		return nil, err
	}
	if err := l.keep(text, e); err != nil {
		return nil, err
	}
	return []byte(text + "\n"), nil
}

// Entries gives what was released, first to last.
func (l *Ledger) Entries() []Entry { return slices.Clone(l.entries) }

// Export writes every figure that was released as CSV: its release, table and
// population, a code in the column of each dimension, and what is printed. The code
// of a dimension that a table does not have is empty.
func (l *Ledger) Export(w io.Writer) error {
	var dims []string
	at := map[string]int{}
	for _, e := range l.entries {
		for _, t := range e.Tables {
			for _, d := range t.Dimensions {
				if _, ok := at[d.Name]; !ok {
					at[d.Name] = len(dims)
					dims = append(dims, d.Name)
				}
			}
		}
	}
	out := csv.NewWriter(w)
	out.Write(append(append([]string{"release", "table", "population"}, dims...), "printed"))
	row := make([]string, len(dims)+4)
	for _, e := range l.entries {
		for _, t := range e.Tables {
			for _, c := range t.Cells {
				clear(row)
				row[0], row[1], row[2] = e.Release, t.Name, t.Population
				for d, code := range c.Codes {
					row[3+at[t.Dimensions[d].Name]] = code
				}
				row[len(row)-1] = strconv.FormatInt(c.Count, 10)
				if c.Hidden {
					row[len(row)-1] = e.Profile.Symbol
				}
				if err := out.Write(row); err != nil {
					return err
				}
			}
		}
	}
	out.Flush()
	return out.Error()
}

func hash(line string) string {
	sum := sha256.Sum256([]byte(line))
	return hex.EncodeToString(sum[:])
}
