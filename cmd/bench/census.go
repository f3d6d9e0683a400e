package main

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"ricochet.example/app/clock"
	"ricochet.example/data"
)

// census is what there is in a database.
type census struct {
	rows, last, trees, mark, size int64
}

// inspect says what there is to visit, and to count, in a copy of a prepared
// database that nobody serves.
func (b *bench) inspect(ctx context.Context, base *prepared, dir string) (f *field, c census, err error) {
	err = with(ctx, dir, func(db *data.DB) (err error) {
		if f, err = fieldOf(ctx, db, base.Links, clock.System{}); err != nil {
			return err
		}
		c, err = censusOf(ctx, db)
		return err
	})
	if err != nil {
		return nil, c, err
	}
	c.size, err = sizeOf(dir)
	return f, c, err
}

// censusOf counts what is in a database.
func censusOf(ctx context.Context, db *data.DB) (c census, err error) {
	for _, q := range []struct {
		into  *int64
		query string
	}{
		{&c.rows, `SELECT count(*) FROM opens`},
		{&c.last, `SELECT max(id) FROM opens`},
		{&c.trees, `SELECT coalesce(sum(people + held), 0) FROM link_totals`},
		{&c.mark, `SELECT open_id FROM fold WHERE id = 1`},
	} {
		if *q.into, err = count(ctx, db, q.query); err != nil {
			return c, err
		}
	}
	return c, nil
}

// allThere says what is wrong when not every acknowledged open, and nothing
// else, stands in the log once, and is folded.
func allThere(acknowledged []opened, before, after census) error {
	ids := make([]int64, len(acknowledged))
	for i, one := range acknowledged {
		ids[i] = one.id
	}
	slices.Sort(ids)
	unique := len(slices.Compact(ids))
	switch {
	case len(ids) == 0:
		return errors.New("no open was acknowledged")
	case unique != len(acknowledged):
		return fmt.Errorf("of %d acknowledged opens, %d were given a token that another has", len(acknowledged), len(acknowledged)-unique)
	case after.rows-before.rows != int64(unique), ids[0] <= before.last, ids[unique-1] > after.last:
		return fmt.Errorf("%d opens were acknowledged, and %d rows were added to the log", unique, after.rows-before.rows)
	case after.mark != after.last, after.trees != after.rows:
		return fmt.Errorf("the fold stopped at %d of %d, with %d of %d opens in trees", after.mark, after.last, after.trees, after.rows)
	}
	return nil
}
