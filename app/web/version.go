package web

import (
	"errors"
	"net/http"
	"strconv"

	"ricochet.example/app/audit"
	"ricochet.example/app/drop"
	"ricochet.example/data"
	"ricochet.example/views"
)

// versionsShown is how many versions stand on a page.
const versionsShown = 30

// versions lists what a drop said, who saved it when, and what they changed.
func (s *Server) versions(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	v := views.VersionsPage{Drop: d, Page: pageOf(r), Zone: s.zone()}
	err = s.db.View(ctx, func(tx *data.Tx) (err error) {
		v.All, err = drop.Versions(ctx, tx, d.ID, versionsShown+1, (v.Page-1)*versionsShown)
		return err
	})
	if err != nil {
		return err
	}
	if len(v.All) > versionsShown {
		v.All, v.More = v.All[:versionsShown], true
	}
	p, err := s.framed(w, r, "/drops")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Versions(p, v))
}

// versionByPath is the version that the address names.
func (s *Server) versionByPath(r *request, tx *data.Tx, dropID string) (d drop.Drop, err error) {
	number, err := strconv.Atoi(r.PathValue("version"))
	if err != nil {
		return d, data.ErrNotFound
	}
	return drop.VersionByNumber(r.Context(), tx, dropID, number)
}

// version shows one version of a drop beside another: the one before, unless the address names one.
func (s *Server) version(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	v := views.VersionPage{Drop: d, Zone: s.zone()}
	var other drop.Drop
	var images []drop.Image
	err = s.db.View(ctx, func(tx *data.Tx) (err error) {
		if v.Version, err = s.versionByPath(r, tx, d.ID); err != nil {
			return err
		}
		v.From = v.Version.Number - 1
		if n, err := strconv.Atoi(r.URL.Query().Get("from")); err == nil && n >= 1 && n <= d.Number {
			v.From = n
		}
		if v.From > 0 {
			if other, err = drop.VersionByNumber(ctx, tx, d.ID, v.From); err != nil {
				return err
			}
		}
		saved, err := drop.Versions(ctx, tx, d.ID, 1, d.Number-v.Version.Number)
		if err == nil && len(saved) > 0 {
			v.By = saved[0].By
		}
		if err == nil {
			images, err = drop.Images(ctx, tx, d.ID)
		}
		return err
	})
	if err != nil {
		return err
	}
	v.Changes = views.ChangesOf(other.Version, v.Version.Version, images)
	p, err := s.framed(w, r, "/drops")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.ShowVersion(p, v))
}

// restoreVersion makes an older version the newest again, as a version of its own.
func (s *Server) restoreVersion(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	had, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	var d drop.Drop
	err = s.db.View(ctx, func(tx *data.Tx) (err error) {
		d, err = s.versionByPath(r, tx, had.ID)
		return err
	})
	if err != nil {
		return err
	}
	images, videos, err := s.mediaOf(r, had.ID, "")
	if err != nil {
		return err
	}
	d.Restores, d.Number, d.SavedBy, d.HTML = d.Number, had.Number, r.who.ID, ""
	if problems := d.CheckWith(images, videos); !problems.OK() {
		// Bounds may have become narrower since: it is put right by hand.
		f := formOf(d)
		f.Base = had.Number
		return s.formDrop(w, r, http.StatusUnprocessableEntity, had.ID, f, problems)
	}
	err = s.db.Update(ctx, func(tx *data.Tx) error {
		now, err := drop.Save(ctx, tx, d)
		if err != nil || now.Number == had.Number { // it says that already
			return err
		}
		_, err = audit.Write(ctx, tx, audit.Act{
			Kind: audit.DropRestored, AccountID: r.who.ID, CampaignID: had.CampaignID, DropID: had.ID, Opens: int64(d.Restores),
		})
		return err
	})
	if errors.Is(err, drop.ErrNewer) {
		return s.goWith(w, r, views.VersionsPath(had.ID), "version.moved")
	}
	if err != nil {
		return err
	}
	return s.goWith(w, r, views.VersionsPath(had.ID), "version.restored", "n", d.Restores)
}
