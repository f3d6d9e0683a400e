package web

import (
	"context"
	"encoding/hex"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/id"
	"ricochet.example/app/lang"
	mail "ricochet.example/app/message"
	"ricochet.example/app/share"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
	"ricochet.example/views/ui"
)

func (s *Server) signInRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/signin", Answers: everyone, Page: true, handle: s.askEmail},
		{Method: "POST", Pattern: "/signin", Answers: everyone, handle: s.sendSignIn},
		{Method: "GET", Pattern: "/signin/code", Answers: everyone, Page: true, handle: s.askCode},
		{Method: "POST", Pattern: "/signin/code", Answers: everyone, handle: s.useCode},
		{Method: "GET", Pattern: "/signin/{secret}", Answers: everyone, Page: true, handle: s.showLink},
		{Method: "POST", Pattern: "/signin/{secret}", Answers: everyone, handle: s.useLink},
		{Method: "POST", Pattern: ui.SignOutPath, Answers: everyone, handle: s.signOut},
	}
}

// goSignIn sends a stranger to sign in, and from there back to the page that
// they were on.
func (s *Server) goSignIn(w http.ResponseWriter, r *request) error {
	next := r.URL.RequestURI()
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		next = "" // what was posted is gone; the page that it came from may still be there
		if from, err := url.Parse(r.Referer()); err == nil && from.Host == r.Host {
			next = from.RequestURI()
		}
	}
	if s.demo != nil {
		return s.goTo(w, r, views.DemoPath)
	}
	return s.goTo(w, r, signInFor(next))
}

// signInFor is where one signs in to go on to a page of ours.
func signInFor(next string) string {
	if next = ownPath(next); next == "/" {
		return "/signin"
	}
	return "/signin?next=" + url.QueryEscape(next)
}

// longestNext is the length, in bytes, of an address to go on to: it has to fit
// into a cookie, sealed and with other things.
const longestNext = 1000

// ownPath is a path of our own that was asked for, or the start page: what a
// form or an address says must not lead to another site.
func ownPath(next string) string {
	u, err := url.Parse(next)
	if err != nil || len(next) > longestNext || u.IsAbs() || u.Host != "" || u.User != nil || !strings.HasPrefix(next, "/") ||
		strings.HasPrefix(next, "//") || strings.ContainsAny(next, "\\\r\n\t") || strings.HasPrefix(u.Path, "/signin") {
		return "/"
	}
	return u.RequestURI()
}

// askEmail shows where to type an e-mail address.
func (s *Server) askEmail(w http.ResponseWriter, r *request) error {
	next := ownPath(r.URL.Query().Get("next"))
	if r.who.ID != "" {
		return s.goTo(w, r, next)
	}
	p, err := s.framed(w, r, "")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.SignIn(p, views.SignInForm{Next: next}))
}

// sendSignIn begins a sign-in. The answer is the same whether we know the address or not.
func (s *Server) sendSignIn(w http.ResponseWriter, r *request) error {
	var f views.SignInForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	if f.Problems.Email("email", account.Address(f.Email)); !f.Problems.OK() {
		return s.show(w, r, http.StatusUnprocessableEntity, views.SignIn(s.frame(r, ""), f))
	}
	return s.begin(w, r, f.Email, ownPath(f.Next), "")
}

