// Package solo knows how somebody shares a drop themself, one by one: whom they tell, with a link for each, and whom
// they have told. It is for those who have customers and no ambassadors.
package solo

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"ricochet.example/app/share"
	"ricochet.example/app/visit"
	"ricochet.example/data"
)

// Recipient is somebody who is told of a drop with a link of their own.
type Recipient struct {
	LinkID    int64
	DropID    string
	Name      string // empty once they were forgotten
	Phone     string // digits behind a plus; may be empty
	Email     string // may be empty
	State     State
	SettledAt time.Time
}

// State is how far it has come with a recipient.
type State string

// The states.
const (
	Waiting State = "waiting" // to be told
	Told    State = "told"
	Skipped State = "skipped"
)

// States lists every state.
var States = []State{Waiting, Told, Skipped}

// The bounds of a list.
const (
	MostRecipients = 200 // of one drop
	longestName    = 80
)

// Templates is how many messages there are to choose from.
const Templates = 3

// same says whether two are one person: they have a phone number or an address in common.
func (r Recipient) same(other Recipient) bool {
	return r.Phone != "" && r.Phone == other.Phone || r.Email != "" && r.Email == other.Email
}

// ErrMany says that a drop would have more recipients than it may.
var ErrMany = errors.New("more recipients than a drop may have")

// Add makes a link for each who is not there yet. It returns how many that were.
func Add(ctx context.Context, tx *data.Tx, dropID string, some []Recipient) (n int, err error) {
	if err := data.Lock(ctx, tx, "recipients "+dropID); err != nil {
		return 0, err
	}
	have, err := All(ctx, tx, dropID)
	if err != nil {
		return 0, err
	}
	have = Known(have)
	for _, r := range some {
		if slices.ContainsFunc(have, r.same) {
			continue
		}
		if len(have)+n >= MostRecipients {
			return 0, ErrMany
		}
		l, err := share.NewHouse(ctx, tx, dropID, share.OneToOne)
		if err != nil {
			return 0, err
		}
		_, err = tx.Exec(ctx, `INSERT INTO recipients (link_id, drop_id, name, phone, email, state) VALUES (?, ?, ?, ?, ?, ?)`,
			l.ID, dropID, r.Name, r.Phone, r.Email, string(Waiting))
		if err != nil {
			return 0, fmt.Errorf("adding a recipient: %w", err)
		}
		n++
	}
	return n, nil
}

const columns = `SELECT link_id, drop_id, name, phone, email, state, settled_at FROM recipients `

func scan(r data.Row) (one Recipient, err error) {
	return one, r.Scan(&one.LinkID, &one.DropID, &one.Name, &one.Phone, &one.Email, &one.State, data.Time(&one.SettledAt))
}

// All returns the recipients of a drop in the order in which they came.
func All(ctx context.Context, tx *data.Tx, dropID string) ([]Recipient, error) {
	return data.All(ctx, tx, scan, columns+`WHERE drop_id = ? ORDER BY link_id`, dropID)
}

// Known are those of some who are not forgotten: the others take no place.
func Known(all []Recipient) []Recipient {
	return slices.DeleteFunc(all, func(r Recipient) bool { return r.Name == "" })
}

// IsRecipient returns data.ErrNotFound for a link that is none of those of a drop that were made for one person.
func IsRecipient(ctx context.Context, tx *data.Tx, dropID string, linkID int64) error {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM recipients WHERE link_id = ? AND drop_id = ?`, linkID, dropID)
	if err == nil && n == 0 {
		err = data.ErrNotFound
	}
	return err
}

// NameOf is whom a link was made for, empty where that is nobody, or nobody who is still known.
func NameOf(ctx context.Context, tx *data.Tx, linkID int64) (string, error) {
	one, err := data.One(ctx, tx, scan, columns+`WHERE link_id = ?`, linkID)
	if errors.Is(err, data.ErrNotFound) {
		return "", nil
	}
	return one.Name, err
}

// Settle notes how far it has come with a recipient of a drop; data.ErrNotFound if they are none of it, or forgotten.
func Settle(ctx context.Context, tx *data.Tx, dropID string, linkID int64, to State) error {
	n, err := tx.Exec(ctx, `UPDATE recipients SET state = ?, settled_at = ? WHERE link_id = ? AND drop_id = ? AND name <> ''`, string(to), tx.Now(), linkID, dropID)
	if err == nil && n == 0 {
		err = data.ErrNotFound
	}
	return err
}

// Kept is how long it is known who somebody is after they were told, or were added and never told.
const Kept = 90 * 24 * time.Hour

const forget = `UPDATE recipients SET name = '', phone = '', email = '', state = CASE WHEN state = 'waiting' THEN 'skipped' ELSE state END WHERE name <> '' `

// Forget forgets who the recipients of a drop are, and returns how many those were: of one link, or all where it is 0.
// Their links go on, and what came of them stays.
func Forget(ctx context.Context, tx *data.Tx, dropID string, linkID int64) (int64, error) {
	n, err := tx.Exec(ctx, forget+`AND drop_id = ? AND (CAST(? AS BIGINT) = 0 OR link_id = ?)`, dropID, linkID, linkID)
	if err != nil {
		return 0, fmt.Errorf("forgetting recipients: %w", err)
	}
	return n, nil
}

// Lapse forgets who those are whose time is over.
func Lapse(ctx context.Context, tx *data.Tx) error {
	_, err := tx.Exec(ctx, forget+`AND coalesce(settled_at, (SELECT l.made_at FROM links l WHERE l.id = recipients.link_id)) <= ?`, tx.Now().Add(-Kept))
	if err != nil {
		return fmt.Errorf("forgetting recipients whose time is over: %w", err)
	}
	return nil
}

// Composer is where a message to one person is written.
type Composer struct {
	Channel visit.Channel
	Address string
}

// Composers are the ways in which a recipient can be written to, with the message.
func (r Recipient) Composers(m share.Message) (all []Composer) {
	escape := func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
	if r.Phone != "" {
		all = append(all, Composer{visit.WhatsApp, "https://wa.me/" + strings.TrimPrefix(r.Phone, "+") + "?text=" + escape(m.On(visit.WhatsApp))})
	}
	if r.Email != "" {
		subject, _, _ := strings.Cut(m.Text(), "\n")
		all = append(all, Composer{visit.Email, "mailto:" + url.PathEscape(r.Email) + "?subject=" + escape(subject) + "&body=" + escape(strings.ReplaceAll(m.On(visit.Email), "\n", "\r\n"))})
	}
	return all
}
