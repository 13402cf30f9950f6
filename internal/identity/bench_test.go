package identity

import (
	"errors"
	"fmt"
	"syscall"
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/internal/testkit"
)

// BenchmarkSignIn: what signing in costs beside the hash of the password, among 100,000
// people. "hash" is the hash alone; the others are a whole sign-in, and one by an address
// that nobody has. cpu-ms/op is the processor of this process, without PostgreSQL's own,
// and tells more than the time where the machine is shared.
func BenchmarkSignIn(b *testing.B) {
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		s := testkit.NewStores(b, engine)
		crowd(b, s, 100_000)
		w := open(b, s)
		w.hasher = newHasher(strong)
		ben := w.user("Ben", "practitioner")
		hash, err := passwordOf(b.Context(), s.Work, ben.ID)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(string(engine)+"/hash", func(b *testing.B) {
			defer processor(b)()
			for b.Loop() {
				if ok, _, err := w.hasher.check(b.Context(), "", password, hash); !ok || err != nil {
					b.Fatal(ok, err)
				}
			}
		})
		b.Run(string(engine)+"/signed in", func(b *testing.B) {
			defer processor(b)()
			for b.Loop() {
				if _, err := w.SignIn(b.Context(), ben.Email, password, Visit{Address: "203.0.113.7"}); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(string(engine)+"/nobody", func(b *testing.B) {
			defer processor(b)()
			n := 0
			for b.Loop() {
				n++
				v := Visit{Address: fmt.Sprintf("10.%d.%d.%d", n>>16&255, n>>8&255, n&255)}
				_, err := w.SignIn(b.Context(), fmt.Sprintf("nobody%d@x.example", n), password, v)
				if !errors.Is(err, ErrWrong) {
					b.Fatal(err)
				}
			}
		})
	}
}

// processor tells how much of the processor each operation took, once it is called.
func processor(b *testing.B) func() {
	used := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			b.Fatal(err)
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	began := used()
	return func() { b.ReportMetric(float64((used()-began).Microseconds())/1e3/float64(b.N), "cpu-ms/op") }
}
