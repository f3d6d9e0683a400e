package web_test

import (
	"net/http"
	"net/url"
	"path"
	"testing"

	"ricochet.example/views"
)

// A campaign is for some squads, and a drop of it goes to no other: the others are not offered, and whoever asks for
// one all the same is told so at its line, with everything still in the form.
func TestACampaignIsForTheSquadsThatItNames(t *testing.T) {
	l := sharing(t)
	at, release := views.CampaignPath(l.campaign), views.ReleasePath(l.drop)
	nice := path.Base(l.manager.squadNamed("Nice", "20"))
	l.manager.get(release).wants(http.StatusOK).says("Lyon", "Nice")
	l.manager.get(at).lacks("For Lyon")

	plan := func(squads ...string) url.Values {
		v := url.Values{"squad": squads, "chosen": squads, "public_at": {written(l.pub)}, "hops": {l.manager.get(release).form(release).value("hops")}}
		for range squads {
			v["opens_at"] = append(v["opens_at"], written(l.opens))
			v["shareable_at"] = append(v["shareable_at"], written(l.shares))
		}
		return v
	}
	edit := func() *form { return l.manager.get(at + "/edit").wants(http.StatusOK).form(at) }
	edit().send("squads", l.squad).to(at)
	l.manager.get(at).says("For Lyon")
	l.manager.get(release).says("Lyon").lacks("Nice")

	// The plan of before lies in another window.
	l.manager.send(release, plan(l.squad, nice)).wants(http.StatusUnprocessableEntity).says("Lyon", "This squad does not take part in the campaign.")
	l.manager.get(views.DropPath(l.drop)).lacks("Nice")

	// What was released to a squad before stays so, and can be taken back.
	edit().send("squads", nice).to(at)
	l.manager.get(release).says("Lyon", "Nice")
	l.manager.send(release, plan(l.squad, nice)).to(views.DropPath(l.drop)).says("Nice")

	// For no squad in particular is for every one.
	l.manager.send(at, url.Values{
		"name": {"Halo launch"}, "starts_at": {edit().value("starts_at")}, "ends_at": {edit().value("ends_at")}, "most": {"5"},
	}).to(at).lacks("For Nice")
	l.manager.squadNamed("Lille", "20")
	l.manager.get(release).says("Lyon", "Nice", "Lille")
}
