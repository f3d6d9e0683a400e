package squad

import (
	"context"
	"errors"
	"fmt"

	"ricochet.example/app/id"
	"ricochet.example/data"
)

// Given is an invitation that a member gives away themself, and what came of it.
type Given struct {
	Invitation
	Joined  string // the name of who came by it; empty: nobody yet
	Applied bool   // somebody has applied with it, and waits
}

// ErrNoneToGive says that a member has no invitation left to give.
var ErrNoneToGive = errors.New("there is no invitation left to give")

// Standing is a member's place among those in a squad, by when they came, and how many they have to give.
type Standing struct {
	Number int // 1 is who came first
	Of     int // seats; or members, where there is no limit
	Left   int // invitations that they can still give
	Came   int // who are in the squad by an invitation of theirs
	Given  []Given
}

// StandingOf returns a member's place and their invitations, in the order of their numbers; data.ErrNotFound if they
// have no seat.
func StandingOf(ctx context.Context, tx *data.Tx, s Squad, accountID string) (st Standing, err error) {
	if _, err := MemberOf(ctx, tx, s.ID, accountID); err != nil {
		return st, err
	}
	before, err := data.Int(ctx, tx, `SELECT count(*) FROM members m JOIN members me ON me.squad_id = m.squad_id AND me.account_id = ?
		WHERE m.squad_id = ? AND (m.joined_at < me.joined_at OR m.joined_at = me.joined_at AND m.account_id < me.account_id)`, accountID, s.ID)
	if err != nil {
		return st, err
	}
	if st.Number, st.Of = int(before)+1, s.Capacity; st.Of == 0 {
		st.Of = s.Members
	}
	if st.Came, err = Came(ctx, tx, s.ID, accountID); err != nil {
		return st, err
	}
	st.Given, err = data.All(ctx, tx, func(row data.Row) (g Given, err error) {
		return g, row.Scan(append(g.fields(), &g.Joined, data.Bool(&g.Applied))...)
	}, `SELECT `+invitationColumns+`,
			coalesce((SELECT min(a.name) FROM members m JOIN accounts a ON a.id = m.account_id WHERE m.squad_id = i.squad_id AND m.came_by = i.code), ''),
			(SELECT count(*) FROM applications p WHERE p.squad_id = i.squad_id AND p.code = i.code AND p.state IN `+open+`)
		FROM invitations i WHERE i.squad_id = ? AND i.made_by = ? AND i.number IS NOT NULL ORDER BY i.number`, s.ID, accountID)
	st.Left = max(s.Gives-len(st.Given), 0)
	return st, err
}

// Came is how many members of a squad came by an invitation of an account: directly, not by those who came so.
func Came(ctx context.Context, tx *data.Tx, squadID, accountID string) (int, error) {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM members WHERE squad_id = ? AND invited_by = ?`, squadID, accountID)
	return int(n), err
}

// InviterOf returns the name of who invited a member into a squad; empty if no ambassador did, or they are gone.
func InviterOf(ctx context.Context, tx *data.Tx, squadID, accountID string) (string, error) {
	return data.One(ctx, tx, data.Text, `SELECT coalesce(a.name, '') FROM members m LEFT JOIN accounts a ON a.id = m.invited_by
		WHERE m.squad_id = ? AND m.account_id = ?`, squadID, accountID)
}

// Give makes the next invitation that a member has to give, for one person; ErrNoneToGive says that there is none, and
// data.ErrNotFound that they have no seat, or a break from it.
func Give(ctx context.Context, tx *data.Tx, squadID, accountID string) (Invitation, error) {
	i := Invitation{Code: id.Code(), SquadID: squadID, MadeBy: accountID, Cap: 1, MadeAt: tx.Now()}
	if err := Lock(ctx, tx, squadID); err != nil {
		return i, err
	}
	s, err := ByID(ctx, tx, squadID)
	if err != nil {
		return i, err
	}
	in, err := IsMember(ctx, tx, squadID, accountID)
	if err == nil && !in {
		err = data.ErrNotFound
	}
	if err != nil {
		return i, err
	}
	given, err := data.Int(ctx, tx, `SELECT count(*) FROM invitations WHERE squad_id = ? AND made_by = ? AND number IS NOT NULL`, squadID, accountID)
	if err != nil {
		return i, err
	}
	if int(given) >= s.Gives {
		return i, ErrNoneToGive
	}
	// Not their count and one: numbers stay as they are whatever becomes of an invitation.
	last, err := data.Int(ctx, tx, `SELECT coalesce(max(number), 0) FROM invitations WHERE squad_id = ? AND made_by = ?`, squadID, accountID)
	if err != nil {
		return i, err
	}
	i.Number = int(last) + 1
	_, err = tx.Exec(ctx, `INSERT INTO invitations (code, squad_id, made_by, cap, made_at, number) VALUES (?, ?, ?, 1, ?, ?)`,
		i.Code, squadID, accountID, i.MadeAt, i.Number)
	if err != nil {
		return i, fmt.Errorf("giving an invitation: %w", err)
	}
	return i, nil
}

// atHome says whether somebody has a seat in a squad now, and neither a break nor a suspension.
func atHome(ctx context.Context, tx *data.Tx, squadID, accountID string) (bool, error) {
	n, err := data.Int(ctx, tx, `SELECT count(*) FROM members m JOIN accounts a ON a.id = m.account_id AND a.suspended_at IS NULL
		WHERE m.squad_id = ? AND m.account_id = ? AND m.paused_at IS NULL`, squadID, accountID)
	return n > 0, err
}
