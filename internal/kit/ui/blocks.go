package ui

import "html/template"

type tileView struct {
	options
	Title, Words any
	Href         string
}

// tile is one way in, named by a verb; it stands in <ul class="tiles">.
func tile(title, words any, href string, opts ...Option) (template.HTML, error) {
	v := tileView{options: gather(opts), Title: title, Words: words, Href: href}
	if v.Tone == "" {
		v.Tone = "brand"
	}
	return render("tile", v)
}

type figureBlockView struct {
	options
	Value, Meaning any
}

// figureBlock is a big number with its meaning beside it in plain words. With
// (datum id value) it carries the figure's id and its value for machines, which
// is empty when the value is hidden.
func figureBlock(value, meaning any, opts ...Option) (template.HTML, error) {
	return render("figure-block", figureBlockView{options: gather(opts), Value: value, Meaning: meaning})
}

type cardView struct {
	options
	Title, Words any
}

// card is one thing that wants something, with its one act.
func card(title, words any, opts ...Option) (template.HTML, error) {
	return render("card", cardView{options: gather(opts), Title: title, Words: words})
}

// empty says kindly that there is nothing here, and what to do about it.
func empty(title string, words any, acts ...template.HTML) (template.HTML, error) {
	return render("empty", struct {
		Title string
		Words any
		Acts  []template.HTML
	}{title, words, acts})
}
