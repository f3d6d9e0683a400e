package web

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/data"
	"ricochet.example/views"
)

// keepDraft keeps what stands in the form of a drop, for the one who typed it. The page sends it again and again.
func (s *Server) keepDraft(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	dropID, err := s.dropOfForm(r)
	if err != nil {
		return err
	}
	var f dropForm
	if err := s.fillUpTo(dropFormSize, w, r, &f); err != nil {
		return err
	}
	if f.Once == "" {
		return errBadRequest // it is the form's name
	}
	content := r.PostForm.Encode()
	err = s.db.Update(ctx, func(tx *data.Tx) error {
		if dropID != "" {
			if err := drop.Edits(ctx, tx, dropID, r.who.ID); err != nil {
				return err
			}
			saved, err := drop.ByID(ctx, tx, dropID)
			if err != nil || f.sayAs(saved) {
				return errors.Join(err, drop.ThrowAway(ctx, tx, r.who.ID, f.Once)) // all was undone
			}
		}
		return drop.KeepDraft(ctx, tx, drop.Draft{ID: f.Once, AccountID: r.who.ID, DropID: dropID, Content: content})
	})
	if err != nil {
		return err
	}
	return s.tellEditor(w, r, dropID, f, true)
}

// sayAs tells whether the form says what is saved, and nothing else.
func (f dropForm) sayAs(saved drop.Drop) bool {
	d := f.drop()
	d.Tidy()
	return len(drop.Changed(saved.Version, d.Version)) == 0 && d.Language == saved.Language
}

// editingForm is what a page says that has the form of a drop open.
type editingForm struct {
	Base int    `form:"base"`
	Gone string `form:"gone"`
}

// noteEditing notes who has the form of a drop open, and tells them who else has.
func (s *Server) noteEditing(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	var f editingForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	err = s.db.Update(ctx, func(tx *data.Tx) error {
		if f.Gone != "" {
			return drop.Leaves(ctx, tx, d.ID, r.who.ID)
		}
		return drop.Edits(ctx, tx, d.ID, r.who.ID)
	})
	if err != nil {
		return err
	}
	return s.tellEditor(w, r, d.ID, dropForm{Base: f.Base}, false)
}

// tellEditor tells a page what it shows beside the form: when it was kept, who else writes, and that somebody saved.
func (s *Server) tellEditor(w http.ResponseWriter, r *request, dropID string, f dropForm, kept bool) error {
	ctx := r.Context()
	answer := struct {
		Kept   string   `json:"kept,omitempty"`
		Others []string `json:"others"`
		Newer  string   `json:"newer,omitempty"`
	}{Others: []string{}}
	if kept {
		answer.Kept = lang.T(ctx, "draft.kept", "when", lang.Time(ctx, s.clock.Now(), s.zone()))
	}
	if dropID != "" {
		err := s.db.View(ctx, func(tx *data.Tx) error {
			others, err := drop.Editors(ctx, tx, dropID, r.who.ID)
			if err != nil {
				return err
			}
			for _, e := range others {
				answer.Others = append(answer.Others, views.EditorSaid(ctx, e, s.zone()))
			}
			last, err := drop.Versions(ctx, tx, dropID, 1, 0)
			if err == nil && len(last) > 0 && f.Base != 0 && last[0].Number > f.Base && last[0].SavedBy != r.who.ID {
				answer.Newer = views.NewerSaid(ctx, last[0], s.zone())
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	body, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	return send(w, http.StatusOK, body)
}

// draftOf is the form as it stands in the draft that the address names, if there is one.
func (s *Server) draftOf(r *request, dropID string) (f dropForm, found bool, err error) {
	draftID := r.URL.Query().Get("draft")
	if draftID == "" {
		return f, false, nil
	}
	var d drop.Draft
	err = s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		d, err = drop.DraftByID(r.Context(), tx, r.who.ID, draftID)
		return err
	})
	if errors.Is(err, data.ErrNotFound) || err == nil && d.DropID != dropID {
		return f, false, nil // it was saved, or thrown away
	}
	if err == nil {
		f, err = readDraft(d)
	}
	return f, err == nil, err
}

// readDraft is the form as it was kept.
func readDraft(d drop.Draft) (f dropForm, err error) {
	values, err := url.ParseQuery(d.Content)
	if err == nil {
		err = forms.Decode(&f, values)
	}
	f.Once = d.ID
	return f, err
}

// others adds what the form says of others: of the same person's earlier writing, and of who else writes.
func (s *Server) others(r *request, dropID, form string, images []drop.Image, v *views.DropForm) error {
	ctx := r.Context()
	var drafts []drop.Draft
	var saved drop.Drop
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if drafts, err = drop.Drafts(ctx, tx, r.who.ID, dropID); err != nil || dropID == "" {
			return err
		}
		if v.Others, err = drop.Editors(ctx, tx, dropID, r.who.ID); err != nil {
			return err
		}
		saved, err = drop.ByID(ctx, tx, dropID)
		return err
	})
	if err != nil {
		return err
	}
	for _, d := range drafts {
		f, err := readDraft(d)
		if err != nil {
			return err
		}
		typed := f.drop()
		typed.Tidy()
		if d.ID == form || f.sayAs(saved) || dropID == "" && strings.TrimSpace(f.Title+f.Teaser+f.Body) == "" {
			continue
		}
		v.Offers = append(v.Offers, views.Offer{
			ID: d.ID, DropID: dropID, Title: typed.Title, At: d.KeptAt, Language: typed.Language, Changes: views.ChangesOf(saved.Version, typed.Version, images),
		})
	}
	return nil
}

