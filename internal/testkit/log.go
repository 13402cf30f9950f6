package testkit

import (
	"log/slog"
	"testing"
)

// Log gives a log that is shown with the test that wrote it.
func Log(t testing.TB) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), nil))
}
