package squad

import (
	"context"
	"errors"
	"time"

	"ricochet.example/app/id"
	"ricochet.example/data"
)

// Accept decides that an applicant gets a seat, and puts them at the end of the line for one; MoveUp gives it to
// them if one is free. It returns ErrDecided when somebody was quicker.
func Accept(ctx context.Context, tx *data.Tx, squadID, applicationID, by string) error {
	if err := Lock(ctx, tx, squadID); err != nil {
		return err
	}
	return decided(tx.Exec(ctx, `UPDATE applications SET state = 'waiting', waits_from = ?, decided_by = ?, decided_at = ?
		WHERE id = ? AND squad_id = ? AND state = 'asked'`, tx.Now(), by, tx.Now(), applicationID, squadID))
}

// TurnDown decides that an applicant gets no seat, be they in the line for one, and says why. It returns
// ErrDecided when somebody was quicker.
func TurnDown(ctx context.Context, tx *data.Tx, squadID, applicationID, by, reason string) error {
	if err := Lock(ctx, tx, squadID); err != nil {
		return err
	}
	a, err := ApplicationByID(ctx, tx, squadID, applicationID)
	if err != nil {
		return err
	}
	if err := decided(tx.Exec(ctx, `UPDATE applications SET state = 'declined', waits_from = NULL, decided_by = ?, decided_at = ?, reason = ?
		WHERE id = ? AND state IN `+open, by, tx.Now(), reason, applicationID)); err != nil {
		return err
	}
	return a.refuse(ctx, tx)
}

// refuse lets somebody else use the invitation of an applicant who was refused, and takes back what was for them
// in person: else they would be in with the next click.
func (a Application) refuse(ctx context.Context, tx *data.Tx) error {
	if err := giveBack(ctx, tx, a.Code); err != nil {
		return err
	}
	return uninvite(ctx, tx, a.SquadID, a.AccountID)
}

func decided(n int64, err error) error {
	if err == nil && n == 0 {
		return ErrDecided
	}
	return err
}

// Withdraw ends the open application of an account to a squad. That there is none is no error.
func Withdraw(ctx context.Context, tx *data.Tx, squadID, accountID string) error {
	if err := Lock(ctx, tx, squadID); err != nil {
		return err
	}
	a, err := ApplicationOf(ctx, tx, squadID, accountID)
	if errors.Is(err, data.ErrNotFound) || err == nil && !a.State.Open() {
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE applications SET state = 'withdrawn', waits_from = NULL, decided_at = ? WHERE id = ?`, tx.Now(), a.ID); err != nil {
		return err
	}
	return giveBack(ctx, tx, a.Code)
}

// Bar notes that a member was taken out, so that no invitation brings them back but a personal one that is made
// from now on, and forgets what they said to get in.
func Bar(ctx context.Context, tx *data.Tx, squadID, accountID, by string) error {
	if err := uninvite(ctx, tx, squadID, accountID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO applications (id, squad_id, account_id, code, invited, answers, state, asked_at, decided_by, decided_at)
		VALUES (?, ?, ?, '', 0, '[]', 'removed', ?, ?, ?)
		ON CONFLICT (squad_id, account_id) DO UPDATE SET state = 'removed', code = '', invited = 0, answers = '[]', waits_from = NULL, decided_by = excluded.decided_by,
			decided_at = excluded.decided_at, reason = ''`, id.New(), squadID, accountID, tx.Now(), by, tx.Now())
	return err
}

// Settle lets the applications of an account go on that waited for a guardian, or ends them, and returns them as
// they were. MoveUp follows for those that went on.
func Settle(ctx context.Context, tx *data.Tx, accountID string, agreed bool) ([]Application, error) {
	all, err := data.All(ctx, tx, scanApplication, applicationRows+`WHERE p.account_id = ? AND p.state = 'guardian' ORDER BY p.squad_id`, accountID)
	if err != nil {
		return nil, err
	}
	for _, a := range all {
		if err := Lock(ctx, tx, a.SquadID); err != nil {
			return nil, err
		}
		s, err := ByID(ctx, tx, a.SquadID)
		if err != nil {
			return nil, err
		}
		stage, waitsFrom, decidedAt := InLine, tx.Now(), time.Time{}
		switch {
		case !agreed:
			stage, waitsFrom, decidedAt = Declined, time.Time{}, tx.Now()
			if err := a.refuse(ctx, tx); err != nil {
				return nil, err
			}
		case (s.Approval || a.Reader) && !a.Invited:
			stage, waitsFrom = Asked, time.Time{}
		}
		if _, err := tx.Exec(ctx, `UPDATE applications SET state = ?, waits_from = ?, decided_at = ? WHERE id = ? AND state = 'guardian'`,
			string(stage), waitsFrom, decidedAt, a.ID); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// MoveUp gives the free seats of a squad to those who wait for one, the first in the line first, and returns
// their applications. Who is suspended is passed over.
func MoveUp(ctx context.Context, tx *data.Tx, squadID string) ([]Application, error) {
	if err := Lock(ctx, tx, squadID); err != nil {
		return nil, err
	}
	s, err := ByID(ctx, tx, squadID)
	if err != nil {
		return nil, err
	}
	free := s.Capacity - s.Members
	if s.Capacity == 0 {
		free = largest
	}
	if free <= 0 {
		return nil, nil
	}
	lucky, err := data.All(ctx, tx, scanApplication, applicationRows+`WHERE p.squad_id = ? AND p.state = 'waiting' AND a.suspended_at IS NULL
		ORDER BY p.waits_from, p.id LIMIT ?`, squadID, free)
	if err != nil {
		return nil, err
	}
	for n := range lucky {
		a := &lucky[n]
		if _, err := tx.Exec(ctx, `UPDATE applications SET state = 'joined', decided_at = coalesce(decided_at, ?) WHERE id = ?`, tx.Now(), a.ID); err != nil {
			return nil, err
		}
		if err := seat(ctx, tx, squadID, a.AccountID, a.Code); err != nil {
			return nil, err
		}
		a.State = Joined
	}
	return lucky, nil
}
