package credential

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"horsepipe/pkg/sandbox"
)

// person is somebody with a browser, at a local X.
type person struct {
	*testing.T
	site  Site
	app   *Keys
	posts int
}

func newPerson(t *testing.T) *person {
	sb, err := sandbox.New(sandbox.Options{Now: time.Now, Secret: []byte("login")})
	if err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(sb)
	t.Cleanup(web.Close)
	k, err := sb.Keys("owner")
	if err != nil {
		t.Fatal(err)
	}
	app, err := App(env("TW_CONSUMER_KEY", k.ConsumerKey, "TW_CONSUMER_SECRET", k.ConsumerSecret,
		"TW_CLIENT_ID", k.ClientID, "TW_CLIENT_SECRET", k.ClientSecret, "TW_BEARER_TOKEN", "not the app's"))
	if err != nil || !app.BearerToken.Empty() || app.Network != "x" || app.ClientSecret.Reveal() != k.ClientSecret {
		t.Fatal(err)
	}
	return &person{T: t, site: Site{Base: web.URL, HTTP: web.Client(), Now: time.Now}, app: app}
}

// visit opens a page and returns what it shows, or where it leads.
func (p *person) visit(page string) (body, location string) {
	p.Helper()
	client := http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	resp, err := client.Get(page)
	if err != nil {
		p.Fatal(err)
	}
	defer resp.Body.Close()
	data, _ := io.ReadAll(resp.Body)
	return string(data), resp.Header.Get("Location")
}

// works fails unless the keys are those of an account, and good for posts and pictures.
func (p *person) works(k *Keys) {
	p.Helper()
	resp, err := k.Client(p.site).Get(p.site.Base + "/2/users/me")
	if err != nil {
		p.Fatal(err)
	}
	defer resp.Body.Close()
	if data, _ := io.ReadAll(resp.Body); !strings.Contains(string(data), `"newton"`) {
		p.Errorf("%d: %s", resp.StatusCode, data)
	}
	p.posts++ // X takes no text twice
	resp, err = k.Client(p.site).Post(p.site.Base+"/2/tweets", "application/json", strings.NewReader(fmt.Sprintf(`{"text":"post %d"}`, p.posts)))
	if err != nil {
		p.Fatal(err)
	}
	if resp.Body.Close(); resp.StatusCode >= 300 {
		p.Errorf("a post: %s", resp.Status)
	}
	picture := `{"media_category":"tweet_image","media_type":"image/png","total_bytes":8}`
	resp, err = k.Client(p.site).Post(p.site.Base+"/2/media/upload/initialize", "application/json", strings.NewReader(picture))
	if err != nil {
		p.Fatal(err)
	}
	if resp.Body.Close(); resp.StatusCode >= 300 {
		p.Errorf("a picture: %s", resp.Status)
	}
}

func TestPIN(t *testing.T) {
	p := newPerson(t)
	login, err := StartPIN(p.site, p.app)
	if err != nil {
		t.Fatal(err)
	}
	page, _ := p.visit(login.URL + "&as=newton")
	if _, err := login.Finish("1"); err == nil || !strings.Contains(err.Error(), "the PIN is refused (401)") {
		t.Errorf("a wrong PIN: %v", err)
	}
	k, err := login.Finish(" " + regexp.MustCompile(`\d{7}`).FindString(page) + "\n")
	if err != nil {
		t.Fatal(err)
	}
	if k.Account != "newton" || k.UserID == "" || k.UserID != (&Keys{AccessToken: k.AccessToken}).OwnID() {
		t.Errorf("of %q, %q", k.Account, k.UserID)
	}
	p.works(k)
}

func TestPINRefused(t *testing.T) {
	p := newPerson(t)
	for _, tt := range []struct {
		key, secret, says string
		status            int
	}{{"", canary, "TW_CONSUMER_KEY", 0}, {canary, "", "TW_CONSUMER_KEY", 0}, {canary, canary, "refused (401)", 0},
		{canary, canary, "refused (400)", 400}, {canary, canary, "refused (403)", 403}, {canary, canary, "X answers 503", 503}} {
		if tt.status > 0 {
			broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				http.Error(w, r.Header.Get("Authorization"), tt.status)
			}))
			defer broken.Close()
			p.site.Base = broken.URL
		}
		app := &Keys{ConsumerKey: NewSecret(tt.key), ConsumerSecret: NewSecret(tt.secret)}
		accepted, asked := AppAccepted(p.site, app)
		if says := strings.HasPrefix(tt.says, "refused"); (asked == nil) != says || accepted != (says && tt.says != "refused (401)") {
			t.Errorf("%s: the app accepted: %v, %v", tt.says, accepted, asked)
		}
		_, err := StartPIN(p.site, app)
		if e := (*Error)(nil); !errors.As(err, &e) || (e.Hint() == "") != (tt.status == 503) {
			t.Errorf("%s: advice in %v", tt.says, err)
		}
		if err == nil || !strings.Contains(err.Error(), tt.says) || strings.Contains(err.Error(), canary) {
			t.Errorf("got %v, want %s", err, tt.says)
		}
	}
}

