package web_test

import (
	"net/http"
	"strings"
	"testing"

	"ricochet.example/app/account"
	"ricochet.example/views"
)

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
	carla.get(views.BoardPath(l.campaign)).wants(http.StatusOK).says("1st of 1")
}

func TestTheRipplesOfAMemberAreTheirOwnLinks(t *testing.T) {
	l := sharing(t)
	l.amina.get("/ripples").wants(http.StatusOK).says("The Halo trail shoe", "No opens yet").row("link", l.link)
	l.amina.get("/").lacks("In all:")
	l.reader().opens(l.reader().opens(l.link))
	l.work()
	l.amina.get("/").says("This week 2 people", "In all: 2 people, 2 hops at the farthest")
	l.amina.get("/ripples").lacks("No opens yet", "ben")
	carla, _ := l.signedIn("carla@example.com", account.Ambassador)
	carla.get("/ripples").wants(http.StatusOK).lacks("Halo")
}
