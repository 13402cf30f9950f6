package annual

import (
	"context"
	"errors"

	"kith/internal/kit/db"
)

// openAsking gives the asking of a report that is open; db.ErrNotFound when there is none.
func openAsking(ctx context.Context, q db.Reader, year string) (Asking, error) {
	return db.Get[Asking](ctx, q, `
		SELECT id, year, asked_at, asked_by_id, asked_by, due_on, words
		FROM annual_askings WHERE year = $1 AND ended_at IS NULL`, year)
}

// lockAsking holds the asking of a report that is open, where there is one, until the end of the
// transaction.
func lockAsking(ctx context.Context, q db.Q, year string) error {
	_, err := db.Exec(ctx, q, `UPDATE annual_askings SET words = words WHERE year = $1 AND ended_at IS NULL`, year)
	return err
}

// openAskings lists every asking that is open.
func openAskings(ctx context.Context, q db.Reader) ([]Asking, error) {
	return db.All[Asking](ctx, q, `
		SELECT id, year, asked_at, asked_by_id, asked_by, due_on, words
		FROM annual_askings WHERE ended_at IS NULL ORDER BY year DESC`)
}

func insertAsking(ctx context.Context, q db.Q, a Asking) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO annual_askings (id, year, asked_at, asked_by_id, asked_by, due_on, words)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, a.ID, a.Year, a.AskedAt, a.AskedByID, a.AskedBy, a.DueOn, a.Words)
	return err
}

func endAsking(ctx context.Context, q db.Q, id string, at db.Time, by, how string) error {
	return db.Must(ctx, q, `
		UPDATE annual_askings SET ended_at = $1, ended_by = $2, ended_how = $3 WHERE id = $4 AND ended_at IS NULL`,
		at, by, how, id)
}

func setAskingDue(ctx context.Context, q db.Q, a Asking) error {
	return db.Must(ctx, q, `UPDATE annual_askings SET due_on = $1 WHERE id = $2`, a.DueOn, a.ID)
}

func insertSigner(ctx context.Context, q db.Q, askingID string, s Signer) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO annual_asked (id, asking_id, person_id, organisation_id, asked_at) VALUES ($1, $2, $3, $4, $5)`,
		s.ID, askingID, s.PersonID, s.OrganisationID, s.AskedAt)
	return err
}

func setAskedAgain(ctx context.Context, q db.Q, id string, at db.Time) error {
	return db.Must(ctx, q, `UPDATE annual_asked SET turn = turn + 1, asked_at = $1, reminded_at = NULL WHERE id = $2`, at, id)
}

func setReminded(ctx context.Context, q db.Q, id string, at db.Time) error {
	return db.Must(ctx, q, `UPDATE annual_asked SET reminded_at = $1 WHERE id = $2`, at, id)
}

// signers lists who was asked, by partner and name, with the last that each said.
func signers(ctx context.Context, q db.Reader, askingID string) ([]Signer, error) {
	type row struct {
		ID, PersonID, OrganisationID string
		Turn                         int64
		AskedAt, RemindedAt          db.Time
		Name, Organisation, Email    string
	}
	rows, err := db.All[row](ctx, q, `
		SELECT a.id, a.person_id, a.organisation_id, a.turn, a.asked_at, a.reminded_at,
			p.name, o.name, p.email
		FROM annual_asked a JOIN people p ON p.id = a.person_id JOIN organisations o ON o.id = a.organisation_id
		WHERE a.asking_id = $1 ORDER BY o.folded, p.folded, a.id`, askingID)
	if err != nil {
		return nil, err
	}
	said, err := db.All[Reply](ctx, q, `
		SELECT r.id, r.asked_id, r.turn, r.person, r.answer, r.words, r.chapter, r.created_at
		FROM annual_answers r JOIN annual_asked a ON a.id = r.asked_id
		WHERE a.asking_id = $1 ORDER BY r.turn, r.created_at, r.id`, askingID)
	var out []Signer
	for _, x := range rows {
		s := Signer{ID: x.ID, PersonID: x.PersonID, OrganisationID: x.OrganisationID, Turn: x.Turn,
			AskedAt: x.AskedAt, RemindedAt: x.RemindedAt, Name: x.Name, Organisation: x.Organisation, Email: x.Email}
		for _, reply := range said {
			if reply.AskedID == s.ID {
				s.Last = reply
			}
		}
		out = append(out, s)
	}
	return out, err
}

func insertReply(ctx context.Context, q db.Q, personID string, a Reply, read reading) error {
	if _, err := db.Exec(ctx, q, `
		INSERT INTO annual_answers (id, asked_id, turn, person_id, person, answer, words, chapter, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`, a.ID, a.AskedID, a.Turn, personID, a.Person, string(a.Answer), a.Words,
		a.Chapter, a.At); err != nil {
		return err
	}
	var rows [][]any
	for i, t := range read {
		rows = append(rows, []any{a.ID, int64(i + 1), t.ChapterID, t.Title, t.Version, t.Text, t.Figures})
	}
	return db.Insert(ctx, q, "INSERT INTO annual_answered_texts (answer_id, position, chapter_id, title, version, text, "+
		"figures)", rows, "")
}

// readingOf gives the text that an answer is about.
func readingOf(ctx context.Context, q db.Reader, answerID string) (reading, error) {
	list, err := db.All[textRead](ctx, q, `
		SELECT chapter_id, title, version, text, figures FROM annual_answered_texts WHERE answer_id = $1 ORDER BY position`,
		answerID)
	return list, err
}

// agreementOf reads how the partners stand to a report, without comparing the texts.
func agreementOf(ctx context.Context, q db.Reader, year string) (Agreement, error) {
	asking, err := openAsking(ctx, q, year)
	if errors.Is(err, db.ErrNotFound) {
		return Agreement{}, nil
	} else if err != nil {
		return Agreement{}, err
	}
	out := Agreement{Asking: &asking}
	out.Signers, err = signers(ctx, q, asking.ID)
	return out, err
}
