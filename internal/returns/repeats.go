package returns

import (
	"encoding/binary"
	"hash/maphash"

	"kith/internal/kit/lang"
)

// repeats finds rows that are there again in a list that tells too little of a child to know
// one from another: one block of rows after another that has the same, or every row twice.
type repeats struct {
	seed   maphash.Seed
	counts map[uint64]int32 // rows by all that they say but their numbers
	blocks map[uint64]bool  // so many rows one after the other
	last   [blockRows]uint64
	rows   int
	again  int   // rows that end a block that was there before
	first  int64 // the line of the first of them
}

// blockRows is how many rows the same, one after the other, are no chance.
const blockRows = 16

func newRepeats() *repeats {
	return &repeats{seed: maphash.MakeSeed(), counts: map[uint64]int32{}, blocks: map[uint64]bool{}}
}

// see takes all that a row says.
func (r *repeats) see(line int64, cells ...string) {
	var h maphash.Hash
	h.SetSeed(r.seed)
	for _, c := range cells {
		h.WriteString(c)
		h.WriteByte(0)
	}
	one := h.Sum64()
	r.counts[one]++
	r.last[r.rows%blockRows] = one
	if r.rows++; r.rows < blockRows {
		return
	}
	h.Reset()
	same := true
	for i := range blockRows {
		x := r.last[(r.rows+i)%blockRows]
		same = same && x == one
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], x)
		h.Write(b[:])
	}
	if same { // one busy day of a list in the order of what it says
		return
	}
	k := h.Sum64()
	if !r.blocks[k] {
		r.blocks[k] = true
		return
	}
	if r.again++; r.again == 1 {
		r.first = line - blockRows + 1
	}
}

// ask asks about a list in which blocks of rows are there again, or nearly every row twice.
func (r *repeats) ask(n *notes, file, many string) {
	const few = 20 // different rows, one in so many of which may be there an odd number of times
	even := 0
	for _, count := range r.counts {
		if count%2 == 0 {
			even++
		}
	}
	switch {
	case r.rows < largeList:
	case r.again*listAlikeOneIn > r.rows:
		n.doubt(file, r.first, "", ruleTwins, "More than a fifth of the %s %s are there again, in the same order and under "+
			"other numbers or none. Look whether the list was pasted twice, so that they would be counted twice.",
			lang.Number(r.rows), many)
	case len(r.counts) >= few && len(r.counts)-even <= len(r.counts)/few:
		n.doubt(file, 0, "", ruleTwins, "Nearly all of the %s %s are there twice, under other numbers or none. Look whether "+
			"the list was put together from two exports, so that they would be counted twice.", lang.Number(r.rows), many)
	}
}
