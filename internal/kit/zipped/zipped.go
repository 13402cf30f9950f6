// Package zipped sends bodies that are the same for everybody, zipped to the
// browsers that take it so.
//
// Only such bodies: a page made for one person holds what others may not know
// beside what somebody else may have written, and the size of both zipped together
// tells of the one to whoever chose the other. Pages of the workspace, and those
// for signing in, are sent as they are.
package zipped

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzhttp/writer"
	"github.com/klauspost/compress/gzhttp/writer/gzkp"
	"github.com/klauspost/compress/gzip"
)

// suffix ends the tag of a body that is sent zipped: what has other bytes has
// another tag.
const suffix = "-gzip"

// A Body is bytes that were zipped once, when it was made, with their headers.
type Body struct {
	plain, packed    []byte
	media, tag, hash string
	send             http.Handler
}

// New makes a body of a media type. Fonts, which are zipped already, and what is
// too small to gain are only ever sent as they are.
func New(plain []byte, media string) (*Body, error) {
	sum := sha256.Sum256(plain)
	hash := hex.EncodeToString(sum[:12])
	b := &Body{plain: plain, media: media, hash: hash, tag: `"` + hash + `"`}
	b.send = http.HandlerFunc(b.sendPlain)
	if strings.HasPrefix(media, "font/") || len(plain) < gzhttp.DefaultMinSize {
		return b, nil
	}
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, err := z.Write(plain)
	if err := errors.Join(err, z.Close()); err != nil {
		return nil, fmt.Errorf("zip a body: %w", err)
	}
	b.packed = packed.Bytes()
	// gzhttp decides who is sent what, and is handed what was zipped above in place
	// of zipping the body for each of them.
	wrap, err := gzhttp.NewWrapper(gzhttp.EnableZstd(false), gzhttp.SuffixETag(suffix),
		gzhttp.Implementation(writer.GzipWriterFactory{Levels: gzkp.Levels, New: b.ready}))
	if err != nil {
		return nil, fmt.Errorf("zip a body: %w", err)
	}
	b.send = wrap(b.send)
	return b, nil
}

// Hash is of the plain bytes.
func (b *Body) Hash() string { return b.hash }

// Plain is the bytes as they were given; they are not to be changed.
func (b *Body) Plain() []byte { return b.plain }

// Size is how many bytes the body keeps.
func (b *Body) Size() int64 { return int64(len(b.plain) + len(b.packed)) }

// ServeHTTP sends the body, or says that the browser has it already. Whether it
// may be kept is for the caller to say, in Cache-Control.
func (b *Body) ServeHTTP(w http.ResponseWriter, r *http.Request) { b.send.ServeHTTP(w, r) }

func (b *Body) sendPlain(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	if match := r.Header.Get("If-None-Match"); strings.Contains(match, b.hash) {
		tag := b.tag
		if strings.Contains(match, b.hash+suffix) {
			tag = `"` + b.hash + suffix + `"`
		}
		h.Set("Etag", tag)
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Etag", b.tag)
	h.Set("Content-Type", b.media)
	h.Set("Content-Length", strconv.Itoa(len(b.plain)))
	w.Write(b.plain) // an error is a browser that has gone away: there is nobody to tell
}

// ready stands in for a writer that zips what it is given: it is given this body,
// and sends the same, zipped before.
func (b *Body) ready(w io.Writer, _ int) writer.GzipWriter {
	if to, ok := w.(http.ResponseWriter); ok {
		to.Header().Set("Content-Length", strconv.Itoa(len(b.packed)))
	}
	return &readyWriter{to: w, packed: b.packed}
}

type readyWriter struct {
	to     io.Writer
	packed []byte
}

// Write takes a part of the plain body, which is not needed any more.
func (r *readyWriter) Write(p []byte) (int, error) { return len(p), nil }

// Flush does nothing: there is nothing to wait for.
func (r *readyWriter) Flush() error { return nil }

// Close sends the body.
func (r *readyWriter) Close() error {
	_, err := r.to.Write(r.packed)
	return err
}
