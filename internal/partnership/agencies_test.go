package partnership

import (
	"testing"

	"kith/internal/access"
	"kith/internal/kit/audittrail"
	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// A file brings organisations; a person says which of them are relevant agencies.
func TestAgencies(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ensure := func(name string) (id string) {
			t.Helper()
			w.is(s.Work.Tx(w.ctx(), func(q db.Q) (err error) {
				id, _, err = w.Ensure(w.ctx(), q, name, "education")
				return err
			}), nil)
			return id
		}
		harbour, mary := ensure("Harbour School"), ensure("St Mary's School")
		if again := ensure("ST MARY’S  school"); again != mary {
			t.Error("a school in two spellings of its apostrophe is two")
		}
		council, err := w.AddOrganisation(w.ctx(), w.by, Organisation{Name: "Council", Sector: "local-authority",
			Statutory: true})
		w.is(err, nil)
		public := func(id string) bool {
			t.Helper()
			o, err := w.OrganisationByID(w.ctx(), id)
			w.is(err, nil)
			return o.Public()
		}
		if public(harbour) || !public(council) {
			t.Error("an organisation that a file brought is public, or a statutory partner is not")
		}
		b := w.as(access.PartnershipRead, access.PartnershipManage)
		b.Want("GET", "/work/organisations", nil, 200, "Of 2 organisations nobody has said yet")
		b.Want("GET", "/work/organisations?which=unsaid", nil, 200, "Harbour School")
		b.Want("GET", "/work/organisations/"+harbour, nil, 200, "A file that was imported")
		const page = "/work/organisations/agencies/decide"
		b.Want("GET", page, nil, 200, "Is Harbour School named as a relevant agency?")
		b.Want("POST", page, testkit.Pairs(), 422, "Say yes or no for one organisation at least")
		b.Want("POST", page, testkit.Pairs(agencyField(harbour), "perhaps"), 422, "")
		b.Want("POST", page, testkit.Pairs(agencyField(harbour), "yes"), 303, "/work/organisations")
		if !public(harbour) || public(mary) {
			t.Error("not the one that was named is public")
		}
		o, err := w.OrganisationByID(w.ctx(), harbour)
		if err != nil || o.Brought || o.Agency.Words() != "Relevant agency" {
			t.Error(o, err)
		}

		// Two at once: what the first said stands, and the second is told.
		late, err := w.SaveAgencies(w.ctx(), w.by, map[string]Agency{harbour: NotAnAgency, mary: NotAnAgency})
		if err != nil || late != 1 || !public(harbour) || public(mary) {
			t.Error(late, err)
		}
		b.Want("GET", "/work/organisations/"+mary, nil, 200, "Not a relevant agency")
		b.Want("GET", page, nil, 200, "Nothing to decide")
		trail, err := audittrail.Of(w.ctx(), s.Work, "organisation", mary)
		if err != nil || len(trail) != 1 || trail[0].Act != "said to be no relevant agency" {
			t.Error(trail, err)
		}
		_, err = w.SaveAgencies(w.ctx(), w.by, map[string]Agency{"nobody": Named})
		w.is(err, db.ErrNotFound)

		// What is said on the organisation's own form counts as well, and asks nothing more.
		quay := ensure("Quay Nursery")
		todos, err := w.Todos(w.ctx(), web.Person{Permissions: map[web.Permission]bool{access.PartnershipManage: true}})
		if err != nil || len(todos) != 1 || todos[0].Href != page {
			t.Error(todos, err)
		}
		b.Want("POST", "/work/organisations/"+quay+"/edit", testkit.Pairs("name", "Quay Nursery", "sector", "early-years",
			"agency", "yes"), 303, "")
		if !public(quay) {
			t.Error("named on its form, it is not public")
		}
	})
}