// begin mails a code and a link, and goes on to where the code is typed.
// invitation is the code of the one that the person came by, if they did.
func (s *Server) begin(w http.ResponseWriter, r *request, email, next, invitation string) error {
	if until, ok := s.tries.allow(s.client(r)); !ok {
		return s.tooMany(w, r, until)
	}
	ctx, b := r.Context(), s.brand.Load()
	browser, ok := s.cookies.secret(r.Request, browserCookie)
	if !ok {
		browser = id.Secret(32)
	}
	err := s.db.Update(ctx, func(tx *data.Tx) error {
		begun, err := account.Ask(ctx, tx, email, browser, invitation)
		if err != nil || !begun.Mail {
			return err
		}
		reader := ctx
		if a, err := account.ByEmail(ctx, tx, email); err == nil {
			reader = lang.With(ctx, a.Language)
		} else if !errors.Is(err, data.ErrNotFound) {
			return err
		}
		into := ""
		if invitation != "" {
			_, sq, err := squad.ByInvitation(ctx, tx, invitation)
			if err != nil {
				return err
			}
			into = sq.Name
		}
		l := views.SignInMail(reader, b.Name, b.URL, into, begun)
		m := mail.Mail{Kind: mail.SignIn, To: begun.Email, Subject: l.Subject, Body: l.Text(), ForgetAt: begun.EndsAt}
		if m.HTML, err = l.HTML(reader); err != nil {
			return err
		}
		_, err = mail.Write(ctx, tx, m)
		return err
	})
	var often *account.TooManyError
	if errors.As(err, &often) {
		return s.tooMany(w, r, often.Until)
	}
	if err != nil {
		return err
	}
	asked, err := s.cookies.Get(r.Request, browserCookie)
	if err != nil {
		return err
	}
	asked.Values["secret"] = hex.EncodeToString(browser)
	asked.Values["email"], asked.Values["next"], asked.Values["invitation"] = account.Address(email), next, invitation
	if err := asked.Save(r.Request, w); err != nil {
		return err
	}
	return s.goTo(w, r, "/signin/code")
}

// tooMany says when to come again.
func (s *Server) tooMany(w http.ResponseWriter, r *request, until time.Time) error {
	s.retryAfter(w, until)
	s.pageStatus(w, r, http.StatusTooManyRequests)
	return nil
}

// retryAfter tells programs when to come again.
func (s *Server) retryAfter(w http.ResponseWriter, until time.Time) {
	wait := until.Sub(s.clock.Now()) + time.Second - 1
	w.Header().Set("Retry-After", strconv.Itoa(max(1, int(wait/time.Second))))
}

// asked is what a browser that asked for a sign-in was given to remember.
type asked struct {
	browser    []byte // nil: it did not ask, or long ago
	email      string
	next       string // where the person wanted to be
	invitation string // the code of the one that they came by, if they did
}

func (s *Server) asked(r *request) (a asked) {
	a.next = "/"
	browser, ok := s.cookies.secret(r.Request, browserCookie)
	if !ok {
		return a
	}
	a.browser = browser
	kept, err := s.cookies.Get(r.Request, browserCookie)
	if err != nil {
		return a
	}
	a.email, _ = kept.Values["email"].(string)
	next, _ := kept.Values["next"].(string)
	a.next = ownPath(next)
	a.invitation, _ = kept.Values["invitation"].(string)
	return a
}

// again is where another mail is to be asked for: somebody who is invited and no member yet gets none but by their
// invitation.
func (a asked) again() string {
	if a.invitation != "" {
		return views.JoinPath(a.invitation)
	}
	return signInFor(a.next)
}

// form is the one that takes the code of the mail.
func (a asked) form(f views.CodeForm) views.CodeForm {
	f.Sent, f.Invited, f.Again = a.email, a.invitation != "", a.again()
	return f
}

// askCode shows where to type the code of the mail.
func (s *Server) askCode(w http.ResponseWriter, r *request) error {
	a := s.asked(r)
	if a.browser == nil {
		return s.goTo(w, r, "/signin")
	}
	p, err := s.framed(w, r, "")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.SignInCode(p, a.form(views.CodeForm{})))
}