// A server that is not there does not refuse, nor does one that says something else: another time it may be X.
func TestLoginWithoutX(t *testing.T) {
	p := newPerson(t)
	hotel := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("<html>welcome to our hotel</html>"))
	}))
	defer hotel.Close()
	for _, base := range []string{strings.TrimSuffix(freeRedirect(t), "/callback"), hotel.URL} {
		p.site.Base = base
		_, pin := StartPIN(p.site, p.app)
		login, err := StartPKCE(p.site, p.app, "http://127.0.0.1:1/callback")
		if err != nil {
			t.Fatal(err)
		}
		_, pkce := login.Finish(context.Background(), "code")
		for _, err := range []error{pin, pkce} {
			if e := (*Error)(nil); !errors.As(err, &e) || e.ExitCode() != 75 || !strings.HasPrefix(err.Error(), "log in: ") {
				t.Errorf("got %v", err)
			}
		}
	}
}

// TestLoginIsNotLedAway answers each step with a redirect to another server.
func TestLoginIsNotLedAway(t *testing.T) {
	p := newPerson(t)
	var led int
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { led++ }))
	defer elsewhere.Close()
	x, err := url.Parse(p.site.Base)
	if err != nil {
		t.Fatal(err)
	}
	front := httputil.NewSingleHostReverseProxy(x)
	for _, step := range []string{"/oauth/request_token", "/oauth/access_token", "/2/oauth2/token"} {
		gate := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == step {
				http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
				return
			}
			front.ServeHTTP(w, r) // as it came: the signature is for this address
		}))
		defer gate.Close()
		site := Site{Base: gate.URL, Now: time.Now}
		err := logIn(p, site)
		if err == nil || err.Error() != "log in: X answers 307 Temporary Redirect" || led > 0 {
			t.Errorf("%s: got %v, led elsewhere %d times", step, err, led)
		}
		if accepted, asked := AppAccepted(site, p.app); (asked == nil) == (step == "/oauth/request_token") || accepted != (asked == nil) {
			t.Errorf("%s: the app accepted: %v, %v", step, accepted, asked)
		}
	}
}

// logIn does both logins as far as they go, with a PIN and a code that nobody issued.
func logIn(p *person, site Site) error {
	pin, err := StartPIN(site, p.app)
	if err != nil {
		return err
	}
	if _, err := pin.Finish("1"); !strings.Contains(err.Error(), "the PIN is refused") {
		return err
	}
	pkce, err := StartPKCE(site, p.app, "http://127.0.0.1:1/callback")
	if err != nil {
		return err
	}
	_, err = pkce.Finish(context.Background(), "code")
	return err
}

// freeRedirect is an address on this machine where nobody listens.
func freeRedirect(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String() + "/callback"
}

func TestPKCE(t *testing.T) {
	p := newPerson(t)
	for name, public := range map[string]bool{"confidential": false, "public": true} {
		if public {
			p.app.ClientSecret = Secret{}
		}
		login, err := StartPKCE(p.site, p.app, "http://127.0.0.1:1/callback")
		if err != nil {
			t.Fatal(err)
		}
		_, address := p.visit(login.URL + "&as=newton")
		typed := " " + address + "\n"
		if public { // the code alone will do
			u, err := url.Parse(address)
			if err != nil {
				t.Fatal(err)
			}
			typed = u.Query().Get("code")
		}
		k, err := login.Finish(context.Background(), typed)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		p.works(k)
		if k.RefreshToken.Empty() || time.Until(k.Expiry) < time.Hour {
			t.Errorf("%s: no way to renew: expiry %v", name, k.Expiry)
		}
		if _, err := login.Finish(context.Background(), address); err == nil || !strings.Contains(err.Error(), `refused ("invalid_request")`) {
			t.Errorf("a code that was used: %v", err)
		}
	}
}

