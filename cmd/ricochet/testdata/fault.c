// A disk that fails when it is told to, for the program that this library is
// loaded into beforehand (LD_PRELOAD). It stands before the calls with which
// SQLite writes its database and its log; everything else goes through.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

// What the test says, in memory that it shares with us.
struct control {
	_Atomic int write_errno;  // with which every write fails; 0 is none
	_Atomic int sync_errno;   // and every sync
	_Atomic int sync_fails;   // how many syncs are still to fail with EIO
	_Atomic int sync_delay;   // how long a sync takes besides, in microseconds
	_Atomic int sync_holds;   // 1: a sync does not return
	_Atomic int sync_nothing; // 1: the log is never synced, but said to be
	_Atomic int held;         // syncs that do not return
	_Atomic int synced;       // syncs of the log that were asked for
};

static struct control *control;

__attribute__((constructor)) static void begin(void) {
	const char *path = getenv("RICOCHET_TEST_FAULT");
	int fd = path ? open(path, O_RDWR) : -1;
	if (fd < 0)
		return;
	void *at = mmap(NULL, sizeof(struct control), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (at != MAP_FAILED)
		control = at;
}

// part says which file of a database a descriptor is: 'd'atabase, 'l'og, or 0.
static char part(int fd) {
	char name[64], path[4096];
	snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
	ssize_t n = readlink(name, path, sizeof path - 1);
	if (n < 0)
		return 0;
	path[n] = 0;
	if (n > 4 && strcmp(path + n - 4, "-wal") == 0)
		return 'l';
	return n > 3 && strcmp(path + n - 3, ".db") == 0 ? 'd' : 0;
}

static int refused(int fd) {
	int code = control ? control->write_errno : 0;
	if (code == 0 || part(fd) == 0)
		return 0;
	errno = code;
	return 1;
}

ssize_t pwrite64(int fd, const void *b, size_t n, off64_t at) {
	static ssize_t (*real)(int, const void *, size_t, off64_t);
	if (!real)
		real = dlsym(RTLD_NEXT, "pwrite64");
	return refused(fd) ? -1 : real(fd, b, n, at);
}

ssize_t pwrite(int fd, const void *b, size_t n, off_t at) {
	static ssize_t (*real)(int, const void *, size_t, off_t);
	if (!real)
		real = dlsym(RTLD_NEXT, "pwrite");
	return refused(fd) ? -1 : real(fd, b, n, at);
}

ssize_t write(int fd, const void *b, size_t n) {
	static ssize_t (*real)(int, const void *, size_t);
	if (!real)
		real = dlsym(RTLD_NEXT, "write");
	return refused(fd) ? -1 : real(fd, b, n);
}

// failed says whether a sync fails, after whatever it has to wait for. -1 says
// that it is left out.
static int failed(int fd) {
	char is = control ? part(fd) : 0;
	if (!is)
		return 0;
	if (is == 'l')
		control->synced++;
	if (control->sync_delay)
		usleep(control->sync_delay);
	if (control->sync_holds) {
		control->held++;
		while (control->sync_holds)
			usleep(500);
		control->held--;
	}
	if (control->sync_errno) {
		errno = control->sync_errno;
		return 1;
	}
	int left = control->sync_fails;
	while (left > 0)
		if (atomic_compare_exchange_weak(&control->sync_fails, &left, left - 1)) {
			errno = EIO;
			return 1;
		}
	return is == 'l' && control->sync_nothing ? -1 : 0;
}

static int synced(int fd, const char *name) {
	int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
	int f = failed(fd);
	return f > 0 ? -1 : f < 0 ? 0 : real(fd);
}

int fsync(int fd) { return synced(fd, "fsync"); }

int fdatasync(int fd) { return synced(fd, "fdatasync"); }
