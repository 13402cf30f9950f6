package files

import (
	"testing"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/ui"
	"kith/internal/kit/ui/uitest"
)

// Every template fits its page struct and makes sound HTML.
func TestTemplates(t *testing.T) {
	t.Parallel()
	pages, err := ui.NewSet(templates)
	if err != nil {
		t.Fatal(err)
	}
	base := ui.Base{Title: "Minutes.docx", Layout: ui.LayoutWork}
	form := ui.FormPage{Base: base, Cancel: "/work/things/1"}
	v := Version{Number: 2, Name: "Minutes.docx", MIME: typeWord.MIME, Size: 2000, By: "Ann Lead", State: Bad,
		Found: "Eicar", Asks: "nhs birth", At: db.At(time.Date(2024, 6, 3, 9, 0, 0, 0, time.UTC))}
	f := File{ID: "f1", Version: v}
	made := map[string]any{
		"new": newPage{FormPage: form, Words: AcceptedWords, Accept: Accepted},
		"file": filePage{Base: base, File: f, Open: "/x", Preview: "/y", Change: true, Href: "/work/things/1/files/f1",
			Standing: (&Store{}).standing(v), Rows: []ui.Row{{Key: "Type", Value: v.Facts()}},
			Versions: []versionRow{{v, (&Store{}).standing(v), "/x"}, {v, (&Store{}).standing(v), ""}}},
		"day":   form,
		"erase": erasePage{FormPage: form, File: f, Versions: 2},
		"questions": questionsPage{FormPage: form, Record: "Visit schools", Asked: []askedRow{{"f1", v}},
			Choices: []ui.Choice{{Value: "f1.2", Text: v.Name}}},
	}
	for _, name := range pages.Names() {
		uitest.Page(t, pages, name, made[name])
	}
}
