package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"ricochet.example/data"
)

// bench is one run.
type bench struct {
	settings
	tell   *progress
	dir    string // of this run alone
	binary string // the product
	self   string // we, who also serve the bare handlers
	bases  map[plan]*prepared
	lines  report

	crowded crowded
}

// How many visitors ask at the same time.
const (
	connections = 64
	manyMore    = 512
)

// starts is how often a start is measured.
const starts = 5

// part is a group of measures that can be run alone.
type part struct {
	name    string
	measure func(*bench, context.Context) error
}

// parts are all of them, in the order of the report.
func parts() []part {
	return []part{{"page", (*bench).read}, {"open", (*bench).open}, {"large", (*bench).large}, {"postgres", (*bench).hot}}
}

func allParts() (names []string) {
	for _, p := range parts() {
		names = append(names, p.name)
	}
	return names
}

// run measures everything that was asked for.
func (b *bench) run(ctx context.Context) error {
	for _, p := range parts() {
		if !b.wants(p.name) {
			continue
		}
		if err := p.measure(b, ctx); err != nil {
			return err
		}
	}
	return nil
}

// usual is the plan of the database that most is measured on.
func (s settings) usual() plan { return s.of(s.opens[1]) }

// of is the plan of a database with so many opens.
func (s settings) of(opens int) plan {
	return plan{ambassadors: s.ambassadors, drops: 20, opens: opens}
}

// prepared is the database of a plan.
func (b *bench) prepared(ctx context.Context, p plan) (base *prepared, err error) {
	if base = b.bases[p]; base != nil {
		return base, nil
	}
	if base, err = prepare(ctx, b.cache, p, time.Now(), b.tell); err != nil {
		return nil, err
	}
	if b.bases == nil {
		b.bases = map[plan]*prepared{}
	}
	b.bases[p] = base
	return base, nil
}

// serve starts the product on a data directory.
func (b *bench) serve(ctx context.Context, dir string, more ...string) (*child, time.Duration, error) {
	addr, err := freeAddr()
	if err != nil {
		return nil, 0, err
	}
	return start(ctx, addr, nil, b.binary, append([]string{"serve", "--dir", dir, "--addr", addr, "--trusted-proxy", "127.0.0.1"}, more...)...)
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

// copyOf gives a server a prepared database for itself.
func (b *bench) copyOf(base *prepared, name string) (dir string, err error) {
	dir = filepath.Join(b.dir, name)
	if err := os.Mkdir(dir, 0o700); err != nil {
		return "", err
	}
	from, err := os.Open(data.File(base.dir))
	if err != nil {
		return "", fmt.Errorf("copying the database: %w", err)
	}
	defer from.Close()
	to, err := os.OpenFile(data.File(dir), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return "", fmt.Errorf("copying the database: %w", err)
	}
	// Linux counts a whole folio as written for every byte of it that changes, and
	// makes folios as large as the writes that fill them: after large writes a page
	// of 1 KB counts for 100 KB of which the disk gets 4. So these are small, and
	// the count is what the disk gets.
	_, err = io.CopyBuffer(struct{ io.Writer }{to}, struct{ io.Reader }{from}, make([]byte, os.Getpagesize()))
	// Synced now, it is not written to the disk while we measure.
	if err := errors.Join(err, to.Sync(), to.Close()); err != nil {
		return "", fmt.Errorf("copying the database: %w", err)
	}
	return dir, nil
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
