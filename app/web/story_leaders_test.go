package web_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/audit"
	"ricochet.example/app/message"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

// captain makes somebody a member and the captain of a squad.
func (h *house) captain(path, email string) (*browser, account.Account) {
	h.t.Helper()
	b, who := h.signedIn(email, account.Ambassador)
	h.update(func(ctx context.Context, tx *data.Tx) error {
		sq, err := squad.ByID(ctx, tx, strings.TrimPrefix(path, "/squads/"))
		if err != nil {
			return err
		}
		i, err := squad.InviteGuest(ctx, tx, squad.Guest{Invitation: squad.Invitation{SquadID: sq.ID}, Email: who.Email, Language: "en"})
		if err != nil {
			return err
		}
		if sq, err = squad.Join(ctx, tx, i.Code, who.ID); err != nil {
			return err
		}
		sq.CaptainID = who.ID
		return squad.Change(ctx, tx, sq)
	})
	return b, who
}

func TestWhoDecidesHearsOfApplicationsGatheredOncePerHourAndNotIfTheyDoNotWantTo(t *testing.T) {
	h := found(t)
	lyon, join := h.picky("")
	cleo, cleos := h.captain(lyon, "cleo@example.com")
	_, others := h.signedIn("outside@example.com", account.Ambassador)
	max, maxs := h.signedIn("max@novaska.example", account.Manager)
	max.get("/me").form("/me").send("news", "").to("/me")

	news := func(to string) int { return len(h.mailsOf(message.News, to)) }
	h.applied(join, "ana")
	h.applied(join, "ben")
	h.later(time.Minute)
	h.work()
	h.work()
	for to, want := range map[string]int{cleos.Email: 1, "olga@novaska.example": 1, maxs.Email: 0, others.Email: 0} {
		if got := news(to); got != want {
			t.Errorf("%s got %d mails, not %d", to, got, want)
		}
	}
	if m := h.mail(cleos.Email); !strings.Contains(m.Body, "2 new applications for Lyon") || !strings.Contains(m.Body, lyon+"/applications") ||
		!strings.HasPrefix(m.Subject, "2 people want in") {
		t.Errorf("the captain reads %q: %q", m.Subject, m.Body)
	}
	// Whoever wants no more of them says so with one click, and is not signed in by it.
	end := h.mail("olga@novaska.example").Unsubscribe
	if !strings.HasPrefix(end, h.base+"/unsubscribe/") {
		t.Fatalf("they end at %q", end)
	}
	end = strings.TrimPrefix(end, h.base)
	stranger := h.browser()
	stranger.get(end).wants(http.StatusOK).says("People who want in")
	stranger.do(h.server, http.MethodPost, end, map[string][]string{"List-Unsubscribe": {"One-Click"}}, nil).wants(http.StatusOK).says("Done")
	// More come within the hour: they are told of after it, together.
	for n := range 3 {
		h.later(10 * time.Minute)
		h.applied(join, fmt.Sprintf("m%d", n))
		h.work()
	}
	if got := news(cleos.Email); got != 1 {
		t.Errorf("within the hour the captain got %d mails", got)
	}
	h.later(31 * time.Minute)
	h.work()
	if m := h.mail(cleos.Email); news(cleos.Email) != 2 || !strings.Contains(m.Body, "3 new applications") {
		t.Errorf("after the hour the captain has %d mails, the last %q", news(cleos.Email), m.Body)
	}
	h.later(5 * time.Hour)
	h.work()
	if got := news(cleos.Email); got != 2 {
		t.Errorf("without a new application the captain got mail %d", got)
	}
	// The switch goes both ways, and a member who decides nothing has none.
	cleo.get("/me").says("Mail me about new applications").form("/me").send("news", "").to("/me")
	h.applied(join, "zoe")
	h.later(time.Hour)
	h.work()
	if got := news(cleos.Email); got != 2 {
		t.Error("the captain was written to against their wish")
	}
	cleo.get("/me").form("/me").send("news", "yes").to("/me")
	h.later(time.Hour)
	h.work()
	if got := news(cleos.Email); got != 3 {
		t.Errorf("the captain wants mails again and has %d", got)
	}
	outside, _ := h.signedIn("outside@example.com", account.Ambassador)
	outside.get("/me").lacks("Mail me about new applications")
}

