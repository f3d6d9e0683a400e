package parcel

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strings"
)

// The head of a text stands between two lines of three dashes, as in the files of Jekyll and Hugo: a small part of
// YAML, namely a name and a value a line, where a value is a text (bare, or in quotes), a list, or names with values
// of their own, indented. Names that a drop knows nothing of are passed over.
const fence = "---"

// The names of the parts of a drop in the head.
const (
	keyTitle     = "title"
	keyTeaser    = "teaser"
	keyLanguage  = "language"
	keyTags      = "tags"
	keyCaptions  = "captions"
	keyAction    = "action"
	keyActionURL = "action_url"
	keyCover     = "cover"
	keyCoverAlt  = "cover_alt"
	keyFiles     = "alt"
	keyPosters   = "posters"
)

// quoted is a text in the double quotes that YAML and JSON have in common.
func quoted(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(text); err != nil {
		panic(err) // it is a text
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// Text is what stands in the text file of the parcel.
func (p Parcel) Text() string {
	var b strings.Builder
	line := func(parts ...string) {
		for _, part := range parts {
			b.WriteString(part)
		}
		b.WriteString("\n")
	}
	line(fence)
	for _, one := range []struct{ key, value string }{
		{keyTitle, p.Title},
		{keyTeaser, p.Teaser},
		{keyLanguage, p.Language},
		{keyAction, p.Action},
		{keyActionURL, p.ActionURL},
		{keyCover, p.Cover},
		{keyCoverAlt, p.CoverAlt},
	} {
		if one.value != "" || one.key == keyTitle {
			line(one.key, ": ", quoted(one.value))
		}
	}
	for _, list := range []struct {
		key    string
		values []string
	}{{keyTags, p.Tags}, {keyCaptions, p.Captions}} {
		if len(list.values) > 0 {
			line(list.key, ":")
		}
		for _, v := range list.values {
			line("  - ", quoted(v))
		}
	}
	if len(p.Files) > 0 {
		line(keyFiles, ":")
	}
	for _, f := range p.Files {
		line("  ", quoted(f.Name), ": ", quoted(f.Alt))
	}
	under := false
	for _, f := range p.Files {
		if f.Poster != "" && !under {
			line(keyPosters, ":")
			under = true
		}
		if f.Poster != "" {
			line("  ", quoted(f.Name), ": ", quoted(f.Poster))
		}
	}
	line(fence)
	line()
	b.WriteString(p.Body)
	return b.String()
}

// value is what stands behind a name in the head.
type value struct {
	text  string
	list  []string
	under map[string]string // by names of their own
}

// head reads the lines of a head.
type head struct {
	lines []string
	at    int // the line that is read next
}

// wrong refuses the head because of the line that was read last. The fence is the file's first line.
func (h *head) wrong() error { return refuse("parcel.head", "n", h.at+1) }

// read takes a text file apart.
func (p *Parcel) read(file string) error {
	file = strings.ReplaceAll(strings.TrimPrefix(file, "\ufeff"), "\r\n", "\n")
	rest, has := strings.CutPrefix(file, fence+"\n")
	if !has {
		p.Body = file
		return nil
	}
	lines, body, ends := strings.Cut("\n"+rest, "\n"+fence+"\n")
	if !ends {
		if lines, ends = strings.CutSuffix("\n"+rest, "\n"+fence); !ends {
			return refuse("parcel.open_head", "fence", fence)
		}
	}
	p.Body = strings.TrimPrefix(body, "\n")
	h := &head{lines: strings.Split(strings.TrimPrefix(lines, "\n"), "\n")}
	values, err := h.values()
	if err != nil {
		return err
	}
	for key, to := range map[string]*string{
		keyTitle: &p.Title, keyTeaser: &p.Teaser, keyLanguage: &p.Language, keyAction: &p.Action, keyActionURL: &p.ActionURL,
		keyCover: &p.Cover, keyCoverAlt: &p.CoverAlt,
	} {
		*to = values[key].text
	}
	p.Tags, p.Captions = values[keyTags].items(), values[keyCaptions].list
	if text := values[keyCaptions].text; text != "" {
		p.Captions = []string{text}
	}
	for i := range p.Files {
		p.Files[i].Alt = values[keyFiles].under[p.Files[i].Name]
		if IsVideo(p.Files[i].Name) {
			p.Files[i].Poster = values[keyPosters].under[p.Files[i].Name]
		}
	}
	return nil
}

// items are the parts of a list, also where it was written as one text with commas.
func (v value) items() []string {
	if v.text == "" {
		return v.list
	}
	var all []string
	for part := range strings.SplitSeq(v.text, ",") {
		if part = strings.TrimSpace(part); part != "" {
			all = append(all, part)
		}
	}
	return all
}

// entry is a name and what stands behind it on the line.
var entry = regexp.MustCompile(`^("(?:[^"\\]|\\.)*"|'[^']*'|[^\s"'#\[\]{}-][^#]*?):(?:[ \t]+(.*))?$`)

// item is a line of a list.
var item = regexp.MustCompile(`^[ \t]*-(?:[ \t]+(.*))?$`)

func (h *head) values() (map[string]value, error) {
	all := map[string]value{}
	for h.at < len(h.lines) {
		line := h.lines[h.at]
		h.at++
		if idle(line) {
			continue
		}
		m := entry.FindStringSubmatch(line)
		if m == nil {
			return nil, h.wrong()
		}
		key, err := h.scalar(m[1])
		if err != nil {
			return nil, err
		}
		v, err := h.value(strings.TrimSpace(m[2]))
		if err != nil {
			return nil, err
		}
		all[strings.ToLower(key)] = v
	}
	return all, nil
}

// idle says whether a line says nothing.
func idle(line string) bool {
	line = strings.TrimSpace(line)
	return line == "" || strings.HasPrefix(line, "#")
}

// value reads what stands behind a name: on its line, or below it.
func (h *head) value(first string) (v value, err error) {
	switch {
	case strings.HasPrefix(first, "["):
		v.list, err = h.flow(first)
	case first != "":
		v.text, err = h.words(first, 0)
	default:
		v, err = h.below()
	}
	return v, err
}

// below reads the lines under a name: those of a list, or indented ones with names of their own.
func (h *head) below() (v value, err error) {
	for h.at < len(h.lines) {
		line := h.lines[h.at]
		if idle(line) {
			h.at++
			continue
		}
		if m := item.FindStringSubmatch(line); m != nil && v.under == nil {
			h.at++
			one, err := h.words(strings.TrimSpace(m[1]), indent(line)+1)
			if err != nil {
				return v, err
			}
			v.list = append(v.list, one)
			continue
		}
		if indent(line) == 0 {
			return v, nil
		}
		h.at++
		m := entry.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil || v.list != nil {
			return v, h.wrong()
		}
		key, err := h.scalar(m[1])
		if err != nil {
			return v, err
		}
		one, err := h.words(strings.TrimSpace(m[2]), indent(line)+1)
		if err != nil {
			return v, err
		}
		if v.under == nil {
			v.under = map[string]string{}
		}
		v.under[key] = one
	}
	return v, nil
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " \t")) }

