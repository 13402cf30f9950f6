package csvtable

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kith/sdc"
	"kith/sdc/internal/input"
)

// readText reads a table under the symbol [c].
func readText(t testing.TB, text string) *File {
	t.Helper()
	c, err := Read(strings.NewReader(text), Options{Name: "t", Symbol: "[c]"})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// written gives the table back as text.
func written(t testing.TB, c *File) string {
	t.Helper()
	var b bytes.Buffer
	if err := c.Write(&b, &c.Table); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// cells lists cells as "0-4,Female=3", a hidden one with its symbol.
func cells(t *sdc.Table) string {
	var out []string
	for _, c := range t.Cells {
		n := fmt.Sprint(c.Count)
		if c.Hidden {
			n = "[c]"
		}
		out = append(out, strings.Join(c.Codes, ",")+"="+n)
	}
	return strings.Join(out, " ")
}

// A brokenFile reads and writes nothing.
type brokenFile struct{ err error }

func (f brokenFile) Read([]byte) (int, error)  { return 0, f.err }
func (f brokenFile) Write([]byte) (int, error) { return 0, f.err }

func TestRead(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, text, dims, want string }{
		{"plain", "age,sex,count\n0-4,F,3\nTotal,Total,7\n", "age sex", "0-4,F=3 Total,Total=7"},
		{"count first, any case", "Count,age\n3,0-4\n", "age", "0-4=3"},
		{"count between", "age,COUNT,sex\n0-4,3,F\n", "age sex", "0-4,F=3"},
		{"byte order mark", "\ufeffage,count\n0-4,3\n", "age", "0-4=3"},
		{"CRLF, no end", "age,count\r\n0-4,3\r\n5-9,4", "age", "0-4=3 5-9=4"},
		{"CR", "age,count\r0-4,3\r", "age", "0-4=3"},
		{"quoted", "\"area, old\",\"count\"\n\"Bath, \"\"upper\"\"\",\"12\"\n", "area, old", `Bath, "upper"=12`},
		{"line end in a cell", "area,count\n\"two\nlines\",3\n", "area", "two\nlines=3"},
		{"total's spellings", "age,count\n TOTAL ,3\n", "age", "Total=3"},
		{"spaces", " age , count \n 0-4 , 3 \n", "age", "0-4=3"},
		{"hidden", "age,count\n0-4,[c]\n5-9, [c] \n", "age", "0-4=[c] 5-9=[c]"},
		{"thousands", "age,count\n0-4,\"1,234\"\n5-9,\"12,345,678\"\n", "age", "0-4=1234 5-9=12345678"},
		{"zeros before", "age,count\n0-4,007\n", "age", "0-4=7"},
		{"greatest", "age,count\n0-4,1000000000000\n", "age", "0-4=1000000000000"},
		{"empty lines", "\n\nage,count\n\n0-4,3\n\n\n", "age", "0-4=3"},
		{"attacked", "age,count,low,high\n0-4,[c],1,5\n5-9,9,,\n", "age", "0-4=[c] 5-9=9"},
		{"low and high before", "low,high,count\na,b,1\n", "low high", "a,b=1"},
		{"low alone", "age,count,low\na,1,b\n", "age low", "a,b=1"},
		{"semicolons", "age;count\n0-4;3\n", "age", "0-4=3"},
		{"a number", "age,Number\n0-4,3\n", "age", "0-4=3"},
		{"titles and notes", "Children by age,\n,\nage,count\n0-4,3\n,\nSource: CIN census\n", "age", "0-4=3"},
		{"a crosstab", "ward,Girls,Total\nash,3,9\n", "ward columns", "ash,Girls=3 ash,Total=9"},
		{"years", "year,count,area\n2023,3,ash\n2024,3,elm\n", "year area", "2023,ash=3 2024,elm=3"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := readText(t, tt.text)
			var dims []string
			for _, d := range c.Table.Dimensions {
				dims = append(dims, d.Name)
			}
			if got := strings.Join(dims, " "); got != tt.dims {
				t.Errorf("dimensions %q, want %q", got, tt.dims)
			}
			if got := cells(&c.Table); got != tt.want {
				t.Errorf("cells %q, want %q", got, tt.want)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	t.Parallel()
	wide := "a,b,c,d,e,f,g,h,i,count\n" + strings.Repeat("x,", 9) + "1\n"
	tests := []struct{ name, text, want string }{
		{"nothing", "", "the file is empty"},
		{"empty lines", "\n\r\n", "the file is empty"},
		{"a header", "age,count\n", "no row below"},
		{"no count", "age,children\n0-4,3\n", "no column is named count"},
		{"no number", "age,children\n0-4,many\n", "row 1: no column is named count"},
		{"percentages", "age,count,share\n0-4,3,7%\n5-9,9,93%\n", "the column share has percentages, rates or decimals"},
		{"rates", "age,count,rate\n0-4,3,20\n5-9,9,31\n", "the column rate has percentages, rates or decimals"},
		{"another number", "age,count,open\n0-4,3,7\n5-9,9,8\n", "the column open has whole numbers"},
		{"case alone", "area,count\nash,1\nAsh,2\n", "ash and Ash in the column area differ in their spelling only"},
		{"spellings", "age,count\n0-4,1\n0 to 4,2\n", "0-4 and 0 to 4 in the column age differ in their spelling only"},
		{"dates", "age,count\n0-4,1\n05-Sep,2\n", "05-Sep in the column age looks like a band"},
		{"dates of Excel", "age,count\n0-4,1\n2026-09-05,2\n", "such as 5-9"},
		{"less than", "age,count\n5-9,<5\n", `row 2: the count "<5" is not a whole number`},
		{"two headings", ",Girls,,Boys,\nward,0-4,5-9,0-4,5-9\nash,1,2,3,4\n", "headings in two rows are not read"},
		{"two counts", "count,age,Count\n1,2,3\n", `row 1: columns 1 and 3 are both named "Count"`},
		{"only count", "count\n3\n", "row 1: no column besides count"},
		{"no name", "age,,count\n0-4,x,3\n", "row 1: the name of column 2 is empty"},
		{"two of a name", "age,AGE,count\n0-4,x,3\n", `row 1: columns 1 and 2 are both named "AGE"`},
		{"too wide", wide, "row 1: there are 9 columns besides count"},
		{"short row", "age,sex,count\n0-4,F,1\n0-4,2\n", "row 3: it has 2 cells and the first row has 3"},
		{"long row", "age,count\n0-4,1,234\n", "row 2: it has 3 cells"},
		{"no code", "age,count\n0-4,1\n,2\n", `row 3: the cell in the column "age" is empty`},
		{"empty code", "age,sex,count\n0-4,F,1\n0-4, ,2\n", `row 3: the cell in the column "sex" is empty`},
		{"empty count", "age,count\n0-4,\n", "row 2: the count is empty"},
		{"negative", "age,count\n0-4,3\n5-9,-2\n", `row 3: the count "-2" is negative`},
		{"another minus", "age,count\n5-9,−2\n", `row 2: the count "−2" is negative`},
		{"fraction", "age,count\n5-9,2.5\n", `row 2: the count "2.5" is not whole`},
		{"whole as a fraction", "age,count\n5-9,2.0\n", `row 2: the count "2.0" is not whole`},
		{"words", "age,count\n5-9,two\n", `row 2: the count "two" is not a whole number; a hidden count is written [c]`},
		{"another symbol", "age,count\n5-9,*\n", `row 2: the count "*" is not a whole number; a hidden count is written [c]`},
		{"exponent", "age,count\n5-9,1e3\n", `row 2: the count "1e3" is not a whole number`},
		{"plus", "age,count\n5-9,+3\n", `"+3" is not a whole number`},
		{"other digits", "age,count\n5-9,٣\n", `"٣" is not a whole number`},
		{"a comma astray", "age,count\n5-9,\"12,34\"\n", `row 2: the count "12,34" has a comma where no thousands end`},
		{"a comma first", "age,count\n5-9,\",123\"\n", "has a comma where no thousands end"},
		{"large", "age,count\n5-9,1000000000001\n", `row 2: the count "1000000000001" is greater than 1000000000000`},
		{"endless", "age,count\n5-9," + strings.Repeat("9", 400) + "\n", "is greater than 1000000000000"},
		{"twice", "age,sex,count\n0-4,F,3\n5-9,F,3\n0-4, F,4\n", "row 4 is the same as row 2: age 0-4, sex F"},
		{"total twice", "age,count\nTotal,3\ntotal,3\n", "row 3 is the same as row 2: the grand total"},
		{"not UTF-8", "age,count\n0-4,3\nB\xe9b\xe9,4\n", "row 3: it is not UTF-8"},
		{"UTF-16", "\xff\xfea\x00,\x00", "row 1: it is not UTF-8"},
		{"control character", "age,count\n0\x1f4,3\n", `row 2: the cell in the column "age" has the character U+001F`},
		{"long code", "age,count\n" + strings.Repeat("x", 501) + ",3\n", "is longer than 500 bytes"},
		{"quotation mark inside", "age,count\n0\"4,3\n", "row 2: a quotation mark stands inside a cell"},
		{"after a quotation mark", "age,count\n\"0\"4,3\n", "row 2: something stands between a closing quotation mark"},
		{"open quotation mark", "age,count\n0-4,3\n\"5-9,4\n6,7\n", "row 3: a cell begins with a quotation mark"},
		{"rows below a cell of two lines", "age,count\n\"0\n4\",3\n5,x\n", "row 3 (line 4): the count"},
		{"rows below an empty line", "age,count\n\n5,x\n", "row 3: the count"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(tt.text), Options{Name: "t", Symbol: "[c]"})
			var not *sdc.TableError
			if !errors.As(err, &not) || not.Cell != -1 || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error %v, want a *TableError with %q", err, tt.want)
			}
		})
	}
}

// TestReadLimits: more rows, and more combinations of codes, than are read.
func TestReadLimits(t *testing.T) {
	t.Parallel()
	cross := &strings.Builder{}
	cross.WriteString("a,b,count\n")
	for i := range 1500 {
		fmt.Fprintf(cross, "%d,%d,1\n", i, i)
	}
	if _, err := Read(strings.NewReader(cross.String()), Options{}); err == nil ||
		!strings.Contains(err.Error(), "row 1449: the codes of the columns can be put together in more than 2097152 ways") {
		t.Errorf("1,500 by 1,500: %v", err)
	}
	rows := strings.NewReader("a,count\n" + strings.Repeat("Total,1\n", input.MaxRows+1))
	if _, err := Read(rows, Options{}); err == nil || !strings.Contains(err.Error(),
		"row 1000002: a table may have 1000000 rows") {
		t.Errorf("a row too many: %v", err)
	}
	if _, err := input.Text(zeros{}, 2<<20); !sdc.Refused(err) || !strings.Contains(err.Error(), "larger than 2 MB") {
		t.Errorf("without end: %v", err)
	}
	if text, err := input.Text(strings.NewReader("a,count"), 7); err != nil || text != "a,count" {
		t.Errorf("as large as may be: %q, %v", text, err)
	}
}

// zeros never ends.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

// TestReadReader: the reader's own error is no fault of the table.
func TestReadReader(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	_, err := Read(io.MultiReader(strings.NewReader("age,count\n"), brokenFile{err: broken}), Options{})
	if !errors.Is(err, broken) || sdc.Refused(err) {
		t.Errorf("error %v, want the reader's", err)
	}
}

func TestReadContributions(t *testing.T) {
	t.Parallel()
	text := "area,top,count,agencies\nash,7,9,3\nelm,,4,\n"
	o := Options{Largest: "TOP", Contributors: " agencies "}
	c, err := Read(strings.NewReader(text), o)
	if err != nil {
		t.Fatal(err)
	}
	if a, b := c.Table.Cells[0], c.Table.Cells[1]; a.Largest != 7 || a.Contributors != 3 || b.Largest != 0 ||
		b.Contributors != 0 || len(c.Table.Dimensions) != 1 {
		t.Errorf("read as %+v", c.Table)
	}
	if got, want := written(t, c), "area,count\nash,9\nelm,4\n"; got != want {
		t.Errorf("contributions are not to be written: %q, want %q", got, want)
	}
	for _, tt := range []struct {
		text string
		o    Options
		want string
	}{
		{text, Options{Largest: "most"}, `row 1: no column is named "most"`},
		{text, Options{Largest: "count"}, "the column count cannot be"},
		{text, Options{Largest: "top", Contributors: "top"}, "cannot be both"},
		{"area,top,count\nash,10,9\n", Options{Largest: "top"}, "row 2: the largest contribution, 10, is greater than the " +
			"count, 9"},
		{"area,top,count\nash,x,9\n", Options{Largest: "top"}, `row 2: the largest contribution "x"`},
		{"area,by,count\nash,-1,9\n", Options{Contributors: "by"}, `row 2: the number of contributors "-1" is negative`},
	} {
		if _, err := Read(strings.NewReader(tt.text), tt.o); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v, want %q", tt.o, err, tt.want)
		}
	}
}

