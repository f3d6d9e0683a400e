package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"

	"ricochet.example/app/clock"
	"ricochet.example/app/demo"
	"ricochet.example/app/web"
	"ricochet.example/data"
)

type demoCommand struct {
	Addr string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"Address and port to listen on (default: ${default}). Whoever can reach it can be anybody in the demo."`
	Keep bool   `help:"Keep the data when the demo ends, and go on with it at the next start, in ricochet-demo or in --dir."`
	JSON bool   `name:"json" help:"When ready, write one line of JSON with the addresses to the standard output, and nothing else."`
}

// Help is what ricochet demo --help adds.
func (c *demoCommand) Help() string {
	return "A brand that does not exist, with three squads, forty-two ambassadors, four drops and what became of them in two weeks, all of it played through " +
		"the real server. One drop opens ten minutes after the start. The data is in the directory for temporary files (TMPDIR) and is thrown away at the end; " +
		"with --dir it is there instead, and made new at each start unless --keep says otherwise. A directory with anything else in it is refused."
}

// Run makes the demo and serves it until ctx ends.
func (c *demoCommand) Run(ctx context.Context, std *streams, at *installation) (err error) {
	place, err := c.place(ctx, at)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, place.leave()) }()
	listener, err := listen(ctx, c.Addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	log := slog.New(slog.NewTextHandler(std.Err, &slog.HandlerOptions{Level: slog.LevelWarn}))
	address := "http://" + reachable(listener.Addr())
	show, err := place.open(ctx, std, address)
	if err != nil {
		if ctx.Err() != nil && errors.Is(err, context.Canceled) {
			return nil // told to stop before it had begun
		}
		return fmt.Errorf("making the demo: %w", err)
	}
	defer func() { err = errors.Join(err, show.db.Close()) }()
	site, err := show.site(ctx, log)
	if err != nil {
		return err
	}
	end := behind(ctx, site.Run) // and nobody takes the mails: they wait where the owner sees them
	defer end()
	if err := c.greet(std, show.addresses(site, address)); err != nil {
		return err
	}
	return answer(ctx, log, listener, site)
}

// addresses are where the demo is, and whom one can be there.
type addresses struct {
	Address    string `json:"address"`
	Owner      string `json:"owner"` // these three sign in
	Captain    string `json:"captain"`
	Ambassador string `json:"ambassador"`
	Share      string `json:"share"` // what the ambassador shared, for anybody to open
}

func (c *demoCommand) greet(std *streams, a addresses) error {
	if c.JSON {
		return json.NewEncoder(std.Out).Encode(a)
	}
	_, err := fmt.Fprintf(std.Out, "The demo of Ricochet is at %s\nOpen it in a browser: everything else is said there. Ctrl+C ends it.\n", a.Address)
	return err
}

// show is a demo that was made.
type show struct {
	db    *data.DB
	clock clock.Clock
	cast  *demo.Cast
	link  int64 // of the ambassador, to the drop that can be shared and is not public
}

// site is the server that says on each page that it is a demo's.
func (s *show) site(ctx context.Context, log *slog.Logger) (*web.Server, error) {
	return web.New(ctx, web.Config{DB: s.db, Clock: s.clock, Log: log, Demo: s.cast})
}

func (s *show) addresses(site *web.Server, address string) addresses {
	return addresses{
		Address: address, Owner: address + web.DemoSignIn("owner"), Captain: address + web.DemoSignIn("captain"),
		Ambassador: address + web.DemoSignIn("ambassador"), Share: address + "/s/" + site.Tokens().Link(s.link),
	}
}

// goOn opens a demo that was made in an earlier run.
func goOn(ctx context.Context, cfg data.Config, c clock.Clock, address string) (s *show, err error) {
	s = &show{clock: c}
	if s.db, err = data.Open(ctx, cfg); err != nil {
		return nil, err
	}
	if err := errors.Join(moveTo(ctx, s.db, address), s.learn(ctx)); err != nil {
		return nil, errors.Join(err, s.db.Close())
	}
	return s, nil
}

// learn finds the cast in the database.
func (s *show) learn(ctx context.Context) error {
	return s.db.View(ctx, func(tx *data.Tx) (err error) {
		if s.cast, err = demo.Find(ctx, tx); err == nil {
			s.link, err = s.cast.Link(ctx, tx)
		}
		return err
	})
}

// discard is a log that nobody reads.
func discard() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }
