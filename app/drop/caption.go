package drop

import (
	"regexp"
	"slices"
	"strings"

	"ricochet.example/app/check"
)

// MostCaptions is how many ready-made messages a drop may have.
const MostCaptions = 5

// captionLine stands between two messages where they are one text, as versions keep them and compare them.
const captionLine = "---"

// Captions are the ready-made messages of a version, as they were written.
func (v Version) Captions() (all []string) {
	var one []string
	for line := range strings.SplitSeq(v.Caption+"\n"+captionLine, "\n") {
		if strings.TrimSpace(line) != captionLine {
			one = append(one, line)
			continue
		}
		if words := strings.TrimSpace(strings.Join(one, "\n")); words != "" {
			all = append(all, words)
		}
		one = nil
	}
	return all
}

// JoinCaptions makes one text of ready-made messages, as a version keeps them.
func JoinCaptions(all []string) string {
	var some []string
	for _, c := range all {
		if c = strings.TrimSpace(strings.ReplaceAll(c, "\r\n", "\n")); c != "" {
			some = append(some, c)
		}
	}
	return strings.Join(some, "\n"+captionLine+"\n")
}

// Values are what merge fields of a message stand for.
type Values struct {
	FirstName string // of the member who shares
	Title     string // of the drop
	Brand     string
	Squad     string // that the member's link was made in
	Link      string // the address that the message brings people to
	Label     string // the disclosure
}

// MergeFields are the names of the fields that a message may hold between double braces, in the order of
// Values, as each language of ours calls them. All names are taken in all languages.
var MergeFields = map[string][]string{
	"en": {"first name", "title", "brand", "squad", "link", "label"},
	"fr": {"prénom", "titre", "marque", "squad", "lien", "mention"},
}

// personal are the first of them that only the member's own message can be filled in with.
var personal = []int{0, 3}

var mergeField = regexp.MustCompile(`\{\{([^{}]*)\}\}`)

// fieldIndex is which field a name is that of, or -1.
func fieldIndex(name string) int {
	name = strings.ToLower(strings.Join(strings.FieldsFunc(name, func(r rune) bool { return r == ' ' || r == '_' || r == '\u00a0' || r == '.' }), " "))
	for _, names := range MergeFields {
		if i := slices.Index(names, name); i >= 0 {
			return i
		}
	}
	return -1
}

// Fill puts the values into the fields of a message. What is no field stays as it was written.
func Fill(caption string, v Values) string {
	values := [...]string{v.FirstName, v.Title, v.Brand, v.Squad, v.Link, v.Label}
	return mergeField.ReplaceAllStringFunc(caption, func(found string) string {
		if i := fieldIndex(strings.Trim(found, "{}")); i >= 0 {
			return values[i]
		}
		return found
	})
}

// IsPersonal says whether a message speaks of the member who shares, so that nobody else can send it on.
func IsPersonal(caption string) bool {
	for _, found := range mergeField.FindAllStringSubmatch(caption, -1) {
		if slices.Contains(personal, fieldIndex(found[1])) {
			return true
		}
	}
	return false
}

// checkCaptions says what is wrong with ready-made messages, each under caption as Field names it.
func checkCaptions(p *check.Problems, v Version) {
	all := v.Captions()
	for i, c := range all {
		at := Field("caption", i)
		if i == MostCaptions {
			p.Add("caption", "caption.too_many", "n", MostCaptions)
			return
		}
		p.Longest(at, c, longestCaption)
		for _, found := range mergeField.FindAllStringSubmatch(c, -1) {
			if fieldIndex(found[1]) < 0 {
				p.Add(at, "caption.unknown", "field", found[0], "o", "{{", "c", "}}")
				break
			}
		}
	}
}
