package main

import (
	"fmt"
	"io"
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// progress says how far long work has come: on a terminal in a bar, elsewhere
// at every tenth.
type progress struct {
	out  io.Writer
	live bool
	what string
	bar  *progressbar.ProgressBar
	said int // tenths of it
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
		}
	}
	if p.bar != nil {
		_ = p.bar.Set(n)
		return
	}
	if tenths := int(int64(n) * 10 / int64(max(all, 1))); tenths > p.said {
		p.said = tenths
		p.say("%s: %d %% of %d", what, 10*tenths, all)
	}
}

// done ends what was told last.
func (p *progress) done() {
	if p.bar != nil {
		_ = p.bar.Finish()
	}
	p.what, p.bar, p.said = "", nil, 0
}
