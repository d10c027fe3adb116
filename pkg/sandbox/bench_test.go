package sandbox

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"horsepipe/pkg/post"
)

// began is what the clock of the tests shows at first.
var began = time.Date(2026, 11, 22, 8, 30, 0, 0, time.UTC)

// bench is a sandbox that listens, with a clock that stands still.
type bench struct {
	*Server
	t      *testing.T
	http   *httptest.Server
	nonces atomic.Int64
}

func start(t *testing.T, change ...func(*Options)) *bench {
	t.Helper()
	opt := Options{Now: func() time.Time { return began }, Secret: []byte("test")}
	for _, f := range change {
		f(&opt)
	}
	s, err := New(opt)
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{Server: s, t: t, http: httptest.NewServer(s)}
	b.http.Config.ErrorLog = nil
	t.Cleanup(func() {
		b.http.Close()
		s.Close()
	})
	return b
}

// must stops the test at an error.
func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// seed adds posts, written as records; those without author are newton's.
func (b *bench) seed(lines ...string) {
	b.t.Helper()
	must(b.Seed("newton", records(b.t, strings.Join(lines, "\n"))))(b.t)
}

// seedMany adds n posts of newton, "post 1" to "post n", a minute apart.
func (b *bench) seedMany(n int) {
	b.t.Helper()
	var list []*post.Post
	for i := range n {
		list = append(list, &post.Post{Text: fmt.Sprintf("post %d", i+1)})
	}
	must(b.Seed("newton", list))(b.t)
}

func records(t *testing.T, text string) (list []*post.Post) {
	t.Helper()
	for p, err := range post.NewReader(strings.NewReader(text), "seed").All(nil) {
		list = append(list, must(p, err)(t))
	}
	return list
}

// signedBy is a client that signs with an account's own token.
func (b *bench) signedBy(name string) *http.Client {
	k := must(b.Keys(name))(b.t)
	return &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		nonce := fmt.Sprint("nonce", b.nonces.Add(1))
		r.Header.Set("Authorization", authorization(r, k, began, nonce))
		return http.DefaultTransport.RoundTrip(r)
	})}
}

// withToken is a client that sends a bearer token.
func withToken(token string) *http.Client {
	return &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
		r.Header.Set("Authorization", "Bearer "+token)
		return http.DefaultTransport.RoundTrip(r)
	})}
}

// appOf is a client with the token of the app that an account owns.
func (b *bench) appOf(name string) *http.Client {
	return withToken(must(b.Keys(name))(b.t).BearerToken)
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) {
	return f(r.Clone(r.Context()))
}

// authorization makes the header of RFC 5849 for a request without a form.
func authorization(r *http.Request, k Keys, at time.Time, nonce string) string {
	oauth := []pair{
		{"oauth_consumer_key", k.ConsumerKey}, {"oauth_nonce", nonce}, {"oauth_signature_method", "HMAC-SHA1"},
		{"oauth_timestamp", fmt.Sprint(at.Unix())}, {"oauth_token", k.AccessToken}, {"oauth_version", "1.0"},
	}
	signed := oauth
	for name, values := range r.URL.Query() {
		for _, v := range values {
			signed = append(signed, pair{name, v})
		}
	}
	base := baseString(r.Method, r.URL.Scheme+"://"+r.URL.Host+r.URL.EscapedPath(), signed)
	oauth = append(oauth, pair{"oauth_signature", sign(base, k.ConsumerSecret, k.AccessSecret)})
	var list []string
	for _, p := range oauth {
		list = append(list, fmt.Sprintf(`%s="%s"`, p.name, percent(p.value)))
	}
	return `OAuth realm="X", ` + strings.Join(list, ", ")
}

// reply is an answer as a client sees it.
type reply struct {
	status int
	header http.Header
	body   string
	json   any
}

// get asks for a path, with a query of name and value in turn.
func (b *bench) get(c *http.Client, path string, query ...string) reply {
	b.t.Helper()
	return b.do(c, request("GET", b.http.URL+path+encode(query), "", ""))
}

// post sends JSON.
func (b *bench) post(c *http.Client, path, body string) reply {
	b.t.Helper()
	return b.do(c, request("POST", b.http.URL+path, "application/json", body))
}

func encode(query []string) string {
	if len(query) == 0 {
		return ""
	}
	v := url.Values{}
	for i := 0; i < len(query); i += 2 {
		v.Add(query[i], query[i+1])
	}
	return "?" + v.Encode()
}

func request(method, address, kind, body string) *http.Request {
	r, err := http.NewRequest(method, address, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	return r
}

func (b *bench) do(c *http.Client, r *http.Request) reply {
	b.t.Helper()
	res := must(c.Do(r))(b.t)
	defer res.Body.Close()
	body := must(io.ReadAll(res.Body))(b.t)
	out := reply{status: res.StatusCode, header: res.Header, body: string(body)}
	if json.Unmarshal(body, &out.json) != nil {
		out.json = nil
	}
	return out
}

// at digs in a JSON answer: "data.0.id". What is not there is "".
func (r reply) at(path string) string {
	v := r.json
	for step := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[step]
		case []any:
			var i int
			if fmt.Sscan(step, &i); i >= len(in) {
				return ""
			}
			v = in[i]
		default:
			return ""
		}
	}
	if v == nil {
		return ""
	}
	return fmt.Sprint(v)
}

// want compares the answer with a status and with what stands at some paths.
func (r reply) want(t *testing.T, status int, paths ...string) {
	t.Helper()
	if r.status != status {
		t.Errorf("status: got %d, want %d: %s", r.status, status, r.body)
	}
	for i := 0; i < len(paths); i += 2 {
		if got := r.at(paths[i]); got != paths[i+1] {
			t.Errorf("%s: got %q, want %q in %s", paths[i], got, paths[i+1], r.body)
		}
	}
}

// idOf is the id of a user, as the API writes it.
func (b *bench) idOf(name string) string {
	b.t.Helper()
	must(b.Keys(name))(b.t)
	return itoa(b.store.named(name).id)
}
