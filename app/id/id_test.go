package id_test

import (
	"bytes"
	"encoding/hex"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"

	"ricochet.example/app/id"
)

func TestANewIDIsAVersion7UUIDAndLaterOnesSortAfterIt(t *testing.T) {
	made := make([]string, 1000)
	for i := range made {
		made[i] = id.New()
	}
	if u, err := uuid.Parse(made[0]); err != nil || u.Version() != 7 {
		t.Errorf("%q: %v", made[0], err)
	}
	if !slices.IsSorted(made) || len(slices.Compact(slices.Clone(made))) != len(made) {
		t.Error("ids made one after the other are not in order, or repeat")
	}
}

func TestATimelessIDTellsNotWhenItWasMade(t *testing.T) {
	one, another := id.Timeless(), id.Timeless()
	if u, err := uuid.Parse(one); err != nil || u.Version() != 4 || one == another {
		t.Errorf("%q and %q: %v", one, another, err)
	}
}

func TestSecretsHaveTheLengthAskedForAndDiffer(t *testing.T) {
	a, b := id.Secret(32), id.Secret(32)
	if len(a) != 32 || bytes.Equal(a, b) || bytes.Equal(a, make([]byte, 32)) {
		t.Errorf("%x and %x", a, b)
	}
}

func TestAnInvitationCodeHas20UnmistakableCharacters(t *testing.T) {
	for range 1000 {
		if code := id.Code(); len(code) != 20 || strings.Trim(code, "0123456789abcdefghjkmnpqrstvwxyz") != "" {
			t.Fatalf("%q", code)
		}
	}
	if one, other := id.Code(), id.Code(); one == other {
		t.Error("two codes are the same")
	}
}

func TestAnInvitationCodeIsReadAsPeopleTypeIt(t *testing.T) {
	const code = "0123456789abcdefghjk"
	for typed, want := range map[string]string{
		code:                             code,
		"01234-56789-ABCDE-FGHJK":        code,
		" 01234 56789 abcde fghjk ":      code,
		"OI234 56789 abcde fghjk":        code,
		"ol23456789abcdefghjk\u200b":     code,
		code[:19]:                        "",
		code + "0":                       "",
		"u1234-56789-abcde-fghjk":        "",
		"":                               "",
		"été34-56789-abcde-fghjk":        "",
		"01234_56789_abcde_fghjk":        "",
		strings.Repeat("0", 1000) + code: "",
	} {
		if got, ok := id.ParseCode(typed); ok != (want != "") || ok && got != want {
			t.Errorf("%q is read as %q, %v", typed, got, ok)
		}
	}
	for range 100 {
		if code := id.Code(); !parses(code) {
			t.Fatalf("%q is refused", code)
		}
	}
}

func parses(code string) bool {
	got, ok := id.ParseCode(code)
	return ok && got == code
}

func TestSignInDigitsAreAllEquallyLikely(t *testing.T) {
	if code := id.Digits(6); len(code) != 6 {
		t.Fatalf("%q", code)
	}
	const n = 100_000
	for digit, count := range counts(id.Digits(n)) {
		// Ten standard deviations (95 each) from the mean: one false alarm in 10²².
		if digit < '0' || digit > '9' || count < n/10-950 || count > n/10+950 {
			t.Errorf("%q comes %d times in %d", digit, count, n)
		}
	}
}

func counts(s string) map[rune]int {
	m := make(map[rune]int)
	for _, r := range s {
		m[r]++
	}
	return m
}

func TestASecretIsKeptAsItsSHA256(t *testing.T) {
	// The value of FIPS 180-2, appendix B.1.
	const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
	if got := hex.EncodeToString(id.Hash("abc")); got != abc {
		t.Error(got)
	}
	if !bytes.Equal(id.Hash([]byte("abc")), id.Hash("abc")) {
		t.Error("bytes and text of a secret differ in their hash")
	}
}
