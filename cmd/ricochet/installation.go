package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net/url"
	"os"
	"strings"
	"syscall"

	"ricochet.example/app/clock"
	"ricochet.example/data"
)

// installation says where the data is.
type installation struct {
	Dir      string `default:"ricochet-data" env:"RICOCHET_DIR" placeholder:"DIR" help:"Directory of the data; it is made when it is not there (default: ${default})."`
	Database string `env:"RICOCHET_DATABASE" placeholder:"URL" help:"Keep the data in this PostgreSQL (postgres://…) instead of the directory."`
}

// open opens the installation's database, which is made when it is not there.
func (at *installation) open(ctx context.Context, log *slog.Logger) (*data.DB, error) {
	if err := postgresAddress(at.Database); err != nil {
		return nil, err
	}
	db, err := data.Open(ctx, data.Config{Dir: at.Dir, URL: at.Database, Now: clock.System{}.Now, Log: log})
	return db, unusable(err)
}

// openDir opens an SQLite installation that nobody else is told of.
func openDir(ctx context.Context, dir string) (*data.DB, error) {
	db, err := data.Open(ctx, data.Config{Dir: dir, Now: clock.System{}.Now, Log: slog.New(slog.DiscardHandler)})
	return db, unusable(err)
}

// file is the installation's SQLite database, when it has one that this
// program can read.
func (at *installation) file(ctx context.Context) (string, error) {
	path := data.File(at.Dir)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return "", misuse{fmt.Errorf("there is no installation in %s", at.Dir)}
	}
	return path, unusable(data.Recognise(ctx, path))
}

// postgresAddress refuses what is no address of a PostgreSQL database, without
// saying it again: it may hold a password.
func postgresAddress(address string) error {
	if address == "" {
		return nil
	}
	if !strings.HasPrefix(address, "postgres://") && !strings.HasPrefix(address, "postgresql://") {
		return misuse{errors.New("the address of a database begins with postgres://")}
	}
	if _, err := url.Parse(address); err != nil {
		return misuse{errors.New("the address of the database is none; in a name or password, what is no letter or digit is percent-encoded, a space as %20")}
	}
	return nil
}

// onlySQLite refuses a command that cannot do for PostgreSQL what it does.
func (at *installation) onlySQLite(instead string) error {
	if at.Database == "" {
		return nil
	}
	return misuse{errors.New("PostgreSQL has its own tool for that: " + instead)}
}

// unusable makes an error of a file or directory the caller's.
func unusable(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) && !errors.Is(err, syscall.ENOSPC) || errors.Is(err, data.ErrFull) {
		return misuse{err}
	}
	return err
}
