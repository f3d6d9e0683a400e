package web_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/data"
	"ricochet.example/views"
)

// Amina's week is hers alone: what came in it, how far, and her place only if she wants that to be seen.
func TestAMembersWeekIsAPictureOfTheirOwnNumbers(t *testing.T) {
	l := sharing(t)
	l.amina.get(views.WeekPath).wants(http.StatusOK).says("Nobody yet this week")
	l.amina.get(views.WeekFile).to(views.WeekPath)
	l.reader().opens(l.link) // eight days before
	l.work()
	l.later(8 * 24 * time.Hour)
	l.amina, _ = l.signedIn("amina@example.com", account.Ambassador)
	l.amina.get(views.WeekPath).says("Nobody yet this week")

	own := l.reader().opens(l.link)
	l.reader().opens(l.reader().opens(own))
	l.reader().opens(l.benLink)
	l.work()
	l.amina.get("/").says("This week as a picture")
	p := l.amina.get(views.WeekPath).wants(http.StatusOK)
	if people, hops := p.data("week"), p.data("hops"); !slices.Equal(people, []string{"3"}) || !slices.Equal(hops, []string{"3"}) {
		t.Errorf("the week has %q people over %q hops", people, hops)
	}
	p.lacks("1st of 2", "ben")
	placed := l.amina.get(views.WeekPath + "?" + views.WithPlace).says("With my place")
	if alt := attr(placed.row("week", "3").FirstChild, "alt"); alt == "" || alt == attr(p.row("week", "3").FirstChild, "alt") {
		t.Errorf("with and without her place the picture shows %q", alt)
	}
	for _, path := range []string{views.WeekFile, views.WeekFile + "?" + views.WithPlace} {
		file := l.amina.get(path).wants(http.StatusOK)
		if kind := file.header.Get("Content-Type"); kind != "image/png" || file.header.Get("Content-Disposition") == "" {
			t.Errorf("%s is %s", path, kind)
		}
	}
}

// An account may be years old before it comes into a squad; the ladder counts from there.
func TestMonthsOnTheLadderAreThoseInASquad(t *testing.T) {
	l := newLaunch(found(t))
	l.update(func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE accounts SET created_at = ? WHERE id = ?`, tx.Now().AddDate(-1, 0, 0), l.aminaID)
		return err
	})
	l.manager.get(views.LevelsPath).form(views.LevelsPath).send("levels.0.name", "Stone", "levels.0.months", "2").follow().wants(http.StatusOK)
	l.amina.get(views.OwnRewardsPath).says("0 of 2 months")
	l.manager.get(views.RewardsPath).row("at-level", "0")
	l.later(62 * 24 * time.Hour)
	l.amina, _ = l.signedIn("amina@example.com", account.Ambassador)
	l.manager, _ = l.signedIn("manel@novaska.example", account.Manager)
	l.amina.get(views.OwnRewardsPath).says("The highest")
	l.manager.get(views.RewardsPath).row("at-level", "2")
}
