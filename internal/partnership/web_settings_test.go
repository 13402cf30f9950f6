package partnership

import (
	"context"
	"strings"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/testkit"
)

func TestSettingsPages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		b := w.as(access.SettingsManage, access.OutboxRead)
		if page := b.Want("GET", "/work/settings", nil, 200, "/work/settings/outbox"); strings.Contains(page,
			"/work/settings/secret") {
			t.Error("a page is offered to somebody who may not see it")
		}
		b.save("/work/settings", testkit.Pairs("name", "", "area", "", "url", "javascript:alert(1)", "mail_from", "x"), 422,
			"Enter an address such as https://www.example.org")
		// Who asks is at example.com, where an address of another name shuts them out.
		away := testkit.Pairs("name", "Tidewell SCP", "area", "Tidewell", "url", "https://tidewell.example",
			"mail_from", "a@tidewell.example", "demo", "yes")
		if page := b.save("/work/settings", away, 422, "where nothing will answer any more"); !strings.Contains(page,
			`name="leave"`) {
			t.Error("nobody is asked")
		}
		if p, err := w.Profile(t.Context()); err != nil || p.URL != "" {
			t.Error("an address was saved that shuts out whoever saved it", p, err)
		}
		w.Hosts = []string{"EXAMPLE.com"}
		b.save("/work/settings", away, 303, "/work/settings")
		w.Hosts = nil
		away.Set("url", "https://www.tidewell.example")
		away.Set("leave", "yes")
		b.save("/work/settings", away, 303, "/work/settings")
		away.Del("leave")
		away.Set("url", "http://example.com:8080")
		b.save("/work/settings", away, 303, "/work/settings")
		away.Set("url", "https://tidewell.example")
		away.Set("leave", "yes")
		b.save("/work/settings", away, 303, "/work/settings")
		if p, err := w.Profile(t.Context()); err != nil || p.Name != "Tidewell SCP" || p.Demo {
			t.Error(p, err)
		}
		b.both("/work/settings", "address", "1 Quay", "2 Quay", "3 Quay",
			testkit.Pairs("name", "Tidewell SCP", "area", "Tidewell", "url", "https://tidewell.example", "mail_from",
				"a@tidewell.example"))
		const at = "/work/settings/contacts"
		b.Want("GET", at, nil, 200, "Nobody is named for: Front door, by day and Front door, nights and weekends")
		b.Want("GET", at, nil, 200, `href="tel:08001111"`)
		b.Want("GET", at+"/new", nil, 200, "Who keeps this right?")
		b.Want("POST", at+"/new", testkit.Pairs("purpose", "x", "number", "call me"), 422, "Enter a telephone number")
		b.Want("POST", at+"/new", testkit.Pairs("purpose", "front-door-day", "name", "Front door", "number", "01632 960 001",
			"answers", "Social workers, 9 to 5", "owner", "Duty manager", "position", "2"), 303, at)
		b.Want("GET", at, nil, 200, "Check it")
		b.Want("POST", at+"/childline/check", testkit.Pairs("number", "0800 1112"), 409, "was changed meanwhile")
		b.Want("POST", at+"/childline/check", testkit.Pairs("number", "0800 1111"), 303, at)
		b.Want("GET", at, nil, 200, "2 Apr 2024")
		b.Want("GET", at+"/childline/edit", nil, 200, `value="0800 1111"`)
		b.save(at+"/childline/edit", testkit.Pairs("purpose", "childline", "name", "", "number", ""), 422,
			"Enter who is called")
		b.save(at+"/childline/edit", testkit.Pairs("purpose", "police", "name", "Childline", "number", "101", "answers", "x",
			"owner", "y"), 409, "there already")
		b.save(at+"/childline/edit", testkit.Pairs("purpose", "childline", "name", "Childline", "number", "0800 1111",
			"answers", "Day and night", "owner", "Duty manager"), 303, at)
		b.both(at+"/childline/edit", "number", "0800 1112", "0800 1113", "0800 1111",
			testkit.Pairs("purpose", "childline", "name", "Childline", "answers", "Day and night", "owner", "Duty manager"))
		b.Want("GET", at+"/police/delete", nil, 200, "is taken off every page")
		b.deletes(at+"/police/delete", at, "number", "100", at+"/police/edit",
			testkit.Pairs("purpose", "police", "name", "Police", "number", "100", "answers", "x", "owner", "y"))
		b.Want("GET", at+"/police/edit", nil, 404, "")
		b.Want("POST", at+"/none/edit", testkit.Pairs(), 404, "")
		for _, path := range []string{"/work/settings", at, at + "/new", at + "/childline/edit"} {
			w.as(access.PartnershipManage, access.PeopleManage).Want("GET", path, nil, 404, "")
		}
	})
}

