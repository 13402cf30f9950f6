package ui

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
)

func charts() map[string]Chart {
	quarters := []string{"Apr to Jun", "Jul to Sep", "Oct to Dec", "Jan to Mar"}
	months := []string{"April 2023", "May 2023", "June 2023", "July 2023", "August 2023", "September 2023", "October 2023",
		"November 2023", "December 2023"}
	return map[string]Chart{
		"bar-highlight": BarChart{ID: "a", Title: "Children looked after on 31 March",
			Labels: []string{"2022", "2023", "2024"},
			Series: []Series{{Name: "Children", Values: Numbers(822, 801, 777)}}, Highlight: "2024", Horizontal: true},
		"bar-upright": BarChart{ID: "a", Title: "Events", Labels: []string{"2022", "2023", "2024"}, Unit: "%",
			Series: []Series{{Values: []float64{12.5, 0, 60}}}},
		"bar-grouped": BarChart{ID: "a", Title: "Attendances by sector", Labels: []string{"Council", "Health", "Police",
			"Schools"}, Missing: "hidden",
			Series: []Series{{Name: "2022-23", Values: []float64{470, 188, 52, Gap()}},
				{Name: "2023-24", Values: Numbers(478, 214, 55, 61)}}},
		"bar-grouped-lying": BarChart{ID: "a", Title: "Attendances by sector",
			Labels: []string{"Voluntary and community organisations", "Criminal justice"},
			Series: []Series{{Name: "2021-22", Values: Numbers(1204, 3)}, {Name: "2022-23", Values: Numbers(1096, 0)},
				{Name: "2023-24", Values: []float64{1104, Gap()}}}},
		"bar-change": BarChart{ID: "a", Title: "Change on the year before", Labels: []string{"Council", "Health", "Police"},
			Series: []Series{{Values: Numbers(8, -26, 3)}}, Horizontal: true},
		"bar-empty": BarChart{ID: "a", Title: "Nothing yet"},
		"bar-escaped": BarChart{ID: `a"><b`, Title: `<script>alert("1")</script>`, Labels: []string{"<b>&"},
			Series: []Series{{Values: Numbers(1)}}, Horizontal: true},
		"line-one": LineChart{ID: "a", Title: "Contacts", Labels: quarters,
			Series: []Series{{Name: "Contacts", Values: Numbers(5980, 6100, 6031, 6201)}}, Zoom: true},
		"line-four": LineChart{ID: "a", Title: "Contacts", Labels: quarters, Missing: "not collected",
			Series: []Series{{Name: "Police", Values: Numbers(1210, 1350, 1190, 1500)},
				{Name: "Schools", Values: Numbers(910, 700, 1105, 1150)}, {Name: "Health", Values: []float64{410, Gap(), 620, 600}},
				{Name: "Families and neighbours", Values: Numbers(300, 340, 560, 590)}}},
		"line-months": LineChart{ID: "a", Title: "Visits", Labels: months,
			Series: []Series{{Values: Numbers(10, 20, 30, 40, 50, 60, 70, 80, 90)}}},
		"line-gaps": LineChart{ID: "a", Title: "Not collected", Labels: []string{"2022", "2023"},
			Series: []Series{{Name: "Children", Values: []float64{Gap(), Gap()}}}},
		"people": Pictogram{ID: "a", Title: "If Tidewell had 100 children", Rest: "others",
			Groups: []PictogramGroup{{"would live in the most deprived tenth of neighbourhoods", 26},
				{"would have help from social care", 4}}},
		"people-beyond": Pictogram{ID: "a", Title: "Too many", Of: 10, Groups: []PictogramGroup{{"come", 8}, {"do not", 9}}},
	}
}

func TestChartsAreDrawnAsBefore(t *testing.T) {
	t.Parallel()
	for name, c := range charts() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			golden(t, "testdata/"+name+".svg", string(c.SVG())+"\n")
		})
	}
}

