package share

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"ricochet.example/app/visit"
)

// Message is what a person sends with a link. The disclosure and the link are not anybody's to leave out:
// where the words do not hold them, they follow the words.
type Message struct {
	Words string // as the person wrote them
	Label string // the disclosure; empty: none is asked for
	Link  string // the share address, without a channel
}

// Text is the message without its link, unless that stands in the middle of a sentence.
func (m Message) Text() string {
	words := strings.TrimSpace(strings.ReplaceAll(m.Words, "\r\n", "\n"))
	if rest, ends := strings.CutSuffix(words, m.found(words)); ends && m.Link != "" {
		words = strings.TrimSpace(rest)
	}
	return m.labelled(words)
}

// On is the whole message as it goes through a channel: its link says which. Where the link is added, it
// stands last, after a line's end, so that messengers find it and make a card of it.
func (m Message) On(c visit.Channel) string {
	words := strings.TrimSpace(strings.ReplaceAll(m.Words, "\r\n", "\n"))
	if m.found(words) != "" {
		// A label behind a link would be taken for a part of it.
		return m.links().ReplaceAllLiteralString(m.labelled(words), m.LinkOn(c))
	}
	return strings.TrimSpace(m.labelled(words) + "\n" + m.LinkOn(c))
}

// LinkOn is the share address that says through which channel it went.
func (m Message) LinkOn(c visit.Channel) string {
	if c == visit.Unknown {
		return m.Link
	}
	return m.Link + "/" + c.String()
}

// labelled is a text with the disclosure behind it, unless it is there.
func (m Message) labelled(words string) string {
	if m.Label == "" || m.says(folded(words)) {
		return words
	}
	return strings.TrimSpace(words + "\n(" + m.Label + ")")
}

// says finds the label in a folded text, as words of their own: "Ad" is not said by "reading", nor "#ad" by "#adidas".
func (m Message) says(text string) bool {
	label := folded(m.Label)
	for at := 0; ; {
		i := strings.Index(text[at:], label)
		if i < 0 {
			return false
		}
		from, to := at+i, at+i+len(label)
		before, _ := utf8.DecodeLastRuneInString(text[:from])
		after, _ := utf8.DecodeRuneInString(text[to:])
		if before != '#' && !ofWord(before) && !ofWord(after) {
			return true
		}
		_, size := utf8.DecodeRuneInString(text[from:])
		at = from + size
	}
}

func ofWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// links finds the link, whatever channel it says.
func (m Message) links() *regexp.Regexp {
	return regexp.MustCompile(regexp.QuoteMeta(m.Link) + `(?:/[a-z]+\b)?`)
}

// found is the last link in a text, or nothing.
func (m Message) found(words string) string {
	if m.Link == "" {
		return ""
	}
	all := m.links().FindAllString(words, -1)
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1]
}

// folded is a text as it is compared: case and spaces do not matter.
func folded(s string) string { return strings.Join(strings.Fields(strings.ToLower(s)), " ") }
