package sandbox

import (
	"context"
	"encoding/base64"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/oauth2"
)

// config is another library's view of the app that an account owns.
func (b *bench) config(name string, scopes ...string) *oauth2.Config {
	k := must(b.Keys(name))(b.t)
	return &oauth2.Config{
		ClientID:    k.ClientID,
		RedirectURL: "http://127.0.0.1:8765/callback",
		Scopes:      scopes,
		Endpoint: oauth2.Endpoint{
			AuthURL:   b.http.URL + "/i/oauth2/authorize",
			TokenURL:  b.http.URL + "/2/oauth2/token",
			AuthStyle: oauth2.AuthStyleInParams,
		},
	}
}

// visit opens an address as a browser would, but does not follow redirects.
func (b *bench) visit(address string) reply {
	stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	return b.do(stay, request("GET", address, "", ""))
}

const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk" // RFC 7636, appendix B

var everything = []string{"tweet.read", "users.read", "tweet.write", "media.write", "offline.access"}

// approve goes through the page as an account, and returns the code.
func (b *bench) approve(c *oauth2.Config, as string) string {
	b.t.Helper()
	r := b.visit(c.AuthCodeURL("some state", oauth2.S256ChallengeOption(verifier)) + "&as=" + as)
	to := must(url.Parse(r.header.Get("Location")))(b.t)
	if r.status != 302 || to.Host != "127.0.0.1:8765" || to.Query().Get("state") != "some state" {
		b.t.Fatalf("got %d to %s: %s", r.status, to, r.body)
	}
	return to.Query().Get("code")
}

func TestCodeFlow(t *testing.T) {
	b := start(t)
	c := b.config("owner", everything...)
	token := must(c.Exchange(context.Background(), b.approve(c, "bot"), oauth2.VerifierOption(verifier)))(t)
	if token.ExpiresIn != 7200 || token.Type() != "Bearer" || token.RefreshToken == "" || token.Extra("scope") != strings.Join(everything, " ") {
		t.Errorf("got %+v", token)
	}
	b.get(withToken(token.AccessToken), "/2/users/me").want(t, 200, "data.username", "bot")
	b.post(withToken(token.AccessToken), "/2/tweets", `{"text":"by OAuth 2.0"}`).want(t, 201)
	if got := b.Stats().Billed["owner"][Writes]; got != 1 { // the owner of the app pays
		t.Errorf("billed %d, want 1", got)
	}
	b.Advance(7199 * time.Second)
	b.get(withToken(token.AccessToken), "/2/users/me").want(t, 200)
	b.Advance(time.Second)
	b.get(withToken(token.AccessToken), "/2/users/me").want(t, 401)
}

func TestRefreshTokensWorkOnce(t *testing.T) {
	b := start(t)
	c := b.config("bot", everything...)
	first := must(c.Exchange(context.Background(), b.approve(c, "bot"), oauth2.VerifierOption(verifier)))(t)
	refresh := func(token string) (*oauth2.Token, error) {
		return c.TokenSource(context.Background(), &oauth2.Token{RefreshToken: token}).Token()
	}
	second := must(refresh(first.RefreshToken))(t)
	b.get(withToken(second.AccessToken), "/2/users/me").want(t, 200)
	_, err := refresh(first.RefreshToken)
	var failed *oauth2.RetrieveError
	if !errors.As(err, &failed) || failed.Response.StatusCode != 400 || failed.ErrorCode != "invalid_request" ||
		failed.ErrorDescription != "Value passed for the token was invalid." {
		t.Errorf("used twice: got %v", err)
	}
	must(refresh(second.RefreshToken))(t)
}

func TestScopes(t *testing.T) {
	b := start(t)
	c := b.config("bot", "tweet.read", "users.read")
	token := must(c.Exchange(context.Background(), b.approve(c, "bot"), oauth2.VerifierOption(verifier)))(t)
	if token.RefreshToken != "" {
		t.Error("a refresh token without offline.access")
	}
	r := b.get(withToken(token.AccessToken), "/2/users/me")
	r.want(t, 200)
	if got := r.header.Get("X-Access-Level"); got != "read" {
		t.Errorf("access level: got %s, want read", got)
	}
	b.post(withToken(token.AccessToken), "/2/tweets", `{"text":"x"}`).want(t, 403, "title", "Forbidden")
}

