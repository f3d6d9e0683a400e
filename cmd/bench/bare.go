package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
)

// bare is what the bare handlers answer: what the product answered once.
type bare struct {
	Page, Open copied
}

// copied is an answer that the product gave.
type copied struct {
	Header http.Header
	Body   []byte
}

// bareCommand is the first argument of the process that serves the bare handlers.
const bareCommand = "serve-bare"

// ServeHTTP writes the page for a GET; for a POST it takes the body and gives
// the product's answer. There is nothing that could be left out.
func (b *bare) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	what := &b.Page
	if r.Method == http.MethodPost {
		var body [1024]byte
		if _, err := io.ReadFull(r.Body, body[:]); !errors.Is(err, io.ErrUnexpectedEOF) {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		what = &b.Open
	}
	h := w.Header()
	for name, value := range what.Header {
		h[name] = value
	}
	_, _ = w.Write(what.Body)
}

// serveBare reads what to answer from its input, serves it, and ends with its input.
func serveBare(addr string, in io.Reader) error {
	lines := bufio.NewReader(in)
	text, err := lines.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("reading what to serve: %w", err)
	}
	var b bare
	if err := json.Unmarshal(text, &b); err != nil {
		return fmt.Errorf("reading what to serve: %w", err)
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(io.Discard, lines)
		os.Exit(0)
	}()
	return http.Serve(l, &b) //nolint:gosec // bare is the point: no timeouts
}

// copyAnswer sends one request of the load and keeps what the server answered.
func copyAnswer(addr string, request []byte) (c copied, err error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return c, err
	}
	defer conn.Close()
	if _, err := conn.Write(request); err != nil {
		return c, err
	}
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		return c, err
	}
	defer res.Body.Close()
	if c.Body, err = io.ReadAll(res.Body); err != nil {
		return c, err
	}
	if res.StatusCode != http.StatusOK {
		first, _, _ := strings.Cut(string(request), "\r\n")
		return c, fmt.Errorf("%s: %s: %.200q", first, res.Status, c.Body)
	}
	c.Header = res.Header
	c.Header.Del("Date") // net/http adds it
	return c, nil
}
