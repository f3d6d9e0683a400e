package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"ricochet.example/app/account"
	"ricochet.example/app/brand"
	"ricochet.example/app/check"
	"ricochet.example/app/id"
	"ricochet.example/app/lang"
	mail "ricochet.example/app/message"
	"ricochet.example/app/sheet"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) guestRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/squads/{squad}/invite", Answers: leaders, Page: true, handle: s.askGuests},
		{Method: "POST", Pattern: "/squads/{squad}/invite", Answers: leaders, handle: s.planGuests, keeps: true},
		{Method: "POST", Pattern: "/squads/{squad}/invite/send", Answers: leaders, handle: s.inviteGuests},
		{Method: "GET", Pattern: "/squads/{squad}/guests", Answers: leaders, Page: true, handle: s.showGuests},
		{Method: "POST", Pattern: "/squads/{squad}/guests/{guest}/again", Answers: leaders, handle: s.inviteAgain},
		{Method: "POST", Pattern: "/squads/{squad}/guests/{guest}/revoke", Answers: leaders, handle: s.revokeGuest},
		{Method: "GET", Pattern: "/squads/{squad}/members.csv", Answers: leaders, handle: s.sendMembers},
		{Method: "GET", Pattern: "/squads/{squad}/applications.csv", Answers: leaders, handle: s.sendApplications},
		{Method: "GET", Pattern: "/unwanted/{guest}", Answers: everyone, Page: true, handle: s.askUnwanted},
		{Method: "POST", Pattern: "/unwanted/{guest}", Answers: everyone, handle: s.unwanted},
	}
}

// Bounds of a list of people to invite: the most that its form may send, in bytes, and how many invitations are
// written at a time, so that nobody else's write waits long.
const (
	listSize      = 12 << 20
	guestsAtATime = 50
)

func (s *Server) askGuests(w http.ResponseWriter, r *request) error {
	f := views.GuestForm{
		As:       r.URL.Query().Get("as"),
		Language: s.brand.Load().Language,
		EndsOn:   s.clock.Now().In(s.zone()).AddDate(0, 0, invitationDays).Format(time.DateOnly),
	}
	return s.guestForm(w, r, http.StatusOK, f)
}

func (s *Server) guestForm(w http.ResponseWriter, r *request, status int, f views.GuestForm) error {
	var sq squad.Squad
	var server bool
	err := s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		if sq, err = squad.ByID(r.Context(), tx, r.PathValue("squad")); err != nil {
			return err
		}
		server, err = hasMailServer(r.Context(), tx)
		return err
	})
	if err != nil {
		return err
	}
	return s.show(w, r, status, views.InviteGuests(s.frame(r, "/squads"), sq, f, server))
}

// fillGuests reads the form with its list, which may be a file.
func (s *Server) fillGuests(w http.ResponseWriter, r *request) (f views.GuestForm, list squad.List, i squad.Invitation, err error) {
	name, text, err := s.fillWithFile(listSize, w, r, &f)
	if text == nil {
		text = []byte(f.List)
	} else {
		f.File = name
	}
	switch {
	case errors.Is(err, errTooLarge):
		f.Problems.Add("list", "guest.too_large", "n", listSize>>20)
		return f, list, i, nil
	case err != nil:
		return f, list, i, err
	}
	dates := views.InvitationForm{Cap: "1", EndsOn: f.EndsOn}
	i, problems := dates.Invitation(s.zone(), s.clock.Now())
	if p, wrong := problems["ends_at"]; wrong {
		f.Problems.Add("ends_at", p.Key, p.Args...)
	}
	f.Problems.OneOf("language", f.Language, lang.Supported()...)
	if f.As != views.AsGuests && f.As != views.AsApplicants {
		f.Problems.Add("as", "check.choice")
	}
	if f.Applicants() && s.brand.Load().Ages != brand.AnyAge {
		f.Problems.Add("as", "applicant.ages")
	}
	list, err = squad.ReadList(text, f.File, sheet.Choice{Email: f.Address, Squad: f.Squads, Fixed: f.Fixed})
	switch {
	case errors.Is(err, squad.ErrTooManyLines):
		f.Problems.Add("list", "guest.too_many", "n", squad.MostLines)
	case errors.Is(err, squad.ErrNoText):
		f.Problems.Add("list", "guest.no_text")
	case errors.Is(err, squad.ErrNoAddresses):
		f.Problems.Add("list", "guest.no_addresses")
	case err != nil:
		return f, list, i, err
	case len(list.Lines) == 0:
		f.Problems.Add("list", "check.required")
	}
	return f, list, i, nil
}