// useCode signs in by the code.
func (s *Server) useCode(w http.ResponseWriter, r *request) error {
	var f views.CodeForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	if until, ok := s.tries.allow(s.client(r)); !ok {
		return s.tooMany(w, r, until)
	}
	ctx := r.Context()
	a := s.asked(r)
	f = a.form(f)
	if f.Problems.Filled("code", f.Code); a.browser != nil && !f.Problems.OK() {
		return s.show(w, r, http.StatusUnprocessableEntity, views.SignInCode(s.frame(r, ""), f))
	}
	var in entry
	var try account.Try
	err := s.db.Update(ctx, func(tx *data.Tx) (err error) {
		if a.browser == nil {
			return nil
		}
		if try, err = account.UseCode(ctx, tx, a.browser, f.Code); err != nil || !try.Right {
			return err
		}
		in, err = s.enter(ctx, tx, r, try.SignedIn)
		return err
	})
	switch {
	case errors.Is(err, account.ErrOver):
		f.Over = true
	case err != nil:
		return s.joinError(w, r, invitation{code: try.Invitation}, err)
	case try.Right:
		return s.entered(w, r, in, a.next)
	case try.Left == 0:
		f.Over = true
	default:
		f.Problems.Add("code", "signin.code_wrong", "n", try.Left)
	}
	if f.Over && r.who.ID != "" {
		return s.goTo(w, r, a.next) // sent twice: the first one did it
	}
	return s.show(w, r, http.StatusUnprocessableEntity, views.SignInCode(s.frame(r, ""), f))
}

// showLink shows a button to whoever opens a mailed link: mail scanners open links too.
func (s *Server) showLink(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	a := s.asked(r)
	var in account.SignedIn
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		in, err = account.ByLink(ctx, tx, r.PathValue("secret"), a.browser)
		return err
	})
	if err != nil {
		return s.linkError(w, r, a, in, err)
	}
	return s.show(w, r, http.StatusOK, views.SignInLink(s.frame(r, ""), views.SignInPath(r.PathValue("secret")), in.Email))
}

// useLink signs in by the link.
func (s *Server) useLink(w http.ResponseWriter, r *request) error {
	if until, ok := s.tries.allow(s.client(r)); !ok {
		return s.tooMany(w, r, until)
	}
	ctx := r.Context()
	a := s.asked(r)
	var in entry
	var by account.SignedIn
	err := s.db.Update(ctx, func(tx *data.Tx) (err error) {
		if by, err = account.UseLink(ctx, tx, r.PathValue("secret"), a.browser); err != nil {
			return err
		}
		in, err = s.enter(ctx, tx, r, by)
		return err
	})
	switch {
	case errors.Is(err, account.ErrOver), errors.Is(err, account.ErrOtherBrowser):
		return s.linkError(w, r, a, by, err)
	case err != nil:
		return s.joinError(w, r, invitation{code: by.Invitation}, err)
	}
	return s.entered(w, r, in, a.next)
}

// linkError says what is wrong with a mailed link, which is of a browser's, and what it was sent for as far as that is known.
func (s *Server) linkError(w http.ResponseWriter, r *request, a asked, by account.SignedIn, err error) error {
	switch {
	case errors.Is(err, account.ErrOtherBrowser):
		return s.show(w, r, http.StatusOK, views.SignInElsewhere(s.frame(r, ""), asked{next: "/", invitation: by.Invitation}.again()))
	case errors.Is(err, account.ErrOver) && r.who.ID != "" && r.Method == http.MethodPost:
		return s.goTo(w, r, a.next) // sent twice: the first one did it
	case errors.Is(err, account.ErrOver):
		return s.show(w, r, http.StatusNotFound, views.SignInOver(s.frame(r, ""), a.again()))
	}
	return err
}

// entry is what came of a sign-in.
type entry struct {
	who    account.Account
	secret []byte
	isNew  bool        // the account was made just now
	joined squad.Squad // by the invitation that they came with
	shut   string      // the invitation that leads no further by itself: its page says why, or asks more
}

