package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// beRicochet in its environment makes the test binary the program itself.
const beRicochet = "RICOCHET_TEST_AS_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(beRicochet) != "" {
		main()
		return
	}
	os.Exit(m.Run())
}

// program is ricochet with arguments, in a directory of its own.
func program(t *testing.T, env []string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, self, args...)
	cmd.Dir = t.TempDir()
	cmd.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "RICOCHET_") })
	cmd.Env = append(append(cmd.Env, beRicochet+"=1"), env...)
	return cmd
}

// ended is what became of a program.
type ended struct {
	t    *testing.T
	code int
	out  string
	err  string
}

// ricochet runs the program to its end.
func ricochet(t *testing.T, args ...string) ended {
	t.Helper()
	return finish(t, program(t, nil, args...))
}

func finish(t *testing.T, cmd *exec.Cmd) ended {
	t.Helper()
	var out, log bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &log
	err := cmd.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return ended{t, cmd.ProcessState.ExitCode(), out.String(), log.String()}
}

// wants demands an exit code and, on one line of the standard error, words.
func (e ended) wants(code int, words ...string) ended {
	e.t.Helper()
	if e.code != code {
		e.t.Fatalf("the exit code is %d, not %d; it said %q and %q", e.code, code, e.out, e.err)
	}
	if code != 0 && len(words) > 0 {
		last := e.err[strings.LastIndexByte(strings.TrimSpace(e.err), '\n')+1:]
		if !strings.HasPrefix(last, "ricochet: ") {
			e.t.Errorf("the standard error does not end in one line of ours: %q", e.err)
		}
	}
	for _, w := range words {
		if !strings.Contains(e.out+e.err, w) {
			e.t.Errorf("%q is not in %q nor %q", w, e.out, e.err)
		}
	}
	return e
}

// alone demands that the standard error is one line.
func (e ended) alone() {
	e.t.Helper()
	if strings.Count(e.err, "\n") != 1 {
		e.t.Errorf("not one line: %q", e.err)
	}
}

// served is a running server.
type served struct {
	t       *testing.T
	cmd     *exec.Cmd
	log     *bytes.Buffer
	lines   []string // that it greeted with
	address string
	setUp   string
}

var httpAddress = regexp.MustCompile(`http://127\.0\.0\.1:\d+`)

// serve starts a server and waits until it says where it is.
func serve(t *testing.T, args ...string) *served {
	t.Helper()
	return serveWith(t, nil, args...)
}

// serveWith is serve in an environment.
func serveWith(t *testing.T, env []string, args ...string) *served {
	t.Helper()
	cmd := program(t, env, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...)...)
	s := &served{t: t, cmd: cmd, log: &bytes.Buffer{}}
	cmd.Stderr = s.log
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill() })
	lines := bufio.NewReader(out)
	for s.address == "" || (s.setUp == "" && strings.Contains(s.lines[0], "Ricochet is at")) {
		line, err := lines.ReadString('\n')
		if err != nil {
			_, _ = io.Copy(io.Discard, out)
			_ = cmd.Wait()
			t.Fatalf("it ended before it served: %s%s", line, s.log)
		}
		s.lines = append(s.lines, line)
		if s.address == "" {
			s.address = httpAddress.FindString(line)
		}
		if i := strings.Index(line, s.address+"/setup/"); i >= 0 {
			s.setUp = strings.TrimSpace(line[i:])
		}
	}
	return s
}

// stop sends a signal and returns how the server ended.
func (s *served) stop(signal syscall.Signal) ended {
	s.t.Helper()
	if err := s.cmd.Process.Signal(signal); err != nil {
		s.t.Fatal(err)
	}
	err := s.cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		s.t.Fatal(err)
	}
	return ended{s.t, s.cmd.ProcessState.ExitCode(), strings.Join(s.lines, ""), s.log.String()}
}
