package spread

import (
	"cmp"
	"math"
	"slices"
)

// Owner is an ambassador of a map, or several of a squad who are told as a number.
type Owner struct {
	AccountID string
	Name      string
	Squad     int      // which: those of one stand beside each other
	People    int      // counted, in all their trees
	Opens     int      // counted or not, also those that Traces do not hold
	Traces    []*Trace // as much of their trees as was read
	Named     bool     // the name is written
	Stands    int      // for how many ambassadors; 0 is one
}

// The measures of a map with many ambassadors.
const (
	discsDrawn  = 12 // from one more on, ambassadors are arcs
	ownersDrawn = 64 // those with fewer people are told as a number
	squadArcs   = 78.0
	ownerArcs   = 106.0
	arcWide     = 14.0 // how thick an ambassador's arc is
	arcApart    = .012 // between ambassadors
	squadApart  = .045 // between squads
	arcLeast    = .018 // of an ambassador whom nobody opened
)

// LayOwners lays out the opens of ambassadors around the brand, with the
// ambassadors themselves on the first ring: as discs, or, from thirteen on, as
// arcs as wide as the root of their people, with those of their squads inside.
// Of very many, those with the fewest people are told as a number, squad by
// squad: Owners in the answer are those that are drawn, and Spot.Owner is a
// place among them.
func LayOwners(all []Owner) (r Ripple, owners []Owner) {
	owners = gatherOwners(all)
	g := grove{}
	g.root(-1)
	for i, o := range owners {
		g.root(i)
		n := &g.nodes[i+1]
		n.people, n.extra = int32(o.People), int32(o.Opens) //nolint:gosec // there are fewer than 2^31
		if o.Stands > 1 {
			n.stands, n.others = int32(o.Stands), int32(o.Stands) //nolint:gosec // see above
		}
		for _, t := range o.Traces {
			n.extra -= int32(t.Len())     //nolint:gosec // see above
			n.people -= int32(t.counts()) //nolint:gosec // see above
		}
		n.extra, n.people = max(n.extra, 0), max(n.people, 0)
	}
	for i, o := range owners {
		for _, t := range o.Traces {
			g.plant(t, 0, int32(i+1), i) //nolint:gosec // see above
		}
	}
	r = g.lay(brandRadius, owners)
	r.mark()
	r.name(owners)
	r.count()
	return r, owners
}

// counts is how many counted opens were read.
func (t *Trace) counts() (n int) {
	for v := range t.ids {
		if t.counted(v) {
			n++
		}
	}
	return n
}

// gatherOwners puts squads side by side, in each those with most people first,
// and makes one of those for whom there is no room.
func gatherOwners(all []Owner) []Owner {
	order := slices.Clone(all)
	slices.SortStableFunc(order, func(a, b Owner) int { return cmp.Compare(b.People, a.People) })
	var drawn []Owner
	rest := map[int]*Owner{}
	var squads []int
	for _, o := range order {
		if len(drawn) < ownersDrawn || o.Named {
			drawn = append(drawn, o)
			continue
		}
		squad := o.Squad
		if len(rest) >= ownersDrawn/2 && rest[squad] == nil {
			squad = squads[len(squads)-1] // hundreds of squads: the last ones together
		}
		if rest[squad] == nil {
			rest[squad] = &Owner{Squad: squad}
			squads = append(squads, squad)
		}
		sum := rest[squad]
		sum.People += o.People
		sum.Opens += o.Opens
		sum.Stands += max(o.Stands, 1)
	}
	for _, squad := range squads {
		drawn = append(drawn, *rest[squad])
	}
	slices.SortStableFunc(drawn, func(a, b Owner) int { return cmp.Compare(a.Squad, b.Squad) })
	return drawn
}

// areArcs says whether ambassadors are too many for discs.
func (c *chart) areArcs() bool { return len(c.owners) > discsDrawn && len(c.rings) > 1 }

// bend gives ambassadors and squads their arcs.
func (c *chart) bend() {
	ring := c.rings[1]
	lane := math.Asin((laneHalf + 2) / squadArcs)
	owner := func(i int) *Owner { return &c.owners[c.nodes[c.slots[ring[i]].node].owner] }
	roots, squads := 0.0, 1
	for i := range ring {
		roots += math.Sqrt(float64(owner(i).People))
		if i > 0 && owner(i).Squad != owner(i-1).Squad {
			squads++
		}
	}
	n := float64(len(ring))
	room := 2*math.Pi - 2*lane - n*arcApart - float64(squads)*(squadApart-arcApart)
	least := min(arcLeast, room/n/2)
	unit := 0.0
	if roots > 0 {
		unit = (room - n*least) / roots
	} else {
		least = room / n
	}
	at := lane
	for i, s := range ring {
		if i > 0 {
			at += arcApart
			if owner(i).Squad != owner(i-1).Squad {
				at += squadApart - arcApart
			}
		}
		wide := least + unit*math.Sqrt(float64(owner(i).People))
		c.arcs = append(c.arcs, Arc{From: at, To: at + wide, Squad: owner(i).Squad})
		c.slots[s].angle, c.slots[s].fan = at+wide/2, wide
		if last := len(c.around) - 1; last >= 0 && c.around[last].Squad == owner(i).Squad {
			c.around[last].To = at + wide
		} else {
			c.around = append(c.around, Arc{From: at, To: at + wide, Squad: owner(i).Squad})
		}
		at += wide
	}
}
