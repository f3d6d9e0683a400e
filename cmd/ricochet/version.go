package main

import (
	"fmt"
	"runtime/debug"

	"ricochet.example/data"
)

type versionCommand struct{}

// Run says the version, what it was made from and with, and the schema.
func (c *versionCommand) Run(std *streams) error {
	schema, err := data.Schema()
	if err != nil {
		return err
	}
	version, revision, changed := "(unknown)", "", ""
	info, ok := debug.ReadBuildInfo()
	if !ok {
		info = &debug.BuildInfo{}
	}
	if info.Main.Version != "" {
		version = info.Main.Version
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			revision = ", revision " + s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = " with changes"
		}
	}
	fmt.Fprintf(std.Out, "ricochet %s%s%s, %s, schema %d\n", version, revision, changed, info.GoVersion, schema)
	return nil
}
