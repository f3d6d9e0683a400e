package data

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync/atomic"
	"time"
)

// Limits of the group commit. Everybody in a batch waits for all of it.
const (
	batchTime   = 20 * time.Millisecond // functions of one batch, at most
	batchSize   = 1024                  // functions of one batch, at most
	slowAfter   = 50 * time.Millisecond // a function that is logged
	nestedAfter = 100 * time.Millisecond
)

// Panic is what Update panics with when its function did: the value and the
// stack of the function.
type Panic struct {
	Value any
	Stack []byte
}

// Error says what the function panicked with.
func (p *Panic) Error() string { return fmt.Sprintf("a function panicked: %v\n%s", p.Value, p.Stack) }

// job is one function waiting to be run, and what became of it.
type job struct {
	ctx      context.Context
	fn       func(*Tx) error
	state    atomic.Int32 // queued, taken or withdrawn
	err      error
	panicked *Panic
	exited   bool
	started  bool
	done     chan struct{}
}

const (
	queued int32 = iota
	taken
	withdrawn
)

// transaction is what the queue needs of the writer's connection.
type transaction interface {
	statements
	run(query string) error
	stands() bool // false once the engine has rolled everything back by itself
}

// standing runs the statements of a function, as long as its transaction
// stands: after that each would be committed at once and for itself.
type standing struct{ transaction }

var errTakenBack = errors.New("the transaction was taken back before this")

func (s standing) exec(ctx context.Context, query string, args []any) (int64, error) {
	if !s.stands() {
		return 0, errTakenBack
	}
	return s.transaction.exec(ctx, query, args)
}

func (s standing) insert(ctx context.Context, query string, args []any) (int64, error) {
	if !s.stands() {
		return 0, errTakenBack
	}
	return s.transaction.insert(ctx, query, args)
}

func (s standing) number(ctx context.Context, query string, n int, args []any) ([]int64, error) {
	if !s.stands() {
		return nil, errTakenBack
	}
	return s.transaction.number(ctx, query, n, args)
}

func (s standing) query(ctx context.Context, query string, args []any) (rows, error) {
	if !s.stands() {
		return nil, errTakenBack
	}
	return s.transaction.query(ctx, query, args)
}

// queue runs the functions of all callers on one connection, many to a commit.
type queue struct {
	db    *DB
	on    transaction
	jobs  chan *job
	ended chan struct{}
	wary  int // batches still to go carefully
}

func newQueue(db *DB, on transaction) *queue {
	q := &queue{db: db, on: on, jobs: make(chan *job, batchSize), ended: make(chan struct{})}
	go q.loop()
	return q
}

// do waits until fn was run and its transaction is durable.
func (q *queue) do(ctx context.Context, fn func(*Tx) error) error {
	j := &job{ctx: ctx, fn: fn, done: make(chan struct{})}
	nested := time.NewTimer(nestedAfter)
	defer nested.Stop()
	jobs := q.jobs
	for {
		select {
		case jobs <- j:
			jobs = nil // queued: from here on only wait
		case <-j.done:
			if j.panicked != nil {
				panic(j.panicked)
			}
			return j.err
		case <-nested.C:
			// Whoever waits on the writer's own goroutine waits for itself. Looking
			// at the stack is slow, so only those look who have waited long.
			if onWriter() && j.withdraw() {
				return ErrNested
			}
		case <-ctx.Done():
			if j.withdraw() {
				return fmt.Errorf("waiting to write: %w", ctx.Err())
			}
			ctx = context.WithoutCancel(ctx) // it runs: its end is worth waiting for
		}
	}
}

func (j *job) withdraw() bool { return j.state.CompareAndSwap(queued, withdrawn) }

// close comes when nobody waits in do any more.
func (q *queue) close() {
	close(q.jobs)
	<-q.ended
}

func (q *queue) loop() {
	defer close(q.ended)
	for j := range q.jobs {
		q.batch(j)
	}
}

// batch runs the first job and all that are waiting, and commits them together.
// Its work is on a goroutine of its own, since a function may end it
// (runtime.Goexit); then another goes on where it stopped.
func (q *queue) batch(first *job) {
	b := &batch{q: q, next: first, began: time.Now()}
	if q.wary > 0 {
		q.wary--
		b.manner = careful
	}
	for !b.over {
		done := make(chan struct{})
		go func() {
			defer close(done)
			b.work()
		}()
		<-done
	}
}

// How a batch runs its functions. Nearly all succeed, and a savepoint costs as
// much as a small function: so they are first run without. When one fails, the
// whole is taken back and run again, each behind its savepoint. When the engine
// has rolled everything back by itself, each is run in a transaction of its own.
type manner int

const (
	bold manner = iota
	careful
	alone
)

// carefulFor is how many batches go carefully after one has failed boldly.
const carefulFor = 100

type batch struct {
	q       *queue
	next    *job
	began   time.Time
	open    bool // a transaction was begun
	manner  manner
	current *job
	tx      *Tx
	ran     []*job // in this transaction, not yet answered
	again   []*job // to be run once more
	over    bool
	// retrying batches take no new functions.
	retrying bool
}

// work goes on until every job of the batch is answered.
func (b *batch) work() {
	if b.current != nil { // its goroutine ended under it
		b.settle()
	}
	for {
		for j := b.take(); j != nil; j = b.take() {
			if !b.start(j) {
				continue
			}
			b.call(j)
			b.settle()
		}
		b.commit()
		if len(b.again) == 0 {
			b.over = true
			return
		}
	}
}

