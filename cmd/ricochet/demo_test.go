package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ricochet.example/app/brand"
	"ricochet.example/app/clock"
	"ricochet.example/app/reward"
	"ricochet.example/app/squad"
	"ricochet.example/app/web"
	"ricochet.example/data"
)

// performance is a demo in a test, with a clock that stands still.
type performance struct {
	*show
	clock *clock.Manual
	site  *web.Server
	http  *httptest.Server
	share string // token

	starts time.Time
	squad  string // the captain's
}

// perform makes a demo that starts on a working day.
func perform(t *testing.T) *performance {
	t.Helper()
	p := &performance{starts: time.Date(2026, 5, 20, 14, 30, 0, 0, time.UTC)}
	p.clock = clock.At(p.starts)
	var ready sync.WaitGroup
	ready.Add(1)
	p.http = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ready.Wait()
		p.site.ServeHTTP(w, r)
	}))
	t.Cleanup(p.http.Close)
	var err error
	p.show, err = makeDemo(t.Context(), data.Config{Dir: t.TempDir(), Now: p.clock.Now}, p.clock, p.http.URL, &streams{Out: io.Discard, Err: io.Discard})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.db.Close(); err != nil {
			t.Error(err)
		}
	})
	if p.site, err = p.show.site(t.Context(), discard()); err != nil {
		t.Fatal(err)
	}
	ready.Done()
	err = p.db.View(t.Context(), func(tx *data.Tx) error {
		squads, err := squad.JoinedBy(t.Context(), tx, p.cast.Captain().ID)
		p.squad = squads[0].ID
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p.share = strings.TrimPrefix(p.addresses(p.site, "").Share, "/s/")
	return p
}

// onlooker is somebody who looks at the demo in a browser.
type onlooker struct {
	t    *testing.T
	base string
	http *http.Client
}

func (p *performance) visitor(t *testing.T) *onlooker {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &onlooker{t, p.http.URL, &http.Client{Jar: jar}}
}

// seen is a page that a visitor got, after all redirections.
type seen struct {
	status int
	path   string
	header http.Header
	body   string
}

func (v *onlooker) ask(method, path, from string, form url.Values) seen {
	v.t.Helper()
	r, err := http.NewRequestWithContext(v.t.Context(), method, v.base+path, strings.NewReader(form.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	r.Header.Set("Accept-Language", "en")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	r.Header.Set("Sec-Fetch-Dest", "document")
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", v.base)
	}
	if from != "" {
		r.Header.Set("Referer", v.base+from)
	}
	answer, err := v.http.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return seen{answer.StatusCode, answer.Request.URL.Path, answer.Header, string(body)}
}

func (v *onlooker) get(path string) seen {
	v.t.Helper()
	return v.ask(http.MethodGet, path, "", nil)
}

// wants demands a status and words.
func (s seen) wants(t *testing.T, status int, words ...string) seen {
	t.Helper()
	if s.status != status {
		t.Fatalf("%s: status %d, not %d", s.path, s.status, status)
	}
	for _, w := range words {
		if !strings.Contains(s.body, w) {
			t.Errorf("%s does not say %q", s.path, w)
		}
	}
	return s
}

// reached is what the stage says of the ambassador's link.
func (p *performance) reached(t *testing.T, v *onlooker) (now struct{ People, Farthest int }) {
	t.Helper()
	if err := p.site.Work(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(v.get("/stage/now").wants(t, http.StatusOK).body), &now); err != nil {
		t.Fatal(err)
	}
	return now
}

// opens reads a page as the frame of a friend does, and returns the token that they were given.
func (v *onlooker) opens(friend, token string) (own string) {
	v.t.Helper()
	at := "/as/" + friend + "/s/" + token
	page := v.get(at).wants(v.t, http.StatusOK)
	served, nonce := servedToken.FindStringSubmatch(page.body), servedNonce.FindStringSubmatch(page.body)
	if served == nil || nonce == nil {
		v.t.Fatalf("%s cannot confirm an open", at)
	}
	// The script knows nothing of players: what it posts is known by the page that it is on.
	answer := v.ask(http.MethodPost, "/s/"+served[1]+"/open", at, url.Values{"nonce": {nonce[1]}, "visible": {"1500"}, "interaction": {"1"}}).wants(v.t, http.StatusOK)
	var given struct{ Token string }
	if err := json.Unmarshal([]byte(answer.body), &given); err != nil || given.Token == "" {
		v.t.Fatalf("%s was answered %q: %v", at, answer.body, err)
	}
	return given.Token
}

// A visitor's first ten minutes.
func TestAVisitorWalksThroughTheDemo(t *testing.T) {
	p := perform(t)
	v := p.visitor(t)

	t.Run("Whoever comes is told where they are and whom they can be", func(t *testing.T) {
		start := v.get("/").wants(t, http.StatusOK, "Novaska", "Amina", "Agathe", "Camille", `href="/stage"`, p.share)
		if start.path != "/demo" {
			t.Errorf("it is at %s", start.path)
		}
	})

	t.Run("Each sign-in is one click away", func(t *testing.T) {
		for _, who := range [][2]string{{"ambassador", "Amina"}, {"owner", "Agathe"}, {"captain", "Camille"}} {
			role, name := who[0], who[1]
			action := `method="post" action="` + web.DemoSignIn(role) + `"`
			v.get("/demo").wants(t, http.StatusOK, action)
			v.get(web.DemoSignIn(role)).wants(t, http.StatusOK, action, name) // and a GET signs nobody in
			in := v.ask(http.MethodPost, web.DemoSignIn(role), "/demo", url.Values{})
			if in.wants(t, http.StatusOK, name).path != "/" {
				t.Errorf("%s lands on %s", role, in.path)
			}
		}
		v.get(web.DemoSignIn("nobody")).wants(t, http.StatusNotFound)
	})

	t.Run("Every page says that it is a demo's", func(t *testing.T) {
		campaign := "/campaigns/" + p.cast.Campaign.ID
		for _, path := range []string{
			"/demo", "/stage", "/signin", "/nothing", "/s/" + p.share, "/s/" + p.share + "/about",
			"/as/owner/", "/as/owner/outbox", "/as/owner" + campaign, "/as/owner" + campaign + "/leaderboard", "/as/ambassador/", "/as/captain/me",
		} {
			if page := v.get(path); !strings.Contains(page.body, "demo-strip") {
				t.Errorf("%s does not", path)
			}
		}
	})

	t.Run("A visitor chooses the language, whatever the people of the demo speak", func(t *testing.T) {
		v.get("/as/ambassador/").wants(t, http.StatusOK, `lang="en"`, "Hello Amina")
		back := v.ask(http.MethodPost, "/demo/language", "/stage", url.Values{"language": {"fr"}, "next": {"/stage"}})
		if back.wants(t, http.StatusOK, `lang="fr"`, "La scène").path != "/stage" {
			t.Errorf("it goes back to %s", back.path)
		}
		v.get("/as/ambassador/").wants(t, http.StatusOK, "Bonjour Amina")
		v.ask(http.MethodPost, "/demo/language", "/demo", url.Values{"language": {"xx"}}).wants(t, http.StatusBadRequest)
		v.ask(http.MethodPost, "/demo/language", "/demo", url.Values{"language": {"en"}, "next": {"https://elsewhere.example/"}}).wants(t, http.StatusOK, "Hello Camille")
	})

	t.Run("On the stage links and forms stay with the person whose frame they are in", func(t *testing.T) {
		edit := "/squads/" + p.squad + "/edit"
		if got := v.ask(http.MethodGet, edit, "/as/owner/squads", nil); got.wants(t, http.StatusOK).path != "/as/owner"+edit {
			t.Errorf("the link leads to %s", got.path)
		}
		v.ask(http.MethodGet, edit, "/as/ambassador/", nil).wants(t, http.StatusNotFound)
		got := v.ask(http.MethodPost, "/me", "/as/ambassador/me", url.Values{"name": {"Amina M."}, "language": {"en"}})
		if got.wants(t, http.StatusOK, "Amina M.").path != "/as/ambassador/me" {
			t.Errorf("the form leads to %s", got.path)
		}
		v.get("/as/somebody/").wants(t, http.StatusNotFound)
		v.get("/as/friend-x/s/"+p.share).wants(t, http.StatusNotFound)
	})

	t.Run("Only the stage has frames, of its own origin, and only players' pages stand in them", func(t *testing.T) {
		for path, want := range map[string][2]string{
			"/stage":                      {"'none'", "DENY"},
			"/demo":                       {"'none'", "DENY"},
			"/s/" + p.share:               {"'none'", "DENY"},
			"/as/owner/":                  {"'self'", "SAMEORIGIN"},
			"/as/friend-5/s/" + p.share:   {"'self'", "SAMEORIGIN"},
			"/as/ambassador/nothing/here": {"'self'", "SAMEORIGIN"},
		} {
			h := v.get(path).header
			csp := h.Get("Content-Security-Policy")
			if !strings.Contains(csp, "frame-ancestors "+want[0]) || !strings.Contains(want[1], h.Get("X-Frame-Options")) || h.Get("X-Frame-Options") == "" {
				t.Errorf("%s: %s; %s", path, csp, h.Get("X-Frame-Options"))
			}
			if has := strings.Contains(csp, "frame-src 'self'"); has != (path == "/stage") {
				t.Errorf("%s may have frames: %t", path, has)
			}
		}
	})

	t.Run("A friend's open adds a node, and what the friend passes on adds one further out", func(t *testing.T) {
		before := p.reached(t, v)
		if before.People < 10 || before.Farthest < 3 {
			t.Fatalf("before anybody came it was %+v", before)
		}
		token := v.opens("friend-1", p.share)
		if again := v.opens("friend-1", p.share); again != token {
			t.Errorf("the same friend was given %s, then %s", token, again)
		}
		if now := p.reached(t, v); now.People != before.People+1 {
			t.Errorf("one friend made %+v of %+v", now, before)
		}
		for hop := range before.Farthest {
			p.clock.Advance(time.Minute)
			token = v.opens("friend-"+string(rune('2'+hop)), token)
		}
		if now := p.reached(t, v); now.People != before.People+1+before.Farthest || now.Farthest != before.Farthest+1 {
			t.Errorf("the chain made %+v of %+v", now, before)
		}
	})

	t.Run("The ambassador who opens her own link adds nothing", func(t *testing.T) {
		before := p.reached(t, v)
		v.get("/as/ambassador/s/"+p.share).wants(t, http.StatusOK)
		if now := p.reached(t, v); now != before {
			t.Errorf("it made %+v of %+v", now, before)
		}
	})

	t.Run("The embargo lifts when its time has come", func(t *testing.T) {
		text := p.cast.Embargoed()
		there := "/as/ambassador/drops/" + text.ID
		v.get(there).wants(t, http.StatusNotFound)
		v.get("/as/ambassador/").wants(t, http.StatusOK, "214 voix")
		p.clock.Set(p.starts.Add(10*time.Minute - time.Millisecond))
		v.get(there).wants(t, http.StatusNotFound)
		p.clock.Advance(time.Millisecond)
		v.get(there).wants(t, http.StatusOK, text.Title)
		v.get("/stage").wants(t, http.StatusOK, "The embargo has lifted")
	})
}

// The rows of a demo stand in the table like all others.
func TestTheDemosRoutesAnswerAsTheTableSays(t *testing.T) {
	p := perform(t)
	found := 0
	for _, rt := range p.site.Routes() {
		if !strings.HasPrefix(rt.Pattern, "/demo") && !strings.HasPrefix(rt.Pattern, "/stage") {
			continue
		}
		found++
		path := strings.ReplaceAll(rt.Pattern, "{role}", "owner")
		for kind, role := range map[web.Visitor]string{web.Stranger: "", web.Member: "ambassador", web.Owner: "owner"} {
			v := p.visitor(t)
			if role != "" {
				v.ask(http.MethodPost, web.DemoSignIn(role), "/demo", url.Values{}).wants(t, http.StatusOK)
			}
			form := url.Values{"language": {"en"}}
			if rt.Method == http.MethodGet {
				form = nil
			}
			if got := v.ask(rt.Method, path, "", form); rt.Answers[kind] != web.Yes || got.status != http.StatusOK {
				t.Errorf("%s, %s: status %d", rt.Name(), kind, got.status)
			}
		}
	}
	if found != 6 {
		t.Errorf("%d routes are a demo's", found)
	}
}

func TestARealServerHasNothingOfADemo(t *testing.T) {
	dir := t.TempDir()
	inside(t, dir, foundAsReal)
	s := serve(t, "--dir", dir)
	for _, path := range []string{"/demo", "/demo/signin/owner", "/stage", "/stage/now", "/as/owner/", "/as/friend-1/s/0000000000000"} {
		if status, _ := get(t, s.address+path); status != http.StatusNotFound {
			t.Errorf("%s answers %d", path, status)
		}
	}
	if _, body := get(t, s.address+"/signin"); strings.Contains(body, "demo-strip") {
		t.Error("it says that it is a demo")
	}
	s.stop(syscall.SIGTERM).wants(0)
}

func foundAsReal(ctx context.Context, tx *data.Tx) error {
	token, err := brand.SetUp(ctx, tx)
	if err != nil {
		return err
	}
	return brand.Found(ctx, tx, token, brand.Brand{Name: "Real", Language: "en", URL: "https://real.example", TimeZone: "UTC", Label: "Ad"})
}

func TestADemoRefusesWhatIsNotItsOwn(t *testing.T) {
	genuine, other := filepath.Join(t.TempDir(), "real"), t.TempDir()
	inside(t, genuine, foundAsReal)
	before, err := os.ReadFile(data.File(genuine))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(other, "thesis.txt"), []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"--dir", genuine}, {"--dir", genuine, "--keep"}, {"--dir", other}, {"--dir", other, "--keep"}, {"--database", "postgres://db/x"}} {
		ricochet(t, append([]string{"demo", "--addr", "127.0.0.1:0"}, args...)...).wants(exitMisuse).alone()
	}
	if after, err := os.ReadFile(data.File(genuine)); err != nil || string(after) != string(before) {
		t.Errorf("the real database was touched: %v", err)
	}
	if left, err := os.ReadDir(other); err != nil || len(left) != 1 {
		t.Errorf("the other directory now holds %v, %v", left, err)
	}
}

