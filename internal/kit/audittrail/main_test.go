package audittrail

import (
	"testing"

	"golang.org/x/mod/sumdb/note"
)

func verifiers(t testing.TB, keys ...string) note.Verifiers {
	t.Helper()
	var out []note.Verifier
	for _, k := range keys {
		v, err := note.NewVerifier(k)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return note.VerifierList(out...)
}
