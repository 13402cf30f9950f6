package reviews

import (
	"context"
	"time"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
)

// columns are the columns of a Review, in the order of its fields.
const columns = `r.id, r.reference, r.kind, r.stage, r.aware_on, r.notified_on, r.rapid_on, r.rapid_sent_on,
	r.decided_on, r.started_on, r.completed_on, r.published_on, r.closed_on, r.commissioner_id,
	r.publication_href, r.briefing_href, COALESCE(o.name, ''),
	(SELECT string_agg(t.theme, '|' ORDER BY t.place) FROM reviews_themes t WHERE t.review_id = r.id)
	FROM reviews_register r LEFT JOIN organisations o ON o.id = r.commissioner_id`

// A Filter says which reviews a list shows, and in which order.
type Filter struct {
	Text, Kind, Stage, Theme string      // "" lets all through
	Year                     period.Span // a step was taken in it
	Sort                     string
	Desc                     bool
	Limit, Offset            int
}

// matching is the condition of a Filter, on its arguments $1 to $7. A review is
// of a year in which it took any of its steps.
const matching = ` WHERE ($1 = '' OR r.folded LIKE $2 ESCAPE '\')
	AND ($3 = '' OR r.kind = $3) AND ($4 = '' OR r.stage = $4)
	AND ($5 = '' OR EXISTS (SELECT 1 FROM reviews_themes t WHERE t.review_id = r.id AND t.folded = $5))
	AND ($6 = '' OR r.aware_on BETWEEN $6 AND $7 OR r.notified_on BETWEEN $6 AND $7 OR r.rapid_on BETWEEN $6 AND $7
		OR r.rapid_sent_on BETWEEN $6 AND $7 OR r.decided_on BETWEEN $6 AND $7 OR r.started_on BETWEEN $6 AND $7
		OR r.completed_on BETWEEN $6 AND $7 OR r.published_on BETWEEN $6 AND $7 OR r.closed_on BETWEEN $6 AND $7)`

func (f Filter) args() []any {
	return []any{db.Fold(f.Text), db.Like(f.Text), f.Kind, f.Stage, db.Fold(f.Theme), f.Year.From.String(),
		f.Year.To.String()}
}

// sorts are the orders a list may have.
var sorts = map[string]string{
	"reference": "r.folded",
	"stage":     "r.stage",
	"began":     "COALESCE(r.aware_on, r.notified_on, r.decided_on, r.started_on, r.completed_on, r.published_on)",
	"completed": "r.completed_on",
	"published": "r.published_on",
}

func reviews(ctx context.Context, q db.Reader, by web.Person, f Filter) ([]Review, int, error) {
	args := f.args()
	where := matching + ` AND ` + reviewRules.Where(&args, by, access.Read)
	total, err := db.Get[int](ctx, q, `SELECT count(*) FROM reviews_register r`+where, args...)
	if err != nil {
		return nil, 0, err
	}
	page := db.Page(&args, f.Limit, f.Offset)
	list, err := db.All[Review](ctx, q, `SELECT `+columns+where+
		db.Order(sorts, f.Sort, "began", f.Desc, "r.folded, r.id")+page, args...)
	return list, total, err
}

func review(ctx context.Context, q db.Reader, by web.Person, id string) (Review, error) {
	args := []any{id}
	return db.Get[Review](ctx, q, `SELECT `+columns+` WHERE r.id = $1 AND `+reviewRules.Where(&args, by, access.Read),
		args...)
}

// lockReview reads a review to be changed in this transaction. The update that
// changes nothing holds the row until the transaction ends, so that two people
// cannot both take the next step.
func lockReview(ctx context.Context, q db.Q, by web.Person, id string) (Review, error) {
	if err := db.Must(ctx, q, `UPDATE reviews_register SET stage = stage WHERE id = $1`, id); err != nil {
		return Review{}, err
	}
	return review(ctx, q, by, id)
}

func insertReview(ctx context.Context, q db.Q, v Review, now time.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO reviews_register (id, reference, folded, kind, stage, aware_on, notified_on, rapid_on, rapid_sent_on,
			decided_on, started_on, completed_on, published_on, closed_on, commissioner_id, publication_href, briefing_href,
				created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
		v.ID, v.Reference, db.Fold(v.Reference), string(v.Kind), string(v.Stage), v.AwareOn, v.NotifiedOn, v.RapidOn,
		v.RapidSentOn,
		v.DecidedOn, v.StartedOn, v.CompletedOn, v.PublishedOn, v.ClosedOn, v.CommissionerID, v.PublicationHref,
		v.BriefingHref, db.At(now))
	return err
}

