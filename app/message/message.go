// Package message knows the outbox: the mails that the installation wrote, and what became of them.
package message

import (
	"context"
	"fmt"
	"strings"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/id"
	"ricochet.example/data"
)

// Mail is a message to one person.
type Mail struct {
	ID        string
	To        string // a plain e-mail address
	Subject   string // one line
	Body      string // plain text
	WrittenAt time.Time
	// ForgetAt is when a body that holds a secret is blanked; zero: it holds none.
	ForgetAt time.Time
	State    State
}

// State is what became of a mail.
type State string

// The states of a mail.
const (
	StateWaiting State = "waiting" // without a mail server: to be read in the outbox
	StateSent    State = "sent"
	StateFailed  State = "failed"
	StateOver    State = "over" // blanked before it was sent
)

// longestSubject is the length of a subject, in characters.
const longestSubject = 200

// Check returns what keeps the mail from being written.
func (m Mail) Check() (p check.Problems) {
	p.Email("to", m.To)
	p.Filled("subject", m.Subject)
	p.Longest("subject", m.Subject, longestSubject)
	if strings.ContainsAny(m.Subject, "\r\n") {
		p.Add("subject", "check.text") // what follows would be read as another header
	}
	p.Filled("body", m.Body)
	return p
}

const columns = `id, recipient, subject, body, written_at, forget_at, state`

func scan(row data.Row) (m Mail, err error) {
	return m, row.Scan(&m.ID, &m.To, &m.Subject, &m.Body, data.Time(&m.WrittenAt), data.Time(&m.ForgetAt), &m.State)
}

// Write puts a mail into the outbox and returns it as it waits there.
func Write(ctx context.Context, tx *data.Tx, m Mail) (Mail, error) {
	if p := m.Check(); !p.OK() {
		return m, fmt.Errorf("a mail cannot be written: %v is wrong", p.Fields())
	}
	m.ID, m.WrittenAt, m.State = id.New(), tx.Now(), StateWaiting
	_, err := tx.Exec(ctx, `INSERT INTO mails (`+columns+`) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		m.ID, m.To, m.Subject, m.Body, m.WrittenAt, m.ForgetAt, string(m.State))
	return m, err
}

// Waiting returns the mails that are to be sent, in the order in which they were written.
func Waiting(ctx context.Context, tx *data.Tx) ([]Mail, error) {
	return data.All(ctx, tx, scan, `SELECT `+columns+` FROM mails
		WHERE state = 'waiting' AND (forget_at IS NULL OR forget_at > ?) ORDER BY written_at, id`, tx.Now())
}

// Latest returns the last n mails, the newest first, with no secret in them whose time is over.
func Latest(ctx context.Context, tx *data.Tx, n int) ([]Mail, error) {
	mails, err := data.All(ctx, tx, scan, `SELECT `+columns+` FROM mails ORDER BY written_at DESC, id DESC LIMIT ?`, n)
	for i, m := range mails {
		if !m.ForgetAt.IsZero() && !tx.Now().Before(m.ForgetAt) {
			mails[i] = m.blank()
		}
	}
	return mails, err
}

// blank is the mail as Forget leaves it.
func (m Mail) blank() Mail {
	m.Body, m.ForgetAt = "", time.Time{}
	if m.State == StateWaiting {
		m.State = StateOver
	}
	return m
}

// MarkSent notes that the mail server has taken a waiting mail.
func MarkSent(ctx context.Context, tx *data.Tx, mailID string) error {
	return mark(ctx, tx, mailID, StateSent)
}

// MarkFailed notes that a waiting mail cannot be delivered.
func MarkFailed(ctx context.Context, tx *data.Tx, mailID string) error {
	return mark(ctx, tx, mailID, StateFailed)
}

func mark(ctx context.Context, tx *data.Tx, mailID string, s State) error {
	n, err := tx.Exec(ctx, `UPDATE mails SET state = ? WHERE id = ? AND state = 'waiting'`, string(s), mailID)
	if err == nil && n == 0 {
		return data.ErrNotFound
	}
	return err
}

// Forget blanks the bodies of mails whose secrets are of no use any more, sent or not.
func Forget(ctx context.Context, tx *data.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE mails SET body = '', forget_at = NULL,
			state = CASE state WHEN 'waiting' THEN 'over' ELSE state END
		WHERE forget_at <= ?`, tx.Now())
	return err
}
