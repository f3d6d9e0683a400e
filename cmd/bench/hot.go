package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"ricochet.example/app/clock"
	"ricochet.example/data"
)

// hot measures confirmed opens of one drop on PostgreSQL: two servers on one
// database beside one.
func (b *bench) hot(ctx context.Context) error {
	const name, floor, target = "PostgreSQL: opens/s on one hot drop, two servers to one", 1, 1.5
	if !b.postgres {
		b.lines = append(b.lines, leftOut(name, asRatio, floor, target))
		return nil
	}
	url, stop, err := startPostgres(ctx)
	if err != nil {
		b.tell.say("%v", err)
		b.lines = append(b.lines, notRun(name, asRatio, floor, target))
		return nil
	}
	defer stop()
	one, two, err := b.servers(ctx, url)
	if err != nil {
		return fmt.Errorf("on PostgreSQL: %w", err)
	}
	b.lines = append(b.lines,
		compared(name, two.ratio(one, perSecond), asRate(one.median(perSecond)), asRate(two.median(perSecond)), floor, target, true),
		line{name: "  p50 / p99", bare: one.latency(), ours: two.latency()})
	return nil
}

// startPostgres starts a PostgreSQL of our own, which syncs its commits to the
// disk as people's do.
func startPostgres(ctx context.Context) (url string, stop func(), err error) {
	out, err := exec.CommandContext(ctx, "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", nil, fmt.Errorf("looking for .ci/postgres: %w", err)
	}
	script := filepath.Join(strings.TrimSpace(string(out)), ".ci", "postgres")
	dir, err := os.MkdirTemp("", "ricochet-bench-")
	if err != nil {
		return "", nil, err
	}
	stop = func() {
		_ = exec.Command(script, "stop", dir).Run()
		_ = os.RemoveAll(dir)
	}
	// It runs as somebody else when we are root.
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // what is in it has rights of its own
		stop()
		return "", nil, err
	}
	cmd := exec.CommandContext(ctx, script, "start", dir)
	cmd.Env = append(os.Environ(), "DURABLE=1")
	said := &tail{}
	cmd.Stderr = said
	out, err = cmd.Output()
	found := regexp.MustCompile(`postgres://[^']+`).FindString(string(out))
	if err != nil || found == "" {
		stop()
		return "", nil, errors.Join(fmt.Errorf("PostgreSQL could not be started: %w; it said:\n%s", err, said))
	}
	return found, stop, nil
}

// servers measures one server and two by turns on a new database. The second
// one is only there while both are measured: it would help the first one.
func (b *bench) servers(ctx context.Context, url string) (one, two rounds, err error) {
	db, err := data.Open(ctx, data.Config{URL: url, Now: clock.System{}.Now})
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, links, err := found(ctx, db, plan{ambassadors: b.ambassadors, drops: 1})
	if err != nil {
		return nil, nil, err
	}
	f, err := fieldOf(ctx, db, links, clock.System{})
	if err != nil {
		return nil, nil, err
	}
	f.gaps = true // what fails, and what is not yet committed, takes ids as well
	crowds := crowds(f, seed+7)
	serve := func() (*child, error) {
		c, _, err := b.serve(ctx, filepath.Join(b.dir, "beside-postgres"), "--database", url)
		return c, err
	}
	first, err := serve()
	if err != nil {
		return nil, nil, err
	}
	defer func() {
		_, stopped := first.stop()
		err = errors.Join(err, stopped)
	}()
	var second *child
	defer func() {
		if second != nil {
			_ = second.abandon()
		}
	}()
	sides := [2]*side{}
	for i := range sides {
		sides[i] = &side{
			name: []string{"one server", "two servers"}[i], on: []*child{first}, lead: foldLead,
			of:     func(thread int) traffic { return crowds[thread].opening() },
			settle: func() error { return folded(ctx, db, f.top.Load()) },
		}
	}
	both := sides[1]
	both.ready = func(int, int) (err error) {
		if second, err = serve(); err == nil {
			both.on = []*child{first, second}
		}
		return err
	}
	both.done = func() error {
		both.team.leave()
		both.team = nil
		_, err := second.stop()
		second = nil
		return err
	}
	alone := b.crowded
	all, err := b.contest(ctx, "open, PostgreSQL", connections, nil, sides[0], both)
	b.crowded = alone // PostgreSQL itself is one of the others here
	if err != nil {
		return nil, nil, err
	}
	after, err := censusOf(ctx, db)
	if err != nil {
		return nil, nil, err
	}
	return all[0], all[1], allThere(acknowledged(crowds), census{}, after)
}

// folded waits until the fold has come to an open.
func folded(ctx context.Context, db *data.DB, open int64) error {
	for began := time.Now(); ; time.Sleep(idleWatch) {
		at, err := count(ctx, db, `SELECT open_id FROM fold WHERE id = 1`)
		switch {
		case err != nil:
			return err
		case at >= open:
			return nil
		case time.Since(began) > time.Minute:
			return fmt.Errorf("the fold has not come to open %d in a minute; it is at %d", open, at)
		}
	}
}
