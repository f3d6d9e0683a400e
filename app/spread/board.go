package spread

import (
	"cmp"
	"context"
	"slices"
	"time"

	"ricochet.example/data"
)

// Standing is a place on a leaderboard, with its reasons.
type Standing struct {
	Rank      int // equal points, equal rank: 1, 2, 2, 4
	AccountID string
	Name      string
	Totals
}

// Average is the mean number of points that a counted person brought, or 0 for none.
func (s Standing) Average() float64 {
	if s.People == 0 {
		return 0
	}
	return float64(s.Points) / float64(s.People)
}

// Beyond is what the score has besides one point a person: what people earned
// by sending it on.
func (s Sums) Beyond() int64 { return s.Points - s.People }

// Scope says whose links a board is about, and which days. Empty fields do not
// narrow it. Rehearsals are on no board.
type Scope struct {
	CampaignID string
	DropID     string
	SquadID    string
	AccountID  string
	From, To   int64 // UTC days since 1970, both included; From 0 is all time
}

func (s Scope) links() (where string, args []any) {
	where = `l.rehearsal = 0 AND l.account_id IS NOT NULL`
	for _, f := range []struct{ column, value string }{
		{"l.campaign_id", s.CampaignID}, {"l.drop_id", s.DropID}, {"l.squad_id", s.SquadID}, {"l.account_id", s.AccountID},
	} {
		if f.value != "" {
			where += ` AND ` + f.column + ` = ?`
			args = append(args, f.value)
		}
	}
	return where, args
}

// Board ranks the ambassadors whose links are in scope, by points; among equals
// by people, then by who was there first. Whoever has a link is on it.
func Board(ctx context.Context, tx *data.Tx, scope Scope) ([]Standing, error) {
	where, args := scope.links()
	all, err := data.All(ctx, tx, scanStanding, `SELECT l.account_id, a.name,
			coalesce(sum(t.people), 0), coalesce(sum(t.points), 0), coalesce(sum(t.sharers), 0), coalesce(sum(t.first_hop), 0),
			coalesce(sum(t.held), 0), coalesce(max(t.farthest), 0), coalesce(sum(t.squares), 0), min(t.first_at), max(t.last_at)
		FROM links l JOIN accounts a ON a.id = l.account_id LEFT JOIN link_totals t ON t.link_id = l.id
		WHERE `+where+` GROUP BY l.account_id, a.name`, args...)
	if err != nil {
		return nil, err
	}
	if scope.From > 0 {
		if err := inWindow(ctx, tx, scope, all); err != nil {
			return nil, err
		}
	}
	rank(all)
	return all, nil
}

func scanStanding(r data.Row) (s Standing, err error) {
	return s, r.Scan(&s.AccountID, &s.Name, &s.People, &s.Points, &s.Sharers, &s.FirstHop, &s.Held, &s.Farthest, &s.Squares,
		data.Time(&s.FirstAt), data.Time(&s.LastAt))
}

// inWindow puts the sums of some days in the place of those of all time. How
// far, and since when, is of all time still.
func inWindow(ctx context.Context, tx *data.Tx, scope Scope, all []Standing) error {
	where, args := scope.links()
	sums := map[string]Sums{}
	err := data.Each(ctx, tx, func(r data.Row) error {
		var id string
		var s Sums
		if err := r.Scan(&id, &s.People, &s.Points, &s.Sharers, &s.FirstHop, &s.Held); err != nil {
			return err
		}
		sums[id] = s
		return nil
	}, `SELECT l.account_id, sum(d.people), sum(d.points), sum(d.sharers), sum(d.first_hop), sum(d.held)
		FROM link_days d JOIN links l ON l.id = d.link_id
		WHERE d.day >= ? AND d.day <= ? AND `+where+` GROUP BY l.account_id`,
		append([]any{scope.From, scope.To}, args...)...)
	if err != nil {
		return err
	}
	for i := range all {
		all[i].Sums = sums[all[i].AccountID]
	}
	return nil
}

// rank orders standings and gives equal points an equal rank.
func rank(all []Standing) {
	slices.SortFunc(all, func(a, b Standing) int {
		return cmp.Or(cmp.Compare(b.Points, a.Points), cmp.Compare(b.People, a.People), earlier(a.LastAt, b.LastAt), cmp.Compare(a.AccountID, b.AccountID))
	})
	for i := range all {
		all[i].Rank = i + 1
		if i > 0 && all[i].Points == all[i-1].Points {
			all[i].Rank = all[i-1].Rank
		}
	}
}

func earlier(a, b time.Time) int { return a.Compare(b) }

// Look is one tree, as far as the fold has come.
type Look struct {
	Leaves    []Leaf
	Reckoning Reckoning
	Mark      Mark
	Most      int64
	Rehearsal bool
}

// LookAt reads and reckons the tree of a link.
func LookAt(ctx context.Context, tx *data.Tx, linkID int64) (l Look, err error) {
	var f Folder
	t, err := f.tree(ctx, tx, linkID)
	if err != nil {
		return l, err
	}
	if l.Mark, err = MarkOf(ctx, tx); err != nil {
		return l, err
	}
	l.Most, l.Rehearsal = t.most, t.rehearsal
	if l.Leaves, err = leavesOf(ctx, tx, linkID, l.Mark, t.rehearsal); err != nil {
		return l, err
	}
	l.Reckoning = Reckon(l.Leaves, t.most)
	return l, nil
}
