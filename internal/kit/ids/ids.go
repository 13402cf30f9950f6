// Package ids makes the identifiers of rows: short, sortable by the time they
// were made, impossible to guess, and safe in an address.
package ids

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/binary"
	"time"
)

var alphabet = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// New gives 26 letters and digits: 6 bytes of milliseconds, 10 random bytes.
func New() string {
	var b [16]byte
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(time.Now().UnixMilli()))
	copy(b[:6], ms[2:])
	rand.Read(b[6:])
	return alphabet.EncodeToString(b[:])
}

// Secret gives 52 letters and digits, 32 random bytes, for sessions and links
// that let somebody in.
func Secret() string {
	var b [32]byte
	rand.Read(b[:])
	return alphabet.EncodeToString(b[:])
}
