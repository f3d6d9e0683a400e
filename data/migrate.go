package data

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"sync"

	"github.com/pressly/goose/v3"
)

//go:embed migrations/*.sql
var migrations embed.FS

// file is one numbered schema file.
type file struct {
	version int64
	text    string
}

// files are the schema files, in order. A name without a number is a slip that
// shows in the first test.
var files = sync.OnceValue(func() []file {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		panic(err)
	}
	var all []file
	for _, name := range names {
		number, _, _ := strings.Cut(path.Base(name), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			panic(fmt.Sprintf("migration %s has no number", name))
		}
		text, err := migrations.ReadFile(name)
		if err != nil {
			panic(err)
		}
		all = append(all, file{version, string(text)})
	}
	return all
})

// newest is the version of the schema that this program makes.
func newest() int64 { return files()[len(files())-1].version }

// Schema is the version of the tables that this program makes.
func Schema() (int64, error) { return newest(), nil }

func newer(have, want int64) error {
	return fmt.Errorf("the database has schema %d, this program knows %d: it was %w", have, want, ErrNewer)
}

// steps are the files up to a version as migrations, adapted to an engine.
func steps(upTo int64, adapt func(string) string) []*goose.Migration {
	var all []*goose.Migration
	for _, f := range files() {
		if f.version > upTo {
			break
		}
		schema := adapt(f.text)
		all = append(all, goose.NewGoMigration(f.version, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, schema)
			return err
		}}, nil))
	}
	return all
}

// migrateUp brings the schema up to date, each step in a transaction of its
// own. before is asked to keep a copy when there is something to lose.
func migrateUp(ctx context.Context, dialect goose.Dialect, pool *sql.DB, upTo int64, adapt func(string) string, before func(from int64) error) error {
	p, err := goose.NewProvider(dialect, pool, nil, goose.WithGoMigrations(steps(upTo, adapt)...),
		goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.New(slog.DiscardHandler)))
	if err != nil {
		return fmt.Errorf("preparing the migrations: %w", err)
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("reading the schema's version: %w", err)
	}
	switch {
	case have > want:
		return newer(have, want)
	case have == want:
		return nil
	case have > 0:
		if err := before(have); err != nil {
			return fmt.Errorf("keeping a copy before migrating: %w", err)
		}
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrating from schema %d to %d: %w", have, want, err)
	}
	return nil
}

func (e *sqlite) migrate(ctx context.Context) error {
	err := migrateUp(ctx, goose.DialectSQLite3, e.pool, newest(), func(s string) string { return s }, func(from int64) error {
		// The copy of an earlier attempt makes room for this one.
		to := filepath.Join(filepath.Dir(e.path), fmt.Sprintf("before-schema-%d.db", from+1))
		return copyFile(ctx, e.path, to)
	})
	if err != nil {
		if knownSQLite(err) != nil {
			return damaged(e.path, err)
		}
		return err
	}
	return e.start(ctx)
}

// migrate lets one server at a time look at the schema.
func (e *postgres) migrate(ctx context.Context) (err error) {
	conn, err := e.pool.Conn(ctx)
	if err != nil {
		return fmt.Errorf("opening PostgreSQL: %w", err)
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	key := e.lockKey("migrate")
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", key); err != nil {
		return fmt.Errorf("waiting to migrate: %w", err)
	}
	defer func() {
		_, uerr := conn.ExecContext(context.WithoutCancel(ctx), "SELECT pg_advisory_unlock($1)", key)
		err = errors.Join(err, uerr)
	}()
	return migrateUp(ctx, goose.DialectPostgres, e.pool, newest(), inPostgres,
		func(int64) error { return nil }) // pg_dump is the administrator's
}
