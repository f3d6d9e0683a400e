package web

import (
	"net/http"
	"slices"
	"strings"

	"ricochet.example/app/audit"
	"ricochet.example/app/drop"
	"ricochet.example/app/notice"
	"ricochet.example/app/squad"
	"ricochet.example/app/voice"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) inboxRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/voices", Answers: staff, Page: true, handle: s.inbox},
		{Method: "GET", Pattern: "/voices/{voice}", Answers: staff, Page: true, handle: s.showOneVoice},
		{Method: "POST", Pattern: "/voices/{voice}", Answers: staff, handle: s.settleVoice, keeps: true},
		{Method: "POST", Pattern: "/voices/{voice}/remove", Answers: staff, handle: s.removeVoice},
		{Method: "GET", Pattern: "/squads/{squad}/voices", Answers: leaders, Page: true, handle: s.inbox},
		{Method: "GET", Pattern: "/squads/{squad}/voices/{voice}", Answers: leaders, Page: true, handle: s.showOneVoice},
		{Method: "POST", Pattern: "/squads/{squad}/voices/{voice}", Answers: leaders, handle: s.settleVoice, keeps: true},
	}
}

// inbox lists what was said, to managers; and to a captain what their squad said, without the names of those who wish
// that.
func (s *Server) inbox(w http.ResponseWriter, r *request) error {
	ctx, query := r.Context(), r.URL.Query()
	v := views.InboxPage{Page: pageOf(r), Zone: s.zoneFor(r.who), Asked: voice.Asked{SquadID: r.PathValue("squad"), Waiting: query.Has("waiting")}}
	if k := voice.Kind(query.Get("kind")); slices.Contains(voice.Written, k) {
		v.Asked.Kind = k
	}
	err := s.db.View(ctx, func(tx *data.Tx) (err error) {
		if v.Asked.SquadID != "" {
			if v.Squad, err = squad.ByID(ctx, tx, v.Asked.SquadID); err != nil {
				return err
			}
		}
		if !r.who.Staff() {
			if v.Asked.Drops, err = drop.VisibleIDs(ctx, tx, r.who.ID); err != nil {
				return err
			}
		}
		if v.Count, err = voice.Count(ctx, tx, v.Asked); err != nil {
			return err
		}
		v.Voices, err = voice.List(ctx, tx, v.Asked, voicesShown+1, (v.Page-1)*voicesShown)
		return err
	})
	if err != nil {
		return err
	}
	if len(v.Voices) > voicesShown {
		v.Voices, v.More = v.Voices[:voicesShown], true
	}
	if !r.who.Staff() {
		for i := range v.Voices {
			v.Voices[i] = v.Voices[i].Unnamed()
		}
	}
	p, err := s.framed(w, r, s.inboxNav(r))
	if err != nil {
		return err
	}
	return s.show(w, r, http.StatusOK, v.View(p))
}

// inboxNav is the navigation entry of the inbox.
func (s *Server) inboxNav(r *request) string {
	switch {
	case r.PathValue("squad") == "":
		return "/voices"
	case r.who.Staff():
		return "/squads"
	}
	return views.OwnSquadPath
}

func (s *Server) showOneVoice(w http.ResponseWriter, r *request) error {
	return s.oneVoice(w, r, http.StatusOK, nil)
}

// voiceByPath is what the address names: in the inbox of a squad only what was said there, and by captains only what
// was said of drops that they may see now.
func (s *Server) voiceByPath(r *request, tx *data.Tx) (v voice.Voice, err error) {
	v, err = voice.ByID(r.Context(), tx, r.PathValue("voice"))
	if in := r.PathValue("squad"); err == nil && (in != "" && v.SquadID != in || v.Kind == voice.Reaction) {
		err = data.ErrNotFound
	}
	if !r.who.Staff() {
		if err == nil {
			_, err = drop.VisibleByID(r.Context(), tx, r.who.ID, v.DropID)
		}
		v = v.Unnamed()
	}
	return v, err
}

func (s *Server) oneVoice(w http.ResponseWriter, r *request, status int, typed *views.AnswerForm) error {
	v := views.VoiceDetail{Zone: s.zoneFor(r.who)}
	err := s.db.View(r.Context(), func(tx *data.Tx) (err error) {
		if v.Voice, err = s.voiceByPath(r, tx); err != nil {
			return err
		}
		if in := r.PathValue("squad"); in != "" {
			v.Squad, err = squad.ByID(r.Context(), tx, in)
		}
		return err
	})
	if err != nil {
		return err
	}
	v.Form = views.AnswerForm{State: string(v.Voice.State), Answer: v.Voice.Answer}
	if v.Voice.State == voice.New {
		v.Form.State = string(voice.Read)
	}
	if typed != nil {
		v.Form = *typed
	}
	p, err := s.framed(w, r, s.inboxNav(r))
	if err != nil {
		return err
	}
	return s.show(w, r, status, v.View(p))
}

// settleVoice notes what became of something that was said, and the answer to its author.
func (s *Server) settleVoice(w http.ResponseWriter, r *request) error {
	var f views.AnswerForm
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	if f.Problems = voice.CheckAnswer(voice.State(f.State), f.Answer); !f.Problems.OK() {
		return s.oneVoice(w, r, http.StatusUnprocessableEntity, &f)
	}
	ctx := r.Context()
	err := s.db.Update(ctx, func(tx *data.Tx) error {
		v, err := s.voiceByPath(r, tx)
		if err != nil {
			return err
		}
		if v.FromReader() {
			f.Answer = "" // nobody knows where they are
		}
		if string(v.State) == f.State && v.Answer == strings.TrimSpace(f.Answer) {
			return nil
		}
		if err := s.noteVoice(r, tx, audit.VoiceSettled, v); err != nil {
			return err
		}
		if err := voice.Settle(ctx, tx, v.ID, r.who.ID, voice.State(f.State), f.Answer); err != nil {
			return err
		}
		return notice.NoteAnswer(ctx, tx, v.ID, r.who.ID)
	})
	if err != nil {
		return err
	}
	return s.goWith(w, r, views.InboxPath(r.PathValue("squad")), "voice.settled")
}

// noteVoice writes down what whoever asks does with something that was said; who said it only if they gave their name.
func (s *Server) noteVoice(r *request, tx *data.Tx, kind audit.Kind, v voice.Voice) error {
	d, err := drop.ByID(r.Context(), tx, v.DropID)
	if err != nil {
		return err
	}
	_, err = audit.Write(r.Context(), tx, audit.Act{
		Kind: kind, AccountID: r.who.ID, CampaignID: d.CampaignID, DropID: d.ID, SquadID: v.SquadID, PersonID: v.Unnamed().AccountID,
	})
	return err
}

// removeVoice deletes what was said.
func (s *Server) removeVoice(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	err := s.db.Update(ctx, func(tx *data.Tx) error {
		v, err := s.voiceByPath(r, tx)
		if err != nil {
			return err
		}
		if err := s.noteVoice(r, tx, audit.VoiceRemoved, v); err != nil {
			return err
		}
		return voice.Remove(ctx, tx, v.ID)
	})
	if err != nil {
		return err
	}
	return s.goWith(w, r, views.InboxPath(""), "voice.removed")
}
