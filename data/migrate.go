package data

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// steps returns the numbered schema files, as they are for SQLite or adapted.
func steps(adapt func(string) string) ([]*goose.Migration, error) {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var all []*goose.Migration
	for _, name := range names {
		number, _, _ := strings.Cut(filepath.Base(name), "_")
		version, err := strconv.ParseInt(number, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("migration %s has no number: %w", name, err)
		}
		text, err := migrations.ReadFile(name)
		if err != nil {
			return nil, err
		}
		schema := adapt(string(text))
		all = append(all, goose.NewGoMigration(version, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
			_, err := tx.ExecContext(ctx, schema)
			return err
		}}, nil))
	}
	return all, nil
}

// migrateUp brings the schema up to date, each step in a transaction of its
// own. before is asked to keep a copy when there is something to lose.
func migrateUp(ctx context.Context, dialect goose.Dialect, pool *sql.DB, adapt func(string) string, before func(from int64) error, opts ...goose.ProviderOption) error {
	all, err := steps(adapt)
	if err != nil {
		return fmt.Errorf("reading the migrations: %w", err)
	}
	opts = append(opts, goose.WithGoMigrations(all...), goose.WithDisableGlobalRegistry(true), goose.WithSlog(slog.New(slog.DiscardHandler)))
	p, err := goose.NewProvider(dialect, pool, nil, opts...)
	if err != nil {
		return fmt.Errorf("preparing the migrations: %w", err)
	}
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("reading the schema's version: %w", err)
	}
	switch {
	case have > want:
		return fmt.Errorf("the database has schema %d, this program knows %d: it was %w", have, want, ErrNewer)
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
	err := migrateUp(ctx, goose.DialectSQLite3, e.pool, func(s string) string { return s }, func(from int64) error {
		to := filepath.Join(filepath.Dir(e.path), fmt.Sprintf("before-schema-%d.db", from+1))
		return backupFile(ctx, e.path, to, true)
	})
	if err != nil {
		return damagedOr(e.path, err)
	}
	return e.start(ctx)
}

func damagedOr(path string, err error) error {
	if errors.Is(known(err), ErrDamaged) {
		return damaged(path, err)
	}
	return err
}

func (e *postgres) migrate(ctx context.Context) error {
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return err
	}
	return migrateUp(ctx, goose.DialectPostgres, e.pool, inPostgres,
		func(int64) error { return nil }, // pg_dump is the administrator's
		goose.WithSessionLocker(locker))
}
