package web

import (
	"net/http"

	"ricochet.example/app/drop"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) treeRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/links/{token}/tree.png", Answers: members, handle: s.sendTree},
	}
}

// sendTree draws a member's own tree to be shown around: only while the drop that it names may be shared, and with
// nobody else on it.
func (s *Server) sendTree(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	v, l, err := s.linkPage(r)
	if err != nil {
		return err
	}
	var d drop.Drop
	err = s.db.View(ctx, func(tx *data.Tx) (err error) {
		if shared, err := drop.Shared(ctx, tx, l.ID); err != nil || !shared || l.Rehearsal {
			return orNotFound(err)
		}
		d, err = drop.VisibleByID(ctx, tx, r.who.ID, l.DropID)
		return err
	})
	if err != nil {
		return err
	}
	end, err := s.drawing.begin(ctx)
	if err != nil {
		return err
	}
	defer end()
	v.Choice = views.LinkChoice{}
	v.Map, v.Numbers = v.Tree.Lay(0), v.Tree.Branch(0)
	b := s.brand.Load()
	p := views.TreePicture(ctx, v)
	p.Brand, p.Label = b.Name, disclosure(d, *b)
	body, err := p.PNG()
	if err != nil {
		return err
	}
	return s.sendFile(w, body, ".png", v.Title+" ricochets")
}

// orNotFound is an error, or that there is nothing.
func orNotFound(err error) error {
	if err == nil {
		return data.ErrNotFound
	}
	return err
}
