package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/views"
	"ricochet.example/views/ui"
)

func TestWhatIsNoPersonIsCountedApartAndIsNoNode(t *testing.T) {
	l := sharing(t)
	for range 2 {
		l.reader("User-Agent", whatsApp, "Accept", "*/*").get("/s/" + l.link + "/whatsapp").wants(http.StatusOK).says("Halo")
	}
	ahead := l.reader("Sec-Purpose", "prefetch;prerender").get("/s/" + l.link).wants(http.StatusServiceUnavailable)
	if ahead.body != "" || ahead.header.Get("Cache-Control") != "no-store" {
		t.Errorf("a prefetch is answered with %q and Cache-Control %q", ahead.body, ahead.header.Get("Cache-Control"))
	}
	l.reader().asks(http.MethodHead, "/s/"+l.link, "").wants(http.StatusOK)
	bot := l.reader("User-Agent", program).get("/s/" + l.link).wants(http.StatusOK).says("Halo")
	if got := bot.confirms(); got != l.link {
		t.Errorf("a program that confirms gets %s, not the link that it came by", got)
	}
	l.tree().shows().left("preview", "whatsapp", 2).left("prefetch", "unknown", 1).left("scanner", "unknown", 1).left("bot", "unknown", 2)
	l.board().standing(l.aminaID, 0, 0)
}

func TestAReaderHasOneLinkHoweverOftenTheyOpen(t *testing.T) {
	l := sharing(t)
	rosa := l.reader("User-Agent", iphone)
	page := rosa.get("/s/" + l.link)
	own := page.confirms()
	if again := page.confirms(); again != own {
		t.Errorf("the second post of a nonce answers %s, not %s", again, own)
	}
	for _, token := range []string{l.link, l.link + "/whatsapp", own} {
		l.later(time.Hour)
		if again := rosa.get("/s/" + token).confirms(); again != own {
			t.Errorf("opening %s answers %s, not %s", token, again, own)
		}
	}
	l.nextDay() // yesterday's key still knows her
	if again := rosa.opens(own); again != own {
		t.Errorf("the next day she gets %s, not %s", again, own)
	}
	l.tree().shows("1 counted")
}

func TestANonceIsWorthNothingToAnotherTokenOrBrowser(t *testing.T) {
	l := sharing(t)
	rosa := l.reader()
	nonce := rosa.get("/s/" + l.link).nonce()
	looked := report{Nonce: nonce, VisibleMS: 1000}
	for name, answer := range map[string]*page{
		"another token":        rosa.posts(l.benLink, looked),
		"another network":      l.reader().posts(l.link, looked),
		"another browser":      rosa.beside(android).posts(l.link, looked),
		"one that was made up": rosa.posts(l.link, report{Nonce: strings.Repeat("A", len(nonce)), VisibleMS: 1000}),
		"none":                 rosa.posts(l.link, report{VisibleMS: 1000}),
		"one that was cut":     rosa.posts(l.link, report{Nonce: nonce[:len(nonce)-1], VisibleMS: 1000}),
	} {
		if answer.status != http.StatusForbidden {
			t.Errorf("a nonce with %s is answered %d", name, answer.status)
		}
	}
	rosa.asks(http.MethodPost, "/s/"+l.link+"/open", "no JSON", "Sec-Fetch-Site", "same-origin").wants(http.StatusBadRequest)
	rosa.asks(http.MethodPost, "/s/"+l.link+"/open", "{}", "Origin", "https://elsewhere.example", "Sec-Fetch-Site", "cross-site").wants(http.StatusForbidden)
	l.tree().shows()
}

