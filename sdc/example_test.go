package sdc_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"kith/sdc"
	"kith/sdc/csvtable"
)

// table reads a table as it is printed: [c] stands for a hidden count.
func table(name, text string) sdc.Table {
	t, err := csvtable.Read(strings.NewReader(text), csvtable.Options{Name: name, Symbol: "[c]"})
	if err != nil {
		log.Fatal(err)
	}
	return t.Table
}

func dfe() sdc.Profile {
	p, err := sdc.ProfileNamed("dfe")
	if err != nil {
		log.Fatal(err)
	}
	return p
}

func attack(know sdc.Knowledge, r sdc.Release) *sdc.Audit {
	a, err := sdc.Attack(context.Background(), r, sdc.Options{Profile: dfe(), Know: know})
	if err != nil {
		log.Fatal(err)
	}
	return a
}

// found prints what an attacker works out.
func found(a *sdc.Audit) {
	for _, j := range append(a.Cells, a.Derived...) {
		verdict := "stands"
		if !j.Stands {
			verdict = "too close"
		}
		fmt.Printf("%s: %s\n", j.Words(), verdict)
	}
	fmt.Println("the release stands:", a.Stands)
}

// printed prints counts as readers get them.
func printed(t sdc.Table) {
	for _, c := range t.Cells {
		count := fmt.Sprint(c.Count)
		if c.Hidden {
			count = "[c]"
		}
		fmt.Printf("%s %s\n", strings.Join(c.Codes, ", "), count)
	}
}

// One hidden count is what is left of the total.
func ExampleAttack() {
	found(attack(sdc.K0, sdc.Release{Tables: []sdc.Table{table("ages", `age,count
0-4,[c]
5-9,12
10-15,20
Total,35
`)}}))
	// Output:
	// age 0-4 must be 3: too close
	// the release stands: false
}

// Every line has two hidden counts, and still one of them is known exactly: the
// hidden counts of North and South together, less those of the ages 0-4 and 10-14.
func ExampleAttack_twoInEachLine() {
	found(attack(sdc.K2, sdc.Release{Tables: []sdc.Table{table("areas", `area,age,count
North,0-4,[c]
North,5-9,[c]
North,10-14,[c]
North,15-17,21
North,Total,35
South,0-4,[c]
South,5-9,18
South,10-14,[c]
South,15-17,14
South,Total,40
East,0-4,17
East,5-9,[c]
East,10-14,12
East,15-17,[c]
East,Total,43
West,0-4,25
West,5-9,[c]
West,10-14,19
West,15-17,[c]
West,Total,56
Total,0-4,52
Total,5-9,34
Total,10-14,40
Total,15-17,48
Total,Total,174
`)}}))
	// Output:
	// area North, age 0-4 must be from 3 to 9: too close
	// area North, age 5-9 must be 3: too close
	// area North, age 10-14 must be from 2 to 8: too close
	// area South, age 0-4 must be from 1 to 7: stands
	// area South, age 10-14 must be from 1 to 7: stands
	// area East, age 5-9 must be from 2 to 12: too close
	// area East, age 15-17 must be from 2 to 12: too close
	// area West, age 5-9 must be from 1 to 11: stands
	// area West, age 15-17 must be from 1 to 11: stands
	// the release stands: false
}

// Who counts from 0 upward is not certain of any count. Who knows that zeros are
// shown is certain of all.
func ExampleAttack_zerosAreShown() {
	r := sdc.Release{Tables: []sdc.Table{table("areas", `area,sex,count
North,Girls,[c]
North,Boys,[c]
North,Total,2
South,Girls,[c]
South,Boys,[c]
South,Total,20
Total,Girls,12
Total,Boys,10
Total,Total,22
`)}}
	found(attack(sdc.K0, r))
	found(attack(sdc.K1, r))
	// Output:
	// area North, sex Girls must be from 0 to 2: too close
	// area North, sex Boys must be from 0 to 2: too close
	// area South, sex Girls must be from 10 to 12: too close
	// area South, sex Boys must be from 8 to 10: too close
	// the release stands: false
	// area North, sex Girls must be 1: too close
	// area North, sex Boys must be 1: too close
	// area South, sex Girls must be 11: too close
	// area South, sex Boys must be 9: too close
	// the release stands: false
}

