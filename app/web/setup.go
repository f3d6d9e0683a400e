package web

import (
	"errors"
	"net/http"
	"strings"

	"ricochet.example/app/account"
	"ricochet.example/app/brand"
	"ricochet.example/app/lang"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) setUpRoutes() []Route {
	return []Route{
		// Until the brand is founded, and for whoever has the printed token; then it is gone for everyone.
		{Method: "GET", Pattern: "/setup/{token}", Answers: everyone, Page: true, handle: s.askSetUp, early: true},
		{Method: "POST", Pattern: "/setup/{token}", Answers: everyone, handle: s.setUp, early: true},
	}
}

// pageUnfounded answers everything before the brand is founded. The start page
// is there, and says what to do; of nothing else is it known yet whether it will be.
func (s *Server) pageUnfounded(w http.ResponseWriter, r *request) error {
	status := http.StatusNotFound
	if r.URL.Path == "/" {
		status = http.StatusOK
	}
	return s.show(w, r, status, views.Unfounded(s.frame(r, "")))
}

// askSetUp shows the form that founds the brand.
func (s *Server) askSetUp(w http.ResponseWriter, r *request) error {
	if err := s.maySetUp(r); err != nil {
		return err
	}
	ctx := r.Context()
	f := views.SetUpForm{BrandForm: views.BrandForm{
		Language: lang.Of(ctx), URL: s.origin(r), TimeZone: zoneOf(lang.Of(ctx)),
		LabelEN: views.DefaultLabel(ctx, "en"), LabelFR: views.DefaultLabel(ctx, "fr"),
	}}
	return s.show(w, r, http.StatusOK, views.SetUp(s.frame(r, ""), r.URL.Path, f))
}

// maySetUp is data.ErrNotFound for whoever has not the token.
func (s *Server) maySetUp(r *request) error {
	return s.db.View(r.Context(), func(tx *data.Tx) error {
		may, err := brand.MaySetUp(r.Context(), tx, r.PathValue("token"))
		if err == nil && !may {
			err = data.ErrNotFound
		}
		return err
	})
}

// setUp founds the brand and makes its owner, who is signed in from then on.
func (s *Server) setUp(w http.ResponseWriter, r *request) error {
	if s.brand.Load() != nil {
		return s.goTo(w, r, "/") // sent twice: the first one did it
	}
	if err := s.maySetUp(r); err != nil {
		return err
	}
	ctx := r.Context()
	var f views.SetUpForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	b := f.Brand()
	owner := account.Account{Email: f.Email, Name: f.OwnerName, Role: account.Owner, Language: f.Language}
	f.Problems = b.Check()
	for field, problem := range owner.Check() {
		if field == "name" {
			field = "owner_name"
		}
		f.Problems.Add(field, problem.Key, problem.Args...)
	}
	if !f.Problems.OK() {
		return s.show(w, r, http.StatusUnprocessableEntity, views.SetUp(s.frame(r, ""), r.URL.Path, f))
	}
	var secret []byte
	err := s.db.Update(ctx, func(tx *data.Tx) (err error) {
		if err = brand.Found(ctx, tx, r.PathValue("token"), b); err != nil {
			return err
		}
		if r.who, err = account.Create(ctx, tx, owner); err != nil {
			return err
		}
		secret, err = account.SignIn(ctx, tx, r.who.ID, account.Device(r.UserAgent()))
		return err
	})
	switch {
	case errors.Is(err, brand.ErrFounded):
		return s.goTo(w, r, "/")
	case errors.Is(err, brand.ErrSetUp):
		return data.ErrNotFound
	case err != nil:
		return err
	}
	if err := s.learnBrand(ctx); err != nil {
		return err
	}
	if err := s.admit(w, r, secret); err != nil {
		return err
	}
	return s.goTo(w, r, "/")
}

// origin is the address at which the visitor found us.
func (s *Server) origin(r *request) string {
	if s.proxies.https(r.Request) {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// zoneOf is the time zone that is proposed to whoever speaks a language.
func zoneOf(language string) string {
	if strings.HasPrefix(language, "fr") {
		return "Europe/Paris"
	}
	return "Europe/London"
}
