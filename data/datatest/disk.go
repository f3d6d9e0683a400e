package datatest

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Disk is a file system of its own, in a file. Only root can have one.
type Disk struct {
	// Dir is where it is mounted.
	Dir     string
	t       testing.TB
	image   string
	mounted bool
}

// NewDisk makes an ext4 file system of so many megabytes and mounts it until the
// end of the test, which is skipped when the tests do not run as root.
func NewDisk(t testing.TB, megabytes int64) *Disk {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("a file system of its own needs root")
	}
	at := t.TempDir()
	d := &Disk{Dir: filepath.Join(at, "disk"), t: t, image: filepath.Join(at, "image")}
	file, err := os.Create(d.image)
	if err != nil {
		t.Fatal(err)
	}
	if err := file.Truncate(megabytes << 20); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(d.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	d.run("mkfs.ext4", "-q", "-F", "-b", "4096", "-E", "lazy_itable_init=0,lazy_journal_init=0", d.image)
	t.Cleanup(d.unmount)
	d.Mount()
	return d
}

func (d *Disk) run(name string, args ...string) {
	d.t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil { //nolint:noctx // it must also run at the end
		d.t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// Mount mounts it, for the first time or again: what its journal says is done
// then, as after a power cut.
func (d *Disk) Mount() {
	d.t.Helper()
	d.run("mount", "-o", "loop", d.image, d.Dir)
	d.mounted = true
}

// shutdown is FS_IOC_SHUTDOWN, and noFlush what it is told: to leave even the
// journal as it is.
const (
	shutdown = 0x8004587d
	noFlush  = 2
)

// Cut takes the power from it: what was not written out to the disk never will
// be, and nothing can be written any more.
func (d *Disk) Cut() {
	d.t.Helper()
	dir, err := os.Open(d.Dir)
	if err != nil {
		d.t.Fatal(err)
	}
	defer dir.Close()
	how := uint32(noFlush)
	if _, _, code := unix.Syscall(unix.SYS_IOCTL, dir.Fd(), shutdown, uintptr(unsafe.Pointer(&how))); code != 0 {
		d.t.Fatalf("cutting the power: %v", code)
	}
}

// Remount mounts it again after a cut, once nobody has anything open on it.
func (d *Disk) Remount() {
	d.t.Helper()
	d.run("umount", d.Dir)
	d.mounted = false
	d.Mount()
}

func (d *Disk) unmount() {
	if d.mounted {
		d.run("umount", d.Dir)
	}
}
