package network

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// A Kind is a way in which a network fails. What to do about a failure depends on nothing else.
type Kind uint8

// The kinds.
const (
	Failed         Kind = iota // none of the kinds below
	Unauthorised               // the keys are wrong, revoked, or lack a permission
	OutOfCredit                // no credit, or a spending cap: every further request fails too
	Policy                     // the network's rules, or its owner's settings, forbid it
	NotFound                   // no such account or post
	Duplicate                  // the same text has been posted already
	TooLong                    // longer than the network allows
	RateLimited                // try again at [Error.Until]
	Unavailable                // the network is down or out of reach; nothing was done
	UnknownOutcome             // a post may or may not have been made: look before sending again
)

var kinds = [...]struct {
	text string
	exit int
}{
	Failed:         {"failed", 1},
	Unauthorised:   {"unauthorised", 4},
	OutOfCredit:    {"out of credit", 4},
	Policy:         {"refused", 4},
	NotFound:       {"not found", 1},
	Duplicate:      {"duplicate", 4},
	TooLong:        {"too long", 4},
	RateLimited:    {"rate limited", 75},
	Unavailable:    {"unavailable", 75},
	UnknownOutcome: {"unknown outcome", 75},
}

// String names a kind, for a message: "rate limited".
func (k Kind) String() string { return kinds[k].text }

// ExitCode returns the exit code of a kind, which is decided only here: 4 for what would be refused
// again (including a draft that is too long or a duplicate), 75 for what may succeed later,
// otherwise 1.
func (k Kind) ExitCode() int { return kinds[k].exit }

// OfDraft reports whether the failure concerns one draft alone, so that the next one may pass.
func (k Kind) OfDraft() bool { return k == Duplicate || k == TooLong || k == Policy }

// An Error is how a client of a network fails.
type Error struct {
	Kind   Kind
	Op     string    // what was being done: "user @newton"
	Detail string    // the network's own words, one line; may be empty
	Until  time.Time // of RateLimited: when to try again, if the network says; otherwise zero
	Advice string    // what to do about it; may be empty
	Status int       // of the HTTP answer, 0 if there was none
	Err    error     // the cause, or nil
}

// Error returns one line: what was being done, the kind, until when, the network's words, the cause.
func (e *Error) Error() string {
	var b strings.Builder
	if e.Op != "" {
		b.WriteString(e.Op + ": ")
	}
	b.WriteString(e.Kind.String())
	if !e.Until.IsZero() {
		fmt.Fprintf(&b, " until %s", e.Until.Format(time.RFC3339))
	}
	if e.Detail != "" {
		b.WriteString(": " + e.Detail)
	}
	if e.Err != nil {
		fmt.Fprintf(&b, ": %v", e.Err)
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// ExitCode is that of the kind.
func (e *Error) ExitCode() int { return e.Kind.ExitCode() }

// Hint returns the advice, "" if there is none.
func (e *Error) Hint() string { return e.Advice }

// KindOf returns the kind of an error, or [Failed] if no client of a network made it.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Failed
}
