// Package web answers requests: it knows the routes, who may use which, what
// goes into a response besides the page, and what an error looks like to a
// person.
package web

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"ricochet.example/app/brand"
	"ricochet.example/app/clock"
	"ricochet.example/app/demo"
	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	mail "ricochet.example/app/message"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/data"
)

// Config is what a server is made of.
type Config struct {
	DB      *data.DB
	Clock   clock.Clock
	Log     *slog.Logger
	Proxies []netip.Prefix // whose X-Forwarded-For is believed
	// MailRoots are who may vouch for the mail server; nil: whom the machine trusts.
	MailRoots *x509.CertPool
	// Demo makes the server a demo's: anybody can be anybody of the cast. nil: it is a real one.
	Demo *demo.Cast
	// MayReach says which servers may be asked whether a link leads somewhere; nil: those of the public network.
	MayReach func(netip.AddrPort) bool
	// WebRoots are who may vouch for those who take pushes; nil: whom the machine trusts.
	WebRoots *x509.CertPool
}

// Server answers for one installation. Several may stand on one database.
type Server struct {
	db      *data.DB
	clock   clock.Clock
	log     *slog.Logger
	proxies *proxies
	tokens  *id.Tokens
	nonces  *nonces
	opener  *share.Opener
	tallies share.Tallies
	pages   pageCache
	brand   atomic.Pointer[brand.Brand] // nil before set-up
	// crossOrigin trusts our own public address besides what the request says.
	crossOrigin atomic.Pointer[http.CrossOriginProtection]
	cookies     *cookies
	fold        spread.Folder
	boards      spread.Boards
	seen        owners // browsers of those who are signed in
	uses        uses   // and their sessions
	tries       tries  // to sign in
	felt        tries  // to react, as a reader
	spoke       tries  // to write to the brand, as a reader
	wished      tries  // to ask for a way in, as a reader
	sent        once   // forms
	post        *mail.Sender
	traces      traces // trees that were looked at
	drawing     drawing
	carding     drawing // of cards, which messengers do not wait long for
	developing  drawing // of uploads, which take much memory
	unpacking   drawing // of drops that come as files, likewise
	cards       cards
	icons       icons
	reach       *http.Client // asks whether links lead somewhere
	reaching    drawing
	forgot      atomic.Int64
	vapid       vapid  // names us to those who take pushes
	ends        []byte // signs what ends mails
	pusher      *http.Client
	noticed     atomic.Int64 // the minute in which it was looked for notices last
	pushed      atomic.Int64 // and for pushes
	told        atomic.Int64 // the minute in which leaders were told of applications last
	climbed     atomic.Int64 // the turn in which it was looked for levels last
	cleared     atomic.Int64 // the hour in which small groups of held opens were cleared last
	handler     http.Handler
	demo        *demoHouse // nil: a real server
}

