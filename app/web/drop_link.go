package web

import (
	"errors"
	"net/http"
	"time"

	"ricochet.example/app/drop"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/voice"
	"ricochet.example/data"
	"ricochet.example/views"
)

// noteRead notes that a member looks at a drop: its page says so by itself, once it was seen for a second.
func (s *Server) noteRead(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	if r.who.Staff() {
		return data.ErrNotFound
	}
	if err := s.db.Update(ctx, func(tx *data.Tx) error { return drop.NoteRead(ctx, tx, r.who.ID, r.PathValue("drop")) }); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// ownLink adds the member's link, how to share it, and what became of it.
func (s *Server) ownLink(r *request, v *views.DropPage) error {
	ctx := r.Context()
	var l share.Link
	var steps []drop.Step
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		read, err := drop.ReadBy(ctx, tx, r.who.ID)
		if err != nil {
			return err
		}
		v.Read = read[v.Drop.ID]
		if v.Feeling, err = voice.FeelingOf(ctx, tx, v.Drop.ID, r.who.ID); err != nil {
			return err
		}
		if steps, err = drop.StepsFor(ctx, tx, r.who.ID, v.Drop.ID); err != nil {
			return err
		}
		if v.Talks, err = s.captainsTalks(ctx, tx, v.Drop, r.who.ID, steps); err != nil {
			return err
		}
		l, err = share.Of(ctx, tx, r.who.ID, v.Drop.ID)
		return err
	})
	if errors.Is(err, data.ErrNotFound) {
		return nil // a public drop that was released to others: the link is there for the asking
	}
	if err != nil {
		return err
	}
	v.Token, v.StoppedAt = s.tokens.Link(l.ID), l.StoppedAt
	v.ShareableAt = shareableAt(v.Drop, steps)
	return s.db.View(ctx, func(tx *data.Tx) (err error) {
		if v.Shared, err = drop.Shared(ctx, tx, l.ID); err != nil {
			return err
		}
		if v.Shared && l.StoppedAt.IsZero() {
			sh := sharing{drop: v.Drop, link: l}
			if err := s.fillSharing(ctx, tx, r.who, &sh); err != nil {
				return err
			}
			if v.Sheet, err = s.sheet(ctx, tx, r, sh, r.URL.Query().Get("caption")); err != nil {
				return err
			}
		}
		if v.Totals, err = spread.TotalsOf(ctx, tx, l.ID); err != nil {
			return err
		}
		v.Tallies, err = share.TalliesOf(ctx, tx, l.ID)
		return err
	})
}

// takeLink gives a member a link for a drop that was not released to their squad, but is public.
func (s *Server) takeLink(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	err = s.db.Update(ctx, func(tx *data.Tx) error {
		_, err := share.Take(ctx, tx, r.who.ID, d.ID)
		return err
	})
	if err != nil {
		return err
	}
	return s.goTo(w, r, views.DropPath(d.ID))
}

// shareableAt is when the member's link will show the drop.
func shareableAt(d drop.Drop, steps []drop.Step) (at time.Time) {
	at = d.PublicAt
	for _, s := range steps {
		if at.IsZero() || s.ShareableAt.Before(at) {
			at = s.ShareableAt
		}
	}
	return at
}
