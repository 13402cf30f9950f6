package identity

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
)

// A strength says how much work one guess is.
type strength struct {
	memory  uint32 // KiB
	passes  uint32
	threads uint8
}

// strong takes 64 MB and about a tenth of a second: RFC 9106's second choice.
var strong = strength{memory: 64 << 10, passes: 3, threads: 4}

const (
	saltBytes = 16
	keyBytes  = 32
	// hashesAtOnce bounds what signing in can take: two times 64 MB, whatever
	// the number of people at the door.
	hashesAtOnce = 2
	// hashWait is how long somebody waits for their turn before being told to
	// come back.
	hashWait = 10 * time.Second
)

// A hasher makes and checks password hashes, a few at a time.
type hasher struct {
	strength
	turns chan struct{}
	// decoy is a hash of no password, checked where there is no account, so
	// that an unknown address takes as long as a known one.
	decoy string
}

func newHasher(s strength) *hasher {
	h := &hasher{strength: s, turns: make(chan struct{}, hashesAtOnce)}
	h.decoy = h.phc(random(saltBytes), random(keyBytes))
	return h
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

// hash makes the hash of a password with a salt of its own.
func (h *hasher) hash(ctx context.Context, password string) (string, error) {
	salt := random(saltBytes)
	key, err := h.derive(ctx, password, salt, h.strength)
	if err != nil {
		return "", err
	}
	return h.phc(salt, key), nil
}

// check reports whether password is the one hashed. weak says that the hash was
// made with less, or other, work than is asked today.
func (h *hasher) check(ctx context.Context, password, phc string) (ok, weak bool, err error) {
	s, salt, want, err := readPHC(phc)
	if err != nil {
		return false, false, err
	}
	got, err := h.derive(ctx, password, salt, s)
	if err != nil {
		return false, false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1, s != h.strength, nil
}

func (h *hasher) derive(ctx context.Context, password string, salt []byte, s strength) ([]byte, error) {
	wait := time.NewTimer(hashWait)
	defer wait.Stop()
	select {
	case h.turns <- struct{}{}:
	case <-wait.C:
		return nil, ErrBusy
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-h.turns }()
	return argon2.IDKey([]byte(password), salt, s.passes, s.memory, s.threads, keyBytes), nil
}

// phc writes a hash in the PHC string format.
func (h *hasher) phc(salt, key []byte) string {
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, h.memory, h.passes, h.threads, b64.EncodeToString(salt), b64.EncodeToString(key))
}

var errPHC = errors.New("the stored password hash is not one of ours")

// readPHC reads what phc wrote, and nothing that would take the memory of more
// than a strong hash.
func readPHC(phc string) (s strength, salt, key []byte, err error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return s, nil, nil, errPHC
	}
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &s.memory, &s.passes, &s.threads); err != nil {
		return s, nil, nil, errPHC
	}
	if s.memory == 0 || s.memory > strong.memory || s.passes == 0 || s.passes > 10 || s.threads == 0 {
		return s, nil, nil, errPHC
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(parts[4])
	key, err2 := base64.RawStdEncoding.DecodeString(parts[5])
	if err1 != nil || err2 != nil || len(key) != keyBytes {
		return s, nil, nil, errPHC
	}
	return s, salt, key, nil
}
