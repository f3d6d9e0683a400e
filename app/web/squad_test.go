package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

// squadNamed founds a squad by the pages, and returns its path.
func (b *browser) squadNamed(name, capacity string) string {
	b.t.Helper()
	sent := b.get("/squads/new").wants(http.StatusOK).form("/squads").send("name", name, "city", "Lyon", "capacity", capacity)
	path := sent.wants(http.StatusSeeOther).header.Get("Location")
	b.get(path).wants(http.StatusOK).says(name)
	return path
}

// invitation makes an invitation to a squad by the pages, and returns its path.
func (b *browser) invitation(squadPath, seats, lastDay string) string {
	b.t.Helper()
	page := b.get(squadPath)
	before := page.data("invitation")
	page = page.form(squadPath+"/invitations").send("cap", seats, "ends_at", lastDay).to(squadPath)
	for _, code := range page.data("invitation") {
		if !slices.Contains(before, code) {
			return views.JoinPath(code)
		}
	}
	b.t.Fatalf("no new invitation on the page of the squad: %s", page.text())
	return ""
}

// From an installation that was just started to a squad with somebody in it.
func TestFromTheFirstStartToASquadWithAnAmbassador(t *testing.T) {
	h := empty(t)
	olga := h.browser()
	olga.get("/").says("not set up yet")
	start := olga.get("/setup/"+h.token).form("/setup/"+h.token).send("name", "Novaska", "owner_name", "Olga", "email", "olga@novaska.example").to("/")
	start.says("First steps", "Found a squad", "squads 0", "members 0", "drops 0")

	olga.get("/squads").says("No squad yet")
	lyon := olga.squadNamed("Lyon Runners", "40")
	olga.get("/squads").says("Lyon Runners", "0 of 40 seats")
	join := olga.invitation(lyon, "5", "2025-03-10")
	olga.get(lyon).says("0 of 5 came", "until 10 March 2025")
	if link := h.base + join; !strings.Contains(olga.get(lyon).body, link) {
		t.Errorf("the page of the squad does not show %s to copy", link)
	}

	// Amina reads French. She has no account yet.
	amina := h.french()
	invited := amina.get(join).wants(http.StatusOK).says("Rejoindre Lyon Runners", "Olga t’invite · Novaska", "Lyon")
	typed := invited.form(join).send("email", "amina.k@example.com").to("/signin/code")
	if m := h.mail("amina.k@example.com"); m.Subject != "Ta place dans Lyon Runners, squad Novaska" {
		t.Errorf("she is sent %q", m.Subject)
	}
	first := typed.form("/signin/code").send("code", h.code("amina.k@example.com")).to("/me?next=%2F")
	first.wants(http.StatusOK).says("Te voilà dans Lyon Runners.", "Comment t’appelles-tu\u202f?")
	if got := first.form("/me").value("name"); got != "Amina K" {
		t.Errorf("until she says what she is called, she is %q", got)
	}
	first.form("/me").send("name", "Amina", "time_zone", "Europe/Lisbon").to("/")
	if got := amina.get(views.MinePath).data("zone"); !slices.Equal(got, []string{"Europe/Lisbon"}) {
		t.Errorf("her browser said Europe/Lisbon, she lives by the clock of %q", got)
	}
	// Once it is known, it is hers to change, and no browser's.
	amina.get("/me?next=%2F").form("/me").send("time_zone", "Asia/Tokyo").to("/")
	amina.get("/me").lacks("time_zone")
	if got := amina.get(views.NoticesPath).form(views.NoticesPath).value("time_zone"); got != "Europe/Lisbon" {
		t.Errorf("another browser made it %q", got)
	}
	amina.get(lyon).wants(http.StatusOK).says("Lyon Runners", "Amina", "1 place").lacks("Invitations", "@example.com")
	amina.get("/").wants(http.StatusOK)
	// The invitation leads home from now on.
	amina.get(join).to("/")

	olga.get(lyon).says("1 of 5 came", "Amina", "amina.k@example.com")
	olga.get("/").says("squad 1", "member 1")

	// Ben has an account; he joins with one button.
	ben, _ := h.signedIn("ben@example.com", account.Ambassador)
	ben.get(lyon).wants(http.StatusNotFound)
	ben.get(join).wants(http.StatusOK).form(join).send().to(lyon).says("You are in Lyon Runners.", "Amina", "ben")
	ben.post(join).to(lyon) // pressed twice
	olga.get(lyon).says("2 of 5 came")
}