func TestWrite(t *testing.T) {
	t.Parallel()
	text := "\ufeff\"age\", Count,note\r\n\"0-4\", 3 ,\"a, b\"\r\n5-9,\"1,234\",x\r\n TOTAL,\"1,237\",x\r\n10,[c],y"
	c := readText(t, text)
	if got := written(t, c); got != text+"\r\n" {
		t.Errorf("unchanged counts are written as\n%q, want\n%q", got, text)
	}
	released := c.Table
	released.Cells = slices.Clone(c.Table.Cells)
	released.Cells[0].Hidden = true
	released.Cells[1].Count = 1235
	released.Cells[3] = sdc.Cell{Count: 8}
	var b bytes.Buffer
	err := c.WriteIntervals(&b, &released, func(cell int) (int64, int64, bool) {
		return int64(cell) + 1, sdc.Unlimited, released.Cells[cell].Hidden
	})
	want := "\ufeff\"age\", Count,note,low,high\r\n\"0-4\",[c],\"a, b\",1,\r\n5-9,1235,x,,\r\n " +
		"TOTAL,\"1,237\",x,,\r\n10,8,y,,\r\n"
	if err != nil || b.String() != want {
		t.Errorf("written as\n%q, want\n%q (%v)", b.String(), want, err)
	}
	again, err := Read(&b, Options{Symbol: "[c]"})
	if err != nil {
		t.Fatal(err)
	}
	var second bytes.Buffer
	twoToFour := func(cell int) (int64, int64, bool) { return 2, 4, again.Table.Cells[cell].Hidden }
	if err := again.WriteIntervals(&second, &again.Table, twoToFour); err != nil {
		t.Fatal(err)
	}
	if got := second.String(); got != strings.Replace(want, ",1,\r\n", ",2,4\r\n", 1) {
		t.Errorf("attacked twice:\n%q", got)
	}
}

