package web_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/brand"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

// wanting is a launch whose squad takes applications, and a reader who came by Amina's link.
func wanting(t *testing.T) (l *launch, rosa *browser, own string) {
	t.Helper()
	l = sharing(t)
	lyon := views.SquadPath(l.squad)
	l.manager.get(lyon+"/edit").form(lyon).send("approval", "yes", "questions", "").to(lyon)
	rosa = l.reader("User-Agent", iphone)
	return l, rosa, rosa.opens(l.link)
}

// offered is whether the reader is offered a way in.
func (b *browser) offered(token string) bool {
	b.t.Helper()
	return len(all(b.get(views.SpeakPath(token)).wants(http.StatusOK).doc, func(n *html.Node) bool { return attr(n, "action") == "/s/"+token+"/want" })) > 0
}

// asked is whether the reader page itself lets them ask, with one tap.
func (b *browser) asked(token string) bool {
	b.t.Helper()
	return len(all(b.get("/s/"+token).wants(http.StatusOK).doc, func(n *html.Node) bool { return attr(n, "action") == "/s/"+token+"/want" })) > 0
}

// A reader asks to be let in on the page itself, if the squad takes applications, and from when on it does so; who
// asks too late is told.
func TestAReaderAsksToBeLetInOnThePageThatTheyRead(t *testing.T) {
	l, rosa, own := wanting(t)
	if !rosa.asked(own) || !l.reader().asked(l.link) {
		t.Error("the squad takes applications, and the page does not say so")
	}
	lyon := views.SquadPath(l.squad)
	l.manager.get(lyon+"/edit").form(lyon).send("approval", "").to(lyon)
	if rosa.asked(own) {
		t.Error("the squad takes none any more, and the page offers it")
	}
	rosa.post("/s/" + own + "/want").follow().says("Nobody new is being taken here at the moment")
}

// Whoever shared vouches for those who come by their link, as long as they are in the squad themself, and not a day
// longer; it makes no difference whether anybody asked before.
func TestReadersAreTakenOnlyWhileWhoSharedIsInTheSquad(t *testing.T) {
	for _, tapped := range []bool{false, true} {
		l, rosa, own := wanting(t)
		door := ""
		if tapped {
			door = rosa.get(views.SpeakPath(own)).form("/s/" + own + "/want").send().follow().wants(http.StatusOK).path
		}
		member := views.MemberPath(l.squad, l.aminaID)
		suspend := views.SuspendPath(l.aminaID)
		for _, turn := range []struct {
			name string
			do   func()
			in   bool
		}{
			{"she has a break", func() { l.manager.get(member).form(member).send("do", views.Pause, "links", views.LinksGoOn).follow() }, false},
			{"she is back", func() { l.manager.get(member).form(member + "/resume").send().follow() }, true},
			{"she is suspended", func() { l.manager.get(suspend).form(suspend).send("links", views.LinksGoOn).follow() }, false},
			{"she is let in again", func() { l.manager.get(suspend).form("/people/" + l.aminaID + "/readmit").send().follow() }, true},
			{"she is taken out", func() { l.manager.get(member).form(member).send("do", views.Remove, "links", views.LinksGoOn).follow() }, false},
		} {
			turn.do()
			if got := rosa.offered(own); got != turn.in {
				t.Errorf("tapped before: %t. When %s, a way in is offered: %t", tapped, turn.name, got)
			}
			to := rosa.post("/s/" + own + "/want").header.Get("Location")
			if turn.in == (to == views.SpeakPath(own)+"?closed") {
				t.Errorf("tapped before: %t. When %s, who wants in is led to %s", tapped, turn.name, to)
			}
			if door == "" && turn.in {
				door = to
			}
			if door == "" {
				continue
			}
			status := http.StatusOK
			if !turn.in {
				status = http.StatusGone
			}
			l.reader().get(door).wants(status)
		}
		if got := l.count(`SELECT count(*) FROM invitations WHERE link_id IS NOT NULL`); got != 1 {
			t.Errorf("%d invitations were made for her readers", got)
		}
	}
}

// Nia is 17 and came from a page that anybody may read. Her mother agrees, and somebody decides all the same, though
// the squad has stopped asking meanwhile.
func TestAMinorWhoCameFromAPublicPageIsDecidedAbout(t *testing.T) {
	l, rosa, own := wanting(t)
	l.owner.get("/settings").form("/settings/ages").send("ages", string(brand.WithGuardian)).to("/settings")
	door := rosa.post("/s/" + own + "/want").header.Get("Location")
	nia, who, ask := l.minor(door, "nia", "mum@example.com")
	l.update(func(ctx context.Context, tx *data.Tx) error {
		sq, err := squad.ByID(ctx, tx, l.squad)
		if err != nil {
			return err
		}
		sq.Approval = false
		return squad.Change(ctx, tx, sq)
	})
	l.browser().post(ask, "agree", "yes").wants(http.StatusOK)
	lyon := views.SquadPath(l.squad)
	nia.get(lyon).wants(http.StatusNotFound)
	l.later(time.Minute)
	wish := l.wish(lyon, who)
	l.manager.get(wish).says(l.nameOf(l.aminaID)).form(wish + "/accept").send().follow()
	nia.get(lyon).wants(http.StatusOK)
}
