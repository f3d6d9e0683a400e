package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"ricochet.example/app/audit"
	"ricochet.example/app/campaign"
	"ricochet.example/app/check"
	"ricochet.example/app/drop"
	"ricochet.example/app/notice"
	"ricochet.example/app/share"
	"ricochet.example/app/squad"
	"ricochet.example/data"
	"ricochet.example/views"
)

// releaseForm is what a person typed: a line for each squad, in one order.
type releaseForm struct {
	Squads      []string `form:"squad"`
	Chosen      []string `form:"chosen"` // ids of the squads that get it
	OpensAt     []string `form:"-"`
	ShareableAt []string `form:"-"`
	PublicAt    string   `form:"public_at"`
	Hops        string   `form:"hops"`
}

func (s *Server) editRelease(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	var have drop.Release
	var hops drop.Hops
	var squads []squad.Squad
	var f views.ReleaseForm
	err = s.db.View(ctx, func(tx *data.Tx) (err error) {
		if have, err = drop.ReleaseOf(ctx, tx, d.ID); err != nil {
			return err
		}
		if hops, err = drop.HopsOf(ctx, tx, d.ID); err != nil {
			return err
		}
		if f.Stopped, err = stopOf(ctx, tx, d.ID, have); err != nil {
			return err
		}
		squads, err = squadsFor(ctx, tx, d.CampaignID, have)
		return err
	})
	if err != nil {
		return err
	}
	f.Stands, f.Stood, f.ForAll = have.Runs(), have.Runs(), movesOf(have, drop.Everyone, s.clock.Now())
	f.PublicAt, f.Hops = s.written(have.PublicAt), hops
	now := s.written(s.clock.Now())
	for _, q := range squads {
		line := views.ReleaseLine{SquadID: q.ID, Name: q.Name, OpensAt: now, ShareableAt: now}
		for _, step := range have.Steps {
			if step.SquadID == q.ID {
				line.Chosen, line.OpensAt, line.ShareableAt = true, s.written(step.OpensAt), s.written(step.ShareableAt)
				line.Moves = movesOf(have, q.ID, s.clock.Now())
			}
		}
		f.Lines = append(f.Lines, line)
	}
	f.Picture = views.ReleaseTimeline(ctx, have, namesOf(squads), s.clock.Now())
	for _, m := range drop.AllMoves {
		if have.Can(m, s.clock.Now()) {
			f.Moves = append(f.Moves, m)
		}
	}
	return s.formRelease(w, r, http.StatusOK, d, f)
}

// movesOf are the moves of one step that change anything, or of the day for everyone.
func movesOf(have drop.Release, step string, now time.Time) (all []drop.Move) {
	for _, m := range drop.AllMoves {
		if have.CanOne(step, m, now) {
			all = append(all, m)
		}
	}
	return all
}

// namesOf are the names of squads, by id.
func namesOf(squads []squad.Squad) map[string]string {
	names := map[string]string{}
	for _, q := range squads {
		names[q.ID] = q.Name
	}
	return names
}

func (s *Server) formRelease(w http.ResponseWriter, r *request, status int, d drop.Drop, f views.ReleaseForm) error {
	images, videos, err := s.mediaOf(r, d.ID, "")
	if err != nil {
		return err
	}
	look, err := s.lookAt(r, d, images, videos)
	if err != nil {
		return err
	}
	f.Checks, f.Leads = look.Checks, len(linksOf(d))
	p, err := s.framed(w, r, "/drops")
	if err != nil {
		return err
	}
	return s.show(w, r, status, views.EditRelease(p, d, f, s.zone()))
}

func (s *Server) setRelease(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	release, form, err := s.fillRelease(w, r, d)
	if err != nil {
		return err
	}
	if !form.Problems.OK() {
		return s.formRelease(w, r, http.StatusUnprocessableEntity, d, form)
	}
	asks := form
	err = s.db.Update(ctx, func(tx *data.Tx) error {
		if err := drop.LockRelease(ctx, tx, d.ID); err != nil {
			return err
		}
		if err := drop.SetHops(ctx, tx, d.ID, form.Hops); err != nil {
			return err
		}
		// What is asked is of the release that stands now, whatever stood when the form was read.
		have, err := drop.ReleaseOf(ctx, tx, d.ID)
		if err != nil {
			return err
		}
		squads, err := squad.All(ctx, tx)
		if err != nil {
			return err
		}
		asks = form
		if asks.Stopped, err = stopOf(ctx, tx, d.ID, have); err != nil {
			return err
		}
		takesFrom(&asks, have, release, namesOf(squads), r.PostForm, tx.Now())
		if asks.Sure != "" && !asks.IsSure {
			return errUnsure
		}
		return putRelease(ctx, tx, d, release, r.who.ID)
	})
	if errors.Is(err, errUnsure) {
		if asks.Again {
			asks.Problems.Add("sure", "release.stopped_since")
		} else {
			asks.Problems.Add("sure", "release.takes_away")
		}
		return s.formRelease(w, r, http.StatusUnprocessableEntity, d, asks)
	}
	if err != nil {
		return err
	}
	return s.goWith(w, r, views.DropPath(d.ID), "release.set")
}

