package web_test

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/message"
	"ricochet.example/data"
)

// Max is a manager; his sessions in these stories are those that he opens himself.
func withMax(t *testing.T) (*house, *browser) {
	h := found(t)
	h.update(func(ctx context.Context, tx *data.Tx) error {
		_, err := account.Create(ctx, tx, account.Account{Email: "max@novaska.example", Name: "Max", Role: account.Manager, Language: "fr"})
		return err
	})
	return h, h.browser()
}

func TestACodeSignsInAndLeadsToWhereOneWanted(t *testing.T) {
	h, max := withMax(t)
	asked := max.get("/squads/new?from=mail").to("/signin?next=" + url.QueryEscape("/squads/new?from=mail"))
	sent := asked.form("/signin").send("email", " Max@Novaska.example ")
	typed := sent.to("/signin/code").says("max@novaska.example", "10 minutes")
	m := h.mail("max@novaska.example")
	if m.Subject != "Connexion à Novaska" || !strings.Contains(m.Body, "Ton code\u202f: ") {
		t.Errorf("Max reads French, and was sent %q: %s", m.Subject, m.Body)
	}
	if code := h.code(m.To); strings.Contains(m.Subject, code) {
		t.Error("the subject of a mail is kept, so it must not hold the code")
	}
	// Copied from a mail, with a space inside.
	code := h.code(m.To)
	in := typed.form("/signin/code").send("code", " "+code[:3]+" "+code[3:]+" ")
	in.to("/squads/new?from=mail").wants(http.StatusOK).says("Fonder une squad")
	if strings.Contains(in.header.Get("Set-Cookie"), "Secure") {
		t.Error("on http a browser would not keep a secure cookie")
	}
	max.get("/signin").to("/").wants(http.StatusOK)
	// Sent twice: nothing worse than arriving.
	max.post("/signin/code", "code", code).to("/")
}

func TestTheLinkSignsInOnlyByItsButtonAndOnce(t *testing.T) {
	h, max := withMax(t)
	max.get("/signin?next=/drops").form("/signin").send("email", "max@novaska.example").to("/signin/code")
	link := h.link("max@novaska.example")
	// A mail scanner opens it first, in no browser of his.
	for range 3 {
		h.browser().get(link).wants(http.StatusOK).says("Go back to where you asked")
	}
	h.browser().post(link).wants(http.StatusOK).says("Go back to where you asked")
	page := max.get(link).wants(http.StatusOK).says("m…@novaska.example").lacks("max@novaska.example")
	max.get(link).wants(http.StatusOK)
	page.form(link).send().to("/drops").wants(http.StatusOK)
	page.form(link).send().to("/") // pressed twice
	max.get(link).wants(http.StatusNotFound).says("Demande")
}

func TestAMailedLinkEndsAfterTenMinutesAndSoDoesItsCode(t *testing.T) {
	h, max := withMax(t)
	typed := max.get("/signin").form("/signin").send("email", "max@novaska.example").to("/signin/code")
	link, code := h.link("max@novaska.example"), h.code("max@novaska.example")
	h.later(10*time.Minute - time.Millisecond)
	max.get(link).wants(http.StatusOK).says("m…@novaska.example")
	h.later(time.Millisecond)
	max.get(link).wants(http.StatusNotFound).says("This link has had its time")
	max.post(link).wants(http.StatusNotFound)
	typed.form("/signin/code").send("code", code).wants(http.StatusUnprocessableEntity).says("can’t be used any more")
	max.get("/").to("/signin")
	// The owner's outbox does not keep what it said.
	h.owner.get("/outbox").wants(http.StatusOK).says("max@novaska.example", "was blanked").lacks(code)
	h.work()
	if m := h.mail("max@novaska.example"); m.Body != "" || m.State != message.StateOver {
		t.Errorf("the mail still says %q and is %s", m.Body, m.State)
	}
}

