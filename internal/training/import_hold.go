package training

import (
	"bytes"
	"compress/flate"
	"context"
	"encoding/json"
	"fmt"
	"io"

	"kith/internal/kit/db"
	"kith/internal/kit/intake"
)

// A history that was read waits until a person has looked at it: its rows are packed as
// JSON, a part at a time, and pressed. They are about adults who work with children.

type heldRecord struct {
	File                   string
	Line                   int64
	Programme, ProgrammeAs string
	Course, Kind           string
	Start, End             db.Date
	StartTime, EndTime     string
	Mode, Venue            string
	Name, Email, JobTitle  string
	Organisation, Sector   string
	Status                 Status
	BookedOn               db.Date
}

type heldBooking struct {
	Session, Person, Organisation int32
	Status                        Status
	Sector                        string
	BookedOn                      db.Date
	File                          string
	Line                          int64
	Name                          string
}

// A heldList is the first records of each key, in order, with their keys.
type heldList struct {
	Keys    []string
	Records []heldRecord
}

// heldPart is how many bookings are packed at a time, so that no more are held twice.
const heldPart = 1000

// lists gives the lists of records in the order in which they are packed.
func (h *history) lists() []*firsts {
	return []*firsts{&h.courses, &h.sessions, &h.organisations, &h.people}
}

// hold packs the history.
func (h *history) hold() ([]byte, error) {
	var out bytes.Buffer
	press, err := flate.NewWriter(&out, flate.DefaultCompression)
	if err != nil {
		return nil, err
	}
	e := json.NewEncoder(press)
	if err := e.Encode(h.newSectors); err != nil {
		return nil, err
	}
	for _, list := range h.lists() {
		held := heldList{Keys: make([]string, len(list.records))}
		for key, i := range list.at {
			held.Keys[i] = key
		}
		for _, r := range list.records {
			held.Records = append(held.Records, heldRecord{r.file, r.line, r.programme, r.programmeAs, r.course, r.kind, r.start,
				r.end, r.startTime, r.endTime, r.mode, r.venue, r.name, r.email, r.jobTitle, r.organisation, r.sector, r.status,
				r.bookedOn})
		}
		if err := e.Encode(held); err != nil {
			return nil, err
		}
	}
	part := make([]heldBooking, 0, heldPart)
	for i, b := range h.bookings {
		part = append(part, b.held())
		if len(part) == heldPart || i == len(h.bookings)-1 {
			if err := e.Encode(part); err != nil {
				return nil, err
			}
			part = part[:0]
		}
	}
	if err := press.Close(); err != nil {
		return nil, err
	}
	return out.Bytes(), nil
}

func (b booking) held() heldBooking {
	return heldBooking{b.session, b.person, b.organisation, b.status, b.sector, b.bookedOn, b.file, b.line, b.name}
}

// resume makes of a history that was held a batch that can be loaded.
func (r *Room) resume(ctx context.Context, content []byte, b *intake.Batch) error {
	sectors, err := r.Register.Sectors(ctx)
	if err != nil {
		return err
	}
	h := &history{batch: b, sectors: sectors, told: map[string]bool{}, words: map[string]string{}}
	if err := h.open(content); err != nil {
		return fmt.Errorf("read a training history that was held: %w", err)
	}
	r.wire(h)
	return nil
}

// open reads what hold packed.
func (h *history) open(content []byte) error {
	d := json.NewDecoder(flate.NewReader(bytes.NewReader(content)))
	if err := d.Decode(&h.newSectors); err != nil {
		return err
	}
	for _, list := range h.lists() {
		var held heldList
		if err := d.Decode(&held); err != nil {
			return err
		}
		list.at = map[string]int32{}
		for n, x := range held.Records {
			rec := &record{x.File, x.Line, x.Programme, x.ProgrammeAs, x.Course, x.Kind, x.Start, x.End, x.StartTime, x.EndTime,
				x.Mode, x.Venue, x.Name, x.Email, x.JobTitle, x.Organisation, x.Sector, x.Status, x.BookedOn}
			list.records = append(list.records, rec)
			list.at[held.Keys[n]] = int32(n)
		}
	}
	for {
		var part []heldBooking
		switch err := d.Decode(&part); {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
		for _, x := range part {
			h.bookings = append(h.bookings, booking{x.Session, x.Person, x.Organisation, x.Status, h.word(x.Sector), x.BookedOn,
				h.word(x.File), x.Line, x.Name})
		}
	}
}

// wire gives the batch of a history what it does with what was read.
func (r *Room) wire(h *history) {
	h.batch.Hold = h.hold
	h.batch.Moves = func(ctx context.Context, q db.Reader) ([]intake.Move, error) { return h.moves(ctx, q) }
	h.batch.Store = func(ctx context.Context, q db.Q, importID string) error { return r.store(ctx, q, importID, h) }
}

// dayKey is of all sessions of a course on one day.
func (r *record) dayKey() string { return r.courseKey() + "\x00" + r.start.String() }
