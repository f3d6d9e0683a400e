package web_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/message"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

// guest invites somebody into a squad in person, and returns where the invitation leads.
func (h *house) guest(squadPath, email string) (join string) {
	h.t.Helper()
	h.owner.post(squadPath+"/invite/send", "list", email, "language", "en", "ends_at", "").to(squadPath + "/guests").says("1 person was invited.")
	h.view(func(ctx context.Context, tx *data.Tx) error {
		code, err := data.One(ctx, tx, data.Text, `SELECT code FROM invitations WHERE squad_id = ? AND email = ? AND used = 0 AND revoked_at IS NULL`,
			strings.TrimPrefix(squadPath, "/squads/"), email)
		join = views.JoinPath(code)
		return err
	})
	return join
}

// count is what a query counts.
func (h *house) count(query string, args ...any) (n int64) {
	h.t.Helper()
	h.view(func(ctx context.Context, tx *data.Tx) (err error) {
		n, err = data.Int(ctx, tx, query, args...)
		return err
	})
	return n
}

// Amina came by one invitation and has another; taken out, she comes back by a new one only, and what she said
// to get in is forgotten.
func TestWhoWasTakenOutDoesNotComeBackByAnOldInvitation(t *testing.T) {
	h := found(t)
	lyon, join := h.picky("")
	amina, who := h.applied(join, "amina")
	old := h.guest(lyon, who.Email)
	at := h.wish(lyon, who)
	h.owner.get(at).form(at + "/accept").send().wants(http.StatusSeeOther)
	amina.get(lyon).wants(http.StatusOK)
	member := views.MemberPath(strings.TrimPrefix(lyon, "/squads/"), who.ID)
	h.owner.post(member, "do", "remove", "links", "go_on").to(lyon)
	for _, path := range []string{old, join} {
		if p := amina.get(path); p.status != http.StatusGone && p.status != http.StatusConflict {
			t.Errorf("%s answers %d to who was taken out", path, p.status)
		}
		amina.post(path, "answer1", "x", "answer2", "y")
		amina.get(lyon).wants(http.StatusNotFound)
	}
	if n := h.count(`SELECT count(*) FROM applications WHERE answers <> '[]' OR code <> ''`); n != 0 {
		t.Error("what she said is still there")
	}
	amina.post(h.guest(lyon, who.Email)).to(lyon)
}

// Ben is in the line by an invitation for him alone; he is refused, and no click undoes that.
func TestWhoIsRefusedDoesNotComeBackByAnOldInvitation(t *testing.T) {
	h := found(t)
	lyon := h.owner.squadNamed("Lyon", "1")
	join := h.owner.invitation(lyon, "", "")
	cleo, _ := h.signedIn("cleo@example.com", account.Ambassador)
	cleo.post(join).to(lyon)
	ben, who := h.signedIn("ben@example.com", account.Ambassador)
	own := h.guest(lyon, who.Email)
	ben.post(own).to(own).says("in line")
	at := h.wish(lyon, who)
	h.owner.get(at).form(at+"/decline").send("reason", "The season is over.").wants(http.StatusSeeOther)
	h.owner.get(lyon+"/edit").form(lyon).send("capacity", "5").to(lyon)
	ben.get(own).wants(http.StatusGone)
	ben.post(own).wants(http.StatusGone)
	ben.get(lyon).wants(http.StatusNotFound)
	// Dan has applied by the link that everybody has, and has one of his own.
	paris, join := h.picky("")
	dan, dans := h.applied(join, "dan")
	own = h.guest(paris, dans.Email)
	at = h.wish(paris, dans)
	h.owner.post(at+"/decline", "reason", "No").wants(http.StatusSeeOther)
	dan.post(own).wants(http.StatusGone)
	dan.get(paris).wants(http.StatusNotFound)
	// If they are wanted after all, they are invited anew.
	dan.post(h.guest(paris, dans.Email)).to(paris)
}

// Who applies by a link with few places, and then comes in another way or not at all, leaves the place.
func TestAPlaceOfALinkThatIsNotUsedIsFree(t *testing.T) {
	h := found(t)
	lyon := h.owner.squadNamed("Lyon", "")
	h.owner.get(lyon+"/edit").form(lyon).send("approval", "yes").to(lyon)
	join := h.owner.invitation(lyon, "1", "")
	used := func(want int64) {
		t.Helper()
		if n := h.count(`SELECT sum(used) FROM invitations WHERE email = ''`); n != want {
			t.Errorf("%d places of the link are taken, not %d", n, want)
		}
	}
	ana, anas := h.signedIn("ana@example.com", account.Ambassador)
	ana.post(join).to(join)
	used(1)
	ana.post(h.guest(lyon, anas.Email)).to(lyon)
	used(0)
	ben, bens := h.signedIn("ben@example.com", account.Ambassador)
	ben.post(join).to(join)
	used(1)
	ben.post("/me/erase", "email", bens.Email).to("/signin")
	used(0)
	// Full, the personal invitation leads into the line, and leaves the place as well.
	h.owner.get(lyon+"/edit").form(lyon).send("capacity", "1").to(lyon)
	dan, dans := h.signedIn("dan@example.com", account.Ambassador)
	dan.post(join).to(join)
	used(1)
	own := h.guest(lyon, dans.Email)
	dan.post(own).to(own)
	used(0)
}

