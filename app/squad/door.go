package squad

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"ricochet.example/app/id"
	"ricochet.example/data"
)

// Door is what stands between the bearer of an invitation and its squad.
type Door struct {
	Application            // what there is already, or else what there will be
	Is          bool       // there is an application that is open, or a seat
	Asks        bool       // the squad asks its questions, and somebody decides
	Invitation  Invitation // as it is now
	To          Squad
}

// Look finds out what an invitation leads an account to, or a stranger where the id is empty. Besides the errors of
// Closed there are data.ErrNotFound for a code that never was, ErrRemoved, and ErrDeclined with the application.
func Look(ctx context.Context, tx *data.Tx, code, accountID string) (d Door, err error) {
	if d.Invitation, d.To, err = ByInvitation(ctx, tx, code); err != nil {
		return d, err
	}
	seat, err := HasSeat(ctx, tx, d.To.ID, accountID)
	if err != nil {
		return d, err
	}
	if seat {
		d.Is, d.State = true, Joined
		return d, nil
	}
	invited, err := data.Int(ctx, tx, `SELECT count(*) FROM invitations i JOIN accounts a ON a.email = i.email WHERE i.code = ? AND a.id = ?`, code, accountID)
	if err != nil {
		return d, err
	}
	have, err := ApplicationOf(ctx, tx, d.To.ID, accountID)
	switch {
	case errors.Is(err, data.ErrNotFound):
	case err != nil:
		return d, err
	case have.State.Open() && (invited == 0 || have.State != Asked):
		d.Application, d.Is = have, true
		return d, nil
	case invited > 0:
	case have.State == Removed:
		return d, ErrRemoved
	case have.State == Declined && tx.Now().Before(have.DecidedAt.Add(AgainAfter)):
		d.Application = have
		return d, ErrDeclined
	}
	if err := Ended(ctx, tx, d.Invitation); err != nil {
		return d, err
	}
	staff, err := data.Int(ctx, tx, `SELECT count(*) FROM accounts WHERE id = ? AND role <> 'ambassador'`, accountID)
	if err != nil {
		return d, err
	}
	d.Application = Application{SquadID: d.To.ID, AccountID: accountID, Code: code, Invited: invited > 0, AskedAt: tx.Now(), Squad: d.To.Name}
	// Who comes from a page that anybody may read is never let in unasked.
	d.Asks = (d.To.Approval || d.Invitation.LinkID != 0) && invited == 0 && staff == 0
	switch {
	case d.Asks:
		d.State = Asked
	case d.To.Full():
		d.State, d.WaitsFrom = InLine, tx.Now()
	default:
		d.State = Joined
	}
	return d, nil
}

// knock is Look when nobody else gets a seat from here on.
func knock(ctx context.Context, tx *data.Tx, code, accountID string) (d Door, err error) {
	_, s, err := ByInvitation(ctx, tx, code)
	if err != nil {
		return d, err
	}
	if err := Lock(ctx, tx, s.ID); err != nil {
		return d, err
	}
	return Look(ctx, tx, code, accountID)
}

