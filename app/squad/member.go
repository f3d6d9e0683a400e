package squad

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/data"
)

// Member is an account that is in a squad.
type Member struct {
	AccountID string
	Name      string
	Email     string // for staff and captains; other members do not see it
	Language  string // of their pages and mails
	JoinedAt  time.Time
	Captain   bool
	Suspended bool
	Staff     bool // works for the brand
	PausedAt  time.Time
	OwnPause  bool // the break is theirs to end
	Shown     account.Shown
}

// SeenBy are the members of a squad as one of them sees the others: called as each of them wishes, without what is
// the business of those who lead. Whoever hides comes last, for the place among names tells of a name.
func SeenBy(members []Member, accountID string) []Member {
	all := make([]Member, 0, len(members))
	for _, m := range members {
		if m.AccountID != accountID {
			m = Member{AccountID: m.AccountID, Name: m.Shown.Name(m.Name, true), Captain: m.Captain, Staff: m.Staff, Shown: m.Shown}
		}
		all = append(all, m)
	}
	slices.SortStableFunc(all, func(a, b Member) int {
		if a.Captain != b.Captain {
			return yesFirst(a.Captain)
		}
		if (a.Name != "") != (b.Name != "") {
			return yesFirst(a.Name != "")
		}
		return cmp.Or(strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)), strings.Compare(a.AccountID, b.AccountID))
	})
	return all
}

func yesFirst(first bool) int {
	if first {
		return -1
	}
	return 1
}

func scanMember(row data.Row) (m Member, err error) {
	return m, row.Scan(&m.AccountID, &m.Name, &m.Email, &m.Language, data.Time(&m.JoinedAt), data.Bool(&m.Captain), data.Bool(&m.Suspended), data.Bool(&m.Staff),
		data.Time(&m.PausedAt), data.Bool(&m.OwnPause), &m.Shown)
}

const (
	captain    = `CASE WHEN s.captain_id = a.id THEN 1 ELSE 0 END`
	memberRows = `SELECT a.id, a.name, a.email, a.language, m.joined_at, ` + captain + `,
			CASE WHEN a.suspended_at IS NULL THEN 0 ELSE 1 END, CASE WHEN a.role = 'ambassador' THEN 0 ELSE 1 END,
			m.paused_at, m.own_pause, a.shown
		FROM members m JOIN accounts a ON a.id = m.account_id JOIN squads s ON s.id = m.squad_id
		WHERE m.squad_id = ?`
)

// MembersOf returns who is in a squad, the captain first, then by name.
func MembersOf(ctx context.Context, tx *data.Tx, squadID string) ([]Member, error) {
	return data.All(ctx, tx, scanMember, memberRows+` ORDER BY `+captain+` DESC, lower(a.name), a.id`, squadID)
}

// MemberOf returns one member of a squad, or data.ErrNotFound.
func MemberOf(ctx context.Context, tx *data.Tx, squadID, accountID string) (Member, error) {
	return data.One(ctx, tx, scanMember, memberRows+` AND a.id = ?`, squadID, accountID)
}

// IsMember says whether an account is in a squad and has no break from it.
func IsMember(ctx context.Context, tx *data.Tx, squadID, accountID string) (bool, error) {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM members WHERE squad_id = ? AND account_id = ? AND paused_at IS NULL`, squadID, accountID)
	return n > 0, err
}

// HasSeat says whether an account is in a squad, be it on a break.
func HasSeat(ctx context.Context, tx *data.Tx, squadID, accountID string) (bool, error) {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM members WHERE squad_id = ? AND account_id = ?`, squadID, accountID)
	return n > 0, err
}

// Pause gives a member a break: they keep the seat and see nothing of the squad and its drops. own says that
// they wished it, and so end it themselves. A break that there is already stays as it is.
func Pause(ctx context.Context, tx *data.Tx, squadID, accountID string, own bool) error {
	_, err := tx.Exec(ctx, `UPDATE members SET paused_at = ?, own_pause = ?
		WHERE squad_id = ? AND account_id = ? AND paused_at IS NULL`, tx.Now(), own, squadID, accountID)
	return err
}

// Resume ends a break. That there is none is no error.
func Resume(ctx context.Context, tx *data.Tx, squadID, accountID string) error {
	_, err := tx.Exec(ctx, `UPDATE members SET paused_at = NULL, own_pause = 0 WHERE squad_id = ? AND account_id = ?`, squadID, accountID)
	return err
}

// Break is a squad that a member has a break from.
type Break struct {
	SquadID string
	Name    string
	From    time.Time
	Own     bool // theirs to end
}

// Breaks returns the squads that an account has a break from, by name.
func Breaks(ctx context.Context, tx *data.Tx, accountID string) ([]Break, error) {
	return data.All(ctx, tx, func(row data.Row) (b Break, err error) {
		return b, row.Scan(&b.SquadID, &b.Name, data.Time(&b.From), data.Bool(&b.Own))
	}, `SELECT s.id, s.name, m.paused_at, m.own_pause FROM squads s JOIN members m ON m.squad_id = s.id
		WHERE m.account_id = ? AND m.paused_at IS NOT NULL ORDER BY lower(s.name), s.id`, accountID)
}

// SeatsOf returns the squads in which an account has a seat, in the order of their ids.
func SeatsOf(ctx context.Context, tx *data.Tx, accountID string) ([]string, error) {
	return data.All(ctx, tx, data.Text, `SELECT squad_id FROM members WHERE account_id = ? ORDER BY squad_id`, accountID)
}

// Seat is a squad in which somebody is.
type Seat struct {
	SquadID  string
	Name     string // of the squad
	JoinedAt time.Time
}

// SeatsSince returns the squads in which an account has a seat, be it on a break, by name.
func SeatsSince(ctx context.Context, tx *data.Tx, accountID string) ([]Seat, error) {
	return data.All(ctx, tx, func(row data.Row) (s Seat, err error) {
		return s, row.Scan(&s.SquadID, &s.Name, data.Time(&s.JoinedAt))
	}, `SELECT s.id, s.name, m.joined_at FROM members m JOIN squads s ON s.id = m.squad_id WHERE m.account_id = ? ORDER BY lower(s.name), s.id`, accountID)
}

// Leave takes an account out of a squad, on its own wish or a manager's, and frees the seat; the captain
// stops leading it. That it is no member is no error. Whoever waits for the seat gets it by MoveUp.
func Leave(ctx context.Context, tx *data.Tx, squadID, accountID string) error {
	if err := Lock(ctx, tx, squadID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE squads SET captain_id = NULL WHERE id = ? AND captain_id = ?`, squadID, accountID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM members WHERE squad_id = ? AND account_id = ?`, squadID, accountID)
	return err
}
