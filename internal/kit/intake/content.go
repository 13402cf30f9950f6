package intake

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strings"
)

// Contents gathers, by file, what its rows say: a hash of all of them, whatever their order,
// which a file that was saved anew, in another form, has too; and a Sketch, by which a file is
// known that has most of them. No row can be told from either.
type Contents map[string]*contentSum

// The views in which rows are sketched: with their numbers, and without.
const numbered, bare = 0, 1

// Hold takes a row of a file. number, which is among the cells, tells it from others; it is ""
// where it has none.
func (c Contents) Hold(file, number string, cells ...string) {
	sum := c.of(file)
	sum.add(cells...)
	if number != "" {
		sum.sketch.Add(numbered, cells...)
	}
}

// Tell takes what a row or a child of a file says without any number, so that the file is
// known again under other numbers.
func (c Contents) Tell(file string, cells ...string) { c.of(file).sketch.Add(bare, cells...) }

func (c Contents) of(file string) *contentSum {
	if c[file] == nil {
		c[file] = &contentSum{}
	}
	return c[file]
}

// Sums gives the hashes and sketches for a Batch: none of a file of few rows.
func (c Contents) Sums() (sums, sketches map[string]string) {
	sums, sketches = map[string]string{}, map[string]string{}
	for file, sum := range c {
		sums[file], sketches[file] = sum.String(), sum.sketch.String()
	}
	return sums, sketches
}

type contentSum struct {
	sum    [4]uint64
	rows   int
	sketch Sketch
}

func (c *contentSum) add(cells ...string) {
	h := sha256.Sum256([]byte(strings.Join(cells, "\x00")))
	for i := range c.sum {
		c.sum[i] += binary.BigEndian.Uint64(h[8*i:])
	}
	c.rows++
}

// fewestAlike is how many rows a file has of which it can be said that no other has the same.
const fewestAlike = 5

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
