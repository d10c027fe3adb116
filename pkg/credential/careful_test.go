package credential

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

// parrot is a server that repeats, where net/http expects something else, the header Authorization and
// the body of a request. In the form of its answers, % stands for them, and & for the header from its last
// part to its first: long errors are cut.
func parrot(t *testing.T, form string) (base string) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		body, _ := io.ReadAll(req.Body)
		conn, _, err := http.NewResponseController(w).Hijack() // net/http would not write such answers
		if err != nil {
			t.Error(err)
			return
		}
		header := req.Header.Get("Authorization")
		parts := strings.Split(header, ", ")
		slices.Reverse(parts)
		strings.NewReplacer("%", header+" "+string(body), "&", strings.Join(parts, ", ")).WriteString(conn, form)
		conn.Close()
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// What net/http says of an answer that it cannot read has none of the request's secrets.
func TestParrot(t *testing.T) {
	secret := func(name string) Secret { return NewSecret(canary + "-" + name) }
	app := &Keys{ConsumerKey: secret("consumer"), ConsumerSecret: secret("secret"), ClientID: secret("id"), ClientSecret: secret("of+client")}
	expired := *app
	expired.RefreshToken = secret("refresh")
	expired.path = filepath.Join(t.TempDir(), "x-newton.json")
	get := func(k *Keys) func(Site) error {
		return func(site Site) error {
			resp, err := k.Client(site).Get(site.Base + "/2/users/me")
			if err == nil {
				_, err = io.ReadAll(resp.Body)
				resp.Body.Close()
			}
			return err
		}
	}
	ways := map[string]func(Site) error{
		"OAuth 1.0a": get(&Keys{ConsumerKey: app.ConsumerKey, ConsumerSecret: app.ConsumerSecret, AccessToken: secret("token"), AccessSecret: secret("access")}),
		"OAuth 2.0":  get(&Keys{Token: secret("token")}),
		"bearer":     get(&Keys{BearerToken: secret("bearer")}),
		"renewal": func(site Site) error {
			if err := expired.Save(expired.path); err != nil {
				return err
			}
			return get(&expired)(site)
		},
		"PIN, begun": func(site Site) error {
			_, err := StartPIN(site, app)
			return err
		},
		"PIN": func(site Site) error {
			start := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				io.WriteString(w, "oauth_token="+canary+"-token&oauth_token_secret="+canary+"-secret&oauth_callback_confirmed=true")
			}))
			defer start.Close()
			login, err := StartPIN(Site{Base: start.URL}, app)
			if err != nil {
				return err
			}
			login.config.Endpoint.AccessTokenURL = site.Base
			_, err = login.Finish("7654321")
			return err
		},
		"PKCE": func(site Site) error {
			login, err := StartPKCE(site, app, "http://127.0.0.1:1/")
			if err != nil {
				return err
			}
			login.verifier = canary + "-verifier"
			_, err = login.Finish(context.Background(), "7654321-code")
			return err
		},
	}
	basic := regexp.MustCompile(`Basic [A-Za-z0-9]`)
	for name, form := range map[string]string{
		"a status":   "HTTP/1.1 %\r\n\r\n",
		"a header":   "HTTP/1.1 200 OK\r\nyou sent %\r\n\r\n",
		"its end":    "HTTP/1.1 200 OK\r\nyou sent &\r\n\r\n",
		"a trailer":  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\nyou sent %\r\n\r\n",
		"a length":   "HTTP/1.1 200 OK\r\nContent-Length: x%\r\n\r\n",
		"an address": "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://[%\r\n\r\n",
		"a long one": "HTTP/1.1 200 OK\r\n" + strings.Repeat("a", 100_000) + "%\r\n\r\n",
	} {
		site := Site{Base: parrot(t, form), Now: time.Now}
		for way, try := range ways {
			err := try(site)
			if err == nil && name == "an address" {
				continue // an answer like any other
			}
			if err == nil || len(err.Error()) > 600 {
				t.Errorf("%s, %s: %.700v", name, way, err)
				continue
			}
			if says := err.Error(); strings.Contains(says, canary) || strings.Contains(says, "7654321") || basic.MatchString(says) {
				t.Errorf("%s, %s: %v", name, way, err)
			}
		}
	}
}

// An error that holds no secret stays as it is, and one that does stays of its kind.
func TestMask(t *testing.T) {
	c := careful{hide: (&Keys{BearerToken: NewSecret(canary)}).hiding()}
	if err := c.mask(io.EOF); err != io.EOF {
		t.Errorf("got %v", err)
	}
	if err := c.mask(&os.PathError{Op: "open", Path: canary, Err: os.ErrNotExist}); err.Error() != "open [redacted]: file does not exist" || !errors.Is(err, os.ErrNotExist) {
		t.Errorf("got %v", err)
	}
}

// A login reads no answer that is far too long, however well it is packed.
func TestEndlessAnswer(t *testing.T) {
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	z.Write(make([]byte, 4*maxLogin))
	z.Close()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(packed.Bytes())
	}))
	defer server.Close()
	site := Site{Base: server.URL, Now: time.Now}
	_, err := StartPIN(site, &Keys{ConsumerKey: NewSecret(canary), ConsumerSecret: NewSecret(canary)})
	if err == nil || !strings.Contains(err.Error(), "the answer is longer than 1048576 bytes") {
		t.Errorf("got %v", err)
	}
}
