package credential

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"time"

	"github.com/gofrs/flock"
	"golang.org/x/oauth2"

	"horsepipe/pkg/replace"
)

const (
	early       = time.Minute           // how long before its expiry a token is renewed
	lockPause   = 50 * time.Millisecond // between two tries for the lock
	refreshTime = 30 * time.Second      // for one renewal, which cannot be interrupted
)

// rotating signs with an OAuth 2.0 token. It renews the token when it is about to expire, or when X
// refuses it: the clock that noted its expiry may have been wrong.
//
// X's refresh tokens can be used only once: the answer contains the next one, and if that is lost a
// person has to log in again. Two cron jobs may share one file, so the protocol is
//
//  1. lock FILE.lock;
//  2. read FILE again: the other job may have renewed the token while this one waited;
//  3. create a temporary file and reserve room for it, so that neither a read-only folder nor a
//     full disk costs a token;
//  4. use the refresh token;
//  5. write the answer, sync it, rename it into place, sync the folder;
//  6. unlock, and only then use the new token.
//
// Ctrl-C does not interrupt step 4: the refresh token would be used up and the next one never
// arrive. After a refusal the file is read once more, in case something renewed the token without
// the lock.
type rotating struct {
	site Site

	mu   sync.Mutex
	keys *Keys
}

// RoundTrip sends a copy of the request with a valid token. If X refuses that token, it renews the
// token and sends the request once more: a request that was refused has done nothing. Whoever traces the
// request learns that it has no connection while it waits for a token, since its time may be over then.
func (r *rotating) RoundTrip(req *http.Request) (*http.Response, error) {
	var refused Secret
	for {
		if trace := httptrace.ContextClientTrace(req.Context()); trace != nil && trace.GetConn != nil {
			trace.GetConn(req.URL.Host)
		}
		token, err := r.token(req.Context(), refused)
		if err != nil {
			if req.Body != nil {
				req.Body.Close()
			}
			return nil, err
		}
		resp, err := r.send(req, token)
		if err != nil || resp.StatusCode != http.StatusUnauthorized || !refused.Empty() || !r.renewable() {
			return resp, err
		}
		again, ok := repeated(req)
		if !ok {
			return resp, nil
		}
		resp.Body.Close()
		req, refused = again, token
	}
}

// send sends a copy of the request with a token.
func (r *rotating) send(req *http.Request, token Secret) (*http.Response, error) {
	hide := (&Keys{Token: token}).hiding() // the others may change meanwhile
	return bearer{token, r.site.client(hide, math.MaxInt64).Transport}.RoundTrip(req)
}

// repeated returns a copy of a request that was sent, if its body can be read again.
func repeated(req *http.Request) (again *http.Request, ok bool) {
	again = req.Clone(req.Context())
	if req.Body == nil || req.Body == http.NoBody {
		return again, true
	}
	if req.GetBody == nil {
		return nil, false
	}
	body, err := req.GetBody()
	again.Body = body
	return again, err == nil
}

// token returns a valid token, other than the one that X has refused.
func (r *rotating) token(ctx context.Context, refused Secret) (Secret, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.good(refused) {
		if err := r.renew(ctx, refused); err != nil {
			return Secret{}, err
		}
	}
	return r.keys.Token, nil
}

// renewable reports whether there is a refresh token, and a file for the next one.
func (r *rotating) renewable() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.keys.RefreshToken.Empty() && r.keys.path != ""
}

// good reports whether the token in memory can be used.
func (r *rotating) good(refused Secret) bool {
	k := r.keys
	return !k.Token.Empty() && k.Token.Reveal() != refused.Reveal() && (k.Expiry.IsZero() || r.site.Now().Add(early).Before(k.Expiry))
}

