package web_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/brand"
	"ricochet.example/app/message"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

// picky is a squad that asks two questions, and a link to it.
func (h *house) picky(capacity string) (path, join string) {
	h.t.Helper()
	path = h.owner.squadNamed("Lyon", capacity)
	h.owner.get(path+"/edit").form(path).send("approval", "yes", "agenda", "Tuesday 6.30, Prunelle stairs",
		"questions", "Where do you run?\n\n Who with? \n").to(path).says("Applications", "Tuesday 6.30")
	return path, h.owner.invitation(path, "", "")
}

// applied is a new ambassador who has answered.
func (h *house) applied(join, name string) (*browser, account.Account) {
	h.t.Helper()
	b, who := h.signedIn(name+"@example.com", account.Ambassador)
	b.get(join).form(join).send("answer1", "On the quays, says "+name, "answer2", "Alone").to(join).wants(http.StatusOK).says("Your application is there")
	return b, who
}

// wish is where a page of applications leads to for somebody.
func (h *house) wish(path string, who account.Account) string {
	h.t.Helper()
	var a squad.Application
	h.view(func(ctx context.Context, tx *data.Tx) (err error) {
		a, err = squad.ApplicationOf(ctx, tx, strings.TrimPrefix(path, "/squads/"), who.ID)
		return err
	})
	return views.ApplicationPath(a.SquadID, a.ID)
}

// mailsOf are the subjects of the mails of a kind to an address.
func (h *house) mailsOf(kind message.Kind, to string) (subjects []string) {
	h.t.Helper()
	h.view(func(ctx context.Context, tx *data.Tx) error {
		all, err := message.Latest(ctx, tx, 1000)
		for _, m := range all {
			if m.Kind == kind && m.To == to {
				subjects = append(subjects, m.Subject)
			}
		}
		return err
	})
	return subjects
}

// Ana has a link, no account, and something to say. The captain decides.
func TestAStrangerAppliesAndTheCaptainDecides(t *testing.T) {
	h := found(t)
	lyon, join := h.picky("")
	cleo, cleos := h.signedIn("cleo@example.com", account.Ambassador)
	h.update(func(ctx context.Context, tx *data.Tx) error {
		id := strings.TrimPrefix(lyon, "/squads/")
		g, err := squad.InviteGuest(ctx, tx, squad.Guest{Invitation: squad.Invitation{SquadID: id}, Email: cleos.Email, Language: "en"})
		if err != nil {
			return err
		}
		sq, err := squad.Join(ctx, tx, g.Code, cleos.ID) // invited in person, nobody is asked
		if err != nil {
			return err
		}
		sq.CaptainID = cleos.ID
		return squad.Change(ctx, tx, sq)
	})

	ana := h.french()
	ana.get(join).says("Candidater pour Lyon", "quelqu’un choisit qui entre").lacks("Where do you run?").
		form(join).send("email", "ana@example.com").to("/signin/code").
		form("/signin/code").send("code", h.code("ana@example.com")).follow().
		form("/me").send("name", "Ana Silva", "language", "fr").to(join)
	form := ana.get(join).wants(http.StatusOK).says("Where do you run?", "Who with?").form(join)
	again := form.send("answer1", "Sur les quais", "answer2", "  ").wants(http.StatusUnprocessableEntity).form(join)
	if again.value("answer1") != "Sur les quais" || again.problem("answer2") == "" || again.problem("answer1") != "" {
		t.Errorf("the answer is kept as %q, and the other says %q", again.value("answer1"), again.problem("answer2"))
	}
	again.send("answer1", "Sur les quais", "answer2", "Avec Inès").to(join).says("Ta candidature est arrivée", "Avec Inès")
	again.send("answer1", "Sur les quais", "answer2", "Avec Inès").to(join) // pressed twice
	ana.get(lyon).wants(http.StatusNotFound)
	ana.get("/").says("Lyon", "Ta candidature est arrivée")

	cleo.get("/").says("1 application")
	who := h.who("ana@example.com")
	cleo.get(lyon+"/applications").says("Ana Silva", "To decide")
	at := h.wish(lyon, who)
	cleo.get(at).says("Sur les quais", "Avec Inès", "Where do you run?").form(at+"/accept").send().to(lyon+"/applications").says("Ana Silva is in.", "Accepted")
	if got := h.mailsOf(message.Application, "ana@example.com"); len(got) != 1 || !strings.HasPrefix(got[0], "Tu es dans Lyon") {
		t.Errorf("Ana's mails: %q", got)
	}
	ana.get(lyon).wants(http.StatusOK).says("cleo", "Tuesday 6.30")

	// Ben does not get in, and reads why; he can apply again a month later.
	ben, bens := h.applied(join, "ben")
	at = h.wish(lyon, bens)
	cleo.get(at).form(at+"/decline").send("reason", "").wants(http.StatusUnprocessableEntity)
	cleo.get(at).form(at+"/decline").send("reason", "We look for people of the hills.").to(lyon + "/applications").says("tells ben")
	if m := h.mail("ben@example.com"); !strings.Contains(m.Body, "people of the hills") || !strings.Contains(m.HTML, "people of the hills") {
		t.Errorf("Ben reads %q", m.Body)
	}
	ben.get(join).wants(http.StatusConflict).says("Not this time", "people of the hills", "2 April 2025")
	ben.post(join, "answer1", "x", "answer2", "y").wants(http.StatusConflict)
	h.later(squad.AgainAfter)
	ben, _ = h.signedIn("ben@example.com", account.Ambassador)
	ben.get(join).wants(http.StatusOK).says("Where do you run?")

	// What they said is not kept for ever.
	h.later(60 * 24 * time.Hour)
	h.update(squad.Forget)
	h.view(func(ctx context.Context, tx *data.Tx) error {
		n, err := data.Int(ctx, tx, `SELECT count(*) FROM applications`)
		if n != 0 {
			t.Errorf("%d applications are kept", n)
		}
		return err
	})
}

