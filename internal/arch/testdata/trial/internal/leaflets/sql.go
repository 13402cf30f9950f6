package leaflets

import (
	"context"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
)

// inStock is the newest count of a leaflet.
const inStock = `(SELECT c.in_stock FROM leaflets_counts c
	WHERE c.leaflet_id = l.id ORDER BY c.counted_on DESC LIMIT 1)`

// columns are the columns of a Leaflet, in the order of its fields.
const columns = `l.id, l.title, l.audience, l.review_on, l.owner_id, l.retired_on, ` + inStock + `, o.name, o.email
	FROM leaflets_register l JOIN people o ON o.id = l.owner_id`

// A Filter says which leaflets a list shows, and in which order.
type Filter struct {
	Text, State   string // "" lets all through
	Sort          string
	Desc          bool
	Limit, Offset int
}

// matching is the condition of a Filter, on its arguments $1 to $4; it decides the
// state as Leaflet.State does.
const matching = ` WHERE ($1 = '' OR l.found LIKE $2 ESCAPE '\')
	AND ($3 = '' OR $3 = CASE WHEN l.retired_on IS NOT NULL THEN 'retired'
		WHEN l.review_on <= $4 THEN 'due' ELSE 'in-use' END)`

// sorts are the orders a list may have.
var sorts = map[string]string{"title": "l.folded", "stock": inStock, "review": "l.review_on"}

func leaflets(ctx context.Context, q db.Reader, f Filter, today period.Date) ([]Leaflet, int, error) {
	args := []any{db.Fold(f.Text), db.Like(f.Text), f.State, today.String()}
	total, err := db.Get[int](ctx, q, `SELECT count(*) FROM leaflets_register l`+matching, args...)
	if err != nil {
		return nil, 0, err
	}
	list, err := db.All[Leaflet](ctx, q, `SELECT `+columns+matching+
		db.Order(sorts, f.Sort, "title", f.Desc, "l.folded, l.id")+` LIMIT $5 OFFSET $6`,
		append(args, f.Limit, f.Offset)...)
	return list, total, err
}

func leaflet(ctx context.Context, q db.Reader, id string) (Leaflet, error) {
	return db.Get[Leaflet](ctx, q, `SELECT `+columns+` WHERE l.id = $1`, id)
}

// lockLeaflet reads a leaflet to be changed in this transaction. The update that
// changes nothing holds the row until the transaction ends.
func lockLeaflet(ctx context.Context, q db.Q, id string) (Leaflet, error) {
	if err := db.Must(ctx, q, `UPDATE leaflets_register SET title = title WHERE id = $1`, id); err != nil {
		return Leaflet{}, err
	}
	return leaflet(ctx, q, id)
}

// found is what a search looks in.
func (l Leaflet) found() string { return db.Fold(l.Title + " " + l.Audience) }

func insertLeaflet(ctx context.Context, q db.Q, l Leaflet, now time.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO leaflets_register (id, title, folded, audience, found, review_on, owner_id, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		l.ID, l.Title, db.Fold(l.Title), l.Audience, l.found(), l.ReviewOn, l.OwnerID, db.At(now))
	return err
}

// updateLeaflet keeps what the form has; it never puts a retired leaflet back.
func updateLeaflet(ctx context.Context, q db.Q, l Leaflet) error {
	return db.Must(ctx, q, `
		UPDATE leaflets_register SET title = $2, folded = $3, audience = $4, found = $5, review_on = $6,
			owner_id = $7
		WHERE id = $1`,
		l.ID, l.Title, db.Fold(l.Title), l.Audience, l.found(), l.ReviewOn, l.OwnerID)
}

// keepCount keeps how many there are at the end of a day.
func keepCount(ctx context.Context, q db.Q, l Leaflet, on period.Date) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO leaflets_counts (leaflet_id, counted_on, in_stock) VALUES ($1, $2, $3)
		ON CONFLICT (leaflet_id, counted_on) DO UPDATE SET in_stock = excluded.in_stock`, l.ID, on, l.InStock)
	return err
}

func retireLeaflet(ctx context.Context, q db.Q, id string, on period.Date) error {
	return db.Must(ctx, q, `UPDATE leaflets_register SET retired_on = $2 WHERE id = $1`, id, on)
}

func deleteLeaflet(ctx context.Context, q db.Q, id string) error {
	return db.Must(ctx, q, `DELETE FROM leaflets_register WHERE id = $1`, id)
}

// toReview lists the leaflets of an owner that are to be read again by a day.
func toReview(ctx context.Context, q db.Reader, ownerID string, by period.Date) ([]Leaflet, error) {
	return db.All[Leaflet](ctx, q, `SELECT `+columns+`
		WHERE l.owner_id = $1 AND l.retired_on IS NULL AND l.review_on <= $2 ORDER BY l.review_on, l.folded`,
		ownerID, by)
}

// dueCount counts the leaflets whose review is due on a day.
func dueCount(ctx context.Context, q db.Reader, on period.Date) (int, error) {
	return db.Get[int](ctx, q, `
		SELECT count(*) FROM leaflets_register WHERE retired_on IS NULL AND review_on <= $1`, on)
}

// A stock is how many leaflets there were in all, of how many titles, and since when
// any have been counted.
type stock struct {
	InAll, Titles int64
	Since         period.Date
}

// stockAt adds up the newest count by the end of a day of each leaflet then in use.
func stockAt(ctx context.Context, q db.Reader, on period.Date) (stock, error) {
	return db.Get[stock](ctx, q, `
		SELECT CAST(COALESCE(sum(c.in_stock), 0) AS BIGINT), count(*),
			(SELECT min(counted_on) FROM leaflets_counts)
		FROM leaflets_register l JOIN leaflets_counts c ON c.leaflet_id = l.id
		WHERE (l.retired_on IS NULL OR l.retired_on > $1) AND c.counted_on = (
			SELECT max(x.counted_on) FROM leaflets_counts x WHERE x.leaflet_id = l.id AND x.counted_on <= $1)`, on)
}
