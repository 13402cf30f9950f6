package publish

import (
	"net/http"

	"kith/internal/kit/zipped"
)

// An Answer is a page or a file as bytes, plain and zipped, and whether it may be
// kept.
type Answer struct {
	body *zipped.Body
	keep string
}

// NewAnswer makes an answer that browsers and machines between may keep, if they
// ask each time whether it still stands: what is taken down is not shown again
// from what somebody kept. An answer that is not kept at all leaves nothing for
// the next person at the screen, and its links do not say where they were followed.
func NewAnswer(body []byte, media string, keep bool) (*Answer, error) {
	b, err := zipped.New(body, media)
	if err != nil {
		return nil, err
	}
	a := &Answer{body: b, keep: "public, no-cache"}
	if !keep {
		a.keep = "no-store"
	}
	return a, nil
}

// size is what the answer takes up.
func (a *Answer) size() int64 { return a.body.Size() }

// Send answers a request, or says that the browser has it already.
func (a *Answer) Send(w http.ResponseWriter, req *http.Request) error {
	w.Header().Set("Cache-Control", a.keep)
	if a.keep == "no-store" {
		w.Header().Set("Referrer-Policy", "no-referrer")
	}
	a.body.ServeHTTP(w, req)
	return nil
}
