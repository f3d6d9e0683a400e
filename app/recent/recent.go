// Package recent is a bounded memory of things that were asked for not long ago.
package recent

// Map remembers values by their ids, in two generations: when the young one is
// full it becomes the old one, and what the old one held and nobody asked for
// meanwhile is gone. The zero Map is empty and ready.
type Map[V any] struct{ young, old map[int64]V }

// Get returns what is remembered of key. most is how much a generation holds.
func (m *Map[V]) Get(key int64, most int) (v V, ok bool) {
	if v, ok = m.young[key]; ok {
		return v, true
	}
	if v, ok = m.old[key]; ok {
		m.Put(key, v, most)
	}
	return v, ok
}

// Put remembers v as what there is of key.
func (m *Map[V]) Put(key int64, v V, most int) {
	if len(m.young) >= most || m.young == nil {
		m.young, m.old = make(map[int64]V), m.young
	}
	m.young[key] = v
}
