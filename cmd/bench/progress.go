package main

import (
	"fmt"
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress says on a terminal how far long work has come, and elsewhere only
// what is being done.
type progress struct {
	out  io.Writer
	live bool
	what string
	bar  *progressbar.ProgressBar
}

func newProgress(out *os.File) *progress {
	return &progress{out: out, live: term.IsTerminal(int(out.Fd()))}
}

// say tells what is done next.
func (p *progress) say(format string, args ...any) { fmt.Fprintf(p.out, format+"\n", args...) }

// at tells that n of all is done.
func (p *progress) at(what string, n, all int) {
	if what != p.what {
		p.done()
		p.what = what
		if p.live {
			p.bar = progressbar.NewOptions(all, progressbar.OptionSetWriter(p.out), progressbar.OptionSetDescription(what),
				progressbar.OptionShowCount(), progressbar.OptionClearOnFinish())
		} else {
			p.say("%s: %d", what, all)
		}
	}
	if p.bar != nil {
		_ = p.bar.Set(n)
	}
}

// done ends what was told last.
func (p *progress) done() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
	p.what, p.bar = "", nil
}