func TestWriteErrors(t *testing.T) {
	t.Parallel()
	full := errors.New("the disk is full")
	c := readText(t, "age,count\n0-4,3\n")
	if err := c.Write(brokenFile{err: full}, &c.Table); !errors.Is(err, full) {
		t.Errorf("a short table to a full disk: %v", err)
	}
	many := &strings.Builder{}
	many.WriteString("age,count\n")
	for i := range 20_000 {
		fmt.Fprintf(many, "%d,3\n", i)
	}
	long := readText(t, many.String())
	if err := long.Write(brokenFile{err: full}, &long.Table); !errors.Is(err, full) {
		t.Errorf("a long table to a full disk: %v", err)
	}
	if err := c.Write(io.Discard, &long.Table); err == nil {
		t.Error("another table's counts were written")
	}
}

func TestExplain(t *testing.T) {
	t.Parallel()
	c := readText(t, "age,count\n0-4,3\n\n5-9,4\n")
	err := fmt.Errorf("protect: %w", &sdc.TableError{Table: "t", Cell: 1, Words: "the parts are more"})
	if got := c.Explain(err).Error(); got != "row 4: the parts are more" {
		t.Errorf("explained as %q", got)
	}
	for _, err := range []error{
		nil, io.EOF, &sdc.TableError{Table: "t", Cell: -1, Words: "x"}, &sdc.TableError{Table: "t", Cell: 2, Words: "x"},
		&sdc.TableError{Table: "u", Words: "x"},
	} {
		if got := c.Explain(err); got != err {
			t.Errorf("%v is explained as %v", err, got)
		}
	}
}

