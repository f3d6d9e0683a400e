package visit_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"ricochet.example/app/visit"
)

func TestClassifyAnswersLineByLine(t *testing.T) {
	in := strings.Join([]string{
		`{"id":"a","method":"GET","headers":{"USER-agent":"WhatsApp/2.24.7.79 A","accept":"*/*"}}`,
		`{"id":"b","method":"GET","headers":{"user-agent":"` + chrome + `","Accept":["text/html"],"accept-language":"fr","SEC-FETCH-MODE":"navigate","referer":"https://web.whatsapp.com/"},"label":"passed over"}`,
		`{"id":"c","method":"GET","headers":{"User-Agent":"` + chrome + `","Accept":"text/html","Accept-Language":"fr"}}`,
		``,
		`{"id":"d","method":"GET","tls":false,"headers":{"User-Agent":"` + chrome + `","Accept":"text/html","Accept-Language":"fr"}}`,
		`{"id":5,"method":"HEAD","headers":{" User-Agent ":"` + chrome + `"}}`,
		`{"id":"f","method":"GET","headers":{}}`,
	}, "\r\n")
	const want = `{"id":"a","verdict":"preview","channel":"whatsapp","rule":"unfurl-whatsapp"}
{"id":"b","verdict":"human","channel":"whatsapp","rule":"browser"}
{"id":"c","verdict":"suspicious","channel":"unknown","rule":"no-fetch-metadata"}
{"id":"d","verdict":"human","channel":"unknown","rule":"browser"}
{"id":5,"verdict":"scanner","channel":"unknown","rule":"head"}
{"id":"f","verdict":"bot","channel":"unknown","rule":"no-agent"}
`
	var out, log bytes.Buffer
	if err := visit.Classify(strings.NewReader(in), &out, &log); err != nil {
		t.Fatal(err)
	}
	if out.String() != want || log.Len() > 0 {
		t.Errorf("got:\n%s%s\nwant:\n%s", &out, &log, want)
	}
}

func TestClassifyNamesBadLines(t *testing.T) {
	good := `{"id":"x","method":"GET","headers":{"User-Agent":"curl/8.5.0"}}`
	for _, bad := range []string{
		`{`, `null`, `[]`, `"text"`, `{}`, good + `}`,
		`{"id":null,"method":"GET","headers":{}}`, `{"id":{},"method":"GET","headers":{}}`,
		`{"id":"x","headers":{}}`, `{"id":"x","method":"","headers":{}}`,
		`{"id":"x","method":"GET"}`, `{"id":"x","method":"GET","headers":[]}`,
		`{"id":"x","method":"GET","headers":{"Accept":1}}`, `{"id":"x","method":"GET","headers":{"Accept":null}}`,
		`{"id":"x","method":"GET","headers":{},"tls":"yes"}`,
	} {
		var out, log bytes.Buffer
		err := visit.Classify(strings.NewReader(good+"\n\n"+bad+"\n"+good), &out, &log)
		if err == nil || !strings.HasPrefix(log.String(), "line 3: ") || strings.Count(log.String(), "\n") != 1 {
			t.Errorf("%s: error %v, log %q", bad, err, log.String())
		}
		if strings.Count(out.String(), "\n") != 2 {
			t.Errorf("%s: the good lines around it: %q", bad, out.String())
		}
	}
}

func TestClassifyReadsLongLines(t *testing.T) {
	in := `{"id":"long","method":"GET","headers":{"Cookie":"` + strings.Repeat("x", 3<<20) + `","User-Agent":"Viber"}}`
	var out, log bytes.Buffer
	if err := visit.Classify(strings.NewReader(in), &out, &log); err != nil {
		t.Fatal(err, log.String())
	}
	if !strings.Contains(out.String(), `"verdict":"preview","channel":"viber"`) {
		t.Error(out.String())
	}
}

// full is a place that nothing can be written to.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errFull }

var errFull = errors.New("no space left")

func TestClassifySaysThatItCouldNotWrite(t *testing.T) {
	in := `{"id":"x","method":"GET","headers":{}}` + "\n"
	if err := visit.Classify(strings.NewReader(in), full{}, &bytes.Buffer{}); !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
	if err := visit.Classify(strings.NewReader("bad\n"), &bytes.Buffer{}, full{}); !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
}
