package main

import (
	"cmp"
	"context"
	"log/slog"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"ricochet.example/app/clock"
	"ricochet.example/app/web"
	"ricochet.example/data/datatest"
	"ricochet.example/views"
)

// A hundred links and some opens, then a crowd for a fraction of a second: each
// page has its token, and each acknowledged open stands in the log and is folded.
func TestASmallLoadIsServedAndKept(t *testing.T) {
	ctx, now := context.Background(), clock.At(datatest.Noon)
	db := datatest.New(t, now.Now)
	_, links, err := found(ctx, db, plan{ambassadors: 20, drops: 5})
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
	if err := crowds[0].note(answer{status: 200, body: answers.Open.Body}, now.Now()); err != nil {
		t.Fatal(err)
	}
	if err := crowds[1].openOne(addr, links[7]); err != nil {
		t.Fatal(err)
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
		team, err := assemble([]string{l.addr}, 8, l.of)
		if err != nil {
			t.Fatal(err)
		}
		var sum result
		for sum.requests < 8 && err == nil { // a busy machine may take its time
			var r result
			began := time.Now()
			r, err = team.run(ctx, began, began.Add(100*time.Millisecond))
			sum.add(r)
		}
		team.leave()
		if err != nil || sum.failed > 0 || len(sum.waits) != sum.requests {
			t.Errorf("%s: %d of %d answers are wrong: %v %v", name, sum.failed, sum.requests, sum.failure, err)
		}
	}
	if err := site.Work(ctx); err != nil {
		t.Fatal(err)
	}
	after, err := censusOf(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	if err := allThere(acknowledged(crowds), before, after); err != nil {
		t.Error(err)
	}
}

// The manager and an ambassador are signed in beforehand, and see what they are
// to be shown in the time that is taken.
func TestThoseWhoLookAreSignedIn(t *testing.T) {
	ctx := context.Background()
	db := datatest.New(t, clock.System{}.Now)
	campaign, links, err := found(ctx, db, plan{ambassadors: 3, drops: 1})
	if err != nil {
		t.Fatal(err)
	}
	site, err := web.New(ctx, web.Config{DB: db, Clock: clock.System{}, Log: slog.New(slog.NewTextHandler(t.Output(), nil))})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site)
	defer server.Close()
	board := views.BoardPath(campaign) + "?period=week"
	for _, c := range []struct{ email, path, text string }{
		{managerAddress, board, "Ambassador 2"},
		{managerAddress, views.LinkPath(site.Tokens().Link(links[0])), "<svg"},
		{ambassadorAddress(1), board, ""},
	} {
		who, err := signIn(ctx, db, c.email)
		if err != nil {
			t.Fatal(err)
		}
		text := cmp.Or(c.text, who.id)
		if _, err := who.look(ctx, server.Listener.Addr().String(), c.path, text); err != nil {
			t.Errorf("%s: %v", c.email, err)
		}
		if _, err := who.look(ctx, server.Listener.Addr().String(), c.path, "what is not there"); err == nil {
			t.Errorf("%s was content with a page that lacks what was to be on it", c.email)
		}
	}
	if _, err := signIn(ctx, db, "nobody@riviera.example"); err == nil {
		t.Error("nobody was signed in")
	}
}
