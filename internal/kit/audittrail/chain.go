package audittrail

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/note"

	"kith/internal/kit/clock"
	"kith/internal/kit/db"
	"kith/internal/kit/ids"
)

// Entries are chained once they are committed: each link has the hash of the link before
// it and of its entry, so that no entry can be changed, taken out or put elsewhere without
// every later hash being another. The transaction that notes an entry adds an open link
// and nothing more: a chain made there would have everybody who writes wait for each other.
// A sealer gives the open links their places, each minute, holding the end of the chain;
// two nodes that seal at once make one chain.
//
// Who has the database could make the whole chain again. So its end, the head, is signed
// with a key that is not in the database, and the signed heads are appended to a file
// beside it; docs/operating.md says how to keep them elsewhere too.
//
// What names people is chained by a salted hash of its own, and the hash of the link has
// that hash and not the words: when somebody is erased, words and salt go and the chain
// stands.

// sealBatch is how many links one transaction closes.
const sealBatch = 500

// sealEvery is how often the sealer looks for open links.
const sealEvery = time.Minute

// A Chain seals the trail of one installation.
type Chain struct {
	DB  *db.DB
	Now clock.Clock
	Dir string // the folder with the key and the heads; made when it is missing
}

// A link is an entry and its place in the chain.
type link struct {
	N         int64
	WhoSalt   string
	Who       string
	WordsSalt string
	Words     string
	Hash      string
	Entry
}

// part is a text as it is hashed: with its length, so that no two lists of texts are one.
func part(b *strings.Builder, s string) { fmt.Fprintf(b, "%d:%s,", len(s), s) }

func digest(parts ...string) string {
	var b strings.Builder
	for _, s := range parts {
		part(&b, s)
	}
	sum := sha256.Sum256([]byte(b.String()))
	return hex.EncodeToString(sum[:])
}

func (l link) who() string { return digest(l.WhoSalt, l.Person) }

func (l link) words() string { return digest(l.WordsSalt, l.Detail, l.Reason, l.Changes) }

// hashAfter is the hash of a link that stands after another. Times count to the
// microsecond, which is what both engines keep.
func (l link) hashAfter(before string) string {
	at := l.At.UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano)
	return digest(before, fmt.Sprint(l.N), l.ID, at, l.PersonID, l.Act, l.Subject, l.SubjectID, l.Who, l.Words)
}

// Seal closes the links that are open, signs the new end, and says how many it closed.
func (c *Chain) Seal(ctx context.Context) (int, error) {
	total := 0
	for {
		n, err := c.closeSome(ctx)
		if err != nil {
			return total, fmt.Errorf("seal the audit trail: %w", err)
		}
		total += n
		if n < sealBatch {
			break
		}
	}
	return total, db.Wrap(c.sign(ctx), "sign the end of the audit trail")
}

// closeSome gives up to a batch of open links their places.
func (c *Chain) closeSome(ctx context.Context) (int, error) {
	var list []link
	err := c.DB.Tx(ctx, func(q db.Q) error {
		if ids, err := openLinks(ctx, q, 1); err != nil || len(ids) == 0 {
			return err // nothing to hold the end for
		}
		end, err := lockEnd(ctx, q)
		if err != nil {
			return err
		}
		if list, err = openLinks(ctx, q, sealBatch); err != nil {
			return err
		}
		for _, l := range list {
			end.N++
			l.N, l.WhoSalt, l.WordsSalt = end.N, ids.Secret(), ids.Secret()
			l.Who, l.Words = l.who(), l.words()
			l.Hash = l.hashAfter(end.Hash)
			end.Hash = l.Hash
			if err := closeLink(ctx, q, l); err != nil {
				return err
			}
		}
		return setEnd(ctx, q, end)
	})
	return len(list), err
}

// sign signs the end, unless that was done.
func (c *Chain) sign(ctx context.Context) error {
	e, err := readEnd(ctx, c.DB)
	if err != nil || e.N == 0 {
		return err
	}
	if signed, err := lastSigned(ctx, c.DB); err != nil || signed >= e.N {
		return err
	}
	signer, err := c.signer()
	if err != nil {
		return err
	}
	h := head{N: e.N, Hash: e.Hash, At: c.Now().UTC().Truncate(time.Second)}
	signed, err := note.Sign(&note.Note{Text: h.text()}, signer)
	if err != nil {
		return err
	}
	added := false
	err = c.DB.Tx(ctx, func(q db.Q) (err error) {
		added, err = insertHead(ctx, q, e.N, string(signed))
		return err
	})
	if err != nil || !added { // another node signed it
		return err
	}
	return c.keep(string(signed))
}

// Run seals each minute until ctx ends, and then once more. failed is told what went
// wrong.
func (c *Chain) Run(ctx context.Context, failed func(error)) {
	t := time.NewTicker(sealEvery)
	defer t.Stop()
	for {
		if _, err := c.Seal(context.WithoutCancel(ctx)); err != nil {
			failed(err)
		}
		select {
		case <-ctx.Done():
			if _, err := c.Seal(context.WithoutCancel(ctx)); err != nil {
				failed(err)
			}
			return
		case <-t.C:
		}
	}
}

// actErased is the act by which Erase says that it took names and words out.
const actErased = "erased from the audit trail"

// trailSubject is what the trail calls itself.
const trailSubject = "audit trail"

// ErrOpenLinks is returned by Erase while entries are not sealed: sealed with what is
// erased meanwhile, they would be found to be changed.
var ErrOpenLinks = errors.New("not all entries are sealed yet")

// Erase takes a person out of the trail: their name where they did something, and the
// words of what was done to their record. That something was done, when and to what
// stays, and so does the chain. It says so itself, with the reason.
func (t Trail) Erase(ctx context.Context, q db.Q, e Entry) error {
	if _, err := lockEnd(ctx, q); err != nil {
		return err
	}
	if open, err := openLinks(ctx, q, 1); err != nil || len(open) > 0 {
		return errors.Join(err, ErrOpenLinks)
	}
	if err := eraseWho(ctx, q, e.SubjectID); err != nil {
		return err
	}
	if err := eraseWords(ctx, q, "person", e.SubjectID); err != nil {
		return err
	}
	e.ID, e.At, e.Act, e.Subject = t.NewID(), db.At(t.Now()), actErased, trailSubject
	return Note(ctx, q, e)
}
