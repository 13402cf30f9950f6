package identity

import (
	"fmt"
	"strings"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/merge"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// TestMovingAnOrganisationIsGiving: a coordinator had a lead agreed for an organisation of her
// own, and merged it into the police.
func TestMovingAnOrganisationIsGiving(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		for _, id := range []string{"police", "nowhere", "quay", "harbour"} {
			w.organisation(id, "The "+id)
		}
		at := func(p web.Person, organisation string) web.Person {
			w.is(s.Work.Tx(w.ctx(), func(q db.Q) error {
				return db.Must(w.ctx(), q, `UPDATE people SET organisation_id = $2 WHERE id = $1`, p.ID, organisation)
			}), nil)
			p.OrganisationID = organisation
			return p
		}
		chief := w.chief("Cleo")
		coordinator, lead := w.user("Cora", "coordinator"), at(w.user("Lou", "agency-lead"), "police")
		puppet, both := at(w.user("Pip", "agency-lead"), "nowhere"), at(w.user("Bo", "practitioner"), "nowhere")
		w.is(w.roles(chief, both.ID, []string{"practitioner", "agency-lead@police"}, web.Unwatched), nil)
		secret := w.enter(puppet)
		refuses := w.Merges()[1].Refuses
		peopleMoved := func(ids ...string) (out []merge.Change) {
			out = []merge.Change{}
			for _, id := range ids {
				out = append(out, merge.Change{Table: "people", Key: []string{"id", id}, Column: "organisation_id"})
			}
			return out
		}
		for _, c := range []struct {
			what     string
			by       web.Person
			from, to string
			moved    []merge.Change
			want     string // whose role stands in the way
		}{
			{"a coordinator", coordinator, "nowhere", "police", nil, "Bo, Lou and Pip"},
			{"the other way", coordinator, "police", "nowhere", nil, "Bo, Lou and Pip"},
			{"an organisation without a lead, whose records the others would have", coordinator, "quay", "nowhere", nil, "Pip"},
			{"two without a lead", coordinator, "quay", "harbour", nil, ""},
			{"who leads one of the two", lead, "nowhere", "police", nil, "Bo and Lou"},
			{"who answers for all", chief, "nowhere", "police", nil, ""},
			{"nobody", web.Person{}, "nowhere", "police", nil, "Bo, Lou and Pip"},
			{"taken back, of another", coordinator, "nowhere", "police", peopleMoved(both.ID), ""},
			{"taken back, of nobody", coordinator, "nowhere", "police", peopleMoved(), ""},
			{"taken back, of the lead", coordinator, "nowhere", "police", peopleMoved(puppet.ID), "Pip"},
			{"taken back, of a role", coordinator, "police", "quay", []merge.Change{{Table: "identity_person_roles",
				Key: []string{"person_id", both.ID, "role", "agency-lead"}}}, "Bo"},
		} {
			why, err := refuses(w.ctx(), s.Work, c.by, c.from, c.to, c.moved)
			w.is(err, nil)
			got, _, _ := strings.Cut(strings.Join(why, " "), " would then act")
			if got != c.want {
				t.Errorf("%s: %q, want %q", c.what, got, c.want)
			}
		}
		acts := func() string { return fmt.Sprint(w.who(secret).ActsFor(access.AuditsAnswer)) }
		move := func(by web.Person) error {
			return s.Work.Tx(w.ctx(), func(q db.Q) error {
				_, err := w.MoveOrganisation(w.ctx(), q, by, "nowhere", "police")
				return err
			})
		}
		if err := move(coordinator); err == nil || !strings.Contains(err.Error(), "Pip would then act") {
			t.Errorf("a coordinator moves a lead: %v", err)
		}
		if got := acts(); got != "[nowhere]" {
			t.Errorf("what was refused was done: %s", got)
		}
		w.is(move(chief), nil)
		if got := acts(); got != "[police]" {
			t.Errorf("who answers for all moved them: %s", got)
		}
	})
}

// TestFilesGiveNoOrganisation: a file that names an organisation for somebody who has a role
// would give them what the role lets them do for it.
func TestFilesGiveNoOrganisation(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		w.organisation("police", "The police")
		lead := w.user("Pip", "agency-lead")
		none, err := w.AddPerson(w.ctx(), lead, Person{Name: "Nan", Email: "nan@tidewell.example"})
		w.is(err, nil)
		for id, want := range map[string]db.Opt{lead.ID: "", none: "police"} {
			p, err := personByID(w.ctx(), s.Work, id)
			w.is(err, nil)
			w.is(s.Work.Tx(w.ctx(), func(q db.Q) error {
				_, _, err := w.Ensure(w.ctx(), q, EnsurePerson{Name: p.Name, Email: p.Email, JobTitle: "Officer",
					OrganisationID: "police"})
				return err
			}), nil)
			if p, err = personByID(w.ctx(), s.Work, id); err != nil || p.OrganisationID != want || p.JobTitle != "Officer" {
				t.Errorf("%+v, %v", p, err)
			}
		}
	})
}
