package plan

import (
	"context"
	"fmt"
	"time"

	"kith/internal/kit/db"
	"kith/internal/kit/period"
	"kith/internal/kit/web"
)

// actionColumns are the columns of an Action, in the order of its fields.
const actionColumns = `a.id, a.title, a.source_kind, a.source, a.priority_id, a.recommendation_id, a.owner_id,
	a.organisation_id,
	a.status, a.due_on, a.done_on, a.dropped_on, a.evidence, a.impact,
	a.detail, a.measure, a.officer_id, a.claimed_on, a.asked_until, a.hindrance,
	COALESCE(w.email, ''), COALESCE(w.name, ''), COALESCE(w.organisation_id, ''), COALESCE(o.name, ''),
	COALESCE(f.name, ''), COALESCE(p.title, ''), COALESCE(n.words, ''),
	COALESCE((SELECT string_agg(h.person_id, ',') FROM plan_helpers h WHERE h.action_id = a.id), '')
	FROM plan_actions a LEFT JOIN people w ON w.id = a.owner_id LEFT JOIN organisations o ON o.id = a.organisation_id
	LEFT JOIN people f ON f.id = a.officer_id
	LEFT JOIN plan_priorities p ON p.id = a.priority_id LEFT JOIN plan_recommendations n ON n.id = a.recommendation_id`

// An ActionFilter says which actions a list shows, and in which order. State may
// also be "late" (open after the day it was due) or "soon" (due within 14 days).
type ActionFilter struct {
	Text, Kind, State          string // "" lets all through
	Organisation               string // the id of the owner, or of the owner's organisation
	PriorityID, Recommendation string
	By                         web.Person // who asks: only what they may read is listed
	Sort                       string
	Desc                       bool
	Limit, Offset              int
}

// actionLate is what is open and was due, on the day of $5.
const actionLate = `a.status = 'open' AND a.claimed_on IS NULL AND a.due_on < $5`

// actionMatching is the condition of an ActionFilter, on its arguments $1 to $9; whose they
// are is asked of actionRules.
const actionMatching = ` WHERE ($1 = '' OR a.folded LIKE $2 ESCAPE '\') AND ($3 = '' OR a.source_kind = $3)
	AND ($4 = '' OR a.status = $4 OR ($4 = 'late' AND ` + actionLate + `)
		OR ($4 = 'claimed' AND a.status = 'open' AND a.claimed_on IS NOT NULL)
		OR ($4 = 'asked' AND a.status = 'open' AND (a.asked_until IS NOT NULL OR a.hindrance <> ''))
		OR ($4 = 'soon' AND a.status = 'open' AND a.due_on BETWEEN $5 AND $6))
	AND ($7 = '' OR a.organisation_id = $7 OR EXISTS (SELECT 1 FROM people m WHERE m.id = a.owner_id
		AND m.organisation_id = $7))
	AND ($8 = '' OR a.priority_id = $8) AND ($9 = '' OR a.recommendation_id = $9)`

func (f ActionFilter) args(today period.Date) []any {
	return []any{db.Fold(f.Text), db.Like(f.Text), f.Kind, f.State, today, today.AddDays(soonDays), f.Organisation,
		f.PriorityID, f.Recommendation}
}

// actionSorts are the orders a list of actions may have. By "due" the open ones
// come first, and so what is overdue stands at the top.
var actionSorts = map[string]string{
	"due":    "CASE WHEN a.status = 'open' THEN 0 ELSE 1 END, a.due_on",
	"title":  "a.folded",
	"source": "a.source_kind",
	"owner":  "COALESCE(o.folded, w.folded)",
	"status": "a.status",
	"done":   "a.done_on",
}

func actions(ctx context.Context, q db.Reader, f ActionFilter, today period.Date) ([]Action, int, error) {
	args := f.args(today)
	named, err := foundByWords(ctx, q, `SELECT a.id, a.title AS words FROM plan_actions a`, "a", f.Text, actionRules,
		f.By, &args)
	if err != nil {
		return nil, 0, err
	}
	matching := actionMatching + ` AND ` + theirs(&args, f.By) + named
	total, err := db.Get[int](ctx, q, `SELECT count(*) FROM plan_actions a`+matching, args...)
	if err != nil {
		return nil, 0, err
	}
	n := len(args)
	list, err := db.All[Action](ctx, q, `SELECT `+actionColumns+matching+
		db.Order(actionSorts, f.Sort, "due", f.Desc, "a.due_on, a.id")+
		fmt.Sprintf(` LIMIT $%d OFFSET $%d`, n+1, n+2), append(args, f.Limit, f.Offset)...)
	return list, total, err
}

