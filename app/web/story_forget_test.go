package web_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/visit"
	"ricochet.example/data"
	"ricochet.example/views"
)

// Rosa reads what we count and wants none of it. Her place in the tree stays,
// with what came by her; nothing else of her does.
func TestAReaderHasTheirVisitForgotten(t *testing.T) {
	l := sharing(t)
	rosa := l.reader("User-Agent", iphone)
	own := rosa.opens(l.link + "/whatsapp")
	l.reader().opens(own)
	l.later(90 * time.Minute)
	l.board().standing(l.aminaID, 3, 2)
	page := rosa.get("/s/" + own)
	if !strings.Contains(page.body, views.AboutPath(own)) {
		t.Error("the page does not lead to what we count")
	}
	about := rosa.get(views.AboutPath(own)).wants(http.StatusOK).says("What we count", "This request looks like a person’s.", "it comes as browsers’ requests do", "48 hours", "90 days", "does not ask not to be tracked")
	about.form("/s/" + own + "/forget").send().to(views.AboutPath(own)).says("This visit is forgotten").lacks("Forget my visit")
	l.board().standing(l.aminaID, 1, 1)
	l.tree().shows("1 counted", "0 erased")
	l.view(func(ctx context.Context, tx *data.Tx) error {
		look := func(r data.Row) (n [4]int64, err error) { return n, r.Scan(&n[0], &n[1], &n[2], &n[3]) }
		kept, err := data.One(ctx, tx, look, `SELECT channel, observed, device, opened_at % 86400000 FROM opens WHERE id = ?`, l.id(own))
		if kept != [4]int64{} {
			t.Errorf("of the open is left: %v", kept)
		}
		keys, errKeys := data.Int(ctx, tx, `SELECT count(*) FROM keys WHERE open_id = ?`, l.id(own))
		if keys != 0 {
			t.Errorf("%d keys know her", keys)
		}
		if err == nil {
			err = errKeys
		}
		return err
	})
	for _, line := range rosa.get(views.AboutPath(own)).header["Set-Cookie"] {
		t.Errorf("a reader is given the cookie %s", line)
	}
	l.recount()
	// No manager counts her again, alone or with the branch.
	l.manager.post(views.OpenPath(l.link, l.id(own)), "verdict", views.Release, "scope", views.ScopeBranch).follow().says("That changed nothing")
	list := l.manager.get(views.DecisionsPath(l.campaign)).says("Forgot a visit", "a reader, for themself")
	if got := list.data("act"); !slices.Equal(got, []string{"visit_forgotten"}) {
		t.Errorf("the list of decisions has %q", got)
	}
	// Whoever comes back is a new visitor.
	if again := rosa.opens(l.link); again == own {
		t.Error("she gets what was forgotten")
	}
}

// Sam holds Rosa's link in his hands, and asks to be forgotten: he is, not she.
func TestNobodyForgetsAnotherByMistake(t *testing.T) {
	l := sharing(t)
	rosas := l.reader("User-Agent", iphone).opens(l.link)
	sam := l.reader()
	sams := sam.opens(rosas)
	sam.get(views.AboutPath(rosas)).form("/s/" + rosas + "/forget").send().to(views.AboutPath(sams)).says("This visit is forgotten")
	l.tree().shows("1 erased", "1 counted")
	// Tess asks not to be tracked: nothing is known of her, and she does not take Rosa's visit for hers.
	tess := l.reader("Sec-Gpc", "1")
	about := tess.get(views.AboutPath(rosas)).wants(http.StatusOK).says("asks not to be tracked", "No open from this browser is known here")
	about.form("/s/" + rosas + "/forget").send().wants(http.StatusUnprocessableEntity).says("Only your own visit can be forgotten")
	l.tree().shows("1 erased", "1 counted")
	// Uma's is forgotten from elsewhere, on the word of whoever has it: no key knows her browser either.
	uma := l.reader("User-Agent", android)
	umas := uma.opens(l.link)
	tess.get(views.AboutPath(umas)).form("/s/"+umas+"/forget").send("claim", "yes").to(views.AboutPath(umas)).says("This visit is forgotten")
	uma.get(views.AboutPath(l.link)).says("No open from this browser is known here")
	tess.get(views.AboutPath(l.link)).says("there is nothing to forget")
	tess.post("/s/" + l.link + "/forget").to(views.AboutPath(l.link)).says("there is nothing to forget")
	tess.post("/s/0000000000000/forget").wants(http.StatusNotFound)
	l.french().get(views.AboutPath(rosas)).says("Ce que nous comptons", "C’est la mienne")
	// A week later no key knows Rosa any more: she says that it is hers.
	l.later(7 * 24 * time.Hour)
	l.work()
	l.manager, _ = l.signedIn("manel@novaska.example", account.Manager)
	l.reader().get(views.AboutPath(rosas)).form("/s/"+rosas+"/forget").send("claim", "yes").to(views.AboutPath(rosas)).says("This visit is forgotten")
	l.tree().shows("0 erased", "0 erased", "0 erased")
	l.recount()
}

