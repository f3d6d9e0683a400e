package visit

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
)

// request is one line that Classify reads. Fields that it does not know are passed over.
type request struct {
	ID      json.RawMessage       `json:"id"`
	Method  *string               `json:"method"`
	Headers map[string]textOrList `json:"headers"`
	TLS     *bool                 `json:"tls"`
}

// textOrList is a header's value, or its values where it was sent more than once.
type textOrList []string

// UnmarshalJSON reads a text or a list of texts.
func (t *textOrList) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '[' {
		return json.Unmarshal(b, (*[]string)(t))
	}
	var s *string
	if err := json.Unmarshal(b, &s); err != nil {
		return err
	}
	if s == nil {
		return errors.New("a header's value is null")
	}
	*t = textOrList{*s}
	return nil
}

// answer is one line that Classify writes.
type answer struct {
	ID      json.RawMessage `json:"id"`
	Verdict string          `json:"verdict"`
	Channel string          `json:"channel"`
	Rule    string          `json:"rule"`
}

// Classify judges the requests that r gives as JSON lines {"id","method","headers","tls"} and
// writes one line {"id","verdict","channel","rule"} for each to w, in the same order. A request
// came over https unless it says otherwise; header names may be in any case. A line that is no
// request is named by its number on log, the others are still judged, and an error is returned.
func Classify(r io.Reader, w, log io.Writer) error {
	in, out := bufio.NewReaderSize(r, 1<<16), bufio.NewWriterSize(w, 1<<16)
	enc := json.NewEncoder(out)
	enc.SetEscapeHTML(false)
	bad := 0
	for n := 1; ; n++ {
		line, end := in.ReadBytes('\n')
		if end != nil && !errors.Is(end, io.EOF) {
			return errors.Join(fmt.Errorf("reading line %d: %w", n, end), out.Flush())
		}
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\xef\xbb\xbf"))
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			a, err := classify(line)
			if err != nil {
				bad++
				if _, err := fmt.Fprintf(log, "line %d: %v\n", n, err); err != nil {
					return fmt.Errorf("naming a bad line: %w", err)
				}
			} else if err := enc.Encode(a); err != nil {
				return fmt.Errorf("writing the answer to line %d: %w", n, err)
			}
		}
		if end != nil {
			break
		}
	}
	if err := out.Flush(); err != nil {
		return fmt.Errorf("writing the answers: %w", err)
	}
	if bad > 0 {
		return fmt.Errorf("%d bad lines", bad)
	}
	return nil
}

// classify judges the request on one line.
func classify(line []byte) (answer, error) {
	var req request
	if err := json.Unmarshal(line, &req); err != nil {
		return answer{}, fmt.Errorf("not a request: %w", err)
	}
	switch {
	case len(req.ID) == 0 || req.ID[0] != '"' && req.ID[0] != '-' && !isDigit(req.ID[0]):
		return answer{}, errors.New("not a request: id is missing or neither text nor number")
	case req.Method == nil || *req.Method == "":
		return answer{}, errors.New("not a request: method is missing")
	case req.Headers == nil:
		return answer{}, errors.New("not a request: headers are missing")
	}
	f := Facts{Method: *req.Method, Header: Header{}, TLS: req.TLS == nil || *req.TLS}
	for _, name := range slices.Sorted(maps.Keys(req.Headers)) {
		for _, v := range req.Headers[name] {
			f.Header.Add(name, v)
		}
	}
	j := Judge(f)
	return answer{req.ID, j.Verdict.String(), j.Channel.String(), j.Rule}, nil
}
