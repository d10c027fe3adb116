package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// endpoint is one operation of the API.
type endpoint struct {
	name   string // method and path, as in "GET /2/users/{id}/tweets"; faults and limits use it
	auth   way    // what is accepted; 0: no credentials are needed
	scopes []string
	params func(*dialect) []param // nil: not checked
	serve  func(*call) *answer
	v1     bool // answers errors in the manner of API v1.1
}

// call is one request on its way through the server.
type call struct {
	*Server
	e       *endpoint
	r       *http.Request
	body    []byte
	query   url.Values
	who     caller
	dialect *dialect
	header  http.Header // of the answer
	active  []activeFault
	skew    time.Duration // how far the server's clock is off, by a fault
	bills   []bill
}

// answer is what an endpoint returns, before faults and encoding.
type answer struct {
	status int
	body   any    // JSON, unless raw is set
	raw    []byte // sent as it is, of type kind
	kind   string
	pace   pace // how the bytes are sent
}

// pace is a way of sending an answer in which something goes wrong on the way.
type pace struct {
	lost  bool          // break the connection instead
	stall bool          // wait until the client gives up, then break it
	cut   bool          // announce the whole, send half, break the connection
	slow  time.Duration // pause between ten parts
}

const (
	maxBody  = 1 << 20  // bytes of a request
	maxMedia = 20 << 20 // the same for endpoints that take files
)

// handler takes a request through the server: read, run, send. Only run holds the
// lock, so that neither a slow client nor a fault that waits delays anybody else.
func (s *Server) handler(e *endpoint) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c := &call{Server: s, e: e, r: r, dialect: tweets, header: w.Header()}
		a := c.read(w)
		if a == nil {
			a = c.run()
		}
		c.send(w, a)
	})
}

// read reads the body and the query. It needs the whole body, since a signature
// may cover it.
func (c *call) read(w http.ResponseWriter) *answer {
	limit := int64(maxBody)
	if c.e.media() {
		limit = maxMedia
	}
	var err error
	c.body, err = io.ReadAll(http.MaxBytesReader(w, c.r.Body, limit))
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return plain(http.StatusRequestEntityTooLarge, "")
	}
	if err != nil {
		return &answer{pace: pace{lost: true}}
	}
	if c.query, err = url.ParseQuery(c.r.URL.RawQuery); err != nil {
		return c.invalidBody("The query is not valid: %v", err)
	}
	return nil
}

// run takes the request through faults, credentials, limits, parameters and the
// endpoint. All of that is shared, so run holds the server's lock.
func (c *call) run() *answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.chooseDialect()
	var err error
	if c.active, err = c.strike(c.e.name, c.r.Header.Get(faultHeader)); err != nil {
		return c.invalidBody("%v", err)
	}
	c.setSkew()
	a := c.admit()
	if a == nil {
		a = c.instead()
	}
	if a == nil {
		a = c.check()
	}
	if a == nil {
		a = c.e.serve(c)
	}
	if a.status < 400 {
		c.after(a)
	}
	c.late(a)
	c.settle(a)
	return a
}

// admit verifies credentials and counts the request against its limit.
func (c *call) admit() *answer {
	c.standardHeaders()
	if c.e.auth == 0 {
		return nil
	}
	who, ok := c.authenticate()
	if !ok {
		return c.unauthorized()
	}
	c.who = who
	if c.e.auth&who.way == 0 {
		return c.unsupportedAuth()
	}
	if !who.may(c.e.scopes) {
		return plain(http.StatusForbidden, "")
	}
	c.header.Set("X-Access-Level", who.level())
	return c.rates.take(c)
}

// standardHeaders are on every answer. Date is set by hand because it tells the
// server's clock, not the machine's: clients compare their own with it.
func (c *call) standardHeaders() {
	c.header.Set("Date", c.now().Add(c.skew).Format(http.TimeFormat))
	c.header.Set("Api-Version", c.dialect.version)
	c.header.Set("Cache-Control", "no-cache, no-store, max-age=0")
}

// unauthorized does not say what is wrong with the credentials, just as X does not.
func (c *call) unauthorized() *answer {
	if c.e.v1 {
		return v1Error(http.StatusUnauthorized, 32, "Could not authenticate you.")
	}
	return plain(http.StatusUnauthorized, "")
}

func (c *call) unknown() *answer { return plain(http.StatusNotFound, "") }

// send encodes and writes an answer.
func (c *call) send(w http.ResponseWriter, a *answer) {
	if c.opt.Trace != nil {
		c.opt.Trace(fmt.Sprintf("%s %s: %d", c.r.Method, c.r.URL.Path, a.status))
	}
	if a.pace.stall {
		<-c.r.Context().Done()
	}
	if a.pace.stall || a.pace.lost {
		panic(http.ErrAbortHandler)
	}
	body := a.encode(w.Header())
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.status)
	a.pace.write(c.r.Context(), w, body)
}

// encode returns the bytes of the body, and sets their type. JSON is written as X
// writes it: without escapes for HTML, since the text of posts has its own.
func (a *answer) encode(h http.Header) []byte {
	if a.body == nil {
		if a.kind != "" {
			h.Set("Content-Type", a.kind)
		}
		return a.raw
	}
	h.Set("Content-Type", "application/json; charset=utf-8")
	if _, isProblem := a.body.(problem); isProblem {
		h.Set("Content-Type", "application/problem+json")
	}
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(a.body); err != nil {
		panic(err) // a wire type that JSON cannot hold: a bug
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// write sends the body at its pace, or as much of it as the client waits for.
func (p pace) write(ctx context.Context, w http.ResponseWriter, body []byte) {
	if p.cut {
		_, _ = w.Write(body[:len(body)/2])
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
	parts := 1
	if p.slow > 0 {
		parts = 10
	}
	for i := range parts {
		if i > 0 && !wait(ctx, p.slow) {
			return
		}
		_, _ = w.Write(body[len(body)*i/parts : len(body)*(i+1)/parts])
		_ = http.NewResponseController(w).Flush()
	}
}

// wait waits; it returns false if the client leaves before.
func wait(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-t.C:
		return true
	}
}
