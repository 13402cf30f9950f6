package recent

import (
	"context"
	"errors"
	"testing"
	"time"
)

func TestValue(t *testing.T) {
	t.Parallel()
	now, stored, reads := time.Unix(0, 0), "a", 0
	var fail error
	var during func()
	v := Value[string]{Now: func() time.Time { return now }, Read: func(context.Context) (string, error) {
		reads++
		got := stored
		if during != nil {
			during()
		}
		return got, fail
	}}
	want := func(value string, n int) {
		t.Helper()
		got, err := v.Get(t.Context())
		if err != nil || got != value || reads != n {
			t.Fatalf("%q after %d reads (%v), want %q after %d", got, reads, err, value, n)
		}
	}
	want("a", 1)
	stored = "b"
	want("a", 1) // kept
	now = now.Add(usual)
	want("b", 2) // another process changed it
	stored = "c"
	v.Forget()
	want("c", 3)

	// A change while the old value is being read is not lost.
	v.Forget()
	during = func() { stored = "d"; v.Forget() }
	want("c", 4)
	during = nil
	want("d", 5)

	v.Forget()
	fail = errors.New("no answer")
	if _, err := v.Get(t.Context()); !errors.Is(err, fail) {
		t.Fatal(err)
	}
	if got, ok := v.Last(); !ok || got != "d" {
		t.Fatal(got, ok)
	}
	fail = nil
	want("d", 7)
}
