package ui

import (
	"html/template"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"kith/internal/kit/lang"
)

// PageSize is how many rows a list shows when the address does not say.
const PageSize = 25

// maxPageSize keeps a hand-written address from asking for everything.
const maxPageSize = 200

// List is a page of rows as its address describes it: which page, in which
// order, through which filters. Everything it offers is an address, so a list
// can be bookmarked, shared and walked with the back button. It is also a
// [Form] of the address's values, which is why filters are ordinary fields.
type List struct {
	Path  string     // the address without its query
	Query url.Values // the query as it came
	Total int        // rows there are through the filters
	Page  int        // from 1
	Size  int        // rows a page
	Sort  string     // the column it is sorted by
	Desc  bool       // largest, latest or last first
	One   string     // "course"
	Many  string     // "courses"
	// First and Last are what the first and the last row of the page are known by.
	// A list that can be long gives them, and reads the next page from After and the
	// one before from Before: rows added meanwhile do not shift it, and no page has to
	// count the rows before it.
	First, Last string

	picks map[string]listPick // the filters that are picked by typing
}

// After is what the row before this page is known by, "" when the address does not
// say.
func (l List) After() string { return l.row("after") }

// Before is what the row after this page is known by, "" when the address does not
// say.
func (l List) Before() string { return l.row("before") }

func (l List) row(name string) string {
	if l.Query.Get("format") != "" {
		return "" // the whole list
	}
	return l.Query.Get(name)
}

// ReadList reads a list's place from the address. The first of sorts is the
// order when the address names none, with a minus before it to begin at the
// largest; a column that is not among sorts is not sorted by, whatever the
// address says.
func ReadList(path string, query url.Values, sorts ...string) List {
	l := List{Path: path, Query: query, Page: number(query.Get("page"), 1, 1<<31),
		Size: number(query.Get("size"), PageSize, maxPageSize)}
	if len(sorts) > 0 {
		l.Sort, l.Desc = strings.TrimPrefix(sorts[0], "-"), strings.HasPrefix(sorts[0], "-")
	}
	known := func(s string) bool { return strings.TrimPrefix(s, "-") == query.Get("sort") }
	if query.Get("sort") != "" && slices.ContainsFunc(sorts, known) {
		l.Sort, l.Desc = query.Get("sort"), query.Get("dir") == "desc"
	}
	return l
}

func number(text string, otherwise, most int) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 {
		return otherwise
	}
	return min(n, most)
}

// Offset is how many rows come before this page.
func (l List) Offset() int { return (l.page() - 1) * l.size() }

// Exporting reports whether the address asks for the whole list as a file in a
// format, such as "csv", and not for a page of it.
func (l List) Exporting(format string) bool { return l.Query.Get("format") == format }

// Window is how many rows to read and how many to leave out before them: those of
// the page, or all for an export.
func (l List) Window() (limit, offset int) {
	if l.Query.Get("format") != "" {
		return EveryRow, 0
	}
	return l.size(), l.Offset()
}

// EveryRow is more rows than a list can have: the limit where all are wanted.
const EveryRow = 1 << 30

// Pages is how many pages there are, at least one.
func (l List) Pages() int { return max(1, (l.Total+l.size()-1)/l.size()) }

func (l List) page() int { return max(1, l.Page) }

func (l List) size() int {
	if l.Size < 1 {
		return PageSize
	}
	return l.Size
}

// Href is the address of another page of the same list.
func (l List) Href(page int) string {
	return l.with(func(q url.Values) {
		q.Del("page")
		if page > 1 {
			q.Set("page", strconv.Itoa(page))
		}
	})
}

// beside is the address of the page before or after this one: its number, and the row
// that it begins or ends beside.
func (l List) beside(page int, name, row string) string {
	if row == "" {
		return l.Href(page)
	}
	return l.with(func(q url.Values) {
		q.Set("page", strconv.Itoa(page))
		q.Set(name, row)
	})
}

// SortHref sorts by a column, or turns it round when it is the order already.
// It begins again at the first page.
func (l List) SortHref(column string) string {
	return l.with(func(q url.Values) {
		q.Del("page")
		q.Set("sort", column)
		q.Del("dir")
		if l.Sort == column && !l.Desc {
			q.Set("dir", "desc")
		}
	})
}

// SortState is the value of aria-sort for a column's heading, "" for a column
// that is not the order.
func (l List) SortState(column string) string {
	switch {
	case l.Sort != column:
		return ""
	case l.Desc:
		return "descending"
	}
	return "ascending"
}

// ExportHref is the address of the whole list, through the same filters, as a
// file.
func (l List) ExportHref(format string) string {
	return l.with(func(q url.Values) {
		q.Del("page")
		q.Del("size")
		q.Set("format", format)
	})
}

