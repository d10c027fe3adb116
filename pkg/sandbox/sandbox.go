package sandbox

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"horsepipe/pkg/post"
)

// Options configure a Server. Only Now and Secret are required.
type Options struct {
	Now    func() time.Time // the clock
	Secret []byte           // all credentials and random choices are derived from it

	// State is a JSON Lines file of records. The Server reads it on start and
	// appends every post that is made, synced before the answer; a deletion is
	// appended as the record with "deleted_at". Without it posts live as long
	// as the Server.
	State string

	Limits    []Limit  // replace X's for the same endpoint and window
	Faults    []Fault  // see ParseFault
	Callbacks []string // the exact OAuth 2.0 redirect URIs; if none, any on loopback
	V1        bool     // serve API v1.1; otherwise it answers 403 code 453 as X does

	Trace func(line string) // called with a line for every request, by several goroutines; may be nil
}

// Server is the sandbox. Its methods may be called by several goroutines.
type Server struct {
	opt   Options
	mux   *http.ServeMux
	known map[string]bool // the names of the endpoints

	mu     sync.Mutex // guards all below; not held while an answer is written
	ahead  time.Duration
	store  *store
	keys   *keyring
	rates  *rates
	faults *faultList
	media  map[uint64]*medium
	stats  Stats
	state  *stateFile // nil without Options.State
}

// New makes a Server and reads its state file. It fails if a line of the file is
// not a record, or if another Server uses the file.
func New(opt Options) (*Server, error) {
	if opt.Now == nil || len(opt.Secret) == 0 {
		return nil, errors.New("sandbox: Options need Now and Secret")
	}
	s := &Server{
		opt:   opt,
		mux:   http.NewServeMux(),
		known: map[string]bool{},
		keys:  newKeyring(opt.Secret),
		rates: newRates(opt.Limits),
		media: map[uint64]*medium{},
		stats: newStats(),
	}
	s.store = newStore(s.keys.enrol)
	s.faults = &faultList{random: rand.New(rand.NewChaCha8(s.keys.sum("faults")))}
	s.route()
	if err := errors.Join(s.checkLimits(), s.AddFaults(opt.Faults...)); err != nil {
		return nil, err
	}
	if opt.State == "" {
		return s, nil
	}
	var err error
	s.state, err = openState(opt.State, s.replay)
	return s, err
}

// Close closes the state file.
func (s *Server) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.state == nil {
		return nil
	}
	return s.state.Close()
}

// Keys returns the credentials of an account, and makes the account if there is
// none. It fails if name is not a user name of X.
func (s *Server) Keys(name string) (Keys, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	who, err := s.store.account(name)
	if err != nil {
		return Keys{}, err
	}
	return s.keys.of(who), nil
}

// Posts returns copies of the posts that exist, oldest first, of one account or,
// if name is empty, of all.
func (s *Server) Posts(name string) []*post.Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []*post.Post
	for _, st := range s.store.all() {
		if name == "" || sameName(st.author.name, name) {
			out = append(out, st.record())
		}
	}
	return out
}

// Delete deletes a post, as its author would, and bills nobody. It fails if the post does not exist.
func (s *Server) Delete(id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	n, _ := parseID(id)
	st := s.store.byID[n]
	if st == nil {
		return fmt.Errorf("no post has the id %q", id)
	}
	if err := s.keepDeleted(st, s.now()); err != nil {
		return err
	}
	s.store.remove(st)
	return nil
}

// Advance moves the server's clock on, which affects the windows of rate limits,
// the life of tokens and the dates of posts. Timestamps of OAuth 1.0a signatures
// are still compared with Options.Now, since the clients' clocks did not move.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ahead += d
}

// now is the server's clock, without the skew of a fault.
func (s *Server) now() time.Time { return s.opt.Now().Add(s.ahead).UTC() }

// route fills the multiplexer.
func (s *Server) route() {
	for _, e := range s.endpoints() {
		s.known[e.name] = true
		s.mux.Handle(e.name, s.handler(e))
	}
	s.control()
	s.mux.Handle("/", s.handler(&endpoint{name: "unknown", serve: (*call).unknown}))
}

// checkLimits finds limits for endpoints that do not exist, such as misspelt ones.
func (s *Server) checkLimits() error {
	for _, l := range s.opt.Limits {
		if !s.known[l.Endpoint] {
			return fmt.Errorf("limit: no endpoint is named %q", l.Endpoint)
		}
	}
	return nil
}

// ServeHTTP answers one request. A fault that breaks the connection panics
// with http.ErrAbortHandler, as net/http demands.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }
