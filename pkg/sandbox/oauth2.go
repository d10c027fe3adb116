package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"
)

// OAuth 2.0 as X has it: authorization code with PKCE, refresh tokens that
// work once, and a token for an app alone.

// X's own numbers. A code that is pasted by hand has to be quick.
const (
	codeLife  = 30 * time.Second
	tokenLife = 7200 // seconds, of access tokens
)

// authCode is the result of an approval, to be exchanged for tokens once.
type authCode struct {
	grant
	redirect  string
	challenge string
	plain     bool // the challenge is the verifier itself
}

// oauthError is the error document of the token endpoints.
type oauthError struct {
	Error       string `json:"error"`
	Description string `json:"error_description"`
}

func oauthFailed(status int, kind, description string) *answer {
	return &answer{status: status, body: oauthError{kind, description}}
}

// valueInvalid is X's answer to nearly all that is wrong.
func valueInvalid(what string) *answer {
	return oauthFailed(400, "invalid_request", "Value passed for the "+what+" was invalid.")
}

// tokenAnswer is the answer of token endpoints; an app's token does not expire.
type tokenAnswer struct {
	Type    string `json:"token_type"`
	Expires int    `json:"expires_in,omitempty"`
	Access  string `json:"access_token"`
	Scope   string `json:"scope,omitempty"`
	Refresh string `json:"refresh_token,omitempty"`
}

// authorizeCode is the page that asks a person, and redirects to the app. A
// "deny" in its address stands for a person who says no.
func (c *call) authorizeCode() *answer {
	q := c.query
	a := c.keys.clients[q.Get("client_id")]
	if wrong := c.wrongAuthorize(a); wrong != "" {
		return c.failed(wrong)
	}
	if q.Has("deny") {
		return c.leadBack("error", "access_denied")
	}
	if !q.Has("as") {
		return c.consent(a)
	}
	who, err := c.store.account(q.Get("as"))
	if err != nil {
		return c.failed(err.Error())
	}
	code := c.keys.fresh(91, "code")
	c.keys.codes[code] = &authCode{
		grant:     grant{app: a, user: who, scopes: strings.Fields(q.Get("scope")), expires: c.now().Add(codeLife)},
		redirect:  q.Get("redirect_uri"),
		challenge: q.Get("code_challenge"),
		plain:     q.Get("code_challenge_method") != "S256",
	}
	return c.leadBack("code", code)
}

// wrongAuthorize returns what is wrong with the address of the page, or "".
func (c *call) wrongAuthorize(a *app) string {
	q := c.query
	switch {
	case a == nil:
		return "client_id is not known."
	case !c.mayRedirect(q.Get("redirect_uri")):
		return "redirect_uri is not registered."
	case q.Get("response_type") != "code":
		return "response_type must be code."
	case q.Get("state") == "":
		return "state is missing."
	case q.Get("code_challenge") == "":
		return "code_challenge is missing."
	case !slices.Contains([]string{"", "plain", "S256"}, q.Get("code_challenge_method")):
		return "code_challenge_method is not valid."
	case !knownScopes(q.Get("scope")):
		return "scope is not valid."
	}
	return ""
}

// leadBack redirects the browser to the app.
func (c *call) leadBack(name, value string) *answer {
	to, _ := url.Parse(c.query.Get("redirect_uri")) // mayRedirect has seen it
	q := to.Query()
	q.Set("state", c.query.Get("state"))
	q.Set(name, value)
	to.RawQuery = q.Encode()
	c.header.Set("Location", to.String())
	return &answer{status: 302}
}

// mayRedirect reports whether a redirect URI is registered.
func (c *call) mayRedirect(uri string) bool {
	u, err := url.Parse(uri)
	if err != nil || len(c.opt.Callbacks) > 0 {
		return err == nil && slices.Contains(c.opt.Callbacks, uri)
	}
	ip := net.ParseIP(u.Hostname())
	return u.Fragment == "" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}

// knownScopes reports whether a list consists of scopes of this API and is not empty.
func knownScopes(list string) bool {
	known := strings.Fields("tweet.read tweet.write users.read media.write offline.access")
	scopes := strings.Fields(list)
	return len(scopes) > 0 && covers(known, scopes)
}

