package web

import (
	"context"
	"fmt"

	"ricochet.example/app/notice"
	"ricochet.example/app/reward"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/data"
)

// climbEvery is how often it is looked who has reached a level, in minutes.
const climbEvery = 5

// climber is an ambassador who stands at a level that nobody knew of, or whom nobody has looked at.
type climber struct {
	accountID string
	reached   []string // levels, from the lowest
	known     bool     // they were looked at before: what is new is news
}

// noteLevels looks who has reached a level since it was last looked, and has them told of the highest. Of those who are
// looked at for the first time nothing is told: they may have been there for long.
func (s *Server) noteLevels(ctx context.Context) error {
	turn := s.clock.Now().Unix() / (60 * climbEvery)
	if s.climbed.Load() == turn {
		return nil
	}
	var all []climber
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		all, err = climbers(ctx, tx)
		return err
	})
	for _, c := range all {
		if err == nil {
			err = s.db.Update(ctx, func(tx *data.Tx) error { return c.note(ctx, tx) })
		}
	}
	if err != nil {
		return fmt.Errorf("looking who has reached a level: %w", err)
	}
	s.climbed.Store(turn)
	return nil
}

// note notes what somebody has reached, and what there is to tell of it.
func (c climber) note(ctx context.Context, tx *data.Tx) error {
	news := ""
	for _, level := range append([]string{""}, c.reached...) {
		first, err := reward.Reach(ctx, tx, c.accountID, level)
		if err != nil {
			return err
		}
		if first {
			news = level
		}
	}
	if news == "" || !c.known {
		return nil
	}
	return notice.Note(ctx, tx, notice.Notice{AccountID: c.accountID, Kind: notice.Level, About: news, HappenedAt: tx.Now()})
}

// climbers are those whose levels are not noted as they stand.
func climbers(ctx context.Context, tx *data.Tx) (all []climber, err error) {
	ladder, err := reward.Levels(ctx, tx)
	if err != nil {
		return nil, err
	}
	seated, err := squad.AllSeated(ctx, tx)
	if err != nil {
		return nil, err
	}
	had, err := reward.Reached(ctx, tx)
	if err != nil {
		return nil, err
	}
	brought := map[string]spread.Totals{}
	if len(ladder) > 0 {
		parts, err := spread.ByAccount(ctx, tx, spread.Scope{})
		if err != nil {
			return nil, err
		}
		for _, p := range parts {
			brought[p.ID] = p.Totals
		}
	}
	for _, who := range seated {
		t := brought[who.AccountID]
		at := ladder.At(reward.Progress{In: true, Score: t.Points, People: t.People, Months: reward.Months(who.Since, tx.Now())})
		c := climber{accountID: who.AccountID, known: had[who.AccountID][""]}
		for _, level := range ladder[:at] {
			if !had[who.AccountID][level.ID] {
				c.reached = append(c.reached, level.ID)
			}
		}
		if !c.known || len(c.reached) > 0 {
			all = append(all, c)
		}
	}
	return all, nil
}
