package web

import (
	"net/http"
	"slices"
	"strings"

	"ricochet.example/app/brand"
	"ricochet.example/app/share"
	"ricochet.example/app/visit"
	"ricochet.example/data"
	"ricochet.example/views"
)

func (s *Server) channelRoutes() []Route {
	return []Route{
		{Method: "GET", Pattern: "/channels", Answers: staff, Page: true, handle: s.showChannels},
		{Method: "POST", Pattern: "/channels", Answers: staff, handle: s.setChannels},
	}
}

// showChannels is where it is decided which ways to share members are offered, and in which order.
func (s *Server) showChannels(w http.ResponseWriter, r *request) error {
	return s.channelsPage(w, r, http.StatusOK, views.ChannelsForm{})
}

func (s *Server) channelsPage(w http.ResponseWriter, r *request, status int, f views.ChannelsForm) error {
	offered := share.Offered(s.brand.Load().Channels)
	for _, c := range slices.Concat(offered, share.Offerable) {
		if !slices.ContainsFunc(f.Lines, func(l views.ChannelLine) bool { return l.Channel == c.String() }) {
			f.Lines = append(f.Lines, views.ChannelLine{Channel: c.String(), Offered: f.Problems.OK() && slices.Contains(offered, c)})
		}
	}
	p, err := s.framed(w, r, "/drops")
	if err != nil {
		return err
	}
	return s.show(w, r, status, views.Channels(p, f))
}

// setChannels takes the channels in their order, after one of them was moved if a button for that was pressed.
func (s *Server) setChannels(w http.ResponseWriter, r *request) error {
	ctx := r.Context()
	var f struct {
		Order   []string `form:"order"`
		Offered []string `form:"offered"`
		Up      string   `form:"up"`
		Down    string   `form:"down"`
	}
	if err := s.fill(w, r, &f); err != nil {
		return err
	}
	order := f.Order
	if i := slices.Index(order, f.Up); i > 0 {
		order[i-1], order[i] = order[i], order[i-1]
	}
	if i := slices.Index(order, f.Down); i >= 0 && i < len(order)-1 {
		order[i], order[i+1] = order[i+1], order[i]
	}
	var names []string
	for _, name := range order {
		if c, ok := visit.ParseChannel(name); ok && slices.Contains(f.Offered, name) && slices.Contains(share.Offerable, c) && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		var f views.ChannelsForm
		for _, name := range order {
			if c, ok := visit.ParseChannel(name); ok && slices.Contains(share.Offerable, c) {
				f.Lines = append(f.Lines, views.ChannelLine{Channel: name})
			}
		}
		f.Problems.Add("offered", "channels.one")
		return s.channelsPage(w, r, http.StatusUnprocessableEntity, f)
	}
	if err := s.db.Update(ctx, func(tx *data.Tx) error { return brand.SetChannels(ctx, tx, names) }); err != nil {
		return err
	}
	if err := s.learnBrand(ctx); err != nil {
		return err
	}
	if moved := strings.TrimSpace(f.Up + f.Down); moved != "" {
		return s.goTo(w, r, views.ChannelsPath+"#"+moved)
	}
	return s.goWith(w, r, views.ChannelsPath, "form.saved")
}
