package web

import (
	"net/http"

	"ricochet.example/app/audit"
	"ricochet.example/app/reward"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

// thankMember writes a line of thanks that a member finds on their home page.
func (s *Server) thankMember(w http.ResponseWriter, r *request) error {
	ctx, squadID, member := r.Context(), r.PathValue("squad"), r.PathValue("member")
	var f views.ThanksForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	if f.Problems = reward.CheckThanks(f.Words); !f.Problems.OK() {
		return s.memberPage(w, r, http.StatusUnprocessableEntity, views.MemberForm{Links: views.LinksGoOn}, f)
	}
	path, err := s.sent.do(r.who.ID, f.Once, func() (string, error) {
		return views.MemberPath(squadID, member), s.db.Update(ctx, func(tx *data.Tx) error {
			m, err := squad.MemberOf(ctx, tx, squadID, member)
			if err != nil {
				return err
			}
			if m.Staff || m.AccountID == r.who.ID { // nobody thanks themself, and staff have no such page
				return data.ErrNotFound
			}
			if _, err := audit.Write(ctx, tx, audit.Act{Kind: audit.MemberThanked, AccountID: r.who.ID, PersonID: m.AccountID, SquadID: squadID}); err != nil {
				return err
			}
			return reward.Thank(ctx, tx, m.AccountID, r.who.ID, f.Words)
		})
	})
	if err != nil {
		return err
	}
	return s.goWith(w, r, path, "thanks.sent")
}