// errUnsure is that a release does what has to be asked before, and nobody has said that it may.
var errUnsure = errors.New("nobody has said that it may")

// putRelease sets a release, with what follows from it: who was told of another is told again, who gets it has a link,
// and who took all of it back is written down.
func putRelease(ctx context.Context, tx *data.Tx, d drop.Drop, to drop.Release, by string) error {
	have, err := drop.ReleaseOf(ctx, tx, d.ID)
	if err != nil {
		return err
	}
	if err := drop.SetRelease(ctx, tx, d.ID, to); err != nil {
		return err
	}
	if err := notice.Moved(ctx, tx, d.ID); err != nil {
		return err
	}
	if have.Runs() && !to.Runs() {
		if _, err := audit.Write(ctx, tx, audit.Act{Kind: audit.DropStopped, AccountID: by, CampaignID: d.CampaignID, DropID: d.ID}); err != nil {
			return err
		}
	}
	return share.Issue(ctx, tx, d.ID, "")
}

// stopOf is that a drop is stopped, nil where it is not.
func stopOf(ctx context.Context, tx *data.Tx, dropID string, have drop.Release) (*drop.Stop, error) {
	if have.Runs() {
		return nil, nil //nolint:nilnil // there is none
	}
	stops, err := drop.Stops(ctx, tx)
	if s, ok := stops[dropID]; ok {
		return &s, err
	}
	return nil, err
}

// fillRelease reads the form, with the picture of what was typed.
func (s *Server) fillRelease(w http.ResponseWriter, r *request, d drop.Drop) (release drop.Release, form views.ReleaseForm, err error) {
	ctx := r.Context()
	var f releaseForm
	if err := s.fill(w, r, &f); err != nil {
		return release, form, err
	}
	// As they were sent: the form's decoder leaves out what was left empty.
	f.OpensAt, f.ShareableAt = r.PostForm["opens_at"], r.PostForm["shareable_at"]
	if len(f.OpensAt) != len(f.Squads) || len(f.ShareableAt) != len(f.Squads) {
		return release, form, errBadRequest
	}
	release, form = s.readRelease(f)
	var squads, all []squad.Squad
	var have drop.Release
	err = s.db.View(ctx, func(tx *data.Tx) (err error) {
		if have, err = drop.ReleaseOf(ctx, tx, d.ID); err != nil {
			return err
		}
		if form.Stopped, err = stopOf(ctx, tx, d.ID, have); err != nil {
			return err
		}
		if all, err = squad.All(ctx, tx); err != nil {
			return err
		}
		squads, err = squadsFor(ctx, tx, d.CampaignID, have)
		return err
	})
	if err != nil {
		return release, form, err
	}
	nameSquads(&form, squads, all)
	takesFrom(&form, have, release, namesOf(all), r.PostForm, s.clock.Now())
	form.Typed, form.Picture = true, views.ReleaseTimeline(ctx, release, namesOf(squads), s.clock.Now())
	return release, form, nil
}

// takesFrom says in a form what has to be asked before it is saved: whom it takes the drop from that they read now, or
// that it starts again what was stopped since the form was read; and whether what was ticked says that it may. Sure
// stands for just that, so that a tick is worth nothing for anything else.
func takesFrom(f *views.ReleaseForm, have, to drop.Release, names map[string]string, sent url.Values, now time.Time) {
	squads, everyone := have.Loses(to, now)
	f.Stands, f.Loses, f.LosesAll = have.Runs(), nil, everyone
	f.Stood = sent.Get("stood") != "" // as when the form was read, until it is said that it may start again
	f.Again = f.Stood && !have.Runs() && to.Runs()
	for _, id := range squads {
		f.Loses = append(f.Loses, names[id])
	}
	slices.Sort(squads)
	if f.Sure = strings.Join(squads, ","); everyone {
		f.Sure += "," + drop.Everyone
	}
	if f.Again {
		f.Sure = "again"
	}
	f.IsSure = sent.Get("sure") == f.Sure
}

