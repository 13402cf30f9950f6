package ui

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"
)

// The least contrast WCAG 2.2 AA asks for: of text, and of the parts of a
// control and the shapes that carry meaning.
const (
	textContrast  = 4.5
	shapeContrast = 3.0
)

// pairs are the foregrounds and backgrounds that meet, with what they are.
var pairs = []struct {
	name, fore, back string
	least            float64
}{
	{"text on the page", "ink", "paper", textContrast},
	{"text on a card", "ink", "card", textContrast},
	{"text on a band", "ink", "sand", textContrast},
	{"text on the hero and a row pointed at", "ink", "mist", textContrast},
	{"quiet text on the page", "ink-2", "paper", textContrast},
	{"quiet text on a card", "ink-2", "card", textContrast},
	{"quiet text on a band", "ink-2", "sand", textContrast},
	{"quiet text on mist", "ink-2", "mist", textContrast},
	{"words of a button that cannot be used", "ink-2", "line", textContrast},
	{"link on the page", "brand", "paper", textContrast},
	{"link on a card", "brand", "card", textContrast},
	{"link on a band", "brand", "sand", textContrast},
	{"link on mist", "brand", "mist", textContrast},
	{"visited link on the page", "visited", "paper", textContrast},
	{"visited link on a band", "visited", "sand", textContrast},
	{"visited link on mist", "visited", "mist", textContrast},
	{"big figure on the page", "brand-deep", "paper", textContrast},
	{"big figure on a band", "brand-deep", "sand", textContrast},
	{"tile's verb", "brand-deep", "card", textContrast},
	{"button", "white", "brand", textContrast},
	{"button pointed at", "white", "brand-deep", textContrast},
	{"warning button", "white", "danger", textContrast},
	{"warning button pointed at", "white", "danger-deep", textContrast},
	{"inverse button", "brand-deep", "white", textContrast},
	{"focus", "black", "sun", textContrast},
	{"worried about a child", "black", "sun", textContrast},
	{"worried about a child, in focus", "sun", "black", textContrast},
	{"demonstration strip", "white", "ink", textContrast},
	{"footer", "on-deep", "brand-deep", textContrast},
	{"footer's link", "white", "brand-deep", textContrast},
	{"footer's link pointed at", "sun", "brand-deep", textContrast},
	{"workspace navigation", "on-deep", "brand-deep", textContrast},
	{"who is signed in", "on-deep-2", "brand-deep", textContrast},
	{"problem on the page", "bad", "paper", textContrast},
	{"problem on a card", "bad", "card", textContrast},
	{"success on a card", "good", "card", textContrast},
	{"good tag", "good", "good-soft", textContrast},
	{"watch tag", "watch", "watch-soft", textContrast},
	{"bad tag", "bad", "bad-soft", textContrast},
	{"quiet tag", "ink-2", "card", textContrast},
	{"banner's title", "white", "good", textContrast},
	{"banner's title of a problem", "white", "bad", textContrast},

	{"edge of a field", "ink", "paper", shapeContrast},
	{"edge of a field in the workspace", "edge", "paper", 3.5},
	{"edge of a field on a card", "edge", "card", 3.5},
	{"what was done", "good", "paper", textContrast},
	{"the shape of a doubt", "watch", "watch-soft", textContrast},
	{"text of a doubt", "ink", "watch-soft", textContrast},
	{"what waits in a room", "on-deep-2", "brand-deep", textContrast},
	{"edge of a plain button", "brand", "paper", shapeContrast},
	{"arrow of a column that is not the order", "edge", "paper", shapeContrast},
	{"where we are in the public navigation", "coral", "paper", shapeContrast},
	{"where we are in the workspace", "sun", "brand-deep", shapeContrast},
	{"a thing that is due", "coral", "paper", shapeContrast},
	{"lid, brand", "brand", "card", shapeContrast},
	{"lid, coral", "coral", "card", shapeContrast},
	{"lid, plum", "plum", "card", shapeContrast},
	{"lid, amber", "amber", "card", shapeContrast},
	{"lid, sea", "sea", "card", shapeContrast},
	{"first series", "brand", "paper", shapeContrast},
	{"second series", "coral", "paper", shapeContrast},
	{"third series", "plum", "paper", shapeContrast},
	{"fourth series", "amber", "paper", shapeContrast},
}

func TestContrastOfEveryPairOnEverySite(t *testing.T) {
	t.Parallel()
	for site, tokens := range readTokens(t) {
		t.Run(site, func(t *testing.T) {
			t.Parallel()
			for _, p := range pairs {
				fore, back := tokens[p.fore], tokens[p.back]
				if fore == "" || back == "" {
					t.Errorf("%s: %q or %q is not a token", p.name, p.fore, p.back)
					continue
				}
				if got := contrast(fore, back); got < p.least {
					t.Errorf("%s: %s (%s) on %s (%s) is %.2f to 1; it must be %.1f", p.name, p.fore, fore, p.back, back, got, p.least)
				}
			}
		})
	}
}

var (
	tokenBlock = regexp.MustCompile(`(?ms)^(:root|\.site-[a-z]+) \{\n(.*?)^\}`)
	tokenLine  = regexp.MustCompile(`(?m)^\s*--([a-z0-9-]+): (#[0-9a-f]{6});`)
)

// readTokens reads the colours from the stylesheet's source: the partnership's
// own, and for each other site those with its changes.
func readTokens(t *testing.T) map[string]map[string]string {
	t.Helper()
	source, err := os.ReadFile("../../../assets/scss/_tokens.scss")
	if err != nil {
		t.Fatal(err)
	}
	sites := map[string]map[string]string{}
	for _, block := range tokenBlock.FindAllStringSubmatch(string(source), -1) {
		tokens := map[string]string{"black": "#000000"}
		for name, value := range sites[":root"] {
			tokens[name] = value
		}
		for _, line := range tokenLine.FindAllStringSubmatch(block[2], -1) {
			tokens[line[1]] = line[2]
		}
		sites[block[1]] = tokens
	}
	if len(sites) < 4 {
		t.Fatalf("found the tokens of %d sites, and there are at least 4", len(sites))
	}
	return sites
}

// contrast is WCAG's ratio of two colours' luminance.
func contrast(a, b string) float64 {
	light, dark := luminance(a), luminance(b)
	if light < dark {
		light, dark = dark, light
	}
	return (light + 0.05) / (dark + 0.05)
}

func luminance(hex string) float64 {
	n, err := strconv.ParseUint(hex[1:], 16, 32)
	if err != nil {
		return math.NaN()
	}
	channel := func(shift uint) float64 {
		c := float64(n>>shift&0xff) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(16) + 0.7152*channel(8) + 0.0722*channel(0)
}

func TestContrastIsWorkedOutAsWCAGDoes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b string
		want float64
	}{
		{"#000000", "#ffffff", 21},
		{"#ffffff", "#ffffff", 1},
		{"#777777", "#ffffff", 4.48},
	}
	for _, tt := range tests {
		if got := contrast(tt.a, tt.b); math.Abs(got-tt.want) > 0.005 {
			t.Errorf("contrast(%s, %s) is %.3f, want %.2f", tt.a, tt.b, got, tt.want)
		}
	}
}
