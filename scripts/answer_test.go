package scripts

import (
	"bytes"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"horsepipe/pkg/post"
)

// answering is a bot that answers by means of answer.sh, on a local X.
type answering struct {
	*testing.T
	env  []string
	dir  string
	base string
}

// run runs answer.sh.
func (a *answering) run(args ...string) (code int, out, err string) {
	a.Helper()
	script, _ := filepath.Abs("answer.sh")
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(script, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = a.dir, a.env, &stdout, &stderr
	failed := cmd.Run()
	var status *exec.ExitError
	if failed != nil && !errors.As(failed, &status) {
		a.Fatal(failed)
	}
	return cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

// wants runs answer.sh and expects an exit code, and certain output.
func (a *answering) wants(code int, out, err string, args ...string) {
	a.Helper()
	gotCode, gotOut, gotErr := a.run(args...)
	if gotCode != code || !like(gotOut, out) || !like(gotErr, err) {
		a.Errorf("answer.sh %q: got %d\nstdout: %s\nstderr: %s", args, gotCode, gotOut, gotErr)
	}
}

// send sends a request directly to the server.
func (a *answering) send(path, body string) {
	a.Helper()
	resp, err := http.Post(a.base+"/sandbox/"+path, "application/json", strings.NewReader(body))
	if err != nil {
		a.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode >= 300 {
		a.Fatal(path, resp.Status)
	}
}

// says lets somebody post now.
func (a *answering) says(author, text string) {
	a.Helper()
	p := &post.Post{Text: text, CreatedAt: time.Now()}
	a.send("posts?author="+author, string(p.AppendJSON(nil))+"\n")
}

// posts returns the posts of an account.
func (a *answering) posts(author string) []*post.Post {
	a.Helper()
	resp, err := http.Get(a.base + "/sandbox/posts?author=" + author)
	if err != nil {
		a.Fatal(err)
	}
	defer resp.Body.Close()
	var body bytes.Buffer
	if _, err := body.ReadFrom(resp.Body); err != nil {
		a.Fatal(err)
	}
	return records(a.T, body.Bytes())
}

func TestAnswer(t *testing.T) {
	if testing.Short() {
		t.Skip("builds everything")
	}
	a := newAnswering(t)
	a.wants(0, "", "", "newton.model", "log.jsonl")

	a.says("alice", "@newton_ebooks what is the colour of light? @bob does not know")
	a.says("weather_bot", "@newton_ebooks it rains")
	a.says("carol", "@newton_ebooks stop")
	if err := os.Link(filepath.Join(a.dir, "newton.model"), filepath.Join(a.dir, "-m")); err != nil {
		t.Fatal(err)
	}
	a.wants(0, "", "", "--", "-m", "log.jsonl")
	said := a.posts("newton_ebooks")
	if len(said) != 1 {
		t.Fatalf("it said %d things", len(said))
	}
	if !strings.HasPrefix(said[0].Text, "@alice ") || strings.Contains(said[0].Text, "@bob") || said[0].ReplyTo == "" {
		t.Fatalf("it said %s", said[0].AppendJSON(nil))
	}
	log, err := os.ReadFile(filepath.Join(a.dir, "log.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"log":"stop"`, `"log":"intent"`, `"log":"sent"`, `"key":"answer-` + said[0].ReplyTo + `"`, `"answer":{"to":"alice"`} {
		if !strings.Contains(string(log), want) {
			t.Errorf("the log lacks %s:\n%s", want, log)
		}
	}

	a.wants(0, "", "", "newton.model", "log.jsonl")
	a.says("alice", "@newton_ebooks and its speed?")
	a.wants(0, `{"id":...}`, "tw-mentions: ...\ntw-post: drafts: 1, posted: 1, ...", "-v", "--mentions", "--per-hour=2", "newton.model", "log.jsonl")
	if said := a.posts("newton_ebooks"); len(said) != 2 {
		t.Errorf("it said %d things", len(said))
	}
	a.trouble()
}

// trouble checks what cron has to be told of.
func (a *answering) trouble() {
	a.says("dave", "@newton_ebooks are you there?")
	a.wants(2, "", "answer.sh: error: name a model and a log; --help tells more", "newton.model")
	a.wants(2, "", "answer.sh: error: option --gen needs a value", "--gen")
	a.wants(1, "", "answer.sh: error: cannot read absent.model", "absent.model", "log.jsonl")

	busy := flock.New(filepath.Join(a.dir, "log.jsonl.lock"))
	if ok, err := busy.TryLock(); !ok {
		a.Fatal(err)
	}
	a.wants(75, "", "answer.sh: error: another run is at work on log.jsonl", "newton.model", "log.jsonl")
	if err := busy.Close(); err != nil {
		a.Fatal(err)
	}

	a.send("faults", "GET /2/users/{id}/mentions:401:#1-")
	a.wants(4, "", "tw-mentions: error: mentions of ...", "newton.model", "log.jsonl")
	if n := len(a.posts("newton_ebooks")); n != 2 {
		a.Errorf("it said %d things", n)
	}
}

func newAnswering(t *testing.T) *answering {
	env, dir := environment(t)
	a := &answering{T: t, env: env, dir: dir}
	for _, e := range env {
		if base, ok := strings.CutPrefix(e, "TW_API_BASE="); ok {
			a.base = base
		}
	}
	posts, err := exec.Command("./opticks.sh").Output()
	if err != nil {
		t.Fatal(err)
	}
	train := exec.Command("sh", "-c", "mk-train --quiet -o newton.model")
	train.Dir, train.Env, train.Stdin = dir, env, bytes.NewReader(posts)
	if out, err := train.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return a
}