func TestChartsAreWellFormedAndDescribed(t *testing.T) {
	t.Parallel()
	for name, c := range charts() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var picture struct {
				Role  string `xml:"role,attr"`
				Title string `xml:"title"`
				Desc  string `xml:"desc"`
			}
			if err := xml.Unmarshal([]byte(c.SVG()), &picture); err != nil {
				t.Fatal(err)
			}
			if picture.Role != "img" || picture.Title != c.Table().Caption || picture.Desc == "" {
				t.Errorf("role %q, title %q, description %q", picture.Role, picture.Title, picture.Desc)
			}
			for _, fault := range []string{"NaN", "Inf", "<script>alert"} {
				if strings.Contains(string(c.SVG()), fault) {
					t.Errorf("the drawing holds %s", fault)
				}
			}
			if first, second := c.SVG(), c.SVG(); first != second {
				t.Error("drawn twice, it differs")
			}
		})
	}
}

// TestLabelsDoNotMeet lays the words of every chart out as boxes and looks for
// two that overlap, or one that leaves the sheet.
func TestLabelsDoNotMeet(t *testing.T) {
	t.Parallel()
	type box struct {
		text                     string
		left, right, top, bottom float64
	}
	for name, c := range charts() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var picture struct {
				Texts []struct {
					X         float64 `xml:"x,attr"`
					Y         float64 `xml:"y,attr"`
					Size      float64 `xml:"font-size,attr"`
					Anchor    string  `xml:"text-anchor,attr"`
					Transform string  `xml:"transform,attr"`
					Words     string  `xml:",chardata"`
				} `xml:"text"`
			}
			if err := xml.Unmarshal([]byte(c.SVG()), &picture); err != nil {
				t.Fatal(err)
			}
			var boxes []box
			for _, w := range picture.Texts {
				width := textWidth(w.Words, w.Size) * 0.9 // the estimate is wide on purpose
				b := box{w.Words, w.X, w.X + width, w.Y - 0.75*w.Size, w.Y + 0.15*w.Size}
				switch {
				case w.Transform != "":
					b = box{w.Words, w.X - 0.75*w.Size, w.X + 0.15*w.Size, w.Y - width, w.Y}
				case w.Anchor == "middle":
					b.left, b.right = w.X-width/2, w.X+width/2
				case w.Anchor == "end":
					b.left, b.right = w.X-width, w.X
				}
				if b.left < -1 || b.right > chartWidth+1 {
					t.Errorf("%q leaves the sheet: %.0f to %.0f of %.0f", b.text, b.left, b.right, chartWidth)
				}
				for _, o := range boxes {
					if b.left < o.right && o.left < b.right && b.top < o.bottom && o.top < b.bottom {
						t.Errorf("%q meets %q", b.text, o.text)
					}
				}
				boxes = append(boxes, b)
			}
		})
	}
}

func TestTablesOfCharts(t *testing.T) {
	t.Parallel()
	c := charts()["bar-grouped"].(BarChart)
	c.First = "Sector"
	got, err := c.Table().CSV()
	if err != nil {
		t.Fatal(err)
	}
	want := "Sector,2022-23,2023-24\r\nCouncil,470,478\r\nHealth,188,214\r\nPolice,52,55\r\nSchools,hidden,61\r\n"
	if string(got) != want {
		t.Errorf("CSV:\n%s\nwant:\n%s", got, want)
	}
	table := charts()["bar-upright"].Table()
	if cells := fmt.Sprint(table.Cells(table.Rows[1])); cells != "[0.0%]" {
		t.Errorf("a nought among decimals is %s", cells)
	}
	people := charts()["people"].Table()
	if last := people.Rows[len(people.Rows)-1]; last.Label != "Others" || last.Values[0] != 70 {
		t.Errorf("the others are %+v", last)
	}
}

func TestAxisSteps(t *testing.T) {
	t.Parallel()
	tests := []struct {
		span   float64
		wanted int
		want   float64
	}{{1500, 4, 500}, {100, 4, 50}, {7, 4, 2}, {1, 4, 0.5}, {0.3, 4, 0.1}, {24312, 4, 10000}}
	for _, tt := range tests {
		if got := niceStep(tt.span, tt.wanted); got != tt.want {
			t.Errorf("niceStep(%v, %d) is %v, want %v", tt.span, tt.wanted, got, tt.want)
		}
	}
	if got := tickLabel(0.5, 0.5); got != "0.5" {
		t.Errorf("tick is %q", got)
	}
}
