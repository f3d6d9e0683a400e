package web_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/app/drop"
	"ricochet.example/data"
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
	for _, path := range []string{views.DropPath(l.drop), views.LinkPath(l.link)} {
		l.away(l.amina.get(path))
	}
	for _, token := range []string{l.link, own} {
		l.gone(l.reader().get("/s/" + token))
	}
	l.manager.get(plan).says("Stopped by manel on").lacks("Postpone")
	l.manager.get(views.DropPath(l.drop)).says("Stopped by manel on", "not available at the moment")
	l.manager.get("/drops").says("Stopped on")
	l.manager.get(views.DecisionsPath(l.campaign)).says("Stopped a drop", "manel", "The Halo trail shoe")
	l.manager.get(at("sideways")).wants(http.StatusNotFound)
}

// gone fails the test unless a reader is told kindly that there is nothing to see for now, with no word of the drop and no
// time.
func (l *launch) gone(p *page) {
	l.t.Helper()
	p.wants(http.StatusOK).says("Not available at the moment", "What we count").lacks("soon", "later", "Early access")
	if p.nonce() != "" || p.meta("og:title") != "Not available at the moment" {
		l.t.Errorf("its card is called %q", p.meta("og:title"))
	}
	l.tellsNothing(p)
}

// away is the same for a member who has a link of it.
func (l *launch) away(p *page) {
	l.t.Helper()
	p.wants(http.StatusNotFound).says("Not available at the moment", "Your link stays yours").lacks("soon", "later")
	l.tellsNothing(p)
}

func (l *launch) tellsNothing(p *page) {
	l.t.Helper()
	for _, word := range haloWords {
		if strings.Contains(p.body, word) {
			l.t.Errorf("%q stands in the page", word)
		}
	}
}

// Whoever has known a drop is told that it was taken back, at its page, at its door and at their link, each in their
// language; who never had a link finds nothing, as ever. Planned anew, it opens soon again.
func TestOnlyWhoKnewAStoppedDropIsToldThatItIs(t *testing.T) {
	l := sharing(t)
	carla, _ := l.signedIn("carla@example.com", account.Ambassador)
	var door string
	l.view(func(ctx context.Context, tx *data.Tx) (err error) {
		door, err = drop.DoorOf(ctx, tx, l.drop)
		return err
	})
	stop := views.ReleaseMovePath(l.drop, drop.MoveStop)
	l.manager.get(stop).form(stop).send().to(views.DropPath(l.drop))
	for _, path := range []string{views.DropPath(l.drop), views.DoorPath(door), views.LinkPath(l.link)} {
		l.away(l.amina.get(path))
		carla.get(path).lacks("Not available at the moment")
		l.browser().get(path).lacks("Not available at the moment")
	}
	carla.get(views.DropPath(l.drop)).wants(http.StatusNotFound).says("There is nothing here")
	l.amina.get("/me").form("/me").send("language", "fr")
	l.amina.get(views.DropPath(l.drop)).wants(http.StatusNotFound).says("Pas disponible pour le moment", "Ton lien reste le tien")
	l.manager.get(views.EditPath(l.drop)).form(views.DropPath(l.drop)).send("language", "fr").follow()
	l.reader().get("/s/"+l.link).says("Pas disponible pour le moment", "Votre lien, lui, est bon").lacks("bientôt")

	plan := views.ReleasePath(l.drop)
	f := l.manager.get(plan).form(plan)
	soon := written(l.clock.Now().Add(time.Hour))
	f.send("chosen", l.squad, "opens_at", soon, "shareable_at", soon, "public_at", "").to(views.DropPath(l.drop)).lacks("Stopped")
	l.reader().get("/s/" + l.link).says("bientôt").lacks("Pas disponible")
	l.amina.get(views.DropPath(l.drop)).wants(http.StatusNotFound).lacks("Pas disponible")
	l.manager.get("/drops").lacks("Stopped")
}

