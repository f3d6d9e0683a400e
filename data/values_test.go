package data_test

import (
	"bytes"
	"errors"
	"math"
	"testing"
	"time"

	"ricochet.example/data"
)

type (
	colour  string
	channel int
	small   uint8
)

// trip brings one value into a column, and returns what comes back.
func trip[T any](t *testing.T, db *data.DB, column string, in any, scan func(data.Row) (T, error)) T {
	t.Helper()
	var out T
	update(t, db, func(tx *data.Tx) (err error) {
		if err := run(tx, "DELETE FROM things"); err != nil {
			return err
		}
		if err := run(tx, "INSERT INTO things ("+column+") VALUES (?)", in); err != nil {
			return err
		}
		out, err = data.One(t.Context(), tx, scan, "SELECT "+column+" FROM things")
		return err
	})
	return out
}

// into scans with a scanner of package data.
func into[T any](place func(*T) any) func(data.Row) (T, error) {
	return func(r data.Row) (v T, err error) { return v, r.Scan(place(&v)) }
}

func plainly[T any](r data.Row) (v T, err error) { return v, r.Scan(&v) }

func things(t *testing.T) *data.DB {
	db := open(t)
	table := "CREATE TABLE things (number INTEGER, text TEXT, blob BLOB, ratio REAL) STRICT"
	if db.Engine() == "PostgreSQL" {
		table = data.InPostgres(table)
	}
	update(t, db, func(tx *data.Tx) error { return run(tx, table) })
	return db
}

func same[T comparable](t *testing.T, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%v (%T), not %v", got, got, want)
	}
}

func TestValuesComeBackAsTheyWere(t *testing.T) {
	db := things(t)
	when := into(func(v *time.Time) any { return data.Time(v) })
	truth := into(func(v *bool) any { return data.Bool(v) })

	at := time.Date(2031, 12, 31, 23, 59, 59, 987_654_321, time.FixedZone("far", -7*3600))
	same(t, trip(t, db, "number", at, when), at.UTC().Truncate(time.Millisecond))
	same(t, trip(t, db, "number", time.Time{}, when), time.Time{})
	same(t, trip(t, db, "number", nil, when), time.Time{})
	same(t, trip(t, db, "number", time.Date(1969, 1, 1, 0, 0, 0, 0, time.UTC), when), time.Date(1969, 1, 1, 0, 0, 0, 0, time.UTC))
	same(t, trip(t, db, "number", true, truth), true)
	same(t, trip(t, db, "number", false, truth), false)
	same(t, trip(t, db, "number", nil, truth), false)

	for _, n := range []int64{0, -1, 1 << 53, math.MaxInt64, math.MinInt64} {
		same(t, trip(t, db, "number", n, data.Integer), n)
	}
	same(t, trip(t, db, "number", 42, plainly[int]), 42)
	same(t, trip(t, db, "number", channel(7), plainly[channel]), 7)
	same(t, trip(t, db, "number", small(255), plainly[small]), 255)
	same(t, trip(t, db, "ratio", 0.1, plainly[float64]), 0.1)

	for _, s := range []string{"", "what? 'quoted' -- and more", "naïve œuvre 🪨", "line\nline"} {
		same(t, trip(t, db, "text", s, data.Text), s)
	}
	same(t, trip(t, db, "text", colour("green"), plainly[colour]), "green")

	for _, b := range [][]byte{{}, {0}, bytes.Repeat([]byte{0, 255}, 5000)} {
		if got := trip(t, db, "blob", b, plainly[[]byte]); !bytes.Equal(got, b) || got == nil {
			t.Errorf("%d bytes came back as %d (null: %v)", len(b), len(got), got == nil)
		}
	}
	if got := trip(t, db, "blob", []byte(nil), plainly[[]byte]); got != nil {
		t.Errorf("null came back as %v", got)
	}
}

