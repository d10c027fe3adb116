package scripts

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/gofrs/flock"

	"horsepipe/pkg/journal"
)

func TestSpeak(t *testing.T) {
	h := newSolo(t)
	said := func(n int) {
		t.Helper()
		log, err := journal.Read(filepath.Join(h.home, "log.jsonl"))
		if err != nil || len(log.Sent()) != n || len(log.Unsettled()) > 0 {
			t.Errorf("got %d posts, want %d: %v", len(log.Sent()), n, err)
		}
	}
	wants := func(code int, out, err string, args ...string) {
		t.Helper()
		h.wants(code, out, err, "speak.sh", args...)
	}
	h.check(os.WriteFile(filepath.Join(h.home, "words"), []byte("light\n"), 0o600))
	wants(0, "", "", "--", "-m", "log.jsonl")
	wants(0, `{"id":"...","log":"sent",...`, "tw-post: drafts: 1, posted: 1, cost: ...", "-v", "newton.model", "log.jsonl")
	said(2)
	wants(0, "", "", "--post", "--quiet-hours=0-24", "newton.model", "log.jsonl")
	wants(0, "", "tw-post: not this time, at odds of 1/1000000", "-v", "--post", "--odds=1/1000000", "--post", "--seed=1", "--gen", "-n9", "newton.model", "log.jsonl")
	wants(1, "", "mk-gen: error: ...", "none.model", "log.jsonl")
	wants(1, "", "mk-gen: error: ...", "--gen", "--contain=phlogiston", "newton.model", "log.jsonl")
	said(2)
	wants(3, "", "", "--post", "--per-day=2", "newton.model", "log.jsonl")
	wants(4, "", "tw-post: error: ...--reject list...", "--post", "--reject=words", "--gen", "--contain=light", "newton.model", "log.jsonl")
	said(2)
	wants(2, "", "speak.sh: error: name a model and a log...", "newton.model")
	wants(2, "", "speak.sh: error: option --post needs a value", "--post")
	wants(2, "", "speak.sh: error: option --post needs a value", "--post", "", "newton.model", "log.jsonl")
	lock := flock.New(filepath.Join(h.home, "log.jsonl.speak.lock"))
	if ok, err := lock.TryLock(); !ok {
		t.Fatal(err)
	}
	wants(75, "", "speak.sh: error: another run is at work on log.jsonl", "newton.model", "log.jsonl")
	h.check(lock.Unlock())
	h.env = append(h.env, "TW_API_BASE=http://127.0.0.1:1", "TW_CONSUMER_KEY=")
	wants(4, "", "tw-post: error: ...", "newton.model", "log.jsonl")
}
