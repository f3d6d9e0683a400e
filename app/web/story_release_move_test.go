package web_test

import (
	"net/http"
	"testing"
	"time"

	"ricochet.example/views"
)

// Manel has planned a launch. It comes later, then at once, and then he takes all of it back: each time he reads
// for whom before he does it, and each time it is so on every link at once.
func TestAReleaseIsPutOffBroughtForwardAndStopped(t *testing.T) {
	l := launched(t)
	plan := views.ReleasePath(l.drop)
	at := func(move string) string { return plan + "/" + move }
	reads := func(want int) { t.Helper(); l.reader().get("/s/" + l.link).wants(want) }

	l.clock.Set(l.opens.Add(-time.Minute))
	l.amina.get(views.DropPath(l.drop)).lacks("Croix-Rousse")
	l.manager.get(plan).wants(http.StatusOK).says("Release now", "Postpone", "Stop")
	again := l.manager.get(at("later")).wants(http.StatusOK).says("Lyon", "2 members").form(at("later")).send("by", "7").wants(http.StatusUnprocessableEntity).form(at("later"))
	if again.problem("by") == "" {
		t.Error("nobody says that seven hours are no choice")
	}
	again.send("by", "24").to(views.DropPath(l.drop)).says("comes later")
	l.clock.Set(l.opens.Add(time.Hour))
	l.amina.get(views.DropPath(l.drop)).lacks("Croix-Rousse")

	l.manager.get(at("now")).wants(http.StatusOK).says("Lyon", "2 members").form(at("now")).send().to(views.DropPath(l.drop)).says("open to the squads")
	l.amina.get(views.DropPath(l.drop)).says("Croix-Rousse")
	reads(http.StatusOK)
	l.reader().get("/s/" + l.link).says("Croix-Rousse")
	l.manager.get(at("now")).says("nothing left to do here")
	l.manager.post(at("now")).to(views.DropPath(l.drop)) // the page lay open in another window

	own := l.reader().opens(l.link)
	l.later(time.Minute)
	l.work()
	l.manager.get(at("stop")).wants(http.StatusOK).says("Lyon", "2 links that went out", "1 person came by them").form(at("stop")).send().to(views.DropPath(l.drop)).says("It is stopped")
	l.amina.get(views.DropPath(l.drop)).lacks("Croix-Rousse")
	for _, token := range []string{l.link, own} {
		l.reader().get("/s/" + token).says("opens soon").lacks("Croix-Rousse")
	}
	l.manager.get(plan).lacks("Postpone")
	l.manager.get(at("sideways")).wants(http.StatusNotFound)
}
