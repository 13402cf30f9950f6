package identity

import (
	"strings"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/testkit"
)

// TestSealing: what the database has of apps and directories cannot be used by who copies
// it; what was kept in the clear is sealed; and without the key everything else goes on.
func TestSealing(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ada := w.user("Ada", "administrator")
		key, codes := w.withApp(ada)
		id, err := w.AddProvider(w.ctx(), ada, Provider{Name: "Council", Issuer: "http://127.0.0.1:1", ClientID: "kith",
			ClientSecret: "s3cr3t", Domains: "x.example"})
		w.is(err, nil)
		w.is(w.BeginApp(w.ctx(), ada), nil)
		kept := func() string {
			t.Helper()
			all, err := db.All[string](w.ctx(), s.Work, `SELECT record FROM identity_factors UNION ALL
				SELECT data FROM identity_begun UNION ALL SELECT client_secret FROM identity_providers`)
			w.is(err, nil)
			return strings.Join(all, "\n")
		}
		if got := kept(); strings.Contains(got, "otpauth") || strings.Contains(got, "s3cr3t") ||
			strings.Count(got, "sealed.") != 3 {
			t.Error(got)
		}

		// As an earlier version left it.
		begun, err := w.BegunApp(w.ctx(), ada)
		w.is(err, nil)
		clear := func(statement string, secret string) {
			t.Helper()
			w.is(w.Work.Tx(w.ctx(), func(q db.Q) error { return db.Must(w.ctx(), q, statement, secret) }), nil)
		}
		clear(`UPDATE identity_factors SET record = $1 WHERE kind = 'app'`, key)
		clear(`UPDATE identity_begun SET data = $1 WHERE kind = 'app'`, begun)
		clear(`UPDATE identity_providers SET client_secret = $1`, "s3cr3t")
		box := w.Seal
		w.Seal = nil
		w.is(w.SealKept(w.ctx()), nil)
		w.Seal = box
		_, err = w.BegunApp(w.ctx(), ada)
		w.is(err, ErrUnsealed)
		for range 2 {
			w.is(w.SealKept(w.ctx()), nil)
		}
		if got := kept(); strings.Contains(got, "otpauth") || strings.Contains(got, "s3cr3t") {
			t.Error(got)
		}
		p, err := providerByID(w.ctx(), s.Work, id)
		if err != nil || w.secretOf(p) != "s3cr3t" {
			t.Error(err)
		}
		again, err := w.BegunApp(w.ctx(), ada)
		if err != nil || again != begun {
			t.Error(again, err)
		}
		w.now = w.now.Add(appStep * 2e9)
		b := w.browser()
		signIn := testkit.Pairs("email", ada.Email, "password", password)
		b.Want("POST", "/sign-in", signIn, 303, secondStepPath)
		b.Want("POST", secondStepPath, testkit.Pairs("code", w.code(key, 0)), 303, "/work")

		// The key is not here.
		w.Seal = nil
		w.now = w.now.Add(appStep * 2e9)
		b = w.browser()
		b.Want("POST", "/sign-in", signIn, 303, secondStepPath)
		b.Want("POST", secondStepPath, testkit.Pairs("code", w.code(key, 0)), 409, "This cannot be used at the moment")
		b.Want("POST", secondStepPath, testkit.Pairs("code", codes[0]), 303, "/work")
		b.Want("GET", signingInPath, nil, 200, "The key that keeps secrets in the database is missing")
		b.Want("POST", "/work/account/apps/begin", nil, 409, "This cannot be used at the moment")
		_, err = w.AddProvider(w.ctx(), ada, Provider{Name: "Port", ClientSecret: "x"})
		w.is(err, ErrUnsealed)
	})
}
