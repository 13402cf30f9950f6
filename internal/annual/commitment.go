package annual

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"slices"

	"kith/internal/kit/figure"
	"kith/internal/kit/release"
)

// A file of returns can be so small that its bare hash gives its rows back: whoever tries
// every row that there could be knows which it was. In public a file is therefore named by
// a commitment, a hash under a salt that is not published. Whoever is shown the salt and
// has the file can tell that it is the same; nobody else can tell anything. Two imports of
// one file have two commitments.

// commitment names a file of an import in public: HMAC-SHA256, under the salt, of the
// import's id, a line end and the file's SHA-256 in hexadecimal.
func commitment(salt string, in figure.Input) string {
	h := hmac.New(sha256.New, []byte(salt))
	h.Write([]byte(in.Import + "\n" + in.SHA256))
	return hex.EncodeToString(h.Sum(nil))
}

// committed gives values whose files are named as they are in public. Without a salt they
// are named by nothing.
func committed(salt string, values []release.Value) []release.Value {
	out := slices.Clone(values)
	for i := range out {
		out[i].Inputs = slices.Clone(out[i].Inputs)
		for k, in := range out[i].Inputs {
			out[i].Inputs[k].SHA256 = ""
			if salt != "" && in.SHA256 != "" {
				out[i].Inputs[k].Commitment = commitment(salt, in)
			}
		}
	}
	return out
}