// Two managers read the same application, and decide differently at the same moment.
func TestTwoManagersDecideAtOnceAndOneDecisionStands(t *testing.T) {
	h := found(t)
	lyon, join := h.picky("")
	for n := range 6 {
		_, who := h.applied(join, fmt.Sprintf("ana%d", n))
		at := h.wish(lyon, who)
		var all sync.WaitGroup
		for i := range 4 {
			max, _ := h.signedIn(fmt.Sprintf("max%d@novaska.example", i), account.Manager)
			all.Go(func() {
				if i%2 == 0 {
					max.post(at + "/accept").wants(http.StatusSeeOther)
				} else {
					max.post(at+"/decline", "reason", "No").wants(http.StatusSeeOther)
				}
			})
		}
		all.Wait()
		mails := h.mailsOf(message.Application, who.Email)
		in := false
		h.view(func(ctx context.Context, tx *data.Tx) (err error) {
			in, err = squad.IsMember(ctx, tx, strings.TrimPrefix(lyon, "/squads/"), who.ID)
			return err
		})
		if len(mails) != 1 || strings.HasPrefix(mails[0], "You are in") != in {
			t.Errorf("a member: %v, and the mails say %q", in, mails)
		}
		max, _ := h.signedIn("max0@novaska.example", account.Manager)
		max.post(at+"/decline", "reason", "No").to(at).says("Somebody was quicker", "Decided by max")
	}
}

