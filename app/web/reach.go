package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"

	"golang.org/x/net/html"

	"ricochet.example/app/drop"
	"ricochet.example/views"
)

// The bounds of looking whether links lead somewhere: how many of a drop, how many at once, how long one and all of
// them may take, and how often one may send on.
const (
	mostReached   = 20
	reachedAtOnce = 4
	reachTime     = 5 * time.Second
	reachAllTime  = 20 * time.Second
	mostSentOn    = 4
)

// errNotPublic says that an address is none of the public network: nobody may have us look into ours.
var errNotPublic = errors.New("not an address of the public network")

var errSentOn = errors.New("sent on too often")

// closed are networks that are global by their form and lead to nobody's public site (RFC 6890).
var closed = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2001::/23"), netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("fec0::/10"), netip.MustParsePrefix("::/96"),
}

// isPublic says whether a server may be asked from here: a public address, and a port of the web.
func isPublic(at netip.AddrPort) bool {
	a := at.Addr().Unmap()
	if at.Port() != 80 && at.Port() != 443 || !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range closed {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// reacher looks whether addresses lead somewhere. It is asked what may be reached with every connection, when the
// name has been resolved, so that no name can lead elsewhere than it was checked to.
func reacher(may func(netip.AddrPort) bool) *http.Client {
	dialer := &net.Dialer{Timeout: reachTime, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !may(at) {
			return errNotPublic
		}
		return nil
	}}
	return &http.Client{
		Timeout: reachTime,
		Transport: &http.Transport{ // without a proxy: it would resolve names for us
			DialContext: dialer.DialContext, TLSHandshakeTimeout: reachTime, ResponseHeaderTimeout: reachTime,
			MaxResponseHeaderBytes: 64 << 10, DisableKeepAlives: true, DisableCompression: true,
		},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > mostSentOn {
				return errSentOn
			}
			if r.URL.Scheme != "https" && r.URL.Scheme != "http" {
				return errNotPublic
			}
			r.Header.Del("Referer") // nobody is told what is being written
			return nil
		},
	}
}

// linksOf are the addresses that a drop leads to, each once, in the order of the page.
func linksOf(d drop.Drop) (all []string) {
	seen := map[string]bool{}
	add := func(address string) {
		if strings.HasPrefix(address, "http://") || strings.HasPrefix(address, "https://") {
			if !seen[address] {
				seen[address] = true
				all = append(all, address)
			}
		}
	}
	for _, page := range []string{d.HTML, d.PublicHTML} {
		for z := html.NewTokenizer(strings.NewReader(page)); ; {
			kind := z.Next()
			if kind == html.ErrorToken {
				break
			}
			if kind != html.StartTagToken {
				continue
			}
			for _, a := range z.Token().Attr {
				if a.Key == "href" {
					add(a.Val)
				}
			}
		}
	}
	add(d.ActionURL)
	return all
}

// reachAll looks where the links of a drop lead.
func (s *Server) reachAll(ctx context.Context, d drop.Drop) (*views.Reached, error) {
	end, err := s.reaching.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	all := linksOf(d)
	got := &views.Reached{}
	if len(all) > mostReached {
		all, got.Left = all[:mostReached], len(all)-mostReached
	}
	ctx, stop := context.WithTimeout(ctx, reachAllTime)
	defer stop()
	got.Links = make([]views.ReachedLink, len(all))
	turns := make(chan struct{}, reachedAtOnce)
	var each sync.WaitGroup
	for i, address := range all {
		each.Go(func() {
			turns <- struct{}{}
			defer func() { <-turns }()
			got.Links[i] = s.reachOne(ctx, address)
		})
	}
	each.Wait()
	return got, nil
}

// reachOne asks for one address and reads nothing of what it says but whether it is there.
func (s *Server) reachOne(ctx context.Context, address string) views.ReachedLink {
	l := views.ReachedLink{Address: address}
	status, err := s.knock(ctx, address)
	var unknown *net.DNSError
	var late net.Error
	switch {
	case err == nil && status < 400:
		l.OK, l.Key = true, "reach.there"
	case err == nil && (status == http.StatusNotFound || status == http.StatusGone):
		l.Key = "reach.gone"
	case err == nil && (status == http.StatusUnauthorized || status == http.StatusForbidden || status == http.StatusTooManyRequests):
		l.OK, l.Key = true, "reach.closed" // it is there, and not for machines
	case err == nil:
		l.Key, l.Args = "reach.status", []any{"n", status}
	case errors.Is(err, errNotPublic):
		l.Key = "reach.not_public"
	case errors.Is(err, errSentOn):
		l.Key = "reach.sent_on"
	case errors.As(err, &unknown) && unknown.IsNotFound:
		l.Key = "reach.no_name"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &late) && late.Timeout():
		l.Key = "reach.late"
	default:
		l.Key = "reach.failed"
	}
	return l
}

// knock asks for the head of an address, and for all of it where a server knows no heads.
func (s *Server) knock(ctx context.Context, address string) (status int, err error) {
	at, err := url.Parse(address)
	if err != nil || at.User != nil {
		return 0, errNotPublic
	}
	at.Fragment = ""
	for _, method := range []string{http.MethodHead, http.MethodGet} {
		r, err := http.NewRequestWithContext(ctx, method, at.String(), http.NoBody)
		if err != nil {
			return 0, fmt.Errorf("asking whether a link leads somewhere: %w", err)
		}
		r.Header.Set("User-Agent", "Ricochet link check")
		answer, err := s.reach.Do(r)
		if err != nil {
			return 0, err
		}
		_, _ = io.CopyN(io.Discard, answer.Body, 1<<10)
		_ = answer.Body.Close()
		status = answer.StatusCode
		if status < 400 || status == http.StatusTooManyRequests {
			break
		}
	}
	return status, nil
}

// checkLinks shows the form again as it was typed, with where its links lead.
func (s *Server) checkLinks(w http.ResponseWriter, r *request) error {
	dropID, err := s.dropOfForm(r)
	if err != nil {
		return err
	}
	var f dropForm
	if err := s.fillUpTo(dropFormSize, w, r, &f); err != nil {
		return err
	}
	// Where the connection does not take it, the usual time has to do.
	_ = http.NewResponseController(w).SetWriteDeadline(s.clock.Now().Add(2 * reachAllTime))
	d := f.drop()
	d.Check() // renders it; what is wrong is said when it is saved
	if f.reached, err = s.reachAll(r.Context(), d); err != nil {
		return err
	}
	return s.formDrop(w, r, http.StatusOK, dropID, f, nil)
}
