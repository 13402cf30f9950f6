package audittrail

import (
	"context"

	"kith/internal/kit/db"
)

// An end is the last link of the chain.
type end struct {
	N    int64
	Hash string
}

func readEnd(ctx context.Context, q db.Reader) (end, error) {
	return db.Get[end](ctx, q, `SELECT n, hash FROM audit_end WHERE one = 1`)
}

// lockEnd reads the end and holds it until the transaction ends.
func lockEnd(ctx context.Context, q db.Q) (end, error) {
	if err := db.Must(ctx, q, `UPDATE audit_end SET n = n WHERE one = 1`); err != nil {
		return end{}, err
	}
	return readEnd(ctx, q)
}

func setEnd(ctx context.Context, q db.Q, e end) error {
	return db.Must(ctx, q, `UPDATE audit_end SET n = $1, hash = $2 WHERE one = 1`, e.N, e.Hash)
}

// openLinks lists entries that are not sealed, in the order in which they are to be.
func openLinks(ctx context.Context, q db.Reader, limit int) ([]link, error) {
	return db.All[link](ctx, q, `
		SELECT 0, '', '', '', '', '', t.id, t.at, t.person_id, t.person, t.act, t.subject, t.subject_id, t.detail, t.reason,
		       t.changes
		FROM audit_chain c JOIN audit_trail t ON t.id = c.entry_id WHERE c.n IS NULL ORDER BY t.at, t.id LIMIT $1`, limit)
}

func closeLink(ctx context.Context, q db.Q, l link) error {
	return db.Must(ctx, q, `
		UPDATE audit_chain SET n = $2, who_salt = $3, who = $4, words_salt = $5, words = $6, hash = $7
		WHERE entry_id = $1 AND n IS NULL`, l.ID, l.N, l.WhoSalt, l.Who, l.WordsSalt, l.Words, l.Hash)
}

func lastSigned(ctx context.Context, q db.Reader) (int64, error) {
	return db.Get[int64](ctx, q, `SELECT COALESCE(max(n), 0) FROM audit_heads`)
}

// insertHead keeps a signed head, unless there is one of the same end.
func insertHead(ctx context.Context, q db.Q, n int64, signed string) (bool, error) {
	added, err := db.Exec(ctx, q, `INSERT INTO audit_heads (n, note) VALUES ($1, $2) ON CONFLICT (n) DO NOTHING`, n, signed)
	return added > 0, err
}

func heads(ctx context.Context, q db.Reader) ([]string, error) {
	return db.All[string](ctx, q, `SELECT note FROM audit_heads ORDER BY n`)
}

// NewestHead gives the newest signed head, to keep elsewhere, or db.ErrNotFound.
func NewestHead(ctx context.Context, q db.Reader) (string, error) {
	return db.Get[string](ctx, q, `SELECT note FROM audit_heads ORDER BY n DESC LIMIT 1`)
}

// A found is a link as it is checked: with its entry, or with none.
type found struct {
	link
	EntryID string
	There   bool
}

// linksAfter lists sealed links after a place. What an entry that is gone would have is
// empty.
func linksAfter(ctx context.Context, q db.Reader, n int64, limit int) ([]found, error) {
	type row struct {
		EntryID                                  string
		There                                    bool
		N                                        int64
		WhoSalt, Who, WordsSalt, Words, Hash     string
		ID                                       string
		At                                       db.Time
		PersonID, Person, Act, Subject, Subject2 string
		Detail, Reason, Changes                  string
	}
	rows, err := db.All[row](ctx, q, `
		SELECT c.entry_id, t.id IS NOT NULL, c.n, c.who_salt, c.who, c.words_salt, c.words, c.hash, COALESCE(t.id, ''), t.at,
		       COALESCE(t.person_id, ''), COALESCE(t.person, ''), COALESCE(t.act, ''), COALESCE(t.subject, ''),
		       COALESCE(t.subject_id, ''), COALESCE(t.detail, ''), COALESCE(t.reason, ''), COALESCE(t.changes, '')
		FROM audit_chain c LEFT JOIN audit_trail t ON t.id = c.entry_id WHERE c.n > $1 ORDER BY c.n LIMIT $2`, n, limit)
	if err != nil {
		return nil, err
	}
	out := make([]found, len(rows))
	for i, r := range rows {
		out[i] = found{EntryID: r.EntryID, There: r.There, link: link{N: r.N, WhoSalt: r.WhoSalt, Who: r.Who,
			WordsSalt: r.WordsSalt, Words: r.Words, Hash: r.Hash, Entry: Entry{ID: r.ID, At: r.At, PersonID: r.PersonID,
				Person: r.Person, Act: r.Act, Subject: r.Subject, SubjectID: r.Subject2, Detail: r.Detail, Reason: r.Reason,
				Changes: r.Changes}}}
	}
	return out, nil
}

// openCount counts the links that are not sealed, and those of them whose entry is gone.
func openCount(ctx context.Context, q db.Reader) (open, gone int, err error) {
	if open, err = db.Get[int](ctx, q, `SELECT count(*) FROM audit_chain WHERE n IS NULL`); err != nil {
		return 0, 0, err
	}
	gone, err = db.Get[int](ctx, q, `
		SELECT count(*) FROM audit_chain c LEFT JOIN audit_trail t ON t.id = c.entry_id WHERE c.n IS NULL AND t.id IS NULL`)
	return open, gone, err
}

// unchained lists entries without a link: nothing of ours adds one.
func unchained(ctx context.Context, q db.Reader, limit int) ([]Entry, error) {
	return db.All[Entry](ctx, q, `
		SELECT t.id, t.at, t.person_id, t.person, t.act, t.subject, t.subject_id, t.detail, t.reason, t.changes
		FROM audit_trail t LEFT JOIN audit_chain c ON c.entry_id = t.id WHERE c.entry_id IS NULL
		ORDER BY t.at, t.id LIMIT $1`, limit)
}

// erasures lists the people who were erased from the trail.
func erasures(ctx context.Context, q db.Reader) ([]string, error) {
	return db.All[string](ctx, q, `
		SELECT t.subject_id FROM audit_trail t JOIN audit_chain c ON c.entry_id = t.id WHERE t.act = $1 AND t.subject = $2`,
		actErased, trailSubject)
}

// eraseWho takes the name of a person out of what they did.
func eraseWho(ctx context.Context, q db.Q, personID string) error {
	if _, err := db.Exec(ctx, q, `UPDATE audit_chain SET who_salt = '' WHERE entry_id IN
		(SELECT id FROM audit_trail WHERE person_id = $1)`, personID); err != nil {
		return err
	}
	_, err := db.Exec(ctx, q, `UPDATE audit_trail SET person = '' WHERE person_id = $1`, personID)
	return err
}

// eraseWords takes the words out of what was done to a record.
func eraseWords(ctx context.Context, q db.Q, subject, id string) error {
	if _, err := db.Exec(ctx, q, `UPDATE audit_chain SET words_salt = '' WHERE entry_id IN
		(SELECT id FROM audit_trail WHERE subject = $1 AND subject_id = $2)`, subject, id); err != nil {
		return err
	}
	_, err := db.Exec(ctx, q, `
		UPDATE audit_trail SET detail = '', reason = '', changes = '' WHERE subject = $1 AND subject_id = $2`, subject, id)
	return err
}
