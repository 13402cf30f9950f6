package release_test

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain sees that nothing that a test started goes on after it.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
