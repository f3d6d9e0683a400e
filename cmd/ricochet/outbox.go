package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"strings"
	"time"

	"ricochet.example/app/message"
	"ricochet.example/data"
)

// outbox shows in the log what mails are written while no mail server takes
// them: on a fresh machine that is how a person gets their sign-in code. It
// looks at the database, so that it misses no mail, whichever server of the
// installation wrote it.
type outbox struct {
	db   *data.DB
	log  *slog.Logger
	form string // of the log
	to   io.Writer
	seen []string // ids of the latest mails

	taken bool // there is a mail server, which takes the mails
}

// Between two looks, and how many mails are looked at first.
const (
	outboxEvery = 500 * time.Millisecond
	outboxLook  = 20
)

// pass leaves the mails alone that are there already.
func (o *outbox) pass(ctx context.Context) error {
	latest, err := o.latest(ctx, outboxLook)
	if err != nil {
		return fmt.Errorf("looking into the outbox: %w", err)
	}
	o.note(latest)
	return nil
}

// follow shows new mails until ctx ends, and once more.
func (o *outbox) follow(ctx context.Context) {
	tick := time.NewTicker(outboxEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			o.look(ctx)
		case <-ctx.Done():
			o.look(context.WithoutCancel(ctx))
			return
		}
	}
}

// look shows the mails that were not there before, the oldest first.
func (o *outbox) look(ctx context.Context) {
	for n := outboxLook; ; n *= 2 {
		latest, err := o.latest(ctx, n)
		if err != nil {
			o.log.Error("looking into the outbox", slog.Any("error", err))
			return
		}
		fresh := slices.DeleteFunc(slices.Clone(latest), func(m message.Mail) bool { return slices.Contains(o.seen, m.ID) })
		if len(fresh) == n {
			continue // there may be more
		}
		for _, m := range slices.Backward(fresh) {
			if m.State == message.StateWaiting && !o.taken {
				o.show(m)
			}
		}
		o.note(latest)
		return
	}
}

// latest are the last mails; it notes whether a mail server takes them, for then their texts are nobody's but
// the reader's.
func (o *outbox) latest(ctx context.Context, n int) (mails []message.Mail, err error) {
	err = o.db.Glance(ctx, func(tx *data.Tx) error {
		_, err := message.ServerOf(ctx, tx)
		if o.taken = err == nil; err != nil && !errors.Is(err, data.ErrNotFound) {
			return err
		}
		mails, err = message.Latest(ctx, tx, n)
		return err
	})
	return mails, err
}

func (o *outbox) note(mails []message.Mail) {
	o.seen = o.seen[:0]
	for _, m := range mails {
		o.seen = append(o.seen, m.ID)
	}
}

// show logs one mail; in a log for people with its text as it would be read.
func (o *outbox) show(m message.Mail) {
	const what = "a mail is in the outbox, for no mail server takes it"
	if o.form == "json" {
		o.log.Info(what, slog.String("to", m.To), slog.String("subject", m.Subject), slog.String("text", m.Body))
		return
	}
	o.log.Info(what, slog.String("to", m.To), slog.String("subject", m.Subject))
	var b bytes.Buffer
	for line := range strings.Lines(strings.TrimRight(m.Body, "\n") + "\n") {
		fmt.Fprintf(&b, "    %s", line)
	}
	_, _ = o.to.Write(b.Bytes())
}
