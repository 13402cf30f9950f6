package csvtable

import (
	"strings"
	"testing"

	"kith/sdc"
)

func TestMarks(t *testing.T) {
	t.Parallel()
	c := readText(t, "age,sex,count\n0-4,F,1\n0-4,Total,3\nTotal,Total,9\n")
	for _, codes := range []map[string]string{{"AGE": "0-4"}, {"age ": "total", "sex": " Total "}} {
		if err := c.MarkKept(codes); err != nil {
			t.Error(err)
		}
	}
	if k := c.Table.Cells; k[0].Keep || !k[1].Keep || !k[2].Keep {
		t.Errorf("kept: %+v", k)
	}
	if err := c.MarkSensitive("Sex"); err != nil || c.Table.Dimensions[0].Sensitive || !c.Table.Dimensions[1].Sensitive {
		t.Errorf("sensitive: %+v (%v)", c.Table.Dimensions, err)
	}
	for err, want := range map[error]string{
		c.MarkKept(map[string]string{"sex": "F"}):                  "no row for sex F",
		c.MarkKept(map[string]string{"age": "0-4", "area": "ash"}): `no column "area"`,
		c.MarkSensitive("area"):                                    `no column "area"`,
	} {
		if !sdc.Refused(err) || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// TestHierarchyOfAnother: an earlier table takes what it knows.
func TestMarkTotal(t *testing.T) {
	t.Parallel()
	c := readText(t, "area,sex,count\nAll/x,Girls,7\nAll/y,Girls,8\nAll,Girls,15\nAll,Boys,2\n")
	if len(c.Table.Dimensions[0].Parent) != 2 {
		t.Fatal(c.Table.Dimensions[0].Parent)
	}
	if err := c.MarkTotal(" AREA ", " All"); err != nil {
		t.Fatal(err)
	}
	if got, want := cells(&c.Table), "All/x,Girls=7 All/y,Girls=8 Total,Girls=15 Total,Boys=2"; got != want ||
		len(c.Table.Dimensions[0].Parent) != 0 {
		t.Errorf("%s, with parents %v, want %s", got, c.Table.Dimensions[0].Parent, want)
	}
	if got := written(t, c); !strings.Contains(got, "\nAll,Girls,15\n") {
		t.Errorf("written as %s", got)
	}
	for _, x := range []struct{ dimension, code, want string }{
		{"place", "All", `no column "place"`}, {"area", "Every", `no code "Every"`}, {"area", "All/x", "both Total and"},
		{"area", "total", ""},
	} {
		err := c.MarkTotal(x.dimension, x.code)
		if (err == nil) != (x.want == "") || err != nil && !strings.Contains(err.Error(), x.want) {
			t.Errorf("%s=%s: %v", x.dimension, x.code, err)
		}
	}
	if c.Has("sex", "girls") == nil || c.Has("Sex", "Girls") != nil {
		t.Error("a code is not told from one that is not there")
	}
}
