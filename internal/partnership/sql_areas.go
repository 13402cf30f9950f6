package partnership

import (
	"context"

	"kith/internal/kit/db"
)

func areaByCode(ctx context.Context, q db.Reader, code string) (Area, error) {
	return db.Get[Area](ctx, q, areaColumns+areaFrom+` WHERE a.code = $1`, code)
}

// lockArea reads an area, with the codes of those that took its place, and holds it
// until the transaction ends.
func lockArea(ctx context.Context, q db.Q, code string) (Area, []areaChange, error) {
	if err := db.Must(ctx, q, `UPDATE partnership_areas SET name = name WHERE code = $1`, code); err != nil {
		return Area{}, nil, err
	}
	a, err := areaByCode(ctx, q, code)
	if err != nil {
		return a, nil, err
	}
	changes, err := changesOf(ctx, q, code)
	return a, changes, err
}

const (
	areaColumns = `
		SELECT a.code, a.kind, a.name, a.parent_code, a.covered, a.from_on, a.ended_on, COALESCE(p.name, '')`
	areaFrom = `
		FROM partnership_areas a LEFT JOIN partnership_areas p ON p.code = a.parent_code`
)

// authorities lists the authorities the partnership covers, or covered.
func authorities(ctx context.Context, q db.Reader) ([]Area, error) {
	return db.All[Area](ctx, q, areaColumns+areaFrom+`
		WHERE a.kind = 'authority' AND a.covered ORDER BY a.folded, a.code`)
}

// coveredAreas lists the areas that the partnership covers, or covered, whichever of
// the two kinds of authority they were entered as.
func coveredAreas(ctx context.Context, q db.Reader) ([]Area, error) {
	return db.All[Area](ctx, q, areaColumns+areaFrom+`
		WHERE a.kind IN ('authority', 'county') AND a.covered ORDER BY a.folded, a.code`)
}

func coverArea(ctx context.Context, q db.Q, code string) error {
	return db.Must(ctx, q, `UPDATE partnership_areas SET covered = $2 WHERE code = $1`, code, true)
}

// parents lists what an area can lie within.
func parents(ctx context.Context, q db.Reader) ([]Area, error) {
	return db.All[Area](ctx, q, areaColumns+areaFrom+`
		WHERE a.kind IN ('authority', 'county') ORDER BY a.folded, a.code`)
}

// ensureArea adds an area unless its code is known.
func ensureArea(ctx context.Context, q db.Q, a Area) (bool, error) {
	n, err := db.Exec(ctx, q, `
		INSERT INTO partnership_areas (code, kind, name, folded, parent_code, covered, from_on, ended_on)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (code) DO NOTHING`,
		a.Code, a.Kind, a.Name, db.Fold(a.Name), a.ParentCode, a.Covered, a.FromOn, a.EndedOn)
	return n == 1, err
}

// nameArea names an area that is known by its code only.
func nameArea(ctx context.Context, q db.Q, code, name string) error {
	_, err := db.Exec(ctx, q, `
		UPDATE partnership_areas SET name = $2, folded = $3 WHERE code = $1 AND name = code`, code, name, db.Fold(name))
	return err
}

func updateArea(ctx context.Context, q db.Q, a Area) error {
	return db.Must(ctx, q, `
		UPDATE partnership_areas SET kind = $2, name = $3, folded = $4, parent_code = $5, covered = $6, from_on = $7,
			ended_on = $8
		WHERE code = $1`, a.Code, a.Kind, a.Name, db.Fold(a.Name), a.ParentCode, a.Covered, a.FromOn, a.EndedOn)
}

func putAreaChange(ctx context.Context, q db.Q, from, to string, on db.Date) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO partnership_area_changes (from_code, to_code, changed_on) VALUES ($1, $2, $3)
		ON CONFLICT (from_code, to_code) DO UPDATE SET changed_on = excluded.changed_on`, from, to, on)
	return err
}

// An areaChange is one area becoming another, or part of it.
type areaChange struct {
	FromCode, FromName, ToCode, ToName string
	ChangedOn                          db.Date
}

// changesOf lists what an area came from and what came of it.
func changesOf(ctx context.Context, q db.Reader, code string) ([]areaChange, error) {
	return db.All[areaChange](ctx, q, `
		SELECT f.code, f.name, t.code, t.name, c.changed_on
		FROM partnership_area_changes c
		JOIN partnership_areas f ON f.code = c.from_code
		JOIN partnership_areas t ON t.code = c.to_code
		WHERE c.from_code = $1 OR c.to_code = $1 ORDER BY c.changed_on, f.code, t.code`, code)
}

// An areaFilter narrows the list of areas.
type areaFilter struct {
	Search, Kind, Which string
	Sort                string
	Desc                bool
	Limit, Offset       int
}

const areasWhere = areaFrom + `
		WHERE ($1 = '' OR a.folded LIKE $2 ESCAPE '\' OR a.code = upper($1))
		  AND ($3 = '' OR a.kind = $3)
		  AND ($4 = 'all' OR $4 = 'ended' AND a.ended_on IS NOT NULL OR $4 = '' AND a.ended_on IS NULL)`

func (f areaFilter) args() []any { return []any{f.Search, db.Like(f.Search), f.Kind, f.Which} }

// areaSorts are the orders the list may have.
var areaSorts = map[string]string{"name": "a.folded", "code": "a.code", "kind": "a.kind"}

func listAreas(ctx context.Context, q db.Reader, f areaFilter) ([]Area, int, error) {
	total, err := db.Get[int](ctx, q, `SELECT count(*)`+areasWhere, f.args()...)
	if err != nil {
		return nil, 0, err
	}
	list, err := db.All[Area](ctx, q, areaColumns+areasWhere+db.Order(areaSorts, f.Sort, "kind", f.Desc,
		"a.folded, a.code")+` LIMIT $5 OFFSET $6`,
		append(f.args(), f.Limit, f.Offset)...)
	return list, total, err
}

func deleteAreaChanges(ctx context.Context, q db.Q, from string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM partnership_area_changes WHERE from_code = $1`, from)
	return err
}
