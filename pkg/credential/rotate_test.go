package credential

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gofrs/flock"
)

// issuer is a token endpoint whose refresh tokens are good for one use, as X's are.
type issuer struct {
	mu     sync.Mutex
	n      int    // renewals
	burnt  int    // uses of a token that was used before
	broken bool   // answers 503
	only   bool   // refuses all access tokens but the newest
	brief  bool   // does not say when a token expires
	first  func() // called before a renewal
	auth   []string
	bodies []string
}

func (i *issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if r.URL.Path != "/2/oauth2/token" {
		i.auth = append(i.auth, r.Header.Get("Authorization"))
		body, _ := io.ReadAll(r.Body)
		i.bodies = append(i.bodies, string(body))
		if i.only && r.Header.Get("Authorization") != fmt.Sprintf("Bearer access%d", i.n) {
			w.WriteHeader(http.StatusUnauthorized)
		}
		return
	}
	if i.first != nil {
		i.first()
	}
	w.Header().Set("Content-Type", "application/json")
	if i.broken {
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if r.FormValue("refresh_token") != fmt.Sprintf("refresh%d", i.n) {
		i.burnt++
		w.WriteHeader(http.StatusBadRequest)
		io.WriteString(w, `{"error":"invalid_request"}`)
		return
	}
	i.n++
	answer := map[string]any{"token_type": "bearer", "expires_in": 7200,
		"access_token": fmt.Sprintf("access%d", i.n), "refresh_token": fmt.Sprintf("refresh%d", i.n)}
	if i.brief {
		delete(answer, "expires_in")
	}
	json.NewEncoder(w).Encode(answer)
}

// rig is an issuer, a file with a token of it, and a clock.
type rig struct {
	*testing.T
	issuer *issuer
	server *httptest.Server
	path   string
	now    time.Time
}

func newRig(t *testing.T) *rig {
	r := &rig{T: t, issuer: &issuer{}, path: filepath.Join(t.TempDir(), "x-newton.json"), now: time.Unix(1e9, 0)}
	r.server = httptest.NewServer(r.issuer)
	t.Cleanup(r.server.Close)
	k := &Keys{Account: "newton", ClientID: NewSecret("client"), Token: NewSecret("access0"), RefreshToken: NewSecret("refresh0"),
		Expiry: r.now.Add(2 * time.Hour)}
	if err := k.Save(r.path); err != nil {
		t.Fatal(err)
	}
	return r
}

// keep puts another refresh token into the file.
func (r *rig) keep(refresh string) {
	k, err := Load(r.path)
	if err != nil {
		r.Fatal(err)
	}
	k.RefreshToken = NewSecret(refresh)
	if err := k.Save(r.path); err != nil {
		r.Fatal(err)
	}
}

// client is that of a fresh process.
func (r *rig) client() *http.Client {
	k, err := Load(r.path)
	if err != nil {
		r.Fatal(err)
	}
	return k.Client(Site{Base: r.server.URL, HTTP: r.server.Client(), Now: func() time.Time { return r.now }})
}

func (r *rig) get(c *http.Client) error {
	resp, err := c.Get(r.server.URL + "/2/users/me")
	if err == nil {
		resp.Body.Close()
	}
	return err
}

func TestRotation(t *testing.T) {
	r := newRig(t)
	c := r.client()
	for i, step := range []struct {
		later time.Duration
		want  string
	}{{0, "access0"}, {time.Hour, "access0"}, {time.Hour - time.Minute/2, "access1"}, {time.Hour, "access1"}, {3 * time.Hour, "access2"}} {
		r.now = r.now.Add(step.later)
		if err := r.get(c); err != nil {
			t.Fatal(err)
		}
		if got := r.issuer.auth[i]; got != "Bearer "+step.want {
			t.Errorf("step %d: got %s, want %s", i, got, step.want)
		}
	}
	k, err := Load(r.path)
	if err != nil || k.Token.Reveal() != "access2" || k.RefreshToken.Reveal() != "refresh2" || k.Account != "newton" {
		t.Errorf("the file was not kept: %v", err)
	}
	if !k.Expiry.Equal(r.now.Add(2 * time.Hour)) {
		t.Errorf("expiry %v", k.Expiry)
	}
}

// A token of which nobody says when it expires is used until X refuses it.
func TestRotationWithoutExpiry(t *testing.T) {
	r := newRig(t)
	r.issuer.brief = true
	c := r.client()
	for range 3 {
		r.now = r.now.Add(100 * time.Hour)
		if err := r.get(c); err != nil || r.issuer.n != 1 {
			t.Errorf("got %v after %d renewals", err, r.issuer.n)
		}
	}
	if k, err := Load(r.path); err != nil || !k.Expiry.IsZero() || k.RefreshToken.Reveal() != "refresh1" {
		t.Errorf("the file has the expiry %v, %v", k.Expiry, err)
	}
}

// Ctrl-C while a token is renewed does not lose the next one.
func TestRotationIsNotInterrupted(t *testing.T) {
	r := newRig(t)
	c := r.client()
	r.now = r.now.Add(3 * time.Hour)
	ctx, cancel := context.WithCancel(t.Context())
	r.issuer.first = cancel
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, r.server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := c.Do(req); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if k, err := Load(r.path); err != nil || k.RefreshToken.Reveal() != "refresh1" {
		t.Errorf("the file has %v", err)
	}
}

// TestRotationSendsNothingBefore has requests whose time is over before they have a token. A client that
// traces them learns that they have no connection, and so were not sent.
func TestRotationSendsNothingBefore(t *testing.T) {
	for name, spoil := range map[string]func(r *rig, end func()){
		"another program has the lock": func(r *rig, end func()) {
			lock := flock.New(r.path + ".lock")
			if err := lock.Lock(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { lock.Unlock() })
			end()
		},
		"the renewal takes too long": func(r *rig, end func()) { r.issuer.first = end },
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t)
			c := r.client()
			r.now = r.now.Add(3 * time.Hour)
			ctx, cancel := context.WithCancel(t.Context())
			spoil(r, cancel)
			connected := true
			req, err := http.NewRequestWithContext(httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
				GetConn: func(string) { connected = false },
				GotConn: func(httptrace.GotConnInfo) { connected = true },
			}), http.MethodPost, r.server.URL, strings.NewReader("hello"))
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.Do(req); !errors.Is(err, context.Canceled) || connected || r.issuer.auth != nil {
				t.Errorf("got %v, connected: %v, requests %q", err, connected, r.issuer.auth)
			}
		})
	}
}