// Whatever is asked at the same time, nobody gets a seat that there is not, nobody passes another in the line,
// and no seat stays empty while somebody waits.
func TestTheLineMovesUpInItsOrderAndNoSeatIsGivenTwice(t *testing.T) {
	h := found(t)
	lyon := h.owner.squadNamed("Lyon", "2")
	id := strings.TrimPrefix(lyon, "/squads/")
	join := h.owner.invitation(lyon, "", "")
	var people []account.Account
	var browsers []*browser
	for n := range 8 {
		h.later(time.Second)
		b, who := h.signedIn(fmt.Sprintf("m%d@example.com", n), account.Ambassador)
		b.post(join).wants(http.StatusSeeOther)
		people, browsers = append(people, who), append(browsers, b)
	}
	browsers[4].get(join).says("Place 3 in line")
	in := func() (names []string) {
		h.view(func(ctx context.Context, tx *data.Tx) error {
			all, err := squad.MembersOf(ctx, tx, id)
			for _, m := range all {
				names = append(names, m.Name)
			}
			return err
		})
		return names
	}
	seated := func(want ...string) {
		t.Helper()
		if got := in(); !slices.Equal(got, want) {
			t.Errorf("in the squad are %q, not %q", got, want)
		}
	}
	seated("m0", "m1")
	// One leaves, one is suspended in the line, one gives up, one is taken out.
	browsers[0].get(views.LeavePath(id)).form(views.LeavePath(id)).send("do", "leave").to("/").says("You have left Lyon")
	seated("m1", "m2")
	h.owner.get(views.SuspendPath(people[3].ID)).form(views.SuspendPath(people[3].ID)).send().to(views.SuspendPath(people[3].ID)).says("m3 is suspended")
	browsers[4].get(join).form(join + "/withdraw").send().to("/").says("not waiting for Lyon")
	h.owner.post(views.MemberPath(id, people[1].ID), "do", "remove", "links", "go_on").to(lyon)
	seated("m2", "m5")
	// Back again, m3 has the place from before.
	h.owner.post("/people/" + people[3].ID + "/readmit").wants(http.StatusSeeOther)
	h.owner.get(lyon+"/edit").form(lyon).send("capacity", "3").to(lyon)
	seated("m2", "m3", "m5")
	// One is erased.
	h.owner.post("/people/"+people[2].ID+"/erase", "email", people[2].Email).wants(http.StatusSeeOther)
	seated("m3", "m5", "m6")
	for _, n := range []int{2, 3, 5, 6} {
		mails := h.mailsOf(message.Application, people[n].Email)
		if n != 2 && (len(mails) != 1 || !strings.HasPrefix(mails[0], "You are in Lyon")) {
			t.Errorf("m%d got %q", n, mails)
		}
	}
	// Who was taken out does not come back by the link that everybody has.
	browsers[1].get(join).wants(http.StatusConflict).says("does not lead you into the squad")

	// Twelve come while the seats go up and members leave, all at once.
	var all sync.WaitGroup
	for n := range 12 {
		b, _ := h.signedIn(fmt.Sprintf("late%02d@example.com", n), account.Ambassador)
		all.Go(func() { b.post(join).wants(http.StatusSeeOther) })
	}
	all.Go(func() { h.owner.post(lyon, "name", "Lyon", "capacity", "7").wants(http.StatusSeeOther) })
	all.Go(func() { browsers[5].post(views.LeavePath(id), "do", "leave").wants(http.StatusSeeOther) })
	all.Go(func() {
		h.owner.post(views.MemberPath(id, people[6].ID), "do", "remove", "links", "stop").wants(http.StatusSeeOther)
	})
	all.Wait()
	h.owner.get(lyon).says("7 of 7 seats", "7 in line")
	// Without a limit all are in.
	h.owner.get(lyon+"/edit").form(lyon).send("capacity", "").to(lyon).says("14 members")
}

