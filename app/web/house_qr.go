package web

import (
	"net/http"
	"strings"

	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/picture"
	"ricochet.example/app/share"
	"ricochet.example/app/visit"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) houseQRRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/drops/{drop}/houses/{house}/qr", Answers: staff, Page: true, handle: s.showHouseQR},
		{Method: "GET", Pattern: "/drops/{drop}/houses/{house}/qr.svg", Answers: staff, handle: s.sendHouseQR},
		{Method: "GET", Pattern: "/drops/{drop}/houses/{house}/qr.png", Answers: staff, handle: s.sendHouseQR},
	}
}

// houseQR is the code of a link of the house.
func (s *Server) houseQR(r *request) (d drop.Drop, l share.Link, v views.HouseQRPage, err error) {
	ctx := r.Context()
	if d, err = s.dropByPath(r); err != nil {
		return d, l, v, err
	}
	ref, ok := s.tokens.Parse(r.PathValue("house"))
	if !ok || ref.Kind != id.Link {
		return d, l, v, data.ErrNotFound
	}
	err = s.db.View(ctx, func(tx *data.Tx) (err error) {
		l, err = share.ByID(ctx, tx, ref.ID)
		return err
	})
	if err == nil && (l.DropID != d.ID || l.House == "" || l.House == share.OneToOne) {
		err = data.ErrNotFound
	}
	if err != nil {
		return d, l, v, err
	}
	b := s.brand.Load()
	m := share.Message{Link: b.URL + "/s/" + s.tokens.Link(l.ID)}
	v = views.HouseQRPage{
		Drop: d, Name: l.House, Token: s.tokens.Link(l.ID), Stopped: !l.StoppedAt.IsZero(), Public: d.IsPublic(s.clock.Now()),
		Link: m.LinkOn(visit.QR), Label: disclosure(d, *b), Words: strings.TrimSpace(r.URL.Query().Get("words")),
	}
	v.Code, err = picture.NewQR(v.Link, d.Title)
	return d, l, v, err
}

// showHouseQR is the code of a link of the house as a sheet of paper, for a shop window.
func (s *Server) showHouseQR(w http.ResponseWriter, r *request) error {
	_, _, v, err := s.houseQR(r)
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/drops")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, v.View(p))
}

// sendHouseQR is that code as a file.
func (s *Server) sendHouseQR(w http.ResponseWriter, r *request) error {
	d, l, v, err := s.houseQR(r)
	if err != nil {
		return err
	}
	kind, body := ".svg", v.Code.SVG()
	if strings.HasSuffix(r.Pattern, ".png") {
		kind = ".png"
		if body, err = v.Code.Large(); err != nil {
			return err
		}
	}
	return s.sendFile(w, body, kind, d.Title+" "+l.House+" QR")
}
