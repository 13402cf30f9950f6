package register

import (
	"context"
	"maps"
	"slices"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/testkit"
)

// Of those asked for, who is not reached by e-mail is named, each for themselves.
func TestCameBack(t *testing.T) {
	t.Parallel()
	testkit.Each(t, func(t *testing.T, s testkit.Stores) {
		withPeople(t, s)
		err := act(t, s, func(ctx context.Context, q db.Q) error {
			_, err := db.Exec(ctx, q, `INSERT INTO mail_returned (address, at, words)
				VALUES ('office@harbour.example', '2024-03-03 09:00:00', 'there is no such mailbox'),
					('sam@x.example', '2024-03-03 09:00:00', 'there is no such mailbox')`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		got, err := CameBack(t.Context(), s.Work, "p1", "p4", "p9", "p10", "", "nobody")
		if err != nil {
			t.Fatal(err)
		}
		if ids := slices.Sorted(maps.Keys(got)); !slices.Equal(ids, []string{"p10", "p9"}) ||
			got["p9"] != "E-mail to this address came back on 3 March 2024: there is no such mailbox." {
			t.Errorf("%v", got)
		}
		if got, err := CameBack(t.Context(), s.Work); err != nil || len(got) != 0 {
			t.Errorf("of nobody: %v %v", got, err)
		}
	})
}
