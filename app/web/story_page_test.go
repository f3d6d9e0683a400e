package web_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/views"
)

// A phone on a slow network gets the page in the first answer of its first
// connection: ten packets of 1,460 bytes, of which headers take some.
func TestWhatIsNeededToReadFitsIntoTheFirstPackets(t *testing.T) {
	l := sharing(t)
	rosa := l.reader("User-Agent", iphone)
	page := rosa.get("/s/" + l.link)
	var sheet string
	for _, n := range all(page.doc, func(n *html.Node) bool { return n.Data == "link" && attr(n, "rel") == "stylesheet" }) {
		sheet = attr(n, "href")
	}
	total := 0
	for _, path := range []string{"/s/" + l.link, sheet} {
		packed := rosa.asks(http.MethodGet, path, "", "Accept-Encoding", "gzip").wants(http.StatusOK)
		if packed.header.Get("Content-Encoding") != "gzip" {
			t.Fatalf("%s is not compressed", path)
		}
		z, err := gzip.NewReader(bytes.NewReader([]byte(packed.body)))
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(z)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		t.Logf("%s: %d bytes, %d compressed", path, len(text), len(packed.body))
		total += len(packed.body)
	}
	if total > 13<<10 {
		t.Errorf("page and style together are %d bytes", total)
	}
}

func TestAReaderPageSpeaksTheLanguageOfItsDrop(t *testing.T) {
	l := sharing(t)
	l.french().get("/s/"+l.link).says("Shared with you by a member", "Send it on in one tap")
	if got := l.french().get("/s/" + l.link).root("lang"); got != "en" {
		t.Errorf("the page's language is %q", got)
	}
	l.manager.get(views.EditPath(l.drop)).form(views.DropPath(l.drop)).send("language", "fr", "title", "La Halo").follow()
	for _, b := range []*browser{l.reader(), l.french()} {
		page := b.get("/s/"+l.link).says("La Halo", "Partagé avec vous par un membre")
		if got := page.root("lang"); got != "fr" {
			t.Errorf("the page's language is %q", got)
		}
	}
}

// From its public time on a drop is nobody's privilege: a member of no squad
// that it was released to reads it, and gets a link for the asking.
func TestWhatIsPublicIsSharedByEverybodyWhoAsks(t *testing.T) {
	l := sharing(t)
	carla, who := l.signedIn("carla@example.com", account.Ambassador)
	l.reader().get("/s/" + l.link).says("Early access")
	carla.get(views.DropPath(l.drop)).wants(http.StatusNotFound)
	l.clock.Set(l.pub)
	l.reader().get("/s/" + l.link).lacks("Early access")
	carla, _ = l.signedIn("carla@example.com", account.Ambassador)
	l.manager, _ = l.signedIn("manel@novaska.example", account.Manager)
	carla.get("/").says("The Halo trail shoe")
	mine := carla.get(views.DropPath(l.drop)).wants(http.StatusOK).form(views.DropPath(l.drop) + "/link").send().to(views.DropPath(l.drop))
	if !strings.Contains(strings.Join(mine.data("channel"), " "), "whatsapp") {
		t.Errorf("she can share it through %q", mine.data("channel"))
	}
	l.reader().opens(l.linkOf(who.ID))
	l.board().standing(who.ID, 1, 1)
	carla.get(views.BoardPath(l.campaign)).wants(http.StatusOK).says("1st of 3")
}

func TestTheRipplesOfAMemberAreTheirOwnLinks(t *testing.T) {
	l := sharing(t)
	l.amina.get("/ripples").wants(http.StatusOK).says("The Halo trail shoe", "No opens yet").row("link", l.link)
	l.amina.get("/").lacks("Your shares reached")
	l.reader().opens(l.reader().opens(l.link))
	l.work()
	l.amina.get("/").says("Your shares reached", "2 people", "2 shares away at the farthest")
	l.amina.get("/ripples").lacks("No opens yet", "ben")
	carla, _ := l.signedIn("carla@example.com", account.Ambassador)
	carla.get("/ripples").wants(http.StatusOK).lacks("Halo")
}
