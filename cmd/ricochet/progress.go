package main

import (
	"os"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// bar shows how far long work has come; one that nobody sees does nothing.
type bar struct{ shown *progressbar.ProgressBar }

// progress starts a bar of so many steps, where a person looks on.
func (std *streams) progress(title string, steps int64) bar {
	f, ok := std.Err.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return bar{}
	}
	return bar{progressbar.NewOptions64(steps, progressbar.OptionSetDescription(title), progressbar.OptionSetWriter(f),
		progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(), progressbar.OptionFullWidth())}
}

func (b bar) add(steps int64) {
	if b.shown != nil {
		_ = b.shown.Add64(steps)
	}
}

func (b bar) end() {
	if b.shown != nil {
		_ = b.shown.Finish()
	}
}
