package web

import (
	"context"
	"fmt"

	"ricochet.example/app/audit"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/data"
	"ricochet.example/views"
)

// clearedAtOnce is how many small groups clear in one go; the next go is an hour later.
const clearedAtOnce = 200

// clearSmall counts small groups of held opens that nobody has judged for a week, by the rule that package share
// states. It looks once an hour, and writes down each group that it clears.
func (s *Server) clearSmall(ctx context.Context) error {
	hour := s.clock.Now().Unix() / 3600
	if s.cleared.Load() == hour {
		return nil
	}
	var small []share.Small
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		small, err = share.SmallGroups(ctx, tx, clearedAtOnce)
		return err
	})
	if err != nil {
		return fmt.Errorf("looking for groups that clear: %w", err)
	}
	for _, g := range small {
		if err := s.clearOne(ctx, g); err != nil {
			return fmt.Errorf("clearing a small group: %w", err)
		}
	}
	s.cleared.Store(hour)
	return nil
}

// clearOne counts the opens of one group, if they still may.
func (s *Server) clearOne(ctx context.Context, g share.Small) error {
	var look spread.Look
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		look, err = spread.LookAt(ctx, tx, g.LinkID)
		return err
	})
	if err != nil {
		return err
	}
	return s.db.Update(ctx, func(tx *data.Tx) error {
		ids, err := share.Clears(ctx, tx, g)
		if err != nil || len(ids) == 0 {
			return err
		}
		change := effect(look, ids, views.Release)
		actID, err := audit.Write(ctx, tx, audit.Act{
			Kind: audit.GroupCleared, CampaignID: g.CampaignID, LinkID: g.LinkID, SquadID: g.SquadID, OpenID: int64(g.Place),
			Opens: int64(len(ids)), People: change.People, Points: change.Points,
		})
		if err != nil {
			return err
		}
		return share.DecideAll(ctx, tx, g.LinkID, ids, share.Counted, "", actID)
	})
}
