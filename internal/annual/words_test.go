package annual

import (
	"math/rand/v2"
	"strings"
	"testing"

	"kith/internal/kit/figure"
	"kith/internal/kit/period"
)

func TestWordsForACount(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		words string
		is    bool
		v     float64
	}{
		{"956", true, 956}, {"957", false, 956}, {"2,819", true, 2819}, {"2819", true, 2819}, {"exactly 372", true, 372},
		{"two", true, 2}, {"Two", true, 2}, {"twenty-one", true, 21}, {"twelve", true, 12}, {"none", true, 0},
		{"none", false, 1},
		{"over 600", true, 601}, {"over 600", true, 700}, {"over 600", false, 600}, {"over 600", false, 701},
		{"more than six hundred", true, 643},
		{"over 24,000", true, 24001}, {"over 24,000", true, 24999}, {"over 24,000", false, 24000},
		{"over 24,000", false, 25001}, {"over 24 thousand", true, 24312},
		{"over 1,000", true, 1500}, {"over 1,000", false, 2001}, {"over 650", true, 655}, {"over 650", false, 661},
		{"at least 600", true, 600}, {"600 or more", true, 640}, {"at least 600", false, 599},
		{"fewer than 800", true, 777}, {"fewer than 800", false, 800}, {"fewer than 800", false, 699},
		{"under 1,000", true, 956}, {"under 1,000", false, 850},
		{"nearly 44,000", true, 43500}, {"nearly 44,000", true, 43999}, {"nearly 44,000", false, 44000},
		{"nearly 44,000", false, 43499}, {"almost 1,000", true, 956}, {"nearly 1,000", false, 940},
		{"about 24,000", true, 24312}, {"about 24,000", false, 24501}, {"around 1,000", true, 956}, {"about 372", true, 372},
		{"about 372", false, 373},
		{"just over 24,000", true, 24312}, {"just over 24,000", false, 24600}, {"just under 24,000", true, 23600},
		{"1.2 million", true, 1_200_000}, {"a hundred", true, 100},
	} {
		got, err := readClaim(c.words, false)
		if err != nil {
			t.Errorf("%q: %v", c.words, err)
			continue
		}
		if got.holds(c.v) != c.is {
			t.Errorf("%q of %v: %t, want %t", c.words, c.v, !c.is, c.is)
		}
	}
}

func TestWordsForAShare(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		words string
		is    bool
		v     float64
	}{
		{"one third", true, 33.3}, {"One-third", true, 34.8}, {"a third", true, 31.9}, {"one third", false, 34.9},
		{"one third", false, 31.8},
		{"one in three", true, 33.3}, {"1 in 3", true, 33.3}, {"two out of three", true, 66.7}, {"half", true, 50},
		{"half of", true, 49}, {"a half", true, 51.5}, {"half", false, 51.6},
		{"two thirds", true, 66}, {"three quarters", true, 75}, {"nine in ten", true, 90}, {"a quarter", false, 33},
		{"about half", true, 52.4}, {"about half", false, 52.6}, {"nearly half", true, 47.5}, {"nearly half", false, 50},
		{"just over half", true, 52}, {"over half", true, 59}, {"over half", false, 61},
		{"fewer than half", true, 45}, {"less than half", false, 39}, {"more than a third", true, 40},
		{"33%", true, 33.33}, {"33 per cent", true, 32.5}, {"33%", false, 33.5}, {"33.3%", true, 33.33},
		{"33.3%", false, 33.36},
		{"over 50%", true, 55}, {"over 50%", false, 56}, {"about 30%", true, 32.5}, {"about 30%", false, 33},
		{"most", true, 50.1}, {"most", false, 50}, {"all", true, 100}, {"all", false, 99.9}, {"none", true, 0},
	} {
		got, err := readClaim(c.words, true)
		if err != nil {
			t.Errorf("%q: %v", c.words, err)
			continue
		}
		if got.holds(c.v) != c.is {
			t.Errorf("%q of %v: %t, want %t", c.words, c.v, !c.is, c.is)
		}
	}
}

func TestWordsThatCannotBeChecked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		words string
		ratio bool
		want  string
	}{
		{"lots", false, "cannot check"}, {"", false, "cannot check"}, {"over", false, "cannot check"},
		{"over over 600", false, "cannot check"},
		{"2,4", false, "cannot check"}, {"minus 5", false, "cannot check"}, {"five in three", true, "cannot check"},
		{"one in 0", true, "cannot check"},
		{"one third", false, "speaks of a share"}, {"50%", false, "speaks of a share"}, {"most", false, "speaks of a share"},
		{"33", true, "speaks of a number"}, {"over 30", true, "speaks of a number"},
	} {
		if _, err := readClaim(c.words, c.ratio); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.words, err, c.want)
		}
	}
}

