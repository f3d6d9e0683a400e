// Package walwrite lets SQLite write what a transaction adds to its log in one
// piece. By itself SQLite makes two system calls for each page: of a commit of
// thirty opens these are some three hundred, and a tenth of what it costs.
package walwrite

// Parameter makes the way of writing known to SQLite and returns what the
// address of a connection asks for it by ("vfs=…"), or nothing on a system where
// SQLite writes as it always does.
func Parameter() (string, error) { return register() }
