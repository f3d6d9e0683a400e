package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/app/drop"
	"ricochet.example/app/share"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

// tally is a pair of figures that stand everywhere: the score and the people.
type tally struct{ score, people int }

func (a tally) plus(b tally) tally { return tally{a.score + b.score, a.people + b.people} }

// stats are the large numbers of a page: the first score and the first people.
func (p *page) stats() (t tally) {
	p.t.Helper()
	for label, to := range map[string]*int{"Score": &t.score, "People reached (estimated)": &t.people} {
		found := all(p.doc, func(n *html.Node) bool {
			if n.Data != "div" || attr(n, "class") != "stat" {
				return false
			}
			names := all(n, func(n *html.Node) bool { return n.Data == "dt" })
			return len(names) == 1 && plain(textOf(names[0])) == label
		})
		if len(found) == 0 {
			p.t.Fatalf("%s does not tell %q: %s", p.path, label, p.text())
		}
		value := all(found[0], func(n *html.Node) bool { return n.Data == "dd" })[0]
		n, err := strconv.Atoi(strings.ReplaceAll(plain(textOf(value)), ",", ""))
		if err != nil {
			p.t.Fatalf("%s: %s is %q", p.path, label, textOf(value))
		}
		*to = n
	}
	return t
}

// tallies are the rows of a page's table that are about that kind of thing.
func (p *page) tallies(kind string) map[string]tally {
	p.t.Helper()
	rows := map[string]tally{}
	for _, n := range all(p.doc, func(n *html.Node) bool { return n.Data == "tr" && has(n, "data-"+kind) }) {
		score, err := strconv.Atoi(attr(n, "data-spread"))
		if err != nil {
			p.t.Fatal(err)
		}
		people, err := strconv.Atoi(attr(n, "data-people"))
		if err != nil {
			p.t.Fatal(err)
		}
		if _, twice := rows[attr(n, "data-"+kind)]; twice {
			p.t.Errorf("%s has %s %s twice", p.path, kind, attr(n, "data-"+kind))
		}
		rows[attr(n, "data-"+kind)] = tally{score, people}
	}
	return rows
}

func sum(rows map[string]tally) (t tally) {
	for _, r := range rows {
		t = t.plus(r)
	}
	return t
}

// contest is a launch with a second drop, and a second squad of two, Carla and Dora.
type contest struct {
	*launch
	paris       string
	second      string // drop
	emails, ids []string
	manager     *browser
	days        []tally // of the campaign, day by day
	linkOfDrop  map[[2]string]string
}

func begun(t *testing.T) *contest {
	t.Helper()
	c := &contest{launch: sharing(t), emails: []string{"amina@example.com", "ben@example.com", "carla@example.com", "dora@example.com"}, linkOfDrop: map[[2]string]string{}}
	c.manager = c.launch.manager
	c.ids = []string{c.aminaID, c.benID}
	for _, email := range c.emails[2:] {
		_, who := c.signedIn(email, account.Ambassador)
		c.ids = append(c.ids, who.ID)
	}
	c.update(func(ctx context.Context, tx *data.Tx) error {
		paris, err := squad.Found(ctx, tx, squad.Squad{Name: "Paris"})
		if err != nil {
			return err
		}
		i, err := squad.Invite(ctx, tx, squad.Invitation{SquadID: paris.ID})
		if err != nil {
			return err
		}
		for _, id := range c.ids[2:] {
			if _, err := squad.Join(ctx, tx, i.Code, id); err != nil {
				return err
			}
		}
		d, err := drop.Create(ctx, tx, drop.Drop{CampaignID: c.campaign, Language: "en", Version: drop.Version{Title: "The second sole", Teaser: "Soon", Body: "It lasts."}})
		if err != nil {
			return err
		}
		c.paris, c.second = paris.ID, d.ID
		err = drop.SetRelease(ctx, tx, d.ID, drop.Release{PublicAt: tx.Now().AddDate(0, 0, 1), Steps: []drop.Step{
			{SquadID: c.squad, OpensAt: tx.Now(), ShareableAt: tx.Now()}, {SquadID: paris.ID, OpensAt: tx.Now(), ShareableAt: tx.Now()},
		}})
		if err != nil {
			return err
		}
		return share.Issue(ctx, tx, d.ID, "")
	})
	c.view(func(ctx context.Context, tx *data.Tx) error {
		for _, id := range c.ids {
			links, err := share.ByAccount(ctx, tx, id)
			if err != nil {
				return err
			}
			for _, l := range links {
				c.linkOfDrop[[2]string{id, l.DropID}] = c.server.Tokens().Link(l.ID)
			}
		}
		return nil
	})
	return c
}

