package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"ricochet.example/app/spread"
	"ricochet.example/data"
)

type checkCommand struct{}

// Help is what ricochet check --help adds.
func (c *checkCommand) Help() string {
	return "Every page, index and reference of the database is read. Then a copy is made in the directory for temporary files (TMPDIR), " +
		"all numbers in it are thrown away and made again from the log of opens and decisions, and each that differs is named. " +
		"Nothing in the installation is changed. Exit code 1 when a number differs, 4 when the database is damaged."
}

// Run checks the installation.
func (c *checkCommand) Run(ctx context.Context, std *streams, at *installation) (err error) {
	dir, err := os.MkdirTemp("", "ricochet-check-")
	if err != nil {
		return unusable(err)
	}
	defer os.RemoveAll(dir)
	stood, err := at.copyOf(ctx, std, filepath.Join(dir, "stood"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stood.Close()) }()
	again, err := secondCopy(ctx, stood, filepath.Join(dir, "again"))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, again.Close()) }()
	return compare(ctx, std, stood, again)
}

// copyOf verifies the installation's database and opens a copy of it.
func (at *installation) copyOf(ctx context.Context, std *streams, dir string) (*data.DB, error) {
	if at.Database != "" {
		return at.copyOfPostgres(ctx, std, dir)
	}
	path, err := at.file(ctx)
	if err != nil {
		return nil, err
	}
	if err := data.VerifyFile(ctx, path); err != nil {
		return nil, unusable(err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	if err := data.BackupDir(ctx, at.Dir, data.File(dir)); err != nil {
		return nil, unusable(err)
	}
	return openDir(ctx, dir)
}

// secondCopy copies a copy.
func secondCopy(ctx context.Context, db *data.DB, dir string) (*data.DB, error) {
	if err := os.Mkdir(dir, 0o700); err != nil {
		return nil, err
	}
	if err := db.Backup(ctx, data.File(dir)); err != nil {
		return nil, err
	}
	return openDir(ctx, dir)
}

// compare folds the second copy again and names every number of the first
// that differs.
func compare(ctx context.Context, std *streams, stood, again *data.DB) error {
	had, err := spread.Unfold(ctx, again)
	if err != nil {
		return err
	}
	var opens, links int64
	err = again.View(ctx, func(tx *data.Tx) (err error) {
		if opens, err = data.Int(ctx, tx, `SELECT count(*) FROM opens WHERE id <= ?`, had.Open); err != nil {
			return err
		}
		links, err = data.Int(ctx, tx, `SELECT count(*) FROM links`)
		return err
	})
	if err != nil {
		return err
	}
	bar := std.progress("Folding again", opens)
	if err := spread.Refold(ctx, again, had, bar.add); err != nil {
		return err
	}
	bar.end()
	drifts := 0
	err = spread.Compare(ctx, stood, again, func(d spread.Drift) error {
		drifts++
		_, err := fmt.Fprintln(std.Out, d)
		return err
	})
	switch {
	case err != nil:
		return err
	case drifts > 0:
		return fmt.Errorf("%s not what the log of opens says", count(int64(drifts), "number is", "numbers are"))
	}
	fmt.Fprintf(std.Out, "All is well: %s of %s, folded again, make the numbers that stand.\n",
		count(opens, "open", "opens"), count(links, "link", "links"))
	return nil
}

// count is a number with its noun.
func count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
