package drop

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"ricochet.example/app/brand"
	"ricochet.example/app/check"
	"ricochet.example/data"
)

// Release is the timeline of a drop: when each squad may read it and share it, and when everyone may.
type Release struct {
	Steps    []Step
	PublicAt time.Time // when the drop opens to everyone by itself; zero: it does not
}

// Step is what a release means for one squad.
type Step struct {
	SquadID     string
	OpensAt     time.Time // from here on its members read the drop
	ShareableAt time.Time // from here on their links show it
}

// Field is the name of a form's field for one of the steps, counted from 0: "opens_at" for the first,
// "opens_at.1" for the second.
func Field(name string, step int) string {
	if step == 0 {
		return name
	}
	return name + "." + strconv.Itoa(step)
}

// Check returns what keeps the release from being set. The fields are squad, opens_at and shareable_at of
// each step, as Field names them, and public_at.
func (r Release) Check() (p check.Problems) {
	squads := make(map[string]bool)
	for i, s := range r.Steps {
		squad, opens, shareable := Field("squad", i), Field("opens_at", i), Field("shareable_at", i)
		p.Filled(squad, s.SquadID)
		if squads[s.SquadID] {
			p.Add(squad, "drop.squad_twice")
		}
		squads[s.SquadID] = true
		if s.OpensAt.IsZero() {
			p.Add(opens, "check.required")
		}
		if s.ShareableAt.IsZero() {
			p.Add(shareable, "check.required")
		} else if s.ShareableAt.Before(s.OpensAt) {
			p.Add(shareable, "drop.shareable_first")
		}
		if !r.PublicAt.IsZero() && r.PublicAt.Before(s.ShareableAt) {
			p.Add("public_at", "drop.public_first")
		}
	}
	return p
}

// LockRelease lets nobody else read the release of a drop to make another of it, until the transaction ends.
func LockRelease(ctx context.Context, tx *data.Tx, dropID string) error {
	return data.Lock(ctx, tx, "release "+dropID)
}

// SetRelease replaces the release of a drop by one that has passed Check. It takes effect at once, also
// where it takes back what was open.
func SetRelease(ctx context.Context, tx *data.Tx, dropID string, r Release) error {
	// The drop first: whoever sets it at the same time waits here.
	n, err := tx.Exec(ctx, `UPDATE drops SET public_at = ? WHERE id = ?`, r.PublicAt, dropID)
	if err == nil && n == 0 {
		err = data.ErrNotFound
	}
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM release_steps WHERE drop_id = ?`, dropID); err != nil {
		return err
	}
	for _, s := range r.Steps {
		n, err := tx.Exec(ctx, `INSERT INTO release_steps (drop_id, squad_id, opens_at, shareable_at)
			SELECT CAST(? AS TEXT), id, CAST(? AS BIGINT), CAST(? AS BIGINT) FROM squads WHERE id = ?`,
			dropID, s.OpensAt, s.ShareableAt, s.SquadID)
		if err == nil && n == 0 {
			err = fmt.Errorf("releasing to a squad: %w", data.ErrNotFound)
		}
		if err != nil {
			return err
		}
	}
	return brand.NewEdition(ctx, tx)
}

// ReleaseOf returns the release of a drop, its steps in the order in which they open.
func ReleaseOf(ctx context.Context, tx *data.Tx, dropID string) (r Release, err error) {
	if r.PublicAt, err = data.One(ctx, tx, func(row data.Row) (t time.Time, err error) {
		return t, row.Scan(data.Time(&t))
	}, `SELECT public_at FROM drops WHERE id = ?`, dropID); err != nil {
		return r, err
	}
	r.Steps, err = data.All(ctx, tx, scanStep, `SELECT squad_id, opens_at, shareable_at FROM release_steps
		WHERE drop_id = ? ORDER BY opens_at, shareable_at, squad_id`, dropID)
	return r, err
}

func scanStep(row data.Row) (s Step, err error) {
	return s, row.Scan(&s.SquadID, data.Time(&s.OpensAt), data.Time(&s.ShareableAt))
}

// StepsFor returns the steps of a drop's release for the squads that an account is in, the one that is
// shareable first first: in that squad a link is made.
func StepsFor(ctx context.Context, tx *data.Tx, accountID, dropID string) ([]Step, error) {
	return data.All(ctx, tx, scanStep, `SELECT r.squad_id, r.opens_at, r.shareable_at
		FROM release_steps r JOIN members m ON m.squad_id = r.squad_id
		WHERE r.drop_id = ? AND m.account_id = ? AND m.paused_at IS NULL ORDER BY r.shareable_at, r.opens_at, r.squad_id`, dropID, accountID)
}
