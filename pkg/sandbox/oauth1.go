package sandbox

import (
	"cmp"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// OAuth 1.0a as RFC 5849 has it, with HMAC-SHA1 and the parameters in the
// Authorization header.

// window is how far the timestamp of a signature may be off, in seconds.
const window = 300

var errHeader = errors.New("not an OAuth 1.0a Authorization header")

// parseAuthorization reads the header (RFC 5849, 3.5.1): pairs of a name and a
// quoted value, both percent-encoded, with commas between them. It leaves out the
// realm; a name that comes twice is an error.
func parseAuthorization(header string) (map[string]string, error) {
	scheme, rest, found := strings.Cut(strings.TrimSpace(header), " ")
	if !found || !strings.EqualFold(scheme, "OAuth") {
		return nil, errHeader
	}
	params := map[string]string{}
	for more := true; more; {
		var name, value string
		var err error
		if name, value, rest, more, err = nextPair(rest); err != nil {
			return nil, err
		}
		if _, twice := params[name]; twice {
			return nil, fmt.Errorf("%w: %s comes twice", errHeader, name)
		}
		params[name] = value
	}
	delete(params, "realm")
	return params, nil
}

// nextPair reads one pair; more reports whether a comma follows it.
func nextPair(s string) (name, value, rest string, more bool, err error) {
	name, s, ok := strings.Cut(strings.TrimLeft(s, " \t"), `="`)
	if !ok || name == "" {
		return "", "", "", false, errHeader
	}
	value, s, ok = strings.Cut(s, `"`)
	if !ok {
		return "", "", "", false, errHeader
	}
	if name, err = url.PathUnescape(name); err != nil {
		return "", "", "", false, fmt.Errorf("%w: %w", errHeader, err)
	}
	if value, err = url.PathUnescape(value); err != nil {
		return "", "", "", false, fmt.Errorf("%w: %w", errHeader, err)
	}
	rest, more = strings.CutPrefix(strings.TrimLeft(s, " \t"), ",")
	if !more && rest != "" {
		return "", "", "", false, errHeader
	}
	return name, value, rest, more, nil
}

// pair is a parameter that is part of the signature.
type pair struct{ name, value string }

// baseString is what is signed (RFC 5849, 3.4.1).
func baseString(method, address string, params []pair) string {
	encoded := make([]pair, len(params))
	for i, p := range params {
		encoded[i] = pair{percent(p.name), percent(p.value)}
	}
	slices.SortFunc(encoded, func(a, b pair) int {
		return cmp.Or(strings.Compare(a.name, b.name), strings.Compare(a.value, b.value))
	})
	list := make([]string, len(encoded))
	for i, p := range encoded {
		list[i] = p.name + "=" + p.value
	}
	return strings.ToUpper(method) + "&" + percent(address) + "&" + percent(strings.Join(list, "&"))
}

// sign is HMAC-SHA1 in base64 (RFC 5849, 3.4.2).
func sign(base, consumerSecret, tokenSecret string) string {
	mac := hmac.New(sha1.New, []byte(percent(consumerSecret)+"&"+percent(tokenSecret)))
	mac.Write([]byte(base))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// percent encodes all but the unreserved characters (RFC 5849, 3.6).
func percent(s string) string {
	return strings.ReplaceAll(url.QueryEscape(s), "+", "%20")
}

// verifySigned verifies the request's signature with the token that find returns,
// and uses up its nonce. For a request without oauth_token it calls find with "".
func (c *call) verifySigned(find func(token string) *grant) (*grant, bool) {
	oauth, err := parseAuthorization(c.r.Header.Get("Authorization"))
	if err != nil {
		return nil, false
	}
	app, token := c.keys.apps[oauth["oauth_consumer_key"]], find(oauth["oauth_token"])
	if app == nil || token == nil || !c.wellFormed(oauth) {
		return nil, false
	}
	if token.app != nil && token.app != app {
		return nil, false
	}
	params := c.signedParams(oauth)
	valid := slices.ContainsFunc(c.addresses(), func(address string) bool {
		want := sign(baseString(c.r.Method, address, params), app.keys.ConsumerSecret, token.secret)
		return hmac.Equal([]byte(want), []byte(oauth["oauth_signature"]))
	})
	if !valid || !c.useNonce(oauth) {
		return nil, false
	}
	return &grant{app: app, user: token.user, secret: token.secret}, true
}

// wellFormed reports whether the parameters are those of the only method that X
// accepts; RFC 5849 also has PLAINTEXT and RSA-SHA1.
func (c *call) wellFormed(oauth map[string]string) bool {
	version, given := oauth["oauth_version"]
	return oauth["oauth_signature_method"] == "HMAC-SHA1" && oauth["oauth_nonce"] != "" && (!given || version == "1.0")
}

// signedParams collects the parameters of a request: header, query and, only if
// it is a form, body. JSON and multipart bodies are not signed.
func (c *call) signedParams(oauth map[string]string) []pair {
	var out []pair
	for name, value := range oauth {
		if name != "oauth_signature" {
			out = append(out, pair{name, value})
		}
	}
	for _, values := range []url.Values{c.query, c.form()} {
		for name, list := range values {
			for _, value := range list {
				out = append(out, pair{name, value})
			}
		}
	}
	return out
}

// form returns the body if it is a form, and otherwise nothing.
func (c *call) form() url.Values {
	if !c.sends("application/x-www-form-urlencoded") {
		return nil
	}
	form, err := url.ParseQuery(string(c.body))
	if err != nil {
		return nil
	}
	return form
}

// addresses returns the URLs, without query, for which the request may have been signed:
// the one it came to, and X's own, because a client whose base URL cannot be changed
// is redirected to this server below its signer.
func (c *call) addresses() []string {
	path := c.r.URL.EscapedPath()
	scheme := "http://"
	if c.r.TLS != nil {
		scheme = "https://"
	}
	host := strings.TrimSuffix(strings.ToLower(c.r.Host), ":80")
	return []string{scheme + host + path, "https://api.x.com" + path, "https://api.twitter.com" + path}
}

// useNonce refuses a timestamp outside the window and a nonce that was used
// with the same token and timestamp before (RFC 5849, 3.3).
func (c *call) useNonce(oauth map[string]string) bool {
	at, err := strconv.ParseInt(oauth["oauth_timestamp"], 10, 64)
	now := c.opt.Now().Add(c.skew).Unix()
	if err != nil || at < now-window || at > now+window {
		return false
	}
	c.keys.forgetNonces(now)
	key := strings.Join([]string{
		oauth["oauth_consumer_key"], oauth["oauth_token"], oauth["oauth_timestamp"], oauth["oauth_nonce"],
	}, "&")
	if _, used := c.keys.nonces[key]; used {
		return false
	}
	c.keys.nonces[key] = at
	return true
}

// forgetNonces removes, now and then, those that are too old to be used again.
func (k *keyring) forgetNonces(now int64) {
	if now-k.pruned < window {
		return
	}
	k.pruned = now
	maps.DeleteFunc(k.nonces, func(_ string, at int64) bool { return at < now-window })
}

// sends reports whether a request says that its body is of a type.
func (c *call) sends(kind string) bool {
	given, _, _ := strings.Cut(c.r.Header.Get("Content-Type"), ";")
	return strings.EqualFold(strings.TrimSpace(given), kind)
}
