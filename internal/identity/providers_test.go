package identity

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/web"
	"kith/internal/testkit"
)

// A directory is an agency's, as OpenID Connect has it. Its fields let a test make it lie.
type directory struct {
	*httptest.Server
	key    *rsa.PrivateKey
	claims map[string]any // beside those that every token has; nil takes one away
	asked  url.Values     // what the browser was sent with
	info   map[string]any // to who asks who it is
	status int            // of every answer, when not 0
	signs  *rsa.PrivateKey
}

func newDirectory(t testing.TB) *directory {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	d := &directory{key: key, signs: key}
	mux := http.NewServeMux()
	answer := func(w http.ResponseWriter, v any) {
		w.Header().Set("Content-Type", "application/json")
		if d.status != 0 {
			w.WriteHeader(d.status)
		}
		json.NewEncoder(w).Encode(v)
	}
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"issuer": d.URL, "authorization_endpoint": d.URL + "/auth",
			"token_endpoint": d.URL + "/token",
			"jwks_uri":       d.URL + "/keys", "end_session_endpoint": d.URL + "/out",
			"userinfo_endpoint": d.URL + "/me"})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, map[string]any{"keys": []any{map[string]any{"kty": "RSA", "alg": "RS256", "use": "sig", "kid": "k",
			"n": b64(d.key.N.Bytes()), "e": b64(big.NewInt(int64(d.key.E)).Bytes())}}})
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		sum := sha256.Sum256([]byte(r.FormValue("code_verifier")))
		if b64(sum[:]) != d.asked.Get("code_challenge") || r.FormValue("code") != "right" {
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(http.StatusBadRequest)
			answer(w, map[string]any{"error": "invalid_grant"})
			return
		}
		answer(w, map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": d.token(t)})
	})
	mux.HandleFunc("/me", func(w http.ResponseWriter, _ *http.Request) { answer(w, d.info) })
	d.Server = httptest.NewServer(mux)
	t.Cleanup(d.Close)
	return d
}

func (d *directory) token(t testing.TB) string {
	claims := map[string]any{"iss": d.URL, "aud": "kith", "sub": "1", "nonce": d.asked.Get("nonce"),
		"iat": start.Unix(), "exp": start.Add(time.Hour).Unix(), "email": "ben@tidewell.example", "email_verified": true}
	for k, v := range d.claims {
		claims[k] = v
	}
	body, err := json.Marshal(claims)
	if err != nil {
		t.Error(err)
	}
	signed := b64([]byte(`{"alg":"RS256","kid":"k"}`)) + "." + b64(body)
	sum := sha256.Sum256([]byte(signed))
	sig, err := rsa.SignPKCS1v15(rand.Reader, d.signs, crypto.SHA256, sum[:])
	if err != nil {
		t.Error(err)
	}
	return signed + "." + base64.RawURLEncoding.EncodeToString(sig)
}

// start is when the tests' world begins.
var start = time.Date(2024, 4, 2, 9, 0, 0, 0, time.UTC)

// away sends a browser to the directory, and gives what it comes back with.
func (w *world) away(b *testkit.Browser, d *directory, id string) (back string) {
	w.t.Helper()
	rec := b.Do("GET", "/sign-in/with/"+id+"?next=/work/account", nil)
	to, err := url.Parse(rec.Header().Get("Location"))
	if err != nil || rec.Code != http.StatusSeeOther || !strings.HasPrefix(to.String(), d.URL+"/auth?") {
		w.t.Fatalf("%d to %s: %v", rec.Code, to, err)
	}
	d.asked = query(w.t, to.String())
	return "/sign-in/back?code=right&state=" + d.asked.Get("state")
}

// secretOf opens the secret of a directory.
func (w *world) secretOf(p Provider) string {
	w.t.Helper()
	secret, err := w.unsealed(providerPlace(p.ID), p.ClientSecret)
	w.is(err, nil)
	return secret
}

// awayIn is away, for a browser of its own.
func (w *world) awayIn(b *testkit.Browser, d *directory, id string) (*testkit.Browser, string) {
	w.t.Helper()
	return b, w.away(b, d, id)
}

// firstFrom comes back from a directory for the first time, and shows the password.
func (w *world) firstFrom(b *testkit.Browser, back string) {
	w.t.Helper()
	b.Want("GET", back, nil, 303, linkingPath)
	b.Want("POST", linkingPath, testkit.Pairs("password", password), 303, "/work/account")
}

// query gives what an address asks.
func query(t testing.TB, address string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query()
}

