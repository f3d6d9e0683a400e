package data_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

func TestAViewSeesOneMoment(t *testing.T) {
	db := open(t)
	update(t, db, writes("before"))
	err := db.View(t.Context(), func(tx *data.Tx) error {
		before, err := data.Int(t.Context(), tx, "SELECT count(*) FROM notes")
		if err != nil {
			return err
		}
		update(t, db, writes("meanwhile"))
		after, err := data.Int(t.Context(), tx, "SELECT count(*) FROM notes")
		if before != 1 || after != 1 {
			t.Errorf("%d, then %d notes", before, after)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	wants(t, db, "before", "meanwhile")
}

func TestAGlanceSeesEachMoment(t *testing.T) {
	db := open(t)
	err := db.Glance(t.Context(), func(tx *data.Tx) error {
		before, err := data.Int(t.Context(), tx, "SELECT count(*) FROM notes")
		if err != nil {
			return err
		}
		update(t, db, writes("meanwhile"))
		after, err := data.Int(t.Context(), tx, "SELECT count(*) FROM notes")
		if before != 0 || after != 1 {
			t.Errorf("%d, then %d notes", before, after)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	db := open(t)
	update(t, db, writes("ana"))
	ways := map[string]func(tx *data.Tx) error{
		"exec": func(tx *data.Tx) error { return run(tx, "DELETE FROM notes") },
		"insert": func(tx *data.Tx) error {
			_, err := data.Insert(context.Background(), tx, "INSERT INTO notes (text) VALUES ('ben')")
			return err
		},
		"returning": func(tx *data.Tx) error {
			_, err := data.Int(context.Background(), tx, "DELETE FROM notes RETURNING id")
			return err
		},
		"create": func(tx *data.Tx) error { return run(tx, "CREATE TABLE more (id INTEGER)") },
	}
	for name, way := range ways {
		if err := db.View(t.Context(), way); !errors.Is(err, data.ErrFull) {
			t.Errorf("%s in a view: %v", name, err)
		}
		if err := db.Glance(t.Context(), way); !errors.Is(err, data.ErrFull) {
			t.Errorf("%s in a glance: %v", name, err)
		}
	}
	wants(t, db, "ana")
}

func TestAReaderThatPanicsLeavesItsConnectionToTheNext(t *testing.T) {
	db := open(t)
	for range 50 { // more than there are connections
		func() {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			_ = db.View(t.Context(), func(tx *data.Tx) error {
				return data.Each(t.Context(), tx, func(data.Row) error { panic("in a row") }, "SELECT 1")
			})
		}()
	}
	if n := count(t, db); n != 0 {
		t.Errorf("%d notes", n)
	}
}

func TestClosingWaitsForReaders(t *testing.T) {
	db, err := data.Open(t.Context(), datatest.Config(t))
	if err != nil {
		t.Fatal(err)
	}
	notes(t, db)
	closing := make(chan error, 1)
	err = db.View(t.Context(), func(tx *data.Tx) error {
		go func() { closing <- db.Close() }()
		for !data.Shut(db) {
			time.Sleep(time.Millisecond)
		}
		time.Sleep(10 * time.Millisecond)
		_, err := data.Int(t.Context(), tx, "SELECT count(*) FROM notes")
		return err
	})
	if err != nil {
		t.Errorf("a reader that was there before: %v", err)
	}
	if err := <-closing; err != nil {
		t.Error(err)
	}
}

func TestReadersOfAllConnectionsTakeTurns(t *testing.T) {
	db := open(t)
	update(t, db, writes("ana"))
	var all sync.WaitGroup
	for range 100 {
		all.Go(func() {
			err := db.View(context.Background(), func(tx *data.Tx) error {
				if n, err := data.Int(context.Background(), tx, "SELECT count(*) FROM notes"); err != nil || n != 1 {
					return fmt.Errorf("%d notes: %w", n, err)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// The same text is read inside its own rows, another one beside it, and
// something is written between two rows.
func TestAQueryMayRunInsideItsOwnRows(t *testing.T) {
	db := open(t)
	update(t, db, func(tx *data.Tx) error {
		for _, text := range []string{"a", "b", "c"} {
			if err := write(tx, text); err != nil {
				return err
			}
		}
		return nil
	})
	const query = "SELECT text FROM notes WHERE text < ? ORDER BY text"
	pairs := func(tx *data.Tx, between func(n int) error) (got []string, err error) {
		ctx := t.Context()
		err = data.Each(ctx, tx, func(outer data.Row) error {
			if err := between(len(got)); err != nil {
				return err
			}
			a, err := data.Text(outer)
			if err != nil {
				return err
			}
			if err := data.Each(ctx, tx, func(inner data.Row) error {
				n, err := data.Int(ctx, tx, "SELECT count(*) FROM notes WHERE text < ?", "c")
				if err != nil {
					return err
				}
				b, err := data.Text(inner)
				got = append(got, fmt.Sprint(a, b, n))
				return err
			}, query, a); err != nil {
				return err
			}
			again, err := data.Text(outer) // the row is still there
			if again != a {
				t.Errorf("%q became %q", a, again)
			}
			return err
		}, query, "x")
		return got, err
	}
	want := []string{"ba2", "ca2", "cb2"}
	quiet := func(int) error { return nil }
	for name, read := range map[string]func(context.Context, func(*data.Tx) error) error{"view": db.View, "glance": db.Glance, "update": db.Update} {
		err := read(t.Context(), func(tx *data.Tx) error {
			got, err := pairs(tx, quiet)
			if !slices.Equal(got, want) {
				t.Errorf("%s: %q", name, got)
			}
			return err
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	update(t, db, func(tx *data.Tx) error {
		_, err := pairs(tx, func(n int) error { return run(tx, "UPDATE notes SET body = ? WHERE text = 'a'", []byte{byte(n)}) })
		return err
	})
}

func TestRowsMayBeLeftBeforeTheirEnd(t *testing.T) {
	db := open(t)
	update(t, db, func(tx *data.Tx) error {
		for i := range 2000 {
			if err := write(tx, fmt.Sprint(i)); err != nil {
				return err
			}
		}
		err := data.Each(t.Context(), tx, func(data.Row) error { return errOops }, "SELECT text FROM notes")
		if !errors.Is(err, errOops) {
			t.Errorf("each: %v", err)
		}
		if _, err := data.One(t.Context(), tx, data.Text, "SELECT text FROM notes"); err != nil {
			return err
		}
		return write(tx, "the last")
	})
	if n := count(t, db); n != 2001 {
		t.Errorf("%d notes", n)
	}
}

// A statement that answers what nobody reads must not stay open: nothing could
// be committed around it.
func TestAStatementWhoseRowsNobodyReadsIsFinished(t *testing.T) {
	db := open(t)
	update(t, db, func(tx *data.Tx) error {
		n, err := tx.Exec(t.Context(), "INSERT INTO notes (text) VALUES ('a'), ('b') RETURNING id")
		if n != 2 {
			t.Errorf("%d rows", n)
		}
		return err
	})
	update(t, db, func(tx *data.Tx) error { return run(tx, "SELECT id FROM notes") })
	update(t, db, writes("c"))
	wants(t, db, "a", "b", "c")
}

func TestInsertTellsTheIDOrThatThereIsNone(t *testing.T) {
	db := open(t)
	const query = "INSERT INTO notes (text) VALUES (?) ON CONFLICT (text) DO NOTHING"
	update(t, db, func(tx *data.Tx) error {
		var ids []int64
		for _, text := range []string{"a", "b", "a", "c"} {
			id, err := data.Insert(t.Context(), tx, query, text)
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		if ids[0] < 1 || ids[1] <= ids[0] || ids[2] != 0 || ids[3] <= ids[1] {
			t.Errorf("ids: %d", ids)
		}
		return nil
	})
}

func TestMissingAndSurplusArgumentsAreAnError(t *testing.T) {
	db := open(t)
	for _, args := range [][]any{nil, {"a"}, {"a", nil, "b"}} {
		err := db.Update(t.Context(), func(tx *data.Tx) error {
			return run(tx, "INSERT INTO notes (text, body) VALUES (?, ?)", args...)
		})
		if err == nil {
			t.Errorf("%d arguments for 2 places were taken", len(args))
		}
	}
	wants(t, db)
}

// Each reads how often it was counted and adds one: without the lock, some
// would read the same.
func TestALockLetsOneInAtATime(t *testing.T) {
	db := open(t)
	update(t, db, func(tx *data.Tx) error { return write(tx, "0") })
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 10 {
				err := db.Update(context.Background(), func(tx *data.Tx) error {
					ctx := context.Background()
					if err := data.Lock(ctx, tx, "counting"); err != nil {
						return err
					}
					text, err := data.One(ctx, tx, data.Text, "SELECT text FROM notes")
					if err != nil {
						return err
					}
					var n int
					if _, err := fmt.Sscan(text, &n); err != nil {
						return err
					}
					return run(tx, "UPDATE notes SET text = ?", fmt.Sprint(n+1))
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	wants(t, db, "80")
}

// Who holds the lock alone sees what those that held it together have written.
func TestALockWaitsForThoseWhoShareIt(t *testing.T) {
	db := open(t)
	const sharers = 3
	var together, all sync.WaitGroup
	together.Add(sharers)
	letGo := make(chan struct{})
	for i := range sharers {
		all.Go(func() {
			err := db.Update(context.Background(), func(tx *data.Tx) error {
				if err := data.LockShared(context.Background(), tx, "appending"); err != nil {
					return err
				}
				if datatest.Postgres() { // where updates overlap, these do
					together.Done()
					together.Wait()
					<-letGo
				}
				return write(tx, fmt.Sprint(i))
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	if datatest.Postgres() {
		together.Wait()
	} else {
		all.Wait()
	}
	seen := make(chan int64, 1)
	all.Go(func() {
		err := db.Update(context.Background(), func(tx *data.Tx) error {
			if err := data.Lock(context.Background(), tx, "appending"); err != nil {
				return err
			}
			n, err := data.Int(context.Background(), tx, "SELECT count(*) FROM notes")
			seen <- n
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
	close(letGo)
	all.Wait()
	if n := <-seen; n != sharers {
		t.Errorf("who was alone saw %d notes, not %d", n, sharers)
	}
}
