package credential

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/dghubble/oauth1"
	"golang.org/x/oauth2"
)

// scopes are what the programs need: reading, posting, pictures, and tokens that can be renewed.
var scopes = []string{"tweet.read", "users.read", "tweet.write", "media.write", "offline.access"}

// pages returns the address of the pages for people that belong to an API: X has them elsewhere.
func pages(base string) string {
	if base == xAPI {
		return "https://x.com"
	}
	return base
}

// PIN is a login by OAuth 1.0a: a person opens URL, allows the app and is shown a PIN.
type PIN struct {
	URL string

	site          Site
	app           *Keys
	config        *oauth1.Config
	token, secret string
}

// StartPIN begins a login with an app's consumer key and secret. A refusal is an [Error].
func StartPIN(site Site, app *Keys) (*PIN, error) {
	if app.ConsumerKey.Empty() || app.ConsumerSecret.Empty() {
		return nil, &Error{Text: "TW_CONSUMER_KEY and TW_CONSUMER_SECRET are needed to log in",
			Advice: `they are the app's "API Key and Secret" in console.x.com, under Keys and tokens`}
	}
	p := &PIN{site: site, app: app, config: &oauth1.Config{
		ConsumerKey: app.ConsumerKey.Reveal(), ConsumerSecret: app.ConsumerSecret.Reveal(), CallbackURL: "oob", HTTPClient: site.client(app.hiding(), maxLogin),
		Endpoint: oauth1.Endpoint{RequestTokenURL: site.Base + "/oauth/request_token",
			AuthorizeURL: site.Base + "/oauth/authorize", AccessTokenURL: site.Base + "/oauth/access_token"},
	}}
	var err error
	if p.token, p.secret, err = p.config.RequestToken(); err != nil {
		return nil, oauth1Refusal(err, "the app's keys are refused",
			"compare TW_CONSUMER_KEY and TW_CONSUMER_SECRET with console.x.com; the app also needs a callback URL and "+
				"Read and Write under User authentication settings, and this machine's clock must be right")
	}
	at, err := p.config.AuthorizationURL(p.token)
	if err != nil {
		return nil, &Error{Text: "log in", Err: err}
	}
	p.URL = at.String()
	return p, nil
}

// AppAccepted asks X whether it knows an app's consumer key and secret. That distinguishes an app's
// wrong keys from an account's wrong token, to which X answers with the same words. It fails if X says
// neither.
func AppAccepted(site Site, app *Keys) (bool, error) {
	_, err := StartPIN(site, app)
	var refused *Error
	if errors.As(err, &refused) && refused.status > 0 {
		return refused.status != http.StatusUnauthorized, nil
	}
	return err == nil, err
}

// Finish exchanges the PIN for the account's keys, with its name and account number if the answer tells
// them. A refusal is an [Error]: after a wrong PIN, the right one can be tried.
func (p *PIN) Finish(pin string) (*Keys, error) {
	pin = strings.TrimSpace(pin)
	config, client := *p.config, p.site.client(p.app.hiding(p.token, p.secret, pin), maxLogin)
	answer := &overheard{next: client.Transport}
	client.Transport, config.HTTPClient = answer, client
	token, secret, err := config.AccessToken(p.token, p.secret, pin)
	if err != nil {
		return nil, oauth1Refusal(err, "the PIN is refused", "a PIN is good for one use and a few minutes: begin again")
	}
	k := *p.app
	k.AccessToken, k.AccessSecret = NewSecret(token), NewSecret(secret)
	if said, err := url.ParseQuery(answer.body.String()); err == nil {
		k.Account, k.UserID = said.Get("screen_name"), said.Get("user_id")
	}
	return &k, nil
}

// overheard keeps what is read of an answer: the library returns only two of its four values.
type overheard struct {
	next http.RoundTripper
	body bytes.Buffer
}

// RoundTrip sends the request as it is.
func (o *overheard) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := o.next.RoundTrip(req)
	if err == nil {
		resp.Body = struct {
			io.Reader
			io.Closer
		}{io.TeeReader(resp.Body, &o.body), resp.Body}
	}
	return resp, err
}

// oauth1Refusal distinguishes a refusal from a server that is out of reach. The library puts the whole
// answer into its error, which may contain secrets; only the status is taken from there.
func oauth1Refusal(err error, text, advice string) error {
	var status int
	if _, scan := fmt.Sscanf(err.Error(), "oauth1: invalid status %d", &status); scan != nil {
		return unheard(err)
	}
	if !refuses(status) {
		return neither("log in", status)
	}
	return &Error{Text: fmt.Sprintf("%s (%d)", text, status), Advice: advice, status: status}
}

// unheard returns the error of a login that got no answer, or none that can be read.
func unheard(err error) error { return &Error{Text: "log in", Err: err, later: true} }

// refuses reports whether a status refuses a login.
func refuses(status int) bool {
	return status == http.StatusBadRequest || status == http.StatusUnauthorized || status == http.StatusForbidden
}

// PKCE is a login by OAuth 2.0: a person opens URL, allows the app, and is sent to the redirect
// address.
type PKCE struct {
	URL string

	site     Site
	app      *Keys
	config   *oauth2.Config
	state    string
	verifier string
}

