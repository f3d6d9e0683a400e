package main

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"ricochet.example/app/brand"
	"ricochet.example/data"
)

// get asks a running server.
func get(t *testing.T, address string) (status int, body string) {
	t.Helper()
	req, err := http.NewRequestWithContext(context.Background(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(text)
}

// Ana starts Ricochet on an empty directory, follows the link that it prints,
// and stops it. The next day it prints another one.
func TestServingANewInstallation(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	s := serve(t, "--dir", dir)
	if s.setUp == "" {
		t.Fatalf("no set-up link in %q", s.lines)
	}
	if status, _ := get(t, s.setUp); status != http.StatusOK {
		t.Errorf("the set-up link answers %d", status)
	}
	if status, _ := get(t, s.address+"/setup/not-the-token"); status != http.StatusNotFound {
		t.Errorf("another set-up link answers %d", status)
	}
	e := s.stop(syscall.SIGTERM).wants(0)
	if token := s.setUp[strings.LastIndexByte(s.setUp, '/')+1:]; strings.Contains(e.err, token) {
		t.Error("the token is in the log")
	}
	again := serve(t, "--dir", dir)
	if again.setUp == "" || again.setUp[len(again.address):] == s.setUp[len(s.address):] {
		t.Errorf("the second start prints %q, after %q", again.setUp, s.setUp)
	}
	if status, _ := get(t, again.address+s.setUp[len(s.address):]); status != http.StatusNotFound {
		t.Errorf("the first link still answers %d", status)
	}
	again.stop(syscall.SIGINT).wants(0)
}

func TestAFoundedBrandIsGreetedWithoutALink(t *testing.T) {
	dir := t.TempDir()
	inside(t, dir, func(ctx context.Context, tx *data.Tx) error {
		token, err := brand.SetUp(ctx, tx)
		if err != nil {
			return err
		}
		return brand.Found(ctx, tx, token, brand.Brand{Name: "Lyon Running", Language: "fr", URL: "https://lyon.example", TimeZone: "Europe/Paris", Label: "Publicité"})
	})
	s := serve(t, "--dir", dir)
	if s.setUp != "" || !strings.Contains(s.lines[0], "Lyon Running") || !strings.Contains(s.lines[0], "https://lyon.example") {
		t.Errorf("it greets with %q", s.lines)
	}
	s.stop(syscall.SIGTERM).wants(0)
}

// The address was mistyped at set-up, with https where there is none: nobody can
// sign in to change it.
func TestAWrongPublicAddressIsMendedAtTheStart(t *testing.T) {
	dir := t.TempDir()
	inside(t, dir, func(ctx context.Context, tx *data.Tx) error {
		token, err := brand.SetUp(ctx, tx)
		if err != nil {
			return err
		}
		return brand.Found(ctx, tx, token, brand.Brand{Name: "Lyon", Language: "fr", URL: "https://lyno.example", TimeZone: "Europe/Paris", Label: "Publicité"})
	})
	ricochet(t, "--dir", dir, "--addr", "127.0.0.1:0", "--public-url", "lyon").wants(exitMisuse, "--public-url", "lyon").alone()
	s := serve(t, "--dir", dir, "--public-url", "https://lyon.example")
	if !strings.Contains(s.lines[0], "https://lyon.example") {
		t.Errorf("it greets with %q", s.lines)
	}
	s.stop(syscall.SIGTERM).wants(0)
}

func TestABusyPortIsWrongUse(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	ricochet(t, "--dir", t.TempDir(), "--addr", l.Addr().String()).wants(exitMisuse, l.Addr().String(), "busy", "--addr").alone()
	ricochet(t, "--dir", t.TempDir(), "--addr", "nowhere").wants(exitMisuse, "nowhere").alone()
}

func TestASecondProcessIsTurnedAwayUntilTheFirstEnds(t *testing.T) {
	dir := t.TempDir()
	s := serve(t, "--dir", dir)
	ricochet(t, "serve", "--dir", dir, "--addr", "127.0.0.1:0").wants(exitInUse, dir, "in use").alone()
	ricochet(t, "restore", "--dir", dir, backupOf(t, dir)).wants(exitInUse, "in use").alone()
	if status, _ := get(t, s.setUp); status != http.StatusOK {
		t.Errorf("the first process then answers %d", status)
	}
	s.stop(syscall.SIGTERM).wants(0)
	serve(t, "--dir", dir).stop(syscall.SIGTERM).wants(0)
}

// Ben asks; while he waits the server is told to stop. Cleo comes too late.
func TestWhatWasAskedBeforeTheEndIsAnswered(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	begun, goOn := make(chan struct{}), make(chan struct{})
	site := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		close(begun)
		<-goOn
		_, _ = io.WriteString(w, "here you are")
	})
	ended := make(chan error, 1)
	go func() { ended <- answer(ctx, slog.New(slog.DiscardHandler), l, site) }()
	answered := make(chan string, 1)
	go func() {
		_, body := get(t, "http://"+l.Addr().String())
		answered <- body
	}()
	<-begun
	stop()
	for { // until the port is free again
		conn, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			break
		}
		_ = conn.Close()
	}
	select {
	case err := <-ended:
		t.Errorf("it ended with %v before it had answered", err)
	default:
	}
	close(goOn)
	if body := <-answered; body != "here you are" {
		t.Errorf("the answer is %q", body)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func TestWorkBehindTheRequestsIsFinishedAtTheEnd(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	stop() // the signal alone does not end it
	last := false
	end := behind(ctx, func(ctx context.Context) {
		<-ctx.Done()
		last = true
	})
	end()
	if !last {
		t.Error("it did not wait for the last work")
	}
}
