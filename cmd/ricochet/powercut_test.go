package main

import (
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// How often the power goes: more often in `make soak`.
const (
	cutsVariable = "RICOCHET_TEST_CUTS"
	cutsAlone    = 4
)

// The power goes while 64 people open links. Whoever was answered is in the log
// when it comes back, and who was not posts again.
func TestAPowerCutLosesNothingThatAServerAcknowledged(t *testing.T) {
	cuts := times(t, cutsVariable, cutsAlone)
	disk := datatest.NewDisk(t, 256)
	f := founded(t, data.Config{Dir: filepath.Join(disk.Dir, "data")})
	c := newCrowd(f)
	for range cuts {
		c.powerCut(disk)
		c.logged(false)
		c.right()
		if t.Failed() {
			t.FailNow()
		}
	}
	server, _ := f.serve()
	c.settle(server.address)
	server.stop(syscall.SIGTERM).wants(0)
	c.stands()
	t.Logf("%d power cuts, %d acknowledged, none lost", cuts, len(c.known))
}

// powerCut serves under load, cuts the power and brings the disk back.
func (c *crowd) powerCut(disk *datatest.Disk, env ...string) {
	t := c.f.t
	t.Helper()
	server, _ := c.f.serve(env...)
	s := c.opens(server.address, 64)
	enough := 500 + int64(c.rnd.IntN(1000))
	s.until(t, "load", func() bool { return s.acknowledged.Load() >= enough })
	c.dark.Store(true)
	disk.Cut()
	s.killed.Store(true)
	if err := server.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	s.all.Wait()
	_ = server.cmd.Wait()
	disk.Remount()
	c.dark.Store(false)
}

// The same where the log is not synced at each commit, as at synchronous=NORMAL:
// if that lost nothing either, the test above would say nothing.
func TestAPowerCutLosesAcknowledgedOpensOfAServerThatDoesNotSyncTheLog(t *testing.T) {
	disk := datatest.NewDisk(t, 256)
	lying := faulty(t)
	lying.syncNothing.Store(1)
	const tries = 5
	for try := range tries {
		c := newCrowd(founded(t, data.Config{Dir: filepath.Join(disk.Dir, strconv.Itoa(try))}))
		c.powerCut(disk, lying.env...)
		if lost, _ := c.compared(); lost > 0 {
			t.Logf("%d of %d acknowledged opens are lost, at try %d", lost, len(c.known), try+1)
			return
		}
	}
	t.Errorf("nothing was lost in %d power cuts: on this machine they cut nothing, and what the other test says is worth nothing", tries)
}
