package web_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/audit"
	"ricochet.example/app/share"
	"ricochet.example/app/squad"
	"ricochet.example/data"
)

// stand is a squad whose captain, Amina, may share a drop now, and has people before her.
type stand struct {
	*studio
	drop, token string
	link        int64
}

func openStand(t *testing.T) *stand {
	s := &stand{studio: openStudio(t)}
	s.update(func(ctx context.Context, tx *data.Tx) error {
		sq, err := squad.ByID(ctx, tx, s.squad)
		if err != nil {
			return err
		}
		sq.CaptainID = s.aminas.ID
		return squad.Change(ctx, tx, sq)
	})
	path := strings.TrimSuffix(s.manager.get("/drops/new").form("/drops").send("title", "The Halo", "body", "We drew it.").follow().path, "/release")
	s.drop = strings.TrimPrefix(path, "/drops/")
	s.releases(path)
	s.later(2 * time.Hour)
	s.view(func(ctx context.Context, tx *data.Tx) (err error) {
		s.link, err = data.Int(ctx, tx, `SELECT id FROM links WHERE drop_id = ?`, s.drop)
		s.token = s.server.Tokens().Link(s.link)
		return err
	})
	return s
}

// moment is opened by somebody for so many people; it returns its page.
func (s *stand) moment(who *browser, heads string) string {
	s.t.Helper()
	at := "/squads/" + s.squad + "/moments"
	return who.get("/squads/"+s.squad).holds(`href="`+at+`"`).browser.get(at).form(at).send("drop", s.drop, "heads", heads).follow().wants(http.StatusOK).path
}

// scans is a phone at the stand that scans the code and looks at the page.
func (b *browser) scans(token string) string {
	b.t.Helper()
	return b.get("/s/" + token + "/" + share.MomentSuffix).wants(http.StatusOK).confirms()
}

// Twenty people in one room scan the captain's code with phones that are all alike, on one Wi-Fi. She has said that
// there are twelve: twelve count, and eight are shown as at the same place. What counts by the moment alone is marked,
// and who opened it is written down.
func TestInAMomentInPersonAsManyCountAsWereSaidToBeThere(t *testing.T) {
	s := openStand(t)
	at := s.moment(s.amina, "12")
	s.amina.get(at).holds("/s/" + s.token + "/moment")
	crowd := s.reader("User-Agent", iphone)
	tokens := map[string]bool{}
	for range 20 {
		tokens[crowd.beside(iphone).scans(s.token)] = true
	}
	if len(tokens) != 12 {
		t.Errorf("they have %d tokens of their own", len(tokens))
	}
	s.work()
	if p := s.amina.get(at); p.data("people")[0] != "12" || p.data("alike")[0] != "11" || p.data("beyond")[0] != "8" {
		t.Errorf("it says %s", p.text())
	}
	s.amina.get(at).says("12 counted of 12 people stated", "11 of them alike", "+8 at the same place")
	s.amina.get("/drops/"+s.drop).says("12 people", "+8 at the same place")
	s.manager.get("/links/"+s.token).says("Moments in person", "12 counted of 12 people stated", "opened by amina")
	var first, second int64
	s.view(func(ctx context.Context, tx *data.Tx) (err error) {
		if first, err = data.Int(ctx, tx, `SELECT min(open_id) FROM moment_opens WHERE alike = 0`); err != nil {
			return err
		}
		second, err = data.Int(ctx, tx, `SELECT min(open_id) FROM moment_opens WHERE alike = 1`)
		return err
	})
	s.manager.get("/links/" + s.token + "/opens/" + text64(second)).says("counts as one of 12 people")
	s.manager.get("/links/" + s.token + "/opens/" + text64(first)).says("In person").lacks("counts as one of 12 people")
	s.view(func(ctx context.Context, tx *data.Tx) error {
		all, err := audit.Latest(ctx, tx, s.campaign, 1, 0)
		if len(all) != 1 || all[0].Kind != audit.MomentOpened || all[0].AccountID != s.aminas.ID || all[0].LinkID != s.link || all[0].Opens != 12 {
			t.Errorf("written down is %+v", all)
		}
		return err
	})
	s.owner.get("/decisions").says("Opened a moment in person for 12 people")

	// Whoever reads again on the page that is their own is nobody else, and one page is one person.
	p := crowd.beside(android).get("/s/" + s.token + "/moment")
	if once, again := p.confirms(), p.confirms(); once != again {
		t.Error("one page has two tokens")
	}
	// Nothing is left of which open came by it, once the hour of opens is not.
	s.later(share.Retention + time.Hour)
	s.work()
	if n := s.count(`SELECT count(*) FROM moment_opens`); n != 0 {
		t.Errorf("%d marks are left", n)
	}
	s.amina, _ = s.signedIn("amina@example.com", account.Ambassador)
	s.amina.get(at).says("13 counted of 12") // with a phone of another kind, which counts anyhow
}

