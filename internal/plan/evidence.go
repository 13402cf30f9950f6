package plan

import (
	"context"
	"io"
	"net/http"
	"strconv"

	"kith/internal/access"
	"kith/internal/kit/db"
	"kith/internal/kit/files"
	"kith/internal/kit/ui"
	"kith/internal/kit/web"
)

// The evidence of an action is files that show that it was done; actionRules says whose they
// are to see.

// actionActs are how the acts of the trail begin that change an action itself, and not the
// files that were added to it.
var actionActs = []string{"added", "changed", "marked", "reopened", "said", "took", "asked", "agreed", "handed", "gave",
	"moved"}

// evidence is where files are added to actions.
func (r *Room) evidence() files.Place {
	return files.Place{Room: "plan", Kind: actionSubject, Root: actionsRoot + "/{id}", Permission: access.PlanRead,
		Find: func(ctx context.Context, by web.Person, id string) (files.Record, error) {
			a, err := r.actionFor(ctx, by, id)
			if err == nil && !actionRules.May(by, access.Read, a.of(), evidenceField) {
				err = db.ErrNotFound
			}
			return evidenceRecord(by, a), err
		},
		Hold: func(ctx context.Context, q db.Q, id string) error {
			_, err := lockAction(ctx, q, id)
			return err
		},
		Base: func(req *http.Request, of files.Record, title string) ui.Base {
			return base(req, title, "Actions", actionsRoot, short(of.Title), actionHref(of.ID), title, "")
		}}
}

// evidenceRecord is an action as files know it. Those who do it show that it is done.
func evidenceRecord(by web.Person, a Action) files.Record {
	return files.Record{ID: a.ID, Title: a.Title, Change: actionRules.May(by, access.Change, a.of(), evidenceField)}
}

// evidenceOf lists the files of an action; nil for a person who may not open them.
func (r *Room) evidenceOf(ctx context.Context, by web.Person, a Action) (*ui.FileList, error) {
	if !actionRules.May(by, access.Read, a.of(), evidenceField) {
		return nil, nil
	}
	list, err := r.Files.List(ctx, r.evidence(), evidenceRecord(by, a), by)
	return &list, err
}

// actionWithFiles is all that goes with an action when it is deleted, and how many files
// that are.
func (r *Room) actionWithFiles(ctx context.Context, q db.Reader, a Action) (*web.Form, int, error) {
	n, err := r.Files.Count(ctx, q, r.evidence(), a.ID)
	return wholeAction(a).With(web.NewForm("files", strconv.Itoa(n))), n, err
}

// AddEvidence adds a file to an action without a form that anybody saw, for the
// demonstration.
func (r *Room) AddEvidence(ctx context.Context, by web.Person, action, name string, from io.Reader) error {
	err := r.Files.Add(ctx, by, r.evidence(), action, name, from)
	return db.Wrap(err, "add evidence to action %s", action)
}
