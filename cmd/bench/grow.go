package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"ricochet.example/app/spread"
	"ricochet.example/data"
)

// idleWatch is how often a server is looked at that only its fold is waited for:
// nothing is measured then.
const idleWatch = 50 * time.Millisecond

// large measures how much dearer things are in a large installation.
func (b *bench) large(ctx context.Context) error {
	if err := b.startEmpty(ctx); err != nil {
		return err
	}
	big, err := b.prepared(ctx, b.of(b.opens[2]))
	if err != nil {
		return err
	}
	dir, err := b.grow(ctx, big)
	if err != nil {
		return err
	}
	if err := b.lookAround(ctx, big, dir); err != nil {
		return err
	}
	if err := os.RemoveAll(dir); err != nil {
		return err
	}
	if err := b.lookAtMany(ctx); err != nil {
		return err
	}
	return b.foldAgain(ctx, big)
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

// grow measures opens on three sizes of database by turns, and what the largest
// one takes of disk and memory. It leaves the directory of that.
func (b *bench) grow(ctx context.Context, big *prepared) (dir string, err error) {
	small, err := b.prepared(ctx, b.of(b.opens[0]))
	if err != nil {
		return "", err
	}
	middle, err := b.prepared(ctx, b.usual())
	if err != nil {
		return "", err
	}
	largest, err := b.opening(ctx, big, "large", seed+3, idleWatch)
	if err != nil {
		return "", err
	}
	defer func() {
		largest.watch.close()
		_ = largest.product.abandon()
	}()
	other, err := b.opening(ctx, middle, "middle", seed+4, idleWatch)
	if err != nil {
		return "", err
	}
	defer other.give()
	fresh := &renewed{bench: b, base: small}
	defer fresh.give()
	sides := []*side{fresh.side(ctx), other.side(ctx, many(middle.Opens)+" opens"), largest.side(ctx, many(big.Opens)+" opens")}
	all, err := b.contest(ctx, "confirmed open", connections, nil, sides...)
	if err != nil {
		return "", err
	}
	crowded := largest.side(ctx, "")
	_, err = crowded.slice(ctx, 0, 0, manyMore, b.longest())
	crowded.team.leave()
	if err != nil {
		return "", fmt.Errorf("%d connections on %d opens: %w", manyMore, big.Opens, err)
	}
	memory, err := largest.product.peak()
	if err != nil {
		return "", err
	}
	life, after, err := largest.end(ctx, b)
	if err != nil {
		return "", err
	}
	n, size := float64(after.rows-largest.before.rows), many(big.Opens)
	b.lines = append(b.lines,
		compared(fmt.Sprintf("server CPU per open, %s to %s opens", size, many(small.Opens)), all[2].ratio(all[0], round.cpuMicros),
			asMicros(all[0].median(round.cpuMicros)), asMicros(all[2].median(round.cpuMicros)), 1.5, 1.2, false),
		compared(fmt.Sprintf("  %s to %s", many(middle.Opens), many(small.Opens)), all[1].ratio(all[0], round.cpuMicros),
			asMicros(all[0].median(round.cpuMicros)), asMicros(all[1].median(round.cpuMicros)), 0, 0, false),
		line{name: fmt.Sprintf("  requests/s, %s beside %s", size, many(small.Opens)), bare: asRate(all[0].median(perSecond)), ours: asRate(all[2].median(perSecond))},
		measured(fmt.Sprintf("on disk per open, all indexes, at %s", size), big.each(), asBytes, 120, 75),
		measured(fmt.Sprintf("written to disk per open, at %s", size), float64(life.written)/n, asBytes, 8000, 3000),
		measured(fmt.Sprintf("resident memory under load, at %s", size), float64(memory), asMemory, 512<<20, 200<<20))
	started, err := b.started(ctx, func(int) string { return largest.dir })
	if err != nil {
		return "", err
	}
	b.lines = append(b.lines, measured("start to first answer, "+size+" opens", started, asMillis, 2000, 300))
	return largest.dir, nil
}

// renewed is a small database that is replaced before every round: a second of
// load makes it many times as large.
type renewed struct {
	bench *bench
	base  *prepared
	now   *opening
}

func (r *renewed) give() {
	if r.now != nil {
		r.now.give()
		r.now = nil
	}
}

func (r *renewed) side(ctx context.Context) *side {
	s := &side{name: many(r.base.Opens) + " opens", lead: foldLead}
	s.of = func(thread int) traffic { return r.now.crowds[thread].opening() }
	s.settle = func() error { return r.now.watch.until(ctx, r.now.field.top.Load()) }
	s.ready = func(n, slice int) (err error) {
		if slice > 0 {
			return nil
		}
		s.team.leave()
		s.team = nil
		r.give()
		if r.now, err = r.bench.opening(ctx, r.base, "small-"+strconv.Itoa(n), seed+5, idleWatch); err != nil {
			return err
		}
		s.on = []*child{r.now.product}
		return nil
	}
	return s
}

// foldAgain measures how long everything takes to be folded from nothing. Of a
// database that was prepared just now that is known already.
func (b *bench) foldAgain(ctx context.Context, base *prepared) error {
	name := fmt.Sprintf("folding %s opens again from nothing", many(base.Opens))
	const floor, target = 20 * 60, 5 * 60
	if !b.refold {
		b.lines = append(b.lines, leftOut(name, asSeconds, floor, target))
		return nil
	}
	took := base.Folding
	if !base.made {
		dir, err := b.copyOf(base, "folding")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		err = with(ctx, dir, func(db *data.DB) error {
			b.tell.say("throwing the numbers of %s opens away …", many(base.Opens))
			if _, err := spread.Unfold(ctx, db); err != nil {
				return err
			}
			began := time.Now()
			defer func() { took = time.Since(began) }()
			return fold(ctx, db, b.tell)
		})
		if err != nil {
			return fmt.Errorf("folding again: %w", err)
		}
	}
	b.lines = append(b.lines, measured(name, took.Seconds(), asSeconds, floor, target))
	return nil
}