// begunDemo is a demo of the program itself.
func begunDemo(t *testing.T, env []string, args ...string) (s *served, at addresses) {
	t.Helper()
	cmd := program(t, env, append([]string{"demo", "--json", "--addr", "127.0.0.1:0"}, args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	s = &served{t: t, cmd: cmd, log: &bytes.Buffer{}}
	cmd.Stderr = s.log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	if err := json.NewDecoder(out).Decode(&at); err != nil {
		t.Fatalf("%v; it said %s", err, s.log)
	}
	return s, at
}

func TestADemoOfItsOwnIsReadySaysWhereAndLeavesNothing(t *testing.T) {
	temp := t.TempDir()
	s, at := begunDemo(t, []string{"TMPDIR=" + temp})
	if !regexp.MustCompile(`^http://127\.0\.0\.1:\d+$`).MatchString(at.Address) {
		t.Errorf("it is at %s", at.Address)
	}
	for _, there := range []string{at.Owner, at.Captain, at.Ambassador, at.Share, at.Address} {
		if status, body := get(t, there); status != http.StatusOK || !strings.Contains(body, "Novaska") {
			t.Errorf("%s answers %d", there, status)
		}
	}
	s.stop(syscall.SIGTERM).wants(0)
	if left, err := os.ReadDir(temp); err != nil || len(left) > 0 {
		t.Errorf("it left %v, %v", left, err)
	}
}

func TestADemoIsMadeNewUnlessItIsToBeKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "demo")
	s, first := begunDemo(t, nil, "--dir", dir, "--keep")
	ricochet(t, "demo", "--dir", dir, "--addr", "127.0.0.1:0").wants(exitInUse).alone()
	s.stop(syscall.SIGTERM).wants(0)
	ricochet(t, "serve", "--dir", dir, "--addr", "127.0.0.1:0").wants(exitMisuse, "demo").alone()
	s, kept := begunDemo(t, nil, "--dir", dir, "--keep")
	if path.Base(kept.Share) != path.Base(first.Share) {
		t.Errorf("what was shared was %s and is %s", first.Share, kept.Share)
	}
	if status, body := get(t, kept.Share); status != http.StatusOK || !strings.Contains(body, kept.Address) {
		t.Errorf("the kept demo's page answers %d, not for %s", status, kept.Address)
	}
	s.stop(syscall.SIGINT).wants(0)
	s, fresh := begunDemo(t, nil, "--dir", dir)
	if path.Base(fresh.Share) == path.Base(first.Share) {
		t.Error("what was to be thrown away is there")
	}
	s.stop(syscall.SIGTERM).wants(0)
}

