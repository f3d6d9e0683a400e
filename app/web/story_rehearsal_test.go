package web_test

import (
	"net/http"
	"path"
	"testing"

	"ricochet.example/views"
)

// Manel tries it out on his own machine: he opens his rehearsal link, and then
// the link that it turned into. Everything counts, apart, and says why it would not.
func TestARehearsalCountsEverythingApartAndSaysWhy(t *testing.T) {
	l := sharing(t)
	board := l.manager.get(views.DropPath(l.drop)).form(views.RehearsePath(l.drop)).send().follow().wants(http.StatusOK)
	token := path.Base(board.path)
	board.says("nothing here is on any leaderboard", "No opens yet")

	page := l.manager.get("/s/"+token).wants(http.StatusOK).says("This is a rehearsal", "Halo")
	own := page.confirms()
	next := l.manager.opens(own)
	if own == token || next == own {
		t.Errorf("his opens are given %s and %s, after %s", own, next, token)
	}
	sam := l.reader()
	sams := sam.opens(next)
	sam.opens(token)
	sam.beside(iphone).opens(sams)
	l.reader("Sec-Gpc", "1").opens(token)
	l.ben.opens(token)
	l.manager.get(board.path).wants(http.StatusOK).
		shows("1 signed_in", "1 untracked", "4 same_network", "1 repeated", "3 counted", "2 own_device", "1 own_device").
		says("Same browser as you: would not score", "Would score", "A browser that is there already: would not score again",
			"Same network: would be shown, not scored", "Asks not to be tracked: would be read, never scored", "Signed in here: would be shown, not scored")

	// It is nobody else's, and on no board.
	l.amina.get(board.path).wants(http.StatusNotFound)
	l.owner.get(board.path).wants(http.StatusNotFound)
	l.manager.get(views.LinkPath(token)).wants(http.StatusNotFound)
	l.board().standing(l.aminaID, 0, 0)
	if found := l.board().data("standing"); len(found) != 2 {
		t.Errorf("the board ranks %q", found)
	}

	l.manager.get(board.path).form(board.path+"/wipe").send().to(board.path).shows().says("Wiped", "No opens yet")
	l.reader().get("/s/" + own).wants(http.StatusNotFound)
	l.reader().opens(token)
	l.manager.get(board.path).shows("1 counted")
	l.manager.get("/rehearsals").wants(http.StatusOK).says("The Halo trail shoe")
}

func TestAMemberRehearsesTooAndNotBeforeTheDropMayBeShared(t *testing.T) {
	l := launched(t)
	l.clock.Set(l.opens)
	board := l.amina.get(views.DropPath(l.drop)).form(views.RehearsePath(l.drop)).send().follow().wants(http.StatusOK)
	token := path.Base(board.path)
	board.says("Until 3 March 2025, 14:00")
	l.neutral(l.reader().get("/s/" + token))
	l.clock.Set(l.shares)
	l.amina.opens(token)
	l.amina.get(board.path).shows("1 own_device").lacks("Until 3 March")
}
