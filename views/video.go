package views

import (
	"context"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/views/ui"
)

// PosterOfVideoPath is where it is said what stands in the place of a video until it is played.
func PosterOfVideoPath(dropID, videoID string) string {
	return VideosPath(dropID) + "/" + videoID + "/poster"
}

// posterOf is what stands in the place of a video, if anything does.
func posterOf(v drop.Video) templ.Attributes {
	if v.Poster == "" {
		return nil
	}
	return templ.Attributes{"poster": "/m/" + v.Poster + "-" + drop.PhoneSize}
}

// videoName is what a video is called in the editor.
func videoName(ctx context.Context, n int, v drop.Video) string {
	name := lang.T(ctx, "video.number", "n", n+1)
	if v.Alt != "" {
		name += " · " + v.Alt
	}
	return name
}

// videoFacts are how long and how large a video is.
func videoFacts(ctx context.Context, v drop.Video) string {
	whole := int(v.Length.Round(time.Second) / time.Second)
	length := strconv.Itoa(whole/60) + ":" + strconv.Itoa(100 + whole%60)[1:]
	return lang.T(ctx, "video.facts", "length", length, "wide", v.Width, "high", v.Height, "n", (v.Bytes+1<<20-1)>>20)
}

// posters are the choices for what stands in the place of a video.
func (f DropForm) posters(ctx context.Context, v drop.Video) []ui.Option {
	all := []ui.Option{{Value: "", Label: lang.T(ctx, "video.no_poster"), Selected: v.Poster == ""}}
	for n, i := range f.Images {
		all = append(all, ui.Option{Value: i.ID, Label: imageName(ctx, n, i), Selected: i.ID == v.Poster})
	}
	return all
}
