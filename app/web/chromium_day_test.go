package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"ricochet.example/views"
)

// inFrench is a phone in somebody's hand, who reads French.
func (h *house) inFrench(chrome *chromium, model string) *tab {
	h.t.Helper()
	b := chrome.person(h.base, model, "fr-FR")
	b.wide(390, "light")
	return b
}

// taps finds what says so and can be tapped, sees that a thumb can hit it, and taps it.
func (b *tab) taps(words string) {
	b.t.Helper()
	const find = `((words) => {
		const all = [...document.querySelectorAll("a, button, label, summary")].filter((e) => e.checkVisibility() && e.textContent.replace(/\s+/g, " ").trim().includes(words));
		return all.sort((x, y) => x.textContent.length - y.textContent.length)[0];
	})`
	it := find + "(`" + words + "`)"
	b.until("!!"+it, wait)
	if got := b.reads(`(() => { const r = ` + it + `.getBoundingClientRect(); return r.height >= 44 && r.left >= 0 && r.right <= innerWidth })()`); got != "true" {
		b.t.Errorf("%q is too small, or beside the screen", words)
	}
	b.leaves(it + ".click()")
}

// writes fills in a field.
func (b *tab) writes(name, value string) {
	b.t.Helper()
	field := "document.querySelector(`main [name=" + name + "]:not([type=hidden])`)"
	b.until("!!"+field, wait)
	b.reads(`(() => { const f = ` + field + "; f.focus(); f.value = `" + value + "`; f.dispatchEvent(new Event('input', { bubbles: true })); return '' })()")
}

// finds waits until the page says something.
func (b *tab) finds(words string) {
	b.t.Helper()
	b.until("document.body?.innerText.replace(/\\s+/g, ' ').includes(`"+words+"`)", wait)
}

var mailed = regexp.MustCompile(`http://127\.0\.0\.1:\d+(/\S+)`)

// An invitation in the mail; joined; read; shared in two taps; seen to count; climbed, and got something.
func TestAnAmbassadorsFirstDay(t *testing.T) {
	chrome := realBrowser(t)
	l, _ := sharedOnPort(t)
	l.ladder()
	l.offers("A cap", "Stone", "stock", "3", "sizes", "S\nL")
	there := "/squads/" + l.squad + "/invite"
	l.manager.upload(there, "", "list", "Léa <lea@example.com>", "language", "fr", "ends_at", "").form(there + "/send").send().wants(http.StatusSeeOther)
	invitation := mailed.FindStringSubmatch(l.mail("lea@example.com").Body)
	if invitation == nil {
		t.Fatal("the invitation leads nowhere")
	}

	lea := l.inFrench(chrome, iphone)
	lea.open(invitation[1])
	lea.finds("t’invite")
	lea.writes("email", "lea@example.com")
	lea.taps("Rejoindre la squad")
	lea.until(`location.pathname === "/signin/code"`, wait)
	lea.writes("code", l.code("lea@example.com"))
	lea.taps("Se connecter")
	lea.finds("Te voilà dans Lyon")
	lea.writes("name", "Léa Morel")
	lea.taps("Enregistrer")
	lea.finds("Bonjour Léa")
	// Her browser said by which clock she lives.
	if zone := lea.reads("Intl.DateTimeFormat().resolvedOptions().timeZone"); l.count(`SELECT count(*) FROM accounts WHERE email = 'lea@example.com' AND time_zone = ?`, zone) != 1 {
		t.Errorf("her browser says %q, and it is not what is kept", zone)
	}
	lea.finds("The Halo trail shoe")
	lea.taps("Partager avec les tiens")
	lea.until(`location.pathname.startsWith("/drops/")`, wait)
	lea.finds("Personne n’a encore ouvert ton lien")

	// Her own words, the label and her link go to WhatsApp.
	lea.writes("words", "Regarde la semelle !")
	to, err := url.Parse(lea.reads(`document.querySelector("a[data-channel=whatsapp]").href`))
	if err != nil {
		t.Fatal(err)
	}
	text := to.Query().Get("text")
	link := mailed.FindStringSubmatch(text)
	if to.Host != "wa.me" || !strings.HasPrefix(text, "Regarde la semelle !\n(Commercial collaboration)\n") || link == nil {
		t.Fatalf("WhatsApp gets %s", to)
	}

	// Two friends open it, one of whom passes it on.
	noor := l.inFrench(chrome, strings.ReplaceAll(android, "Chrome/1", "Chrome/2"))
	noor.open(link[1])
	noor.turns(link[1])
	l.reader("User-Agent", iphone).opens(strings.TrimPrefix(noor.path(), "/s/"))
	lea.until(`document.dispatchEvent(new Event("visibilitychange")) && document.querySelector("[data-counted] [data-people]").dataset.people === "2"`, wait)
	lea.finds("2 ricochets")
	lea.taps("Mes ricochets")
	lea.until(`location.pathname === "/ripples"`, wait)
	lea.finds("The Halo trail shoe")
	lea.taps("Squad")
	lea.until(`location.pathname.startsWith("/squad")`, wait)
	lea.finds("1ᵉʳ sur 1 qui a partagé")

	// She has climbed to where there is something to get.
	lea.taps("Accueil")
	lea.finds("Stone")
	lea.taps("à demander")
	lea.until(`location.pathname === "`+views.OwnRewardsPath+`"`, wait)
	lea.taps("Demander")
	lea.until(`location.pathname.startsWith("`+views.OwnRewardsPath+`/")`, wait)
	lea.writes("size", "S")
	lea.leaves(`document.querySelector("main form button[type=submit]").click()`)
	lea.finds("C’est demandé")
	list := l.manager.get(views.RewardsPath).says("To approve (1)", "Léa Morel")
	list.form(views.HandOutPath).send("claim", list.data("claim")[0]).to(views.RewardsPath).says("1 approved")
	lea.open(views.OwnRewardsPath)
	lea.finds("Validée")
	if complaints, strange := lea.heard(); len(complaints)+len(strange) > 0 {
		t.Errorf("the browser says %q; other sites asked: %q", complaints, strange)
	}
}

