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

	comment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	space   = regexp.MustCompile(`\s+`)
	around  = regexp.MustCompile(` ?([{};,]) ?`)
)

// style makes a sheet as browsers get it: with those that it takes in, so that one request brings all of
// it, with the hashed addresses of the files that it names, and without comments.
func style(names map[string]*asset, file string) ([]byte, error) {
	whole, err := include(file)
	if err != nil {
		return nil, err
	}
	whole = comment.ReplaceAll(whole, nil)
	whole = space.ReplaceAll(whole, []byte(" "))
	whole = around.ReplaceAll(whole, []byte("$1"))
	whole = bytes.ReplaceAll(whole, []byte(";}"), []byte("}"))
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
