package main

import (
	"context"
	"fmt"
	"net/url"

	"ricochet.example/app/account"
	"ricochet.example/app/id"
	"ricochet.example/app/reward"
	"ricochet.example/data"
)

// reward has members ask for rewards on their own pages, as far as they have come by then, and the brand answer.
func (m *maker) reward(ctx context.Context) error {
	manager := m.cast.Managers[0]
	for _, c := range m.cast.Claims() {
		err := m.submit(ctx, c.Who, "/me/rewards/"+c.RewardID, url.Values{"once": {id.New()}, "size": {c.Size}, "address": {c.Address}})
		if err != nil {
			return err
		}
		claim, err := m.claimOf(ctx, c.Who)
		if err != nil {
			return err
		}
		for claim.State != c.To {
			before := claim.State
			who, path, form := manager, "/claims", url.Values{"state": {string(before)}, "one": {claim.ID}}
			switch c.To {
			case reward.Declined:
				path, form = "/claims/"+claim.ID+"/decline", url.Values{"reason": {c.Reason}}
			case reward.Withdrawn:
				who, path, form = c.Who, "/me/claims/"+claim.ID+"/withdraw", url.Values{}
			}
			if err := m.submit(ctx, who, path, form); err != nil {
				return err
			}
			if claim, err = m.claimOf(ctx, c.Who); err != nil {
				return err
			}
			if claim.State == before {
				return fmt.Errorf("what %s asked for stays %s", c.Who.Name, before)
			}
		}
	}
	for _, t := range m.cast.Thanked() {
		err := m.submit(ctx, t.From, "/squads/"+t.SquadID+"/members/"+t.To.ID+"/thanks", url.Values{"once": {id.New()}, "words": {t.Words}})
		if err != nil {
			return err
		}
	}
	return nil
}

// claimOf is the one thing that somebody asked for.
func (m *maker) claimOf(ctx context.Context, who account.Account) (c reward.Claim, err error) {
	err = m.db.View(ctx, func(tx *data.Tx) error {
		all, err := reward.ClaimsOf(ctx, tx, who.ID)
		if err == nil && len(all) != 1 {
			err = fmt.Errorf("%s asked for %d rewards", who.Name, len(all))
		}
		if err != nil {
			return err
		}
		c = all[0]
		return nil
	})
	return c, err
}
