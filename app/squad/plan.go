package squad

import (
	"context"
	"slices"
	"strings"

	"ricochet.example/app/check"
	"ricochet.example/data"
)

// Plan says what becomes of each line of a list for a squad: of those that were New, some are known already.
// A line that names a squad is for that one: the squad of the list where it is called so, be others too.
func Plan(ctx context.Context, tx *data.Tx, squadID string, lines []Line) ([]Line, error) {
	return plan(ctx, tx, squadID, lines, false)
}

// PlanApplications is Plan for people who applied somewhere else, and about whom somebody is to decide here.
func PlanApplications(ctx context.Context, tx *data.Tx, squadID string, lines []Line) ([]Line, error) {
	return plan(ctx, tx, squadID, lines, true)
}

func plan(ctx context.Context, tx *data.Tx, squadID string, lines []Line, applications bool) ([]Line, error) {
	all, err := All(ctx, tx)
	if err != nil {
		return nil, err
	}
	byName := map[string][]string{}
	for _, s := range all {
		name := strings.ToLower(s.Name)
		switch {
		case s.ID == squadID:
			byName[name] = []string{s.ID}
		case !slices.Equal(byName[name], []string{squadID}):
			byName[name] = append(byName[name], s.ID)
		}
	}
	k, err := knownTo(ctx, tx, lines)
	if err != nil {
		return nil, err
	}
	planned := make([]Line, len(lines))
	first := map[[2]string]int{}
	for n, l := range lines {
		if l.Outcome == New {
			l.SquadID = squadID
			called := byName[strings.ToLower(l.Squad)]
			if l.Loose && len(called) == 0 {
				l.Squad = ""
			}
			if l.Squad != "" {
				l.SquadID = ""
				if len(called) == 1 {
					l.SquadID = called[0]
				}
			}
			person := [2]string{l.SquadID, l.Email}
			switch {
			case l.SquadID == "" && len(called) > 1:
				l.Outcome, l.Problem = Wrong, check.Problem{Key: "guest.which_squad", Args: []any{"squad", l.Squad, "n", len(called)}}
			case l.SquadID == "":
				l.Outcome, l.Problem = Wrong, check.Problem{Key: "guest.no_squad", Args: []any{"squad", l.Squad}}
			case first[person] > 0:
				l.Outcome, l.First = Twice, first[person]
			case k.staff[l.Email]:
				l.Outcome = Staff
			case k.members[person]:
				l.Outcome = There
			case applications && k.applied[person]:
				l.Outcome = Applied
			case applications && k.removed[person]:
				l.Outcome = TakenOut
			case k.invited[person]:
				l.Outcome = Waiting
			case k.stopped[l.Email]:
				l.Outcome = Stopped
			}
			if first[person] == 0 {
				first[person] = l.Number
			}
			if own := k.languages[l.Email]; own != "" {
				l.Language = own // they have an account, and said so
			}
		}
		planned[n] = l
	}
	return planned, nil
}

// known is what the installation knows of people, by address or by squad and address.
type known struct {
	staff, stopped            map[string]bool
	languages                 map[string]string
	members, invited, applied map[[2]string]bool
	removed                   map[[2]string]bool
}

// fewLines is up to how many lines their addresses are looked up one by one: of longer lists everybody is read.
const fewLines = 200

// knownTo asks what is known of the people of some lines.
func knownTo(ctx context.Context, tx *data.Tx, lines []Line) (k known, err error) {
	k = known{
		map[string]bool{}, map[string]bool{}, map[string]string{}, map[[2]string]bool{}, map[[2]string]bool{}, map[[2]string]bool{}, map[[2]string]bool{},
	}
	// about narrows a query down to the addresses of a few lines.
	about := func(query, column string, args ...any) (string, []any) {
		if len(lines) == 0 || len(lines) > fewLines {
			return query, args
		}
		for _, l := range lines {
			args = append(args, l.Email)
		}
		return query + ` AND ` + column + ` IN (?` + strings.Repeat(", ?", len(lines)-1) + `)`, args
	}
	query, args := about(`SELECT email, role, language FROM accounts WHERE 1 = 1`, `email`)
	err = data.Each(ctx, tx, func(row data.Row) error {
		var email, role, language string
		err := row.Scan(&email, &role, &language)
		k.languages[email], k.staff[email] = language, role != "ambassador"
		return err
	}, query, args...)
	if err != nil {
		return k, err
	}
	pairs := func(into map[[2]string]bool) func(data.Row) error {
		return func(row data.Row) error {
			var p [2]string
			err := row.Scan(&p[0], &p[1])
			into[p] = true
			return err
		}
	}
	for _, ask := range []struct {
		into          map[[2]string]bool
		query, column string
		args          []any
	}{
		{k.members, `SELECT m.squad_id, a.email FROM members m JOIN accounts a ON a.id = m.account_id WHERE 1 = 1`, `a.email`, nil},
		{k.invited, `SELECT squad_id, email FROM invitations
			WHERE email <> '' AND revoked_at IS NULL AND used = 0 AND (ends_at IS NULL OR ends_at > ?)`, `email`, []any{tx.Now()}},
		{k.applied, `SELECT p.squad_id, a.email FROM applications p JOIN accounts a ON a.id = p.account_id WHERE p.state IN ` + open, `a.email`, nil},
		{k.removed, `SELECT p.squad_id, a.email FROM applications p JOIN accounts a ON a.id = p.account_id WHERE p.state = 'removed'`, `a.email`, nil},
	} {
		query, args := about(ask.query, ask.column, ask.args...)
		if err := data.Each(ctx, tx, pairs(ask.into), query, args...); err != nil {
			return k, err
		}
	}
	query, args = about(`SELECT address FROM mail_stops WHERE stopped_at IS NOT NULL`, `address`)
	return k, data.Each(ctx, tx, func(row data.Row) error {
		var email string
		err := row.Scan(&email)
		k.stopped[email] = true
		return err
	}, query, args...)
}
