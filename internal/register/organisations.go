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
