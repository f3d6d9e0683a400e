package web_test

import (
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"golang.org/x/net/html"

	"ricochet.example/app/web"
)

// A site that a manager links to, and one that nobody may have the server ask.
func TestTheManagerIsToldWhichLinksLeadNowhere(t *testing.T) {
	s := openStudio(t)
	var secret atomic.Int32
	inside := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { secret.Add(1) }))
	defer inside.Close()
	var told atomic.Value
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		told.Store(fmt.Sprint(r.Header["Referer"], r.Header["Cookie"]))
		switch r.URL.Path {
		case "/gone":
			w.WriteHeader(http.StatusNotFound)
		case "/shy":
			w.WriteHeader(http.StatusForbidden)
		case "/broken":
			w.WriteHeader(http.StatusInternalServerError)
		case "/headless":
			if r.Method == http.MethodHead {
				w.WriteHeader(http.StatusMethodNotAllowed)
			}
		case "/round":
			http.Redirect(w, r, "/round", http.StatusFound)
		case "/inside":
			http.Redirect(w, r, inside.URL, http.StatusFound)
		case "/moved":
			http.Redirect(w, r, "/here", http.StatusFound)
		}
	}))
	defer site.Close()
	allowed := site.Listener.Addr().String()
	var err error
	s.server, err = web.New(t.Context(), web.Config{
		DB: s.db, Clock: s.clock, Log: slog.New(slog.NewTextHandler(s.log, nil)),
		MayReach: func(at netip.AddrPort) bool { return at.String() == allowed },
	})
	if err != nil {
		t.Fatal(err)
	}
	var body strings.Builder
	want := map[string]string{
		site.URL + "/here": "reach.there", site.URL + "/moved": "reach.there", site.URL + "/headless": "reach.there", site.URL + "/gone": "reach.gone",
		site.URL + "/shy": "reach.closed", site.URL + "/broken": "reach.status", site.URL + "/round": "reach.sent_on",
		site.URL + "/inside": "reach.not_public", inside.URL: "reach.not_public", "http://no-such-name.invalid/": "",
	}
	for address := range want {
		fmt.Fprintf(&body, "[a link](%s)\n\n", address)
	}
	f := s.manager.get("/drops/new").form("/drops")
	f.values.Set("title", "Halo")
	f.values.Set("body", body.String()+"And [the first](mailto:max@novaska.example) and [again]("+site.URL+"/here).")
	f.values.Set("action", "Look")
	f.values.Set("action_url", site.URL+"/gone?from=button")
	s.manager.send("/drops/look", f.values).wants(http.StatusOK).says("Check 11 links").lacks("There is a page.")
	p := s.manager.send("/drops/links", f.values).wants(http.StatusOK).says("Where the links lead")
	if p.form("/drops").value("body") == "" {
		t.Error("what was typed is gone")
	}
	for _, n := range all(p.doc, func(n *html.Node) bool { return has(n, "data-link") }) {
		a := all(n, func(n *html.Node) bool { return n.Data == "a" })
		address := attr(a[0], "href")
		if key, there := want[address]; there && key != "" && attr(n, "data-link") != key {
			t.Errorf("%s is %s", strings.TrimPrefix(address, site.URL), attr(n, "data-link"))
		}
		delete(want, address)
	}
	if len(want) > 0 {
		t.Errorf("nothing is said of %v", want)
	}
	if n := secret.Load(); n != 0 {
		t.Errorf("what nobody may ask was asked %d times", n)
	}
	if got := told.Load(); got != "[] []" {
		t.Errorf("the site is told %v", got)
	}
	// Of very many only some are looked at.
	var many strings.Builder
	for i := range 25 {
		many.WriteString("[a](" + site.URL + "/here?" + strconv.Itoa(i) + ")\n\n")
	}
	f.values.Set("body", many.String())
	s.manager.send("/drops/links", f.values).says("6 more were not looked at.")
}

