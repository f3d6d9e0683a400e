// A VFS of SQLite that stands before the system's own and differs from it in
// one thing: what is written to a log, two small writes for each page, goes to
// the file together, at the latest with the frame that commits. Nobody but the
// connection that writes may look at frames before that one, and its own reads
// write first what waits.

#include <stdlib.h>
#include <string.h>

#include "log_linux.h"

// The most that waits: 62 pages of 1 KiB with their heads.
#define ROOM (64 * 1024)
// The head of a frame (https://sqlite.org/fileformat2.html#the_write_ahead_log):
// bytes 4 to 7 are the size of the database after a commit, or 0.
#define HEAD 24
#define SMALLEST_PAGE 512

typedef struct log_file {
	sqlite3_file base;
	sqlite3_file *real; // the system's, behind this one in the same memory
	sqlite3_int64 at;   // where what waits belongs
	int waiting;        // how much waits
	sqlite3_int64 end;  // where the last that came ends
	int commits;        // the head of a committing frame was the last that came
	char *room;
} log_file;

static log_file *log_of(sqlite3_file *f) { return (log_file *)f; }

// settle writes what waits. What could not be written does not wait any more:
// SQLite takes the transaction back, and says why.
static int settle(log_file *l) {
	int n = l->waiting;
	if (n == 0) return SQLITE_OK;
	l->waiting = 0;
	return l->real->pMethods->xWrite(l->real, l->room, n, l->at);
}

static int log_write(sqlite3_file *f, const void *data, int n, sqlite3_int64 at) {
	log_file *l = log_of(f);
	int rc, follows = at == l->end;
	l->end = at + n;
	if (l->waiting > 0 && (at != l->at + l->waiting || l->waiting + n > ROOM)) {
		if ((rc = settle(l)) != SQLITE_OK) return rc;
	}
	if (n > ROOM) return l->real->pMethods->xWrite(l->real, data, n, at);
	if (l->waiting == 0) l->at = at;
	memcpy(l->room + l->waiting, data, n);
	l->waiting += n;
	if (n == HEAD && follows) {
		static const char none[4];
		l->commits = memcmp((const char *)data + 4, none, sizeof none) != 0;
		return SQLITE_OK;
	}
	// Only a frame that commits nothing waits. What is neither a head nor a page (the
	// head of the log, a part of a frame) does not, nor what follows it; nor the head
	// of an earlier frame, which is put right at a commit when one of its pages was
	// written ahead of it twice.
	if (n < SMALLEST_PAGE) l->commits = 1;
	return l->commits ? settle(l) : SQLITE_OK;
}

static int log_read(sqlite3_file *f, void *into, int n, sqlite3_int64 at) {
	log_file *l = log_of(f);
	int rc = settle(l);
	return rc != SQLITE_OK ? rc : l->real->pMethods->xRead(l->real, into, n, at);
}

static int log_truncate(sqlite3_file *f, sqlite3_int64 size) {
	log_file *l = log_of(f);
	int rc = settle(l);
	return rc != SQLITE_OK ? rc : l->real->pMethods->xTruncate(l->real, size);
}

static int log_sync(sqlite3_file *f, int flags) {
	log_file *l = log_of(f);
	int rc = settle(l);
	return rc != SQLITE_OK ? rc : l->real->pMethods->xSync(l->real, flags);
}

static int log_size(sqlite3_file *f, sqlite3_int64 *size) {
	log_file *l = log_of(f);
	int rc = settle(l);
	return rc != SQLITE_OK ? rc : l->real->pMethods->xFileSize(l->real, size);
}

static int log_control(sqlite3_file *f, int op, void *arg) {
	log_file *l = log_of(f);
	int rc = settle(l);
	return rc != SQLITE_OK ? rc : l->real->pMethods->xFileControl(l->real, op, arg);
}

static int log_close(sqlite3_file *f) {
	log_file *l = log_of(f);
	int rc = settle(l);
	int closed = l->real->pMethods->xClose(l->real);
	free(l->room);
	l->room = NULL;
	return rc != SQLITE_OK ? rc : closed;
}

static int log_lock(sqlite3_file *f, int how) { return log_of(f)->real->pMethods->xLock(log_of(f)->real, how); }
static int log_unlock(sqlite3_file *f, int how) { return log_of(f)->real->pMethods->xUnlock(log_of(f)->real, how); }
static int log_locked(sqlite3_file *f, int *is) { return log_of(f)->real->pMethods->xCheckReservedLock(log_of(f)->real, is); }
static int log_sector(sqlite3_file *f) { return log_of(f)->real->pMethods->xSectorSize(log_of(f)->real); }
static int log_device(sqlite3_file *f) { return log_of(f)->real->pMethods->xDeviceCharacteristics(log_of(f)->real); }

static const sqlite3_io_methods methods = {
	1, log_close, log_read, log_write, log_truncate, log_sync, log_size,
	log_lock, log_unlock, log_locked, log_control, log_sector, log_device,
};

static sqlite3_vfs *under; // the system's own
static sqlite3_vfs vfs;

static int open_file(sqlite3_vfs *v, const char *name, sqlite3_file *f, int flags, int *became) {
	(void)v;
	if (!(flags & SQLITE_OPEN_WAL)) return under->xOpen(under, name, f, flags, became);
	log_file *l = log_of(f);
	memset(l, 0, sizeof *l);
	l->real = (sqlite3_file *)(l + 1);
	if ((l->room = malloc(ROOM)) == NULL) return SQLITE_NOMEM;
	int rc = under->xOpen(under, name, l->real, flags, became);
	if (l->real->pMethods == NULL) {
		free(l->room);
		l->room = NULL;
		return rc;
	}
	l->base.pMethods = &methods;
	return rc;
}

int walwrite_register(void) {
	if ((under = sqlite3_vfs_find(NULL)) == NULL) return SQLITE_ERROR;
	vfs = *under; // its other functions take the file of whom they are asked for, or none
	vfs.zName = "walwrite";
	vfs.pNext = NULL;
	vfs.szOsFile = (int)sizeof(log_file) + under->szOsFile;
	vfs.xOpen = open_file;
	return sqlite3_vfs_register(&vfs, 0);
}