// draftForm is a button's.
type draftForm struct {
	Drop string `form:"drop"`
}

// throwDraftAway forgets what somebody typed and did not save, at their own wish.
func (s *Server) throwDraftAway(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var f draftForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	var d drop.Draft
	err := s.db.Update(ctx, func(tx *data.Tx) (err error) {
		if d, err = drop.DraftByID(ctx, tx, r.who.ID, r.PathValue("draft")); errors.Is(err, data.ErrNotFound) {
			return nil // twice
		}
		return errors.Join(err, drop.ThrowAway(ctx, tx, r.who.ID, d.ID))
	})
	if err != nil {
		return err
	}
	to := "/drops/new"
	if d.DropID != "" {
		to = views.EditPath(d.DropID)
	}
	return s.goWith(w, r, to, "draft.thrown_away")
}

// clash answers somebody who wrote on an older version than the newest: with what the others changed, what theirs
// would change, and both put together where they changed different things. Nothing is saved, and nothing lost.
func (s *Server) clash(w http.ResponseWriter, r *request, mine drop.Drop, f dropForm, images []drop.Image) error {
	ctx := r.Context()
	var base, newest drop.Drop
	var last []drop.Saved
	err := s.db.Update(ctx, func(tx *data.Tx) (err error) {
		if newest, err = drop.ByID(ctx, tx, mine.ID); err != nil {
			return err
		}
		if base, err = drop.VersionByNumber(ctx, tx, mine.ID, f.Base); errors.Is(err, data.ErrNotFound) {
			base, err = newest, nil
		}
		if err != nil {
			return err
		}
		if last, err = drop.Versions(ctx, tx, mine.ID, 1, 0); err != nil {
			return err
		}
		// What was typed is kept as it was, whatever becomes of the page.
		return drop.KeepDraft(ctx, tx, drop.Draft{ID: f.Once, AccountID: r.who.ID, DropID: mine.ID, Content: r.PostForm.Encode()})
	})
	if err != nil {
		return err
	}
	merged, both := drop.Merge(base.Version, mine.Version, newest.Version)
	if f.Spoke == "" {
		f.Spoke = newest.Language
	}
	language, differ := drop.MergeLanguage(f.Spoke, f.Language, newest.Language)
	if differ {
		both = append([]string{"language"}, both...)
	}
	c := &views.Clash{
		DropID: mine.ID, Newest: last[0], Base: base.Number, Language: newest.Language, Both: both,
		Theirs: append(views.ChangeOfLanguage(f.Spoke, newest.Language), views.ChangesOf(base.Version, newest.Version, images)...),
		Mine:   append(views.ChangeOfLanguage(newest.Language, language), views.ChangesOf(newest.Version, merged, images)...),
	}
	newest.Version = merged
	again := formOf(newest)
	again.Once, again.Base, again.Language, again.clash = f.Once, last[0].Number, language, c
	return s.formDrop(w, r, http.StatusConflict, mine.ID, again, nil)
}

// sentAgain answers a form that made a drop before: where it says something else now, that is not lost.
func (s *Server) sentAgain(w http.ResponseWriter, r *request, path string, f dropForm) error {
	ctx := r.Context()
	var made drop.Drop
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		made, err = drop.ByID(ctx, tx, strings.TrimSuffix(strings.TrimPrefix(path, "/drops/"), "/release"))
		return err
	})
	if err != nil {
		return err
	}
	if f.sayAs(made) {
		return s.goWith(w, r, path, "drop.created")
	}
	f.Base = 1
	return s.save(w, r, made, f)
}
