package main

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"
)

// round is what the loads of one side in one round showed.
type round struct {
	result
	usage
	client time.Duration // CPU that the measuring itself took
	others time.Duration // CPU that neither we nor the server took
}

func (r round) cpuMicros() float64 { return r.each(r.cpu) }

// each is the part of one request in something, in microseconds.
func (r round) each(d time.Duration) float64 {
	return float64(d) / float64(time.Microsecond) / float64(max(r.requests, 1))
}

func (r *round) add(more round) {
	r.result.add(more.result)
	r.cpu += more.cpu
	r.written += more.written
	r.client += more.client
	r.others += more.others
}

// rounds is the same measure a few times.
type rounds []round

func (r rounds) median(of func(round) float64) float64 {
	var all []float64
	for _, one := range r {
		all = append(all, of(one))
	}
	return median(all)
}

// ratio is the median of what each round of ours is to the round of theirs
// that was measured by turns with it.
func (r rounds) ratio(theirs rounds, of func(round) float64) float64 {
	var all []float64
	for i := range r {
		all = append(all, of(r[i])/of(theirs[i]))
	}
	return median(all)
}

func (r rounds) latency() string {
	return asTwoMillis([2]float64{
		r.median(func(o round) float64 { return millis(o.p50) }), r.median(late),
	})
}

func perSecond(r round) float64 { return r.perSecond() }

func late(r round) float64 { return millis(r.p99) }

// compare makes the line of a measure in each of two rounds.
func compare(name string, theirs, ours rounds, of func(round) float64, as func(float64) string, floor, target float64, greater bool) line {
	return compared(name, ours.ratio(theirs, of), as(theirs.median(of)), as(ours.median(of)), floor, target, greater)
}

// side is one of those who are measured by turns.
type side struct {
	name string
	on   []*child // visitors come to each by turns
	of   func(thread int) traffic
	lead time.Duration // under load, before it is counted

	// ready, if there is one, is called before every slice, and may put another
	// server in the place of the one before; done is called after it.
	ready func(n, slice int) error
	done  func() error
	// settle, if there is one, waits for what the server has still to do.
	settle func() error

	team *team
}

// Leads: a server that folds every second is counted once it has the opens of
// a whole second to fold, so that as much is folded as comes in.
const (
	shortLead = 200 * time.Millisecond
	foldLead  = 1100 * time.Millisecond
)

// sliceTime is about how long one side is measured before the next one is: the
// machine has better and worse spells, and all sides are to have their share.
const sliceTime = time.Second

// slices is in how many slices a round of each side is cut, and how long they are.
func (s settings) slices() (n int, each time.Duration) {
	whole := time.Duration(s.seconds * float64(time.Second))
	n = max(1, int(math.Round(float64(whole)/float64(sliceTime))))
	return n, whole / time.Duration(n)
}

// contest measures sides by turns: a warm-up of the length of a round, then the
// rounds, each in slices. warm is called when all are warm.
func (b *bench) contest(ctx context.Context, what string, connections int, warm func() error, sides ...*side) (got []rounds, err error) {
	defer func() {
		for _, s := range sides {
			s.team.leave()
			s.team = nil
		}
	}()
	got = make([]rounds, len(sides))
	n, each := b.slices()
	for at := range b.rounds + 1 {
		if at == 1 && warm != nil {
			if err := warm(); err != nil {
				return nil, err
			}
		}
		sums := make([]round, len(sides))
		for slice := range n {
			for i := range sides {
				i = (i + slice) % len(sides) // nobody is always the first
				r, err := sides[i].slice(ctx, at, slice, connections, each)
				if err != nil {
					return nil, fmt.Errorf("%s, %s: %w", what, sides[i].name, err)
				}
				sums[i].add(r)
			}
		}
		for i, s := range sides {
			sums[i].sumUp()
			b.tellRound(what, s.name, at, sums[i])
			if at > 0 {
				got[i] = append(got[i], sums[i])
				b.crowded.add(sums[i])
			}
		}
	}
	return got, nil
}

// slice drives one slice of the load and reads what the servers used for it.
func (s *side) slice(ctx context.Context, at, slice, connections int, during time.Duration) (r round, err error) {
	if s.ready != nil {
		if err := s.ready(at, slice); err != nil {
			return r, err
		}
	}
	r, err = s.drive(ctx, connections, during)
	if err == nil && s.settle != nil {
		err = s.settle()
	}
	if err == nil && s.done != nil {
		err = s.done()
	}
	return r, err
}

func (s *side) drive(ctx context.Context, connections int, during time.Duration) (r round, err error) {
	var addrs []string
	for _, c := range s.on {
		addrs = append(addrs, c.addr)
	}
	if s.team == nil || !slices.Equal(s.team.addrs, addrs) {
		s.team.leave()
		if s.team, err = assemble(addrs, connections, s.of); err != nil {
			return r, err
		}
	}
	from := time.Now().Add(s.lead)
	until := from.Add(during)
	var counting error
	counted := make(chan struct{})
	go func() {
		defer close(counted)
		counting = s.spent(&r, from, until)
	}()
	done, err := s.team.run(ctx, from, until)
	<-counted
	r.result = done
	if err == nil {
		err = counting
	}
	switch {
	case err != nil:
		return r, fmt.Errorf("%w; the server said:\n%s", err, s.said())
	case r.failed > 0:
		return r, fmt.Errorf("%d answers are wrong, the first: %w; the server said:\n%s", r.failed, r.failure, s.said())
	}
	return r, nil
}

// spent reads what the servers, we ourselves and everybody else use from one
// time to another.
func (s *side) spent(r *round, from, until time.Time) error {
	time.Sleep(time.Until(from))
	before, err := s.used()
	if err != nil {
		return err
	}
	client, all := ownCPU(), allCPU()
	time.Sleep(time.Until(until))
	after, err := s.used()
	r.usage, r.client = after.since(before), ownCPU()-client
	r.others = max(0, allCPU()-all-r.cpu-r.client)
	return err
}

func (s *side) used() (sum usage, err error) {
	for _, c := range s.on {
		u, err := c.used()
		if err != nil {
			return sum, err
		}
		sum.cpu += u.cpu
		sum.written += u.written
	}
	return sum, nil
}

func (s *side) said() (text string) {
	for _, c := range s.on {
		text += c.log.String()
	}
	return text
}

func (b *bench) tellRound(what, who string, n int, r round) {
	when := fmt.Sprintf("round %d of %d", n, b.rounds)
	if n == 0 {
		when = "warming up"
	}
	b.tell.say("%-19s %-19s %-13s %7.0f/s  p99 %-8s CPU %s, of the load %s",
		what, who, when, r.perSecond(), asMillis(millis(r.p99)), asMicros(r.cpuMicros()), asMicros(r.each(r.client)))
}
