package identity

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"time"

	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// TestDirectoryConfirms: who signs in with a directory alone confirms there, where it has
// just asked them again, or by a code in an e-mail; and keeps what they entered.
func TestDirectoryConfirms(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		chief := w.chief("Cleo")
		id, err := w.AddPerson(w.ctx(), chief, Person{Name: "Lena", Email: "lena@tidewell.example"})
		w.is(err, nil)
		w.is(w.roles(chief, id, []string{"administrator"}, web.Unwatched), nil)
		w.user("Ben", "editor")
		d := newDirectory(t)
		provider, err := w.AddProvider(w.ctx(), chief, Provider{Name: "Council", Issuer: d.URL, ClientID: "kith",
			ClientSecret: "s3", Domains: "tidewell.example"})
		w.is(err, nil)
		d.claims = map[string]any{"email": "lena@tidewell.example"}
		b := w.browser()
		w.firstByCode(b, w.away(b, d, provider))
		d.claims = map[string]any{"email": "ben@tidewell.example", "sub": "2"}
		w.firstFrom(w.awayIn(w.browser(), d, provider))
		d.claims = map[string]any{"email": "lena@tidewell.example"}
		link := regexp.MustCompile(`href="(/sign-in/with/[^"]+)"`)
		leave := func(page string) string {
			t.Helper()
			m := link.FindStringSubmatch(page)
			if m == nil {
				t.Fatalf("nothing leads to the directory:\n%s", page)
			}
			rec := b.Do("GET", html.UnescapeString(m[1]), nil)
			d.asked = query(t, rec.Header().Get("Location"))
			if d.asked.Get("prompt") != "login" || d.asked.Get("max_age") != "0" {
				t.Errorf("the directory is not told to ask again: %v", d.asked)
			}
			return "/sign-in/back?code=right&state=" + d.asked.Get("state")
		}

		// A page that is only opened: the directory leads back to it.
		w.now = w.now.Add(provedFor)
		const asks = "/work/account/second-factor"
		for _, c := range []struct {
			said map[string]any
			want string
		}{
			{map[string]any{}, "did not ask you again"},
			{map[string]any{"auth_time": w.now.Add(-time.Hour).Unix()}, "did not ask you again"},
			{map[string]any{"auth_time": w.now.Unix(), "sub": "2"}, "knows you as somebody else"},
			{map[string]any{"auth_time": w.now.Unix(), "sub": "3"}, "knows you as somebody else"}, // who was never linked
		} {
			d.claims = map[string]any{"email": "lena@tidewell.example"}
			for k, v := range c.said {
				d.claims[k] = v
			}
			b.Want("GET", leave(b.Want("GET", asks, nil, 200, "Confirm with Council")), nil, 409, c.want)
		}
		d.claims = map[string]any{"email": "lena@tidewell.example", "auth_time": w.now.Unix()}
		back := leave(b.Want("GET", asks, nil, 200, "leads you back here"))
		session := b.Cookies[cookieName]
		b.Want("GET", back, nil, 303, asks)
		if b.Cookies[cookieName] != session {
			t.Error("another session began")
		}
		b.Want("GET", asks, nil, 200, "A passkey")
		b.Want("GET", back, nil, 303, "/sign-in") // once

		// A form that was sent: it waits in its tab.
		w.now = w.now.Add(provedFor)
		at := "/work/people/" + id + "/edit"
		seen := html.UnescapeString(regexp.MustCompile(`name="seen" value="([^"]+)"`).FindStringSubmatch(
			b.Want("GET", at, nil, 200, "Lena"))[1])
		form := testkit.Pairs("name", "Lena Moor", "email", "lena@tidewell.example", "seen", seen)
		page := b.Want("POST", at, form, 200, "opens in a new tab")
		if !strings.Contains(page, `value="Lena Moor"`) {
			t.Error("what was entered is lost")
		}
		d.claims["auth_time"] = w.now.Unix()
		b.Want("GET", leave(page), nil, 303, confirmedPath)
		b.Want("GET", confirmedPath, nil, 200, "Close this tab")
		b.Want("POST", at, form, 303, "/work/people/"+id)

		// By a code: with the form carried all the way.
		w.now = w.now.Add(provedFor)
		form.Set("name", "Lena Moore")
		form.Set("seen", "")
		form.Set("confirm-you-to", at)
		page = b.Want("POST", "/work/account/confirm/send", form, 200, "A code is on its way")
		if !strings.Contains(page, `action="`+at+`"`) || !strings.Contains(page, `value="Lena Moore"`) {
			t.Error("the form is not carried")
		}
		w.work(1)
		mails := w.emails()
		code := regexp.MustCompile(`(?m)^(\d{4} \d{4})$`).FindString(mails[len(mails)-1])
		form.Del("confirm-you-to")
		form.Set("confirm-you-code", "0000 0000")
		b.Want("POST", at, form, 422, "That is not the code")
		form.Set("confirm-you-code", code)
		b.Want("POST", at, form, 409, "in another window") // confirmed: now the form has not said what it saw
	})
}
