package web_test

import (
	"context"
	"image/color"
	"net/http"
	"os"
	"path"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/app/audit"
	"ricochet.example/app/campaign"
	"ricochet.example/app/drop"
	"ricochet.example/app/message"
	"ricochet.example/app/notice"
	"ricochet.example/app/photo"
	"ricochet.example/app/reward"
	"ricochet.example/app/share"
	"ricochet.example/app/squad"
	"ricochet.example/app/video"
	"ricochet.example/app/video/videotest"
	"ricochet.example/app/voice"
	"ricochet.example/app/web"
	"ricochet.example/data"
	"ricochet.example/static"
)

// scene is a squad with one member, Ana, who shares a drop of hers and has
// rehearsed it; and somebody who looks on.
type scene struct {
	*house
	visitor *browser
	email   string
	values  map[string]string // what stands for the wildcards of a route's pattern
}

// scene makes a new one in the house, looked at by a kind of visitor.
func (h *house) scene(kind web.Visitor) *scene {
	h.t.Helper()
	h.peers++
	number := strconv.Itoa(h.peers) // no two scenes share a name
	sc := &scene{house: h, values: map[string]string{"channel": "whatsapp", "file": path.Base(static.Path("app.css")), "card": "any.jpg", "colour": "6a1b9a.css", "version": "1", "draft": "any"}}
	ana, anas := h.signedIn("ana."+number+"@example.com", account.Ambassador)
	switch kind {
	case web.Stranger:
		sc.visitor, sc.email = h.browser(), anas.Email
	case web.Outsider:
		sc.email = "bob." + number + "@example.com"
		var bob account.Account
		sc.visitor, bob = h.signedIn(sc.email, account.Ambassador)
		h.leads(bob, "Nice")
	case web.Member, web.Captain:
		sc.visitor, sc.email = ana, anas.Email
	case web.Manager:
		sc.email = "max." + number + "@novaska.example"
		sc.visitor, _ = h.signedIn(sc.email, account.Manager)
	case web.Owner:
		sc.email = "otto." + number + "@novaska.example"
		sc.visitor, _ = h.signedIn(sc.email, account.Owner)
	}
	film := h.keeps(drop.Video{Form: "scene", AddedBy: anas.ID, Alt: "The sole bends"}, videotest.MP4{}.File())
	h.update(func(ctx context.Context, tx *data.Tx) error {
		sq, err := squad.Found(ctx, tx, squad.Squad{Name: "Lyon"})
		if err != nil {
			return err
		}
		i, err := squad.Invite(ctx, tx, squad.Invitation{SquadID: sq.ID})
		if err != nil {
			return err
		}
		if _, err := squad.Join(ctx, tx, i.Code, anas.ID); err != nil {
			return err
		}
		sq.Approval = true
		if err := squad.Change(ctx, tx, sq); err != nil {
			return err
		}
		dana, err := account.Create(ctx, tx, account.Account{Email: "dana." + number + "@example.com", Name: "Dana", Role: account.Ambassador, Language: "en"})
		if err != nil {
			return err
		}
		age, err := account.SayAge(ctx, tx, account.Age{AccountID: dana.ID, Band: account.Minor, Guardian: "dad." + number + "@example.com"})
		if err != nil {
			return err
		}
		noor, err := account.Create(ctx, tx, account.Account{Email: "noor." + number + "@example.com", Name: "Noor", Role: account.Ambassador, Language: "en"})
		if err != nil {
			return err
		}
		minor, err := account.SayAge(ctx, tx, account.Age{AccountID: noor.ID, Band: account.Minor, Guardian: "mum." + number + "@example.com"})
		if err != nil {
			return err
		}
		if err := account.Agree(ctx, tx, minor.Code); err != nil {
			return err
		}
		if err := account.SayGrown(ctx, tx, noor.ID); err != nil {
			return err
		}
		sc.values["grown"] = noor.ID
		wish, err := squad.Apply(ctx, tx, i.Code, dana.ID, nil, false)
		if err != nil {
			return err
		}
		sc.values["application"], sc.values["minor"] = wish.ID, age.Code
		if sq.Approval = false; kind == web.Captain {
			sq.CaptainID = anas.ID
		}
		if err := squad.Change(ctx, tx, sq); err != nil {
			return err
		}
		c, err := campaign.Create(ctx, tx, campaign.Campaign{Name: "Halo", StartsAt: tx.Now(), EndsAt: tx.Now().Add(24 * time.Hour), Most: 5})
		if err != nil {
			return err
		}
		image, err := drop.AddImage(ctx, tx, drop.Image{Form: sq.ID, AddedBy: anas.ID, Alt: "The sole"}, sole)
		if err != nil {
			return err
		}
		if err := drop.KeepSubtitles(ctx, tx, film.ID, "fr", "WEBVTT\n"); err != nil {
			return err
		}
		film.Subtitles = []string{"fr"}
		sc.values["subtitles"], sc.values["spoken"] = "fr.vtt", "fr"
		d := drop.Drop{CampaignID: c.ID, Language: "en", Version: drop.Version{Title: "The Halo", Teaser: "Soon", Body: "We drew the sole.\n\n" + film.Reference(), Caption: "Look", Cover: image.ID}}
		if p := d.CheckWith([]drop.Image{image}, []drop.Video{film}); !p.OK() {
			h.t.Fatal(p)
		}
		if d, err = drop.Create(ctx, tx, d); err != nil {
			return err
		}
		if err := drop.AdoptImages(ctx, tx, d.ID, sq.ID, anas.ID); err != nil {
			return err
		}
		if err := drop.AdoptImages(ctx, tx, d.ID, "scene", anas.ID); err != nil {
			return err
		}
		sc.values["image"], sc.values["video"] = image.ID, film.ID
		release := drop.Release{Steps: []drop.Step{{SquadID: sq.ID, OpensAt: tx.Now(), ShareableAt: tx.Now()}}}
		if err := drop.SetRelease(ctx, tx, d.ID, release); err != nil {
			return err
		}
		l, err := share.Take(ctx, tx, anas.ID, d.ID)
		if err != nil {
			return err
		}
		rehearsal, err := share.Rehearse(ctx, tx, anas.ID, d.ID)
		if err != nil {
			return err
		}
		sessions, err := account.SessionsOf(ctx, tx, anas)
		if err != nil {
			return err
		}
		m, err := message.Write(ctx, tx, message.Mail{To: anas.Email, Subject: "Hello", Body: "Hello Ana"})
		if err != nil {
			return err
		}
		guest, err := squad.InviteGuest(ctx, tx, squad.Guest{Invitation: squad.Invitation{SquadID: sq.ID}, Email: "guest@example.com", Language: "en"})
		if err != nil {
			return err
		}
		sc.values["mail"], sc.values["guest"] = m.ID, guest.Code
		sc.values["squad"], sc.values["code"], sc.values["member"] = sq.ID, i.Code, anas.ID
		if sc.values["door"], err = drop.DoorOf(ctx, tx, d.ID); err != nil {
			return err
		}
		sc.values["campaign"], sc.values["drop"] = c.ID, d.ID
		sc.values["token"], sc.values["rehearsal"] = h.server.Tokens().Link(l.ID), h.server.Tokens().Link(rehearsal.ID)
		sc.values["session"], sc.values["notice"] = sessions[0].ID, h.server.UnsubscribeCode(anas.ID, notice.Opened)
		if err := voice.Say(ctx, tx, voice.Voice{DropID: d.ID, AccountID: anas.ID, Kind: voice.Testimonial, Words: "The sole holds."}); err != nil {
			return err
		}
		said, err := voice.Mine(ctx, tx, anas.ID, d.ID, 1, 0)
		if err != nil {
			return err
		}
		sc.values["voice"] = said[0].ID
		one, err := reward.Offer(ctx, tx, reward.Reward{Name: "A cap", Stock: 3, PerPerson: 2, Sizes: "S\nL", Address: true})
		if err != nil {
			return err
		}
		asked, err := reward.Ask(ctx, tx, one.ID, anas.ID, reward.Progress{In: true}, reward.Wish{Size: "S", Address: "3 quai Rambaud, Lyon"})
		if err != nil {
			return err
		}
		sc.values["reward"], sc.values["claim"] = one.ID, asked.ID
		if err := reward.Thank(ctx, tx, anas.ID, anas.ID, "Well done"); err != nil {
			return err
		}
		thanks, err := reward.ThanksOf(ctx, tx, anas.ID, true, 1)
		if err != nil {
			return err
		}
		sc.values["thanks"] = thanks[0].ID
		moment, err := share.OpenMoment(ctx, tx, share.Moment{LinkID: l.ID, SquadID: sq.ID, Heads: 5})
		sc.values["moment"] = moment.ID
		if err != nil {
			return err
		}
		window, err := share.NewHouse(ctx, tx, sc.values["drop"], "Window")
		sc.values["house"] = h.server.Tokens().Link(window.ID)
		return err
	})
	if h.owner == nil {
		return sc // nobody can open anything yet
	}
	opened, _ := h.server.Tokens().Parse(h.reader().opens(sc.values["token"]))
	sc.values["open"], sc.values["place"] = strconv.FormatInt(opened.ID, 10), share.SignedIn.String()
	h.update(func(ctx context.Context, tx *data.Tx) error {
		act, err := audit.Write(ctx, tx, audit.Act{Kind: audit.OpenExcluded, CampaignID: sc.values["campaign"], OpenID: opened.ID, Opens: 1})
		sc.values["decision"] = strconv.FormatInt(act, 10)
		return err
	})
	kim, _ := h.signedIn("kim."+number+"@example.com", account.Ambassador) // whose open a rule settles
	kim.opens(sc.values["token"])
	return sc
}

