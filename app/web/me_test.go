package web_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
)

func TestAPersonChoosesTheirNameAndLanguage(t *testing.T) {
	h := found(t)
	ana, _ := h.signedIn("ana@example.com", account.Ambassador)
	saved := ana.get("/me").wants(http.StatusOK).form("/me").send("name", " Ana Silva ", "language", "fr").to("/me")
	saved.says("C’est enregistré.", "Tes connexions", "Accueil").lacks("Saved.")
	if got := saved.form("/me").value("name"); got != "Ana Silva" {
		t.Errorf("she is called %q", got)
	}
	ana.get("/me").lacks("C’est enregistré.") // said once
	// The person's choice comes before the browser's.
	if page := ana.get("/nothing/here").wants(http.StatusNotFound); page.language() != "fr" {
		t.Errorf("she is spoken to in %q", page.language())
	}
}

// language is that of the page.
func (p *page) language() string {
	for _, n := range all(p.doc, func(n *html.Node) bool { return n.Data == "html" }) {
		return attr(n, "lang")
	}
	return ""
}

func TestAPersonSeesTheirDevicesAndSignsThemOut(t *testing.T) {
	h := found(t)
	phone, who := h.signedIn("ana@example.com", account.Ambassador)
	phone.header.Set("User-Agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1")
	h.later(time.Minute)
	laptop, _ := h.signedIn(who.Email, account.Ambassador)
	h.later(time.Minute)
	library, _ := h.signedIn(who.Email, account.Ambassador)
	mine := laptop.get("/me").wants(http.StatusOK).says("Firefox · Linux", "This browser", "last used 3 March 2025, 12:01")
	if n := len(mine.data("session")); n != 3 {
		t.Fatalf("%d devices are shown, not 3", n)
	}
	// The one used last stands first: the library's.
	there := "/me/devices/" + mine.data("session")[0] + "/sign-out"
	mine.form(there).send().to("/me").says("Signed out there.")
	library.get("/me").to("/signin?next=%2Fme")
	phone.get("/me").wants(http.StatusOK)
	laptop.post("/me/devices/sign-out").to("/me").says("Signed out there.").lacks("Sign out everywhere else")
	phone.get("/me").to("/signin?next=%2Fme")

	// Nobody ends another person's session.
	ben, _ := h.signedIn("ben@example.com", account.Ambassador)
	here := laptop.get("/me").data("session")[0]
	ben.post("/me/devices/" + here + "/sign-out").to("/me")
	laptop.get("/me").wants(http.StatusOK)
	ben.post("/me/devices/none/sign-out").wants(http.StatusNotFound)
	// One's own browser can be signed out there too.
	laptop.post("/me/devices/" + here + "/sign-out").to("/signin").says("You are signed out.")
	laptop.get("/me").to("/signin?next=%2Fme")
}

func TestTheOwnerSeesWhatWasMailedAndNobodyElseDoes(t *testing.T) {
	h := found(t, "time_zone", "Europe/Paris")
	h.owner.get("/outbox").wants(http.StatusOK).says("No mail yet")
	max, who := h.signedIn("max@novaska.example", account.Manager)
	h.browser().post("/signin", "email", who.Email).to("/signin/code")
	shown := h.owner.get("/outbox").wants(http.StatusOK).says("Waiting", "to max@novaska.example", "3 March 2025, 13:00", h.code(who.Email), h.link(who.Email))
	if states := shown.data("state"); len(states) != 1 || states[0] != "waiting" {
		t.Errorf("the states are %q", states)
	}
	max.get("/outbox").wants(http.StatusNotFound)
	max.get("/").lacks("Outbox", "Settings")
	h.later(10 * time.Minute)
	h.owner.get("/outbox").says("Never sent", "whose time is over")
}

func TestTheOwnerChangesTheBrandAndAddsAManager(t *testing.T) {
	h := found(t)
	h.owner.get("/settings").form("/settings").send("name", "Novaska Running", "time_zone", "Asia/Tokyo", "label_en", "Advertising").to("/settings").says("Saved.", "Novaska Running")
	h.browser().get("/signin").says("Novaska Running")
	h.browser().post("/signin", "email", "olga@novaska.example").to("/signin/code")
	h.owner.get("/outbox").says("3 March 2025, 21:00")

	// Another server learns of it within the second.
	other := h.another()
	h.owner.get("/settings").form("/settings").send("name", "Novaska")
	if err := other.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	h.browser().do(other, http.MethodGet, "/signin", nil, nil).says("Novaska").lacks("Running")

	team := h.owner.get("/settings").form("/settings/team")
	team.send("name", "Max", "email", "Max@novaska.example").to("/settings").says("Max can sign in now.", "max@novaska.example", "Manager")
	again := team.send("name", "Max", "email", "max@novaska.example").wants(http.StatusUnprocessableEntity)
	if got := again.form("/settings/team").problem("email"); !strings.Contains(got, "is here already") {
		t.Errorf("the field says %q", got)
	}
	max := h.browser()
	max.signIn("max@novaska.example").wants(http.StatusOK).says("Overview")
	max.get("/settings").wants(http.StatusNotFound)
}

// The brand moves to https; its cookies are called otherwise from then on.
func TestWhoTurnsHTTPSOnStaysSignedIn(t *testing.T) {
	h := found(t)
	settings := h.owner.get("/settings").form("/settings")
	h.base = "https://drops.example"
	settings.send("url", h.base).to("/settings").wants(http.StatusOK).says("Settings", "Olga")
}
