package spread

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"ricochet.example/app/share"
	"ricochet.example/app/visit"
	"ricochet.example/data"
)

// Review is a run of counted opens of one link that look less like people than
// like one person with many browsers, each on a network of its own: nothing
// that an open tells by itself gives them away, many of them together may. It is
// for a person to look at, and changes nothing.
type Review struct {
	LinkID  int64
	Top     int64     // the first-hop open whose branch they are all in; 0: they are all over the link
	Opens   []int64   // in the order of their ids
	From    time.Time // the first and the last
	To      time.Time
	Points  int64   // what the link would lose without them
	Weight  float64 // by how many powers of e they are likelier from a machine than from this campaign's readers
	Reasons []Reason
}

// Reason says what is odd about a run of opens.
type Reason struct {
	Kind  string        // apps, desks, hours or steady
	Share float64       // how many of them, 0 to 1
	Usual float64       // how many elsewhere in the campaign
	Every time.Duration // steady: the middle time between one and the next
}

// How much is looked at: the links with most at stake, and of each what came last.
const (
	reviewLinks = 300
	reviewOpens = 500
	fewestOpens = 8 // fewer prove nothing, and are worth little
)

// suspicion is the weight from which a run is listed. On twenty simulated
// campaigns all farms with fresh addresses weigh more, and of a thousand honest
// ambassadors one in fifty does.
const suspicion = 8

// glance is what a review knows of an open.
type glance struct {
	id, branch int64
	at         time.Time
	trail      trail
}

// Reviews returns what a manager may want to look at in a campaign, the
// weightiest first. It compares each link with all others by what the log holds
// of opens not older than 90 days; what a person has already decided to count
// is left out.
func Reviews(ctx context.Context, tx *data.Tx, campaignID string) ([]Review, error) {
	links, err := data.All(ctx, tx, data.Integer, `SELECT t.link_id FROM links l JOIN link_totals t ON t.link_id = l.id
		WHERE l.campaign_id = ? AND l.rehearsal = 0 AND t.people > 0 ORDER BY t.points DESC, t.link_id LIMIT ?`, campaignID, reviewLinks)
	if err != nil {
		return nil, fmt.Errorf("reviewing: %w", err)
	}
	mark, err := MarkOf(ctx, tx)
	if err != nil {
		return nil, fmt.Errorf("reviewing: %w", err)
	}
	all, usual := make([][]glance, len(links)), custom{}
	for i, link := range links {
		if all[i], err = glances(ctx, tx, link, mark); err != nil {
			return nil, fmt.Errorf("reviewing link %d: %w", link, err)
		}
		usual.add(all[i], 1)
	}
	var found []Review
	for i, link := range links {
		if len(all[i]) < fewestOpens {
			continue
		}
		usual.add(all[i], -1) // nobody is measured by themselves
		run, weight := usual.oddest(all[i])
		if len(run) >= fewestOpens && weight >= suspicion {
			found = append(found, Review{LinkID: link, Weight: weight, Reasons: usual.reasons(run)}.of(run))
		}
		usual.add(all[i], 1)
	}
	slices.SortStableFunc(found, func(a, b Review) int { return cmp.Compare(b.Weight, a.Weight) })
	for i := range found {
		if found[i].Points, err = stake(ctx, tx, &found[i]); err != nil {
			return nil, fmt.Errorf("reviewing link %d: %w", found[i].LinkID, err)
		}
	}
	return found, nil
}

func (r Review) of(run []glance) Review {
	r.From, r.To, r.Top = run[0].at, run[len(run)-1].at, run[0].branch
	for _, g := range run {
		r.Opens = append(r.Opens, g.id)
		if g.branch != r.Top {
			r.Top = 0
		}
	}
	return r
}

// glances are the last counted opens of a link, the oldest first.
func glances(ctx context.Context, tx *data.Tx, link int64, mark Mark) ([]glance, error) {
	parts, err := partsOf(ctx, tx, link)
	if err != nil {
		return nil, err
	}
	var all []glance
	for _, p := range slices.Backward(parts) {
		err := data.Each(ctx, tx, func(r data.Row) error {
			var g glance
			var device, observed int64
			err := r.Scan(&g.id, &g.branch, data.Time(&g.at), &device, &observed)
			g.trail = trailOf(visit.Device(device), visit.Channel(observed)) //nolint:gosec // as they were put there
			all = append(all, g)
			return err
		}, `SELECT o.id, coalesce(o.branch_id, o.id), o.opened_at, o.device, o.observed FROM `+p.table+` JOIN opens o ON o.id = t.open_id
		WHERE `+p.where+` AND o.opened_at > ?
		AND coalesce((SELECT d.state FROM decisions d WHERE d.open_id = o.id AND d.id <= ? ORDER BY d.id DESC LIMIT 1), o.state) = 0
		AND NOT EXISTS (SELECT 1 FROM decisions d WHERE d.open_id = o.id AND d.decided_by IS NOT NULL)
		ORDER BY t.open_id DESC LIMIT ?`, p.with(tx.Now().Add(-share.Retention), mark.Decision, reviewOpens-len(all))...)
		if err != nil {
			return nil, err
		}
	}
	slices.Reverse(all)
	return all, nil
}

// stake is what a link would lose without these opens.
func stake(ctx context.Context, tx *data.Tx, r *Review) (int64, error) {
	l, err := LookAt(ctx, tx, r.LinkID)
	if err != nil {
		return 0, err
	}
	for i := range l.Leaves {
		if _, odd := slices.BinarySearch(r.Opens, l.Leaves[i].ID); odd {
			l.Leaves[i].Counted = false
		}
	}
	return l.Reckoning.Totals.Points - Reckon(l.Leaves, l.Most).Totals.Points, nil
}
