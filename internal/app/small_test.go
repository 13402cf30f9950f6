package app

import (
	"testing"

	"kith/internal/access"
	"kith/internal/kit/figure"
	"kith/internal/kit/web"
)

// TestSmallCountsAtHome: Home tells a small count of children to those who may see it.
func TestSmallCountsAtHome(t *testing.T) {
	t.Parallel()
	v := figure.Of(4)
	v.Definition = &figure.Definition{Protection: figure.Child}
	reads := map[web.Permission]bool{access.FiguresRead: true}
	if got := countFor(web.Person{Permissions: reads}, v); got != "fewer than 6" {
		t.Errorf("a reader is told %s", got)
	}
	reads[access.FiguresRestricted] = true
	if got := countFor(web.Person{Permissions: reads}, v); got != "4" {
		t.Errorf("who may see it is told %s", got)
	}
	v.Numerator = 6
	if got := countFor(web.Person{}, v); got != "6" {
		t.Errorf("a count that is not small is %s", got)
	}
}
