package spread

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"ricochet.example/app/share"
	"ricochet.example/data"
)

// errFar says that taking decisions one by one looks at so many opens that the
// whole tree is reckoned sooner.
var errFar = errors.New("too many opens to look at")

// An open that is looked up costs as much as this many that are read in a row
// and reckoned, and a decision looks up this many, mostly.
const (
	lookUpCosts   = 8
	lookUpsAtHand = 200
	lookUpsEach   = 10
)

// steps takes decisions on one tree as Tree does, with bounded searches, but on
// what the fold has written. Counting or un-counting an open that nobody was
// brought by looks at the few opens around it. One with others below it moves
// the hop of each of them as well, so it costs what its branch costs.
type steps struct {
	link   int64
	tree   tree
	before Mark
	left   int // how many opens may still be looked up

	nodes    map[int64]*limb
	stood    map[int64]Sharer // rows as they are still written
	changed  map[int64]*Sharer
	flipped  []int64
	days     map[dayLink]*Sums
	total    Totals // what is added to it
	farthest int64
	lost     bool // maybe nobody is that far any more
	shifted  bool // hops have changed below somebody
	ends     []any
}

// limb is an open with what decisions need to know of it.
type limb struct {
	Sharer
	kept   bool // has a row in sharers
	branch int64
	at     time.Time
}

// stepwise takes each decision by itself, unless there are too many.
func (s *fresh) stepwise(ctx context.Context, tx *data.Tx, link int64, t tree, last map[int64]share.State) error {
	had, err := TotalsOf(ctx, tx, link)
	if err != nil {
		return err
	}
	st := &steps{
		link: link, tree: t, before: s.before, left: lookUpsAtHand + int(had.People+had.Held)/lookUpCosts,
		nodes: map[int64]*limb{}, stood: map[int64]Sharer{}, changed: map[int64]*Sharer{}, days: map[dayLink]*Sums{}, farthest: had.Farthest,
	}
	if len(last)*lookUpsEach > st.left {
		return errFar
	}
	for _, id := range slices.Sorted(maps.Keys(last)) {
		if err := st.decide(ctx, tx, id, last[id]); err != nil {
			return fmt.Errorf("open %d: %w", id, err)
		}
	}
	if len(st.flipped) > 0 {
		if err := st.findEnds(ctx, tx, had); err != nil {
			return err
		}
	}
	s.steps, s.changed, s.days = st, st.changed, st.days
	s.totals[link] = &st.total
	for id, n := range st.changed {
		s.nodes[id] = n
	}
	for _, id := range st.flipped {
		s.nodes[id] = &st.nodes[id].Sharer
	}
	return nil
}

// decide makes an open count, or not.
func (s *steps) decide(ctx context.Context, tx *data.Tx, id int64, state share.State) error {
	v, err := s.node(ctx, tx, id)
	if err != nil {
		return err
	}
	if v.Parent != 0 {
		up, err := s.node(ctx, tx, v.Parent)
		if err != nil {
			return err
		}
		if !up.kept {
			return fmt.Errorf("the open above it: %w", data.ErrNotFound) // it is lost, and so is this one
		}
		if !v.kept {
			v.Hop = up.Hop + truthAsOne(v.counted)
		}
	} else if !v.kept {
		v.Hop = truthAsOne(v.counted)
	}
	if v.State != state && v.kept {
		s.changed[id] = &v.Sharer
	}
	v.State = state
	counts := s.tree.rehearsal || state == share.Counted
	if counts == v.counted {
		return nil
	}
	s.flipped = append(s.flipped, id)
	if counts {
		return s.count(ctx, tx, v)
	}
	return s.uncount(ctx, tx, v)
}

func truthAsOne(yes bool) int64 {
	if yes {
		return 1
	}
	return 0
}

func (s *steps) count(ctx context.Context, tx *data.Tx, v *limb) error {
	v.counted = true
	if err := s.raise(ctx, tx, v); err != nil {
		return err
	}
	deepest, err := s.shift(ctx, tx, v, 1)
	if err != nil {
		return err
	}
	s.farthest = max(s.farthest, deepest)
	return s.settle(ctx, tx, v, 1)
}

func (s *steps) uncount(ctx context.Context, tx *data.Tx, v *limb) error {
	if err := s.settle(ctx, tx, v, -1); err != nil {
		return err
	}
	deepest, err := s.shift(ctx, tx, v, -1)
	if err != nil {
		return err
	}
	s.lost = s.lost || deepest+1 >= s.farthest
	v.counted = false
	return s.lower(ctx, tx, v)
}

// raise counts v for the opens above it.
func (s *steps) raise(ctx context.Context, tx *data.Tx, v *limb) error {
	for up := v.Parent; up != 0; {
		a, err := s.node(ctx, tx, up)
		if err != nil {
			return err
		}
		if a.Below >= keep(s.tree.most) {
			return nil // whoever stands above has as many below them
		}
		a.Below++
		s.changed[a.ID] = &a.Sharer
		up = a.Parent
	}
	return nil
}