// opened lets so many people open a member's link of a drop, each passing it on to the next.
func (c *contest) opened(who int, dropID string, chain int) {
	c.t.Helper()
	at := c.linkOfDrop[[2]string{c.ids[who], dropID}]
	for range chain {
		at = c.reader().opens(at)
	}
}

// dayAfter lets a day go by, of which the figures are kept.
func (c *contest) dayAfter() {
	c.t.Helper()
	c.work()
	c.days = append(c.days, c.asks("?period=today").stats())
	c.later(24 * time.Hour)
	c.manager, _ = c.signedIn("manel@novaska.example", account.Manager)
}

func (c *contest) asks(query string) *page {
	c.t.Helper()
	return c.manager.get(views.BoardPath(c.campaign) + query).wants(http.StatusOK)
}

func (c *contest) same(what string, got, want tally) {
	c.t.Helper()
	if got != want {
		c.t.Errorf("%s: %+v, want %+v", what, got, want)
	}
}

// addsUp looks at every page on which figures stand, and compares them.
func (c *contest) addsUp() {
	c.t.Helper()
	c.work()
	board := c.asks("")
	rows := board.tallies("standing")
	whole := board.stats()
	c.same("the rows of the leaderboard", sum(rows), whole)
	page := c.manager.get(views.CampaignPath(c.campaign)).wants(http.StatusOK)
	c.same("the campaign", page.stats(), whole)
	c.same("the overview", c.manager.get("/").wants(http.StatusOK).stats(), whole)
	c.travels("the campaign", page, whole.people)
	parts := page.tallies("part")
	drops, squads := map[string]tally{}, map[string]tally{}
	for id, t := range parts {
		if id == c.drop || id == c.second {
			drops[id] = t
		} else {
			squads[id] = t
		}
	}
	c.same("the drops of the campaign", sum(drops), whole)
	c.same("the squads of the campaign", sum(squads), whole)
	for id, want := range drops {
		c.same("the page of a drop", c.manager.get(views.DropPath(id)).stats(), want)
		c.travels("a drop", c.manager.get(views.DropPath(id)), want.people)
		c.same("the rows of the page of a drop", sum(c.manager.get(views.DropPath(id)).tallies("standing")), want)
		c.same("the board of a drop", sum(c.asks("?drop="+id).tallies("standing")), want)
	}
	for id, want := range squads {
		c.same("the board of a squad", sum(c.asks("?squad="+id).tallies("standing")), want)
		if want != (tally{}) {
			page := c.manager.get(views.SquadPath(id))
			c.same("the page of a squad", page.stats(), want)
			c.same("the members of a squad", sum(page.tallies("standing")), want)
		}
	}
	for i, id := range c.ids {
		c.ofMember(i, rows[id])
	}
	week := tally{}
	for _, day := range append(c.days[max(len(c.days)-6, 0):], c.asks("?period=today").stats()) {
		week = week.plus(day)
	}
	c.same("this week", c.asks("?period=week").stats(), week)
	c.same("the rows of this week", sum(c.asks("?period=week").tallies("standing")), week)
	ever := c.asks("?period=today").stats()
	for _, day := range c.days {
		ever = ever.plus(day)
	}
	c.same("all days", ever, whole)
	c.same("the campaign's own days", c.asks("?period=campaign").stats(), whole)
}

