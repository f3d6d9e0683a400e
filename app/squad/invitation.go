package squad

import (
	"context"
	"errors"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/id"
	"ricochet.example/data"
)

// Invitation is a code that lands its bearer in a squad.
type Invitation struct {
	Code      string // as id.Code makes it; id.ParseCode reads what people type
	SquadID   string
	MadeBy    string // the account, empty when it is gone
	Cap       int    // how many may use it; 0 is no limit
	Used      int
	MadeAt    time.Time
	EndsAt    time.Time // zero: never
	RevokedAt time.Time // zero: not revoked
	Number    int       // of one that a member gives: which of theirs; 0: it is no member's own
	LinkID    int64     // of the link whose readers it is for; 0: it is no link's
}

// Why an invitation, or the squad that it leads to, takes nobody any more.
var (
	ErrExpired = errors.New("the invitation has expired")
	ErrUsedUp  = errors.New("the invitation is used up")
	ErrRevoked = errors.New("the invitation was revoked")
	ErrFull    = errors.New("the squad is full")
)

// largestCap is the highest cap of an invitation.
const largestCap = 1000

// Check returns what keeps the invitation from being made at that time.
func (i Invitation) Check(now time.Time) (p check.Problems) {
	p.Between("cap", i.Cap, 0, largestCap)
	if !i.EndsAt.IsZero() && !i.EndsAt.After(now) {
		p.Add("ends_at", "invitation.past")
	}
	return p
}

// Closed says why the invitation takes nobody at that time: ErrRevoked, ErrExpired or ErrUsedUp; nil when
// it is open.
func (i Invitation) Closed(now time.Time) error {
	switch {
	case !i.RevokedAt.IsZero():
		return ErrRevoked
	case !i.EndsAt.IsZero() && !now.Before(i.EndsAt):
		return ErrExpired
	case i.Cap > 0 && i.Used >= i.Cap:
		return ErrUsedUp
	}
	return nil
}

const invitationColumns = `i.code, i.squad_id, i.made_by, i.cap, i.used, i.made_at, i.ends_at, i.revoked_at, coalesce(i.number, 0), coalesce(i.link_id, 0)`

func (i *Invitation) fields() []any {
	return []any{
		&i.Code, &i.SquadID, data.Null(&i.MadeBy), &i.Cap, &i.Used,
		data.Time(&i.MadeAt), data.Time(&i.EndsAt), data.Time(&i.RevokedAt), &i.Number, &i.LinkID,
	}
}

func scanInvitation(row data.Row) (i Invitation, err error) { return i, row.Scan(i.fields()...) }

// Invite makes an invitation that has passed Check, and returns it with its code.
func Invite(ctx context.Context, tx *data.Tx, i Invitation) (Invitation, error) {
	i.Code, i.Used, i.MadeAt, i.RevokedAt = id.Code(), 0, tx.Now(), time.Time{}
	_, err := tx.Exec(ctx, `INSERT INTO invitations (code, squad_id, made_by, cap, made_at, ends_at)
		VALUES (?, ?, NULLIF(?, ''), ?, ?, ?)`, i.Code, i.SquadID, i.MadeBy, i.Cap, i.MadeAt, i.EndsAt)
	return i, err
}

// InvitationsOf returns the invitations to a squad that anybody may use who has the link, the newest first.
func InvitationsOf(ctx context.Context, tx *data.Tx, squadID string) ([]Invitation, error) {
	return data.All(ctx, tx, scanInvitation, `SELECT `+invitationColumns+` FROM invitations i
		WHERE i.squad_id = ? AND i.email = '' AND i.link_id IS NULL AND i.number IS NULL ORDER BY i.made_at DESC, i.code`, squadID)
}

