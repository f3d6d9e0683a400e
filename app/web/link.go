package web

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/picture"
	"ricochet.example/app/share"
	"ricochet.example/app/solo"
	"ricochet.example/app/spread"
	"ricochet.example/data"
	"ricochet.example/views"
)

// titleOf is the title of a link's drop and the language that it is in, if the person may see the drop.
func (s *Server) titleOf(ctx context.Context, tx *data.Tx, r *request, l share.Link) (title, language string, visible bool, err error) {
	d, err := drop.VisibleByID(ctx, tx, r.who.ID, l.DropID)
	if errors.Is(err, data.ErrNotFound) {
		return "", "", false, nil
	}
	return d.Title, d.Language, err == nil, err
}

// linkPage reads a link that the person may look at: their own, or any for staff.
func (s *Server) linkPage(r *request) (v views.LinkPage, l share.Link, err error) {
	ctx := r.Context()
	ref, ok := s.tokens.Parse(r.PathValue("token"))
	if !ok || ref.Kind != id.Link {
		return v, l, data.ErrNotFound
	}
	v = views.LinkPage{Token: s.tokens.Link(ref.ID), Zone: s.zoneFor(r.who), Staff: r.who.Staff()}
	err = s.db.View(ctx, func(tx *data.Tx) (err error) {
		if l, err = share.ByID(ctx, tx, ref.ID); err != nil {
			return err
		}
		if l.AccountID != r.who.ID && (!v.Staff || l.Rehearsal) {
			return data.ErrNotFound
		}
		title, language, visible, err := s.titleOf(ctx, tx, r, l)
		if err != nil {
			return err
		}
		if !visible {
			return orAway(ctx, tx, r.who.ID, l.DropID, data.ErrNotFound)
		}
		v.Title, v.Language, v.DropID, v.Rehearsal = title, language, l.DropID, l.Rehearsal
		if v.Member, err = houseName(ctx, tx, l); err != nil {
			return err
		}
		if l.AccountID != "" {
			who, err := account.ByID(ctx, tx, l.AccountID)
			if err != nil {
				return err
			}
			v.Member = who.Name
		}
		if v.Totals, err = spread.TotalsOf(ctx, tx, l.ID); err != nil {
			return err
		}
		if v.Tree, err = s.traces.look(ctx, tx, l.ID); err != nil {
			return err
		}
		if v.Story.Since, err = sharedSince(ctx, tx, l); err != nil {
			return err
		}
		v.StoppedAt = l.StoppedAt
		if v.Staff {
			if v.Waiting, err = (share.Held{LinkID: l.ID}).Count(ctx, tx, share.Waiting, countedUpTo); err != nil {
				return err
			}
		}
		if v.Moments, err = share.MomentsOf(ctx, tx, l.ID, momentsShown); err != nil {
			return err
		}
		v.Tallies, err = share.TalliesOf(ctx, tx, l.ID)
		return err
	})
	if err != nil {
		return v, l, err
	}
	if v.Choice, err = linkChoice(r, v.Tree.Len()); err != nil {
		return v, l, err
	}
	v.Path = views.LinkPath(v.Token)
	if l.Rehearsal {
		v.Path = views.RehearsalPath(v.Token)
	}
	if b := s.brand.Load(); b != nil {
		v.Address = b.URL + "/s/" + v.Token
	}
	return v, l, nil
}

// sharedSince is from when on a link could be opened: since its squad could
// share the drop, or since it was made, if that was later.
func sharedSince(ctx context.Context, tx *data.Tx, l share.Link) (time.Time, error) {
	release, err := drop.ReleaseOf(ctx, tx, l.DropID)
	if err != nil {
		return time.Time{}, err
	}
	since := release.PublicAt
	for _, step := range release.Steps {
		if step.SquadID == l.SquadID && (since.IsZero() || step.ShareableAt.Before(since)) {
			since = step.ShareableAt
		}
	}
	if since.Before(l.MadeAt) {
		since = l.MadeAt
	}
	return since, nil
}