// travels compares what a page tells day by day, and channel by channel.
func (c *contest) travels(what string, p *page, people int) {
	c.t.Helper()
	byDay, byChannel := 0, 0
	for _, n := range all(p.doc, func(n *html.Node) bool { return n.Data == "tr" && has(n, "data-day") }) {
		n, err := strconv.Atoi(attr(n, "data-people"))
		if err != nil {
			c.t.Fatal(err)
		}
		byDay += n
	}
	for _, n := range all(p.doc, func(n *html.Node) bool { return attr(n, "class") == "bar" }) {
		words, _, _ := strings.Cut(plain(textOf(all(n, func(n *html.Node) bool { return attr(n, "class") == "num" })[0])), " ")
		n, err := strconv.Atoi(words)
		if err != nil {
			c.t.Fatal(err)
		}
		byChannel += n
	}
	if byDay != people || byChannel != people {
		c.t.Errorf("%s: %d people day by day and %d channel by channel, want %d", what, byDay, byChannel, people)
	}
}

// ofMember compares what a manager and the member see of the member's links.
func (c *contest) ofMember(i int, want tally) {
	c.t.Helper()
	id := c.ids[i]
	name, _, _ := strings.Cut(c.emails[i], "@")
	page := c.manager.get(views.AmbassadorPath(id)).wants(http.StatusOK).says(name)
	c.same(name+", as a manager sees them", page.stats(), want)
	links := page.tallies("link")
	c.same("the links of "+name, sum(links), want)
	own, _ := c.signedIn(c.emails[i], account.Ambassador)
	for token, want := range links {
		c.same("a link of "+name, c.manager.get(views.LinkPath(token)).wants(http.StatusOK).stats(), want)
		c.same(name+"’s own link", own.get(views.LinkPath(token)).wants(http.StatusOK).stats(), want)
	}
	c.same(name+"’s own page", own.get(views.AmbassadorPath(id)).wants(http.StatusOK).stats(), want)
	c.same(name+"’s place", own.get(views.BoardPath(c.campaign)).wants(http.StatusOK).tallies("standing")[id], want)
	if want.people > 0 {
		reached := all(own.get("/").doc, func(n *html.Node) bool { return n.Data == "p" && has(n, "data-people") })
		if len(reached) != 1 || attr(reached[0], "data-people") != strconv.Itoa(want.people) || attr(reached[0], "data-spread") != strconv.Itoa(want.score) {
			c.t.Errorf("home does not tell %s of %+v", name, want)
		}
	}
	for _, other := range c.ids {
		if other != id {
			own.get(views.AmbassadorPath(other)).wants(http.StatusNotFound)
		}
	}
}

// Four members of two squads share two drops for eight days. Whoever looks,
// and wherever: the same figures, and each whole is the sum of its parts.
func TestEveryFigureIsTheSameOnEveryScreenAndAddsUp(t *testing.T) {
	c := begun(t)
	c.addsUp()
	if got := c.asks("").stats(); got != (tally{}) {
		t.Fatalf("before anybody opened anything there are %+v", got)
	}
	c.opened(0, c.drop, 4)
	c.opened(1, c.drop, 1)
	c.addsUp()
	c.dayAfter()
	c.opened(0, c.second, 2)
	c.opened(2, c.second, 1)
	c.opened(2, c.second, 1)
	c.addsUp()
	// Amina goes to Paris; what her links brought stays with Lyon.
	before := c.asks("?squad=" + c.squad).stats()
	c.update(func(ctx context.Context, tx *data.Tx) error { return squad.Leave(ctx, tx, c.squad, c.aminaID) })
	c.same("Lyon without Amina", c.asks("?squad="+c.squad).stats(), before)
	c.addsUp()
	for range 6 {
		c.dayAfter()
	}
	// The first day is no longer in this week.
	c.opened(1, c.second, 3)
	c.addsUp()
	if week, ever := c.asks("?period=week").stats(), c.asks("").stats(); week.people != 7 || ever.people != 12 {
		t.Errorf("%d people this week and %d in all, want 7 and 12", week.people, ever.people)
	}
}

// ranks are the ranks on a board, in the order of its rows.
func (p *page) ranks() (ranks []string) {
	for _, n := range all(p.doc, func(n *html.Node) bool { return n.Data == "tr" && has(n, "data-standing") }) {
		ranks = append(ranks, attr(n, "data-rank"))
	}
	return ranks
}

