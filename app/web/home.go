package web

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"time"

	"ricochet.example/app/campaign"
	"ricochet.example/app/drop"
	"ricochet.example/app/notice"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/app/voice"
	"ricochet.example/data"
	"ricochet.example/views"
)

// home is a member's start page.
func (s *Server) home(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	v := views.HomePage{Now: s.clock.Now(), Zone: s.zoneFor(r.who)}
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if v.Squads, err = squad.JoinedBy(ctx, tx, r.who.ID); err != nil {
			return err
		}
		in, err := s.homeDrops(ctx, tx, r.who.ID, &v)
		if err != nil {
			return err
		}
		if v.Coming, err = drop.Upcoming(ctx, tx, r.who.ID); err != nil {
			return err
		}
		if v.Week, err = s.homeWeek(ctx, tx, r.who.ID, v.Squads); err != nil {
			return err
		}
		campaigns, err := campaign.Current(ctx, tx)
		if err != nil {
			return err
		}
		for _, c := range campaigns {
			if in[c.ID] {
				board, err := s.boards.Look(ctx, tx, spread.Ask{Scope: spread.Scope{CampaignID: c.ID}, Rows: 1, Own: r.who.ID})
				if err != nil {
					return err
				}
				v.Campaigns = append(v.Campaigns, views.HomePlace{Name: c.Name, Path: views.BoardPath(c.ID), Own: board.Own, Of: board.Shared})
			}
		}
		if v.Breaks, err = squad.Breaks(ctx, tx, r.who.ID); err != nil {
			return err
		}
		if v.Applications, err = squad.OpenApplicationsOf(ctx, tx, r.who.ID); err != nil {
			return err
		}
		if v.Level, v.Moments, err = homeRewards(ctx, tx, r.who); err != nil {
			return err
		}
		return s.homeAsks(ctx, tx, r.who.ID, &v)
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Home(p, v))
}

// homeDrops adds a member's drops, the one to share now first, and what came of them. It returns the campaigns
// that they are of.
func (s *Server) homeDrops(ctx context.Context, tx *data.Tx, who string, v *views.HomePage) (in map[string]bool, err error) {
	drops, err := drop.Visible(ctx, tx, who)
	if err != nil {
		return nil, err
	}
	links, err := share.ByAccount(ctx, tx, who)
	if err != nil {
		return nil, err
	}
	totals, err := spread.LinkTotals(ctx, tx, spread.Scope{AccountID: who})
	if err != nil {
		return nil, err
	}
	for _, t := range totals {
		v.Reached.Join(t)
	}
	today := share.Day(tx.Now())
	lately, err := spread.LinkTotals(ctx, tx, spread.Scope{AccountID: who, From: today, To: today})
	if err != nil {
		return nil, err
	}
	shared, err := drop.SharedOf(ctx, tx, who)
	if err != nil {
		return nil, err
	}
	begun, err := share.Begun(ctx, tx, who)
	if err != nil {
		return nil, err
	}
	read, err := drop.ReadBy(ctx, tx, who)
	if err != nil {
		return nil, err
	}
	in = map[string]bool{}
	for _, d := range drops {
		line := views.HomeDrop{Drop: d, Read: read[d.ID]}
		for _, l := range links {
			if l.DropID == d.ID {
				line.Totals, line.Shared, line.Today = totals[l.ID], shared[l.ID], lately[l.ID].People
				line.Token = s.tokens.Link(l.ID)
				line.Begun = begun[l.ID] || line.Totals.People > 0
				in[l.CampaignID] = true
			}
		}
		v.Drops = append(v.Drops, line)
	}
	slices.SortStableFunc(v.Drops, func(a, b views.HomeDrop) int { return cmp.Compare(pressing(a, tx.Now()), pressing(b, tx.Now())) })
	if len(v.Drops) == 0 {
		return in, nil
	}
	first := &v.Drops[0]
	steps, err := drop.StepsFor(ctx, tx, who, first.Drop.ID)
	if err != nil {
		return nil, err
	}
	first.ShareableAt = shareableAt(first.Drop, steps)
	for _, sq := range v.Squads {
		if slices.ContainsFunc(steps, func(st drop.Step) bool { return st.SquadID == sq.ID }) {
			first.For = append(first.For, sq.Name)
		}
	}
	if first.Drop.Cover != "" {
		images, err := drop.Images(ctx, tx, first.Drop.ID)
		if err != nil {
			return nil, err
		}
		first.Cover = coverOf(first.Drop, images)
	}
	return in, nil
}