func updateReview(ctx context.Context, q db.Q, v Review) error {
	return db.Must(ctx, q, `
		UPDATE reviews_register SET reference = $2, folded = $3, kind = $4, stage = $5, aware_on = $6, notified_on = $7,
			rapid_on = $8, rapid_sent_on = $9, decided_on = $10, started_on = $11, completed_on = $12, published_on = $13,
			closed_on = $14, commissioner_id = $15, publication_href = $16, briefing_href = $17
		WHERE id = $1`,
		v.ID, v.Reference, db.Fold(v.Reference), string(v.Kind), string(v.Stage), v.AwareOn, v.NotifiedOn,
		v.RapidOn, v.RapidSentOn, v.DecidedOn, v.StartedOn, v.CompletedOn, v.PublishedOn,
		v.ClosedOn, v.CommissionerID, v.PublicationHref, v.BriefingHref)
}

func deleteReview(ctx context.Context, q db.Q, id string) error {
	return db.Must(ctx, q, `DELETE FROM reviews_register WHERE id = $1`, id)
}

// replaceThemes keeps a review's themes, each once.
func replaceThemes(ctx context.Context, q db.Q, v Review) error {
	if _, err := db.Exec(ctx, q, `DELETE FROM reviews_themes WHERE review_id = $1`, v.ID); err != nil {
		return err
	}
	var rows [][]any
	for i, t := range v.Themes {
		rows = append(rows, []any{v.ID, int64(i), t, db.Fold(t)})
	}
	return db.Insert(ctx, q, `INSERT INTO reviews_themes (review_id, place, theme, folded)`, rows,
		`ON CONFLICT DO NOTHING`)
}

func publishedIn(ctx context.Context, q db.Reader, span period.Span) ([]Review, error) {
	return stepIn(ctx, q, `r.published_on`, span)
}

// completedIn lists the reviews completed in a span. A rapid review ends by being sent,
// and is then closed when nothing follows: nobody enters that it was completed.
func completedIn(ctx context.Context, q db.Reader, span period.Span) ([]Review, error) {
	const day = `CASE WHEN r.kind = 'rapid-review' THEN COALESCE(r.rapid_sent_on, r.completed_on) ELSE r.completed_on END`
	return stepIn(ctx, q, day, span)
}

// rapidIn lists the reviews whose rapid review was held in a span.
func rapidIn(ctx context.Context, q db.Reader, span period.Span) ([]Review, error) {
	return stepIn(ctx, q, `COALESCE(r.rapid_on, r.rapid_sent_on)`, span)
}

func notifiedIn(ctx context.Context, q db.Reader, span period.Span) ([]Review, error) {
	return stepIn(ctx, q, `r.notified_on`, span)
}

// stepIn lists the reviews that took a step in a span, by its day, for figures.
func stepIn(ctx context.Context, q db.Reader, day string, span period.Span) ([]Review, error) {
	args := []any{span.From, span.To}
	return db.All[Review](ctx, q, `SELECT `+columns+` WHERE `+day+` BETWEEN $1 AND $2 AND `+
		reviewRules.Where(&args, web.Program(db.ForFigures), access.Read)+` ORDER BY `+day+`, r.folded`, args...)
}

// unfinished lists the reviews whose clocks may be running, oldest first.
func unfinished(ctx context.Context, q db.Reader, by web.Person) ([]Review, error) {
	var args []any
	return db.All[Review](ctx, q, `SELECT `+columns+`
		WHERE r.stage NOT IN ('published', 'closed') AND `+reviewRules.Where(&args, by, access.Read)+`
		ORDER BY r.aware_on NULLS LAST, r.folded`, args...)
}

func editions(ctx context.Context, q db.Reader) ([]Edition, error) {
	return db.All[Edition](ctx, q, `
		SELECT id, title, effective_on, notify_days, rapid_review_days, publication_months
		FROM reviews_editions ORDER BY effective_on`)
}

// themes lists the themes in use, for the filter and to be picked again.
func themes(ctx context.Context, q db.Reader) ([]string, error) {
	return db.All[string](ctx, q, `SELECT min(theme) FROM reviews_themes GROUP BY folded ORDER BY folded`)
}

// reviewsAmong reads the reviews with some ids; all when ids is nil.
func reviewsAmong(ctx context.Context, q db.Reader, ids []string) ([]Review, error) {
	var args []any
	return db.All[Review](ctx, q, `SELECT `+columns+` WHERE `+db.Among(&args, "r.id", ids)+` AND `+
		reviewRules.Where(&args, web.Program(db.ForSearch), access.Read), args...)
}
