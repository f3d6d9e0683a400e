package visit_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"testing"

	"ricochet.example/app/visit"
)

func FuzzJudge(f *testing.F) {
	for _, ua := range []string{
		"", chrome, firefox, iphone, webview + " Line/15.12.2/IAB", "WhatsApp/2", "Mozilla/5.0 (", "Mozilla/5.0 ((((", "(KHTML",
		"Mozilla/5.0 (Linux; Android", "Mozilla/5.0 (Windows NT 10.0) Chrome/", "Opera/", "Snapchat", "@.", "ªAndroid(;",
		"Mozilla/5.0 (iPhone; CPU iPhone OS", "Mozilla/5.0 (\u212android Android;)",
	} {
		f.Add("GET", ua, "https://t.me/", "text/html", "navigate", "prefetch;prerender", "fbclid=1", true, 1200)
	}
	f.Add("HEAD", chrome, "android-app://", "*/*", "", "\"", "&&", false, 0)
	f.Fuzz(func(t *testing.T, method, ua, ref, accept, mode, purpose, query string, tls bool, ms int) {
		h := visit.Header{}
		h.Add("User-Agent", ua)
		h.Add("Referer", ref)
		h.Add("accept", accept)
		h.Add("sec-fetch-mode", mode)
		h.Add("Purpose", purpose)
		h.Add("X-Requested-With", ref)
		facts := visit.Facts{Method: method, Header: h, TLS: tls, Query: query}
		first, again := visit.Judge(facts), visit.Judge(facts)
		if first != again {
			t.Errorf("judged %v, then %v", first, again)
		}
		if first.Verdict == visit.Self || first.Verdict > visit.Self || first.Rule == "" {
			t.Errorf("judged %+v", first)
		}
		facts.Method = "HEAD"
		if got := visit.Judge(facts); got.Verdict == visit.Human {
			t.Errorf("a HEAD is judged %v by %q", got.Verdict, got.Rule)
		}
		r := visit.Report{VisibleMS: ms}
		if got := visit.JudgeConfirmation(facts, r); got.Verdict == visit.Human && ms < visit.VisibleMS {
			t.Errorf("confirmed after %d ms", ms)
		}
	})
}

func FuzzClassify(f *testing.F) {
	f.Add([]byte(`{"id":"a","method":"GET","headers":{"User-Agent":"curl/8.5.0"}}` + "\n"))
	f.Add([]byte("\xef\xbb\xbf{\"id\":1,\"method\":\"HEAD\",\"headers\":{\"a\":[\"b\",\"c\"]},\"tls\":false}\n\n{"))
	f.Add([]byte(`{"id":"a","method":"GET","headers":{"":""}}` + "\n" + `null`))
	f.Fuzz(func(t *testing.T, in []byte) {
		var out bytes.Buffer
		err := visit.Classify(bytes.NewReader(in), &out, io.Discard)
		answers := 0
		for line := range bytes.Lines(out.Bytes()) {
			var a struct {
				ID                     json.RawMessage
				Verdict, Channel, Rule string
			}
			if e := json.Unmarshal(line, &a); e != nil || a.ID == nil || a.Verdict == "" || a.Channel == "" || a.Rule == "" {
				t.Errorf("%v: %s", e, line)
			}
			answers++
		}
		full := 0
		for line := range bytes.Lines(in) {
			if len(bytes.TrimSpace(line)) > 0 {
				full++
			}
		}
		if err == nil && answers < full-1 || answers > full {
			t.Error(fmt.Sprint(answers, " answers to ", full, " lines"))
		}
	})
}