// Something may have renewed the token without the lock: then the new one is in the file.
func TestRotationBeside(t *testing.T) {
	for name, beside := range map[string]func(*Keys){
		"renewed": func(k *Keys) {
			k.Token, k.RefreshToken, k.Expiry = NewSecret("access9"), NewSecret("refresh9"), time.Time{}
		},
		"not renewed": func(*Keys) {},
		"not good":    func(k *Keys) { k.RefreshToken = NewSecret("refresh9") },
	} {
		r := newRig(t)
		c := r.client()
		r.now = r.now.Add(3 * time.Hour)
		r.issuer.n = 9
		r.issuer.first = func() {
			k, err := Load(r.path)
			if err == nil {
				beside(k)
				err = k.Save(r.path)
			}
			if err != nil {
				t.Error(err)
			}
		}
		err := r.get(c)
		if used := strings.Join(r.issuer.auth, ""); (err == nil) != (name == "renewed") || err == nil && used != "Bearer access9" {
			t.Errorf("%s: got %v, used %s", name, err, used)
		}
	}
}

// Keys that were taken away are not used any more.
func TestRotationOfNoFile(t *testing.T) {
	r := newRig(t)
	c := r.client()
	r.now = r.now.Add(3 * time.Hour)
	if err := os.Remove(r.path); err != nil {
		t.Fatal(err)
	}
	if err := r.get(c); !errors.Is(err, fs.ErrNotExist) || r.issuer.n > 0 {
		t.Errorf("got %v after %d renewals", err, r.issuer.n)
	}
}

// A file that is reached by a link, as from a folder of settings, is renewed in its own place,
// under one lock.
func TestRotationBehindALink(t *testing.T) {
	r := newRig(t)
	file := r.path
	r.path = filepath.Join(t.TempDir(), "x-newton.json")
	if err := os.Symlink(file, r.path); err != nil {
		t.Skip(err)
	}
	r.now = r.now.Add(2 * time.Hour)
	if err := r.get(r.client()); err != nil {
		t.Fatal(err)
	}
	if k, err := Load(file); err != nil || k.RefreshToken.Reveal() != "refresh1" {
		t.Errorf("the file has the token that was spent: %v", err)
	}
	if beside, _ := filepath.Glob(filepath.Join(filepath.Dir(r.path), "*")); len(beside) != 1 {
		t.Errorf("beside the link: %v", beside)
	}
}

// TestRotationOfMany lets many processes find one expired token at once.
func TestRotationOfMany(t *testing.T) {
	r := newRig(t)
	for round := 1; round <= 3; round++ {
		r.now = r.now.Add(3 * time.Hour)
		var jobs sync.WaitGroup
		for range 8 {
			c := r.client()
			jobs.Go(func() {
				if err := r.get(c); err != nil {
					t.Error(err)
				}
			})
		}
		jobs.Wait()
		if r.issuer.n != round || r.issuer.burnt > 0 {
			t.Fatalf("round %d: %d renewals, %d tokens burnt", round, r.issuer.n, r.issuer.burnt)
		}
	}
}

