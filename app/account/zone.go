package account

import (
	"context"
	"time"

	"ricochet.example/app/check"
	"ricochet.example/app/clock"
	"ricochet.example/data"
)

// CheckZone returns what is wrong with a time zone that somebody chose; none is the brand's.
func CheckZone(name string) (p check.Problems) {
	if _, ok := clock.Zone(name); !ok && name != "" {
		p.Add("time_zone", "check.zone")
	}
	return p
}

// Zone is the time zone of a name that was chosen, the brand's where there is none or it is not known any more.
func Zone(name string, brands *time.Location) *time.Location {
	if zone, ok := clock.Zone(name); ok {
		return zone
	}
	return brands
}

// Zone is by which clock the account reads times: members by their own, staff by the brand's, in which they type dates.
func (a Account) Zone(brands *time.Location) *time.Location {
	if a.Staff() {
		return brands
	}
	return Zone(a.TimeZone, brands)
}

// SetZone says by which clock the account lives from now on; it has passed CheckZone.
func SetZone(ctx context.Context, tx *data.Tx, accountID, name string) error {
	return found(tx.Exec(ctx, `UPDATE accounts SET time_zone = ? WHERE id = ?`, name, accountID))
}
