package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

func TestOldDatabasesAreThrownAwayAndOneOtherSchemaIsKept(t *testing.T) {
	cache, now := t.TempDir(), time.Date(2025, 3, 3, 12, 0, 0, 0, time.UTC)
	for name, age := range map[string]time.Duration{
		"database-100-1000-3-2025-03-02-aa": 20 * time.Hour,
		"database-100-1000-3-2025-03-03-bb": 3 * time.Hour,
		"database-100-1000-3-2025-03-03-cc": time.Hour,
		"database-100-1000-3-2025-03-03-dd": 2 * time.Hour,
		"database-100-2000-3-2025-03-03-bb": 3 * time.Hour,
		"run-1":                             25 * time.Hour,
		"run-2":                             time.Hour,
		"of-somebody-else":                  1000 * time.Hour,
	} {
		dir := filepath.Join(cache, name)
		if err := os.Mkdir(dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(dir, now.Add(-age), now.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	if err := outdated(cache, "database-100-1000-", now); err != nil {
		t.Fatal(err)
	}
	left, err := os.ReadDir(cache)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range left {
		names = append(names, e.Name())
	}
	want := []string{"database-100-1000-3-2025-03-03-cc", "database-100-2000-3-2025-03-03-bb", "of-somebody-else", "run-2"}
	if !slices.Equal(names, want) {
		t.Errorf("there are %q, want %q", names, want)
	}
}

func TestADiskThatIsTooSmallIsRefused(t *testing.T) {
	if err := roomFor(t.TempDir(), plan{opens: 1 << 50}); err == nil {
		t.Error("there is room for more opens than any disk holds")
	}
	if err := roomFor(t.TempDir(), plan{opens: 1}); err != nil {
		t.Error(err)
	}
}