// Amina and whoever never came have wanted nothing of us: nothing of them is left.
func TestWhoWasInvitedIsForgotten(t *testing.T) {
	h := found(t)
	lyon, nice := h.owner.squadNamed("Lyon", ""), h.owner.squadNamed("Nice", "")
	amina, who := h.signedIn("amina@example.com", account.Ambassador)
	amina.post(h.guest(lyon, who.Email)).to(lyon)
	other := h.guest(nice, who.Email)
	h.owner.get(nice + "/guests").says("amina@example.com")
	h.owner.post(views.ErasePath(who.ID), "email", who.Email).to("/squads")
	if n := h.count(`SELECT count(*) FROM invitations WHERE email = 'amina@example.com' OR made_by = ?`, who.ID); n != 0 {
		t.Errorf("%d invitations name who was erased", n)
	}
	h.owner.get(nice + "/guests").lacks("amina@example.com")
	h.owner.post(strings.Replace(other, "/join", nice+"/guests", 1) + "/again").wants(http.StatusNotFound)
	if got := h.mailsOf(message.Invitation, who.Email); len(got) != 0 {
		t.Errorf("there are mails to who was erased: %q", got)
	}

	// Zoe wants no mails, Yan never came, and Xia may come still.
	zoes := h.guest(lyon, "zoe@example.com")
	h.browser().post(strings.Replace(zoes, "/join", "/unwanted", 1)).wants(http.StatusOK)
	h.owner.post(lyon+"/invite/send", "list", "yan@example.com", "language", "en", "ends_at", "2025-03-10").wants(http.StatusSeeOther)
	h.guest(lyon, "xia@example.com")
	left := func() (emails []string) {
		h.view(func(ctx context.Context, tx *data.Tx) (err error) {
			emails, err = data.All(ctx, tx, data.Text, `SELECT email FROM invitations WHERE email <> '' ORDER BY email`)
			return err
		})
		return emails
	}
	h.later(60 * 24 * time.Hour)
	h.update(squad.Forget)
	if got := left(); !slices.Equal(got, []string{"xia@example.com", "yan@example.com", "zoe@example.com"}) {
		t.Errorf("after two months there are %q", got)
	}
	h.later(40 * 24 * time.Hour)
	h.update(squad.Forget)
	if got := left(); !slices.Equal(got, []string{"xia@example.com"}) {
		t.Errorf("after three months there are %q", got)
	}
}

// There are two squads called Lyon. A list is for the one from whose page it is sent, and a captain's for theirs.
func TestAListIsForTheSquadItIsSentFromWhateverOthersAreCalled(t *testing.T) {
	h := found(t)
	lyon, nice := h.owner.squadNamed("Lyon", ""), h.owner.squadNamed("Nice", "")
	captain, _ := h.captain(lyon, "cleo@example.com")
	h.owner.squadNamed("Lyon", "")
	in := func(path string) int64 {
		return h.count(`SELECT count(*) FROM invitations WHERE email <> '' AND squad_id = ?`, strings.TrimPrefix(path, "/squads/"))
	}
	list := func(who, squad string) string { return "E-mail;Squad\n" + who + "@example.com;" + squad + "\n" }
	before := in(lyon)
	captain.post(lyon+"/invite/send", "list", list("ana", "lyon"), "language", "en", "ends_at", "2025-03-17").to(lyon + "/guests").says("1 person was invited.")
	h.owner.post(lyon+"/invite/send", "list", list("ben", "Lyon"), "language", "en", "ends_at", "").to(lyon + "/guests").says("1 person was invited.")
	if n := in(lyon) - before; n != 2 {
		t.Errorf("%d of 2 people were invited into this Lyon", n)
	}
	h.owner.post(nice+"/invite", "list", list("dan", "Lyon"), "language", "en", "ends_at", "").wants(http.StatusOK).says("2 squads are called Lyon")
	h.owner.post(nice+"/invite/send", "list", list("dan", "Lyon"), "language", "en", "ends_at", "").to(nice + "/guests").says("0 people were invited.")
}

// A nervous captain presses "Send again" all day; Ana gets one mail a day.
func TestAnInvitationIsSentAgainOnceADay(t *testing.T) {
	h := found(t)
	lyon := h.owner.squadNamed("Lyon", "")
	captain, _ := h.captain(lyon, "cleo@example.com")
	again := strings.Replace(h.guest(lyon, "ana@example.com"), "/join", lyon+"/guests", 1) + "/again"
	mails := func(want int) {
		t.Helper()
		if got := len(h.mailsOf(message.Invitation, "ana@example.com")); got != want {
			t.Errorf("%d mails were written to Ana, not %d", got, want)
		}
	}
	captain.post(again).to(lyon + "/guests").says("less than a day ago")
	mails(1)
	h.later(24 * time.Hour)
	captain.post(again).to(lyon + "/guests").says("sent again")
	captain.post(again).to(lyon + "/guests").says("less than a day ago")
	mails(2)
	// One that did not arrive keeps nobody waiting.
	h.update(func(ctx context.Context, tx *data.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE mails SET state = 'failed' WHERE recipient = 'ana@example.com'`)
		return err
	})
	captain.post(again).to(lyon + "/guests").says("sent again")
	mails(3)
}
