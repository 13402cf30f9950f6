package plan

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/lang"
	"kith/internal/kit/period"
	"kith/internal/kit/search"
	"kith/internal/kit/web"
)

// Searchable is what can be found of the room.
func (r *Room) Searchable() []search.Source {
	readers := []web.Permission{access.PlanRead}
	return []search.Source{
		{Kind: planSubject, Group: search.Plan, Permissions: readers, Read: findablePlans},
		{Kind: prioritySubject, Group: search.Plan, Permissions: readers, Read: findablePriorities,
			Describe: describePriorities},
		// An agency finds its own in the list of actions, which has no others.
		{Kind: actionSubject, Group: search.Actions, Permissions: []web.Permission{access.PlanReadAll},
			Version: 2, Read: findableActions, Describe: r.describeActions},
		{Kind: recommendationSubject, Group: search.Actions, Permissions: readers, Version: 1,
			Read: findableRecommendations},
		{Kind: scrutinySubject, Group: search.Plan, Permissions: readers, Read: findableScrutiny},
	}
}

// startOf gives the first day of a financial year that a record has.
func startOf(year string) period.Date {
	y, err := period.ParseYear(year)
	if err != nil {
		return period.Date{}
	}
	return y.Span().From
}

func findablePlans(ctx context.Context, q db.Reader, years []string) ([]search.Document, error) {
	list, err := plansAmong(ctx, q, years)
	var out []search.Document
	for _, p := range list {
		out = append(out, search.Document{Record: p.Year, Permission: access.PlanRead, Href: "/work/plan/years/" + p.Year,
			Title: p.Title, Details: "Business plan " + p.Year, Body: p.Summary, Day: startOf(p.Year)})
	}
	return out, err
}

func findablePriorities(ctx context.Context, q db.Reader, ids []string) ([]search.Document, error) {
	list, err := prioritiesAmong(ctx, q, ids)
	var out []search.Document
	for _, p := range list {
		out = append(out, search.Document{Record: p.ID, Permission: access.PlanRead, Href: "/work/plan/priorities/" + p.ID,
			Title: p.Title, Details: "Priority of the plan " + p.Year, Body: p.Outcome + "\n" + p.Achieved + "\n" + p.Remains,
			Day: startOf(p.Year)})
	}
	return out, err
}

func describePriorities(ctx context.Context, q db.Reader, ids []string) (map[string]search.Line, error) {
	list, err := prioritiesAmong(ctx, q, ids)
	out := map[string]search.Line{}
	for _, p := range list {
		out[p.ID] = search.Line{Details: "Priority of the plan " + p.Year, Tone: p.Status.Tone(), Tag: p.Status.Words()}
	}
	return out, err
}

func findableActions(ctx context.Context, q db.Reader, ids []string) ([]search.Document, error) {
	list, err := actionsAmong(ctx, q, ids)
	var out []search.Document
	for _, a := range list {
		out = append(out, search.Document{Record: a.ID, Permission: access.PlanReadAll,
			Href: "/work/plan/actions/" + a.ID, Title: a.Title,
			Body: a.Detail + "\n" + a.as(web.Person{}).Source + "\n" + a.Evidence + "\n" + a.Impact, Day: a.DueOn})
	}
	return out, err
}

func (r *Room) describeActions(ctx context.Context, q db.Reader, ids []string) (map[string]search.Line, error) {
	list, err := actionsAmong(ctx, q, ids)
	out := map[string]search.Line{}
	for _, a := range list {
		details := "due " + a.DueOn.Words()
		if !a.DoneOn.IsZero() {
			details = "done " + a.DoneOn.Words()
		}
		if by := a.OwnedBy(); by != "" {
			details = by + " · " + details
		}
		tag := a.Standing(r.Now.Today())
		out[a.ID] = search.Line{Details: lang.Sentence(details), Tone: tag.Tone, Tag: tag.Words}
	}
	return out, err
}

func findableRecommendations(ctx context.Context, q db.Reader, ids []string) ([]search.Document, error) {
	list, err := recommendationsAmong(ctx, q, ids)
	var out []search.Document
	for _, v := range list {
		out = append(out, search.Document{Record: v.ID, Permission: access.PlanRead,
			Href: "/work/plan/recommendations/" + v.ID, Title: v.Words, Details: v.came(), Body: v.Response, Day: v.MadeOn})
	}
	return out, err
}

// came says where a recommendation came from, and when. All who read the plan find it: so it names
// no review, and says nothing of actions.
func (v Recommendation) came() string {
	return "Recommendation · " + v.as(web.Person{}).From() + " · " + v.MadeOn.Words()
}

func findableScrutiny(ctx context.Context, q db.Reader, ids []string) ([]search.Document, error) {
	list, err := scrutiniesAmong(ctx, q, ids)
	var out []search.Document
	for _, s := range list {
		out = append(out, search.Document{Record: s.ID, Permission: access.PlanRead, Href: "/work/plan/scrutiny/" + s.ID,
			Title: s.Subject, Details: "Scrutiny note · " + s.Method + " · " + s.SeenOn.Words(),
			Body: s.Seen + "\n" + s.Challenge + "\n" + s.Response, Day: s.SeenOn})
	}
	return out, err
}