func TestLabelParents(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		codes string
		want  map[string]string
	}{
		{"none", "0-4;5-9;Total", nil},
		{"one level", "a;a/b;a/c;Total", map[string]string{"a/b": "a", "a/c": "a"}},
		{"the parent comes later", "a/b;a", map[string]string{"a/b": "a"}},
		{"two levels", "a;a/b;a/b/c", map[string]string{"a/b": "a", "a/b/c": "a/b"}},
		{"a level left out", "a;a/b/c", map[string]string{"a/b/c": "a"}},
		{"no parent", "a/b;c/d", nil},
		{"spaces", "old town;old town / north;old town/ south",
			map[string]string{"old town / north": "old town", "old town/ south": "old town"}},
		{"spaces in the parent", "a / b;a/b / c", map[string]string{"a/b / c": "a / b"}},
		{"part of Total", "Total;total/a", nil},
		{"slashes", "a;/a;a/;//", map[string]string{"a/": "a"}},
		{"only whole labels", "a;ab/c", nil},
	}
	for _, tt := range tests {
		if got := labelParents(strings.Split(tt.codes, ";")); !maps.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	c := readText(t, "area,sex,count\nn,F,1\nn/x,F,1\n")
	if got := c.Table.Dimensions; got[0].Parent["n/x"] != "n" || got[1].Parent != nil {
		t.Errorf("dimensions %+v", got)
	}
}