func TestNullLeavesAValueAlone(t *testing.T) {
	db := things(t)
	scan := func(r data.Row) (s string, err error) {
		s = "none"
		err = r.Scan(data.Null(&s))
		return s, err
	}
	same(t, trip(t, db, "text", nil, scan), "none")
	same(t, trip(t, db, "text", "some", scan), "some")
	number := func(r data.Row) (n int64, err error) { return n, r.Scan(data.Null(&n)) }
	same(t, trip(t, db, "number", nil, number), 0)
	same(t, trip(t, db, "number", 5, number), 5)
}

func TestWhatDoesNotFitIsAnErrorOnBothEngines(t *testing.T) {
	db := things(t)
	update(t, db, func(tx *data.Tx) error {
		return run(tx, "INSERT INTO things (number, text) VALUES (?, ?)", 300, "three hundred")
	})
	places := map[string]struct {
		column string
		place  any
	}{
		"300 in a byte":       {"number", new(small)},
		"a number in a text":  {"number", new(string)},
		"a text in a number":  {"text", new(int64)},
		"null in a number":    {"ratio", new(float64)},
		"null in a text":      {"ratio", new(string)},
		"a text in a time":    {"text", data.Time(new(time.Time))},
		"a text in a truth":   {"text", data.Bool(new(bool))},
		"what is no pointer":  {"number", 5},
		"two columns for one": {"number, text", new(int64)},
	}
	for name, p := range places {
		err := db.View(t.Context(), func(tx *data.Tx) error {
			_, err := data.One(t.Context(), tx, func(r data.Row) (int, error) { return 0, r.Scan(p.place) }, "SELECT "+p.column+" FROM things")
			return err
		})
		if err == nil || errors.Is(err, data.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTruthsAndSumsAreTheSameOnBothEngines(t *testing.T) {
	db := things(t)
	update(t, db, func(tx *data.Tx) error {
		return run(tx, "INSERT INTO things (number) VALUES (?), (?), (?)", 1, 2, int64(1)<<40)
	})
	err := db.View(t.Context(), func(tx *data.Tx) error {
		var sum, rows, none int64
		var bigger, exists bool
		var mean float64
		_, err := data.One(t.Context(), tx, func(r data.Row) (int, error) {
			return 0, r.Scan(&sum, &rows, data.Null(&none), data.Bool(&bigger), data.Bool(&exists), &mean)
		}, `SELECT sum(number), count(*), sum(length(text)), sum(number) > 3, EXISTS (SELECT 1 FROM things WHERE number = 9),
			avg(CAST(number AS REAL)) FROM things`)
		if sum != 3+1<<40 || rows != 3 || none != 0 || !bigger || exists || math.Abs(mean*3-float64(sum)) > 1 {
			t.Error(sum, rows, none, bigger, exists, mean)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestArgumentsStayTheCallersOwn(t *testing.T) {
	db := things(t)
	args := []any{time.Unix(5, 0), "text"}
	update(t, db, func(tx *data.Tx) error {
		return run(tx, "INSERT INTO things (number, text) VALUES (?, ?)", args...)
	})
	if _, ok := args[0].(time.Time); !ok {
		t.Errorf("the time became %v", args[0])
	}
}

func TestWhatIsNotThereIsNotFound(t *testing.T) {
	db := open(t)
	err := db.View(t.Context(), func(tx *data.Tx) error {
		if _, err := data.One(t.Context(), tx, data.Text, "SELECT text FROM notes"); !errors.Is(err, data.ErrNotFound) {
			t.Errorf("one: %v", err)
		}
		if n, err := data.Int(t.Context(), tx, "SELECT max(id) FROM notes"); n != 0 || err != nil {
			t.Errorf("int: %d, %v", n, err)
		}
		all, err := data.All(t.Context(), tx, data.Text, "SELECT text FROM notes")
		if len(all) != 0 {
			t.Errorf("all: %q", all)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