// actionsFor lists the open actions due up to a day that are a person's to do.
func actionsFor(ctx context.Context, q db.Reader, by web.Person, until period.Date) ([]Action, error) {
	args := []any{until}
	return db.All[Action](ctx, q, `SELECT `+actionColumns+`
		WHERE a.status = 'open' AND a.due_on <= $1 AND `+actionRules.Where(&args, by, actionDo)+`
		ORDER BY a.due_on, a.id`, args...)
}

// helpedBy lists the open actions due up to a day that a person helps with.
func helpedBy(ctx context.Context, q db.Reader, by web.Person, until period.Date) ([]Action, error) {
	args := []any{until}
	return db.All[Action](ctx, q, `SELECT `+actionColumns+`
		WHERE a.status = 'open' AND a.claimed_on IS NULL AND a.due_on <= $1 AND `+
		actionRules.Where(&args, by, actionHelp)+` ORDER BY a.due_on, a.id`, args...)
}

// A Helper is somebody who helps with an action.
type Helper struct{ ID, Name, Organisation string }

// helpers lists those who help with an action, by name.
func helpers(ctx context.Context, q db.Reader, action string) ([]Helper, error) {
	return db.All[Helper](ctx, q, `SELECT p.id, p.name, COALESCE(o.name, '')
		FROM plan_helpers h JOIN people p ON p.id = h.person_id LEFT JOIN organisations o ON o.id = p.organisation_id
		WHERE h.action_id = $1 ORDER BY p.folded, p.id`, action)
}

func insertHelper(ctx context.Context, q db.Q, action, person string) error {
	_, err := db.Exec(ctx, q, `INSERT INTO plan_helpers (action_id, person_id) VALUES ($1, $2)`, action, person)
	return err
}

func deleteHelper(ctx context.Context, q db.Q, action, person string) error {
	return db.Must(ctx, q, `DELETE FROM plan_helpers WHERE action_id = $1 AND person_id = $2`, action, person)
}

// lateCount counts the open actions due before a day.
func lateCount(ctx context.Context, q db.Reader, today period.Date) (int, error) {
	return db.Get[int](ctx, q, `
		SELECT count(*) FROM plan_actions WHERE status = 'open' AND claimed_on IS NULL AND due_on < $1`, today)
}

func action(ctx context.Context, q db.Reader, id string) (Action, error) {
	return db.Get[Action](ctx, q, `SELECT `+actionColumns+` WHERE a.id = $1`, id)
}

// lockAction reads an action to be changed in this transaction.
func lockAction(ctx context.Context, q db.Q, id string) (Action, error) {
	if err := db.Must(ctx, q, `UPDATE plan_actions SET status = status WHERE id = $1`, id); err != nil {
		return Action{}, err
	}
	return action(ctx, q, id)
}

// organisationOf gives the organisation of somebody; "" for one who is of none.
func organisationOf(ctx context.Context, q db.Reader, person db.Opt) (db.Opt, error) {
	return db.Get[db.Opt](ctx, q, `SELECT organisation_id FROM people WHERE id = $1`, person)
}