func TestTheDemoHasLevelsRewardsAndAClaimInEachState(t *testing.T) {
	p := perform(t)
	err := p.db.View(t.Context(), func(tx *data.Tx) error {
		counts, err := reward.CountClaims(t.Context(), tx)
		for _, s := range []reward.State{reward.Earned, reward.Approved, reward.Sent, reward.Declined, reward.Withdrawn} {
			if counts[s] == 0 {
				t.Errorf("no claim is %s", s)
			}
		}
		levels, ladderErr := reward.Levels(t.Context(), tx)
		rewards, rewardErr := reward.All(t.Context(), tx)
		if len(levels) != 3 || len(rewards) != 3 {
			t.Errorf("there are %d levels and %d rewards", len(levels), len(rewards))
		}
		for _, r := range rewards {
			if r.Left() <= 0 {
				t.Errorf("nothing is left of %s", r.Name)
			}
		}
		return errors.Join(err, ladderErr, rewardErr)
	})
	if err != nil {
		t.Fatal(err)
	}
	amina := p.visitor(t)
	amina.ask(http.MethodPost, "/demo/signin/ambassador", "/demo", url.Values{}).wants(t, http.StatusOK, "Merci, Amina")
	amina.get("/me/rewards").wants(t, http.StatusOK, "T-shirt des pentes", "Passe-muraille")
}
