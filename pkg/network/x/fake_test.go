package x

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"testing"
	"time"

	"horsepipe/pkg/network"
)

// reply is a canned answer, or the failure to give one.
type reply struct {
	status int
	body   string
	header map[string]string
	err    error
}

// script answers requests one after the other, in memory; the last answer stays.
type script struct {
	replies []reply
	before  func() // called at each request; may be nil
	got     []*http.Request
	bodies  []string
}

func (s *script) RoundTrip(req *http.Request) (*http.Response, error) {
	if s.before != nil {
		s.before()
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	r := s.replies[min(len(s.got), len(s.replies)-1)]
	s.got = append(s.got, req)
	body := ""
	if req.Body != nil {
		b, _ := io.ReadAll(req.Body)
		body = string(b)
	}
	s.bodies = append(s.bodies, body)
	trace := httptrace.ContextClientTrace(req.Context())
	if trace.GetConn("api.x.com:443"); r.err != noServer {
		trace.GotConn(httptrace.GotConnInfo{})
	}
	if r.err != nil {
		return nil, r.err
	}
	h := http.Header{}
	for k, v := range r.header {
		h.Set(k, v)
	}
	return &http.Response{StatusCode: r.status, Header: h, Body: io.NopCloser(strings.NewReader(r.body)), Request: req}, nil
}

// query is the n-th request's query.
func (s *script) query(n int) url.Values { return s.got[n].URL.Query() }

// base is where the clients of the tests send to.
const base = "https://api.x.com"

// day is when the tests run.
var day = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// notes collects what a client tells.
type notes []string

func (n *notes) add(format string, a ...any) { *n = append(*n, fmt.Sprintf(format, a...)) }

func fakeClient(replies ...reply) (*Client, *script, *notes) {
	s, n := &script{replies: replies}, &notes{}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	c := New(Config{Base: base, HTTP: &http.Client{Transport: s, CheckRedirect: stay}, Now: func() time.Time { return day }, Notice: n.add})
	return c, s, n
}

func ok(body string) reply { return reply{status: 200, body: body} }

func wantKind(t *testing.T, err error, kind network.Kind) {
	t.Helper()
	if err == nil || network.KindOf(err) != kind {
		t.Errorf("got %v, want %v", err, kind)
	}
}

var newton = network.User{ID: "42", Name: "Newton"}
