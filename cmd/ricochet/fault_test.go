package main

import (
	"context"
	"database/sql"
	"math/rand/v2"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// fault is what a server's disk is told to do: see testdata/fault.c.
type fault struct {
	writeErrno, syncErrno, syncFails, syncDelay, syncHolds, syncNothing, held, synced *atomic.Int32

	env []string // of the server
}

// faulty makes a disk that can fail.
func faulty(t *testing.T) *fault {
	t.Helper()
	dir := t.TempDir()
	library, file := filepath.Join(dir, "fault.so"), filepath.Join(dir, "control")
	if out, err := exec.CommandContext(t.Context(), "gcc", "-shared", "-fPIC", "-O1", "-o", library, "testdata/fault.c", "-ldl").CombinedOutput(); err != nil {
		t.Fatalf("gcc: %v\n%s", err, out)
	}
	words := make([]*atomic.Int32, 8)
	if err := os.WriteFile(file, make([]byte, 4*len(words)), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	shared, err := syscall.Mmap(int(f.Fd()), 0, 4*len(words), syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_SHARED)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Munmap(shared) })
	for i := range words {
		words[i] = (*atomic.Int32)(unsafe.Pointer(&shared[4*i]))
	}
	return &fault{
		words[0], words[1], words[2], words[3], words[4], words[5], words[6], words[7],
		[]string{"LD_PRELOAD=" + library, "RICOCHET_TEST_FAULT=" + file},
	}
}

// onDisk is an installation on SQLite, on either leg of the tests: what the
// disk of PostgreSQL does is its own business.
func onDisk(t *testing.T) *field {
	t.Helper()
	return founded(t, data.Config{Dir: t.TempDir()})
}

// reads demands that a reader's page and the page for signing in are answered.
func (f *field) reads(address string) {
	f.t.Helper()
	for _, path := range []string{"/s/" + f.links[0], "/signin"} {
		if status, _ := get(f.t, address+path); status != http.StatusOK {
			f.t.Errorf("%s answers %d", path, status)
		}
	}
}

// refusesKindly demands that a person's form is answered with a page that says
// that nothing can be written now, and when to try again.
func (f *field) refusesKindly(address string) {
	f.t.Helper()
	form := url.Values{"email": {"0@example.com"}}
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, address+"/signin", strings.NewReader(form.Encode()))
	if err != nil {
		f.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Accept-Language", "en")
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Do(req)
	if err != nil {
		f.t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusServiceUnavailable || res.Header.Get("Retry-After") == "" || !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		f.t.Errorf("a form is answered with %d and %v", res.StatusCode, res.Header)
	}
}

// troubled is the story of a disk that fails under load and recovers: writes are
// refused, pages are read, nothing is acknowledged that is not there, and
// nobody has to do anything afterwards.
func troubled(t *testing.T, f *field, env []string, begin, end func()) {
	t.Helper()
	c := newCrowd(f)
	server, _ := f.serve(env...)
	s := c.opens(server.address, 64)
	s.until(t, "load", func() bool { return s.acknowledged.Load() >= 200 })
	begin()
	before := s.refused.Load()
	s.until(t, "refusal", func() bool { return s.refused.Load() >= before+64 })
	f.reads(server.address)
	f.refusesKindly(server.address)
	end()
	after := s.acknowledged.Load()
	s.until(t, "recovery", func() bool { return s.acknowledged.Load() >= after+200 })
	s.end()
	c.repost(100)
	c.settle(server.address)
	t.Logf("%d acknowledged, %d refused", s.acknowledged.Load(), s.refused.Load())
	e := server.stop(syscall.SIGTERM).wants(0)
	if strings.Contains(e.err, "panic") {
		t.Errorf("it panicked: %s", e.err)
	}
	c.stands()
}

