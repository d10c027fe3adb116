package credential

import (
	"fmt"
	"io"
	"net/http"
)

const (
	maxLogin = 1 << 20 // bytes of an answer to a login; X's have some hundreds
	maxWords = 300     // characters of an error
)

// careful carries requests that hold secrets to a server that may repeat them. What net/http cannot
// read of an answer, it quotes in its error, whole: a status, a header, a trailer, the address of a
// redirect. The libraries read some answers whole, so no answer may be longer than the limit.
type careful struct {
	next  http.RoundTripper
	hide  func(string) string
	limit int64 // bytes of an answer
}

// RoundTrip sends the request as it is.
func (c careful) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := c.next.RoundTrip(req)
	if err != nil {
		return nil, c.mask(err)
	}
	resp.Header.Del("Location") // followed by nobody, and quoted if it is no address
	resp.Body = &answer{resp.Body, c, c.limit}
	return resp, nil
}

// answer is the body of an answer.
type answer struct {
	io.ReadCloser
	careful
	left int64
}

func (a *answer) Read(b []byte) (int, error) {
	n, err := a.ReadCloser.Read(b)
	if a.left -= int64(n); a.left < 0 {
		return n, fmt.Errorf("the answer is longer than %d bytes", a.limit)
	}
	return n, a.mask(err)
}

// mask returns an error without secrets, and not much longer than people read.
func (c careful) mask(err error) error {
	if err == nil {
		return nil
	}
	text := c.hide(err.Error())
	if r := []rune(text); len(r) > maxWords {
		text = string(r[:maxWords]) + "…"
	}
	if text == err.Error() {
		return err // io.EOF must stay what it is
	}
	return &masked{err, text}
}

// masked is an error with another text.
type masked struct {
	error
	text string
}

func (m *masked) Error() string { return m.text }

// Unwrap returns the error as it was: what kind it is tells what to do.
func (m *masked) Unwrap() error { return m.error }
