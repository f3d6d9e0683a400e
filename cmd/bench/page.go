package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
)

// read measures the reader page.
func (b *bench) read(ctx context.Context) (err error) {
	base, err := b.prepared(ctx, b.usual())
	if err != nil {
		return err
	}
	dir, err := b.copyOf(base, "reading")
	if err != nil {
		return err
	}
	f, _, err := b.inspect(ctx, base, dir)
	if err != nil {
		return err
	}
	product, _, err := b.serve(ctx, dir)
	if err != nil {
		return err
	}
	defer func() {
		_, stopped := product.stop()
		err = errors.Join(err, stopped, os.RemoveAll(dir))
	}()
	crowds := crowds(f, seed+1)
	answers, token, err := sample(product.addr, crowds[0])
	if err != nil {
		return err
	}
	plainBare, err := b.serveBare(ctx, answers)
	if err != nil {
		return err
	}
	defer func() { _ = plainBare.abandon() }()

	of := func(encoding string, token []byte) func(int) traffic {
		return func(thread int) traffic { return crowds[thread].reading(encoding, token) }
	}
	all, err := b.contest(ctx, "reader page", connections, nil,
		&side{name: "bare", on: []*child{plainBare}, of: of("identity", token), lead: shortLead},
		&side{name: "ricochet", on: []*child{product}, of: of("identity", nil), lead: shortLead},
		&side{name: "ricochet, gzip", on: []*child{product}, of: of("gzip", nil), lead: shortLead})
	if err != nil {
		return err
	}
	theirs, ours, packed := all[0], all[1], all[2]
	b.lines = append(b.lines,
		compare("reader page, requests/s", theirs, ours, perSecond, asRate, 0.40, 0.60, true),
		compare("  compressed, CPU to the same uncompressed", ours, packed, round.cpuMicros, asMicros, 1.5, 1.1, false),
		compare("  server CPU per page", theirs, ours, round.cpuMicros, asMicros, 0, 0, false),
		line{name: fmt.Sprintf("  p50 / p99 (%d bytes)", len(answers.Page.Body)), bare: theirs.latency(), ours: ours.latency()},
		line{name: "  compressed: requests/s", ours: asRate(packed.median(perSecond))})
	return nil
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