// pressing puts first what can be shared before others can read it, and of that what was not shared yet; then
// what can only be read by now; and last what everybody can read.
func pressing(d views.HomeDrop, now time.Time) int {
	switch {
	case d.Drop.IsPublic(now):
		return 3
	case d.Shared && !d.Begun:
		return 0
	case d.Shared:
		return 1
	}
	return 2
}

// homeWeek is what came of a member's links this week, compared with the week before, and where that puts them
// in the first of their squads in which they have links.
func (s *Server) homeWeek(ctx context.Context, tx *data.Tx, who string, squads []squad.Squad) (w views.HomeWeek, err error) {
	from, to := s.days("week", campaign.Campaign{})
	for weeks, people := range []*int64{&w.People, &w.Before} {
		back := 7 * int64(weeks)
		all, err := spread.LinkTotals(ctx, tx, spread.Scope{AccountID: who, From: from - back, To: to - back})
		if err != nil {
			return w, err
		}
		for _, t := range all {
			*people += t.People
		}
	}
	for _, sq := range squads {
		board, err := s.boards.Look(ctx, tx, spread.Ask{Scope: spread.Scope{SquadID: sq.ID, From: from, To: to}, Rows: 1, Own: who})
		if err != nil {
			return w, err
		}
		if board.Own != nil {
			w.Squad, w.Path, w.Rank, w.Of = sq.Name, views.SquadPath(sq.ID), board.Own.Rank, board.Shared
			return w, nil
		}
	}
	return w, nil
}

// newsAge is how long something is new.
const newsAge = 7 * 24 * time.Hour

// homeAsks adds what waits for the member: who wants into squads that they lead, and what was said there that
// nobody has looked at; and what is new to them.
func (s *Server) homeAsks(ctx context.Context, tx *data.Tx, who string, v *views.HomePage) error {
	asked, err := squad.Undecided(ctx, tx)
	if err != nil {
		return err
	}
	for _, sq := range v.Squads {
		if sq.CaptainID != who {
			continue
		}
		seen, err := drop.VisibleIDs(ctx, tx, who) // as in the inbox
		if err != nil {
			return err
		}
		voices, err := voice.Count(ctx, tx, voice.Asked{SquadID: sq.ID, Waiting: true, Drops: seen})
		if err != nil {
			return err
		}
		held, err := (share.Held{SquadID: sq.ID}).Count(ctx, tx, share.Waiting, countedUpTo)
		if err != nil {
			return err
		}
		v.Asked = append(v.Asked, views.HomeAsked{Squad: sq, N: asked[sq.ID], Voices: voices, Held: int(held)})
	}
	age, err := ageOf(ctx, tx, who)
	if err != nil {
		return err
	}
	v.Grown = age.Held() && age.GrownAt.IsZero() && !tx.Now().Before(age.OfAgeAt()) && !tx.Now().Before(age.MayGrowAt())
	chosen, err := notice.Chosen(ctx, tx, who)
	if err != nil {
		return err
	}
	v.Unchosen = !chosen
	const looked = 20
	said, err := voice.Mine(ctx, tx, who, "", looked, 0)
	for _, one := range said {
		seen := slices.ContainsFunc(v.Drops, func(d views.HomeDrop) bool { return d.Drop.ID == one.DropID })
		if seen && one.AnsweredAt.After(tx.Now().Add(-newsAge)) {
			v.Answered = append(v.Answered, one)
		}
	}
	return err
}
