package web_test

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"ricochet.example/app/account"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

// Manel lets every member of Lyon give two invitations. Amina, the first of forty, gives one to Cleo, who gives one to
// Dino: each is credited to who gave it, and to nobody above.
func TestMembersGiveNumberedInvitations(t *testing.T) {
	l := newLaunch(found(t))
	lyon := views.SquadPath(l.squad)
	if got := l.amina.get(lyon).data("to-give"); len(got) != 0 {
		t.Errorf("before anybody decided it she has %q to give", got)
	}
	l.amina.post(views.GivePath(l.squad)).follow().says("You have given all of yours")
	l.manager.get(lyon+"/edit").form(lyon).send("gives", "51").wants(http.StatusUnprocessableEntity)
	l.manager.get(lyon+"/edit").form(lyon).send("gives", "2", "capacity", "40").to(lyon)
	place := "You are 1 of 40"
	if l.aminaID > l.benID { // both came in the same moment
		place = "You are 2 of 40"
	}
	first := l.amina.get(lyon).says(place, "You have 2 invitations to give").form(views.GivePath(l.squad)).send().to(lyon).says("No. 1", "You have 1 invitation to give")
	code := first.data("given")[0]
	l.ben.get(lyon).lacks(code)
	if to, err := url.Parse(first.again("Send by WhatsApp No. 1")); err != nil || to.Host != "wa.me" || !strings.Contains(to.Query().Get("text"), "squad “Lyon”") || !strings.HasSuffix(to.Query().Get("text"), views.JoinPath(code)) {
		t.Errorf("a tap opens %s: %v", to, err)
	}

	cleo, who := l.signedIn("cleo@example.com", account.Ambassador)
	cleo.get(views.JoinPath(code)).wants(http.StatusOK).form(views.JoinPath(code)).send().follow().says("You are in Lyon")
	l.reader().get(views.JoinPath(code)).wants(http.StatusGone) // one person each
	l.amina.get(lyon).says(l.nameOf(who.ID)+" joined", "2 people came by you", "You have 1 invitation to give")
	l.manager.get(views.MemberPath(l.squad, who.ID)).says("Invited by " + l.nameOf(l.aminaID))

	hers := cleo.get(lyon).says("You are 3 of 40").form(views.GivePath(l.squad)).send().to(lyon).data("given")[0]
	dino, other := l.signedIn("dino@example.com", account.Ambassador)
	dino.get(views.JoinPath(hers)).form(views.JoinPath(hers)).send().follow().says("You are in Lyon")
	l.manager.get(views.MemberPath(l.squad, other.ID)).says("Invited by " + l.nameOf(who.ID))
	l.amina.get(lyon).says("2 people came by you") // Ben and Cleo, and not Dino
	l.manager.get(views.MemberPath(l.squad, l.aminaID)).says("2 members came by them")

	// Who has left vouches for nobody.
	l.amina.get(lyon).form(views.GivePath(l.squad)).send().to(lyon)
	last := l.amina.get(lyon).data("given")[1]
	l.reader().get(views.JoinPath(last)).wants(http.StatusOK)
	l.amina.get(views.LeavePath(l.squad)).form(views.LeavePath(l.squad)).send("do", views.Pause).follow()
	l.reader().get(views.JoinPath(last)).wants(http.StatusGone)
	l.amina.post(views.GivePath(l.squad)).wants(http.StatusNotFound)
}

// A captain leads, but how many invitations members have is decided by the brand.
func TestHowManyInvitationsMembersGiveIsTheBrandsToDecide(t *testing.T) {
	l := newLaunch(found(t))
	lyon := views.SquadPath(l.squad)
	l.manager.get(lyon+"/edit").form(lyon).send("gives", "3", "captain", l.aminaID).to(lyon)
	l.amina.get(lyon + "/edit").lacks("Invitations each member has to give")
	l.amina.post(lyon, "name", "Lyon", "gives", "50", "captain", l.aminaID).to(lyon).says("You have 3 invitations to give")
}

// However often somebody presses, and with however many fingers, they give as many as they have.
func TestNobodyGivesMoreThanTheyHave(t *testing.T) {
	l := newLaunch(found(t))
	lyon := views.SquadPath(l.squad)
	l.manager.get(lyon+"/edit").form(lyon).send("gives", "3").to(lyon)
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			err := l.db.Update(t.Context(), func(tx *data.Tx) error {
				_, err := squad.Give(t.Context(), tx, l.squad, l.aminaID)
				return err
			})
			if err != nil && !errors.Is(err, squad.ErrNoneToGive) {
				t.Error(err)
			}
		})
	}
	group.Wait()
	l.view(func(ctx context.Context, tx *data.Tx) error {
		s, err := squad.ByID(ctx, tx, l.squad)
		if err != nil {
			return err
		}
		st, err := squad.StandingOf(ctx, tx, s, l.aminaID)
		if len(st.Given) != 3 || st.Left != 0 {
			t.Errorf("%d were given, %d are left", len(st.Given), st.Left)
		}
		return err
	})
}
