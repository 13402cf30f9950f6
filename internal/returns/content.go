package returns

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strings"

	"kith/internal/kit/intake"
)

// A contentSum is a hash of all rows of a file by what was read of them, whatever their
// order: a file that was saved anew, in another form, has the same. No row can be told
// from it.
type contentSum struct {
	sum    [4]uint64
	rows   int
	sketch intake.Sketch
}

// The views in which rows are sketched: with their numbers, and without.
const numbered, bare = 0, 1

// add takes a row.
func (c *contentSum) add(cells ...string) {
	h := sha256.Sum256([]byte(strings.Join(cells, "\x00")))
	for i := range c.sum {
		c.sum[i] += binary.BigEndian.Uint64(h[8*i:])
	}
	c.rows++
}

// fewestAlike is how many rows a file has of which it can be said that no other has the same.
const fewestAlike = 5

// String gives the hash; "" of a file of few rows.
func (c *contentSum) String() string {
	if c.rows < fewestAlike {
		return ""
	}
	var b []byte
	for _, n := range append(c.sum[:], uint64(c.rows)) {
		b = binary.BigEndian.AppendUint64(b, n)
	}
	h := sha256.Sum256(b)
	return hex.EncodeToString(h[:])
}

// holds takes a row of a file for its content. The number that tells it from others is among
// the cells; it is "" where it has none.
func (n *notes) holds(file, number string, cells ...string) {
	c := n.contentOf(file)
	c.add(cells...)
	if number != "" {
		c.sketch.Add(numbered, cells...)
	}
}

// tells takes what a row or a child of a file tells without any number, so that the file is
// known again under other numbers.
func (n *notes) tells(file string, cells ...string) { n.contentOf(file).sketch.Add(bare, cells...) }

func (n *notes) contentOf(file string) *contentSum {
	c := n.contents[file]
	if c == nil {
		c = &contentSum{}
		n.contents[file] = c
	}
	return c
}
