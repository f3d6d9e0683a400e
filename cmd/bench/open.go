package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"
)

// opening is a server on a copy of a prepared database, and the crowds that
// open what it serves.
type opening struct {
	base    *prepared
	dir     string
	before  census
	field   *field
	product *child
	watch   *watch
	crowds  []*crowd
}

// opening starts a server for opens on a copy of a database. The watch looks on
// as often as that.
func (b *bench) opening(ctx context.Context, base *prepared, name string, seed uint64, every time.Duration) (o *opening, err error) {
	o = &opening{base: base}
	if o.dir, err = b.copyOf(base, name); err != nil {
		return nil, err
	}
	if o.field, o.before, err = b.inspect(ctx, base, o.dir); err != nil {
		return nil, err
	}
	o.crowds = crowds(o.field, seed)
	if o.product, _, err = b.serve(ctx, o.dir); err != nil {
		return nil, err
	}
	if o.watch, err = newWatch(ctx, o.dir, every); err != nil {
		return nil, errors.Join(err, o.product.abandon())
	}
	return o, nil
}

// side is the load of opens on this server.
func (o *opening) side(ctx context.Context, name string) *side {
	return &side{
		name: name, on: []*child{o.product}, lead: foldLead,
		of:     func(thread int) traffic { return o.crowds[thread].opening() },
		settle: func() error { return o.watch.until(ctx, o.field.top.Load()) },
	}
}

// give drops the server and its copy, when something has gone wrong before end
// or nothing more is to be known of it.
func (o *opening) give() {
	o.watch.close()
	_ = o.product.abandon()
	_ = os.RemoveAll(o.dir)
}

// end stops the server and makes sure that every acknowledged open is there. It
// returns what the server used in its life, and what is in the database now.
func (o *opening) end(ctx context.Context, b *bench) (life usage, after census, err error) {
	o.watch.close() // the last connection to go is the one that checkpoints
	if life, err = o.product.stop(); err != nil {
		return life, after, err
	}
	if _, after, err = b.inspect(ctx, o.base, o.dir); err != nil {
		return life, after, err
	}
	all := acknowledged(o.crowds)
	if err := allThere(all, o.before, after); err != nil {
		return life, after, err
	}
	b.tell.say("%d opens acknowledged, %d rows more in the log, every one of them, and %d of %d folded", len(all), after.rows-o.before.rows, after.trees, after.rows)
	return life, after, nil
}

// open measures confirmed opens, and what they leave on the disk.
func (b *bench) open(ctx context.Context) (err error) {
	base, err := b.prepared(ctx, b.usual())
	if err != nil {
		return err
	}
	o, err := b.opening(ctx, base, "opening", seed+2, watchEvery)
	if err != nil {
		return err
	}
	defer o.give()
	answers, _, err := sample(o.product.addr, o.crowds[0])
	if err != nil {
		return err
	}
	if err := o.crowds[0].note(answer{status: http.StatusOK, body: answers.Open.Body}, time.Now()); err != nil {
		return err
	}
	if err := b.openRounds(ctx, o, answers); err != nil {
		return err
	}
	behind, err := b.behind(ctx, o)
	if err != nil {
		return err
	}
	life, after, err := o.end(ctx, b)
	if err != nil {
		return err
	}
	n := float64(after.rows - o.before.rows)
	b.lines = append(b.lines,
		measured("from acknowledged to counted, 99 of 100", behind[1], asMillis, 3000, 1000),
		line{name: "  half of them", ours: asMillis(behind[0])},
		line{name: "  server CPU per open, over the server's whole life", ours: asMicros(float64(life.cpu.Microseconds()) / n)},
		measured(fmt.Sprintf("written to disk per open, at %s", many(base.Opens)), float64(life.written)/n, asBytes, 8000, 3000),
		measured(fmt.Sprintf("on disk per open, all %s and 48 hours of keys", many(base.Opens)), base.each(), asBytes, 120, 75),
		line{name: fmt.Sprintf("  of the %.0f appended, each with keys", n), ours: asBytes(float64(after.size-o.before.size) / n)})
	return nil
}

// openRounds measures the opens beside the bare handler, over some connections
// and over many.
func (b *bench) openRounds(ctx context.Context, o *opening, answers *bare) error {
	bareServer, err := b.serveBare(ctx, answers)
	if err != nil {
		return err
	}
	defer func() { _ = bareServer.abandon() }()
	theirs := &side{
		name: "bare", on: []*child{bareServer}, lead: shortLead,
		of: func(thread int) traffic { return o.crowds[thread].pretending() },
	}
	var commitsBefore uint32
	var opensBefore int
	var endProfile func()
	all, err := b.contest(ctx, "confirmed open", connections, func() (err error) {
		opensBefore = len(acknowledged(o.crowds))
		if commitsBefore, err = commits(o.dir); err != nil {
			return err
		}
		endProfile, err = b.profile(o.product)
		return err
	}, theirs, o.side(ctx, "ricochet"))
	if endProfile != nil {
		endProfile()
	}
	if err != nil {
		return err
	}
	commitsAfter, err := commits(o.dir)
	if err != nil {
		return err
	}
	perCommit := float64(len(acknowledged(o.crowds))-opensBefore) / float64(max(commitsAfter-commitsBefore, 1))
	more, err := b.contest(ctx, fmt.Sprintf("… %d connections", manyMore), manyMore, nil, theirs, o.side(ctx, "ricochet"))
	if err != nil {
		return err
	}
	b.lines = append(b.lines,
		compare("confirmed open, requests/s", all[0], all[1], perSecond, asRate, 0.28, 0.40, true),
		compare("  server CPU, fold included", all[0], all[1], round.cpuMicros, asMicros, 4.0, 2.8, false),
		compare(fmt.Sprintf("  p99, %d connections", connections), all[0], all[1], late, asMillis, 4, 2.5, false),
		compare(fmt.Sprintf("  p99, %d connections", manyMore), more[0], more[1], late, asMillis, 3, 2, false),
		line{name: "  p50 / p99", bare: all[0].latency(), ours: all[1].latency()},
		compare(fmt.Sprintf("  requests/s, %d connections", manyMore), more[0], more[1], perSecond, asRate, 0, 0, true),
		line{name: "  opens to a commit", ours: fmt.Sprintf("%.1f", perCommit)})
	return nil
}

// longest is how long opens come without a pause, to see whether the fold falls
// behind; the slices of a contest would not show it.
func (s settings) longest() time.Duration {
	return time.Duration(2 * s.seconds * float64(time.Second))
}

// behind measures how long after its answer an open is counted, under a load
// that does not pause: in milliseconds, half of them and 99 of 100.
func (b *bench) behind(ctx context.Context, o *opening) (behind [2]float64, err error) {
	long := o.side(ctx, "ricochet")
	before := make([]int, len(o.crowds))
	for i, c := range o.crowds {
		before[i] = len(c.opened)
	}
	r, err := long.slice(ctx, 0, 0, connections, b.longest())
	long.team.leave()
	if err != nil {
		return behind, fmt.Errorf("opens without a pause: %w", err)
	}
	r.sumUp()
	b.tell.say("%s of opens without a pause: %.0f/s, p99 %s", b.longest(), r.perSecond(), asMillis(millis(r.p99)))
	var all []float64
	for i, c := range o.crowds {
		for _, d := range o.watch.behind(c.opened[before[i]:]) {
			all = append(all, millis(d))
		}
	}
	return [2]float64{quantile(all, 0.5), quantile(all, 0.99)}, nil
}