// StartPKCE begins a login with an app's client id. The redirect address must be in the app's settings,
// letter by letter.
func StartPKCE(site Site, app *Keys, redirect string) (*PKCE, error) {
	if app.ClientID.Empty() {
		return nil, &Error{Text: "TW_CLIENT_ID is needed to log in with OAuth 2.0",
			Advice: `it is the app's "OAuth 2.0 Client ID" in console.x.com, under Keys and tokens; TW_CLIENT_SECRET too, unless it is a public client`}
	}
	p := &PKCE{site: site, app: app, config: app.config(site.Base), state: oauth2.GenerateVerifier(), verifier: oauth2.GenerateVerifier()}
	p.config.RedirectURL, p.config.Scopes = redirect, scopes
	p.URL = p.config.AuthCodeURL(p.state, oauth2.S256ChallengeOption(p.verifier))
	return p, nil
}

// Listen waits until the browser is sent to the redirect address, which must be on this machine,
// and returns the address with its parameters. It calls ready once the browser can come. It fails with an
// [Error] if the browser cannot be led here, or as ctx does.
func (p *PKCE) Listen(ctx context.Context, ready func()) (address string, err error) {
	redirect, err := url.Parse(p.config.RedirectURL)
	if err != nil {
		return "", &Error{Text: "the redirect address", Err: err}
	}
	if host := redirect.Hostname(); host != "localhost" && !net.ParseIP(host).IsLoopback() {
		return "", &Error{Text: "the redirect address is not on this machine", Advice: "use --paste"}
	}
	if redirect.Scheme != "http" { // https would need a certificate that a browser trusts
		return "", &Error{Text: "the browser can be led here only by http://, not by " + redirect.Scheme + "://", Advice: "use --paste, or another address with --redirect"}
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", redirect.Host)
	if err != nil {
		return "", &Error{Text: "cannot wait for the browser at " + redirect.Host, Err: err, Advice: "use --paste, or another port with --redirect"}
	}
	led := make(chan string, 1)
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch state := r.URL.Query().Get("state"); {
		case r.URL.Path != cmp.Or(redirect.Path, "/") || state == "":
			http.NotFound(w, r) // such as a browser that asks for an icon
			return
		case state != p.state: // a browser may reopen its pages of last time
			http.Error(w, "This is of another login. Open the address that tw-auth has printed last.", http.StatusBadRequest)
			return
		}
		const thanks = "Thank you. This page can be closed; tw-auth goes on.\n"
		w.Header().Set("Content-Length", strconv.Itoa(len(thanks)))
		_, _ = io.WriteString(w, thanks)
		_ = http.NewResponseController(w).Flush() // the browser has all of it before the server is closed
		select {
		case led <- r.URL.String():
		default:
		}
	})}
	go server.Serve(listener)
	defer server.Close() // Shutdown might wait for other connections while the code expires
	ready()
	select {
	case address = <-led:
		return address, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// Finish exchanges the address to which the browser was sent, or the code in it, for the account's
// keys. X's codes are valid for 30 seconds. A refusal, or an address of another login, is an [Error].
func (p *PKCE) Finish(ctx context.Context, address string) (*Keys, error) {
	code, err := p.code(strings.TrimSpace(address))
	if err != nil {
		return nil, err
	}
	ctx = context.WithValue(ctx, oauth2.HTTPClient, p.site.client(p.app.hiding(code, p.verifier), maxLogin))
	token, err := p.config.Exchange(ctx, code, oauth2.VerifierOption(p.verifier))
	if answer := (*oauth2.RetrieveError)(nil); errors.As(err, &answer) {
		if status := answer.Response.StatusCode; !refuses(status) {
			return nil, neither("log in", status)
		}
		return nil, &Error{Text: fmt.Sprintf("the login is refused (%.40q)", p.app.Hide(answer.ErrorCode)),
			Advice: "a code is good for 30 seconds: begin again; compare TW_CLIENT_ID and TW_CLIENT_SECRET with console.x.com"}
	}
	if err != nil {
		return nil, unheard(err)
	}
	k := *p.app
	k.take(token, p.site.Now())
	return &k, nil
}

// code extracts the code from an address, and makes sure that it belongs to this login.
func (p *PKCE) code(address string) (string, error) {
	if !strings.Contains(address, "?") {
		return address, nil
	}
	u, err := url.Parse(address)
	if err != nil {
		return "", &Error{Text: "that is not an address", Advice: "paste all that the browser's address bar shows"}
	}
	q := u.Query()
	switch {
	case q.Get("error") != "":
		return "", &Error{Text: fmt.Sprintf("X says no: %.40q", q.Get("error")), Advice: "begin again and allow the app"}
	case q.Get("state") != p.state:
		return "", &Error{Text: "the address is of another login", Advice: "open the address that was printed last"}
	case q.Get("code") == "":
		return "", &Error{Text: "the address holds no code", Advice: "paste all that the browser's address bar shows"}
	}
	return q.Get("code"), nil
}
