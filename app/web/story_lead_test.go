package web_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/app/drop"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

// led is a launch at the moment from which on it is shared, whose squad Amina leads.
func led(t *testing.T) *launch {
	t.Helper()
	l := sharing(t)
	l.update(func(ctx context.Context, tx *data.Tx) error {
		sq, err := squad.ByID(ctx, tx, l.squad)
		if err != nil {
			return err
		}
		sq.CaptainID = l.aminaID
		return squad.Change(ctx, tx, sq)
	})
	return l
}

// lead is the captain's page, as somebody sees it, after the fold.
func (l *launch) lead(who *browser) *page {
	l.t.Helper()
	l.work()
	return who.get(views.LeadPath(l.squad)).wants(http.StatusOK)
}

// behind are those who a captain's page says have not done something with a drop.
func (p *page) behind(what string) (names []string) {
	for _, list := range all(p.doc, func(n *html.Node) bool { return attr(n, "data-behind") == what }) {
		for _, li := range all(list, func(n *html.Node) bool { return has(n, "data-member") }) {
			names = append(names, attr(li, "data-member"))
		}
	}
	return names
}

// A squad of more than a hundred: the page names the first hundred who are behind and the newest hundred, and says how
// many more there are.
func TestTheCaptainOfALargeSquadHasAPageThatCanBeRead(t *testing.T) {
	l := led(t)
	names := make([]string, 109)
	for n := range names {
		names[n] = fmt.Sprintf("Member%03d", n)
	}
	l.later(time.Minute)
	ids := l.crowded(names...)
	l.reader().opens(l.linkOf(ids[0]))
	page := l.lead(l.amina).says("Read by 1 of 111", "shared by 1 of 111", "110 have not read it yet", "104 more", "And 10 more")
	if got := page.behind("unread"); len(got) != 100 || slices.Contains(got, ids[0]) {
		t.Errorf("%d who have not read are named", len(got))
	}
	fresh := all(page.doc, func(n *html.Node) bool { return n.Data == "li" && has(n.Parent, "data-new") })
	if len(fresh) != 100 || attr(fresh[0], "data-member") != ids[0] || !strings.Contains(textOf(fresh[0]), "has shared") || !strings.Contains(textOf(fresh[1]), "has not shared yet") {
		t.Errorf("%d newcomers are named", len(fresh))
	}
	if slices.ContainsFunc(fresh, func(n *html.Node) bool { return attr(n, "data-member") == l.benID }) {
		t.Error("Ben, who came first, is among the newest hundred")
	}
	if got := page.data("unnamed"); !slices.Equal(got, []string{"10", "10"}) {
		t.Errorf("it says that there are %q more", got)
	}
}

