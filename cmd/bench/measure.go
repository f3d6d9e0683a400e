package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"ricochet.example/app/clock"
	"ricochet.example/data"
)

// bench is one run.
type bench struct {
	settings
	tell   *progress
	dir    string // of this run alone
	binary string // the product
	self   string // we, who also serve the bare handlers
	base   *prepared
	lines  report
}

// connections is how many visitors ask at the same time.
const connections = 64

// starts is how often a start is measured.
const starts = 5

func (b *bench) lasting() time.Duration { return time.Duration(b.seconds * float64(time.Second)) }

// run measures everything.
func (b *bench) run(ctx context.Context) error {
	if err := b.startEmpty(ctx); err != nil {
		return err
	}
	bare, err := b.read(ctx)
	if err != nil {
		return err
	}
	return b.open(ctx, bare)
}

// serve starts the product on a data directory.
func (b *bench) serve(ctx context.Context, dir string) (*child, time.Duration, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, 0, err
	}
	return start(ctx, addr, nil, b.binary, "serve", "--dir", dir, "--addr", addr, "--trusted-proxy", "127.0.0.1")
}

// serveBare starts the bare handlers with answers that the product gave.
func (b *bench) serveBare(ctx context.Context, answers *bare) (*child, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, err
	}
	text, err := json.Marshal(answers)
	if err != nil {
		return nil, err
	}
	c, _, err := start(ctx, addr, text, b.self, bareCommand, addr)
	return c, err
}

// started measures starts on a directory and returns their median, in milliseconds.
func (b *bench) started(ctx context.Context, dir func(i int) string) (float64, error) {
	var all []float64
	for i := range starts {
		c, took, err := b.serve(ctx, dir(i))
		if err != nil {
			return 0, err
		}
		if _, err := c.stop(); err != nil {
			return 0, err
		}
		all = append(all, millis(took))
	}
	return median(all), nil
}

func (b *bench) startEmpty(ctx context.Context) error {
	b.tell.say("starting on empty databases …")
	fresh, err := b.started(ctx, func(i int) string { return filepath.Join(b.dir, fmt.Sprintf("fresh-%d", i)) })
	if err != nil {
		return err
	}
	again, err := b.started(ctx, func(int) string { return filepath.Join(b.dir, "fresh-0") })
	if err != nil {
		return err
	}
	b.lines = append(b.lines,
		measured("start to first answer, empty database", again, asMillis, 200, 50),
		measured("  the very first, which makes it", fresh, asMillis, 200, 50))
	return nil
}

// copyBase gives a server the prepared database for itself.
func (b *bench) copyBase(name string) (dir string, err error) {
	dir = filepath.Join(b.dir, name)
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", err
	}
	from, err := os.Open(data.File(b.base.dir))
	if err != nil {
		return "", fmt.Errorf("copying the database: %w", err)
	}
	defer from.Close()
	to, err := os.OpenFile(data.File(dir), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", fmt.Errorf("copying the database: %w", err)
	}
	_, err = io.Copy(to, from)
	// Synced now, it is not written to the disk while we measure.
	if err := errors.Join(err, to.Sync(), to.Close()); err != nil {
		return "", fmt.Errorf("copying the database: %w", err)
	}
	return dir, nil
}

// round is what one load of one server showed.
type round struct {
	result
	usage
	client time.Duration // CPU that the measuring itself took
}

func (r round) cpuMicros() float64 { return r.each(r.cpu) }

// each is the part of one request in something, in microseconds.
func (r round) each(d time.Duration) float64 {
	return float64(d) / float64(time.Microsecond) / float64(max(r.requests, 1))
}

