// Package message knows the outbox: the mails that the installation wrote, how they are handed to a mail
// server, and what became of them.
//
// A mail is sent at most once. Whoever sends it claims its row first, and notes that it is being handed over
// right before the end of its text goes out. If after that nothing is heard of the mail server any more, be it
// that the connection broke or that this program did, the mail is "unsure": it may have arrived, so it is never
// sent again by itself; the owner sees it and may try again. Before that moment whatever happens is followed by
// another try. The Message-ID stays the same at every try.
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
	ID          string
	Kind        Kind
	To          string // a plain e-mail address
	Subject     string // one line
	Body        string // plain text
	HTML        string // the same as a page; may be empty
	Unsubscribe string // an https address at which the person says that they want no more of the kind; may be empty
	WrittenAt   time.Time
	// ForgetAt is when a body that holds a secret is blanked; zero: it holds none.
	ForgetAt time.Time
	State    State

	MessageID string    // without brackets; empty before the first try
	Tries     int       // begun so far
	NextAt    time.Time // when a waiting mail is tried next
	Reason    Reason    // why the last try failed
	Reply     string    // what the mail server said then, in its own words
	EndedAt   time.Time // when it was sent or given up
	claim     string    // of whoever is sending it
}

// Kind is what a mail is about.
type Kind string

// The kinds of mail. A sign-in is asked for by a person who waits for it.
const (
	SignIn     Kind = "signin"
	Invitation Kind = "invitation"
	// An Application is what an applicant hears, and Guardian what a minor's guardian is asked.
	Application Kind = "application"
	Guardian    Kind = "guardian"
	// News is that people want into a squad, for those who decide about them.
	News Kind = "news"
	// Notice is what an ambassador wants to hear of: package notice.
	Notice Kind = "notice"
	Test   Kind = "test"
)

// State is what became of a mail.
type State string

// The states of a mail.
const (
	StateWaiting State = "waiting" // without a mail server: to be read in the outbox
	StateSending State = "sending" // somebody has claimed it
	StateSent    State = "sent"
	StateFailed  State = "failed"
	StateUnsure  State = "unsure" // the mail server was given it, and did not say that it took it
	StateOver    State = "over"   // blanked before it was sent
)

// States are all of them, in the order in which they are shown.
var States = []State{StateWaiting, StateSending, StateFailed, StateUnsure, StateSent, StateOver}

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
	if m.Unsubscribe != "" {
		p.URL("unsubscribe", m.Unsubscribe)
	}
	return p
}

const columns = `id, kind, recipient, subject, body, html, unsubscribe, written_at, forget_at, state,
	message_id, tries, next_at, reason, reply, ended_at, claim`

func scan(row data.Row) (m Mail, err error) {
	return m, row.Scan(&m.ID, &m.Kind, &m.To, &m.Subject, &m.Body, &m.HTML, &m.Unsubscribe,
		data.Time(&m.WrittenAt), data.Time(&m.ForgetAt), &m.State,
		&m.MessageID, &m.Tries, data.Time(&m.NextAt), &m.Reason, &m.Reply, data.Time(&m.EndedAt), &m.claim)
}

// Write puts a mail into the outbox and returns it as it waits there.
func Write(ctx context.Context, tx *data.Tx, m Mail) (Mail, error) {
	if p := m.Check(); !p.OK() {
		return m, fmt.Errorf("a mail cannot be written: %v is wrong", p.Fields())
	}
	m.ID, m.WrittenAt, m.NextAt, m.State = id.New(), tx.Now(), tx.Now(), StateWaiting
	_, err := tx.Exec(ctx, `INSERT INTO mails (id, kind, recipient, subject, body, html, unsubscribe, written_at, forget_at, state, next_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`, m.ID, string(m.Kind), m.To, m.Subject, m.Body, m.HTML, m.Unsubscribe,
		m.WrittenAt, m.ForgetAt, string(m.State), m.NextAt)
	return m, err
}

// Latest returns the last n mails, the newest first, with no secret in them whose time is over.
func Latest(ctx context.Context, tx *data.Tx, n int) ([]Mail, error) {
	return Find(ctx, tx, "", n, 0)
}

// Find returns n mails of a state, or of all when it is empty, the newest first, leaving out the first skip,
// with no secret in them whose time is over.
func Find(ctx context.Context, tx *data.Tx, state State, n, skip int) ([]Mail, error) {
	mails, err := data.All(ctx, tx, scan, `SELECT `+columns+` FROM mails WHERE state = ? OR ? = ''
		ORDER BY written_at DESC, id DESC LIMIT ? OFFSET ?`, string(state), string(state), n, skip)
	for i, m := range mails {
		if !m.ForgetAt.IsZero() && !tx.Now().Before(m.ForgetAt) {
			mails[i] = m.blank()
		}
	}
	return mails, err
}

// Counts returns how many mails are in each state.
func Counts(ctx context.Context, tx *data.Tx) (map[State]int, error) {
	counts := map[State]int{}
	return counts, data.Each(ctx, tx, func(row data.Row) error {
		var s State
		var n int
		err := row.Scan(&s, &n)
		counts[s] = n
		return err
	}, `SELECT state, count(*) FROM mails GROUP BY state`)
}

// ByID returns one mail, or data.ErrNotFound.
func ByID(ctx context.Context, tx *data.Tx, mailID string) (Mail, error) {
	return data.One(ctx, tx, scan, `SELECT `+columns+` FROM mails WHERE id = ?`, mailID)
}

// blank is the mail as Forget leaves it.
func (m Mail) blank() Mail {
	m.Body, m.HTML, m.ForgetAt = "", "", time.Time{}
	if m.State == StateWaiting {
		m.State = StateOver
	}
	return m
}

// kept is how long the outbox says what became of a mail.
const kept = 90 * 24 * time.Hour

// Forget blanks the bodies of mails whose secrets are of no use any more, sent or not, and drops the mails
// that were sent or given up more than 90 days ago. One that is just being sent is left to whoever sends it.
func Forget(ctx context.Context, tx *data.Tx) error {
	if _, err := tx.Exec(ctx, `UPDATE mails SET body = '', html = '', forget_at = NULL,
			ended_at = CASE state WHEN 'waiting' THEN ? ELSE ended_at END,
			state = CASE state WHEN 'waiting' THEN 'over' ELSE state END
		WHERE forget_at <= ? AND state <> 'sending'`, tx.Now(), tx.Now()); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM mails WHERE ended_at <= ?`, tx.Now().Add(-kept))
	return err
}

// ForgetOne deletes a mail, sent or not. That there is none is no error.
func ForgetOne(ctx context.Context, tx *data.Tx, mailID string) error {
	_, err := tx.Exec(ctx, `DELETE FROM mails WHERE id = ?`, mailID)
	return err
}

// ForgetTo deletes every mail to an address, and what is known of how it takes mails.
func ForgetTo(ctx context.Context, tx *data.Tx, email string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM mails WHERE recipient = ?`, email); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM mail_stops WHERE address = ?`, email)
	return err
}
