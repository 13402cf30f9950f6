package training

import (
	"context"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/search"
	"kith/internal/kit/web"
	"kith/internal/register"
)

// Searchable is what can be found of the room. Who booked is not among it.
func (r *Room) Searchable() []search.Source {
	readers := []web.Permission{access.TrainingRead}
	return []search.Source{
		{Kind: courseSubject, Group: search.Training, Permissions: readers, Read: findableCourses},
		{Kind: sessionSubject, Group: search.Training, Permissions: readers, Read: findableSessions,
			Describe: r.describeSessions,
			Follows:  map[string]func(context.Context, db.Reader, string) ([]string, error){courseSubject: sessionsOfCourse}},
	}
}

func findableCourses(ctx context.Context, q db.Reader, ids []string) ([]search.Document, error) {
	list, err := coursesAmong(ctx, q, ids)
	var out []search.Document
	for _, c := range list {
		details := "Course · " + c.Programme
		if c.Length != "" {
			details += " · " + c.Length
		}
		out = append(out, search.Document{Record: c.ID, Permission: access.TrainingRead,
			Href: "/work/training/courses/" + c.ID, Title: c.Title, Details: details, Body: c.About + "\n" + c.Audience})
	}
	return out, err
}

func findableSessions(ctx context.Context, q db.Reader, ids []string) ([]search.Document, error) {
	list, err := sessionsAmong(ctx, q, ids)
	var out []search.Document
	for _, s := range list {
		out = append(out, search.Document{Record: s.ID, Permission: access.TrainingRead,
			Href: "/work/training/sessions/" + s.ID, Title: s.Course, Details: s.line(), Day: s.StartsOn})
	}
	return out, err
}

func (r *Room) describeSessions(ctx context.Context, q db.Reader, ids []string) (map[string]search.Line, error) {
	list, err := sessionsAmong(ctx, q, ids)
	out := map[string]search.Line{}
	for _, s := range list {
		l := search.Line{Details: s.line()}
		l.Tone, l.Tag = s.Tag(r.Now())
		out[s.ID] = l
	}
	return out, err
}

// line says when and where a session is held.
func (s Session) line() string {
	out := "Session · " + s.When()
	if where := s.Where(); where != "" {
		out += " · " + where
	}
	return out
}

// imported brings what can be found up to date after an import or its withdrawal: of
// training, and of the people and organisations that were new in it.
func (r *Room) imported(ctx context.Context, q db.Q, people, organisations []string) error {
	for _, kind := range []string{courseSubject, sessionSubject} {
		if err := r.Search.Changed(ctx, q, kind); err != nil {
			return err
		}
	}
	if len(people) > 0 { // none would be all
		if err := r.Search.Changed(ctx, q, register.PersonSubject, people...); err != nil {
			return err
		}
	}
	if len(organisations) == 0 {
		return nil
	}
	return r.Search.Changed(ctx, q, register.OrganisationSubject, organisations...)
}
