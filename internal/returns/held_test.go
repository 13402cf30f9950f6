package returns

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
	"kith/internal/testkit"
)

// TestHeldHasNoChild: what waits in the store until somebody loads it has no row about a
// child: neither a number, a date of birth nor any other word of a row.
func TestHeldHasNoChild(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		r, err := New(Deps{Work: s.Work})
		if err != nil {
			t.Fatal(err)
		}
		path := write(t, "contacts.csv", "record_id,contact_date,child_id,date_of_birth,source,outcome\n"+
			"RECORD7781,14/06/2023,CHILD9907,23/11/2014,Mrs Quillfeather,Referral to social care\n"+
			"RECORD7782,31/08/2023,CHILD9908,29/02/2016,Police,No further action\n"+
			"RECORD7783,09/07/2023,CHILD9909,17/17/2017,Police,something unheard of\n")
		files, err := intake.Files([]string{path})
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range r.Kinds() {
			if k.ID != Contacts {
				continue
			}
			b, err := k.Read(t.Context(), intake.Source{Files: files, Year: 2023, Authority: here,
				Progress: func(string) {}})
			if err != nil {
				t.Fatal(err)
			}
			content, err := b.Hold()
			if err != nil {
				t.Fatal(err)
			}
			plain, err := json.Marshal(b)
			if err != nil {
				t.Fatal(err)
			}
			for _, word := range []string{"RECORD778", "CHILD990", "23/11/2014", "2014-11-23", "2016-02-29", "17/17/2017",
				"Quillfeather", "unheard"} {
				if bytes.Contains(content, []byte(word)) || bytes.Contains(plain, []byte(word)) {
					t.Errorf("%q is held: %s\n%s", word, plain, content)
				}
			}
			var got intake.Batch
			if err := json.Unmarshal(plain, &got); err != nil {
				t.Fatal(err)
			}
			if err := k.Resume(t.Context(), content, &got); err != nil {
				t.Fatal(err)
			}
			// What is stored of it is what is kept aside of an import.
			if err := s.Work.Tx(t.Context(), func(q db.Q) error { return got.Store(t.Context(), q, "held") }); err != nil {
				t.Fatal(err)
			}
			stored, err := k.Pack(t.Context(), s.Work, "held")
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(measuresOf(t, content), measuresOf(t, stored)); d != "" || len(got.Readings) == 0 ||
				!strings.Contains(string(plain), "31/01/2024") {
				t.Errorf("%v: %s", got.Readings, d)
			}
		}
	})
}

// measuresOf opens what is packed and gives its measures by what they are of.
func measuresOf(t *testing.T, content []byte) map[string]int64 {
	t.Helper()
	p, err := opened(content)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int64{}
	for _, m := range p.Measures {
		out[m.Measure+" "+m.From.String()+" "+m.To.String()+" "+m.Dimension+" "+m.Value] = m.Numerator*1000 + m.Denominator
	}
	return out
}