func TestWhyAnInvitationTakesNobody(t *testing.T) {
	h := found(t)
	open := h.owner.squadNamed("Open", "")
	once := h.owner.invitation(open, "1", "")
	short := h.owner.invitation(open, "", "2025-03-03") // today
	back := h.owner.invitation(open, "", "")

	ana, _ := h.signedIn("ana@example.com", account.Ambassador)
	ben, _ := h.signedIn("ben@example.com", account.Ambassador)
	ana.post(once).to(open)
	h.owner.get(open).form(open + "/invitations/" + strings.TrimPrefix(back, "/join/") + "/revoke").send().to(open).says("was taken back")
	h.owner.post(open + "/invitations/" + strings.TrimPrefix(back, "/join/") + "/revoke").to(open) // twice
	h.browser().get(short).wants(http.StatusOK)
	h.clock.Set(time.Date(2025, 3, 4, 0, 0, 0, 0, time.UTC).Add(-time.Millisecond))
	h.browser().get(short).wants(http.StatusOK)
	h.later(time.Millisecond)

	for _, c := range []struct {
		path   string
		status int
		says   string
	}{
		{once, http.StatusGone, "All seats of this invitation are taken"},
		{short, http.StatusGone, "This invitation has expired"},
		{back, http.StatusGone, "This invitation was taken back"},
		{views.JoinPath("00000000000000000000"), http.StatusNotFound, "We do not know this invitation"},
		{views.JoinPath("half"), http.StatusNotFound, "We do not know this invitation"},
		{views.JoinPath("%C3%A9t%C3%A9"), http.StatusNotFound, "We do not know this invitation"},
	} {
		for _, b := range []*browser{h.browser(), ben} {
			b.get(c.path).wants(c.status).says(c.says)
			b.post(c.path, "email", "carl@example.com").wants(c.status).says(c.says)
		}
	}
	h.view(func(ctx context.Context, tx *data.Tx) error {
		if _, err := account.ByEmail(ctx, tx, "carl@example.com"); !errors.Is(err, data.ErrNotFound) {
			t.Errorf("an account was made for nothing: %v", err)
		}
		return nil
	})
	// Who is in stays in, whatever became of the invitation.
	ana.get(once).to("/")
	ana.post(once).to(open)
	// However it is typed. (Staff are signed out by now.)
	olga, _ := h.signedIn("olga@novaska.example", account.Owner)
	code := strings.TrimPrefix(olga.invitation(open, "", ""), "/join/")
	ben.get("/join/" + strings.ToUpper(code[:5]) + "-" + code[5:]).wants(http.StatusOK).says("Join Open")
}

// The last seat goes while Dora looks for the code in her mails: she can wait for another.
func TestWhoseSeatGoesWhileTheySignInCanWaitInLine(t *testing.T) {
	h := found(t)
	small := h.owner.squadNamed("Small", "1")
	join := h.owner.invitation(small, "", "")
	dora := h.browser()
	typed := dora.get(join).form(join).send("email", "dora@example.com").to("/signin/code")
	ana, _ := h.signedIn("ana@example.com", account.Ambassador)
	ana.post(join).to(small)
	typed.form("/signin/code").send("code", h.code("dora@example.com")).to("/me?next="+url.QueryEscape(join)).
		form("/me").send("name", "Dora", "time_zone", "Mars/Olympus").to(join).wants(http.StatusOK).says("Every seat is taken"). // she did not type that
		form(join).send().to(join).says("Place 1 in line")
	if got := dora.get(views.MinePath).data("zone"); len(got) > 0 {
		t.Errorf("she lives by the clock of %q", got)
	}
	// Ben is a member elsewhere: he is signed in all the same.
	ben := h.browser()
	h.signedIn("ben@example.com", account.Ambassador)
	other := h.owner.invitation(h.owner.squadNamed("Other", "1"), "", "")
	typed = ben.get(other).form(other).send("email", "ben@example.com").to("/signin/code")
	ana.post(other).wants(http.StatusSeeOther)
	typed.form("/signin/code").send("code", h.code("ben@example.com")).to(other).wants(http.StatusOK).says("Every seat is taken")
	ben.get("/me").wants(http.StatusOK)
}

// An invitation that ends meanwhile makes no account.
func TestAnInvitationThatClosesWhileOneSignsInMakesNoAccount(t *testing.T) {
	h := found(t)
	once := h.owner.invitation(h.owner.squadNamed("Lyon", ""), "1", "")
	dora := h.browser()
	typed := dora.get(once).form(once).send("email", "dora@example.com").to("/signin/code")
	ana, _ := h.signedIn("ana@example.com", account.Ambassador)
	ana.post(once).wants(http.StatusSeeOther)
	typed.form("/signin/code").send("code", h.code("dora@example.com")).to(once).wants(http.StatusGone).says("All seats of this invitation are taken")
	dora.get("/").to("/signin")
}

func TestOfManyWhoPressTheButtonAtOnceOnlyTheSeatsAreTaken(t *testing.T) {
	h := found(t)
	small := h.owner.squadNamed("Small", "3")
	join := h.owner.invitation(small, "", "")
	var all sync.WaitGroup
	var mu sync.Mutex
	got := map[string]int{}
	for _, name := range strings.Fields("ana ben cleo dora eva finn gil hana") {
		b, _ := h.signedIn(name+"@example.com", account.Ambassador)
		all.Go(func() {
			to := b.post(join).wants(http.StatusSeeOther).header.Get("Location")
			mu.Lock()
			defer mu.Unlock()
			got[to]++
		})
	}
	all.Wait()
	if got[small] != 3 || got[join] != 5 {
		t.Errorf("three seats were asked for by eight: %v", got)
	}
	h.owner.get(small).says("3 of 3 seats", "5 in line")
}