func TestFiveWrongCodesAndTheRightOneIsOfNoUse(t *testing.T) {
	h, max := withMax(t)
	typed := max.get("/signin").form("/signin").send("email", "max@novaska.example").to("/signin/code")
	code := h.code("max@novaska.example")
	for left := 4; left > 0; left-- {
		tried := typed.form("/signin/code").send("code", wrong(code)).wants(http.StatusUnprocessableEntity)
		if got := tried.form("/signin/code").problem("code"); !strings.Contains(got, strconv.Itoa(left)) {
			t.Errorf("with %d tries left the field says %q", left, got)
		}
		if got := tried.form("/signin/code").value("code"); got != wrong(code) {
			t.Errorf("the code that was typed is now %q", got)
		}
	}
	typed.form("/signin/code").send("code", wrong(code)).wants(http.StatusUnprocessableEntity).says("can’t be used any more")
	typed.form("/signin/code").send("code", code).wants(http.StatusUnprocessableEntity).says("can’t be used any more")
	max.get("/").to("/signin")
}

func TestTheAnswerDoesNotTellWhoIsAMember(t *testing.T) {
	h, max := withMax(t)
	eve := h.browser()
	known := max.get("/signin").form("/signin").send("email", "max@novaska.example").to("/signin/code")
	unknown := eve.get("/signin").form("/signin").send("email", "eve@example.com").to("/signin/code")
	if known.text() != strings.ReplaceAll(unknown.text(), "eve@example.com", "max@novaska.example") {
		t.Errorf("the pages differ:\n%s\n%s", known.text(), unknown.text())
	}
	wrongKnown := known.form("/signin/code").send("code", wrong(h.code("max@novaska.example")))
	wrongUnknown := unknown.form("/signin/code").send("code", "123456")
	if wrongKnown.form("/signin/code").problem("code") != wrongUnknown.form("/signin/code").problem("code") {
		t.Errorf("wrong codes are answered differently:\n%s\n%s", wrongKnown.text(), wrongUnknown.text())
	}
}

func TestTheFourthMailInAnHourIsRefusedUntilThen(t *testing.T) {
	h, max := withMax(t)
	for range 3 {
		max.get("/signin").form("/signin").send("email", "max@novaska.example").to("/signin/code")
		h.later(time.Minute)
	}
	refused := max.get("/signin").form("/signin").send("email", "max@novaska.example").wants(http.StatusTooManyRequests).says("a little often")
	if got := refused.header.Get("Retry-After"); got != strconv.Itoa(57*60) {
		t.Errorf("come again after %s seconds, not in 57 minutes", got)
	}
	h.later(57 * time.Minute)
	max.get("/signin").form("/signin").send("email", "max@novaska.example").to("/signin/code")
}

// Eve, elsewhere, asks for Max's address until she may no more. That is her browser's matter, not his.
func TestAStrangerWhoAsksForAnAddressDoesNotLockItsOwnerOut(t *testing.T) {
	h, max := withMax(t)
	for _, email := range []string{"max@novaska.example", "nobody@novaska.example"} {
		eve := h.browser()
		for range 3 {
			eve.post("/signin", "email", email).wants(http.StatusSeeOther)
		}
		eve.post("/signin", "email", email).wants(http.StatusTooManyRequests)
		h.browser().post("/signin", "email", email).wants(http.StatusSeeOther)
	}
	max.signIn("max@novaska.example").wants(http.StatusOK)
}

func TestOneNetworkMayTryThirtyTimesInAQuarterOfAnHour(t *testing.T) {
	h, max := withMax(t)
	eve := h.browser()
	for n := range 30 {
		eve.post("/signin", "email", "eve"+strconv.Itoa(n)+"@example.com").wants(http.StatusSeeOther)
	}
	refused := eve.post("/signin", "email", "eve@example.com").wants(http.StatusTooManyRequests)
	if got := refused.header.Get("Retry-After"); got != "30" {
		t.Errorf("come again after %s seconds, not 30", got)
	}
	eve.post("/signin/code", "code", "123456").wants(http.StatusTooManyRequests)
	// The victim's home is another.
	max.get("/signin").form("/signin").send("email", "max@novaska.example").to("/signin/code")
	h.later(30 * time.Second)
	eve.post("/signin", "email", "eve@example.com").wants(http.StatusSeeOther)
	eve.post("/signin", "email", "eve@example.com").wants(http.StatusTooManyRequests)
}

// Nobody told Ricochet of the proxy before it, so all its visitors look like
// one: they are not shut out for each other's sake, and the staff are told.
func TestBehindAnUnlistedProxyManyMayTry(t *testing.T) {
	h, _ := withMax(t)
	eve := h.browser()
	eve.header.Set("X-Forwarded-For", "203.0.113.9")
	for n := range 40 {
		eve.post("/signin/code", "code", strconv.Itoa(n)).wants(http.StatusUnprocessableEntity)
	}
	h.owner.get("/").wants(http.StatusOK).says(eve.addr.String(), "--trusted-proxy")
	ana, _ := h.signedIn("ana@example.com", account.Ambassador)
	ana.get("/").wants(http.StatusOK).lacks("--trusted-proxy")
}

