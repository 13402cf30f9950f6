package annual

import (
	"regexp"
	"strings"
	"testing"
)

// TestTypedNumbers: a typed number that is a figure's is offered it, one that the records
// contradict is told, and what names a year, a day, an age, a law's section or a page is left.
func TestTypedNumbers(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ in, says, put string }{
		{"We took 24,312 contacts.", "24,312 is typed. It is Contacts to children’s social care, in 2023-24. Write",
			`We took {{figure "contacts.received" period="2023-24"}} contacts.`},
		{"We took 24312 contacts.", "24312 is typed. It is Contacts to children’s", `{{figure "contacts.received" period="2023-24"}}`},
		{"In the year 956 practitioners came.", "956 is typed. It is Training attendances: multi-agency, in 2023-24; it counts " +
			"attendances.", `In the year {{figure "training.attendances" period="2023-24" programme="multi-agency"}} pract`},
		{"In all, 956\nattendances.", "956 is typed. It is Training attendances",
			"In all, {{figure \"training.attendances\" period=\"2023-24\" programme=\"multi-agency\"}}\nattendances."},
		{"There were nearly 1,000 attendances.", "Training attendances: multi-agency",
			`were {{figure "training.attendances" period="2023-24" programme="multi-agency" as="nearly 1,000"}} att`},
		{"Over 24 thousand contacts came.", "Contacts to children’s social care",
			`{{figure "contacts.received" period="2023-24" as="over 24 thousand"}} contacts came.`},
		{"The year before it was 24,312 contacts.", "social care, in 2022-23. Write",
			`{{figure "contacts.received" period="2022-23"}}`},
		{"Of contacts 33% became referrals.", "33% is typed. It is Contacts that became referrals",
			`{{figure "contacts.referred_percent" period="2023-24"}}`},
		{"Of contacts 33.3 per cent became referrals.", "33.3% is typed. It is Contacts that became referrals",
			`{{figure "contacts.referred_percent" period="2023-24" places="1"}}`},
		{"We took 24,500 contacts.", "“24,500 contacts” is typed. If it means Contacts to children’s social care, in 2023-24, the records say " +
			"24,312.", ""},
		{"We took over 25,000 contacts.", "“over 25,000 contacts” is typed. If it means Contacts to children’s", ""},
		{"We took 12 contacts.", "12 is typed, and no record vouches for it.", ""},
		{"The 2014 practitioners of Tidewell.", "2014 is typed, and no record vouches for it.", ""},
		{"In 2014 practitioners came.", "", ""},
		{"In 2024 children said so, aged 14 and in Year 12; see page 141 and section 175.", "", ""},
		{"There were 3 children.", "Does “3 children” count", ""}, // and never that a figure says so
		{"Seen in time: 94% of children.", "94% is typed, and no record vouches for it.", ""},
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
			if _, again := write(t, got); n > 0 && Failing(again.problems) {
				t.Errorf("%q: %v", got, again.problems)
			}
		})
	}
}

// TestTrueWordsAreOffered: words that are not true are offered those that are.
func TestTrueWordsAreOffered(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`We met {{figure "visits.total" period="2023-24" as="over 50,000"}} people.`: `as="about 43,000"}} people.`,
		`It {{change "cla.open" since="2022-03-31" as="has risen since 2022"}}.`:     `as="has fallen since 2022"}}.`,
	} {
		_, w := write(t, in)
		if len(w.problems) != 1 || len(w.problems[0].Offers) == 0 {
			t.Fatalf("%s: %v", in, w.problems)
		}
		var all []string
		for _, o := range w.problems[0].Offers {
			got, n := take(in, w.problems, o.Key)
			if _, then := write(t, got); n != 1 || len(then.problems) > 0 {
				t.Errorf("%s: %v", got, then.problems)
			}
			all = append(all, got)
		}
		if got := strings.Join(all, "\n"); !strings.Contains(got, want) {
			t.Errorf("got %s, want %s", got, want)
		}
		if sureOffers(w.problems) != 0 {
			t.Error("words are chosen by whoever writes")
		}
	}
}

// TestTakingOffers: one is taken by its key, and a text that changed meanwhile is left.
func TestTakingOffers(t *testing.T) {
	t.Parallel()
	const in = "We took 24,312 contacts and 43,000 visits, and 60 more. And 956 came."
	_, w := write(t, in)
	if n := sureOffers(w.problems); n != 3 {
		t.Errorf("%d offers: %v", n, w.problems)
	}
	one := ""
	for _, p := range w.problems {
		if strings.HasPrefix(p.Text, "43,000") {
			one = p.Offers[0].Key
		}
	}
	got, n := take(in, w.problems, one)
	if want := `We took 24,312 contacts and {{figure "visits.total" period="2023-24"}} visits, and 60 more. And 956 came.`; n != 1 ||
		got != want {
		t.Errorf("%d %q", n, got)
	}
	if got, n := take("Now "+in, w.problems, one); n != 0 || got != "Now "+in {
		t.Errorf("another text: %d %q", n, got)
	}
	got, n = take(in, w.problems, "all")
	if _, then := write(t, got); n != 3 || len(then.problems) != 1 || regexp.MustCompile(`\d,\d`).MatchString(got) {
		t.Errorf("%d %q %v", n, got, then.problems)
	}
}