// linkChoice reads from the address what of a tree is to be shown. A branch
// that is not there is not found; everything else falls back to what is plain.
func linkChoice(r *request, opens int) (c views.LinkChoice, err error) {
	q := r.URL.Query()
	if b := q.Get("branch"); b != "" {
		if c.Branch, err = strconv.Atoi(b); err != nil || c.Branch < 0 || c.Branch > opens {
			return c, data.ErrNotFound
		}
	}
	if o := q.Get("order"); slices.Contains(views.Orders, o) {
		c.Order = o
	}
	if q.Get("by") == "channel" {
		c.By = "channel"
	}
	c.Page, err = strconv.Atoi(q.Get("page"))
	if err != nil || c.Page < 1 {
		c.Page = 1
	}
	return c, nil
}

// lookAt lays out what was chosen, and works out how it went.
func lookAt(v *views.LinkPage) {
	v.Map = v.Tree.Lay(v.Choice.Branch)
	v.Story = v.Tree.Story(v.Story.Since)
	v.Line = v.Tree.Timeline()
	v.Passages = v.Tree.Passages()
	v.Numbers = v.Tree.Branch(v.Choice.Branch)
	switch v.Choice.Order {
	case "":
		slices.Reverse(v.Numbers)
	case "branch":
		slices.SortStableFunc(v.Numbers, func(a, b int) int { return cmp.Compare(v.Tree.Grown(b), v.Tree.Grown(a)) })
	}
	v.Choice.Page = min(v.Choice.Page, max((len(v.Numbers)+views.RowsOnPage-1)/views.RowsOnPage, 1))
}

// showTree is the page of a link with its tree.
func (s *Server) showTree(w http.ResponseWriter, r *request) error {
	end, err := s.turn(r)
	if err != nil {
		return err
	}
	defer end()
	v, l, err := s.linkPage(r)
	if err != nil {
		return err
	}
	if l.Rehearsal {
		return data.ErrNotFound // it has a page of its own
	}
	lookAt(&v)
	p, err := s.framed(w, r, navOf(r, "/drops"))
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Link(p, v))
}

// linkMap is the ripple map as a file.
func (s *Server) linkMap(w http.ResponseWriter, r *request) error {
	end, err := s.turn(r)
	if err != nil {
		return err
	}
	defer end()
	v, _, err := s.linkPage(r)
	if err != nil {
		return err
	}
	v.Map = v.Tree.Lay(v.Choice.Branch)
	v.Numbers = v.Tree.Branch(v.Choice.Branch)
	return s.sendDrawing(w, r, views.LinkDrawing(r.Context(), v), v.Member+" "+v.Title)
}

// sendDrawing sends a picture as a file: as the route says, an SVG or a PNG.
func (s *Server) sendDrawing(w http.ResponseWriter, r *request, d picture.Drawing, name string) error {
	h := w.Header()
	s.secure(h, "none")
	h.Set("Cache-Control", "no-store")
	body, suffix := []byte(nil), ".svg"
	if len(r.Pattern) > 4 && r.Pattern[len(r.Pattern)-4:] == ".png" {
		var err error
		if body, err = d.PNG(); err != nil {
			return fmt.Errorf("drawing a map: %w", err)
		}
		suffix = ".png"
		h.Set("Content-Type", "image/png")
	} else {
		body = d.SVG()
		h.Set("Content-Type", "image/svg+xml; charset=utf-8")
	}
	h.Set("Content-Disposition", attachment(name, suffix))
	h.Set("Content-Length", strconv.Itoa(len(body)))
	r.isDrawn()
	_, err := w.Write(body)
	return err
}

// houseName is what a link of the house is called: one that was made for one person, by that person's name as long as
// it is known.
func houseName(ctx context.Context, tx *data.Tx, l share.Link) (string, error) {
	if l.House != share.OneToOne {
		return l.House, nil
	}
	name, err := solo.NameOf(ctx, tx, l.ID)
	if name == "" {
		name = l.House
	}
	return name, err
}
