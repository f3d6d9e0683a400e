package spread

import (
	"context"
	"fmt"
	"time"

	"ricochet.example/app/share"
	"ricochet.example/app/visit"
	"ricochet.example/data"
)

// LinkLine is a link with whose it is and what came of it, as it is written down outside.
type LinkLine struct {
	share.Link
	Campaign, Drop string // their names
	Squad          string // empty: made in none, or one that is no more
	Name, Email    string // of the ambassador; empty once erased, and of a link of the house
	Totals
}

// EachLink hands over every link in the order in which they were made, as far as the fold has come.
func EachLink(ctx context.Context, tx *data.Tx, fn func(LinkLine) error) error {
	err := data.Each(ctx, tx, func(r data.Row) error {
		var l LinkLine
		err := r.Scan(&l.ID, &l.DropID, &l.CampaignID, &l.AccountID, &l.SquadID, data.Bool(&l.Rehearsal), data.Time(&l.MadeAt), data.Time(&l.StoppedAt), &l.House,
			&l.Campaign, &l.Drop, &l.Squad, &l.Name, &l.Email, &l.People, &l.Points, &l.Sharers, &l.FirstHop, &l.Held, &l.Farthest)
		if err != nil {
			return err
		}
		return fn(l)
	}, `SELECT l.id, l.drop_id, l.campaign_id, coalesce(l.account_id, ''), coalesce(l.squad_id, ''), l.rehearsal, l.made_at, l.stopped_at, l.house,
			c.name, coalesce((SELECT v.title FROM drop_versions v WHERE v.drop_id = l.drop_id ORDER BY v.number DESC LIMIT 1), ''),
			coalesce(s.name, ''), coalesce(a.name, ''), coalesce(a.email, ''),
			coalesce(t.people, 0), coalesce(t.points, 0), coalesce(t.sharers, 0), coalesce(t.first_hop, 0), coalesce(t.held, 0), coalesce(t.farthest, 0)
		FROM links l JOIN campaigns c ON c.id = l.campaign_id LEFT JOIN squads s ON s.id = l.squad_id
		LEFT JOIN accounts a ON a.id = l.account_id LEFT JOIN link_totals t ON t.link_id = l.id ORDER BY l.id`)
	if err != nil {
		return fmt.Errorf("reading the links: %w", err)
	}
	return nil
}

// OpenLine is an open of the log, with the last word on whether it counts.
type OpenLine struct {
	ID, LinkID, ParentID int64 // ParentID is 0 where the link itself brought them
	OpenedAt             time.Time
	State                share.State
	Channel, Observed    visit.Channel
	Device               visit.Device
}

// EachOpen hands over the log of opens in its order.
func EachOpen(ctx context.Context, tx *data.Tx, fn func(OpenLine) error) error {
	err := data.Each(ctx, tx, func(r data.Row) error {
		var o OpenLine
		if err := r.Scan(&o.ID, &o.LinkID, &o.ParentID, data.Time(&o.OpenedAt), &o.State, &o.Channel, &o.Observed, &o.Device); err != nil {
			return err
		}
		return fn(o)
	}, `SELECT o.id, o.link_id, coalesce(o.parent_id, 0), o.opened_at,
			coalesce((SELECT d.state FROM decisions d WHERE d.open_id = o.id ORDER BY d.id DESC LIMIT 1), o.state),
			o.channel, o.observed, o.device
		FROM opens o ORDER BY o.id`)
	if err != nil {
		return fmt.Errorf("reading the opens: %w", err)
	}
	return nil
}
