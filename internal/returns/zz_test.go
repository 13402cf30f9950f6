package returns

import (
	"fmt"
	"kith/internal/kit/intake"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func show(kind string, year int, ps ...string) {
	s := time.Now()
	fs, err := intake.Files(ps)
	if err != nil {
		fmt.Println(err)
		return
	}
	r, err := Read(nil2(), kind, intake.Source{Files: fs, Year: 0 + yy(year), Authority: "E08000015"})
	name := filepath.Base(ps[0])
	if err != nil {
		fmt.Println("REFUSED", kind, name, time.Since(s).Round(time.Millisecond), err)
		return
	}
	fmt.Println("READ", kind, name, time.Since(s).Round(time.Millisecond), r.Rows, r.Summary, r.ByRule, len(r.Measures))
	if os.Getenv("V") != "" {
		c := map[string]int{}
		for _, f := range r.Findings {
			c[f.Rule]++
			if c[f.Rule] < 3 {
				fmt.Printf("   %+v\n", f)
			}
		}
	}
}
func TestZZ(t *testing.T) {
	R := "/work/shared/data/returns/"
	e, _ := filepath.Glob(R + "ssda903_fake/*.csv")
	show("ssda903", 2017, e...)
	var e2 []string
	for _, x := range e {
		if filepath.Base(x) != "placed_for_adoption_errors.csv" {
			e2 = append(e2, x)
		}
	}
	show("ssda903", 2017, e2...)
	show("ssda903", 2016, e2...)
	show("ssda903", 2019, e2...)
	show("ssda903", 2023, e2...)
	show("ssda903", 2017, R+"ssda903_fake/fake_903.xml")
	show("ssda903", 2019, R+"liia_samples/SSDA903_2020_episodes.csv")
	show("ssda903", 2022, R+"liia_samples/SSDA903_episodes_for_testing_fixes_INPUT.csv")
	for _, x := range []string{"cin_fake/CIN_Census_2024.xml", "cin_fake/CIN_Census_2026.xml", "cin_fake/fake_CIN_data.xml", "liia_samples/cin-2022.xml"} {
		show("cin-census", 0, R+x)
	}
	show("contacts", 2020, R+"liia_samples/Annex_A.xlsx")
	show("early-help", 0, R+"liia_samples/Annex_A.xlsx")
}
func TestYY(t *testing.T) {
	R := "/work/shared/data/returns/"
	ps, _ := filepath.Glob("/work/shared/data/messy/*/*")
	p2, _ := filepath.Glob("/work/shared/data/messy/*.*")
	p3, _ := filepath.Glob(R + "*/*.x*")
	p4, _ := filepath.Glob(R + "*.csv")
	p5, _ := filepath.Glob(R + "*/*.csv")
	for _, p := range append(append(append(append(ps, p2...), p3...), p4...), p5...) {
		for _, k := range []string{"ssda903", "cin-census", "contacts", "early-help"} {
			show(k, 2023, p)
		}
	}
}
