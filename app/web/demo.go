package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/data"
	"ricochet.example/views"
)

// demoRoutes are there in a demo alone.
func (s *Server) demoRoutes() []Route {
	if s.demo == nil {
		return nil
	}
	return []Route{
		{Method: "GET", Pattern: views.DemoPath, Answers: everyone, Page: true, handle: s.showDemo},
		{Method: "POST", Pattern: views.DemoLanguagePath, Answers: everyone, handle: s.chooseLanguage},
		{Method: "GET", Pattern: views.DemoPath + "/signin/{role}", Answers: everyone, Page: true, handle: s.askRole},
		{Method: "POST", Pattern: views.DemoPath + "/signin/{role}", Answers: everyone, handle: s.beRole},
		{Method: "GET", Pattern: views.StagePath, Answers: everyone, Page: true, handle: s.showStage},
		{Method: "GET", Pattern: views.StageNowPath, Answers: everyone, handle: s.stageNow},
	}
}

// DemoSignIn is the path of the page with a button that signs in as somebody of the demo.
func DemoSignIn(role string) string { return views.DemoSignInPath(role) }

// demoPage reads what both pages of the demo show.
func (s *Server) demoPage(r *request) (v views.DemoPage, err error) {
	ctx, cast := r.Context(), s.demo.cast
	v.Now, v.Zone, v.Next = s.clock.Now(), s.zone(), r.URL.Path
	v.Friend = rand.IntN(1 << 23) //nolint:gosec // one of many, nobody has to guess it
	for _, role := range s.demo.roles {
		if role.account.ID != "" {
			v.Roles = append(v.Roles, views.DemoRole{Name: role.name, Person: role.account.Name, Here: role.account.ID == r.who.ID})
		}
	}
	err = s.db.View(ctx, func(tx *data.Tx) error {
		link, err := cast.Link(ctx, tx)
		if err != nil {
			return err
		}
		v.Link = s.tokens.Link(link)
		if v.Drop, err = drop.ByID(ctx, tx, cast.Early().ID); err != nil {
			return err
		}
		v.Embargoed, v.LiftsAt, err = s.embargoed(ctx, tx)
		return err
	})
	return v, err
}

// embargoed is the drop that opens soon, and when it opens to the ambassador's squad.
func (s *Server) embargoed(ctx context.Context, tx *data.Tx) (d drop.Drop, at time.Time, err error) {
	if d, err = drop.ByID(ctx, tx, s.demo.cast.Embargoed().ID); err != nil {
		return d, at, err
	}
	steps, err := drop.StepsFor(ctx, tx, s.demo.cast.Ambassador().ID, d.ID)
	for _, step := range steps {
		if at.IsZero() || step.OpensAt.Before(at) {
			at = step.OpensAt
		}
	}
	return d, at, err
}

// showDemo is where a visitor begins: who they can be, and what there is to see.
func (s *Server) showDemo(w http.ResponseWriter, r *request) error {
	v, err := s.demoPage(r)
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Demo(p, v))
}

// languageForm is the choice of a language.
type languageForm struct {
	Language string `form:"language"`
	Next     string `form:"next"`
}

// chooseLanguage keeps the visitor's language, in this browser alone.
func (s *Server) chooseLanguage(w http.ResponseWriter, r *request) error {
	var f languageForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	if !slices.Contains(lang.Supported(), f.Language) {
		return errBadRequest
	}
	s.speak(w, f.Language)
	return s.goTo(w, r, ownPath(f.Next))
}

// speak has the browser remember a language until it is closed.
func (s *Server) speak(w http.ResponseWriter, language string) {
	http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: language, Path: "/", HttpOnly: true, Secure: s.https(), SameSite: http.SameSiteLaxMode})
}

// askRole shows a button: following a link changes nothing.
func (s *Server) askRole(w http.ResponseWriter, r *request) error {
	_, role, ok := s.demo.role(r.PathValue("role"))
	if !ok {
		return data.ErrNotFound
	}
	p, err := s.framed(w, r, "")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.DemoSignIn(p, views.DemoRole{Name: role.name, Person: role.account.Name}))
}

// beRole signs in as somebody of the demo.
func (s *Server) beRole(w http.ResponseWriter, r *request) error {
	_, role, ok := s.demo.role(r.PathValue("role"))
	if !ok {
		return data.ErrNotFound
	}
	ctx := r.Context()
	var secret []byte
	err := s.db.Update(ctx, func(tx *data.Tx) error {
		a, err := account.ByID(ctx, tx, role.account.ID)
		if err != nil {
			return err // a visitor erased them
		}
		if r.session.ID != "" {
			if err := account.SignOut(ctx, tx, r.session); err != nil {
				return err
			}
		}
		secret, err = account.SignIn(ctx, tx, a.ID, account.Device(r.UserAgent()))
		return err
	})
	if err != nil {
		return err
	}
	r.who = role.account
	if err := s.admit(w, r, secret); err != nil {
		return err
	}
	return s.goTo(w, r, "/")
}

// showStage shows an ambassador's phone, a reader's and the desk side by side.
func (s *Server) showStage(w http.ResponseWriter, r *request) error {
	v, err := s.demoPage(r)
	if err != nil {
		return err
	}
	now, err := s.stageState(r.Context())
	if err != nil {
		return err
	}
	v.People, v.Farthest, v.State = now.People, now.Farthest, now.State
	p := s.frame(r, "")
	return s.show(&framing{ResponseWriter: w, old: "default-src 'none';", now: "default-src 'none'; frame-src 'self';"}, r, http.StatusOK, views.Stage(p, v))
}

// stageState is what the stage asks for every second.
type stageState struct {
	People   int64  `json:"people"` // below the ambassador's link
	Farthest int64  `json:"farthest"`
	Says     string `json:"says"`
	// State differs whenever the frames have something new to show.
	State string `json:"state"`
}

func (s *Server) stageState(ctx context.Context) (now stageState, err error) {
	err = s.db.View(ctx, func(tx *data.Tx) error {
		link, err := s.demo.cast.Link(ctx, tx)
		if err != nil {
			return err
		}
		totals, err := spread.TotalsOf(ctx, tx, link)
		if err != nil {
			return err
		}
		now.People, now.Farthest = totals.People, totals.Farthest
		waiting, err := (share.Held{LinkID: link}).Count(ctx, tx, share.Waiting, countedUpTo)
		if err != nil {
			return err
		}
		_, lifts, err := s.embargoed(ctx, tx)
		lifted := !lifts.IsZero() && !s.clock.Now().Before(lifts)
		now.State = fmt.Sprintf("%d-%d-%d-%t", totals.People, totals.Points, waiting, lifted)
		return err
	})
	return now, err
}

func (s *Server) stageNow(w http.ResponseWriter, r *request) error {
	now, err := s.stageState(r.Context())
	if err != nil && !errors.Is(err, data.ErrNotFound) {
		return err
	}
	now.Says = views.StageSays(r.Context(), now.People, now.Farthest)
	h := w.Header()
	h.Set("Content-Type", "application/json")
	h.Set("Cache-Control", "no-store")
	return json.NewEncoder(w).Encode(now)
}
