package partnership

import (
	"context"

	"kith/internal/kit/db"
	"kith/internal/kit/merge"
)

// MergeKind offers organisations as records of which two may be one.
func (r *Room) MergeKind() merge.Kind {
	return merge.Kind{
		ID: "organisation", Subject: "organisation",
		Candidates: mergeCandidates,
		Record:     mergeRecord,
		Lock: func(ctx context.Context, q db.Q, id string) error {
			_, err := lockOrganisation(ctx, q, id)
			return err
		},
		Retire: func(ctx context.Context, q db.Q, from, to string) (bool, error) {
			return true, retireOrganisation(ctx, q, from, to, r.Now.Today())
		},
		Revive: func(ctx context.Context, q db.Q, id string, _ bool) error { return reviveOrganisation(ctx, q, id) },
	}
}

// Merges offers what of this room points at people and organisations.
func (r *Room) Merges() []merge.Offer {
	key := []string{"id"}
	return []merge.Offer{
		{Kind: "person", Blocks: bothSit, Refs: []merge.Ref{
			{Table: "partnership_members", Column: "person_id", Key: key, One: "seat", Many: "seats"},
		}},
		{Kind: "organisation", Blocks: bothPaid, Refs: []merge.Ref{
			{Table: "partnership_members", Column: "organisation_id", Key: key, One: "seat", Many: "seats"},
			{Table: "partnership_funding", Column: "organisation_id", Key: key, One: "contribution", Many: "contributions"},
		}},
	}
}

func mergeCandidates(ctx context.Context, q db.Reader) ([]merge.Candidate, error) {
	return db.All[merge.Candidate](ctx, q, `
		SELECT o.id, o.name, '', '', `+sectorTitle+` FROM organisations o
		WHERE o.ended_on IS NULL AND o.same_as IS NULL ORDER BY o.folded, o.id`)
}

func mergeRecord(ctx context.Context, q db.Reader, id string) (merge.Record, error) {
	o, err := organisationByID(ctx, q, id)
	if err != nil {
		return merge.Record{}, err
	}
	standing := o.Agency.Words()
	if o.Statutory {
		standing = "Statutory safeguarding partner"
	}
	ended := ""
	if o.Ended() {
		ended = o.EndedOn.Words()
	}
	return merge.Record{ID: o.ID, Name: o.Name, Href: organisationsRoot + "/" + o.ID, Merged: o.SameAs != "",
		Facts: []merge.Fact{{Key: "Sector", Value: o.SectorTitle}, {Key: "Standing", Value: standing},
			{Key: "Ended", Value: ended}}}, nil
}

// retireOrganisation ends an organisation that was another all along: files that still
// have its name find the other.
func retireOrganisation(ctx context.Context, q db.Q, from, to string, on db.Date) error {
	return db.Must(ctx, q, `
		UPDATE organisations SET same_as = $2, successor_id = $2, ended_on = $3
		WHERE id = $1 AND same_as IS NULL AND ended_on IS NULL`, from, to, on)
}

func reviveOrganisation(ctx context.Context, q db.Q, id string) error {
	return db.Must(ctx, q, `UPDATE organisations SET same_as = NULL, successor_id = NULL, ended_on = NULL WHERE id = $1`,
		id)
}

// bothSit names the committees on which both of two people have a seat now.
func bothSit(ctx context.Context, q db.Reader, from, to string) ([]string, error) {
	return sentences(ctx, q, "Both sit on the {committee} ", ": end one of the two seats first.", `
		SELECT c.name FROM partnership_committees c
			JOIN partnership_members a ON a.committee_id = c.id AND a.person_id = $1 AND a.to_on IS NULL
			JOIN partnership_members b ON b.committee_id = c.id AND b.person_id = $2 AND b.to_on IS NULL
		ORDER BY c.folded, c.id`, from, to)
}

// bothPaid names the years to which both of two organisations contribute.
func bothPaid(ctx context.Context, q db.Reader, from, to string) ([]string, error) {
	return sentences(ctx, q, "Both have a contribution to ", ": make one of the two, with the whole amount, first.", `
		SELECT a.year FROM partnership_funding a
			JOIN partnership_funding b ON b.year = a.year AND b.organisation_id = $2
		WHERE a.organisation_id = $1 ORDER BY a.year`, from, to)
}

func sentences(ctx context.Context, q db.Reader, before, after, query string, args ...any) ([]string, error) {
	list, err := db.All[string](ctx, q, query, args...)
	var out []string
	for _, x := range list {
		out = append(out, before+x+after)
	}
	return out, err
}
