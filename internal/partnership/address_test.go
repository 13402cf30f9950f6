package partnership

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

func TestCheckAddress(t *testing.T) {
	t.Parallel()
	const more, such = "no more than https://", "such as https://www.example.org"
	for address, want := range map[string]string{
		"https://www.example.org": "", "https://www.example.org/": "", "http://kith.example:8080": "",
		"https://x.example?q": more, "https://x.example/?": more, "https://u:p@x.example": more, "https://u@x.example": more,
		"https://x.example/path": more, "https://x.example/#a": more, "https://x.example#": more,
		"javascript:alert(1)": such, "ftp://x.example": such, "x.example": such, "https://": such, "https://:8080": such,
		"//x.example": such, "https://x .example": such,
	} {
		if got := checkAddress(address); want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: %q", address, got)
		}
	}
}

// TellOfAddress tells nobody: that room's tests say who is told.
func (people) TellOfAddress(context.Context, db.Q, web.Person, string, string) error { return nil }

// AskWebsite asks nobody: there is nobody else.
func (people) AskWebsite(context.Context, db.Q, web.Person, string, string) (bool, error) {
	return false, nil
}

func (people) NeedsSecond(context.Context, web.Person) (bool, error) { return false, nil }

// TellOfFrom, AskFrom and WaitingFrom are the same for the address that e-mails come from.
func (people) TellOfFrom(context.Context, db.Q, web.Person, string, string) error { return nil }

func (people) AskFrom(context.Context, db.Q, web.Person, string, string) (bool, error) {
	return false, nil
}

func (people) WaitingFrom(context.Context) (ui.NavItem, error) { return ui.NavItem{}, nil }

func (people) WaitingWebsite(context.Context) (ui.NavItem, error) { return ui.NavItem{}, nil }

// telling keeps what others were told.
type telling struct {
	people
	told *[]string
}

func (p telling) TellOfAddress(_ context.Context, _ db.Q, by web.Person, was, now string) error {
	*p.told = append(*p.told, fmt.Sprintf("%s: %s to %s", by.Name, was, now))
	return nil
}

func (p telling) TellOfFrom(_ context.Context, _ db.Q, by web.Person, was, now string) error {
	*p.told = append(*p.told, fmt.Sprintf("%s: from %s to %s", by.Name, was, now))
	return nil
}

// Others are told of other addresses, and of nothing else.
func TestAddressIsTold(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		var told []string
		w.People = telling{told: &told}
		for _, x := range [][2]string{{"https://a.example", ""}, {"https://a.example", "a@tidewell.example"},
			{"https://b.example", "a@tidewell.example"}, {"https://b.example", "b@tidewell.example"}} {
			_, err := w.SaveSettings(w.ctx(), w.by, Profile{Name: "Tidewell SCP", Area: "Tidewell " + x[0], URL: x[0],
				MailFrom: x[1]}, "", web.Unwatched)
			w.is(err, nil)
		}
		if got := strings.Join(told, "; "); got != "Ada:  to https://a.example; Ada: from  to a@tidewell.example; "+
			"Ada: https://a.example to https://b.example; Ada: from a@tidewell.example to b@tidewell.example" {
			t.Error(got)
		}
	})
}

// asking is a room of people in which a second person is asked.
type asking struct {
	people
	asked *[]string
}

func (p asking) AskWebsite(_ context.Context, _ db.Q, by web.Person, address, reason string) (bool, error) {
	*p.asked = append(*p.asked, fmt.Sprintf("%s: %s: %s", by.Name, address, reason))
	return true, nil
}

func (p asking) AskFrom(ctx context.Context, q db.Q, by web.Person, address, reason string) (bool, error) {
	return p.AskWebsite(ctx, q, by, "from "+address, reason)
}

func (asking) NeedsSecond(context.Context, web.Person) (bool, error) { return true, nil }

func (asking) WaitingWebsite(context.Context) (ui.NavItem, error) {
	return ui.NavItem{Text: "Ada asks for another address.", Href: "/work/requests/r"}, nil
}

// Another address than the one in force waits, whatever it is, and all else is saved.
func TestAddressWaits(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		var asked []string
		w.People = asking{asked: &asked}
		from := ""
		save := func(url, area, reason string) bool {
			t.Helper()
			waits, err := w.SaveSettings(w.ctx(), w.by, Profile{Name: "Tidewell SCP", Area: area, URL: url, MailFrom: from},
				reason, web.Unwatched)
			w.is(err, nil)
			return waits != Waits{}
		}
		if save("https://a.example", "Tidewell", "") {
			t.Error("the first address waits")
		}
		if save("https://a.example", "Saltcoast", "") || !save("https://b.example", "Tidewell", "moved") ||
			!save("", "Tidewell", "gone") {
			t.Error("what waits is not the address, or not only another")
		}
		if got := strings.Join(asked, "; "); got != "Ada: https://b.example: moved; Ada: : gone" {
			t.Error(got)
		}
		if p, err := w.Profile(w.ctx()); err != nil || p.URL != "https://a.example" || p.Area != "Tidewell" {
			t.Error(p, err)
		}
		page := w.as(access.SettingsManage).Want("GET", "/work/settings", nil, 200, "Ada asks for another address.")
		if !strings.Contains(page, `name="reason"`) || !strings.Contains(page, `href="/work/requests/r"`) {
			t.Error("the page does not say who has to agree")
		}
		// So does another address that e-mails come from than the one in force.
		if from = "a@tidewell.example"; save("https://a.example", "Tidewell", "") {
			t.Error("the first address that e-mails come from waits")
		}
		asked = nil
		for _, from = range []string{"a@evil.example", ""} {
			if !save("https://a.example", "Saltcoast", "moved") {
				t.Error("another address that e-mails come from waits for nobody")
			}
		}
		if got := strings.Join(asked, "; "); got != "Ada: from a@evil.example: moved; Ada: from : moved" {
			t.Error(got)
		}
		if p, err := w.Profile(w.ctx()); err != nil || p.MailFrom != "a@tidewell.example" || p.Area != "Saltcoast" {
			t.Error(p, err)
		}
		asked = []string{"", ""}
		w.is(w.Work.Tx(w.ctx(), func(q db.Q) error {
			return w.MoveFrom(w.ctx(), q, w.by, "b@tidewell.example", "agreed to another address", "moved")
		}), nil)
		if p, err := w.Profile(w.ctx()); err != nil || p.MailFrom != "b@tidewell.example" || p.Area != "Saltcoast" {
			t.Error(p, err)
		}
		// At the machine nobody is asked.
		w.is(w.SetFrom(w.ctx(), "c@tidewell.example"), nil)
		if p, err := w.Profile(w.ctx()); err != nil || p.MailFrom != "c@tidewell.example" {
			t.Error(p, err)
		}
		if err := w.SetFrom(w.ctx(), "c.example"); err == nil {
			t.Error("what is no address is taken for one")
		}
		w.is(w.SetWebsite(w.ctx(), "https://c.example"), nil)
		if p, err := w.Profile(w.ctx()); err != nil || p.URL != "https://c.example" || len(asked) != 2 {
			t.Error(p, err, asked)
		}
		if err := w.SetWebsite(w.ctx(), "c.example"); err == nil || !strings.Contains(err.Error(), "enter an address") {
			t.Error(err)
		}
	})
}
