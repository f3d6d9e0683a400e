package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestHelpTellsAStrangerWhatThereIs(t *testing.T) {
	help := ricochet(t, "--help").wants(0)
	for _, command := range []string{"serve", "demo", "backup", "restore", "check", "copy", "replay", "spread", "classify", "version"} {
		if !strings.Contains(help.out, "\n  "+command+" ") {
			t.Errorf("%s is not listed in %s", command, help.out)
		}
		one := ricochet(t, command, "--help").wants(0)
		if !strings.Contains(one.out, "Usage: ricochet "+command) || one.err != "" {
			t.Errorf("help on %s: %q and %q", command, one.out, one.err)
		}
	}
	ricochet(t, "serve", "--help").wants(0, "RICOCHET_ADDR", "RICOCHET_TRUSTED_PROXY", "RICOCHET_DIR", "RICOCHET_DATABASE", "127.0.0.1:8080")
}

func TestWrongUseIsOneLineAndChangesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	for _, c := range []struct {
		name string
		args []string
		word string
	}{
		{"a flag that is not there", []string{"--dir", dir, "--nope"}, "--nope"},
		{"a command that is not there", []string{"--dir", dir, "frobnicate"}, "frobnicate"},
		{"an argument too many", []string{"--dir", dir, "version", "now"}, "now"},
		{"a file that is missing from the arguments", []string{"backup", "--dir", dir}, "<file>"},
		{"another form of log", []string{"--dir", dir, "--log", "xml"}, "xml"},
		{"a proxy that is no address", []string{"--dir", dir, "--trusted-proxy", "my-proxy"}, "my-proxy"},
		{"a database that is no PostgreSQL", []string{"--database", "mysql://ana:secret@db/x"}, "postgres://"},
		{"an address that cannot be read", []string{"--database", "postgres://ana:secret@[db/x"}, "address"},
		{"a backup of PostgreSQL", []string{"backup", "--database", "postgres://db/x", "copy.db"}, "pg_dump"},
		{"a check of nothing", []string{"check", "--dir", dir}, "no installation"},
		{"a backup of nothing", []string{"backup", "--dir", dir, "copy.db"}, "no installation"},
		{"a restore of nothing", []string{"restore", "--dir", dir, "copy.db"}, "copy.db"},
		{"a file that is not there to classify", []string{"classify", "requests.jsonl"}, "requests.jsonl"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := ricochet(t, c.args...).wants(exitMisuse, c.word)
			e.alone()
			if strings.Contains(e.err, "secret") {
				t.Errorf("a password is in %q", e.err)
			}
			if there(dir) {
				t.Error("a directory was made")
			}
		})
	}
}

// As root no directory refuses to be written to, but a file is none.
func TestAnUnusableDirectoryIsWrongUse(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	ricochet(t, "--dir", file).wants(exitMisuse, file).alone()
	ricochet(t, "--dir", filepath.Join(file, "below")).wants(exitMisuse, file).alone()
	if is, err := os.ReadFile(file); err != nil || string(is) != "mine" {
		t.Errorf("the file is now %q, %v", is, err)
	}
}

func TestVersionNamesGoAndTheSchema(t *testing.T) {
	ricochet(t, "version").wants(0, "ricochet ", "go1.", "schema ")
}

func TestTheEnvironmentStandsInForFlags(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "from-the-environment")
	finish(t, program(t, []string{"RICOCHET_DIR=" + dir}, "check")).wants(exitMisuse, "from-the-environment").alone()
	finish(t, program(t, []string{"RICOCHET_LOG=xml"})).wants(exitMisuse, "xml").alone()
	// A flag goes before.
	finish(t, program(t, []string{"RICOCHET_DIR=" + dir}, "check", "--dir", "elsewhere")).wants(exitMisuse, "elsewhere").alone()
}

func TestBadLinesAreNamedAndTheOthersAnswered(t *testing.T) {
	file := filepath.Join(t.TempDir(), "requests.jsonl")
	lines := `{"id":"a","method":"GET","headers":{"User-Agent":"WhatsApp/2.23.20.0"}}
{"id":"b","method":
{"id":"c","method":"GET","headers":{"User-Agent":"TelegramBot (like TwitterBot)"}}
`
	if err := os.WriteFile(file, []byte(lines), 0o600); err != nil {
		t.Fatal(err)
	}
	e := ricochet(t, "classify", file).wants(exitFailed, "line 2")
	if strings.Count(e.out, "\n") != 2 || !strings.Contains(e.out, `"id":"a","verdict":"preview","channel":"whatsapp"`) {
		t.Errorf("the good lines were answered %q", e.out)
	}
	cmd := program(t, nil, "classify", "-")
	cmd.Stdin = strings.NewReader(strings.SplitAfter(lines, "\n")[0])
	if e := finish(t, cmd).wants(0); !strings.Contains(e.out, `"id":"a"`) || e.err != "" {
		t.Errorf("from the standard input: %q, %q", e.out, e.err)
	}
}

func TestCascadesAreMeasuredAndABadLineIsNamed(t *testing.T) {
	file := filepath.Join(t.TempDir(), "cascades.tsv")
	rows := "c\troot\t\t0\nc\ta\troot\t5\nc\tb\ta\t9\n"
	if err := os.WriteFile(file, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	if e := ricochet(t, "spread", file).wants(0); strings.Count(e.out, "\n") != 2 || !strings.Contains(e.out, "\nc\t") {
		t.Errorf("one cascade is measured as %q", e.out)
	}
	cmd := program(t, nil, "spread", "-")
	cmd.Stdin = strings.NewReader(rows + "c\tx\tnobody\t9\n")
	finish(t, cmd).wants(exitFailed, "line 4")
}

func TestAnErrorOfManyLinesIsSaidOnOne(t *testing.T) {
	if got := oneLine("no connection:\n\tfirst: refused\n\tsecond: refused\n"); got != "no connection: first: refused; second: refused" {
		t.Errorf("it is %q", got)
	}
}

// Nobody listens on port 1: that is a failure, and no wrong use.
func TestADatabaseThatDoesNotAnswerIsAFailure(t *testing.T) {
	e := ricochet(t, "--database", "postgres://ana:secret@127.0.0.1:1/x?connect_timeout=5").wants(exitFailed, "127.0.0.1:1")
	e.alone()
	if strings.Contains(e.err, "secret") {
		t.Errorf("the password is in %q", e.err)
	}
}