// TestRotationOfARefusedToken has a token in the file that X refuses before it expires.
func TestRotationOfARefusedToken(t *testing.T) {
	r := newRig(t)
	r.issuer.only, r.issuer.n = true, 1
	r.keep("refresh1")
	resp, err := r.client().Post(r.server.URL+"/2/tweets", "application/json", strings.NewReader("hello"))
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("got %v, %v", resp, err)
	}
	resp.Body.Close()
	if got := fmt.Sprint(r.issuer.auth, r.issuer.bodies); got != "[Bearer access0 Bearer access2] [hello hello]" {
		t.Errorf("got %s", got)
	}
	if k, err := Load(r.path); err != nil || k.Token.Reveal() != "access2" || k.RefreshToken.Reveal() != "refresh2" {
		t.Errorf("the file was not kept: %v", err)
	}
}

// TestRotationOfARefusedTokenByMany lets many processes be refused at once.
func TestRotationOfARefusedTokenByMany(t *testing.T) {
	r := newRig(t)
	r.issuer.only, r.issuer.n = true, 1
	r.keep("refresh1")
	var jobs sync.WaitGroup
	for range 8 {
		c := r.client()
		jobs.Go(func() {
			resp, err := c.Get(r.server.URL + "/2/users/me")
			if err != nil || resp.StatusCode != http.StatusOK {
				t.Errorf("got %v, %v", resp, err)
			}
		})
	}
	jobs.Wait()
	if r.issuer.n != 2 || r.issuer.burnt > 0 {
		t.Errorf("%d renewals, %d tokens burnt", r.issuer.n-1, r.issuer.burnt)
	}
}

// TestRotationIsNoRemedy has an X that refuses new tokens, too, and requests that cannot be sent again.
func TestRotationIsNoRemedy(t *testing.T) {
	tests := []struct {
		name     string
		body     io.Reader
		spoil    func(*rig)
		renewals int
		says     string // in the error; "" is X's refusal, as it came
	}{
		{"refused again", nil, func(*rig) {}, 1, ""},
		{"a body that is gone", io.MultiReader(strings.NewReader("hello")), func(*rig) {}, 0, ""},
		{"no refresh token", nil, func(r *rig) { r.keep("") }, 0, ""},
		{"a refresh token that was used elsewhere", nil, func(r *rig) { r.keep("refresh9") }, 0, "not good any more"},
		{"later", nil, func(r *rig) { r.issuer.broken = true }, 0, "503"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			r := newRig(t)
			tt.spoil(r)
			refusing := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				if req.URL.Path == "/2/oauth2/token" {
					r.issuer.ServeHTTP(w, req)
					return
				}
				w.WriteHeader(http.StatusUnauthorized)
				fmt.Fprint(w, "no")
			}))
			defer refusing.Close()
			r.server = refusing
			resp, err := r.client().Post(refusing.URL, "text/plain", tt.body)
			if r.issuer.n != tt.renewals {
				t.Errorf("%d renewals", r.issuer.n)
			}
			if tt.says != "" {
				if err == nil || !strings.Contains(err.Error(), tt.says) {
					t.Errorf("got %v, %v", resp, err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if body, _ := io.ReadAll(resp.Body); string(body) != "no" || resp.Body.Close() != nil {
				t.Errorf("X's answer is %q", body)
			}
		})
	}
}

// closing is a body that notes that it is closed.
type closing struct {
	io.Reader
	closed bool
}

func (c *closing) Close() error { c.closed = true; return nil }

// A body is closed, as net/http demands, whether it is sent or there is no token to send it with.
func TestRotationClosesBodies(t *testing.T) {
	for _, tt := range []struct {
		name   string
		spoil  func(*rig)
		bodies int
		fails  bool
	}{
		{"sent", func(*rig) {}, 1, false},
		{"sent again", func(r *rig) { r.issuer.only, r.issuer.n = true, 1; r.keep("refresh1") }, 2, false},
		{"no token", func(r *rig) { r.keep(""); r.now = r.now.Add(3 * time.Hour) }, 1, true},
		{"no token to send it again with", func(r *rig) { r.issuer.only, r.issuer.n = true, 1 }, 2, true},
	} {
		r := newRig(t)
		tt.spoil(r)
		var bodies []*closing
		body := func() (io.ReadCloser, error) {
			bodies = append(bodies, &closing{Reader: strings.NewReader("hello")})
			return bodies[len(bodies)-1], nil
		}
		first, _ := body()
		req, err := http.NewRequest(http.MethodPost, r.server.URL, first)
		if err != nil {
			t.Fatal(err)
		}
		req.GetBody = body
		resp, err := r.client().Do(req)
		if err == nil {
			resp.Body.Close()
		}
		if (err != nil) != tt.fails || len(bodies) != tt.bodies {
			t.Errorf("%s: %v, with %d bodies", tt.name, err, len(bodies))
		}
		for i, b := range bodies {
			if !b.closed {
				t.Errorf("%s: body %d stays open", tt.name, i)
			}
		}
	}
}

