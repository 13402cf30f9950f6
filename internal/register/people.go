package register

import (
	"context"
	"fmt"
	"slices"

	"kith/internal/kit/db"
	"kith/internal/kit/ui"
)

// Organisations lists what a form can choose among, by name: the organisations
// there are now, and those named keep even if they have ended.
func Organisations(ctx context.Context, q db.Reader, keep ...string) ([]ui.Choice, error) {
	list, err := OrganisationList(ctx, q, keep...)
	var out []ui.Choice
	for _, o := range list {
		out = append(out, ui.Choice{Value: o.ID, Text: o.Name})
	}
	return out, err
}

// An Organisation is one that works with children, as every room may know it.
type Organisation struct {
	ID, Name, Sector string
	EndedOn          db.Date
}

// OrganisationList lists the organisations there are now, by name, and those
// named keep even if they have ended.
func OrganisationList(ctx context.Context, q db.Reader, keep ...string) ([]Organisation, error) {
	list, err := db.All[Organisation](ctx, q, `SELECT id, name, sector, ended_on FROM organisations ORDER BY folded, id`)
	if err != nil {
		return nil, fmt.Errorf("read organisations: %w", err)
	}
	return slices.DeleteFunc(list, func(o Organisation) bool {
		return !o.EndedOn.IsZero() && !slices.Contains(keep, o.ID)
	}), nil
}

// A Person is somebody active, as every room may know them.
type Person struct{ ID, Name, Email string }

// PersonByEmail finds somebody active by their address, or returns
// db.ErrNotFound.
func PersonByEmail(ctx context.Context, q db.Reader, email string) (Person, error) {
	return db.Get[Person](ctx, q, `SELECT id, name, email FROM people WHERE email = $1 AND active`, db.Fold(email))
}

// PersonName gives the name of anybody who is, or was, known.
func PersonName(ctx context.Context, q db.Reader, id string) (string, error) {
	return db.Get[string](ctx, q, `SELECT name FROM people WHERE id = $1`, id)
}
