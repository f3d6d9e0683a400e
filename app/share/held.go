package share

import (
	"context"
	"time"

	"ricochet.example/app/visit"
	"ricochet.example/data"
)

// Waits says whether an open in that state waits for somebody's judgement:
// nothing speaks against it but its network.
func (s State) Waits() bool { return s == SameNetwork || s == NetworkCap }

// Shown chooses among the opens that are shown and not counted.
type Shown string

// What to choose: those that wait for a judgement, those that a rule settled,
// or their reader, and those that a manager left out.
const (
	Waiting Shown = "waiting"
	ByRule  Shown = "by_rule"
	LeftOut Shown = "left_out"
)

// AllShown lists every choice, in the order of a page.
var AllShown = []Shown{Waiting, ByRule, LeftOut}

// among is the condition on a state. The numbers stand in it as text: so the
// database sees that its small index of what is not counted will do.
func (s Shown) among(column string) string {
	switch s {
	case ByRule:
		return column + ` IN (1, 2, 6)`
	case LeftOut:
		return column + ` = 5`
	}
	return column + ` IN (3, 4)`
}

// Place is what opens that are not counted are gathered by: the network that
// they share, named by its first open, or less the reason where that is not the
// network.
type Place int64

// Reason is the reason that a place stands for, if it is no network.
func (p Place) Reason() (reason State, ok bool) { return State(-p), p < 0 }

// Shown says among which the opens of the place are.
func (p Place) Shown() Shown {
	if reason, ok := p.Reason(); ok && reason == Excluded {
		return LeftOut
	} else if ok {
		return ByRule
	}
	return Waiting
}

// Group is opens of one link and place that are not counted.
type Group struct {
	LinkID      int64
	Place       Place
	DropID      string
	Title       string // of the drop
	AccountID   string // empty once the ambassador was erased
	Member      string
	Opens       int64
	SameNetwork int64 // how many of them because of a sharer above
	NetworkCap  int64 // and how many as too many of one day
	First       time.Time
	Last        time.Time
	Channel     visit.Channel // by which all of them came; Unknown if by several
	Several     bool
}

// notCounted are the opens that are not counted, by the last word on each, of a
// campaign or of one link: the scope is a condition on l, with one parameter. They
// are looked for where the fold found some, not at every link that there is.
func notCounted(scope string, s Shown) string {
	place := func(state string) string {
		return `CASE WHEN ` + state + ` IN (3, 4) THEN coalesce(o.network_group, o.id) ELSE -` + state + ` END`
	}
	return `SELECT o.id, o.link_id, o.opened_at, o.channel, o.state AS state, ` + place("o.state") + ` AS place
		FROM link_totals t CROSS JOIN links l JOIN opens o ON o.link_id = l.id
		WHERE t.held > 0 AND l.id = t.link_id AND ` + scope + ` = ? AND l.rehearsal = 0 AND o.state <> 0 AND ` + s.among("o.state") + `
		AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.open_id = o.id)
		UNION ALL SELECT o.id, o.link_id, o.opened_at, o.channel, d.state, ` + place("d.state") + `
		FROM link_totals t CROSS JOIN links l JOIN decisions d ON d.link_id = l.id JOIN opens o ON o.id = d.open_id
		WHERE t.held > 0 AND l.id = t.link_id AND ` + scope + ` = ? AND l.rehearsal = 0 AND ` + s.among("d.state") + `
		AND NOT EXISTS (SELECT 1 FROM decisions x WHERE x.open_id = d.open_id AND x.id > d.id)`
}

// Held is a scope in which opens that are not counted are looked for: a
// campaign, one link of it, or the links that were made in a squad.
type Held struct {
	CampaignID string
	LinkID     int64  // not 0: this link alone
	SquadID    string // not empty: what was made in this squad
}

func (h Held) scope() (condition string, arg any) {
	switch {
	case h.LinkID != 0:
		return `l.id`, h.LinkID
	case h.SquadID != "":
		return `l.squad_id`, h.SquadID
	}
	return `l.campaign_id`, h.CampaignID
}

