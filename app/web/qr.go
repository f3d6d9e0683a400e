package web

import (
	"net/http"
	"strconv"

	"ricochet.example/app/picture"
	"ricochet.example/app/share"
	"ricochet.example/app/visit"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) qrRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/drops/{drop}/qr", Answers: members, Page: true, handle: s.showQR},
		{Method: "GET", Pattern: "/drops/{drop}/qr.svg", Answers: members, handle: s.sendQR},
		{Method: "GET", Pattern: "/drops/{drop}/qr.png", Answers: members, handle: s.sendQR},
	}
}

// qrOf is the code of the asking member's link. What is scanned in person says so; for= names a channel that
// takes links by scanning.
func (s *Server) qrOf(r *request) (sh sharing, q picture.QR, c visit.Channel, err error) {
	c = visit.QR
	if name := r.URL.Query().Get("for"); name != "" {
		var ok bool
		if c, ok = visit.ParseChannel(name); !ok || share.WayOf(c, share.AnyScreen) != share.Scan {
			return sh, q, c, data.ErrNotFound
		}
	}
	if sh, err = s.theirs(r); err != nil {
		return sh, q, c, err
	}
	q, err = picture.NewQR(sh.message("").LinkOn(c), sh.drop.Title)
	return sh, q, c, err
}

// showQR is a member's code, large and bright, to be scanned from their phone.
func (s *Server) showQR(w http.ResponseWriter, r *request) error {
	sh, q, c, err := s.qrOf(r)
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/")
	if err != nil {
		return err
	}
	v := views.QRPage{DropID: sh.drop.ID, Title: sh.drop.Title, Language: sh.drop.Language, Link: sh.values.Link, Label: sh.values.Label, Code: q}
	if c != visit.QR {
		v.For = c.String()
	}
	return s.show(w, r, http.StatusOK, views.QR(p, v))
}

// sendQR is the code as a file.
func (s *Server) sendQR(w http.ResponseWriter, r *request) error {
	sh, q, _, err := s.qrOf(r)
	if err != nil {
		return err
	}
	kind, body := ".svg", q.SVG()
	if r.Pattern[len(r.Pattern)-4:] == ".png" {
		kind = ".png"
		if body, err = q.PNG(); err != nil {
			return err
		}
	}
	return s.sendFile(w, body, kind, sh.drop.Title+" QR")
}

// sendFile sends a picture that is made for one person, to be kept.
func (s *Server) sendFile(w http.ResponseWriter, body []byte, kind, name string) error {
	h := w.Header()
	s.secure(h, "none")
	h.Set("Cache-Control", keepNothing)
	h.Set("X-Robots-Tag", "noindex, noarchive, nosnippet")
	h.Set("Content-Type", map[string]string{".svg": "image/svg+xml; charset=utf-8", ".png": "image/png"}[kind])
	h.Set("Content-Disposition", attachment(name, kind))
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, err := w.Write(body)
	return err
}
