package message

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"ricochet.example/app/id"
	"ricochet.example/data"
)

// pauses lie between the tries to send a mail; after the last one it has failed.
var pauses = []time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour,
}

// How long a claim holds: until the mail is handed over, and from then on. Whoever sends a mail gives up
// before that.
const (
	claimTime  = 2 * time.Minute
	handedTime = 7 * time.Minute
)

// refusals is how many mails in a row a server refuses for an address before it is not written to unasked.
const refusals = 3

// lane is one of the two queues: mails that a person waits for, which end soon, are not held up by the others.
type lane bool

const (
	urgent   lane = true
	ordinary lane = false
)

// lanes are both.
var lanes = []lane{urgent, ordinary}

// mine is the condition for a mail to be in the lane and to be sent now. It takes the time twice.
func (l lane) mine() string {
	if l == urgent {
		return `state = 'waiting' AND next_at <= ? AND forget_at > ?`
	}
	return `state = 'waiting' AND next_at <= ? AND forget_at IS NULL AND written_at <= ?`
}

// due says whether a mail of the lane is to be sent now.
func (l lane) due(ctx context.Context, tx *data.Tx) (bool, error) {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM mails WHERE `+l.mine()+` LIMIT 1) one`, tx.Now(), tx.Now())
	return n > 0, err
}

// take claims the mail of the lane that waits longest, for a sender at a domain; data.ErrNotFound when none
// is due. Nobody else sends it until the claim is over.
func (l lane) take(ctx context.Context, tx *data.Tx, domain string) (Mail, error) {
	if err := data.Lock(ctx, tx, "outbox"); err != nil {
		return Mail{}, err
	}
	m, err := data.One(ctx, tx, scan, `SELECT `+columns+` FROM mails WHERE `+l.mine()+` ORDER BY next_at, id LIMIT 1`,
		tx.Now(), tx.Now())
	if err != nil {
		return m, err
	}
	if m.MessageID == "" {
		m.MessageID = m.ID + "@" + domain
	}
	m.State, m.claim = StateSending, id.New()
	m.Tries++
	_, err = tx.Exec(ctx, `UPDATE mails SET state = 'sending', claim = ?, claimed_until = ?, handed_at = NULL, tries = ?, message_id = ?
		WHERE id = ?`, m.claim, tx.Now().Add(claimTime), m.Tries, m.MessageID, m.ID)
	return m, err
}

// handOver notes that the mail may have arrived from now on. It returns data.ErrNotFound when it is not the
// claimer's any more, or its time is over: then it must not go out.
func handOver(ctx context.Context, tx *data.Tx, m Mail) error {
	return touched(tx.Exec(ctx, `UPDATE mails SET handed_at = ?, claimed_until = ?
		WHERE id = ? AND claim = ? AND state = 'sending' AND (forget_at IS NULL OR forget_at > ?)`,
		tx.Now(), tx.Now().Add(handedTime), m.ID, m.claim, tx.Now()))
}

// touched is data.ErrNotFound when no row was.
func touched(n int64, err error) error {
	if err == nil && n == 0 {
		return data.ErrNotFound
	}
	return err
}

// markSent notes that the mail server has taken the mail. Its text is of no use any more.
func markSent(ctx context.Context, tx *data.Tx, m Mail) error {
	err := touched(tx.Exec(ctx, `UPDATE mails SET state = 'sent', ended_at = ?, body = '', html = '', forget_at = NULL,
			reason = '', reply = '', claimed_until = NULL
		WHERE id = ? AND claim = ? AND state IN ('sending', 'unsure')`, tx.Now(), m.ID, m.claim))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM mail_stops WHERE address = ? AND unwanted = 0`, strings.ToLower(m.To))
	return err
}

// markFailed notes that the mail cannot be delivered.
func markFailed(ctx context.Context, tx *data.Tx, m Mail, p *Problem) error {
	_, err := tx.Exec(ctx, `UPDATE mails SET state = 'failed', ended_at = ?, reason = ?, reply = ?, claimed_until = NULL
		WHERE id = ? AND claim = ? AND state = 'sending'`, tx.Now(), string(p.Reason), p.Reply, m.ID, m.claim)
	return err
}

