// Command bench measures the product beside bare handlers, on the machine that
// it runs on: how fast the reader page and the confirmed open are, what an open
// costs in CPU, on disk and in memory in a small installation and in a large one,
// how quickly the server starts, and how long leaderboards and trees take. It
// ends with 1 when something is below its floor.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// settings is what the command line says.
type settings struct {
	seconds     float64
	rounds      int
	opens       sizes
	only        names
	ambassadors int
	crowd       int
	refold      bool
	postgres    bool
	cache       string
	product     string // a binary that is there already
	perf        string
}

func main() {
	if len(os.Args) == 3 && os.Args[1] == bareCommand {
		fail(1, serveBare(os.Args[2], os.Stdin))
	}
	s := settings{opens: sizes{10_000, 1_000_000, 10_000_000}, ambassadors: 1000}
	flag.Float64Var(&s.seconds, "seconds", 5, "how long each round of each load is counted")
	flag.IntVar(&s.rounds, "rounds", 3, "how many rounds of each there are, beside the warm-up")
	flag.Var(&s.opens, "opens", "how many opens a small, a usual and a large database hold before")
	flag.Var(&s.only, "only", "measure nothing but these `parts`, of "+names(allParts()).String()+" (default: all)")
	flag.IntVar(&s.crowd, "crowd", crowdOf, "how many ambassadors are on the long leaderboard")
	flag.BoolVar(&s.refold, "refold", true, "measure how long the large database takes to be folded from nothing")
	flag.BoolVar(&s.postgres, "postgres", true, "measure two servers on one PostgreSQL, which is started for it")
	flag.StringVar(&s.cache, "cache", "", "where prepared databases are kept (default: ricochet-bench in the user's cache)")
	flag.StringVar(&s.product, "ricochet", "", "measure this binary instead of building one")
	flag.StringVar(&s.perf, "perf", "", "let perf record what the server does during the opens, into this file")
	flag.Parse()
	if flag.NArg() > 0 || s.seconds <= 0 || s.rounds < 1 || s.crowd < 1 {
		flag.Usage()
		os.Exit(2)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	low, err := s.run(ctx)
	if err == nil && len(low) > 0 {
		err = fmt.Errorf("below the floor: %s", strings.Join(low, "; "))
	}
	fail(1, err)
}

func fail(code int, err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(code)
	}
}

// run prepares, measures and reports, and returns what is below its floor.
func (s settings) run(ctx context.Context) (low []string, err error) {
	if s.cache == "" {
		s.cache = defaultCache()
	}
	if err := os.MkdirAll(s.cache, 0o700); err != nil {
		return nil, err
	}
	b := &bench{settings: s, tell: newProgress(os.Stderr)}
	if b.dir, err = os.MkdirTemp(s.cache, runPrefix); err != nil {
		return nil, err
	}
	defer os.RemoveAll(b.dir)
	if b.self, err = os.Executable(); err != nil {
		return nil, err
	}
	if b.binary, err = s.build(ctx, b.dir); err != nil {
		return nil, err
	}
	facts, err := machine(s.cache)
	if err != nil {
		return nil, err
	}
	b.tell.say("%s", facts)
	began := time.Now()
	if err := b.run(ctx); err != nil {
		return nil, err
	}
	fmt.Printf("\n%s\n%d links, %s opens unless said, %d connections unless said, %d rounds of %g s in slices by turns, medians;\n"+
		"the ratio is the median of the rounds'; measured in %s\n\n",
		facts, s.usual().links(), many(s.usual().opens), connections, s.rounds, s.seconds, time.Since(began).Round(time.Second))
	if err := b.lines.write(os.Stdout); err != nil {
		return nil, err
	}
	fmt.Println("\nPASS: not below the floor; *: the target is reached too; –: nothing to say.")
	fmt.Print(b.crowded.warning(runtime.NumCPU()))
	return b.lines.failed(), nil
}

func defaultCache() string {
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	return filepath.Join(dir, "ricochet-bench")
}

// build makes the product's binary, unless one was given.
func (s settings) build(ctx context.Context, dir string) (string, error) {
	if s.product != "" {
		return filepath.Abs(s.product)
	}
	binary := filepath.Join(dir, "ricochet")
	out, err := exec.CommandContext(ctx, "go", "build", "-o", binary, "ricochet.example/cmd/ricochet").CombinedOutput()
	if err != nil {
		return "", errors.Join(fmt.Errorf("building ricochet: %w", err), errors.New(string(out)))
	}
	return binary, nil
}