// load drives one load and reads what the server used for it. settle waits for
// what the server still has to do for it.
func load(ctx context.Context, c *child, during time.Duration, of func(int) traffic, settle func() error) (r round, err error) {
	before, err := c.used()
	if err != nil {
		return r, err
	}
	self := ownCPU()
	r.result, err = drive(ctx, c.addr, connections, during, of)
	r.client = ownCPU() - self
	if err != nil {
		return r, fmt.Errorf("%w; the server said:\n%s", err, c.log)
	}
	if r.failed > 0 {
		return r, fmt.Errorf("%d of %d answers are wrong, the first: %w; the server said:\n%s", r.failed, r.requests, r.failure, c.log)
	}
	if settle != nil {
		if err := settle(); err != nil {
			return r, err
		}
	}
	after, err := c.used()
	r.usage = after.since(before)
	return r, err
}

// rounds is the same measure a few times.
type rounds []round

func (r rounds) median(of func(round) float64) float64 {
	var all []float64
	for _, one := range r {
		all = append(all, of(one))
	}
	return median(all)
}

// ratio is the median of what each round of ours is to the round of theirs
// right before it, since the machine has better and worse spells.
func (r rounds) ratio(theirs rounds, of func(round) float64) float64 {
	var all []float64
	for i := range r {
		all = append(all, of(r[i])/of(theirs[i]))
	}
	return median(all)
}

func (r rounds) latency() string {
	return asTwoMillis([2]float64{
		r.median(func(o round) float64 { return millis(o.p50) }), r.median(func(o round) float64 { return millis(o.p99) }),
	})
}

func perSecond(r round) float64 { return r.perSecond() }

// compare makes the line of a measure in each of two rounds.
func compare(name string, theirs, ours rounds, of func(round) float64, as func(float64) string, floor, target float64, greater bool) line {
	return compared(name, ours.ratio(theirs, of), as(theirs.median(of)), as(ours.median(of)), floor, target, greater)
}

