package web

import (
	"errors"
	"net/url"
	"slices"
	"testing"
	"time"

	"kith/internal/kit/period"
	"kith/internal/kit/ui"
)

// posted is the form as a browser sends it from a page that showed saw.
func posted(saw *Form, pairs ...string) *Form {
	f := NewForm(pairs...)
	f.Set(seenField, saw.Mark())
	return f
}

func TestSeen(t *testing.T) {
	t.Parallel()
	saw := NewForm("title", "Neglect", "words", "One\nTwo", "owner", "", "tag", "a", "tag", "b")
	for name, c := range map[string]struct {
		now  *Form
		same bool
	}{
		"the same":               {NewForm("title", "Neglect", "words", "One\nTwo", "tag", "a", "tag", "b"), true},
		"line ends of a browser": {NewForm("title", "Neglect", "words", "One\r\nTwo", "tag", "a", "tag", "b"), true},
		"another title":          {NewForm("title", "Neglect.", "words", "One\nTwo", "tag", "a", "tag", "b"), false},
		"a value fewer":          {NewForm("title", "Neglect", "words", "One\nTwo", "tag", "a"), false},
		"a field more": {NewForm("title", "Neglect", "words", "One\nTwo", "tag", "a", "tag", "b", "owner", "ann"),
			false},
		"a value at another name": {NewForm("title", "Neglect", "words", "One\nTwo", "tag", "a", "gat", "b"), false},
	} {
		err := posted(saw).Seen().Check(c.now)
		var changed *Changed
		if (err == nil) != c.same || err != nil && !errors.As(err, &changed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := Unwatched.Check(saw); err != nil {
		t.Error(err)
	}
	if err := (&Form{values: url.Values{}}).Seen().Check(saw); err == nil {
		t.Error("a form that says nothing of what was seen was let through")
	}
}

// TestMeet: what one person left alone takes the other's words; where both wrote,
// both stand, and the next save is compared with what is shown now.
func TestMeet(t *testing.T) {
	t.Parallel()
	saw := NewForm("title", "Neglect", "words", "Old", "place", "1")
	now := NewForm("title", "Neglect in early years", "words", "Theirs", "place", "1")
	f := posted(saw, "title", "Neglect", "words", "Mine", "place", "2")
	err := f.Seen().Check(now)
	errors.As(err, new(*Changed))
	if status := f.Refuse(err); status != 409 {
		t.Fatal(status)
	}
	if got := f.Value("title"); got != "Neglect in early years" {
		t.Errorf("the title that this person left alone is %q", got)
	}
	theirs, differs := f.Theirs("words")
	if f.Value("words") != "Mine" || !differs || !slices.Equal(theirs, []string{"Theirs"}) {
		t.Errorf("both texts: %q and %q", f.Value("words"), theirs)
	}
	if f.Value("place") != "2" {
		t.Errorf("what only this person changed became %q", f.Value("place"))
	}
	if _, differs := f.Theirs("place"); differs {
		t.Error("what only this person changed is shown as saved meanwhile")
	}
	if _, differs := f.Theirs("title"); differs {
		t.Error("a title that both now share is shown twice")
	}
	again := NewForm("title", "Neglect in early years", "words", "Both", "place", "2")
	again.Set(seenField, f.Mark())
	if err := again.Seen().Check(now); err != nil {
		t.Error("saving after both texts were seen:", err)
	}
	words := (&Changed{Now: now, By: "Ann Lee", At: time.Date(2024, 6, 3, 9, 5, 0, 0, time.UTC)}).Words()
	if words != "Ann Lee changed this on 3 June 2024 at 10.05am" {
		t.Error(words)
	}
}

// TestMarkAfterProblem: a form that comes back with a problem still says what was
// first seen.
func TestMarkAfterProblem(t *testing.T) {
	t.Parallel()
	saw := NewForm("title", "Neglect")
	f := posted(saw, "title", "")
	f.Refuse(&ui.Invalid{Problems: []ui.Problem{{Field: "title", Text: "Enter the title"}}})
	if f.Mark() != saw.Mark() {
		t.Errorf("it says %q and not %q", f.Mark(), saw.Mark())
	}
}

// TestOffered: a date that was only offered is neither compared nor lost.
func TestOffered(t *testing.T) {
	t.Parallel()
	offer := func(f *Form, day int) *Form {
		f.OfferDate("on", period.NewDate(2024, 3, day))
		return f
	}
	saw := offer(NewForm("found", "Old"), 19)
	if err := posted(saw, "found", "New", "on-day", "19").Seen().Check(offer(NewForm("found", "Old"), 20)); err != nil {
		t.Error("the day after, nothing had changed:", err)
	}
	f := posted(saw, "found", "Mine", "on-day", "18")
	f.Refuse(f.Seen().Check(NewForm("found", "Theirs")))
	if f.ChangedWords() == "" || f.Value("on-day") != "18" {
		t.Errorf("%q, on the %s", f.ChangedWords(), f.Value("on-day"))
	}
}
