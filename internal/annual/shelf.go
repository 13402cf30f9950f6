package annual

import (
	"net/http"
	"sync"
	"time"
)

// A shelf keeps pages of published reports as they were last sent, so that a page
// many people read is made once a second and not once a reader. Publishing and
// withdrawing clear it; another node's are seen when what it keeps is old.
type shelf struct {
	mu    sync.Mutex
	pages map[string]kept
}

type kept struct {
	body  []byte
	until time.Time
}

const (
	keptFor   = time.Second
	keptPages = 500 // a report has about sixty pages
)

// take gives the page that was kept for an address, if it is not old.
func (s *shelf) take(address string) ([]byte, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	k, ok := s.pages[address]
	return k.body, ok && time.Now().Before(k.until)
}

// keep puts a page on the shelf.
func (s *shelf) keep(address string, body []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.pages == nil || len(s.pages) >= keptPages {
		s.pages = map[string]kept{}
	}
	s.pages[address] = kept{body, time.Now().Add(keptFor)}
}

// clear forgets all pages.
func (s *shelf) clear() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.pages = nil
}

// sendPage answers with a whole page of a report.
func sendPage(w http.ResponseWriter, body []byte) error {
	w.Header().Set("Cache-Control", "public, no-cache")
	return send(w, "text/html; charset=utf-8", body)
}
