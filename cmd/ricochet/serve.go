package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"ricochet.example/app/brand"
	"ricochet.example/app/clock"
	"ricochet.example/app/web"
	"ricochet.example/data"
)

// Bounds of what one connection may take.
const (
	headerTime  = 5 * time.Second
	requestTime = 30 * time.Second
	answerTime  = 2 * time.Minute // a reader on a bad line gets the page all the same
	idleTime    = 2 * time.Minute
	headerBytes = 32 << 10
	stopTime    = 20 * time.Second // to answer what was asked before the end
)

type serveCommand struct {
	Addr         string   `default:"127.0.0.1:8080" env:"RICOCHET_ADDR" placeholder:"HOST:PORT" help:"Address and port to listen on (default: ${default})."`
	TrustedProxy []string `env:"RICOCHET_TRUSTED_PROXY" placeholder:"ADDRESS" help:"Address or network (192.0.2.0/24) of a proxy whose X-Forwarded-For and X-Forwarded-Proto are believed; several by commas, or the flag again."`
	PublicURL    string   `name:"public-url" env:"RICOCHET_PUBLIC_URL" placeholder:"URL" help:"Change the address that people reach the installation by, if it moved or was mistyped at set-up."`
	Log          string   `default:"text" enum:"text,json" env:"RICOCHET_LOG" placeholder:"FORM" help:"Form of the log on the standard error, text or json (default: ${default})."`
}

// Help is what ricochet serve --help adds.
func (c *serveCommand) Help() string {
	return "Until the brand is founded, each start prints a new link for setting it up, which works once. " +
		"Mails that no mail server takes are shown in the log. SIGINT or SIGTERM answers what was asked, writes everything and ends with 0."
}

// Run serves until ctx ends.
func (c *serveCommand) Run(ctx context.Context, std *streams, at *installation) (err error) {
	// What is kept between requests is small, and garbage of pages many times as
	// much: collecting it less often saves more time than the memory is worth.
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(300)
	}
	proxies, err := web.ParseProxies(c.TrustedProxy)
	if err != nil {
		return misuse{fmt.Errorf("--trusted-proxy takes addresses and networks: %w", err)}
	}
	if err := ofADemo(at.Dir); err != nil && at.Database == "" {
		return err
	}
	log := c.logger(std)
	defer func() {
		if ctx.Err() != nil && errors.Is(err, context.Canceled) {
			err = nil // told to stop before it had begun
		}
	}()
	db, err := at.open(ctx, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	listener, err := listen(ctx, c.Addr)
	if err != nil {
		return err
	}
	defer listener.Close()
	if err := moveTo(ctx, db, c.PublicURL); err != nil {
		return err
	}
	site, err := web.New(ctx, web.Config{DB: db, Clock: clock.System{}, Log: log, Proxies: proxies})
	if err != nil {
		return err
	}
	mails := &outbox{db: db, log: log, form: c.Log, to: std.Err}
	if err := mails.pass(ctx); err != nil {
		return err
	}
	if err := greet(ctx, std, db, listener.Addr()); err != nil {
		return err
	}
	end := behind(ctx, site.Run, site.Post().Run, mails.follow)
	defer end()
	return answer(ctx, log, listener, site)
}

func (c *serveCommand) logger(std *streams) *slog.Logger {
	if c.Log == "json" {
		return slog.New(slog.NewJSONHandler(std.Err, nil))
	}
	return slog.New(slog.NewTextHandler(std.Err, nil))
}

// listen takes the port.
func listen(ctx context.Context, addr string) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, misuse{fmt.Errorf("%s is busy: another program listens there; choose another with --addr", addr)}
	case err != nil:
		return nil, misuse{fmt.Errorf("cannot listen there: %w", err)}
	}
	return l, nil
}

// moveTo gives a brand that is founded another public address. Where the one
// that it has is wrong nobody can sign in to change it.
func moveTo(ctx context.Context, db *data.DB, url string) error {
	if url == "" {
		return nil
	}
	return db.Update(ctx, func(tx *data.Tx) error {
		b, err := brand.Of(ctx, tx)
		if errors.Is(err, data.ErrNotFound) {
			return nil // it is asked for at set-up
		}
		if err != nil {
			return err
		}
		b.URL = url
		// What else is wrong, such as what an older version did not ask for, is not asked here.
		if _, wrong := b.Check()["url"]; wrong {
			return misuse{fmt.Errorf("--public-url takes an address like https://ricochet.example.com, without a path, not %q", url)}
		}
		return brand.Change(ctx, tx, b)
	})
}

// greet says where the installation is, and until it is set up, how.
func greet(ctx context.Context, std *streams, db *data.DB, at net.Addr) error {
	var who brand.Brand
	var token string
	err := db.Update(ctx, func(tx *data.Tx) (err error) {
		if token, err = brand.SetUp(ctx, tx); err != nil || token != "" {
			return err
		}
		who, err = brand.Of(ctx, tx)
		return err
	})
	if err != nil {
		return fmt.Errorf("making the set-up link: %w", err)
	}
	address := "http://" + reachable(at)
	if token != "" {
		fmt.Fprintf(std.Out, "Ricochet is at %s\nSet it up with this link, which works once: %s/setup/%s\n", address, address, token)
		return nil
	}
	fmt.Fprintf(std.Out, "Ricochet serves %s at %s, for the public address %s\n", who.Name, address, who.URL)
	return nil
}

// reachable is an address that a browser on this machine can go to.
func reachable(at net.Addr) string {
	tcp, ok := at.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return at.String()
	}
	return fmt.Sprintf("localhost:%d", tcp.Port)
}

// behind runs works beside the requests; the function it returns ends them,
// after they did what was still to do.
func behind(ctx context.Context, works ...func(context.Context)) (end func()) {
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var all sync.WaitGroup
	for _, w := range works {
		all.Go(func() { w(ctx) })
	}
	return func() {
		cancel()
		all.Wait()
	}
}

// answer answers requests until ctx ends, and then those that were begun.
func answer(ctx context.Context, log *slog.Logger, listener net.Listener, site http.Handler) error {
	server := &http.Server{
		Handler:           site,
		ReadHeaderTimeout: headerTime,
		ReadTimeout:       requestTime,
		WriteTimeout:      answerTime,
		IdleTimeout:       idleTime,
		MaxHeaderBytes:    headerBytes,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serving: %w", err)
	case <-ctx.Done():
	}
	log.Info("stopping: no new requests, those that were begun are answered")
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		log.Warn("stopping: some requests took too long and were cut off")
		_ = server.Close()
	}
	return nil
}