const (
	everybody = `age,count
0-4,40
5-9,21
10-15,30
Total,91
`
	boys = `age,sex,count
0-4,Boys,20
5-9,Boys,20
10-15,Boys,15
Total,Boys,55
`
)

// Two tables, each without a small count: their difference is one girl.
func ExampleAttack_twoTables() {
	found(attack(sdc.K2, sdc.Release{Tables: []sdc.Table{table("everybody", everybody), table("boys", boys)}}))
	// Output:
	// age 5-9, sex in no category shown must be 1: too close
	// the release stands: false
}

// The same two tables a year apart: only who remembers the first can see the
// girl. Protected together with the ledger, the second table hides her.
func ExampleLedger() {
	ledger := &sdc.Ledger{}
	if _, err := ledger.Append(sdc.Release{Name: "2024", Tables: []sdc.Table{table("everybody", everybody)}},
		dfe()); err != nil {
		log.Fatal(err)
	}
	now := sdc.Release{Name: "2025", Tables: []sdc.Table{table("boys", boys)}}
	for _, l := range []*sdc.Ledger{nil, ledger} {
		res, err := sdc.Protect(context.Background(), now, sdc.Options{Profile: dfe(), Ledger: l})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("with a ledger: %v, safe: %v\n", l != nil, res.Safe)
		printed(res.Released.Tables[0])
	}
	// Output:
	// with a ledger: false, safe: true
	// 0-4, Boys 20
	// 5-9, Boys 20
	// 10-15, Boys 15
	// Total, Boys 55
	// with a ledger: true, safe: true
	// 0-4, Boys [c]
	// 5-9, Boys [c]
	// 10-15, Boys 15
	// Total, Boys 55
}

// Open + started − ended = open a year later: four tables, of which one hides a
// count that the other three give back.
func ExampleIdentity() {
	year := func(population, text string) sdc.Table {
		t := table(population, text)
		t.Population = population
		return t
	}
	north := func(population string, factor int64) sdc.Part {
		return sdc.Part{Ref: sdc.Ref{Population: population, Codes: map[string]string{"area": "North"}}, Factor: factor}
	}
	r := sdc.Release{Tables: []sdc.Table{
		year("open 2023", "area,count\nNorth,20\nSouth,31\nTotal,51\n"),
		year("started", "area,count\nNorth,12\nSouth,10\nTotal,22\n"),
		year("ended", "area,count\nNorth,[c]\nSouth,[c]\nTotal,20\n"),
		year("open 2024", "area,count\nNorth,28\nSouth,25\nTotal,53\n"),
	}}
	found(attack(sdc.K2, r))
	r.Identities = []sdc.Identity{{Parts: []sdc.Part{
		north("open 2023", 1), north("started", 1), north("ended", -1), north("open 2024", -1)}}}
	found(attack(sdc.K2, r))
	// Output:
	// area North must be from 1 to 19: stands
	// area South must be from 1 to 19: stands
	// the release stands: true
	// area North must be 4: too close
	// area South must be 16: too close
	// the release stands: false
}

