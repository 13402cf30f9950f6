// Package ids makes the identifiers of rows: short, impossible to guess, and safe
// in an address.
package ids

import (
	"crypto/rand"
	"encoding/base32"
	"strings"

	"github.com/oklog/ulid/v2"
)

// New gives a ULID in small letters: 26 letters and digits of which 48 bits are
// the time and 80 are random. Earlier versions wrote the same bits in another
// way, and their ids stay as they are: where order matters, a column that holds
// the time decides, and ids only break ties.
func New() string {
	return strings.ToLower(ulid.MustNew(ulid.Now(), rand.Reader).String())
}

var alphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// Secret gives 52 letters and digits, 32 random bytes, for sessions and links
// that let somebody in.
func Secret() string {
	var b [32]byte
	rand.Read(b[:])
	return alphabet.EncodeToString(b[:])
}

// Code gives 16 letters and digits, 80 random bits, for what a person keeps on paper. It
// has no i, l, o or u, which are taken for others or make words.
func Code() string {
	var b [10]byte
	rand.Read(b[:])
	return alphabet.EncodeToString(b[:])
}
