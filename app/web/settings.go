package web

import (
	"errors"
	"net/http"

	"ricochet.example/app/account"
	"ricochet.example/app/brand"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) settingsRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/settings", Answers: ownersOnly, Page: true, handle: s.showSettings},
		{Method: "POST", Pattern: "/settings", Answers: ownersOnly, handle: s.changeBrand, keeps: true},
		{Method: "POST", Pattern: "/settings/team", Answers: ownersOnly, handle: s.addStaff},
	}
}

func (s *Server) showSettings(w http.ResponseWriter, r *request) error {
	var b brand.Brand
	err := s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		b, err = brand.Of(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	return s.settingsPage(w, r, http.StatusOK, views.SettingsPage{Form: views.BrandAs(b), Ages: views.AgesForm{Ages: string(b.Ages)}})
}

func (s *Server) settingsPage(w http.ResponseWriter, r *request, status int, shown views.SettingsPage) error {
	err := s.db.View(r.Context(), func(tx *data.Tx) error {
		all, err := account.All(r.Context(), tx)
		for _, a := range all {
			if a.Staff() {
				shown.Staff = append(shown.Staff, a)
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if shown.Ages.Problems.OK() {
		shown.Ages.Ages = string(s.brand.Load().Ages)
	}
	if shown.Team.Role == "" {
		shown.Team.Role = string(account.Manager)
	}
	p, err := s.framed(w, r, "/settings")
	if err != nil {
		return err
	}
	return s.show(w, r, status, views.Settings(p, shown))
}

func (s *Server) changeBrand(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var f views.BrandForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	b := f.Brand()
	if f.Problems = b.Check(); !f.Problems.OK() {
		return s.settingsPage(w, r, http.StatusUnprocessableEntity, views.SettingsPage{Form: f})
	}
	secure := s.https()
	if err := s.db.Update(ctx, func(tx *data.Tx) error { return brand.Change(ctx, tx, b) }); err != nil {
		return err
	}
	if err := s.learnBrand(ctx); err != nil {
		return err
	}
	// With another kind of address our cookies have other names: whoever made
	// the change stays signed in under the new one.
	if secret, ok := r.secret, s.https() != secure; ok {
		if err := s.admit(w, r, secret); err != nil {
			return err
		}
		return s.goTo(w, r, "/settings")
	}
	return s.goWith(w, r, "/settings", "form.saved")
}

// addStaff makes an account for somebody who works for the brand.
func (s *Server) addStaff(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var f views.TeamForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	a := account.Account{Name: f.Name, Email: f.Email, Role: account.Role(f.Role), Language: s.brand.Load().Language}
	for field, problem := range a.Check() {
		f.Problems.Add("team_"+field, problem.Key, problem.Args...)
	}
	if !a.Staff() {
		f.Problems.Add("team_role", "check.choice")
	}
	if f.Problems.OK() {
		err := s.db.Update(ctx, func(tx *data.Tx) error {
			_, err := account.Create(ctx, tx, a)
			return err
		})
		switch {
		case errors.Is(err, data.ErrTaken):
			f.Problems.Add("team_email", "team.taken")
		case err != nil:
			return err
		default:
			return s.goWith(w, r, "/settings", "team.added", "name", a.Name)
		}
	}
	return s.settingsPage(w, r, http.StatusUnprocessableEntity, views.SettingsPage{Form: views.BrandAs(*s.brand.Load()), Team: f})
}