func TestCodesRefused(t *testing.T) {
	b := start(t)
	c := b.config("bot", everything...)
	secret := base64.StdEncoding.EncodeToString([]byte(c.ClientID + ":wrong"))
	form := func(change url.Values) url.Values {
		f := url.Values{"grant_type": {"authorization_code"}, "client_id": {c.ClientID}, "code": {b.approve(c, "bot")},
			"redirect_uri": {c.RedirectURL}, "code_verifier": {verifier}}
		maps.Copy(f, change)
		return f
	}
	for _, tt := range []struct {
		name   string
		change url.Values
		basic  string
		late   time.Duration
		status int
		why    string
	}{
		{name: "good", status: 200},
		{name: "code", change: url.Values{"code": {"x"}}, status: 400, why: "Value passed for the authorization code was invalid."},
		{name: "verifier", change: url.Values{"code_verifier": {"x"}}, status: 400, why: "Value passed for the code verifier did not match the code challenge."},
		{name: "redirect", change: url.Values{"redirect_uri": {"http://127.0.0.1:8765/"}}, status: 400,
			why: "Value passed for the redirect uri did not match the uri of the authorization code."},
		{name: "after 30 seconds", late: codeLife, status: 400, why: "Value passed for the authorization code was invalid."},
		{name: "client", change: url.Values{"client_id": {"x"}}, status: 401, why: "Missing valid authorization header"},
		{name: "secret", basic: secret, status: 401, why: "Missing valid authorization header"},
		{name: "grant", change: url.Values{"grant_type": {"password"}}, status: 400, why: "Value passed for the grant type was invalid."},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body := form(tt.change).Encode()
			b.Advance(tt.late)
			r := request("POST", b.http.URL+"/2/oauth2/token", "application/x-www-form-urlencoded", body)
			if tt.basic != "" {
				r.Header.Set("Authorization", "Basic "+tt.basic)
			}
			b.do(http.DefaultClient, r).want(t, tt.status, "error_description", tt.why)
			if tt.status == 200 {
				again := request("POST", b.http.URL+"/2/oauth2/token", "application/x-www-form-urlencoded", body)
				b.do(http.DefaultClient, again).want(t, 400)
			}
		})
	}
}

func TestAuthorizePage(t *testing.T) {
	b := start(t, func(o *Options) { o.Callbacks = []string{"http://127.0.0.1:8765/callback"} })
	c := b.config("bot", everything...)
	good := must(url.Parse(c.AuthCodeURL("s", oauth2.S256ChallengeOption(verifier))))(t)
	if r := b.visit(good.String()); r.status != 200 || !strings.Contains(r.body, `name="as"`) || !strings.Contains(r.body, `name="state" value="s"`) {
		t.Errorf("the page: got %d %s", r.status, r.body)
	}
	if r := b.visit(good.String() + "&deny=1"); !strings.Contains(r.header.Get("Location"), "error=access_denied") {
		t.Errorf("denied: got %v", r.header)
	}
	for name, value := range map[string]string{
		"client_id": "x", "redirect_uri": "http://127.0.0.1:8765/other", "response_type": "token", "state": "",
		"code_challenge": "", "code_challenge_method": "S1", "scope": "tweet.read everything", "as": "two words",
	} {
		u, q := *good, good.Query()
		q.Set(name, value)
		u.RawQuery = q.Encode()
		if r := b.visit(u.String()); r.status != 400 || !strings.Contains(r.body, "Something went wrong") {
			t.Errorf("%s=%q: got %d %s", name, value, r.status, r.body)
		}
	}
}

func TestRevokeAndAppToken(t *testing.T) {
	b := start(t)
	c, k := b.config("bot", everything...), must(b.Keys("bot"))(t)
	token := must(c.Exchange(context.Background(), b.approve(c, "bot"), oauth2.VerifierOption(verifier)))(t)
	send := func(path, user, password string, form url.Values) reply {
		r := request("POST", b.http.URL+path, "application/x-www-form-urlencoded", form.Encode())
		r.SetBasicAuth(user, password)
		return b.do(http.DefaultClient, r)
	}
	for _, one := range []string{token.AccessToken, token.RefreshToken, "unknown"} {
		send("/2/oauth2/revoke", k.ClientID, k.ClientSecret, url.Values{"token": {one}}).want(t, 200, "revoked", "true")
	}
	b.get(withToken(token.AccessToken), "/2/users/me").want(t, 401)
	send("/2/oauth2/token", k.ClientID, k.ClientSecret, url.Values{"grant_type": {"refresh_token"}, "refresh_token": {token.RefreshToken}}).want(t, 400)
	send("/2/oauth2/revoke", k.ClientID, "wrong", nil).want(t, 401)

	app := url.Values{"grant_type": {"client_credentials"}}
	send("/oauth2/token", k.ConsumerKey, k.ConsumerSecret, app).want(t, 200, "token_type", "bearer", "access_token", k.BearerToken)
	send("/oauth2/token", k.ConsumerKey, "wrong", app).want(t, 403, "errors.0.code", "99")
	send("/oauth2/token", k.ConsumerKey, k.ConsumerSecret, nil).want(t, 403, "errors.0.code", "170")
}

// A refresh whose answer is lost has used up the token all the same.
func TestLostRefresh(t *testing.T) {
	b := start(t, faults(t, "POST /2/oauth2/token:lost-answer:#2"))
	c := b.config("bot", everything...)
	token := must(c.Exchange(context.Background(), b.approve(c, "bot"), oauth2.VerifierOption(verifier)))(t)
	errs := make([]error, 2)
	for i := range errs {
		_, errs[i] = c.TokenSource(context.Background(), &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
	}
	if slices.Contains(errs, nil) || !strings.Contains(errs[1].Error(), "Value passed for the token was invalid.") {
		t.Errorf("got %v", errs)
	}
}
