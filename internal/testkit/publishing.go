package testkit

import (
	"testing"
	"time"

	"kith/internal/kit/clock"
	"kith/internal/kit/ids"
	"kith/internal/kit/jobs"
	"kith/internal/kit/publish"
)

// Publishing gives an outbox between the stores of a test, and the cache of a node
// that publishes. Its jobs are run by nobody: a test that waits for them calls
// Sweep. wait stands in for the time that a taking down waits; nil waits not at
// all.
func Publishing(t testing.TB, s Stores, now clock.Clock, wait func(time.Duration)) (*publish.Outbox, *publish.Cache) {
	if wait == nil {
		wait = func(time.Duration) {}
	}
	log, cache := Log(t), publish.NewCache(s.Public, now)
	return publish.New(publish.Deps{Work: s.Work, Public: s.Public, Now: now, Jobs: jobs.New(s.Work, now, ids.New, log),
		Log:   log,
		Cache: cache, Wait: wait}), cache
}