// New prepares a server; it needs the secrets of the installation, which it
// makes when they are not there yet.
func New(ctx context.Context, cfg Config) (*Server, error) {
	s := &Server{db: cfg.DB, clock: cfg.Clock, log: cfg.Log, proxies: &proxies{trusted: cfg.Proxies, log: cfg.Log}, drawing: make(drawing, drawAtOnce), carding: make(drawing, drawAtOnce), developing: make(drawing, 1), unpacking: make(drawing, 1), demo: newDemoHouse(cfg.Demo)}
	var tokenKey, nonceKey, cookieKey, vapidKey []byte
	err := s.db.Update(ctx, func(tx *data.Tx) (err error) {
		if tokenKey, err = brand.Secret(ctx, tx, "tokens", 32); err != nil {
			return err
		}
		if nonceKey, err = brand.Secret(ctx, tx, "nonces", 32); err != nil {
			return err
		}
		if cookieKey, err = brand.Secret(ctx, tx, "cookies", 64); err != nil {
			return err
		}
		if vapidKey, err = brand.Secret(ctx, tx, "vapid", 32); err != nil {
			return err
		}
		if s.ends, err = brand.Secret(ctx, tx, "unsubscribe", 32); err != nil {
			return err
		}
		return errors.Join(mail.Seal(ctx, tx), drop.Doors(ctx, tx))
	})
	if err != nil {
		return nil, fmt.Errorf("reading the secrets: %w", err)
	}
	if s.tokens, err = id.NewTokens(tokenKey); err != nil {
		return nil, err
	}
	s.nonces = newNonces(nonceKey)
	s.cookies = newCookies(cookieKey, s.https)
	s.post = &mail.Sender{DB: s.db, Log: s.log, Roots: cfg.MailRoots}
	s.reach, s.reaching = reacher(isPublic), make(drawing, 1)
	if cfg.MayReach != nil {
		s.reach = reacher(cfg.MayReach)
	}
	if s.vapid, err = newVAPID(vapidKey); err != nil {
		return nil, err
	}
	s.pusher = pusher(s.reach, cfg.WebRoots)
	for _, t := range []*tries{&s.tries, &s.felt, &s.spoke, &s.wished} {
		t.clock = s.clock
	}
	s.sent.clock = s.clock
	if err := s.learnBrand(ctx); err != nil {
		return nil, err
	}
	s.fold.Lost = func(open int64, err error) {
		s.log.Error("an open hangs on nothing and is not counted", slog.Int64("open", open), slog.Any("error", err))
	}
	s.opener = share.NewOpener(s.db)
	s.handler = s.build()
	return s, nil
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// Tokens turns ids of links and opens into share tokens and back.
func (s *Server) Tokens() *id.Tokens { return s.tokens }

// Work does what is due behind the requests: it writes the tallies, folds new
// opens and forgets what has had its time. Tests and the replay call it when
// their own clock says so. What fails keeps nothing else from being done.
func (s *Server) Work(ctx context.Context) error {
	return errors.Join(s.opener.LearnPrior(ctx), s.chores(ctx), s.fold.Fold(ctx, s.db), s.push(ctx))
}

func (s *Server) chores(ctx context.Context) error {
	return errors.Join(s.learnBrand(ctx), s.tallies.Write(ctx, s.db), s.recognise(ctx), s.noteUses(ctx), s.tellLeaders(ctx), s.noteLevels(ctx), s.tellMembers(ctx), s.clearSmall(ctx), s.forget(ctx))
}

// How often the server works behind the requests. The fold comes often: many
// small folds hold up the readers less than a large one, and who has shared sees
// it counted at once.
const (
	choresEvery = time.Second
	foldEvery   = 200 * time.Millisecond
)

// Run works until ctx ends, and once more.
func (s *Server) Run(ctx context.Context) {
	var both sync.WaitGroup
	both.Go(func() { s.every(ctx, choresEvery, s.chores) })
	both.Go(func() { s.every(ctx, choresEvery, s.opener.LearnPrior) }) // of a large day it takes seconds
	both.Go(func() { s.every(ctx, choresEvery, s.push) })              // others may be slow to take them
	both.Go(func() {
		s.every(ctx, foldEvery, func(ctx context.Context) error { return s.fold.Fold(ctx, s.db) })
	})
	both.Wait()
	if err := s.Work(context.WithoutCancel(ctx)); err != nil {
		s.log.Error("working a last time", slog.Any("error", err))
	}
}

func (s *Server) every(ctx context.Context, pause time.Duration, work func(context.Context) error) {
	tick := time.NewTicker(pause)
	defer tick.Stop()
	var said time.Time
	for {
		err := work(context.WithoutCancel(ctx))
		if now := s.clock.Now(); err != nil && now.Sub(said) >= choresEvery {
			said = now // a full disk is not told of five times a second
			s.log.Error("working behind the requests", slog.Any("error", err))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// learnBrand looks again who we are: another server may have changed it.
func (s *Server) learnBrand(ctx context.Context) error {
	var b brand.Brand
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		b, err = brand.Of(ctx, tx)
		return err
	})
	protection := http.NewCrossOriginProtection()
	switch {
	case errors.Is(err, data.ErrNotFound):
		s.crossOrigin.CompareAndSwap(nil, protection)
		return nil
	case err != nil:
		return fmt.Errorf("reading the brand: %w", err)
	}
	if have := s.brand.Load(); have != nil && *have == b {
		return nil
	}
	if err := protection.AddTrustedOrigin(b.URL); err != nil {
		return fmt.Errorf("the brand's public address: %w", err)
	}
	s.crossOrigin.Store(protection)
	s.brand.Store(&b)
	return nil
}