// Rosa opens the page in a tab behind others and looks at it over half an hour
// later. It is given another nonce, which knows what the first one knew.
func TestAPageThatLayInATabForLongConfirmsWithAnotherNonce(t *testing.T) {
	l := sharing(t)
	rosa := l.reader("User-Agent", iphone, "Referer", "https://www.instagram.com/")
	late := rosa.get("/s/" + l.link)
	framed := l.reader("Sec-Fetch-Dest", "iframe").get("/s/" + l.link)
	rosa.header.Del("Referer") // the post comes from the page itself
	l.later(31 * time.Minute)
	looked := report{Nonce: late.nonce(), VisibleMS: 1000}
	for name, answer := range map[string]*page{
		"another token":   rosa.posts(l.benLink, looked),
		"another browser": rosa.beside(android).posts(l.link, looked),
		"another network": l.reader("User-Agent", rosa.header.Get("User-Agent")).posts(l.link, looked),
		// Its end is in its first bytes: written anew, it is nobody's.
		"another end": rosa.posts(l.link, report{Nonce: "____" + looked.Nonce[4:], VisibleMS: 1000}),
	} {
		if answer.status != http.StatusForbidden {
			t.Errorf("an old nonce with %s is answered %d %s", name, answer.status, answer.body)
		}
	}
	old := looked.Nonce
	looked.Nonce = late.posts(l.link, looked).wants(http.StatusConflict).renewed()
	if looked.Nonce == old {
		t.Error("the old nonce is given once more")
	}
	l.tree().shows()
	l.reader().posts(l.link, looked).wants(http.StatusForbidden)
	l.later(30 * time.Minute)
	if own := rosa.posts(l.link, looked).wants(http.StatusOK).own(); own == l.link {
		t.Error("she has no link of her own")
	}
	l.tree().shows("1 counted").says("Instagram")
	again := report{Nonce: framed.nonce(), VisibleMS: 9000}
	again.Nonce = framed.posts(l.link, again).wants(http.StatusConflict).renewed()
	framed.posts(l.link, again).wants(http.StatusAccepted) // doubted as before
}

func TestWhoIsNotSureToBeAPersonTouchesThePageFirst(t *testing.T) {
	l := sharing(t)
	for _, c := range []struct {
		why    string
		reader *browser
		suffix string
		first  report
		then   report
	}{
		{"it was seen too briefly", l.reader(), "", report{VisibleMS: 300}, report{VisibleMS: 1000}},
		{"mail scanners run scripts", l.reader(), "/email", report{VisibleMS: 1500}, report{VisibleMS: 3000}},
		{"a touch says as much", l.reader(), "/email", report{VisibleMS: 1500}, report{VisibleMS: 1500, Interaction: true}},
		{"no browser says that of itself", l.reader("User-Agent", android+" SecurityHeaders"), "", report{VisibleMS: 9000}, report{VisibleMS: 9000, Interaction: true}},
	} {
		page := c.reader.get("/s/" + l.link + c.suffix).wants(http.StatusOK)
		channel := strings.TrimPrefix(c.suffix, "/")
		c.first.Nonce, c.first.Channel, c.then.Nonce, c.then.Channel = page.nonce(), channel, page.nonce(), channel
		if got := page.posts(l.link, c.first); got.status != http.StatusAccepted {
			t.Errorf("%s: the first post is answered %d", c.why, got.status)
		}
		if got := page.posts(l.link, c.then); got.status != http.StatusOK || got.own() == l.link {
			t.Errorf("%s: then it is answered %d %s", c.why, got.status, got.body)
		}
	}
	l.tree().shows("1 counted", "1 counted", "1 counted", "1 counted")
}

func TestTheOwnersOwnLookIsNoOpen(t *testing.T) {
	l := sharing(t)
	if got := l.amina.opens(l.link); got != l.link {
		t.Errorf("her own browser is told %s, not her link", got)
	}
	own := l.reader().opens(l.link)
	if got := l.amina.opens(own); got != l.link {
		t.Errorf("on a reader's page her own browser is told %s, not her link", got)
	}
	l.tree().shows("1 counted").left("suspicious", "unknown", 0)
	// Somebody else who has an account here is shown, and scores nothing.
	l.ben.opens(l.link)
	l.tree().shows("0 signed_in", "1 counted")
	l.board().standing(l.aminaID, 1, 1)
}

