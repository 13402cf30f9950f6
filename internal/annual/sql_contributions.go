package annual

import (
	"context"

	"kith/internal/kit/db"
)

const contributionColumns = `
	SELECT x.id, x.year, x.chapter_id, x.person_id, x.organisation_id, x.asked, x.due_on, x.asked_at, x.asked_by_id,
		x.asked_by, x.state, x.text, x.answered_at, x.used_at, p.name, p.email, COALESCE(o.name, ''), COALESCE(c.title, '')
	FROM annual_contributions x JOIN people p ON p.id = x.person_id
	LEFT JOIN organisations o ON o.id = x.organisation_id LEFT JOIN annual_chapters c ON c.id = x.chapter_id`

func contribution(ctx context.Context, q db.Reader, id string) (Contribution, error) {
	return db.Get[Contribution](ctx, q, contributionColumns+` WHERE x.id = $1`, id)
}

// lockContribution reads a contribution to be changed in this transaction, and holds it.
func lockContribution(ctx context.Context, q db.Q, id string) (Contribution, error) {
	if err := db.Must(ctx, q, `UPDATE annual_contributions SET state = state WHERE id = $1`, id); err != nil {
		return Contribution{}, err
	}
	return contribution(ctx, q, id)
}

// contributions lists those of a report, those that wait first.
func contributions(ctx context.Context, q db.Reader, year string) ([]Contribution, error) {
	return db.All[Contribution](ctx, q, contributionColumns+` WHERE x.year = $1 AND x.state <> 'called back'
		ORDER BY CASE WHEN x.state = 'waiting' THEN 0 ELSE 1 END, x.due_on, x.asked_at, x.id`, year)
}

// contributionsOf lists those that wait for somebody.
func contributionsOf(ctx context.Context, q db.Reader, personID string) ([]Contribution, error) {
	return db.All[Contribution](ctx, q, contributionColumns+` WHERE x.person_id = $1 AND x.state = 'waiting'
		ORDER BY x.due_on, x.id`, personID)
}

// contributionsGiven lists those that somebody asked for, and that are not in their chapter yet.
func contributionsGiven(ctx context.Context, q db.Reader, askedByID string) ([]Contribution, error) {
	return db.All[Contribution](ctx, q, contributionColumns+` WHERE x.asked_by_id = $1 AND x.state = 'given'
		AND x.used_at IS NULL AND c.removed_at IS NULL AND x.chapter_id IS NOT NULL ORDER BY x.answered_at, x.id`, askedByID)
}

// contributionsDue lists all that wait.
func contributionsDue(ctx context.Context, q db.Reader) ([]Contribution, error) {
	return db.All[Contribution](ctx, q, contributionColumns+` WHERE x.state = 'waiting' ORDER BY x.due_on, x.id`)
}

func insertContribution(ctx context.Context, q db.Q, c Contribution) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO annual_contributions (id, year, chapter_id, person_id, organisation_id, asked, due_on, asked_at,
			asked_by_id, asked_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`, c.ID, c.Year, c.ChapterID, c.PersonID, c.OrganisationID, c.Asked,
		c.DueOn, c.AskedAt, c.AskedByID, c.AskedBy)
	return err
}

func setContribution(ctx context.Context, q db.Q, c Contribution) error {
	return db.Must(ctx, q, `
		UPDATE annual_contributions SET state = $1, text = $2, answered_at = $3, used_at = $4 WHERE id = $5`,
		string(c.State), c.Text, c.AnsweredAt, c.UsedAt, c.ID)
}
