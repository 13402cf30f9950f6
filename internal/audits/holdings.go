package audits

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
)

// Holdings lists the self-assessments of this year's audits that a person answers for their
// organisation and has not sent, for handing over when they leave.
func (r *Room) Holdings(ctx context.Context, q db.Reader, personID string) ([]web.Holding, error) {
	type answer struct{ ID, Title, Organisation string }
	list, err := db.All[answer](ctx, q, `
		SELECT r.id, r.title, o.name
		FROM audits_participants p JOIN audits_rounds r ON r.id = p.round_id JOIN organisations o ON o.id = p.organisation_id
		WHERE p.contact_id = $1 AND p.state IN ('asked', 'started') AND r.closed_on IS NULL
		ORDER BY r.due_on, r.id, p.organisation_id`, personID)
	var out []web.Holding
	for _, a := range list {
		out = append(out, web.Holding{What: "Self-assessment", Title: a.Title + " of " + a.Organisation,
			Href: roundHref(a.ID), May: access.AuditsRead})
	}
	return out, db.Wrap(err, "list the self-assessments of %s", personID)
}
