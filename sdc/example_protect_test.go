package sdc_test

import (
	"context"
	"fmt"
	"log"
	"strings"

	"kith/sdc"
)

// One count is small; three more are hidden for its sake.
func ExampleProtect() {
	res, err := sdc.Protect(context.Background(), sdc.Release{Tables: []sdc.Table{table("children", children)}},
		sdc.Options{Profile: dfe()})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("safe:", res.Safe)
	printed(res.Released.Tables[0])
	found(res.Audit)
	// Output:
	// safe: true
	// 0-4, Girls [c]
	// 0-4, Boys 9
	// 0-4, Total [c]
	// 5-9, Girls 8
	// 5-9, Boys 7
	// 5-9, Total 15
	// 10-15, Girls [c]
	// 10-15, Boys 12
	// 10-15, Total [c]
	// Total, Girls 22
	// Total, Boys 28
	// Total, Total 50
	// age 0-4, sex Girls must be from 1 to 13: stands
	// age 0-4 must be from 10 to 22: stands
	// age 10-15, sex Girls must be from 1 to 13: stands
	// age 10-15 must be from 13 to 25: stands
	// the release stands: true
}

// Why each count is hidden is for the publisher; what the symbol means is for
// everybody.
func ExampleDecision_Words() {
	t := table("children", children)
	res, err := sdc.Protect(context.Background(), sdc.Release{Tables: []sdc.Table{t}}, sdc.Options{Profile: dfe()})
	if err != nil {
		log.Fatal(err)
	}
	for c, d := range res.Decisions[0] {
		if d.Hidden {
			fmt.Printf("%s: %s\n", strings.Join(t.Cells[c].Codes, ", "), d.Words(dfe()))
		}
	}
	fmt.Println()
	fmt.Println(strings.ReplaceAll(res.ReaderStatement(), ". ", ".\n"))
	fmt.Println()
	fmt.Print(res.PublisherStatement())
	// Output:
	// 0-4, Girls: it is small: 1 to 5
	// 0-4, Total: hidden to protect age 0-4, sex Girls
	// 10-15, Girls: hidden to protect age 0-4, sex Girls
	// 10-15, Total: hidden to protect age 0-4, sex Girls
	//
	// [c] stands for a count from 1 to 5, which is not shown so that nobody can be recognised.
	// [c] also stands for some greater counts, so that a hidden one cannot be worked out from the totals.
	// 0 means none.
	//
	// Rule: dfe, version 1. Counts of 1 to 5 are hidden as [c]; zero and all other counts are printed as they are.
	// 4 of 12 counts are hidden.
	// Verdict against a reader who knows the rule for hiding: the threshold, and that nothing is hidden without need.
	// Every hidden count could be at least 13 different whole numbers; the rule asks for 5.
}

// What cannot be made safe is not released, and a suggestion says what would help.
func ExampleProtect_notSafe() {
	t := table("ages", "age,count\n0-4,3\n5-9,7\n10-15,9\n16-17,8\nTotal,27\n")
	for i := range t.Cells {
		t.Cells[i].Keep = t.Cells[i].Count > 5 // all the others must be shown
	}
	res, err := sdc.Protect(context.Background(), sdc.Release{Tables: []sdc.Table{t}}, sdc.Options{Profile: dfe()})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("safe:", res.Safe)
	found(res.Audit)
	fmt.Println(res.Suggestion)
	// Output:
	// safe: false
	// age 0-4 must be 3: too close
	// the release stands: false
	// merge 0-4 with 5-9 in age
}

// A reader who has this program protects every table that can be behind the printed
// one, and keeps those that come out the same. That is more than any attacker K0 to
// K5 can do, and this table does not stand against it.
func ExampleReplay() {
	o := sdc.Options{Profile: dfe()}
	res, err := sdc.Protect(context.Background(), sdc.Release{Tables: []sdc.Table{table("children", children)}}, o)
	if err != nil {
		log.Fatal(err)
	}
	a, left, err := sdc.Replay(context.Background(), res.Released, o, 1000)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("tables that can be behind it:", left)
	found(a)
	// Output:
	// tables that can be behind it: 2
	// age 0-4, sex Girls must be from 3 to 11: too close
	// age 0-4 must be from 12 to 20: stands
	// age 10-15, sex Girls must be from 3 to 11: too close
	// age 10-15 must be from 15 to 23: stands
	// the release stands: false
}

// Rounding that keeps totals the sums of their parts, and is judged as well.
func ExampleRound() {
	res, err := sdc.Round(context.Background(), sdc.Release{Tables: []sdc.Table{table("children", children)}}, 5,
		sdc.Options{Profile: dfe()})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("safe:", res.Safe)
	printed(res.Released.Tables[0])
	fmt.Println(strings.ReplaceAll(res.Words, ". ", ".\n"))
	// Output:
	// safe: true
	// 0-4, Girls 0
	// 0-4, Boys 10
	// 0-4, Total 10
	// 5-9, Girls 10
	// 5-9, Boys 5
	// 5-9, Total 15
	// 10-15, Girls 10
	// 10-15, Boys 15
	// 10-15, Total 25
	// Total, Girls 20
	// Total, Boys 30
	// Total, Total 50
	// Every count is rounded to a multiple of 5 and is less than 5 away from the true one.
	// Totals are the sums of the printed counts.
}

// What each protection of one table costs.
func ExampleCompare() {
	losses, err := sdc.Compare(context.Background(), sdc.Release{Tables: []sdc.Table{table("children", children)}},
		sdc.Options{Profile: dfe()}, 3, 5, 10)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(sdc.LossTable(losses[:4]))
	change := losses[4]
	fmt.Printf("or %s: %d of %d counts are hidden\n", change.Name, change.Hidden, change.Cells)
	// Output:
	// protection  safe  counts  hidden  of all counted  mean error  worst error  numbers for a small one
	// dfe          yes      12       4          28.0 %        1.33         4.00                    13.00
	// base 3       yes      12       0           0.0 %        0.67         2.00                     5.00
	// base 5       yes      12       0           0.0 %        1.67         3.00                     5.00
	// base 10      yes      12       0           0.0 %        2.17         5.00                    10.00
	// or merge 0-4 with 5-9 in age: 0 of 9 counts are hidden
}

// A publisher's own rule is a JSON file.
func ExampleParseProfile() {
	p, err := sdc.ParseProfile(strings.NewReader(`{
  "name": "own", "version": "2",
  "title": "Counts of 1 to 3 are hidden.", "source": "Our own rule.",
  "symbol": "[few]", "threshold": 3, "zeros_shown": true, "base": 0,
  "values": 3, "small_up_to": 3,
  "percent": "none", "percent_places": 0, "rate_places": 0,
  "min_average": 4, "dominance": 0, "min_contributors": 0, "full_groups": false
}`))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(p.Symbol, p.Threshold, p.Advice())
	for _, built := range sdc.Profiles() {
		first, _, _ := strings.Cut(built.Title, ",")
		fmt.Printf("%s: %s\n", built.Name, first)
	}
	// Output:
	// [few] 3 []
	// dfe: Counts of 1 to 5 are hidden as [c]; zero and all other counts are printed as they are.
	// nhs: Counts of 1 to 7 are hidden as *; zero is shown and all other counts are rounded to the nearest 5.
	// round5: All counts are rounded to the nearest 5; none is hidden for its size.
	// threshold10: Counts below 10
}
