package data

import (
	"database/sql"
	"fmt"
	"time"
)

// values turns Go's times and truths into what both engines keep: UTC
// milliseconds (the zero time is null) and 0 or 1.
func values(args []any) []any {
	for i, a := range args {
		switch v := a.(type) {
		case time.Time:
			if v.IsZero() {
				args[i] = nil
			} else {
				args[i] = v.UnixMilli()
			}
		case bool:
			if v {
				args[i] = int64(1)
			} else {
				args[i] = int64(0)
			}
		}
	}
	return args
}

// Time scans a column of milliseconds into t, in UTC; null is the zero time.
func Time(t *time.Time) sql.Scanner { return (*instant)(t) }

// Bool scans a column of 0 or 1 into b.
func Bool(b *bool) sql.Scanner { return (*truth)(b) }

// Null scans a column that may be null into v, leaving v alone when it is.
func Null[T any](v *T) sql.Scanner { return nullable[T]{v} }

type (
	instant         time.Time
	truth           bool
	nullable[T any] struct{ v *T }
)

// Scan implements sql.Scanner.
func (i *instant) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*i = instant{}
	case int64:
		*i = instant(time.UnixMilli(v).UTC())
	default:
		return fmt.Errorf("a %T is no instant", src)
	}
	return nil
}

// Scan implements sql.Scanner.
func (b *truth) Scan(src any) error {
	switch v := src.(type) {
	case nil:
		*b = false
	case int64:
		*b = v != 0
	default:
		return fmt.Errorf("a %T is no truth value", src)
	}
	return nil
}

// Scan implements sql.Scanner.
func (n nullable[T]) Scan(src any) error {
	var v sql.Null[T]
	if err := v.Scan(src); err != nil || !v.Valid {
		return err
	}
	*n.v = v.V
	return nil
}
