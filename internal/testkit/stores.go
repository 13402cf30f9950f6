package testkit

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"kith/internal/kit/db"
	"kith/internal/kit/ids"
	"kith/migrations"
)

// Stores are the stores of one test, fresh and migrated.
type Stores struct{ Work, Public *db.DB }

// Each runs a test twice, on SQLite and on PostgreSQL, each with fresh stores of
// its own, in parallel.
func Each(t *testing.T, f func(t *testing.T, s Stores)) {
	t.Helper()
	for _, engine := range []db.Engine{db.SQLite, db.Postgres} {
		t.Run(string(engine), func(t *testing.T) {
			t.Parallel()
			f(t, NewStores(t, engine))
		})
	}
}

// NewStores gives fresh, migrated stores on one engine.
func NewStores(t testing.TB, engine db.Engine) Stores {
	t.Helper()
	return Stores{Work: newStore(t, engine, "work", migrations.Work()),
		Public: newStore(t, engine, "public", migrations.Public())}
}

func newStore(t testing.TB, engine db.Engine, name string, files fs.FS) *db.DB {
	t.Helper()
	var at string
	if engine == db.SQLite {
		at = sqliteCopy(t, name, files)
	} else {
		at = postgresCopy(t, name, files)
	}
	d, err := db.Open(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// templates are migrated once for each process and copied for each test.
var templates sync.Map // name → func() (string, error)

func template(name string, make func() (string, error)) (string, error) {
	f, _ := templates.LoadOrStore(name, sync.OnceValues(make))
	return f.(func() (string, error))()
}

func sqliteCopy(t testing.TB, name string, files fs.FS) string {
	t.Helper()
	from, err := template("sqlite "+name, func() (string, error) {
		dir, err := os.MkdirTemp("", "kith-test-")
		if err != nil {
			return "", err
		}
		defer os.RemoveAll(dir)
		at := filepath.Join(dir, "t.db")
		if err := migrate(at, files); err != nil {
			return "", err
		}
		b, err := os.ReadFile(at) // closing the store has folded the log into the file
		return string(b), err
	})
	if err != nil {
		t.Fatal(err)
	}
	at := filepath.Join(t.TempDir(), name+".db")
	if err := os.WriteFile(at, []byte(from), 0o600); err != nil {
		t.Fatal(err)
	}
	return at
}

func migrate(at string, files fs.FS) error {
	ctx := context.Background() // outlives the test that happens to need the template first
	d, err := db.Open(ctx, at)
	if err != nil {
		return err
	}
	if err := d.Migrate(ctx, files); err != nil {
		d.Close()
		return err
	}
	return d.Close()
}

// postgresURL is the server that `make test` started, as its administrator.
func postgresURL(t testing.TB) *url.URL {
	t.Helper()
	at := os.Getenv("KITH_TEST_PG")
	if at == "" {
		t.Fatal("no PostgreSQL for the tests: run `make test`, or start one with `scripts/postgres start` and set " +
			"KITH_TEST_PG to the address it prints")
	}
	u, err := url.Parse(at)
	if err != nil {
		t.Fatalf("KITH_TEST_PG: %v", err)
	}
	return u
}

func postgresCopy(t testing.TB, name string, files fs.FS) string {
	t.Helper()
	admin := postgresURL(t)
	if err := plainRole(admin); err != nil {
		t.Fatal(err)
	}
	at := func(dbname string) string {
		u := *admin
		u.User, u.Path = url.User(plain), "/"+dbname
		return u.String()
	}
	run := func(ctx context.Context, statement string) error {
		d, err := db.Open(ctx, admin.String())
		if err != nil {
			return err
		}
		defer d.Close()
		return d.Exec1(ctx, statement)
	}
	// The template is shared by all test processes: its name is its content.
	from, err := template("postgres "+name, func() (string, error) {
		ctx := context.Background()
		tmpl := "kith_plain_" + name + "_" + contentHash(files)
		build := "kith_build_" + ids.New()
		if err := run(ctx, "CREATE DATABASE "+build+" OWNER "+plain); err != nil {
			return "", err
		}
		if err := migrate(at(build), files); err != nil {
			return "", err
		}
		if err := run(ctx, "ALTER DATABASE "+build+" RENAME TO "+tmpl); err != nil {
			if !strings.Contains(err.Error(), "already exists") && !db.IsUnique(err) {
				return "", err
			}
			return tmpl, run(ctx, "DROP DATABASE "+build) // another process was first
		}
		return tmpl, nil
	})
	if err != nil {
		t.Fatalf("PostgreSQL for the tests: %v", err)
	}
	fresh := "kith_t_" + ids.New()
	if err := run(t.Context(), "CREATE DATABASE "+fresh+" TEMPLATE "+from+" OWNER "+plain); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := run(context.Background(), "DROP DATABASE IF EXISTS "+fresh+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return at(fresh)
}

// plain is the role that owns the stores of the tests and opens them. Like that of an
// installation it is no superuser: the policies of confidential tables hold it.
const plain = "kith_plain"

var rolesMade sync.Map // by server: func() error

// plainRole makes that role on a server, once for each process.
func plainRole(admin *url.URL) error {
	f, _ := rolesMade.LoadOrStore(admin.String(), sync.OnceValue(func() error {
		ctx := context.Background()
		d, err := db.Open(ctx, admin.String())
		if err != nil {
			return err
		}
		defer d.Close()
		err = d.Exec1(ctx, "CREATE ROLE "+plain+" LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE")
		if err != nil && !strings.Contains(err.Error(), "already exists") && !db.IsUnique(err) {
			return err
		}
		return nil // or another process was first
	}))
	return f.(func() error)()
}

func contentHash(files fs.FS) string {
	h := sha256.New()
	names, _ := fs.Glob(files, "*.*")
	for _, n := range names {
		b, _ := fs.ReadFile(files, n)
		fmt.Fprintf(h, "%s %d\n", n, len(b))
		h.Write(b)
	}
	return fmt.Sprintf("%x", h.Sum(nil))[:16]
}