func TestWhatIsDoneToMembersAndApplicantsIsWrittenDown(t *testing.T) {
	h := found(t)
	lyon, join := h.picky("")
	cleo, cleos := h.captain(lyon, "cleo@example.com")
	_, anas := h.applied(join, "ana")
	_, bens := h.applied(join, "ben")
	at := h.wish(lyon, anas)
	cleo.get(at).form(at + "/accept").send().to(lyon + "/applications")
	at = h.wish(lyon, bens)
	cleo.get(at).form(at+"/decline").send("reason", "A secret reason").to(lyon + "/applications")
	id := strings.TrimPrefix(lyon, "/squads/")
	seat := views.MemberPath(id, anas.ID)
	h.owner.post(seat, "do", "pause", "links", "go_on").to(seat)
	h.owner.post(seat, "do", "pause", "links", "go_on").to(seat) // twice is once
	h.owner.post(seat + "/resume").to(seat)
	h.owner.post("/people/"+anas.ID+"/suspend", "links", "go_on").to("/people/" + anas.ID + "/suspend")
	h.owner.post("/people/" + anas.ID + "/readmit").to("/people/" + anas.ID + "/suspend")
	h.owner.post("/people/" + anas.ID + "/readmit").to("/people/" + anas.ID + "/suspend")
	h.owner.post(seat, "do", "remove", "links", "go_on").to(lyon)
	cleo, _ = h.signedIn(cleos.Email, account.Ambassador)
	cleo.post(lyon+"/leave", "do", "leave").to("/")

	var kinds []audit.Kind
	h.view(func(ctx context.Context, tx *data.Tx) error {
		acts, err := audit.Latest(ctx, tx, "", 50, 0)
		for _, a := range acts {
			if a.Note != "" || a.PersonID == "" || a.Name == "" {
				t.Errorf("%s says %+v", a.Kind, a)
			}
			kinds = append(kinds, a.Kind)
		}
		return err
	})
	slices.Reverse(kinds)
	want := []audit.Kind{
		audit.ApplicationAccepted, audit.ApplicationDeclined, audit.MemberPaused, audit.MemberResumed,
		audit.PersonSuspended, audit.PersonReadmitted, audit.MemberRemoved, audit.MemberLeft,
	}
	if !slices.Equal(kinds, want) {
		t.Errorf("written down are %q", kinds)
	}
	h.owner.get("/squads").says("What was decided")
	h.owner.get("/decisions").says("Took a member out of the squad", "Did not", "ana", "ben", "Lyon", "at their own wish")
	// Who is erased is named no more.
	h.owner.get("/people/"+bens.ID+"/erase").form("/people/"+bens.ID+"/erase").send("email", bens.Email).to("/squads")
	h.owner.get("/decisions").lacks(">ben<")
}

func TestACaptainsInvitationsEndWhenTheyAreTakenOut(t *testing.T) {
	for name, end := range map[string]func(h *house, lyon string, who account.Account){
		"removed": func(h *house, lyon string, who account.Account) {
			h.owner.post(views.MemberPath(strings.TrimPrefix(lyon, "/squads/"), who.ID), "do", "remove", "links", "go_on").to(lyon)
		},
		"suspended": func(h *house, _ string, who account.Account) {
			h.owner.post("/people/"+who.ID+"/suspend", "links", "go_on").wants(http.StatusSeeOther)
		},
	} {
		t.Run(name, func(t *testing.T) {
			h := found(t)
			lyon := h.owner.squadNamed("Lyon", "")
			cleo, cleos := h.captain(lyon, "cleo@example.com")
			theirs := cleo.invitation(lyon, "", "")
			ours := h.owner.invitation(lyon, "", "")
			end(h, lyon, cleos)
			ana, _ := h.signedIn("ana@example.com", account.Ambassador)
			ana.get(theirs).wants(http.StatusGone)
			ana.get(ours).wants(http.StatusOK)
		})
	}
}

// Ben has left. What he shared is stopped with one choice, and goes on with another.
func TestAllLinksOfWhoeverLeftStopOrGoOnWithOneChoice(t *testing.T) {
	l := sharing(t)
	l.ben.post(views.SquadPath(l.squad)+"/leave", "do", "leave").to("/")
	l.reader().get("/s/" + l.benLink).says("Croix-Rousse")
	at := views.PersonLinksPath(l.benID)
	l.manager.get("/decisions").says("Left the squad", "ben")
	l.manager.get(at).says("1 link goes on").form(at).send("links", "stop").to(at).says("1 link is stopped")
	l.reader().get("/s/" + l.benLink).lacks("Croix-Rousse")
	l.manager.get(at).form(at).send("links", "go_on").to(at).says("1 link goes on again")
	l.reader().get("/s/" + l.benLink).says("Croix-Rousse")
	_, stranger := l.signedIn("zoe@example.com", account.Ambassador)
	l.manager.get(views.PersonLinksPath(stranger.ID)).says("No links")
}

func TestApplicationsAreListedPageByPage(t *testing.T) {
	h := found(t)
	lyon, _ := h.picky("")
	id := strings.TrimPrefix(lyon, "/squads/")
	h.update(func(ctx context.Context, tx *data.Tx) error {
		for n := range 230 {
			a, err := account.Enrol(ctx, tx, fmt.Sprintf("p%03d@example.com", n), "en")
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO applications (id, squad_id, account_id, code, invited, answers, state, asked_at)
				VALUES (?, ?, ?, '', 0, '[]', 'asked', ?)`, fmt.Sprintf("a%03d", n), id, a.ID, tx.Now().Add(time.Duration(n)*time.Second)); err != nil {
				return err
			}
		}
		return nil
	})
	h.owner.get(lyon+"/applications").says("p000@example.com", "p049@example.com", "Show all").lacks("p050@example.com")
	h.owner.get(lyon+"/applications?stage=asked&page=5").says("p200@example.com", "p229@example.com").lacks("p199@example.com")
	h.owner.get(lyon + "/applications?stage=waiting").says("Waiting list").lacks("p000@example.com")
	h.owner.get(lyon + "/applications?stage=nonsense").says("p000@example.com")
}
