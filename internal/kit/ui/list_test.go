package ui_test

import (
	"net/url"
	"testing"

	"kith/internal/kit/ui"
)

func readList(t *testing.T, address string, total int) ui.List {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	l := ui.ReadList(u.Path, u.Query(), "-starts", "title", "booked")
	l.Total, l.One, l.Many = total, "course", "courses"
	return l
}

func TestListAddresses(t *testing.T) {
	t.Parallel()
	l := readList(t, "/courses?q=neglect&programme=&page=3&sort=title", 112)
	tests := []struct{ name, got, want string }{
		{"another page keeps filters and order", l.Href(2), "/courses?page=2&q=neglect&sort=title"},
		{"the first page has no number", l.Href(1), "/courses?q=neglect&sort=title"},
		{"the same column turns round", l.SortHref("title"), "/courses?dir=desc&q=neglect&sort=title"},
		{"another column begins again", l.SortHref("booked"), "/courses?q=neglect&sort=booked"},
		{"export keeps filters and order, and takes every page", l.ExportHref("csv"),
			"/courses?format=csv&q=neglect&sort=title"},
		{"clear", l.ClearHref(), "/courses"},
		{"state of the order", l.SortState("title"), "ascending"},
		{"state of another column", l.SortState("booked"), ""},
		{"state of the default order", readList(t, "/courses", 1).SortState("starts"), "descending"},
		{"a column nobody offered", readList(t, "/courses?sort=password&dir=desc", 1).Sort, "starts"},
		{"plain address", readList(t, "/courses?q=", 1).Href(1), "/courses"},
		{"value of a filter", l.Value("q"), "neglect"},
		{"odd letters are kept", readList(t, "/courses?q=Zo%C3%AB+%26+co", 1).Href(1), "/courses?q=Zo%C3%AB+%26+co"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if tt.got != tt.want {
				t.Errorf("got %q, want %q", tt.got, tt.want)
			}
		})
	}
}

func TestListCountsAndPlaces(t *testing.T) {
	t.Parallel()
	tests := []struct {
		address             string
		total               int
		count               string
		offset, size, pages int
		filtered            bool
	}{
		{"/courses", 112, "25 of 112 courses", 0, 25, 5, false},
		{"/courses?page=5", 112, "12 of 112 courses", 100, 25, 5, false},
		{"/courses?page=9", 112, "0 of 112 courses", 200, 25, 5, false},
		{"/courses", 1, "1 course", 0, 25, 1, false},
		{"/courses", 0, "0 courses", 0, 25, 1, false},
		{"/courses?size=1000&page=-4", 1240, "200 of 1,240 courses", 0, 200, 7, false},
		{"/courses?size=nonsense&page=zero&q=", 3, "3 courses", 0, 25, 1, false},
		{"/courses?q=neglect", 3, "3 courses", 0, 25, 1, true},
		{"/courses?sort=title&page=2", 30, "5 of 30 courses", 25, 25, 2, false},
	}
	for _, tt := range tests {
		t.Run(tt.address, func(t *testing.T) {
			t.Parallel()
			l := readList(t, tt.address, tt.total)
			if l.Count() != tt.count || l.Offset() != tt.offset || l.Size != tt.size || l.Pages() != tt.pages ||
				l.Filtered() != tt.filtered {
				t.Errorf("count %q offset %d size %d pages %d filtered %v, want %+v", l.Count(), l.Offset(), l.Size, l.Pages(),
					l.Filtered(), tt)
			}
		})
	}
}

func TestZeroListStillAnswers(t *testing.T) {
	t.Parallel()
	var l ui.List
	if l.Offset() != 0 || l.Pages() != 1 || l.Count() != "0 rows" || l.Href(2) != "?page=2" {
		t.Errorf("offset %d, pages %d, count %q, href %q", l.Offset(), l.Pages(), l.Count(), l.Href(2))
	}
}
