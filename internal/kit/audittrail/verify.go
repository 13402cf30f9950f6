package audittrail

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"golang.org/x/mod/sumdb/note"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
)

// A Report is what a check of the trail found.
type Report struct {
	Sealed   int64     // links of the chain
	Open     int       // entries that are not sealed yet
	Until    time.Time // when the newest head was signed; zero when none was
	Faults   []string  // what is wrong, in words, in the order of the chain
	More     int       // faults beyond those listed
	Unproven int       // heads that are signed by keys which are not at hand
}

// OK reports whether nothing is wrong.
func (r *Report) OK() bool { return len(r.Faults) == 0 }

// mostFaults is how many faults are told of.
const mostFaults = 20

func (r *Report) fault(format string, args ...any) {
	if len(r.Faults) == mostFaults {
		r.More++
		return
	}
	r.Faults = append(r.Faults, fmt.Sprintf(format, args...))
}

// verifyBatch is how many links are read at a time.
const verifyBatch = 2000

// Verify checks the whole trail of a store: every entry is as it was when it was sealed,
// none is gone, none was put between, and the chain reaches as far as every head says
// that was signed, those in the store and those that were kept elsewhere. keys are the
// public keys to check heads with.
func Verify(ctx context.Context, d *db.DB, kept []string, keys ...string) (*Report, error) {
	r := &Report{}
	var verifiers []note.Verifier
	for _, k := range keys {
		if k == "" {
			continue
		}
		v, err := note.NewVerifier(k)
		if err != nil {
			return nil, fmt.Errorf("read a public key: %w", err)
		}
		verifiers = append(verifiers, v)
	}
	err := d.Snapshot(ctx, func(q db.Reader) error {
		stored, err := heads(ctx, q)
		if err != nil {
			return err
		}
		signed := r.readHeads(note.VerifierList(verifiers...), stored, kept)
		return r.walk(ctx, q, signed)
	})
	return r, db.Wrap(err, "check the audit trail")
}

// readHeads reads heads, checks their signatures, and gives them by their place.
func (r *Report) readHeads(keys note.Verifiers, stored, kept []string) []head {
	var out []head
	for i, text := range append(slices.Clone(stored), kept...) {
		where := "A head in the database"
		if i >= len(stored) {
			where = "A head that was kept"
		}
		n, err := note.Open([]byte(text), keys)
		var unknown *note.UnverifiedNoteError
		if errors.As(err, &unknown) {
			n, err = unknown.Note, nil
			r.Unproven++
		}
		if err != nil {
			r.fault("%s is not as it was signed.", where)
			continue
		}
		h, err := readHead(n.Text)
		if err != nil {
			r.fault("%s is not to be understood.", where)
			continue
		}
		out = append(out, h)
		if h.At.After(r.Until) {
			r.Until = h.At
		}
	}
	slices.SortStableFunc(out, func(a, b head) int { return int(a.N - b.N) })
	return out
}

// at says which act a link is of.
func (f found) words() string {
	return fmt.Sprintf("Act %d (%s, recorded %s)", f.N, f.EntryID, lang.DateTime(f.At.Time))
}

// walk follows the chain from its beginning.
func (r *Report) walk(ctx context.Context, q db.Reader, signed []head) error {
	erased, err := erasures(ctx, q)
	if err != nil {
		return err
	}
	e, err := readEnd(ctx, q)
	if errors.Is(err, db.ErrNotFound) {
		r.fault("The end of the chain was taken away.")
	} else if err != nil {
		return err
	}
	var last found
	known := true // what the hash before the next link was
	for {
		list, err := linksAfter(ctx, q, last.N, verifyBatch)
		if err != nil {
			return err
		}
		for _, f := range list {
			if f.N != last.N+1 {
				r.gap(last.N+1, f.N-1)
				known = false
			}
			r.check(f, last.Hash, known, erased)
			last, known = f, true
			for len(signed) > 0 && signed[0].N <= f.N {
				h := signed[0]
				signed = signed[1:]
				if h.N == f.N && h.Hash != f.Hash {
					r.fault("The acts up to %d are not those that were signed on %s.", h.N, lang.DateTime(h.At))
				}
			}
		}
		if len(list) < verifyBatch {
			break
		}
	}
	r.Sealed = last.N
	if e.N > last.N {
		r.gap(last.N+1, e.N)
	} else if e.N != last.N || e.Hash != last.Hash {
		r.fault("The end of the chain is not its last act.")
	}
	for _, h := range signed { // beyond the last link
		r.fault("There were %s when the head of %s was signed, and there are %s now: the last were taken away.",
			lang.Plural(int(h.N), "act", "acts"), lang.DateTime(h.At), lang.Number(int(last.N)))
	}
	return r.outside(ctx, q)
}

func (r *Report) gap(from, to int64) {
	if from == to {
		r.fault("Act %d was taken out of the chain.", from)
		return
	}
	r.fault("Acts %d to %d were taken out of the chain.", from, to)
}

// check holds one link to its entry and to the link before it.
func (r *Report) check(f found, before string, known bool, erased []string) {
	if !f.There {
		r.fault("Act %d (%s) was deleted.", f.N, f.EntryID)
		return
	}
	whoGone := f.WhoSalt == "" && f.Person == "" && slices.Contains(erased, f.PersonID)
	wordsGone := f.WordsSalt == "" && f.Detail == "" && f.Reason == "" && f.Changes == "" && f.Subject == "person" &&
		slices.Contains(erased, f.SubjectID)
	switch {
	case known && f.hashAfter(before) != f.Hash, !whoGone && f.who() != f.Who, !wordsGone && f.link.words() != f.Words:
		r.fault("%s was changed, or put in another place.", f.words())
	}
}

// outside looks for what is not in the chain.
func (r *Report) outside(ctx context.Context, q db.Reader) error {
	var gone int
	var err error
	if r.Open, gone, err = openCount(ctx, q); err != nil {
		return err
	}
	if gone > 0 {
		r.fault("%s deleted before the next seal.", lang.Plural(gone, "act was", "acts were"))
	}
	list, err := unchained(ctx, q, mostFaults)
	if err != nil {
		return err
	}
	for _, e := range list {
		r.fault("An act (%s, dated %s) was added past the program.", e.ID, lang.DateTime(e.At.Time))
	}
	return nil
}
