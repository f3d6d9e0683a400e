package data

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// pgTx runs the house's SQL text on PostgreSQL, in a transaction or outside.
type pgTx struct {
	tx interface {
		ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
		QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	}
	writes  bool    // what it runs goes on when its caller has gone
	reading *pgRows // whose rows are still coming
}

// calmed reads what an earlier query still has to say: a PostgreSQL connection
// runs one statement at a time.
func (p *pgTx) calmed() error {
	r := p.reading
	if r == nil {
		return nil
	}
	p.reading = nil
	return r.keepRest()
}

func (p *pgTx) exec(ctx context.Context, query string, args []any) (int64, error) {
	if err := p.calmed(); err != nil {
		return 0, err
	}
	if p.writes {
		ctx = context.WithoutCancel(ctx)
	}
	res, err := p.tx.ExecContext(ctx, rebind(query), args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// insert returns the id that the row was given, which PostgreSQL has to be asked for.
func (p *pgTx) insert(ctx context.Context, query string, args []any) (id int64, err error) {
	all, err := p.query(ctx, query+" RETURNING id", args)
	if err != nil {
		return 0, err
	}
	if all.Next() {
		err = all.Scan(&id)
	}
	return id, errors.Join(err, all.Err(), all.Close())
}

// number sorts the ids: rows are numbered in their order, and may be returned in another.
func (p *pgTx) number(ctx context.Context, query string, n int, args []any) ([]int64, error) {
	all, err := p.query(ctx, query+" RETURNING id", args)
	if err != nil {
		return nil, err
	}
	ids := make([]int64, 0, n)
	for err == nil && all.Next() {
		var id int64
		err = all.Scan(&id)
		ids = append(ids, id)
	}
	slices.Sort(ids)
	return ids, errors.Join(err, all.Err(), all.Close())
}

func (p *pgTx) query(ctx context.Context, query string, args []any) (rows, error) {
	if err := p.calmed(); err != nil {
		return nil, err
	}
	if p.writes {
		ctx = context.WithoutCancel(ctx)
	}
	all, err := p.tx.QueryContext(ctx, rebind(query), args...) //nolint:rowserrcheck // whoever reads them does
	if err != nil {
		return nil, err
	}
	types, err := all.ColumnTypes()
	if err != nil {
		return nil, errors.Join(err, all.Close()) //nolint:sqlclosecheck // the rows are handed on
	}
	r := &pgRows{p: p, query: query, all: all, row: make([]any, len(types)), places: make([]any, len(types)), numeric: make([]bool, len(types))}
	for i, t := range types {
		r.places[i] = &r.row[i]
		r.numeric[i] = t.DatabaseTypeName() == "NUMERIC"
	}
	if _, pooled := p.tx.(*sql.DB); !pooled {
		p.reading = r
	}
	return r, nil
}

// pgRows are the rows of one query: read as they come, or kept when another
// statement wants the connection before the last of them.
type pgRows struct {
	p       *pgTx
	query   string
	all     *sql.Rows // nil when the rest is kept
	row     []any
	places  []any // pointers into row
	numeric []bool
	kept    [][]any
	err     error
}

func (r *pgRows) Next() bool {
	if r.err != nil {
		return false
	}
	if r.all != nil {
		return r.fetch()
	}
	if len(r.kept) == 0 {
		return false
	}
	r.row, r.kept = r.kept[0], r.kept[1:]
	return true
}

// fetch brings the next row from the connection.
func (r *pgRows) fetch() bool {
	if !r.all.Next() {
		r.err = r.all.Err()
		return false
	}
	if r.err = r.all.Scan(r.places...); r.err != nil {
		return false
	}
	for i := range r.row {
		if r.row[i], r.err = plain(r.row[i], r.numeric[i]); r.err != nil {
			return false
		}
	}
	return true
}

// keepRest reads the rows that are left and frees the connection.
func (r *pgRows) keepRest() error {
	now := append([]any(nil), r.row...)
	for r.fetch() {
		r.kept = append(r.kept, append([]any(nil), r.row...))
	}
	err := errors.Join(r.err, r.all.Close())
	r.all, r.row = nil, now
	return err
}

func (r *pgRows) Err() error { return r.err }

func (r *pgRows) Close() error {
	if r.p.reading == r {
		r.p.reading = nil
	}
	r.kept = nil
	if r.all == nil {
		return nil
	}
	return r.all.Close()
}

func (r *pgRows) Scan(dest ...any) error { return scanRow(r.query, r.row, dest) }

// plain makes of a value what SQLite would have returned: a truth is 0 or 1, and
// a sum of integers an integer.
func plain(v any, numeric bool) (any, error) {
	switch v := v.(type) {
	case bool:
		if v {
			return int64(1), nil
		}
		return int64(0), nil
	case float32:
		return float64(v), nil
	case string:
		if !numeric {
			return v, nil
		}
		if n, err := strconv.ParseInt(v, 10, 64); err == nil {
			return n, nil
		}
		f, err := strconv.ParseFloat(v, 64)
		if err != nil {
			return nil, fmt.Errorf("reading a number: %w", err)
		}
		return f, nil
	}
	return v, nil
}

// pgGlance reads outside of any transaction, and only reads.
type pgGlance struct{ *pgTx }

func (p pgGlance) exec(context.Context, string, []any) (int64, error) { return 0, errReadOnly }

func (p pgGlance) number(context.Context, string, int, []any) ([]int64, error) {
	return nil, errReadOnly
}

func (p pgGlance) insert(context.Context, string, []any) (int64, error) { return 0, errReadOnly }

func (p pgGlance) query(ctx context.Context, query string, args []any) (rows, error) {
	if words := strings.Fields(query); len(words) == 0 || !strings.EqualFold(words[0], "SELECT") && !strings.EqualFold(words[0], "WITH") {
		return nil, errReadOnly
	}
	return p.pgTx.query(ctx, query, args)
}

// errReadOnly is what writing where only reading is allowed comes to, on SQLite
// as well.
var errReadOnly = fmt.Errorf("%w: nothing can be written here", ErrFull)