// markUnsure notes that nobody knows whether the mail server took the mail.
func markUnsure(ctx context.Context, tx *data.Tx, m Mail, p *Problem) error {
	_, err := tx.Exec(ctx, `UPDATE mails SET state = 'unsure', ended_at = ?, reason = ?, reply = ?, claimed_until = NULL
		WHERE id = ? AND claim = ? AND state = 'sending'`, tx.Now(), string(p.Reason), p.Reply, m.ID, m.claim)
	return err
}

// postpone puts a mail back for its next try; after the last one it has failed.
func postpone(ctx context.Context, tx *data.Tx, m Mail, p *Problem) error {
	if m.Tries > len(pauses) {
		return markFailed(ctx, tx, m, p)
	}
	_, err := tx.Exec(ctx, `UPDATE mails SET state = 'waiting', next_at = ?, reason = ?, reply = ?, claimed_until = NULL, handed_at = NULL
		WHERE id = ? AND claim = ? AND state = 'sending'`,
		tx.Now().Add(pauses[m.Tries-1]), string(p.Reason), p.Reply, m.ID, m.claim)
	return err
}

// postponeDue gives all mails of the lane that are due the same try as the one that just showed that the mail
// server cannot be used: no need to ask it again for each.
func (l lane) postponeDue(ctx context.Context, tx *data.Tx, p *Problem) error {
	if err := data.Lock(ctx, tx, "outbox"); err != nil {
		return err
	}
	var next strings.Builder
	for n, pause := range slices.All(pauses) {
		fmt.Fprintf(&next, " WHEN %d THEN %d", n, pause.Milliseconds())
	}
	last := len(pauses)
	_, err := tx.Exec(ctx, `UPDATE mails SET next_at = CAST(? AS BIGINT) + CASE tries`+next.String()+` ELSE 0 END, reason = ?, reply = ?,
			ended_at = CASE WHEN tries >= ? THEN CAST(? AS BIGINT) ELSE NULL END,
			state = CASE WHEN tries >= ? THEN 'failed' ELSE 'waiting' END, tries = tries + 1
		WHERE `+l.mine(), tx.Now().UnixMilli(), string(p.Reason), p.Reply, last, tx.Now().UnixMilli(), last, tx.Now(), tx.Now())
	return err
}

