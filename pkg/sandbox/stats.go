package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"time"
)

// Price classes of X, by which it bills the owner of the app
// (https://docs.x.com/x-api/getting-started/pricing).
const (
	Reads           = "reads"            // posts
	OwnedReads      = "owned_reads"      // posts of, or to, the owner of the app, with the owner's token
	UserReads       = "user_reads"       // accounts
	Writes          = "writes"           // posts made
	URLWrites       = "url_writes"       // posts made with a link
	SummonedReplies = "summoned_replies" // answers to posts that name or quote the account
	Deletes         = "deletes"
	MediaMetadata   = "media_metadata" // alt texts set
)

// Stats counts what a Server did.
type Stats struct {
	Requests map[string]map[int]int    `json:"requests"` // by endpoint and status, also of answers that were lost on the way; 0: there was no answer
	Billed   map[string]map[string]int `json:"billed"`   // owner of the app, then price class; a resource counts once in a UTC day
	Returned map[string]map[string]int `json:"returned"` // the same, with every time counted
	Faults   map[string]int            `json:"faults"`   // spec, then times struck

	day  string
	seen map[string]bool // what was billed in that day
}

func newStats() Stats {
	return Stats{
		Requests: map[string]map[int]int{},
		Billed:   map[string]map[string]int{},
		Returned: map[string]map[string]int{},
		Faults:   map[string]int{},
		seen:     map[string]bool{},
	}
}

// Stats returns a copy of the counters.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	defer s.mu.Unlock()
	return Stats{
		Requests: cloneDeep(s.stats.Requests),
		Billed:   cloneDeep(s.stats.Billed),
		Returned: cloneDeep(s.stats.Returned),
		Faults:   maps.Clone(s.stats.Faults),
	}
}

func cloneDeep[K comparable](m map[string]map[K]int) map[string]map[K]int {
	out := make(map[string]map[K]int, len(m))
	for k, v := range m {
		out[k] = maps.Clone(v)
	}
	return out
}

// bill is one resource of an answer, to be billed if the answer is given.
type bill struct {
	class string
	id    uint64
}

func (c *call) bill(class string, id uint64) { c.bills = append(c.bills, bill{class, id}) }

// settle counts the request and bills what its answer contains. Failed requests
// are not billed; a request whose answer is lost on the way is.
func (c *call) settle(a *answer) {
	st := &c.stats
	status := a.status
	if a.pace.stall {
		status = 0
	}
	tally(st.Requests, c.e.name, status)
	if a.status == 0 || a.status >= 400 || c.who.app == nil {
		return
	}
	if today := c.now().Format(time.DateOnly); today != st.day {
		st.day, st.seen = today, map[string]bool{}
	}
	owner := c.who.app.owner.name
	for _, b := range c.bills {
		tally(st.Returned, owner, b.class)
		if key := fmt.Sprint(owner, b.class, b.id); !st.seen[key] {
			st.seen[key] = true
			tally(st.Billed, owner, b.class)
		}
	}
}

func tally[K comparable](m map[string]map[K]int, name string, key K) {
	if m[name] == nil {
		m[name] = map[K]int{}
	}
	m[name][key]++
}

// String returns the counters as JSON.
func (s Stats) String() string {
	text, _ := json.MarshalIndent(s, "", "  ") // maps of strings and numbers: cannot fail
	return string(text) + "\n"
}
