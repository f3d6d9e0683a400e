package web_test

import (
	"fmt"
	"image/color"
	"net/http"
	"path"
	"strings"
	"testing"
	"time"

	mt "ricochet.example/app/message/messagetest"
	"ricochet.example/views"
)

// newcomer is one of those whom the manager's file names.
type newcomer struct {
	*browser
	name, email, squad, join string
}

// Olga starts Ricochet, and in the hour after it forty people from a spreadsheet are in three squads, two more
// have applied, and a drop with five pictures goes to one squad after another, is shared, read, passed on and
// corrected. Nothing is done but on pages, and every mail goes through a mail server.
func TestAManagersFirstHour(t *testing.T) {
	h, server := empty(t), mt.New(t, false)
	h.owner = h.browser()
	h.owner.get("/setup/"+h.token).form("/setup/"+h.token).
		send("name", "Novaska", "url", h.base, "owner_name", "Olga", "email", "olga@novaska.example", "time_zone", "UTC").
		to("/").wants(http.StatusOK).says("Novaska", "Olga")
	h.mailServer(server, "test").to("/settings/mail").says("took the test mail")

	// Manel is hired, and signs in by a code that comes as a mail.
	h.owner.get("/settings").form("/settings/team").send("name", "Manel", "email", "manel@novaska.example", "role", "manager").follow()
	l := &launch{house: h, manager: h.browser()}
	l.arrives(server, l.manager, "/signin", "manel@novaska.example").says("Manel")

	// Three squads, of which one asks.
	cities := []string{"Lyon", "Nice", "Lille"}
	squads := map[string]string{}
	for _, city := range cities {
		squads[city] = l.manager.squadNamed(city, "30")
	}
	l.manager.get(squads["Lille"]+"/edit").form(squads["Lille"]).send("approval", "yes", "questions", "Where do you run?").to(squads["Lille"])
	join := l.manager.invitation(squads["Lille"], "", "")

	people := l.invites(server, squads, cities)
	for _, city := range cities {
		n := 0
		for _, p := range people {
			if p.squad == city {
				n++
			}
		}
		if got := l.manager.get(squads[city]).data("member"); len(got) != n {
			t.Errorf("%d of %d are in %s", len(got), n, city)
		}
	}

	// Two strangers come by a link. One is taken, one is not, and both read so in a mail.
	applies := func(name string) (*browser, string) {
		b, email := h.browser(), name+"@example.com"
		l.arrives(server, b, join, email)
		b.get("/me").form("/me").send("name", strings.ToUpper(name[:1])+name[1:])
		b.get(join).form(join).send("answer1", "On the quays").to(join).says("Your application is there")
		return b, h.wish(squads["Lille"], h.who(email))
	}
	taken, at := applies("tess")
	l.manager.get(at).says("On the quays").form(at + "/accept").send().to(squads["Lille"] + "/applications").says("Tess is in")
	_, at = applies("uma")
	l.manager.get(at).form(at+"/decline").send("reason", "Lille is for people from Lille.").to(squads["Lille"] + "/applications")
	h.post()
	for email, want := range map[string]string{"tess@example.com": "You have a seat in Lille", "uma@example.com": "people from Lille"} {
		if text, _ := parts(t, last(server.To(email))); !strings.Contains(text, want) {
			t.Errorf("%s reads %s", email, text)
		}
	}
	taken.get(squads["Lille"]).wants(http.StatusOK)

	l.writes()
	now := h.clock.Now()
	opens := func(i int) time.Time { return now.Add(time.Duration(i+1) * time.Hour) }
	shares := func(i int) time.Time { return opens(i).Add(30 * time.Minute) }
	l.staggers(squads, cities, opens, shares, now.Add(24*time.Hour))

	// Each squad reads in its turn, and each link shows in its squad's.
	first := map[string]newcomer{}
	for _, p := range people {
		if _, there := first[p.squad]; !there {
			first[p.squad] = p
		}
	}
	for i := range cities {
		h.clock.Set(opens(i).Add(-time.Second))
		l.turns(cities, first, i, i)
		h.clock.Set(opens(i))
		l.turns(cities, first, i+1, i)
		h.clock.Set(shares(i))
		l.turns(cities, first, i+1, i+1)
	}

	l.travels(cities, first)
}

