package sdc

import (
	"fmt"
	"strings"
)

// cells lists cells as "0-4,Female=3", a hidden one with its symbol.
func cells(t *Table) string {
	var out []string
	for _, c := range t.Cells {
		n := fmt.Sprint(c.Count)
		if c.Hidden {
			n = "[c]"
		}
		out = append(out, strings.Join(c.Codes, ",")+"="+n)
	}
	return strings.Join(out, " ")
}

// A brokenFile reads and writes nothing.
type brokenFile struct{ err error }

func (f brokenFile) Read([]byte) (int, error)  { return 0, f.err }
func (f brokenFile) Write([]byte) (int, error) { return 0, f.err }