func TestTheNetworkOfASharerIsShownAndDoesNotScore(t *testing.T) {
	l := sharing(t)
	rosa := l.reader("User-Agent", iphone)
	own := rosa.opens(l.link)
	flatmate := rosa.beside(android).opens(own)
	far := l.reader().opens(flatmate)
	l.tree().shows("2 counted", "1 same_network", "1 counted")
	// Rosa and the one far away are people; what is between them is seen through.
	l.board().standing(l.aminaID, 3, 2)
	l.amina.get("/s/" + far).wants(http.StatusOK)
	l.amina.get(views.LinkPath(l.link)).says("Same network as a sharer above: shown, not scored")
}

func TestTheSixthOfANetworkInADayIsHeld(t *testing.T) {
	l := sharing(t)
	first := l.reader()
	first.opens(l.link)
	for _, version := range []string{"137", "138", "139", "140", "141"} {
		first.beside(strings.ReplaceAll(android, "141", version)).opens(l.link)
	}
	l.tree().shows("0 network_cap", "1 counted", "1 counted", "1 counted", "1 counted", "1 counted")
	l.board().standing(l.aminaID, 5, 5)
	l.nextDay()
	first.beside(iphone).opens(l.link)
	l.board().standing(l.aminaID, 6, 6)
}

func TestWhoAsksNotToBeTrackedReadsAndIsNotCounted(t *testing.T) {
	for _, header := range []string{"Sec-Gpc", "Dnt"} {
		l := sharing(t)
		page := l.reader(header, "1").get("/s/"+l.link).wants(http.StatusOK).says("Halo", "Croix-Rousse")
		if page.nonce() != "" || page.token() != l.link {
			t.Errorf("%s: the page carries a nonce, or another token than the link's", header)
		}
		nonce := l.reader().get("/s/" + l.link).nonce()
		page.posts(l.link, report{Nonce: nonce, VisibleMS: 1000}).wants(http.StatusForbidden)
		l.tree().shows().left("unconfirmed", "unknown", 1).says("Unconfirmed: asks not to be tracked")
	}
}

// Amina opens her link where she is not signed in; then she signs in there.
func TestALateSignInTakesBackWhatWasOnesOwn(t *testing.T) {
	l := sharing(t)
	phone := l.reader("User-Agent", iphone)
	own := phone.opens(l.link)
	l.reader().opens(own)
	l.board().standing(l.aminaID, 3, 2)
	l.nextDay()
	phone.signIn("amina@example.com").wants(http.StatusOK)
	l.work()
	l.tree().shows("1 counted", "0 own_device")
	l.board().standing(l.aminaID, 1, 1)
	// Signed out, her phone is still known for the day.
	phone.post(ui.SignOutPath)
	if got := phone.opens(l.link); got != own {
		t.Errorf("her phone gets %s, not %s", got, own)
	}
}

func TestEveryoneSeesTheirOwnTreeAndManagersAll(t *testing.T) {
	l := sharing(t)
	l.reader().opens(l.link)
	l.reader().opens(l.benLink)
	l.work()
	carla, _ := l.signedIn("carla@example.com", account.Ambassador)
	for _, c := range []struct {
		who  *browser
		path string
		want int
	}{
		{l.amina, views.LinkPath(l.link), http.StatusOK},
		{l.amina, views.LinkPath(l.benLink), http.StatusNotFound},
		{l.ben, views.LinkPath(l.link), http.StatusNotFound},
		{l.manager, views.LinkPath(l.link), http.StatusOK},
		{l.owner, views.LinkPath(l.benLink), http.StatusOK},
		{l.amina, views.MapPath(l.link), http.StatusOK},
		{l.ben, views.MapPath(l.link), http.StatusNotFound},
		{carla, views.BoardPath(l.campaign), http.StatusNotFound},
		{carla, views.DropPath(l.drop), http.StatusNotFound},
		{l.reader(), views.LinkPath(l.link), http.StatusSeeOther},
	} {
		c.who.get(c.path).wants(c.want)
	}
	l.amina.get("/ripples").wants(http.StatusOK).row("link", l.link)
	picture := l.amina.get(views.MapPath(l.link))
	if !strings.HasPrefix(picture.body, "<svg") || !strings.Contains(picture.body, "<title>Reader 1 ·") {
		t.Errorf("the ripple map is %.80s", picture.body)
	}
}

