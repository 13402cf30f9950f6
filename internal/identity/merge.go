package identity

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/merge"
	"kith/internal/kit/web"
)

// MergeKind offers people as records of which two may be one.
func (r *Room) MergeKind() merge.Kind {
	return merge.Kind{
		ID: "person", Subject: subject,
		Candidates: mergeCandidates,
		Record: func(ctx context.Context, q db.Reader, id string) (merge.Record, error) {
			p, err := personByID(ctx, q, id)
			if err != nil {
				return merge.Record{}, err
			}
			account, err := signsInAs(ctx, q, id)
			facts := []merge.Fact{{Key: "E-mail address", Value: p.Email}, {Key: "Job title", Value: p.JobTitle},
				{Key: "Organisation", Value: p.Organisation}, {Key: "Signs in", Value: yesOrNo(account)}}
			if !p.Active && p.SameAs == "" {
				facts = append(facts, merge.Fact{Key: "State", Value: "Deactivated"})
			}
			return merge.Record{ID: p.ID, Name: p.Name, Href: href(p.ID), Merged: p.SameAs != "", Facts: facts}, err
		},
		Lock: func(ctx context.Context, q db.Q, id string) error {
			_, err := lockPerson(ctx, q, id)
			return err
		},
		Refuses: func(by web.Person, _, to string) error {
			// What hangs on the other becomes theirs: the files of its actions among it.
			if to == by.ID && !by.May(access.PlanManage) {
				return ErrOwnMerge
			}
			return nil
		},
		Retire: func(ctx context.Context, q db.Q, from, to string) (bool, error) {
			p, err := personByID(ctx, q, from)
			if err != nil {
				return false, err
			}
			return p.Active, retirePerson(ctx, q, from, to)
		},
		Revive: func(ctx context.Context, q db.Q, id string, live bool) error {
			return db.TakenAs(revivePerson(ctx, q, id, live), ErrNameMeanwhile)
		},
	}
}

// Merges offers what of this room points at people and organisations. An account is
// never merged away: whoever signs in is the one to keep.
func (r *Room) Merges() []merge.Offer {
	return []merge.Offer{
		{Kind: "person", Blocks: func(ctx context.Context, q db.Reader, from, _ string) ([]string, error) {
			account, err := signsInAs(ctx, q, from)
			if err != nil || !account {
				return nil, err
			}
			p, err := personByID(ctx, q, from)
			return []string{p.Name + " signs in with this record: keep it, and merge the other into it. If both sign in, " +
				"somebody who manages people takes the roles of one away and deactivates it."}, err
		}},
		{Kind: "organisation", Refuses: refusesMove, Refs: []merge.Ref{
			{Table: "people", Column: "organisation_id", Key: []string{"id"}, One: "person", Many: "people"},
			{Table: "identity_person_roles", Column: "organisation_id", Key: []string{"person_id", "role"},
				One: "role that was given for it", Many: "roles that were given for it",
				Twice: `EXISTS (SELECT 1 FROM identity_person_roles y
					WHERE y.person_id = x.person_id AND y.role = x.role AND y.organisation_id = $2)`},
		}},
	}
}

func yesOrNo(yes bool) string {
	if yes {
		return "Yes"
	}
	return "No"
}

func mergeCandidates(ctx context.Context, q db.Reader) ([]merge.Candidate, error) {
	return db.All[merge.Candidate](ctx, q, `
		SELECT p.id, p.name, p.email, COALESCE(p.organisation_id, ''), COALESCE(o.name, '')
		FROM people p LEFT JOIN organisations o ON o.id = p.organisation_id
		WHERE p.same_as IS NULL ORDER BY p.folded, p.id`)
}

// signsInAs reports whether a person has a role, or an active one a password.
func signsInAs(ctx context.Context, q db.Reader, id string) (bool, error) {
	n, err := db.Get[int](ctx, q, `
		SELECT count(*) FROM people p WHERE p.id = $1 AND (
			EXISTS (SELECT 1 FROM identity_person_roles r WHERE r.person_id = p.id)
			OR p.active AND EXISTS (SELECT 1 FROM identity_passwords w WHERE w.person_id = p.id))`, id)
	return n > 0, err
}

func retirePerson(ctx context.Context, q db.Q, from, to string) error {
	return db.Must(ctx, q, `UPDATE people SET same_as = $2, active = FALSE WHERE id = $1 AND same_as IS NULL`, from, to)
}

func revivePerson(ctx context.Context, q db.Q, id string, live bool) error {
	return db.Must(ctx, q, `UPDATE people SET same_as = NULL, active = $2 WHERE id = $1`, id, live)
}
