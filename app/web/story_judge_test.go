package web_test

import (
	"context"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/data"
	"ricochet.example/data/datatest"
	"ricochet.example/views"
)

// agent is a browser that no other number has.
func agent(n int) string { return strings.ReplaceAll(android, "141", strconv.Itoa(100+n)) }

// id is that of the open which a reader's token stands for.
func (l *launch) id(token string) int64 {
	l.t.Helper()
	ref, ok := l.server.Tokens().Parse(token)
	if !ok {
		l.t.Fatalf("%s is no token", token)
	}
	return ref.ID
}

// held is the list of what is not counted, as a manager sees it, after the fold.
func (l *launch) held(query string) *page {
	l.t.Helper()
	l.work()
	return l.manager.get(views.HeldPath(l.campaign) + query).wants(http.StatusOK)
}

// group is the page of the only group of a list.
func (p *page) group() *page {
	p.t.Helper()
	rows := all(p.doc, func(n *html.Node) bool { return has(n, "data-group") })
	if len(rows) != 1 {
		p.t.Fatalf("%s lists %d groups, not one: %s", p.path, len(rows), p.text())
	}
	for _, a := range all(rows[0], func(n *html.Node) bool { return n.Data == "a" }) {
		return p.get(attr(a, "href")).wants(http.StatusOK)
	}
	p.t.Fatal("the group has no page")
	return nil
}

// judges fills in the form of the page, which is sent to where it stands.
func (p *page) judges(fields ...string) *page {
	p.t.Helper()
	return p.form(p.path).send(fields...)
}

// last takes back what was decided last.
func (l *launch) takesBackTheLast() *page {
	l.t.Helper()
	list := l.manager.get(views.DecisionsPath(l.campaign)).wants(http.StatusOK)
	for _, f := range all(list.doc, func(n *html.Node) bool { return n.Data == "form" && strings.HasSuffix(attr(n, "action"), "/take-back") }) {
		return list.form(attr(f, "action")).send().follow()
	}
	l.t.Fatalf("nothing can be taken back: %s", list.text())
	return nil
}

// recount fails the test unless the numbers that stand are those of the log, folded from the start.
func (l *launch) recount() {
	l.t.Helper()
	l.work()
	ctx, again := l.t.Context(), datatest.New(l.t)
	if err := data.Copy(ctx, l.db, again, func(string, int64) {}); err != nil {
		l.t.Fatal(err)
	}
	had, err := spread.Unfold(ctx, again)
	if err == nil {
		err = spread.Refold(ctx, again, had, func(int64) {})
	}
	if err != nil {
		l.t.Fatal(err)
	}
	err = spread.Compare(ctx, l.db, again, func(d spread.Drift) error {
		l.t.Error(d)
		return nil
	})
	if err != nil {
		l.t.Fatal(err)
	}
}

// Rosa's flatmate opens what she passed on, in the same network, and passes it
// on herself. Manel knows that they are two, counts her, and changes his mind.
func TestAHeldOpenIsCountedAndTakenBack(t *testing.T) {
	l := sharing(t)
	rosa := l.reader("User-Agent", iphone)
	flatmate := rosa.beside(android).opens(rosa.opens(l.link))
	l.reader().opens(flatmate)
	l.board().standing(l.aminaID, 3, 2).says("1 held open")
	l.manager.get(views.CampaignPath(l.campaign)).says("1 held open")
	l.manager.get(views.LinkPath(l.link)).says("1 held open")
	l.amina.get(views.LinkPath(l.link)).lacks("held open").says("Not counted", "Same network as a sharer above")

	group := l.held("").says("Same network as a sharer above", "amina", "The Halo trail shoe").group()
	group.says("1 open, people +1, score +3", "1 more open from this network counts")
	counted := group.judges("verdict", views.Release, "note", "They share a flat").follow()
	counted.says("1 open counts now: people +1, score +3.", "Nothing here")
	l.manager.get(views.BoardPath(l.campaign)).standing(l.aminaID, 6, 3) // at once, without waiting for the fold
	list := l.manager.get(views.DecisionsPath(l.campaign)).says("Counted a group: 1 open", "manel", "They share a flat", "people +1, score +3")
	if got := list.data("act"); !slices.Equal(got, []string{"group_released"}) {
		t.Errorf("the list of decisions has %q", got)
	}
	l.recount()

	l.takesBackTheLast().says("Taken back: 1 open is as it was before.", "Taken back by manel")
	l.manager.get(views.BoardPath(l.campaign)).standing(l.aminaID, 3, 2)
	l.held("").group().says("Same network as a sharer above")
	l.recount()
}

