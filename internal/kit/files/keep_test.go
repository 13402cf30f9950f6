package files

import (
	"bytes"
	"errors"
	"io"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
)

// newBucket starts an S3 service in this process and gives a bucket of it.
func newBucket(t testing.TB) *Bucket {
	t.Helper()
	backend := s3mem.New()
	if err := backend.CreateBucket("papers"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(gofakes3.New(backend).Server())
	t.Cleanup(server.Close)
	b, err := ParseBucket(strings.Replace(server.URL, "//", "//KEY:SECRET@", 1) + "/papers/kith?region=eu-west-2")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestKeeps holds a folder and a bucket to the same promises.
func TestKeeps(t *testing.T) {
	t.Parallel()
	for name, keep := range map[string]Keep{"folder": Folder{t.TempDir()}, "bucket": newBucket(t).under("here")} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			long := bytes.Repeat([]byte("0123456789abcdef"), 2<<20) // 32 MB: more than one part of a bucket
			for content, words := range map[string][]byte{"aa-long": long, "bb-one": []byte("1"), "bb-short": []byte("short")} {
				if err := keep.Put(ctx, content, bytes.NewReader(words), int64(len(words))); err != nil {
					t.Fatal(err)
				}
				in, err := keep.Open(ctx, content)
				if err != nil {
					t.Fatal(err)
				}
				got, err := io.ReadAll(in)
				if err != nil || !bytes.Equal(got, words) {
					t.Errorf("%s came back with %d bytes of %d: %v", content, len(got), len(words), err)
				}
				if err := in.Close(); err != nil {
					t.Error(err)
				}
			}
			var names []string
			note := func(name string) error { names = append(names, name); return nil }
			if err := keep.Each(ctx, time.Now().Add(-time.Hour), note); err != nil || len(names) > 0 {
				t.Errorf("put within the hour, and listed as older: %v %v", names, err)
			}
			if err := keep.Each(ctx, time.Now().Add(time.Hour), note); err != nil || len(names) != 3 {
				t.Errorf("listed: %v %v", names, err)
			}
			for range 2 { // taking away what is gone is no error
				if err := keep.Remove(ctx, "aa-long"); err != nil {
					t.Error(err)
				}
			}
			if _, err := keep.Open(ctx, "aa-long"); !errors.Is(err, ErrMissing) {
				t.Errorf("what was removed: %v", err)
			}
		})
	}
}

// TestBucketsOfTwo: an installation lists nothing of another that shares its bucket.
func TestBucketsOfTwo(t *testing.T) {
	t.Parallel()
	all := newBucket(t)
	if err := all.under("one").Put(t.Context(), "a", strings.NewReader("x"), 1); err != nil {
		t.Fatal(err)
	}
	err := all.under("two").Each(t.Context(), time.Now().Add(time.Hour), func(name string) error {
		return errors.New("it lists " + name)
	})
	if err != nil {
		t.Error(err)
	}
}

// TestHalfAFile: what a crash left of a file that was arriving goes, and nothing else.
func TestHalfAFile(t *testing.T) {
	t.Parallel()
	k := Folder{t.TempDir()}
	if err := k.Put(t.Context(), "aawhole", strings.NewReader("x"), 1); err != nil {
		t.Fatal(err)
	}
	half := filepath.Join(k.Dir, "aa", arriving+"1")
	if err := os.WriteFile(half, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := k.Put(t.Context(), "aashort", strings.NewReader("x"), 2); err == nil {
		t.Error("a file that did not arrive whole was kept")
	}
	n := 0
	err := k.Each(t.Context(), time.Now().Add(time.Hour), func(string) error { n++; return nil })
	if err != nil || n != 1 {
		t.Errorf("%d contents, %v", n, err)
	}
	if _, err := os.Stat(half); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("half a file is still there: %v", err)
	}
}

// TestAddresses: what cannot be an address is refused, and no secret is repeated.
func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, address := range []string{"", "papers", "s3://KEY:hush@host/papers", "https://host/papers",
		"https://KEY@host/papers", "https://KEY:hush@host", "https://KEY:hush@host/", "https://KEY:hush@ho st/papers"} {
		if _, err := ParseBucket(address); !errors.Is(err, ErrAddress) || strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: %v", address, err)
		}
	}
	for address, ok := range map[string]bool{"127.0.0.1:3310": true, "/run/clamav/clamd.ctl": true, "clamd": false,
		":3310": false, "": false} {
		if _, err := NewClamd(address); (err == nil) != ok {
			t.Errorf("%q: %v", address, err)
		}
	}
}
