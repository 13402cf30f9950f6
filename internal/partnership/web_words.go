package partnership

import (
	"net/http"

	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
	"kith/internal/register"
)

const wordsHref = "/work/settings/words/edit"

type wordsPage struct {
	ui.FormPage
	Groups []wordGroup
}

// A wordGroup is one thing that areas call differently, with a field for each form
// of its word.
type wordGroup struct {
	Title, Example string
	Fields         []wordField
}

type wordField struct{ Name, Standard string }

func (r *Room) editWords(w http.ResponseWriter, req *http.Request) error {
	terms, err := register.ReadTerms(req.Context(), r.Work)
	if err != nil {
		return err
	}
	return r.wordsForm(w, req)(http.StatusOK, fillWords(terms))
}

func (r *Room) wordsForm(w http.ResponseWriter, req *http.Request) func(int, *web.Form) error {
	return func(status int, f *web.Form) error {
		page := wordsPage{FormPage: ui.FormPage{Base: settingsBase(req, "Your own words", "Your own words", ""), Form: f,
			Cancel: "/work/settings"}}
		for _, t := range register.StandardTerms {
			g := wordGroup{Title: t.Title, Example: t.Example}
			for _, form := range t.Forms {
				g.Fields = append(g.Fields, wordField{register.TermField(form), form})
			}
			page.Groups = append(page.Groups, g)
		}
		return web.Render(w, status, r.pages, "words", page)
	}
}

func (r *Room) saveWords(w http.ResponseWriter, req *http.Request) error {
	return web.Submit(w, req, r.wordsForm(w, req), func(f *web.Form) (web.Done, error) {
		terms := readWords(f)
		if !f.OK() {
			return web.Done{}, nil
		}
		err := r.SaveWords(req.Context(), web.PersonOf(req), terms, f.Seen())
		return web.Done{To: wordsHref, Words: "Your words are saved. Every page, e-mail and report says them from now on."},
			err
	})
}

// readWords reads a word for each standard one.
func readWords(f *web.Form) lang.Terms {
	terms := lang.Terms{}
	for _, t := range register.StandardTerms {
		for _, form := range t.Forms {
			terms[form] = tidy(f.Text(register.TermField(form), "", 40))
		}
	}
	return terms
}

func fillWords(terms lang.Terms) *web.Form {
	f := web.NewForm()
	for standard, word := range terms {
		f.Set(register.TermField(standard), word)
	}
	return f
}
