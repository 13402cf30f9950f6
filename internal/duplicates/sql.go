package duplicates

import (
	"context"
	"encoding/json"

	"kith/internal/kit/db"
	"kith/internal/kit/merge"
	"kith/internal/kit/web"
)

// saidApart gives the pairs of a kind of which somebody said that they are not the same.
func saidApart(ctx context.Context, q db.Reader, kind string) (map[[2]string]bool, error) {
	type two struct{ First, Second string }
	list, err := db.All[two](ctx, q, `SELECT first, second FROM duplicates_apart WHERE kind = $1`, kind)
	out := map[[2]string]bool{}
	for _, x := range list {
		out[[2]string{x.First, x.Second}] = true
	}
	return out, err
}

func insertApart(ctx context.Context, q db.Q, by web.Person, kind string, pair [2]string, at db.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO duplicates_apart (kind, first, second, by_id, said_at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT DO NOTHING`, kind, pair[0], pair[1], by.ID, at)
	return err
}

// deleteApart forgets that two are not the same, when they are merged after all.
func deleteApart(ctx context.Context, q db.Q, kind string, pair [2]string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM duplicates_apart WHERE kind = $1 AND first = $2 AND second = $3`, kind, pair[0],
		pair[1])
	return err
}

// selectMerge reads a Merge, in the order of its fields.
const selectMerge = `SELECT id, kind, from_id, to_id, from_name, to_name, was_live, by_person, merged_at, undone_at
	FROM duplicates_merges`

func insertMerge(ctx context.Context, q db.Q, by web.Person, m Merge) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO duplicates_merges (id, kind, from_id, to_id, from_name, to_name, was_live, by_id, by_person, merged_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		m.ID, m.Kind, m.FromID, m.ToID, m.FromName, m.ToName, m.WasLive, by.ID, by.Name, m.MergedAt)
	return err
}

// lockMerge reads a merge of a kind and holds it until the transaction ends.
func lockMerge(ctx context.Context, q db.Q, kind, id string) (Merge, error) {
	if err := db.Must(ctx, q, `UPDATE duplicates_merges SET undone_at = undone_at WHERE id = $1 AND kind = $2`, id,
		kind); err != nil {
		return Merge{}, err
	}
	return mergeByID(ctx, q, kind, id)
}

func mergeByID(ctx context.Context, q db.Reader, kind, id string) (Merge, error) {
	return db.Get[Merge](ctx, q, selectMerge+` WHERE id = $1 AND kind = $2`, id, kind)
}

func endMerge(ctx context.Context, q db.Q, id string, at db.Time) error {
	return db.Must(ctx, q, `UPDATE duplicates_merges SET undone_at = $2 WHERE id = $1 AND undone_at IS NULL`, id, at)
}

// latestMerges lists the newest merges of a kind.
func latestMerges(ctx context.Context, q db.Reader, kind string, limit int) ([]Merge, error) {
	return db.All[Merge](ctx, q, selectMerge+` WHERE kind = $1 ORDER BY merged_at DESC, id DESC LIMIT $2`, kind, limit)
}

func countChanges(ctx context.Context, q db.Reader, mergeID string) (int, error) {
	return db.Get[int](ctx, q, `SELECT count(*) FROM duplicates_changes WHERE merge_id = $1`, mergeID)
}

func insertChanges(ctx context.Context, q db.Q, mergeID string, changes []merge.Change) error {
	var rows [][]any
	for i, c := range changes {
		key, err := json.Marshal(c.Key)
		if err != nil {
			return err
		}
		rows = append(rows, []any{mergeID, int64(i), c.Table, string(key), c.Column, c.Was, c.Now})
	}
	return db.Insert(ctx, q, `
		INSERT INTO duplicates_changes (merge_id, n, in_table, row_key, column_name, was, became)`, rows, "")
}

func changesOf(ctx context.Context, q db.Reader, mergeID string) ([]merge.Change, error) {
	type row struct{ Table, Key, Column, Was, Now string }
	rows, err := db.All[row](ctx, q, `
		SELECT in_table, row_key, column_name, was, became FROM duplicates_changes WHERE merge_id = $1 ORDER BY n`, mergeID)
	if err != nil {
		return nil, err
	}
	var out []merge.Change
	for _, r := range rows {
		c := merge.Change{Table: r.Table, Column: r.Column, Was: r.Was, Now: r.Now}
		if err := json.Unmarshal([]byte(r.Key), &c.Key); err != nil {
			return nil, err
		}
		out = append(out, c)
	}
	return out, nil
}