// A reader opens, reacts, passes on, wants in, and is an ambassador.
func TestAReadersFirstDay(t *testing.T) {
	chrome := realBrowser(t)
	l, path := sharedOnPort(t)
	lyon := "/squads/" + l.squad
	l.manager.get(lyon+"/edit").form(lyon).send("approval", "yes", "questions", "Où cours-tu ?").to(lyon)
	l.manager.get("/drops/"+l.drop+"/edit").form("/drops/"+l.drop).send("language", "fr").wants(http.StatusSeeOther)
	sam := l.inFrench(chrome, android)
	sam.open(path + "/whatsapp")
	sam.turns(path + "/whatsapp")
	own := sam.path()
	sam.finds("Écrire un mot")
	sam.taps("J’adore")
	sam.until(`location.pathname === "`+own+`/voice"`, wait)
	sam.finds("C’est noté : J’adore")

	// He passes it on before he asks for more.
	sam.open(own)
	to, err := url.Parse(sam.reads(`document.querySelector("main a[href*=whatsapp]")?.href ?? ""`))
	if err != nil || !strings.Contains(to.String(), strings.TrimPrefix(own, "/s/")) {
		t.Fatalf("he passes on %v: %v", to, err)
	}
	l.reader("User-Agent", iphone).opens(strings.TrimPrefix(own, "/s/"))
	sam.taps("Je veux en être")
	sam.until(`location.pathname.startsWith("/join/")`, wait)
	sam.finds("Candidater pour Lyon")
	sam.writes("email", "sam@example.com")
	sam.taps("Continuer")
	sam.until(`location.pathname === "/signin/code"`, wait)
	sam.writes("code", l.code("sam@example.com"))
	sam.taps("Se connecter")
	sam.finds("Comment t’appelles-tu")
	sam.writes("name", "Sam Okoye")
	sam.taps("Enregistrer")
	sam.finds("Où cours-tu")
	sam.writes("answer1", "Sur les quais")
	sam.taps("Envoyer ma candidature")
	sam.finds("Ta candidature est arrivée")

	// Somebody decides, and sees by whose link he came.
	wishes := l.manager.get(views.ApplicationsPath(l.squad)).says("Sam Okoye", "by the link of "+l.nameOf(l.aminaID))
	wish := ""
	for _, a := range all(wishes.doc, func(n *html.Node) bool {
		return strings.HasPrefix(attr(n, "href"), views.ApplicationsPath(l.squad)+"/")
	}) {
		wish = attr(a, "href")
	}
	l.manager.get(wish).form(wish + "/accept").send().wants(http.StatusSeeOther)
	sam.open("/")
	sam.finds("The Halo trail shoe")
	sam.taps("Partager avec les tiens")
	sam.until(`location.pathname.startsWith("/drops/")`, wait)
	sam.finds("Envoyer par WhatsApp")
	if complaints, strange := sam.heard(); len(complaints)+len(strange) > 0 {
		t.Errorf("the browser says %q; other sites asked: %q", complaints, strange)
	}
}
