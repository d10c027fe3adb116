package scripts

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/gofrs/flock"

	"horsepipe/pkg/journal"
)

// speaking is a bot that speaks by means of speak.sh, on a local X.
type speaking struct {
	*testing.T
	env []string
	dir string
}

// wants runs speak.sh and expects an exit code, and certain output.
func (s *speaking) wants(code int, out, err string, args ...string) {
	s.Helper()
	script, failed := filepath.Abs("speak.sh")
	if failed != nil {
		s.Fatal(failed)
	}
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(script, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = s.dir, s.env, &stdout, &stderr
	var status *exec.ExitError
	if failed := cmd.Run(); failed != nil && !errors.As(failed, &status) {
		s.Fatal(failed)
	}
	if got := cmd.ProcessState.ExitCode(); got != code || !like(stdout.String(), out) || !like(stderr.String(), err) {
		s.Errorf("speak.sh %q: got %d\nstdout: %s\nstderr: %s", args, got, stdout.String(), stderr.String())
	}
}

// said expects n posts in the log.
func (s *speaking) said(n int) {
	s.Helper()
	log, err := journal.Read(filepath.Join(s.dir, "log.jsonl"))
	if err != nil || len(log.Sent()) != n || len(log.Unsettled()) > 0 {
		s.Errorf("got %d posts, want %d: %v", len(log.Sent()), n, err)
	}
}

func TestSpeak(t *testing.T) {
	if testing.Short() {
		t.Skip("builds everything")
	}
	env, dir := environment(t)
	s := &speaking{t, env, dir}
	if err := os.WriteFile(filepath.Join(dir, "words"), []byte("light\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	train := exec.Command("sh", "-c", "tw-archive newton 2>/dev/null | mk-train --quiet -o newton.model")
	train.Dir, train.Env = dir, env
	if out, err := train.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if err := os.Link(filepath.Join(dir, "newton.model"), filepath.Join(dir, "-m")); err != nil {
		t.Fatal(err)
	}
	s.wants(0, "", "", "--", "-m", "log.jsonl")
	s.wants(0, `{"id":"...","log":"sent",...`, "tw-post: drafts: 1, posted: 1, cost: ...", "-v", "newton.model", "log.jsonl")
	s.said(2)
	s.wants(0, "", "", "--post", "--quiet-hours=0-24", "newton.model", "log.jsonl")
	s.wants(0, "", "tw-post: not this time, at odds of 1/1000000", "-v", "--post", "--odds=1/1000000", "--post", "--seed=1", "--gen", "-n9", "newton.model", "log.jsonl")
	s.wants(1, "", "mk-gen: error: ...", "none.model", "log.jsonl")
	s.wants(1, "", "mk-gen: error: ...", "--gen", "--contain=phlogiston", "newton.model", "log.jsonl")
	s.said(2)
	s.wants(3, "", "", "--post", "--per-day=2", "newton.model", "log.jsonl")
	s.wants(4, "", "tw-post: error: ...--reject list...", "--post", "--reject=words", "--gen", "--contain=light", "newton.model", "log.jsonl")
	s.said(2)
	s.wants(2, "", "speak.sh: error: name a model and a log...", "newton.model")
	s.wants(2, "", "speak.sh: error: option --post needs a value", "--post")
	lock := flock.New(filepath.Join(dir, "log.jsonl.speak.lock"))
	if ok, err := lock.TryLock(); !ok {
		t.Fatal(err)
	}
	s.wants(75, "", "speak.sh: error: another run is at work on log.jsonl", "newton.model", "log.jsonl")
	if err := lock.Unlock(); err != nil {
		t.Fatal(err)
	}
	s.env = append(s.env, "TW_API_BASE=http://127.0.0.1:1", "TW_CONSUMER_KEY=")
	s.wants(4, "", "tw-post: error: ...", "newton.model", "log.jsonl")
}