// Ben looks at the drop, and that is noted because his page says so, not because he asked for it. Amina sees who is
// behind, and has the words to say to them.
func TestTheCaptainSeesWhoHasNotReadOrSharedAndHasTheWordsForThem(t *testing.T) {
	l := led(t)
	l.amina.header.Set("User-Agent", iphone)
	l.amina.get(views.OwnSquadPath).wants(http.StatusOK).says("Captain’s page")
	before := l.lead(l.amina).says("Read by 0 of 2", "shared by 0 of 2", "2 have not read it yet")
	page := l.ben.get(views.DropPath(l.drop)).wants(http.StatusOK)
	reads := page.data("reads")
	if len(reads) != 1 || len(before.behind("unread")) != 2 {
		t.Fatalf("Ben's page says that it was read to %q; unread by %q", reads, before.behind("unread"))
	}
	if got := l.lead(l.amina).behind("unread"); len(got) != 2 {
		t.Errorf("asking for the page notes that it was read: unread by %q", got)
	}
	l.ben.post(reads[0]).wants(http.StatusNoContent)
	l.later(time.Hour)
	l.ben.post(reads[0]).wants(http.StatusNoContent)
	if again := l.ben.get(views.DropPath(l.drop)).data("reads"); len(again) != 0 {
		t.Errorf("a drop that was read is to be noted again: %q", again)
	}
	now := l.lead(l.amina).says("Read by 1 of 2", "1 has read it and not shared it")
	if got := now.behind("unshared"); len(got) != 1 || got[0] != l.benID {
		t.Errorf("not shared by %q", got)
	}
	l.ben.get("/s/" + l.benLink + "/whatsapp").wants(http.StatusOK)
	l.ben.get("/go/" + l.benLink + "/whatsapp").wants(http.StatusFound)
	l.lead(l.amina).says("Read by 1 of 2", "shared by 1 of 2").lacks("not shared it")

	// The text holds the label and the door that lets in members alone, whatever it goes through.
	var door string
	l.view(func(ctx context.Context, tx *data.Tx) (err error) {
		door, err = drop.DoorOf(ctx, tx, l.drop)
		return err
	})
	l.owner.get("/settings").form("/settings").send("label_en", "Advertising")
	p := l.lead(l.amina)
	ways := map[string]string{}
	for _, a := range all(p.doc, func(n *html.Node) bool { return has(n, "data-way") }) {
		ways[attr(a, "data-way")] = attr(a, "href")
	}
	for _, way := range []string{"whatsapp", "sms", "email"} {
		said, err := url.QueryUnescape(ways[way])
		if err != nil || !strings.Contains(said, l.base+views.DoorPath(door)) || !strings.Contains(said, "(Advertising)") || !strings.Contains(said, "Halo") {
			t.Errorf("by %s goes %q: %v", way, said, err)
		}
		if way == "email" && !strings.Contains(said, "amina@example.com") {
			t.Errorf("the mail goes to nobody: %q", said)
		}
	}

	// Ben sees what is noted of him, takes it along, and it goes with him.
	l.ben.get(views.MinePath).wants(http.StatusOK).says("has not read it yet").row("read", "1")
	var file map[string]any
	if err := json.Unmarshal([]byte(l.ben.get(views.MineFilePath).body), &file); err != nil {
		t.Fatal(err)
	}
	if read, _ := file["drops_read"].([]any); len(read) != 1 {
		t.Errorf("Ben takes along %v as what he read", file["drops_read"])
	}
	l.ben.get("/me/erase").form("/me/erase").send("email", "ben@example.com")
	l.view(func(ctx context.Context, tx *data.Tx) error {
		n, err := data.Int(ctx, tx, `SELECT count(*) FROM reads`)
		if n != 0 {
			t.Errorf("%d reads of somebody who was erased", n)
		}
		return err
	})
}

func TestAReadIsNotedOfThoseAloneWhoMayRead(t *testing.T) {
	l := launched(t) // nobody may read it yet
	path := views.ReadPath(l.drop)
	l.ben.post(path).wants(http.StatusNotFound)
	l.clock.Set(l.opens)
	eve, _ := l.signedIn("eve@example.com", account.Ambassador)
	eve.post(path).wants(http.StatusNotFound)
	l.manager.post(path).wants(http.StatusNotFound)
	l.ben.asks(http.MethodPost, path, "", "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example").wants(http.StatusForbidden)
	l.ben.post(path).wants(http.StatusNoContent)
}

func TestWhoIsNewStandsOnTheCaptainsPageForTwoWeeks(t *testing.T) {
	l := led(t)
	l.lead(l.amina).says("New in the squad", "ben", "has not shared yet")
	l.later(14*24*time.Hour + time.Minute)
	l.amina, _ = l.signedIn("amina@example.com", account.Ambassador)
	l.lead(l.amina).lacks("New in the squad")
}

// shares below Ben's link what a network holds: a reader, so many of theirs in the same network, and others elsewhere.
func (l *launch) household(link string, inside, elsewhere int) {
	l.t.Helper()
	for range elsewhere {
		l.reader().opens(link)
	}
	rosa := l.reader("User-Agent", iphone)
	own := rosa.opens(link)
	for n := range inside {
		rosa.beside(agent(n)).opens(own)
	}
}

