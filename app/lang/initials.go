package lang

import (
	"strings"
	"unicode"
)

// Initials are the first letters of a name's first and last words, as an avatar has them; of none a question mark.
func Initials(name string) string {
	words := strings.FieldsFunc(name, func(r rune) bool { return unicode.IsSpace(r) || r == '-' || r == '·' })
	var first, last rune
	for _, w := range words {
		for _, r := range w {
			if unicode.IsLetter(r) || unicode.IsDigit(r) {
				if first == 0 {
					first = r
				} else {
					last = r
				}
				break
			}
		}
	}
	switch {
	case first == 0:
		return "?"
	case last == 0:
		return string(unicode.ToUpper(first))
	}
	return string([]rune{unicode.ToUpper(first), unicode.ToUpper(last)})
}
