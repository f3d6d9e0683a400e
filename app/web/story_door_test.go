package web_test

import (
	"context"
	"image/png"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/app/drop"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

// door is the path of a drop's door.
func (h *house) door(dropID string) string {
	h.t.Helper()
	var code string
	h.view(func(ctx context.Context, tx *data.Tx) (err error) {
		code, err = drop.DoorOf(ctx, tx, dropID)
		return err
	})
	if code == "" {
		h.t.Fatal("the drop has no door")
	}
	return views.DoorPath(code)
}

// The door of a drop stands in a WhatsApp group. Members land on the drop; of everybody else nobody learns whether
// there is anything.
func TestADoorLetsTheAudienceInAndTellsNobodyElseAnything(t *testing.T) {
	l := launched(t)
	door := l.door(l.drop)
	stranger := l.browser()
	shut := stranger.get(door).wants(http.StatusOK).says("For members", "Get my code").lacks(haloWords...)
	if absent := stranger.get("/d/0000000000").wants(http.StatusOK); strings.ReplaceAll(scrubbed(absent), "0000000000", "") != strings.ReplaceAll(scrubbed(shut), path.Base(door), "") {
		t.Errorf("an absent door answers %q, this one %q", absent.body, shut.body)
	}
	outsider, _ := l.signedIn("zoe@example.com", account.Ambassador)
	there := outsider.get(door).wants(http.StatusOK).says("leads nowhere for this account").lacks(haloWords...)
	if absent := outsider.get("/d/nonsense!").wants(http.StatusOK); scrubbed(absent) != scrubbed(there) {
		t.Error("a signed-in outsider can tell that there is a door")
	}
	// Before it opens the audience lands where the countdown runs.
	l.amina.get(door).to("/")
	l.manager.get(door).to(views.DropPath(l.drop))
	l.clock.Set(l.opens)
	l.amina.get(door).to(views.DropPath(l.drop)).says("Croix-Rousse")
	outsider.get(door).wants(http.StatusOK).lacks(haloWords...)
	// A member who is not signed in gets a code and lands there.
	back := l.browser()
	back.get(door).get("/signin?next="+strings.ReplaceAll(door, "/", "%2F")).form("/signin").send("email", "ben@example.com").to("/signin/code").
		form("/signin/code").send("code", l.code("ben@example.com")).to(door).to(views.DropPath(l.drop))
	l.update(func(ctx context.Context, tx *data.Tx) error { return squad.Pause(ctx, tx, l.squad, l.benID, false) })
	back.get(door).wants(http.StatusOK).says("leads nowhere")
}

// scrubbed is a page without what differs at every request.
func scrubbed(p *page) string {
	body := p.body
	for _, begin := range []string{`nonce="`} {
		for {
			i := strings.Index(body, begin)
			if i < 0 {
				break
			}
			end := i + len(begin) + strings.Index(body[i+len(begin):], `"`)
			body = body[:i] + body[end+1:]
		}
	}
	return body
}

func TestTextsToCopyStandWhereThoseLookWhoTellTheSquad(t *testing.T) {
	l := launched(t)
	l.clock.Set(l.opens)
	door := l.base + l.door(l.drop)
	l.manager.get(views.DropPath(l.drop)).says("Tell the squads").holds(door)
	l.amina.get(views.DropPath(l.drop)).lacks("Tell the squads")
	l.update(func(ctx context.Context, tx *data.Tx) error {
		s, err := squad.ByID(ctx, tx, l.squad)
		if err != nil {
			return err
		}
		s.CaptainID = l.aminaID
		return squad.Change(ctx, tx, s)
	})
	l.amina.get(views.DropPath(l.drop)).says("Tell the squads").holds(door)
	l.amina.get(views.SquadPath(l.squad)).says("Tell the squads").holds(door)
	l.ben.get(views.SquadPath(l.squad)).lacks("Tell the squads")
	l.ben.get(views.DropPath(l.drop)).lacks("Tell the squads")
}

func TestASquadKeepsTheLinksOfItsGroupsForItsMembers(t *testing.T) {
	l := launched(t)
	at := views.SquadPath(l.squad)
	l.manager.get(at+"/edit").form(at).send("groups", "WhatsApp: https://chat.whatsapp.com/AbC123\n\nhttps://discord.gg/xyz").to(at).
		says("Where we talk", "WhatsApp", "discord.gg")
	l.amina.get(at).says("WhatsApp").holds("https://chat.whatsapp.com/AbC123")
	outsider, _ := l.signedIn("zoe@example.com", account.Ambassador)
	outsider.get(at).wants(http.StatusNotFound).lacks("AbC123")
	for _, wrong := range []string{"http://chat.whatsapp.com/x", "javascript:alert(1)", "our group", "https://u:p@evil.example/", strings.Repeat("https://a.example/\n", 9)} {
		l.manager.get(at+"/edit").form(at).send("groups", wrong).wants(http.StatusUnprocessableEntity)
	}
	var join string
	l.update(func(ctx context.Context, tx *data.Tx) error {
		i, err := squad.Invite(ctx, tx, squad.Invitation{SquadID: l.squad})
		join = views.JoinPath(i.Code)
		return err
	})
	l.browser().get(join).wants(http.StatusOK).lacks("AbC123")
}

// The brand shares the drop in its own channel as well. That is counted, and changes no rank.
func TestLinksOfTheHouseAreCountedBesideTheOthersAndNeverRanked(t *testing.T) {
	l := sharing(t)
	at := views.DropPath(l.drop)
	page := l.manager.get(at).says("Links of the house", "when it is public")
	page.form(views.HousesPath(l.drop)).send("house", "WhatsApp channel").to(at).says("The link is there", "WhatsApp channel")
	l.manager.get(at).form(views.HousesPath(l.drop)).send("house", "whatsapp CHANNEL").wants(http.StatusUnprocessableEntity).says("already")
	var house share.Link
	l.view(func(ctx context.Context, tx *data.Tx) error {
		all, err := share.Houses(ctx, tx, l.campaign, "")
		if len(all) != 1 {
			t.Fatalf("there are %+v", all)
		}
		house = all[0]
		return err
	})
	token := l.server.Tokens().Link(house.ID)
	l.reader().get("/s/" + token).lacks(haloWords...) // ambassadors share already, everyone does not read yet
	l.clock.Set(l.pub)
	l.manager, _ = l.signedIn("manel@novaska.example", account.Manager)
	l.reader().opens(l.link)
	l.reader().get("/s/"+token).says("Croix-Rousse", "Shared by Novaska")
	l.work()
	before := l.standings()
	first := l.reader().opens(token)
	l.reader().opens(first)
	for range 8 {
		l.reader().opens(token)
	}
	l.work()
	if after := l.standings(); !slices.Equal(before, after) {
		t.Errorf("the board was %v and is %v", before, after)
	}
	if got := l.manager.get(at).row("house", token); attr(got, "data-people") != "10" {
		t.Errorf("of the drop's page: %s people", attr(got, "data-people"))
	}
	if got := l.manager.get(views.CampaignPath(l.campaign)).row("house", token); attr(got, "data-people") != "10" {
		t.Errorf("of the campaign's page: %s people", attr(got, "data-people"))
	}
	l.manager.get(views.LinkPath(token)).wants(http.StatusOK).says("WhatsApp channel")
	l.amina.get(views.LinkPath(token)).wants(http.StatusNotFound)
	l.manager.get(views.BoardPath(l.campaign)).lacks("WhatsApp channel", "no longer here")

	// Its code is printed for the shop window; whoever scans it comes by QR.
	at = views.HouseQRPath(l.drop, token)
	l.manager.get(views.DropPath(l.drop)).holds(`href="` + at + `"`)
	l.manager.get(at).wants(http.StatusOK).says("Scan to read", "/s/"+token+"/qr", "Counted as WhatsApp channel")
	l.manager.get(at + "?words=" + url.QueryEscape("Lisez-la <b>ici</b>")).says("Lisez-la <b>ici</b>").lacks("Scan to read")
	if svg := l.manager.get(at + ".svg").wants(http.StatusOK); !strings.HasPrefix(svg.body, "<svg") || svg.header.Get("Content-Type") != "image/svg+xml; charset=utf-8" {
		t.Errorf("the file is %.40q, %v", svg.body, svg.header)
	}
	code, err := png.DecodeConfig(strings.NewReader(l.manager.get(at + ".png").wants(http.StatusOK).body))
	if err != nil || code.Width < 2400 || code.Width != code.Height {
		t.Errorf("the picture is %+v (%v)", code, err)
	}
	for _, wrong := range []string{l.link, l.reader().opens(l.link), "nothing"} { // no house's own: a member's, a reader's, nobody's
		l.manager.get(views.HouseQRPath(l.drop, wrong)).wants(http.StatusNotFound)
	}
	l.amina.get(at).wants(http.StatusNotFound)
	l.manager.get(views.StopPath(token)).form(views.StopPath(token)).send().wants(http.StatusSeeOther)
	l.reader().get("/s/" + token).lacks("Croix-Rousse")
}

// holds fails the test unless that stands in the page as it was sent.
func (p *page) holds(text string) *page {
	p.t.Helper()
	if !strings.Contains(p.body, text) {
		p.t.Fatalf("%s %s does not hold %q", p.method, p.path, text)
	}
	return p
}

// standings is who stands where on the campaign's leaderboard, with their points.
func (l *launch) standings() (rows []spread.Standing) {
	l.t.Helper()
	l.view(func(ctx context.Context, tx *data.Tx) error {
		var boards spread.Boards
		b, err := boards.Look(ctx, tx, spread.Ask{Scope: spread.Scope{CampaignID: l.campaign}})
		rows = b.Rows
		return err
	})
	return rows
}

// Three readers in a row, and every limit: who stands at it gets no token of their own and no buttons.
func TestADropIsPassedOnOnlyAsFarAsTheBrandWants(t *testing.T) {
	for hops, want := range map[string]int{"0": 0, "1": 1, "2": 2, "": 3} {
		t.Run("hops "+hops, func(t *testing.T) {
			l := sharing(t)
			plan := views.ReleasePath(l.drop)
			l.manager.get(plan).form(plan).send("hops", hops).to(views.DropPath(l.drop))
			if got := l.manager.get(plan).form(plan).value("hops"); got != hops {
				t.Errorf("the form says %q", got)
			}
			token, passed := l.link, 0
			for range 3 {
				b := l.reader()
				p := b.get("/s/" + token).wants(http.StatusOK).says("Croix-Rousse")
				ends := strings.Contains(p.body, "This one stays with you")
				own := b.opens(token)
				if ends != (own == token) {
					t.Errorf("after %d hops the page says that it ends: %v, and the reader's token is new: %v", passed, ends, own != token)
				}
				for _, n := range all(p.doc, func(n *html.Node) bool { return attr(n, "class") == "share" }) {
					if ends && !has(n, "hidden") {
						t.Error("there are buttons to pass it on")
					}
				}
				if ends {
					break
				}
				// Whoever comes back to their own page passes on as before.
				again := b.get("/s/" + own)
				if said := b.posts(own, report{Nonce: again.nonce(), VisibleMS: 1500}); strings.Contains(again.body, "This one stays with you") && !strings.Contains(said.body, `"passes":true`) {
					t.Errorf("on their own page they are told %s", said.body)
				}
				token = own
				passed++
			}
			if passed != want {
				t.Errorf("it was passed on %d times, not %d", passed, want)
			}
		})
	}
	l := sharing(t)
	plan := views.ReleasePath(l.drop)
	l.manager.get(plan).form(plan).send("hops", "7").wants(http.StatusUnprocessableEntity)
}

func TestReadingUncountedLeavesNothing(t *testing.T) {
	l := sharing(t)
	b := l.reader()
	b.get("/s/" + l.link + "/about").says("Read without being counted").holds(views.PlainPath(l.link))
	p := b.get(views.PlainPath(l.link)).wants(http.StatusOK).says("Croix-Rousse")
	if p.nonce() != "" {
		t.Error("the page may confirm an open")
	}
	l.later(time.Second)
	l.work()
	l.view(func(ctx context.Context, tx *data.Tx) error {
		opens, err := data.Int(ctx, tx, `SELECT count(*) FROM opens`)
		if err != nil {
			return err
		}
		tallies, err := data.Int(ctx, tx, `SELECT count(*) FROM tallies`)
		if opens+tallies != 0 {
			t.Errorf("there are %d opens and %d tallies", opens, tallies)
		}
		return err
	})
	early := launched(t)
	early.reader().get(views.PlainPath(early.link)).wants(http.StatusOK).lacks(haloWords...)
	early.reader().get("/s/" + early.link + "/about").lacks("Read without being counted")
}
