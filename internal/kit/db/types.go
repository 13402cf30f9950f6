package db

import (
	"database/sql/driver"
	"fmt"
	"time"
)

// A Time is an instant in UTC; NULL is the zero Time. Columns are always scanned
// into a Time and never a time.Time: SQLite returns a computed one, such as
// max(created_at), as text.
type Time struct{ time.Time }

// At makes a Time of t.
func At(t time.Time) Time { return Time{t.UTC()} }

// storedLayout is how SQLite keeps an instant.
const storedLayout = "2006-01-02 15:04:05.999999999-07:00"

// Scan implements sql.Scanner.
func (t *Time) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*t = Time{}
	case time.Time:
		t.Time = v.UTC()
	case string:
		u, err := time.Parse(storedLayout, v)
		if err != nil {
			return err
		}
		t.Time = u.UTC()
	default:
		return fmt.Errorf("db.Time: cannot read %T", v)
	}
	return nil
}

// Value implements driver.Valuer.
func (t Time) Value() (driver.Value, error) {
	if t.IsZero() {
		return nil, nil
	}
	return t.UTC(), nil
}

// An Opt is text that may be absent, such as a reference to a row that there
// need not be: "" is stored as NULL.
type Opt string

// Scan implements sql.Scanner.
func (o *Opt) Scan(v any) error {
	switch v := v.(type) {
	case nil:
		*o = ""
	case string:
		*o = Opt(v)
	case []byte:
		*o = Opt(v)
	default:
		return fmt.Errorf("db.Opt: cannot read %T", v)
	}
	return nil
}

// Value implements driver.Valuer.
func (o Opt) Value() (driver.Value, error) {
	if o == "" {
		return nil, nil
	}
	return string(o), nil
}