// enter gives the applicant the seat that there is.
func (d *Door) enter(ctx context.Context, tx *data.Tx) error {
	if err := d.use(ctx, tx); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM applications WHERE squad_id = ? AND account_id = ?`, d.To.ID, d.AccountID); err != nil {
		return err
	}
	d.To.Members++
	return seat(ctx, tx, d.To.ID, d.AccountID, d.Code)
}

// seat gives somebody a seat, and notes by which invitation they came. Of an ambassador's that is credited to whoever
// made it, and to nobody above.
func seat(ctx context.Context, tx *data.Tx, squadID, accountID, code string) error {
	_, err := tx.Exec(ctx, `INSERT INTO members (squad_id, account_id, joined_at, came_by, invited_by) VALUES (?, ?, ?, NULLIF(?, ''),
		(SELECT a.id FROM invitations i JOIN accounts a ON a.id = i.made_by WHERE i.code = ? AND a.role = 'ambassador' AND a.id <> ?))`,
		squadID, accountID, tx.Now(), code, code, accountID)
	return err
}

// use notes that the invitation was used, in place of the one with which they had applied before and were not
// heard yet.
func (d *Door) use(ctx context.Context, tx *data.Tx) error {
	before, err := ApplicationOf(ctx, tx, d.To.ID, d.AccountID)
	if err != nil && !errors.Is(err, data.ErrNotFound) {
		return err
	}
	if err == nil && before.State.Open() {
		if err := giveBack(ctx, tx, before.Code); err != nil {
			return err
		}
	}
	return take(ctx, tx, d.Code)
}

// take notes that an invitation was used.
func take(ctx context.Context, tx *data.Tx, code string) error {
	n, err := tx.Exec(ctx, `UPDATE invitations SET used = used + 1
		WHERE code = ? AND revoked_at IS NULL AND (cap = 0 OR used < cap)`, code)
	if err == nil && n == 0 {
		err = fmt.Errorf("%w while it was being used", ErrRevoked)
	}
	return err
}

// giveBack lets somebody else use an invitation that came to nothing.
func giveBack(ctx context.Context, tx *data.Tx, code string) error {
	_, err := tx.Exec(ctx, `UPDATE invitations SET used = used - 1 WHERE code = ? AND used > 0`, code)
	return err
}

// Join gives the bearer of an invitation a seat in its squad. Whoever has one already keeps it, whatever became
// of the invitation. Otherwise the errors are data.ErrNotFound, those of Closed, ErrRemoved, ErrDeclined, ErrAsks
// where somebody has to decide first, and ErrFull.
func Join(ctx context.Context, tx *data.Tx, code, accountID string) (Squad, error) {
	d, err := knock(ctx, tx, code, accountID)
	switch {
	case err != nil || d.Is && d.State == Joined:
		return d.To, err
	case d.State == InLine:
		return d.To, ErrFull
	case d.State != Joined:
		return d.To, ErrAsks
	}
	return d.To, d.enter(ctx, tx)
}

// Apply takes the bearer of an invitation as far as they get: into the squad, into the line for a seat, or before
// somebody who decides. held says that a guardian has to agree before. Whoever has applied already gets that
// application. The errors are those of Join but ErrAsks and ErrFull.
func Apply(ctx context.Context, tx *data.Tx, code, accountID string, answers []Answer, held bool) (Application, error) {
	d, err := knock(ctx, tx, code, accountID)
	if err != nil || d.Is {
		return d.Application, err
	}
	if held {
		d.State, d.WaitsFrom = AtGuardian, time.Time{}
	}
	if d.State == Joined {
		return d.Application, d.enter(ctx, tx)
	}
	if err := d.use(ctx, tx); err != nil {
		return d.Application, err
	}
	if answers == nil {
		answers = []Answer{}
	}
	text, err := json.Marshal(answers)
	if err != nil {
		return d.Application, fmt.Errorf("writing what an applicant said: %w", err)
	}
	a := d.Application
	a.ID, a.Answers = id.New(), answers
	_, err = tx.Exec(ctx, `INSERT INTO applications (id, squad_id, account_id, code, invited, answers, state, asked_at, waits_from)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (squad_id, account_id) DO UPDATE SET id = excluded.id, code = excluded.code, invited = excluded.invited, answers = excluded.answers,
			state = excluded.state, asked_at = excluded.asked_at, waits_from = excluded.waits_from,
			decided_by = NULL, decided_at = NULL, reason = ''`,
		a.ID, a.SquadID, a.AccountID, a.Code, a.Invited, string(text), string(a.State), a.AskedAt, a.WaitsFrom)
	return a, err
}

// TakeIn puts the application of somebody before those who decide who applied somewhere else, for example by a form
// of another program. One that is there already stays.
func TakeIn(ctx context.Context, tx *data.Tx, squadID, accountID string, answers []Answer) error {
	if answers == nil {
		answers = []Answer{}
	}
	text, err := json.Marshal(answers)
	if err != nil {
		return fmt.Errorf("writing what an applicant said: %w", err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO applications (id, squad_id, account_id, code, invited, answers, state, asked_at)
		VALUES (?, ?, ?, '', 0, ?, 'asked', ?)
		ON CONFLICT (squad_id, account_id) DO UPDATE SET id = excluded.id, code = '', invited = 0, answers = excluded.answers, state = 'asked',
			asked_at = excluded.asked_at, waits_from = NULL, decided_by = NULL, decided_at = NULL, reason = ''
		WHERE applications.state NOT IN ('guardian', 'asked', 'waiting', 'removed')`, id.New(), squadID, accountID, string(text), tx.Now())
	return err
}