// words are a text: on its line, or behind a bar on the lines below that are indented by at least so much.
func (h *head) words(first string, deep int) (string, error) {
	if !slices.Contains([]string{"|", "|-", "|+", ">", ">-", ">+"}, first) {
		return h.scalar(first)
	}
	var lines []string
	margin := -1
	for h.at < len(h.lines) {
		line := h.lines[h.at]
		empty := strings.TrimSpace(line) == ""
		if !empty && indent(line) < max(deep, 1) {
			break
		}
		if !empty && margin < 0 {
			margin = indent(line)
		}
		lines = append(lines, line[min(max(margin, 0), indent(line)):])
		h.at++
	}
	between := "\n"
	if strings.HasPrefix(first, ">") {
		between = " "
	}
	return strings.TrimSpace(strings.Join(lines, between)), nil
}

// scalar is a text as it stands on a line: bare, or in quotes.
func (h *head) scalar(s string) (text string, err error) {
	switch {
	case strings.HasPrefix(s, `"`):
		if end := closing(s); end > 0 && idle(s[end:]) {
			s = s[:end]
		}
		if json.Unmarshal([]byte(s), &text) != nil {
			return "", h.wrong()
		}
		return text, nil
	case strings.HasPrefix(s, "'"):
		if len(s) < 2 || !strings.HasSuffix(s, "'") {
			return "", h.wrong()
		}
		return strings.ReplaceAll(s[1:len(s)-1], "''", "'"), nil
	case s == "~", s == "null":
		return "", nil
	}
	s, _, _ = strings.Cut(s, " #") // a remark
	return strings.TrimSpace(s), nil
}

// closing is where the double quotes that a text begins with have ended.
func closing(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return 0
}

// flow is a list between brackets.
func (h *head) flow(s string) (all []string, err error) {
	if json.Unmarshal([]byte(s), &all) == nil {
		return all, nil
	}
	inner, ok := strings.CutSuffix(strings.TrimPrefix(s, "["), "]")
	if !ok {
		return nil, h.wrong()
	}
	all = nil
	for part := range strings.SplitSeq(inner, ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		one, err := h.scalar(part)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}
