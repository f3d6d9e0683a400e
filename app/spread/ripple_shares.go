package spread

import (
	"cmp"
	"context"
	"slices"

	"ricochet.example/data"
)

// Share is a link with whose it is and what it brought.
type Share struct {
	LinkID    int64
	DropID    string
	AccountID string
	Name      string
	SquadID   string // empty, if the squad is gone
	Squad     string
	Totals    Totals
}

// Shares returns the links in scope, those with most people first. Days do not
// narrow it.
func Shares(ctx context.Context, tx *data.Tx, scope Scope) ([]Share, error) {
	where, args := scope.links()
	return data.All(ctx, tx, func(r data.Row) (s Share, err error) {
		return s, r.Scan(&s.LinkID, &s.DropID, &s.AccountID, &s.Name, &s.SquadID, &s.Squad,
			&s.Totals.People, &s.Totals.Points, &s.Totals.Sharers, &s.Totals.Held, &s.Totals.Farthest)
	}, `SELECT l.id, l.drop_id, l.account_id, a.name, coalesce(l.squad_id, ''), coalesce(s.name, ''),
			coalesce(t.people, 0), coalesce(t.points, 0), coalesce(t.sharers, 0), coalesce(t.held, 0), coalesce(t.farthest, 0)
		FROM links l JOIN accounts a ON a.id = l.account_id LEFT JOIN squads s ON s.id = l.squad_id LEFT JOIN link_totals t ON t.link_id = l.id
		WHERE `+where+` ORDER BY coalesce(t.people, 0) DESC, l.id`, args...)
}

// Ambassador is somebody on the map of a campaign or a drop.
type Ambassador struct {
	Rank int // by people; equal people, equal rank
	Share
	Links []Share // the one with most people first
}

// Ambassadors adds up the links of each, those with most people first.
func Ambassadors(shares []Share) (all []Ambassador) {
	at := map[string]int{}
	for _, s := range shares {
		i, ok := at[s.AccountID]
		if !ok {
			at[s.AccountID] = len(all)
			all = append(all, Ambassador{Share: s, Links: []Share{s}})
			continue
		}
		a := &all[i]
		a.Links = append(a.Links, s)
		a.Totals.Add(s.Totals.Sums)
		a.Totals.Farthest = max(a.Totals.Farthest, s.Totals.Farthest)
	}
	slices.SortStableFunc(all, func(a, b Ambassador) int {
		return cmp.Or(cmp.Compare(b.Totals.People, a.Totals.People), cmp.Compare(a.Name, b.Name))
	})
	for i := range all {
		all[i].Rank = i + 1
		if i > 0 && all[i].Totals.People == all[i-1].Totals.People {
			all[i].Rank = all[i-1].Rank
		}
	}
	return all
}

// The bounds of a map of many: names that are written, opens that are read for
// it, of one link and of all, and links. What is beyond is told as a number.
const (
	NamesWritten = 8
	ReadForMap   = 40_000
	ReadOfLink   = 15_000
	LinksRead    = 200
)

// ReadOwners reads what is drawn of some ambassadors: the trees of the chosen
// one first, then of those with most people, as far as the bounds allow.
func ReadOwners(ctx context.Context, tx *data.Tx, all []Ambassador, chosen string) ([]Owner, error) {
	squads := map[string]int{}
	owners := make([]Owner, len(all))
	order := make([]int, 0, len(all))
	for i, a := range all {
		if _, ok := squads[a.SquadID]; !ok {
			squads[a.SquadID] = len(squads)
		}
		owners[i] = Owner{
			AccountID: a.AccountID, Name: a.Name, Squad: squads[a.SquadID],
			People: int(a.Totals.People), Opens: int(a.Totals.People + a.Totals.Held), Named: i < NamesWritten || a.AccountID == chosen,
		}
		if a.AccountID == chosen {
			order = slices.Insert(order, 0, i)
		} else {
			order = append(order, i)
		}
	}
	left, links := ReadForMap, LinksRead
	for n, i := range order {
		if n > ownersDrawn {
			break // these are told as a number
		}
		for _, l := range all[i].Links {
			if left <= 0 || links <= 0 || l.Totals.People+l.Totals.Held == 0 {
				break
			}
			t, err := ReadTraceUpTo(ctx, tx, l.LinkID, nil, min(left, ReadOfLink))
			if err != nil {
				return nil, err
			}
			owners[i].Traces = append(owners[i].Traces, t)
			left, links = left-t.Len(), links-1
		}
	}
	return owners, nil
}
