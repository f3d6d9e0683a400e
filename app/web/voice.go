package web

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"ricochet.example/app/drop"
	"ricochet.example/app/id"
	"ricochet.example/app/voice"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) voiceRoutes() []Route {
	return []Route{
		{Method: "POST", Pattern: "/drops/{drop}/react", Answers: members, handle: s.react},
		{Method: "GET", Pattern: "/drops/{drop}/voice", Answers: members, Page: true, handle: s.showVoice},
		{Method: "POST", Pattern: "/drops/{drop}/voice", Answers: members, handle: s.say, keeps: true},
		{Method: "GET", Pattern: "/me/voice", Answers: ambassadors, Page: true, handle: s.ownVoices},
		{Method: "POST", Pattern: "/me/voice/{voice}/agree", Answers: members, handle: s.agree},
		{Method: "POST", Pattern: "/me/voice/{voice}/disagree", Answers: members, handle: s.disagree},
		{Method: "POST", Pattern: "/me/voice/{voice}/unsay", Answers: members, handle: s.takeBackVoice},
	}
}

// voicesShown is how many things that were said a page has.
const voicesShown = 30

func (s *Server) showVoice(w http.ResponseWriter, r *request) error {
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	return s.voicePage(w, r, http.StatusOK, d, views.VoiceForm{Once: id.New(), Kind: string(voice.Comment)})
}

func (s *Server) voicePage(w http.ResponseWriter, r *request, status int, d drop.Drop, f views.VoiceForm) error {
	ctx := r.Context()
	v := views.VoicePage{Drop: d, Form: f, Zone: s.zoneFor(r.who)}
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if v.Feeling, err = voice.FeelingOf(ctx, tx, d.ID, r.who.ID); err != nil {
			return err
		}
		if v.Minor, err = voice.IsMinor(ctx, tx, r.who.ID); err != nil {
			return err
		}
		v.Said, err = voice.Mine(ctx, tx, r.who.ID, d.ID, voicesShown, 0)
		return err
	})
	if err != nil {
		return err
	}
	p, err := s.framed(w, r, "/")
	if err != nil {
		return err
	}
	return s.show(w, r, status, v.View(p))
}

// react takes a member's reaction.
func (s *Server) react(w http.ResponseWriter, r *request) error {
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	var f speakForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	if problems := voice.CheckFeeling(f.Reaction); !problems.OK() {
		return s.goTo(w, r, views.DropVoicePath(d.ID)) // where they are offered
	}
	ctx := r.Context()
	if err := s.db.Update(ctx, func(tx *data.Tx) error { return voice.React(ctx, tx, d.ID, r.who.ID, f.Reaction) }); err != nil {
		return err
	}
	return s.goWith(w, r, views.DropVoicePath(d.ID), "voice.felt")
}

// say takes what a member says.
func (s *Server) say(w http.ResponseWriter, r *request) error {
	d, err := s.dropByPath(r)
	if err != nil {
		return err
	}
	var f views.VoiceForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	v := voice.Voice{DropID: d.ID, AccountID: r.who.ID, Kind: voice.Kind(f.Kind), Words: f.Words, Anonymous: f.Anonymous != ""}
	if f.Consent != "" {
		v.ConsentAt = s.clock.Now()
	}
	f.Problems = v.Check()
	if f.Consent != "" && v.Kind != voice.Testimonial {
		f.Problems.Add("consent", "voice.consent_only")
	}
	if !f.Problems.OK() {
		return s.voicePage(w, r, http.StatusUnprocessableEntity, d, f)
	}
	ctx := r.Context()
	path, err := s.sent.do(r.who.ID, f.Once, func() (string, error) {
		return views.DropVoicePath(d.ID), s.db.Update(ctx, func(tx *data.Tx) error { return voice.Say(ctx, tx, v) })
	})
	if errors.Is(err, voice.ErrMany) {
		f.Problems.Add("words", "voice.many")
		return s.voicePage(w, r, http.StatusUnprocessableEntity, d, f)
	}
	if err != nil {
		return err
	}
	return s.goWith(w, r, path, "voice.sent")
}

// ownVoices lists what a member has said, and what became of it.
func (s *Server) ownVoices(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	v := views.OwnVoicesPage{Page: pageOf(r), Zone: s.zoneFor(r.who)}
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if v.Said, err = voice.Mine(ctx, tx, r.who.ID, "", voicesShown+1, (v.Page-1)*voicesShown); err != nil {
			return err
		}
		// What a drop is called is told as long as they may see it.
		seen, err := drop.VisibleIDs(ctx, tx, r.who.ID)
		for i := range v.Said {
			if !slices.Contains(seen, v.Said[i].DropID) {
				v.Said[i].DropID, v.Said[i].Drop = "", ""
			}
		}
		return err
	})
	if err != nil {
		return err
	}
	if len(v.Said) > voicesShown {
		v.Said, v.More = v.Said[:voicesShown], true
	}
	p, err := s.framed(w, r, "/me")
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, v.View(p))
}

// agree lets a testimonial be published; disagree takes that back.
func (s *Server) agree(w http.ResponseWriter, r *request) error {
	return s.changeVoice(w, r, "voice.now_agreed", func(ctx context.Context, tx *data.Tx, voiceID string) error {
		return voice.Agree(ctx, tx, voiceID, r.who.ID, true)
	})
}

func (s *Server) disagree(w http.ResponseWriter, r *request) error {
	return s.changeVoice(w, r, "voice.now_disagreed", func(ctx context.Context, tx *data.Tx, voiceID string) error {
		return voice.Agree(ctx, tx, voiceID, r.who.ID, false)
	})
}

// takeBackVoice deletes what a member said, at their wish.
func (s *Server) takeBackVoice(w http.ResponseWriter, r *request) error {
	return s.changeVoice(w, r, "voice.unsaid", func(ctx context.Context, tx *data.Tx, voiceID string) error {
		return voice.Unsay(ctx, tx, voiceID, r.who.ID)
	})
}

func (s *Server) changeVoice(w http.ResponseWriter, r *request, says string, change func(context.Context, *data.Tx, string) error) error {
	ctx := r.Context()
	if err := s.db.Update(ctx, func(tx *data.Tx) error { return change(ctx, tx, r.PathValue("voice")) }); err != nil {
		return err
	}
	return s.goWith(w, r, views.OwnVoicesPath, says)
}
