package x

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/cenkalti/backoff/v4"

	"horsepipe/pkg/network"
)

const (
	maxAnswer  = 32 << 20         // bytes; a page of a hundred posts of 25,000 characters is 10 MB
	tries      = 5                // repeats of what was unavailable
	firstPause = time.Second / 2  // before the first repeat; then twice as long each time, with jitter
	longPause  = 30 * time.Second // the longest pause
	window     = 15 * time.Minute // of X's rate limits, for a 429 that names no time
	leastWait  = time.Second      // for a reset that is already past; then twice as long each time
	never      = 1 << 33          // seconds, or the year 2242: a [time.Duration] overflows soon after
)

// call is one request of API v2, which may have to be sent several times.
type call struct {
	op     string // what it is for, in errors
	method string
	path   string
	query  url.Values
	body   []byte // may be nil
	kind   string // of the body; "" is JSON
	again  bool   // may be repeated although it is a POST
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
	now    time.Time     // by X's clock if the answer tells it, else by ours
	off    time.Duration // by how much our clock is ahead of X's
}

// do sends a call until it succeeds or repeating it makes no sense.
func (c *Client) do(ctx context.Context, cl call) (*answer, error) {
	return c.repeat(ctx, func() (*answer, error) { return c.once(ctx, cl) })
}

// repeat calls once until it succeeds, as often and as slowly as its failures suggest.
func (c *Client) repeat(ctx context.Context, once func() (*answer, error)) (*answer, error) {
	pauses, least := newPauses(), leastWait
	for {
		a, err := once()
		var failure *network.Error
		if !errors.As(err, &failure) {
			return a, err
		}
		var pause time.Duration
		switch failure.Kind {
		case network.RateLimited:
			if pause = max(failure.Until.Sub(a.now), least); pause > c.Wait-c.waited { // a sum might overflow: a header can say anything
				return a, err
			}
			c.waited, least = c.waited+pause, 2*least
		case network.Unavailable:
			if pause = pauses.NextBackOff(); pause == backoff.Stop {
				return a, err
			}
		default:
			return a, err
		}
		c.Notice("%v; waiting %v", err, pause.Round(time.Second/10))
		if err := sleep(ctx, pause); err != nil {
			return nil, err
		}
	}
}

func newPauses() backoff.BackOff {
	b := backoff.NewExponentialBackOff()
	b.InitialInterval, b.MaxInterval, b.Multiplier, b.MaxElapsedTime = firstPause, longPause, 2, 0
	return backoff.WithMaxRetries(b, tries)
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// once sends a request and reads its answer. If that is not a success, it also returns a
// [network.Error].
func (c *Client) once(ctx context.Context, cl call) (*answer, error) {
	req, err := http.NewRequestWithContext(ctx, cl.method, c.Base+cl.path, bytes.NewReader(cl.body))
	if err != nil {
		return nil, &network.Error{Kind: network.Failed, Op: cl.op, Err: err}
	}
	req.URL.RawQuery = cl.query.Encode()
	if cl.kind != "" {
		req.Header.Set("Content-Type", cl.kind)
	} else if cl.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	req.Header.Set("Accept", "application/json")
	return c.send(req, cl.op, req.Method == http.MethodPost && !cl.again)
}

// send is once for a request that is already built. Posting says that it must not be done twice.
func (c *Client) send(req *http.Request, op string, posting bool) (*answer, error) {
	if scheme := req.URL.Scheme; scheme != "http" && scheme != "https" || req.URL.Host == "" {
		return &answer{}, &network.Error{Kind: network.Failed, Op: op, Detail: "no address of a server: " + c.Base,
			Advice: "TW_API_BASE has to begin with https:// or http://"}
	}
	c.usage.Requests++
	var seeking atomic.Bool // it has no connection yet, so that nothing of it was sent
	trace := &httptrace.ClientTrace{
		GetConn: func(string) { seeking.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { seeking.Store(false) },
	}
	resp, err := c.HTTP.Do(req.WithContext(httptrace.WithClientTrace(req.Context(), trace)))
	if err != nil {
		return &answer{now: c.Now()}, unsent(req.Context(), op, posting && !seeking.Load(), err)
	}
	defer resp.Body.Close()
	if level := resp.Header.Get("x-access-level"); level != "" {
		c.access = level
	}
	a := &answer{status: resp.StatusCode, header: resp.Header, now: c.Now()}
	if date, err := http.ParseTime(resp.Header.Get("Date")); err == nil {
		a.off, a.now = a.now.Sub(date), date
	}
	a.body, err = io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	if err == nil && len(a.body) > maxAnswer {
		err = fmt.Errorf("the answer is longer than %d bytes", maxAnswer)
	}
	if err != nil {
		return a, &network.Error{Kind: lost(posting), Op: op, Status: a.status, Err: err}
	}
	if failure := c.classify(a, op, posting); failure != nil {
		return a, failure
	}
	return a, nil
}

// unsent returns the error for a request without an answer. What was never sent was not done; of a post
// that was, nobody knows. Posting says that it was a post, and had a connection to be sent through.
func unsent(ctx context.Context, op string, posting bool, err error) error {
	if ctx.Err() != nil && !posting {
		return ctx.Err()
	}
	if u := (*url.Error)(nil); errors.As(err, &u) {
		err = u.Err // its URL says nothing that op does not
	}
	kind := lost(posting)
	var own interface{ ExitCode() int } // from below the signing: no credentials, and so no request
	var stranger *tls.CertificateVerificationError
	switch {
	case errors.As(err, &own) && own.ExitCode() != network.Unavailable.ExitCode():
		return fmt.Errorf("%s: %w", op, err) // there will never be credentials
	case errors.As(err, &own):
		kind = network.Unavailable
	case errors.As(err, &stranger):
		kind = network.Failed // nothing was sent, and repeating it does not help
	}
	return &network.Error{Kind: kind, Op: op, Err: err}
}

// lost returns the kind of a failure after something was sent.
func lost(posting bool) network.Kind {
	if posting {
		return network.UnknownOutcome
	}
	return network.Unavailable
}

// until returns when a 429 ends. If requests remain, it is not the window of a quarter of an hour
// that is used up but the day's allowance of the user or the app, which has headers of its own.
func (a *answer) until() time.Time {
	if left := a.header.Get("x-rate-limit-remaining"); left != "" && left != "0" {
		for _, who := range []string{"user", "app"} {
			day := "x-" + who + "-limit-24hour-"
			if at, ok := a.reset(day + "reset"); ok && a.header.Get(day+"remaining") == "0" {
				return at
			}
		}
	}
	if at, ok := a.reset("x-rate-limit-reset"); ok {
		return at
	}
	if n, err := a.seconds("Retry-After"); err == nil && n >= 0 {
		return a.now.Add(time.Duration(n) * time.Second)
	}
	return a.now.Add(window)
}

func (a *answer) reset(header string) (time.Time, bool) {
	n, err := a.seconds(header)
	return time.Unix(n, 0).UTC(), err == nil && n > 0
}

// seconds reads a header that is a number of seconds. More than never count as never.
func (a *answer) seconds(header string) (int64, error) {
	n, err := strconv.ParseInt(a.header.Get(header), 10, 64)
	return min(n, never), err
}
