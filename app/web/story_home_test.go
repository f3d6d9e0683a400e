package web_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

// first is the drop that a home page puts first, with what its button says.
func (p *page) first() (drop, does string) {
	p.t.Helper()
	cards := all(p.doc, func(n *html.Node) bool { return n.Data == "article" && has(n, "data-drop") })
	if len(cards) == 0 {
		p.t.Fatalf("%s has no drop: %s", p.path, p.text())
	}
	primary := all(p.doc, func(n *html.Node) bool { return attr(n, "class") == "btn primary wide" })
	if len(primary) != 1 || len(all(cards[0], func(n *html.Node) bool { return n == primary[0] })) != 1 {
		p.t.Fatalf("%s has %d things to do first", p.path, len(primary))
	}
	return attr(cards[0], "data-drop"), plain(textOf(all(primary[0], func(n *html.Node) bool { return n.Data == "span" })[0]))
}

// week is what a home page says of the member's week: people, people the week before, and the rank.
func (p *page) week() string {
	p.t.Helper()
	for _, n := range all(p.doc, func(n *html.Node) bool { return has(n, "data-week") }) {
		return attr(n, "data-week") + " " + attr(n, "data-before") + " " + attr(n, "data-rank")
	}
	return ""
}

// A new member has nothing yet; then a drop to read, to share, to look after, and to leave to everyone. Each
// time the page puts the one thing first that there is to do.
func TestHomePutsFirstWhatThereIsToDoNow(t *testing.T) {
	l := launched(t)
	l.clock.Set(l.opens.Add(-time.Hour))
	l.amina.get("/").says("Lyon · 2 members", "Opens in 1 h").lacks("Halo", "This week", "Nothing to share yet")
	l.clock.Set(l.opens)
	if drop, does := l.amina.get("/").says("For Lyon", "To share in").first(); drop != l.drop || does != "Read it" {
		t.Errorf("before it can be shared: %q", does)
	}
	l.clock.Set(l.shares)
	home := l.amina.get("/").says("For Lyon", "Early access ·", "Open to everyone from", "Not yet shared.")
	if _, does := home.first(); does != "Share with your people" {
		t.Errorf("when it can be shared: %q", does)
	}
	l.amina.get("/go/" + l.link + "/whatsapp").wants(http.StatusFound)
	l.work()
	l.amina.get("/").says("Shared; nobody has opened it yet.").lacks("Not yet shared.")

	// Of what can be shared, what was not shared yet comes first; what was, is not asked for again.
	second := l.secondDrop()
	home = l.amina.get("/")
	if drop, _ := home.first(); drop != second {
		t.Error("what was shared already stands before what was not")
	}
	if asked := home.data("asked"); !slices.Equal(asked, []string{"notices"}) {
		t.Errorf("she is asked for %q", asked)
	}
	l.ben.get("/").says("Read “The Halo trail shoe”").lacks("Not shared yet")
	l.ben.post(views.ReadPath(l.drop)).wants(http.StatusNoContent)
	l.ben.get("/").says("Not shared yet: The Halo trail shoe")
	l.amina.get(views.NoticesPath).form(views.NoticesPath).send().follow().wants(http.StatusOK)
	if asked := l.amina.get("/").data("asked"); len(asked) != 0 {
		t.Errorf("with everything chosen she is asked for %q", asked)
	}
	l.clock.Set(l.pub)
	if drop, _ := l.amina.get("/").first(); drop != second {
		t.Error("what everyone can read stands before what the squad has alone")
	}
	_, zoe := l.signedIn("zoe@example.com", account.Ambassador)
	zoes, _ := l.signedIn(zoe.Email, account.Ambassador)
	zoes.get("/").lacks("This week")
}

// secondDrop is another drop of the launch's campaign, which Lyon shares at once.
func (l *launch) secondDrop() string {
	l.t.Helper()
	wrote := l.manager.get("/drops/new?campaign="+l.campaign).form("/drops").
		send("language", "en", "title", "The second sole", "teaser", "Dry stone", "body", "It holds.").follow().wants(http.StatusOK)
	now := l.clock.Now()
	id := wrote.path[len("/drops/") : len(wrote.path)-len("/release")]
	wrote.form(views.ReleasePath(id)).send("chosen", l.squad, "opens_at", written(now), "shareable_at", written(now), "public_at", written(l.pub.Add(48*time.Hour))).
		to(views.DropPath(id)).wants(http.StatusOK)
	return id
}

// The week in a line is that of the squad's board, and compared with the week before.
func TestHomeTellsTheWeekAndHowItChanged(t *testing.T) {
	l := sharing(t)
	for range 3 {
		l.reader().opens(l.link)
	}
	l.reader().opens(l.benLink)
	l.work()
	home := l.amina.get("/").says("This week 3 people", "1st of 2 who have shared · Lyon", "3 more than last week", "In all: 3 people, 1 hop at the farthest", "3 people came today: The Halo trail shoe")
	if got := home.week(); got != "3 0 1" {
		t.Errorf("her week is %q", got)
	}
	for range 7 {
		l.nextDay()
	}
	l.again()
	l.reader().opens(l.link)
	l.work()
	home = l.amina.get("/").says("2 fewer than last week", "In all: 4 people")
	if got := home.week(); got != "1 3 1" {
		t.Errorf("a week later it is %q", got)
	}
}

// Whoever leads a squad is asked for what nobody has looked at.
func TestHomeAsksCaptainsForWhatWaitsInTheirSquad(t *testing.T) {
	l := sharing(t)
	l.update(func(ctx context.Context, tx *data.Tx) error {
		sq, err := squad.ByID(ctx, tx, l.squad)
		if err != nil {
			return err
		}
		sq.CaptainID = l.aminaID
		return squad.Change(ctx, tx, sq)
	})
	l.amina.get("/").lacks("that nobody has read")
	l.ben.get(views.DropVoicePath(l.drop)).form(views.DropVoicePath(l.drop)).send("kind", "question", "words", "Does it hold on wet stone?").follow().wants(http.StatusOK)
	l.amina.get("/").says("Lyon · 1 voice that nobody has read")
	l.ben.get("/").lacks("that nobody has read")
}
