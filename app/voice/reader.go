package voice

import (
	"context"
	"fmt"
	"strings"
	"time"

	"ricochet.example/app/id"
	"ricochet.example/data"
)

// Reader is somebody without an account who came by a link. Nothing else is known of them.
type Reader struct {
	LinkID int64
	DropID string
	OpenID int64 // 0: none that is known to be theirs
}

// mostUnknown is how many messages, and how many reactions, a link takes in a day from readers of whom no open is known.
const mostUnknown = 50

// Heard is that something was said before by a reader, or by somebody who looks just like them: the same telephone in
// the same network. So it never says what.
type Heard struct {
	Reacted bool
	Wrote   State // what became of the message; empty: there is none
}

// HeardFrom returns what was heard from a reader; nothing of one of whom no open is known.
func HeardFrom(ctx context.Context, tx *data.Tx, r Reader) (h Heard, err error) {
	if r.OpenID == 0 {
		return h, nil
	}
	return h, data.Each(ctx, tx, func(row data.Row) error {
		var kind Kind
		var state State
		err := row.Scan(&kind, &state)
		if kind == Reaction {
			h.Reacted = true
		} else {
			h.Wrote = state
		}
		return err
	}, `SELECT kind, state FROM voices WHERE open_id = ?`, r.OpenID)
}

// Feel notes how a reader feels about a drop, in place of what they felt before.
func (r Reader) Feel(ctx context.Context, tx *data.Tx, feeling string) error {
	if err := r.bound(ctx, tx, Reaction); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO voices (id, drop_id, link_id, open_id, kind, words, said_at, state) VALUES (?, ?, ?, NULLIF(CAST(? AS BIGINT), 0), 'reaction', ?, ?, 'read')
		ON CONFLICT (open_id, kind) WHERE open_id IS NOT NULL DO UPDATE SET words = excluded.words, said_at = excluded.said_at`,
		id.New(), r.DropID, r.LinkID, r.OpenID, feeling, tx.Now())
	if err != nil {
		return fmt.Errorf("noting a reaction: %w", err)
	}
	return nil
}

// Write writes down a reader's one message, which has passed CheckMessage; ErrSaid if there is another one. The same
// again is no error.
func (r Reader) Write(ctx context.Context, tx *data.Tx, words string) error {
	if err := r.bound(ctx, tx, Message); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `INSERT INTO voices (id, drop_id, link_id, open_id, kind, words, said_at, state) VALUES (?, ?, ?, NULLIF(CAST(? AS BIGINT), 0), 'message', ?, ?, 'new')
		ON CONFLICT (open_id, kind) WHERE open_id IS NOT NULL DO UPDATE SET words = excluded.words WHERE voices.words = excluded.words`, id.New(), r.DropID, r.LinkID, r.OpenID, strings.TrimSpace(words), tx.Now())
	if err != nil {
		return fmt.Errorf("writing down a reader's message: %w", err)
	}
	if n == 0 {
		return ErrSaid
	}
	return nil
}

// bound keeps those of whom nothing is known from filling the inbox.
func (r Reader) bound(ctx context.Context, tx *data.Tx, kind Kind) error {
	if r.OpenID != 0 {
		return nil
	}
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM voices WHERE link_id = ? AND open_id IS NULL AND kind = ? AND said_at > ?`,
		r.LinkID, string(kind), tx.Now().Add(-24*time.Hour))
	if err == nil && n >= mostUnknown {
		err = ErrMany
	}
	return err
}

// ForgetOpen forgets what was said by whoever made an open.
func ForgetOpen(ctx context.Context, tx *data.Tx, openID int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM voices WHERE open_id = ?`, openID)
	return err
}

// mostRetired is how many are cut down at a time.
const mostRetired = 500

// Retire cuts down what readers said before that time, the oldest first: it keeps its words, its day and the link, and
// of the visit only whether it counted. It gets another id, for the one that it had tells when it was made.
func Retire(ctx context.Context, tx *data.Tx, before time.Time) error {
	old, err := data.All(ctx, tx, data.Text, `SELECT id FROM voices WHERE link_id IS NOT NULL AND retired = 0 AND said_at < ? ORDER BY said_at LIMIT ?`, before, mostRetired)
	if err != nil {
		return err
	}
	for _, had := range old {
		if _, err := tx.Exec(ctx, `UPDATE voices SET id = ?, said_at = said_at - said_at % 86400000, open_id = NULL,
			retired = CASE WHEN open_id IS NULL THEN 1 WHEN EXISTS (SELECT 1 FROM opens o WHERE o.id = voices.open_id AND `+counts+`) THEN 2 ELSE 3 END
			WHERE id = ?`, id.Timeless(), had); err != nil {
			return fmt.Errorf("retiring what readers said: %w", err)
		}
	}
	return nil
}

// counts is whether an open o counts, by the last word on it: the state 0 of package share.
const counts = `coalesce((SELECT w.state FROM decisions w WHERE w.open_id = o.id ORDER BY w.id DESC LIMIT 1), o.state) = 0`