func TestDirectories(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss, ben := w.user("Ada", "administrator"), w.user("Ben", "editor")
		noRole, err := w.AddPerson(w.ctx(), boss, Person{Name: "Zed", Email: "zed@tidewell.example"})
		w.is(err, nil)
		d, other := newDirectory(t), newDirectory(t)
		id, err := w.AddProvider(w.ctx(), boss, Provider{Name: "Council", Issuer: d.URL, ClientID: "kith",
			ClientSecret: "s3", Domains: "tidewell.example\nport.example"})
		w.is(err, nil)
		_, err = w.AddProvider(w.ctx(), boss, Provider{Name: "COUNCIL ", Issuer: d.URL})
		w.is(err, ErrProviderTaken)
		b := w.browser()
		b.Want("GET", "/sign-in?next=/work/account", nil, 200, "Sign in with Council")
		back := w.away(b, d, id)
		for k, want := range map[string]string{"client_id": "kith", "response_type": "code", "code_challenge_method": "S256",
			"redirect_uri": "https://work.tidewell.example/sign-in/back", "scope": "openid email"} {
			if got := d.asked.Get(k); got != want {
				t.Errorf("%s is %q", k, got)
			}
		}
		w.firstFrom(b, back)
		b.Want("GET", "/work/account", nil, 200, ben.Email)
		b.Want("GET", back, nil, 303, "/sign-in") // again
		b.Want("POST", "/sign-out", nil, 303, "/sign-in")
		b.Want("GET", "/sign-in", nil, 200, `href="/sign-in/with/`+id+`/out"`)
		b.Want("GET", "/sign-in/with/"+id+"/out", nil, 303, d.URL+"/out")

		// What the directory says of an account that nobody has linked, where nothing else is given.
		claims := func(pairs ...any) func() {
			return func() {
				d.claims = map[string]any{"sub": "9"}
				for i := 0; i < len(pairs); i += 2 {
					d.claims[pairs[i].(string)] = pairs[i+1]
				}
			}
		}
		const down, refused, unsaid, nobody = "does not answer as it should", "did not let you through",
			"did not confirm your e-mail address", "Nobody with your e-mail address signs in here"
		for _, c := range []struct {
			what string
			lie  func()
			back func(string) string
			code int
			want string
		}{
			{"another state", nil, func(s string) string { return s[:len(s)-1] + "x" }, 303, "/sign-in"},
			{"no state", nil, func(string) string { return "/sign-in/back?code=right" }, 303, "/sign-in"},
			{"no code", nil, func(s string) string { return strings.Replace(s, "code=right", "error=denied", 1) }, 409,
				refused},
			{"a code that it does not know", nil, func(s string) string { return strings.Replace(s, "right", "wrong", 1) }, 409,
				refused},
			{"another nonce", func() { d.claims = map[string]any{"nonce": "x"} }, nil, 409, down},
			{"for another client", func() { d.claims = map[string]any{"aud": "x"} }, nil, 409, down},
			{"of another issuer", func() { d.claims = map[string]any{"iss": other.URL} }, nil, 409, down},
			{"too old", func() { d.claims = map[string]any{"exp": start.Unix() - 1} }, nil, 409, down},
			{"signed by another", func() { d.signs = other.key }, nil, 409, down},
			{"at fault", func() { d.status = 500 }, nil, 409, down},
			{"an address that is not confirmed", claims("email_verified", false), nil, 409, unsaid},
			{"no word on that", claims("email_verified", nil), nil, 409, unsaid},
			{"of another domain", claims("email", "ben@nhs.example"), nil, 409, unsaid},
			{"of a domain within", claims("email", "ben@x.tidewell.example"), nil, 409, unsaid},
			{"of two domains", claims("email", "ben@x.example@tidewell.example"), nil, 409, unsaid},
			{"no address", claims("email", ""), nil, 409, unsaid},
			{"an address to who asks", func() {
				claims("email", "")()
				d.info = map[string]any{"sub": "9", "email": "ben@tidewell.example", "email_verified": true}
			}, nil, 303, linkingPath},
			{"an address of another person to who asks", func() {
				claims("email", "")()
				d.info = map[string]any{"sub": "2", "email": "ben@tidewell.example", "email_verified": true}
			}, nil, 409, unsaid},
			{"somebody unknown", claims("email", "new@port.example"), nil, 409, nobody},
			{"somebody without a role", claims("email", "zed@tidewell.example"), nil, 409, nobody},
			{"in capitals", claims("email", "BEN@Tidewell.Example"), nil, 303, linkingPath},
			{"who was linked", claims("sub", "1"), nil, 303, "/work/account"},
			{"who was linked, of another address", claims("sub", "1", "email", "ben@nhs.example"), nil, 303, "/work/account"},
			{"who was linked, of no address", claims("sub", "1", "email", ""), nil, 303, "/work/account"},
			{"who was linked, with another person’s address", claims("sub", "1", "email", "ada@tidewell.example"), nil, 303,
				"/work/account"},
		} {
			back := w.away(b, d, id)
			if c.lie != nil {
				c.lie()
			}
			if c.back != nil {
				back = c.back(back)
			}
			t.Log(c.what)
			b.Want("GET", back, nil, c.code, c.want)
			if c.want == "/work/account" {
				b.Want("GET", "/work/account", nil, 200, ben.Email)
			} else {
				b.Want("GET", "/work/account", nil, 303, "/sign-in?next=%2Fwork%2Faccount")
			}
			b.Do("POST", "/sign-out", nil)
			d.claims, d.info, d.signs, d.status = nil, nil, d.key, 0
		}
		if n, err := db.Get[int](w.ctx(), s.Work, `SELECT count(*) FROM people`); err != nil || n != 3 {
			t.Errorf("%d people, %v", n, err)
		}
		if held, err := rolesOf(w.ctx(), s.Work, noRole); err != nil || len(held) != 0 {
			t.Errorf("roles %v, %v", held, err)
		}

		// A second factor is asked for as after a password.
		w.withApp(ben)
		b.Want("GET", w.away(b, d, id), nil, 303, secondStepPath+"?next=%2Fwork%2Faccount")
		// Somebody deactivated stays outside; a directory that is down is said in words.
		w.is(w.DeactivatePerson(w.ctx(), boss, ben.ID, web.Unwatched), nil)
		b.Want("GET", w.away(b, d, id), nil, 409, nobody)
		d.Close()
		b.Want("GET", "/sign-in/with/"+id, nil, 409, down)
		b.Want("GET", "/sign-in/with/none", nil, 404, "")
	})
}

