package credential

import (
	"cmp"
	"context"
	"io"
	"math"
	"net/http"
	"strings"
	"time"

	"github.com/dghubble/oauth1"
)

// xAPI is the address of X's own servers.
const xAPI = "https://api.x.com"

// patience is how long one request may take.
const patience = time.Minute

// A Site is where requests go and what carries them there. Base and Now must be set.
type Site struct {
	Base string           // the API's address, without a slash at its end
	HTTP *http.Client     // carries the signed requests; nil means [http.DefaultClient]
	Now  func() time.Time // the clock that tells whether a token has expired
}

// SiteOf returns the server that the environment names in TW_API_BASE, or else X's own, with a client of
// its own that gives up a request after a minute.
func SiteOf(env func(string) string, now func() time.Time) Site {
	base := cmp.Or(strings.TrimRight(env("TW_API_BASE"), "/"), xAPI)
	return Site{Base: base, HTTP: &http.Client{Timeout: patience}, Now: now}
}

// client returns an HTTP client that signs nothing and follows no redirect: a signature is for one
// address, and neither a token nor what a token is obtained with may go to another. Hide removes from
// its errors what the requests hold; answers of more than limit bytes fail.
func (s Site) client(hide func(string) string, limit int64) *http.Client {
	client := *cmp.Or(s.HTTP, http.DefaultClient)
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	client.Transport = careful{cmp.Or(client.Transport, http.DefaultTransport), hide, limit}
	return &client
}

// Client returns an HTTP client that signs each request with the keys and follows no redirect. Without
// keys the requests go out unsigned. Several goroutines may use it. When a token is renewed, during a
// request, the keys change, too: nobody may read them meanwhile.
func (k *Keys) Client(site Site) *http.Client {
	client := site.client(k.hiding(), math.MaxInt64)
	next := client.Transport
	switch k.Method() {
	case OAuth1:
		ctx := context.WithValue(context.Background(), oauth1.HTTPClient, &http.Client{Transport: once{next}})
		config := oauth1.NewConfig(k.ConsumerKey.Reveal(), k.ConsumerSecret.Reveal())
		token := oauth1.NewToken(k.AccessToken.Reveal(), k.AccessSecret.Reveal())
		client.Transport = config.Client(ctx, token).Transport
	case OAuth2:
		client.Transport = &rotating{site: site, keys: k}
	case Bearer:
		client.Transport = bearer{k.BearerToken, next}
	}
	return client
}

// once keeps net/http from repeating a signed request by itself, as it does with a GET when a reused
// connection breaks: the signature would come twice, which X takes for an attack. A body that cannot be
// read again, even an empty one, tells net/http not to.
type once struct{ next http.RoundTripper }

// RoundTrip sends a copy of the request.
func (o once) RoundTrip(req *http.Request) (*http.Response, error) {
	single := req.Clone(req.Context())
	single.GetBody = nil
	if req.Body == nil || req.Body == http.NoBody {
		single.Body = io.NopCloser(strings.NewReader(""))
	}
	return o.next.RoundTrip(single)
}

// bearer puts a token into each request.
type bearer struct {
	token Secret
	next  http.RoundTripper
}

// RoundTrip sends a copy of the request, with the token.
func (b bearer) RoundTrip(req *http.Request) (*http.Response, error) {
	signed := req.Clone(req.Context())
	signed.Header.Set("Authorization", "Bearer "+b.token.Reveal())
	return b.next.RoundTrip(signed)
}