// client returns the app that calls a token endpoint: confidential with its
// secret (Basic), or public with its id in the form.
func (c *call) client() *app {
	if id, secret, ok := c.r.BasicAuth(); ok {
		if a := c.keys.clients[id]; a != nil && a.keys.ClientSecret == secret {
			return a
		}
		return nil
	}
	return c.keys.clients[c.form().Get("client_id")]
}

// noClient is the answer to an app that is unknown, or whose secret is wrong.
func noClient() *answer {
	return oauthFailed(401, "unauthorized_client", "Missing valid authorization header")
}

// token exchanges a code or a refresh token for tokens. A refresh token is used
// up whether or not the answer arrives. So a client has to store the new one before
// anything else, and two clients that share one token lose it.
func (c *call) token() *answer {
	a, form := c.client(), c.form()
	if a == nil {
		return noClient()
	}
	switch form.Get("grant_type") {
	case "authorization_code":
		return c.tokenByCode(a, form)
	case "refresh_token":
		old := form.Get("refresh_token")
		g := c.keys.refresh[old]
		if g == nil || g.app != a {
			return valueInvalid("token")
		}
		delete(c.keys.refresh, old)
		return c.grantTokens(g)
	}
	return valueInvalid("grant type")
}

// tokenByCode uses up a code, even if the rest of the request is wrong.
func (c *call) tokenByCode(a *app, form url.Values) *answer {
	code := c.keys.codes[form.Get("code")]
	if code == nil || code.app != a || !c.now().Before(code.expires) {
		return valueInvalid("authorization code")
	}
	delete(c.keys.codes, form.Get("code"))
	switch {
	case form.Get("redirect_uri") != code.redirect:
		return oauthFailed(400, "invalid_request", "Value passed for the redirect uri did not match the uri of the authorization code.")
	case !code.provenBy(form.Get("code_verifier")):
		return oauthFailed(400, "invalid_request", "Value passed for the code verifier did not match the code challenge.")
	}
	return c.grantTokens(&code.grant)
}

// provenBy reports whether a verifier belongs to the challenge (RFC 7636, 4.6). Only a
// hashed challenge demands the RFC's least length of 43.
func (a *authCode) provenBy(verifier string) bool {
	if !a.plain {
		sum := sha256.Sum256([]byte(verifier))
		return len(verifier) >= 43 && base64.RawURLEncoding.EncodeToString(sum[:]) == a.challenge
	}
	return verifier == a.challenge
}

// grantTokens returns a new access token and, with the scope for it, a new refresh
// token. Earlier access tokens stay valid until they expire.
func (c *call) grantTokens(g *grant) *answer {
	t := tokenAnswer{
		Type:    "bearer",
		Expires: tokenLife,
		Access:  c.keys.fresh(91, "access"),
		Scope:   strings.Join(g.scopes, " "),
	}
	c.keys.bearers[t.Access] = &grant{app: g.app, user: g.user, scopes: g.scopes, expires: c.now().Add(tokenLife * time.Second)}
	if slices.Contains(g.scopes, "offline.access") {
		t.Refresh = c.keys.fresh(91, "refresh")
		c.keys.refresh[t.Refresh] = &grant{app: g.app, user: g.user, scopes: g.scopes}
	}
	return &answer{status: 200, body: t}
}

// revoke forgets a token of either kind; an unknown one is no error.
func (c *call) revoke() *answer {
	a := c.client()
	if a == nil {
		return noClient()
	}
	token := c.form().Get("token")
	if g := c.keys.bearers[token]; g != nil && g.app == a {
		delete(c.keys.bearers, token)
	}
	if g := c.keys.refresh[token]; g != nil && g.app == a {
		delete(c.keys.refresh, token)
	}
	return &answer{status: 200, body: map[string]bool{"revoked": true}}
}

// appToken returns the token of an app alone, for its consumer key and secret.
func (c *call) appToken() *answer {
	key, secret, _ := c.r.BasicAuth()
	a := c.keys.apps[key]
	if a == nil || a.keys.ConsumerSecret != secret {
		return v1Error(403, 99, "Unable to verify your credentials")
	}
	if c.form().Get("grant_type") != "client_credentials" {
		return v1Error(403, 170, "Missing required parameter: grant_type")
	}
	return &answer{status: 200, body: tokenAnswer{Type: "bearer", Access: a.keys.BearerToken}}
}
