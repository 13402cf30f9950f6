package identity

import (
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-webauthn/webauthn/protocol"

	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// doorPages are the pages of second factors, for TestTemplates.
func doorPages(base ui.Base) map[string]any {
	f := []Factor{{ID: "f", Kind: KindPasskey, Name: "Laptop", Host: "x.example"}, {ID: "g", Kind: KindApp, Name: "Phone"}}
	problem := web.NewForm("name", "Phone")
	problem.Add("code", "That is not the code")
	problem.Add("passkey", "The passkey was not accepted")
	return map[string]any{
		"second-factor": secondFactorPage{Base: base, Form: problem, Factors: f, Needed: true, Passkeys: true,
			Name: "Phone"},
		"new-app":        newAppPage{Base: base, Form: problem, Key: "ABCD EFGH"},
		"recovery-codes": recoveryCodesPage{Base: base, Codes: []string{"abcd-efgh-jkmn-pqrs"}},
		"factor-form":    factorFormPage{FormPage: ui.FormPage{Base: base, Form: problem, Cancel: "/"}, Kind: "App"},
		"second-step":    secondStepPage{Base: base, Form: problem, Passkeys: true, Apps: true},
		"signing-in": signingInPage{Base: base, Rows: []requiredRow{{Title: "Editor", Required: true}},
			Providers: []Provider{{ID: "p", Name: "Council"}}},
		"ask-code":   askCodePage{Base: base, Form: problem, Purpose: Purpose{ID: "x", Does: "see"}, Sent: "a@x.example"},
		"new-mailed": newMailedPage{Base: base, Form: problem, Email: "a@x.example"},
		"provider-form": providerFormPage{FormPage: ui.FormPage{Base: base, Form: problem, Cancel: "/"}, Returns: "/x",
			Known: true},
		"confirm-you": confirmYouPage{Base: base, Form: problem, To: "/work/people", Kept: []ui.Row{{Key: "a", Value: "b"}},
			Password: true, Codes: true, Passkeys: true},
		"reset-form":      resetFormPage{FormPage: ui.FormPage{Base: base, Form: problem, Cancel: "/"}, Second: "Ask"},
		"confirmed":       base,
		"link-account":    linkAccountPage{Base: base, Form: problem, Provider: "Council", Sent: true},
		"signing-in-form": signingInFormPage{FormPage: ui.FormPage{Base: base, Cancel: "/"}, Roles: catalogue{}.choices()},
	}
}

var recoveryCode = regexp.MustCompile(`[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}-[0-9a-z]{4}`)

func TestSecondFactorPages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss, ben := w.user("Ada", "administrator"), w.user("Ben", "editor")
		b, admin := w.browser(), w.browser()
		signIn := testkit.Pairs("email", ben.Email, "password", password, "next", "/work/account")
		admin.Want("POST", "/sign-in", testkit.Pairs("email", boss.Email, "password", password), 303, "/work")
		admin.Want("GET", "/work/settings/signing-in", nil, 200, "As each wishes")
		admin.Want("GET", "/work/settings/signing-in/edit", nil, 200, "Keep the websites")
		admin.Want("POST", "/work/settings/signing-in/edit", testkit.Pairs("roles", "editor"), 303,
			"/work/settings/signing-in")
		admin.Want("GET", "/work/settings/signing-in", nil, 200, "Needed")

		// Whose role needs one is led there from everywhere, and can sign out.
		b.Want("POST", "/sign-in", signIn, 303, "/work/account")
		b.Want("GET", "/work/account", nil, 303, secondPath)
		b.Want("GET", secondPath, nil, 200, "Your role lets you see or change")
		b.Want("GET", newAppPath, nil, 303, secondPath)
		b.Want("GET", "/work/account/apps/picture", nil, 404, "")
		b.Want("POST", "/work/account/apps/begin", nil, 303, newAppPath)
		page := b.Want("GET", newAppPath, nil, 200, "Point its camera")
		picture := b.Do("GET", "/work/account/apps/picture", nil)
		if got := picture.Header().Get("Content-Type"); got != "image/png" ||
			picture.Header().Get("Cache-Control") != "no-store" {
			t.Errorf("the picture is %s, %s", got, picture.Header().Get("Cache-Control"))
		}
		key, err := w.BegunApp(w.ctx(), ben)
		w.is(err, nil)
		if !strings.Contains(page, appWords(key)) {
			t.Error("the key is not written out")
		}
		b.Want("POST", newAppPath, testkit.Pairs("name", "Phone", "code", "000000"), 422, "That is not the code")
		b.Want("POST", newAppPath, testkit.Pairs("name", "", "code", w.code(key, 0)), 422,
			"Enter a name by which you know it")
		page = b.Want("POST", newAppPath, testkit.Pairs("name", "Phone", "code", w.code(key, 0)), 200,
			"They are shown this once")
		codes := recoveryCode.FindAllString(page, -1)
		if len(codes) != recoveryCodes || len(slices.Compact(slices.Sorted(slices.Values(codes)))) != recoveryCodes {
			t.Fatalf("codes %v", codes)
		}
		page = b.Want("GET", "/work/account", nil, 200, "10 recovery codes are left")
		id := regexp.MustCompile(`factors/(\w+)/edit`).FindStringSubmatch(page)[1]
		b.Want("POST", newAppPath, testkit.Pairs("name", "Phone", "code", w.code(key, 0)), 303, secondPath) // sent again

		// The next sign-in asks, keeps the page that was asked for, and gives no code back.
		w.now = w.now.Add(time.Minute)
		b.Want("POST", "/sign-out", nil, 303, "/sign-in")
		b.Want("GET", secondStepPath, nil, 303, "/sign-in")
		b.Want("POST", "/sign-in", signIn, 303, secondStepPath+"?next=%2Fwork%2Faccount")
		b.Want("GET", "/work/account", nil, 303, "/sign-in?next=%2Fwork%2Faccount")
		b.Want("GET", secondStepPath+"?next=/work/account", nil, 200, `name="next" value="/work/account"`)
		b.Want("POST", secondStepPath, testkit.Pairs("code", ""), 422, "Enter the code")
		if page = b.Want("POST", secondStepPath, testkit.Pairs("code", "123123"), 422,
			"That is not the code"); strings.Contains(page, "123123") {
			t.Error("a code is sent back")
		}
		b.Want("POST", secondStepPath, testkit.Pairs("code", w.code(key, 0), "next", "//evil.example"), 303, "/work")
		if b.Cookies[secondCookie] != "" {
			t.Error("the cookie of the step before stays")
		}

		b.Want("GET", "/work/account/factors/"+id+"/edit", nil, 200, "What do you call it?")
		b.Want("POST", "/work/account/factors/"+id+"/edit", testkit.Pairs("name", "Old phone"), 303, "/work/account")
		b.Want("GET", "/work/account", nil, 200, "Old phone")
		b.Want("GET", "/work/account/factors/"+id+"/delete", nil, 200, "Remove “Old phone”?")
		b.Want("POST", "/work/account/factors/"+id+"/delete", nil, 409, "Your role needs a second factor")
		admin.Want("GET", "/work/account/factors/"+id+"/edit", nil, 404, "")
		admin.Want("POST", "/work/account/factors/"+id+"/delete", nil, 404, "")
		b.Want("GET", "/work/account/recovery-codes/renew", nil, 200, "Make new codes")
		if again := recoveryCode.FindString(b.Want("POST", "/work/account/recovery-codes/renew", nil, 200,
			"They are shown this once")); slices.Contains(codes, again) {
			t.Error("an old code is given again")
		}

		admin.Want("GET", "/work/people/"+ben.ID, nil, 200, "also asks for a second factor")
		admin.Want("GET", "/work/people/"+ben.ID+"/reset-factors", nil, 200, "call them at a number that you know")
		admin.Want("POST", "/work/people/"+ben.ID+"/reset-factors", nil, 422, "Say why")
		admin.Want("POST", "/work/people/"+ben.ID+"/reset-factors", testkit.Pairs("reason", "Lost"), 303,
			"/work/people/"+ben.ID)
		b.Want("GET", "/work/account", nil, 200, "Old phone") // it waits
		w.is(w.reset(w.chief("Cleo"), ben.ID, ""), nil)
		b.Want("GET", "/work/account", nil, 303, "/sign-in?next=%2Fwork%2Faccount")
		admin.Want("POST", "/work/people/"+ben.ID+"/reset-factors", nil, 409, "There is no second factor")
	})
}

