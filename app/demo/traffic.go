package demo

import (
	"math"
	"math/rand/v2"
	"slices"
	"time"
)

// Visit is one request for a page that somebody shared.
type Visit struct {
	ID      int // its place in the order in which visits came about
	At      time.Time
	Drop    int // its place among the cast's drops
	Member  int // whose link it is; the place among the cast's people
	From    int // the visit whose own link this is; -1: it is the member's
	Channel string
	Browser
	// Looks says that a person looked at the page, so that its script posts.
	Looks    bool
	SignedIn int // the member who is signed in in that browser; -1: nobody
}

// traffic makes visits up, always the same ones for one time of day.
type traffic struct {
	now    time.Time
	rng    *rand.Rand
	visits []Visit
}

// spreading is how one member's link went on.
type spreading struct {
	drop, member int
	from         time.Time
	first        int     // people whom the member reached
	again        float64 // how likely one of them passes it on
	chain        int     // people of whom each told the next, below the first
}

// Visits are what came of the links in two weeks, in the order of time.
func (c *Cast) Visits() []Visit {
	t := &traffic{now: c.now}
	releases := c.releases()
	for _, d := range []int{soles, traboule, night} {
		for m, p := range people {
			shareable := releases[d].steps[p.squad].shareable
			if shareable.IsZero() {
				continue
			}
			if s, ok := t.usual(d, m, shareable); ok {
				t.spread(s)
			}
		}
	}
	// What had gone quiet woke up again, when a friend of Frieda's found it.
	t.rng = chances(len(texts), 0)
	t.spread(spreading{soles, named("Frieda Masloh"), c.ago(3 * day), 9, .52, 4})
	t.clubhouse(c.ago(44 * time.Hour))
	slices.SortStableFunc(t.visits, func(a, b Visit) int { return a.At.Compare(b.At) })
	return t.visits
}

// chances are those of one member with one drop, so that no link's changes another's.
func chances(d, member int) *rand.Rand {
	return rand.New(rand.NewPCG(uint64(d), uint64(member))) //nolint:gosec // the same each time is what they are for
}

// manners are those of whom one remembers. The others are like people are.
var manners = map[string]map[int]spreading{
	"Leonie Kessler":   {traboule: {first: 31, again: .05}, night: {first: 26, again: .06}, soles: {first: 12, again: .04}},
	"Naïma Toulane":    {traboule: {first: 3, again: .3, chain: 6}, soles: {first: 2, again: .2}},
	"Amina Mansouri":   {traboule: {first: 11, again: .4, chain: 3}, soles: {first: 3, again: .1}},
	"Jonas Wendrich":   {night: {first: 14, again: .28}, traboule: {first: 9, again: .3}, soles: {first: 13, again: .32}},
	"Inès Valcourt":    {traboule: {first: 18, again: .38, chain: 4}, soles: {first: 6, again: .3}},
	"Camille Rouvière": {traboule: {first: 13, again: .4}, soles: {first: 9, again: .36}},
	"Paul Strehlow":    {night: {first: 3, again: .2}},
	"Zoe Ahrendt":      {},
}

// usual is how a member's link goes on; false: it is not shared.
func (t *traffic) usual(d, member int, shareable time.Time) (s spreading, ok bool) {
	t.rng = chances(d, member)
	name := people[member].name
	if own, has := manners[name]; has {
		s, ok = own[d]
	} else {
		ok = t.rng.Float64() < .72
		s.first = min(12, max(1, int(math.Exp(1.3+.7*t.rng.NormFloat64()))))
		s.again = min(.36, math.Exp(-1.55+.4*t.rng.NormFloat64()))
	}
	s.drop, s.member = d, member
	s.from = t.awake(shareable.Add(t.delay(5 * time.Hour)))
	return s, ok
}

// delay is a time that is often short and sometimes long.
func (t *traffic) delay(middle time.Duration) time.Duration {
	return time.Duration(float64(middle) * math.Exp(1.1*t.rng.NormFloat64()))
}

// awake puts what would happen at night off until the morning.
func (t *traffic) awake(at time.Time) time.Time {
	local := at.In(home)
	if h := local.Hour(); h >= 1 && h < 7 {
		return at.Add(time.Duration(7-h)*time.Hour + time.Duration(t.rng.IntN(110))*time.Minute)
	}
	return at
}

