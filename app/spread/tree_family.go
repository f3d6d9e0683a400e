package spread

import (
	"math/bits"
)

// kid returns the first child from the nth on with somebody counted in its
// subtree, or 0.
func (f *family) kid(nth int32) int32 {
	word := int(nth / 64)
	if word >= len(f.live) {
		return 0
	}
	for set := f.live[word] &^ (1<<(nth%64) - 1); ; set = f.live[word] {
		if set != 0 {
			return f.kids[word*64+bits.TrailingZeros64(set)]
		}
		if word++; word == len(f.live) {
			return 0
		}
	}
}

// first returns the first counted opens below v, in the order of ids: a search
// that goes only where somebody is counted, smallest id first, so that it ends
// after the few that are asked for and the see-through ones between.
func (t *Tree) first(v int32, most int) []int32 {
	t.heap, t.found = t.heap[:0], t.found[:0]
	if kid := t.families[t.family[v]].kid(0); kid != 0 {
		t.push(kid)
	}
	for len(t.heap) > 0 && len(t.found) < most {
		w := t.pop()
		if next := t.families[t.family[t.parent[w]]].kid(t.nth[w] + 1); next != 0 {
			t.push(next)
		}
		if kid := t.families[t.family[w]].kid(0); kid != 0 {
			t.push(kid)
		}
		if t.counted(w) {
			t.found = append(t.found, w)
		}
	}
	return t.found
}

// next hands out the counted opens whose nearest counted open above is v, or
// would be if v were counted.
func (t *Tree) next(v int32) func(yield func(int32) bool) {
	return func(yield func(int32) bool) {
		todo := []int32{v}
		for len(todo) > 0 {
			f := &t.families[t.family[todo[len(todo)-1]]]
			todo = todo[:len(todo)-1]
			for kid := f.kid(0); kid != 0; kid = f.kid(t.nth[kid] + 1) {
				if !t.counted(kid) {
					todo = append(todo, kid)
				} else if !yield(kid) {
					return
				}
			}
		}
	}
}

// push and pop keep the smallest on top of the heap.
func (t *Tree) push(v int32) {
	t.heap = append(t.heap, v)
	h := t.heap
	for i := len(h) - 1; i > 0 && h[i] < h[(i-1)/2]; i = (i - 1) / 2 {
		h[i], h[(i-1)/2] = h[(i-1)/2], h[i]
	}
	t.heap = h
}

func (t *Tree) pop() int32 {
	h := t.heap
	top, n := h[0], len(h)-1
	h[0] = h[n]
	h = h[:n]
	for i := 0; 2*i+1 < n; {
		kid := 2*i + 1
		if kid+1 < n && h[kid+1] < h[kid] {
			kid++
		}
		if h[i] <= h[kid] {
			break
		}
		h[i], h[kid] = h[kid], h[i]
		i = kid
	}
	t.heap = h
	return top
}
