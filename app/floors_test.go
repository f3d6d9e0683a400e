package app_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The house, from the ground up. A package imports only from lower floors; the
// packages of one folder may know each other. Whoever adds a package gives it
// a line here, on the lowest floor that it can live on.
var floors = map[string]int{
	"data/walwrite": 0, // how SQLite writes its log
	"data":          0, // the database
	"data/datatest": 0, // a database for a test

	"app/message/messagetest": 0, // a mail server for a test

	"app/video/videotest": 0, // small videos for tests

	"static":       0, // what browsers fetch
	"app/id":       0, // names nobody can guess
	"app/clock":    0, // the time
	"app/check":    0, // what is wrong in a form
	"app/lang":     0, // words in people's languages
	"app/markdown": 0, // text to safe HTML
	"app/recent":   0, // what was asked for not long ago
	"app/visit":    0, // is this a person, and through which channel?
	"app/picture":  0, // shapes to SVG and PNG
	"app/photo":    0, // what is made of pictures that people upload
	"app/video":    0, // what is kept of videos that people upload
	"app/subtitle": 0, // the words under videos
	"app/parcel":   0, // drops as files in a zip
	"app/diff":     0, // what differs between two texts

	"app/brand":   1, // who we are
	"app/account": 1, // who may sign in
	"app/message": 1, // mails, and their outbox
	"app/audit":   1, // who did what, and why
	"app/voice":   1, // what people say of a drop
	"app/sheet":   1, // cells of files for spreadsheets, and lists of people from other programs

	"app/squad":    2, // groups, members, invitations
	"app/reward":   2, // levels, rewards, thanks
	"app/campaign": 2, // goals and dates

	"app/drop": 3, // content and its release

	"app/share": 4, // links, opens, hops

	"app/mine":   1, // all that there is about a person
	"app/solo":   5, // whom somebody of the brand tells themself
	"app/notice": 5, // what there is to tell ambassadors, and how they want it
	"app/spread": 5, // what became of them: metrics, ranks, trees
	"app/demo":   5, // a brand that does not exist, and what became of its drops

	"views":    6, // pages
	"views/ui": 6, // and their parts

	"app/web": 7, // routes and handlers

	"cmd/ricochet": 8, // flags and wiring
	"cmd/bench":    8, // how quick it is
}

// Whose business some packages are alone.
var reserved = []struct {
	pkg  string // or what begins with it and a slash
	only []string
	why  string
}{
	{"database/sql", []string{"data", "data/datatest", "cmd/bench"}, "data alone talks to a database; the bench looks on"},
	{"github.com/mattn/go-sqlite3", []string{"data", "data/walwrite", "cmd/bench"}, "data alone knows the engines"},
	{"github.com/jackc/pgx", []string{"data"}, "data alone knows the engines"},
	{"github.com/pressly/goose", []string{"data"}, "data alone migrates"},
	{"net/http", []string{"app/web", "static", "cmd/ricochet", "cmd/bench"}, "the field knows nothing of requests"},
	{"ricochet.example/views", []string{"app/web", "views", "cmd/bench"}, "handlers show pages, nobody else; the bench asks for them by their paths"},
	{"ricochet.example/data/datatest", nil, "it is for tests"},
	{"ricochet.example/app/message/messagetest", nil, "it is for tests"},
	{"github.com/wneessen/go-mail", []string{"app/message"}, "one package talks to the mail server"},
}

// The rest of the house is given the time. data measures how long things take.
var mayAskTheTime = []string{"app/clock", "data", "cmd/ricochet", "cmd/bench"}

const module = "ricochet.example/"

// source is one Go file.
type source struct {
	name, pkg string // from the top of the repository
	test      bool
	tree      *ast.File
	at        *token.FileSet
}

func (s source) imports() (all []string) {
	for _, spec := range s.tree.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			panic(err)
		}
		all = append(all, p)
	}
	return all
}

// sources are all Go files of the repository.
func sources(t *testing.T) (all []source) {
	t.Helper()
	house := os.DirFS("..")
	err := fs.WalkDir(house, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "node_modules" || d.Name() == "testdata"):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		s := source{name: name, pkg: path.Dir(name), test: strings.HasSuffix(name, "_test.go"), at: token.NewFileSet()}
		s.tree, err = parser.ParseFile(s.at, filepath.Join("..", filepath.FromSlash(name)), nil, parser.SkipObjectResolution)
		all = append(all, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 50 {
		t.Fatalf("only %d files: this is not the house", len(all))
	}
	return all
}

func TestEveryPackageImportsFromLowerFloorsOnly(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range sources(t) {
		if s.pkg == "app" { // this test
			continue
		}
		seen[s.pkg] = true
		floor, ok := floors[s.pkg]
		if !ok {
			t.Errorf("%s: the package %s has no floor", s.name, s.pkg)
			continue
		}
		for _, imported := range s.imports() {
			other, ours := strings.CutPrefix(imported, module)
			if !ours || other == s.pkg || oneFolder(s.pkg, other) {
				continue
			}
			// A test may have a database and a clock, whatever its floor.
			if s.test && slices.Contains([]string{"data/datatest", "data", "app/clock"}, other) {
				continue
			}
			if below, ok := floors[other]; !ok || below >= floor {
				t.Errorf("%s, on floor %d, imports %s, on floor %d", s.name, floor, other, below)
			}
		}
	}
	for pkg := range floors {
		if !seen[pkg] {
			t.Errorf("%s has a floor, but there is no such package", pkg)
		}
	}
}

// oneFolder says whether one of two packages lies below the other.
func oneFolder(a, b string) bool {
	return strings.HasPrefix(a, b+"/") || strings.HasPrefix(b, a+"/")
}

func TestSomePackagesAreImportedByFew(t *testing.T) {
	for _, s := range sources(t) {
		if s.test {
			continue
		}
		for _, imported := range s.imports() {
			for _, r := range reserved {
				about := imported == r.pkg || strings.HasPrefix(imported, r.pkg+"/")
				if about && !slices.Contains(r.only, s.pkg) {
					t.Errorf("%s imports %s: %s", s.name, imported, r.why)
				}
			}
		}
	}
}

func TestViewsDoNotImportTheDatabase(t *testing.T) {
	for _, s := range sources(t) {
		if s.pkg != "views" && !strings.HasPrefix(s.pkg, "views/") {
			continue
		}
		for _, imported := range s.imports() {
			if imported == module+"data" || strings.HasPrefix(imported, module+"data/") {
				t.Errorf("%s imports %s: a page is given what it shows", s.name, imported)
			}
		}
	}
}

func TestTheTimeIsGiven(t *testing.T) {
	for _, s := range sources(t) {
		if s.test || slices.Contains(mayAskTheTime, s.pkg) {
			continue
		}
		ast.Inspect(s.tree, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			from, ok := sel.X.(*ast.Ident)
			if ok && from.Name == "time" && slices.Contains([]string{"Now", "Since", "Until"}, sel.Sel.Name) {
				t.Errorf("%s asks for the time by time.%s: it is given a clock", s.at.Position(n.Pos()), sel.Sel.Name)
			}
			return true
		})
	}
}