// A drop that is only public has no squad to name: stopping it says that everyone loses it, or that nobody does yet.
func TestStoppingWhatIsOnlyPublicSaysWhoLosesIt(t *testing.T) {
	l := sharing(t)
	only := func(at time.Time) {
		t.Helper()
		l.update(func(ctx context.Context, tx *data.Tx) error {
			return drop.SetRelease(ctx, tx, l.drop, drop.Release{PublicAt: at})
		})
	}
	stop := views.ReleaseMovePath(l.drop, drop.MoveStop)
	only(l.clock.Now().Add(time.Hour))
	l.manager.get(stop).says("Nobody reads it yet").lacks("These squads lose it", "everyone who can read it")
	only(l.clock.Now().Add(-time.Hour))
	l.manager.get(stop).says("everyone who can read it now loses it", "2 links that went out say").lacks("These squads lose it", "Nobody reads it yet").
		form(stop).send().to(views.DropPath(l.drop)).says("It is stopped")
	l.gone(l.reader().get("/s/" + l.link))
}

// One squad's step is moved without the others: put off, opened at once, stopped; and so is the day for everyone. What
// would come after that day is not taken.
func TestOneStepOfAReleaseIsMovedAlone(t *testing.T) {
	l := launched(t)
	plan := views.ReleasePath(l.drop)
	at := func(m drop.Move) string { return views.ReleaseMovePath(l.drop, m) }
	ask := func(m drop.Move, step string, hours int) *page {
		t.Helper()
		return l.manager.get(views.StepMovePath(l.drop, m, step, hours)).wants(http.StatusOK)
	}
	l.clock.Set(l.opens.Add(-time.Minute))
	have := func() (r drop.Release) {
		l.view(func(ctx context.Context, tx *data.Tx) (err error) {
			r, err = drop.ReleaseOf(ctx, tx, l.drop)
			return err
		})
		return r
	}
	before := have()
	for _, path := range []string{
		views.StepMovePath(l.drop, drop.MoveNow, l.squad, 0), views.StepMovePath(l.drop, drop.MoveLater, l.squad, 1),
		views.StepMovePath(l.drop, drop.MoveLater, l.squad, 24), views.StepMovePath(l.drop, drop.MoveStop, l.squad, 0),
		views.StepMovePath(l.drop, drop.MoveLater, drop.Everyone, 24),
	} {
		if len(all(l.manager.get(plan).doc, func(n *html.Node) bool { return attr(n, "href") == path })) != 1 {
			t.Errorf("the plan does not lead to %s", path)
		}
	}
	ask(drop.MoveLater, l.squad, 1).says("Lyon").form(at(drop.MoveLater)).send().to(plan).says("the plan as it stands now")
	if got := have(); !got.Steps[0].OpensAt.Equal(before.Steps[0].OpensAt.Add(time.Hour)) || !got.PublicAt.Equal(before.PublicAt) {
		t.Errorf("an hour later is %+v, of %+v", got, before)
	}
	again := ask(drop.MoveLater, l.squad, 24).form(at(drop.MoveLater)).send("by", "168").wants(http.StatusUnprocessableEntity)
	if p := again.form(at(drop.MoveLater)).problem("by"); !strings.Contains(p, "after the day on which it is public") {
		t.Errorf("of a step after the day for everyone is said %q", p)
	}
	ask(drop.MoveLater, drop.Everyone, 24).says("Everyone").form(at(drop.MoveLater)).send("by", "168").to(plan)
	if got := have(); !got.PublicAt.Equal(before.PublicAt.Add(7 * 24 * time.Hour)) {
		t.Errorf("a week later it is public at %s", got.PublicAt)
	}
	ask(drop.MoveNow, l.squad, 0).form(at(drop.MoveNow)).send().to(plan)
	l.amina.get(views.DropPath(l.drop)).wants(http.StatusOK).says("Croix-Rousse")
	ask(drop.MoveNow, l.squad, 0).says("nothing left to do here")
	ask(drop.MoveStop, "nobody", 0).says("nothing left to do here")
	ask(drop.MoveStop, l.squad, 0).says("These squads lose it", "Lyon", "2 members", "until it is public").lacks("not available at the moment").form(at(drop.MoveStop)).send().to(plan).lacks("Stopped by")
	l.amina.get(views.DropPath(l.drop)).wants(http.StatusNotFound).lacks("Croix-Rousse")
	l.reader().get("/s/" + l.link).says("opens soon").lacks("Croix-Rousse")
	ask(drop.MoveNow, drop.Everyone, 0).form(at(drop.MoveNow)).send().to(plan)
	l.reader().get("/s/" + l.link).says("Croix-Rousse")
	ask(drop.MoveStop, drop.Everyone, 0).says("whoever is in no squad of the plan loses it").form(at(drop.MoveStop)).send().to(plan).says("Stopped by manel")
	l.gone(l.reader().get("/s/" + l.link))
}

