package data

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Tx is the transaction of one View or Update function.
type Tx struct {
	s      statements
	now    time.Time
	engine engine
	used   bool
}

// Row is one row of an answer.
type Row interface{ Scan(dest ...any) error }

// statements runs SQL on one connection.
type statements interface {
	exec(ctx context.Context, query string, args []any) (int64, error)
	query(ctx context.Context, query string, args []any) (rows, error)
	insert(ctx context.Context, query string, args []any) (int64, error)
	// number inserts n rows of a table that the database numbers, and returns
	// their ids in ascending order: that of the rows.
	number(ctx context.Context, query string, n int, args []any) ([]int64, error)
}

// rows is what a query answers, as *sql.Rows has it.
type rows interface {
	Row
	Next() bool
	Err() error
	Close() error
}

// Now is the time of this transaction: UTC, whole milliseconds, always the same.
func (tx *Tx) Now() time.Time { return tx.now }

func (tx *Tx) use() { tx.used = true }

// Exec runs a statement and returns how many rows it touched.
func (tx *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if tx.used {
		return 0, ErrUsedUp
	}
	if controls(query) {
		return 0, fmt.Errorf("running %q: a function does not begin or end transactions", title(query))
	}
	n, err := tx.s.exec(ctx, query, values(args))
	return n, explain(err, query)
}

// controls says whether a statement would begin or end a transaction, in which
// the writes of others may be as well.
func controls(query string) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(query), " ")
	switch strings.ToUpper(strings.TrimRight(first, ";")) {
	case "BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE":
		return true
	}
	return false
}

// Insert runs an INSERT of one row and returns the id that the database gave
// it, or 0 when ON CONFLICT DO NOTHING left it out.
func Insert(ctx context.Context, tx *Tx, query string, args ...any) (int64, error) {
	if tx.used {
		return 0, ErrUsedUp
	}
	id, err := tx.s.insert(ctx, query, values(args))
	return id, explain(err, query)
}

// rowsAtOnce is how many rows one statement takes: with each its own, half of
// the time goes into starting statements.
var rowsAtOnce = []int{64, 32, 16, 8, 4, 2, 1}

// InsertRows runs an INSERT of many rows: into, which ends before VALUES, the
// rows' values one row after the other, width of them each, and what comes
// behind them (ON CONFLICT, say).
func InsertRows(ctx context.Context, tx *Tx, into string, width int, rows []any, behind string) error {
	return manyRows(into, width, rows, behind, func(query string, some []any) error {
		_, err := tx.Exec(ctx, query, some...)
		return err
	})
}

// InsertNumbered runs an INSERT of many rows into a table that the database
// numbers, and returns their ids in the order of the rows.
func InsertNumbered(ctx context.Context, tx *Tx, into string, width int, rows []any) ([]int64, error) {
	if tx.used {
		return nil, ErrUsedUp
	}
	ids := make([]int64, 0, len(rows)/width)
	err := manyRows(into, width, rows, "", func(query string, some []any) error {
		n := len(some) / width
		got, err := tx.s.number(ctx, query, n, values(some))
		if err == nil && len(got) != n {
			err = fmt.Errorf("%d ids for %d rows", len(got), n)
		}
		ids = append(ids, got...)
		return explain(err, query)
	})
	return ids, err
}

func manyRows(into string, width int, rows []any, behind string, run func(query string, some []any) error) error {
	one := "(?" + strings.Repeat(", ?", width-1) + ")"
	for _, n := range rowsAtOnce {
		if len(rows) < n*width {
			continue
		}
		query := into + " VALUES " + one + strings.Repeat(", "+one, n-1) + " " + behind
		for ; len(rows) >= n*width; rows = rows[n*width:] {
			if err := run(query, rows[:n*width]); err != nil {
				return err
			}
		}
	}
	return nil
}

// Each runs a query and hands every row to fn.
func Each(ctx context.Context, tx *Tx, fn func(Row) error, query string, args ...any) (err error) {
	if tx.used {
		return ErrUsedUp
	}
	rows, err := tx.s.query(ctx, query, values(args))
	if err != nil {
		return explain(err, query)
	}
	defer func() {
		if cerr := rows.Close(); err == nil && cerr != nil {
			err = explain(cerr, query)
		}
	}()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return explain(rows.Err(), query)
}

