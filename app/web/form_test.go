package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/app/web"
	"ricochet.example/data"
)

// mistake is a field, what somebody may type there, and what a French page
// says at the field then.
type mistake struct{ field, typed, says string }

const (
	required = "Ce champ est à remplir."
	choice   = "Choix à faire parmi ceux proposés."
	noEmail  = "Ce n’est pas une adresse e-mail."
	noURL    = "Ce n’est pas une adresse web complète"
)

func long(n int) string { return strings.Repeat("é", n+1) }

// mistakes has a line for each form, by the route that takes it: the page that
// it stands on, who fills it in, and every field that can be wrong, wrong.
var mistakes = map[string]struct {
	page   string
	who    web.Visitor
	fields []mistake
}{
	"POST /setup/{token}": {"/setup/{token}", web.Stranger, []mistake{
		{"name", " ", required},
		{"language", "xx", choice},
		{"url", "https://drops.example/ici", "L’adresse du site seule"},
		{"time_zone", "Mars/Olympus", choice},
		{"label_en", long(120), "120 caractères au plus."},
		{"label_fr", "", required},
		{"owner_name", long(80), "80 caractères au plus."},
		{"email", "olga", noEmail},
	}},
	"POST /signin":      {"/signin", web.Stranger, []mistake{{"email", "olga à novaska", noEmail}}},
	"POST /signin/code": {"/signin/code", web.Stranger, []mistake{{"code", "123", "Il reste 4 essais."}}},
	"POST /join/{code}": {"/join/{code}", web.Stranger, []mistake{{"email", "<ana@example.com>", noEmail}}},
	"POST /squads": {"/squads/new", web.Manager, []mistake{
		{"name", "\u200b", required},
		{"city", long(60), "60 caractères au plus."},
		{"about", long(500), "500 caractères au plus."},
		{"capacity", "beaucoup", "Saisissez un nombre entier."},
		{"agenda", long(120), "120 caractères au plus."},
		{"gives", "51", "Un nombre de 0 à 50."},
		{"questions", "un\ndeux\ntrois\nquatre\ncinq\nsix", "5 questions au plus"},
	}},
	"POST /squads/{squad}": {"/squads/{squad}/edit", web.Manager, []mistake{
		{"name", long(60), "60 caractères au plus."},
		{"city", "Ly\x00on", "caractères qui ne peuvent pas être enregistrés"},
		{"about", "\xff\xfe", "caractères qui ne peuvent pas être enregistrés"},
		{"capacity", "-1", "Un nombre de 0 à 10"},
		{"captain", "personne", choice},
		{"questions", long(150), "150 caractères au plus."},
	}},
	"POST /squads/{squad}/members/{member}": {"/squads/{squad}/members/{member}", web.Captain, []mistake{
		{"do", "", choice},
		{"links", "peut-être", choice},
	}},
	"POST /squads/{squad}/moments": {"/squads/{squad}/moments", web.Captain, []mistake{
		{"drop", "aucun", choice},
		{"heads", "1", "Un nombre de 2 à 60"},
	}},
	"POST /drops/{drop}/solo":       {"/drops/{drop}/solo", web.Manager, []mistake{{"list", "", "est à remplir"}}},
	"POST /drops/parcel":            {"/drops/parcel", web.Manager, []mistake{{"parcel", "", "Choisissez un fichier zip."}}},
	"POST /drops/{drop}/houses":     {"/drops/{drop}", web.Manager, []mistake{{"house", " ", required}}},
	"POST /people/{member}/links":   {"/people/{member}/links", web.Manager, []mistake{{"links", "", choice}}},
	"POST /people/{member}/suspend": {"/people/{member}/suspend", web.Manager, []mistake{{"links", "", choice}}},
	"POST /squads/{squad}/leave":    {"/squads/{squad}/leave", web.Member, []mistake{{"do", "rester", choice}}},
	"POST /squads/{squad}/applications/{application}/decline": {"/squads/{squad}/applications/{application}", web.Captain, []mistake{
		{"reason", " ", required},
	}},
	"POST /guardian/{minor}":             {"/guardian/{minor}", web.Stranger, []mistake{{"agree", "", choice}}},
	"POST /people/{grown}/grown/decline": {"/people/{grown}/grown", web.Manager, []mistake{{"reason", " ", required}}},
	"POST /settings/ages":                {"/settings", web.Owner, []mistake{{"ages", "tous", choice}}},
	"POST /squads/{squad}/invite": {"/squads/{squad}/invite", web.Manager, []mistake{
		{"list", "Nom;Squad\nAna;Lyon", "Aucune colonne ne contient d’adresses e-mail."},
		{"ends_at", "2025-03-02", "Ce jour est passé."},
		{"language", "xx", choice},
	}},
	"POST /squads/{squad}/invitations": {"/squads/{squad}", web.Manager, []mistake{
		{"cap", "1001", "Un nombre de 0 à 1"},
		{"ends_at", "2025-03-02", "Ce jour est passé."},
	}},
	"POST /links/{token}/opens/{open}": {"/links/{token}/opens/{open}", web.Manager, []mistake{
		{"note", long(200), "200 caractères au plus."},
		{"verdict", "peut-être", choice},
	}},
	"POST /links/{token}/held/{place}": {"/links/{token}/held/{place}", web.Manager, []mistake{
		{"note", "\x00", "caractères qui ne peuvent pas être enregistrés"},
		{"verdict", "", choice},
	}},
	"POST /links/{token}/stop":    {"/links/{token}/stop", web.Manager, []mistake{{"note", long(200), "200 caractères au plus."}}},
	"POST /people/{member}/erase": {"/people/{member}/erase", web.Manager, []mistake{{"email", "quelqu’un", "Ce n’est pas la bonne adresse."}}},
	"POST /me/erase":              {"/me/erase", web.Member, []mistake{{"email", "", "Ce n’est pas la bonne adresse."}}},
	"POST /me": {"/me", web.Member, []mistake{
		{"shown", "masqué", choice},
		{"name", "", required},
		{"language", "xx", choice},
	}},
	"POST /me/notices": {"/me/notices", web.Member, []mistake{
		{"quiet_from", "24", choice},
		{"quiet_until", "tard", choice},
		{"time_zone", "Europe/Atlantide", "Ce n’est pas un fuseau horaire"},
	}},
	"POST /settings": {"/settings", web.Owner, []mistake{
		{"name", "", required},
		{"language", "", choice},
		{"url", "javascript:alert(1)", noURL},
		{"time_zone", "", choice},
		{"label_en", "  ", required},
		{"label_fr", long(120), "120 caractères au plus."},
	}},
	"POST /settings/mail": {"/settings/mail", web.Owner, []mistake{
		{"host", "smtp.example.com:587", "Seulement le nom du serveur"},
		{"port", "0", "Un nombre de 1 à 65"},
		{"security", "un peu", choice},
		{"sender_name", "", required},
		{"sender_address", "Novaska", noEmail},
	}},
	"POST /settings/team": {"/settings", web.Owner, []mistake{
		{"name", "", required},
		{"email", "", noEmail},
		{"role", "ambassador", choice},
	}},
	"POST /campaigns":                              {"/campaigns/new", web.Manager, campaignMistakes},
	"POST /campaigns/{campaign}":                   {"/campaigns/{campaign}/edit", web.Manager, campaignMistakes[:4]}, // its points are settled
	"POST /drops":                                  {"/drops/new", web.Manager, append([]mistake{{"campaign", "aucune", choice}}, dropMistakes...)},
	"POST /drops/{drop}":                           {"/drops/{drop}/edit", web.Manager, dropMistakes},
	"POST /drops/{drop}/share":                     {"/drops/{drop}", web.Member, []mistake{{"words", long(1500), "caractères au plus."}}},
	"POST /s/{token}/say":                          {"/s/{token}/voice", web.Stranger, []mistake{{"words", long(280), "280 caractères au plus."}}},
	"POST /drops/{drop}/voice":                     {"/drops/{drop}/voice", web.Member, []mistake{{"kind", "rumeur", choice}, {"words", long(1000), "caractères au plus."}}},
	"POST /voices/{voice}":                         {"/voices/{voice}", web.Manager, []mistake{{"state", "", choice}, {"answer", long(1000), "caractères au plus."}}},
	"POST /squads/{squad}/voices/{voice}":          {"/squads/{squad}/voices/{voice}", web.Captain, []mistake{{"state", "perdu", choice}, {"answer", long(1000), "caractères au plus."}}},
	"POST /channels":                               {"/channels", web.Manager, []mistake{{"offered", "", "Proposez-en au moins une."}}},
	"POST /squads/{squad}/members/{member}/thanks": {"/squads/{squad}/members/{member}", web.Manager, []mistake{{"words", long(280), "280 caractères au plus."}}},
	"POST /me/rewards/{reward}":                    {"/me/rewards/{reward}", web.Member, []mistake{{"size", "XXL", choice}, {"address", " ", required}}},
	"POST /claims":                                 {"/rewards", web.Manager, []mistake{{"claim", "", "Choisissez-en au moins une."}}},
	"POST /claims/{claim}/decline":                 {"/claims/{claim}", web.Manager, []mistake{{"reason", " ", required}}},
	"POST /rewards/levels": {"/rewards/levels", web.Manager, []mistake{
		{"levels.0.name", long(60), "60 caractères au plus."},
		{"levels.0.score", "-1", "Un nombre de 0 à 10"},
		{"levels.0.months", "beaucoup", "Saisissez un nombre entier."},
	}},
	"POST /rewards": {"/rewards/new", web.Manager, []mistake{
		{"name", "", required},
		{"about", long(500), "500 caractères au plus."},
		{"kind", "rien", choice},
		{"stock", "beaucoup", "Saisissez un nombre entier."},
		{"per_person", "0", "Un nombre de 1 à 100."},
		{"sizes", long(30), "30 caractères au plus."},
	}},
	"POST /rewards/{reward}": {"/rewards/{reward}", web.Manager, []mistake{{"name", "", required}, {"stock", "0", "1 a déjà été prise."}}},
	"POST /drops/{drop}/release": {"/drops/{drop}/release", web.Manager, []mistake{
		{"opens_at", "2025-03-03T13:00", ""},
		{"shareable_at", "bientôt", "Choisissez une date et une heure."},
		{"public_at", "2025-13-13T25:00", "Choisissez une date et une heure."},
	}},
}

