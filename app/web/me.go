package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"ricochet.example/app/account"
	"ricochet.example/app/brand"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) meRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/me", Answers: signedIn, Page: true, handle: s.showMe},
		{Method: "POST", Pattern: "/me", Answers: signedIn, handle: s.renameMe},
		{Method: "POST", Pattern: "/me/devices/{session}/sign-out", Answers: signedIn, handle: s.signOutDevice},
		{Method: "POST", Pattern: "/me/devices/sign-out", Answers: signedIn, handle: s.signOutOthers},
	}
}

// firstMe is where a new member says what they are called, before they go on.
func firstMe(next string) string { return "/me?next=" + url.QueryEscape(next) }

func (s *Server) showMe(w http.ResponseWriter, r *request) error {
	f := views.MeForm{Name: r.who.Name, Language: r.who.Language, Named: r.who.Named, Shown: string(r.who.Shown)}
	if next := r.URL.Query().Get("next"); next != "" {
		f.Next = ownPath(next)
	}
	return s.mePage(w, r, http.StatusOK, f)
}

// maySayName says whether readers can be told who shared: an ambassador's name, not a minor's.
func maySayName(ctx context.Context, tx *data.Tx, who account.Account) (bool, error) {
	if who.Staff() {
		return false, nil
	}
	age, err := ageOf(ctx, tx, who.ID)
	return age.Band != account.Minor, err
}

func (s *Server) mePage(w http.ResponseWriter, r *request, status int, f views.MeForm) error {
	shown := views.MePage{Form: f, Now: s.clock.Now(), Email: r.who.Email, First: f.Next != "", Fellows: !r.who.Staff(), Current: r.session.ID}
	err := s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		if shown.Sessions, err = account.SessionsOf(r.Context(), tx, r.who); err != nil {
			return err
		}
		if shown.Age, err = ageOf(r.Context(), tx, r.who.ID); err != nil {
			return err
		}
		if shown.Shares, err = maySayName(r.Context(), tx, r.who); err != nil {
			return err
		}
		if shown.Leads, err = squad.Decides(r.Context(), tx, r.who.ID); err != nil || status != http.StatusOK {
			return err
		}
		off, err := squad.NewsOff(r.Context(), tx, r.who.ID)
		if !off {
			shown.Form.News = "yes"
		}
		return err
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/me")
	if err != nil {
		return err
	}
	return s.show(w, r, status, views.Me(p, shown, s.zoneFor(r.who)))
}

func (s *Server) renameMe(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var f views.MeForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	next := "/me"
	if f.Next != "" {
		f.Next = ownPath(f.Next)
		next = f.Next
	}
	after := r.who
	after.Name, after.Language = f.Name, f.Language
	f.Problems = after.Check()
	if f.Shown != "" {
		f.Problems = join(f.Problems, account.CheckShown(account.Shown(f.Shown)))
	}
	if !f.Problems.OK() {
		return s.mePage(w, r, http.StatusUnprocessableEntity, f)
	}
	err := s.db.Update(ctx, func(tx *data.Tx) error {
		if f.HasNews != "" {
			if err := squad.SetNewsOff(ctx, tx, r.who.ID, f.News == ""); err != nil {
				return err
			}
		}
		if err := account.Rename(ctx, tx, r.who.ID, f.Name, f.Language); err != nil {
			return err
		}
		if f.Next != "" && r.who.TimeZone == "" && !r.who.Staff() && account.CheckZone(f.TimeZone).OK() { // they did not type it: what is wrong is not theirs to mend
			if err := account.SetZone(ctx, tx, r.who.ID, f.TimeZone); err != nil {
				return err
			}
		}
		shown := r.who.Shown
		if f.Shown != "" && !r.who.Staff() {
			shown = account.Shown(f.Shown)
			if err := account.SetShown(ctx, tx, r.who.ID, shown); err != nil {
				return err
			}
		}
		may, err := maySayName(ctx, tx, r.who)
		if err != nil {
			return err
		}
		named := f.Named && may && shown != account.Hidden // fellow members read those pages too
		if named == r.who.Named && (!named || f.Name == r.who.Name && shown == r.who.Shown) {
			return nil
		}
		if err := account.SetNamed(ctx, tx, r.who.ID, named); err != nil {
			return err
		}
		return brand.NewEdition(ctx, tx) // it stands on reader pages
	})
	if err != nil {
		return err
	}
	if s.demo != nil {
		s.speak(w, f.Language) // there it is the browser that has a language
	}
	return s.goWith(w, r, next, "form.saved")
}

// signOutDevice ends one session of the person, this browser's or another.
func (s *Server) signOutDevice(w http.ResponseWriter, r *request) error {
	ended := account.Session{ID: r.PathValue("session"), AccountID: r.who.ID}
	err := s.db.Update(r.Context(), func(tx *data.Tx) error { return account.SignOut(r.Context(), tx, ended) })
	if err != nil {
		return err
	}
	if ended.ID == r.session.ID {
		return s.out(w, r)
	}
	return s.goWith(w, r, "/me", "me.signed_out")
}

// signOutOthers ends every session of the person but this browser's.
func (s *Server) signOutOthers(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	err := s.db.Update(ctx, func(tx *data.Tx) error {
		all, err := account.SessionsOf(ctx, tx, r.who)
		for _, other := range all {
			if other.ID != r.session.ID {
				err = errors.Join(err, account.SignOut(ctx, tx, other))
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	return s.goWith(w, r, "/me", "me.signed_out")
}