// All returns every row of a query.
func All[T any](ctx context.Context, tx *Tx, scan func(Row) (T, error), query string, args ...any) ([]T, error) {
	var all []T
	err := Each(ctx, tx, func(r Row) error {
		one, err := scan(r)
		all = append(all, one)
		return err
	}, query, args...)
	return all, err
}

// One returns the first row of a query, or ErrNotFound.
func One[T any](ctx context.Context, tx *Tx, scan func(Row) (T, error), query string, args ...any) (one T, err error) {
	if tx.used {
		return one, ErrUsedUp
	}
	rows, err := tx.s.query(ctx, query, values(args))
	if err != nil {
		return one, explain(err, query)
	}
	defer func() {
		if cerr := rows.Close(); err == nil && cerr != nil {
			err = explain(cerr, query)
		}
	}()
	if !rows.Next() {
		if err := rows.Err(); err != nil {
			return one, explain(err, query)
		}
		return one, ErrNotFound
	}
	return scan(rows)
}

// Int returns the single integer of a query; null is 0.
func Int(ctx context.Context, tx *Tx, query string, args ...any) (int64, error) {
	return One(ctx, tx, func(r Row) (int64, error) {
		var n sql.NullInt64
		err := r.Scan(&n)
		return n.Int64, err
	}, query, args...)
}

// Text scans a row of one text column.
func Text(r Row) (s string, err error) { return s, r.Scan(&s) }

// Integer scans a row of one integer column.
func Integer(r Row) (n int64, err error) { return n, r.Scan(&n) }

// Lock makes everybody else who locks the same name wait until this
// transaction ends. SQLite, where updates never overlap, needs nothing.
func Lock(ctx context.Context, tx *Tx, name string) error {
	return tx.lock(ctx, false, name)
}

// LockAll locks many names, always in the same order: two that lock some of the
// same names never wait for each other.
func LockAll(ctx context.Context, tx *Tx, names []string) error {
	if len(names) == 0 {
		return nil
	}
	names = slices.Clone(names)
	slices.Sort(names)
	return tx.lock(ctx, false, slices.Compact(names)...)
}

// LockShared lets any number of transactions hold the name together, but none
// of them together with Lock.
func LockShared(ctx context.Context, tx *Tx, name string) error {
	return tx.lock(ctx, true, name)
}

func (tx *Tx) lock(ctx context.Context, shared bool, names ...string) error {
	if tx.used {
		return ErrUsedUp
	}
	return tx.engine.lock(ctx, tx.s, shared, names...)
}

// explain adds to a database error what was being done, and turns what callers
// can act on into an error of this package.
func explain(err error, query string) error {
	if err == nil {
		return nil
	}
	if known := known(err); known != nil {
		return fmt.Errorf("running %q: %w (%w)", title(query), known, err)
	}
	return fmt.Errorf("running %q: %w", title(query), err)
}

// title is the beginning of a query, for the log.
func title(query string) string {
	t := strings.Join(strings.Fields(query), " ")
	if len(t) > 60 {
		t = strings.ToValidUTF8(t[:60], "") + "…"
	}
	return t
}

func known(err error) error {
	if e := knownSQLite(err); e != nil {
		return e
	}
	return knownPostgres(err)
}

// rebound remembers queries with their ? turned into $1, $2, ….
var rebound sync.Map

// rebind turns the ? placeholders of the house into PostgreSQL's $n. A ? in a
// quoted text or a comment stays.
func rebind(query string) string {
	if q, ok := rebound.Load(query); ok {
		return q.(string)
	}
	var b strings.Builder
	n, quoted, comment := 0, false, false
	for i, r := range query {
		switch {
		case comment:
			comment = r != '\n'
		case r == '\'':
			quoted = !quoted
		case quoted:
		case strings.HasPrefix(query[i:], "--"):
			comment = true
		case r == '?':
			n++
			fmt.Fprintf(&b, "$%d", n)
			continue
		}
		b.WriteRune(r)
	}
	rebound.Store(query, b.String())
	return b.String()
}
