package spread

import (
	"cmp"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"ricochet.example/app/share"
	"ricochet.example/data"
)

// derived is a table that the fold makes, as far as it is compared.
type derived struct {
	name     string
	key      []string // in the order of the primary key
	numbers  []string
	instants []string
}

// derivedTables are all of them but the mark of the fold.
func derivedTables() []derived {
	return []derived{
		{name: "trees", key: []string{"link_id", "open_id"}},
		{name: "sharers", key: []string{"open_id"}, numbers: []string{"parent_id", "state", "hop", "below", "points", "kids"}},
		{name: "hands", key: []string{"parent_id", "open_id"}},
		{name: "link_days", key: []string{"day", "link_id"}, numbers: []string{"people", "points", "sharers", "first_hop", "held"}},
		{
			name: "link_totals", key: []string{"link_id"},
			numbers:  []string{"people", "points", "sharers", "first_hop", "held", "farthest", "squares", "hop_2", "hop_3", "hop_4", "hop_5", "hop_6", "hop_7", "hop_8", "twigs"},
			instants: []string{"first_at", "last_at"},
		},
	}
}

// Unfold throws away everything that the fold made, and what it had not come
// to yet, and returns how far it had come. It is for a copy: nobody could
// read a number until it is folded again.
func Unfold(ctx context.Context, db *data.DB) (had Mark, err error) {
	err = db.Update(ctx, func(tx *data.Tx) error {
		if had, err = MarkOf(ctx, tx); err != nil {
			return err
		}
		for _, t := range derivedTables() {
			if _, err := tx.Exec(ctx, `DELETE FROM `+t.name); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `DELETE FROM decisions WHERE id > ?`, had.Decision); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE fold SET open_id = 0, decision_id = 0, folded_at = 0 WHERE id = 1`)
		return err
	})
	if err != nil {
		return had, fmt.Errorf("throwing the numbers away: %w", err)
	}
	return had, nil
}

// refoldStep is after how many opens Refold says how far it has come.
const refoldStep = 10 * sliceSize

// Refold folds an unfolded copy up to where the numbers had come, and tells
// progress of every few opens.
func Refold(ctx context.Context, db *data.DB, to Mark, progress func(opens int64)) error {
	var f Folder
	for from := int64(0); ; {
		var until, opens int64
		err := db.View(ctx, func(tx *data.Tx) error {
			return data.Each(ctx, tx, func(r data.Row) error { return r.Scan(&until, &opens) },
				`SELECT coalesce(max(id), 0), count(*) FROM (SELECT id FROM opens WHERE id > ? AND id <= ? ORDER BY id LIMIT ?) AS next`,
				from, to.Open, refoldStep)
		})
		if err != nil {
			return fmt.Errorf("reading the log: %w", err)
		}
		if opens == 0 {
			return f.FoldTo(ctx, db, to.Open, to.Decision)
		}
		if err := f.FoldTo(ctx, db, until, to.Decision); err != nil {
			return err
		}
		from = until
		progress(opens)
	}
}

// Drift is one number that is not what the log says.
type Drift struct {
	Table  string
	Row    string // its key
	Column string // empty: the whole row is missing or too many
	Stands string
	Folds  string
}

// String names the number, what it is and what it should be.
func (d Drift) String() string {
	if d.Column == "" {
		return fmt.Sprintf("%s, %s: %s, by the log: %s", d.Table, d.Row, d.Stands, d.Folds)
	}
	return fmt.Sprintf("%s, %s: %s is %s, by the log %s", d.Table, d.Row, d.Column, d.Stands, d.Folds)
}

// Compare hands to drift what differs between the numbers that stood and the
// same folded again.
func Compare(ctx context.Context, stood, again *data.DB, drift func(Drift) error) error {
	for _, t := range derivedTables() {
		if err := t.compare(ctx, stood, again, drift); err != nil {
			return fmt.Errorf("comparing %s: %w", t.name, err)
		}
	}
	return nil
}

// record is a row: integers, bytes as text, or nil where the database has a null.
type record []any

// compare goes through both tables side by side.
func (t *derived) compare(ctx context.Context, stood, again *data.DB, drift func(Drift) error) error {
	left, stopLeft := iter.Pull2(t.records(ctx, stood))
	defer stopLeft()
	right, stopRight := iter.Pull2(t.records(ctx, again))
	defer stopRight()
	a, err, more := left()
	b, errB, moreB := right()
	for more || moreB {
		if err := errors.Join(err, errB); err != nil {
			return err
		}
		order := 0
		switch {
		case !moreB:
			order = -1
		case !more:
			order = 1
		default:
			order = t.order(a, b)
		}
		var failed error
		switch {
		case order < 0:
			failed = drift(Drift{Table: t.name, Row: t.title(a), Stands: "stands there", Folds: "nothing"})
		case order > 0:
			failed = drift(Drift{Table: t.name, Row: t.title(b), Stands: "is missing", Folds: "it is there"})
		default:
			failed = t.differ(a, b, drift)
		}
		if failed != nil {
			return failed
		}
		if order <= 0 {
			a, err, more = left()
		}
		if order >= 0 {
			b, errB, moreB = right()
		}
	}
	return nil
}

// errEnough ends a query whose rows nobody wants any more.
var errEnough = errors.New("enough")

// records are the rows of the table in the order of its key.
func (t *derived) records(ctx context.Context, db *data.DB) iter.Seq2[record, error] {
	columns := slices.Concat(t.key, t.numbers, t.instants)
	query := `SELECT ` + strings.Join(columns, ", ") + ` FROM ` + t.name + ` ORDER BY ` + strings.Join(t.key, ", ")
	return func(yield func(record, error) bool) {
		err := db.View(ctx, func(tx *data.Tx) error {
			return data.Each(ctx, tx, func(r data.Row) error {
				row, to := make(record, len(columns)), make([]any, len(columns))
				for i := range row {
					to[i] = &row[i]
				}
				if err := r.Scan(to...); err != nil {
					return err
				}
				for i, v := range row {
					if bytes, ok := v.([]byte); ok {
						row[i] = hex.EncodeToString(bytes)
					}
				}
				if err := ctx.Err(); err != nil {
					return err
				}
				if !yield(row, nil) {
					return errEnough
				}
				return nil
			}, query)
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(nil, err)
		}
	}
}

// order compares two rows by their keys.
func (t *derived) order(a, b record) int {
	for i := range t.key {
		left, _ := a[i].(int64)
		right, _ := b[i].(int64)
		if c := cmp.Compare(left, right); c != 0 {
			return c
		}
	}
	return 0
}

// title names a row by its key.
func (t *derived) title(r record) string {
	var b strings.Builder
	for i, k := range t.key {
		if i > 0 {
			b.WriteString(", ")
		}
		fmt.Fprintf(&b, "%s %v", k, r[i])
	}
	return b.String()
}

// differ names every column in which two rows of one key are not the same.
func (t *derived) differ(a, b record, drift func(Drift) error) error {
	show := plain
	for i, column := range slices.Concat(t.key, t.numbers, t.instants) {
		if i == len(t.key)+len(t.numbers) {
			show = instant
		}
		if a[i] == b[i] || (i >= len(t.key)+len(t.numbers) && sameDay(a[i], b[i])) {
			continue
		}
		if err := drift(Drift{Table: t.name, Row: t.title(a), Column: column, Stands: show(a[i]), Folds: show(b[i])}); err != nil {
			return err
		}
	}
	return nil
}

// sameDay says whether an instant is what stood, cut to its day: that is all
// that the log still knows of an open after 90 days.
func sameDay(stood, cut any) bool {
	s, ok := stood.(int64)
	c, isSet := cut.(int64)
	if !ok || !isSet {
		return false
	}
	day := share.Day(time.UnixMilli(c))
	return c == day*(24*time.Hour).Milliseconds() && share.Day(time.UnixMilli(s)) == day
}

func plain(v any) string {
	if v == nil {
		return "empty"
	}
	return fmt.Sprint(v)
}

func instant(v any) string {
	ms, ok := v.(int64)
	if !ok {
		return "empty"
	}
	return time.UnixMilli(ms).UTC().Format("2006-01-02 15:04:05.000")
}