var campaignMistakes = []mistake{
	{"name", "", required},
	{"goal", long(300), "300 caractères au plus."},
	{"starts_at", "", required},
	{"ends_at", "demain", "Choisissez une date et une heure."},
	{"most", "11", "Un nombre de 1 à 10."},
}

var dropMistakes = []mistake{
	{"language", "xx", choice},
	{"title", "", required},
	{"teaser", long(1000), "caractères au plus."},
	{"body", "", required},
	{"caption", long(2000), "caractères au plus."},
	{"action", "", required},
	{"action_url", "/boutique", noURL},
}

func TestEveryFormSaysInFrenchWhatIsWrongAtTheFieldAndKeepsWhatWasTyped(t *testing.T) {
	for name, form := range mistakes {
		t.Run(name, func(t *testing.T) {
			var h *house
			if strings.Contains(name, "/setup/") {
				h = empty(t)
			} else {
				h = found(t)
			}
			sc := h.scene(form.who)
			sc.visitor = sc.inFrench(form.who)
			if strings.Contains(name, "/setup/") {
				sc.values["token"] = h.token
			}
			if name == "POST /signin/code" {
				sc.visitor.post("/signin", "email", sc.email).wants(http.StatusSeeOther)
			}
			action := sc.fill(strings.TrimPrefix(name, "POST "))
			asked := sc.visitor.get(sc.fill(form.page)).wants(http.StatusOK).form(action)
			typed := url.Values{}
			var fields []string
			for _, m := range form.fields {
				typed.Set(m.field, m.typed)
				fields = append(fields, m.field, m.typed)
			}
			refused := asked.send(fields...).wants(http.StatusUnprocessableEntity)
			again := refused.form(action)
			for _, m := range form.fields {
				if got := again.problem(m.field); m.says == "" && got != "" || !strings.Contains(got, plain(m.says)) {
					t.Errorf("%s says %q, not %q", m.field, got, m.says)
				}
				if again.chosen(m.field) {
					continue // no browser sends what was not among the choices
				}
				// What no page can hold comes back as the sign for that.
				if got, want := shown(again.value(m.field)), shown(m.typed); got != want {
					t.Errorf("in %s stands %q, not %q as it was typed", m.field, got, want)
				}
			}
			// Above the form it stands once more, with a way to each field.
			links := all(refused.doc, func(n *html.Node) bool {
				return n.Data == "a" && strings.HasPrefix(attr(n, "href"), "#") && attr(n, "class") != "skip"
			})
			wrong := 0
			for _, m := range form.fields {
				if m.says != "" {
					wrong++
				}
			}
			if len(links) != wrong {
				t.Errorf("the summary leads to %d fields, not %d: %s", len(links), wrong, refused.text())
			}
			for _, a := range links {
				id := strings.TrimPrefix(attr(a, "href"), "#")
				if len(all(again.node, func(n *html.Node) bool { return attr(n, "id") == id })) != 1 {
					t.Errorf("the summary leads to #%s, which is not in the form", id)
				}
			}
		})
	}
}

