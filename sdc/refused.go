package sdc

import (
	"errors"

	"kith/sdc/internal/input"
)

// Refused says whether an error is about what a file says, and not about reading
// it.
func Refused(err error) bool {
	var no input.Refusal
	var not *NotATable
	return errors.As(err, &no) || errors.As(err, &not)
}
