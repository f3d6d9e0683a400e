package data_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/mattn/go-sqlite3"

	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

var errOops = errors.New("oops")

// wants compares the notes with those that should be there.
func wants(t *testing.T, db *data.DB, texts ...string) {
	t.Helper()
	if got := written(t, db); !slices.Equal(got, texts) {
		t.Errorf("written: %q, not %q", got, texts)
	}
}

// fine says that these functions succeeded.
func fine(t *testing.T, outcomes ...outcome) {
	t.Helper()
	for i, o := range outcomes {
		if o.err != nil || o.panicked != nil {
			t.Errorf("neighbour %d: %v, panicked with %v", i, o.err, o.panicked)
		}
	}
}

// Ben's function fails among those of Ana and Cleo: first where nobody expects
// it, then where the queue goes carefully.
func TestAFailureIsTakenBackAloneAndItsNeighboursStay(t *testing.T) {
	db := open(t)
	for round := range 3 {
		ben := func(tx *data.Tx) error {
			if err := write(tx, fmt.Sprint("ben ", round)); err != nil {
				return err
			}
			return errOops
		}
		got := together(db, writes(fmt.Sprint("ana ", round)), ben, writes(fmt.Sprint("cleo ", round)))
		fine(t, got[0], got[2])
		if !errors.Is(got[1].err, errOops) {
			t.Errorf("Ben's: %v", got[1].err)
		}
	}
	wants(t, db, "ana 0", "ana 1", "ana 2", "cleo 0", "cleo 1", "cleo 2")
}

func TestManyFailuresAmongManySuccessesAreEachAnsweredRightly(t *testing.T) {
	db := open(t)
	var fns []func(*data.Tx) error
	var left []string
	for i := range 60 {
		text := fmt.Sprintf("note %02d", i)
		if i%7 == 3 {
			fns = append(fns, func(tx *data.Tx) error { return errors.Join(write(tx, text), errOops) })
			continue
		}
		left = append(left, text)
		fns = append(fns, writes(text))
	}
	for i, o := range together(db, fns...) {
		if bad := i%7 == 3; bad != errors.Is(o.err, errOops) || !bad && o.err != nil {
			t.Errorf("note %02d: %v", i, o.err)
		}
	}
	wants(t, db, left...)
}

// A trigger makes the engine take back everything by itself, Ana's note too:
// so hers is written again. Ben's function does not notice and goes on.
func TestATransactionThatTheEngineTookBackIsRunAgainForTheOthers(t *testing.T) {
	db := open(t)
	poison(t, db)
	for round := range 3 {
		ben := func(tx *data.Tx) error {
			_ = write(tx, "poison")
			_ = write(tx, "after the poison")
			return nil
		}
		got := together(db, writes(fmt.Sprint("ana ", round)), ben, writes(fmt.Sprint("cleo ", round)))
		fine(t, got[0], got[2])
		if got[1].err == nil {
			t.Error("Ben was told that it is written")
		}
	}
	wants(t, db, "ana 0", "ana 1", "ana 2", "cleo 0", "cleo 1", "cleo 2")
}

func TestATransactionThatTheEngineTookBackAmongCarefulOnes(t *testing.T) {
	db := open(t)
	poison(t, db)
	got := together(db, writes("ana"), func(*data.Tx) error { return errOops }, writes("poison"), writes("cleo"))
	fine(t, got[0], got[3])
	if !errors.Is(got[1].err, errOops) || got[2].err == nil {
		t.Errorf("the failed ones: %v, %v", got[1].err, got[2].err)
	}
	wants(t, db, "ana", "cleo")
}

