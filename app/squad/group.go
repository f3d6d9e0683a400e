package squad

import (
	"net/url"
	"strings"

	"ricochet.example/app/check"
)

// Group is where a squad talks already: a group of a messenger, a server, a list.
type Group struct {
	Name string // as its link was labelled, else the host of the address
	URL  string // https
}

// mostGroups is how many a squad has, and longestGroup the length of a line, in characters.
const (
	mostGroups   = 8
	longestGroup = 300
)

// Groups returns where the squad talks.
func (s Squad) Groups() (all []Group) {
	for line := range strings.Lines(s.GroupLinks) {
		if g, ok := readGroup(line); ok {
			all = append(all, g)
		}
	}
	return all
}

// readGroup reads a line: the address is its last word, and what stands before it the name.
func readGroup(line string) (g Group, ok bool) {
	words := strings.Fields(line)
	if len(words) == 0 {
		return g, false
	}
	u, err := url.Parse(words[len(words)-1])
	if err != nil || u.Scheme != "https" || u.Host == "" || u.User != nil {
		return g, false
	}
	g = Group{Name: strings.TrimRight(strings.Join(words[:len(words)-1], " "), " :–—-"), URL: u.String()}
	if g.Name == "" {
		g.Name = strings.TrimPrefix(u.Hostname(), "www.")
	}
	return g, true
}

func (s Squad) checkGroups(p *check.Problems) {
	n, number := 0, 0
	for line := range strings.Lines(s.GroupLinks) {
		number++
		if strings.TrimSpace(line) == "" {
			continue
		}
		n++
		p.Longest("groups", line, longestGroup)
		if _, ok := readGroup(line); !ok {
			p.Add("groups", "squad.group_wrong", "n", number)
		}
	}
	if n > mostGroups {
		p.Add("groups", "squad.too_many_groups", "n", mostGroups)
	}
}