// fillWithFile is fillUpTo of a form that may have a file with something in it; nil where it has none.
func (s *Server) fillWithFile(most int64, w http.ResponseWriter, r *request, into any) (name string, file []byte, err error) {
	if err := s.fillUpTo(most, w, r, into); err != nil || !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		return "", nil, err
	}
	if err := r.ParseMultipartForm(most); err != nil {
		if large := new(http.MaxBytesError); errors.As(err, &large) {
			return "", nil, errTooLarge
		}
		return "", nil, errBadRequest
	}
	if err := forms.Decode(into, r.PostForm); err != nil {
		return "", nil, errBadRequest
	}
	part, head, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) {
		return "", nil, nil
	}
	if err != nil {
		return "", nil, errBadRequest
	}
	defer part.Close()
	if file, err = io.ReadAll(part); err != nil {
		return "", nil, errBadRequest
	}
	if len(file) == 0 {
		return "", nil, nil
	}
	return head.Filename, file, nil
}

// planGuests says what will happen with a list, before anything does.
func (s *Server) planGuests(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	f, list, _, err := s.fillGuests(w, r)
	if err != nil {
		return err
	}
	if !f.Problems.OK() {
		return s.guestForm(w, r, http.StatusUnprocessableEntity, f)
	}
	f.Once = id.New()
	plan := views.GuestPlan{Form: f, Names: map[string]string{}, Table: list.Table, Staff: r.who.Staff()}
	err = s.db.View(ctx, func(tx *data.Tx) (err error) {
		if plan.Squad, err = squad.ByID(ctx, tx, r.PathValue("squad")); err != nil {
			return err
		}
		if plan.Server, err = hasMailServer(ctx, tx); err != nil {
			return err
		}
		planned := squad.Plan
		if f.Applicants() {
			planned = squad.PlanApplications
		}
		if plan.Lines, err = planned(ctx, tx, plan.Squad.ID, within(r, plan.Squad, list.Lines)); err != nil {
			return err
		}
		all, err := squad.All(ctx, tx)
		for _, sq := range all {
			plan.Names[sq.ID] = sq.Name
			invited := 0
			for _, l := range plan.Lines {
				if l.Outcome == squad.New && l.SquadID == sq.ID {
					invited++
				}
			}
			if free := sq.Capacity - sq.Members; sq.Capacity > 0 && invited > free && !f.Applicants() {
				plan.Rooms = append(plan.Rooms, views.Room{Squad: sq.Name, Seats: max(0, free), For: invited})
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/squads")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, plan.View(p))
}

// inviteGuests invites the people of a list, some at a time. Who was invited already is left out, so that a form
// that is sent twice, or again after it was cut off, invites nobody twice.
func (s *Server) inviteGuests(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	f, list, i, err := s.fillGuests(w, r)
	if err != nil {
		return err
	}
	if !f.Problems.OK() {
		return s.guestForm(w, r, http.StatusUnprocessableEntity, f)
	}
	i.SquadID, i.MadeBy = r.PathValue("squad"), r.who.ID
	invited := 0
	path, err := s.sent.do(r.who.ID, f.Once, func() (string, error) {
		for some := range slices.Chunk(list.Lines, guestsAtATime) {
			n := 0
			err := s.db.Update(ctx, func(tx *data.Tx) (err error) {
				sq, err := squad.ByID(ctx, tx, i.SquadID)
				if err != nil {
					return err
				}
				if f.Applicants() {
					n, err = takeInSome(ctx, tx, sq.ID, f.Language, within(r, sq, some))
				} else {
					n, err = s.inviteSome(ctx, tx, i, f.Language, r.who.Name, within(r, sq, some))
				}
				return err
			})
			if err != nil {
				return "", err
			}
			invited += n
		}
		if f.Applicants() {
			return views.ApplicationsPath(i.SquadID), nil
		}
		return views.GuestsPath(i.SquadID), nil
	})
	if err != nil {
		return err
	}
	if f.Applicants() {
		return s.goWith(w, r, path, "applicant.taken_in", "n", invited)
	}
	return s.goWith(w, r, path, "guest.sent", "n", invited)
}

// takeInSome puts the applications of people who applied somewhere else before those who decide.
func takeInSome(ctx context.Context, tx *data.Tx, squadID, language string, lines []squad.Line) (n int, err error) {
	planned, err := squad.PlanApplications(ctx, tx, squadID, lines)
	if err != nil {
		return 0, err
	}
	for _, l := range planned {
		if l.Outcome != squad.New {
			continue
		}
		if l.Language == "" {
			l.Language = language
		}
		who, err := account.Enrol(ctx, tx, l.Email, l.Language)
		if err != nil {
			return 0, err
		}
		if l.Name != "" && who.CreatedAt.Equal(tx.Now()) { // whoever was here before is called as they said
			if err := account.Rename(ctx, tx, who.ID, l.Name, l.Language); err != nil {
				return 0, err
			}
		}
		if err := squad.TakeIn(ctx, tx, l.SquadID, who.ID, l.Answers); err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

// within refuses the lines of a captain's list that are for another squad than theirs. All others are for theirs,
// whatever other squads are called.
func within(r *request, sq squad.Squad, lines []squad.Line) []squad.Line {
	if r.who.Staff() {
		return lines
	}
	own := slices.Clone(lines)
	for n, l := range own {
		switch {
		case l.Outcome != squad.New:
		case l.Squad != "" && !l.Loose && !strings.EqualFold(l.Squad, sq.Name):
			own[n].Outcome, own[n].Problem = squad.Wrong, check.Problem{Key: "guest.no_squad", Args: []any{"squad", l.Squad}}
		default:
			own[n].Squad = ""
		}
	}
	return own
}

func (s *Server) inviteSome(ctx context.Context, tx *data.Tx, i squad.Invitation, language, from string, lines []squad.Line) (n int, err error) {
	if err := data.Lock(ctx, tx, "guests"); err != nil {
		return 0, err
	}
	planned, err := squad.Plan(ctx, tx, i.SquadID, lines)
	if err != nil {
		return 0, err
	}
	squads := map[string]squad.Squad{}
	for _, l := range planned {
		if l.Outcome != squad.New {
			continue
		}
		sq, ok := squads[l.SquadID]
		if !ok {
			if sq, err = squad.ByID(ctx, tx, l.SquadID); err != nil {
				return 0, err
			}
			squads[l.SquadID] = sq
		}
		g := squad.Guest{Invitation: i, Email: l.Email, Name: l.Name, Language: l.Language}
		g.SquadID = l.SquadID
		if g.Language == "" {
			g.Language = language
		}
		if g, err = squad.InviteGuest(ctx, tx, g); err != nil {
			return 0, err
		}
		if err := s.mailGuest(ctx, tx, g, sq, from); err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

// mailGuest writes the mail with a personal invitation, in the language of whom it is for.
func (s *Server) mailGuest(ctx context.Context, tx *data.Tx, g squad.Guest, sq squad.Squad, from string) error {
	reader, b := lang.With(ctx, g.Language), s.brand.Load()
	inviting := views.Inviting{
		Brand: b.Name, Base: b.URL, From: from, Squad: sq.Name, City: sq.City, About: sq.About, Name: g.Name, Code: g.Code,
	}
	if !g.EndsAt.IsZero() {
		inviting.Until = lang.Date(reader, g.EndsAt.Add(-time.Millisecond), s.zone())
	}
	l := views.InvitationMail(reader, inviting)
	m := mail.Mail{
		Kind: mail.Invitation, To: g.Email, Subject: l.Subject, Body: l.Text(), Unsubscribe: b.URL + views.UnwantedPath(g.Code),
	}
	var err error
	if m.HTML, err = l.HTML(reader); err != nil {
		return err
	}
	if m, err = mail.Write(ctx, tx, m); err != nil {
		return err
	}
	return squad.Posted(ctx, tx, g.Code, m.ID)
}

func (s *Server) showGuests(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	g := views.GuestsPage{Zone: s.zone(), Now: s.clock.Now()}
	g.Page, _ = strconv.Atoi(r.URL.Query().Get("page"))
	g.Page = min(max(1, g.Page), furthestPage)
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if g.Squad, err = squad.ByID(ctx, tx, r.PathValue("squad")); err != nil {
			return err
		}
		g.Guests, err = squad.Guests(ctx, tx, g.Squad.ID, views.GuestsAPage+1, (g.Page-1)*views.GuestsAPage)
		return err
	})
	if err != nil {
		return err
	}
	if g.More = len(g.Guests) > views.GuestsAPage; g.More {
		g.Guests = g.Guests[:views.GuestsAPage]
	}
	p, err := s.framed(w, r, "/squads")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, g.View(p))
}

// guestOf is the personal invitation of an address, into the squad of the address.
func guestOf(ctx context.Context, tx *data.Tx, r *request) (squad.Guest, error) {
	g, err := squad.GuestByCode(ctx, tx, r.PathValue("guest"))
	if err == nil && g.SquadID != r.PathValue("squad") {
		err = data.ErrNotFound
	}
	return g, err
}

// againAfter is how long nobody is written to once more who was sent their invitation.
const againAfter = 24 * time.Hour

// inviteAgain sends a personal invitation that was not taken once more, and gives it time again.
func (s *Server) inviteAgain(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	stopped, soon := false, false
	err := s.db.Update(ctx, func(tx *data.Tx) error {
		g, err := guestOf(ctx, tx, r)
		if err == nil && (g.Used > 0 || !g.RevokedAt.IsZero()) {
			err = data.ErrNotFound
		}
		if err != nil {
			return err
		}
		if stopped, err = mail.Stopped(ctx, tx, g.Email); err != nil || stopped {
			return err
		}
		last, err := mail.ByID(ctx, tx, g.MailID)
		if err != nil && !errors.Is(err, data.ErrNotFound) {
			return err
		}
		if soon = err == nil && last.State != mail.StateFailed && tx.Now().Before(last.WrittenAt.Add(againAfter)); soon {
			return nil
		}
		if !g.EndsAt.IsZero() {
			until := tx.Now().In(s.zone()).AddDate(0, 0, invitationDays)
			if err := squad.Extend(ctx, tx, g.Code, until); err != nil {
				return err
			}
			if g.EndsAt.Before(until) {
				g.EndsAt = until
			}
		}
		sq, err := squad.ByID(ctx, tx, g.SquadID)
		if err != nil {
			return err
		}
		// A mail that still waits is not joined by another one.
		if err := mail.GiveUp(ctx, tx, g.MailID); err != nil && !errors.Is(err, data.ErrNotFound) {
			return err
		}
		return s.mailGuest(ctx, tx, g, sq, r.who.Name)
	})
	if err != nil {
		return err
	}
	switch {
	case stopped:
		return s.goWith(w, r, views.GuestsPath(r.PathValue("squad")), "guest.outcome_stopped")
	case soon:
		return s.goWith(w, r, views.GuestsPath(r.PathValue("squad")), "guest.again_soon")
	}
	return s.goWith(w, r, views.GuestsPath(r.PathValue("squad")), "guest.again_done")
}

// revokeGuest takes a personal invitation back, and its mail if that still waits.
func (s *Server) revokeGuest(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	err := s.db.Update(ctx, func(tx *data.Tx) error {
		g, err := guestOf(ctx, tx, r)
		if err != nil {
			return err
		}
		if err := mail.GiveUp(ctx, tx, g.MailID); err != nil && !errors.Is(err, data.ErrNotFound) {
			return err
		}
		return squad.Revoke(ctx, tx, g.SquadID, g.Code)
	})
	if err != nil {
		return err
	}
	return s.goWith(w, r, views.GuestsPath(r.PathValue("squad")), "invitation.revoked")
}

// nameGuest calls a new account what the invitation to its address called it.
func (s *Server) nameGuest(ctx context.Context, tx *data.Tx, who *account.Account, by account.SignedIn) error {
	g, err := squad.GuestByCode(ctx, tx, by.Invitation)
	if errors.Is(err, data.ErrNotFound) || err == nil && (g.Name == "" || g.Email != who.Email) {
		return nil
	}
	if err != nil {
		return err
	}
	named := *who
	if named.Name = g.Name; !named.Check().OK() {
		return nil // as an account it cannot be called that
	}
	*who = named
	return account.Rename(ctx, tx, who.ID, who.Name, who.Language)
}

// askUnwanted shows a button to whoever wants no more mails: mail programs open links too.
func (s *Server) askUnwanted(w http.ResponseWriter, r *request) error {
	err := s.db.View(r.Context(), func(tx *data.Tx) error {
		_, err := squad.GuestByCode(r.Context(), tx, r.PathValue("guest"))
		return err
	})
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Unwanted(s.frame(r, ""), views.UnwantedPath(r.PathValue("guest")), s.brand.Load().Name, false))
}

// unwanted lets nobody write to the bearer of a personal invitation unasked. Mail programs post here by
// themselves when somebody asks them to (RFC 8058), so the answer is no redirection.
func (s *Server) unwanted(w http.ResponseWriter, r *request) error {
	err := s.db.Update(r.Context(), func(tx *data.Tx) error { return squad.Decline(r.Context(), tx, r.PathValue("guest")) })
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, views.Unwanted(s.frame(r, ""), "", s.brand.Load().Name, true))
}