// drawRelease shows what is typed as a picture, before it is saved.
func (s *Server) drawRelease(w http.ResponseWriter, r *request) error {
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	_, form, err := s.fillRelease(w, r, d)
	if err != nil {
		return err
	}
	return s.formRelease(w, r, http.StatusOK, d, form)
}

// checkReleaseLinks looks where the links of the drop lead, and shows the form as it was typed.
func (s *Server) checkReleaseLinks(w http.ResponseWriter, r *request) error {
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	_, form, err := s.fillRelease(w, r, d)
	if err != nil {
		return err
	}
	// Where the connection does not take it, the usual time has to do.
	_ = http.NewResponseController(w).SetWriteDeadline(s.clock.Now().Add(2 * reachAllTime))
	waiting, stop := context.WithTimeout(r.Context(), reachAllTime)
	defer stop()
	if form.Reached, err = s.reachAll(waiting, d); err != nil {
		if r.Context().Err() != nil {
			return err // nobody waits any more
		}
		form.Busy = true
	}
	return s.formRelease(w, r, http.StatusOK, d, form)
}

// squadsFor returns the squads that a drop can be released to: those that its campaign is for, and whichever it
// was released to before.
func squadsFor(ctx context.Context, tx *data.Tx, campaignID string, have drop.Release) ([]squad.Squad, error) {
	all, err := squad.All(ctx, tx)
	if err != nil {
		return nil, err
	}
	chosen, err := campaign.SquadsOf(ctx, tx, campaignID)
	if err != nil || len(chosen) == 0 {
		return all, err
	}
	for _, step := range have.Steps {
		chosen = append(chosen, step.SquadID)
	}
	return slices.DeleteFunc(all, func(q squad.Squad) bool { return !slices.Contains(chosen, q.ID) }), nil
}

// nameSquads names the squads of a form that was sent, and says at each that was chosen and is no squad of the campaign
// that it is none.
func nameSquads(f *views.ReleaseForm, squads, all []squad.Squad) {
	for i := range f.Lines {
		l := &f.Lines[i]
		at := slices.IndexFunc(squads, func(q squad.Squad) bool { return q.ID == l.SquadID })
		if at >= 0 {
			l.Name = squads[at].Name
			continue
		}
		if l.Chosen && slices.ContainsFunc(all, func(q squad.Squad) bool { return q.ID == l.SquadID }) {
			f.Problems.Add(drop.Field("opens_at", i), "release.other_squad")
		}
	}
}

// readRelease makes a release of a form. Problems of the chosen squads' steps
// are put where their lines stand in the form.
func (s *Server) readRelease(f releaseForm) (release drop.Release, form views.ReleaseForm) {
	var problems check.Problems
	chosen := map[string]bool{}
	for _, id := range f.Chosen {
		chosen[id] = true
	}
	form.PublicAt, form.Hops = f.PublicAt, drop.Hops(f.Hops)
	if !slices.Contains(drop.AllHops, form.Hops) {
		problems.Add("hops", "check.choice")
	}
	release.PublicAt = s.moment(&problems, "public_at", f.PublicAt)
	var lines []int // of the form, for each step
	for i, id := range f.Squads {
		line := views.ReleaseLine{SquadID: id, OpensAt: f.OpensAt[i], ShareableAt: f.ShareableAt[i], Chosen: chosen[id]}
		form.Lines = append(form.Lines, line)
		if !line.Chosen {
			continue
		}
		step := drop.Step{SquadID: id}
		step.OpensAt = s.moment(&problems, drop.Field("opens_at", i), line.OpensAt)
		step.ShareableAt = s.moment(&problems, drop.Field("shareable_at", i), line.ShareableAt)
		release.Steps = append(release.Steps, step)
		lines = append(lines, i)
	}
	found := release.Check()
	for k, i := range lines {
		for _, name := range []string{"squad", "opens_at", "shareable_at"} {
			if p, ok := found[drop.Field(name, k)]; ok {
				if _, there := problems[drop.Field(name, i)]; !there {
					problems.Add(drop.Field(name, i), p.Key, p.Args...)
				}
			}
		}
	}
	if p, ok := found["public_at"]; ok {
		problems = join(problems, check.Problems{"public_at": p})
	}
	form.Problems = problems
	return release, form
}
