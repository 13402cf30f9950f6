package imports

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"kith/internal/kit/intake"
	"kith/internal/kit/lang"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

type columnsPage struct {
	ui.Base
	Form      *web.Form
	Draft     *intake.Draft
	KindTitle string
	Columns   []readColumn
	Needed    []matchField
	Others    []matchField
	Words     []matchWords
	Known     *Source  // what was said of the same headers before
	Missing   string   // what has to be said yet
	Carried   []string // fields of the form that are sent along
}

// A readColumn is a column of the file and what it is taken as.
type readColumn struct {
	intake.DraftColumn
	As string
}

// A matchField is a field, with the columns it may stand in and the values it may have in
// all rows.
type matchField struct {
	intake.Field
	Form    *web.Form
	Columns []ui.Choice
}

// matchWords are the words of one field.
type matchWords struct {
	Title string
	Rows  []matchWord
}

type matchWord struct {
	intake.DraftWord
	Name, Hidden string // of the select, and of the field that carries the word
	Label        string
	Choices      []ui.Choice
}

// mostFormWords is how many words of a field a form carries.
const mostFormWords = 50

// The names of form fields.
func columnName(field string) string           { return "column-" + field }
func wholeName(field string) string            { return "whole-" + field }
func wordName(field string, i int) string      { return fmt.Sprintf("word-%s-%d", field, i) }
func wordFieldName(field string, i int) string { return fmt.Sprintf("says-%s-%d", field, i) }

// longestAnswer is how long a header or a word may be.
const longestAnswer = 300

// readMatching reads what a person said of columns.
func readMatching(f *web.Form, fields []intake.Field) intake.Matching {
	m := intake.Matching{Columns: map[string]string{}, Whole: map[string]string{}, Words: map[string]map[string]string{}}
	used := map[string]string{}
	for _, x := range fields {
		header := f.Text(columnName(x.Name), "", longestAnswer)
		if header != "" {
			if first := used[header]; first != "" {
				f.Add(columnName(x.Name), fmt.Sprintf("The column %s is chosen for %s already: choose another", header, first))
			}
			used[header], m.Columns[x.Name] = x.Title, header
		} else if value := f.Value(wholeName(x.Name)); slices.ContainsFunc(x.Whole, is(value)) {
			m.Whole[x.Name] = value
		}
		for i := range mostFormWords {
			value := f.Value(wordName(x.Name, i))
			if !slices.ContainsFunc(x.Words, is(value)) {
				continue
			}
			if m.Words[x.Name] == nil {
				m.Words[x.Name] = map[string]string{}
			}
			m.Words[x.Name][f.Text(wordFieldName(x.Name, i), "", longestAnswer)] = value
		}
	}
	return m
}

func is(value string) func(ui.Choice) bool {
	return func(c ui.Choice) bool { return value != "" && c.Value == value }
}

// fillMatching puts a draft on the form that is shown.
func fillMatching(f *web.Form, d *intake.Draft, fields []intake.Field) {
	for _, x := range fields {
		f.Set(columnName(x.Name), d.Matching.Columns[x.Name])
		f.Set(wholeName(x.Name), d.Matching.Whole[x.Name])
		for i, w := range wordsOf(d, x.Name) {
			f.Set(wordName(x.Name, i), w.Value)
			f.Set(wordFieldName(x.Name, i), w.Word)
		}
	}
}

func wordsOf(d *intake.Draft, field string) (out []intake.DraftWord) {
	for _, w := range d.Words {
		if w.Field == field && len(out) < mostFormWords {
			out = append(out, w)
		}
	}
	return out
}