// poison takes back the transaction that writes it.
func poison(t *testing.T, db *data.DB) {
	t.Helper()
	all := []string{`CREATE TRIGGER poisoned BEFORE INSERT ON notes WHEN NEW.text = 'poison'
		BEGIN SELECT RAISE(ROLLBACK, 'poisoned'); END`}
	if db.Engine() == "PostgreSQL" {
		all = []string{
			`CREATE FUNCTION poisoned() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''poisoned''; END'`,
			`CREATE TRIGGER poisoned BEFORE INSERT ON notes FOR EACH ROW WHEN (NEW.text = 'poison') EXECUTE FUNCTION poisoned()`,
		}
	}
	update(t, db, func(tx *data.Tx) error {
		for _, q := range all {
			if err := run(tx, q); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestAFunctionCannotEndTheTransactionThatOthersAreIn(t *testing.T) {
	db := open(t)
	for _, word := range []string{"ROLLBACK", "commit", " END;", "SAVEPOINT mine", "BEGIN", "RELEASE one"} {
		got := together(db, writes("ana "+word), func(tx *data.Tx) error {
			if err := write(tx, "ben"); err != nil {
				return err
			}
			return run(tx, word)
		}, writes("cleo "+word))
		fine(t, got[0], got[2])
		if got[1].err == nil {
			t.Errorf("%q was allowed", word)
		}
	}
	if n := count(t, db); n != 12 {
		t.Errorf("%d notes, not 12", n)
	}
}

// A commit that fails is nobody's, until each has had one of its own.
func TestAFailedCommitIsTriedAgainForEach(t *testing.T) {
	db, _ := openSQLite(t)
	m := data.Meddle(db)
	fails := 2 // the holder's and that of all three
	m.Fail = func(query string) error {
		if query == "COMMIT" && fails > 0 {
			fails--
			return errOops
		}
		return nil
	}
	fine(t, together(db, writes("ana"), writes("ben"), writes("cleo"))...)
	wants(t, db, "ana", "ben", "cleo")
}

// The disk has room for a few pages more. Ben's file does not fit; the notes
// beside it do. When there is room again, it fits.
func TestAFullDiskRefusesWritesAndKeepsReading(t *testing.T) {
	db, _ := openSQLite(t)
	full := func(pages string) {
		t.Helper()
		update(t, db, func(tx *data.Tx) error { return run(tx, "PRAGMA max_page_count="+pages) })
	}
	var pages int64
	update(t, db, func(tx *data.Tx) (err error) {
		pages, err = data.Int(t.Context(), tx, "PRAGMA page_count")
		return err
	})
	ben := func(tx *data.Tx) error {
		return run(tx, "INSERT INTO notes (text, body) VALUES ('ben', ?)", make([]byte, 200_000))
	}

	full(fmt.Sprint(pages + 20))
	got := together(db, writes("ana"), ben, writes("cleo"))
	fine(t, got[0], got[2])
	if !errors.Is(got[1].err, data.ErrFull) {
		t.Errorf("Ben's: %v", got[1].err)
	}
	wants(t, db, "ana", "cleo")

	full("1000000")
	update(t, db, ben)
	wants(t, db, "ana", "ben", "cleo")
}

func TestAReadOnlyDatabaseRefusesWritesAndKeepsReading(t *testing.T) {
	db, _ := openSQLite(t)
	update(t, db, writes("before"))
	var readOnly atomic.Bool
	data.Meddle(db).Fail = func(query string) error {
		if readOnly.Load() && query == "BEGIN IMMEDIATE" {
			return sqlite3.Error{Code: sqlite3.ErrReadonly}
		}
		return nil
	}
	release := held(db)
	readOnly.Store(true) // remounted, while Ana and Ben wait
	outcomes := make([]outcome, 2)
	var all sync.WaitGroup
	for i := range outcomes {
		all.Go(func() { outcomes[i].of(db, context.Background(), writes("ana or ben")) })
	}
	time.Sleep(30 * time.Millisecond) // they are in another batch than the holder
	release()
	all.Wait()
	for i, o := range outcomes {
		if !errors.Is(o.err, data.ErrFull) {
			t.Errorf("%d: %v", i, o.err)
		}
	}
	wants(t, db, "before")
	readOnly.Store(false)
	update(t, db, writes("writable again"))
	wants(t, db, "before", "writable again")
}

func TestAPanicGoesBackToItsCallerAndItsNeighboursStay(t *testing.T) {
	db := open(t)
	for round := range 2 {
		got := together(db, writes(fmt.Sprint("ana ", round)), func(tx *data.Tx) error {
			if err := write(tx, "ben"); err != nil {
				return err
			}
			panic("Ben's table fell over")
		}, writes(fmt.Sprint("cleo ", round)))
		fine(t, got[0], got[2])
		p, ok := got[1].panicked.(*data.Panic)
		if !ok || p.Value != "Ben's table fell over" || !bytes.Contains(p.Stack, []byte("update_test.go")) {
			t.Errorf("Ben's panic: %v", got[1].panicked)
		}
	}
	wants(t, db, "ana 0", "ana 1", "cleo 0", "cleo 1")
}

func TestAFunctionThatEndsItsGoroutineIsAnsweredAndTheQueueGoesOn(t *testing.T) {
	db := open(t)
	for round := range 2 {
		got := together(db, writes(fmt.Sprint("ana ", round)), func(tx *data.Tx) error {
			if err := write(tx, "ben"); err != nil {
				return err
			}
			runtime.Goexit()
			return nil
		}, writes(fmt.Sprint("cleo ", round)))
		fine(t, got[0], got[2])
		if !errors.Is(got[1].err, data.ErrExited) {
			t.Errorf("Ben's: %v", got[1].err)
		}
	}
	update(t, db, writes("later"))
	wants(t, db, "ana 0", "ana 1", "cleo 0", "cleo 1", "later")
}

func TestAnUpdateInsideAnUpdateIsRefused(t *testing.T) {
	db := open(t)
	var inner error
	update(t, db, func(tx *data.Tx) error {
		inner = db.Update(context.Background(), writes("inner"))
		return write(tx, "outer")
	})
	if !errors.Is(inner, data.ErrNested) {
		t.Errorf("the inner one: %v", inner)
	}
	wants(t, db, "outer")
}

func TestATransactionCannotBeUsedAfterItsFunction(t *testing.T) {
	db := open(t)
	var kept []*data.Tx
	keep := func(tx *data.Tx) error {
		kept = append(kept, tx)
		return nil
	}
	update(t, db, keep)
	for _, read := range []func(context.Context, func(*data.Tx) error) error{db.View, db.Glance} {
		if err := read(t.Context(), keep); err != nil {
			t.Fatal(err)
		}
	}
	for _, tx := range kept {
		ctx := t.Context()
		_, exec := tx.Exec(ctx, "DELETE FROM notes")
		_, insert := data.Insert(ctx, tx, "INSERT INTO notes (text) VALUES ('late')")
		_, one := data.Int(ctx, tx, "SELECT 1")
		each := data.Each(ctx, tx, func(data.Row) error { return nil }, "SELECT 1")
		for i, err := range []error{exec, insert, one, each, data.Lock(ctx, tx, "late"), data.LockShared(ctx, tx, "late")} {
			if !errors.Is(err, data.ErrUsedUp) {
				t.Errorf("%d: %v", i, err)
			}
		}
	}
}

func TestASlowFunctionIsLoggedByItsName(t *testing.T) {
	var log bytes.Buffer
	cfg := datatest.Config(t)
	cfg.Log = slog.New(slog.NewTextHandler(&log, nil))
	db, err := data.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	quick := func(*data.Tx) error { return nil }
	slow := func(*data.Tx) error {
		time.Sleep(60 * time.Millisecond)
		return nil
	}
	for _, fn := range []func(*data.Tx) error{quick, slow} {
		update(t, db, fn)
	}
	closed(t, db)
	// The quick one may have been slow as well, on a machine that is busy.
	if got := log.String(); !strings.Contains(got, "a slow function") || !strings.Contains(got, "TestASlowFunctionIsLoggedByItsName.func2") {
		t.Errorf("logged: %s", got)
	}
}

func TestWhoGivesUpBeforeItRanHasWrittenNothing(t *testing.T) {
	db := open(t)
	ctx, cancel := context.WithCancel(context.Background())

	release := held(db)
	var waiting outcome
	var all sync.WaitGroup
	all.Go(func() { waiting.of(db, ctx, writes("while it waits")) })
	data.Queued(db, 1)
	cancel()
	all.Wait() // it does not wait for those who hold the writers
	if !errors.Is(waiting.err, context.Canceled) {
		t.Errorf("while it waits: %v", waiting.err)
	}
	release()

	if err := db.Update(ctx, writes("before it came")); !errors.Is(err, context.Canceled) {
		t.Errorf("before it came: %v", err)
	}
	update(t, db, writes("somebody else"))
	wants(t, db, "somebody else")
}

func TestWhatRunsIsWrittenEvenWhenItsCallerHasGone(t *testing.T) {
	db := open(t)
	ctx, cancel := context.WithCancel(context.Background())
	err := db.Update(ctx, func(tx *data.Tx) error {
		cancel()
		_, err := tx.Exec(ctx, "INSERT INTO notes (text) VALUES ('gone')")
		return err
	})
	if err != nil {
		t.Error(err)
	}
	wants(t, db, "gone")

	// It is run again after a neighbour failed: that is no new beginning.
	ctx, cancel = context.WithCancel(context.Background())
	outcomes := make([]outcome, 2)
	release := held(db)
	var all sync.WaitGroup
	all.Go(func() {
		outcomes[0].of(db, ctx, func(tx *data.Tx) error {
			cancel()
			return write(tx, "gone too")
		})
	})
	data.Queued(db, 1)
	all.Go(func() { outcomes[1].of(db, context.Background(), func(*data.Tx) error { return errOops }) })
	data.Queued(db, 2)
	release()
	all.Wait()
	fine(t, outcomes[0])
	wants(t, db, "gone", "gone too")
}

func TestTenThousandUpdatesAreAllDurableInFarFewerCommits(t *testing.T) {
	db, dir := openSQLite(t)
	m := data.Meddle(db)
	const goroutines, each = 64, 157
	var all sync.WaitGroup
	var failed atomic.Int64
	for g := range goroutines {
		all.Go(func() {
			for i := range each {
				if err := db.Update(context.Background(), writes(fmt.Sprint(g, "-", i))); err != nil {
					failed.Add(1)
				}
			}
		})
	}
	all.Wait()
	closed(t, db)
	if n := failed.Load(); n > 0 {
		t.Errorf("%d failed", n)
	}
	if n := count(t, openDir(t, dir)); n != goroutines*each {
		t.Errorf("%d notes, not %d", n, goroutines*each)
	}
	commits := m.Commits.Load()
	t.Logf("%d updates in %d commits", goroutines*each, commits)
	if commits > goroutines*each/4 {
		t.Errorf("%d updates took %d commits", goroutines*each, commits)
	}
}

func TestManyWritersAtOnceLoseNothing(t *testing.T) {
	db := open(t)
	var all sync.WaitGroup
	for g := range 32 {
		all.Go(func() {
			for i := range 25 {
				var o outcome
				if o.of(db, context.Background(), writes(fmt.Sprint(g, "-", i))); o.err != nil {
					t.Error(o.err)
				}
			}
		})
	}
	all.Wait()
	if n := count(t, db); n != 32*25 {
		t.Errorf("%d notes, not %d", n, 32*25)
	}
}

func TestClosingAnswersWhatWasQueued(t *testing.T) {
	cfg := datatest.Config(t)
	db, err := data.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	notes(t, db)
	release := held(db)
	outcomes := make([]outcome, 20)
	var all sync.WaitGroup
	for i := range outcomes {
		all.Go(func() { outcomes[i].of(db, context.Background(), writes(fmt.Sprint(i))) })
	}
	for data.Inside(db) < data.Writers(db)+len(outcomes) {
		runtime.Gosched()
	}
	closing := make(chan error)
	go func() { closing <- db.Close() }()
	for !data.Shut(db) {
		runtime.Gosched()
	}
	if err := db.Update(t.Context(), writes("too late")); !errors.Is(err, data.ErrClosed) {
		t.Errorf("too late: %v", err)
	}
	release()
	if err := <-closing; err != nil {
		t.Error(err)
	}
	all.Wait()
	fine(t, outcomes...)
	if err := db.View(t.Context(), func(*data.Tx) error { return nil }); !errors.Is(err, data.ErrClosed) {
		t.Errorf("reading after that: %v", err)
	}
	if err := db.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	again, err := data.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, again)
	if n := count(t, again); n != 20 {
		t.Errorf("%d notes, not 20", n)
	}
}

func TestWhatIsTakenIsTold(t *testing.T) {
	db := open(t)
	got := together(db, writes("ana"), writes("ana"), writes("ben"))
	fine(t, got[2])
	first, second := got[0].err, got[1].err
	if first != nil { // they race on PostgreSQL
		first, second = second, first
	}
	if first != nil || !errors.Is(second, data.ErrTaken) {
		t.Errorf("two of one name: %v, %v", got[0].err, got[1].err)
	}
	wants(t, db, "ana", "ben")
}

func TestAllTimesOfATransactionAreOne(t *testing.T) {
	at := datatest.Noon.Add(123456 * time.Microsecond).In(time.FixedZone("far", 3600))
	db := datatest.New(t, func() time.Time {
		at = at.Add(time.Second)
		return at
	})
	err := db.View(t.Context(), func(tx *data.Tx) error {
		first := tx.Now()
		if second := tx.Now(); first != second || first.Location() != time.UTC || first.Nanosecond()%1e6 != 0 {
			t.Errorf("now: %v, then %v", first, second)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}