// shown is a text as a page can show it.
func shown(typed string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(typed, "\uFFFD"), "\x00", "\uFFFD")
}

// chosen says that a field's value is one of several that the form offers.
func (f *form) chosen(name string) bool {
	return len(all(f.node, func(n *html.Node) bool {
		return attr(n, "name") == name && (n.Data == "select" || attr(n, "type") == "radio")
	})) > 0
}

// inFrench is the visitor's browser, or another of theirs, in which French is spoken.
func (sc *scene) inFrench(kind web.Visitor) *browser {
	sc.t.Helper()
	if kind == web.Stranger {
		return sc.french()
	}
	who := sc.who(sc.email)
	sc.update(func(ctx context.Context, tx *data.Tx) error { return account.Rename(ctx, tx, who.ID, who.Name, "fr") })
	return sc.visitor
}

// fill puts into a pattern what stands in the scene for its wildcards.
func (sc *scene) fill(pattern string) string {
	sc.t.Helper()
	return wildcard.ReplaceAllStringFunc(pattern, func(w string) string {
		name := wildcard.FindStringSubmatch(w)[1]
		value, known := sc.values[name]
		if !known {
			sc.t.Fatalf("%s: this test does not know what to put for {%s}", pattern, name)
		}
		return value
	})
}

func TestEveryFormOfEveryPageIsAmongThose(t *testing.T) {
	h := found(t)
	// Which route takes what a form sends.
	routes := http.NewServeMux()
	for _, rt := range h.server.Routes() {
		routes.HandleFunc(rt.Name(), func(http.ResponseWriter, *http.Request) {})
	}
	forms := 0
	for _, rt := range h.server.Routes() {
		for _, kind := range []web.Visitor{web.Stranger, web.Member, web.Owner} {
			if !rt.Page || strings.HasPrefix(rt.Pattern, "/setup/") || rt.Answers[kind] != web.Yes {
				continue
			}
			p := h.scene(kind).ask(rt)
			for _, f := range all(p.doc, func(n *html.Node) bool { return n.Data == "form" }) {
				forms++
				if attr(f, "method") != "post" {
					continue // it asks for a page, and changes nothing
				}
				r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, attr(f, "action"), nil)
				if err != nil {
					t.Fatal(err)
				}
				_, pattern := routes.Handler(r)
				typed := all(f, func(n *html.Node) bool {
					return (n.Data == "input" || n.Data == "textarea" || n.Data == "select") && attr(n, "type") != "hidden" && !has(n, "readonly")
				})
				if _, known := mistakes[pattern]; len(typed) > 0 && !known {
					t.Errorf("%s, %s: nobody tries what is wrong in the form to %s", rt.Name(), kind, pattern)
				}
				if pattern == "" {
					t.Errorf("%s, %s: a form to %s, which nothing takes", rt.Name(), kind, attr(f, "action"))
				}
			}
		}
	}
	if forms < 40 {
		t.Errorf("only %d forms were looked at", forms)
	}
}
