package web_test

import (
	"context"
	"net/http"
	"path"
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

// halo is what the drop of the stories says. Each part has a word of its own,
// to see where it shows and where not.
var halo = []string{
	"title", "The Halo trail shoe", "teaser", "Six weeks before the shops", "body", "We drew the sole on the *stairs* of the Croix-Rousse.",
	"caption", "Look what lands in March", "action", "Be first in line", "action_url", "https://novaska.example/halo",
}

// haloWords are the words that nobody may read before the drop may be shared.
var haloWords = []string{"Halo", "Six weeks", "Croix-Rousse", "lands in March", "first in line", "novaska.example/halo"}

// written is how a form of ours takes a time, in the brand's zone, which is UTC here.
func written(t time.Time) string { return t.Format("2006-01-02T15:04") }

// launch is a campaign with a drop and a squad of two, Amina and Ben.
type launch struct {
	*house
	manager            *browser
	amina, ben         *browser
	aminaID, benID     string
	squad              string
	campaign, drop     string // ids
	link, benLink      string // their tokens
	opens, shares, pub time.Time
}

// launched is a launch that is read from 13:00 on, shared from 14:00 on, and public the day after.
func launched(t *testing.T) *launch {
	t.Helper()
	l := newLaunch(found(t))
	noon := l.clock.Now()
	l.release(noon.Add(time.Hour), noon.Add(2*time.Hour), noon.Add(24*time.Hour))
	return l
}

// newLaunch is a manager and a squad of two, before anything is written.
func newLaunch(h *house) *launch {
	h.t.Helper()
	l := &launch{house: h}
	l.manager, _ = l.signedIn("manel@novaska.example", account.Manager)
	amina, who := l.signedIn("amina@example.com", account.Ambassador)
	ben, other := l.signedIn("ben@example.com", account.Ambassador)
	l.amina, l.aminaID, l.ben, l.benID = amina, who.ID, ben, other.ID
	l.update(func(ctx context.Context, tx *data.Tx) error {
		s, err := squad.Found(ctx, tx, squad.Squad{Name: "Lyon"})
		if err != nil {
			return err
		}
		l.squad = s.ID
		i, err := squad.Invite(ctx, tx, squad.Invitation{SquadID: s.ID, MadeBy: who.ID})
		if err != nil {
			return err
		}
		for _, id := range []string{who.ID, other.ID} {
			if _, err := squad.Join(ctx, tx, i.Code, id); err != nil {
				return err
			}
		}
		return nil
	})
	return l
}

// sharing is a launch at the moment from which on it is shared.
func sharing(t *testing.T) *launch {
	t.Helper()
	l := launched(t)
	l.clock.Set(l.shares)
	return l
}

// release writes the campaign and the drop and releases it, as a manager does.
func (l *launch) release(opens, shares, pub time.Time) {
	l.t.Helper()
	l.opens, l.shares, l.pub = opens, shares, pub
	made := l.manager.get("/campaigns/new").form("/campaigns").send("name", "Halo launch", "goal", "A thousand people know the Halo", "most", "5")
	l.campaign = path.Base(made.header.Get("Location"))
	made.follow().wants(http.StatusOK).says("Halo launch is there", "A thousand people know the Halo")
	wrote := l.manager.get("/drops/new?campaign=" + l.campaign).form("/drops").send(append([]string{"language", "en"}, halo...)...).follow()
	l.drop = path.Base(path.Dir(wrote.path))
	plan := wrote.wants(http.StatusOK).form(views.ReleasePath(l.drop))
	plan.send("chosen", l.squad, "opens_at", written(l.opens), "shareable_at", written(l.shares), "public_at", written(l.pub)).
		to(views.DropPath(l.drop)).wants(http.StatusOK).says("The plan stands", "Lyon")
	l.link, l.benLink = l.linkOf(l.aminaID), l.linkOf(l.benID)
}

// linkOf is the token of a member's link, as the manager finds it beside their name.
func (l *launch) linkOf(accountID string) string {
	l.t.Helper()
	row := l.manager.get(views.DropPath(l.drop)).row("standing", accountID)
	for _, a := range all(row, func(n *html.Node) bool { return strings.HasPrefix(attr(n, "href"), "/links/") }) {
		return path.Base(attr(a, "href"))
	}
	l.t.Fatalf("no link beside the name of %s", accountID)
	return ""
}

// nextDay lets a day go by. Manel, whose session ended meanwhile, signs in again.
func (l *launch) nextDay() {
	l.t.Helper()
	l.later(24 * time.Hour)
	l.manager, _ = l.signedIn("manel@novaska.example", account.Manager)
}

// tree is the page of Amina's link, as a manager sees it, after the fold.
func (l *launch) tree() *page {
	l.t.Helper()
	l.work()
	return l.manager.get(views.LinkPath(l.link)).wants(http.StatusOK)
}

// board is the leaderboard, as a manager sees it, after the fold.
func (l *launch) board() *page {
	l.t.Helper()
	l.work()
	return l.manager.get(views.BoardPath(l.campaign)).wants(http.StatusOK)
}

// Olga sets Ricochet up and hires Manel. He founds a squad; Amina joins it by
// his invitation. He releases a drop to it. Amina shares it; Rosa opens her
// link and passes it on to Sam; the next morning everyone sees how far it went.
func TestAShareFromTheFirstStartToTheLeaderboard(t *testing.T) {
	h := empty(t)
	l := &launch{house: h}
	olga := h.browser()
	olga.get("/setup/"+h.token).form("/setup/"+h.token).
		send("name", "Novaska", "url", h.base, "owner_name", "Olga", "email", "olga@novaska.example", "time_zone", "UTC").
		to("/").wants(http.StatusOK).says("Novaska", "Olga")

	olga.get("/settings").form("/settings/team").send("name", "Manel", "email", "manel@novaska.example", "role", "manager").follow().says("Manel can sign in now")
	l.manager = h.browser()
	l.manager.signIn("manel@novaska.example").wants(http.StatusOK).says("Manel")

	lyon := l.manager.get("/squads/new").form("/squads").send("name", "Lyon", "capacity", "2").follow().says("The squad is founded")
	l.squad = path.Base(lyon.path)
	invited := lyon.form(lyon.path+"/invitations").send("cap", "1").follow().says("The invitation is ready")
	code := invited.data("invitation")[0]

	l.amina = h.browser()
	asked := l.amina.get(views.JoinPath(code)).wants(http.StatusOK).says("Lyon", "Novaska").form(views.JoinPath(code)).send("email", "amina@example.com")
	joined := asked.to("/signin/code").form("/signin/code").send("code", h.code("amina@example.com")).follow().wants(http.StatusOK)
	joined.form("/me").send("name", "Amina Mansouri").follow().says("Lyon")
	h.browser().get(views.JoinPath(code)).wants(http.StatusGone).says("All seats of this invitation are taken")
	members := l.manager.get(views.SquadPath(l.squad)).says("Amina Mansouri").data("member")
	if len(members) != 1 {
		t.Fatalf("the squad has members %q", members)
	}
	l.aminaID = members[0]
	ben, other := h.signedIn("ben@example.com", account.Ambassador)
	l.ben, l.benID = ben, other.ID
	second := l.manager.get(views.SquadPath(l.squad)).form(views.SquadPath(l.squad)+"/invitations").send("cap", "1").follow()
	l.ben.get(views.JoinPath(second.data("invitation")[0])).form(views.JoinPath(second.data("invitation")[0])).send().follow().says("You are in Lyon")

	noon := h.clock.Now()
	l.release(noon.Add(time.Hour), noon.Add(2*time.Hour), noon.Add(24*time.Hour))

	// Before it opens Amina sees that something comes, and nobody sees what.
	l.amina.get("/").says("Opens in 1 h", "Six weeks before the shops").lacks("The Halo trail shoe")
	l.amina.get(views.DropPath(l.drop)).wants(http.StatusNotFound)
	l.neutral(h.reader().get("/s/" + l.link))

	// She reads it before everyone else; her link still tells nobody.
	h.clock.Set(l.opens)
	read := l.amina.get(views.DropPath(l.drop)).wants(http.StatusOK).says("The Halo trail shoe", "Croix-Rousse", "Shareable from 3 March 2025, 14:00")
	if got := read.data("channel"); len(got) != 0 {
		t.Errorf("she can share it already, through %q", got)
	}
	l.neutral(h.reader().get("/s/" + l.link))

	// From here on it travels: WhatsApp makes a card, a browser fetches ahead, a program looks.
	h.clock.Set(l.shares)
	share := l.amina.get(views.DropPath(l.drop)).wants(http.StatusOK).says("Look what lands in March")
	if !strings.Contains(share.body, `value="`+h.base+"/s/"+l.link) {
		t.Error("her link stands in no field")
	}
	if !slices.Contains(share.data("channel"), "whatsapp") {
		t.Errorf("she can share it through %q", share.data("channel"))
	}
	card := h.reader("User-Agent", whatsApp, "Accept", "*/*").get("/s/" + l.link + "/whatsapp").wants(http.StatusOK)
	if got := card.meta("og:title") + " / " + card.meta("og:url"); got != "The Halo trail shoe / "+h.base+"/s/"+l.link+"/whatsapp" {
		t.Errorf("the card says %s", got)
	}
	h.reader("Sec-Purpose", "prefetch").get("/s/" + l.link).wants(http.StatusServiceUnavailable)
	h.reader("User-Agent", program).get("/s/" + l.link).wants(http.StatusOK)
	l.work()
	l.amina.get(views.DropPath(l.drop)).says("Pasted in WhatsApp at 14:00")

	// Rosa looks, gets a link of her own, and passes it on to Sam.
	rosa, sam := h.reader("User-Agent", iphone), h.reader("User-Agent", android)
	page := rosa.get("/s/"+l.link+"/whatsapp").wants(http.StatusOK).says("The Halo trail shoe", "Shared with you by a member of Novaska’s squad", "Commercial collaboration")
	own := page.confirms()
	if own == l.link {
		t.Error("Rosa has no link of her own")
	}
	if again := rosa.opens(l.link); again != own {
		t.Errorf("opening it again gives her %s, after %s", again, own)
	}
	h.later(time.Minute)
	if sams := sam.get("/s/" + own).says("Passed along by friends").confirms(); sams == own {
		t.Error("Sam has no link of his own")
	}

	// A second later it is counted, and each sees what is theirs.
	l.tree().shows("2 counted", "1 counted").left("preview", "whatsapp", 1).left("prefetch", "unknown", 1).left("bot", "unknown", 1)
	l.board().standing(l.aminaID, 3, 2).standing(l.benID, 0, 0)
	mine := l.amina.get(views.LinkPath(l.link)).wants(http.StatusOK).shows("2 counted", "1 counted").says("2 people reached, plus 1 for those it travelled on to, makes 3.")
	if got := mine.data("spots"); !slices.Equal(got, []string{"2"}) {
		t.Errorf("the ripple map shows %q opens", got)
	}
	l.ben.get(views.LinkPath(l.link)).wants(http.StatusNotFound)
	l.amina.get(views.BoardPath(l.campaign)).wants(http.StatusOK).says("1st of 1").lacks("ben")
	l.ben.get(views.BoardPath(l.campaign)).wants(http.StatusOK).lacks("Amina")

	// A correction shows on every link that went out.
	edited := l.manager.get(views.EditPath(l.drop)).form(views.DropPath(l.drop)).send("title", "The Halo, corrected")
	edited.follow().says("Every link shows it now")
	for _, token := range []string{l.link, own, l.linkOf(l.benID)} {
		h.reader().get("/s/" + token).wants(http.StatusOK).says("The Halo, corrected")
	}
}

// neutral fails the test if a page tells anything of the drop, in what is shown or in what is not.
func (l *launch) neutral(p *page) {
	l.t.Helper()
	p.wants(http.StatusOK).says("Early access from Novaska", "This opens soon", "What we count")
	if got := p.meta("og:title"); got != "Early access from Novaska" {
		l.t.Errorf("the card is called %q", got)
	}
	if p.nonce() != "" {
		l.t.Error("it may confirm an open")
	}
	for _, word := range haloWords {
		if strings.Contains(p.body, word) {
			l.t.Errorf("%q stands in the page", word)
		}
		for name, lines := range p.header {
			if strings.Contains(strings.Join(lines, "\n"), word) {
				l.t.Errorf("%q stands in %s", word, name)
			}
		}
	}
}

// Manel takes a link back; what it had brought stays.
func TestAStoppedLinkIsFollowedByNobody(t *testing.T) {
	l := sharing(t)
	own := l.reader().opens(l.link)
	l.update(func(ctx context.Context, tx *data.Tx) error {
		ref, _ := l.server.Tokens().Parse(l.link)
		return share.Stop(ctx, tx, ref.ID)
	})
	for _, token := range []string{l.link, own} {
		l.reader().get("/s/" + token).wants(http.StatusGone).says("This link has been stopped").lacks(haloWords...)
	}
	l.reader().get("/s/" + l.benLink).wants(http.StatusOK).says("Halo")
	l.board().standing(l.aminaID, 1, 1)
}
