package squad

import (
	"context"
	"errors"
	"strings"
	"time"

	"ricochet.example/app/id"
	"ricochet.example/app/message"
	"ricochet.example/data"
)

// Guest is a person who was invited by mail, with an invitation of their own.
type Guest struct {
	Invitation
	Email    string // lower case
	Name     string // may be empty
	Language string // of the mail
	MailID   string // the last mail with it

	// What Guests adds.
	Mail   message.State  // what became of that mail; empty when it is not kept any more
	Reason message.Reason // and why
	Joined bool           // they are in the squad, by this invitation or another
}

const guestColumns = invitationColumns + `, i.email, i.name, i.language, i.mail_id`

func (g *Guest) fields() []any {
	return append(g.Invitation.fields(), &g.Email, &g.Name, &g.Language, data.Null(&g.MailID))
}

// InviteGuest makes an invitation for one person and returns it with its code. The mail that brings it is the
// caller's to write; Posted notes it.
func InviteGuest(ctx context.Context, tx *data.Tx, g Guest) (Guest, error) {
	g.Code, g.Cap, g.Used, g.MadeAt, g.RevokedAt = id.Code(), 1, 0, tx.Now(), time.Time{}
	g.Email, g.Name = strings.ToLower(g.Email), strings.TrimSpace(g.Name)
	_, err := tx.Exec(ctx, `INSERT INTO invitations (code, squad_id, made_by, cap, made_at, ends_at, email, name, language)
		VALUES (?, ?, NULLIF(?, ''), ?, ?, ?, ?, ?, ?)`, g.Code, g.SquadID, g.MadeBy, g.Cap, g.MadeAt, g.EndsAt, g.Email, g.Name, g.Language)
	return g, err
}

// Posted notes the mail that brings a personal invitation.
func Posted(ctx context.Context, tx *data.Tx, code, mailID string) error {
	_, err := tx.Exec(ctx, `UPDATE invitations SET mail_id = ? WHERE code = ?`, mailID, code)
	return err
}

// Extend lets a personal invitation that was not taken live until then at least.
func Extend(ctx context.Context, tx *data.Tx, code string, until time.Time) error {
	_, err := tx.Exec(ctx, `UPDATE invitations SET ends_at = ? WHERE code = ? AND ends_at < ? AND used = 0`, until, code, until)
	return err
}

// GuestByCode returns a personal invitation; data.ErrNotFound for one that is for anybody.
func GuestByCode(ctx context.Context, tx *data.Tx, code string) (g Guest, err error) {
	return data.One(ctx, tx, func(row data.Row) (g Guest, err error) { return g, row.Scan(g.fields()...) },
		`SELECT `+guestColumns+` FROM invitations i WHERE i.code = ? AND i.email <> ''`, code)
}

// Guests returns n of the people who were invited into a squad by mail, the latest first, leaving out the first skip.
func Guests(ctx context.Context, tx *data.Tx, squadID string, n, skip int) ([]Guest, error) {
	return data.All(ctx, tx, func(row data.Row) (g Guest, err error) {
		return g, row.Scan(append(g.fields(), data.Null(&g.Mail), data.Null(&g.Reason), data.Bool(&g.Joined))...)
	}, `SELECT `+guestColumns+`, m.state, m.reason,
			CASE WHEN i.used > 0 OR EXISTS (SELECT 1 FROM members seat JOIN accounts a ON a.id = seat.account_id
				WHERE seat.squad_id = i.squad_id AND a.email = i.email) THEN 1 ELSE 0 END
		FROM invitations i LEFT JOIN mails m ON m.id = i.mail_id
		WHERE i.squad_id = ? AND i.email <> '' ORDER BY i.made_at DESC, i.email, i.code LIMIT ? OFFSET ?`, squadID, n, skip)
}

// CountGuests returns how many people were invited into a squad by mail.
func CountGuests(ctx context.Context, tx *data.Tx, squadID string) (int64, error) {
	return data.Int(ctx, tx, `SELECT count(*) FROM invitations WHERE squad_id = ? AND email <> ''`, squadID)
}

// Decline ends a personal invitation on the wish of whom it was for, and lets nobody write to them unasked again.
func Decline(ctx context.Context, tx *data.Tx, code string) error {
	g, err := GuestByCode(ctx, tx, code)
	if err != nil {
		return err
	}
	if err := Revoke(ctx, tx, g.SquadID, code); err != nil && !errors.Is(err, data.ErrNotFound) {
		return err
	}
	return message.Stop(ctx, tx, g.Email)
}

// uninvite takes back the personal invitations to a squad that an account has not used.
func uninvite(ctx context.Context, tx *data.Tx, squadID, accountID string) error {
	_, err := tx.Exec(ctx, `UPDATE invitations SET revoked_at = ?
		WHERE squad_id = ? AND email = (SELECT email FROM accounts WHERE id = ?) AND used = 0 AND revoked_at IS NULL`, tx.Now(), squadID, accountID)
	return err
}

// ForgetGuest deletes the invitations for a person, whether they came or not. The mails are the caller's to forget.
func ForgetGuest(ctx context.Context, tx *data.Tx, email string) error {
	_, err := tx.Exec(ctx, `DELETE FROM invitations WHERE email <> '' AND email = ?`, strings.ToLower(email))
	return err
}

// guestsKept is how long an invitation for somebody who never came is kept after it came to an end.
const guestsKept = 90 * 24 * time.Hour

func forgetGuests(ctx context.Context, tx *data.Tx) error {
	long := tx.Now().Add(-guestsKept)
	_, err := tx.Exec(ctx, `DELETE FROM invitations WHERE email <> '' AND used = 0 AND (revoked_at <= ? OR ends_at <= ?)`, long, long)
	return err
}