func TestPasskeyPages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		ben := w.user("Ben", "editor")
		a := w.withPasskey(ben)
		b := w.browser()
		b.Want("GET", "/sign-in", nil, 200, "Sign in with a passkey")
		b.Want("POST", "/sign-in/passkey/begin", nil, 200, `"userVerification":"required"`)
		b.Want("POST", "/sign-in/passkey/begin", testkit.Pairs("second", "yes"), 409, "There is no passkey to use here")
		b.Want("POST", "/sign-in/passkey", testkit.Pairs("passkey", "{}", "challenge", "x"), 422, "That took too long")
		// What another browser asked for is answered there and not here.
		other, options := w.browser(), protocol.PublicKeyCredentialRequestOptions{}
		c := Challenge{Options: &options}
		w.is(json.Unmarshal([]byte(b.Want("POST", "/sign-in/passkey/begin", nil, 200, "")), &c), nil)
		c.Options = options
		proof := a.shows(c)
		shown := testkit.Pairs("passkey", string(proof.Passkey), "challenge", proof.Challenge, "next", "/work/account")
		other.Want("POST", "/sign-in/passkey", shown, 422, "That took too long")
		other.Want("POST", "/sign-in/passkey/begin", nil, 200, "")
		other.Want("POST", "/sign-in/passkey", shown, 422, "That took too long")
		b.Want("POST", "/sign-in/passkey", shown, 303, "/work/account")
		b.Want("GET", "/work/account", nil, 200, "Passkey, for work.tidewell.example")
		b.Want("GET", secondPath, nil, 200, "Add a passkey")
		b.Want("POST", "/work/account/passkeys/begin", nil, 200, `"id":"work.tidewell.example"`)
		b.Want("POST", "/work/account/passkeys/new", testkit.Pairs("name", "Key", "passkey", "{}", "challenge", "x"), 422,
			"That took too long")

		b.Want("POST", "/sign-out", nil, 303, "/sign-in")
		b.Want("POST", "/sign-in", testkit.Pairs("email", ben.Email, "password", password), 303, secondStepPath)
		b.Want("GET", secondStepPath, nil, 200, "Use your passkey")
		b.Want("POST", "/sign-in/passkey/begin", testkit.Pairs("second", "yes"), 200, `"allowCredentials":[{`)
		w.site.Address = "http://192.0.2.1"
		if page := b.Want("GET", "/sign-in", nil, 200, "Password"); strings.Contains(page, "passkey") {
			t.Error("a passkey is offered where no browser has one")
		}
		b.Want("POST", "/sign-in/passkey/begin", nil, 409, "Passkeys cannot be used at this address")
	})
}