// keeps is a video of a drop or a form, as it is after it was uploaded.
func (h *house) keeps(v drop.Video, file []byte) drop.Video {
	h.t.Helper()
	aside, err := os.CreateTemp(h.t.TempDir(), "film")
	if err != nil {
		h.t.Fatal(err)
	}
	defer aside.Close()
	if _, err := aside.Write(file); err != nil {
		h.t.Fatal(err)
	}
	v.Bytes = int64(len(file))
	if v.Video, err = video.Clean(aside, v.Bytes); err != nil {
		h.t.Fatal(err)
	}
	if v, err = drop.KeepVideo(h.t.Context(), h.db, v, aside); err != nil {
		h.t.Fatal(err)
	}
	return v
}

// leads makes somebody the captain of a new squad.
func (h *house) leads(who account.Account, name string) {
	h.t.Helper()
	h.update(func(ctx context.Context, tx *data.Tx) error {
		sq, err := squad.Found(ctx, tx, squad.Squad{Name: name})
		if err != nil {
			return err
		}
		i, err := squad.Invite(ctx, tx, squad.Invitation{SquadID: sq.ID})
		if err != nil {
			return err
		}
		if sq, err = squad.Join(ctx, tx, i.Code, who.ID); err != nil {
			return err
		}
		sq.CaptainID = who.ID
		return squad.Change(ctx, tx, sq)
	})
}

