package audittrail

import (
	"encoding/json"
	"fmt"

	"kith/internal/kit/web"
)

// A More adds to an entry what not every act has.
type More func(*Entry)

// Because adds why something was done.
func Because(reason string) More { return func(e *Entry) { e.Reason = reason } }

// Between adds what was changed from what to what: was and now are the form of the
// record before and after.
func Between(was, now *web.Form) More {
	return func(e *Entry) {
		list := web.Differences(was, now)
		if len(list) == 0 {
			return
		}
		b, err := json.Marshal(list)
		if err != nil {
			return // a list of structs of strings: cannot happen
		}
		e.Changes = string(b)
	}
}

// Told lists what was changed from what to what, a field a line, and why.
func (e Entry) Told() []string {
	var out []string
	var list []web.Difference
	if e.Changes != "" && json.Unmarshal([]byte(e.Changes), &list) == nil {
		for _, d := range list {
			switch {
			case d.From == "" && d.To == "":
				out = append(out, d.Field+": changed")
			case d.From == "":
				out = append(out, fmt.Sprintf("%s: %s; it was empty", d.Field, d.To))
			case d.To == "":
				out = append(out, fmt.Sprintf("%s: taken out; it was %s", d.Field, d.From))
			default:
				out = append(out, fmt.Sprintf("%s: %s; it was %s", d.Field, d.To, d.From))
			}
		}
	}
	if e.Reason != "" {
		out = append(out, "Why: "+e.Reason)
	}
	return out
}

// Withheld gives the entry to a reader who may not read a field of its record: that it was
// changed is told, and not from what to what. The field is named as Told has it.
func (e Entry) Withheld(field string) Entry {
	var list []web.Difference
	if e.Changes == "" || json.Unmarshal([]byte(e.Changes), &list) != nil {
		return e
	}
	for i, d := range list {
		if d.Field == field {
			list[i].From, list[i].To = "", ""
		}
	}
	b, err := json.Marshal(list)
	if err != nil {
		return e // a list of structs of strings: cannot happen
	}
	e.Changes = string(b)
	return e
}