func TestDirectoryPages(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		w := open(t, s)
		boss := w.user("Ada", "administrator")
		b := w.browser()
		b.Want("POST", "/sign-in", testkit.Pairs("email", boss.Email, "password", password), 303, "/work")
		const at = "/work/settings/directories"
		b.Want("GET", at+"/new", nil, 200, "https://work.tidewell.example/sign-in/back")
		form := func(more ...string) url.Values {
			v := testkit.Pairs("name", "Council", "issuer", "https://login.example", "client_id", "kith",
				"client_secret", "s3cr3t",
				"domains", "@Tidewell.example\r\nport.example")
			for i := 0; i < len(more); i += 2 {
				v.Set(more[i], more[i+1])
			}
			return v
		}
		for _, c := range [][3]string{
			{"name", "", "Enter what the sign-in page calls it"}, {"issuer", "login", "such as https://login.example.org"},
			{"issuer", "http://login.example", "has to begin with https://"},
			{"issuer", "https://a:b@x.example", "such as https"},
			{"client_id", "", "Enter the client id"}, {"client_secret", "", "Enter the client secret"},
			{"domains", "", "Enter the domains"}, {"domains", "*.example", "what stands after the @"},
			{"domains", "example", "what stands after the @"},
		} {
			if page := b.Want("POST", at+"/new", form(c[0], c[1]), 422, c[2]); strings.Contains(page, "s3cr3t") {
				t.Error("the secret is sent back")
			}
		}
		b.Want("POST", at+"/new", form(), 303, signingInPath)
		all, err := providers(w.ctx(), s.Work)
		if err != nil || len(all) != 1 || all[0].Domains != "tidewell.example\nport.example" {
			t.Fatal(all, err)
		}
		edit := fmt.Sprintf("%s/%s/edit", at, all[0].ID)
		for _, path := range []string{edit, signingInPath, "/sign-in", strings.Replace(edit, "edit", "remove", 1)} {
			if page := b.Want("GET", path, nil, 200, "Council"); strings.Contains(page, "s3cr3t") {
				t.Errorf("%s shows the secret", path)
			}
		}
		b.Want("POST", edit, form("client_secret", "", "name", "Borough"), 303, signingInPath)
		if all, err = providers(w.ctx(), s.Work); err != nil || w.secretOf(all[0]) != "s3cr3t" ||
			strings.Contains(all[0].ClientSecret, "s3cr3t") || all[0].Name != "Borough" {
			t.Fatal(all, err)
		}
		b.Want("POST", edit, form("seen", ""), 409, "")
		b.Want("POST", strings.Replace(edit, "edit", "remove", 1), nil, 303, signingInPath)
		b.Want("POST", edit, form(), 404, "")
	})
}
