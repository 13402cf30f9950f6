package intake

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/bits"
	"strings"
)

// A Sketch tells how many rows two files have in common, without a row of either: an export
// of a week later, or one with other numbers, is seen to be the same file. Of each of many
// orders of all rows it keeps one byte of the first row's hash (min-wise hashing of few bits:
// Li and König, 2010). A byte tells no row from one in 256 others, and which row it is of is
// not kept.
//
// Rows are taken in several views, such as with and without their numbers, and two files are
// as alike as they are in the view in which they are most.
type Sketch struct {
	views [][sketchOrders]uint64
	rows  []int
}

const (
	sketchOrders = 128
	// fewestSketched is how many rows a file has of which a sketch tells anything.
	fewestSketched = 20
)

// Add takes what a row says in a view, from 0.
func (s *Sketch) Add(view int, cells ...string) {
	for len(s.views) <= view {
		var none [sketchOrders]uint64
		for i := range none {
			none[i] = ^uint64(0)
		}
		s.views, s.rows = append(s.views, none), append(s.rows, 0)
	}
	sum := sha256.Sum256([]byte(strings.Join(cells, "\x00")))
	row := binary.BigEndian.Uint64(sum[:])
	least := &s.views[view]
	for i := range least {
		least[i] = min(least[i], scatter(row+uint64(i)*0x9e3779b97f4a7c15))
	}
	s.rows[view]++
}

// scatter is the last step of SplitMix64 (Steele, Lea and Flood, 2014).
func scatter(x uint64) uint64 {
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// String gives the sketch as it is kept; "" of a file of few rows.
func (s *Sketch) String() string {
	var views []string
	for i, least := range s.views {
		if s.rows[i] < fewestSketched {
			views = append(views, "")
			continue
		}
		var b [sketchOrders]byte
		for j, x := range least {
			b[j] = byte(bits.RotateLeft64(x, 29)) // the lowest bits of a least number are as good as any
		}
		views = append(views, hex.EncodeToString(b[:]))
	}
	if strings.Trim(strings.Join(views, ""), " ") == "" {
		return ""
	}
	return strings.Join(views, " ")
}

// Alike tells from two sketches about how many of all rows the two files have in common: 0 to
// 1, within 0.1; 0 where either is of few rows.
func Alike(a, b string) float64 {
	most := 0.0
	others := strings.Split(b, " ")
	for i, view := range strings.Split(a, " ") {
		if i >= len(others) || len(view) != 2*sketchOrders || len(others[i]) != len(view) {
			continue
		}
		same := 0
		for j := 0; j < len(view); j += 2 {
			if view[j:j+2] == others[i][j:j+2] {
				same++
			}
		}
		const chance = 1.0 / 256 // that two bytes are the same though the rows are not
		most = max(most, (float64(same)/sketchOrders-chance)/(1-chance))
	}
	return most
}