// Max gives Amina a break, with her links; the captain may, too, and ends it.
func TestABreakEndsAccessAtTheNextRequestAndLinksStopAsChosen(t *testing.T) {
	l := sharing(t)
	id, other := l.aminaID, l.reader()
	at := views.MemberPath(l.squad, id)
	l.amina.get(views.DropPath(l.drop)).wants(http.StatusOK)
	other.get("/s/" + l.link).wants(http.StatusOK)
	l.manager.get(at).form(at).send("do", "pause", "links", "stop").to(at).says("On a break")
	l.amina.get(views.DropPath(l.drop)).wants(http.StatusNotFound)
	l.amina.get(views.SquadPath(l.squad)).wants(http.StatusNotFound)
	l.amina.get("/").wants(http.StatusOK).says("gave you a break").lacks("The Halo")
	l.amina.post(views.SquadPath(l.squad) + "/resume").wants(http.StatusNotFound) // not hers to end
	other.get("/s/" + l.link).wants(http.StatusGone)
	l.manager.get(at).form(at + "/resume").send().to(at).says("The break is over")
	l.amina.get(views.DropPath(l.drop)).wants(http.StatusOK)
	other.get("/s/" + l.link).wants(http.StatusOK)

	// Her own break is hers to end, and what she shared goes on. A link that was stopped for another reason stays so.
	l.manager.post("/links/"+l.link+"/stop", "note", "A mistake").wants(http.StatusSeeOther)
	l.later(time.Minute)
	leave := views.LeavePath(l.squad)
	l.amina.get(leave).form(leave).send("do", "pause").to("/").says("You are on a break from Lyon").
		form(views.SquadPath(l.squad) + "/resume").send().to(views.SquadPath(l.squad)).says("Good to have you back")
	other.get("/s/" + l.link).wants(http.StatusGone)

	// Suspended, Ben is out everywhere at once, and his link stops until he is in again.
	suspend := views.SuspendPath(l.benID)
	l.manager.get(suspend).form(suspend).send("links", "stop").to(suspend).says("is suspended")
	l.ben.get("/").to("/signin")
	other.get("/s/" + l.benLink).wants(http.StatusGone)
	l.manager.get(suspend).form("/people/" + l.benID + "/readmit").send().to(suspend).says("can sign in again")
	other.get("/s/" + l.benLink).wants(http.StatusOK)
	// Taken out with the links going on, he reads nothing more, and his readers do.
	at = views.MemberPath(l.squad, l.benID)
	l.manager.get(at).form(at).send("do", "remove", "links", "go_on").to(views.SquadPath(l.squad)).lacks("ben@")
	other.get("/s/" + l.benLink).wants(http.StatusOK)
}

// A link that is stopped for two reasons is followed again when both are over.
func TestALinkStaysStoppedUntilEveryReasonIsOver(t *testing.T) {
	pause := func(l *launch) {
		l.manager.post(views.MemberPath(l.squad, l.aminaID), "do", "pause", "links", "stop").wants(http.StatusSeeOther)
	}
	goOn := func(l *launch) {
		l.manager.post(views.MemberPath(l.squad, l.aminaID) + "/resume").wants(http.StatusSeeOther)
	}
	suspend := func(l *launch) {
		l.manager.post(views.SuspendPath(l.aminaID), "links", "stop").wants(http.StatusSeeOther)
	}
	readmit := func(l *launch) { l.manager.post("/people/" + l.aminaID + "/readmit").wants(http.StatusSeeOther) }
	remove := func(links string) func(l *launch) {
		return func(l *launch) {
			l.manager.post(views.MemberPath(l.squad, l.aminaID), "do", "remove", "links", links).wants(http.StatusSeeOther)
		}
	}
	for name, c := range map[string]struct {
		steps []func(*launch)
		last  int // what the last step leaves
	}{
		"a break, then suspended, and back in the order": {[]func(*launch){pause, suspend, goOn, readmit}, http.StatusOK},
		"and the other way round":                        {[]func(*launch){pause, suspend, readmit, goOn}, http.StatusOK},
		"suspended, then a break":                        {[]func(*launch){suspend, pause, goOn, readmit}, http.StatusOK},
		"and the other way round again":                  {[]func(*launch){suspend, pause, readmit, goOn}, http.StatusOK},
		"suspended, then taken out":                      {[]func(*launch){suspend, remove("stop"), readmit}, http.StatusGone},
		"taken out while the links go on":                {[]func(*launch){suspend, remove("go_on"), readmit}, http.StatusOK},
		"a break, suspended, taken out":                  {[]func(*launch){pause, suspend, remove("stop"), readmit}, http.StatusGone},
	} {
		l := sharing(t)
		reader := l.reader()
		for n, step := range c.steps {
			l.later(time.Minute)
			step(l)
			want := http.StatusGone
			if n == len(c.steps)-1 {
				want = c.last
			}
			if got := reader.get("/s/" + l.link).status; got != want {
				t.Errorf("%s: after step %d the link answers %d, not %d", name, n+1, got, want)
			}
		}
	}
}

