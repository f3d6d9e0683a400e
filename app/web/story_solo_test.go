package web_test

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/account"
	"ricochet.example/app/solo"
	"ricochet.example/data"
)

// composer is the address by which the page of the queue writes to somebody through a channel.
func (p *page) composer(channel string) *url.URL {
	p.t.Helper()
	found := all(p.doc, func(n *html.Node) bool { return attr(n, "data-composer") == channel })
	if len(found) == 0 {
		p.t.Fatalf("%s has no way by %s: %s", p.path, channel, p.text())
	}
	u, err := url.Parse(attr(found[0], "href"))
	if err != nil {
		p.t.Fatal(err)
	}
	return u
}

// A shop without ambassadors: its owner pastes a few customers, writes to one after the other from her own phone, and
// sees who opened and passed on. It goes on where she left, and who they are is forgotten when she wants that.
func TestSomebodyWithoutAmbassadorsTellsTheirCustomersOneByOne(t *testing.T) {
	s := openStudio(t)
	path := strings.TrimSuffix(s.manager.get("/drops/new").form("/drops").send("title", "The Halo", "body", "We drew it.").follow().path, "/release")
	at := path + "/solo"
	s.manager.get(path).holds(`href="` + at + `"`)
	s.manager.get(at).says("once it is public")
	public := s.clock.Now().UTC().Format("2006-01-02T15:04")
	s.manager.get(path+"/release").form(path+"/release").send("public_at", public).to(path)
	s.later(time.Minute)
	s.manager.get(at).lacks("once it is public").form(at).send("list", "").wants(http.StatusUnprocessableEntity)
	// A list of her till: she sees what will happen, says which country numbers without a code are in, and it goes on.
	const list = "Name;Phone;Mail;Newsletter\nAmina; +33 6 12 34 56 78; amina.roy@example.com;oui\nBen; 06 12 34 56 79;;\nZoe;+491701234567;;\nYan;;yan@;\nAmina;;AMINA.ROY@example.com;\nUma;+33612345670;;non\n"
	plan := s.manager.upload(at, list).wants(http.StatusOK).says("Make 2 links", "lacks the country’s code", "Stands in line 2 already", "Newsletter: non")
	if got := plan.data("outcome"); !slices.Equal(got, []string{"wrong", "wrong", "twice", "refused"}) {
		t.Errorf("the lines are %q", got)
	}
	plan.form(at).send("country", "abc").wants(http.StatusUnprocessableEntity)
	plan = plan.form(at).send("country", "+33").wants(http.StatusOK).says("Make 3 links", "+33612345679")
	p := plan.form(at + "/add").send().follow().says("3 people are in the queue")
	plan.form(at + "/add").send().to(at).lacks("people are in the queue") // pressed twice
	p.says("Next: Amina", "3 people to tell")
	// One message of three, by each of her ways; the link says which.
	wa := p.composer("whatsapp")
	first := p.data("next")[0]
	if wa.Host != "wa.me" || wa.Path != "/33612345678" || !strings.HasPrefix(wa.Query().Get("text"), "Hello Amina") || !strings.HasSuffix(wa.Query().Get("text"), "/s/"+first+"/whatsapp") {
		t.Errorf("it writes %s", wa)
	}
	p = s.manager.get(at + "?words=3")
	if text := p.composer("whatsapp").Query().Get("text"); !strings.Contains(text, "tell me what you think of The Halo") {
		t.Errorf("it writes %q", text)
	}
	if mail := p.composer("email"); mail.Scheme != "mailto" || mail.Opaque != "amina.roy@example.com" || !strings.HasSuffix(mail.Query().Get("body"), "/s/"+first+"/email") {
		t.Errorf("it writes %s", mail)
	}
	// She taps WhatsApp: the page's script says so, and it stands there when she comes back.
	s.manager.post(at+"/opened", "link", first, "channel", "whatsapp").wants(http.StatusNoContent)
	s.manager.post(at+"/opened", "link", first, "channel", "pigeon").wants(http.StatusNoContent)
	s.manager.post(at+"/opened", "link", "0000000000000", "channel", "whatsapp").wants(http.StatusNoContent)
	s.work()
	if got := s.manager.get(at).data("opened-in"); !slices.Equal(got, []string{"whatsapp", "whatsapp"}) { // at the queue, and in the list
		t.Errorf("opened are %q", got)
	}
	s.manager.get(at).says("opened WhatsApp: 3 Mar")
	p = p.form(at+"/next").send("do", "told").follow().says("Next: Ben", "2 people to tell")
	if !strings.HasSuffix(p.path, "words=3") {
		t.Errorf("the message that was chosen is lost: %s", p.path)
	}
	p.form(at+"/next").send("do", "skipped").follow().says("Next: Zoe")
	s.manager.get(at).says("Next: Zoe", "1 person to tell") // as it stands the next day
	// Amina opens and passes it on; nobody else does.
	own := s.reader().opens(first)
	s.reader().opens(own)
	s.work()
	p = s.manager.get(at)
	row := p.row("recipient", first)
	if attr(row, "data-people") != "2" || attr(row, "data-sharers") != "1" || !strings.Contains(textOf(row), "Told") {
		t.Errorf("of Amina it says %s", textOf(row))
	}
	s.manager.get("/links/" + first).says("Amina")
	// The same people again are nobody new; told again, they stand in the queue.
	p.form(at).send("list", "Amina, AMINA.ROY@example.com").wants(http.StatusOK).says("nobody new", "Has a link for this drop already")
	if got := len(p.data("recipient")); got != 3 {
		t.Errorf("there are %d", got)
	}
	s.manager.post(at+"/next", "link", first, "do", "waiting").follow().says("Next: Amina")
	// They are on no board and not among the house's own links.
	s.manager.get(path).lacks("1:1", "Amina")
	if houses := s.manager.get(path).data("house"); len(houses) != 0 {
		t.Errorf("the house has the links %v", houses)
	}
	s.manager.post(at+"/forget").follow().says("forgotten", "Nobody is left").lacks("Amina", "Ben")
	s.view(func(ctx context.Context, tx *data.Tx) error {
		n, err := data.Int(ctx, tx, `SELECT count(*) FROM recipients WHERE name || phone || email <> ''`)
		if n != 0 {
			t.Errorf("of %d something is still known", n)
		}
		return err
	})
	s.reader().get("/s/" + first).wants(http.StatusOK).says("The Halo")
	s.amina.get(at).wants(http.StatusNotFound)
}