func TestAFormThatIsSentTwiceMakesOneThing(t *testing.T) {
	h := found(t)
	form := h.owner.get("/squads/new").form("/squads")
	first := form.send("name", "Lyon").header.Get("Location")
	second := form.send("name", "Lyon").header.Get("Location")
	if first != second || first == "" {
		t.Errorf("sent twice, the form led to %q and %q", first, second)
	}
	invite := h.owner.get(first).form(first + "/invitations")
	invite.send().to(first)
	if n := len(invite.send().to(first).data("invitation")); n != 1 {
		t.Errorf("sent twice, the form made %d invitations", n)
	}
	campaign := h.owner.get("/campaigns/new").form("/campaigns")
	made := campaign.send("name", "Halo").header.Get("Location")
	if campaign.send("name", "Halo").header.Get("Location") != made {
		t.Error("sent twice, the form made two campaigns")
	}
	drop := h.owner.get("/drops/new?campaign=" + strings.TrimPrefix(made, "/campaigns/")).form("/drops")
	wrote := drop.send("title", "The Halo", "body", "We drew the sole.").wants(http.StatusSeeOther).header.Get("Location")
	if drop.send("title", "The Halo", "body", "We drew the sole.").header.Get("Location") != wrote {
		t.Error("sent twice, the form made two drops")
	}
	// A form that was filled in anew makes another.
	if third := h.owner.get("/squads/new").form("/squads").send("name", "Lyon").header.Get("Location"); third == first {
		t.Error("another form made nothing")
	}
	// So does one that came to nothing the first time.
	wrong := h.owner.get("/squads/new").form("/squads").send("name", "").wants(http.StatusUnprocessableEntity)
	wrong.form("/squads").send("name", "Nice").wants(http.StatusSeeOther)
}

func TestTheSquadsCaptainAndCapacity(t *testing.T) {
	h := found(t)
	lyon := h.owner.squadNamed("Lyon", "")
	join := h.owner.invitation(lyon, "", "")
	ana, anasAccount := h.signedIn("ana@example.com", account.Ambassador)
	ben, bensAccount := h.signedIn("ben@example.com", account.Ambassador)
	ana.post(join).to(lyon)
	ben.post(join).to(lyon)

	edit := h.owner.get(lyon + "/edit").wants(http.StatusOK).form(lyon)
	refused := edit.send("capacity", "1").wants(http.StatusUnprocessableEntity)
	if got := refused.form(lyon).problem("capacity"); !strings.Contains(got, "2 members are in this squad already") {
		t.Errorf("the capacity says %q", got)
	}
	edit.send("capacity", "2", "captain", anasAccount.ID, "name", "Lyon Centre").to(lyon).says("Saved.", "Lyon Centre", "Captain", "2 of 2 seats", "Full")
	ben.get(lyon).says("Captain").lacks("Edit the squad", "@example.com")

	// Somebody who is no member cannot lead it.
	out := h.owner.post(lyon, "name", "Lyon", "captain", h.who("olga@novaska.example").ID).wants(http.StatusUnprocessableEntity)
	if got := out.form(lyon).problem("captain"); !strings.Contains(got, "choose one of the options") {
		t.Errorf("the captain says %q", got)
	}

	// Ana is taken out, and sees it no more.
	out = h.owner.get(views.MemberPath(strings.TrimPrefix(lyon, "/squads/"), anasAccount.ID)).wants(http.StatusOK)
	out.form(lyon+"/members/"+anasAccount.ID).send("do", "remove").to(lyon).says("Taken out").lacks("ana@")
	ana.get(lyon).wants(http.StatusNotFound)
	h.owner.post(lyon+"/members/"+anasAccount.ID, "do", "remove", "links", "go_on").wants(http.StatusNotFound)
	h.view(func(ctx context.Context, tx *data.Tx) error {
		sq, err := squad.ByID(ctx, tx, strings.TrimPrefix(lyon, "/squads/"))
		if sq.CaptainID != "" || sq.Members != 1 {
			t.Errorf("after Ana left, the squad is %+v", sq)
		}
		in, e := squad.IsMember(ctx, tx, sq.ID, bensAccount.ID)
		if !in {
			t.Error("Ben left too")
		}
		return errors.Join(err, e)
	})
}

// who is the account of an address.
func (h *house) who(email string) (a account.Account) {
	h.t.Helper()
	h.view(func(ctx context.Context, tx *data.Tx) (err error) {
		a, err = account.ByEmail(ctx, tx, email)
		return err
	})
	return a
}