func text64(n int64) string { return strconv.FormatInt(n, 10) }

// Outside of a moment phones that are alike in one network stay one person, as ever; but nobody is merged without a
// word: how often it was opened at the same place is said.
func TestOutsideOfAMomentThoseWhoLookAlikeAreTalliedAndNotCounted(t *testing.T) {
	s := openStand(t)
	crowd := s.reader("User-Agent", iphone)
	own := crowd.opens(s.token)
	for range 6 {
		crowd.beside(iphone).opens(s.token)
	}
	crowd.get("/s/" + own).confirms() // their own page once more
	crowd.beside(iphone).scans(s.token)
	s.work()
	s.amina.get("/drops/"+s.drop).says("1 person", "+7 at the same place")
	s.manager.get("/links/"+s.token).left("beside", "unknown", 6).left("beside", "qr", 1)
	// Nor after it has ended.
	at := s.moment(s.amina, "12")
	s.amina.post(at + "/end").to(at)
	crowd.beside(iphone).scans(s.token)
	s.amina.get(at).says("Ended at", "0 counted of 12")
	at = s.moment(s.manager, "12")
	s.later(share.MomentLasts)
	crowd.beside(iphone).scans(s.token)
	s.amina.get(at).says("Ended at", "0 counted of 12")
}

// In a moment those who count anyhow count, from whatever network, and take a seat as well; devices of the captain and
// of others with an account do not; and from the sixth on of one network only seats let count.
func TestAMomentLetsNobodyCountWhomSomethingElseSpeaksAgainst(t *testing.T) {
	s := openStand(t)
	at := s.moment(s.manager, "7")
	s.amina.get("/s/" + s.token + "/moment").confirms() // her own phone
	s.outsider.get("/s/" + s.token + "/moment").confirms()
	for range 3 { // on their own network
		s.reader("User-Agent", android).scans(s.token)
	}
	room := s.reader("User-Agent", iphone)
	agents := []string{iphone, android}
	for n := range 10 {
		room.beside(agents[n%2]).scans(s.token)
	}
	s.work()
	p := s.amina.get(at)
	if p.data("people")[0] != "7" || p.data("alike")[0] != "2" || p.data("beyond")[0] != "6" {
		t.Errorf("it says %s", p.text())
	}
	s.amina.get("/drops/" + s.drop).says("7 people")
}

// A link has one moment at a time, and few a day; only whoever leads the squad opens one, and only for what may be shared.
func TestMomentsAreFewAndOpenedByWhoLeadsTheSquad(t *testing.T) {
	s := openStand(t)
	at := "/squads/" + s.squad + "/moments"
	for n := range share.MostMoments {
		page := s.moment(s.amina, "5")
		s.amina.get(at).form(at).send("drop", s.drop, "heads", "5").wants(http.StatusUnprocessableEntity).says("has a moment under way")
		if n > 0 {
			s.later(share.MomentLasts)
		} else {
			s.amina.post(page + "/end").to(page)
		}
	}
	s.amina.get(at).form(at).send("drop", s.drop, "heads", "5").wants(http.StatusUnprocessableEntity).says("3 today")
	s.later(24 * time.Hour)
	s.manager, _ = s.signedIn("max@novaska.example", account.Manager)
	s.amina, _ = s.signedIn("amina@example.com", account.Ambassador)
	s.moment(s.amina, "5")
	second := strings.TrimSuffix(s.manager.get("/drops/new").form("/drops").send("title", "Not yet", "body", "Later.").follow().path, "/release")
	s.releases(second)
	s.later(time.Hour)
	s.amina.get(at).lacks("Not yet")
	s.amina.post(at, "drop", strings.TrimPrefix(second, "/drops/"), "heads", "5").wants(http.StatusUnprocessableEntity)
	// Nor is a word of it said once the release was taken back.
	s.amina.get(at).says("The Halo")
	path := "/drops/" + s.drop
	s.takesBack(path)
	s.amina.get(at).lacks("The Halo")
	member, who := s.signedIn("ben@example.com", account.Ambassador)
	s.update(func(ctx context.Context, tx *data.Tx) error {
		i, err := squad.Invite(ctx, tx, squad.Invitation{SquadID: s.squad})
		if err != nil {
			return err
		}
		_, err = squad.Join(ctx, tx, i.Code, who.ID)
		return err
	})
	member.get(at).wants(http.StatusNotFound)
	member.post(at, "drop", s.drop, "heads", "5").wants(http.StatusNotFound)
}

