package app

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"kith/internal/kit/period"
	"kith/internal/kit/web"
)

// A calendar is the financial year on Home: drawn where there is room, and listed on phones
// and for those who do not see.
type calendar struct {
	Title  string
	Months []mark
	Rows   []yearRow
	Today  int // where today is
	Height int
	List   []listed // from today on
}

// A mark is a word at a place.
type mark struct {
	X    int
	Text string
}

// A yearRow is the days of one kind.
type yearRow struct {
	Title  string
	Y      int // the middle of its first lane
	Foot   int
	Points []point
}

// A point is one thing in the drawn year: a diamond, or a bar where it takes a while.
type point struct {
	X, Width, Y int
	TextX       int
	Anchor      string // which end of the words is at TextX
	Text        string
	Past, Law   bool
	Bar         bool
}

// Path draws the point's diamond.
func (p point) Path() string {
	return "M" + strconv.Itoa(p.X-7) + " " + strconv.Itoa(p.Y) + "l7 -7 7 7 -7 7z"
}

// A listed is one thing of the year in a list.
type listed struct{ When, Row, Title, Href string }

// The measures of the drawn year.
const (
	yearLabels = 150  // where the months begin
	yearWidth  = 1110 // and where they end
	yearTop    = 46
	laneHeight = 34
	letter     = 7.4 // of the words beside a point, about
)

// calendar asks the rooms for the days of this financial year.
func (a *App) calendar(ctx context.Context, p web.Person, put func(string) string) (calendar, error) {
	today := a.Now.Today()
	year := period.YearOf(today)
	var days []web.Day
	for _, room := range a.datedRooms() {
		list, err := room.Days(ctx, p, year.String())
		if err != nil {
			return calendar{}, err
		}
		days = append(days, list...)
	}
	for i := range days {
		days[i].Title, days[i].Row = put(days[i].Title), put(days[i].Row)
	}
	return drawYear(days, year.Span(), today), nil
}

// drawYear places days on the drawing. Those whose words would meet stand in lanes.
func drawYear(days []web.Day, span period.Span, today period.Date) calendar {
	out := calendar{Title: "The year " + period.YearOf(span.From).String()}
	at := func(d period.Date) int {
		whole := span.From.DaysUntil(span.To) + 1
		n := min(max(span.From.DaysUntil(d), 0), whole)
		return yearLabels + n*(yearWidth-yearLabels)/whole
	}
	out.Today = at(today)
	for d := span.From; !d.After(span.To); d = d.AddMonths(1) {
		out.Months = append(out.Months, mark{at(d), d.Format("Jan")})
	}
	days = slices.DeleteFunc(slices.Clone(days), func(d web.Day) bool {
		return d.From.After(span.To) || cmp.Or(d.To, d.From).Before(span.From)
	})
	var rows []string
	for _, d := range days {
		if !slices.Contains(rows, d.Row) {
			rows = append(rows, d.Row)
		}
	}
	slices.SortStableFunc(days, func(x, y web.Day) int { return x.From.Compare(y.From) })
	y := yearTop
	for _, title := range rows {
		row := yearRow{Title: title, Y: y + laneHeight/2}
		var ends []int // of each lane, where its last words end
		for _, d := range days {
			if d.Row != title {
				continue
			}
			p, from, to := pointOf(d, at, today)
			lane := slices.IndexFunc(ends, func(end int) bool { return from > end })
			if lane < 0 {
				lane, ends = len(ends), append(ends, 0)
			}
			ends[lane] = to
			p.Y = y + lane*laneHeight + laneHeight/2
			row.Points = append(row.Points, p)
		}
		y += len(ends) * laneHeight
		row.Foot = y
		out.Rows = append(out.Rows, row)
	}
	out.Height = y + 8
	for _, d := range days {
		last := cmp.Or(d.To, d.From)
		if last.Before(today) {
			continue
		}
		when := d.From.Format("2 January")
		if !d.To.IsZero() {
			when += " to " + d.To.Format("2 January")
		}
		out.List = append(out.List, listed{when, d.Row, d.Title, d.Href})
	}
	return out
}

// pointOf places one day, and says from where to where it and its words reach.
func pointOf(d web.Day, at func(period.Date) int, today period.Date) (p point, from, to int) {
	p = point{X: at(d.From), Text: cut(d.Title), Law: d.Law, Anchor: "start",
		Past: cmp.Or(d.To, d.From).Before(today)}
	wide := int(float64(len([]rune(p.Text))) * letter)
	if !d.To.IsZero() {
		p.Bar, p.Width = true, max(at(d.To)-p.X, 8)
	}
	p.TextX = p.X + max(p.Width, 7) + 6
	from, to = p.X-8, p.TextX+wide+10
	if p.TextX+wide > yearWidth { // no room on the right
		p.Anchor, p.TextX = "end", p.X-12
		from, to = p.TextX-wide-4, p.X+max(p.Width, 7)+10
	}
	return p, from, to
}

// cut shortens words to what the drawing has room for; the list has them whole.
func cut(s string) string {
	if r := []rune(s); len(r) > 34 {
		return string(r[:33]) + "…"
	}
	return s
}
