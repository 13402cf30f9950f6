// Package filestest gives tests a store of files.
package filestest

import (
	"testing"

	"kith/internal/kit/clock"
	"kith/internal/kit/files"
	"kith/internal/kit/ids"
	"kith/internal/kit/jobs"
	"kith/internal/testkit"
)

// New gives a store of files on fresh stores, in a folder of the test's. checker is nil
// for an installation without a virus checker. Its jobs are run by Jobs.RunDue.
func New(t testing.TB, s testkit.Stores, now clock.Clock, checker files.Checker) *files.Store {
	t.Helper()
	queue := jobs.New(s.Work, now, ids.New, testkit.Log(t))
	t.Cleanup(queue.Stop)
	store, err := files.New(files.Deps{Work: s.Work, Now: now, NewID: ids.New, Log: testkit.Log(t), Jobs: queue,
		Checker: checker, Dir: t.TempDir()})
	if err == nil {
		err = store.Open(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	return store
}
