package views

import (
	"context"

	"ricochet.example/app/lang"
	"ricochet.example/app/spread"
	"ricochet.example/views/ui"
)

// SquadPlace is how a member stands in their squad, and the squad among others.
type SquadPlace struct {
	Periods []ui.NavItem
	Period  string       // week, campaign or all
	Chosen  string       // the campaign
	Board   spread.Board // the own row and its neighbours; the first ones, of somebody who has no place yet
	Own     string       // the squad
	Squads  []SquadLine  // nothing where there are no others to compare with
}

// SquadLine is a squad among others.
type SquadLine struct {
	ID, Name string
	Rank     int
	Members  int
	People   int64
	Most     int64 // of the first
	Own      bool
}

func (v SquadPlace) table() boardColumns {
	t := boardColumns{Shared: v.Board.Shared}
	if v.Board.Own != nil {
		t.Own = v.Board.Own.AccountID
	}
	return t
}

// whyPath leads to why somebody has their score, of the same days or the same campaign.
func (v SquadPlace) whyPath(accountID string) string {
	switch v.Period {
	case "week":
		return AmbassadorPath(accountID) + "?period=week"
	case "campaign":
		return InCampaignPath(accountID, v.Chosen, "")
	}
	return AmbassadorPath(accountID)
}

// at is where the own row is among those that are shown, -1 if it is not.
func (v SquadPlace) at() int {
	for i, s := range v.Board.Rows {
		if v.Board.Own != nil && s.AccountID == v.Board.Own.AccountID {
			return i
		}
	}
	return -1
}

// gap says what there is to the place before: as each person reached is a point at least, so many more people are
// enough. To whoever leads it says by how much.
func (v SquadPlace) gap(ctx context.Context) string {
	at, rows := v.at(), v.Board.Rows
	if at < 0 || v.Board.Own.Points == 0 {
		return ""
	}
	own := rows[at].Points
	for i := at - 1; i >= 0; i-- {
		if d := rows[i].Points - own; d > 0 {
			return lang.T(ctx, "place.to_next", "n", d+1, "name", otherName(ctx, rows[i]))
		}
	}
	if v.Board.First > 0 { // everybody before who is shown has as many
		return lang.T(ctx, "place.level", "name", otherName(ctx, rows[max(at-1, 0)]))
	}
	if at > 0 || at+1 < len(rows) && rows[at+1].Points == own {
		beside := rows[0]
		if at == 0 {
			beside = rows[1]
		}
		return lang.T(ctx, "place.level_first", "name", otherName(ctx, beside))
	}
	if at+1 < len(rows) {
		return lang.T(ctx, "place.ahead", "n", own-rows[at+1].Points, "name", otherName(ctx, rows[at+1]))
	}
	return lang.T(ctx, "place.alone")
}

// otherName is what another member is called.
func otherName(ctx context.Context, s spread.Standing) string {
	if s.Name == "" {
		return lang.T(ctx, "shown.somebody")
	}
	return s.Name
}

// perMember is how many people came for each member.
func (l SquadLine) perMember(ctx context.Context) string {
	if l.Members == 0 {
		return ""
	}
	return lang.T(ctx, "place.per_member", "people", lang.Decimal(ctx, float64(l.People)/float64(l.Members), 1))
}

// notYet says that the member has no place in that time, and that this is no last place.
func (v SquadPlace) notYet(ctx context.Context) string {
	if v.Period == "week" {
		return lang.T(ctx, "place.not_yet_week")
	}
	return lang.T(ctx, "place.not_yet")
}