// What a captain does for their squad; and what they do not, there and elsewhere.
func TestACaptainDoesForTheirSquadWhatManagersDoAndNothingElse(t *testing.T) {
	l := sharing(t)
	nice := l.squadOf("Nice", 0)
	lyon := views.SquadPath(l.squad)
	l.manager.get(lyon+"/edit").form(lyon).send("captain", l.aminaID).to(lyon)
	page := l.amina.get(lyon).wants(http.StatusOK).says("A new invitation", "ben@example.com")
	page.form(lyon+"/invitations").send("cap", "3").to(lyon).says("0 of 3 came")
	l.amina.get(lyon+"/edit").form(lyon).send("about", "We run up.").to(lyon).says("We run up.")
	plan := l.amina.get(lyon+"/invite").form(lyon+"/invite").send("list", "E-mail;Squad\nzoe@example.com;\nyan@example.com;Nice\n").wants(http.StatusOK)
	plan.says("zoe@example.com", "Send 1 invitation")
	// A form that was tampered with invites into no other squad either.
	l.amina.post(lyon+"/invite/send", "list", "E-mail;Squad\nyan@example.com;Nice\n", "language", "en", "ends_at", "2025-03-17").wants(http.StatusSeeOther)
	l.view(func(ctx context.Context, tx *data.Tx) error {
		n, err := squad.CountGuests(ctx, tx, nice.ID)
		if n != 0 {
			t.Error("a captain invited into another squad")
		}
		return err
	})
	for _, path := range []string{
		views.SquadPath(nice.ID), views.SquadPath(nice.ID) + "/edit", views.ApplicationsPath(nice.ID), "/squads", "/squads/new", "/campaigns", "/settings", "/outbox",
		views.SuspendPath(l.benID), views.ErasePath(l.benID), views.LinkPath(l.benLink), views.AmbassadorPath(l.benID), views.EditPath(l.drop), views.ReleasePath(l.drop),
		views.MemberPath(nice.ID, l.benID),
	} {
		l.amina.get(path).wants(http.StatusNotFound)
	}
	for _, path := range []string{views.SquadPath(nice.ID), views.SquadPath(nice.ID) + "/invitations", views.SuspendPath(l.benID), "/links/" + l.benLink + "/stop"} {
		l.amina.post(path, "name", "Mine", "links", "go_on").wants(http.StatusNotFound)
	}
	// On a break she leads nothing, and neither once somebody else does.
	leave := views.LeavePath(l.squad)
	l.amina.post(leave, "do", "pause").wants(http.StatusSeeOther)
	l.amina.get(lyon + "/edit").wants(http.StatusNotFound)
	l.amina.post(lyon + "/resume").wants(http.StatusSeeOther)
	l.manager.get(lyon+"/edit").form(lyon).send("captain", l.benID).to(lyon)
	l.amina.get(lyon + "/edit").wants(http.StatusNotFound)
	l.amina.post(lyon, "name", "Mine").wants(http.StatusNotFound)
}

