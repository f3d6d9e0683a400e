package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"ricochet.example/data"
)

type backupCommand struct {
	File string `arg:"" help:"File to write; it must not be there yet."`
}

// Help is what ricochet backup --help adds.
func (c *backupCommand) Help() string {
	return "The copy is complete and consistent, whatever is written meanwhile, and is verified before it gets its name. " +
		"It holds no visitor keys, login sessions and sign-in codes. Keep it as safe as the data itself."
}

// Run writes the backup.
func (c *backupCommand) Run(ctx context.Context, std *streams, at *installation) error {
	if err := at.onlySQLite("pg_dump"); err != nil {
		return err
	}
	if _, err := at.file(ctx); err != nil {
		return err
	}
	if there(c.File) {
		return misuse{fmt.Errorf("%s is there already", c.File)}
	}
	if err := data.BackupDir(ctx, at.Dir, c.File); err != nil {
		return unusable(err)
	}
	info, err := os.Stat(c.File)
	if err != nil {
		return err
	}
	fmt.Fprintf(std.Out, "Backed up %s to %s (%s), verified.\n", at.Dir, c.File, size(info.Size()))
	return nil
}

type restoreCommand struct {
	File string `arg:"" help:"Backup to restore."`
}

// Help is what ricochet restore --help adds.
func (c *restoreCommand) Help() string {
	return "The backup is verified first and put into --dir, which must not hold a database yet. Everybody signs in again. " +
		"What was shared after the backup was made is lost, and its links are never given to anybody else."
}

// Run restores the backup.
func (c *restoreCommand) Run(ctx context.Context, std *streams, at *installation) error {
	if err := at.onlySQLite("pg_restore"); err != nil {
		return err
	}
	if !there(c.File) {
		return misuse{fmt.Errorf("there is no %s", c.File)}
	}
	if err := data.Recognise(ctx, c.File); err != nil {
		return unusable(err)
	}
	path := data.File(at.Dir)
	taken := there(path)
	err := data.Restore(ctx, c.File, at.Dir)
	switch {
	case err != nil && taken && !errors.Is(err, data.ErrInUse):
		return misuse{fmt.Errorf("%s is there already; move it away first, or choose another --dir", path)}
	case err != nil:
		return unusable(err)
	}
	fmt.Fprintf(std.Out, "Restored %s into %s. Everybody signs in again.\n", c.File, at.Dir)
	return nil
}

func there(path string) bool {
	_, err := os.Lstat(path)
	return err == nil
}

// size says a number of bytes as people do.
func size(bytes int64) string {
	switch {
	case bytes >= 1<<30:
		return fmt.Sprintf("%.1f GB", float64(bytes)/(1<<30))
	case bytes >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(bytes)/(1<<20))
	}
	return fmt.Sprintf("%d KB", (bytes+1023)>>10)
}