// enter signs in whoever holds the mail. Who came by an invitation gets their
// seat, if nothing is to be asked before; who has no account gets one, if the
// invitation takes anybody.
func (s *Server) enter(ctx context.Context, tx *data.Tx, r *request, by account.SignedIn) (in entry, err error) {
	open := by.Invitation != ""
	if open {
		i, _, err := squad.ByInvitation(ctx, tx, by.Invitation)
		if err != nil {
			return in, err
		}
		switch err := squad.Ended(ctx, tx, i); {
		case err == nil:
		case shut(err):
			open = false
		default:
			return in, err
		}
	}
	in.who, err = account.ByEmail(ctx, tx, by.Email)
	switch {
	case errors.Is(err, data.ErrNotFound) && by.Invitation == "":
		return in, account.ErrOver
	case errors.Is(err, data.ErrNotFound) && !open:
		in.shut = by.Invitation
		return in, nil
	case errors.Is(err, data.ErrNotFound):
		in.isNew = true
		if in.who, err = account.Enrol(ctx, tx, by.Email, lang.Of(ctx)); err == nil {
			err = s.nameGuest(ctx, tx, &in.who, by)
		}
	}
	if err != nil {
		return in, err
	}
	// One browser has one session.
	if r.session.ID != "" {
		if err := account.SignOut(ctx, tx, r.session); err != nil {
			return in, err
		}
	}
	in.secret, err = account.SignIn(ctx, tx, in.who.ID, account.Device(r.UserAgent()))
	if errors.Is(err, account.ErrSuspended) {
		return in, account.ErrOver
	}
	if err != nil || by.Invitation == "" {
		return in, err
	}
	ask, held, err := s.asksAge(ctx, tx, in.who)
	no := errors.As(err, new(refused))
	if err != nil && !no {
		return in, err
	}
	if !open || ask || held || no {
		in.shut = by.Invitation // a member who has their seat already is sent home from there
		return in, nil
	}
	in.joined, err = squad.Join(ctx, tx, by.Invitation, in.who.ID)
	switch {
	case errors.Is(err, squad.ErrFull), errors.Is(err, squad.ErrAsks), errors.Is(err, squad.ErrDeclined), errors.Is(err, squad.ErrRemoved):
		in.shut, in.joined = by.Invitation, squad.Squad{}
		return in, nil
	case err != nil:
		return in, err
	}
	return in, share.Issue(ctx, tx, "", in.who.ID)
}

// entered tells the browser who it is from now on, and goes on to where the person wanted to be.
func (s *Server) entered(w http.ResponseWriter, r *request, in entry, next string) error {
	if err := s.cookies.drop(w, r.Request, browserCookie); err != nil {
		return err
	}
	if in.secret != nil {
		r.who = in.who
		if err := s.admit(w, r, in.secret); err != nil {
			return err
		}
	}
	switch {
	case in.shut != "" && in.isNew:
		return s.goTo(w, r, firstMe(views.JoinPath(in.shut)))
	case in.shut != "":
		return s.goTo(w, r, views.JoinPath(in.shut))
	case in.isNew: // after their name they see what there is to share
		return s.goWith(w, r, firstMe("/"), "squad.joined", "squad", in.joined.Name)
	case in.joined.ID != "":
		return s.goWith(w, r, views.SquadPath(in.joined.ID), "squad.joined", "squad", in.joined.Name)
	}
	return s.goTo(w, r, next)
}

// signOut ends the session of this browser.
func (s *Server) signOut(w http.ResponseWriter, r *request) error {
	if r.session.ID != "" {
		err := s.db.Update(r.Context(), func(tx *data.Tx) error { return account.SignOut(r.Context(), tx, r.session) })
		if err != nil {
			return err
		}
	}
	return s.out(w, r)
}

// out makes the browser forget who was signed in and what they saw.
func (s *Server) out(w http.ResponseWriter, r *request) error {
	if err := s.cookies.drop(w, r.Request, loginCookie); err != nil {
		return err
	}
	w.Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return s.goWith(w, r, "/signin", "signin.out")
}
