package web_test

import (
	"context"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"ricochet.example/data"
	"ricochet.example/views"
)

// lives makes somebody choose a time zone, as they do on their page.
func (l *launch) lives(who *browser, zone string) {
	l.t.Helper()
	who.get(views.NoticesPath).form(views.NoticesPath).send("time_zone", zone).to(views.NoticesPath)
	if got := who.get(views.NoticesPath).form(views.NoticesPath).value("time_zone"); got != zone {
		l.t.Fatalf("they chose %q, and live by %q", zone, got)
	}
}

// opensAt has the drop opened at another time, and to the squad alone.
func (l *launch) opensAt(at time.Time) {
	l.t.Helper()
	l.update(func(ctx context.Context, tx *data.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE drops SET public_at = NULL WHERE id = ?`, l.drop); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE release_steps SET opens_at = ?, shareable_at = ? WHERE drop_id = ?`, at, at.Add(48*time.Hour), l.drop)
		return err
	})
}

// The drop opens at 13:00 where the brand is. Amina lives by its clock and hears of it at once, by mail and on her
// phone. For Ben in Los Angeles it is five in the morning: he hears of it at eight. Each reads the hours by their own
// clock, and Manel those that he typed.
func TestTwoMembersInTwoTimeZonesAreEachToldByDay(t *testing.T) {
	l := launched(t)
	l.lives(l.ben, "America/Los_Angeles")
	hers, his := newPhone(t), newPhone(t)
	l.pushesTo(hers, func(netip.AddrPort) bool { return true })
	l.amina.post("/me/push", hers.fields()...).wants(http.StatusNoContent)
	l.ben.post("/me/push", his.fields()...).wants(http.StatusNoContent)

	l.clock.Set(l.opens)
	l.looks()
	news, _ := l.told("amina@example.com")
	if len(news) != 1 {
		t.Errorf("she is told %q", news)
	}
	hers.heard(1, news...)
	l.amina.get("/").says("14:00").lacks("06:00")
	l.ben.get("/").says("06:00").lacks("14:00")
	l.manager.get(views.DropPath(l.drop)).says("13:00", "14:00")

	l.clock.Set(l.opens.Add(3*time.Hour - 2*time.Minute)) // 7:58 where he is
	l.looks()
	if got, _ := l.told("ben@example.com"); len(got) > 0 {
		t.Errorf("before eight he is told %q", got)
	}
	his.heard(0)
	l.clock.Set(l.opens.Add(3 * time.Hour)) // 8:00
	l.looks()
	got, _ := l.told("ben@example.com")
	if !slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "New: ") }) {
		t.Errorf("at eight he is told %q", got)
	}
	if his.asked != 1 {
		t.Errorf("his phone was asked %d times", his.asked)
	}
}

// On 9 March 2025 the clocks of New York are put forward: eight in the morning is at 13:00 UTC on the day before, and at
// 12:00 on the day itself.
func TestQuietHoursEndAtTheSameHourOnceClocksArePutForward(t *testing.T) {
	for day, ends := range map[int]int{8: 13, 9: 12, 10: 12} {
		l := launched(t)
		l.lives(l.ben, "America/New_York")
		night := time.Date(2025, 3, day, 4, 0, 0, 0, time.UTC)
		l.opensAt(night)
		l.clock.Set(night)
		l.looks()
		morning := time.Date(2025, 3, day, ends, 0, 0, 0, time.UTC)
		l.clock.Set(morning.Add(-2 * time.Minute))
		l.looks()
		if got, _ := l.told("ben@example.com"); len(got) > 0 {
			t.Errorf("on %d March, at 7:59 at the latest, he is told %q", day, got)
		}
		l.clock.Set(morning)
		l.looks()
		if got, _ := l.told("ben@example.com"); len(got) != 1 {
			t.Errorf("on %d March at eight he is told %q", day, got)
		}
	}
}

// In Auckland it is Monday while days are still counted as Sunday: Amina gets her week when her own Monday begins, and
// nobody who came between two of her weeks is missing in both. Ben gets his half a day later.
func TestAWeekIsToldOnTheMondayOfWhoeverItIsFor(t *testing.T) {
	l := sharing(t)
	l.lives(l.amina, "Pacific/Auckland")
	for _, who := range []*browser{l.amina, l.ben} {
		f := who.get(views.NoticesPath).form(views.NoticesPath)
		f.values["mail"] = []string{"digest"}
		f.send().to(views.NoticesPath)
	}
	saturday := time.Date(2025, 3, 8, 10, 0, 0, 0, time.UTC)
	weeks := func(email string, n int, says string) {
		t.Helper()
		got, m := l.told(email)
		if len(got) != n || n > 0 && !strings.Contains(m.Body, says) {
			t.Errorf("at %s %s is told %q: %s", l.clock.Now(), email, got, m.Body)
		}
	}
	l.clock.Set(saturday)
	l.reader().opens(l.link)
	eight := saturday.Add(33 * time.Hour) // on Monday, where she is
	l.clock.Set(eight.Add(-2 * time.Minute))
	l.looks()
	weeks("amina@example.com", 0, "")
	l.clock.Set(eight)
	l.looks()
	weeks("amina@example.com", 1, "reached 1 person in")
	weeks("ben@example.com", 0, "")
	l.clock.Set(eight.Add(time.Hour)) // still on Sunday, as days are counted
	for range 2 {
		l.reader().opens(l.link)
	}
	l.looks()
	l.clock.Set(eight.Add(13 * time.Hour)) // on Monday, where the brand is
	l.looks()
	weeks("ben@example.com", 1, "reached 0 people in")
	l.clock.Set(eight.AddDate(0, 0, 7))
	l.looks()
	l.looks()
	weeks("amina@example.com", 2, "reached 2 people in")
}

// What is no time zone is refused at its field; somebody who wants the brand's clock again gets it.
func TestATimeZoneIsChosenAmongThoseThatThereAre(t *testing.T) {
	l := launched(t)
	for _, wrong := range []string{"Europe/Atlantis", "Local", "../etc/passwd", strings.Repeat("Europe/", 20)} {
		p := l.ben.get(views.NoticesPath).form(views.NoticesPath).send("time_zone", wrong).wants(http.StatusUnprocessableEntity)
		if got := p.form(views.NoticesPath).problem("time_zone"); !strings.Contains(got, "This is not a time zone") {
			t.Errorf("%q: %q", wrong, got)
		}
	}
	l.lives(l.ben, "Asia/Kathmandu")
	l.lives(l.ben, "")
	if got := l.ben.get(views.MinePath).data("zone"); len(got) > 0 {
		t.Errorf("he lives by the clock of %q", got)
	}
}