// renew does steps 1 to 6.
func (r *rotating) renew(ctx context.Context, refused Secret) error {
	path := r.keys.path
	lock := flock.New(replace.Target(path) + ".lock") // the same by whatever link the file is reached
	if _, err := lock.TryLockContext(ctx, lockPause); err != nil {
		return &Error{Text: "credentials cannot be locked", Err: err}
	}
	defer lock.Unlock()
	if err := r.reload(); err != nil || r.good(refused) {
		return err
	}
	if r.keys.RefreshToken.Empty() {
		return &Error{Text: "the token has expired, and there is no refresh token", Advice: "run tw-auth --pkce to log in again"}
	}
	file, err := pending(path)
	if err != nil {
		return err
	}
	defer file.Cleanup()
	if err := reserve(file); err != nil {
		return err
	}
	spent := r.keys.RefreshToken.Reveal()
	if err := r.refresh(); err != nil {
		if again := r.reload(); again == nil && r.keys.RefreshToken.Reveal() != spent && r.good(refused) {
			return nil
		}
		return err
	}
	return r.keys.commit(file)
}

func (r *rotating) reload() error {
	k, err := Load(r.keys.path)
	if err == nil {
		*r.keys = *k
	}
	return err
}

// refresh uses the refresh token. It is no part of the request that needs the token, and knows nothing of
// that one's context.
func (r *rotating) refresh() error {
	ctx, cancel := context.WithTimeout(context.Background(), refreshTime)
	defer cancel()
	ctx = context.WithValue(ctx, oauth2.HTTPClient, r.site.client(r.keys.hiding(), maxLogin))
	old := &oauth2.Token{RefreshToken: r.keys.RefreshToken.Reveal()}
	token, err := r.keys.config(r.site.Base).TokenSource(ctx, old).Token()
	if err != nil {
		return r.refusal(err)
	}
	r.keys.take(token, r.site.Now())
	return nil
}

// config returns the app as OAuth 2.0 sees it. A public client, one without a secret, names itself
// in the request's body; any other in its header.
func (k *Keys) config(base string) *oauth2.Config {
	style := oauth2.AuthStyleInHeader
	if k.ClientSecret.Empty() {
		style = oauth2.AuthStyleInParams
	}
	return &oauth2.Config{
		ClientID: k.ClientID.Reveal(), ClientSecret: k.ClientSecret.Reveal(),
		Endpoint: oauth2.Endpoint{AuthURL: pages(base) + "/i/oauth2/authorize", TokenURL: base + "/2/oauth2/token", AuthStyle: style},
	}
}

// take stores the answer of the token endpoint.
func (k *Keys) take(token *oauth2.Token, now time.Time) {
	k.Token = NewSecret(token.AccessToken)
	k.RefreshToken = NewSecret(token.RefreshToken)
	k.Expiry = time.Time{}
	if token.ExpiresIn > 0 {
		k.Expiry = now.Add(time.Duration(token.ExpiresIn) * time.Second).UTC().Truncate(time.Second)
	}
}

// neither returns the error for an answer that neither grants nor refuses what was asked for: from
// a server that is busy or broken, or is not X's.
func neither(text string, status int) error {
	e := &Error{Text: fmt.Sprintf("%s: X answers %d %s", text, status, http.StatusText(status))}
	if e.later = status >= 500 || status == http.StatusTooManyRequests; !e.later {
		e.Advice = "X does not answer like that: is TW_API_BASE right?"
	}
	return e
}

// refusal returns the error if no token came, without the answer's body, which may contain one.
func (r *rotating) refusal(err error) error {
	var answer *oauth2.RetrieveError
	if !errors.As(err, &answer) {
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // its address adds nothing
		}
		return &Error{Text: "the token cannot be renewed", Err: err, later: true}
	}
	status := answer.Response.StatusCode
	if status != http.StatusUnauthorized && answer.ErrorCode != "invalid_grant" && answer.ErrorCode != "invalid_request" {
		return neither("the token cannot be renewed", status)
	}
	return &Error{Text: fmt.Sprintf("the refresh token is not good any more (%.40q)", r.keys.Hide(answer.ErrorCode)),
		Advice: "run tw-auth to log in again; a token lives in one file on one machine, since each use changes it"}
}