// Words that are offered in the place of untrue ones are always true.
func TestTrueWords(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 1500 {
		n := float64(random.Int64N(60_000))
		for _, w := range trueWords(n, false) {
			if checkWords(w, n, false, "") != nil {
				t.Fatalf("%q is offered for %v", w, n)
			}
		}
		share := 100 * random.Float64()
		words := trueWords(share, true)
		if len(words) == 0 || len(trueWords(n, false)) == 0 {
			t.Fatalf("no words for %v or %v", n, share)
		}
		for _, w := range words {
			if checkWords(w, share, true, "") != nil {
				t.Fatalf("%q is offered for %v%%", w, share)
			}
		}
	}
	if got := quoteAll(trueWords(956, false)); got != "“956”, “over 950” or “nearly 960”" {
		t.Error(got)
	}
}

func on(date string) figure.Ask { return figure.Ask{At: period.MustDate(date)} }
func in(year period.Year) figure.Ask {
	return figure.Ask{Period: year.Span()}
}

func TestWordsForAChange(t *testing.T) {
	t.Parallel()
	stock := func(from, to float64) move {
		return move{from: from, to: to, since: on("2022-03-31"), now: on("2024-03-31")}
	}
	flow := func(from, to float64) move { return move{from: from, to: to, since: in(2022), now: in(2023)} }
	ratio := func(from, to float64) move {
		return move{from: from, to: to, ratio: true, since: in(2022), now: in(2023)}
	}
	for _, c := range []struct {
		words string
		m     move
		is    bool
	}{
		{"has fallen since 2022", stock(822, 777), true}, {"has fallen since 2022", stock(777, 822), false},
		{"has fallen since 2022", stock(777, 777), false},
		{"has fallen since March 2022", stock(822, 777), true}, {"has fallen since 31 March 2022", stock(822, 777), true},
		{"has fallen since 2023", stock(822, 777), false}, {"has fallen since 2021", stock(822, 777), false},
		{"has risen", stock(1, 2), true}, {"have increased", stock(1, 2), true}, {"went up", stock(1, 2), true},
		{"has gone down", stock(2, 1), true},
		{"has risen significantly", flow(100, 110), true}, {"has risen significantly", flow(100, 109), false},
		{"increased significantly during 2023", flow(2310, 2715), true},
		{"has fallen slightly", flow(100, 96), true}, {"has fallen slightly", flow(100, 95), false},
		{"has risen slightly", flow(100, 100), false},
		{"has stayed the same", flow(5, 5), true}, {"has stayed the same", flow(5, 6), false},
		{"has remained steady", flow(100, 102), true}, {"has remained steady", flow(100, 103), false},
		{"has doubled", flow(50, 102), true}, {"has doubled", flow(50, 90), false}, {"has halved", flow(100, 51), true},
		{"has risen by 18%", flow(2310, 2715), true}, {"has risen by 17%", flow(2310, 2715), false},
		{"has risen by over 400", flow(2310, 2715), true}, {"has fallen by a third", flow(300, 200), true},
		{"has risen since 2022-23", flow(1, 2), true}, {"has risen since the year before", flow(1, 2), true},
		{"has risen since 2020-21", flow(1, 2), false}, {"has risen in 2023-24", flow(1, 2), true},
		{"has risen in 2022-23", flow(1, 2), false},
		{"has fallen since the year before", stock(2, 1), false},
		{"has risen by 3 points", ratio(30, 33), true}, {"has risen by 3 percentage points", ratio(30, 33), true},
		{"has risen by 10%", ratio(30, 33), false}, {"has risen significantly", ratio(30, 34), false},
		{"has risen significantly", ratio(30, 35), true},
		{"has risen by 3 points", flow(30, 33), false}, {"is very nice", flow(1, 2), false}, {"", flow(1, 2), false},
		{"has risen since", flow(1, 2), false},
	} {
		if err := checkChange(c.words, c.m); (err == nil) != c.is {
			t.Errorf("%q from %v to %v: %v", c.words, c.m.from, c.m.to, err)
		}
	}
}

func TestUntrueChangeOffersWords(t *testing.T) {
	t.Parallel()
	m := move{from: 777, to: 822, since: on("2022-03-31"), now: on("2024-03-31")}
	want := "“has fallen since 2022” is not true: the figure was 777 on 31 March 2022 and 822 on 31 March 2024. These " +
		"words would be true: “has risen since 2022”."
	if err := checkChange("has fallen since 2022", m); err == nil || err.Error() != want {
		t.Errorf("%v\nwant %s", err, want)
	}
}
