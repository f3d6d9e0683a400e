package web

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"strconv"

	"ricochet.example/app/account"
	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/data"
	"ricochet.example/views"
)

// titleOf is the title of a link's drop, if the person may see the drop.
func (s *Server) titleOf(ctx context.Context, tx *data.Tx, r *request, l share.Link) (title string, visible bool, err error) {
	d, err := drop.VisibleByID(ctx, tx, r.who.ID, l.DropID)
	if errors.Is(err, data.ErrNotFound) {
		return "", false, nil
	}
	return d.Title, err == nil, err
}

// linkPage reads a link that the person may look at: their own, or any for staff.
func (s *Server) linkPage(r *request) (v views.LinkPage, l share.Link, err error) {
	ctx := r.Context()
	ref, ok := s.tokens.Parse(r.PathValue("token"))
	if !ok || ref.Kind != id.Link {
		return v, l, data.ErrNotFound
	}
	v = views.LinkPage{Token: s.tokens.Link(ref.ID), Zone: s.zone(), Staff: r.who.Staff()}
	err = s.db.View(ctx, func(tx *data.Tx) (err error) {
		if l, err = share.ByID(ctx, tx, ref.ID); err != nil {
			return err
		}
		if l.AccountID != r.who.ID && (!v.Staff || l.Rehearsal) {
			return data.ErrNotFound
		}
		title, visible, err := s.titleOf(ctx, tx, r, l)
		if err != nil {
			return err
		}
		if !visible {
			return data.ErrNotFound
		}
		v.Title, v.DropID = title, l.DropID
		if l.AccountID != "" {
			who, err := account.ByID(ctx, tx, l.AccountID)
			if err != nil {
				return err
			}
			v.Member = who.Name
		}
		if v.Look, err = spread.LookAt(ctx, tx, l.ID); err != nil {
			return err
		}
		v.StoppedAt = l.StoppedAt
		if v.Staff {
			if v.Waiting, err = (share.Held{LinkID: l.ID}).Count(ctx, tx, share.Waiting, countedUpTo); err != nil {
				return err
			}
		}
		v.Tallies, err = share.TalliesOf(ctx, tx, l.ID)
		return err
	})
	if err != nil {
		return v, l, err
	}
	v.Map = spread.Lay(v.Look.Leaves)
	if b := s.brand.Load(); b != nil {
		v.Address = b.URL + "/s/" + v.Token
	}
	return v, l, nil
}

// showTree is the page of a link with its tree.
func (s *Server) showTree(w http.ResponseWriter, r *request) error {
	v, l, err := s.linkPage(r)
	if err != nil {
		return err
	}
	if l.Rehearsal {
		return data.ErrNotFound // it has a page of its own
	}
	p, err := s.framed(w, r, navOf(r, "/drops"))
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Link(p, v))
}

// linkMap is the ripple map as a file.
func (s *Server) linkMap(w http.ResponseWriter, r *request) error {
	v, _, err := s.linkPage(r)
	if err != nil {
		return err
	}
	var picture bytes.Buffer
	if err := views.RippleMap(v).Render(r.Context(), &picture); err != nil {
		return err
	}
	h := w.Header()
	s.secure(h, "none")
	h.Set("Content-Type", "image/svg+xml; charset=utf-8")
	h.Set("Content-Disposition", `attachment; filename="ripples.svg"`)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Length", strconv.Itoa(picture.Len()))
	_, err = w.Write(picture.Bytes())
	return err
}
