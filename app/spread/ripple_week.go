package spread

// Between is how many counted people of the tree came on some UTC days, the first and the last included, at each hop
// from the first on; it ends where nobody is.
func (t *Trace) Between(from, to int64) (people []int) {
	const day = 24 * 60 * 60 * 1000
	for v := range t.ids {
		if !t.counted(v) || t.at[v] < from*day || t.at[v] >= (to+1)*day {
			continue
		}
		for hop := int(t.hop[v]); len(people) < hop; {
			people = append(people, 0)
		}
		people[t.hop[v]-1]++
	}
	return people
}
