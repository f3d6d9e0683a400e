package web_test

import (
	"context"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"

	"ricochet.example/app/account"
	"ricochet.example/app/notice"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/static"
	"ricochet.example/views"
)

// fellowsPages is everything that Ben can open, by its address, with Amina's things and with his own.
func (l *launch) fellowsPages() map[string]*page {
	l.t.Helper()
	opened := map[string]*page{}
	door := path.Base(l.door(l.drop))
	for _, own := range []bool{false, true} {
		member, token := l.aminaID, l.link
		if own {
			member, token = l.benID, l.benLink
		}
		values := map[string]string{
			"squad": l.squad, "campaign": l.campaign, "drop": l.drop, "member": member, "token": token, "channel": "whatsapp",
			"door": door, "notice": l.server.UnsubscribeCode(l.benID, notice.Opened), "file": path.Base(static.Path("app.css")),
		}
		for _, rt := range l.server.Routes() {
			if rt.Method != http.MethodGet {
				continue
			}
			at := wildcard.ReplaceAllStringFunc(strings.ReplaceAll(rt.Pattern, "{$}", ""), func(name string) string { return values[strings.Trim(name, "{.}")] })
			for _, query := range []string{"", "?page=1", "?period=all", "?period=week", "?squad=" + l.squad, "?campaign=" + l.campaign, "?drop=" + l.drop + "&period=campaign"} {
				if query != "" && !rt.Page {
					continue
				}
				if p := l.ben.get(at + query); p.status == http.StatusOK {
					opened[at+query] = p
				}
			}
		}
	}
	return opened
}

// Amina chooses how other members see her, and that holds wherever one of them looks: the real name stands on no
// page of theirs once she hides it, and on no leaderboard once she is known by initials.
func TestANameIsShownToOtherMembersAsItsOwnerChose(t *testing.T) {
	l := sharing(t)
	l.update(func(ctx context.Context, tx *data.Tx) error {
		return account.Rename(ctx, tx, l.aminaID, "Zerlina Quistgaard", "en")
	})
	l.reader().opens(l.reader().opens(l.link))
	l.reader().opens(l.benLink)
	l.work()
	board, inSquad := views.BoardPath(l.campaign), views.SquadPath(l.squad)
	for _, c := range []struct {
		shown          account.Shown
		named          bool
		squad, elsehow string // what is read in the squad, and elsewhere
	}{
		{account.InSquad, false, "Zerlina Quistgaard", "Z. Q."},
		{account.ByName, true, "Zerlina Quistgaard", "Zerlina Quistgaard"},
		{account.ByInitials, true, "Z. Q.", "Z. Q."},
		{account.Hidden, true, "A member", "A member"},
	} {
		me := l.amina.get("/me").form("/me")
		me.values.Del("named")
		if c.named {
			me.values.Set("named", "true")
		}
		me.send("shown", string(c.shown)).to("/me").wants(http.StatusOK)
		l.work()
		pages := l.fellowsPages()
		if len(pages) < 60 {
			t.Fatalf("Ben can open only %d pages", len(pages))
		}
		for _, at := range []string{inSquad, inSquad + "?page=1", board, board + "?squad=" + l.squad, "/", "/s/" + l.link} {
			if pages[at] == nil {
				t.Errorf("%s was not looked at", at)
			}
		}
		var naming []string
		for at, p := range pages {
			text := p.body + p.header.Get("Content-Disposition")
			if strings.Contains(text, "Zerlina") || strings.Contains(text, "Quistgaard") || strings.Contains(text, url.QueryEscape("Zerlina")) {
				naming = append(naming, at)
			}
			if strings.Contains(text, "amina@example.com") {
				t.Errorf("%s: her address stands on %s", c.shown, at)
			}
			if c.shown == account.Hidden && p.doc != nil && strings.Contains(p.text(), "Z. Q.") {
				t.Errorf("%s: her initials stand on %s", c.shown, at)
			}
		}
		slices.Sort(naming)
		if mayBe := c.shown == account.InSquad || c.shown == account.ByName; !mayBe && len(naming) > 0 {
			t.Errorf("%s: her name stands on %q", c.shown, naming)
		} else if mayBe && len(naming) == 0 {
			t.Errorf("%s: her name stands nowhere", c.shown)
		}
		pages[inSquad].says(c.squad)
		reader := l.reader().get("/s/" + l.link).wants(http.StatusOK)
		switch {
		case !c.named || c.shown == account.Hidden:
			reader.lacks("From Zerlina", "From Z.")
		case c.shown == account.ByInitials:
			reader.says("From Z. Q.").lacks("Zerlina")
		default:
			reader.says("From Zerlina").lacks("Quistgaard")
		}
		pages[board].says(c.elsehow)
		if c.elsehow != c.squad {
			pages[board].lacks(c.squad)
		}
		pages[board+"?squad="+l.squad].says(c.squad)
		l.amina.get(board).says("Zerlina Quistgaard (you)")
		l.manager.get(board).says("Zerlina Quistgaard")
	}
	// Whoever leads the squad knows who is in it.
	l.update(func(ctx context.Context, tx *data.Tx) error {
		sq, err := squad.ByID(ctx, tx, l.squad)
		if err != nil {
			return err
		}
		sq.CaptainID = l.benID
		return squad.Change(ctx, tx, sq)
	})
	l.ben.get(inSquad).says("Zerlina Quistgaard")
	l.ben.get(board).lacks("Zerlina Quistgaard")
}