// spread lets a link go from one to the next.
func (t *traffic) spread(s spreading) {
	type waiting struct{ from, hop, chain int }
	var next []waiting
	opens := func(from, hop, chain int, sent time.Time, channel string) {
		at := t.awake(sent.Add(t.delay(100 * time.Minute)))
		if id, ok := t.visit(s, from, at, channel); ok {
			next = append(next, waiting{id, hop, chain})
		}
	}
	channel := t.channel()
	t.peek(s, -1, s.from, channel)
	for n := range s.first {
		if n > 0 && t.rng.IntN(4) == 0 {
			channel = t.channel()
		}
		chain := 0
		if n == 0 {
			chain = s.chain
		}
		opens(-1, 1, chain, s.from, channel)
	}
	for len(next) > 0 {
		w := next[0]
		next = next[1:]
		tells := 0
		if t.rng.Float64() < s.again*math.Pow(.85, float64(w.hop-1)) {
			for tells = 1; t.rng.Float64() < .52 && tells < 9; {
				tells++
			}
		}
		if w.chain > 1 {
			tells = max(tells, 1)
		}
		if tells == 0 {
			continue
		}
		sent, channel := t.at(w.from).Add(t.delay(20*time.Minute)), t.channel()
		t.peek(s, w.from, sent, channel)
		for n := range tells {
			opens(w.from, w.hop+1, max(0, w.chain-1)*btoi(n == 0), sent, channel)
		}
	}
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// at is when a visit was made.
func (t *traffic) at(id int) time.Time { return t.visits[id].At }

// channels are the ways that links go, the more usual ones more than once.
var channels = []string{"whatsapp", "whatsapp", "whatsapp", "whatsapp", "messenger", "telegram", "sms", "copy", "copy", "native", "instagram", "email", "signal"}

func (t *traffic) channel() string { return channels[t.rng.IntN(len(channels))] }

// visit is one person who opens a link; false: that is still to come.
func (t *traffic) visit(s spreading, from int, at time.Time, channel string) (id int, ok bool) {
	if at.After(t.now.Add(-3 * time.Minute)) {
		return 0, false
	}
	id = t.add(s, from, at, channel)
	if t.rng.IntN(30) == 0 { // a script that did not run: read, and not counted
		t.visits[id].Looks = false
		return id, false
	}
	return id, true
}

func (t *traffic) add(s spreading, from int, at time.Time, channel string) (id int) {
	id = len(t.visits)
	t.visits = append(t.visits, Visit{
		ID: id, At: at, Drop: s.drop, Member: s.member, From: from, Channel: channel,
		Browser: browserOf(t.rng, recordedNetworks, id, people[s.member].squad), Looks: true, SignedIn: -1,
	})
	return id
}

// peek is the messenger's own look at a link that is put into a message.
func (t *traffic) peek(s spreading, from int, at time.Time, channel string) {
	if channel != "whatsapp" || at.After(t.now.Add(-3*time.Minute)) {
		return
	}
	id := len(t.visits)
	t.visits = append(t.visits, Visit{
		ID: id, At: at, Drop: s.drop, Member: s.member, From: from, Channel: channel,
		Browser: Browser{network(recordedNetworks, id), preview, ""}, SignedIn: -1,
	})
}

// clubhouse is a dozen people on one Wi-Fi who open Paul's link in one evening,
// and two members of other squads who look at it too.
func (t *traffic) clubhouse(at time.Time) {
	paul := spreading{drop: night, member: named("Paul Strehlow")}
	wifi := network(recordedNetworks, 0xc1ab)
	for range 12 {
		at = at.Add(time.Duration(40+t.rng.IntN(400)) * time.Second)
		id := t.add(paul, -1, at, "whatsapp")
		t.visits[id].Browser = Browser{wifi, agents[id%len(agents)], tongues[berlin][id%3]}
	}
	for _, name := range []string{"Mira Aydogan", "Emre Solmaz"} {
		t.visits[t.add(paul, -1, at.Add(time.Hour), "telegram")].SignedIn = named(name)
	}
}