func insertAction(ctx context.Context, q db.Q, a Action, now time.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO plan_actions (id, title, folded, source_kind, source, priority_id, recommendation_id, owner_id,
			organisation_id,
			status, due_on, done_on, dropped_on, evidence, impact, detail, measure, officer_id, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17,
			(SELECT id FROM people WHERE id = $18), $19)`,
		a.ID, a.Title, db.Fold(a.Title+" "+a.Source), string(a.SourceKind), a.Source, a.PriorityID, a.RecommendationID,
		a.OwnerID, a.OrganisationID,
		string(a.Status), a.DueOn, a.DoneOn, a.DroppedOn, a.Evidence, a.Impact, a.Detail, a.Measure, a.OfficerID,
		db.At(now))
	return err
}

func updateAction(ctx context.Context, q db.Q, a Action) error {
	return db.Must(ctx, q, `
		UPDATE plan_actions SET title = $2, folded = $3, source_kind = $4, source = $5, priority_id = $6,
			recommendation_id = $7,
			owner_id = $8, organisation_id = $9, status = $10, due_on = $11, done_on = $12, dropped_on = $13, evidence = $14,
			impact = $15, detail = $16, measure = $17, officer_id = $18, claimed_on = $19, asked_until = $20,
			hindrance = $21
		WHERE id = $1`,
		a.ID, a.Title, db.Fold(a.Title+" "+a.Source), string(a.SourceKind), a.Source, a.PriorityID, a.RecommendationID,
		a.OwnerID, a.OrganisationID, string(a.Status), a.DueOn, a.DoneOn, a.DroppedOn, a.Evidence, a.Impact, a.Detail,
		a.Measure, a.OfficerID, a.ClaimedOn, a.AskedUntil, a.Hindrance)
}

func deleteAction(ctx context.Context, q db.Q, id string) error {
	if _, err := db.Exec(ctx, q, `DELETE FROM plan_said WHERE action_id = $1`, id); err != nil {
		return err
	}
	if err := endHelpers(ctx, q, id); err != nil {
		return err
	}
	return db.Must(ctx, q, `DELETE FROM plan_actions WHERE id = $1`, id)
}

// recommendationColumns are the columns of a Recommendation, in the order of its
// fields; what is counted of actions is what lets the condition mine through.
func recommendationColumns(mine string) string {
	return `n.id, n.words, n.source_kind, n.source, n.made_on, n.response,
	(SELECT count(*) FROM plan_actions a WHERE a.recommendation_id = n.id AND a.status <> 'dropped' AND ` + mine + `),
	(SELECT count(*) FROM plan_actions a WHERE a.recommendation_id = n.id AND a.status = 'done' AND ` + mine + `)
	FROM plan_recommendations n`
}

// recommendationMatching is the condition of a Filter of recommendations, on its
// arguments $1 to $4. State is "without" for those without an action that mine lets through.
func recommendationMatching(mine string) string {
	return ` WHERE ($1 = '' OR n.folded LIKE $2 ESCAPE '\') AND ($3 = '' OR n.source_kind = $3)
	AND ($4 = '' OR NOT EXISTS (SELECT 1 FROM plan_actions a WHERE a.recommendation_id = n.id AND a.status <> 'dropped'
		AND ` + mine + `))`
}

// recommendationSorts are the orders a list of recommendations may have.
var recommendationSorts = map[string]string{"words": "n.folded", "source": "n.source_kind", "made": "n.made_on"}

func recommendations(ctx context.Context, q db.Reader, f Filter) ([]Recommendation, int, error) {
	args := []any{db.Fold(f.Text), db.Like(f.Text), f.Kind, f.State}
	mine := theirs(&args, f.By)
	named, err := foundByWords(ctx, q, `SELECT n.id, n.words AS words FROM plan_recommendations n`, "n", f.Text,
		recommendationRules, f.By, &args)
	if err != nil {
		return nil, 0, err
	}
	matching := recommendationMatching(mine) + named
	total, err := db.Get[int](ctx, q, `SELECT count(*) FROM plan_recommendations n`+matching, args...)
	if err != nil {
		return nil, 0, err
	}
	n := len(args)
	list, err := db.All[Recommendation](ctx, q, `SELECT `+recommendationColumns(mine)+matching+
		db.Order(recommendationSorts, f.Sort, "made", f.Desc, "n.folded, n.id")+
		fmt.Sprintf(` LIMIT $%d OFFSET $%d`, n+1, n+2), append(args, f.Limit, f.Offset)...)
	return list, total, err
}

func recommendation(ctx context.Context, q db.Reader, by web.Person, id string) (Recommendation, error) {
	args := []any{id}
	return db.Get[Recommendation](ctx, q, `SELECT `+recommendationColumns(theirs(&args, by))+` WHERE n.id = $1`, args...)
}

// lockRecommendation reads a recommendation to be changed in this transaction; its actions are
// not counted.
func lockRecommendation(ctx context.Context, q db.Q, id string) (Recommendation, error) {
	if err := db.Must(ctx, q, `UPDATE plan_recommendations SET words = words WHERE id = $1`, id); err != nil {
		return Recommendation{}, err
	}
	return recommendation(ctx, q, web.Person{}, id)
}

func insertRecommendation(ctx context.Context, q db.Q, v Recommendation, now time.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO plan_recommendations (id, words, folded, source_kind, source, made_on, response, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		v.ID, v.Words, db.Fold(v.Words+" "+v.Source), string(v.SourceKind), v.Source, v.MadeOn, v.Response, db.At(now))
	return err
}

func updateRecommendation(ctx context.Context, q db.Q, v Recommendation) error {
	return db.Must(ctx, q, `
		UPDATE plan_recommendations SET words = $2, folded = $3, source_kind = $4, source = $5, made_on = $6, response = $7
			WHERE id = $1`,
		v.ID, v.Words, db.Fold(v.Words+" "+v.Source), string(v.SourceKind), v.Source, v.MadeOn, v.Response)
}

func deleteRecommendation(ctx context.Context, q db.Q, id string) error {
	return db.Must(ctx, q, `DELETE FROM plan_recommendations WHERE id = $1`, id)
}

// scrutinyColumns are the columns of a Scrutiny, in the order of its fields.
const scrutinyColumns = `s.id, s.seen_on, s.scrutineer, s.method, s.subject, s.seen, s.challenge, s.response,
	s.responded_on, s.author_id, s.enquiry_id, COALESCE(e.question, '')
	FROM plan_scrutiny s LEFT JOIN plan_enquiries e ON e.id = s.enquiry_id`

// scrutinyMatching is the condition of a Filter of scrutiny notes, on its
// arguments $1 to $4. State is "waiting" for challenges without an answer.
const scrutinyMatching = `
	WHERE ($1 = '' OR s.folded LIKE $2 ESCAPE '\') AND ($3 = '' OR (s.challenge <> '' AND s.response = ''))
	AND ($4 = '' OR s.enquiry_id = $4)`

// scrutinySorts are the orders a list of scrutiny notes may have.
var scrutinySorts = map[string]string{"subject": "s.folded", "seen": "s.seen_on", "method": "s.method"}

func scrutinies(ctx context.Context, q db.Reader, f Filter) ([]Scrutiny, int, error) {
	args := []any{db.Fold(f.Text), db.Like(f.Text), f.State, f.Enquiry}
	total, err := db.Get[int](ctx, q, `SELECT count(*) FROM plan_scrutiny s`+scrutinyMatching, args...)
	if err != nil {
		return nil, 0, err
	}
	list, err := db.All[Scrutiny](ctx, q, `SELECT `+scrutinyColumns+scrutinyMatching+
		db.Order(scrutinySorts, f.Sort, "seen", f.Desc, "s.folded, s.id")+` LIMIT $5 OFFSET $6`,
		append(args, f.Limit, f.Offset)...)
	return list, total, err
}

func scrutiny(ctx context.Context, q db.Reader, id string) (Scrutiny, error) {
	return db.Get[Scrutiny](ctx, q, `SELECT `+scrutinyColumns+` WHERE s.id = $1`, id)
}

// lockScrutiny reads a scrutiny note to be changed in this transaction.
func lockScrutiny(ctx context.Context, q db.Q, id string) (Scrutiny, error) {
	if err := db.Must(ctx, q, `UPDATE plan_scrutiny SET subject = subject WHERE id = $1`, id); err != nil {
		return Scrutiny{}, err
	}
	return scrutiny(ctx, q, id)
}

// foldScrutiny is what a scrutiny note is found by.
func foldScrutiny(s Scrutiny) string { return db.Fold(s.Subject + " " + s.Method + " " + s.Scrutineer) }

func insertScrutiny(ctx context.Context, q db.Q, s Scrutiny, now time.Time) error {
	_, err := db.Exec(ctx, q, `
		INSERT INTO plan_scrutiny (id, seen_on, scrutineer, method, subject, folded, seen, challenge, response, responded_on,
			author_id, enquiry_id, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		s.ID, s.SeenOn, s.Scrutineer, s.Method, s.Subject, foldScrutiny(s), s.Seen, s.Challenge, s.Response, s.RespondedOn,
		s.AuthorID, s.EnquiryID, db.At(now))
	return err
}

func updateScrutiny(ctx context.Context, q db.Q, s Scrutiny) error {
	return db.Must(ctx, q, `
		UPDATE plan_scrutiny SET seen_on = $2, scrutineer = $3, method = $4, subject = $5, folded = $6, seen = $7,
			challenge = $8,
			response = $9, responded_on = $10, enquiry_id = $11
		WHERE id = $1`,
		s.ID, s.SeenOn, s.Scrutineer, s.Method, s.Subject, foldScrutiny(s), s.Seen, s.Challenge, s.Response, s.RespondedOn,
		s.EnquiryID)
}

func deleteScrutiny(ctx context.Context, q db.Q, id string) error {
	return db.Must(ctx, q, `DELETE FROM plan_scrutiny WHERE id = $1`, id)
}

// endHelpers ends everybody's help with an action.
func endHelpers(ctx context.Context, q db.Q, action string) error {
	_, err := db.Exec(ctx, q, `DELETE FROM plan_helpers WHERE action_id = $1`, action)
	return err
}
