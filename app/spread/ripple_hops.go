package spread

// HopSum is what the people at one hop are worth.
type HopSum struct {
	Hop    int // from the member; the first readers are at hop 1
	People int
	Points int // one for each of them, and those for whom they sent it on to
}

// Beyond is what they earned by sending it on.
func (h HopSum) Beyond() int { return h.Points - h.People }

// ByHop tells a score hop by hop: the sums of all are the people and the points of the tree.
func (t *Trace) ByHop() (all []HopSum) {
	for v, hop := range t.hop {
		if !t.counted(v) {
			continue
		}
		for int(hop) > len(all) {
			all = append(all, HopSum{Hop: len(all) + 1})
		}
		all[hop-1].People++
		all[hop-1].Points += int(t.points[v])
	}
	return all
}
