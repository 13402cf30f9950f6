package annual

import (
	"context"

	"kith/internal/kit/db"
)

func setGiven(ctx context.Context, q db.Q, c Chapter) error {
	return db.Must(ctx, q, `
		UPDATE annual_chapters SET owner_id = $1, due_on = $2, given_by_id = $3, given_on = $4, stage = $5 WHERE id = $6`,
		c.OwnerID, c.DueOn, c.GivenByID, c.GivenOn, string(c.Stage), c.ID)
}

// ofDrafts keeps to chapters that are not done, of reports that are not published.
const ofDrafts = ` AND c.removed_at IS NULL AND c.stage <> 'done'
	AND c.year IN (SELECT year FROM annual_reports WHERE state <> 'published')`

// chaptersOf lists the chapters that somebody owns and that are not done, of reports that are
// being written.
func chaptersOf(ctx context.Context, q db.Reader, personID string) ([]Chapter, error) {
	return db.All[Chapter](ctx, q, chapterColumns+` WHERE c.owner_id = $1`+ofDrafts+`
		ORDER BY c.year DESC, c.part, c.position, c.id`, personID)
}

// chaptersReady lists those that somebody gave to others, who say that they can be read.
func chaptersReady(ctx context.Context, q db.Reader, givenByID string) ([]Chapter, error) {
	return db.All[Chapter](ctx, q, chapterColumns+` WHERE c.given_by_id = $1 AND c.owner_id <> $2 AND c.stage = 'ready'`+
		ofDrafts+` ORDER BY c.year DESC, c.part, c.position, c.id`, givenByID, givenByID)
}

// chaptersDue lists those that somebody is writing, with a day.
func chaptersDue(ctx context.Context, q db.Reader) ([]Chapter, error) {
	return db.All[Chapter](ctx, q, chapterColumns+` WHERE c.owner_id IS NOT NULL AND c.due_on IS NOT NULL
		AND c.stage = ''`+ofDrafts+` ORDER BY c.due_on, c.id`)
}