// last is the letter that came last.
func last(all []mt.Letter) mt.Letter {
	if len(all) == 0 {
		return mt.Letter{}
	}
	return all[len(all)-1]
}

// arrives signs somebody in from a page that asks for an address, with the code that is mailed to them.
func (l *launch) arrives(server *mt.Server, b *browser, from, email string) *page {
	l.t.Helper()
	b.get(from).wants(http.StatusOK).form(from).send("email", email).to("/signin/code")
	l.post()
	text, _ := parts(l.t, last(server.To(email)))
	return b.get("/signin/code").form("/signin/code").send("code", sixDigits.FindString(text)).follow().wants(http.StatusOK)
}

// invites sends the file of forty, and everyone in it comes by their own mail.
func (l *launch) invites(server *mt.Server, squads map[string]string, cities []string) (people []newcomer) {
	l.t.Helper()
	list := "Nom;Courriel;Squad;Langue\r\n"
	for n := range 40 {
		p := newcomer{browser: l.browser(), name: fmt.Sprintf("Zoë %02d", n), email: fmt.Sprintf("zoe%02d@example.com", n), squad: cities[n%3]}
		people = append(people, p)
		list += p.name + ";" + p.email + ";" + p.squad + ";" + []string{"fr", "en"}[n%2] + "\r\n"
	}
	there := squads["Lyon"] + "/invite"
	plan := l.manager.upload(there, list, "language", "en", "ends_at", "2025-03-31").wants(http.StatusOK).says("Send 40 invitations")
	if got := plan.data("guest"); len(got) != 40 {
		l.t.Fatalf("invited would be %d people", len(got))
	}
	plan.form(there + "/send").send().to(squads["Lyon"] + "/guests").says("40 people were invited.")
	l.post()
	for i, p := range people {
		all := server.To(p.email)
		if len(all) != 1 {
			l.t.Fatalf("%d mails came to %s", len(all), p.email)
		}
		text, _ := parts(l.t, all[0])
		if greets := []string{"Bonjour ", "Hello "}[i%2] + p.name; !strings.Contains(plain(text), greets) || !strings.Contains(text, p.squad) {
			l.t.Errorf("%s reads %s", p.name, text)
		}
		people[i].join = joinLink.FindStringSubmatch(text)[1]
	}
	for _, p := range people {
		l.arrives(server, p.browser, p.join, p.email)
		p.get(squads[p.squad]).wants(http.StatusOK).says(p.squad)
	}
	return people
}

// writes makes the campaign and a drop with five pictures, all but one in its text.
func (l *launch) writes() {
	l.t.Helper()
	made := l.manager.get("/campaigns/new").form("/campaigns").send("name", "Halo launch", "goal", "A thousand people know the Halo", "most", "5")
	l.campaign = path.Base(made.header.Get("Location"))
	f := l.manager.get("/drops/new?campaign=" + l.campaign).form("/drops")
	f.values.Set("language", "en")
	for i := 0; i+1 < len(halo); i += 2 {
		f.values.Set(halo[i], halo[i+1])
	}
	for i := range 5 {
		tint := color.RGBA{uint8(40 * i), 90, 60, 255} //nolint:gosec // at most 160
		f = f.attaches("/drops/pictures", "halo.png", pngOf(900, 500, tint), "alt", fmt.Sprintf("The sole, view %d", i+1)).
			wants(http.StatusOK).form("/drops")
	}
	found := reference.FindAllStringSubmatch(f.value("body"), -1)
	if len(found) != 5 {
		l.t.Fatalf("the text has %d pictures", len(found))
	}
	wrote := f.send("cover", found[0][1], "cover_alt", "The Halo on a stair").follow().wants(http.StatusOK)
	l.drop = path.Base(path.Dir(wrote.path))
}

