package main

import (
	"io"

	"ricochet.example/app/spread"
)

type spreadCommand struct {
	File string `arg:"" help:"Tab-separated file, also packed as .gz; - for the standard input."`
}

// Help is what ricochet spread --help adds.
func (c *spreadCommand) Help() string {
	return "Each line is cascade_id, node_id, parent_id and seconds, without a header; the root of a cascade has no parent, and parents come before their children. " +
		"The answer has a header and one line of metrics for each cascade. Bad lines are named by their number and make the exit code 1."
}

// Run measures the cascades.
func (c *spreadCommand) Run(std *streams) error {
	return std.read(c.File, func(in io.Reader) error { return spread.Cascades(in, std.Out, std.Err) })
}