// take returns the next job to run in this transaction, if any.
func (b *batch) take() *job {
	if b.manner == alone && len(b.ran) > 0 {
		return nil
	}
	if len(b.again) > 0 {
		j := b.again[0]
		b.again = b.again[1:]
		return j
	}
	if j := b.next; j != nil {
		b.next = nil
		if j.state.CompareAndSwap(queued, taken) {
			return j
		}
	}
	for !b.retrying && len(b.ran) < batchSize && time.Since(b.began) < batchTime {
		select {
		case j, open := <-b.q.jobs:
			if !open {
				return nil
			}
			if j.state.CompareAndSwap(queued, taken) {
				return j
			}
		default:
			return nil
		}
	}
	return nil
}

// start opens the transaction and the job's savepoint in it.
func (b *batch) start(j *job) bool {
	if err := j.ctx.Err(); err != nil && !j.started {
		b.answer(j, fmt.Errorf("waiting to write: %w", err))
		return false
	}
	j.started = true
	if !b.open {
		if err := b.q.on.run("BEGIN IMMEDIATE"); err != nil {
			err = explain(err, "BEGIN IMMEDIATE")
			b.answer(j, err)
			b.turnAway(err)
			return false
		}
		b.open = true
	}
	if b.manner == careful {
		if err := b.q.on.run("SAVEPOINT one"); err != nil {
			b.answer(j, explain(err, "SAVEPOINT one"))
			return false
		}
	}
	b.current = j
	b.tx = &Tx{s: standing{b.q.on}, now: b.q.db.Now(), engine: b.q.db.engine}
	return true
}

// turnAway answers everybody who waits with the same: whoever holds the lock was
// waited for long enough, and each would wait as long again for themself.
func (b *batch) turnAway(err error) {
	for _, j := range b.again {
		b.answer(j, err)
	}
	b.again = nil
	for {
		select {
		case j, open := <-b.q.jobs:
			if !open {
				return
			}
			if j.state.CompareAndSwap(queued, taken) {
				b.answer(j, err)
			}
		default:
			return
		}
	}
}

// call runs the function and catches whatever it does instead of returning.
func (b *batch) call(j *job) {
	began, returned := time.Now(), false
	defer func() {
		b.tx.use()
		if took := time.Since(began); took > slowAfter {
			b.q.db.log.Warn("a slow function holds up every write", slog.Duration("took", took), slog.String("function", name(j.fn)))
		}
		if returned {
			return
		}
		if p := recover(); p != nil {
			j.panicked = &Panic{Value: p, Stack: debug.Stack()}
			return
		}
		j.exited = true
	}()
	j.err, j.panicked, j.exited = nil, nil, false
	j.err = j.fn(b.tx)
	returned = true
}

// settle keeps or takes back what the current function wrote. When the engine
// has rolled back everything by itself (an interrupt, a full disk), the others
// of this transaction are run again, each alone.
func (b *batch) settle() {
	j := b.current
	b.current = nil
	switch {
	case j.exited:
		j.err = ErrExited
	case j.panicked != nil:
		j.err = j.panicked
	}
	if b.q.on.stands() && b.release(j) {
		b.ran = append(b.ran, j)
		return
	}
	stood := b.q.on.stands()
	b.drop()
	if j.err == nil {
		j.err = fmt.Errorf("%w: the transaction was taken back", ErrFull)
	}
	if b.manner == bold && stood && len(b.ran) > 0 {
		b.retry(careful, append(b.ran, j))
		return
	}
	if b.manner != alone {
		b.retry(alone, b.ran)
	}
	b.answer(j, j.err)
}

// release keeps what the function wrote, or takes back what a failed one did;
// false means that only the whole transaction can be taken back.
func (b *batch) release(j *job) bool {
	if b.manner != careful {
		return j.err == nil
	}
	if j.err != nil && b.q.on.run("ROLLBACK TO one") != nil {
		return false
	}
	return b.q.on.run("RELEASE one") == nil
}

// retry runs functions of a transaction that was taken back once more.
func (b *batch) retry(how manner, jobs []*job) {
	if len(jobs) == 0 {
		return
	}
	b.again, b.ran = append(slices.Clone(jobs), b.again...), nil
	b.manner, b.retrying = how, true
	if how == careful {
		b.q.wary = carefulFor
	}
}

// commit makes the transaction durable and answers everybody in it.
func (b *batch) commit() {
	if !b.open {
		return
	}
	err := b.q.on.run("COMMIT")
	if err != nil {
		b.drop()
		err = explain(err, "COMMIT")
		if b.manner != alone && len(b.ran) > 1 {
			b.retry(alone, b.ran)
			return
		}
	}
	b.open = false
	for _, j := range b.ran {
		if j.err == nil {
			j.err = err
		}
		b.answer(j, j.err)
	}
	b.ran = nil
}

// drop ends whatever is left of the transaction.
func (b *batch) drop() {
	if b.q.on.stands() {
		if err := b.q.on.run("ROLLBACK"); err != nil {
			b.q.db.log.Error("rolling back", slog.Any("error", err))
		}
	}
	b.open = false
}

func (b *batch) answer(j *job, err error) {
	j.err = err
	close(j.done)
}

// name is what a function is called in the program.
func name(fn func(*Tx) error) string {
	return runtime.FuncForPC(reflect.ValueOf(fn).Pointer()).Name()
}

// onWriter says whether the caller runs inside an Update function.
func onWriter() bool {
	pcs := make([]uintptr, 256)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(1, pcs)])
	for {
		f, more := frames.Next()
		if strings.HasSuffix(f.Function, "data.(*batch).call") || strings.HasSuffix(f.Function, "data.runPostgres") {
			return true
		}
		if !more {
			return false
		}
	}
}
