package static

import (
	"bytes"
	"fmt"
	"path"
	"regexp"
)

var (
	// included is a sheet that another one takes in: @import "base.css" layer(base);
	included = regexp.MustCompile(`@import "([^"]+)"(?: layer\((\w+)\))?;`)
	// reference is a file that a sheet names: url(inter.woff2).
	reference = regexp.MustCompile(`url\(([\w.-]+)\)`)
)

// style makes a sheet as browsers get it: with those that it takes in, so that one request brings all of
// it, with the hashed addresses of the files that it names, and without comments.
func style(names map[string]*asset, file string) ([]byte, error) {
	whole, err := include(file)
	if err != nil {
		return nil, err
	}
	whole = tight(whole)
	var missing error
	whole = reference.ReplaceAllFunc(whole, func(found []byte) []byte {
		name := string(reference.FindSubmatch(found)[1])
		a, ok := names[name]
		if !ok {
			missing = fmt.Errorf("it names %s, which is not there", name)
			return found
		}
		return []byte("url(" + Prefix + a.hashed + ")")
	})
	return bytes.TrimSpace(whole), missing
}

// include is a sheet with those that it imports in place.
func include(file string) ([]byte, error) {
	body, err := files.ReadFile(file)
	if err != nil {
		return nil, err
	}
	var wrong error
	body = included.ReplaceAllFunc(body, func(found []byte) []byte {
		parts := included.FindSubmatch(found)
		inner, err := include(path.Join(path.Dir(file), string(parts[1])))
		if err != nil {
			wrong = err
		}
		if layer := string(parts[2]); layer != "" {
			return []byte("@layer " + layer + "{" + string(inner) + "}")
		}
		return inner
	})
	return body, wrong
}

// tight leaves out comments, and spaces where they say nothing. It goes through the text once: expressions
// for it took longer than all else at the start of the program.
func tight(css []byte) []byte {
	out := make([]byte, 0, len(css))
	for i := 0; i < len(css); i++ {
		c := css[i]
		switch {
		case bytes.HasPrefix(css[i:], []byte("/*")):
			end := bytes.Index(css[i+2:], []byte("*/"))
			if end < 0 {
				return out
			}
			i += end + 3
		case c == '"' || c == '\'':
			n := quoted(css[i:])
			out = append(out, css[i:i+n]...)
			i += n - 1
		case isSpace(c):
			if len(out) > 0 && !isSpace(out[len(out)-1]) && !isMark(out[len(out)-1]) {
				out = append(out, ' ')
			}
		case isMark(c):
			out = bytes.TrimSuffix(out, []byte(" "))
			if c == '}' {
				out = bytes.TrimSuffix(out, []byte(";"))
			}
			out = append(out, c)
		default:
			out = append(out, c)
		}
	}
	return out
}

func isMark(c byte) bool { return c == '{' || c == '}' || c == ';' || c == ',' }

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

// quoted is how long the text in quotes is that css begins with.
func quoted(css []byte) int {
	for i := 1; i < len(css); i++ {
		switch css[i] {
		case '\\':
			i++
		case css[0]:
			return i + 1
		}
	}
	return len(css)
}
