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
		"language": "fr", "url": h.base, "time_zone": "Europe/Paris",
		"label_en": "Commercial collaboration", "label_fr": "Collaboration commerciale",
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

// Each language has a disclosure of its own from the first page on: the one that is proposed, or what was typed.
func TestTheBrandDisclosesInBothLanguages(t *testing.T) {
	h := found(t, "label_fr", "Publicité")
	f := h.owner.get("/settings").wants(http.StatusOK).form("/settings")
	if en, fr := f.value("label_en"), f.value("label_fr"); en != "Commercial collaboration" || fr != "Publicité" {
		t.Errorf("the disclosures are %q and %q", en, fr)
	}
	again := f.send("label_en", strings.Repeat("a", 121), "label_fr", " ").wants(http.StatusUnprocessableEntity).form("/settings")
	if again.problem("label_en") == "" || again.problem("label_fr") == "" {
		t.Error("nobody says at the fields what is wrong")
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