// A branch that was made up goes, and what came later below it counts; another
// manager finds it and brings it back.
func TestABranchIsLeftOutAndBroughtBackByAnotherManager(t *testing.T) {
	l := sharing(t)
	first := l.reader().opens(l.link)
	second := l.reader().opens(first)
	third := l.reader().opens(second)
	l.reader().opens(l.link)
	l.tree()
	open := l.manager.get(views.OpenPath(l.link, l.id(second))).wants(http.StatusOK).says("Its branch: this one and the 1 that came by it", "2 opens, people −2, score −5")
	open.judges("scope", views.ScopeBranch, "verdict", views.Exclude, "note", "A script").to(views.LinkPath(l.link)).
		says("2 opens are left out: people −2, score −5.").shows("1 counted", "1 excluded", "1 excluded", "1 counted")
	l.board().standing(l.aminaID, 2, 2)
	l.reader().opens(third)
	l.board().standing(l.aminaID, 4, 3)
	l.recount()
	l.amina.get(views.LinkPath(l.link)).says("Excluded by a manager").lacks("A script", "manel")

	again := l.manager.post(views.OpenPath(l.link, l.id(second)), "scope", views.ScopeOpen, "verdict", views.Exclude)
	again.follow().says("That changed nothing")
	mara, _ := l.signedIn("mara@novaska.example", "manager")
	mara.get(views.OpenPath(l.link, l.id(second))).says("A script", "manel").judges("scope", views.ScopeBranch, "verdict", views.Release).follow()
	l.board().standing(l.aminaID, 11, 5)
	l.manager.get(views.DecisionsPath("")).says("Left out a branch: 2 opens", "Counted a branch: 2 opens", "mara")
	l.recount()
}

// One phone after the other in one home: five count, the others are held. The
// network is left out, and those five with it, as long as the keys know them.
func TestANetworkIsLeftOutWithWhatCountedOfIt(t *testing.T) {
	l := sharing(t)
	farm := l.reader()
	for n := range 8 {
		farm.beside(agent(n)).opens(l.link)
	}
	real := l.reader().opens(l.link)
	l.board().standing(l.aminaID, 6, 6)
	group := l.held("").says("More than five in a day from one network").group().says("3 opens", "5 more opens from this network count", "8 opens, people −5, score −5")
	group.judges("verdict", views.Exclude, "note", "A farm").follow().says("8 opens are left out")
	l.board().standing(l.aminaID, 1, 1)
	l.held("?show=left_out").says("Left out by a manager").group().says("8 opens")
	if got := l.manager.get(views.OpenPath(l.link, l.id(real))).data("state"); !slices.Equal(got, []string{"counted"}) {
		t.Errorf("the one who had nothing to do with it is %q", got)
	}
	l.takesBackTheLast()
	l.board().standing(l.aminaID, 6, 6)
	l.nextDay()
	l.nextDay()
	l.nextDay() // the keys are gone; of those that count only the first is still known
	l.held("").group().says("1 more open from this network counts").judges("verdict", views.Exclude).follow().says("4 opens are left out")
	l.board().standing(l.aminaID, 5, 5)
	l.recount()
}

// Thousands of opens are decided about in one go, and listed page by page.
func TestAThousandHeldOpensAreDecidedAboutAtOnce(t *testing.T) {
	l := sharing(t)
	l.reader().opens(l.link)
	head := l.id(l.reader().opens(l.link))
	const many = 3000
	l.update(func(ctx context.Context, tx *data.Tx) error {
		var rows []any
		for n := range many {
			rows = append(rows, l.id(l.link), head, head, tx.Now().Add(time.Duration(n)*time.Second), int64(share.SameNetwork), 0, 0, 0, head)
		}
		return data.InsertRows(ctx, tx, `INSERT INTO opens (link_id, parent_id, branch_id, opened_at, state, channel, observed, device, network_group)`, 9, rows, ``)
	})
	l.board().standing(l.aminaID, 2, 2).says("999+ held opens")
	group := l.held("").group().says("3,000 opens", "1 of 30")
	if n := len(group.data("open")); n != 100 {
		t.Errorf("%d opens stand on the first page", n)
	}
	l.manager.get(group.path + "?page=30").wants(http.StatusOK).says("30 of 30").lacks("Next")
	group.judges("verdict", views.Release).follow().says("3,000 opens count now")
	l.board().standing(l.aminaID, many+2+4, many+2) // each is one, and four of them one more for the head
	l.recount()
	l.takesBackTheLast().says("3,000 opens")
	l.board().standing(l.aminaID, 2, 2)
	l.recount()
}

