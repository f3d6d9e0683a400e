package web_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/app/share"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

// crowded is a launch with as many more members of Lyon as are named.
func (l *launch) crowded(names ...string) (ids []string) {
	l.t.Helper()
	for n, name := range names {
		_, who := l.signedIn(fmt.Sprintf("more.%d@example.com", n), account.Ambassador)
		l.update(func(ctx context.Context, tx *data.Tx) error {
			i, err := squad.Invite(ctx, tx, squad.Invitation{SquadID: l.squad})
			if err != nil {
				return err
			}
			if _, err := squad.Join(ctx, tx, i.Code, who.ID); err != nil {
				return err
			}
			_, err = share.Take(ctx, tx, who.ID, l.drop)
			return err
		})
		l.update(func(ctx context.Context, tx *data.Tx) error { return account.Rename(ctx, tx, who.ID, name, "en") })
		ids = append(ids, who.ID)
	}
	return ids
}

// place are the ranks of the rows around a member's own place.
func (p *page) place() (ranks []string) {
	for _, card := range all(p.doc, func(n *html.Node) bool { return attr(n, "id") == "place" }) {
		for _, row := range all(card, func(n *html.Node) bool { return has(n, "data-standing") }) {
			ranks = append(ranks, attr(row, "data-rank"))
		}
	}
	return ranks
}

// Seven members of a squad have shared, to one to seven people, and forty have not: a member sees themself with two
// on either side and what there is to the next; whoever has not shared is in no place, and not last.
func TestASquadShowsAMemberTheirNeighboursAndNobodyLast(t *testing.T) {
	l := sharing(t)
	var names []string
	for n := range 45 {
		names = append(names, fmt.Sprintf("Member%02d", n))
	}
	ids := l.crowded(names...)
	for n, id := range ids[:7] { // Member00 brings 7, Member06 brings 1
		for range 7 - n {
			l.reader().opens(l.linkOf(id))
		}
	}
	l.work()
	who := func(n int) *browser {
		b, _ := l.signedIn(fmt.Sprintf("more.%d@example.com", n), account.Ambassador)
		return b
	}
	at := views.SquadPath(l.squad)
	for _, query := range []string{"", "?period=all", "?campaign=" + l.campaign} {
		middle := who(3).get(at+query).wants(http.StatusOK).says("4th of 7 who have shared", "2 more people and you are ahead of Member02.", "40 members have not shared yet.")
		if got := middle.place(); !slices.Equal(got, []string{"2", "3", "4", "5", "6"}) {
			t.Errorf("%q: around the fourth are %q", query, got)
		}
		if got := who(0).get(at+query).says("1st of 7", "In front, 1 point ahead of Member01.").place(); !slices.Equal(got, []string{"1", "2", "3"}) {
			t.Errorf("%q: around the first are %q", query, got)
		}
		if got := who(6).get(at + query).says("7th of 7").place(); !slices.Equal(got, []string{"5", "6", "7"}) {
			t.Errorf("%q: around the last who shared are %q", query, got)
		}
		nobody := who(20).get(at+query).says("Not yet shared", "you are not last").lacks("of 47", "47th", "8th")
		if got := nobody.place(); !slices.Equal(got, []string{"1", "2", "3"}) {
			t.Errorf("%q: whoever has not shared sees %q", query, got)
		}
	}
	// One more for the fifth, and two are level.
	l.reader().opens(l.linkOf(ids[4]))
	l.work()
	who(3).get(at).says("4th of 7", "2 more people and you are ahead of Member02.")
	for n, id := range ids[1:3] {
		for range n + 1 {
			l.reader().opens(l.linkOf(id))
		}
	}
	l.work()
	who(0).get(at).says("1st of 7", "in front of everyone")

	// After a week nobody has shared this week, and all that stands under all time.
	for range 7 {
		l.later(24 * time.Hour)
	}
	who(3).get(at).says("Not yet shared this week")
	who(3).get(at + "?period=all").says("4th of 7")
}

// Squads are compared by the people whom they reached, in the same time.
func TestASquadIsComparedWithTheOthers(t *testing.T) {
	c := begun(t)
	c.opened(0, c.drop, 1)
	lyon, _ := c.signedIn(c.emails[0], account.Ambassador)
	lyon.get(views.SquadPath(c.squad)).lacks("Squad against squad")
	c.opened(2, c.second, 3)
	c.work()
	page := lyon.get(views.SquadPath(c.squad)).says("Squad against squad", "Lyon 1 person", "Paris 3 people", "1.5 per member")
	if got := page.data("squad-place"); !slices.Equal(got, []string{c.paris, c.squad}) {
		t.Errorf("the squads are in the order %q", got)
	}
	for range 7 {
		c.dayAfter()
	}
	lyon, _ = c.signedIn(c.emails[0], account.Ambassador)
	lyon.get(views.SquadPath(c.squad)).lacks("Squad against squad")
	lyon.get(views.SquadPath(c.squad) + "?period=all").says("Paris 3 people")
}

