package web_test

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ricochet.example/app/message"
	mt "ricochet.example/app/message/messagetest"
	"ricochet.example/app/squad"
	"ricochet.example/app/web"
	"ricochet.example/data"
	"ricochet.example/views"
)

// told are the subjects of the notices that were written to somebody, the newest first.
func (h *house) told(email string) (subjects []string, last message.Mail) {
	h.t.Helper()
	h.view(func(ctx context.Context, tx *data.Tx) error {
		all, err := message.Latest(ctx, tx, 100)
		for _, m := range slices.Backward(all) {
			if m.To == email && m.Kind == message.Notice {
				subjects, last = append(subjects, m.Subject), m
			}
		}
		return err
	})
	return subjects, last
}

// looks lets a minute go by, after which there is something to look for again, on this server and one that was just started.
func (l *launch) looks() {
	l.t.Helper()
	l.later(time.Minute)
	l.work()
	if err := l.another().Work(l.t.Context()); err != nil {
		l.t.Fatal(err)
	}
}

// The drop opens at 13:00: Amina hears of it then, once, and not a word before. She ends such mails with one click, by
// which nobody is signed in; Ben goes on to get them.
func TestAMemberHearsOfADropOnceItOpensAndEndsThatWithOneClick(t *testing.T) {
	l := launched(t)
	l.clock.Set(l.opens.Add(-5 * time.Minute))
	l.looks()
	if got, _ := l.told("amina@example.com"); len(got) > 0 {
		t.Fatalf("before it opens she is told %q", got)
	}
	l.clock.Set(l.opens)
	l.looks()
	l.looks()
	got, m := l.told("amina@example.com")
	if len(got) != 1 || !strings.HasPrefix(got[0], "New: ") || !strings.Contains(m.Body, "/drops/"+l.drop) {
		t.Fatalf("she is told %q: %s", got, m.Body)
	}
	if !strings.HasPrefix(m.Unsubscribe, l.base+"/unsubscribe/") || !strings.Contains(m.Body, m.Unsubscribe) {
		t.Fatalf("no more of them: %s", m.Unsubscribe)
	}
	end := strings.TrimPrefix(m.Unsubscribe, l.base)
	stranger := l.browser()
	stranger.get(end).wants(http.StatusOK).says("No more of these mails")
	if p := l.amina.get("/me/notices"); !slices.Contains(p.form("/me/notices").values["mail"], "opened") {
		t.Fatal("looking at the page ended it")
	}
	for range 2 {
		p := stranger.do(l.server, http.MethodPost, end, map[string][]string{"List-Unsubscribe": {"One-Click"}}, nil).wants(http.StatusOK).says("Done")
		if len(p.header.Values("Set-Cookie")) > 0 {
			t.Error("somebody is signed in by it")
		}
	}
	stranger.get("/me").to("/signin?next=%2Fme")
	stranger.get(end[:len(end)-3] + "AAA").wants(http.StatusNotFound)
	if p := l.amina.get("/me/notices"); slices.Contains(p.form("/me/notices").values["mail"], "opened") {
		t.Error("it is not ended")
	}
	if got, _ := l.told("ben@example.com"); len(got) != 1 {
		t.Errorf("Ben is told %q", got)
	}
}