// ClearHref is the list without its filters.
func (l List) ClearHref() string { return l.Path }

// Filtered says whether any filter is set.
func (l List) Filtered() bool {
	for name, values := range l.Query {
		if !isPlace(name) && slices.ContainsFunc(values, func(v string) bool { return v != "" }) {
			return true
		}
	}
	return false
}

// isPlace tells a list's own place in the address from its filters.
func isPlace(name string) bool {
	return slices.Contains([]string{"page", "size", "sort", "dir", "format", "after", "before"}, name)
}

// Count says "25 of 112 courses", or "112 courses" when all are shown.
func (l List) Count() string {
	shown := max(0, min(l.size(), l.Total-l.Offset()))
	one, many := l.One, l.Many
	if many == "" {
		one, many = "row", "rows"
	}
	if shown == l.Total {
		return lang.Plural(l.Total, one, many)
	}
	return lang.Number(shown) + " of " + lang.Plural(l.Total, one, many)
}

// with is the list's address with something changed; keys in order, empty
// filters left out, so that an address is always written the same way.
func (l List) with(change func(url.Values)) string {
	q := url.Values{}
	for name, values := range l.Query {
		kept := slices.DeleteFunc(slices.Clone(values), func(v string) bool { return v == "" })
		if len(kept) > 0 && !slices.Contains([]string{"format", "after", "before"}, name) {
			q[name] = kept
		}
	}
	change(q)
	if len(q) == 0 {
		return l.Path
	}
	return l.Path + "?" + q.Encode()
}

// Value is a filter's value, so that a List is a [Form].
func (l List) Value(name string) string { return l.Query.Get(name) }

// Values are all values of a filter.
func (l List) Values(name string) []string { return l.Query[name] }

// Problem is empty but where what was typed in a filter names no one record: any other address
// that makes no sense shows what it can.
func (l List) Problem(name string) string { return l.picks[name].problem }

// Problems is always empty.
func (l List) Problems() []Problem { return nil }

func sortHeader(l List, column, text string, opts ...Option) (template.HTML, error) {
	return render("sort-header", struct {
		options
		Text, Href, State string
	}{gather(opts), text, l.SortHref(column), l.SortState(column)})
}

// keepSort carries the order through a filter form.
func keepSort(l List) (template.HTML, error) {
	var kept []NavItem
	for _, name := range []string{"sort", "dir", "size"} {
		if v := l.Query.Get(name); v != "" {
			kept = append(kept, NavItem{Text: name, Href: v})
		}
	}
	return render("keep-sort", kept)
}

// listFoot is what stands under every list: how much of it this is, the list
// as a file, and the other pages.
func listFoot(l List, formats ...string) (template.HTML, error) {
	pages, err := pagination(l)
	if err != nil {
		return "", err
	}
	var exports []NavItem
	for _, f := range formats {
		exports = append(exports, NavItem{Text: strings.ToUpper(f), Href: l.ExportHref(f)})
	}
	return render("list-foot", struct {
		Count      string
		Exports    []NavItem
		Pagination template.HTML
	}{l.Count(), exports, pages})
}

// emptyList is what a list without a row says: to answer what a filter asks, to take a filter
// away, or how to begin.
func emptyList(l List, begin string) (template.HTML, error) {
	if l.asks() {
		return empty("Which one is meant?", "Several fit what was typed. Choose one above, then press Show.")
	}
	if !l.Filtered() {
		return empty("No "+l.many()+" yet", begin)
	}
	all, err := linkButton("Show all "+l.many(), l.ClearHref(), secondary())
	if err != nil {
		return "", err
	}
	return empty("No "+l.many()+" match", "Take a filter away to see more.", all)
}

func (l List) many() string {
	if l.Many == "" {
		return "rows"
	}
	return l.Many
}

type pageLink struct {
	Number  int
	Href    string
	Current bool
	Gap     bool
}

type paginationView struct {
	Label, Previous, Next string
	Pages                 []pageLink
}

func pagination(l List) (template.HTML, error) {
	last := l.Pages()
	if last == 1 {
		return "", nil
	}
	here := min(l.page(), last)
	v := paginationView{Label: "Pagination"}
	if here > 1 {
		v.Previous = l.beside(here-1, "before", l.First)
	}
	if here < last {
		v.Next = l.beside(here+1, "after", l.Last)
	}
	for n := 1; n <= last; n++ {
		near := n == 1 || n == last || (n >= here-1 && n <= here+1)
		if near {
			v.Pages = append(v.Pages, pageLink{Number: n, Href: l.Href(n), Current: n == here})
			continue
		}
		if !v.Pages[len(v.Pages)-1].Gap {
			v.Pages = append(v.Pages, pageLink{Gap: true})
		}
	}
	return render("pagination", v)
}
