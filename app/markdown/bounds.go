package markdown

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// The bounds of a text. Without them a few kilobytes cost gigabytes: 24 KB of table took 2.8 GB, 64 KB of
// references became 179 MB of HTML. What people write stays far below.
const (
	largestSource = 64 << 10 // bytes
	largestHTML   = 1 << 20  // bytes, before and after it is made safe
	mostColumns   = 32       // of a table, and so one more | on any line
	mostCells     = 4096     // of all tables together
	mostRefs      = 200      // definitions of links and footnotes
	longestURL    = 2 << 10  // bytes
	deepest       = 32       // levels of quotes, lists, emphasis and links, one in another
	longestBlock  = 8 << 10  // bytes without an empty line or a new list item: parsing one is quadratic
	mostOpenings  = 200      // beginnings of link addresses in one such block
	longestRun    = 64       // quotation marks side by side, which no sentence has
)

// Refused says that a text goes beyond a bound, as the key of a message and its arguments, ready for a
// problem of a form.
type Refused struct {
	Key  string
	Args []any
}

// Error says which bound, for the log.
func (r *Refused) Error() string { return fmt.Sprintf("refused: %s %v", r.Key, r.Args) }

// refuse names a bound and its limit.
func refuse(key string, limit int) *Refused { return &Refused{key, []any{"n", limit}} }

// before refuses what must not even be parsed. It reads each byte once and rather refuses a strange text
// than lets a costly one pass.
func before(src string) error {
	if len(src) > largestSource {
		return refuse("markdown.size", largestSource>>10)
	}
	if !utf8.ValidString(src) {
		return refuse("check.text", 0)
	}
	if strings.Count(src, "]:") > mostRefs {
		return refuse("markdown.references", mostRefs)
	}
	block, openings := 0, 0
	for line := range strings.Lines(src) {
		if ends(line) {
			block, openings = 0, 0
		}
		block += len(line)
		openings += strings.Count(line, "](")
		if block > longestBlock || openings > mostOpenings || run(line) > longestRun {
			return refuse("markdown.paragraph", longestBlock>>10)
		}
		if strings.Count(line, "|") > mostColumns+1 {
			return refuse("markdown.columns", mostColumns)
		}
		if markers(line) > deepest {
			return refuse("markdown.nesting", deepest)
		}
	}
	return nil
}

// ends says whether a line ends the paragraph before it: an empty one, also in a quote, or a list item.
func ends(line string) bool {
	if strings.Trim(line, " \t\r\n>") == "" {
		return true
	}
	item := strings.TrimLeft(line, " ")
	return len(line)-len(item) < 4 && len(item) > 2 && strings.IndexByte("-+*", item[0]) >= 0 && item[1] == ' ' &&
		strings.TrimSpace(item[2:]) != ""
}

// run returns the longest stretch of quotation marks in a line.
func run(line string) (longest int) {
	n := 0
	for _, c := range []byte(line) {
		if c != '"' && c != '\'' {
			n = 0
			continue
		}
		n++
		longest = max(longest, n)
	}
	return longest
}

// markers counts the quotes and list items that a line opens at its beginning.
func markers(line string) int {
	n := 0
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == ' ', c == '\t':
		case c == '>':
			n++
		case c == '-' || c == '+' || c == '*':
			if i+1 < len(line) && line[i+1] != ' ' && line[i+1] != '\t' {
				return n
			}
			n++
		case c >= '0' && c <= '9':
			for i < len(line) && line[i] >= '0' && line[i] <= '9' {
				i++
			}
			if i >= len(line) || line[i] != '.' && line[i] != ')' {
				return n
			}
			n++
		default:
			return n
		}
	}
	return n
}

// refusedKey is where the parser's parts leave the first bound that a text went beyond.
var refusedKey = parser.NewContextKey()

// mediaKey is where the pictures and videos are that a text may show.
var mediaKey = parser.NewContextKey()

// cellsKey is where the tables count their cells.
var cellsKey = parser.NewContextKey()

func note(ctx parser.Context, refused *Refused) {
	if ctx.Get(refusedKey) == nil {
		ctx.Set(refusedKey, refused)
	}
}

// boundedTable makes no table whose cells, filled up to whole rows, would be too many: a row of one
// character costs as much as the widest.
type boundedTable struct{ parser.ParagraphTransformer }

// Transform makes a table of a paragraph that is one.
func (b boundedTable) Transform(p *ast.Paragraph, reader text.Reader, ctx parser.Context) {
	columns, lines := 0, p.Lines()
	for i := range lines.Len() {
		segment := lines.At(i)
		columns = max(columns, strings.Count(string(segment.Value(reader.Source())), "|"))
	}
	if columns == 0 || lines.Len() < 2 {
		return
	}
	cells, _ := ctx.Get(cellsKey).(int)
	cells += (columns + 1) * lines.Len()
	ctx.Set(cellsKey, cells)
	if cells > mostCells {
		note(ctx, refuse("markdown.cells", mostCells))
		return
	}
	b.ParagraphTransformer.Transform(p, reader, ctx)
}