// Six managers open the drop to a squad each, all at the same moment: each finds what they did.
func TestNoMoveOfAReleaseTakesAnotherBack(t *testing.T) {
	l := launched(t)
	later := l.clock.Now().Add(24 * time.Hour)
	var r drop.Release
	managers := make([]*browser, 6)
	for n := range managers {
		managers[n], _ = l.signedIn(fmt.Sprintf("m%d@novaska.example", n), account.Manager)
		path := l.manager.squadNamed(fmt.Sprintf("Squad %d", n), "")
		r.Steps = append(r.Steps, drop.Step{SquadID: strings.TrimPrefix(path, "/squads/"), OpensAt: later, ShareableAt: later})
	}
	for range 5 {
		l.update(func(ctx context.Context, tx *data.Tx) error { return drop.SetRelease(ctx, tx, l.drop, r) })
		var all sync.WaitGroup
		for n, m := range managers {
			all.Go(func() { m.post(views.ReleaseMovePath(l.drop, drop.MoveNow), "step", r.Steps[n].SquadID) })
		}
		all.Wait()
		l.view(func(ctx context.Context, tx *data.Tx) error {
			have, err := drop.ReleaseOf(ctx, tx, l.drop)
			for _, step := range have.Steps {
				if step.OpensAt.Equal(later) {
					t.Errorf("a squad waits that was let in: %+v", step)
				}
			}
			return err
		})
	}
}

// Manel puts the launch off on a page that has lain open since yesterday: by now it has come, and he is told so.
func TestWhoComesTooLateToPutAReleaseOffIsTold(t *testing.T) {
	l := launched(t)
	l.update(func(ctx context.Context, tx *data.Tx) error {
		at := l.clock.Now().Add(time.Hour)
		return drop.SetRelease(ctx, tx, l.drop, drop.Release{Steps: []drop.Step{{SquadID: l.squad, OpensAt: at, ShareableAt: at}}})
	})
	later := views.ReleaseMovePath(l.drop, drop.MoveLater)
	all, one := l.manager.get(later).form(later), l.manager.get(views.StepMovePath(l.drop, drop.MoveLater, l.squad, 24)).form(later)
	l.later(2 * time.Hour)
	all.send("by", "24").to(views.DropPath(l.drop)).says("Nothing was changed").lacks("comes later now")
	one.send().to(views.ReleasePath(l.drop)).says("Nothing was changed").lacks("as it stands now")
	l.amina.get(views.DropPath(l.drop)).says("Croix-Rousse")
}

