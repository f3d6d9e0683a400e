// Command ricochet serves an installation of Ricochet, and keeps, checks,
// moves and measures its data.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"ricochet.example/data"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// Whoever asks a second time means at once.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], &streams{In: os.Stdin, Out: os.Stdout, Err: os.Stderr}))
}

// commands are what can be asked for on the command line. The Run of each is
// handed the context, the streams and the installation.
type commands struct {
	Installation installation `embed:""`

	Serve    serveCommand    `cmd:"" default:"withargs" help:"Serve the installation; this is what happens when no command is given."`
	Backup   backupCommand   `cmd:"" help:"Write a verified copy of the database to a file. A server may be running."`
	Demo     demoCommand     `cmd:"" help:"Show Ricochet with a made-up brand, on data that is thrown away."`
	Restore  restoreCommand  `cmd:"" help:"Make an installation from a backup."`
	Check    checkCommand    `cmd:"" help:"Verify the database, and make every number again from the log to compare. A server may be running."`
	Copy     copyCommand     `cmd:"" help:"Move the installation to another place: into PostgreSQL, or out of it."`
	Export   exportCommand   `cmd:"" help:"Write members, links, opens and leaderboards as CSV, and the whole installation, into a directory."`
	Import   importCommand   `cmd:"" help:"Make an installation of a directory that was exported."`
	Replay   replayCommand   `cmd:"" help:"Play a recorded campaign through the real handlers, and write what was measured."`
	Spread   spreadCommand   `cmd:"" help:"Measure recorded cascades: size, depth, structural virality, spread …"`
	Classify classifyCommand `cmd:"" help:"Say of recorded requests who made them: a person, a preview, a bot …"`
	Version  versionCommand  `cmd:"" help:"Say which version this is."`
}

// streams are what a command reads from and writes to: results to Out,
// everything else to Err.
type streams struct {
	In  io.Reader
	Out io.Writer
	Err io.Writer
}

// Exit codes.
const (
	exitFailed  = 1
	exitMisuse  = 2 // wrong use, an unwritable directory or a busy port
	exitInUse   = 3
	exitDamaged = 4
	exitNewer   = 5
)

const about = `Ricochet shows what became of early content that ambassadors shared in private messages.

Started without a command it serves on http://127.0.0.1:8080, with all data in ./ricochet-data, and prints a link to set it up.

Exit codes: 0 all well, 1 failed, 2 wrong use, unusable directory or port, 3 in use by another process, 4 damaged, 5 made by a newer version.`

// run does what args ask for and returns the exit code.
func run(ctx context.Context, args []string, std *streams) int {
	var cli commands
	helped := false
	parser, err := kong.New(&cli, kong.Name("ricochet"), kong.Description(about),
		kong.Writers(std.Out, std.Err), kong.Exit(func(int) { helped = true }),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 100}),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(std, &cli.Installation))
	if err != nil {
		return std.fail(err)
	}
	parsed, err := parser.Parse(args)
	switch {
	case helped:
		return 0
	case err != nil:
		return std.fail(misuse{fmt.Errorf("%w; ricochet --help says what there is", err)})
	}
	if err := parsed.Run(); err != nil {
		return std.fail(err)
	}
	return 0
}

// fail says on one line what went wrong and returns the exit code for it.
func (std *streams) fail(err error) int {
	text := err.Error()
	if errors.Is(err, context.Canceled) {
		text = "interrupted"
	}
	fmt.Fprintln(std.Err, "ricochet: "+oneLine(text))
	var use misuse
	switch {
	case errors.Is(err, data.ErrInUse):
		return exitInUse
	case errors.Is(err, data.ErrDamaged):
		return exitDamaged
	case errors.Is(err, data.ErrNewer):
		return exitNewer
	case errors.As(err, &use):
		return exitMisuse
	}
	return exitFailed
}

// oneLine joins the lines of a text.
func oneLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimSpace(l)
	}
	return strings.ReplaceAll(strings.Join(lines, "; "), ":; ", ": ")
}

// misuse is an error that the caller can mend: by other arguments, in the
// directory, or with another port.
type misuse struct{ error }

// Unwrap returns what it was about.
func (m misuse) Unwrap() error { return m.error }
