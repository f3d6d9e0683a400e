package spread

import (
	"context"
	"errors"
	"slices"
	"strings"

	"ricochet.example/data"
)

// twigsInRow is how many opens of a tree, the youngest, stand in the row of its
// link's totals at most. That row is written for each of them anyway; a row in
// trees is a page more that nothing else of the slice touches. When the row is
// full they go to trees together, which is a page for all of them.
const twigsInRow = 32

// twigsKept is how many links of each generation a Folder remembers the twigs of.
const twigsKept = 1 << 15

// sprout makes an open a part of its tree.
func (s *fresh) sprout(link, id int64) {
	row := s.twigs[link]
	row = row.with(0, id)
	if row.len() >= twigsInRow {
		for _, id := range row.ids(0) {
			s.grown = append(s.grown, link, id)
		}
		row = ""
	}
	s.twigs[link] = row
}

// twigsNow is what goes into the row of a link, nil if no open came for it.
func (s *fresh) twigsNow(link int64) any {
	if row, ok := s.twigs[link]; ok {
		return []byte(row)
	}
	return nil
}

// writeTrees notes which opens were grown out of the rows of their links.
func (s *fresh) writeTrees(ctx context.Context, tx *data.Tx) error {
	return data.InsertRows(ctx, tx, `INSERT INTO trees (link_id, open_id)`, 2, s.grown, ``)
}

// twigsOf returns the youngest opens of a tree, those that are not in trees.
func twigsOf(ctx context.Context, tx *data.Tx, link int64) (idRow, error) {
	row, err := data.One(ctx, tx, func(r data.Row) (idRow, error) {
		var twigs []byte
		err := r.Scan(&twigs)
		return idRow(twigs), err
	}, `SELECT twigs FROM link_totals WHERE link_id = ?`, link)
	if errors.Is(err, data.ErrNotFound) {
		return "", nil
	}
	return row, err
}

// plantTwigs moves the youngest opens of a tree to trees, where all are then.
func plantTwigs(ctx context.Context, tx *data.Tx, link int64) error {
	row, err := twigsOf(ctx, tx, link)
	if err != nil {
		return err
	}
	var rows []any
	for _, id := range row.ids(0) {
		rows = append(rows, link, id)
	}
	if err := data.InsertRows(ctx, tx, `INSERT INTO trees (link_id, open_id)`, 2, rows, ``); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE link_totals SET twigs = NULL WHERE link_id = ?`, link)
	return err
}

// part is where some of a tree's opens are found, in the words of a query: in a
// table t that has their open_id, as far as where says. All of the first part
// are older than those of the second.
type part struct {
	table, where string
	args         []any
}

// with are the arguments of a query that has the part's first.
func (p part) with(args ...any) []any { return slices.Concat(p.args, args) }

// partsOf returns the one or two parts of a tree.
func partsOf(ctx context.Context, tx *data.Tx, link int64) ([]part, error) {
	parts := []part{{"trees t", "t.link_id = ?", []any{link}}}
	row, err := twigsOf(ctx, tx, link)
	if err != nil || row == "" {
		return parts, err
	}
	ids := row.ids(0)
	args := make([]any, twigsInRow) // always as many, so that few statements are prepared
	for i := range args {
		args[i] = ids[min(i, len(ids)-1)]
	}
	return append(parts, part{
		"(SELECT id AS open_id FROM opens) t", "t.open_id IN (?" + strings.Repeat(", ?", twigsInRow-1) + ")", args,
	}), nil
}