// Of whoever is told one by one as much is known as is needed: one who asks is forgotten alone, all after a while, and
// those who are forgotten take no place from others. Who was added and who was forgotten is in the list of decisions.
func TestCustomersAreForgottenOneByOneAndAfterAWhile(t *testing.T) {
	s := openStudio(t)
	path := strings.TrimSuffix(s.manager.get("/drops/new").form("/drops").send("title", "The Halo", "body", "We drew it.").follow().path, "/release")
	at := path + "/solo"
	add := func(from, to int) {
		t.Helper()
		var some []solo.Recipient
		for n := from; n < to; n++ {
			some = append(some, solo.Recipient{Name: "Person" + text64(int64(n)) + ".", Email: "p" + text64(int64(n)) + "@example.com"})
		}
		s.update(func(ctx context.Context, tx *data.Tx) error {
			_, err := solo.Add(ctx, tx, strings.TrimPrefix(path, "/drops/"), some)
			return err
		})
	}
	add(0, 3)
	first := s.manager.get(at).says("Next: Person0.").data("recipient")[0]
	s.manager.post(at+"/forget", "link", first).to(at).says("Next: Person1.").lacks("Person0.")
	s.manager.post(at+"/next", "link", first, "do", "waiting").to(at).says("Next: Person1.") // their line stood there in another window
	s.manager.get("/decisions").says("Forgot 1 person who was told one by one")
	add(3, 201) // two hundred who are known
	s.manager.post(at+"/next", "link", s.manager.get(at).data("next")[0], "do", "told").to(at)
	s.later(solo.Kept - time.Hour)
	s.work()
	s.manager, _ = s.signedIn("max@novaska.example", account.Manager)
	s.manager.get(at).says("Person1.", "Person200.")
	s.later(2 * time.Hour)
	s.work()
	s.manager.get(at).lacks("Person200.")
	if n := s.count(`SELECT count(*) FROM recipients WHERE name || phone || email <> ''`); n != 1 && n != 0 {
		t.Errorf("%d are known still", n)
	}
	add(201, 401)
	s.manager.post(at + "/forget").to(at)
	s.manager.get("/decisions").says("Forgot 200 people who were told one by one")
	s.manager.get(at).form(at).send("list", "Zoe, zoe@example.com").wants(http.StatusOK).lacks("At most")
	s.manager.post(at+"/forget", "link", "nonsense").wants(http.StatusNotFound)
}
