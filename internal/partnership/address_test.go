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

// telling keeps what others were told.
type telling struct {
	people
	told *[]string
}

func (p telling) TellOfAddress(_ context.Context, _ db.Q, by web.Person, was, now string) error {
	*p.told = append(*p.told, fmt.Sprintf("%s: %s to %s", by.Name, was, now))
	return nil
}

// Others are told of another address, and of nothing else.
func TestAddressIsTold(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		var told []string
		w.People = telling{told: &told}
		for _, url := range []string{"https://a.example", "https://a.example", "https://b.example"} {
			_, err := w.SaveSettings(w.ctx(), w.by, Profile{Name: "Tidewell SCP", Area: "Tidewell " + url, URL: url}, "",
				web.Unwatched)
			w.is(err, nil)
		}
		if got := strings.Join(told, "; "); got != "Ada:  to https://a.example; Ada: https://a.example to https://b.example" {
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

func (asking) NeedsWebsiteSecond(context.Context, web.Person) (bool, error) { return true, nil }

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
		save := func(url, area, reason string) bool {
			t.Helper()
			waits, err := w.SaveSettings(w.ctx(), w.by, Profile{Name: "Tidewell SCP", Area: area, URL: url}, reason,
				web.Unwatched)
			w.is(err, nil)
			return waits
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
		// At the machine nobody is asked.
		w.is(w.SetWebsite(w.ctx(), "https://c.example"), nil)
		if p, err := w.Profile(w.ctx()); err != nil || p.URL != "https://c.example" || len(asked) != 2 {
			t.Error(p, err, asked)
		}
		if err := w.SetWebsite(w.ctx(), "c.example"); err == nil || !strings.Contains(err.Error(), "enter an address") {
			t.Error(err)
		}
	})
}
