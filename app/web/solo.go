package web

import (
	"errors"
	"net/http"
	"slices"
	"strconv"

	"ricochet.example/app/check"
	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/share"
	"ricochet.example/app/solo"
	"ricochet.example/app/spread"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) soloRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/drops/{drop}/solo", Answers: staff, Page: true, handle: s.showSolo},
		{Method: "POST", Pattern: "/drops/{drop}/solo", Answers: staff, handle: s.addRecipients, keeps: true},
		{Method: "POST", Pattern: "/drops/{drop}/solo/next", Answers: staff, handle: s.settleRecipient},
		{Method: "POST", Pattern: "/drops/{drop}/solo/forget", Answers: staff, handle: s.forgetRecipients},
	}
}

// showSolo is the queue of those whom somebody tells of a drop themself.
func (s *Server) showSolo(w http.ResponseWriter, r *request) error {
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	words, err := strconv.Atoi(r.URL.Query().Get("words"))
	if err != nil {
		words = 1
	}
	return s.soloPage(w, r, http.StatusOK, d, views.SoloForm{Once: id.New(), Words: words})
}

func (s *Server) soloPage(w http.ResponseWriter, r *request, status int, d drop.Drop, f views.SoloForm) error {
	ctx := r.Context()
	s.foldNow(ctx)
	v := views.SoloPage{Drop: d, Form: f, Public: d.IsPublic(s.clock.Now()), Words: min(max(f.Words, 1), solo.Templates)}
	err := s.db.View(ctx, func(tx *data.Tx) error {
		all, err := solo.All(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		for _, one := range all {
			line := views.SoloLine{Recipient: one, Token: s.tokens.Link(one.LinkID)}
			if line.Totals, err = spread.TotalsOf(ctx, tx, one.LinkID); err != nil {
				return err
			}
			v.Lines = append(v.Lines, line)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if next := slices.IndexFunc(v.Lines, func(l views.SoloLine) bool { return l.State == solo.Waiting }); next >= 0 {
		b := s.brand.Load()
		v.Next = &v.Lines[next]
		m := share.Message{
			Words: views.SoloWords(ctx, v.Words, d, v.Next.Name, b.Name), Label: disclosure(d, *b), Link: b.URL + "/s/" + v.Next.Token,
		}
		v.Message, v.Composers = m.On(0), v.Next.Composers(m)
	}
	p, err := s.framed(w, r, "/drops")
	if err != nil {
		return err
	}
	return s.show(w, r, status, v.View(p))
}

// addRecipients makes a link for each of those who were pasted.
func (s *Server) addRecipients(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	var f views.SoloForm
	if err := s.fillUpTo(dropFormSize, w, r, &f); err != nil {
		return err
	}
	some, problems := solo.Read(f.List)
	if f.Problems = problems; !problems.OK() {
		return s.soloPage(w, r, http.StatusUnprocessableEntity, d, f)
	}
	path, err := s.sent.do(r.who.ID, f.Once, func() (string, error) {
		err := s.db.Update(ctx, func(tx *data.Tx) error {
			_, err := solo.Add(ctx, tx, d.ID, some)
			return err
		})
		return views.SoloPath(d.ID), err
	})
	if errors.Is(err, solo.ErrMany) {
		f.Problems = check.Problems{}
		f.Problems.Add("list", "solo.many", "n", solo.MostRecipients)
		return s.soloPage(w, r, http.StatusUnprocessableEntity, d, f)
	}
	if err != nil {
		return err
	}
	return s.goTo(w, r, path)
}

// settleRecipient notes that somebody was told, or passed over, or is to be told again, and goes on to the next.
func (s *Server) settleRecipient(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	var f views.SoloForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	to := solo.State(f.Do)
	ref, ok := s.tokens.Parse(f.Link)
	if !ok || ref.Kind != id.Link || !slices.Contains(solo.States, to) {
		return s.goTo(w, r, views.SoloPath(d.ID)) // a form of another time
	}
	err = s.db.Update(ctx, func(tx *data.Tx) error { return solo.Settle(ctx, tx, d.ID, ref.ID, to) })
	if err != nil {
		return err
	}
	path := views.SoloPath(d.ID)
	if f.Words > 1 {
		path += "?words=" + strconv.Itoa(f.Words)
	}
	return s.goTo(w, r, path)
}

// forgetRecipients forgets who they are; their links go on.
func (s *Server) forgetRecipients(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	err = s.db.Update(ctx, func(tx *data.Tx) error { return solo.Forget(ctx, tx, d.ID) })
	if err != nil {
		return err
	}
	return s.goWith(w, r, views.SoloPath(d.ID), "solo.forgot")
}