func TestWhateverRuleDecidesIsSaidInWords(t *testing.T) {
	l := sharing(t)
	for _, headers := range [][]string{
		{"User-Agent", whatsApp},
		{"User-Agent", program},
		{"User-Agent", ""},
		{"User-Agent", "x"},
		{"User-Agent", strings.Repeat("Mozilla/5.0 ", 500)},
		{"Sec-Purpose", "prefetch"},
		{"Sec-Fetch-Dest", "iframe"},
		{"Sec-Fetch-Dest", "image"},
		{"Accept", "*/*"},
		{"Accept-Language", ""},
		{"Sec-Fetch-Mode", "cors"},
		{"User-Agent", android + " SecurityHeaders"},
		{"User-Agent", android + " Foo/1.0"},
		{"User-Agent", android + " Instagram 300.0"},
		{"User-Agent", "Mozilla/5.0 (compatible; Somebot/1.0; +https://example.com/bot)"},
		{"User-Agent", "Mozilla/5.0 (nothing) Chrome/140.0"},
	} {
		l.reader(headers...).get(views.AboutPath(l.link)).wants(http.StatusOK).safe(strings.Join(headers, ": "))
	}
	said := l.amina.get(views.AboutPath(l.link)).data("verdict")
	if !slices.Equal(said, []string{visit.Self.String()}) {
		t.Errorf("her own look is taken for %q", said)
	}
}

// Amina leaves and is erased by Manel. Her tree stays whole and nameless, the
// board no longer names her, and her readers' links go on.
func TestAnErasedAmbassadorLeavesTheTreesWhole(t *testing.T) {
	l := sharing(t)
	own := l.reader().opens(l.link)
	l.reader().opens(own)
	l.amina.get(views.DropPath(l.drop)).form(views.RehearsePath(l.drop)).send()
	before := l.tree().states()
	l.manager.get(views.MemberPath(l.squad, l.aminaID)).says("Erase this person")
	ask := l.manager.get(views.ErasePath(l.aminaID)).says("former ambassador", "amina@example.com")
	ask.judges("email", "ben@example.com").wants(http.StatusUnprocessableEntity).says("That is not the address.")
	l.board().standing(l.aminaID, 3, 2)
	ask.judges("email", " Amina@example.com").to("/squads").says("Erased.")

	l.amina.get("/me").to("/signin?next=%2Fme")
	board := l.board().lacks("amina").says("Former ambassadors", "2 people, score 3")
	if got := board.data("former"); !slices.Equal(got, []string{l.link}) {
		t.Errorf("the links of former ambassadors are %q", got)
	}
	l.manager.get(views.CampaignPath(l.campaign)).lacks("amina").says("Former ambassadors")
	if after := l.tree().says("Former ambassador").lacks("amina").states(); !slices.Equal(after, before) {
		t.Errorf("the tree is %q, after %q", after, before)
	}
	l.reader().opens(own)
	l.board().says("3 people, score 5")
	l.manager.get(views.DecisionsPath("")).says("Erased an ambassador", "manel").lacks("amina")
	l.view(func(ctx context.Context, tx *data.Tx) error {
		for _, q := range []string{
			`SELECT count(*) FROM accounts WHERE email = 'amina@example.com'`, `SELECT count(*) FROM mails WHERE recipient = 'amina@example.com'`,
			`SELECT count(*) FROM sign_ins WHERE email = 'amina@example.com'`, `SELECT count(*) FROM links WHERE rehearsal = 1`,
		} {
			if n, err := data.Int(ctx, tx, q); err != nil || n != 0 {
				t.Errorf("%s: %d, %v", q, n, err)
			}
		}
		return nil
	})
	l.manager.get(views.ErasePath(l.aminaID)).wants(http.StatusNotFound)
	l.recount()
}

func TestAnAmbassadorErasesThemselfAndStopsTheirLinks(t *testing.T) {
	l := sharing(t)
	l.reader().opens(l.benLink)
	mine := l.ben.get("/me").wants(http.StatusOK).says("Erase my account").get("/me/erase").wants(http.StatusOK)
	mine.judges("email", "ben@example.com", "stop", "yes").to("/signin").says("You are signed out.")
	l.ben.get("/me").to("/signin?next=%2Fme")
	l.reader().get("/s/" + l.benLink).wants(http.StatusGone)
	l.board().lacks("ben")
	l.manager.get(views.DecisionsPath("")).says("Erased an ambassador", "at their own wish")
	l.manager.get("/me/erase").wants(http.StatusNotFound)
	_, boss := l.signedIn("olga@novaska.example", account.Owner)
	l.manager.get(views.ErasePath(boss.ID)).wants(http.StatusNotFound)
	l.recount()
}
