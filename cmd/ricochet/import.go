package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"ricochet.example/data"
)

type importCommand struct {
	From string `arg:"" name:"directory" help:"Directory that ricochet export wrote."`
}

// Help is what ricochet import --help adds.
func (c *importCommand) Help() string {
	return "The installation is made of " + wholeFile + ", which is verified first; the tables beside it are for people, and are not read. " +
		"There must be no installation yet in --dir or --database, and no server may be running on it. Everybody signs in again, the password of the mail server is typed in again, " +
		"and links made from now on get numbers that were never given out. People are imported into a squad on its page."
}

// Run makes the installation.
func (c *importCommand) Run(ctx context.Context, std *streams, at *installation) error {
	file := filepath.Join(c.From, wholeFile)
	if !there(file) {
		return misuse{fmt.Errorf("there is no %s in %s: an export of tables only cannot be imported", wholeFile, c.From)}
	}
	if at.Database == "" {
		restore := restoreCommand{File: file}
		return restore.Run(ctx, std, at)
	}
	return at.importInto(ctx, std, file)
}

// importInto makes an installation on PostgreSQL of a file.
func (at *installation) importInto(ctx context.Context, std *streams, file string) (err error) {
	dir, err := os.MkdirTemp("", "ricochet-import-")
	if err != nil {
		return unusable(err)
	}
	defer os.RemoveAll(dir)
	if err := data.Restore(ctx, file, filepath.Join(dir, "restored")); err != nil {
		return unusable(err)
	}
	from, err := openDir(ctx, filepath.Join(dir, "restored"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := at.open(ctx, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	_, err = std.copy(ctx, from, to)
	switch {
	case errors.Is(err, data.ErrTaken):
		return misuse{err}
	case err != nil:
		return err
	}
	fmt.Fprintf(std.Out, "Restored %s into %s. Everybody signs in again.\n", file, at.name())
	return nil
}
