package data_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// rowsOf is everything in a database: per table its rows as text with the types
// of their values, sorted.
func rowsOf(t *testing.T, db *data.DB) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	err := db.View(t.Context(), func(tx *data.Tx) error {
		tables, err := data.TablesOf(t.Context(), tx)
		if err != nil {
			return err
		}
		for name, columns := range tables {
			row, places := make([]any, len(columns)), make([]any, len(columns))
			for i := range row {
				places[i] = &row[i]
			}
			rows, err := data.All(t.Context(), tx, func(r data.Row) (string, error) {
				err := r.Scan(places...)
				return fmt.Sprintf("%#v", row), err
			}, "SELECT "+strings.Join(columns, ", ")+" FROM "+name)
			if err != nil {
				return err
			}
			slices.Sort(rows)
			all[name] = rows
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func equal(t *testing.T, what string, got, want map[string][]string) {
	t.Helper()
	if !slices.Equal(slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want))) {
		t.Errorf("%s: other tables", what)
	}
	for name := range want {
		if !slices.Equal(got[name], want[name]) {
			t.Errorf("%s: %s has\n%s\nnot\n%s", what, name, strings.Join(got[name], "\n"), strings.Join(want[name], "\n"))
		}
	}
}

// empty is a database without the tables of this test.
func empty(t *testing.T) *data.DB {
	t.Helper()
	return openDir(t, t.TempDir())
}

func TestAnInstallationMovesToTheOtherEngineAndBack(t *testing.T) {
	from, other, back := empty(t), datatest.New(t), empty(t)
	founded(t, from)
	planted(t, from)
	update(t, from, func(tx *data.Tx) error {
		for i := range 1500 { // several batches, blanks and odd texts
			err := run(tx, `INSERT INTO opens (link_id, parent_id, branch_id, opened_at, state, channel, observed, device, network_group)
				VALUES (1, ?, 1, ?, 0, ?, 0, 0, ?)`, i+1, int64(1)<<41+int64(i), i%9, nil)
			if err != nil {
				return err
			}
			if i%10 == 0 {
				err = run(tx, `INSERT INTO mails (id, recipient, subject, body, written_at, state) VALUES (?, 'ö@example.com', '', ?, ?, 'sent')`,
					fmt.Sprint("mail ", i), strings.Repeat("it's “quoted”? 🪨\n", i/10), int64(-i))
				if err != nil {
					return err
				}
			}
		}
		if err := run(tx, "UPDATE editions SET number = 77"); err != nil {
			return err
		}
		if err := run(tx, "INSERT INTO secrets (name, value) VALUES ('one', ?), ('none', ?)", []byte{0, 1, 255}, []byte{}); err != nil {
			return err
		}
		// The last is gone, and its id with it.
		return run(tx, "DELETE FROM opens WHERE id = (SELECT max(id) FROM opens)")
	})
	want := rowsOf(t, from)
	if len(want["opens"]) != 1501 || len(want) < 20 {
		t.Fatalf("%d opens in %d tables", len(want["opens"]), len(want))
	}

	told := map[string]int64{}
	progress := func(table string, rows int64) { told[table] = rows }
	if err := data.Copy(t.Context(), from, other, progress); err != nil {
		t.Fatal(err)
	}
	equal(t, "there", rowsOf(t, other), want)
	for name, rows := range want {
		if told[name] != int64(len(rows)) {
			t.Errorf("told of %d rows of %s, not %d", told[name], name, len(rows))
		}
	}
	if err := data.Copy(t.Context(), other, back, nil); err != nil {
		t.Fatal(err)
	}
	equal(t, "and back", rowsOf(t, back), want)
	if err := back.Verify(t.Context()); err != nil {
		t.Error(err)
	}

	// Ids go on where they were, that of the erased open included.
	for _, db := range []*data.DB{from, other, back} {
		for name, query := range map[string]string{
			"opens":     `INSERT INTO opens (link_id, opened_at, state, channel, observed, device) VALUES (1, 1, 0, 0, 0, 0)`,
			"links":     `INSERT INTO links (drop_id, campaign_id, account_id, rehearsal, made_at) VALUES ('d', 'c', 'a', 1, 1)`,
			"decisions": `INSERT INTO decisions (open_id, link_id, state, decided_at) VALUES (1, 1, 0, 1)`,
		} {
			update(t, db, func(tx *data.Tx) error {
				id, err := data.Insert(t.Context(), tx, query)
				if next := map[string]int64{"opens": 1503, "links": 2, "decisions": 1}[name]; id != next {
					t.Errorf("%s: the next of %s is %d, not %d", db.Engine(), name, id, next)
				}
				return err
			})
		}
	}
}

func TestAnInstallationIsNotCopiedOverAnother(t *testing.T) {
	from, to := empty(t), datatest.New(t)
	founded(t, from)
	founded(t, to)
	before := rowsOf(t, to)
	if err := data.Copy(t.Context(), from, to, nil); !errors.Is(err, data.ErrTaken) {
		t.Errorf("%v", err)
	}
	equal(t, "the other", rowsOf(t, to), before)
}

func TestACopyThatFailsLeavesNothing(t *testing.T) {
	from, to := empty(t), datatest.New(t)
	founded(t, from)
	before := rowsOf(t, to)
	// A row that refers to none: found out when it is written.
	dir := t.TempDir()
	closed(t, openDir(t, dir))
	rawly(t, dir, `INSERT INTO members (squad_id, account_id, joined_at) VALUES ('none', 'nobody', 1)`)
	if err := data.Copy(t.Context(), openDir(t, dir), to, nil); err == nil {
		t.Error("it was copied")
	}
	equal(t, "the target", rowsOf(t, to), before)
	// It can be tried again.
	if err := data.Copy(t.Context(), from, to, nil); err != nil {
		t.Error(err)
	}
	equal(t, "the second time", rowsOf(t, to), rowsOf(t, from))
}

func TestInstallationsOfDifferentSchemasAreNotMixed(t *testing.T) {
	from, to := open(t), empty(t) // one has notes, the other none
	if err := data.Copy(t.Context(), from, to, nil); err == nil {
		t.Error("it was copied")
	}
}

func TestTablesComeAfterThoseTheyReferTo(t *testing.T) {
	got, err := data.Ordered(map[string][]string{"a": {"b", "c"}, "b": {"c"}, "c": nil, "d": {"d", "a"}})
	if err != nil || !slices.Equal(got, []string{"c", "b", "a", "d"}) {
		t.Errorf("%q %v", got, err)
	}
	if _, err := data.Ordered(map[string][]string{"a": {"b"}, "b": {"a"}}); err == nil {
		t.Error("a circle has no order")
	}
}
