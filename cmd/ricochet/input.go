package main

import (
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"strings"
)

// read hands the content of a file to fn, unpacked when its name ends in .gz;
// "-" is the standard input.
func (std *streams) read(name string, fn func(io.Reader) error) error {
	if name == "-" {
		return fn(std.In)
	}
	f, err := os.Open(name)
	if err != nil {
		return misuse{err}
	}
	defer f.Close()
	if !strings.HasSuffix(name, ".gz") {
		return fn(f)
	}
	packed, err := gzip.NewReader(f)
	if err != nil {
		return fmt.Errorf("unpacking %s: %w", name, err)
	}
	defer packed.Close()
	return fn(packed)
}
