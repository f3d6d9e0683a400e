package visit

import "strings"

// lexicon finds which of many words stand in a text, in one pass over it: hundreds of searches one
// by one would make each new User-Agent dear.
type lexicon struct {
	words []string
	heads map[[3]byte][]int // places in words, by the first three bytes
	seen  [1 << 10]uint64   // a bit for each head's hash: most places in a text are nobody's head
}

// newLexicon makes a lexicon of words of three bytes and more. A shorter one is a mistake in a
// table here, so that it panics.
func newLexicon(words ...string) *lexicon {
	l := &lexicon{words: words, heads: make(map[[3]byte][]int, len(words))}
	for i, word := range words {
		head := [3]byte{word[0], word[1], word[2]}
		l.heads[head] = append(l.heads[head], i)
		h := hash(word[0], word[1], word[2])
		l.seen[h>>6] |= 1 << (h & 63)
	}
	return l
}

// hash maps three bytes to 16 bits.
func hash(a, b, c byte) uint16 {
	return uint16(a)*0x9e5 ^ uint16(b)*0x3d ^ uint16(c)<<7
}

// first returns the place of the word that stands first in the lexicon among those that stand in
// the text, -1 when none does.
func (l *lexicon) first(text string) int {
	best := -1
	for at := 0; at+3 <= len(text); at++ {
		h := hash(text[at], text[at+1], text[at+2])
		if l.seen[h>>6]&(1<<(h&63)) == 0 {
			continue
		}
		for _, i := range l.heads[[3]byte{text[at], text[at+1], text[at+2]}] {
			if best >= 0 && i >= best {
				break
			}
			if strings.HasPrefix(text[at:], l.words[i]) {
				best = i
				break
			}
		}
	}
	return best
}

// in says whether any of the words stands in the text.
func (l *lexicon) in(text string) bool { return l.first(text) >= 0 }
