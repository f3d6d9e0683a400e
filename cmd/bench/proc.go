package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// child is a server that runs beside us.
type child struct {
	addr    string
	cmd     *exec.Cmd
	in      io.Closer // a child of our own kind goes when this is closed
	log     *tail
	stopped bool
}

// usage is what a process has used so far.
type usage struct {
	cpu     time.Duration // user and system
	written int64         // bytes that went towards the disk
}

func (u usage) since(before usage) usage {
	return usage{u.cpu - before.cpu, u.written - before.written}
}

// start starts a server, hands it the input, and waits for its first answer.
// took is the time from exec to that.
func start(ctx context.Context, addr string, input []byte, name string, args ...string) (c *child, took time.Duration, err error) {
	c = &child{addr: addr, cmd: exec.CommandContext(ctx, name, args...), log: &tail{}}
	c.cmd.Stdout, c.cmd.Stderr = c.log, c.log
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is ours to handle
	in, err := c.cmd.StdinPipe()
	if err != nil {
		return nil, 0, err
	}
	c.in = in
	began := time.Now()
	if err := c.cmd.Start(); err != nil {
		return nil, 0, fmt.Errorf("starting %s: %w", name, err)
	}
	if len(input) > 0 {
		if _, err := in.Write(append(input, '\n')); err != nil {
			return nil, 0, errors.Join(fmt.Errorf("starting %s: %w", name, err), c.abandon())
		}
	}
	for !answers(addr) {
		if gone := c.gone(); gone || time.Since(began) > patience || ctx.Err() != nil {
			return nil, 0, errors.Join(fmt.Errorf("%s gave no answer on %s; it said:\n%s", name, addr, c.log), c.abandon())
		}
		time.Sleep(200 * time.Microsecond)
	}
	return c, time.Since(began), nil
}

// answers says whether there is somebody at addr who speaks HTTP.
func answers(addr string) bool {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return false
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"); err != nil {
		return false
	}
	var first [9]byte
	_, err = io.ReadFull(conn, first[:])
	return err == nil && string(first[:]) == "HTTP/1.1 "
}

// gone says whether the process has ended by itself.
func (c *child) gone() bool {
	b, err := os.ReadFile(c.proc("stat"))
	return err != nil || state(b) == "Z"
}

func (c *child) proc(file string) string { return fmt.Sprintf("/proc/%d/%s", c.cmd.Process.Pid, file) }

// used is what the process has used so far; see proc(5).
func (c *child) used() (u usage, err error) {
	stat, err := os.ReadFile(c.proc("stat"))
	if err != nil {
		return u, err
	}
	fields := strings.Fields(afterName(stat))
	if len(fields) < 13 {
		return u, fmt.Errorf("an odd %s: %q", c.proc("stat"), stat)
	}
	for _, f := range fields[11:13] { // utime, stime
		ticks, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return u, err
		}
		u.cpu += time.Duration(ticks) * time.Second / ticksPerSecond
	}
	counts, err := os.ReadFile(c.proc("io"))
	if err != nil {
		return u, err
	}
	_, rest, found := strings.Cut(string(counts), "\nwrite_bytes: ")
	if !found {
		return u, fmt.Errorf("an odd %s: %q", c.proc("io"), counts)
	}
	line, _, _ := strings.Cut(rest, "\n")
	u.written, err = strconv.ParseInt(line, 10, 64)
	return u, err
}

// peak is the most memory that was resident at any time, in bytes; see proc(5).
func (c *child) peak() (int64, error) {
	status, err := os.ReadFile(c.proc("status"))
	if err != nil {
		return 0, err
	}
	_, rest, found := strings.Cut(string(status), "\nVmHWM:")
	line, _, _ := strings.Cut(rest, "\n")
	size, unit, _ := strings.Cut(strings.TrimSpace(line), " ")
	if !found || unit != "kB" {
		return 0, fmt.Errorf("an odd %s: %q", c.proc("status"), status)
	}
	kilobytes, err := strconv.ParseInt(size, 10, 64)
	return kilobytes << 10, err
}

// ticksPerSecond is USER_HZ, which is 100 on every Linux that Go runs on.
const ticksPerSecond = 100

// ownCPU is what this process has used so far.
func ownCPU() time.Duration {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// allCPU is what everybody on the machine has used so far, and what was taken
// from it by its host; see proc(5).
func allCPU() time.Duration {
	stat, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0
	}
	return busy(string(stat))
}

// busy reads the first line of /proc/stat, which is that of all cores.
func busy(stat string) (sum time.Duration) {
	line, _, _ := strings.Cut(stat, "\n")
	for i, field := range strings.Fields(line) {
		// user nice system idle iowait irq softirq steal; the guests' is in user.
		if i == 0 || i == 4 || i == 5 || i > 8 {
			continue
		}
		if ticks, err := strconv.ParseInt(field, 10, 64); err == nil {
			sum += time.Duration(ticks) * time.Second / ticksPerSecond
		}
	}
	return sum
}

// afterName is what follows the name in a stat file, which may hold anything.
func afterName(stat []byte) string { return string(stat[bytes.LastIndexByte(stat, ')')+1:]) }

func state(stat []byte) string {
	s, _, _ := strings.Cut(strings.TrimSpace(afterName(stat)), " ")
	return s
}

// stop asks the server to end, waits until it has, and returns all that it
// used in its life, its last checkpoint included.
func (c *child) stop() (u usage, err error) {
	if c == nil || c.stopped {
		return u, nil
	}
	c.stopped = true
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return u, err
	}
	overdue := time.AfterFunc(patience, func() { _ = c.cmd.Process.Kill() })
	defer overdue.Stop()
	// Ended and not yet waited for, it still tells what it used.
	for {
		err := unix.Waitid(unix.P_PID, c.cmd.Process.Pid, nil, unix.WEXITED|unix.WNOWAIT, nil)
		if err == nil {
			break
		}
		if !errors.Is(err, unix.EINTR) {
			return u, fmt.Errorf("waiting for the server to end: %w", err)
		}
	}
	u, err = c.used()
	if ended := c.cmd.Wait(); ended != nil {
		err = errors.Join(err, fmt.Errorf("the server ended badly: %w; it said:\n%s", ended, c.log))
	}
	return u, err
}

// abandon ends the process at once.
func (c *child) abandon() error {
	c.stopped = true
	_ = c.cmd.Process.Kill()
	_ = c.cmd.Wait()
	return nil
}

// tail keeps the end of what a server says, for when something goes wrong.
type tail struct {
	mu   sync.Mutex
	text []byte
}

const tailSize = 4 << 10

// Write implements io.Writer.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	t.text = t.text[max(0, len(t.text)-tailSize):]
	return len(b), nil
}

// String is what was said last.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return string(t.text)
}
