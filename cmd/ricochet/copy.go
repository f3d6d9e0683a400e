package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"

	"ricochet.example/data"
)

type copyCommand struct {
	To string `required:"" placeholder:"URL|DIR" help:"Address of a PostgreSQL database (postgres://…), or a directory."`
}

// Help is what ricochet copy --help adds.
func (c *copyCommand) Help() string {
	return "Everything is copied, or nothing: accounts, drops, links, opens, numbers, secrets, and who is signed in, so that the copy can take over under the same address. " +
		"No server may be running on either of the two, and the other must be empty."
}

// Run copies the installation.
func (c *copyCommand) Run(ctx context.Context, std *streams, at *installation) (err error) {
	target := c.target()
	if target.same(at) {
		return misuse{errors.New("--to is where the installation is already")}
	}
	if at.Database == "" { // opening would make an installation where there is none
		if _, err := at.file(ctx); err != nil {
			return err
		}
	}
	from, err := at.open(ctx, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := target.open(ctx, slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	rows, err := std.copy(ctx, from, to)
	switch {
	case errors.Is(err, data.ErrTaken):
		return misuse{err}
	case err != nil:
		return err
	}
	fmt.Fprintf(std.Out, "Copied %s to %s.\n", count(rows, "row", "rows"), target.name())
	return nil
}

func (c *copyCommand) target() *installation {
	if strings.Contains(c.To, "://") {
		return &installation{Database: c.To}
	}
	return &installation{Dir: c.To}
}

// same says whether the other is this one.
func (at *installation) same(other *installation) bool {
	if at.Database != "" || other.Database != "" {
		return at.Database == other.Database
	}
	a, errA := filepath.Abs(at.Dir)
	b, errB := filepath.Abs(other.Dir)
	return errA == nil && errB == nil && a == b
}

// name says where the installation is, without a password.
func (at *installation) name() string {
	if at.Database == "" {
		return at.Dir
	}
	u, err := url.Parse(at.Database)
	if err != nil {
		return "PostgreSQL"
	}
	return u.Redacted()
}

// copy copies everything and returns how many rows that were.
func (std *streams) copy(ctx context.Context, from, to *data.DB) (rows int64, err error) {
	bar, last, had := std.progress("Copying", -1), "", int64(0)
	defer bar.end()
	err = data.Copy(ctx, from, to, func(table string, n int64) {
		if table != last {
			last, had = table, 0
		}
		bar.add(n - had)
		rows += n - had
		had = n
	})
	return rows, err
}

// copyOfPostgres opens a copy of the installation on SQLite.
func (at *installation) copyOfPostgres(ctx context.Context, std *streams, dir string) (_ *data.DB, err error) {
	from, err := at.open(ctx, slog.New(slog.DiscardHandler))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, from.Close()) }()
	to, err := openDir(ctx, dir)
	if err != nil {
		return nil, err
	}
	if _, err := std.copy(ctx, from, to); err != nil {
		return nil, errors.Join(err, to.Close())
	}
	return to, nil
}
