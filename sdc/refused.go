package sdc

import (
	"errors"

	"kith/sdc/internal/exact"

	"kith/sdc/internal/input"
)

// Refused says whether an error is about what a file says, or what was released before,
// and not about reading it.
func Refused(err error) bool {
	var no input.Refusal
	var not *TableError
	var before *EarlierRounding
	return errors.As(err, &no) || errors.As(err, &not) || errors.As(err, &before) ||
		errors.Is(err, exact.ErrTooLarge)
}
