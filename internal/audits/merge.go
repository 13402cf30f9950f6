package audits

import (
	"context"

	"kith/internal/kit/db"
	"kith/internal/kit/merge"
)

// Merges offers what of this room points at people and organisations.
func (r *Room) Merges() []merge.Offer {
	return []merge.Offer{
		{Kind: "person", Refs: []merge.Ref{
			{Table: "audits_participants", Column: "contact_id", Key: []string{"round_id", "organisation_id"},
				One: "self-assessment to answer", Many: "self-assessments to answer"},
		}},
		{Kind: "organisation", Blocks: bothAsked, Refs: []merge.Ref{
			{Table: "audits_agencies", Column: "organisation_id", Key: []string{"audit_id"}, One: "multi-agency audit",
				Many: "multi-agency audits", Twice: `EXISTS (SELECT 1 FROM audits_agencies k
					WHERE k.audit_id = x.audit_id AND k.organisation_id = $2)`},
			{Table: "audits_participants", Column: "organisation_id", Key: []string{"round_id"}, One: "self-assessment",
				Many: "self-assessments"},
		}},
	}
}

// bothAsked names the rounds that ask both of two organisations. Which answer counts
// is for a person to say.
func bothAsked(ctx context.Context, q db.Reader, from, to string) ([]string, error) {
	titles, err := db.All[string](ctx, q, `
		SELECT r.title FROM audits_rounds r
			JOIN audits_participants a ON a.round_id = r.id AND a.organisation_id = $1
			JOIN audits_participants b ON b.round_id = r.id AND b.organisation_id = $2
		ORDER BY r.opened_on, r.id`, from, to)
	var out []string
	for _, t := range titles {
		out = append(out, "Both are asked in “"+t+"”: take one of them out of it first.")
	}
	return out, err
}