// verdict presses a button of the only group that a captain's page lists.
func (p *page) verdict(verdict string) *page {
	p.t.Helper()
	for _, f := range all(p.doc, func(n *html.Node) bool { return n.Data == "form" && strings.Contains(attr(n, "action"), "/held/") }) {
		return p.form(attr(f, "action")).send("verdict", verdict)
	}
	p.t.Fatalf("nothing is to be judged on %s: %s", p.path, p.text())
	return nil
}

func TestACaptainJudgesWhatTheirSquadBroughtAndNothingElse(t *testing.T) {
	l := led(t)
	l.household(l.benLink, 2, 1)
	p := l.lead(l.amina).says("2 opens", "Same network as a sharer above", "The rule: a group counts by itself 7 days after")
	if to := p.verdict(views.Release).header.Get("Location"); to != views.LeadPath(l.squad)+"#held" {
		t.Errorf("a decision leads to %q", to)
	}
	l.lead(l.amina).
		says("2 opens count now", "No open waits", "Counted a group: 2 opens", "amina", "Managers can take any of these back")
	l.board().standing(l.benID, 6, 4)
	l.manager.get(views.DecisionsPath(l.campaign)).says("Counted a group: 2 opens", "amina", "Lyon")
	l.takesBackTheLast()
	l.board().standing(l.benID, 2, 2)
	l.recount()

	// What a captain shared themself somebody else judges.
	l.household(l.link, 1, 0)
	own := l.lead(l.amina).says("Your own link: a manager decides")
	var group string
	for _, n := range own.data("group") {
		if strings.HasPrefix(n, l.link) {
			group = n
		}
	}
	path := views.SquadPath(l.squad) + "/held/" + group
	l.amina.post(path, "verdict", views.Release, "once", "1").wants(http.StatusSeeOther)
	l.lead(l.amina).says("judged by a manager", "Your own link")
	l.board().standing(l.aminaID, 1, 1)
	// A captain of another squad is told nothing, and through their own squad reaches nothing of this one.
	cleo, who := l.signedIn("cleo@example.com", account.Ambassador)
	l.leads(who, "Nice")
	cleo.post(path, "verdict", views.Release, "once", "2").wants(http.StatusNotFound)
	var nice string
	l.view(func(ctx context.Context, tx *data.Tx) (err error) {
		nice, err = data.One(ctx, tx, data.Text, `SELECT id FROM squads WHERE captain_id = ?`, who.ID)
		return err
	})
	cleo.post(views.SquadPath(nice)+"/held/"+group, "verdict", views.Release, "once", "3").wants(http.StatusNotFound)
	l.ben.get(views.LeadPath(l.squad)).wants(http.StatusNotFound)
	// And what a rule settled a captain does not count.
	l.amina.post(views.SquadPath(l.squad)+"/held/"+l.benLink+"/signed_in", "verdict", views.Release, "once", "4").wants(http.StatusNotFound)
	l.lead(l.manager).verdict(views.Release).wants(http.StatusSeeOther)
	l.lead(l.manager).says("1 open counts now")
	l.board().standing(l.aminaID, 3, 2)
}

// week lets a week go by and some minutes, and does what is due.
func (l *launch) week() {
	l.t.Helper()
	l.later(7*24*time.Hour + 10*time.Minute)
	l.manager, _ = l.signedIn("manel@novaska.example", account.Manager)
	l.work()
}

// cleared is how many opens the rule counted.
func (l *launch) cleared() (n int64) {
	l.t.Helper()
	l.view(func(ctx context.Context, tx *data.Tx) (err error) {
		n, err = data.Int(ctx, tx, `SELECT coalesce(sum(opens), 0) FROM acts WHERE kind = 'group_cleared'`)
		return err
	})
	return n
}

