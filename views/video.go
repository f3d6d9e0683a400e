package views

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"ricochet.example/app/drop"
	"ricochet.example/app/lang"
	"ricochet.example/app/subtitle"
	"ricochet.example/views/ui"
)

// PosterOfVideoPath is where it is said what stands in the place of a video until it is played.
func PosterOfVideoPath(dropID, videoID string) string {
	return VideosPath(dropID) + "/" + videoID + "/poster"
}

// SubtitlesField is the field of a file with subtitles of a video, and SubtitlesLanguageField says in which language
// they are.
func SubtitlesField(videoID string) string { return "subtitles_" + videoID }

// SubtitlesLanguageField is the field of the language of subtitles of a video.
func SubtitlesLanguageField(videoID string) string { return "subtitles_language_" + videoID }

// SubtitlesPath is where subtitles of a video are uploaded.
func SubtitlesPath(dropID, videoID string) string {
	return VideosPath(dropID) + "/" + videoID + "/subtitles"
}

// subtitleLanguages are the choices for the language of subtitles of a video: the drop's own first, as long as the video
// has none in it.
func (f DropForm) subtitleLanguages(v drop.Video) (all []ui.Option) {
	for _, l := range subtitle.Languages {
		all = append(all, ui.Option{Value: l.Code, Label: l.Name, Selected: l.Code == f.Language && !slices.Contains(v.Subtitles, l.Code)})
	}
	return all
}

// languageName is what a language calls itself.
func languageName(code string) string {
	l, _ := subtitle.LanguageOf(code)
	return l.Name
}

// subtitleLabels are the fields for subtitles and what they are called, for the list of what is wrong.
func (f DropForm) subtitleLabels(ctx context.Context) (all []string) {
	for _, v := range f.Videos {
		all = append(all, SubtitlesField(v.ID), lang.T(ctx, "subtitle.file"))
	}
	return all
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
