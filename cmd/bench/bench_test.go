package main

import (
	"context"
	"log/slog"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"ricochet.example/app/clock"
	"ricochet.example/app/web"
	"ricochet.example/data/datatest"
)

// A hundred links and some opens, then a crowd for a fraction of a second: each
// page has its token, and each acknowledged open stands in the log and is folded.
func TestASmallLoadIsServedAndKept(t *testing.T) {
	ctx, now := context.Background(), clock.At(datatest.Noon)
	db := datatest.New(t, now.Now)
	links, err := found(ctx, db, plan{ambassadors: 20, drops: 5})
	if err != nil {
		t.Fatal(err)
	}
	if len(links) != 100 {
		t.Fatalf("there are %d links", len(links))
	}
	tell := &progress{out: t.Output()}
	if err := newHistory(links, 2000, now.Now()).write(ctx, db, tell); err != nil {
		t.Fatal(err)
	}
	if err := fold(ctx, db, tell); err != nil {
		t.Fatal(err)
	}
	f, err := fieldOf(ctx, db, links, now)
	if err != nil {
		t.Fatal(err)
	}
	site, err := web.New(ctx, web.Config{
		DB: db, Clock: now, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")},
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site)
	defer server.Close()
	addr := server.Listener.Addr().String()
	before, err := censusOf(ctx, db)
	if err != nil {
		t.Fatal(err)
	}

	crowds := crowds(f, 1)
	answers, token, err := sample(addr, crowds[0])
	if err != nil {
		t.Fatal(err)
	}
	plain := httptest.NewServer(answers)
	defer plain.Close()
	var acknowledged []opened
	if ref, ok := f.tokens.Parse(string(answers.Open.Body[len(tokenField):][:tokenLength])); ok {
		acknowledged = append(acknowledged, opened{ref.ID, now.Now()})
	}
	for name, l := range map[string]struct {
		addr string
		of   func(int) traffic
	}{
		"pages":                   {addr, func(i int) traffic { return crowds[i].reading("identity", nil) }},
		"packed pages":            {addr, func(i int) traffic { return crowds[i].reading("gzip", nil) }},
		"opens":                   {addr, func(i int) traffic { return crowds[i].opening() }},
		"pages of the bare one":   {plain.Listener.Addr().String(), func(i int) traffic { return crowds[i].reading("identity", token) }},
		"answers of the bare one": {plain.Listener.Addr().String(), func(i int) traffic { return crowds[i].pretending() }},
	} {
		r, err := drive(ctx, l.addr, 8, 100*time.Millisecond, l.of)
		if err != nil || r.failed > 0 || r.requests < 8 {
			t.Errorf("%s: %d of %d answers are wrong: %v %v", name, r.failed, r.requests, r.failure, err)
		}
	}
	if err := site.Work(ctx); err != nil {
		t.Fatal(err)
	}
	for _, c := range crowds {
		acknowledged = append(acknowledged, c.opened...)
	}
	after, err := censusOf(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	if err := allThere(acknowledged, before, after); err != nil {
		t.Error(err)
	}
}
