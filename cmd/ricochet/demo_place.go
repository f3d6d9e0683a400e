package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"ricochet.example/app/clock"
	"ricochet.example/data"
)

// demoPlace is the directory of a demo: nothing else is ever in it, and it is
// never made of one that holds anything else.
type demoPlace struct {
	dir    string
	thrown bool // away at the end
	kept   bool // a demo that was made before is there, to go on with
}

// Where the data of a demo is kept, and what says of a directory that it is one's.
const (
	defaultDir = "ricochet-data"
	keptDir    = "ricochet-demo"
	demoMark   = "ricochet-demo.txt"
	markBegun  = "A demo of Ricochet was being made here.\n"
	markWhole  = "The data of a demo of Ricochet. The next start throws it away, unless it is told to --keep it.\n"
)

// place finds the directory of the demo and makes room in it.
func (c *demoCommand) place(ctx context.Context, at *installation) (p demoPlace, err error) {
	if at.Database != "" {
		return p, misuse{errors.New("the demo has a database of its own, in a directory: leave --database out")}
	}
	switch {
	case at.Dir != defaultDir:
		p.dir = at.Dir
	case c.Keep:
		p.dir = keptDir
	default:
		p.thrown = true
		p.dir, err = os.MkdirTemp("", "ricochet-demo-")
		return p, unusable(err)
	}
	inside, err := os.ReadDir(p.dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return p, nil
	case err != nil:
		return p, unusable(err)
	case len(inside) == 0:
		return p, nil
	}
	mark, err := os.ReadFile(filepath.Join(p.dir, demoMark))
	if err != nil {
		return p, misuse{fmt.Errorf("%s is no demo's directory: there is something else in it; choose another with --dir", p.dir)}
	}
	if c.Keep && string(mark) == markWhole {
		p.kept = true
		return p, nil
	}
	return p, p.clear(ctx)
}

// clear throws away what an earlier demo left, unless it still runs.
func (p demoPlace) clear(ctx context.Context) error {
	db, err := openDir(ctx, p.dir)
	if errors.Is(err, data.ErrInUse) {
		return err
	}
	if err == nil {
		if err := db.Close(); err != nil {
			return err
		}
	}
	files, err := filepath.Glob(data.File(p.dir) + "*")
	if err != nil {
		return err
	}
	older, err := filepath.Glob(filepath.Join(p.dir, "before-schema-*.db"))
	if err != nil {
		return err
	}
	for _, f := range append(files, older...) {
		if err := os.Remove(f); err != nil {
			return unusable(err)
		}
	}
	return nil
}

// open makes the demo there, or goes on with the one that was kept.
func (p demoPlace) open(ctx context.Context, std *streams, address string) (*show, error) {
	if p.kept {
		return goOn(ctx, data.Config{Dir: p.dir, Now: clock.System{}.Now, Log: discard()}, clock.System{}, address)
	}
	if err := p.mark(markBegun); err != nil {
		return nil, err
	}
	c := clock.At(clock.System{}.Now())
	s, err := makeDemo(ctx, data.Config{Dir: p.dir, Now: c.Now, Log: discard()}, c, address, std)
	if err != nil {
		return nil, err
	}
	c.LetGo()
	return s, p.mark(markWhole)
}

// mark says what the directory is.
func (p demoPlace) mark(text string) error {
	if err := os.MkdirAll(p.dir, 0o700); err != nil {
		return unusable(err)
	}
	return unusable(os.WriteFile(filepath.Join(p.dir, demoMark), []byte(text), 0o600))
}

// leave throws a temporary directory away.
func (p demoPlace) leave() error {
	if !p.thrown {
		return nil
	}
	return os.RemoveAll(p.dir)
}

// ofADemo refuses a directory that a demo made: its people do not exist.
func ofADemo(dir string) error {
	if !there(filepath.Join(dir, demoMark)) {
		return nil
	}
	return misuse{fmt.Errorf("%s holds the data of a demo; ricochet demo --keep --dir %s goes on with it", dir, dir)}
}