// Three phones that are alike scan in a moment. Whoever of them wishes to be forgotten holds the address of their own
// page, and that alone is forgotten, on their word; and each has a message of their own.
func TestInAMomentWhoeverAsksForgetsAndSpeaksForThemselfAlone(t *testing.T) {
	s := openStand(t)
	early := s.reader("User-Agent", iphone)
	before := early.opens(s.token) // a while ago, on the same phone as all
	s.moment(s.amina, "12")
	var own [3]string
	for n := range own {
		own[n] = early.beside(iphone).scans(s.token)
	}
	s.work()
	for _, token := range append(own[:], before, s.token) {
		if p := early.beside(iphone).get("/s/" + token + "/about").wants(http.StatusOK); strings.Contains(p.text(), "An open from this browser is known") {
			t.Errorf("at %s it takes one for another", token)
		}
	}
	second := early.beside(iphone)
	at := "/s/" + own[1]
	second.get(at + "/about").form(at + "/forget").send().wants(http.StatusUnprocessableEntity).says("Only your own visit")
	if n := s.count(`SELECT count(*) FROM decisions`); n != 0 {
		t.Fatalf("without a word %d were forgotten", n)
	}
	second.get(at+"/about").form(at+"/forget").send("claim", "yes").to(at + "/about").says("This visit is forgotten")
	forgotten := func(token string) int64 {
		ref, _ := s.server.Tokens().Parse(token)
		return s.count(`SELECT count(*) FROM decisions WHERE open_id = ` + text64(ref.ID))
	}
	if forgotten(own[0]) != 0 || forgotten(own[1]) != 1 || forgotten(own[2]) != 0 || forgotten(before) != 0 {
		t.Error("somebody else was forgotten")
	}
	second.get(at + "/about").says("This visit is forgotten").lacks("Forget my visit")
	// Nothing says any more in which half hour that was, and where.
	gone, _ := s.server.Tokens().Parse(own[1])
	for _, table := range []string{"moment_opens", "keys"} {
		if n := s.count(`SELECT count(*) FROM ` + table + ` WHERE open_id = ` + text64(gone.ID)); n != 0 {
			t.Errorf("%s has %d of it", table, n)
		}
	}
	for n, token := range []string{own[0], own[2]} {
		p := early.beside(iphone).get("/s/"+token+"/voice").form("/s/"+token+"/say").send("words", "Message "+text64(int64(n)))
		p.to("/s/" + token + "/voice?sent")
	}
	if n := s.count(`SELECT count(DISTINCT open_id) FROM voices WHERE open_id IS NOT NULL`); n != 2 {
		t.Errorf("%d people spoke", n)
	}
	// Elsewhere a browser is known by itself as ever.
	rosa := s.reader("User-Agent", android)
	rosas := rosa.opens(s.token)
	rosa.get("/s/" + rosas + "/about").says("An open from this browser is known").form("/s/" + rosas + "/forget").send().to("/s/" + rosas + "/about").says("This visit is forgotten")
}

// Amina signs in on the phone that she holds the code up with, and everybody before her has the same model, on the same
// Wi-Fi: they count, up to as many as she said, and those beyond are tallied. That she signs in again takes none back.
func TestInAMomentPeopleWithTheCaptainsModelOfPhoneCount(t *testing.T) {
	s := openStand(t)
	phone := s.reader("User-Agent", iphone)
	looks := func() {
		b, _ := s.signedIn(s.aminas.Email, account.Ambassador)
		b.header, b.addr = phone.header, phone.addr
		b.get("/").wants(http.StatusOK)
		s.work()
	}
	looks()
	at := s.moment(s.amina, "4")
	for range 6 {
		phone.beside(iphone).scans(s.token)
	}
	s.work()
	if p := s.amina.get(at); p.data("people")[0] != "4" || p.data("alike")[0] != "4" || p.data("beyond")[0] != "2" {
		t.Errorf("it says %s", p.text())
	}
	s.amina.get("/drops/"+s.drop).says("4 people", "+2 at the same place")
	s.later(20 * time.Hour) // another day, on which the phone is made out anew
	looks()
	s.amina, _ = s.signedIn(s.aminas.Email, account.Ambassador)
	s.amina.get("/drops/" + s.drop).says("4 people")
	// Outside of a moment it is hers, as ever.
	phone.beside(iphone).opens(s.token)
	s.work()
	s.amina.get("/drops/" + s.drop).says("4 people")
}
