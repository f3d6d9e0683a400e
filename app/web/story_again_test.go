package web_test

import (
	"net/http"
	"testing"
	"time"

	"golang.org/x/net/html"
)

// again is where a page leads those who need another mail.
func (p *page) again(words string) string {
	p.t.Helper()
	for _, a := range all(p.doc, func(n *html.Node) bool { return n.Data == "a" }) {
		if textOf(a) == words {
			return attr(a, "href")
		}
	}
	p.t.Fatalf("%s: no link says %q", p.path, words)
	return ""
}

// Lea is invited and has no account: whoever asks for a code at the door of members gets no mail. So wherever she is sent
// for another one, it is to her invitation; and nothing doubts that she was sent the first.
func TestWhoIsInvitedAsksForAnotherCodeAtTheInvitation(t *testing.T) {
	h := found(t)
	lyon := h.owner.squadNamed("Lyon", "12")
	join := h.owner.invitation(lyon, "", "")
	lea := h.browser()
	typed := lea.get(join).form(join).send("email", "lea@example.com").to("/signin/code").says("We have just sent a link and a code to lea@example.com").lacks("belongs to a member")
	if got := typed.again("Ask for another code"); got != join {
		t.Errorf("another code is asked for at %s", got)
	}
	// She opens the mail in another browser than the one inside her messenger.
	link, code := h.link("lea@example.com"), h.code("lea@example.com")
	if got := h.browser().get(link).says("Go back to where you asked").again("Sign in here"); got != join {
		t.Errorf("in another browser she is sent to %s", got)
	}
	h.later(11 * time.Minute)
	over := typed.form("/signin/code").send("code", code).wants(http.StatusUnprocessableEntity)
	if got := over.again("Ask for another code"); got != join {
		t.Errorf("after ten minutes another code is asked for at %s", got)
	}
	if got := lea.get(link).wants(http.StatusNotFound).again("Ask for another code"); got != join {
		t.Errorf("after ten minutes the link leads to %s", got)
	}
	lea.get(join).form(join).send("email", "lea@example.com").to("/signin/code").form("/signin/code").send("code", h.code("lea@example.com")).wants(http.StatusSeeOther)
	lea.get(lyon).wants(http.StatusOK)
}

// Whoever asks again still gets to where they wanted to be.
func TestAnotherCodeLeadsToTheSamePage(t *testing.T) {
	h, max := withMax(t)
	typed := max.get("/squads/new").to("/signin?next=%2Fsquads%2Fnew").form("/signin").send("email", "max@novaska.example").to("/signin/code").says("belongs to a member")
	max.get(typed.again("Ask for another code")).form("/signin").send("email", "max@novaska.example").to("/signin/code").
		form("/signin/code").send("code", h.code("max@novaska.example")).to("/squads/new")
}
