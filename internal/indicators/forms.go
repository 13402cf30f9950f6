package indicators

import (
	"strconv"

	"kith/internal/kit/figure"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
)

// readSupplied reads the form of a new supplied value.
func readSupplied(f *web.Form) Supplied {
	a := Supplied{
		Title:  f.Text("title", "Enter the figure’s name", 120),
		Counts: f.Text("counts", "Say what is counted, and over what", 600),
		Kind:   f.OneOf("kind", "Choose whether it is of a period or of a day", "flow", "stock"),
	}
	switch a.Kind {
	case string(figure.Flow):
		s, err := period.Parse(f.Text("period", "", 40))
		if err != nil {
			f.Add("period", "Enter a period such as 2023-24, 2023-24Q1 or 2023-06")
		}
		a.From, a.To = s.From, s.To
	case string(figure.Stock):
		a.To = f.Date("at", "Enter the day it is of")
		a.From = a.To
	}
	readValue(f, &a)
	if a.Unit = "%"; a.Denominator == 0 {
		a.Unit = f.Text("unit", "Enter what the number counts, such as children", 40)
	}
	a.Counted = readCounted(f, a.Title, a.Counts, a.Unit)
	return a
}

// readReplacement reads the form of a value that replaces another.
func readReplacement(f *web.Form) Supplied {
	a := Supplied{Reason: f.Text("reason", "Say why the value changes", 300)}
	readValue(f, &a)
	return a
}

// fillReplacement fills the form of a value that replaces one. The day it was given,
// whether it is final and why it changes are always asked anew; replaces says, unseen,
// which value the form was opened for.
func fillReplacement(old Supplied) *web.Form {
	f := web.NewForm("replaces", old.ID, "numerator", strconv.FormatInt(old.Numerator, 10), "source", old.Source, "owner",
		old.Owner)
	if old.Denominator > 0 {
		f.Set("denominator", strconv.FormatInt(old.Denominator, 10))
	}
	return f
}

// readValue reads what a new and a replacing value share.
func readValue(f *web.Form, a *Supplied) {
	const most = 1_000_000_000
	a.Numerator = int64(f.Int("numerator", "Enter the number", 0, most))
	a.Denominator = int64(f.Int("denominator", "", 0, most))
	if a.Denominator > 0 && a.Numerator > a.Denominator {
		f.Add("numerator", "The number cannot be more than what it is out of")
	}
	a.Source = f.Text("source", "Enter the document the number stands in", 200)
	a.Owner = f.Text("owner", "Enter who answers for it", 120)
	a.GivenOn = f.Date("given_on", "Enter the day it was given")
	a.Final = f.OneOf("standing", "Choose provisional or final", "provisional", "final") == "final"
}
