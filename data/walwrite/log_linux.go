package walwrite

// #include "log_linux.h"
import "C"

import (
	"fmt"
	"sync"

	_ "github.com/mattn/go-sqlite3" // has SQLite itself
)

var register = sync.OnceValues(func() (string, error) {
	if rc := C.walwrite_register(); rc != 0 {
		return "", fmt.Errorf("registering how the log is written: SQLite says %d", int(rc))
	}
	return "vfs=walwrite", nil // as it is called there
})
