package intake

import "testing"

// Nothing of a row can be told from what is kept of a file, and its order is nothing to it.
func TestContentSum(t *testing.T) {
	t.Parallel()
	sum := func(rows ...string) string {
		c := Contents{}
		for _, r := range rows {
			c.Hold("list.csv", "", r)
		}
		sums, _ := c.Sums()
		return sums["list.csv"]
	}
	if sum("a", "b", "c", "d") != "" {
		t.Error("a short file has a content")
	}
	one := sum("a", "b", "c", "d", "e")
	if len(one) != 64 || one != sum("e", "d", "c", "b", "a") || one == sum("a", "a", "b", "c", "d", "e") ||
		one == sum("a", "b", "c", "d", "f") {
		t.Error(one)
	}
}