// The drop opens at 13:00, which is in Ben's quiet hours; he hears of it at 15:00. Amina wants no mails at all. When
// the release is moved before it was told, nothing is told.
func TestQuietHoursHoldBackAndAMovedReleaseIsNotTold(t *testing.T) {
	l := launched(t)
	l.ben.get("/me/notices").form("/me/notices").send("quiet_from", "12", "quiet_until", "15").to("/me/notices")
	f := l.amina.get("/me/notices").form("/me/notices")
	f.values.Del("mail")
	f.send().to("/me/notices")
	l.clock.Set(l.opens)
	l.looks()
	if got, _ := l.told("ben@example.com"); len(got) > 0 {
		t.Fatalf("Ben is told %q in his quiet hours", got)
	}
	noon := l.opens.Add(-time.Hour)
	steps := func(at time.Time) {
		l.update(func(ctx context.Context, tx *data.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE release_steps SET opens_at = ?, shareable_at = ? WHERE drop_id = ?`, at, at.Add(time.Hour), l.drop)
			return err
		})
	}
	steps(noon.Add(4 * time.Hour)) // to 16:00
	l.clock.Set(noon.Add(3*time.Hour + 30*time.Minute))
	l.looks()
	if got, _ := l.told("ben@example.com"); len(got) > 0 {
		t.Fatalf("Ben is told %q of what he may not see", got)
	}
	l.clock.Set(noon.Add(4 * time.Hour))
	l.looks()
	if got, _ := l.told("ben@example.com"); len(got) != 1 {
		t.Errorf("Ben is told %q", got)
	}
	if got, _ := l.told("amina@example.com"); len(got) > 0 {
		t.Errorf("Amina is told %q", got)
	}
}

// Amina asked for her week on Mondays: she gets it once, with what came of her links, after her quiet hours. Ben did not.
func TestWhoAsksForItGetsTheirWeekOnMondays(t *testing.T) {
	l := sharing(t)
	f := l.amina.get("/me/notices").form("/me/notices")
	f.values["mail"] = []string{"digest"}
	f.send().to("/me/notices")
	l.clock.Set(l.shares.AddDate(0, 0, 1))
	for l.clock.Now().Weekday() != time.Sunday {
		l.later(24 * time.Hour)
		l.looks()
	}
	l.browser().get("/s/" + l.link).confirms()
	l.looks()
	if got, _ := l.told("amina@example.com"); len(got) > 0 {
		t.Fatalf("before Monday she is told %q", got)
	}
	sunday := l.clock.Now()
	l.clock.Set(time.Date(sunday.Year(), sunday.Month(), sunday.Day()+1, 5, 0, 0, 0, time.UTC))
	l.looks()
	if got, _ := l.told("amina@example.com"); len(got) > 0 {
		t.Fatalf("at night she is told %q", got)
	}
	l.later(5 * time.Hour)
	l.looks()
	l.looks()
	got, m := l.told("amina@example.com")
	if len(got) != 1 || got[0] != "Your week with Novaska" || !strings.Contains(m.Body, "reached 1 person in") {
		t.Errorf("she is told %q: %s", got, m.Body)
	}
	if got, _ := l.told("ben@example.com"); slices.Contains(got, "Your week with Novaska") {
		t.Errorf("Ben is told %q", got)
	}
	// What comes on that Monday after the mail stands in the next one, and the Sunday before it does not any more.
	for range 2 {
		l.reader().opens(l.link)
	}
	l.looks()
	l.clock.Set(time.Date(sunday.Year(), sunday.Month(), sunday.Day()+8, 10, 0, 0, 0, time.UTC))
	l.looks()
	l.looks()
	got, m = l.told("amina@example.com")
	if !slices.Contains(got, "Your week with Novaska") || !strings.Contains(m.Body, "reached 2 people in") {
		t.Errorf("a week later she is told %q: %s", got, m.Body)
	}
}

// Somebody opens Amina's link at night. In the morning she is not in the squad any more, and may not read the title.
func TestOfADropThatSomebodyMayNotReadAnyMoreNothingIsTold(t *testing.T) {
	for _, leaves := range []bool{false, true} {
		l := sharing(t)
		f := l.amina.get("/me/notices").form("/me/notices")
		f.values["mail"] = []string{"first"}
		f.send().to("/me/notices")
		l.clock.Set(l.shares.Add(8 * time.Hour)) // 22:00
		l.browser().get("/s/" + l.link).confirms()
		l.looks()
		if leaves {
			l.update(func(ctx context.Context, tx *data.Tx) error {
				_, err := tx.Exec(ctx, `DELETE FROM members WHERE account_id = ?`, l.aminaID)
				return err
			})
		}
		l.later(11 * time.Hour) // not yet public
		l.looks()
		got, _ := l.told("amina@example.com")
		if told := slices.ContainsFunc(got, func(s string) bool { return strings.HasPrefix(s, "It has begun to travel") }); told == leaves {
			t.Errorf("left: %v; she is told %q", leaves, got)
		}
	}
}

// The drop opens while Amina sleeps, and before she is told it is moved by a week. She hears of it then.
func TestWhatIsMovedBeforeItWasToldIsToldInItsTime(t *testing.T) {
	l := launched(t)
	night := l.opens.Add(9 * time.Hour) // 22:00
	steps := func(at time.Time) {
		l.update(func(ctx context.Context, tx *data.Tx) error {
			if _, err := tx.Exec(ctx, `UPDATE drops SET public_at = NULL WHERE id = ?`, l.drop); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, `UPDATE release_steps SET opens_at = ?, shareable_at = ? WHERE drop_id = ?`, at, at.Add(time.Hour), l.drop)
			return err
		})
	}
	steps(night)
	l.clock.Set(night)
	l.looks()
	opens := l.opens.AddDate(0, 0, 7)
	steps(opens)
	for l.clock.Now().Before(opens.Add(-time.Minute)) {
		l.later(12 * time.Hour)
		if l.clock.Now().After(opens) {
			l.clock.Set(opens.Add(-time.Minute))
		}
		l.work()
	}
	if got, _ := l.told("amina@example.com"); len(got) > 0 {
		t.Fatalf("before it opens she is told %q", got)
	}
	l.clock.Set(opens)
	l.looks()
	l.looks()
	if got, _ := l.told("amina@example.com"); len(got) != 1 || !strings.HasPrefix(got[0], "New: ") {
		t.Errorf("she is told %q", got)
	}
}

// Ben joins a squad that may share earlier than the one in which his link was made: it still waits for that.
func TestWhoseLinkWaitsForAnotherSquadIsNotToldThatItWorks(t *testing.T) {
	for _, own := range []bool{false, true} {
		l := launched(t)
		l.update(func(ctx context.Context, tx *data.Tx) error {
			paris, err := squad.Found(ctx, tx, squad.Squad{Name: "Paris"})
			if err != nil {
				return err
			}
			if !own {
				if _, err := tx.Exec(ctx, `INSERT INTO release_steps (drop_id, squad_id, opens_at, shareable_at) VALUES (?, ?, ?, ?)`,
					l.drop, paris.ID, l.opens, l.opens.Add(time.Minute)); err != nil {
					return err
				}
			}
			_, err = tx.Exec(ctx, `INSERT INTO members (squad_id, account_id, joined_at) VALUES (?, ?, ?)`, paris.ID, l.benID, tx.Now())
			return err
		})
		f := l.ben.get("/me/notices").form("/me/notices")
		f.values["mail"] = []string{"shareable"}
		f.send().to("/me/notices")
		l.clock.Set(l.opens.Add(2 * time.Minute))
		if own {
			l.clock.Set(l.shares)
		}
		l.looks()
		got, _ := l.told("ben@example.com")
		if shown := strings.Contains(l.browser().get("/s/"+l.benLink).body, "Commercial collaboration"); shown != own || len(got) > 0 != own {
			t.Errorf("his own squad: %v; the link shows it: %v; he is told %q", own, shown, got)
		}
	}
}

// phone is a browser that takes pushes, and where they are sent to.
type phone struct {
	t    *testing.T
	site *httptest.Server
	key  *ecdh.PrivateKey
	auth []byte

	mu     sync.Mutex
	status int
	asked  int
	said   []map[string]string
}

func newPhone(t *testing.T) *phone {
	t.Helper()
	p := &phone{t: t, auth: make([]byte, 16), status: http.StatusCreated}
	_, _ = rand.Read(p.auth)
	var err error
	if p.key, err = ecdh.P256().GenerateKey(rand.Reader); err != nil {
		t.Fatal(err)
	}
	p.site = httptest.NewTLSServer(http.HandlerFunc(p.take))
	t.Cleanup(p.site.Close)
	return p
}

// take decrypts what comes as RFC 8291 and RFC 8188 say.
func (p *phone) take(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked++
	body, err := io.ReadAll(r.Body)
	if err != nil || len(body) < 86 || body[20] != 65 || r.Header.Get("Content-Encoding") != "aes128gcm" || r.Header.Get("TTL") == "" {
		p.t.Errorf("%d bytes, %v: %v", len(body), r.Header, err)
		return
	}
	if !strings.HasPrefix(r.Header.Get("Authorization"), "vapid t=") {
		p.t.Errorf("it says that it is %s", r.Header.Get("Authorization"))
	}
	salt, theirs := body[:16], body[21:86]
	server, err := ecdh.P256().NewPublicKey(theirs)
	if err != nil {
		p.t.Error(err)
		return
	}
	secret, err := p.key.ECDH(server)
	if err != nil {
		p.t.Error(err)
		return
	}
	derive := func(secret, salt []byte, info string, n int) []byte {
		key, err := hkdf.Key(sha256.New, secret, salt, info, n)
		if err != nil {
			p.t.Error(err)
		}
		return key
	}
	ikm := derive(secret, p.auth, "WebPush: info\x00"+string(p.key.PublicKey().Bytes())+string(theirs), 32)
	block, err := aes.NewCipher(derive(ikm, salt, "Content-Encoding: aes128gcm\x00", 16))
	if err != nil {
		p.t.Error(err)
		return
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		p.t.Error(err)
		return
	}
	text, err := gcm.Open(nil, derive(ikm, salt, "Content-Encoding: nonce\x00", 12), body[86:], nil)
	if err != nil {
		p.t.Errorf("it cannot be read: %v", err)
		return
	}
	var said map[string]string
	if err := json.Unmarshal([]byte(strings.TrimRight(string(text), "\x00\x02")), &said); err != nil {
		p.t.Errorf("%q: %v", text, err)
	}
	if p.status/100 == 2 {
		p.said = append(p.said, said)
	}
	w.WriteHeader(p.status)
}

// fields are what the browser says of itself.
func (p *phone) fields() []string {
	enc := base64.RawURLEncoding
	return []string{"endpoint", p.site.URL + "/push/1", "p256dh", enc.EncodeToString(p.key.PublicKey().Bytes()), "auth", enc.EncodeToString(p.auth)}
}

func (p *phone) heard(asked int, lines ...string) {
	p.t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	var got []string
	for _, s := range p.said {
		got = append(got, s["title"])
	}
	if p.asked != asked || !slices.Equal(got, lines) {
		p.t.Fatalf("asked %d times, heard %q; want %d, %q", p.asked, got, asked, lines)
	}
}

// pushesTo is a server that knows where a phone takes its pushes; may says whether it may go there.
func (l *launch) pushesTo(p *phone, may func(netip.AddrPort) bool) {
	l.t.Helper()
	roots := x509.NewCertPool()
	roots.AddCert(p.site.Certificate())
	s, err := web.New(l.t.Context(), web.Config{
		DB: l.db, Clock: l.clock, Log: slog.New(slog.NewTextHandler(l.log, nil)), WebRoots: roots, MayReach: may,
	})
	if err != nil {
		l.t.Fatal(err)
	}
	l.server = s
}

// Amina's phone hears of the drop when it opens, and of nothing else that day. The next day it hears what was held
// back, unless she is asleep. When its maker knows it no more, it is asked no more.
func TestAPhoneHearsOneThingADayAndCanReadIt(t *testing.T) {
	l, p := launched(t), newPhone(t)
	serve := func(may func(netip.AddrPort) bool) { l.pushesTo(p, may) }
	serve(nil)
	key := l.amina.get("/me/notices").data("push")
	if len(key) != 1 || len(key[0]) != 87 {
		t.Fatalf("the key of the server is %q", key)
	}
	for _, wrong := range [][]string{
		{"endpoint", "http://push.example/1"}, {"endpoint", "https://a:b@push.example/"}, {"p256dh", "AAAA"}, {"auth", ""},
	} {
		l.amina.post("/me/push", append(p.fields(), wrong...)...).wants(http.StatusBadRequest)
	}
	l.amina.post("/me/push", p.fields()...).wants(http.StatusNoContent)
	l.amina.get("/me/notices").says("This browser shows you notifications")
	next := func() {
		t.Helper()
		l.later(3 * time.Minute)
		l.work()
	}
	next()
	p.heard(0)
	l.clock.Set(l.opens)
	next()
	p.heard(0) // 127.0.0.1 is no address of the public network
	if strings.Contains(l.log.String(), "/push/1") {
		t.Error("the log has the address by which anybody could send to her browser")
	}
	if !strings.Contains(l.log.String(), "not an address of the public network") {
		t.Error("nobody was kept from looking into our network")
	}
	serve(func(netip.AddrPort) bool { return true })
	if again := l.amina.get("/me/notices"); !strings.Contains(again.body, "This browser shows you") {
		t.Error("a server that starts again knows nothing of it")
	}
	p.status = http.StatusServiceUnavailable
	next()
	p.heard(1)
	p.status = http.StatusCreated
	next()
	p.heard(1) // it was tried twice, and waits four minutes now
	next()
	line := p.said[0]["title"]
	if p.heard(2, line); !strings.HasPrefix(line, "New: ") || p.said[0]["path"] != "/drops/"+l.drop {
		t.Fatalf("it says %v", p.said[0])
	}
	next()
	l.clock.Set(l.shares)
	next()
	next()
	p.heard(2, line)
	l.clock.Set(l.opens.Add(16 * time.Hour)) // 5:00
	next()
	p.heard(2, line)
	l.clock.Set(l.opens.Add(20 * time.Hour)) // 9:00
	p.status = http.StatusGone
	next()
	p.heard(3, line)
	next()
	p.heard(3, line)
	l.amina.get("/me/notices").lacks("This browser shows you notifications")
}

// A mail about the drop lies in the outbox, for the mail server is down, when Manel moves the release by a day. Once
// the server is back nothing goes out before the new time; then the mail does, once, and whoever tries it by hand
// sends nothing either.
func TestAMailThatWaitedIsNotSentBeforeAReleaseThatWasMoved(t *testing.T) {
	l := launched(t)
	l.clock.Set(l.opens)
	l.looks()
	if got, m := l.told("amina@example.com"); len(got) != 1 || m.State != message.StateWaiting {
		t.Fatalf("she is told %q", got)
	}
	opens := l.opens.AddDate(0, 0, 1)
	l.manager.get(views.ReleasePath(l.drop)).form(views.ReleasePath(l.drop)).
		send("opens_at", written(opens), "shareable_at", written(opens.Add(time.Hour)), "public_at", written(opens.AddDate(0, 0, 3))).
		form(views.ReleasePath(l.drop)).send("sure", l.squad).to(views.DropPath(l.drop))
	s := mt.New(t, false)
	l.mailServer(s, "save").wants(http.StatusSeeOther)
	l.owner.post("/outbox/again")
	about := func() (n int) {
		for _, letter := range s.Letters() {
			text, _ := parts(t, letter)
			if strings.Contains(text, "/drops/"+l.drop) {
				n++
			}
		}
		return n
	}
	for l.clock.Now().Before(opens.Add(-time.Hour)) {
		l.later(30 * time.Minute)
		l.work()
		l.post()
	}
	if n := about(); n != 0 {
		t.Fatalf("%d mails about the drop went out before it opens", n)
	}
	l.clock.Set(opens)
	l.looks()
	for range 8 {
		l.later(time.Minute)
		l.work()
		l.post()
	}
	if n := about(); n != 2 { // Amina, Ben
		t.Errorf("%d mails about the drop went out, not 2", n)
	}
}
