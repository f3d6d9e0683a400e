package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"runtime"
	"slices"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// wire is one kept connection. It has one request out at a time, as a browser would.
type wire struct {
	fd    int
	out   []byte
	in    []byte // of the answer, as far as it has come
	token [tokenLength]byte
	sent  time.Time
	busy  bool
}

// traffic is what one thread of the load sends and what it expects back.
type traffic struct {
	ask   func(*wire) // writes the next request into out
	check func(w *wire, a answer, now time.Time) error
}

// result is what a load did while it was counted.
type result struct {
	requests int
	failed   int
	failure  error // the first
	took     time.Duration
	waits    []time.Duration // of each request for its answer
	p50, p99 time.Duration   // once they are summed up
}

func (r result) perSecond() float64 { return float64(r.requests) / r.took.Seconds() }

// add takes in what another load of the same kind did.
func (r *result) add(more result) {
	r.requests += more.requests
	r.failed += more.failed
	if r.failure == nil {
		r.failure = more.failure
	}
	r.took += more.took
	r.waits = append(r.waits, more.waits...)
}

// sumUp finds the middle and the end of the waits, and lets them go.
func (r *result) sumUp() {
	if len(r.waits) > 0 {
		slices.Sort(r.waits)
		r.p50, r.p99 = r.waits[len(r.waits)/2], r.waits[len(r.waits)*99/100]
	}
	r.waits = nil
}

// threads is how many threads drive the load.
const threads = 2

// patience is how long an answer may take before the load gives up.
const patience = 20 * time.Second

// team is kept connections over which a load is sent, for a while at a time. It
// works on the server's own cores, so it is written to be cheap: two threads, no
// goroutine for a connection, and an answer is read in place.
type team struct {
	addrs []string
	loops []*loop
}

// assemble connects so many visitors, by turns to each of the addresses.
func assemble(addrs []string, connections int, of func(thread int) traffic) (t *team, err error) {
	t = &team{addrs: addrs}
	for i := range threads {
		l, err := newLoop(addrs[i%len(addrs)], connections/threads+btoi(i < connections%threads), of(i))
		if err != nil {
			t.leave()
			return nil, err
		}
		t.loops = append(t.loops, l)
	}
	return t, nil
}

// run sends requests until a time, then waits for the answers that are still
// out. It counts the answers that come after from.
func (t *team) run(ctx context.Context, from, until time.Time) (result, error) {
	errs := make([]error, len(t.loops))
	var all sync.WaitGroup
	for i, l := range t.loops {
		all.Go(func() { errs[i] = l.run(ctx, from, until) })
	}
	all.Wait()
	total := result{took: until.Sub(from)}
	for _, l := range t.loops {
		total.add(result{requests: len(l.took), failed: l.failed, failure: l.failure, waits: l.took})
	}
	return total, errors.Join(errs...)
}

// leave hangs up.
func (t *team) leave() {
	if t == nil {
		return
	}
	for _, l := range t.loops {
		l.close()
	}
	t.loops = nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// loop is one thread of a load and its connections.
type loop struct {
	traffic
	poll    int
	wires   []*wire
	took    []time.Duration // by each answer that is counted
	failed  int
	failure error
}

func newLoop(addr string, connections int, of traffic) (l *loop, err error) {
	l = &loop{traffic: of, took: make([]time.Duration, 0, 1<<16)}
	if l.poll, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return nil, fmt.Errorf("preparing the load: %w", err)
	}
	for i := range connections {
		w, err := dial(addr)
		if err != nil {
			l.close()
			return nil, fmt.Errorf("connecting to %s: %w", addr, err)
		}
		l.wires = append(l.wires, w)
		event := unix.EpollEvent{Events: unix.EPOLLIN, Fd: int32(i)} //nolint:gosec // a few hundred connections
		if err := unix.EpollCtl(l.poll, unix.EPOLL_CTL_ADD, w.fd, &event); err != nil {
			l.close()
			return nil, fmt.Errorf("preparing the load: %w", err)
		}
	}
	return l, nil
}

func (l *loop) close() {
	for _, w := range l.wires {
		_ = unix.Close(w.fd)
	}
	_ = unix.Close(l.poll)
}

