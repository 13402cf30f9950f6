package partnership

import (
	"context"

	"kith/internal/kit/db"
)

func contributionsOf(ctx context.Context, q db.Reader, year string) ([]Contribution, error) {
	return db.All[Contribution](ctx, q, `
		SELECT f.id, f.year, f.organisation_id, f.pence, f.note, o.name
		FROM partnership_funding f JOIN organisations o ON o.id = f.organisation_id
		WHERE f.year = $1 ORDER BY f.pence DESC, o.folded`, year)
}

func contributionByID(ctx context.Context, q db.Reader, id string) (Contribution, error) {
	return db.Get[Contribution](ctx, q, `
		SELECT f.id, f.year, f.organisation_id, f.pence, f.note, o.name
		FROM partnership_funding f JOIN organisations o ON o.id = f.organisation_id WHERE f.id = $1`, id)
}

// lockContribution reads a contribution and holds it until the transaction ends.
func lockContribution(ctx context.Context, q db.Q, id string) (Contribution, error) {
	if err := db.Must(ctx, q, `UPDATE partnership_funding SET note = note WHERE id = $1`, id); err != nil {
		return Contribution{}, err
	}
	return contributionByID(ctx, q, id)
}

func fundedYears(ctx context.Context, q db.Reader) ([]string, error) {
	return db.All[string](ctx, q, `SELECT DISTINCT year FROM partnership_funding ORDER BY year DESC`)
}

func insertContribution(ctx context.Context, q db.Q, c Contribution, at db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO partnership_funding (id, year, organisation_id, pence, note, created_at) VALUES ($1, $2, $3, $4, $5, $6)`,
		c.ID, c.Year, c.OrganisationID, c.Pence, c.Note, at)
	return err
}

func updateContribution(ctx context.Context, q db.Q, c Contribution) error {
	return db.Must(ctx, q, `UPDATE partnership_funding SET pence = $2, note = $3 WHERE id = $1`, c.ID, c.Pence, c.Note)
}

func deleteContribution(ctx context.Context, q db.Q, id string) error {
	return db.Must(ctx, q, `DELETE FROM partnership_funding WHERE id = $1`, id)
}

func meetingTally(ctx context.Context, q db.Reader, from, to db.Date, committee string) ([]tally, error) {
	return db.All[tally](ctx, q, `
		SELECT c.name, count(*), count(*) FROM partnership_meetings m JOIN partnership_committees c ON c.id = m.committee_id
		WHERE m.held_on >= $1 AND m.held_on <= $2 AND ($3 = '' OR c.name = $3)
		GROUP BY c.name ORDER BY c.name`, from, to, committee)
}

// fundingTally adds up by organisation, or by sector when that is the cut.
func fundingTally(ctx context.Context, q db.Reader, year, by, organisation, sector string) ([]tally, error) {
	return db.All[tally](ctx, q, `
		SELECT CASE WHEN $2 = 'sector' THEN o.sector ELSE o.name END AS cut, CAST(sum(f.pence) AS BIGINT), count(*)
		FROM partnership_funding f JOIN organisations o ON o.id = f.organisation_id
		WHERE f.year = $1 AND ($3 = '' OR o.name = $3) AND ($4 = '' OR o.sector = $4)
		GROUP BY cut ORDER BY cut`, year, by, organisation, sector)
}

// What the figures' dimensions have.

func committeeNames(ctx context.Context, q db.Reader) ([]string, error) {
	return db.All[string](ctx, q, `SELECT name FROM partnership_committees ORDER BY name`)
}

func organisationNames(ctx context.Context, q db.Reader) ([]string, error) {
	return db.All[string](ctx, q, `SELECT name FROM organisations ORDER BY folded`)
}
