package account

import (
	"context"
	"strings"

	"ricochet.example/app/check"
	"ricochet.example/app/lang"
	"ricochet.example/data"
)

// Shown is how other members see somebody. Staff, and captains on the pages on which they lead, see names.
type Shown string

// The choices. InSquad is that of whoever chose nothing: those who are in a squad together know each other's names,
// and on leaderboards, where others are, there are initials.
const (
	InSquad    Shown = "squad"
	ByName     Shown = "name"
	ByInitials Shown = "initials"
	Hidden     Shown = "hidden"
)

// AllShown are the choices in the order in which they are offered.
var AllShown = []Shown{InSquad, ByName, ByInitials, Hidden}

// CheckShown returns what is wrong with a choice.
func CheckShown(s Shown) (p check.Problems) {
	p.OneOf("shown", string(s), string(InSquad), string(ByName), string(ByInitials), string(Hidden))
	return p
}

// Name is what other members read in place of a name, in the person's own squad or elsewhere; of somebody who
// hides it is empty. What is not known is shown as little as possible.
func (s Shown) Name(name string, ownSquad bool) string {
	switch {
	case s == ByName, s == InSquad && ownSquad:
		return name
	case s == ByInitials, s == InSquad:
		var all []string
		for _, r := range lang.Initials(name) {
			all = append(all, string(r)+".")
		}
		return strings.Join(all, "\u00a0")
	}
	return ""
}

// SetShown says how other members see the account from now on.
func SetShown(ctx context.Context, tx *data.Tx, accountID string, s Shown) error {
	return found(tx.Exec(ctx, `UPDATE accounts SET shown = ? WHERE id = ?`, string(s), accountID))
}