func TestSectorPages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		w.SectorUses = []SectorUse{{One: "booking", Many: "bookings",
			Count: func(_ context.Context, _ db.Reader, sector string) (int, error) {
				return map[string]int{"police": 2}[sector], nil
			}}}
		b := w.as(access.SettingsManage, access.PartnershipManage, access.PartnershipRead)
		const at = "/work/settings/sectors"
		b.Want("GET", at, nil, 200, "2 bookings")
		b.Want("POST", at+"/new", testkit.Pairs("title", "…"), 422, "letters a to z")
		b.Want("POST", at+"/new", testkit.Pairs("title", "NHS"), 409, "Another sector has this name")
		b.Want("POST", at+"/new", testkit.Pairs("title", "Faith", "words", "Church\nmosque"), 303, at)
		b.Want("GET", at+"/faith/edit", nil, 200, "Church\nmosque")
		b.Want("GET", at, nil, 200, "Church, mosque")
		b.Want("GET", at, nil, 200, "LA, council, local government, children&#39;s services")
		b.save(at+"/faith/edit", testkit.Pairs("title", "Faith groups", "words", "Church\npolice"), 409, "one of these words")
		b.save(at+"/faith/edit", testkit.Pairs("title", "Faith groups", "words", "Church"), 303, at)
		b.both(at+"/faith/edit", "title", "Faiths", "Belief", "Faith groups", testkit.Pairs("words", "Church"))
		b.Want("POST", at+"/faith/up", nil, 303, at)
		if page := b.Want("GET", at, nil, 200, "Faith groups"); strings.Index(page, "Faith groups") > strings.Index(page,
			"Fire and rescue") {
			t.Error("the sector was not moved up")
		}

		// It is offered, labels what is of it, and then cannot be removed.
		b.Want("GET", "/work/organisations/new", nil, 200, "Faith groups")
		org := b.Want("POST", "/work/organisations/new", testkit.Pairs("name", "St Anne", "sector", "faith"), 303,
			"/work/organisations/")
		b.Want("GET", org, nil, 200, "Faith groups")
		b.Want("GET", "/work/organisations?sector=faith", nil, 200, "St Anne")
		if got := w.Figures()[1].Dimensions[1].Words("faith"); got != "Faith groups" {
			t.Errorf("a figure calls it %q", got)
		}
		for path, what := range map[string]string{"/faith": "1 organisation", "/police": "2 bookings"} {
			b.Want("GET", at+path+"/remove", nil, 409, "It is the sector of "+what)
			b.Want("POST", at+path+"/remove", nil, 409, "It is the sector of "+what)
		}

		// One that is ended stays with what has it and is offered to nothing else.
		if page := b.Want("GET", at, nil, 200, `href="`+at+`/faith/end"`); strings.Contains(page,
			`action="`+at+`/faith/end"`) {
			t.Error("a sector can be ended without a question")
		}
		b.Want("GET", at+"/faith/end", nil, 200, "It stays the sector of 1 organisation")
		// nothing says that the question was seen
		b.Want("POST", at+"/faith/end", testkit.Pairs("seen", ""), 409, "End Faith groups?")
		b.save(at+"/faith/end", nil, 303, at)
		b.Want("GET", at+"/faith/end", nil, 409, "Faith groups has ended already")
		b.Want("GET", at, nil, 200, "Use again")
		b.Want("GET", org+"/edit", nil, 200, "Faith groups")
		b.save(org+"/edit", testkit.Pairs("name", "St Anne’s", "sector", "faith"), 303, org)
		if page := b.Want("GET", "/work/organisations/new", nil, 200, "Police"); strings.Contains(page, "Faith groups") {
			t.Error("a sector that has ended is offered")
		}
		b.Want("POST", "/work/organisations/new", testkit.Pairs("name", "St Bede", "sector", "faith"), 422,
			"Choose the sector")
		b.Want("POST", at+"/faith/reopen", nil, 303, at)

		b.Want("GET", at+"/housing/remove", nil, 200, "Remove Housing?")
		b.save(at+"/housing/remove", nil, 303, at)
		b.Want("GET", at+"/housing/edit", nil, 404, "")
		b.Want("GET", at+"/other/end", nil, 409, "always there")
		b.Want("POST", at+"/other/end", nil, 409, "always there")
		b.Want("POST", at+"/other/remove", nil, 409, "always there")
		b.Want("POST", at+"/moon/down", nil, 404, "")
		w.as(access.PartnershipManage).Want("GET", at, nil, 404, "")
	})
}
