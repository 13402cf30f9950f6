package testkit

import (
	"context"
	"net/url"
	"path/filepath"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/ids"
)

// EmptyStore gives a store without any table, for tests of migrations.
func EmptyStore(t testing.TB, engine db.Engine) *db.DB {
	t.Helper()
	at := filepath.Join(t.TempDir(), "empty.db")
	if engine == db.Postgres {
		at = EmptyDatabases(t, "")
	}
	d, err := db.Open(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// EmptyDatabases makes PostgreSQL databases of one name with each of the endings,
// and gives the address of the one without.
func EmptyDatabases(t testing.TB, endings ...string) string {
	t.Helper()
	admin := postgresURL(t)
	run := func(ctx context.Context, statement string) {
		d, err := db.Open(ctx, admin.String())
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		if err := d.Exec1(ctx, statement); err != nil {
			t.Fatal(err)
		}
	}
	if err := plainRole(admin); err != nil {
		t.Fatal(err)
	}
	name := "kith_t_" + ids.New()
	for _, ending := range endings {
		run(t.Context(), "CREATE DATABASE "+name+ending+" OWNER "+plain)
		t.Cleanup(func() { run(context.Background(), "DROP DATABASE "+name+ending+" WITH (FORCE)") })
	}
	u := *admin
	u.User, u.Path = url.User(plain), "/"+name
	return u.String()
}
