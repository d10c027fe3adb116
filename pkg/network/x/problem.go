package x

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"horsepipe/pkg/network"
)

const (
	maxDetail = 300             // characters of X's own words in an error
	skewed    = 5 * time.Minute // X refuses signatures that are further from its clock
)

// problem is X's description of a failure in any of its forms: RFC 7807, v1.1's {code, message},
// OAuth's {error, error_description}. A field of an unexpected type is ignored.
type problem struct {
	Title        string
	Detail       string
	Type         string // a URL that ends in the problem's name
	Message      string
	Code         int
	ResourceType string `json:"resource_type"`
	Description  string `json:"error_description"`
	Errors       []problem
}

// words returns X's own description of a problem, the most specific one, as one line.
func (c *Client) words(p *problem) string {
	for i := range p.Errors {
		if w := c.words(&p.Errors[i]); w != "" {
			return w
		}
	}
	for _, w := range []string{p.Detail, p.Message, p.Description, p.Title} {
		if w = c.line(w); w != "" {
			return w
		}
	}
	return ""
}

// echo matches what a server may repeat of a request that nobody else should see, besides the keys
// as they are.
var echo = regexp.MustCompile(`(?i)(bearer\s+|basic\s+|oauth_\w+=|token"?[=:]\s*)[^\s,;]+`)

// line turns foreign text into one short line, without keys and without anything that moves a
// terminal's cursor.
func (c *Client) line(s string) string {
	s = echo.ReplaceAllString(c.Hide(s), "${1}[redacted]")
	s = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return ' '
	}, s)
	s = strings.Join(strings.Fields(s), " ")
	if r := []rune(s); len(r) > maxDetail {
		s = string(r[:maxDetail]) + "…"
	}
	return s
}

// says reports whether a problem, or one inside it, is of the type name or has one of the codes.
func (p *problem) says(name string, codes ...int) bool {
	return name != "" && strings.HasSuffix(p.Type, "/"+name) || slices.Contains(codes, p.Code) ||
		slices.ContainsFunc(p.Errors, func(inside problem) bool { return inside.says(name, codes...) })
}

// classify returns an error for an answer that is not a success, and nil for one that is.
func (c *Client) classify(a *answer, op string, posting bool) *network.Error {
	e := &network.Error{Op: op, Status: a.status}
	var p problem
	_ = json.Unmarshal(a.body, &p) // fields of an unexpected type are no reason to say nothing
	if e.Detail = c.words(&p); e.Detail == "" {
		e.Detail = fmt.Sprintf("%d %s", a.status, http.StatusText(a.status))
	}
	switch s := a.status; {
	case s == http.StatusOK || s == http.StatusCreated:
		if json.Valid(a.body) {
			return nil
		}
		e.Kind, e.Detail = lost(posting), "X's answer is not JSON"
	case s == http.StatusNoContent:
		return nil
	case s < 300: // such as 202: it may still be done
		e.Kind = lost(posting)
	case s < 400:
		e.Advice = "X's API does not redirect: is TW_API_BASE right?"
	case s == http.StatusTooManyRequests:
		limited(e, a, &p)
	case s >= 500 || s == http.StatusRequestTimeout: // a proxy may say that of a request that reached X
		e.Kind = lost(posting)
	default:
		refused(e, a, &p, posting)
	}
	return e
}

// limited handles status 429: a limit that passes with time, or the end of the month's reads.
func limited(e *network.Error, a *answer, p *problem) {
	if p.says("usage-capped") {
		spent(e)
		return
	}
	e.Kind, e.Until = network.RateLimited, a.until()
	wait := e.Until.Sub(a.now.Add(-time.Minute)).Truncate(time.Minute)
	e.Advice = fmt.Sprintf("--wait %v would wait for it", max(wait, time.Minute))
	if !e.Until.After(a.now) {
		e.Until = time.Time{} // it is past, and X still refuses: nobody knows until when
	}
}

func spent(e *network.Error) {
	e.Kind = network.OutOfCredit
	e.Advice = "buy credits or raise the spending limit in console.x.com; every further request would fail too"
}

var (
	spending = regexp.MustCompile(`\bspend`) // and not "suspended"
	barred   = regexp.MustCompile(`(account|app|application) (is|has been) (temporarily )?(suspended|locked)`)
)

// refused handles the other answers from 400 to 499, none of which is worth repeating.
func refused(e *network.Error, a *answer, p *problem, posting bool) {
	said := strings.ToLower(e.Detail + " " + p.Title)
	foreign := len(a.body) > 0 && !json.Valid(a.body)
	switch {
	case foreign && (a.status == http.StatusForbidden || a.status == http.StatusBadRequest): // it says nothing of the draft
		e.Advice = "X's API answers in JSON: this is from something before it, such as a proxy or a guard against bots; try later, or from another address"
	case a.status == http.StatusPaymentRequired || p.says("credits") || p.says("usage-capped") || spending.MatchString(said):
		spent(e)
	case p.says("", 64, 326, 416) || barred.MatchString(said):
		e.Kind, e.Advice = network.Unauthorised, "log in to x.com as the account, and to console.x.com: they say what has to be done"
	case a.status == http.StatusUnauthorized || p.says("", 32, 89, 135, 215):
		unauthorised(e, a)
	case p.says("oauth1-permissions"):
		e.Kind = network.Unauthorised
		e.Advice = "give the app Read and Write in console.x.com, then make the access token anew: the old one keeps its old permission"
	case p.says("", 187) || strings.Contains(said, "duplicate"):
		e.Kind = network.Duplicate
	case p.says("", 186) || strings.Contains(said, "shorter"):
		e.Kind = network.TooLong
	case p.says("", 453):
		e.Kind, e.Advice = network.Policy, "X has closed API v1.1 to most apps: leave out --api v1"
	case p.says("client-forbidden"):
		e.Kind, e.Advice = network.Policy, "the app must belong to a project with access to the API: see console.x.com"
	case a.status == http.StatusForbidden || posting && a.status == http.StatusBadRequest: // X does not say what it dislikes in a post
		e.Kind = network.Policy
	case a.status == http.StatusNotFound:
		e.Kind = network.NotFound
	}
}

// unauthorised distinguishes wrong keys from a wrong clock.
func unauthorised(e *network.Error, a *answer) {
	e.Kind = network.Unauthorised
	e.Advice = "tw-auth --check tells which of the keys is wrong"
	if a.off.Abs() > skewed {
		way := "ahead of"
		if a.off < 0 {
			way = "behind"
		}
		e.Advice = fmt.Sprintf("this machine's clock is %v %s X's, and signatures hold the time: set the clock",
			a.off.Abs().Round(time.Minute), way)
	}
}

// absent returns an error for an answer with status 200 that has errors and no data.
func (c *Client) absent(op string, problems []problem) error {
	e := &network.Error{Kind: network.NotFound, Op: op, Status: http.StatusOK, Detail: "X answers with nothing"}
	if len(problems) == 0 {
		return e
	}
	all := problem{Errors: problems}
	e.Detail = c.words(&all)
	switch said := strings.ToLower(e.Detail); {
	case strings.Contains(said, "suspended"):
		e.Kind, e.Detail = network.Policy, "the account is suspended"
	case all.says("not-authorized-for-resource") || strings.Contains(said, "not authorized"):
		e.Kind, e.Detail = network.Policy, "the account is protected"
		e.Advice = "only keys of an account that follows it can read it"
	case all.says("resource-not-found") || strings.Contains(said, "not find"):
		e.Detail = "X has no such account"
	default:
		e.Kind = network.Failed
	}
	return e
}
