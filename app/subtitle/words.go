package subtitle

import (
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// kept are the marks that stay, passed those of which the words stay (W3C, WebVTT, 3.3: classes, voices, languages, what
// is underlined, and readings above words).
var (
	kept   = []string{"b", "i"}
	passed = []string{"c", "v", "u", "lang", "ruby", "rt"}
)

// marked is what may stand in a mark: the end of one, or the beginning with its classes and what else is said of it.
var marked = regexp.MustCompile(`^(/?)([a-z]*)((?:\.[^ \t\n<>&.]+)*)([ \t\n][^<>]*)?$`)

// moment is a mark of when the next word is spoken.
var moment = regexp.MustCompile(`^(\d{2,}:)?[0-5]\d:[0-5]\d\.\d{3}$`)

// characters are those that a file has names for. What else has an ampersand before it is as it stands there.
var characters = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&nbsp;", "\u00a0", "&lrm;", "\u200e", "&rlm;", "\u200f")

// plain writes words so that nothing in them is a mark.
var plain = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// words reads the lines under the times, up to an empty one: those that say something, each with its end.
func (f *reading) words() (string, error) {
	begins := f.at
	for f.at < len(f.lines) && f.lines[f.at] != "" {
		if strings.Contains(f.lines[f.at], arrow) {
			return "", wrong("subtitle.apart", f.at)
		}
		f.at++
	}
	text := strings.Join(f.lines[begins:f.at], "\n")
	if len(text) > 8*longestCue { // what is written of fewer may still be too much
		return "", tooLong(begins)
	}
	var out strings.Builder
	var open []string
	for text != "" {
		said, rest, tag := strings.Cut(text, "<")
		out.WriteString(plain.Replace(characters.Replace(said)))
		if !tag {
			break
		}
		at := f.at - 1 - strings.Count(rest, "\n")
		mark, after, ends := strings.Cut(rest, ">")
		if !ends {
			return "", wrong("subtitle.mark", at)
		}
		written, ok := write(mark, &open)
		if !ok {
			return "", wrong("subtitle.mark", at)
		}
		out.WriteString(written)
		text = after
	}
	for _, name := range slices.Backward(open) {
		out.WriteString("</" + name + ">")
	}
	words := tidy(out.String())
	if utf8.RuneCountInString(words) > longestCue {
		return "", tooLong(begins)
	}
	return words, nil
}

// tooLong refuses a file because of the words from a line on, counted from 0.
func tooLong(line int) error {
	return &Refused{"subtitle.long", []any{"line", line + 1, "n", longestCue}}
}

// write is what is written for a mark, among those that are open.
func write(mark string, open *[]string) (written string, ok bool) {
	m := marked.FindStringSubmatch(mark)
	if m == nil {
		return "", moment.MatchString(mark)
	}
	end, name := m[1] != "", m[2]
	switch {
	case slices.Contains(passed, name):
		return "", !end || m[3]+m[4] == ""
	case !slices.Contains(kept, name):
		return "", false
	case !end:
		*open = append(*open, name)
		return "<" + name + ">", true
	case m[3]+m[4] != "" || len(*open) == 0 || (*open)[len(*open)-1] != name:
		return "", false
	}
	*open = (*open)[:len(*open)-1]
	return "</" + name + ">", true
}

// tidy is a text without lines that say nothing: an empty one would end it.
func tidy(text string) string {
	var out strings.Builder
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out.WriteString(line + "\n")
		}
	}
	return out.String()
}