// A whole per cent of a known number can be of one count only.
func ExampleRatio_FactOver() {
	r := sdc.Release{Tables: []sdc.Table{table("ages", "age,count\n0-4,[c]\n5-9,[c]\n10-15,32\nTotal,50\n")}}
	share := sdc.Ratio{Numerator: sdc.Ref{Codes: map[string]string{"age": "0-4"}}, Per: 100}
	fact, err := share.FactOver(6, 50) // 6 % of 50 children
	if err != nil {
		log.Fatal(err)
	}
	r.Facts = []sdc.Fact{fact}
	found(attack(sdc.K2, r)) // has not seen the percentage
	found(attack(sdc.K5, r)) // has
	// Output:
	// age 0-4 must be from 1 to 17: stands
	// age 5-9 must be from 1 to 17: stands
	// the release stands: true
	// age 0-4 must be 3: too close
	// age 5-9 must be 15: too close
	// the release stands: false
}

// Whole per cents give back every count from 1 to 5 for every denominator from 5
// to 109, and one decimal place does so up to 1,090.
func ExampleGivesBack() {
	for places, last := range []int64{109, 1090} {
		all := true
		for denominator := int64(5); denominator <= last; denominator++ {
			for count := int64(1); count <= 5; count++ {
				all = all && sdc.GivesBack(count, denominator, 100, places, 1, 5)
			}
		}
		fmt.Printf("%d places, 5 to %d: all given back: %v\n", places, last, all)
	}
	// Output:
	// 0 places, 5 to 109: all given back: true
	// 1 places, 5 to 1090: all given back: true
}

// A percentage that is made from released counts tells nothing new.
func ExampleProfile_Ratio() {
	p := dfe()
	girls, all := sdc.PublishedCount{Printed: 22}, sdc.PublishedCount{Printed: 50}
	hidden := sdc.PublishedCount{Hidden: true}
	fmt.Println(p.Ratio(girls, all, 100, p.PercentPlaces), p.Ratio(hidden, all, 100, p.PercentPlaces))
	// Output: 44.0 [c]
}

// Four counts of 2 are each rounded to 0, and their total of 8 to 10. No four
// numbers but these can be behind that.
func ExampleAttackRounded() {
	r := sdc.Release{Tables: []sdc.Table{table("areas", "area,count\nNorth,0\nSouth,0\nEast,0\nWest,0\nTotal,10\n")}}
	a, err := sdc.AttackRounded(context.Background(), r, 5, 3, sdc.Options{Profile: dfe()})
	if err != nil {
		log.Fatal(err)
	}
	found(a)
	// Output:
	// area North must be 2: too close
	// area South must be 2: too close
	// area East must be 2: too close
	// area West must be 2: too close
	// the grand total must be 8: stands
	// the release stands: false
}

// Counts of 1 to 5 are hidden and the rest rounded to 5: each rule is sound, and
// together they let a printed 5 be of two counts only. Such a profile is refused.
func ExampleProfile_Validate() {
	p, err := sdc.ProfileNamed("nhs") // hides 1 to 7 and rounds to 5
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.Validate())
	p.Threshold, p.SmallUpTo = 5, 5
	fmt.Println(p.Validate())
	// Output:
	// <nil>
	// profile "nhs": threshold 5 and base 5 do not fit: a printed 5 could only be 6 or 7; make threshold 7
}

// Who is alone in one hidden cell takes one child off the sum of the two, and knows
// the other. The usual attacker has no such cell.
func ExampleAttack_insider() {
	r := sdc.Release{Tables: []sdc.Table{table("ages", "age,count\n0-4,[c]\n5-9,[c]\n10-15,20\nTotal,28\n")}}
	found(attack(sdc.K2, r))
	found(attack(sdc.K4, r))
	// Output:
	// age 0-4 must be from 1 to 7: stands
	// age 5-9 must be from 1 to 7: stands
	// the release stands: true
	// age 0-4 must be 7: too close
	// age 5-9 must be 7: too close
	// the release stands: false
}

const children = `age,sex,count
0-4,Girls,3
0-4,Boys,9
0-4,Total,12
5-9,Girls,8
5-9,Boys,7
5-9,Total,15
10-15,Girls,11
10-15,Boys,12
10-15,Total,23
Total,Girls,22
Total,Boys,28
Total,Total,50
`