// askColumns asks which column is what, where the headers of files are not known, and
// reports whether it did: the page is then shown and the files wait. Else o has what was
// said, and the files can be read.
func (r *Room) askColumns(
	w http.ResponseWriter, req *http.Request, k intake.Kind, files *upload, f *web.Form, o *Options,
) (asked bool, err error) {
	ctx, said := req.Context(), f.Yes("matched")
	d, fields, err := r.Draft(ctx, k.ID, files.files, intake.Matching{})
	var why *intake.Fatal
	switch {
	case errors.As(err, &why), err == nil && d == nil:
		return false, nil // reading them says what is wrong with them
	case err != nil:
		return false, err
	}
	known, before, err := r.remembered(ctx, k.ID, d)
	if err != nil || !said && !before && !d.Ask {
		return false, err
	}
	p := columnsPage{KindTitle: k.Title, Form: f}
	m := d.Matching
	if before {
		p.Known = &known
	}
	switch {
	case said:
		m = readMatching(f, fields)
	case before:
		if m, err = known.said(); err != nil {
			return false, err
		}
		f.Set("sender", known.Name)
	}
	if said || before {
		if d, _, err = r.Draft(ctx, k.ID, files.files, m); err != nil {
			return false, err
		}
		// What the headers say themselves is not taken back by who leaves a column out.
		d.Matching.Columns, d.Matching.Whole = m.Columns, m.Whole
	}
	if said {
		if f.Value("act") == "look" {
			return true, r.showColumns(w, req, p, d, fields, files)
		}
		name := f.Text("sender", "Say what you call where this file comes from", 80)
		settle(f, d, fields)
		if f.OK() {
			o.Matching = m
			return false, r.Remember(ctx, o.By, k.ID, name, d, m)
		}
	}
	return true, r.showColumns(w, req, p, d, fields, files)
}

// settle adds to the form what has to be said yet.
func settle(f *web.Form, d *intake.Draft, fields []intake.Field) {
	for _, x := range d.Matching.Missing(fields) {
		words := "Choose the column that says the " + strings.ToLower(x.Title)
		if len(x.Whole) > 0 {
			words += ", or one for the whole file"
		}
		f.Add(columnName(x.Name), words)
	}
	for _, x := range fields {
		for i, w := range wordsOf(d, x.Name) {
			if w.Value == "" {
				f.Add(wordName(x.Name, i), fmt.Sprintf("Choose what “%s” stands for", shownWord(w.Word)))
			}
		}
	}
}

func shownWord(word string) string {
	if word == "" {
		return "(empty)"
	}
	return word
}

func (r *Room) showColumns(
	w http.ResponseWriter, req *http.Request, p columnsPage, d *intake.Draft, fields []intake.Field, files *upload,
) error {
	p.Base = web.Crumbs(web.Base(req, "Which column is what?"),
		way(req, "Import files", "/work/imports/new", "Columns", "")...)
	p.KindTitle, p.Draft = p.Put(p.KindTitle), d
	p.Carried = []string{"kind", "year", "part", "provisional", "authority", "cover", "hidden", "held", "matched"}
	fillMatching(p.Form, d, fields)
	p.Form.Set("matched", "yes")
	token := r.NewID()
	p.Form.Set("held", token)
	as := map[string]string{}
	for _, x := range fields {
		as[d.Matching.Columns[x.Name]] = x.Title
	}
	var headers []ui.Choice
	for _, c := range d.Columns {
		p.Columns = append(p.Columns, readColumn{c, as[c.Header]})
		if !slices.ContainsFunc(headers, is(c.Header)) && c.Header != "" {
			headers = append(headers, ui.Choice{Value: c.Header, Text: c.Header})
		}
	}
	for _, x := range fields {
		x.Whole = p.PutChoices(x.Whole)
		if m := (matchField{x, p.Form, headers}); x.Needed {
			p.Needed = append(p.Needed, m)
		} else {
			p.Others = append(p.Others, m)
		}
		words := matchWords{Title: x.Title}
		for i, word := range wordsOf(d, x.Name) {
			words.Rows = append(words.Rows, matchWord{word, wordName(x.Name, i), wordFieldName(x.Name, i),
				shownWord(word.Word), p.PutChoices(x.Words)})
		}
		if len(words.Rows) > 0 {
			p.Words = append(p.Words, words)
		}
	}
	var missing []string
	for _, x := range d.Matching.Missing(fields) {
		missing = append(missing, strings.ToLower(x.Title))
	}
	p.Missing = lang.Join(missing)
	status := http.StatusOK
	if !p.Form.OK() {
		status = http.StatusUnprocessableEntity
	}
	k, _ := r.Kind(p.Form.Value("kind"))
	if err := r.wait(req.Context(), token, web.PersonOf(req).ID, files, seenToBe(k, d, fields)); err != nil {
		return err
	}
	return web.Render(w, status, r.pages, "columns", p)
}
