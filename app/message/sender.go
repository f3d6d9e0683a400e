package message

import (
	"context"
	"crypto/x509"
	"errors"
	"log/slog"
	"sync"
	"time"

	"ricochet.example/app/id"
	"ricochet.example/data"
)

// Sender takes the mails of the outbox to the mail server. Any number of them may work on one database.
type Sender struct {
	DB    *data.DB
	Log   *slog.Logger
	Roots *x509.CertPool // who may vouch for the mail server; nil: whom the machine trusts
	// Patience is how long the mail server may take over one step; zero is 90 seconds, and 5 minutes to take a mail.
	Patience time.Duration
}

// How often the sender looks for mails, and how long it goes on with one when it is told to stop.
const (
	lookEvery = time.Second
	lastMail  = 10 * time.Second
)

// Run sends what is due every second until ctx ends.
func (s *Sender) Run(ctx context.Context) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		if err := s.Work(ctx); err != nil {
			s.Log.Error("sending mails", slog.Any("error", err))
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

// Work sends all mails that are due, those that a person waits for beside the others. Without a mail server it
// does nothing. When ctx ends, the mail that is being sent is finished.
func (s *Sender) Work(ctx context.Context) error {
	if err := s.putBack(ctx); err != nil {
		return err
	}
	var server Server
	due := map[lane]bool{}
	err := s.DB.Glance(context.WithoutCancel(ctx), func(tx *data.Tx) (err error) {
		if server, err = ServerOf(ctx, tx); err != nil {
			return err
		}
		for _, l := range lanes {
			if due[l], err = l.due(ctx, tx); err != nil {
				return err
			}
		}
		return nil
	})
	if errors.Is(err, data.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	errs := make([]error, len(lanes))
	var all sync.WaitGroup
	for i, l := range lanes {
		if due[l] {
			all.Go(func() { errs[i] = s.empty(ctx, server, l) })
		}
	}
	all.Wait()
	return errors.Join(errs...)
}

// putBack releases mails whose sender was not heard of again.
func (s *Sender) putBack(ctx context.Context) error {
	var any int64
	err := s.DB.Glance(ctx, func(tx *data.Tx) (err error) {
		any, err = data.Int(ctx, tx, `SELECT count(*) FROM mails WHERE state = 'sending' AND claimed_until <= ?`, tx.Now())
		return err
	})
	if err != nil || any == 0 {
		return err
	}
	return s.update(ctx, release)
}

// update writes what must be written even when we are told to stop.
func (s *Sender) update(ctx context.Context, fn func(context.Context, *data.Tx) error) error {
	ctx = context.WithoutCancel(ctx)
	return s.DB.Update(ctx, func(tx *data.Tx) error { return fn(ctx, tx) })
}

func (s *Sender) patience() patience {
	if s.Patience == 0 {
		return usual
	}
	return patience{talk: s.Patience, taken: s.Patience}
}

// empty sends the mails of a lane until none is due, on one connection after the other.
func (s *Sender) empty(ctx context.Context, server Server, l lane) error {
	last, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(lastMail, cancel) })()
	var open *line
	defer func() { open.hangUp() }()
	for ctx.Err() == nil {
		var m Mail
		var stopped bool
		err := s.update(ctx, func(ctx context.Context, tx *data.Tx) (err error) {
			if m, err = l.take(ctx, tx, server.domain()); err != nil || l == urgent {
				return err
			}
			stopped, err = Stopped(ctx, tx, m.To)
			return err
		})
		switch {
		case errors.Is(err, data.ErrNotFound):
			return nil
		case err != nil:
			return err
		case stopped:
			err := s.update(ctx, func(ctx context.Context, tx *data.Tx) error {
				return markFailed(ctx, tx, m, &Problem{Reason: Stoppage})
			})
			if err != nil {
				return err
			}
			continue
		}
		open, err = s.deliver(last, server, open, m)
		over, err := s.settle(ctx, l, m, err)
		if err != nil || over {
			return err
		}
	}
	return nil
}

// deliver sends one mail on the line that is open, or on a new one, and returns the line for the next.
func (s *Sender) deliver(ctx context.Context, server Server, open *line, m Mail) (*line, error) {
	text, err := compose(server, m)
	if err != nil {
		return open, &Problem{Reason: Unwritten, final: true}
	}
	handOver := func() error {
		return s.update(ctx, func(ctx context.Context, tx *data.Tx) error { return handOver(ctx, tx, m) })
	}
	for {
		if open == nil {
			if open, err = server.dial(ctx, s.Roots, s.patience()); err != nil {
				return nil, err
			}
		}
		used := !open.fresh()
		err = open.send(ctx, s.patience(), server, m, text, handOver)
		if err == nil {
			if open.sent >= mailsALine {
				open.hangUp()
				open = nil
			}
			return open, nil
		}
		var p *Problem
		if errors.As(err, &p) && p.Reply != "" && !p.server && open.client.Reset() == nil {
			return open, err // the server refused the mail and listens on
		}
		open.cut()
		open = nil
		// A server that had enough of a connection takes the mail on another one.
		if used && p != nil && (p.Reason == Dropped || p.server) {
			continue
		}
		return nil, err
	}
}

// settle notes what became of a mail, and says whether there is no point in sending the others now.
func (s *Sender) settle(ctx context.Context, l lane, m Mail, sent error) (over bool, err error) {
	var p *Problem
	switch {
	case sent == nil:
		err = s.update(ctx, func(ctx context.Context, tx *data.Tx) error { return markSent(ctx, tx, m) })
		if errors.Is(err, data.ErrNotFound) {
			err = nil // somebody else settled it long ago
		}
		return false, err
	case errors.Is(sent, errNotOurs):
		return false, nil
	case !errors.As(sent, &p):
		return true, sent
	}
	// What the mail server said stays out of the log: it may name the address.
	s.Log.Warn("a mail was not taken", slog.String("mail", m.ID), slog.Int("try", m.Tries), slog.String("reason", string(p.Reason)))
	err = s.update(ctx, func(ctx context.Context, tx *data.Tx) error {
		switch {
		case p.Reason == Unsure:
			return markUnsure(ctx, tx, m, p)
		case p.final:
			if err := markFailed(ctx, tx, m, p); err != nil {
				return err
			}
			return refused(ctx, tx, m, p)
		}
		if err := postpone(ctx, tx, m, p); err != nil || !p.server {
			return err
		}
		return l.postponeDue(ctx, tx, p)
	})
	return p.server, err
}

// Try sends a mail at once, past the outbox, to see whether a mail server can be used. What went wrong is told
// as a *Problem.
func (s *Sender) Try(ctx context.Context, server Server, m Mail) error {
	if p := m.Check(); !p.OK() {
		return &Problem{Reason: Unwritten}
	}
	m.MessageID, m.WrittenAt = id.New()+"@"+server.domain(), s.DB.Now()
	text, err := compose(server, m)
	if err != nil {
		return &Problem{Reason: Unwritten}
	}
	wait := patience{talk: tryTime, taken: tryTime}
	if s.Patience > 0 {
		wait = s.patience()
	}
	l, err := server.dial(ctx, s.Roots, wait)
	if err != nil {
		return err
	}
	if err := l.send(ctx, wait, server, m, text, func() error { return nil }); err != nil {
		l.cut()
		return err
	}
	l.hangUp()
	return nil
}

// tryTime is how long a person waits for a try.
const tryTime = 15 * time.Second
