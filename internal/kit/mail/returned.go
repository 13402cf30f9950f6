package mail

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"kith/internal/kit/db"
	"kith/internal/kit/lang"
)

// A Returned is an address that mail came back from for good. Nothing is sent there until
// somebody has corrected it, or said that it may be tried again.
type Returned struct {
	Address  string
	At       db.Time
	Words    string // why: "there is no such mailbox"
	Detail   string // what the mail server said
	LetterID string // the letter that came back
}

// On says it: "E-mail to this address came back on 3 March 2026: there is no such mailbox."
func (r Returned) On() string {
	return "E-mail to this address came back on " + lang.Date(lang.London(r.At.Time)) + ": " + r.Words + "."
}

// AddressKey writes an address as those that came back are kept.
func AddressKey(address string) string { return strings.ToLower(strings.TrimSpace(address)) }

// A Back is what came back from some addresses, by AddressKey.
type Back map[string]Returned

// Of says that mail to an address came back; "" where it did not.
func (b Back) Of(address string) string {
	if r, is := b[AddressKey(address)]; is {
		return r.On()
	}
	return ""
}

// ReturnedOf gives what came back from some addresses.
func ReturnedOf(ctx context.Context, q db.Reader, addresses ...string) (Back, error) {
	out := Back{}
	var keys []string
	for _, a := range addresses {
		if a != "" {
			keys = append(keys, AddressKey(a))
		}
	}
	if len(keys) == 0 {
		return out, nil
	}
	var args []any
	all, err := db.All[Returned](ctx, q, `SELECT address, at, words, detail, letter_id FROM mail_returned
		WHERE address IN `+db.In(&args, keys), args...)
	for _, r := range all {
		out[r.Address] = r
	}
	return out, db.Wrap(err, "look which addresses mail came back from")
}

// CameBack says why nothing is sent to an address any more, "" where mail is: "e-mail to
// ann@health.example came back on 3 March 2026: there is no such mailbox".
func (o *Outbox) CameBack(ctx context.Context, q db.Reader, address string) (string, error) {
	all, err := ReturnedOf(ctx, q, address)
	r, is := all[AddressKey(address)]
	if err != nil || !is {
		return "", err
	}
	return "e-mail to " + address + " came back on " + lang.Date(lang.London(r.At.Time)) + ": " + r.Words, nil
}

// markReturned keeps that mail to an address came back for good; the first reason stands.
func markReturned(ctx context.Context, q db.Q, r Returned) error {
	_, err := db.Exec(ctx, q, `INSERT INTO mail_returned (address, at, words, detail, letter_id)
		VALUES ($1, $2, $3, $4, $5) ON CONFLICT (address) DO NOTHING`,
		AddressKey(r.Address), r.At, r.Words, r.Detail, r.LetterID)
	return db.Wrap(err, "keep that mail came back")
}

// TryAgain takes an address that mail came back from into use again, and sends what was held
// for it, in the caller's transaction. It returns how many letters that is, and
// db.ErrNotFound where nothing came back.
func (o *Outbox) TryAgain(ctx context.Context, q db.Q, address string) (int, error) {
	if err := db.Must(ctx, q, `DELETE FROM mail_returned WHERE address = $1`, AddressKey(address)); err != nil {
		return 0, err
	}
	held, err := db.All[string](ctx, q, `SELECT id FROM mail_outbox WHERE state = 'held' AND lower(to_address) = $1
		ORDER BY created_at, id`, AddressKey(address))
	if err != nil {
		return 0, err
	}
	for _, id := range held {
		if err := o.Again(ctx, q, id); err != nil {
			return 0, err
		}
	}
	return len(held), nil
}

// Again sends a letter once more that was held, refused or not sent in the end, in the
// caller's transaction. It returns db.ErrNotFound for one in another state, and for one that
// had gone out before it came back: what only its reader was to have is no longer in it.
func (o *Outbox) Again(ctx context.Context, q db.Q, id string) error {
	how, err := o.Using(ctx, q)
	if err != nil {
		return err
	}
	state := waiting
	if how.How == ByNone {
		state = kept
	}
	err = db.Must(ctx, q, `UPDATE mail_outbox SET state = $2, problem = ''
		WHERE id = $1 AND state IN ('held', 'failed', 'returned') AND sent_at IS NULL`, id, state)
	if err != nil || state == kept {
		return err
	}
	return o.Jobs.Enqueue(ctx, q, JobKind, id)
}

