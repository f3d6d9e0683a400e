package brand

import (
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"

	"ricochet.example/app/id"
	"ricochet.example/data"
)

// Secret returns the secret of that name and size in bytes. The first server that asks makes it; all
// others, and all later starts, get the same.
func Secret(ctx context.Context, tx *data.Tx, name string, size int) ([]byte, error) {
	if _, err := tx.Exec(ctx, `INSERT INTO secrets (name, value) VALUES (?, ?)
		ON CONFLICT (name) DO NOTHING`, name, id.Secret(size)); err != nil {
		return nil, err
	}
	secret, err := data.One(ctx, tx, blob, `SELECT value FROM secrets WHERE name = ?`, name)
	if err != nil {
		return nil, err
	}
	if len(secret) != size {
		return nil, fmt.Errorf("the secret %q has %d bytes, not %d", name, len(secret), size)
	}
	return secret, nil
}

func blob(row data.Row) (b []byte, err error) { return b, row.Scan(&b) }

// setUp is the name under which the hash of the set-up token is kept.
const setUp = "set-up token"

// SetUp makes a new set-up token of 192 random bits and forgets the one before; only its hash is kept. It
// returns an empty token when the brand is founded and there is nothing left to set up.
func SetUp(ctx context.Context, tx *data.Tx) (token string, err error) {
	if _, err := Of(ctx, tx); err == nil || !errors.Is(err, data.ErrNotFound) {
		return "", err
	}
	token = base64.RawURLEncoding.EncodeToString(id.Secret(24))
	_, err = tx.Exec(ctx, `INSERT INTO secrets (name, value) VALUES (?, ?)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, setUp, id.Hash(token))
	return token, err
}

// MaySetUp says whether the token is the one that SetUp made last, and the brand still to be founded.
func MaySetUp(ctx context.Context, tx *data.Tx, token string) (bool, error) {
	hash, err := data.One(ctx, tx, blob, `SELECT value FROM secrets WHERE name = ?`, setUp)
	if errors.Is(err, data.ErrNotFound) {
		return false, nil
	}
	return err == nil && subtle.ConstantTimeCompare(hash, id.Hash(token)) == 1, err
}
