package message

import (
	"context"

	"ricochet.example/data"
)

// Take claims a mail as a sender does, and HandOver notes what it notes right before the end of a mail goes out:
// what a sender leaves behind that dies there.
func Take(ctx context.Context, tx *data.Tx) (Mail, error) {
	return ordinary.take(ctx, tx, "novaska.example")
}

// HandOver is the other half.
func HandOver(ctx context.Context, tx *data.Tx, m Mail) error { return handOver(ctx, tx, m) }
