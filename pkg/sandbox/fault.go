package sandbox

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// faultHeader asks for faults in the one request that carries it: KIND or
// KIND=ARG, with commas between.
const faultHeader = "X-Sandbox-Fault"

// Fault is something that goes wrong on request. See ParseFault.
type Fault struct {
	endpoint string // as in Limit, or * for all
	activeFault
	spec     string
	odds, of int // strikes odds times in of, at random; 0: use first and last
	first    int // the first request that it strikes, from 1 on
	last     int // the last one; 0: no end
	seen     int
}

// activeFault is a fault that strikes one request.
type activeFault struct {
	*faultKind
	arg string
}

var faultSpec = regexp.MustCompile(`^([^:]+):([^:=]+)(?:=([^:]*))?(?::(?:(\d+)/(\d+)|#(\d+)(-?)(\d*)))?$`)

// ParseFault reads a fault:
//
//	ENDPOINT:KIND[=ARG][:WHEN]
//
// ENDPOINT is a method and a path as the documentation writes it, such as
// "POST /2/tweets" or "GET /2/users/{id}/tweets"; * is every endpoint. WHEN is
// N/M for N in M requests at random, #N for the Nth request to the endpoint
// from now on, #N- for that and all later ones, #N-M for a range; without it,
// every request is struck. FaultHelp lists the kinds. For example:
//
//	POST /2/tweets:lost-answer:1/3
//	GET /2/users/{id}/tweets:503:#2-4
//	*:skew=-1h
func ParseFault(spec string) (Fault, error) {
	m := faultSpec.FindStringSubmatch(spec)
	if m == nil {
		return Fault{}, fmt.Errorf("fault %q is not ENDPOINT:KIND[=ARG][:WHEN]", spec)
	}
	k, err := newActive(m[2], m[3])
	if err != nil {
		return Fault{}, fmt.Errorf("fault %q: %w", spec, err)
	}
	f := Fault{endpoint: m[1], activeFault: k, spec: spec, first: 1}
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	switch {
	case m[5] != "":
		f.odds, f.of = number(m[4]), number(m[5])
	case m[6] != "":
		f.first, f.last = number(m[6]), number(m[8])
		if m[7] == "" {
			f.last = f.first
		}
	}
	when := spec[strings.LastIndexByte(spec, ':')+1:]
	if m[5] != "" && f.of == 0 || f.first < 1 || f.last != 0 && f.last < f.first {
		return Fault{}, fmt.Errorf("fault %q: %s strikes never", spec, when)
	}
	if f.odds > f.of {
		return Fault{}, fmt.Errorf("fault %q: %s strikes more requests than there are", spec, when)
	}
	return f, nil
}

// String is the fault as it was written.
func (f Fault) String() string { return f.spec }

// newActive checks a kind and its argument.
func newActive(name, arg string) (activeFault, error) {
	i := slices.IndexFunc(faultKinds, func(k faultKind) bool { return k.name == name })
	if i < 0 {
		return activeFault{}, fmt.Errorf("no kind of fault is named %q", name)
	}
	k := &faultKinds[i]
	if arg == "" {
		arg = k.arg
	}
	if k.check != nil && !k.check(arg) {
		return activeFault{}, fmt.Errorf("%s cannot be %q", name, arg)
	}
	return activeFault{k, arg}, nil
}

// FaultHelp lists the kinds of faults, with the defaults of their arguments, one a
// line, indented.
func FaultHelp() string {
	var b strings.Builder
	for _, k := range faultKinds {
		name := k.name
		if k.arg != "" {
			name += "=" + k.arg
		}
		fmt.Fprintf(&b, "    %-14s %s\n", name, k.help)
	}
	return b.String()
}

// faultList holds the faults in the order in which they were added.
type faultList struct {
	list   []*Fault
	random *rand.Rand
}

// AddFaults adds faults to those that there are. If one names an endpoint that does
// not exist, AddFaults fails and adds none.
func (s *Server) AddFaults(faults ...Fault) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range faults {
		if f.endpoint != "*" && !s.known[f.endpoint] {
			return fmt.Errorf("fault %q: no endpoint is named %q", f.spec, f.endpoint)
		}
	}
	for _, f := range faults {
		s.faults.list = append(s.faults.list, &f)
	}
	return nil
}

// ClearFaults removes all faults.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults.list = nil
}

// strike counts a request to an endpoint and returns the faults that strike it.
func (s *Server) strike(endpoint, header string) ([]activeFault, error) {
	var out []activeFault
	for _, f := range s.faults.list {
		if (f.endpoint == "*" || f.endpoint == endpoint) && f.strikes(s.faults.random) {
			out = append(out, f.activeFault)
			s.stats.Faults[f.spec]++
		}
	}
	for _, one := range strings.FieldsFunc(header, func(r rune) bool { return r == ',' }) {
		name, arg, _ := strings.Cut(strings.TrimSpace(one), "=")
		k, err := newActive(name, arg)
		if err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	return out, nil
}

// strikes counts a request that could be struck, and reports whether it is.
func (f *Fault) strikes(random *rand.Rand) bool {
	f.seen++
	if f.of > 0 {
		return random.IntN(f.of) < f.odds
	}
	return f.seen >= f.first && (f.last == 0 || f.seen <= f.last)
}

// setSkew sets how far the faults put the server's clock off.
func (c *call) setSkew() {
	for _, f := range c.active {
		if f.name == "skew" {
			d, _ := time.ParseDuration(f.arg) // isDuration has seen it
			c.skew += d
		}
	}
}

// instead returns the answer of the first fault that replaces the endpoint.
func (c *call) instead() *answer {
	for _, f := range c.active {
		if f.instead != nil {
			if a := f.instead(c, f.arg); a != nil {
				return a
			}
		}
	}
	return nil
}

// after lets the faults change a successful answer.
func (c *call) after(a *answer) {
	for _, f := range c.active {
		if f.after != nil {
			f.after(c, a, f.arg)
		}
	}
}

// late lets the faults change any answer.
func (c *call) late(a *answer) {
	for _, f := range c.active {
		if f.late != nil {
			f.late(c, a, f.arg)
		}
	}
}
