package sandbox

import (
	"cmp"
	"fmt"
	"math/big"
	"net/url"
	"time"
)

// requestToken is a temporary credential of OAuth 1.0a's PIN flow: an app asks for
// it, a person approves it, and it is exchanged for a token once.
type requestToken struct {
	grant
	pin string // set by approval
}

// requestLife is how much time a person has.
const requestLife = 15 * time.Minute

// oauthParam returns a parameter of OAuth 1.0a, which may be in the header or,
// signed like the others, in the query or the body.
func (c *call) oauthParam(name string) string {
	if oauth, err := parseAuthorization(c.r.Header.Get("Authorization")); err == nil && oauth[name] != "" {
		return oauth[name]
	}
	return cmp.Or(c.query.Get(name), c.form().Get(name))
}

// requestToken is the first step. Only "oob" is served as a callback.
func (c *call) requestToken() *answer {
	g, ok := c.verifySigned(func(token string) *grant {
		if token == "" {
			return &grant{}
		}
		return nil
	})
	if !ok {
		return c.unauthorized()
	}
	if c.oauthParam("oauth_callback") != "oob" {
		return v1Error(403, 415, "Callback URL not approved for this client application. Approved callback URLs can be adjusted in your application settings")
	}
	id := c.keys.fresh(27, "request token")
	t := &requestToken{grant: grant{app: g.app, secret: c.keys.fresh(32, "request secret"), expires: c.now().Add(requestLife)}}
	c.keys.requests[id] = t
	return formAnswer("oauth_token", id, "oauth_token_secret", t.secret, "oauth_callback_confirmed", "true")
}

// authorizePIN is the page of the second step; it shows the PIN.
func (c *call) authorizePIN() *answer {
	t := c.pending(c.query.Get("oauth_token"))
	if t == nil {
		return c.failed("This page is no longer valid.")
	}
	if !c.query.Has("as") {
		return c.consent(t.app)
	}
	who, err := c.store.account(c.query.Get("as"))
	if err != nil {
		return c.failed(err.Error())
	}
	sum := c.keys.sum("pin " + c.query.Get("oauth_token"))
	number := new(big.Int).Mod(new(big.Int).SetBytes(sum[:]), big.NewInt(9_000_000))
	t.user, t.pin = who, fmt.Sprint(number.Int64()+1_000_000)
	return htmlAnswer(200, pinPage, t.pin)
}

// pending returns a request token that can still be used.
func (c *call) pending(id string) *requestToken {
	if t := c.keys.requests[id]; t != nil && c.now().Before(t.expires) {
		return t
	}
	return nil
}

// accessToken is the third step: it exchanges the PIN for a token that does not
// expire. A wrong PIN can be corrected; a right one works once.
func (c *call) accessToken() *answer {
	id := c.oauthParam("oauth_token")
	t := c.pending(id)
	g, ok := c.verifySigned(func(string) *grant {
		if t == nil {
			return nil
		}
		return &t.grant
	})
	if !ok {
		return c.unauthorized()
	}
	if t.pin == "" || c.oauthParam("oauth_verifier") != t.pin {
		return &answer{status: 401, raw: []byte("Error processing your OAuth request: Invalid oauth_verifier parameter"), kind: "text/html; charset=utf-8"}
	}
	delete(c.keys.requests, id)
	token, secret := c.keys.tokenFor(g.app, g.user)
	return formAnswer("oauth_token", token, "oauth_token_secret", secret,
		"user_id", itoa(g.user.id), "screen_name", g.user.name)
}

// tokenFor returns the OAuth 1.0a token of an account for an app, the same one each
// time, as on X.
func (k *keyring) tokenFor(a *app, who *account) (token, secret string) {
	if a.owner == who {
		return a.keys.AccessToken, a.keys.AccessSecret
	}
	token = itoa(who.id) + "-" + k.derive(40, "access token", who.name, "for", a.owner.name)
	secret = k.derive(45, "access secret", who.name, "for", a.owner.name)
	k.tokens[token] = &grant{app: a, user: who, secret: secret}
	return token, secret
}

// formAnswer returns an answer of names and values, in that order.
func formAnswer(pairs ...string) *answer {
	body := ""
	for i := 0; i < len(pairs); i += 2 {
		if i > 0 {
			body += "&"
		}
		body += pairs[i] + "=" + url.QueryEscape(pairs[i+1])
	}
	return &answer{status: 200, raw: []byte(body), kind: "text/html; charset=utf-8"}
}
