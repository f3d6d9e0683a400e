package web

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"

	"ricochet.example/app/audit"
	"ricochet.example/app/check"
	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/share"
	"ricochet.example/app/sheet"
	"ricochet.example/app/solo"
	"ricochet.example/app/spread"
	"ricochet.example/app/visit"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) soloRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/drops/{drop}/solo", Answers: staff, Page: true, handle: s.showSolo},
		{Method: "POST", Pattern: "/drops/{drop}/solo", Answers: staff, handle: s.planRecipients, keeps: true},
		{Method: "POST", Pattern: "/drops/{drop}/solo/add", Answers: staff, handle: s.addRecipients},
		{Method: "POST", Pattern: "/drops/{drop}/solo/opened", Answers: staff, handle: s.tallyComposer},
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
	v := views.SoloPage{Drop: d, Form: f, Public: d.IsPublic(s.clock.Now()), Zone: s.zone(), Words: min(max(f.Words, 1), solo.Templates)}
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
			if line.Opened, err = composersOpened(ctx, tx, one.LinkID); err != nil {
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

// composersOpened are the ways by which somebody was written to, the latest first, as far as the page's script said so.
func composersOpened(ctx context.Context, tx *data.Tx, linkID int64) (all []views.ComposerOpened, err error) {
	tallies, err := share.TalliesOf(ctx, tx, linkID)
	for _, t := range tallies {
		same := func(o views.ComposerOpened) bool { return o.Channel == t.Channel }
		if t.Kind == share.Intended && t.Rule == share.ByOwner && !slices.ContainsFunc(all, same) {
			all = append(all, views.ComposerOpened{Channel: t.Channel, At: t.LastAt})
		}
	}
	return all, err
}

// fillSolo reads the form with its list, which may be a file.
func (s *Server) fillSolo(w http.ResponseWriter, r *request) (f views.SoloForm, list solo.List, err error) {
	name, text, err := s.fillWithFile(listSize, w, r, &f)
	if text == nil {
		text = []byte(f.List)
	} else {
		f.File = name
	}
	switch {
	case errors.Is(err, errTooLarge):
		f.Problems.Add("list", "guest.too_large", "n", listSize>>20)
		return f, list, nil
	case err != nil:
		return f, list, err
	}
	code, ok := solo.Country(f.Country)
	if !ok {
		f.Problems.Add("country", "solo.country_wrong")
	}
	list, err = solo.Read(text, f.File, sheet.Choice{Email: f.Address, Squad: sheet.NoSquads}, code)
	switch {
	case errors.Is(err, sheet.ErrNoText):
		f.Problems.Add("list", "guest.no_text")
	case errors.Is(err, sheet.ErrNoAddresses):
		f.Problems.Add("list", "solo.no_columns")
	case errors.Is(err, solo.ErrMany):
		f.Problems.Add("list", "solo.many", "n", solo.MostRecipients)
	case err != nil:
		return f, list, err
	case len(list.Lines) == 0:
		f.Problems.Add("list", "check.required")
	}
	return f, list, nil
}

// planRecipients says what will happen with a list, before anything does.
func (s *Server) planRecipients(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	f, list, err := s.fillSolo(w, r)
	if err != nil {
		return err
	}
	if f.Problems.OK() {
		err = s.db.View(ctx, func(tx *data.Tx) error {
			have, err := solo.All(ctx, tx, d.ID)
			have = solo.Known(have)
			list.Among(have)
			if len(have)+len(list.Recipients()) > solo.MostRecipients {
				f.Problems.Add("list", "solo.many", "n", solo.MostRecipients)
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	if !f.Problems.OK() {
		return s.soloPage(w, r, http.StatusUnprocessableEntity, d, f)
	}
	f.Once = id.New()
	p, err := s.framed(w, r, "/drops")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.SoloPlan{Drop: d, Form: f, List: list}.View(p))
}

// addRecipients makes a link for each of those who are new.
func (s *Server) addRecipients(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	f, list, err := s.fillSolo(w, r)
	if err != nil {
		return err
	}
	if !f.Problems.OK() {
		return s.soloPage(w, r, http.StatusUnprocessableEntity, d, f)
	}
	n := 0
	path, err := s.sent.do(r.who.ID, f.Once, func() (string, error) {
		err := s.db.Update(ctx, func(tx *data.Tx) (err error) {
			if n, err = solo.Add(ctx, tx, d.ID, list.Recipients()); err != nil || n == 0 {
				return err
			}
			return s.noteSolo(r, tx, audit.RecipientsAdded, d, int64(n))
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
	if n == 0 { // all are there, or it was sent before
		return s.goTo(w, r, path)
	}
	return s.goWith(w, r, path, "solo.added", "n", n)
}

// tallyComposer notes that the message to a recipient was opened in a messenger or a mail program, which only the
// page's script sees.
func (s *Server) tallyComposer(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var f views.SoloForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	c, known := visit.ParseChannel(f.Channel)
	ref, ok := s.tokens.Parse(f.Link)
	if ok && known && ref.Kind == id.Link {
		err := s.db.View(ctx, func(tx *data.Tx) error { return solo.IsRecipient(ctx, tx, r.PathValue("drop"), ref.ID) })
		if err != nil {
			return err
		}
		s.tallies.Add(ref.ID, share.Intended, c, share.ByOwner, s.clock.Now())
	}
	w.WriteHeader(http.StatusNoContent) // nobody reads it
	return nil
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
	if err != nil && !errors.Is(err, data.ErrNotFound) { // they were forgotten meanwhile
		return err
	}
	path := views.SoloPath(d.ID)
	if f.Words > 1 {
		path += "?words=" + strconv.Itoa(f.Words)
	}
	return s.goTo(w, r, path)
}

// forgetRecipients forgets who they are, one of them or all; their links go on.
func (s *Server) forgetRecipients(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	var f views.SoloForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	one := int64(0)
	if f.Link != "" {
		ref, ok := s.tokens.Parse(f.Link)
		if !ok || ref.Kind != id.Link {
			return data.ErrNotFound
		}
		one = ref.ID
	}
	err = s.db.Update(ctx, func(tx *data.Tx) error {
		n, err := solo.Forget(ctx, tx, d.ID, one)
		if err != nil || n == 0 {
			return err
		}
		return s.noteSolo(r, tx, audit.RecipientsForgotten, d, n)
	})
	if err != nil {
		return err
	}
	return s.goWith(w, r, views.SoloPath(d.ID), "solo.forgot")
}

// noteSolo writes down how many people were added to those who are told of a drop one by one, or forgotten.
func (s *Server) noteSolo(r *request, tx *data.Tx, kind audit.Kind, d drop.Drop, n int64) error {
	_, err := audit.Write(r.Context(), tx, audit.Act{Kind: kind, AccountID: r.who.ID, CampaignID: d.CampaignID, DropID: d.ID, Opens: n})
	return err
}