// Saving a plan that takes the drop from somebody who reads it asks first, for just those; what was typed stays.
func TestAPlanThatTakesADropAwayAsksFirst(t *testing.T) {
	l := sharing(t)
	plan := views.ReleasePath(l.drop)
	l.manager.get(plan).says("Save the plan").lacks("Take it away")
	f := l.manager.get(plan).form(plan)
	f.values.Del("chosen")
	asked := f.send("public_at", "").wants(http.StatusUnprocessableEntity).says("Take it away from Lyon", "It is read now")
	l.reader().get("/s/" + l.link).says("Croix-Rousse")
	again := asked.form(plan)
	if again.problem("sure") == "" || len(again.values["chosen"]) != 0 {
		t.Errorf("at the field stands %q, chosen are %q", again.problem("sure"), again.values["chosen"])
	}
	again.send("sure", "another squad").wants(http.StatusUnprocessableEntity)
	again.send("sure", l.squad).to(views.DropPath(l.drop)).says("Stopped by manel")
	l.gone(l.reader().get("/s/" + l.link))
	l.manager.get(plan).says("Stopped by manel").lacks("Save the plan")
}

// Manel has the plan open when the drop is stopped elsewhere. That he saves it does not start it again before he has
// said so.
func TestAPlanThatWasOpenWhenTheDropWasStoppedAsksBeforeItStartsItAgain(t *testing.T) {
	l := sharing(t)
	plan := views.ReleasePath(l.drop)
	old := l.manager.get(plan).form(plan)
	stop := l.manager.get(plan).form(plan)
	stop.values.Del("chosen")
	stop = stop.send("public_at", "").wants(http.StatusUnprocessableEntity).form(plan)
	stop.send("sure", l.squad).to(views.DropPath(l.drop))
	l.manager.get(plan).says("Stopped by manel")

	asked := old.send().wants(http.StatusUnprocessableEntity).says("It was stopped while this page was open", "Start it again", "Stopped by manel")
	l.gone(l.reader().get("/s/" + l.link))
	asked.form(plan).send("sure", l.squad).wants(http.StatusUnprocessableEntity)
	l.gone(l.reader().get("/s/" + l.link))
	asked.form(plan).send("sure", "again").to(views.DropPath(l.drop))
	l.reader().get("/s/" + l.link).says("Croix-Rousse")

	stop.send("sure", l.squad).to(views.DropPath(l.drop))
	l.manager.get(plan).form(plan).send("chosen", l.squad).to(views.DropPath(l.drop)) // whoever sees that it is stopped is not asked
}

// Nobody reads the drop yet when Manel takes the squad out of its plan; but while he presses the button, Olga opens it.
// He is asked, for what stands by then, and nothing is taken from anybody before he has said yes.
func TestWhatWasOpenedMeanwhileIsNotTakenAwayUnasked(t *testing.T) {
	l := launched(t)
	plan := views.ReleasePath(l.drop)
	f := l.manager.get(plan).lacks("Take it away").form(plan)
	f.values.Del("chosen")

	begun, goOn := make(chan struct{}), make(chan struct{})
	olga := make(chan error, 1)
	go func() {
		olga <- l.db.Update(t.Context(), func(tx *data.Tx) error {
			now := tx.Now()
			err := drop.SetRelease(t.Context(), tx, l.drop, drop.Release{PublicAt: l.pub, Steps: []drop.Step{{SquadID: l.squad, OpensAt: now, ShareableAt: now}}})
			select {
			case <-begun:
			default:
				close(begun)
			}
			<-goOn
			return err
		})
	}()
	<-begun
	go func() {
		time.Sleep(300 * time.Millisecond) // he presses it meanwhile
		close(goOn)
	}()
	asked := f.send("public_at", "").wants(http.StatusUnprocessableEntity).says("Take it away from Lyon", "It is read now")
	if err := <-olga; err != nil {
		t.Fatal(err)
	}
	l.amina.get(views.DropPath(l.drop)).wants(http.StatusOK).says("Croix-Rousse")
	asked.form(plan).send("sure", l.squad).to(views.DropPath(l.drop)).says("Stopped by manel")
	l.amina.get(views.DropPath(l.drop)).wants(http.StatusNotFound)
}
