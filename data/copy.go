package data

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"
)

// table is what Copy has to know of one.
type table struct {
	name    string
	columns []string
	refers  []string // tables whose rows its rows need
	counted bool     // the database numbers its rows
}

// insertRows is how many rows one INSERT brings, fewer where they are large.
const (
	insertRows  = 200
	insertBytes = 4 << 20
)

// Copy brings everything in one installation into another that has not been
// founded yet, on the same engine or the other: all of it or, when it fails,
// nothing. What it wrote it reads again and compares with what it read. progress,
// if any, is told how many rows of a table are there. Neither of the two may be
// written to meanwhile by anybody else; reading is fine.
func Copy(ctx context.Context, from, to *DB, progress func(table string, rows int64)) error {
	if progress == nil {
		progress = func(string, int64) {}
	}
	err := from.View(ctx, func(source *Tx) error {
		return to.Update(ctx, func(target *Tx) error {
			c := copying{from: source, to: target, progress: progress, seed: maphash.MakeSeed()}
			return c.all(ctx)
		})
	})
	if err != nil {
		return fmt.Errorf("copying: %w", err)
	}
	return nil
}

type copying struct {
	from, to *Tx
	progress func(string, int64)
	seed     maphash.Seed
}

func (c copying) all(ctx context.Context) error {
	tables, err := c.tables(ctx)
	if err != nil {
		return err
	}
	founded, err := Int(ctx, c.to, "SELECT count(*) FROM brand")
	if err != nil {
		return err
	}
	if founded > 0 {
		return fmt.Errorf("the target is %w: it is an installation of its own", ErrTaken)
	}
	for _, t := range slices.Backward(tables) { // what the migrations put there
		if _, err := c.to.Exec(ctx, "DELETE FROM "+t.name); err != nil {
			return err
		}
	}
	for _, t := range tables {
		if err := c.table(ctx, t); err != nil {
			return fmt.Errorf("table %s: %w", t.name, err)
		}
	}
	return nil
}

// tables are those of both sides, each after those that it refers to.
func (c copying) tables(ctx context.Context) ([]table, error) {
	have, err := c.from.engine.tables(ctx, c.from)
	if err != nil {
		return nil, err
	}
	want, err := c.to.engine.tables(ctx, c.to)
	if err != nil {
		return nil, err
	}
	same := func(a, b table) bool { return a.name == b.name && slices.Equal(a.columns, b.columns) }
	if !slices.EqualFunc(have, want, same) {
		return nil, errors.New("the two do not have the same schema")
	}
	return ordered(have)
}

// ordered puts every table after those that it refers to.
func ordered(tables []table) ([]table, error) {
	var done []table
	placed := map[string]bool{}
	for len(done) < len(tables) {
		before := len(done)
		for _, t := range tables {
			waits := func(name string) bool { return name != t.name && !placed[name] }
			if !placed[t.name] && !slices.ContainsFunc(t.refers, waits) {
				placed[t.name] = true
				done = append(done, t)
			}
		}
		if len(done) == before {
			return nil, errors.New("tables refer to each other in a circle")
		}
	}
	return done, nil
}

// table copies one.
func (c copying) table(ctx context.Context, t table) error {
	var batch []any
	rows, sum, size := int64(0), uint64(0), 0
	flush := func() error {
		if len(batch) == 0 || ctx.Err() != nil {
			return ctx.Err()
		}
		_, err := c.to.Exec(ctx, t.insert(len(batch)/len(t.columns)), batch...)
		batch, size = batch[:0], 0
		c.progress(t.name, rows)
		return err
	}
	err := c.each(ctx, c.from, t, func(row []any) error {
		rows++
		sum += c.sum(row)
		for _, v := range row {
			if content, ok := v.([]byte); ok {
				size += len(content)
			}
		}
		if batch = append(batch, row...); len(batch) < insertRows*len(t.columns) && size < insertBytes {
			return nil
		}
		return flush()
	})
	if err != nil {
		return err
	}
	if err := flush(); err != nil {
		return err
	}
	c.progress(t.name, rows)
	if err := c.compare(ctx, t, rows, sum); err != nil || !t.counted {
		return err
	}
	last, err := c.from.engine.counter(ctx, c.from, t.name)
	if err != nil {
		return err
	}
	return c.to.engine.setCounter(ctx, c.to, t.name, last)
}

// compare reads the copy.
func (c copying) compare(ctx context.Context, t table, rows int64, sum uint64) error {
	err := c.each(ctx, c.to, t, func(row []any) error {
		rows--
		sum -= c.sum(row)
		return nil
	})
	if err == nil && (rows != 0 || sum != 0) {
		err = errors.New("what was written is not what was read")
	}
	return err
}

// each hands over the values of every row.
func (c copying) each(ctx context.Context, tx *Tx, t table, fn func([]any) error) error {
	row, places := make([]any, len(t.columns)), make([]any, len(t.columns))
	for i := range row {
		places[i] = &row[i]
	}
	return Each(ctx, tx, func(r Row) error {
		if err := r.Scan(places...); err != nil {
			return err
		}
		return fn(row)
	}, "SELECT "+strings.Join(t.columns, ", ")+" FROM "+t.name)
}

// sum is a number that two rows share only when their values and the types of
// these are the same. Added up, it does not depend on the order of rows.
func (c copying) sum(row []any) uint64 {
	var h maphash.Hash
	h.SetSeed(c.seed)
	for _, v := range row {
		maphash.WriteComparable(&h, asKey(v))
	}
	return h.Sum64()
}

type blob string

// asKey makes of a blob what can be compared.
func asKey(v any) any {
	if b, ok := v.([]byte); ok {
		return blob(b)
	}
	return v
}

// insert is the statement that brings n rows.
func (t table) insert(n int) string {
	one := "(" + strings.Repeat("?, ", len(t.columns)-1) + "?)"
	return "INSERT INTO " + t.name + " (" + strings.Join(t.columns, ", ") + ") VALUES " +
		strings.Repeat(one+", ", n-1) + one
}
