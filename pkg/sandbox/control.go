package sandbox

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"horsepipe/pkg/post"
)

// control adds the sandbox's own endpoints, which X does not have. They need no
// credentials, and have no limits, faults or statistics. The package's
// documentation lists them.
func (s *Server) control() {
	for pattern, serve := range map[string]func(r *http.Request) (string, error){
		"GET /sandbox/stats":     func(*http.Request) (string, error) { return s.Stats().String(), nil },
		"GET /sandbox/posts":     s.controlPosts,
		"POST /sandbox/posts":    s.controlSeed,
		"GET /sandbox/keys":      s.controlKeys,
		"GET /sandbox/faults":    s.controlFaults,
		"POST /sandbox/faults":   s.controlAddFaults,
		"DELETE /sandbox/faults": s.controlClearFaults,
		"POST /sandbox/clock":    s.controlClock,
	} {
		s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			text, err := serve(r)
			if err != nil {
				http.Error(w, err.Error(), http.StatusBadRequest)
				return
			}
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			_, _ = io.WriteString(w, text)
		})
	}
}

func (s *Server) controlPosts(r *http.Request) (string, error) {
	var lines []byte
	for _, p := range s.Posts(r.FormValue("author")) {
		lines = append(p.AppendJSON(lines), '\n')
	}
	return string(lines), nil
}

// controlSeed answers with the number of posts that were added. Those with neither a date nor an id are made now,
// or were until now, one a second: whoever adds a mention by hand wants it answered.
func (s *Server) controlSeed(r *http.Request) (string, error) {
	var posts []*post.Post
	for p, err := range post.NewReader(r.Body, "<request>").All(nil) {
		if err != nil {
			return "", err
		}
		posts = append(posts, p)
	}
	s.mu.Lock()
	now := s.now().Truncate(time.Second)
	s.mu.Unlock()
	for i, p := range posts {
		if p.CreatedAt.IsZero() && p.ID == "" {
			p.CreatedAt = now.Add(time.Duration(i+1-len(posts)) * time.Second)
		}
	}
	n, err := s.Seed(r.URL.Query().Get("author"), posts)
	return fmt.Sprintln(n), err
}

func (s *Server) controlKeys(r *http.Request) (string, error) {
	k, err := s.Keys(r.FormValue("as"))
	return k.Shell("http://" + r.Host), err
}

func (s *Server) controlFaults(*http.Request) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var b strings.Builder
	for _, f := range s.faults.list {
		fmt.Fprintln(&b, f)
	}
	return b.String(), nil
}

// controlAddFaults takes all lines or, if one is wrong, none.
func (s *Server) controlAddFaults(r *http.Request) (string, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return "", err
	}
	var faults []Fault
	for line := range strings.Lines(string(body)) {
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		f, err := ParseFault(line)
		if err != nil {
			return "", err
		}
		faults = append(faults, f)
	}
	return "", s.AddFaults(faults...)
}

func (s *Server) controlClearFaults(*http.Request) (string, error) {
	s.ClearFaults()
	return "", nil
}

func (s *Server) controlClock(r *http.Request) (string, error) {
	d, err := time.ParseDuration(r.FormValue("advance"))
	if err != nil || d < 0 {
		return "", fmt.Errorf("advance=%q is not a duration forward", r.FormValue("advance"))
	}
	s.Advance(d)
	return "", nil
}
