package data

import (
	"bytes"
	"database/sql"
	"fmt"
	"reflect"
	"slices"
	"time"
)

// values turns Go's times and truths into what both engines keep: UTC
// milliseconds (the zero time is null) and 0 or 1. The caller's slice stays as
// it is: the function may be run again with it.
func values(args []any) []any {
	kept := args
	for i, a := range args {
		v, other := value(a)
		if !other {
			continue
		}
		if &kept[0] == &args[0] {
			kept = slices.Clone(args)
		}
		kept[i] = v
	}
	return kept
}

func value(a any) (v any, other bool) {
	switch a := a.(type) {
	case time.Time:
		if a.IsZero() {
			return nil, true
		}
		return a.UnixMilli(), true
	case bool:
		if a {
			return int64(1), true
		}
		return int64(0), true
	}
	return a, false
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

// scanRow puts the values of a row where a caller wants them.
func scanRow[V any](query string, row []V, dest []any) error {
	if len(dest) != len(row) {
		return fmt.Errorf("reading %q: %d columns for %d places", title(query), len(row), len(dest))
	}
	for i, v := range row {
		if err := assign(dest[i], v); err != nil {
			return fmt.Errorf("reading %q, column %d: %w", title(query), i+1, err)
		}
	}
	return nil
}

// assign puts a value that an engine returned where a caller wants it. It is
// the same on both, and stricter than database/sql: what fits on one fits on
// the other.
func assign(dest, v any) error {
	switch d := dest.(type) {
	case *int64:
		if n, ok := v.(int64); ok {
			*d = n
			return nil
		}
	case *string:
		if t, ok := v.(string); ok {
			*d = t
			return nil
		}
	case *[]byte:
		switch b := v.(type) {
		case nil:
			*d = nil
			return nil
		case []byte:
			*d = bytes.Clone(b)
			return nil
		}
	case *any:
		*d = v
		return nil
	case sql.Scanner:
		return d.Scan(v)
	}
	return assignKind(reflect.ValueOf(dest), v)
}

// assignKind serves named and small types.
func assignKind(dest reflect.Value, v any) error {
	if dest.Kind() != reflect.Pointer || dest.IsNil() {
		return fmt.Errorf("a %s cannot be scanned into", dest.Type())
	}
	to := dest.Elem()
	switch from := v.(type) {
	case int64:
		switch {
		case to.CanInt() && !to.OverflowInt(from):
			to.SetInt(from)
			return nil
		case to.CanUint() && from >= 0 && !to.OverflowUint(uint64(from)):
			to.SetUint(uint64(from))
			return nil
		case to.CanFloat():
			to.SetFloat(float64(from))
			return nil
		}
	case float64:
		if to.CanFloat() {
			to.SetFloat(from)
			return nil
		}
	case string:
		if to.Kind() == reflect.String {
			to.SetString(from)
			return nil
		}
	}
	return fmt.Errorf("a %T does not fit into a %s", v, to.Type())
}
