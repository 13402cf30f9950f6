package ui

import (
	"encoding/json"
	"fmt"
	"html/template"
	"strconv"
	"strings"
)

func detailsCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		fixtureWords
		ID, Classes, SummaryText string
		SummaryHTML              *string
		Open                     bool
		Attributes               map[string]any
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	opts, err := common(o.Classes, o.ID, o.Attributes)
	if err != nil {
		return "", err
	}
	if o.Open {
		opts = append(opts, opened())
	}
	if o.SummaryHTML != nil {
		return details(template.HTML(*o.SummaryHTML), o.any(), opts...)
	}
	return details(o.SummaryText, o.any(), opts...)
}

type blockCase struct {
	fixtureWords
	ID, Classes string
	Attributes  map[string]any
}

func insetCase(options json.RawMessage) (template.HTML, error) {
	var o blockCase
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	opts, err := common(o.Classes, o.ID, o.Attributes)
	if err != nil {
		return "", err
	}
	return inset(o.any(), opts...)
}

func warningTextCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		blockCase
		IconFallbackText string
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if o.IconFallbackText != "" && o.IconFallbackText != "Warning" {
		return "", leftOut("ours always says Warning")
	}
	opts, err := common(o.Classes, o.ID, o.Attributes)
	if err != nil {
		return "", err
	}
	return warningText(o.any(), opts...)
}

func panelCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		blockCase
		TitleText string
		TitleHTML *string
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if strings.Contains(o.Classes, "interruption") {
		return "", leftOut("ours confirms, and does not interrupt")
	}
	opts, err := common(o.Classes, "", o.Attributes)
	if err != nil {
		return "", err
	}
	if o.TitleHTML != nil {
		return panel(template.HTML(*o.TitleHTML), o.any(), opts...)
	}
	return panel(o.TitleText, o.any(), opts...)
}

func paginationCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		Previous, Next struct{ Href string }
		LandmarkLabel  string
		Items          []struct {
			Number            any
			Href              string
			Current, Ellipsis bool
		}
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if len(o.Items) == 0 {
		return "", leftOut("ours always lists the pages")
	}
	v := paginationView{Label: "Pagination", Previous: o.Previous.Href, Next: o.Next.Href}
	if o.LandmarkLabel != "" {
		v.Label = o.LandmarkLabel
	}
	for _, item := range o.Items {
		n, err := strconv.Atoi(fmt.Sprint(item.Number))
		if err != nil && !item.Ellipsis {
			return "", leftOut("our pages are numbers")
		}
		v.Pages = append(v.Pages, pageLink{Number: n, Href: item.Href, Current: item.Current, Gap: item.Ellipsis})
	}
	return render("pagination", v)
}

func skipLinkCase(options json.RawMessage) (template.HTML, error) {
	var o struct{ Text, Href string }
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if o.Href != "" && o.Href != "#content" {
		return "", leftOut("ours leads to #content, which every page has")
	}
	return render("skip-link", o.Text)
}

func summaryListCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		Classes    string
		Attributes map[string]any
		Rows       []struct {
			Key     struct{ Text string }
			Value   fixtureWords
			Actions struct {
				Items []struct{ Text, Href, VisuallyHiddenText string }
			}
		}
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	var list []Row
	for _, r := range o.Rows {
		row := Row{Key: r.Key.Text, Value: r.Value.any()}
		if r.Key.Text == "" {
			return "", leftOut("our rows have a key")
		}
		if len(r.Actions.Items) > 1 {
			return "", leftOut("our rows have one act")
		}
		for _, a := range r.Actions.Items {
			if a.Text == "" {
				return "", leftOut("our acts have words")
			}
			row.Act, row.Href, row.About = a.Text, a.Href, a.VisuallyHiddenText
		}
		list = append(list, row)
	}
	opts, err := common(o.Classes, "", o.Attributes)
	if err != nil {
		return "", err
	}
	return summaryList(list, opts...)
}

func tabsCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		ID, Title, IDPrefix string
		Items               []struct {
			ID, Label string
			Panel     fixtureWords
		}
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if o.Title == "" {
		o.Title = "Contents"
	}
	if len(o.Items) == 0 {
		return "", leftOut("ours has tabs")
	}
	var list []Tab
	for i, item := range o.Items {
		if item.Label == "" {
			return "", leftOut("our tabs have labels")
		}
		if item.ID == "" {
			item.ID = fmt.Sprintf("%s-%d", o.IDPrefix, i+1)
		}
		body, ok := item.Panel.any().(template.HTML)
		if !ok {
			body = template.HTML(fmt.Sprintf(`<p class="govuk-body">%s</p>`,
				template.HTMLEscapeString(fmt.Sprint(item.Panel.any()))))
		}
		list = append(list, Tab{ID: item.ID, Label: item.Label, Body: body})
	}
	return tabs(o.ID, o.Title, list)
}

func taskListCase(options json.RawMessage) (template.HTML, error) {
	var o struct {
		IDPrefix string
		Items    []struct {
			Title  struct{ Text string }
			Href   string
			Hint   struct{ Text string }
			Status struct {
				Text string
				Tag  struct{ Text, Classes string }
			}
		}
	}
	if err := strictly(options, &o); err != nil {
		return "", err
	}
	if o.IDPrefix == "" {
		o.IDPrefix = "task-list"
	}
	var list []Task
	for _, item := range o.Items {
		task := Task{Title: item.Title.Text, Href: item.Href, Hint: item.Hint.Text, Status: item.Status.Text}
		if item.Title.Text == "" {
			return "", leftOut("our tasks have titles")
		}
		if t := item.Status.Tag; t.Text != "" {
			task.Status = t.Text
			for _, name := range []string{"good", "watch", "bad", "quiet"} {
				if t.Classes != "" && strings.HasPrefix(tones[name].class, t.Classes+" ") {
					task.Tone = name
				}
			}
			if task.Tone == "" {
				return "", leftOut("our tags have the tones good, watch, bad and quiet")
			}
		}
		list = append(list, task)
	}
	return taskList(o.IDPrefix, list)
}
