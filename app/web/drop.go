package web

import (
	"context"
	"errors"
	"net/http"

	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/share"
	"ricochet.example/app/spread"
	"ricochet.example/app/squad"
	"ricochet.example/app/voice"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) dropRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/drops", Answers: staff, Page: true, handle: s.drops},
		{Method: "GET", Pattern: "/drops/new", Answers: staff, Page: true, handle: s.newDrop},
		{Method: "POST", Pattern: "/drops", Answers: staff, handle: s.createDrop, keeps: true},
		{Method: "GET", Pattern: "/drops/{drop}", Answers: insiders, Page: true, handle: s.showDrop},
		{Method: "POST", Pattern: "/drops/{drop}/link", Answers: members, handle: s.takeLink},
		{Method: "POST", Pattern: "/drops/{drop}/read", Answers: members, handle: s.noteRead},
		{Method: "GET", Pattern: "/drops/{drop}/edit", Answers: staff, Page: true, handle: s.editDrop},
		{Method: "POST", Pattern: "/drops/{drop}", Answers: staff, handle: s.saveDrop, keeps: true},
		{Method: "POST", Pattern: "/drops/draft", Answers: staff, handle: s.keepDraft},
		{Method: "POST", Pattern: "/drops/{drop}/draft", Answers: staff, handle: s.keepDraft},
		{Method: "POST", Pattern: "/drops/{drop}/editing", Answers: staff, handle: s.noteEditing},
		{Method: "POST", Pattern: "/drafts/{draft}/remove", Answers: staff, handle: s.throwDraftAway},
		{Method: "GET", Pattern: "/drops/{drop}/versions", Answers: staff, Page: true, handle: s.versions},
		{Method: "GET", Pattern: "/drops/{drop}/versions/{version}", Answers: staff, Page: true, handle: s.version},
		{Method: "POST", Pattern: "/drops/{drop}/versions/{version}/restore", Answers: staff, handle: s.restoreVersion},
		{Method: "GET", Pattern: "/drops/{drop}/release", Answers: staff, Page: true, handle: s.editRelease},
		{Method: "POST", Pattern: "/drops/{drop}/release", Answers: staff, handle: s.setRelease},
		{Method: "POST", Pattern: "/drops/{drop}/release/picture", Answers: staff, handle: s.drawRelease},
		{Method: "POST", Pattern: "/drops/{drop}/release/links", Answers: staff, handle: s.checkReleaseLinks},
	}
}

func (s *Server) drops(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var all []drop.Drop
	var stops map[string]drop.Stop
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if all, err = drop.Visible(ctx, tx, r.who.ID); err != nil {
			return err
		}
		stops, err = drop.Stops(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/drops")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Drops(p, all, stops, s.clock.Now(), s.zone()))
}

func (s *Server) dropByPath(r *request) (d drop.Drop, err error) {
	err = s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		d, err = drop.VisibleByID(r.Context(), tx, r.who.ID, r.PathValue("drop"))
		return orAway(r.Context(), tx, r.who.ID, r.PathValue("drop"), err)
	})
	return d, err
}

// orAway is what an error comes to that says of a drop that there is none: errAway for a member who has known it, and
// who is told that it was taken back.
func orAway(ctx context.Context, tx *data.Tx, accountID, dropID string, err error) error {
	if !errors.Is(err, data.ErrNotFound) {
		return err
	}
	away, failed := drop.IsAway(ctx, tx, accountID, dropID)
	if failed != nil {
		return failed
	}
	if away {
		return errAway
	}
	return err
}

// showDrop is a drop as an insider sees it: to read, with their own link when
// it may be shared, and what became of it.
func (s *Server) showDrop(w http.ResponseWriter, r *request) error {
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	return s.dropPage(w, r, http.StatusOK, d, nil)
}

// dropPage shows a drop to an insider; its forms as typed says, if anything was typed.
func (s *Server) dropPage(w http.ResponseWriter, r *request, status int, d drop.Drop, typed func(*views.DropPage)) error {
	ctx := r.Context()
	images, err := s.imagesOf(r, d.ID, "")
	if err != nil {
		return err
	}
	v := views.DropPage{House: views.HouseForm{Once: id.New()}, Drop: d, Cover: coverOf(d, images), Zone: s.zoneFor(r.who), Staff: r.who.Staff(), Now: s.clock.Now()}
	if v.Staff {
		end, busy := s.turn(r)
		if busy != nil {
			return busy
		}
		defer end()
		err = s.db.View(ctx, func(tx *data.Tx) error { return s.release(r, tx, &v) })
	} else {
		err = s.ownLink(r, &v)
	}
	if err != nil {
		return err
	}
	if typed != nil {
		typed(&v)
	}
	p, err := s.framed(w, r, navOf(r, "/drops"))
	if err != nil {
		return err
	}
	return s.show(w, r, status, views.ShowDrop(p, v))
}

// dropRows is how many rows of its leaderboard stand on a drop's page, which leads to the others.
const dropRows = 10

// release adds who sees the drop when, and what its links brought.
func (s *Server) release(r *request, tx *data.Tx, v *views.DropPage) (err error) {
	ctx := r.Context()
	if v.Release, err = drop.ReleaseOf(ctx, tx, v.Drop.ID); err != nil {
		return err
	}
	if v.Stopped, err = stopOf(ctx, tx, v.Drop.ID, v.Release); err != nil {
		return err
	}
	if v.Squads, err = squad.All(ctx, tx); err != nil {
		return err
	}
	if v.Houses, err = s.housesOf(ctx, tx, v.Drop.CampaignID, v.Drop.ID, nil); err != nil {
		return err
	}
	if v.Talks, err = s.talksOf(ctx, tx, v.Drop); err != nil {
		return err
	}
	if v.Felt, err = voice.FeltOf(ctx, tx, v.Drop.ID); err != nil {
		return err
	}
	scope := spread.Scope{DropID: v.Drop.ID}
	if v.Board, err = s.boards.Look(ctx, tx, spread.Ask{Scope: scope, Rows: dropRows, Odds: true}); err != nil {
		return err
	}
	if v.Travels, err = s.travels(ctx, tx, scope, v.Board.Sums.People, v.Drop.Title, views.DropPath(v.Drop.ID)); err != nil {
		return err
	}
	for _, row := range v.Board.Rows {
		l, err := share.Of(ctx, tx, row.AccountID, v.Drop.ID)
		if err != nil {
			return err
		}
		v.Tokens = append(v.Tokens, views.LinkOf{Token: s.tokens.Link(l.ID), AccountID: l.AccountID})
	}
	if r.URL.Query().Has("details") {
		d, err := spread.DetailsOf(ctx, tx, scope)
		v.Details = &d
		return err
	}
	return nil
}
