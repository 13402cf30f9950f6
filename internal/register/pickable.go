package register

import (
	"context"
	"errors"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// OrganisationsFor is how a filter picks an organisation, also one that has ended when the
// address has its id. Who may not see organisations can only give an exact name.
func OrganisationsFor(q db.Reader, by web.Person) web.Pickable {
	return web.Pickable{One: "organisation", Many: "organisations",
		Find: func(ctx context.Context, typed string) (ui.Suggestions, error) {
			if by.May(access.PartnershipRead) {
				return Suggest(ctx, q, by, ui.PickOrganisations, typed)
			}
			o, err := organisationNamed(ctx, q, typed)
			if errors.Is(err, db.ErrNotFound) {
				return ui.Suggestions{}, nil
			}
			return ui.Suggestions{Rows: []ui.Suggestion{{ID: o.ID, Words: o.Name}}}, err
		},
		Named: func(ctx context.Context, id string) (string, error) {
			return db.Get[string](ctx, q, `SELECT name FROM organisations WHERE id = $1`, id)
		}}
}

// Authorities is how a form picks one of England's authorities with children's services, by its
// name or its code.
func Authorities() web.Pickable {
	return web.AmongAll("authority", "authorities", func(context.Context) ([]ui.Suggestion, error) {
		var out []ui.Suggestion
		for _, a := range UpperTierAuthorities() {
			out = append(out, ui.Suggestion{ID: a.Code, Words: a.Name, More: a.Code})
		}
		return out, nil
	})
}