// Nobody judges the two at Rosa's, so the rule does after a week: once, whichever server looks, and never again once
// somebody took it back.
func TestASmallGroupClearsByTheRuleAfterAWeek(t *testing.T) {
	l := led(t)
	l.household(l.benLink, 2, 5)
	l.board().standing(l.benID, 6, 6)
	l.later(7*24*time.Hour - 2*time.Hour)
	l.work()
	if n := l.cleared(); n != 0 {
		t.Fatalf("%d opens cleared before the week was over", n)
	}
	l.week()
	other := l.another()
	if err := other.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	if n := l.cleared(); n != 2 {
		t.Fatalf("%d opens cleared, not 2", n)
	}
	l.board().standing(l.benID, 10, 8)
	l.manager.get(views.DecisionsPath(l.campaign)).says("Cleared by the rule on small groups: 2 opens", "by rule", "people +2, score +4")
	l.recount()
	l.takesBackTheLast().says("Taken back by manel")
	l.board().standing(l.benID, 6, 6)
	for range 3 {
		l.nextDay()
		l.work()
	}
	if n := l.cleared(); n != 2 {
		t.Errorf("what was taken back cleared again: %d", n)
	}
	l.board().standing(l.benID, 6, 6)
	l.recount()
}

// What is large, looks made, or is not all that waits stays for a person to judge.
func TestWhatTheRuleLeavesToAPerson(t *testing.T) {
	for name, made := range map[string]func(l *launch){
		"four at one place": func(l *launch) { l.household(l.benLink, 4, 20) },
		"a farm of three places": func(l *launch) {
			for range 3 {
				l.household(l.benLink, 3, 5)
			}
		},
		"too few others": func(l *launch) { l.household(l.benLink, 2, 4) },
		"more than five in a day": func(l *launch) {
			for range 12 {
				l.reader().opens(l.benLink)
			}
			first := l.reader("User-Agent", iphone)
			first.opens(l.benLink)
			for n := range 6 {
				first.beside(agent(n)).opens(l.benLink)
			}
		},
		"something of theirs was left out": func(l *launch) {
			l.household(l.benLink, 1, 8)
			l.lead(l.amina).verdict(views.Exclude)
			l.household(l.benLink, 1, 0)
		},
		"too long ago": func(l *launch) {
			l.household(l.benLink, 2, 9)
			l.later(31 * 24 * time.Hour)
		},
	} {
		t.Run(name, func(t *testing.T) {
			l := led(t)
			made(l)
			l.work()
			for range 9 {
				l.later(24 * time.Hour)
				l.work()
			}
			if n := l.cleared(); n != 0 {
				t.Errorf("%d opens cleared", n)
			}
		})
	}
}

// A farm that waits between its places gains no more by the rule than one group, however many there are.
func TestTheRuleClearsOnceForAMemberInACampaign(t *testing.T) {
	l := led(t)
	for n := range 5 {
		l.household(l.benLink, 3, 30/(n+1))
		l.work()
		l.week()
	}
	if n := l.cleared(); n != 3 {
		t.Errorf("%s opens cleared, not 3", strconv.FormatInt(n, 10))
	}
}

// A campaign with a prize does without the rule: there the two at Rosa's wait for a person, and both pages say so. With the
// rule back, they count.
func TestACampaignCanDoWithoutTheRule(t *testing.T) {
	l := led(t)
	at := views.CampaignPath(l.campaign)
	sets := func(clears string) {
		t.Helper()
		l.manager.get(at+"/edit").wants(http.StatusOK).says("Let small groups of held opens count by themselves", "The rule:").form(at).send("clears", clears).to(at)
	}
	if got := l.manager.get("/campaigns/new").form("/campaigns").value("clears"); got == "" {
		t.Error("a new campaign does without the rule")
	}
	l.household(l.benLink, 2, 5)
	l.lead(l.manager).says("The rule:").lacks("every group waits for a person")
	sets("")
	if got := l.manager.get(at + "/edit").form(at).value("clears"); got != "" {
		t.Errorf("the form has %q", got)
	}
	l.lead(l.amina).says("Not so in", "every group waits for a person")
	l.held("").says("no group counts by itself").lacks("The rule:")
	l.week()
	if n := l.cleared(); n != 0 {
		t.Errorf("%d opens cleared", n)
	}
	sets("true")
	l.held("").says("The rule:").lacks("no group counts by itself")
	l.nextDay()
	l.work()
	if n := l.cleared(); n != 2 {
		t.Errorf("with the rule back %d opens cleared, not 2", n)
	}
}
