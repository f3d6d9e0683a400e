package markdown

import (
	"regexp"
	"strings"
)

// Picture is one of ours that a text may show, in pixels.
type Picture struct {
	Width, Height int
	PhoneWidth    int // of the size for phones
}

// The lines around what is only for some: ":::early" is for those who read before everyone may, ":::public"
// for whoever reads from then on, and ":::" ends either.
var (
	blockBegins = regexp.MustCompile(`(?i)^ {0,3}::: ?(early|public)\s*$`)
	blockEnds   = regexp.MustCompile(`^ {0,3}:::\s*$`)
	fence       = regexp.MustCompile("^ {0,3}(```+|~~~+)")
)

// For returns what a text says to those who read early, or to everyone once it is public. A block that does
// not end goes on to the end of the text, so that nobody sees by a slip what is not for them; one inside
// another ends the one before.
func For(src string, public bool) string {
	if !strings.Contains(src, ":::") {
		return src
	}
	var b strings.Builder
	audience, code := "", ""
	for line := range strings.Lines(src) {
		bare := strings.TrimRight(line, "\r\n")
		if mark := fence.FindStringSubmatch(bare); mark != nil {
			switch {
			case code == "":
				code = mark[1]
			case strings.HasPrefix(mark[1], code) && strings.Trim(bare, " `~") == "":
				code = ""
			}
		} else if code == "" {
			if begins := blockBegins.FindStringSubmatch(bare); begins != nil {
				audience = strings.ToLower(begins[1])
				b.WriteByte('\n')
				continue
			}
			if audience != "" && blockEnds.MatchString(bare) {
				audience = ""
				b.WriteByte('\n')
				continue
			}
		}
		if audience == "" || (audience == "public") == public {
			b.WriteString(line)
		}
	}
	return b.String()
}

// moved is an image's addresses in HTML that Render made. What people write is escaped there, so that nothing
// else looks like it.
var moved = regexp.MustCompile(` (src|srcset)="(/m/[^"]*)"`)

// Under returns HTML that Render made with its images at another address: what was at /m/ is at prefix/m/.
func Under(page, prefix string) string {
	return moved.ReplaceAllStringFunc(page, func(attribute string) string {
		return strings.ReplaceAll(attribute, "/m/", prefix+"/m/")
	})
}

// Images returns what is between "image:" and the end of the address of each picture that a text refers to,
// and whether it is shown without a word for those who cannot see it.
func Images(src string) (refs []Reference) {
	for _, m := range reference.FindAllStringSubmatch(src, -1) {
		refs = append(refs, Reference{ID: m[2], Alt: strings.TrimSpace(m[1])})
	}
	return refs
}

// Reference is a picture that a text shows.
type Reference struct{ ID, Alt string }

var reference = regexp.MustCompile(`!\[([^\]\n]*)\]\(\s*<?image:([a-z0-9]{1,64})`)
