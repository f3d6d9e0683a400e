package web

import (
	"net/http"

	"ricochet.example/app/account"
	"ricochet.example/app/campaign"
	"ricochet.example/app/drop"
	"ricochet.example/app/message"
	"ricochet.example/app/reward"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/app/voice"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) startRoutes() []Route {
	return []Route{{Method: "GET", Pattern: "/{$}", Answers: signedIn, Page: true, handle: s.start}}
}

// How many running campaigns the overview shows, how many lead in each, what comes next, and who says to be 18 now.
const (
	underwayShown = 6
	leadersShown  = 3
	turnsShown    = 5
	grownShown    = 5
)

// start is the first page: an overview for staff, their drops for members.
func (s *Server) start(w http.ResponseWriter, r *request) error {
	if !r.who.Staff() {
		return s.home(w, r)
	}
	ctx := r.Context()
	o := views.Overview{Damaged: r.who.Role == account.Owner && s.db.Damage() != ""}
	err := s.db.View(ctx, func(tx *data.Tx) error {
		squads, err := squad.All(ctx, tx)
		if err != nil {
			return err
		}
		if o.Squads = len(squads); o.Squads > 0 {
			o.FirstSquad = squads[0].ID
		}
		if o.Members, err = squad.CountMembers(ctx, tx); err != nil {
			return err
		}
		campaigns, err := campaign.All(ctx, tx)
		if err != nil {
			return err
		}
		o.Campaigns = len(campaigns)
		for _, c := range campaigns {
			if !c.Runs(tx.Now()) || len(o.Current) == underwayShown {
				continue
			}
			now := views.Underway{Campaign: c}
			if now.Board, err = s.boards.Look(ctx, tx, spread.Ask{Scope: spread.Scope{CampaignID: c.ID}, Rows: leadersShown}); err != nil {
				return err
			}
			if now.Waiting, err = (share.Held{CampaignID: c.ID}).Count(ctx, tx, share.Waiting, countedUpTo); err != nil {
				return err
			}
			o.Current = append(o.Current, now)
		}
		if o.Asking, err = squad.AskingAll(ctx, tx); err != nil {
			return err
		}
		if o.Grown, err = account.Grown(ctx, tx, grownShown, 0); err != nil {
			return err
		}
		if len(o.Grown) == grownShown {
			all, err := account.CountGrown(ctx, tx)
			if err != nil {
				return err
			}
			o.GrownMore = all - grownShown
		}
		if o.Voices, err = voice.Count(ctx, tx, voice.Asked{Waiting: true}); err != nil {
			return err
		}
		claims, err := reward.CountClaims(ctx, tx)
		if err != nil {
			return err
		}
		o.Claims = claims[reward.Earned]
		if r.who.Role == account.Owner {
			mails, err := message.Counts(ctx, tx)
			if err != nil {
				return err
			}
			o.Mails = mails[message.StateFailed]
		}
		if o.Turns, err = drop.Turns(ctx, tx, turnsShown); err != nil {
			return err
		}
		if o.Drops, err = drop.Count(ctx, tx); err != nil {
			return err
		}
		o.Released, err = drop.CountReleased(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Start(p, o, s.zone()))
}
