package main

import (
	"bufio"
	"fmt"
	"os"
	"runtime"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// machine is one line on what was measured on, for whoever compares two runs.
func machine(dir string) (string, error) {
	p50, p99, err := syncing(dir)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("%d cores (%s), %s, %s on %s, fdatasync of 4 KB p50 %s p99 %s",
		runtime.NumCPU(), processor(), runtime.Version(), runtime.GOOS+"/"+runtime.GOARCH, fileSystem(dir),
		asMillis(p50), asMillis(p99)), nil
}

func processor() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return "unknown"
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if name, ok := strings.CutPrefix(lines.Text(), "model name"); ok {
			return strings.TrimLeft(name, "\t :")
		}
	}
	return "unknown"
}

// fileSystem names the file system of dir; see statfs(2).
func fileSystem(dir string) string {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return "an unknown file system"
	}
	switch s.Type {
	case unix.EXT4_SUPER_MAGIC:
		return "ext4"
	case unix.XFS_SUPER_MAGIC:
		return "xfs"
	case unix.BTRFS_SUPER_MAGIC:
		return "btrfs"
	case unix.OVERLAYFS_SUPER_MAGIC:
		return "overlayfs"
	case unix.TMPFS_MAGIC:
		return "tmpfs, where nothing is ever on a disk: choose another --cache"
	}
	return fmt.Sprintf("file system %#x", s.Type)
}

// syncing measures how long the disk takes to make four kilobytes durable.
func syncing(dir string) (p50, p99 float64, err error) {
	f, err := os.CreateTemp(dir, "sync-")
	if err != nil {
		return 0, 0, fmt.Errorf("measuring the disk: %w", err)
	}
	defer os.Remove(f.Name())
	defer f.Close()
	page := make([]byte, 4096)
	var took []float64
	for range 300 {
		if _, err := f.Write(page); err != nil {
			return 0, 0, fmt.Errorf("measuring the disk: %w", err)
		}
		began := time.Now()
		if err := unix.Fdatasync(int(f.Fd())); err != nil {
			return 0, 0, fmt.Errorf("measuring the disk: %w", err)
		}
		took = append(took, millis(time.Since(began)))
	}
	return quantile(took, 0.5), quantile(took, 0.99), nil
}

// crowded is how much of the machine others took while it was measured.
type crowded struct{ others, measured time.Duration }

func (c *crowded) add(r round) {
	c.others += r.others
	c.measured += r.took
}

// tooMuch is the part of the machine that others may take before the numbers
// say more about them than about us.
const tooMuch = 0.1

// share is the part of all cores that others took.
func (c crowded) share(cores int) float64 {
	if c.measured == 0 {
		return 0
	}
	return c.others.Seconds() / (c.measured.Seconds() * float64(cores))
}

// warning is empty when we were nearly alone.
func (c crowded) warning(cores int) string {
	if c.share(cores) < tooMuch {
		return ""
	}
	return fmt.Sprintf("Others took %.0f %% of the machine's CPU while it was measured. Times and rates say little, ratios not much; run it again when it is quiet.\n", 100*c.share(cores))
}
