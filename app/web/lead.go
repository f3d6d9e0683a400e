package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"ricochet.example/app/audit"
	"ricochet.example/app/campaign"
	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/lang"
	"ricochet.example/app/share"
	"ricochet.example/app/squad"
	"ricochet.example/app/visit"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) leadRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/squads/{squad}/lead", Answers: leaders, Page: true, handle: s.leadSquad},
		{Method: "POST", Pattern: "/squads/{squad}/held/{token}/{place}", Answers: leaders, handle: s.judgeAsLeader},
	}
}

// What a captain's page has: of the last drops who is behind, how long a member is new, how many groups of held opens
// wait there, and what was decided last.
const (
	leadDrops  = 3
	newFor     = 14 * 24 * time.Hour
	leadGroups = 20
	leadActs   = 5
)

// leadSquad is the captain's page: who has not read or shared, who is new, and what waits to be judged.
func (s *Server) leadSquad(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	v := views.LeadPage{Own: r.who.ID, Staff: r.who.Staff(), Zone: s.zoneFor(r.who), Once: id.New()}
	s.foldNow(ctx)
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		var members []squad.Member
		if v.Squad, members, err = s.squadOf(r, tx); err != nil {
			return err
		}
		var there []squad.Member // who can be told something
		for _, m := range members {
			if m.PausedAt.IsZero() && !m.Suspended && !m.Staff {
				there = append(there, m)
			}
		}
		screen := share.ScreenOf(visit.Header(r.Header))
		if err := s.leadDrops(ctx, tx, screen, there, &v); err != nil {
			return err
		}
		if err := s.leadNew(ctx, tx, there, &v); err != nil {
			return err
		}
		groups, all, err := (share.Held{SquadID: v.Squad.ID}).Groups(ctx, tx, share.Waiting, leadGroups, 0)
		if err != nil {
			return err
		}
		v.Waiting = all
		for _, g := range groups {
			v.Groups = append(v.Groups, views.HeldGroup{Group: g, Token: s.tokens.Link(g.LinkID)})
		}
		if v.Judged, err = campaign.Judged(ctx, tx, v.Squad.ID); err != nil {
			return err
		}
		acts, err := audit.OfSquad(ctx, tx, v.Squad.ID, leadActs)
		v.Acts = s.lines(acts)
		return err
	})
	if err != nil {
		return err
	}
	current := "/squads"
	if !v.Staff {
		current = views.OwnSquadPath
	}
	p, err := s.framed(w, r, current)
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, v.View(p))
}

// leadDrops adds the last drops of the squad, with who of its members has not read or shared them, and what to tell them.
func (s *Server) leadDrops(ctx context.Context, tx *data.Tx, screen share.Screen, members []squad.Member, v *views.LeadPage) error {
	doors, err := drop.DoorsOf(ctx, tx, v.Squad.ID, leadDrops)
	if err != nil {
		return err
	}
	b := s.brand.Load()
	for _, door := range doors {
		d, err := drop.ByID(ctx, tx, door.DropID)
		if err != nil {
			return err
		}
		read, err := drop.ReadersIn(ctx, tx, v.Squad.ID, d.ID)
		if err != nil {
			return err
		}
		shared, err := share.SharersIn(ctx, tx, v.Squad.ID, d.ID)
		if err != nil {
			return err
		}
		line := views.LeadDrop{Door: door, Shareable: !door.ShareableAt.After(tx.Now()), Of: len(members)}
		line.Text = views.LeadText(ctx, door, b.URL, disclosure(d, *b), line.Shareable)
		for _, m := range members {
			member := func() views.LeadMember {
				return views.LeadMember{ID: m.AccountID, Name: m.Name, New: m.JoinedAt.After(tx.Now().Add(-newFor)), Mail: mailTo([]string{m.Email}, line.Text)}
			}
			switch {
			case shared[m.AccountID]: // nobody shares what they have not seen
				line.Read++
				line.Shared++
				continue
			case read[m.AccountID]:
				line.Read++
				if line.Shareable {
					line.Unshared.Add(member)
				}
			default:
				line.Unread.Add(member)
			}
			line.Behind = append(line.Behind, m.Email)
		}
		for _, c := range []visit.Channel{visit.WhatsApp, visit.SMS} {
			if href := share.Say(c, screen, line.Text); href != "" {
				line.Ways = append(line.Ways, views.LeadWay{Channel: c.String(), Href: href})
			}
		}
		if n := len(line.Behind); n > 0 && n <= mailsAtOnce {
			line.Ways = append(line.Ways, views.LeadWay{Channel: visit.Email.String(), Href: mailTo(line.Behind, line.Text)})
		}
		v.Drops = append(v.Drops, line)
	}
	return nil
}

// mailsAtOnce is how many addresses a link to a mail program holds: longer ones are cut off by some.
const mailsAtOnce = 40

// mailTo is the address that opens a mail to somebody with a text written. Several are not shown to one another.
func mailTo(to []string, text string) string {
	href := share.Say(visit.Email, share.AnyScreen, text)
	if len(to) == 1 {
		return strings.Replace(href, "mailto:?", "mailto:"+url.PathEscape(to[0])+"?", 1)
	}
	all := make([]string, len(to))
	for i, one := range to {
		all[i] = url.QueryEscape(one)
	}
	return strings.Replace(href, "mailto:?", "mailto:?bcc="+strings.Join(all, ",")+"&", 1)
}

// leadNew adds who came lately, the newest first, with a welcome to send them.
func (s *Server) leadNew(ctx context.Context, tx *data.Tx, members []squad.Member, v *views.LeadPage) error {
	b := s.brand.Load()
	text := lang.T(lang.With(ctx, b.Language), "lead.welcome_text", "squad", v.Squad.Name, "url", b.URL+"/")
	shared, err := share.SharersIn(ctx, tx, v.Squad.ID, "")
	if err != nil {
		return err
	}
	lately := slices.Clone(members)
	slices.SortStableFunc(lately, func(a, b squad.Member) int { return b.JoinedAt.Compare(a.JoinedAt) })
	for _, m := range lately {
		if m.Captain || !m.JoinedAt.After(tx.Now().Add(-newFor)) {
			continue
		}
		v.New.Add(func() views.LeadNew {
			return views.LeadNew{ID: m.AccountID, Name: m.Name, JoinedAt: m.JoinedAt, Shared: shared[m.AccountID], Mail: mailTo([]string{m.Email}, text)}
		})
	}
	return nil
}

// judgeAsLeader decides about a group of opens of a link that was made in a squad, for whoever leads it. What a captain
// shared themself somebody else judges.
func (s *Server) judgeAsLeader(w http.ResponseWriter, r *request) error {
	var j judgement
	if err := s.fill(w, r, &j); err != nil {
		return err
	}
	v, g, err := s.groupPage(r)
	if err != nil {
		return err
	}
	squadID := r.PathValue("squad")
	if g.link.SquadID != squadID {
		return data.ErrNotFound
	}
	path := views.LeadPath(squadID) + "#held"
	if g.link.AccountID == r.who.ID {
		return s.goWith(w, r, path, "lead.own_not")
	}
	if _, reason := g.place.Reason(); reason && !r.who.Staff() {
		return data.ErrNotFound // what a rule settled, or a manager, stays so
	}
	if v.Form = j.form(); !v.Form.Problems.OK() {
		return errBadRequest // there are only buttons
	}
	return s.settleGroup(w, r, v, g, j, path)
}