// The brand asks for the age: Ana is 25, Theo 17, and Zoe, 15, is refused kindly and forgotten.
func TestTheAgeIsABandAndAGuardianAgreesForMinors(t *testing.T) {
	h := found(t)
	h.owner.get("/settings").form("/settings/ages").send("ages", string(brand.WithGuardian)).to("/settings").says("Saved.")
	lyon := h.owner.squadNamed("Lyon", "")
	join := h.owner.invitation(lyon, "", "")

	ana, _ := h.signedIn("ana@example.com", account.Ambassador)
	form := ana.get(join).says("How old are you?").form(join)
	if p := form.send().wants(http.StatusUnprocessableEntity).form(join); p.problem("age") == "" {
		t.Error("nothing is said at the age that is missing")
	}
	form.send("age", "adult").to(lyon)

	zoe := h.browser()
	zoe.get(join).form(join).send("email", "zoe@example.com").to("/signin/code").
		form("/signin/code").send("code", h.code("zoe@example.com")).follow().form("/me").send("name", "Zoe").to(join).
		form(join).send("age", "young").wants(http.StatusOK).says("See you in a while", "from 16 years on")
	zoe.get("/").to("/signin")
	h.view(func(ctx context.Context, tx *data.Tx) error {
		n, err := data.Int(ctx, tx, `SELECT count(*) FROM accounts WHERE email = 'zoe@example.com'`)
		if n != 0 {
			t.Error("Zoe's account is still there")
		}
		return err
	})

	theo, theos := h.signedIn("theo@example.com", account.Ambassador)
	refused := theo.get(join).form(join).send("age", "minor", "guardian", "THEO@example.com").wants(http.StatusUnprocessableEntity).form(join)
	if !strings.Contains(refused.problem("guardian"), "your own address") || refused.value("guardian") != "THEO@example.com" || refused.value("age") != "minor" {
		t.Errorf("at the guardian stands %q", refused.problem("guardian"))
	}
	refused.send("guardian", "mum@example.com").to(join).says("A guardian has to agree", "mum@example.com")
	theo.get(lyon).wants(http.StatusNotFound)
	h.owner.get(lyon+"/applications").says("Waiting for a guardian", "theo")

	asked := h.mail("mum@example.com")
	_, at, found := strings.Cut(asked.Body, h.base)
	if at, _, _ = strings.Cut(at, "\n"); !found || !strings.HasPrefix(at, "/guardian/") {
		t.Fatalf("the guardian reads %q", asked.Body)
	}
	mum := h.browser()
	mum.get(at).says("May theo take part?")
	theo.get(lyon).wants(http.StatusNotFound) // looking decides nothing
	mum.get(at).form(at).send().wants(http.StatusUnprocessableEntity)
	mum.get(at).form(at).send("agree", "yes").wants(http.StatusOK).says("theo can go on")
	mum.post(at, "agree", "no").wants(http.StatusOK).says("theo can go on")
	theo.get(lyon).wants(http.StatusOK)
	h.owner.get(views.MemberPath(strings.TrimPrefix(lyon, "/squads/"), theos.ID)).says("16 or 17 years old", "mum@example.com")
	ana.get(lyon).wants(http.StatusOK).says("theo").lacks("16 or 17", "mum@example.com")

	// Luis' father does not agree.
	luis, luises := h.signedIn("luis@example.com", account.Ambassador)
	luis.get(join).form(join).send("age", "minor", "guardian", "dad@example.com").to(join)
	_, at, _ = strings.Cut(h.mail("dad@example.com").Body, h.base)
	at, _, _ = strings.Cut(at, "\n")
	h.browser().post(at, "agree", "no").wants(http.StatusOK).says("does not take part")
	if m := h.mail("luis@example.com"); !strings.Contains(m.Body, "does not agree") {
		t.Errorf("Luis reads %q", m.Body)
	}
	luis.get(lyon).wants(http.StatusNotFound)
	h.browser().get(at).wants(http.StatusNotFound)
	h.view(func(ctx context.Context, tx *data.Tx) error {
		n, err := data.Int(ctx, tx, `SELECT count(*) FROM ages WHERE account_id = ? AND (guardian <> '' OR code IS NOT NULL)`, luises.ID)
		if n != 0 {
			t.Error("the father's address is still there")
		}
		return err
	})

	// Nobody is written to over and over because somebody types their address.
	for n := range 4 {
		nosy, _ := h.signedIn(fmt.Sprintf("nosy%d@example.com", n), account.Ambassador)
		p := nosy.get(join).form(join).send("age", "minor", "guardian", "aunt@example.com")
		if n < 3 {
			p.to(join).form(join + "/withdraw").send().to("/")
			nosy.get(join).says("How old are you?")
		} else if got := p.wants(http.StatusUnprocessableEntity).form(join).problem("guardian"); !strings.Contains(got, "today") {
			t.Errorf("at the guardian stands %q", got)
		}
	}

	// Where only adults are taken, 16 is too young; and nobody is asked where the brand does not.
	h.owner.get("/settings").form("/settings/ages").send("ages", string(brand.AdultsOnly)).to("/settings")
	uma, _ := h.signedIn("uma@example.com", account.Ambassador)
	uma.get(join).lacks("16 or 17", "guardian").form(join).send("age", "young").wants(http.StatusOK).says("from 18 years on")
	h.owner.get("/settings").form("/settings/ages").send("ages", "").to("/settings")
	vic, _ := h.signedIn("vic@example.com", account.Ambassador)
	vic.post(join).to(lyon)
}