// sole is a picture as it is after it was uploaded.
var sole = func() photo.Photo {
	p, err := photo.Read(pngOf(40, 21, color.RGBA{200, 60, 20, 255}))
	if err != nil {
		panic(err)
	}
	return p
}()

var wildcard = regexp.MustCompile(`\{(\w+)(\.\.\.)?\}`)

// address is a route's, with what stands in the scene for its wildcards.
func (sc *scene) address(rt web.Route) string {
	sc.t.Helper()
	if strings.Contains(rt.Pattern, "{secret}") {
		// A mail that was asked for in this very browser.
		sc.visitor.post("/signin", "email", sc.email).wants(http.StatusSeeOther)
		sc.values["secret"] = path.Base(sc.link(sc.email))
	}
	return sc.fill(strings.ReplaceAll(rt.Pattern, "{$}", ""))
}

// ask asks for a route as a visitor of the scene would.
func (sc *scene) ask(rt web.Route) *page {
	sc.t.Helper()
	there := sc.address(rt)
	if rt.Method == http.MethodGet {
		return sc.visitor.get(there)
	}
	return sc.visitor.post(there)
}

// The table of routes by kinds of visitor is the documentation of who may do
// what; this is its test. Absent and forbidden look the same. Every page is
// looked at on the way.
func TestEveryRouteAnswersEveryKindOfVisitorAsTheTableSays(t *testing.T) {
	h := found(t)
	asked, pages := 0, 0
	for _, rt := range h.server.Routes() {
		if strings.HasPrefix(rt.Pattern, "/setup/") {
			continue // gone for everyone: TestTheOwnerSetsUpOnceAndIsSignedIn
		}
		for _, kind := range web.Visitors {
			sc := h.scene(kind)
			p := sc.ask(rt)
			asked++
			to := p.header.Get("Location")
			switch rt.Answers[kind] {
			case web.SignIn:
				if p.status != http.StatusSeeOther || !strings.HasPrefix(to, "/signin") {
					t.Errorf("%s, %s: status %d to %q, not to sign in", rt.Name(), kind, p.status, to)
				}
			case web.NotFound, web.Private:
				nothing := sc.visitor.get("/nothing/here").wants(http.StatusNotFound)
				if p.status != http.StatusNotFound || p.text() != nothing.text() {
					t.Errorf("%s, %s: status %d, which is not what stands where nothing is: %s", rt.Name(), kind, p.status, p.text())
				}
			default:
				signIn := p.status == http.StatusSeeOther && strings.HasPrefix(to, "/signin?next=")
				refused := p.status == http.StatusForbidden || p.status == http.StatusNotFound || p.status == http.StatusMethodNotAllowed
				if signIn || refused || p.status >= 500 {
					t.Errorf("%s, %s: status %d to %q: %s", rt.Name(), kind, p.status, to, p.text())
				}
				switch {
				case rt.Page && p.status == http.StatusOK:
					pages++
					p.safe(rt.Name() + ", " + kind.String())
				case rt.Page && p.status != http.StatusSeeOther:
					t.Errorf("%s, %s: a page with status %d: %s", rt.Name(), kind, p.status, p.text())
				}
			}
		}
	}
	if asked < 6*40 || pages < 60 {
		t.Errorf("only %d answers and %d pages were looked at", asked, pages)
	}
}

