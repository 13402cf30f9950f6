package publish

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// An Answer is a page or a file as bytes, plain and zipped, with its headers made
// once.
type Answer struct {
	plain, zipped form
	keep, media   []string
}

// form is one way to send the same answer.
type form struct {
	body                  []byte
	length, tag, encoding []string
}

// vary says that the answer may be sent in more than one form.
var vary = []string{"Accept-Encoding"}

// NewAnswer makes an answer that browsers and machines between may keep, if they
// ask each time whether it still stands: what is taken down is not shown again
// from what somebody kept. An answer that is not kept at all leaves nothing for
// the next person at the screen.
func NewAnswer(body []byte, media string, keep bool) (*Answer, error) {
	var zipped bytes.Buffer
	z := gzip.NewWriter(&zipped)
	_, err := z.Write(body)
	if err := errors.Join(err, z.Close()); err != nil {
		return nil, fmt.Errorf("zip an answer: %w", err)
	}
	sum := sha256.Sum256(body)
	tag := hex.EncodeToString(sum[:12])
	a := &Answer{
		plain:  form{body, []string{strconv.Itoa(len(body))}, []string{`"` + tag + `"`}, nil},
		zipped: form{zipped.Bytes(), []string{strconv.Itoa(zipped.Len())}, []string{`"` + tag + `-gzip"`}, []string{"gzip"}},
		media:  []string{media}, keep: []string{"public, no-cache"},
	}
	if !keep {
		a.keep = []string{"no-store"}
	}
	return a, nil
}

// size is what the answer takes up.
func (a *Answer) size() int64 { return int64(len(a.plain.body) + len(a.zipped.body)) }

// Send answers a request, or says that the browser has it already.
func (a *Answer) Send(w http.ResponseWriter, req *http.Request) error {
	f := &a.plain
	if strings.Contains(req.Header.Get("Accept-Encoding"), "gzip") {
		f = &a.zipped
	}
	h := w.Header()
	h["Cache-Control"], h["Etag"], h["Vary"] = a.keep, f.tag, vary
	if match := req.Header.Get("If-None-Match"); match != "" && strings.Contains(match, f.tag[0]) {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h["Content-Type"], h["Content-Length"] = a.media, f.length
	if f.encoding != nil {
		h["Content-Encoding"] = f.encoding
	}
	// An error here is a browser that has gone away.
	_, _ = w.Write(f.body)
	return nil
}