func TestPKCEListens(t *testing.T) {
	p := newPerson(t)
	for i, path := range []string{"/callback", "", "/", "/callback"} {
		redirect := strings.Replace(freeRedirect(t), "/callback", path, 1)
		if i == 3 {
			redirect = strings.Replace(redirect, "127.0.0.1", "localhost", 1)
		}
		login, err := StartPKCE(p.site, p.app, redirect)
		if err != nil {
			t.Fatal(err)
		}
		led, ready := make(chan string), make(chan bool)
		go func() {
			address, err := login.Listen(context.Background(), func() { close(ready) })
			if err != nil {
				t.Error(err)
			}
			led <- address
		}()
		select {
		case <-ready:
		case <-led: // it has failed
			return
		}
		slow, err := net.Dial("tcp", strings.TrimSuffix(strings.TrimPrefix(redirect, "http://"), path))
		if err != nil {
			t.Fatal(err)
		}
		defer slow.Close()
		fmt.Fprint(slow, "POST /nowhere HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n") // and its body never comes
		_, address := p.visit(login.URL + "&as=newton")
		for _, page := range []string{strings.TrimSuffix(redirect, path) + "/favicon.ico", redirect + "?state=old&code=old", strings.Replace(address, "?", "/elsewhere?", 1), address} {
			resp, err := http.Get(page)
			if err != nil {
				t.Fatal(err)
			}
			said, err := io.ReadAll(resp.Body)
			resp.Body.Close()
			if thanked := strings.HasSuffix(string(said), "tw-auth goes on.\n"); err != nil || thanked != (page == address) || (resp.StatusCode == http.StatusOK) != thanked {
				t.Fatalf("%s: %s, %q, %v", page, resp.Status, said, err)
			}
		}
		k, err := login.Finish(context.Background(), <-led)
		if err != nil {
			t.Fatal(err)
		}
		p.works(k)
	}
}

func TestPKCEListenEnds(t *testing.T) {
	p := newPerson(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	login, _ := StartPKCE(p.site, p.app, freeRedirect(t))
	if _, err := login.Listen(ctx, func() {}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	taken := httptest.NewServer(nil)
	defer taken.Close()
	login, _ = StartPKCE(p.site, p.app, taken.URL)
	if _, err := login.Listen(t.Context(), func() { t.Error("the browser may come") }); err == nil || !strings.HasPrefix(err.Error(), "cannot wait for the browser at 127.0.0.1:") {
		t.Errorf("a port that is taken: %v", err)
	}
	for redirect, says := range map[string]string{
		"http://example.org/": "not on this machine", "http://8.8.8.8/": "not on this machine", ":": "the redirect address",
		strings.Replace(freeRedirect(t), "http", "https", 1): "only by http://",
	} {
		login, _ := StartPKCE(p.site, p.app, redirect)
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		if _, err := login.Listen(ctx, func() { t.Errorf("%s: the browser may come", redirect) }); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %v", redirect, err)
		}
		cancel()
	}
}

func TestPKCERefuses(t *testing.T) {
	p := newPerson(t)
	login, err := StartPKCE(p.site, p.app, "http://127.0.0.1:1/callback")
	if err != nil {
		t.Fatal(err)
	}
	_, denied := p.visit(login.URL + "&deny")
	for address, says := range map[string]string{
		denied:                       `X says no: "access_denied"`,
		"http://127.0.0.1:1/?code=a": "another login",
		"http://[?code=a":            "that is not an address",
		"http://127.0.0.1:1/?state=" + url.QueryEscape(login.state): "no code",
		"a code": `refused ("invalid_request")`,
	} {
		if _, err := login.Finish(context.Background(), address); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %v", address, err)
		}
	}
	if _, err := StartPKCE(p.site, &Keys{}, ""); err == nil {
		t.Error("without a client id")
	}
	if page := (&Keys{}).config("https://api.x.com").Endpoint.AuthURL; page != "https://x.com/i/oauth2/authorize" {
		t.Errorf("X's page: %s", page)
	}
	echo := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusUnauthorized)
		io.WriteString(w, `{"error":"`+canary+`"}`)
	}))
	defer echo.Close()
	if login, err = StartPKCE(Site{Base: echo.URL, Now: time.Now}, &Keys{ClientID: NewSecret(canary)}, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := login.Finish(context.Background(), "code"); err == nil || !strings.Contains(err.Error(), `refused ("[redacted]")`) {
		t.Errorf("a server that repeats a key: %v", err)
	}
	for secret, want := range map[string]oauth2.AuthStyle{"": oauth2.AuthStyleInParams, "s": oauth2.AuthStyleInHeader} { // never tried out: a token is good for one use
		if got := (&Keys{ClientSecret: NewSecret(secret)}).config("").Endpoint.AuthStyle; got != want {
			t.Errorf("the secret %q: style %d", secret, got)
		}
	}
}
