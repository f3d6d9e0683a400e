package main

import (
	"cmp"
	"os"
	"slices"
	"strconv"
	"syscall"
	"testing"
	"time"

	"ricochet.example/data"
	"ricochet.example/data/datatest"
)

// How often the server is killed: more often in `make test`, and most in `make soak`.
const (
	killsVariable = "RICOCHET_TEST_KILLS"
	killsAlone    = 10
)

// What each kill finds.
const (
	killConnections  = 224
	killInFlight     = 64
	killAcknowledged = 200
)

func times(t *testing.T, variable string, alone int) int {
	t.Helper()
	n, err := strconv.Atoi(cmp.Or(os.Getenv(variable), strconv.Itoa(alone)))
	if err != nil || n < 1 {
		t.Fatalf("%s is no number: %v", variable, err)
	}
	return n
}

// A server is killed under load, again and again. Whoever was answered finds
// their open, once; whoever was not posts again, as the page does, and is one
// open too; and every number is that of the log.
func TestAServerThatIsKilledUnderLoadLosesNothingItAcknowledged(t *testing.T) {
	kills := times(t, killsVariable, killsAlone)
	f := founded(t, datatest.Config(t))
	c := newCrowd(f)
	var ready []time.Duration
	fewest := killConnections
	for done := 0; done < kills; {
		if len(ready) > 2*kills+10 {
			t.Fatalf("only %d of %d kills found %d posts in flight", done, len(ready), killInFlight)
		}
		c.repost(32) // and those that the last kill cut off
		server, took := f.serve()
		ready = append(ready, took)
		s := c.opens(server.address, killConnections)
		enough := killAcknowledged + int64(c.rnd.IntN(200))
		s.until(t, "full load", func() bool {
			return s.acknowledged.Load() >= enough && s.inFlight.Load() >= killInFlight
		})
		s.killed.Store(true)
		if err := server.cmd.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		s.all.Wait()
		_ = server.cmd.Wait()
		c.right()
		if state := server.cmd.ProcessState.Sys().(syscall.WaitStatus); !state.Signaled() || state.Signal() != syscall.SIGKILL {
			t.Fatalf("it ended by itself: %s", server.log)
		}
		if cut := int(s.cut.Load()); cut >= killInFlight {
			fewest = min(fewest, cut)
			done++
		}
		if f.cfg.Dir != "" {
			if err := data.VerifyFile(t.Context(), data.File(f.cfg.Dir)); err != nil {
				t.Fatal(err)
			}
		}
		if done%25 == 0 {
			c.logged(false)
		}
		if t.Failed() {
			t.FailNow()
		}
	}
	server, _ := f.serve()
	c.repost(500)
	c.settle(server.address)
	server.stop(syscall.SIGTERM).wants(0)
	c.stands()
	slices.Sort(ready)
	slowest := ready[len(ready)-1]
	t.Logf("%d kills, each with at least %d posts in flight; %d acknowledged, none lost; ready again after %s, at the slowest %s",
		kills, fewest, len(c.known), ready[len(ready)/2].Round(time.Millisecond), slowest.Round(time.Millisecond))
	// A second is what it may take on a machine of its own.
	if slowest > 10*time.Second {
		t.Errorf("once it was ready again only after %s", slowest)
	}
}
