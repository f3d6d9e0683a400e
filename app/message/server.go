package message

import (
	"context"
	"net"
	"strings"

	"ricochet.example/app/check"
	"ricochet.example/data"
)

// Server is the mail server that takes the installation's mails, and as whom we send.
type Server struct {
	Host     string
	Port     int
	Security Security
	User     string // empty: the server asks for none
	Password string // never shown and never logged

	SenderName    string
	SenderAddress string
}

// Security is how the way to the mail server is protected.
type Security string

// The ways: TLS asked for on a plain connection (usual on port 587), TLS from the first byte (on port 465), and
// none, which is for a mail server on the same machine only.
const (
	StartTLS Security = "starttls"
	TLS      Security = "tls"
	Plain    Security = "none"
)

// Lengths of what a mail server is told, in characters.
const (
	longestHost     = 253
	longestUser     = 254
	longestPassword = 500
	longestSender   = 80
)

// Check returns what keeps the server from being used.
func (s Server) Check() (p check.Problems) {
	p.Filled("host", s.Host)
	p.Longest("host", s.Host, longestHost)
	if strings.ContainsAny(s.Host, " /@,;<>\\\t\r\n") || strings.Contains(s.Host, ":") && net.ParseIP(s.Host) == nil {
		p.Add("host", "mail_server.host_wrong")
	}
	p.Between("port", s.Port, 1, 65535)
	p.OneOf("security", string(s.Security), string(StartTLS), string(TLS), string(Plain))
	if s.Security == Plain && !s.near() {
		p.Add("security", "mail_server.plain_far")
	}
	p.Longest("user", s.User, longestUser)
	p.Longest("password", s.Password, longestPassword)
	if strings.ContainsAny(s.User, "\r\n") {
		p.Add("user", "check.text")
	}
	if s.User != "" && s.Password == "" {
		p.Add("password", "check.required")
	}
	p.Filled("sender_name", s.SenderName)
	p.Longest("sender_name", s.SenderName, longestSender)
	if strings.ContainsAny(s.SenderName, "\r\n") {
		p.Add("sender_name", "check.text")
	}
	p.Email("sender_address", s.SenderAddress)
	return p
}

// near says whether the server is on this machine.
func (s Server) near() bool {
	ip := net.ParseIP(s.Host)
	return strings.EqualFold(s.Host, "localhost") || ip != nil && ip.IsLoopback()
}

// SameAccount says whether two are the same account at the same server, so that one's password is the other's.
func (s Server) SameAccount(other Server) bool {
	return strings.EqualFold(s.Host, other.Host) && s.Port == other.Port && s.Security == other.Security && s.User == other.User
}

// domain is that of the sender, by which we introduce ourselves and which ends our Message-IDs.
func (s Server) domain() string {
	_, domain, _ := strings.Cut(s.SenderAddress, "@")
	return domain
}

const serverColumns = `s.host, s.port, s.security, s.username, s.sender_name, s.sender_address, coalesce(p.password, ''), p.sealed`

// ServerOf returns the mail server, or data.ErrNotFound while there is none.
func ServerOf(ctx context.Context, tx *data.Tx) (Server, error) {
	var box []byte
	s, err := data.One(ctx, tx, func(row data.Row) (s Server, err error) {
		return s, row.Scan(&s.Host, &s.Port, &s.Security, &s.User, &s.SenderName, &s.SenderAddress, &s.Password, &box)
	}, `SELECT `+serverColumns+` FROM mail_server s LEFT JOIN mail_passwords p ON p.id = s.id WHERE s.id = 1`)
	if err != nil || box == nil {
		return s, err
	}
	s.Password, err = unseal(ctx, tx, box)
	return s, err
}

// UseServer sends mails by a server that has passed Check from now on. What waits for another try is tried at once.
func UseServer(ctx context.Context, tx *data.Tx, s Server) error {
	if _, err := tx.Exec(ctx, `INSERT INTO mail_server (id, host, port, security, username, sender_name, sender_address, changed_at)
			VALUES (1, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET host = excluded.host, port = excluded.port, security = excluded.security,
			username = excluded.username, sender_name = excluded.sender_name, sender_address = excluded.sender_address,
			changed_at = excluded.changed_at`,
		s.Host, s.Port, string(s.Security), s.User, strings.TrimSpace(s.SenderName), s.SenderAddress, tx.Now()); err != nil {
		return err
	}
	if err := keepPassword(ctx, tx, s.Password); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE mails SET next_at = ? WHERE state = 'waiting' AND next_at > ?`, tx.Now(), tx.Now())
	return err
}

// NoServer keeps mails in the outbox from now on.
func NoServer(ctx context.Context, tx *data.Tx) error {
	if _, err := tx.Exec(ctx, `DELETE FROM mail_passwords`); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM mail_server`)
	return err
}