func TestRotationOfNothing(t *testing.T) {
	r := newRig(t)
	r.keep("")
	r.now = r.now.Add(3 * time.Hour)
	var e *Error
	if err := r.get(r.client()); !errors.As(err, &e) || e.ExitCode() != 4 || !strings.Contains(e.Advice, "log in again") {
		t.Errorf("got %v", err)
	}
}

// TestRotationAnswered tells an answer that says no from one that says nothing about the token, and
// follows none.
func TestRotationAnswered(t *testing.T) {
	var led int
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { led++ }))
	defer elsewhere.Close()
	tests := []struct {
		status int
		body   string
		exit   int
		says   string
	}{
		{307, "", 4, "the token cannot be renewed: X answers 307 Temporary Redirect"},
		{308, "", 4, "the token cannot be renewed: X answers 308 Permanent Redirect"},
		{302, "", 4, "X answers 302"},
		{404, "<html>", 4, "X answers 404"},
		{403, "<html>", 4, "X answers 403"},
		{400, `{"error":"unsupported_grant_type"}`, 4, "X answers 400"},
		{429, "", 75, "X answers 429"},
		{499, "", 4, "X answers 499"},
		{500, "", 75, "X answers 500"},
		{400, `{"error":"invalid_grant"}`, 4, "not good any more"},
		{400, `{"error":"invalid_request","error_description":"refresh0 was invalid"}`, 4, "not good any more"},
		{401, `{"error":"unauthorized_client"}`, 4, "not good any more"},
		{401, `{"error":"refresh0"}`, 4, `not good any more ("[redacted]")`},
	}
	for _, tt := range tests {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			w.Header().Set("Location", elsewhere.URL)
			w.WriteHeader(tt.status)
			fmt.Fprint(w, tt.body)
		}))
		defer server.Close()
		r := newRig(t)
		r.now = r.now.Add(3 * time.Hour)
		k, _ := Load(r.path)
		_, err := k.Client(Site{Base: server.URL, HTTP: server.Client(), Now: func() time.Time { return r.now }}).Get(server.URL)
		var e *Error
		if !errors.As(err, &e) || !strings.Contains(e.Text, tt.says) || e.ExitCode() != tt.exit || (e.Advice == "") != (tt.exit == 75) || strings.Contains(err.Error(), "refresh0") || led > 0 {
			t.Errorf("%d %s: got %v, led elsewhere %d times", tt.status, tt.body, err, led)
		}
		if k, err := Load(r.path); err != nil || k.RefreshToken.Reveal() != "refresh0" {
			t.Errorf("%d %s: the file changed: %v", tt.status, tt.body, err)
		}
	}
}

func TestRotationLater(t *testing.T) {
	r := newRig(t)
	c := r.client()
	r.now = r.now.Add(3 * time.Hour)
	r.issuer.broken = true
	var e *Error
	if err := r.get(c); !errors.As(err, &e) || !strings.Contains(err.Error(), "503") || e.ExitCode() != 75 {
		t.Errorf("got %v", err)
	}
	r.issuer.broken = false
	if err := r.get(c); err != nil {
		t.Error(err)
	}
	r.now = r.now.Add(3 * time.Hour)
	r.server.Close()
	if err := r.get(c); !errors.As(err, &e) || !strings.HasPrefix(e.Error(), "the token cannot be renewed: dial tcp ") || e.ExitCode() != 75 {
		t.Errorf("out of reach: got %v", err)
	}
}

func TestRotationSpendsNothingItCannotKeep(t *testing.T) {
	if os.Getuid() == 0 {
		t.Skip("root writes everywhere")
	}
	r := newRig(t)
	c := r.client()
	r.now = r.now.Add(3 * time.Hour)
	os.WriteFile(r.path+".lock", nil, 0o600)
	os.Chmod(filepath.Dir(r.path), 0o500)
	defer os.Chmod(filepath.Dir(r.path), 0o700)
	if err := r.get(c); err == nil || r.issuer.n > 0 {
		t.Errorf("got %v after %d renewals", err, r.issuer.n)
	}
}
