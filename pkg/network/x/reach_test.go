package x

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"
	"time"

	"horsepipe/pkg/network"
)

// TestPostNotSent fails before and after a post has a connection. What was not sent can be sent again,
// and nobody has to look for it.
func TestPostNotSent(t *testing.T) {
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed.Close()
	nobody := closed.Addr().String()
	hangsUp := serve(t, func(net.Conn) {})
	reads := serve(t, func(c net.Conn) { _, _ = http.ReadRequest(bufio.NewReader(c)) })
	refuses := serve(t, func(c net.Conn) {
		_, _ = http.ReadRequest(bufio.NewReader(c))
		_, _ = io.WriteString(c, "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
	})
	for _, tt := range []struct {
		name, base, proxy string
		want              network.Kind
	}{
		{"no server", "http://" + nobody, "", network.Unavailable},
		{"no proxy", "http://api.x.example", nobody, network.Unavailable},
		{"no proxy for TLS", "https://api.x.example", nobody, network.Unavailable},
		{"a proxy that reaches nobody", "https://api.x.example", refuses, network.Unavailable},
		{"a TLS handshake that is cut", "https://" + hangsUp, "", network.Unavailable},
		{"no answer", "http://" + reads, "", network.UnknownOutcome},
		{"no answer from a proxy", "http://api.x.example", reads, network.UnknownOutcome},
	} {
		t.Run(tt.name, func(t *testing.T) {
			transport := &http.Transport{}
			if tt.proxy != "" {
				transport.Proxy = http.ProxyURL(&url.URL{Scheme: "http", Host: tt.proxy})
			}
			c := New(Config{Base: tt.base, HTTP: &http.Client{Transport: transport}, Now: time.Now})
			_, err := c.once(context.Background(), sendJSON("/2/tweets", map[string]string{"text": "a"}))
			wantKind(t, err, tt.want)
		})
	}
}

// TestPostSent loses the answers of a server that speaks HTTP/2, as X does, over a new connection and over
// one that has been used. The posts were sent.
func TestPostSent(t *testing.T) {
	lose := false
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.ProtoMajor != 2 {
			t.Errorf("a request by %s", r.Proto)
		}
		if lose {
			panic(http.ErrAbortHandler)
		}
		_, _ = io.WriteString(w, "{}")
	}))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	c := New(Config{Base: server.URL, HTTP: server.Client(), Now: time.Now})
	post := func() error {
		_, err := c.once(context.Background(), sendJSON("/2/tweets", map[string]string{"text": "a"}))
		return err
	}
	for _, used := range []bool{false, true} {
		server.Client().CloseIdleConnections()
		if lose = false; used && post() != nil {
			t.Error("no answer comes")
		}
		lose = true
		wantKind(t, post(), network.UnknownOutcome)
	}
}

// serve is a server that does one thing with each connection, and then closes it. It returns the address.
func serve(t *testing.T, do func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			do(c)
			c.Close()
		}
	}()
	return l.Addr().String()
}
