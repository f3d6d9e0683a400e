package data

import (
	"database/sql"
	"fmt"
	"reflect"
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

// assign puts a value that SQLite returned where a caller wants it.
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
			*d = append([]byte(nil), b...)
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