// A proxy stands in front and nobody told Ricochet: all its visitors would be
// one, so the rules on networks rest, and staff are told.
func TestAProxyThatIsNotListedIsSaidToStaffAndSuspendsTheNetworkRules(t *testing.T) {
	l := sharing(t)
	l.manager.get("/").lacks("--trusted-proxy")
	first := l.reader("X-Forwarded-For", "203.0.113.9")
	own := first.opens(l.link)
	want := []string{"1 counted"}
	for _, version := range []string{"136", "137", "138", "139", "140", "141"} {
		behind := first.beside(strings.ReplaceAll(android, "141", version))
		behind.header.Set("X-Forwarded-For", "203.0.113."+version)
		behind.opens(own)
		want = append([]string{"2 counted"}, want...)
	}
	l.tree().shows(want...)
	l.manager.get("/").says("--trusted-proxy", first.addr.String())
	l.amina.get("/").lacks("--trusted-proxy")
	if log := l.log.String(); !strings.Contains(log, "--trusted-proxy") || !strings.Contains(log, first.addr.String()) {
		t.Errorf("the log does not warn: %s", log)
	}
}

func TestTokensThatLeadNowhereGetAKindPage(t *testing.T) {
	l := sharing(t)
	for name, token := range map[string]string{
		"unknown": "0000000000000", "half typed": l.link[:7], "too long": l.link + "0", "of other letters": "!!!!!!!!!!!!!",
		"with a channel that there is not": l.link + "/carrier-pigeon", "a very long one": strings.Repeat("a", 3000),
	} {
		page := l.reader().get("/s/" + token)
		if page.status != http.StatusNotFound || !strings.Contains(page.text(), "There is nothing here") {
			t.Errorf("a token %s is answered %d: %s", name, page.status, page.text())
		}
	}
	l.french().get("/s/" + l.link[:7]).wants(http.StatusNotFound).says("Il n’y a rien ici")
	// Typed by hand, or with what a messenger took along, it is found all the same.
	for _, token := range []string{strings.ToUpper(l.link), l.link + ".", l.link + "%E2%80%8B"} {
		l.reader().get("/s/" + token).wants(http.StatusOK).says("Halo")
	}
	l.reader().asks(http.MethodPost, "/s/"+l.link, "", "Sec-Fetch-Site", "same-origin").wants(http.StatusMethodNotAllowed)
	l.tree().shows()
}

func TestAShareGoesToTheMessengerWithTextAndLinkWritten(t *testing.T) {
	l := sharing(t)
	gone := l.amina.get("/go/" + l.link + "/whatsapp").wants(http.StatusFound)
	for _, want := range []string{"https://wa.me/?text=", "Look%20what%20lands", "Commercial%20collaboration", "%2Fs%2F" + l.link + "%2Fwhatsapp"} {
		if !strings.Contains(gone.header.Get("Location"), want) {
			t.Errorf("it leads to %s, without %s", gone.header.Get("Location"), want)
		}
	}
	l.reader("User-Agent", program).get("/go/" + l.link + "/whatsapp").wants(http.StatusFound)
	l.reader().asks(http.MethodPost, "/s/"+l.link+"/sent/copy", "", "Sec-Fetch-Site", "same-origin").wants(http.StatusNoContent)
	for _, nowhere := range []string{"/go/" + l.link + "/signal", "/go/" + l.link + "/nonsense", "/go/0000000000000/whatsapp"} {
		l.reader().get(nowhere).wants(http.StatusNotFound)
	}
	l.tree().left("intended", "whatsapp", 1).left("intended", "copy", 1)
}
