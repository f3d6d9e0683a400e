package main

import (
	"io"

	"ricochet.example/app/visit"
)

type classifyCommand struct {
	File string `arg:"" help:"File of JSON lines, also packed as .gz; - for the standard input."`
}

// Help is what ricochet classify --help adds.
func (c *classifyCommand) Help() string {
	return `Each line is a request {"id","method","headers","tls"} and is answered in the same order by a line {"id","verdict","channel","rule"}. ` +
		"The verdict is one of human, preview, prefetch, scanner, bot and suspicious. Bad lines are named by their number and make the exit code 1."
}

// Run classifies the requests.
func (c *classifyCommand) Run(std *streams) error {
	return std.read(c.File, func(in io.Reader) error { return visit.Classify(in, std.Out, std.Err) })
}
