package returns

import (
	"testing"

	"kith/internal/kit/db"
	"kith/internal/testkit"
)

// TestOneLoadAnswers: whatever the ledger of imports does, two returns of one kind, year
// and authority are never counted together.
func TestOneLoadAnswers(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		put := func(id, authority string) error {
			return s.Work.Tx(t.Context(), func(q db.Q) error {
				return packed(&Result{Kind: SSDA903, Year: 2023, Authority: authority}, nil).store(t.Context(), q, id)
			})
		}
		if err := put("first", here); err != nil {
			t.Fatal(err)
		}
		if err := put("second", here); !db.IsUnique(err) {
			t.Errorf("two loads of one return: %v", err)
		}
		if err := put("third", there); err != nil {
			t.Error(err)
		}
	})
}
