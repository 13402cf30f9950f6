package testkit

import (
	"runtime"
	"runtime/debug"
	"time"
)

// Peak gives the most memory, in MB, that f held at a time above what was held
// before, as far as looking every few milliseconds can tell.
func Peak(f func()) uint64 {
	defer debug.SetGCPercent(debug.SetGCPercent(100)) // the tests run with less collecting than the program
	runtime.GC()
	debug.FreeOSMemory()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before, most := m.HeapAlloc, m.HeapAlloc
	stop, done := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(done)
		look := time.NewTicker(5 * time.Millisecond)
		defer look.Stop()
		for {
			select {
			case <-stop:
				return
			case <-look.C:
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapAlloc)
			}
		}
	}()
	f()
	close(stop)
	<-done
	return (most - before) >> 20
}
