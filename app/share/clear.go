package share

import (
	"context"
	"fmt"
	"time"

	"ricochet.example/data"
)

// The rule by which a small group of opens that waits for a judgement clears by itself. It lets through what a household
// does and stays far from what a farm does, however many addresses that has: of one ambassador in one campaign no more
// than ClearMost people can ever come to count by it. A campaign can do without it.
const (
	ClearAfter = 7 * 24 * time.Hour // since the last of its opens
	ClearMost  = 3                  // opens that it has at most
	ClearTimes = 3                  // as many people already count on the link, for each of them
)

// clearUntil is how old a group may be that clears: what stood so long is nobody's news, and old results stay.
const clearUntil = 30 * 24 * time.Hour

// Small is a group that clears by itself.
type Small struct {
	LinkID     int64
	Place      Place
	AccountID  string
	CampaignID string
	SquadID    string // empty: in none
}

// clearable are the groups in a scope that clear now: all that the ambassador has waiting in the campaign is that group,
// it waits for nothing but a sharer's network, nobody has decided about it or left out anything of theirs there, and
// nothing of theirs there has cleared before.
func clearable(ctx context.Context, tx *data.Tx, scope string, arg any, limit int) ([]Small, error) {
	now := tx.Now()
	return data.All(ctx, tx, func(r data.Row) (s Small, err error) {
		return s, r.Scan(&s.LinkID, &s.Place, &s.AccountID, &s.CampaignID, &s.SquadID)
	}, `WITH waiting AS (`+notCounted(scope, Waiting)+`),
		gathered AS (SELECT w.link_id, w.place, l.account_id, l.campaign_id, coalesce(l.squad_id, '') AS squad_id, count(*) AS opens,
				count(*) FILTER (WHERE w.state <> 3) AS many, max(w.opened_at) AS last_at,
				max(CASE WHEN EXISTS (SELECT 1 FROM decisions d WHERE d.open_id = w.id) THEN 1 ELSE 0 END) AS judged,
				count(*) OVER (PARTITION BY l.account_id, l.campaign_id) AS theirs
			FROM waiting w JOIN links l ON l.id = w.link_id
			WHERE l.account_id IS NOT NULL AND l.house = '' AND l.stopped_at IS NULL
			GROUP BY w.link_id, w.place, l.account_id, l.campaign_id, l.squad_id)
		SELECT g.link_id, g.place, g.account_id, g.campaign_id, g.squad_id FROM gathered g JOIN link_totals t ON t.link_id = g.link_id
		JOIN campaigns c ON c.id = g.campaign_id AND c.judges_all = 0
		WHERE g.opens <= ? AND g.many = 0 AND g.judged = 0 AND g.theirs = 1 AND g.last_at <= ? AND g.last_at > ? AND t.people >= ? * g.opens
		AND NOT EXISTS (SELECT 1 FROM links k JOIN decisions d ON d.link_id = k.id LEFT JOIN acts a ON a.id = d.act_id
			WHERE k.account_id = g.account_id AND k.campaign_id = g.campaign_id AND (d.state = 5 OR a.kind = 'group_cleared'))
		ORDER BY g.last_at, g.link_id LIMIT ?`, arg, arg, ClearMost, now.Add(-ClearAfter), now.Add(-clearUntil), ClearTimes, limit)
}

// SmallGroups returns the groups that clear by themselves now, the oldest first: limit of them.
func SmallGroups(ctx context.Context, tx *data.Tx, limit int) ([]Small, error) {
	return clearable(ctx, tx, `l.rehearsal`, int64(0), limit)
}

// Clears takes the word on a small group until the transaction ends, and returns the opens that it counts from now on;
// none if it does not clear any more: another server was quicker, or a person.
func Clears(ctx context.Context, tx *data.Tx, s Small) ([]int64, error) {
	if err := data.Lock(ctx, tx, decideLock); err != nil {
		return nil, err
	}
	all, err := clearable(ctx, tx, `l.account_id`, s.AccountID, countedGroups)
	if err != nil {
		return nil, fmt.Errorf("looking again whether a group clears: %w", err)
	}
	for _, one := range all {
		if one.LinkID == s.LinkID && one.Place == s.Place {
			return At(ctx, tx, s.LinkID, s.Place)
		}
	}
	return nil, nil
}

// countedGroups is more than the groups of one ambassador that can clear at once, one a campaign.
const countedGroups = 1000