// A second campaign runs whose drops neither Amina nor her squad has: its name is nothing to them, nor who leads in it.
func TestASquadOffersOnlyTheCampaignsOfItsMembersOwnLinks(t *testing.T) {
	l := sharing(t)
	other := l.manager.get("/campaigns/new").form("/campaigns").send("name", "Secret Panther", "starts_at", "2025-01-01T00:00", "ends_at", "2036-01-01T00:00").follow().path
	at := views.SquadPath(l.squad)
	l.amina.get(at).says("Halo").lacks("Secret Panther")
	l.amina.get(at + "?campaign=" + strings.TrimPrefix(other, "/campaigns/")).wants(http.StatusOK).lacks("Secret Panther")
	l.reader().opens(l.link)
	l.work()
	l.amina.get(at + "?campaign=" + l.campaign).says("1st of 1")
	l.amina.get(views.BoardPath(l.campaign)).wants(http.StatusOK)
	l.amina.get(views.BoardPath(strings.TrimPrefix(other, "/campaigns/"))).wants(http.StatusNotFound)
}

// leadsTo fails the test unless a link of the page has an address.
func (p *page) leadsTo(address string) {
	p.t.Helper()
	if len(all(p.doc, func(n *html.Node) bool { return n.Data == "a" && attr(n, "href") == address })) == 0 {
		p.t.Errorf("%s does not lead to %s", p.path, address)
	}
}

// Where a score of one campaign stands, the way to its reasons leads to the links in that campaign, to the manager and
// to whoever has it; the name of a campaign that they do not know is no choice.
func TestTheReasonsOfACampaignsScoreAreThoseOfTheCampaign(t *testing.T) {
	l := sharing(t)
	l.reader().opens(l.link)
	first := l.campaign
	l.campaign = strings.TrimPrefix(l.manager.get("/campaigns/new").form("/campaigns").
		send("name", "Soles", "starts_at", "2025-01-01T00:00", "ends_at", "2036-01-01T00:00").follow().path, "/campaigns/")
	l.drop = l.secondDrop()
	for range 2 {
		l.reader().opens(l.linkOf(l.aminaID))
	}
	l.reader("User-Agent", whatsApp, "Accept", "*/*").get("/s/" + l.linkOf(l.aminaID) + "/whatsapp")
	l.work()

	all := views.AmbassadorPath(l.aminaID)
	for _, who := range []*browser{l.manager, l.amina} {
		if got := who.get(all).says("Left out: 1 preview.").stats(); got.people != 3 {
			t.Errorf("in all she has %+v", got)
		}
		if got := who.get(all+"?campaign="+first).says("Soles").lacks("The second sole", "Left out").stats(); got.people != 1 {
			t.Errorf("in the first campaign she has %+v", got)
		}
		for _, period := range []string{"", "&period=campaign", "&period=week", "&period=today"} {
			page := who.get(all+"?campaign="+l.campaign+period).says("The second sole", "Left out: 1 preview.").lacks("The Halo trail shoe")
			if got := page.stats(); got.people != 2 {
				t.Errorf("%q: in the second campaign she has %+v", period, got)
			}
		}
		who.get(all + "?campaign=nothing").wants(http.StatusNotFound)
	}
	for at, path := range map[string]string{
		views.BoardPath(l.campaign):                  views.InCampaignPath(l.aminaID, l.campaign, "all"),
		views.BoardPath(l.campaign) + "?period=week": views.InCampaignPath(l.aminaID, l.campaign, "week"),
		views.CampaignPath(l.campaign):               views.InCampaignPath(l.aminaID, l.campaign, ""),
	} {
		l.manager.get(at).leadsTo(path)
	}
	l.amina.get(views.SquadPath(l.squad) + "?campaign=" + l.campaign).leadsTo(views.InCampaignPath(l.aminaID, l.campaign, ""))

	// Once its drop is stopped, she is told neither what it is called nor what its campaign is; all still adds up.
	stop := views.ReleasePath(l.drop) + "/stop"
	l.manager.get(stop).form(stop).send().to(views.DropPath(l.drop)).says("It is stopped")
	l.amina.get(all + "?campaign=" + l.campaign).wants(http.StatusNotFound)
	if got := l.amina.get(all).lacks("Soles", "The second sole").stats(); got.people != 3 {
		t.Errorf("in all she has %+v", got)
	}
}
