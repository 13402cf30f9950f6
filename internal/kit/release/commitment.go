package release

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"
)

// A file of returns can be so small that its bare hash gives its rows back: whoever tries
// every row that there could be knows which it was. In public a file is therefore named by
// a commitment, a hash under a salt that is not published. Whoever is shown the salt and
// has the file can tell that it is the same; nobody else can tell anything. Two imports of
// one file have two commitments.

// Committed gives the value with its files named under a salt: by HMAC-SHA256, in
// hexadecimal, of the import's id, a line end and the file's SHA-256 in hexadecimal. Without
// a salt they are named by nothing.
func (v Value) Committed(salt string) Value {
	v.Inputs = slices.Clone(v.Inputs)
	for i, in := range v.Inputs {
		if salt == "" || in.sum == "" {
			continue
		}
		h := hmac.New(sha256.New, []byte(salt))
		h.Write([]byte(in.Import + "\n" + in.sum))
		v.Inputs[i].Commitment = hex.EncodeToString(h.Sum(nil))
	}
	return v
}
