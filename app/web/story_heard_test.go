package web_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/message"
	"ricochet.example/views"
)

// subjects of what Amina was told, without what drops and links had to say.
func (l *launch) heard() (subjects []string) {
	l.t.Helper()
	all, _ := l.told("amina@example.com")
	for _, s := range all {
		if !strings.HasPrefix(s, "New: ") && !strings.HasPrefix(s, "You can share") && !strings.HasPrefix(s, "It has begun") {
			subjects = append(subjects, s)
		}
	}
	return subjects
}

// Amina hears of what becomes of what she asked for, each step once, and of nothing if she does not want to; Manel
// finds what waits for him on his first page.
func TestAMemberHearsWhatBecameOfARewardAndManagersWhatWaits(t *testing.T) {
	l := sharing(t)
	hat, tee := l.offers("A cap", "", "stock", "3"), l.offers("A tee", "", "stock", "3")
	asks := func(id string) string {
		l.amina.get(views.OwnRewardPath(id)).form(views.OwnRewardPath(id)).send().to(views.OwnRewardsPath)
		return l.manager.get(views.RewardsPath).data("claim")[0]
	}
	l.manager.get("/").lacks("reward to approve")
	claim := asks(hat)
	l.manager.get("/").says("1 reward to approve")
	l.looks()
	if got := l.heard(); len(got) != 0 {
		t.Fatalf("before anything became of it she is told %q", got)
	}
	l.manager.get(views.RewardsPath).form(views.HandOutPath).send("claim", claim).follow().says("1 approved")
	l.looks()
	sending := l.manager.get(views.RewardsPath + "?state=approved").form(views.HandOutPath)
	sending.values.Set("one", claim)
	sending.send().follow().says("1 sent")
	l.looks()
	l.looks()
	claim = asks(tee)
	l.manager.get(views.ClaimPath(claim)).form(views.ClaimPath(claim)+"/decline").send("reason", "They are for the winners").to(views.RewardsPath)
	l.looks()
	if got := l.heard(); !slices.Equal(got, []string{"Approved: A cap", "On its way: A cap", "Not this time: A tee"}) {
		t.Fatalf("she is told %q", got)
	}
	_, last := l.told("amina@example.com")
	if last.Kind != message.Notice || !strings.Contains(last.Body, views.OwnRewardsPath) || strings.Contains(last.Body, "winners") {
		t.Errorf("the mail says %s", last.Body)
	}
	// With one click these mails end, and only these.
	l.browser().post(strings.TrimPrefix(last.Unsubscribe, l.base)).wants(http.StatusOK).says("What becomes of a reward")
	f := l.amina.get(views.NoticesPath).form(views.NoticesPath)
	if mails := f.values["mail"]; slices.Contains(mails, "reward") || !slices.Contains(mails, "opened") {
		t.Errorf("she is mailed about %q", mails)
	}
	claim = asks(l.offers("A bag", "", "stock", "3"))
	l.manager.get(views.RewardsPath).form(views.HandOutPath).send("claim", claim).follow().says("1 approved")
	l.looks()
	if got := l.heard(); len(got) != 3 {
		t.Errorf("she is told %q all the same", got)
	}
}

// Amina is told of a level that she reaches once she wants to be; not of what she had when there was a ladder at last,
// and not again after she fell back.
func TestAMemberHearsOfALevelOnce(t *testing.T) {
	l := sharing(t)
	wants := func(who *browser) {
		f := who.get(views.NoticesPath).form(views.NoticesPath)
		f.values.Add("mail", "level")
		f.send()
	}
	wants(l.amina)
	l.looks() // she is looked at for the first time
	l.ladder()
	later := func() {
		l.later(6 * time.Minute)
		l.work()
		l.looks()
	}
	l.reader().opens(l.link)
	later()
	if got := l.heard(); !slices.Equal(got, []string{"New level: Pebble"}) {
		t.Fatalf("too early she is told %q", got)
	}
	second := l.reader().opens(l.link)
	l.work()
	later()
	if got := l.heard(); !slices.Equal(got, []string{"New level: Pebble", "New level: Stone"}) {
		t.Fatalf("she is told %q", got)
	}
	page := l.manager.get(views.OpenPath(l.link, l.id(second))).wants(http.StatusOK)
	page.judges("scope", views.ScopeOpen, "verdict", views.Exclude)
	later()
	l.reader().opens(l.link)
	l.work()
	later()
	if got := l.heard(); len(got) != 2 {
		t.Errorf("she is told %q", got)
	}
	// Somebody who stood there before anybody looked is told nothing.
	eve, who := l.signedIn("eve@example.com", account.Ambassador)
	wants(eve)
	l.leads(who, "Nice")
	later()
	if got, _ := l.told("eve@example.com"); len(got) != 0 {
		t.Errorf("Eve is told %q", got)
	}
}
