package seal

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kith/internal/testkit"
)

var place = Place{Table: "t", Row: "r", Column: "c"}

func box(t *testing.T, first byte) *Box {
	t.Helper()
	key := make([]byte, keyBytes)
	key[0] = first
	b, err := New(key)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestSeal: a secret opens at its place with its key, whole, and nowhere else.
func TestSeal(t *testing.T) {
	t.Parallel()
	b := box(t, 1)
	for _, secret := range []string{"", "otpauth://totp/x?secret=ABC", strings.Repeat("é", 1000)} {
		s, err := b.Seal(place, secret)
		if err != nil || !Sealed(s) || secret != "" && strings.Contains(s, secret) {
			t.Fatal(s, err)
		}
		if got, err := b.Open(place, s); err != nil || got != secret {
			t.Errorf("%q, %v", got, err)
		}
		again, err := b.Seal(place, secret)
		if err != nil || again == s {
			t.Error("the same secret is sealed twice to the same")
		}
		flipped := []byte(s)
		flipped[len(flipped)-3] ^= 1
		for what, try := range map[string]func() (string, error){
			"another row":    func() (string, error) { return b.Open(Place{"t", "q", "c"}, s) },
			"another column": func() (string, error) { return b.Open(Place{"t", "r", "d"}, s) },
			"another table":  func() (string, error) { return b.Open(Place{"u", "r", "c"}, s) },
			"parts shifted":  func() (string, error) { return b.Open(Place{"t", "r\x00c", ""}, s) },
			"another key":    func() (string, error) { return box(t, 2).Open(place, s) },
			"changed":        func() (string, error) { return b.Open(place, string(flipped)) },
			"cut":            func() (string, error) { return b.Open(place, s[:len(s)-8]) },
			"in the clear":   func() (string, error) { return b.Open(place, secret) },
			"nothing in it":  func() (string, error) { return b.Open(place, prefix) },
		} {
			if got, err := try(); !errors.Is(err, ErrDamaged) || got != "" {
				t.Errorf("%s: %q, %v", what, got, err)
			}
		}
	}
	for _, none := range []*Box{nil, {}} {
		if _, err := none.Seal(place, "x"); !errors.Is(err, ErrNoKey) {
			t.Error(err)
		}
		if _, err := none.Open(place, "x"); !errors.Is(err, ErrNoKey) {
			t.Error(err)
		}
	}
	if _, err := New(make([]byte, 16)); !errors.Is(err, ErrBadKey) {
		t.Error(err)
	}
}

// TestLoad: the key is made once, read again, missed, told from another, and given to nodes.
func TestLoad(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		ctx, dir := context.Background(), t.TempDir()
		var from Given
		load := func(dir string) *Box {
			t.Helper()
			b, err := Load(ctx, s.Work, dir, from)
			if err != nil {
				t.Fatal(err)
			}
			return b
		}
		sealed, err := load(dir).Seal(place, "secret")
		if err != nil {
			t.Fatal(err)
		}
		at := filepath.Join(dir, File)
		info, err := os.Stat(at)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Fatal(info.Mode(), err)
		}
		if got, err := load(dir).Open(place, sealed); err != nil || got != "secret" {
			t.Error(got, err)
		}
		key, err := os.ReadFile(at)
		if err != nil {
			t.Fatal(err)
		}

		// Another node, whose folder has no key: it makes none, and says so.
		other := t.TempDir()
		if b := load(other); b.Ready() || !strings.Contains(b.Why().Error(), File+" was not found") {
			t.Error(b.Why())
		}
		if _, err := os.Stat(filepath.Join(other, File)); err == nil {
			t.Error("a second key was made")
		}
		// Or the key of something else.
		wrong := strings.Repeat("ab", keyBytes)
		if err := os.WriteFile(filepath.Join(other, File), []byte(wrong), 0o600); err != nil {
			t.Fatal(err)
		}
		if b := load(other); b.Ready() || !errors.Is(b.Why(), errMadeElse) {
			t.Error(b.Why())
		}
		// It is given the key.
		from = Given{Key: strings.TrimSpace(string(key))}
		if got, err := load(other).Open(place, sealed); err != nil || got != "secret" {
			t.Error(got, err)
		}
		from.File = at
		if _, err := Load(ctx, s.Work, other, from); !errors.Is(err, ErrBadKey) {
			t.Error(err)
		}
		from.Key = ""
		if got, err := load(other).Open(place, sealed); err != nil || got != "secret" {
			t.Error(got, err)
		}
		for _, bad := range []string{"", "abc", strings.Repeat("x", 64), wrong + "ab"} {
			if err := os.WriteFile(at, []byte(bad), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := Load(ctx, s.Work, other, from); !errors.Is(err, ErrBadKey) ||
				bad != "" && strings.Contains(err.Error(), bad) {
				t.Errorf("%q: %v", bad, err)
			}
		}
		from.File = filepath.Join(dir, "nothing")
		if _, err := Load(ctx, s.Work, other, from); !errors.Is(err, ErrBadKey) {
			t.Error(err)
		}
	})
}
