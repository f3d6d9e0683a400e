package web

import (
	"errors"
	"mime"
	"net/http"
	"strconv"

	"ricochet.example/app/account"
	"ricochet.example/app/drop"
	"ricochet.example/app/mine"
	"ricochet.example/app/reward"
	"ricochet.example/app/squad"
	"ricochet.example/app/voice"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) mineRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: views.MinePath, Answers: ambassadors, Page: true, handle: s.showMine},
		{Method: "GET", Pattern: views.MineFilePath, Answers: ambassadors, handle: s.sendMine},
	}
}

// showMine is what the brand sees about a member, on one page.
func (s *Server) showMine(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	v := views.MinePage{Who: r.who, Brand: s.brand.Load().Name, Zone: s.zoneFor(r.who)}
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if v.Age, err = account.AgeOf(ctx, tx, r.who.ID); err != nil && !errors.Is(err, data.ErrNotFound) {
			return err
		}
		if v.Sessions, err = account.SessionsOf(ctx, tx, r.who); err != nil {
			return err
		}
		if v.Seats, err = squad.SeatsSince(ctx, tx, r.who.ID); err != nil {
			return err
		}
		if v.Applications, err = squad.OpenApplicationsOf(ctx, tx, r.who.ID); err != nil {
			return err
		}
		if _, v.Brought, err = progress(ctx, tx, r.who); err != nil {
			return err
		}
		read, err := drop.ReadBy(ctx, tx, r.who.ID)
		if err != nil {
			return err
		}
		v.Read = len(read)
		if v.Said, err = voice.CountMine(ctx, tx, r.who.ID); err != nil {
			return err
		}
		claims, err := reward.ClaimsOf(ctx, tx, r.who.ID)
		v.Claims = len(claims)
		for _, c := range claims {
			if c.Address != "" {
				v.Addresses++
			}
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
	return s.show(w, r, http.StatusOK, v.View(p))
}

// sendMine sends a member everything that there is about them.
func (s *Server) sendMine(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var file []byte
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		file, err = mine.File(ctx, tx, s.brand.Load().Name, r.who.ID)
		return err
	})
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": fileName(s.brand.Load().Name) + ".json"}))
	h.Set("Content-Length", strconv.Itoa(len(file)))
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex, noarchive, nosnippet")
	_, err = w.Write(file)
	return err
}
