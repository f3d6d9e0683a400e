package web_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"time"

	"ricochet.example/app/share"
	"ricochet.example/app/visit"
	"ricochet.example/data"
	"ricochet.example/views"
)

// Ben's link is opened as people do, Amina's by one person with thirty browsers.
func TestAManagerSeesWhatLooksOddInACampaignAndWhy(t *testing.T) {
	l := launched(t)
	l.later(3 * time.Hour)
	review := "/campaigns/" + l.campaign + "/review"
	l.manager.get(review).wants(http.StatusOK).says("Nothing stands out")
	tokens := l.server.Tokens()
	l.update(func(ctx context.Context, tx *data.Tx) error {
		insert := func(token string, after time.Duration, device visit.Device, observed visit.Channel) error {
			ref, _ := tokens.Parse(token)
			_, err := data.Insert(ctx, tx, `INSERT INTO opens (link_id, opened_at, state, channel, observed, device) VALUES (?, ?, ?, 0, ?, ?)`,
				ref.ID, tx.Now().Add(after), int64(share.Counted), int64(observed), int64(device))
			return err
		}
		for i := range 30 {
			for range 2 {
				if err := insert(l.benLink, time.Duration(i)*time.Minute, visit.InApp, visit.Telegram); err != nil {
					return err
				}
			}
			if err := insert(l.link, time.Duration(i)*40*time.Minute, visit.Desktop, visit.Unknown); err != nil {
				return err
			}
		}
		return nil
	})
	l.later(24 * time.Hour)
	l.work()
	p := l.manager.get(review).wants(http.StatusOK)
	if listed := p.data("review"); !slices.Equal(listed, []string{l.link}) {
		t.Errorf("the page lists %q, not Amina's link %s alone", listed, l.link)
	}
	p.says("30 opens", "Without them the link would have 30 points less.", "100% came from a computer", "one about every 40")
	l.manager.get("/links/" + l.link).wants(http.StatusOK)
	l.board().standing(l.aminaID, 30, 30)
	left := p.form(views.RunPath(l.link)).send().to(review).says("30 opens are left out: people −30, score −30.", "Nothing stands out")
	l.board().standing(l.aminaID, 0, 0).standing(l.benID, 60, 60)
	p.form(views.RunPath(l.link)).send().to(review) // sent twice, decided once
	l.amina.post(views.RunPath(l.link), "opens", "1").wants(http.StatusNotFound)
	l.manager.post(views.RunPath(l.benLink), "opens", p.form(views.RunPath(l.link)).value("opens")+" x").to(review).says("That changed nothing")
	l.manager.get(views.DecisionsPath(l.campaign)).says("Left out a run: 30 opens")
	l.takesBackTheLast()
	l.board().standing(l.aminaID, 30, 30)
	if len(left.data("review")) > 0 {
		t.Errorf("what was left out is listed still")
	}
	l.manager.get("/campaigns/" + l.campaign).wants(http.StatusOK).says("To review")
	l.amina.get(review).wants(http.StatusNotFound)
}
