// Package parcel knows drops as files: a text in Markdown with what else the drop says at its head, and its
// pictures and videos beside it, all in one zip. It is how a drop leaves one installation and comes into another,
// and how people who write elsewhere bring theirs.
package parcel

import (
	"fmt"
	"io"
	"net/url"
	"path"
	"regexp"
	"strings"
)

// Parcel is a drop as files.
type Parcel struct {
	Title     string
	Teaser    string
	Language  string // empty: the file does not say
	Tags      []string
	Captions  []string
	Action    string // label of the call to action
	ActionURL string // and its address, with its parameters
	Cover     string // the name of the file that cards show
	CoverAlt  string
	Body      string // Markdown, whose pictures have the names of files for addresses
	Files     []File
}

// File is a picture or a video of a parcel.
type File struct {
	Name    string // from the folder of the text, with slashes
	Alt     string // what can be seen
	Content []byte // of a picture

	// Open reads a video, which is not held in memory. It may bring more than MostVideoBytes: whoever reads it counts.
	Open func() (io.ReadCloser, error)
	// Poster is the name of the picture that stands in the place of a video until it is played; may be empty.
	Poster string
	// Subtitles are those of a video, by their languages: files in WebVTT, as somebody wrote them.
	Subtitles map[string][]byte
}

// The bounds of a parcel.
const (
	// MostBytes is how large the zip may be.
	MostBytes = 150 << 20
	// MostUnpacked is how much its text and its pictures may hold together.
	MostUnpacked = 100 << 20
	// MostVideoBytes is how much one of its videos may hold.
	MostVideoBytes = 40 << 20
	// MostFiles is how many it may hold, those that are passed over among them.
	MostFiles = 120
	// mostText is how large its text may be: what a drop may hold, and its head.
	mostText = 128 << 10
)

// textName is what the text is called in parcels that are made here.
const textName = "text.md"

// Refused says why a parcel is not taken, as the key of a message and its arguments, ready for a problem of a form.
type Refused struct {
	Key  string
	Args []any
}

// Error says which bound, for the log.
func (r *Refused) Error() string { return fmt.Sprintf("refused: %s %v", r.Key, r.Args) }

func refuse(key string, args ...any) error { return &Refused{Key: key, Args: args} }

// TooLarge is what is said of a zip with more than MostBytes.
func TooLarge() *Refused { return &Refused{"parcel.bytes", []any{"n", MostBytes >> 20}} }

// kinds are the endings of the names of files that are taken beside the text, and the most bytes that each may
// hold. What they are is looked at when something is made of them.
var kinds = map[string]int{
	".jpg": 10 << 20, ".jpeg": 10 << 20, ".png": 10 << 20, ".gif": 10 << 20, ".webp": 10 << 20,
	".mp4": MostVideoBytes, ".webm": MostVideoBytes, subtitles: 200 << 10,
}

// subtitles is the ending of files with the words under a video.
const subtitles = ".vtt"

// SubtitlesName is the name of the file with the subtitles of a video in a language: videos/1.fr.vtt beside
// videos/1.mp4.
func SubtitlesName(video, language string) string {
	return strings.TrimSuffix(video, path.Ext(video)) + "." + language + subtitles
}

// subtitle gives a video of the parcel its subtitles, and says whether there is one that has them by their name.
func (p *Parcel) subtitle(name string, content []byte) bool {
	named := strings.TrimSuffix(name, path.Ext(name))
	language := strings.TrimPrefix(path.Ext(named), ".")
	for i, f := range p.Files {
		if language == "" || !IsVideo(f.Name) || strings.TrimSuffix(f.Name, path.Ext(f.Name))+"."+language != named {
			continue
		}
		if f.Subtitles == nil {
			p.Files[i].Subtitles = map[string][]byte{}
		}
		p.Files[i].Subtitles[language] = content
		return true
	}
	return false
}

// IsVideo says whether a file of a parcel is a video, by its name.
func IsVideo(name string) bool {
	ending := strings.ToLower(path.Ext(name))
	return ending == ".mp4" || ending == ".webm"
}

// address is where a text shows a picture or leads to: behind the words of a link or picture, or of a reference.
var address = regexp.MustCompile(`(\]\([ \t\n]*|\]:[ \t]*)(?:<([^<>\n]*)>|([^\s()<>]+))`)

// Rename writes other addresses into a text: where to knows one, what it says. What is not an address stays as it is.
func Rename(text string, to func(address string) (string, bool)) string {
	return address.ReplaceAllStringFunc(text, func(found string) string {
		m := address.FindStringSubmatch(found)
		there := m[2] + m[3]
		renamed, ok := to(there)
		if !ok {
			return found
		}
		if strings.ContainsAny(renamed, " ()") {
			renamed = "<" + renamed + ">"
		}
		return m[1] + renamed
	})
}

// beside is the name of the file that an address leads to, if it leads to one beside the text.
func beside(address string) (name string, ok bool) {
	at, err := url.Parse(address)
	if err != nil || at.Scheme != "" || at.Host != "" || at.Path == "" || strings.HasPrefix(at.Path, "/") {
		return "", false
	}
	return path.Clean(at.Path), true
}

// file finds a file of the parcel by an address in its text.
func (p Parcel) file(address string) (File, bool) {
	name, ok := beside(address)
	if !ok {
		return File{}, false
	}
	for _, f := range p.Files {
		if f.Name == name {
			return f, true
		}
	}
	return File{}, false
}

// Named is the text with other addresses where it shows files of the parcel: what names says for the name of each.
func (p Parcel) Named(names map[string]string) string {
	return Rename(p.Body, func(address string) (string, bool) {
		f, ok := p.file(address)
		if !ok {
			return "", false
		}
		name, ok := names[f.Name]
		return name, ok
	})
}

// shown are the pictures that a text shows: their words, and their address.
var shown = regexp.MustCompile(`!\[([^\]\n]*)\]\([ \t\n]*(?:<([^<>\n]*)>|([^\s()<>]+))`)

// check says what a parcel lacks of what its text shows, and gives its files the words that the text has for them
// where they have none.
func (p *Parcel) check() error {
	for _, m := range shown.FindAllStringSubmatch(p.Body, -1) {
		name, ok := beside(m[2] + m[3])
		if !ok {
			continue
		}
		if _, there := p.file(m[2] + m[3]); !there {
			return refuse("parcel.missing", "file", name)
		}
		for i := range p.Files {
			if p.Files[i].Name == name && p.Files[i].Alt == "" {
				p.Files[i].Alt = m[1]
			}
		}
	}
	for _, f := range p.Files {
		if f.Poster == "" {
			continue
		}
		if poster, ok := p.file(f.Poster); !ok || IsVideo(poster.Name) {
			return refuse("parcel.missing", "file", f.Poster)
		}
	}
	if p.Cover == "" {
		return nil
	}
	cover, ok := p.file(p.Cover)
	if !ok || IsVideo(cover.Name) {
		return refuse("parcel.missing", "file", p.Cover)
	}
	p.Cover = cover.Name
	return nil
}
