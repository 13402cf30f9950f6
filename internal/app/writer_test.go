package app

import (
	"net/http"
	"net/url"
	"regexp"
	"testing"

	"kith/internal/testkit"
)

// TestAFormIsItsReaders: a page that was shown to one person and is sent when another is signed
// in changes nothing, and gives back what was written on it.
func TestAFormIsItsReaders(t *testing.T) {
	t.Parallel()
	a := open(t, Config{Dir: installed(t, demonstration(t)), Demo: true})
	const at = "/work/committees/new"
	ann, ben := newVisitor(t, a.Handler()), newVisitor(t, a.Handler())
	ann.signIn("business-manager")
	ben.signIn("coordinator")
	page := ann.Want("GET", at, nil, 200, "")
	hidden := func(name string) string {
		m := regexp.MustCompile(`name="` + name + `" value="([^"]+)"`).FindStringSubmatch(page)
		if m == nil {
			t.Fatalf("no %s in %s", name, page)
		}
		return m[1]
	}
	form := url.Values{"writer": {hidden("writer")}, "once": {hidden("once")}, "name": {"Neglect and drink group"}}
	answer := ben.Do("POST", at, form)
	if answer.Code != http.StatusConflict {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	for _, want := range []string{"Somebody else was signed in", "Neglect and drink group"} {
		if !regexp.MustCompile(want).MatchString(answer.Body.String()) {
			t.Errorf("no %q in %s", want, answer.Body)
		}
	}
	if regexp.MustCompile(form.Get("writer")).MatchString(ben.Want("GET", at, nil, 200, "")) {
		t.Error("two people have one mark")
	}
	if answer := ann.Do("POST", at, form); answer.Code == http.StatusConflict {
		t.Errorf("whose form it is was refused: %s", answer.Body)
	}

	// A form with files says it before the first of them.
	const list = "/work/joiners/new"
	page = ann.Want("GET", list, nil, 200, "")
	marks := url.Values{"writer": {hidden("writer")}, "seen": {hidden("seen")}, "once": {hidden("once")}}
	file := testkit.SentFile{Field: "file", Name: "joiners.csv",
		Content: "Name,E-mail,Role,Joins or leaves\nEve,eve@x.example,Practitioner,joins\n"}
	if answer := ben.Upload(list, marks, file); answer.Code != http.StatusConflict {
		t.Errorf("another's list was taken: %d %s", answer.Code, answer.Body)
	}
	if answer := ann.Upload(list, marks, file); answer.Code != http.StatusSeeOther {
		t.Errorf("their own list was refused: %d %s", answer.Code, answer.Body)
	}
}