func TestSigningOutEndsTheSessionAndClearsTheBrowser(t *testing.T) {
	h, max := withMax(t)
	max.signIn("max@novaska.example")
	stolen := h.browser()
	stolen.jar.SetCookies(stolen.address("/"), max.jar.Cookies(max.address("/")))
	stolen.get("/squads").wants(http.StatusOK)
	out := max.post("/sign-out")
	if got := out.header.Get("Clear-Site-Data"); got != `"cache", "storage"` {
		t.Errorf("Clear-Site-Data: %s", got)
	}
	out.to("/signin").says("You are signed out.")
	max.get("/squads").to("/signin?next=%2Fsquads").lacks("You are signed out.")
	stolen.get("/squads").to("/signin?next=%2Fsquads")
	h.browser().post("/sign-out").to("/signin")
}

func TestNobodyIsSentToAnotherSiteAfterSigningIn(t *testing.T) {
	h, _ := withMax(t)
	max, _ := h.signedIn("max@novaska.example", account.Manager)
	for _, next := range []string{
		"https://evil.example/", "//evil.example", `/\evil.example`, `\\evil.example`, "/\t/evil.example", "javascript:alert(1)", "evil.example", "/%zz",
		"http:evil.example", "/signin", "/signin/code",
	} {
		max.get("/signin?next=" + url.QueryEscape(next)).to("/")
		h.browser().get("/signin?next=" + url.QueryEscape(next)).wants(http.StatusOK).lacks("evil")
	}
	max.get("/signin?next=" + url.QueryEscape("/campaigns?a=b&c=d")).to("/campaigns?a=b&c=d")
}

func TestAStrangersFormLeadsBackToItsPageAfterSigningIn(t *testing.T) {
	h, max := withMax(t)
	eve := h.browser()
	eve.post("/channels").to("/signin")
	max.signIn("max@novaska.example")
	page := max.get("/channels").wants(http.StatusOK)
	h.later(13 * time.Hour) // longer than staff stay signed in unseen
	page.form("/channels").send().to("/signin?next=%2Fchannels")
}

func TestASessionInUseLastsAndOneForgottenEnds(t *testing.T) {
	h, max := withMax(t)
	max.signIn("max@novaska.example")
	for range 6 {
		h.later(11 * time.Hour)
		max.get("/squads").wants(http.StatusOK)
		h.work() // only here is it written that the session is in use
	}
	h.later(12 * time.Hour)
	max.get("/squads").to("/signin?next=%2Fsquads")
}

func TestASuspendedAccountGetsNoMailAndIsOutAtOnce(t *testing.T) {
	h, _ := withMax(t)
	max, who := h.signedIn("max@novaska.example", account.Manager)
	asking := h.browser()
	typed := asking.get("/signin").form("/signin").send("email", who.Email).to("/signin/code")
	code := h.code(who.Email)
	h.update(func(ctx context.Context, tx *data.Tx) error { return account.Suspend(ctx, tx, who.ID) })
	max.get("/squads").to("/signin?next=%2Fsquads")
	typed.form("/signin/code").send("code", code).wants(http.StatusUnprocessableEntity).says("can’t be used any more")
	h.later(time.Minute)
	asking.get("/signin").form("/signin").send("email", who.Email).to("/signin/code")
	if h.code(who.Email) != code {
		t.Error("a suspended account was sent a mail")
	}
}

func TestAnotherSiteCannotPostHere(t *testing.T) {
	h := found(t)
	for _, more := range []http.Header{
		{"Origin": {"https://evil.example"}, "Sec-Fetch-Site": {"cross-site"}},
		{"Origin": {"https://evil.example"}},
		{"Origin": {"null"}},
		{"Sec-Fetch-Site": {"same-site"}, "Origin": {"http://evil.drops.example"}},
	} {
		h.owner.do(h.server, http.MethodPost, "/squads", url.Values{"name": {"Lyon"}}, more).wants(http.StatusForbidden).says("This request was stopped")
	}
	h.owner.get("/squads").lacks("Lyon")
}
