package identity

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"

	"github.com/alexedwards/argon2id"
)

// strong takes 64 MB and about a tenth of a second: RFC 9106's second choice.
var strong = argon2id.Params{Memory: 64 << 10, Iterations: 3, Parallelism: 4, SaltLength: 16, KeyLength: 32}

// hashesAtOnce is how many hashes are made at a time: half of what the machine's processors
// could begin, since each uses several, and at most 256 MB whatever the number of people at
// the door.
func hashesAtOnce() int { return min(max(runtime.GOMAXPROCS(0)/2, 2), 4) }

// A hasher makes and checks password hashes, a few at a time.
type hasher struct {
	params argon2id.Params
	queue  *queue
	// decoy is a hash of no password, checked where there is no account, so
	// that an unknown address takes as long as a known one.
	decoy string
}

func newHasher(p argon2id.Params) *hasher {
	return &hasher{params: p, queue: newQueue(hashesAtOnce()), decoy: decoy(p)}
}

// decoy writes what argon2id writes, of a salt and a key that come from no
// password: making one from a password would take the time of a hash at every
// start.
func decoy(p argon2id.Params) string {
	random := func(n uint32) string {
		b := make([]byte, n)
		rand.Read(b)
		return base64.RawStdEncoding.EncodeToString(b)
	}
	return fmt.Sprintf("$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s",
		p.Memory, p.Iterations, p.Parallelism, random(p.SaltLength), random(p.KeyLength))
}

// hash makes the hash of a password with a salt of its own, in the turn of the line from.
func (h *hasher) hash(ctx context.Context, from, password string) (hash string, err error) {
	err = h.inTurn(ctx, from, func() (err error) {
		hash, err = argon2id.CreateHash(password, &h.params)
		return err
	})
	return hash, err
}

// check reports whether password is the one hashed, in the turn of the line from. weak says
// that the hash was made with less, or other, work than is asked today.
func (h *hasher) check(ctx context.Context, from, password, hash string) (ok, weak bool, err error) {
	p, err := readHash(hash)
	if err != nil {
		return false, false, err
	}
	err = h.inTurn(ctx, from, func() (err error) {
		ok, _, err = argon2id.CheckHash(password, hash)
		return err
	})
	return ok, p != h.params, err
}

// inTurn does one hash's work when it is its turn.
func (h *hasher) inTurn(ctx context.Context, from string, work func() error) error {
	leave, err := h.queue.enter(ctx, from)
	if err != nil {
		return err
	}
	defer leave()
	return work()
}

var errHash = errors.New("the stored password hash is not one of ours")

// readHash reads what a hash was made with, and refuses what would take more
// memory or time than a strong one, or none, with which argon2id panics.
func readHash(hash string) (argon2id.Params, error) {
	p, _, _, err := argon2id.DecodeHash(hash)
	if err != nil || p.Memory == 0 || p.Memory > strong.Memory || p.Iterations == 0 || p.Iterations > 10 ||
		p.Parallelism == 0 || p.KeyLength != strong.KeyLength {
		return argon2id.Params{}, errHash
	}
	return *p, nil
}