func TestAFullDiskRefusesWritesUntilThereIsRoom(t *testing.T) {
	disk := faulty(t)
	troubled(t, onDisk(t), disk.env,
		func() { disk.writeErrno.Store(int32(syscall.ENOSPC)) }, func() { disk.writeErrno.Store(0) })
}

// The same on a file system that really is full.
func TestAFullFileSystemRefusesWritesUntilThereIsRoom(t *testing.T) {
	disk := datatest.NewDisk(t, 32)
	ballast := filepath.Join(disk.Dir, "ballast")
	troubled(t, founded(t, data.Config{Dir: filepath.Join(disk.Dir, "data")}), nil,
		func() { stuff(t, ballast) },
		func() {
			if err := os.Remove(ballast); err != nil {
				t.Fatal(err)
			}
		})
}

// stuff writes a file until there is no room for another byte.
func stuff(t *testing.T, path string) {
	t.Helper()
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for size := 1 << 20; size > 0; {
		if _, err := file.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	_ = file.Sync() // what it could not keep after all
}

func TestADiskThatBecomesReadOnlyRefusesWritesUntilItIsNot(t *testing.T) {
	disk := faulty(t)
	troubled(t, onDisk(t), disk.env,
		func() { disk.writeErrno.Store(int32(syscall.EROFS)) }, func() { disk.writeErrno.Store(0) })
}

func TestADiskThatCannotSyncRefusesWritesUntilItCan(t *testing.T) {
	disk := faulty(t)
	troubled(t, onDisk(t), disk.env,
		func() { disk.syncErrno.Store(int32(syscall.EIO)) }, func() { disk.syncErrno.Store(0) })
}

// A sync fails now and then, and once the server is killed after it. What was
// acknowledged is there, and what was not is not there twice.
func TestASyncThatFailsNowAndThenLosesNothing(t *testing.T) {
	disk := faulty(t)
	f := onDisk(t)
	c := newCrowd(f)
	for range 3 {
		server, _ := f.serve(disk.env...)
		s := c.opens(server.address, 64)
		for n := range int64(30) {
			disk.syncFails.Add(int32(1 + rand.IntN(4)))
			s.until(t, "load between failures", func() bool { return disk.syncFails.Load() == 0 && s.acknowledged.Load() >= 20*n })
		}
		disk.syncFails.Add(3)
		s.killed.Store(true)
		if err := server.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		s.all.Wait()
		_ = server.cmd.Wait()
		disk.syncFails.Store(0)
		c.logged(false)
		c.right()
	}
	server, _ := f.serve()
	c.settle(server.address)
	server.stop(syscall.SIGTERM).wants(0)
	c.stands()
}

// A sync does not come back. Nobody is told that their open is kept before it
// does; everything is read meanwhile. Then every sync is slow, and many opens
// go with each.
func TestASlowDiskHoldsUpNoReaderAndIsAskedForLittle(t *testing.T) {
	disk := faulty(t)
	f := onDisk(t)
	c := newCrowd(f)
	server, _ := f.serve(disk.env...)
	disk.syncHolds.Store(1)
	s := c.opens(server.address, 64)
	s.until(t, "sync", func() bool { return disk.held.Load() > 0 && s.inFlight.Load() == 64 })
	for range 20 {
		f.reads(server.address)
	}
	if n := s.acknowledged.Load(); n > 0 {
		t.Errorf("%d opens were acknowledged before they were on the disk", n)
	}
	disk.syncHolds.Store(0)
	s.until(t, "acknowledgement", func() bool { return s.acknowledged.Load() >= 64 })

	disk.syncDelay.Store(20_000)
	syncs, opens := disk.synced.Load(), s.acknowledged.Load()
	s.until(t, "load on the slow disk", func() bool { return s.acknowledged.Load() >= opens+1500 })
	syncs, opens = disk.synced.Load()-syncs, s.acknowledged.Load()-opens
	f.reads(server.address)
	disk.syncDelay.Store(0)
	s.end()
	t.Logf("%d opens with %d syncs", opens, syncs)
	if int64(syncs) > opens/8 {
		t.Errorf("%d opens took %d syncs", opens, syncs)
	}
	c.settle(server.address)
	server.stop(syscall.SIGTERM).wants(0)
	c.stands()
}

// Somebody opens the live database with a tool and begins to write: for a few
// seconds everybody waits, after ten they are told, and later it goes on.
func TestAnotherWriterIsWaitedForAndThenSaid(t *testing.T) {
	t.Parallel() // it waits more than it works
	f := onDisk(t)
	c := newCrowd(f)
	server, _ := f.serve()
	other, err := sql.Open("sqlite3", "file:"+data.File(f.cfg.Dir)+"?_txlock=immediate&_busy_timeout=30000")
	if err != nil {
		t.Fatal(err)
	}
	other.SetMaxOpenConns(1)
	s := c.opens(server.address, 64)
	s.until(t, "load", func() bool { return s.acknowledged.Load() >= 200 })

	locked, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	s.until(t, "waiting", func() bool { return s.inFlight.Load() == 64 })
	time.Sleep(time.Second) // until the answers from before have come
	before := s.acknowledged.Load()
	time.Sleep(2 * time.Second) // that somebody needs to see their slip
	f.reads(server.address)
	if n, m := s.acknowledged.Load(), s.refused.Load(); n > before || m > 0 {
		t.Errorf("while it is locked %d are acknowledged, %d refused", n-before, m)
	}
	if err := locked.Rollback(); err != nil {
		t.Fatal(err)
	}
	s.until(t, "load after the lock", func() bool { return s.acknowledged.Load() >= before+200 })

	if locked, err = other.Begin(); err != nil {
		t.Fatal(err)
	}
	s.until(t, "refusal", func() bool { return s.refused.Load() >= 32 })
	f.reads(server.address)
	if err := locked.Rollback(); err != nil {
		t.Fatal(err)
	}
	before = s.acknowledged.Load()
	s.until(t, "recovery", func() bool { return s.acknowledged.Load() >= before+200 })
	s.end()
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	c.settle(server.address)
	server.stop(syscall.SIGTERM).wants(0)
	c.stands()
}

// readOnly makes a directory one that nothing can be written to: for root the
// file system must say so, for others its mode does.
func readOnly(t *testing.T, dir string) {
	t.Helper()
	if os.Geteuid() != 0 {
		if err := os.Chmod(dir, 0o500); err != nil { //nolint:gosec // a directory is entered
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.Chmod(dir, 0o700) }) //nolint:gosec // as it was
		return
	}
	if err := syscall.Mount(dir, dir, "", syscall.MS_BIND, ""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Error(err)
		}
	})
	if err := syscall.Mount("", dir, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
}

func TestAReadOnlyDirectoryIsWrongUse(t *testing.T) {
	fresh := t.TempDir()
	readOnly(t, fresh)
	ricochet(t, "serve", "--dir", fresh, "--addr", "127.0.0.1:0").wants(exitMisuse, fresh).alone()
	f := onDisk(t)
	readOnly(t, f.cfg.Dir)
	ricochet(t, append([]string{"serve", "--addr", "127.0.0.1:0"}, f.args...)...).wants(exitMisuse, f.cfg.Dir).alone()
}

// The disk is full when Ricochet is first started on it. Later there is room.
func TestAStartOnAFullDiskIsBegunAgain(t *testing.T) {
	dir := t.TempDir()
	disk := faulty(t)
	disk.writeErrno.Store(int32(syscall.ENOSPC))
	finish(t, program(t, disk.env, "serve", "--dir", dir, "--addr", "127.0.0.1:0")).wants(exitMisuse, "full").alone()
	disk.writeErrno.Store(0)
	serveWith(t, disk.env, "--dir", dir).stop(syscall.SIGTERM).wants(0)
}
