package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"horsepipe/pkg/journal"
	"horsepipe/pkg/post"
	"horsepipe/pkg/sandbox"
	"horsepipe/pkg/text"
)

// killRuns is how many times the tests below run the program; TW_POST_RUNS changes that.
const killRuns = 40

func runs() int {
	if n, err := strconv.Atoi(os.Getenv("TW_POST_RUNS")); err == nil {
		return n
	}
	if testing.Short() {
		return killRuns / 4
	}
	return killRuns
}

// storm is an X in trouble: faults strike at random, and a process that sends a request may be killed
// before the request is served, after the answer, or at any other moment.
type storm struct {
	*testing.T
	random  *rand.Rand
	server  *sandbox.Server
	folder  string
	env     []string
	mu      sync.Mutex
	left    int // requests before a kill; negative: none
	behind  bool
	victims []*os.Process
	ends    map[string]int // how the runs ended
}

// troubles strike now and then; those that hit reading are rarer, or nothing would ever be known.
var troubles = []string{
	"POST /2/tweets:lost-answer:1/5", "POST /2/tweets:503:1/9", "POST /2/tweets:drop:1/9", "POST /2/tweets:time-out:1/19",
	"POST /2/tweets:slow-answer:1/19", "POST /2/tweets:429:1/15", "POST /2/tweets:duplicate:1/19", "POST /2/tweets:cut:1/15",
	"POST /2/tweets:not-json:1/15", "POST /2/tweets:html=502:1/15", "GET /2/users/{id}/tweets:429:1/9", "GET /2/users/me:401:1/15",
}