func TestHierarchy(t *testing.T) {
	t.Parallel()
	const table = "area,sex,count\nnorth,F,3\nash,F,1\nelm,F,2\nelm/one,F,2\nTotal,F,3\n"
	tests := []struct {
		name, file string
		want       map[string]string
		err        string
	}{
		{name: "two parts", file: "dimension,parent,child\narea,north,ash\nAREA, north ,elm\n",
			want: map[string]string{"ash": "north", "elm": "north"}},
		{name: "other order", file: "\ufeffChild,Dimension,Parent\r\nash,area,north\r\n",
			want: map[string]string{"ash": "north"}},
		{name: "part of Total", file: "dimension,parent,child\narea,total,ash\n", want: map[string]string{}},
		{name: "two levels", file: "dimension,parent,child\narea,elm,elm/one\narea,north,elm\n",
			want: map[string]string{"elm/one": "elm", "elm": "north"}},
		{name: "nothing named", file: "dimension,parent,child\n", want: map[string]string{"elm/one": "elm"}},
		{name: "empty", err: "the file is empty"},
		{name: "columns", file: "dimension,parent\n", err: "row 1: the columns of a hierarchy are"},
		{name: "another column", file: "dimension,parent,child,note\n", err: "row 1: the columns of a hierarchy are"},
		{name: "short", file: "dimension,parent,child\narea,north\n", err: "row 2: it has 2 cells"},
		{name: "no code", file: "dimension,parent,child\narea,,ash\n", err: "row 2: the cell in the column parent is empty"},
		{name: "two parents", file: "dimension,parent,child\narea,north,ash\narea,elm,ash\n",
			err: `row 3: "ash" has a parent already, by row 2`},
		{name: "its own parent", file: "dimension,parent,child\narea,ash,ash\n", err: `row 2: "ash" is part of itself`},
		{name: "loop", file: "dimension,parent,child\narea,ash,north\narea,elm,ash\narea,north,elm\n",
			err: "is part of itself"},
		{name: "Total as a part", file: "dimension,parent,child\narea,north,TOTAL\n", err: "row 2: Total is part of nothing"},
		{name: "unknown dimension", file: "dimension,parent,child\narea,north,ash\nage,a,b\n",
			err: `row 3: the table has no column "age"`},
		{name: "unknown child", file: "dimension,parent,child\narea,north,oak\n",
			err: `row 2: the table has no row for "oak"`},
		{name: "unknown parent", file: "dimension,parent,child\narea,south,ash\n",
			err: `row 2: the table has no row for "south"`},
		{name: "not UTF-8", file: "dimension,parent,child\narea,\xff,ash\n", err: "row 2: it is not UTF-8"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := readText(t, table)
			h, err := ReadHierarchy(strings.NewReader(tt.file))
			if err == nil {
				err = c.Apply(h)
			}
			if tt.err != "" {
				if err == nil || !sdc.Refused(err) || !strings.Contains(err.Error(), tt.err) {
					t.Errorf("error %v, want %q", err, tt.err)
				}
				return
			}
			if err != nil || !maps.Equal(c.Table.Dimensions[0].Parent, tt.want) {
				t.Errorf("parents %v, want %v (%v)", c.Table.Dimensions[0].Parent, tt.want, err)
			}
		})
	}
}

