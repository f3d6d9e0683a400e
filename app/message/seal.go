package message

import (
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"

	"ricochet.example/data"
)

// sealing is the name of the secret that all servers of the installation derive the key for sealing from, and
// sealed what the key is for.
const (
	sealing = "seals"
	sealed  = "ricochet mail server password v1"
)

// secretSize is the length of that secret, in bytes.
const secretSize = 32

// errNoSeal is that a password was sealed under a secret that is not there.
var errNoSeal = errors.New("the secret that the mail server's password was sealed with is gone")

// sealer returns AES-256-GCM under the key that the installation's secret gives for passwords of mail servers.
func sealer(ctx context.Context, tx *data.Tx) (cipher.AEAD, error) {
	secret, err := data.One(ctx, tx, func(row data.Row) (b []byte, err error) { return b, row.Scan(&b) },
		`SELECT value FROM secrets WHERE name = ?`, sealing)
	if errors.Is(err, data.ErrNotFound) {
		return nil, errNoSeal
	}
	if err != nil {
		return nil, err
	}
	key, err := hkdf.Key(sha256.New, secret, nil, sealed, 32)
	if err != nil {
		return nil, fmt.Errorf("deriving the key for sealing: %w", err)
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, fmt.Errorf("preparing to seal: %w", err)
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// seal returns a password as it may stand in the database.
func seal(ctx context.Context, tx *data.Tx, password string) ([]byte, error) {
	secret := make([]byte, secretSize)
	if _, err := rand.Read(secret); err != nil {
		return nil, fmt.Errorf("making a secret: %w", err)
	}
	if _, err := tx.Exec(ctx, `INSERT INTO secrets (name, value) VALUES (?, ?) ON CONFLICT (name) DO NOTHING`, sealing, secret); err != nil {
		return nil, err
	}
	box, err := sealer(ctx, tx)
	if err != nil {
		return nil, err
	}
	return box.Seal(nil, nil, []byte(password), []byte(sealed)), nil
}

// unseal returns the password that seal made that of.
func unseal(ctx context.Context, tx *data.Tx, b []byte) (string, error) {
	box, err := sealer(ctx, tx)
	if err != nil {
		return "", err
	}
	password, err := box.Open(nil, nil, b, []byte(sealed))
	if err != nil {
		return "", fmt.Errorf("opening the mail server's password: %w", err)
	}
	return string(password), nil
}

// Seal seals a password that an earlier version kept in clear. That there is none is no error.
func Seal(ctx context.Context, tx *data.Tx) error {
	clear, err := data.One(ctx, tx, data.Text, `SELECT password FROM mail_passwords WHERE id = 1 AND sealed IS NULL`)
	if errors.Is(err, data.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return keepPassword(ctx, tx, clear)
}

// keepPassword keeps a password, sealed.
func keepPassword(ctx context.Context, tx *data.Tx, password string) error {
	b, err := seal(ctx, tx, password)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO mail_passwords (id, password, sealed) VALUES (1, '', ?)
		ON CONFLICT (id) DO UPDATE SET password = '', sealed = excluded.sealed`, b)
	return err
}
