package data

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"github.com/mattn/go-sqlite3"
)

// session is one SQLite connection and the statements prepared on it. It talks
// to the driver itself: what database/sql would add to each statement of an
// open, locks and copies, costs as much as the statement.
type session struct {
	conn *sql.Conn // keeps the pool from giving the connection to anybody else
	raw  *sqlite3.SQLiteConn
	idle map[string][]*sqlite3.SQLiteStmt
	args []driver.NamedValue // of the statement being run
}

func newSession(ctx context.Context, pool *sql.DB) (*session, error) {
	conn, err := pool.Conn(context.WithoutCancel(ctx))
	if err != nil {
		return nil, err
	}
	s := &session{conn: conn, idle: map[string][]*sqlite3.SQLiteStmt{}}
	err = conn.Raw(func(c any) error {
		raw, ok := c.(*sqlite3.SQLiteConn)
		if !ok {
			return fmt.Errorf("a %T is no SQLite connection", c)
		}
		s.raw = raw
		return nil
	})
	return s, err
}

func (s *session) close() {
	if s == nil {
		return
	}
	for _, all := range s.idle {
		for _, st := range all {
			_ = st.Close()
		}
	}
	_ = s.conn.Close()
}

// stands says whether a transaction is open on the connection.
func (s *session) stands() bool { return !s.raw.AutoCommit() }

// Statements never run under a request's cancellation: an interrupted write
// rolls back the whole transaction, the other callers' parts of it too. A
// reader is not interrupted either; its questions are short.
var calm = context.Background()

// take returns an idle prepared statement, or prepares one: the same text may
// be in use further up, by rows that are still being read.
func (s *session) take(query string) (*sqlite3.SQLiteStmt, error) {
	if all := s.idle[query]; len(all) > 0 {
		st := all[len(all)-1]
		s.idle[query] = all[:len(all)-1]
		return st, nil
	}
	prepared, err := s.raw.Prepare(query)
	if err != nil {
		return nil, err
	}
	st, ok := prepared.(*sqlite3.SQLiteStmt)
	if !ok {
		return nil, fmt.Errorf("a %T is no SQLite statement", prepared)
	}
	return st, nil
}

func (s *session) give(query string, st *sqlite3.SQLiteStmt) {
	s.idle[query] = append(s.idle[query], st)
}

// bind turns arguments into what the driver takes.
func (s *session) bind(args []any) ([]driver.NamedValue, error) {
	s.args = s.args[:0]
	for i, a := range args {
		v, err := driver.DefaultParameterConverter.ConvertValue(a)
		if err != nil {
			return nil, fmt.Errorf("argument %d: %w", i+1, err)
		}
		s.args = append(s.args, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	return s.args, nil
}

func (s *session) run(query string) error {
	_, err := s.exec(calm, query, nil)
	return err
}

func (s *session) exec(_ context.Context, query string, args []any) (int64, error) {
	res, err := s.result(query, args)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (s *session) insert(_ context.Context, query string, args []any) (int64, error) {
	res, err := s.result(query, args)
	if err != nil {
		return 0, err
	}
	return res.LastInsertId()
}

func (s *session) result(query string, args []any) (driver.Result, error) {
	bound, err := s.bind(args)
	if err != nil {
		return nil, err
	}
	st, err := s.take(query)
	if err != nil {
		return nil, err
	}
	defer s.give(query, st)
	return st.ExecContext(calm, bound)
}

func (s *session) query(_ context.Context, query string, args []any) (rows, error) {
	bound, err := s.bind(args)
	if err != nil {
		return nil, err
	}
	st, err := s.take(query)
	if err != nil {
		return nil, err
	}
	all, err := st.QueryContext(calm, bound)
	if err != nil {
		s.give(query, st)
		return nil, err
	}
	return &sqliteRows{s: s, query: query, st: st, all: all, row: make([]driver.Value, len(all.Columns()))}, nil
}

// sqliteRows are the rows of one query.
type sqliteRows struct {
	s     *session
	query string
	st    *sqlite3.SQLiteStmt
	all   driver.Rows
	row   []driver.Value
	err   error
}

func (r *sqliteRows) Next() bool {
	if r.err != nil {
		return false
	}
	if r.err = r.all.Next(r.row); errors.Is(r.err, io.EOF) {
		return false
	}
	return r.err == nil
}

func (r *sqliteRows) Err() error {
	if errors.Is(r.err, io.EOF) {
		return nil
	}
	return r.err
}

func (r *sqliteRows) Close() error {
	if r.st == nil {
		return nil
	}
	err := r.all.Close()
	r.s.give(r.query, r.st)
	r.st = nil
	return err
}

func (r *sqliteRows) Scan(dest ...any) error {
	if len(dest) != len(r.row) {
		return fmt.Errorf("%d columns for %d places", len(r.row), len(dest))
	}
	for i, v := range r.row {
		if err := assign(dest[i], v); err != nil {
			return fmt.Errorf("column %d: %w", i+1, err)
		}
	}
	return nil
}