// run answers every answer with the next request until the time is up, and then
// waits for those that are out.
func (l *loop) run(ctx context.Context, from, until time.Time) error {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	l.took, l.failed, l.failure = l.took[:0], 0, nil
	for _, w := range l.wires {
		if err := l.send(w, time.Now()); err != nil {
			return err
		}
	}
	events := make([]unix.EpollEvent, len(l.wires))
	for out := len(l.wires); out > 0; {
		n, err := unix.EpollWait(l.poll, events, 100)
		if err != nil && !errors.Is(err, unix.EINTR) {
			return fmt.Errorf("waiting for answers: %w", err)
		}
		now := time.Now()
		if now.After(until.Add(patience)) {
			return fmt.Errorf("%d requests had no answer within %s", out, patience)
		}
		for i := range max(n, 0) {
			w := l.wires[events[i].Fd]
			whole, err := l.receive(w, now, now.After(from) && !now.After(until))
			if err != nil {
				return err
			}
			if !whole {
				continue
			}
			if now = time.Now(); now.After(until) || ctx.Err() != nil {
				out--
				continue
			}
			if err := l.send(w, now); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

func (l *loop) send(w *wire, now time.Time) error {
	w.out = w.out[:0]
	l.ask(w)
	w.sent, w.busy = now, true
	// A request is far smaller than the socket's buffer, which is empty here.
	n, err := unix.Write(w.fd, w.out)
	if err != nil || n < len(w.out) {
		return fmt.Errorf("sending a request: %d of %d bytes: %w", n, len(w.out), err)
	}
	return nil
}

// receive reads what has come and says whether the answer is whole.
func (l *loop) receive(w *wire, now time.Time, counted bool) (whole bool, err error) {
	if cap(w.in)-len(w.in) < 4096 {
		w.in = slices.Grow(w.in, 64<<10)
	}
	n, err := unix.Read(w.fd, w.in[len(w.in):cap(w.in)])
	if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EINTR) {
		return false, nil
	}
	if err != nil || n == 0 {
		return false, fmt.Errorf("reading an answer: the server hung up (%d bytes, %w)", len(w.in), err)
	}
	if !w.busy {
		return false, errors.New("an answer came that nobody asked for")
	}
	w.in = w.in[:len(w.in)+n]
	a, size, err := parse(w.in)
	if err != nil || size == 0 {
		return false, err
	}
	if size != len(w.in) {
		return false, fmt.Errorf("%d bytes came after an answer", len(w.in)-size)
	}
	if counted {
		l.took = append(l.took, now.Sub(w.sent))
	}
	if err := l.check(w, a, now); err != nil {
		l.failed++
		if l.failure == nil {
			l.failure = err
		}
	}
	w.in, w.busy = w.in[:0], false
	return true, nil
}

// dial connects without net.Conn, whose poller would be woken for every answer.
func dial(addr string) (*wire, error) {
	at, err := netip.ParseAddrPort(addr)
	if err != nil {
		return nil, err
	}
	fd, err := unix.Socket(unix.AF_INET, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	err = errors.Join(
		unix.Connect(fd, &unix.SockaddrInet4{Port: int(at.Port()), Addr: at.Addr().As4()}),
		unix.SetsockoptInt(fd, unix.IPPROTO_TCP, unix.TCP_NODELAY, 1),
		unix.SetNonblock(fd, true),
	)
	if err != nil {
		_ = unix.Close(fd)
		return nil, err
	}
	return &wire{fd: fd}, nil
}

// answer is a response as far as the load looks at it.
type answer struct {
	status int
	body   []byte
}

var (
	endOfHead   = []byte("\r\n\r\n")
	lengthField = []byte("\r\nContent-Length: ")
)

// parse reads one HTTP/1.1 response with a Content-Length. A size of 0 says
// that it has not come whole yet.
func parse(in []byte) (a answer, size int, err error) {
	end := bytes.Index(in, endOfHead)
	if end < 0 {
		if len(in) > 64<<10 {
			return a, 0, errors.New("an answer has no end of its head")
		}
		return a, 0, nil
	}
	head := in[:end+2]
	if len(head) < len("HTTP/1.1 200") || !bytes.HasPrefix(head, []byte("HTTP/1.1 ")) {
		return a, 0, fmt.Errorf("an odd answer: %q", head)
	}
	if a.status, err = strconv.Atoi(string(head[9:12])); err != nil {
		return a, 0, fmt.Errorf("an odd answer: %q", head)
	}
	at := bytes.Index(head, lengthField)
	if at < 0 {
		return a, 0, fmt.Errorf("an answer without a length: %q", head)
	}
	value := head[at+len(lengthField):]
	length, err := strconv.Atoi(string(value[:bytes.IndexByte(value, '\r')]))
	if err != nil || length < 0 {
		return a, 0, fmt.Errorf("an answer of an odd length: %q", head)
	}
	end += len(endOfHead)
	if len(in) < end+length {
		return a, 0, nil
	}
	a.body = in[end : end+length]
	return a, end + length, nil
}

// freeAddr is an address on this machine that nobody listens on.
func freeAddr() (string, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("looking for a free port: %w", err)
	}
	defer l.Close()
	return l.Addr().String(), nil
}
