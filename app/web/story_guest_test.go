package web_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/message"
	mt "ricochet.example/app/message/messagetest"
	"ricochet.example/app/squad"
	"ricochet.example/data"
)

// upload sends a form with a file, as a browser does.
func (b *browser) upload(path, file string, fields ...string) *page {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(fields); i += 2 {
		if err := w.WriteField(fields[i], fields[i+1]); err != nil {
			b.t.Fatal(err)
		}
	}
	part, err := w.CreateFormFile("file", "people.csv")
	if err == nil {
		_, err = part.Write([]byte(file))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	r := httptest.NewRequestWithContext(b.t.Context(), http.MethodPost, b.base+path, &body)
	r.RemoteAddr = netip.AddrPortFrom(b.addr, 40000).String()
	for name, value := range b.header {
		r.Header[name] = value
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	r.Header.Set("Origin", b.base)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	for _, c := range b.jar.Cookies(b.address(path)) {
		r.AddCookie(c)
	}
	answer := httptest.NewRecorder()
	b.server.ServeHTTP(answer, r)
	p := &page{browser: b, method: http.MethodPost, path: path, status: answer.Code, header: answer.Header(), body: answer.Body.String()}
	p.doc = parse(b.t, p.body)
	return p
}

// squadOf is a new squad of that name.
func (h *house) squadOf(name string, capacity int) (s squad.Squad) {
	h.t.Helper()
	h.update(func(ctx context.Context, tx *data.Tx) (err error) {
		s, err = squad.Found(ctx, tx, squad.Squad{Name: name, Capacity: capacity})
		return err
	})
	return s
}

var joinLink = regexp.MustCompile(`http://drops\.example(/join/\w+)`)

// Max has a list from the shop's spreadsheet. He sees what will happen, sends, and Zoë, Ben and Ana come.
func TestAManagerInvitesAListOfPeopleByMail(t *testing.T) {
	h, server := found(t), mt.New(t, false)
	h.mailServer(server, "save").to("/settings/mail")
	lyon, nice := h.squadOf("Lyon", 0), h.squadOf("Nice", 1)
	max, _ := h.signedIn("max@novaska.example", account.Manager)
	_, there := h.signedIn("there@example.com", account.Ambassador)
	h.update(func(ctx context.Context, tx *data.Tx) error {
		i, err := squad.Invite(ctx, tx, squad.Invitation{SquadID: lyon.ID})
		if err != nil {
			return err
		}
		if err := message.Stop(ctx, tx, "never@example.com"); err != nil {
			return err
		}
		_, err = squad.Join(ctx, tx, i.Code, there.ID)
		return err
	})
	list := "Nom;Courriel;Squad;Langue\r\n" +
		"Zo\xeb;Zoe@example.com;;fr\r\n" +
		"Ben;ben@example.com;nice;\r\n" +
		"Ben;ben@example.com;Nice;\r\n" +
		"Là;there@example.com;Lyon;\r\n" +
		"Max;max@novaska.example;;\r\n" +
		"Jamais;never@example.com;;\r\n" +
		"Cleo;cleo@;;\r\n" +
		"Dora;dora@example.com;Atlantis;\r\n" +
		";;;\r\n" +
		"Ana;ana@example.com;Nice;\r\n"
	there2 := "/squads/" + lyon.ID + "/invite"
	max.get(there2).wants(http.StatusOK).says("Invite by e-mail")
	plan := max.upload(there2, list, "language", "en", "ends_at", "2025-03-17").wants(http.StatusOK)
	outcomes := map[string]string{}
	lines, kinds := plan.data("line"), plan.data("outcome")
	for i := range lines {
		outcomes[lines[i]] = kinds[i]
	}
	want := map[string]string{"4": "twice", "5": "there", "6": "staff", "7": "stopped", "8": "wrong", "9": "wrong"}
	if fmt.Sprint(outcomes) != fmt.Sprint(want) {
		t.Errorf("the lines are %v, want %v", outcomes, want)
	}
	if got := plan.data("guest"); !slices.Equal(got, []string{"zoe@example.com", "ben@example.com", "ana@example.com"}) {
		t.Errorf("invited would be %q", got)
	}
	plan.says("There is no squad called Atlantis", "Stands in line 3 already", "Nice has 1 free seat for 2 invited people", "Send 3 invitations", "cleo@")
	h.post()
	if got := len(server.Letters()); got != 0 {
		t.Fatalf("the preview sent %d mails", got)
	}

	form := plan.form(there2 + "/send")
	form.send().to("/squads/"+lyon.ID+"/guests").says("3 people were invited.", "Zoë", "Mail waiting")
	form.send().follow() // a nervous finger
	form.values.Set("once", "")
	form.send().follow().says("0 people were invited.") // and another tab
	h.post()
	if got := len(server.Letters()); got != 3 {
		t.Fatalf("%d mails came", got)
	}
	zoes := server.To("zoe@example.com")[0]
	text, shown := parts(t, zoes)
	for _, want := range []string{"Bonjour Zoë", "max t’invite dans Lyon", "17 mars 2025", "/unwanted/"} {
		if !strings.Contains(plain(text), plain(want)) || !strings.Contains(plain(shown), plain(want)) {
			t.Errorf("the mail does not say %q: %s", want, text)
		}
	}
	if got := zoes.Head.Get("List-Unsubscribe"); !strings.HasPrefix(got, "<http://drops.example/unwanted/") {
		t.Errorf("List-Unsubscribe is %q", got)
	}
	if bens, _ := parts(t, server.To("ben@example.com")[0]); !strings.Contains(bens, "Hello Ben") || !strings.Contains(bens, "Nice") {
		t.Errorf("Ben's mail says %s", bens)
	}

	// Zoë comes by her link, with her address there already, and is called what Max called her.
	zoe := h.french()
	join := zoe.get(joinLink.FindStringSubmatch(text)[1]).wants(http.StatusOK).says("max", "Lyon")
	path := joinLink.FindStringSubmatch(text)[1]
	if got := join.form(path).value("email"); got != "zoe@example.com" {
		t.Errorf("the address is %q", got)
	}
	join.form(path).send().to("/signin/code")
	h.post()
	code, _ := parts(t, server.To("zoe@example.com")[1])
	zoe.get("/signin/code").form("/signin/code").send("code", sixDigits.FindString(code)).follow().wants(http.StatusOK)
	max.get("/squads/"+lyon.ID).says("Zoë", "1 person invited by e-mail")
	h.browser().get(path).wants(http.StatusGone)
	guests := max.get("/squads/" + lyon.ID + "/guests").says("Joined")
	if got := guests.data("guest-state"); !slices.Equal(got, []string{"guest_joined"}) {
		t.Errorf("the guests of Lyon are %q", got)
	}
	_ = nice
}

func TestAPersonalInvitationIsSentAgainAndTakenBack(t *testing.T) {
	h, server := found(t), mt.New(t, false)
	h.mailServer(server, "save").to("/settings/mail")
	lyon := h.squadOf("Lyon", 0)
	there := "/squads/" + lyon.ID + "/invite"
	h.owner.upload(there, "", "list", "ana@example.com\nben@example.com", "language", "en", "ends_at", "2025-03-10").form(there + "/send").send().wants(http.StatusSeeOther)
	h.post()
	text, _ := parts(t, server.To("ana@example.com")[0])
	path := joinLink.FindStringSubmatch(text)[1]
	h.later(8 * 24 * time.Hour)
	h.browser().get(path).wants(http.StatusGone).says("expired")

	h.owner, _ = h.signedIn("olga@novaska.example", account.Owner)
	guests := "/squads/" + lyon.ID + "/guests"
	action := func(what string) string { return guests + strings.Replace(path, "/join", "", 1) + "/" + what }
	h.owner.get(guests).says("Expired").form(action("again")).send().to(guests).says("sent again")
	h.post()
	if got := len(server.To("ana@example.com")); got != 2 {
		t.Errorf("%d mails came to ana", got)
	}
	h.browser().get(path).wants(http.StatusOK)
	h.owner.get(guests).form(action("revoke")).send().to(guests).says("Taken back")
	h.browser().get(path).wants(http.StatusGone)
	h.owner.post(action("again")).wants(http.StatusNotFound)
	other := h.squadOf("Nice", 0)
	h.owner.post("/squads/" + other.ID + "/guests" + strings.Replace(path, "/join", "", 1) + "/revoke").wants(http.StatusNotFound)
}

// Ana's mail program posts to the address of List-Unsubscribe, from its own server and without cookies.
func TestWhoWantsNoInvitationsIsNotInvitedAgain(t *testing.T) {
	h, server := found(t), mt.New(t, false)
	h.mailServer(server, "save").to("/settings/mail")
	lyon := h.squadOf("Lyon", 0)
	there := "/squads/" + lyon.ID + "/invite"
	list := func() *page {
		return h.owner.upload(there, "", "list", "ana@example.com", "language", "en", "ends_at", "")
	}
	list().form(there + "/send").send().wants(http.StatusSeeOther)
	h.post()
	text, _ := parts(t, server.To("ana@example.com")[0])
	unwanted := strings.TrimSuffix(strings.TrimPrefix(server.To("ana@example.com")[0].Head.Get("List-Unsubscribe"), "<"+h.base), ">")
	b := h.browser()
	b.get(unwanted).wants(http.StatusOK).says("Do not write to me again")
	b.get(joinLink.FindStringSubmatch(text)[1]).wants(http.StatusOK) // looking changed nothing
	b.do(h.server, http.MethodPost, unwanted, map[string][]string{"List-Unsubscribe": {"One-Click"}}, nil).wants(http.StatusOK).says("Done.")
	b.get(joinLink.FindStringSubmatch(text)[1]).wants(http.StatusGone)
	list().says("asked for no more").lacks("Send 1 invitation")
	b.get("/unwanted/nothing").wants(http.StatusNotFound)
}

func TestAListThatCannotBeReadIsGivenBackWithTheReason(t *testing.T) {
	h := found(t)
	lyon := h.squadOf("Lyon", 0)
	there := "/squads/" + lyon.ID + "/invite"
	for name, c := range map[string]struct{ list, says string }{
		"nothing":               {"", "Fill this in"},
		"too many lines":        {strings.Repeat("ana@example.com;Ana;Lyon\n", squad.MostLines+1), "At most 50,000"},
		"more than can be sent": {strings.Repeat("a", 13<<20), "At most 12 MB"},
		"a workbook":            {"PK\x03\x04abc", "Save the spreadsheet as CSV"},
		"no addresses":          {"Name;Squad\nAna;Lyon", "No column has e-mail addresses"},
	} {
		p := h.owner.upload(there, c.list, "language", "en", "ends_at", "2025-03-17").wants(http.StatusUnprocessableEntity)
		if name == "nothing" {
			if p.form(there).problem("list") == "" {
				t.Error("nothing at the field")
			}
			continue
		}
		if got := p.form(there).problem("list"); !strings.Contains(got, c.says) {
			t.Errorf("%s: at the field stands %q", name, got)
		}
	}
}

func TestFiveThousandPeopleAreInvitedAtOnce(t *testing.T) {
	h := found(t)
	lyon := h.squadOf("Lyon", 0)
	there := "/squads/" + lyon.ID + "/invite"
	var list strings.Builder
	for i := range 5000 {
		fmt.Fprintf(&list, "m%d@example.com;Member %d\n", i, i)
	}
	began := time.Now()
	plan := h.owner.upload(there, list.String(), "language", "en", "ends_at", "2025-03-17").wants(http.StatusOK).says("Send 5,000 invitations", "No mail server")
	planned := time.Since(began)
	plan.form(there + "/send").send().to("/squads/" + lyon.ID + "/guests").says("5,000 people were invited")
	t.Logf("planned in %s, written in %s", planned, time.Since(began)-planned)
	h.view(func(ctx context.Context, tx *data.Tx) error {
		counts, err := message.Counts(ctx, tx)
		if counts[message.StateWaiting] != 5000 {
			t.Errorf("%d mails wait", counts[message.StateWaiting])
		}
		return err
	})
}

func TestMembersComeAsAFileThatASpreadsheetRunsNothingOf(t *testing.T) {
	h := found(t)
	lyon := h.squadOf("Lyon", 0)
	names := []string{"=HYPERLINK(\"http://evil.example\")", "+33", "-1", "@SUM(A1)", "\tx", "＝1", " =1", "Zoë; \"la\" fine", "'quoted"}
	h.update(func(ctx context.Context, tx *data.Tx) error {
		i, err := squad.Invite(ctx, tx, squad.Invitation{SquadID: lyon.ID})
		if err != nil {
			return err
		}
		for n, name := range names {
			a, err := account.Create(ctx, tx, account.Account{Email: fmt.Sprintf("m%d@example.com", n), Name: "x", Role: account.Ambassador, Language: "en"})
			if err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `UPDATE accounts SET name = ? WHERE id = ?`, name, a.ID); err != nil {
				return err
			}
			if _, err := squad.Join(ctx, tx, i.Code, a.ID); err != nil {
				return err
			}
		}
		return nil
	})
	for language, comma := range map[string]rune{"en-GB": ',', "fr-FR": ';'} {
		b, _ := h.signedIn("max@novaska.example", account.Manager)
		h.update(func(ctx context.Context, tx *data.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE accounts SET language = ? WHERE email = 'max@novaska.example'`, language[:2])
			return err
		})
		p := b.get("/squads/" + lyon.ID + "/members.csv").wants(http.StatusOK)
		if got := p.header.Get("Content-Disposition"); got != "attachment; filename=lyon.csv" {
			t.Errorf("it is sent as %q", got)
		}
		r := csv.NewReader(strings.NewReader(strings.TrimPrefix(p.body, "\ufeff")))
		r.Comma = comma
		rows, err := r.ReadAll()
		if err != nil || len(rows) != len(names)+1 || !strings.HasPrefix(p.body, "\ufeff") {
			t.Fatalf("%s: %d rows (%v): %s", language, len(rows), err, p.body)
		}
		for _, row := range rows[1:] {
			for _, cell := range row {
				if first := strings.TrimLeft(cell, " "); first != "" && strings.ContainsAny(string([]rune(first)[0]), "=+-@\t＝＋－＠") {
					t.Errorf("%s: a spreadsheet would run %q", language, cell)
				}
			}
		}
	}
}