// lower takes v, which does not count any more, away from the opens above it.
func (s *steps) lower(ctx context.Context, tx *data.Tx, v *limb) error {
	most := keep(s.tree.most)
	for up := v.Parent; up != 0; {
		a, err := s.node(ctx, tx, up)
		if err != nil {
			return err
		}
		if a.Below == most { // or more
			first, err := s.first(ctx, tx, a, int(most))
			if err != nil {
				return err
			}
			if len(first) == int(most) {
				return nil
			}
		}
		a.Below--
		s.changed[a.ID] = &a.Sharer
		up = a.Parent
	}
	return nil
}

// shift moves v and everybody below it by a hop, and returns how far the
// farthest of them who count are now. When it moves them back v still counts.
func (s *steps) shift(ctx context.Context, tx *data.Tx, v *limb, by int64) (deepest int64, err error) {
	if by > 0 {
		s.stand(v.Hop+by, 1)
	} else {
		s.stand(v.Hop, -1)
	}
	v.Hop += by
	deepest = v.Hop
	if !v.kept {
		return deepest, nil
	}
	s.shifted = true
	for todo := []*limb{v}; len(todo) > 0; {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		s.changed[n.ID] = &n.Sharer
		if n.Below > 0 {
			deepest = max(deepest, n.Hop+1)
		}
		err := s.eachKid(ctx, tx, n, func(kid *limb) {
			hop := n.Hop + 1 // if it counts
			if kid.counted {
				s.stand(hop-by, -1)
				s.stand(hop, 1)
			}
			kid.Hop += by // also of one without a row: if it was decided about, it is remembered
			if kid.kept {
				todo = append(todo, kid)
			}
		})
		if err != nil {
			return 0, err
		}
	}
	return deepest, nil
}

// stand puts people at a hop, or takes them away. Those of the first are told
// by their days.
func (s *steps) stand(hop, people int64) {
	if hop > 1 {
		s.total.Further[min(hop-2, int64(len(s.total.Further))-1)] += people
	}
}

// settle is what Tree.settle is: it gives, or takes back, the points and marks
// of a counted open.
func (s *steps) settle(ctx context.Context, tx *data.Tx, v *limb, sign int64) error {
	had := s.total.Points
	own := s.day(v)
	own.People += sign
	own.Held -= sign
	s.total.People += sign
	s.total.Held -= sign
	s.award(v, sign)
	a, err := s.above(ctx, tx, v)
	if err != nil {
		return err
	}
	if a == nil {
		if err := s.settleFirstHop(ctx, tx, v, sign); err != nil {
			return err
		}
	}
	most := int(s.tree.most)
	for nearest := true; a != nil; nearest = false {
		first, err := s.first(ctx, tx, a, max(most, 2))
		if err != nil {
			return err
		}
		nth := slices.Index(first, v)
		if nth < 0 {
			break
		}
		if nearest && nth == 0 {
			s.mark(v, sign)
			if len(first) > 1 {
				s.mark(first[1], -sign)
			}
		}
		if nth >= most-1 {
			break
		}
		s.award(v, sign)
		if len(first) >= most {
			s.award(first[most-1], -sign)
		}
		if a, err = s.above(ctx, tx, a); err != nil {
			return err
		}
	}
	below, err := s.first(ctx, tx, v, max(most-1, 1))
	if err != nil {
		return err
	}
	for i, w := range below {
		if i == 0 {
			s.mark(w, sign)
		}
		if i < most-1 {
			s.award(w, sign)
		}
	}
	return s.growBranch(ctx, tx, v, s.total.Points-had)
}

// settleFirstHop makes v, above which nobody counts, a first-hop open in the
// place of those who hang on it, or the other way round.
func (s *steps) settleFirstHop(ctx context.Context, tx *data.Tx, v *limb, sign int64) error {
	s.day(v).FirstHop += sign
	s.total.FirstHop += sign
	for todo := []*limb{v}; len(todo) > 0; {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if n.Below == 0 {
			continue
		}
		err := s.eachKid(ctx, tx, n, func(kid *limb) {
			if !kid.counted {
				todo = append(todo, kid)
				return
			}
			s.day(kid).FirstHop -= sign
			s.total.FirstHop -= sign
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// growBranch gives the branch of v its points.
func (s *steps) growBranch(ctx context.Context, tx *data.Tx, v *limb, points int64) error {
	head, err := s.node(ctx, tx, v.branch)
	if err != nil {
		return err
	}
	s.total.grow(head.Points, points)
	head.Points += points
	if head.kept {
		s.changed[head.ID] = &head.Sharer
	}
	return nil
}

// award moves one point to or from an open, which has it in its day.
func (s *steps) award(v *limb, sign int64) {
	s.day(v).Points += sign
	s.total.Points += sign
}

// mark notes that an open is, or is not any more, the first below another.
func (s *steps) mark(v *limb, sign int64) {
	s.day(v).Sharers += sign
	s.total.Sharers += sign
}

func (s *steps) day(v *limb) *Sums {
	at := dayLink{share.Day(v.at), s.link}
	if s.days[at] == nil {
		s.days[at] = &Sums{}
	}
	return s.days[at]
}

// above is the nearest counted open above, or nil.
func (s *steps) above(ctx context.Context, tx *data.Tx, v *limb) (*limb, error) {
	for up := v.Parent; up != 0; {
		a, err := s.node(ctx, tx, up)
		if err != nil || a.counted {
			return a, err
		}
		up = a.Parent
	}
	return nil, nil
}