// InviteReaders returns the invitation with which readers of a link apply to a squad, the one that the link was made
// in, and makes it when there is none. Somebody decides about each of them. sponsor is who shared the link.
// The errors are ErrAsks where the squad takes no applications, and ErrRevoked where the invitation was taken back.
func InviteReaders(ctx context.Context, tx *data.Tx, squadID, sponsor string, linkID int64) (Invitation, error) {
	takes, err := TakesReaders(ctx, tx, squadID, linkID)
	if err != nil {
		return Invitation{}, err
	}
	if !takes {
		return Invitation{}, ErrAsks
	}
	if _, err := tx.Exec(ctx, `INSERT INTO invitations (code, squad_id, made_by, cap, made_at, link_id) VALUES (?, ?, NULLIF(?, ''), 0, ?, ?)
		ON CONFLICT (link_id) WHERE link_id IS NOT NULL DO NOTHING`, id.Code(), squadID, sponsor, tx.Now(), linkID); err != nil {
		return Invitation{}, err
	}
	return data.One(ctx, tx, scanInvitation, `SELECT `+invitationColumns+` FROM invitations i WHERE i.link_id = ?`, linkID)
}

// TakesReaders says whether readers of a link may apply to a squad: it takes applications, nobody has ended that for
// this link, and who shared it has a seat there.
func TakesReaders(ctx context.Context, tx *data.Tx, squadID string, linkID int64) (bool, error) {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM squads s WHERE s.id = ? AND s.approval = 1
		AND NOT EXISTS (SELECT 1 FROM invitations i WHERE i.link_id = ? AND (i.revoked_at IS NOT NULL OR i.squad_id <> s.id))`, squadID, linkID)
	if err != nil || n == 0 {
		return false, err
	}
	return vouched(ctx, tx, squadID, linkID)
}

// Ended says why an invitation takes nobody now: what Closed says, and ErrRevoked for that of a link's readers while who
// shared the link has no seat, and for one that a member gave while they have none.
func Ended(ctx context.Context, tx *data.Tx, i Invitation) error {
	if err := i.Closed(tx.Now()); err != nil || i.LinkID == 0 && i.Number == 0 {
		return err
	}
	stands, err := vouched(ctx, tx, i.SquadID, i.LinkID)
	if i.Number > 0 {
		stands, err = atHome(ctx, tx, i.SquadID, i.MadeBy)
	}
	if err == nil && !stands {
		err = ErrRevoked
	}
	return err
}

// vouched says whether who shared a link has a seat in a squad now, and neither a break nor a suspension.
func vouched(ctx context.Context, tx *data.Tx, squadID string, linkID int64) (bool, error) {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM links l JOIN members m ON m.account_id = l.account_id AND m.squad_id = ? AND m.paused_at IS NULL
		JOIN accounts a ON a.id = m.account_id AND a.suspended_at IS NULL WHERE l.id = ?`, squadID, linkID)
	return n > 0, err
}

// ByInvitation returns an invitation, open or not, and the squad that it leads to; data.ErrNotFound for a
// code that never was.
func ByInvitation(ctx context.Context, tx *data.Tx, code string) (i Invitation, s Squad, err error) {
	_, err = data.One(ctx, tx, func(row data.Row) (struct{}, error) {
		return struct{}{}, row.Scan(append(i.fields(), s.fields()...)...)
	}, `SELECT `+invitationColumns+`, `+columns+` FROM invitations i JOIN squads s ON s.id = i.squad_id
		WHERE i.code = ?`, code)
	return i, s, err
}

// Revoke ends an invitation to a squad. Who came by it stays.
func Revoke(ctx context.Context, tx *data.Tx, squadID, code string) error {
	n, err := tx.Exec(ctx, `UPDATE invitations SET revoked_at = coalesce(revoked_at, ?)
		WHERE code = ? AND squad_id = ?`, tx.Now(), code, squadID)
	if err == nil && n == 0 {
		return data.ErrNotFound
	}
	return err
}

// EndInvitationsBy revokes what invitations an account has made, to one squad or to all where the id is empty.
// Who came by them stays. Those of its links' readers hold as long as it has a seat, by themselves.
func EndInvitationsBy(ctx context.Context, tx *data.Tx, accountID, squadID string) error {
	_, err := tx.Exec(ctx, `UPDATE invitations SET revoked_at = ? WHERE made_by = ? AND revoked_at IS NULL AND link_id IS NULL AND (CAST(? AS TEXT) = '' OR squad_id = ?)`,
		tx.Now(), accountID, squadID, squadID)
	return err
}