// Before a drop is released it is said which of its links lead nowhere, which of them nobody knows, and that they were
// not looked at as long as they were not. What is typed meanwhile is drawn, and is not saved.
func TestTheReleaseTellsOfDeadLinksAndDrawsWhatIsTyped(t *testing.T) {
	s := openStudio(t)
	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/gone" {
			w.WriteHeader(http.StatusGone)
		}
	}))
	defer site.Close()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close() // nobody answers there
	allowed := map[string]bool{site.Listener.Addr().String(): true, closed.Listener.Addr().String(): true}
	var err error
	s.server, err = web.New(t.Context(), web.Config{
		DB: s.db, Clock: s.clock, Log: slog.New(slog.NewTextHandler(s.log, nil)),
		MayReach: func(at netip.AddrPort) bool { return allowed[at.String()] },
	})
	if err != nil {
		t.Fatal(err)
	}
	body := "[Here](" + site.URL + "/here), [gone](" + site.URL + "/gone) and [silent](" + closed.URL + ")."
	at := s.manager.get("/drops/new").form("/drops").send("title", "Halo", "body", body).follow().path
	if !strings.HasSuffix(at, "/release") {
		t.Fatalf("the new drop leads to %s", at)
	}
	p := s.manager.get(at).says("3 links, not checked")
	f := p.form(at)
	f.values["chosen"] = f.values["squad"][:1]
	f.values["opens_at"][0], f.values["shareable_at"][0] = "2025-03-10T10:00", "2025-03-12T10:00"
	p = s.manager.send(at+"/links", f.values).wants(http.StatusOK).says("1 link leads nowhere", "1 link could not be checked", "There is no such page", "The site could not be reached", "What you set now").lacks("not checked")
	if got := p.form(at).values["shareable_at"][0]; got != "2025-03-12T10:00" {
		t.Errorf("what was typed is %q", got)
	}
	spans := func(p *page) int {
		return len(all(p.doc, func(n *html.Node) bool { return n.Data == "rect" && attr(n, "class") == "sends" }))
	}
	legend := 1
	if got := spans(p) - legend; got != 1 {
		t.Errorf("%d rows are drawn", got)
	}
	f.values.Set("public_at", "2025-03-14T10:00")
	if got := spans(s.manager.send(at+"/picture", f.values).wants(http.StatusOK)) - legend; got != 2 {
		t.Errorf("with everyone %d rows are drawn", got)
	}
	f.values["shareable_at"][0] = "2025-03-09T10:00" // before it opens
	if got := spans(s.manager.send(at, f.values).wants(http.StatusUnprocessableEntity).says("What you set now")) - legend; got != 1 {
		t.Errorf("of what cannot be, %d rows are drawn", got)
	}
	s.manager.get(at).lacks("What you set now", "As it is saved")
	f.values["shareable_at"][0] = "2025-03-12T10:00"
	s.manager.send(at, f.values).wants(http.StatusSeeOther)
	if got := spans(s.manager.get(at).says("As it is saved")) - legend; got != 2 {
		t.Errorf("of what is saved %d rows are drawn", got)
	}
	// Nothing is said of links where there are none.
	plain := s.manager.get("/drops/new").form("/drops").send("title", "Plain", "body", "No links.").follow().path
	s.manager.get(plain).lacks("not checked", "Check the link")
}

// The servers of our own network, under whatever name or address, are nobody's to ask through us.
func TestNoLinkLeadsTheServerIntoItsOwnNetwork(t *testing.T) {
	s := openStudio(t)
	for _, address := range []string{
		"http://127.0.0.1/", "http://localhost/", "http://[::1]/", "http://10.0.0.1/", "http://192.168.1.1/", "http://172.16.0.1/", "http://169.254.169.254/latest/meta-data/",
		"http://100.64.0.1/", "http://0.0.0.0/", "http://[::ffff:127.0.0.1]/", "http://[fd00::1]/", "http://[fe80::1]/", "http://[64:ff9b::7f00:1]/", "http://[fec0::1]/", "http://[::7f00:1]/", "http://2130706433/", "http://8.8.8.8:22/", "http://me:secret@8.8.8.8/",
	} {
		p := s.manager.send("/drops/links", url.Values{"once": {"x"}, "language": {"en"}, "title": {"T"}, "body": {"B"}, "action": {"Go"}, "action_url": {address}}).wants(http.StatusOK)
		for _, n := range all(p.doc, func(n *html.Node) bool { return has(n, "data-link") }) {
			if got := attr(n, "data-link"); got != "reach.not_public" && got != "reach.no_name" && got != "reach.failed" {
				t.Errorf("%s is %s", address, got)
			} else if got == "reach.failed" && !strings.Contains(address, "2130706433") {
				t.Errorf("%s was tried", address)
			}
		}
	}
}