// Whatever is decided, in whatever order, the numbers are those of the log.
func TestAfterManyDecisionsTheNumbersAreThoseOfTheLog(t *testing.T) {
	l := sharing(t)
	random := rand.New(rand.NewPCG(7, 11)) //nolint:gosec // a test that can be told again
	tokens, homes := []string{l.link, l.benLink}, []*browser{l.reader(), l.reader(), l.reader()}
	for n := range 60 {
		reader := l.reader()
		if random.IntN(2) == 0 {
			reader = homes[random.IntN(len(homes))].beside(agent(n))
		}
		tokens = append(tokens, reader.opens(tokens[random.IntN(len(tokens))]))
		l.later(time.Duration(random.IntN(120)) * time.Minute)
	}
	l.manager, _ = l.signedIn("manel@novaska.example", "manager")
	l.work()
	changed := 0
	for range 60 {
		token := tokens[2+random.IntN(len(tokens)-2)]
		link := l.link
		if p := l.manager.get(views.OpenPath(link, l.id(token))); p.status == http.StatusNotFound {
			link = l.benLink
		}
		verdict := []string{views.Release, views.Exclude}[random.IntN(2)]
		scope := []string{views.ScopeOpen, views.ScopeBranch}[random.IntN(2)]
		done := l.manager.post(views.OpenPath(link, l.id(token)), "verdict", verdict, "scope", scope).follow().wants(http.StatusOK)
		if !strings.Contains(done.text(), "That changed nothing") {
			changed++
		}
		switch random.IntN(4) {
		case 0:
			l.takesBackTheLast()
		case 1:
			l.reader().opens(token)
		}
	}
	if changed < 20 {
		t.Errorf("only %d decisions changed anything", changed)
	}
	l.recount()
}

func TestASettledOrForgottenOpenIsNotDecidedAboutWithItsBranch(t *testing.T) {
	l := sharing(t)
	l.work()
	phone := l.reader("User-Agent", iphone)
	own := phone.opens(l.link)
	below := l.reader().opens(own)
	phone.signIn("amina@example.com").wants(http.StatusOK)
	l.board().standing(l.aminaID, 1, 1)
	l.manager.get(views.DecisionsPath(l.campaign)).says("Recognised an own device: 1 open", "by rule")
	l.held("?show=by_rule").group().says("The ambassador’s own device")
	head := l.reader().opens(l.link)
	l.work()
	for _, nowhere := range []string{
		views.OpenPath(l.benLink, l.id(head)), views.OpenPath(l.link, 999999), views.LinkPath(l.link) + "/opens/x",
		views.LinkHeldPath(l.link) + "/nothing", views.LinkHeldPath(l.link) + "/-3", views.LinkHeldPath("0000000000000"), views.HeldPath("none"),
		views.DecisionsPath("none"),
	} {
		l.manager.get(nowhere).wants(http.StatusNotFound)
	}
	l.manager.post("/decisions/999/take-back").wants(http.StatusNotFound)
	l.ben.get(views.OpenPath(l.link, l.id(below))).wants(http.StatusNotFound)
	l.amina.post(views.OpenPath(l.link, l.id(own)), "verdict", views.Release, "scope", views.ScopeOpen).wants(http.StatusNotFound)
	// The one that was pointed at is counted, even against a rule.
	l.manager.get(views.OpenPath(l.link, l.id(own))).judges("scope", views.ScopeOpen, "verdict", views.Release).follow().says("1 open counts now")
	l.board().standing(l.aminaID, 4, 3)
	l.recount()
}

// Manel stops Amina's link, having read what that means, and lets it go on again.
func TestAManagerStopsALinkAndLetsItGoOn(t *testing.T) {
	l := sharing(t)
	own := l.reader().opens(l.link)
	l.amina.get(views.StopPath(l.link)).wants(http.StatusNotFound)
	ask := l.manager.get(views.LinkPath(l.link)).says("Stop this link").get(views.StopPath(l.link)).says("This link has been stopped", "keeps its score")
	ask.judges("note", "He asked us to").to(views.LinkPath(l.link)).says("The link is stopped.", "Let it go on again")
	for _, token := range []string{l.link, own} {
		l.reader().get("/s/" + token).wants(http.StatusGone).says("This link has been stopped").lacks(haloWords...)
	}
	l.reader().get("/s/" + own + "/about").wants(http.StatusOK) // one may still ask to be forgotten
	l.amina.get(views.LinkPath(l.link)).says("Your link has been stopped since").lacks("Let it go on")
	l.amina.get(views.DropPath(l.drop)).says("Your link has been stopped since").lacks("Copy")
	l.board().standing(l.aminaID, 1, 1)
	l.manager.get(views.LinkPath(l.link)).form(views.LinkPath(l.link) + "/resume").send().follow().says("The link goes on again.")
	l.reader().opens(own)
	l.board().standing(l.aminaID, 3, 2)
	l.manager.get(views.DecisionsPath(l.campaign)).says("Stopped a link", "He asked us to", "Let a link go on again")
}
