package annual

import (
	"strings"
	"testing"
)

// TestSpelledNumbers: a number in words is read as one way of putting them together says.
func TestSpelledNumbers(t *testing.T) {
	t.Parallel()
	for words, want := range map[string]float64{
		"zero": 0, "nine": 9, "fifty-six": 56, "a hundred": 100, "nine hundred": 900, "nine hundred and fifty-six": 956,
		"nine hundred fifty six": 956, "one thousand and one": 1001, "twelve hundred": 1200,
		"two thousand three hundred":                     2300,
		"twenty-four thousand, three hundred and twelve": -1, "twenty-four thousand three hundred and twelve": 24312,
		"a million": 1e6, "two million and three thousand": -1, "two million three thousand": 2_003_000,
		"a hundred thousand": 100_000, "three hundred and fifty thousand and six": 350_006,
		"nineteen sixty": -1, "two three": -1, "hundred": -1, "thousand": -1, "fifty and six": -1, "fifty-twelve": -1,
		"zero hundred": -1, "twenty hundred": -1, "two hundred and": -1, "two thousand thousand": -1, "and two": -1, "": -1,
		"two thousand and": -1, "one hundred and zero": -1, "a nine": -1,
	} {
		got, ok := spelledNumber(fields(words))
		if ok != (want >= 0) || ok && got != want {
			t.Errorf("%q: %v %t, want %v", words, got, ok, want)
		}
	}
}

// TestTypedInWords: a number in words is offered the figure it equals, as digits are; what
// names an age, a time or a place in an order, and what is a share or another word, is left.
func TestTypedInWords(t *testing.T) {
	t.Parallel()
	const attendances = `{{figure "training.attendances" period="2023-24" programme="multi-agency"}}`
	for _, c := range []struct{ in, says, put string }{
		{"In all, nine hundred and fifty-six practitioners came.", "“nine hundred and fifty-six” is typed. It is Training " +
			"attendances: multi-agency, in 2023-24", "In all, " + attendances + " practitioners came."},
		{"Nine hundred and fifty six attendances.", "“Nine hundred and fifty six” is typed", attendances + " attendances."},
		{"There were nearly one thousand attendances.", "Training attendances: multi-agency",
			`were {{figure "training.attendances" period="2023-24" programme="multi-agency" as="nearly one thousand"}} att`},
		{"Twenty-four thousand three hundred and twelve contacts came.", "Contacts to children’s social care, in 2023-24",
			`{{figure "contacts.received" period="2023-24"}} contacts came.`},
		{"Over twenty-four thousand contacts came.", "Contacts to children’s social care",
			`{{figure "contacts.received" period="2023-24" as="over twenty-four thousand"}} contacts came.`},
		{"Of contacts thirty-three per cent became referrals.", "“thirty-three per cent” is typed. It is Contacts that became",
			`{{figure "contacts.referred_percent" period="2023-24"}}`},
		{"We took nine hundred contacts.", "“nine hundred” is typed, and no record vouches for it.", ""},
		{"We took twenty-four thousand five hundred contacts.", "the records say 24,312.", ""},
		{"Twelve audits and (thirty) visits.", "“Twelve” is typed, and no record vouches for it.", ""},
		{"One of them said that no one came, and two others agreed.", "", ""},
		{"A child aged sixteen waited twelve weeks, for eighteen months; under eighteens in Year Ten and Level Three did not.",
			"", ""},
		{"In the twenty-first century, a twenty-four-hour line and a three-fold rise; hundreds of thousands rang.", "", ""},
		{"One in ten, nine out of ten, two thirds and three-quarters; one-third of all.", "", ""},
		{"Call nine nine nine; we are ten, twenty or thirty-odd.", "“ten” is typed", ""},
	} {
		t.Run(c.in, func(t *testing.T) {
			t.Parallel()
			_, w := write(t, c.in)
			var said []string
			for _, p := range w.problems {
				said = append(said, p.String())
			}
			if got := strings.Join(said, "\n"); !strings.Contains(got, c.says) || (c.says == "") != (got == "") {
				t.Errorf("says %q, want %q", got, c.says)
			}
			got, n := take(c.in, w.problems, "all")
			if (n > 0) != (c.put != "") || !strings.Contains(got, c.put) {
				t.Errorf("put in %d: %q, want %q", n, got, c.put)
			}
			if _, again := write(t, got); n > 0 && len(again.problems) > 0 {
				t.Errorf("%q: %v", got, again.problems)
			}
		})
	}
}

// TestInDigits: a place in a text with digits is found in the text as it was written.
func TestInDigits(t *testing.T) {
	t.Parallel()
	const text = "So twenty-one came, twelve\nhundred saw 7 of a hundred and six per cent."
	d := inDigits(text)
	if want := "So 21 came, 1200 saw 7 of 106 per cent."; d.text != want {
		t.Fatalf("%q, want %q", d.text, want)
	}
	for made, written := range map[string]string{"So": "So", "21": "twenty-one", "1200": "twelve\nhundred", "7": "7",
		"saw 7": "saw 7", "106 per cent": "a hundred and six per cent", "106": "a hundred and six", ".": "."} {
		at := strings.Index(d.text, made)
		if made == "." {
			at = len(d.text) - 1
		}
		from, to := d.written(at, false), d.written(at+len(made), true)
		if got := text[from:to]; got != written {
			t.Errorf("%q is %q, want %q", made, got, written)
		}
	}
}