// Count returns how many opens there are, up to most: whoever waits for more
// than that has enough to do.
func (h Held) Count(ctx context.Context, tx *data.Tx, s Shown, most int) (int64, error) {
	scope, arg := h.scope()
	return data.Int(ctx, tx, `SELECT count(*) FROM (SELECT id FROM (`+notCounted(scope, s)+`) AS every LIMIT ?) AS counted`, arg, arg, most)
}

// Groups returns the opens gathered by link and place, the latest first: limit
// groups after leaving out some, and how many groups there are in all.
func (h Held) Groups(ctx context.Context, tx *data.Tx, s Shown, limit, leftOut int) (groups []Group, all int64, err error) {
	scope, arg := h.scope()
	every := notCounted(scope, s)
	all, err = data.Int(ctx, tx, `SELECT count(*) FROM (SELECT 1 FROM (`+every+`) AS every GROUP BY link_id, place) AS counted`, arg, arg)
	if err != nil || all == 0 {
		return nil, all, err
	}
	groups, err = data.All(ctx, tx, scanGroup, `SELECT g.link_id, g.place, l.drop_id, v.title, coalesce(l.account_id, ''), coalesce(a.name, nullif(o.name, ''), l.house),
			g.opens, g.same, g.opens - g.same, g.first_at, g.last_at, g.low, g.high
		FROM (SELECT link_id, place, count(*) AS opens, count(*) FILTER (WHERE state = 3) AS same,
				min(opened_at) AS first_at, max(opened_at) AS last_at, min(channel) AS low, max(channel) AS high
			FROM (`+every+`) AS every GROUP BY link_id, place ORDER BY max(opened_at) DESC, link_id, place LIMIT ? OFFSET ?) AS g
		JOIN links l ON l.id = g.link_id JOIN drops d ON d.id = l.drop_id JOIN drop_versions v ON v.drop_id = d.id AND v.number = d.version
		LEFT JOIN accounts a ON a.id = l.account_id LEFT JOIN recipients o ON o.link_id = l.id ORDER BY g.last_at DESC, g.link_id, g.place`, arg, arg, limit, leftOut)
	return groups, all, err
}

func scanGroup(r data.Row) (g Group, err error) {
	var low, high int64
	err = r.Scan(&g.LinkID, &g.Place, &g.DropID, &g.Title, &g.AccountID, &g.Member, &g.Opens, &g.SameNetwork, &g.NetworkCap,
		data.Time(&g.First), data.Time(&g.Last), &low, &high)
	if g.Several = low != high; !g.Several {
		g.Channel = visit.Channel(low) //nolint:gosec // it was written as such
	}
	if !g.Place.network() {
		g.NetworkCap = 0
	}
	return g, err
}

func (p Place) network() bool { return p > 0 }

// At returns the ids of a link's opens at a place that are not counted, in order.
func At(ctx context.Context, tx *data.Tx, linkID int64, p Place) ([]int64, error) {
	return data.All(ctx, tx, data.Integer, `SELECT id FROM (`+notCounted(`l.id`, p.Shown())+`) AS every WHERE place = ? ORDER BY id`, linkID, linkID, int64(p))
}

// CountedAt returns the ids of a link's opens that count although they came from
// a place, as far as that is still known: its first one always, the others for
// as long as there are keys of its day.
func CountedAt(ctx context.Context, tx *data.Tx, linkID int64, p Place) ([]int64, error) {
	if !p.network() {
		return nil, nil
	}
	const last = `coalesce((SELECT d.state FROM decisions d WHERE d.open_id = o.id ORDER BY d.id DESC LIMIT 1), o.state) = 0`
	return data.All(ctx, tx, data.Integer, `SELECT o.id FROM opens o WHERE o.id = ? AND o.link_id = ? AND `+last+`
		UNION SELECT o.id FROM opens head JOIN keys k ON k.day = head.opened_at / 86400000 JOIN opens o ON o.id = k.open_id
		WHERE head.id = ? AND k.network_group = ? AND o.link_id = ? AND `+last+` ORDER BY 1`,
		int64(p), linkID, int64(p), int64(p), linkID)
}