// read measures the reader page, and returns what the bare handlers answer.
func (b *bench) read(ctx context.Context) (answers *bare, err error) {
	dir, err := b.copyBase("reading")
	if err != nil {
		return nil, err
	}
	f, _, err := b.look(ctx, dir)
	if err != nil {
		return nil, err
	}
	product, _, err := b.serve(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer func() {
		_, stopped := product.stop()
		err = errors.Join(err, stopped)
	}()
	crowds := crowds(f, seed+1)
	answers, token, err := sample(product.addr, crowds[0])
	if err != nil {
		return nil, err
	}
	plainBare, err := b.serveBare(ctx, answers)
	if err != nil {
		return nil, err
	}
	defer func() { _ = plainBare.abandon() }()

	of := func(encoding string, token []byte) func(int) traffic {
		return func(thread int) traffic { return crowds[thread].reading(encoding, token) }
	}
	kinds := []struct {
		name string
		on   *child
		of   func(int) traffic
	}{
		{"bare", plainBare, of("identity", token)},
		{"ricochet", product, of("identity", nil)},
		{"ricochet, gzip", product, of("gzip", nil)},
	}
	all := make([]rounds, len(kinds))
	for n := range b.rounds + 1 {
		for i, k := range kinds {
			during := b.lasting()
			if n == 0 {
				during /= 2
			}
			r, err := load(ctx, k.on, during, k.of, nil)
			if err != nil {
				return nil, fmt.Errorf("the reader page, %s: %w", k.name, err)
			}
			b.tellRound("reader page", k.name, n, r)
			if n > 0 {
				all[i] = append(all[i], r)
			}
		}
	}
	theirs, ours, packed := all[0], all[1], all[2]
	compressed := compare("reader page, gzip, CPU to uncompressed", ours, packed, round.cpuMicros, asMicros, 1.5, 1.1, false)
	b.lines = append(b.lines,
		compare("reader page, requests/s", theirs, ours, perSecond, asRate, 0.40, 0.55, true),
		compressed,
		compare("  server CPU per page", theirs, ours, round.cpuMicros, asMicros, 0, 0, false),
		line{name: fmt.Sprintf("  p50 / p99 (%d bytes)", len(answers.Page.Body)), bare: theirs.latency(), ours: ours.latency()},
		line{name: "  gzip: requests/s", ours: asRate(packed.median(perSecond))})
	return answers, nil
}

func (b *bench) tellRound(what, who string, n int, r round) {
	when := fmt.Sprintf("round %d of %d", n, b.rounds)
	if n == 0 {
		when = "warming up"
	}
	b.tell.say("%-14s %-15s %-13s %7.0f/s  p99 %-8s CPU %s, of the load %s",
		what, who, when, r.perSecond(), asMillis(millis(r.p99)), asMicros(r.cpuMicros()), asMicros(r.each(r.client)))
}

// sample asks for one page and confirms one open, for the bare handlers to
// answer the same, and returns the token that stands in the page.
func sample(addr string, c *crowd) (answers *bare, token []byte, err error) {
	var w wire
	answers = &bare{}
	c.get(&w, "identity")
	token = slices.Clone(w.token[:])
	if answers.Page, err = copyAnswer(addr, w.out); err != nil {
		return nil, nil, fmt.Errorf("asking for one page: %w", err)
	}
	packed, err := copyAnswer(addr, bytes.Replace(w.out, []byte("identity"), []byte("gzip"), 1))
	if err != nil {
		return nil, nil, fmt.Errorf("asking for one compressed page: %w", err)
	}
	if err := samePage(answers.Page, packed); err != nil {
		return nil, nil, err
	}
	w.out = w.out[:0]
	c.post(&w)
	if answers.Open, err = copyAnswer(addr, w.out); err != nil {
		return nil, nil, fmt.Errorf("confirming one open: %w", err)
	}
	return answers, token, nil
}

// samePage says what is wrong when the compressed page is not the plain one,
// give or take what differs from one fetch to the next, which is as long.
func samePage(plain, packed copied) error {
	if got := packed.Header.Get("Content-Encoding"); got != "gzip" {
		return fmt.Errorf("the compressed page is encoded as %q", got)
	}
	r, err := gzip.NewReader(bytes.NewReader(packed.Body))
	if err != nil {
		return fmt.Errorf("the compressed page: %w", err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		return fmt.Errorf("the compressed page: %w", err)
	}
	if len(text) != len(plain.Body) {
		return fmt.Errorf("the page has %d bytes, and %d after it was compressed", len(plain.Body), len(text))
	}
	return nil
}

// open measures confirmed opens, and what they leave on the disk.
func (b *bench) open(ctx context.Context, answers *bare) error {
	dir, err := b.copyBase("opening")
	if err != nil {
		return err
	}
	f, before, err := b.look(ctx, dir)
	if err != nil {
		return err
	}
	o, err := b.openRounds(ctx, dir, f, answers)
	if err != nil {
		return err
	}
	_, after, err := b.look(ctx, dir)
	if err != nil {
		return err
	}
	if err := allThere(o.opened, before, after); err != nil {
		return err
	}
	b.tell.say("%d opens acknowledged, %d rows more in the log, every one of them, and %d of %d folded", len(o.opened), after.rows-before.rows, after.trees, after.rows)
	n := float64(len(o.opened))
	b.lines = append(b.lines,
		compare("confirmed open, requests/s", o.theirs, o.ours, perSecond, asRate, 0.25, 0.40, true),
		compare("server CPU per open, fold included", o.theirs, o.ours, round.cpuMicros, asMicros, 4.0, 3.0, false),
		line{name: "  p50 / p99", bare: o.theirs.latency(), ours: o.ours.latency()},
		line{name: "  from acknowledged to counted, p50 / p99", ours: asTwoMillis(o.behind)},
		line{name: "  opens to a commit", ours: fmt.Sprintf("%.1f", o.perCommit)},
		measured(fmt.Sprintf("written to disk per open, at %d", b.base.Opens), float64(o.life.written)/n, asBytes, 8000, 3000),
		measured(fmt.Sprintf("on disk per open, all %d and 48 hours of keys", b.base.Opens), float64(b.base.Full-b.base.Empty)/float64(b.base.Opens), asBytes, 120, 75),
		measured(fmt.Sprintf("on disk per open of the %d appended, each with keys", len(o.opened)), float64(after.size-before.size)/n, asBytes, 120, 75))
	full, err := b.started(ctx, func(int) string { return dir })
	if err != nil {
		return err
	}
	b.lines = append(b.lines, line{name: fmt.Sprintf("start to first answer, %d opens", after.rows), ours: asMillis(full)})
	return nil
}

// opening is what the rounds of opens showed.
type opening struct {
	theirs, ours rounds
	opened       []opened // all that was acknowledged, also while warming up
	life         usage    // of the server, from its start to its end
	behind       [2]float64
	perCommit    float64
}

func (b *bench) openRounds(ctx context.Context, dir string, f *field, answers *bare) (o *opening, err error) {
	bareServer, err := b.serveBare(ctx, answers)
	if err != nil {
		return nil, err
	}
	defer func() { _ = bareServer.abandon() }()
	product, _, err := b.serve(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			_ = product.abandon()
		}
	}()
	onlooker, err := newWatch(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer onlooker.close()
	o = &opening{}
	crowds := crowds(f, seed+2)
	settle := func() error { return onlooker.until(ctx, f.top.Load()) }
	var behind []float64
	var commitsBefore uint32
	for n := range b.rounds + 1 {
		during := b.lasting()
		if n == 0 {
			during /= 2
		}
		theirs, err := load(ctx, bareServer, during, func(i int) traffic { return crowds[i].pretending() }, nil)
		if err != nil {
			return nil, fmt.Errorf("the open, bare: %w", err)
		}
		b.tellRound("confirmed open", "bare", n, theirs)
		if n == 1 {
			if commitsBefore, err = commits(dir); err != nil {
				return nil, err
			}
			end, err := b.profile(product)
			if err != nil {
				return nil, err
			}
			defer end()
		}
		ours, err := load(ctx, product, during, func(i int) traffic { return crowds[i].opening() }, settle)
		if err != nil {
			return nil, fmt.Errorf("the open, ricochet: %w", err)
		}
		b.tellRound("confirmed open", "ricochet", n, ours)
		for _, c := range crowds {
			o.opened = append(o.opened, c.opened...)
			if n > 0 {
				for _, d := range onlooker.behind(c.opened) {
					behind = append(behind, millis(d))
				}
			}
			c.opened = c.opened[:0]
		}
		if n > 0 {
			o.theirs, o.ours = append(o.theirs, theirs), append(o.ours, ours)
		}
	}
	commitsAfter, err := commits(dir)
	if err != nil {
		return nil, err
	}
	var counted int
	for _, r := range o.ours {
		counted += r.requests
	}
	o.perCommit = float64(counted) / float64(max(commitsAfter-commitsBefore, 1))
	o.behind = [2]float64{quantile(behind, 0.5), quantile(behind, 0.99)}
	onlooker.close() // the last connection to go is the one that checkpoints
	o.life, err = product.stop()
	return o, err
}

// profile records with perf what the server does, if that was asked for.
func (b *bench) profile(c *child) (end func(), err error) {
	if b.perf == "" {
		return func() {}, nil
	}
	cmd := exec.Command("perf", "record", "-q", "-e", "cpu-clock", "-F", "997", "-g", "-o", b.perf, "-p", fmt.Sprint(c.cmd.Process.Pid))
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("profiling: %w", err)
	}
	return func() {
		_ = cmd.Process.Signal(syscall.SIGINT)
		_ = cmd.Wait()
	}, nil
}

// census is what there is in a database.
type census struct {
	rows, last, trees, mark, size int64
}

// look says what there is to visit, and to count, in a copy of the prepared
// database that nobody serves.
func (b *bench) look(ctx context.Context, dir string) (f *field, c census, err error) {
	err = with(ctx, dir, func(db *data.DB) (err error) {
		if f, err = fieldOf(ctx, db, b.base.Links, clock.System{}); err != nil {
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
		{&c.trees, `SELECT count(*) FROM trees`},
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
