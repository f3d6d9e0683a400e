//go:build !linux

package walwrite

func register() (string, error) { return "", nil }
