package visit

import (
	"strings"
	"sync"
)

// Bounds of the memory. A few thousand strings cover nearly all visits; browsers' own strings are
// well under a kilobyte, those of the longest in-app browsers too.
const (
	remembered = 4096 // entries of one of the two generations
	longest    = 1024 // bytes of a string worth remembering
)

// memory remembers what User-Agent strings mean, in two generations: when the young one is full it
// becomes the old one, and what nobody asked for since is forgotten with it.
type memory struct {
	mu         sync.RWMutex
	young, old map[string]agent
}

var agents = memory{young: map[string]agent{}}

// agentOf returns what a User-Agent string means, from memory where it can.
func agentOf(ua string) agent {
	if len(ua) > longest {
		return readAgent(ua)
	}
	agents.mu.RLock()
	a, hit := agents.young[ua]
	stale := false
	if !hit {
		a, stale = agents.old[ua]
	}
	agents.mu.RUnlock()
	if hit {
		return a
	}
	if !stale {
		a = readAgent(ua)
	}
	agents.keep(ua, a)
	return a
}

func (m *memory) keep(ua string, a agent) {
	// The string may be a slice of all headers of a request, which would be held with it.
	ua = strings.Clone(ua)
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.young) >= remembered {
		m.old, m.young = m.young, make(map[string]agent, remembered)
	}
	m.young[ua] = a
}