// release puts back mails whose sender was not heard of again. Those that may have arrived are unsure.
func release(ctx context.Context, tx *data.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE mails SET
			state = CASE WHEN handed_at IS NULL THEN 'waiting' ELSE 'unsure' END,
			ended_at = CASE WHEN handed_at IS NULL THEN NULL ELSE CAST(? AS BIGINT) END,
			reason = CASE WHEN handed_at IS NULL THEN reason ELSE ? END
		WHERE state = 'sending' AND claimed_until <= ?`, tx.Now().UnixMilli(), string(Unsure), tx.Now())
	return err
}

// TryAgain sends a mail that failed, was given up or is unsure once more, as if it had just been written, and
// one that waits for its next try now. It returns data.ErrNotFound for any other, and for one whose text was
// blanked.
func TryAgain(ctx context.Context, tx *data.Tx, mailID string) error {
	m, err := ByID(ctx, tx, mailID)
	if err != nil {
		return err
	}
	err = touched(tx.Exec(ctx, `UPDATE mails SET state = 'waiting', tries = 0, next_at = ?, ended_at = NULL, handed_at = NULL, reason = '', reply = ''
		WHERE id = ? AND state IN ('waiting', 'failed', 'unsure') AND body <> ''`, tx.Now(), mailID))
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `DELETE FROM mail_stops WHERE address = ? AND unwanted = 0`, strings.ToLower(m.To))
	return err
}

// TryAllAgain is TryAgain for all mails that failed, and returns how many there are.
func TryAllAgain(ctx context.Context, tx *data.Tx) (int, error) {
	if _, err := tx.Exec(ctx, `DELETE FROM mail_stops WHERE unwanted = 0 AND address IN (SELECT lower(recipient) FROM mails WHERE state = 'failed')`); err != nil {
		return 0, err
	}
	n, err := tx.Exec(ctx, `UPDATE mails SET state = 'waiting', tries = 0, next_at = ?, ended_at = NULL, handed_at = NULL, reason = '', reply = ''
		WHERE state = 'failed' AND body <> ''`, tx.Now())
	return int(n), err
}

// GiveUp ends a mail that waits; data.ErrNotFound when it does not.
func GiveUp(ctx context.Context, tx *data.Tx, mailID string) error {
	if err := data.Lock(ctx, tx, "outbox"); err != nil {
		return err
	}
	return touched(tx.Exec(ctx, `UPDATE mails SET state = 'failed', ended_at = ?, reason = ?, reply = ''
		WHERE id = ? AND state = 'waiting'`, tx.Now(), string(GivenUp), mailID))
}

// refused notes that a server refused a mail for an address, for good when it said that there is no such mailbox.
func refused(ctx context.Context, tx *data.Tx, m Mail, p *Problem) error {
	if p.Reason != Recipient && p.Reason != Mailbox {
		return nil
	}
	enough := refusals
	if p.Reason == Mailbox {
		enough = 1
	}
	_, err := tx.Exec(ctx, `INSERT INTO mail_stops (address, refusals, unwanted, stopped_at)
			VALUES (?, 1, 0, CASE WHEN ? <= 1 THEN CAST(? AS BIGINT) ELSE NULL END)
		ON CONFLICT (address) DO UPDATE SET refusals = mail_stops.refusals + 1,
			stopped_at = CASE WHEN mail_stops.stopped_at IS NOT NULL THEN mail_stops.stopped_at
				WHEN mail_stops.refusals + 1 >= ? THEN CAST(? AS BIGINT) ELSE NULL END`,
		strings.ToLower(m.To), enough, tx.Now().UnixMilli(), enough, tx.Now().UnixMilli())
	return err
}

// Stopped says whether an address is not written to unasked: its server refused our mails, or the person does
// not want any. Mails that a person asks for are written all the same.
func Stopped(ctx context.Context, tx *data.Tx, address string) (bool, error) {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM mail_stops WHERE address = ? AND stopped_at IS NOT NULL`, strings.ToLower(address))
	return n > 0, err
}

// Stop notes that the person at an address wants no mails that they did not ask for. Those that wait are given up.
func Stop(ctx context.Context, tx *data.Tx, address string) error {
	address = strings.ToLower(address)
	if _, err := tx.Exec(ctx, `INSERT INTO mail_stops (address, refusals, unwanted, stopped_at) VALUES (?, 0, 1, ?)
		ON CONFLICT (address) DO UPDATE SET unwanted = 1, stopped_at = coalesce(mail_stops.stopped_at, excluded.stopped_at)`,
		address, tx.Now()); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE mails SET state = 'failed', ended_at = ?, reason = ?
		WHERE state = 'waiting' AND lower(recipient) = ? AND kind <> ?`, tx.Now(), string(Stoppage), address, string(SignIn))
	return err
}

// Recall throws away a mail that was not handed over yet, and says whether it was there. What may have arrived stays
// listed, without its text: nobody can send it again by hand.
func Recall(ctx context.Context, tx *data.Tx, mailID string) (bool, error) {
	if err := data.Lock(ctx, tx, "outbox"); err != nil {
		return false, err
	}
	if _, err := tx.Exec(ctx, `UPDATE mails SET body = '', html = '' WHERE id = ? AND state = 'unsure'`, mailID); err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, `DELETE FROM mails WHERE id = ? AND (state IN ('waiting', 'failed') OR state = 'sending' AND handed_at IS NULL)`, mailID)
	return n > 0, err
}
