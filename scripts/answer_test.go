package scripts

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gofrs/flock"
)

func TestAnswer(t *testing.T) {
	h := newSolo(t)
	wants := func(code int, out, err string, args ...string) {
		t.Helper()
		h.wants(code, out, err, "answer.sh", args...)
	}
	wants(0, "", "", "newton.model", "log.jsonl")

	h.says("alice", "@newton_ebooks what is the colour of light? @bob does not know")
	h.says("weather_bot", "@newton_ebooks it rains")
	h.says("carol", "@newton_ebooks stop")
	wants(0, "", "", "--", "-m", "log.jsonl")
	said := h.posts("newton_ebooks")
	if len(said) != 1 {
		t.Fatalf("it said %d things", len(said))
	}
	if !strings.HasPrefix(said[0].Text, "@alice ") || strings.Contains(said[0].Text, "@bob") || said[0].ReplyTo == "" {
		t.Fatalf("it said %s", said[0].AppendJSON(nil))
	}
	log, err := os.ReadFile(filepath.Join(h.home, "log.jsonl"))
	h.check(err)
	for _, want := range []string{`"log":"stop"`, `"log":"intent"`, `"log":"sent"`, `"key":"answer-` + said[0].ReplyTo + `"`, `"answer":{"to":"alice"`} {
		if !strings.Contains(string(log), want) {
			t.Errorf("the log lacks %s:\n%s", want, log)
		}
	}

	wants(0, "", "", "newton.model", "log.jsonl")
	h.says("alice", "@newton_ebooks and its speed?")
	wants(0, `{"id":...}`, "tw-mentions: ...\ntw-post: drafts: 1, posted: 1, ...",
		"-v", "--mentions", "--per-hour=2", "--post", "--per-day=24", "newton.model", "log.jsonl")
	if n := h.said("newton_ebooks"); n != 2 {
		t.Errorf("it said %d things", n)
	}

	// What cron has to be told of.
	h.says("dave", "@newton_ebooks are you there?")
	wants(2, "", "answer.sh: error: name a model and a log; --help tells more", "newton.model")
	wants(2, "", "answer.sh: error: option --gen needs a value", "--gen")
	wants(1, "", "answer.sh: error: cannot read absent.model", "absent.model", "log.jsonl")

	// What cannot be posted is not asked for: nobody pays for it.
	wants(1, "", "tw-post: error: ...absent.txt...", "--post", "--deny=absent.txt", "newton.model", "log.jsonl")
	wants(2, "", "tw-post: error: ...bogus...", "--post", "--bogus", "newton.model", "log.jsonl")

	busy := flock.New(filepath.Join(h.home, "log.jsonl.lock"))
	if ok, err := busy.TryLock(); !ok {
		t.Fatal(err)
	}
	wants(75, "", "answer.sh: error: another run is at work on log.jsonl", "newton.model", "log.jsonl")
	h.check(busy.Close())

	h.tell("POST", "faults", "GET /2/users/{id}/mentions:401:#1-")
	wants(4, "", "tw-mentions: error: mentions of ...", "newton.model", "log.jsonl")
	if n := h.said("newton_ebooks"); n != 2 {
		t.Errorf("it said %d things", n)
	}
}