func newStorm(t *testing.T) *storm {
	s := &storm{T: t, random: rand.New(rand.NewPCG(5, uint64(runs()))), folder: t.TempDir(), left: -1, ends: map[string]int{}}
	unlimited, err := sandbox.ParseLimit("POST /2/tweets=100000")
	if err != nil {
		t.Fatal(err)
	}
	limits := []sandbox.Limit{unlimited}
	for _, endpoint := range []string{"POST /2/media/upload", "POST /2/media/metadata", "GET /2/users/me", "GET /2/users/{id}/tweets"} {
		unlimited.Endpoint = endpoint
		limits = append(limits, unlimited)
	}
	if s.server, err = sandbox.New(sandbox.Options{Now: time.Now, Secret: []byte("storm"), Limits: limits}); err != nil {
		t.Fatal(err)
	}
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	keys, err := s.server.Keys("bot")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.path("apple.png"), []byte("\x89PNG\r\n\x1a\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s.env = append(os.Environ(), strings.Fields(keys.Shell(web.URL))...)
	for _, spec := range troubles {
		f, err := sandbox.ParseFault(spec)
		if err == nil {
			err = s.server.AddFaults(f)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// ServeHTTP serves a request, unless the process that sent it is killed.
func (s *storm) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	s.left--
	kill, behind := s.left == -1, s.behind
	s.mu.Unlock()
	if kill && !behind {
		s.kill()
	}
	s.server.ServeHTTP(w, r)
	if kill && behind {
		w.(http.Flusher).Flush()
		s.kill()
	}
}

// draft returns the draft with that number. Every other one has a picture: X looks for duplicates only
// among posts without files, so it would accept such a draft as often as it is sent.
func (s *storm) draft(n int) string {
	media := ""
	if n%2 == 0 {
		media = `,"media":[{"path":"apple.png","alt":"an apple"}]`
	}
	return fmt.Sprintf(`{"text":"proposition %d"%s}`, n, media)
}

func (s *storm) kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.victims {
		p.Kill()
	}
}

// round runs the program once or, at the same time, twice. It may be killed at a request or at any instant.
func (s *storm) round(inputs []string, args ...string) {
	var cmds []*exec.Cmd
	var errs []*bytes.Buffer
	s.mu.Lock()
	s.left, s.behind, s.victims = -1, s.random.IntN(2) == 0, nil
	if s.random.IntN(3) == 0 {
		s.left = s.random.IntN(6)
	}
	for _, in := range inputs {
		cmd := exec.Command("tw-post", append([]string{"--look-again", "20ms", "--timeout", "150ms", "--near", "0", "--log", s.path("log")}, args...)...)
		errs = append(errs, new(bytes.Buffer))
		cmd.Env, cmd.Stdin, cmd.Stderr, cmd.Dir = s.env, strings.NewReader(in), errs[len(errs)-1], s.folder
		if err := cmd.Start(); err != nil {
			s.Fatal(err)
		}
		cmds, s.victims = append(cmds, cmd), append(s.victims, cmd.Process)
	}
	s.mu.Unlock()
	if s.random.IntN(3) == 0 {
		timer := time.AfterFunc(time.Duration(s.random.IntN(60_000))*time.Microsecond, s.kill)
		defer timer.Stop()
	}
	codes := make([]int, len(cmds))
	for i, cmd := range cmds {
		cmd.Wait()
		codes[i] = cmd.ProcessState.ExitCode()
	}
	for i, code := range codes {
		s.ends[fmt.Sprint(code)]++
		s.told(inputs[i], code, errs[i].String())
	}
}

// told checks that a run that was not killed posted its drafts, or said which ones it did not post: each
// has its line, or the run ended at an earlier one.
func (s *storm) told(input string, code int, said string) {
	if code < 0 {
		return
	}
	if (code > 0) != strings.Contains(said, "tw-post: error: ") {
		s.Errorf("it ended with %d and said %q", code, said)
	}
	log, err := journal.Read(s.path("log"))
	if err != nil {
		s.Fatal(err)
	}
	ended := false
	for i, line := range strings.Split(strings.TrimSuffix(input, "\n"), "\n") {
		if ended = ended || strings.Contains(said, fmt.Sprintf("error: <stdin>:%d: ", i+1)); ended || line == "" {
			break
		}
		draft, err := post.NewReader(strings.NewReader(line), "draft").Next()
		if err != nil {
			s.Fatal(err)
		}
		if e := log.Find(journal.Key(draft)); e == nil || e.State != journal.Sent {
			s.Errorf("%s is gone; exit code %d, and it said %q", line, code, said)
		}
	}
}

func (s *storm) path(name string) string { return filepath.Join(s.folder, name) }

// peace ends all trouble and lets one run finish.
func (s *storm) peace() {
	s.server.ClearFaults()
	s.mu.Lock()
	s.left = -1
	s.mu.Unlock()
	cmd := exec.Command("tw-post", "--look-again", "20ms", "--log", s.path("log"))
	cmd.Env = s.env
	cmd.Dir = s.folder
	if out, err := cmd.CombinedOutput(); err != nil {
		s.Fatalf("%v\n%s", err, out)
	}
}

// compare checks the log against the server: each post has one receipt, each receipt has its post, and
// no draft has two.
func (s *storm) compare() *journal.Log {
	log, err := journal.Read(s.path("log"))
	if err != nil {
		s.Fatal(err)
	}
	posts, keys, ids := s.server.Posts("bot"), map[string]bool{}, map[string]bool{}
	for _, e := range log.Sent() {
		keys[e.Key], ids[e.ID] = true, true
	}
	texts := map[string]bool{}
	for _, p := range posts {
		if texts[text.Normalise(p.Text)] = true; !ids[p.ID] {
			s.Errorf("the post %q has no receipt", p.Text)
		}
	}
	if n := len(posts); len(log.Sent()) != n || len(keys) != n || len(ids) != n || len(texts) != n || len(log.Unsettled()) > 0 {
		s.Errorf("%d posts with %d texts; %d receipts of %d drafts for %d posts; %d unsettled", n, len(texts), len(log.Sent()), len(keys), len(ids), len(log.Unsettled()))
	}
	s.Logf("%d posts, %d lines in the log, exit codes %v, faults %v", len(posts), len(log.Entries()), s.ends, s.server.Stats().Faults)
	return log
}

// TestStorm gives drafts, some of them several times, to a program in trouble.
func TestStorm(t *testing.T) {
	s := newStorm(t)
	given := 0
	for range runs() {
		var inputs []string
		for range 1 + s.random.IntN(2) {
			in := ""
			for range s.random.IntN(4) {
				if given++; s.random.IntN(4) == 0 {
					given -= min(given, s.random.IntN(6)) // repeat an earlier draft
				}
				in += s.draft(given) + "\n"
			}
			inputs = append(inputs, in)
		}
		s.round(inputs, "--wait", "5s")
	}
	s.peace()
	s.compare()
}

// TestStormOnAQueue takes drafts out of a queue until it is empty: all of them are posted, in their
// order except for those that were refused for a while.
func TestStormOnAQueue(t *testing.T) {
	s := newStorm(t)
	var queue string
	n := runs() / 2
	for i := range n {
		queue += s.draft(i) + "\n"
	}
	if err := os.WriteFile(s.path("queue"), []byte(queue), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 20 * n {
		s.round(make([]string, 1+s.random.IntN(2)), "--wait", "5s", "--take", "1", "queue")
		if info, err := os.Stat(s.path("queue")); err != nil {
			t.Fatal(err)
		} else if info.Size() == 0 {
			break
		}
	}
	s.peace()
	log := s.compare()
	var sent []string
	for _, e := range log.Sent() {
		sent = append(sent, e.Text)
	}
	slices.Sort(sent)
	if sent = slices.Compact(sent); len(sent) != n {
		t.Errorf("%d of %d drafts were posted", len(sent), n)
	}
}
