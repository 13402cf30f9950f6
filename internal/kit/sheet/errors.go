package sheet

import (
	"errors"
	"fmt"
)

// The ways a file can be unreadable. Every *Error is one of them.
var (
	ErrEmpty    = errors.New("empty file")
	ErrTooLarge = errors.New("file over a limit")
	ErrLocked   = errors.New("file locked by a password")
	ErrNotTable = errors.New("not a table")
	ErrDamaged  = errors.New("damaged file")
	ErrUnsafe   = errors.New("unsafe file")
	ErrCells    = errors.New("cells that would mislead")
	ErrHidden   = errors.New("rows that are hidden")
)

// An Error says why a file cannot be read, in words a person can act on.
type Error struct {
	Kind  error // one of the errors above
	Line  int64 // 0 when it is not about one line
	Words string
}

func (e *Error) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("line %d: %s", e.Line, e.Words)
	}
	return e.Words
}

// Unwrap gives the kind of error, for errors.Is.
func (e *Error) Unwrap() error { return e.Kind }

func problem(kind error, line int64, format string, args ...any) *Error {
	return &Error{Kind: kind, Line: line, Words: fmt.Sprintf(format, args...)}
}