func TestWhoHasTheSameScoreHasTheSameRankAndTheNextOneIsLeftOut(t *testing.T) {
	c := begun(t)
	c.opened(0, c.drop, 1)
	c.opened(1, c.drop, 1)
	c.work()
	board := c.asks("").says("not yet shared", "too close to tell")
	if got := strings.Join(board.ranks(), " "); got != "1 1 0 0" {
		t.Errorf("two with one point each rank %s", got)
	}
	c.opened(2, c.second, 3)
	c.work()
	if got := strings.Join(c.asks("").ranks(), " "); got != "1 2 2 0" {
		t.Errorf("behind one with more they rank %s", got)
	}
	carla, _ := c.signedIn("carla@example.com", account.Ambassador)
	carla.get(views.BoardPath(c.campaign)).says("1st of 3 who have shared", "carla (you)", "A.", "B.").lacks("amina", "ben", "dora")
	dora, _ := c.signedIn("dora@example.com", account.Ambassador)
	dora.get(views.BoardPath(c.campaign)).says("not yet shared").lacks("4th")
	dora.get(views.BoardPath(c.campaign) + "?period=today&squad=" + c.squad).wants(http.StatusNotFound)
	french, _ := c.signedIn("ben@example.com", account.Ambassador)
	c.update(func(ctx context.Context, tx *data.Tx) error { return account.Rename(ctx, tx, c.benID, "Ben", "fr") })
	french.get(views.BoardPath(c.campaign)+"?period=week").says("Cette semaine", "2ᵉ sur 3 qui ont partagé")
}

// A board of many is read page by page; whoever looks finds their own row on
// each of them, and the choice stays.
func TestALongBoardIsReadPageByPageWithOnesOwnRow(t *testing.T) {
	c := begun(t)
	var long []string
	c.update(func(ctx context.Context, tx *data.Tx) error {
		long = nil
		i, err := squad.Invite(ctx, tx, squad.Invitation{SquadID: c.paris})
		if err != nil {
			return err
		}
		for n := range 60 {
			who, err := account.Create(ctx, tx, account.Account{
				Email: fmt.Sprintf("m%d@example.com", n), Role: account.Ambassador, Language: "en",
				Name: fmt.Sprintf("Maximilienne-Alexandrine de la Rochefoucauld-Montbazon %d", n),
			})
			if err != nil {
				return err
			}
			if _, err := squad.Join(ctx, tx, i.Code, who.ID); err != nil {
				return err
			}
			l, err := share.Take(ctx, tx, who.ID, c.second)
			if err != nil {
				return err
			}
			long = append(long, c.server.Tokens().Link(l.ID))
		}
		return nil
	})
	for n, token := range long[:30] {
		for range 1 + n%3 {
			c.reader().opens(token)
		}
	}
	c.work()
	seen, path := 0, "?period=week&drop="+c.second
	for path != "" {
		p := c.asks(path)
		seen += len(p.tallies("standing"))
		path = ""
		for _, a := range all(p.doc, func(n *html.Node) bool { return n.Data == "a" && plain(textOf(n)) == "Next" }) {
			_, query, _ := strings.Cut(strings.TrimSuffix(attr(a, "href"), "#rows"), "?")
			path = "?" + query
			if !strings.Contains(query, "period=week") || !strings.Contains(query, "drop="+c.second) {
				t.Errorf("the next page forgets what was chosen: %s", query)
			}
		}
	}
	if seen != 64 {
		t.Errorf("page by page there are %d rows, want 64", seen)
	}
	dora, _ := c.signedIn("dora@example.com", account.Ambassador)
	for _, page := range []string{"", "&page=2", "&page=3"} {
		rows := dora.get(views.BoardPath(c.campaign) + "?period=week" + page).wants(http.StatusOK).tallies("standing")
		if _, there := rows[c.ids[3]]; !there {
			t.Errorf("Dora does not find her own row on page %q", page)
		}
	}
	for _, odd := range []string{"?page=-3", "?page=999999999999", "?page=x", "?period=century", "?order=name"} {
		c.asks(odd)
	}
	for _, gone := range []string{"?squad=nobody", "?drop=nothing"} {
		c.manager.get(views.BoardPath(c.campaign) + gone).wants(http.StatusNotFound)
	}
	c.manager.get(views.CampaignPath(c.campaign)+"?details=yes").says("Half-life", "People per generation")
	c.manager.get(views.DropPath(c.drop) + "?details=yes").says("rates are luck")
}