// giveUp keeps that a letter came back: its state is returned where it is the address that is
// wrong, and failed where the letter alone was refused.
func (o *Outbox) giveUp(ctx context.Context, q db.Q, e Entry, f *Refusal) error {
	state := failed
	if f.Address {
		state = returned
		if err := markReturned(ctx, q, Returned{Address: e.ToAddress, At: db.At(o.Now()), Words: f.Words, Detail: f.Detail,
			LetterID: e.ID}); err != nil {
			return err
		}
	}
	return db.Must(ctx, q, `UPDATE mail_outbox SET state = $2, problem = $3 WHERE id = $1`, e.ID, state, f.sentence())
}

// A Refusal is why a letter was not taken, or did not arrive.
type Refusal struct {
	Permanent bool   // it is not to be tried again
	Address   bool   // it is the address that is wrong, whatever is sent there
	Ours      bool   // it is the way we send that is wrong, such as a password
	Words     string // for people, as the end of a sentence: "there is no such mailbox"
	Detail    string // what the other side said
}

// Error gives the words, and what the other side said.
func (r *Refusal) Error() string {
	if r.Detail == "" {
		return r.Words
	}
	return fmt.Sprintf("%s (%s)", r.Words, r.Detail)
}

// sentence says the refusal by itself.
func (r *Refusal) sentence() string {
	text := lang.Sentence(r.Words) + "."
	if r.Detail != "" {
		text += " The answer was: " + r.Detail
	}
	return text
}

// refusalOf gives the refusal in an error; one that is to be tried again for any other.
func refusalOf(err error) *Refusal {
	var r *Refusal
	if errors.As(err, &r) {
		return r
	}
	return &Refusal{Words: "the mail server could not be reached", Detail: err.Error()}
}

// MayGoAgain reports whether a message can be sent once more: it was held or refused and never
// went out.
func (e Entry) MayGoAgain() bool {
	return (e.State == held || e.State == failed || e.State == returned) && e.SentAt.IsZero()
}

// AllReturned lists the addresses that mail came back from, newest first.
func AllReturned(ctx context.Context, q db.Reader) ([]Returned, error) {
	return db.All[Returned](ctx, q, `SELECT address, at, words, detail, letter_id FROM mail_returned
		ORDER BY at DESC, address`)
}

// Held counts the messages that are held, by the address as AddressKey writes it.
func Held(ctx context.Context, q db.Reader) (map[string]int, error) {
	type row struct {
		Address string
		N       int
	}
	all, err := db.All[row](ctx, q, `SELECT lower(to_address), count(*) FROM mail_outbox WHERE state = 'held'
		GROUP BY lower(to_address)`)
	out := map[string]int{}
	for _, x := range all {
		out[x.Address] = x.N
	}
	return out, db.Wrap(err, "count what is held")
}

// Stuck counts the messages that wait and were tried without being taken, and says what the newest
// of them met.
func Stuck(ctx context.Context, q db.Reader) (n int, why string, err error) {
	all, err := db.All[string](ctx, q, `SELECT problem FROM mail_outbox WHERE state = 'waiting' AND problem <> ''
		ORDER BY created_at DESC, id DESC`)
	if err != nil || len(all) == 0 {
		return 0, "", db.Wrap(err, "look what waits to be sent")
	}
	return len(all), all[0], nil
}

// Latest gives the id of the newest message to an address.
func (o *Outbox) Latest(ctx context.Context, q db.Reader, address string) (string, error) {
	return db.Get[string](ctx, q,
		`SELECT id FROM mail_outbox WHERE to_address = $1 ORDER BY created_at DESC, id DESC LIMIT 1`,
		address)
}

// StateWords says the state for people.
func (e Entry) StateWords() string {
	switch {
	case e.State == sent && !e.DeliveredAt.IsZero():
		return "Arrived"
	case e.State == sent:
		return "Sent"
	case e.State == waiting && e.Problem != "":
		return "Being tried again"
	case e.State == waiting:
		return "Waiting"
	case e.State == failed:
		return "Refused"
	case e.State == returned:
		return "Came back"
	case e.State == held:
		return "Held: mail to the address came back"
	}
	return "Kept: no e-mail is sent"
}

// Tone is how the tag of the state looks.
func (e Entry) Tone() string {
	switch e.State {
	case sent:
		return Good
	case failed, returned:
		return Bad
	case waiting, held:
		return Watch
	}
	return "quiet"
}