// TestConfirmYou: what is weighty asks again after a quarter of an hour, loses nothing that
// was entered, and goes on.
func TestConfirmYou(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss, ben := w.user("Ada", "administrator"), w.user("Ben", "administrator")
		key, codes := w.withApp(boss)
		at := "/work/people/" + ben.ID + "/edit"
		b := w.browser()
		b.Want("POST", "/sign-in", testkit.Pairs("email", boss.Email, "password", password), 303, secondStepPath)
		b.Want("POST", secondStepPath, testkit.Pairs("code", codes[0]), 303, "/work")
		seen := regexp.MustCompile(`name="seen" value="([^"]+)"`).FindStringSubmatch(b.Want("GET", at, nil, 200, "Ben"))[1]
		form := func(more ...string) url.Values {
			return testkit.Pairs(append([]string{"name", "Ben \"B\" Ode", "email", "ben@x.example", "job_title", "a\nb",
				"seen", html.UnescapeString(seen)}, more...)...)
		}
		w.now = w.now.Add(provedFor - time.Second)
		b.Want("GET", "/work/people?format=csv", nil, 200, "Ben")
		w.now = w.now.Add(time.Second)

		page := b.Want("POST", at, form(), 200, "Confirm that it is you")
		for _, kept := range []string{`action="` + at + `"`, `value="Ben &#34;B&#34; Ode"`, "a\nb", `name="seen"`} {
			if !strings.Contains(page, kept) {
				t.Errorf("the page does not keep %s", kept)
			}
		}
		if p, err := w.PersonByID(w.ctx(), ben.ID); err != nil || p.Name != "Ben" {
			t.Errorf("it was done before: %+v %v", p, err)
		}
		if page := b.Want("POST", at, form("confirm-you-password", "not the password"), 422,
			"That is not your password"); strings.Contains(page, "not the password") {
			t.Error("a password is sent back")
		}
		b.Want("POST", at, form("confirm-you-code", "000000"), 422, "That is not the code")
		b.Want("POST", at, form("confirm-you-password", password), 303, "/work/people/"+ben.ID)
		if p, err := w.PersonByID(w.ctx(), ben.ID); err != nil || p.Name != `Ben "B" Ode` {
			t.Errorf("it was not done: %+v %v", p, err)
		}

		// A page asks before it is given as a file, and leads back to it; not when it is shown.
		w.now = w.now.Add(provedFor)
		b.Want("GET", "/work/people?q=ben", nil, 200, "Ben")
		b.Want("GET", "/work/people?q=ben&format=csv", nil, 200, `name="next" value="/work/people?q=ben&amp;format=csv"`)
		next := testkit.Pairs("next", "/work/people?q=ben&format=csv", "confirm-you-code", w.code(key, 0))
		b.Want("POST", confirmPath, next, 303, "/work/people?q=ben&format=csv")
		b.Want("GET", "/work/people?q=ben&format=csv", nil, 200, "ben@x.example")
		b.Want("POST", confirmPath, next, 422, "used before")
		b.Want("POST", confirmPath, testkit.Pairs("next", "//evil.example", "confirm-you-password", password), 303, "/work")

		// One person's proof is not another's, and what is guessed has to wait.
		w.now = w.now.Add(provedFor)
		for range freeTries {
			b.Want("POST", at, form("confirm-you-password", "a wrong password"), 422, "That is not your password")
		}
		b.Want("POST", at, form("confirm-you-password", password), 429, "Too many wrong")
		c := w.browser()
		c.Want("POST", at, form("confirm-you-password", password), 303, "/sign-in")

		// Files cannot be kept: they are chosen again.
		page = b.Upload("/work/people/"+ben.ID+"/roles/edit", nil, testkit.SentFile{Field: "f", Name: "a.csv"}).Body.String()
		if !strings.Contains(page, "choose your files again") {
			t.Error(page)
		}
	})
}
