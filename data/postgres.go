package data

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"runtime/debug"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver
)

const (
	// More writers than this only wait for each other on a hot drop.
	postgresWriters = 8
	postgresReaders = 16
	postgresTries   = 4
)

type postgres struct {
	db      *DB
	pool    *sql.DB
	writers chan struct{}
	schema  string // where our tables are
}

func openPostgres(ctx context.Context, db *DB, address string) (engine, error) {
	pool, err := sql.Open("pgx", address)
	if err != nil {
		return nil, fmt.Errorf("opening PostgreSQL: %w", err)
	}
	pool.SetMaxOpenConns(postgresWriters + postgresReaders)
	pool.SetMaxIdleConns(postgresWriters + postgresReaders)
	e := &postgres{db: db, pool: pool, writers: make(chan struct{}, postgresWriters)}
	if err := pool.QueryRowContext(ctx, "SELECT coalesce(current_schema(), '')").Scan(&e.schema); err != nil {
		_ = pool.Close()
		return nil, fmt.Errorf("opening PostgreSQL: %w", err)
	}
	if e.schema == "" {
		_ = pool.Close()
		return nil, errors.New("opening PostgreSQL: no schema of its search_path is there")
	}
	return e, nil
}

func (e *postgres) view(ctx context.Context, fn func(statements) error) error {
	tx, err := e.pool.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return explain(err, "BEGIN")
	}
	defer tx.Rollback() //nolint:errcheck // nothing was written
	return fn(&pgTx{tx: tx})
}

func (e *postgres) glance(_ context.Context, fn func(statements) error) error {
	return fn(pgGlance{&pgTx{tx: e.pool}})
}

func (e *postgres) update(ctx context.Context, fn func(*Tx) error) error {
	if onWriter() {
		return ErrNested
	}
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("waiting to write: %w", err)
	}
	select {
	case e.writers <- struct{}{}:
		defer func() { <-e.writers }()
	case <-ctx.Done():
		return fmt.Errorf("waiting to write: %w", ctx.Err())
	}
	ctx = context.WithoutCancel(ctx)
	var err error
	for range postgresTries {
		if err = e.once(ctx, fn); !worthAgain(err) {
			return err
		}
	}
	return err
}

// once runs fn in one transaction.
func (e *postgres) once(ctx context.Context, fn func(*Tx) error) error {
	ptx, err := e.pool.BeginTx(ctx, nil)
	if err != nil {
		return explain(err, "BEGIN")
	}
	defer ptx.Rollback() //nolint:errcheck // after Commit it does nothing
	tx := &Tx{s: &pgTx{tx: ptx, writes: true}, now: e.db.Now(), engine: e}
	if err := callPostgres(e.db.log, tx, fn); err != nil {
		return err
	}
	return explain(ptx.Commit(), "COMMIT")
}

// callPostgres runs fn on a goroutine of its own, so that its end is no end of the caller's.
func callPostgres(log *slog.Logger, tx *Tx, fn func(*Tx) error) error {
	type outcome struct {
		err      error
		panicked *Panic
	}
	done := make(chan outcome, 1)
	began := time.Now()
	go func() {
		out := outcome{err: ErrExited}
		defer func() {
			if p := recover(); p != nil {
				out.panicked = &Panic{Value: p, Stack: debug.Stack()}
			}
			done <- out
		}()
		out.err = runPostgres(tx, fn)
	}()
	out := <-done
	tx.use()
	if took := time.Since(began); took > slowAfter {
		log.Warn("a slow function holds up other writes", slog.Duration("took", took), slog.String("function", name(fn)))
	}
	if out.panicked != nil {
		panic(out.panicked)
	}
	return out.err
}

// runPostgres stands on the stack of every function that writes, where
// onWriter looks for it.
//
//go:noinline
func runPostgres(tx *Tx, fn func(*Tx) error) error { return fn(tx) }

func (e *postgres) lock(ctx context.Context, s statements, shared bool, names ...string) error {
	one := "pg_advisory_xact_lock(?)"
	if shared {
		one = "pg_advisory_xact_lock_shared(?)"
	}
	keys := make([]any, len(names))
	for i, name := range names {
		keys[i] = e.lockKey(name)
	}
	query := "SELECT " + one + strings.Repeat(", "+one, len(names)-1)
	_, err := s.exec(ctx, query, keys)
	return explain(err, query)
}

// lockKey is the number of a lock. PostgreSQL's are those of the whole
// database, ours are a schema's.
func (e *postgres) lockKey(name string) int64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(e.schema + "\x00" + name))
	return int64(h.Sum64()) //nolint:gosec // any 64 bits will do
}

func (e *postgres) oneWriter() bool { return false }

func (e *postgres) name() string { return "PostgreSQL" }

func (e *postgres) close() error { return e.pool.Close() }

func pgCode(err error) string {
	var p *pgconn.PgError
	if errors.As(err, &p) {
		return p.Code
	}
	return ""
}

// worthAgain says whether the same function may well succeed when run again:
// a serialization failure or a deadlock.
func worthAgain(err error) bool {
	c := pgCode(err)
	return c == "40001" || c == "40P01"
}

func knownPostgres(err error) error {
	switch pgCode(err) {
	case "23505":
		return ErrTaken
	case "53100", "25006":
		return ErrFull
	case "57P01", "57P02", "57P03", "53300", "08006", "08003", "08001", "08004":
		return ErrClosed // it stops, starts, or takes nobody else
	}
	var unreachable *pgconn.ConnectError
	if errors.As(err, &unreachable) || errors.Is(err, driver.ErrBadConn) {
		return ErrClosed
	}
	return nil
}
