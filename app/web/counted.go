package web

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"strconv"

	"ricochet.example/app/lang"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) countedRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/drops/{drop}/counted", Answers: members, handle: s.showCounted},
	}
}

// showCounted is the part of a drop's page that says what came of the asking member's link, and nothing to
// whoever knows it already: pages ask again and again. As the page itself it is kept by nobody.
func (s *Server) showCounted(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	v := views.Counted{DropID: d.ID, Now: s.clock.Now(), Zone: s.zoneFor(r.who)}
	err = s.db.View(ctx, func(tx *data.Tx) error {
		l, err := share.Of(ctx, tx, r.who.ID, d.ID)
		if err != nil {
			return err
		}
		if v.Totals, err = spread.TotalsOf(ctx, tx, l.ID); err != nil {
			return err
		}
		v.Tallies, err = share.TalliesOf(ctx, tx, l.ID)
		return err
	})
	if err != nil {
		return err
	}
	var body bytes.Buffer
	if err := views.CountedNow(v).Render(ctx, &body); err != nil {
		return err
	}
	sum := sha256.Sum256(body.Bytes())
	tag := `"` + hex.EncodeToString(sum[:12]) + `"`
	h := w.Header()
	s.secure(h, "none")
	h.Set("Cache-Control", "no-store")
	h.Set("ETag", tag)
	h.Set("Content-Language", lang.Of(ctx))
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	_, err = w.Write(body.Bytes())
	return err
}