var (
	ofNonce = regexp.MustCompile(`'nonce-([^']+)'`)
	missing = regexp.MustCompile(`\[[\w.]+\]([^(]|$)`) // as lang.T shows it; in Markdown a link goes on with (
)

// safe complains of what a page lacks, or has and must not have.
func (p *page) safe(who string) {
	p.t.Helper()
	for name, want := range map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin", "X-Frame-Options": "DENY",
		"Content-Type": "text/html; charset=utf-8",
	} {
		if got := p.header.Get(name); got != want {
			p.t.Errorf("%s: %s is %q", who, name, got)
		}
	}
	if cache := p.header.Get("Cache-Control"); !strings.Contains(cache, "no-store") {
		p.t.Errorf("%s: Cache-Control is %q", who, cache)
	}
	csp := p.header.Get("Content-Security-Policy")
	nonce := ofNonce.FindStringSubmatch(csp)
	if !strings.HasPrefix(csp, "default-src 'none'; ") || nonce == nil {
		p.t.Errorf("%s: Content-Security-Policy is %q", who, csp)
		return
	}
	if len(all(p.doc, func(n *html.Node) bool { return has(n, "style") || n.Data == "style" })) > 0 {
		p.t.Errorf("%s: a style that the policy forbids", who)
	}
	for _, script := range all(p.doc, func(n *html.Node) bool { return n.Data == "script" }) {
		if attr(script, "nonce") != nonce[1] || !strings.HasPrefix(attr(script, "src"), "/static/") {
			p.t.Errorf("%s: a script without the page's nonce, or not ours: %s", who, attr(script, "src"))
		}
	}
	if said := missing.FindString(p.text()); said != "" {
		p.t.Errorf("%s: a message or what goes into it is missing: %s", who, said)
	}
}

func TestAnotherMethodIsRefusedAsSuch(t *testing.T) {
	h := found(t)
	p := h.owner.do(h.server, http.MethodDelete, "/squads", nil, http.Header{"Sec-Fetch-Site": {"same-origin"}}).wants(http.StatusMethodNotAllowed)
	if allow := p.header.Get("Allow"); allow != "GET, HEAD, POST" {
		t.Errorf("allowed: %s", allow)
	}
}
