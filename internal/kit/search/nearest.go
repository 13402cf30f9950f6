package search

import (
	"cmp"
	"context"
	"slices"
	"unicode/utf8"

	"kith/internal/kit/db"
)

// nearest gives the word of classes that is most like one that finds nothing, and
// finds something itself; "" where none is near enough: one letter more, fewer, other
// or two changed about, and two such in a word of seven letters or more.
func nearest(ctx context.Context, q db.Reader, classes []class, typed string) (string, error) {
	letters := []rune(typed)
	if len(letters) < shortest {
		return "", nil
	}
	far := 1
	if len(letters) >= 7 {
		far = 2
	}
	known, err := like(ctx, q, classes, string(letters[:1]), string(letters[1:2]), len(letters)-far, len(letters)+far)
	if err != nil {
		return "", err
	}
	type candidate struct {
		text     string
		distance int
	}
	var near []candidate
	for _, k := range known {
		if d := distance(letters, []rune(k), far); d <= far {
			near = append(near, candidate{k, d})
		}
	}
	slices.SortFunc(near, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(a.distance, b.distance),
			cmp.Compare(abs(utf8.RuneCountInString(a.text)-len(letters)), abs(utf8.RuneCountInString(b.text)-len(letters))),
			cmp.Compare(a.text, b.text))
	})
	for _, c := range near[:min(len(near), 5)] { // some may be of documents that are gone
		there, err := finds(ctx, q, classes, unitsOf(c.text))
		if err != nil {
			return "", err
		}
		if there {
			return c.text, nil
		}
	}
	return "", nil
}

func abs(n int) int { return max(n, -n) }

// distance counts the letters to add, leave out, change or change about to make one
// word of another; more than far where it is more.
func distance(a, b []rune, far int) int {
	if abs(len(a)-len(b)) > far {
		return far + 1
	}
	before, last := make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range last {
		last[j] = j
	}
	for i := range a {
		row := make([]int, len(b)+1)
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j]+cost, last[j+1]+1, row[j]+1)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)]
}