func TestHierarchyOfAnother(t *testing.T) {
	t.Parallel()
	h, err := ReadHierarchy(strings.NewReader("dimension,parent,child\narea,north,ash\narea,north,oak\nage,a,b\n"))
	if err != nil {
		t.Fatal(err)
	}
	c := readText(t, "area,count\nnorth,1\nash,1\n")
	c.ApplyKnown(h)
	if got, want := c.Table.Dimensions[0].Parent, map[string]string{"ash": "north"}; !maps.Equal(got, want) {
		t.Errorf("parents %v, want %v", got, want)
	}
}

// TestSame: whatever the codes, a table that is written and read again is the
// same table, and written again the same bytes.
func TestSame(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		codes := rapid.SliceOfNDistinct(rapid.StringN(1, 8, -1).Filter(func(s string) bool {
			return input.Label(s) == nil && strings.TrimSpace(s) == s && !strings.EqualFold(s, sdc.Total)
		}), 1, 6, rapid.ID).Draw(t, "codes")
		end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "line end")
		text := &strings.Builder{}
		text.WriteString("a,count" + end)
		var want []string
		for _, c := range codes {
			n := rapid.Int64Range(0, input.MaxCount).Draw(t, "count")
			fmt.Fprintf(text, "%s,%d%s", quoteField(c), n, end)
			want = append(want, fmt.Sprintf("%s=%d", c, n))
		}
		c, err := Read(strings.NewReader(text.String()), Options{AsWritten: []string{"a"}})
		if err != nil {
			t.Fatalf("%q: %v", text, err)
		}
		if got := cells(&c.Table); got != strings.Join(want, " ") {
			t.Fatalf("%q is read as %q", text, got)
		}
		var b bytes.Buffer
		if err := c.Write(&b, &c.Table); err != nil || b.String() != text.String() {
			t.Fatalf("%q is written as %q (%v)", text, b.String(), err)
		}
	})
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"age,sex,count\n0-4,F,[c]\nTotal,Total,7\n",
		"\ufeff\"a\",count\r\n\"x\"\"\r\ny\",\"1,234\"\r\n",
		"a,count,low,high\nx,[c],1,5\n",
		"a,count\na/b,1\na,1\n", "a,count\n\"x", "count\n1", "\xff,count\n", "a,count\rx,1\r\r\n", "low,high,count\n1,2,3\n",
	} {
		f.Add(s, "")
		f.Add(s, "a")
	}
	f.Fuzz(func(t *testing.T, text, largest string) {
		c, err := Read(strings.NewReader(text), Options{Symbol: "[c]", Largest: largest})
		if err != nil {
			if !sdc.Refused(err) {
				t.Fatalf("not a refusal: %v", err)
			}
			return
		}
		first := written(t, c)
		again := readText(t, first)
		if cells(&again.Table) != cells(&c.Table) {
			t.Fatalf("%q is read as %q, and written and read again as %q", text, cells(&c.Table), cells(&again.Table))
		}
		if second := written(t, again); second != first {
			t.Fatalf("written as %q, then as %q", first, second)
		}
	})
}
