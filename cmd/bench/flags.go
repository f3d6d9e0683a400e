package main

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// sizes are how many opens the small, the usual and the large database hold.
type sizes [3]int

// String implements flag.Value.
func (s *sizes) String() string { return fmt.Sprintf("%d,%d,%d", s[0], s[1], s[2]) }

// Set implements flag.Value.
func (s *sizes) Set(text string) error {
	words := strings.Split(text, ",")
	if len(words) != len(s) {
		return fmt.Errorf("%d numbers are wanted: of a small, a usual and a large database", len(s))
	}
	for i, w := range words {
		n, err := strconv.Atoi(w)
		if err != nil || n < 1 {
			return fmt.Errorf("%q is no number of opens", w)
		}
		s[i] = n
	}
	return nil
}

// names are some parts of all that can be measured.
type names []string

// String implements flag.Value.
func (n names) String() string { return strings.Join(n, ",") }

// Set implements flag.Value.
func (n *names) Set(text string) error {
	for _, name := range strings.Split(text, ",") {
		if !slices.Contains(allParts(), name) {
			return fmt.Errorf("%q is none of the parts %s", name, names(allParts()))
		}
		*n = append(*n, name)
	}
	return nil
}

// wants says whether a part is to be measured.
func (s settings) wants(part string) bool { return len(s.only) == 0 || slices.Contains(s.only, part) }
