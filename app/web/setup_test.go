package web_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestBeforeItIsSetUpEveryPageSaysWhereTheLinkWasPrinted(t *testing.T) {
	h := empty(t)
	h.browser().get("/").wants(http.StatusOK).says("This Ricochet is not set up yet", "printed when the server started")
	h.browser().get("/squads").wants(http.StatusNotFound).says("not set up yet")
	h.french().get("/").wants(http.StatusOK).says("Ce Ricochet n’est pas encore installé")
	h.browser().post("/signin", "email", "olga@novaska.example").wants(http.StatusNotFound).says("not set up yet")
	h.browser().get("/setup/" + strings.Repeat("x", 32)).wants(http.StatusNotFound).says("There is nothing here")
	h.browser().post("/setup/"+strings.Repeat("x", 32), "name", "Mine").wants(http.StatusNotFound)
}

func TestTheOwnerSetsUpOnceAndIsSignedIn(t *testing.T) {
	h := empty(t)
	olga := h.french()
	form := olga.get("/setup/" + h.token).wants(http.StatusOK).says("Installer Ricochet").form("/setup/" + h.token)
	for name, want := range map[string]string{
		"language": "fr", "url": h.base, "time_zone": "Europe/Paris", "label": "Collaboration commerciale",
	} {
		if got := form.value(name); got != want {
			t.Errorf("%s is proposed as %q, not %q", name, got, want)
		}
	}
	sent := form.send("name", "Novaska", "owner_name", "Olga", "email", "Olga@Novaska.example")
	sent.to("/").wants(http.StatusOK).says("Novaska", "Olga", "Pour commencer")
	// Sent twice: the second leads to the same place.
	form.send().to("/").wants(http.StatusOK).says("Pour commencer")
	h.browser().get("/setup/" + h.token).wants(http.StatusNotFound)
	h.browser().post("/setup/"+h.token, "name", "Mine").to("/").to("/signin").lacks("Mine")
}

func TestADisclosureThatWasOnlyProposedFollowsTheLanguage(t *testing.T) {
	h := found(t, "language", "fr")
	settings := h.owner.get("/settings").wants(http.StatusOK)
	if got := settings.form("/settings").value("label"); got != "Collaboration commerciale" {
		t.Errorf("the disclosure is %q", got)
	}
	h = found(t, "language", "fr", "label", "Publicité")
	if got := h.owner.get("/settings").form("/settings").value("label"); got != "Publicité" {
		t.Errorf("the disclosure is %q", got)
	}
}

func TestBehindHTTPSCookiesAreBoundToTheHost(t *testing.T) {
	h := empty(t)
	h.base = "https://drops.example"
	olga := h.browser()
	sent := olga.get("/setup/"+h.token).form("/setup/"+h.token).send("name", "Novaska", "url", h.base, "owner_name", "Olga", "email", "olga@novaska.example")
	cookie := sent.header.Get("Set-Cookie")
	for _, want := range []string{"__Host-ricochet=", "Path=/", "HttpOnly", "Secure", "SameSite=Lax"} {
		if !strings.Contains(cookie, want) {
			t.Errorf("the login cookie is without %s: %s", want, cookie)
		}
	}
	if strings.Contains(cookie, "Domain") {
		t.Errorf("the login cookie names a domain: %s", cookie)
	}
	sent.to("/").wants(http.StatusOK).says("Olga")
}
