package data

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// session is one SQLite connection and the statements prepared on it. It talks
// to the driver itself: what database/sql would add to each statement of an
// open, locks and copies, costs as much as the statement.
type session struct {
	conn *sql.Conn // keeps the pool from giving the connection to anybody else
	raw  *sqlite3.SQLiteConn
	idle map[string][]*prepared
	args []driver.NamedValue // of the statement being run

	alarm func(error) // is told of what is damaged

	open  bool // a transaction is
	asked bool // SQLite was asked for open, and nothing happened since that could change it
}

// prepared is a statement and what has to be known of it.
type prepared struct {
	*sqlite3.SQLiteStmt
	places  int  // how many arguments it takes
	answers bool // it may return rows
}

func newSession(ctx context.Context, pool *sql.DB, alarm func(error)) (*session, error) {
	conn, err := pool.Conn(context.WithoutCancel(ctx))
	if err != nil {
		return nil, err
	}
	s := &session{conn: conn, idle: map[string][]*prepared{}, alarm: alarm}
	err = conn.Raw(func(c any) error {
		raw, ok := c.(*sqlite3.SQLiteConn)
		if !ok {
			return fmt.Errorf("a %T is no SQLite connection", c)
		}
		s.raw = raw
		return nil
	})
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return s, nil
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

// stands says whether a transaction is open on the connection. SQLite ends one
// by itself only when a statement fails: until one does, it need not be asked.
func (s *session) stands() bool {
	if !s.asked {
		s.open, s.asked = !s.raw.AutoCommit(), true
	}
	return s.open
}

// heed notes a failure, and hands it on.
func (s *session) heed(err error) error {
	if err != nil {
		s.asked = false
		if errors.Is(knownSQLite(err), ErrDamaged) {
			s.alarm(err)
		}
	}
	return err
}

// Statements never run under a request's cancellation: an interrupted write
// rolls back the whole transaction, the other callers' parts of it too. A
// reader is not interrupted either; its questions are short.
var calm = context.Background()

// take returns an idle prepared statement, or prepares one: the same text may
// be in use further up, by rows that are still being read.
func (s *session) take(query string) (*prepared, error) {
	if all := s.idle[query]; len(all) > 0 {
		st := all[len(all)-1]
		s.idle[query] = all[:len(all)-1]
		return st, nil
	}
	fresh, err := s.raw.Prepare(query)
	if err != nil {
		return nil, s.heed(err)
	}
	st, ok := fresh.(*sqlite3.SQLiteStmt)
	if !ok {
		return nil, fmt.Errorf("a %T is no SQLite statement", fresh)
	}
	return &prepared{
		SQLiteStmt: st,
		places:     st.NumInput(),
		answers:    answers(query, st.Readonly()),
	}, nil
}

// answers says whether a statement may return rows.
func answers(query string, readOnly bool) bool {
	words := strings.Fields(strings.ToUpper(query))
	if len(words) == 0 {
		return false
	}
	switch words[0] {
	case "BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE":
		return false // they read nothing, to SQLite
	case "PRAGMA":
		return true
	}
	return readOnly || slices.Contains(words, "RETURNING")
}

func (s *session) give(query string, st *prepared) {
	s.idle[query] = append(s.idle[query], st)
}

// bind turns arguments into what the driver takes. The driver would bind
// missing ones as null and say nothing.
func (s *session) bind(st *prepared, args []any) ([]driver.NamedValue, error) {
	if len(args) != st.places {
		return nil, fmt.Errorf("%d arguments for %d places", len(args), st.places)
	}
	s.args = s.args[:0]
	for i, a := range args {
		v, err := bindable(a)
		if err != nil {
			return nil, fmt.Errorf("argument %d: %w", i+1, err)
		}
		s.args = append(s.args, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	return s.args, nil
}

// bindable is what the driver can bind. Most arguments are so already.
func bindable(a any) (driver.Value, error) {
	switch a.(type) {
	case nil, int64, string, []byte:
		return a, nil
	}
	return driver.DefaultParameterConverter.ConvertValue(a)
}

// run begins and ends transactions.
func (s *session) run(query string) error {
	_, err := s.exec(calm, query, nil)
	s.asked = false
	return err
}

func (s *session) exec(ctx context.Context, query string, args []any) (int64, error) {
	res, err := s.result(ctx, query, args)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (s *session) insert(ctx context.Context, query string, args []any) (int64, error) {
	res, err := s.result(ctx, query, args)
	if err != nil {
		return 0, err
	}
	// Where nothing was inserted, SQLite still has the id of the row before.
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return 0, err
	}
	return res.LastInsertId()
}

// number knows the ids from the last of them: nobody else writes meanwhile, so
// SQLite gives the rows of one statement ids that follow each other.
func (s *session) number(ctx context.Context, query string, n int, args []any) ([]int64, error) {
	res, err := s.result(ctx, query, args)
	if err != nil {
		return nil, err
	}
	made, err := res.RowsAffected()
	if err != nil || made != int64(n) {
		return nil, err
	}
	last, err := res.LastInsertId()
	ids := make([]int64, n)
	for i := range ids {
		ids[i] = last - made + int64(i) + 1
	}
	return ids, err
}

func (s *session) result(ctx context.Context, query string, args []any) (driver.Result, error) {
	st, err := s.take(query)
	if err != nil {
		return nil, err
	}
	if st.answers {
		s.give(query, st)
		return s.drain(ctx, query, args)
	}
	defer s.give(query, st)
	bound, err := s.bind(st, args)
	if err != nil {
		return nil, err
	}
	res, err := st.ExecContext(calm, bound)
	return res, s.heed(err)
}

// drain reads away the rows that nobody asked for: a statement that stopped at
// its first row is still running, and nothing can be committed around it.
func (s *session) drain(ctx context.Context, query string, args []any) (driver.Result, error) {
	all, err := s.query(ctx, query, args)
	if err != nil {
		return nil, err
	}
	n := int64(0)
	for all.Next() {
		n++
	}
	return driver.RowsAffected(n), errors.Join(all.Err(), all.Close())
}

func (s *session) query(_ context.Context, query string, args []any) (rows, error) {
	st, err := s.take(query)
	if err != nil {
		return nil, err
	}
	bound, err := s.bind(st, args)
	if err != nil {
		s.give(query, st)
		return nil, err
	}
	all, err := st.QueryContext(calm, bound)
	if err != nil {
		s.give(query, st)
		return nil, s.heed(err)
	}
	return &sqliteRows{s: s, query: query, st: st, all: all, row: make([]driver.Value, len(all.Columns()))}, nil
}

// sqliteRows are the rows of one query.
type sqliteRows struct {
	s     *session
	query string
	st    *prepared
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
	return r.s.heed(r.err) == nil
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
	return scanRow(r.query, r.row, dest)
}
