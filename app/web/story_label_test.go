package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"ricochet.example/app/brand"
	"ricochet.example/data"
	"ricochet.example/views"
)

// disclosed fails the test unless a label stands on everything that is shared of the drop, and another on nothing.
func (l *launch) disclosed(label, other string) {
	l.t.Helper()
	if got := sent(l.t, l.amina.get("/go/"+l.link+"/whatsapp").wants(http.StatusFound)); !strings.Contains(got, "("+label+")") || strings.Contains(got, other) {
		l.t.Errorf("Amina sends %q", got)
	}
	for _, token := range []string{l.link, l.benLink} {
		page := l.reader().get("/s/" + token).wants(http.StatusOK).says(label).lacks(other)
		if got := page.body; strings.Contains(got, other) {
			l.t.Errorf("%q stands on the page", other)
		}
	}
	if got := sent(l.t, l.reader().get("/go/"+l.link+"/whatsapp").wants(http.StatusFound)); !strings.Contains(got, "("+label+")") {
		l.t.Errorf("a reader sends %q", got)
	}
	l.amina.get(views.DropPath(l.drop)).says(label).lacks(other)
	l.manager.get(views.EditPath(l.drop)).says(label).lacks(other)
}

// The brand's disclosure stands on a drop until its campaign has one in the drop's language. It stands on every
// link that ever went out at once, and nobody who shares can take it away.
func TestACampaignDisclosesInItsOwnWords(t *testing.T) {
	l := sharing(t)
	const ours, theirs = "Commercial collaboration", "Paid partnership with Novaska"
	l.disclosed(ours, theirs)
	card := func() string { return l.reader("User-Agent", whatsApp).get("/s/" + l.link).meta("og:image") }
	before := card()

	at := views.CampaignPath(l.campaign)
	edit := func() *form { return l.manager.get(at + "/edit").wants(http.StatusOK).form(at) }
	again := edit().send("label_en", theirs, "label_fr", strings.Repeat("é", 121)).wants(http.StatusUnprocessableEntity).form(at)
	if again.problem("label_fr") == "" || again.value("label_en") != theirs {
		t.Errorf("at the field stands %q, and the other has %q", again.problem("label_fr"), again.value("label_en"))
	}
	l.disclosed(ours, theirs)

	again.send("label_fr", "Partenariat rémunéré").to(at)
	l.disclosed(theirs, ours)
	if now := card(); now == before {
		t.Error("the card is the one that messengers have kept")
	}
	f := edit()
	if f.value("label_en") != theirs || f.value("label_fr") != "Partenariat rémunéré" {
		t.Errorf("the form has %q and %q", f.value("label_en"), f.value("label_fr"))
	}
	// A drop in French has the French one.
	l.manager.get(views.EditPath(l.drop)).form(views.DropPath(l.drop)).send("language", "fr").follow()
	l.disclosed("Partenariat rémunéré", theirs)
	// Without one, the brand's stands again: the one in French.
	f.send("label_fr", " ").to(at)
	l.disclosed("Collaboration commerciale", "Partenariat rémunéré")
	made := l.manager.get("/campaigns/new").form("/campaigns").send("name", "Summer", "label_fr", "Publicité").follow()
	if got := l.manager.get(made.path + "/edit").form(made.path).value("label_fr"); got != "Publicité" {
		t.Errorf("a new campaign discloses %q", got)
	}
}

// An installation from before the brand had a disclosure in each language says the same one in both, until its owner
// says otherwise. A drop carries that of its language, and none carries the other.
func TestTheOldDisclosureStandsInBothLanguagesUntilItIsChanged(t *testing.T) {
	l := sharing(t)
	l.update(func(ctx context.Context, tx *data.Tx) error {
		if _, err := tx.Exec(ctx, `UPDATE brand SET label = 'Publicité · Advertisement', label_fr = ''`); err != nil {
			return err
		}
		return brand.NewEdition(ctx, tx)
	})
	l.work()
	speaks := func(language string) {
		t.Helper()
		l.manager.get(views.EditPath(l.drop)).form(views.DropPath(l.drop)).send("language", language).follow()
	}
	for _, language := range []string{"fr", "en"} {
		speaks(language)
		l.disclosed("Publicité · Advertisement", "Paid partnership")
	}
	l.owner.get("/settings").form("/settings").send("label_en", "Paid partnership").to("/settings")
	l.disclosed("Paid partnership", "Publicité")
	speaks("fr")
	l.disclosed("Publicité · Advertisement", "Paid partnership")
	l.owner.get("/settings").form("/settings").send("label_fr", "Collaboration commerciale").to("/settings")
	l.disclosed("Collaboration commerciale", "Advertisement")

	card := func() string { return l.reader("User-Agent", whatsApp).get("/s/" + l.link).meta("og:image") }
	before := card()
	l.owner.get("/settings").form("/settings").send("label_en", "Ad").to("/settings")
	if card() != before {
		t.Error("the card of a French drop changed with the disclosure of English ones")
	}
	l.owner.get("/settings").form("/settings").send("label_fr", "Publicité").to("/settings")
	if card() == before {
		t.Error("the card is the one that messengers have kept")
	}
}