// staggers opens the drop to one squad after another, as the manager does on the page of its plan.
func (l *launch) staggers(squads map[string]string, cities []string, opens, shares func(int) time.Time, public time.Time) {
	l.t.Helper()
	f := l.manager.get(views.ReleasePath(l.drop)).wants(http.StatusOK).form(views.ReleasePath(l.drop))
	f.values.Del("chosen")
	for line, id := range f.values["squad"] {
		for i, city := range cities {
			if path.Base(squads[city]) == id {
				f.values.Add("chosen", id)
				f.values["opens_at"][line], f.values["shareable_at"][line] = written(opens(i)), written(shares(i))
			}
		}
	}
	if len(f.values["chosen"]) != len(cities) {
		l.t.Fatalf("the plan lists the squads %q", f.values["squad"])
	}
	f.send("public_at", written(public)).to(views.DropPath(l.drop)).says(append([]string{"The plan stands"}, cities...)...)
}

// turns fails the test unless the first so many squads read the drop, and the links of so many show it.
func (l *launch) turns(cities []string, first map[string]newcomer, reading, sharing int) {
	l.t.Helper()
	for i, city := range cities {
		p, at := first[city], views.DropPath(l.drop)
		if i < reading {
			page := p.get(at).wants(http.StatusOK).says("The Halo trail shoe")
			if got := len(page.data("channel")) > 0; got != (i < sharing) {
				l.t.Errorf("at %s, %s can share: %v", written(l.clock.Now()), city, got)
			}
		} else {
			p.get(at).wants(http.StatusNotFound)
		}
		token := l.linkOf(l.who(p.email).ID)
		if i < sharing {
			page := l.reader().get("/s/"+token).wants(http.StatusOK).says("The Halo trail shoe", "Commercial collaboration")
			if got := strings.Count(page.body, "<img"); got < 5 {
				l.t.Errorf("a reader sees %d pictures", got)
			}
		} else {
			l.neutral(l.reader().get("/s/" + token))
		}
	}
}

// travels has the first of each squad share, two read and one of them pass it on; then a correction is made.
func (l *launch) travels(cities []string, first map[string]newcomer) {
	l.t.Helper()
	var out []string // every link that went out
	for _, city := range cities {
		p := first[city]
		token := l.linkOf(l.who(p.email).ID)
		text := sent(l.t, p.get("/go/"+token+"/whatsapp").wants(http.StatusFound))
		for _, want := range []string{"Look what lands in March", "(Commercial collaboration)", l.base + "/s/" + token + "/whatsapp"} {
			if !strings.Contains(text, want) {
				l.t.Errorf("%s sends %q", p.name, text)
			}
		}
		own := l.reader("User-Agent", iphone).opens(token + "/whatsapp")
		l.later(time.Minute)
		out = append(out, token, own, l.reader("User-Agent", android).opens(own))
	}
	board := l.board()
	for _, city := range cities {
		board.standing(l.who(first[city].email).ID, 3, 2)
	}
	l.manager.get(views.EditPath(l.drop)).form(views.DropPath(l.drop)).send("title", "The Halo, corrected").follow().says("Every link shows it now")
	for _, token := range out {
		page := l.reader().get("/s/" + token).wants(http.StatusOK).says("The Halo, corrected").lacks("The Halo trail shoe")
		if got := page.meta("og:title"); got != "The Halo, corrected" {
			l.t.Errorf("the card of %s says %q", token, got)
		}
	}
	preview := l.reader("User-Agent", whatsApp).get("/s/" + out[0])
	preview.get(strings.TrimPrefix(preview.meta("og:image"), l.base)).wants(http.StatusOK)
}
