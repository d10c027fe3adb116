package scripts

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"horsepipe/pkg/post"
)

// household is a home with bots, and a local X. A script there finds what cron gives it, and nothing
// more.
type household struct {
	testing.TB
	here, home, base string
	env              []string
	keys             []string // what the environment needs to act as newton_ebooks
}

// built is the folder of the programs, "" until a household needs them.
var built string

// programs are built once for all households.
var programs = sync.OnceValues(func() (bin string, err error) {
	if built, err = os.MkdirTemp("", "horsepipe-programs"); err != nil {
		return "", err
	}
	if out, err := exec.Command("go", "build", "-buildvcs=false", "-o", built+"/", "../cmd/...").CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return built, nil
})

func TestMain(m *testing.M) {
	os.Setenv("LC_ALL", "C") // bash complains about a locale that is not installed
	m.Run()
	if built != "" {
		os.RemoveAll(built)
	}
}

func newHousehold(t *testing.T) *household {
	t.Helper()
	if testing.Short() {
		t.Skip("builds everything")
	}
	t.Parallel()
	h := &household{TB: t, home: t.TempDir(), keys: localX(t)}
	bin, err := programs()
	h.check(err)
	h.here, err = filepath.Abs(".")
	h.check(err)
	for _, e := range h.keys {
		if base, ok := strings.CutPrefix(e, "TW_API_BASE="); ok {
			h.base = base
		}
	}
	h.env = []string{"PATH=" + h.here + ":" + bin + ":" + os.Getenv("PATH"), "HOME=" + h.home, "SHELL=/bin/sh", "LOGNAME=me"}
	return h
}

// newSolo returns a household where scripts act as newton_ebooks, by keys in the environment, and there
// is a newton.model.
func newSolo(t *testing.T) *household {
	t.Helper()
	h := newHousehold(t)
	h.env = append(h.env, h.keys...)
	h.expect(h.command("/bin/sh", "-c", "opticks.sh | mk-train --quiet -o newton.model && ln newton.model ./-m"), 0, "", "")
	return h
}

func (h *household) check(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// path returns the path of a bot's file.
func (h *household) path(bot, file string) string { return filepath.Join(h.home, "bots", bot, file) }

func (h *household) write(bot, file, text string) {
	h.Helper()
	path := h.path(bot, file)
	h.check(os.MkdirAll(filepath.Dir(path), 0o700))
	h.check(os.WriteFile(path, []byte(text), 0o600))
}

// read returns a file of a bot, "" if there is none.
func (h *household) read(bot, file string) string {
	h.Helper()
	data, err := os.ReadFile(h.path(bot, file))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		h.Fatal(err)
	}
	return string(data)
}

// bot makes a bot's folder with the keys of an account. The bot answers and speaks without a delay.
func (h *household) bot(name, account string) {
	h.Helper()
	h.write(name, "keys", h.get("keys?as="+account))
	h.write(name, "bot.conf", "ACCOUNT=newton\nSPEAK=--look-again=0\n")
}

// taught makes such a bot, with a model.
func (h *household) taught(name, account string) {
	h.Helper()
	h.bot(name, account)
	h.write(name, "corpus/newton.jsonl", opticks(h))
	h.wants(0, "", "", "bot.sh", name, "train")
}

// get sends a request directly to the server.
func (h *household) get(path string) string {
	h.Helper()
	resp, err := http.Get(h.base + "/sandbox/" + path)
	h.check(err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	h.check(err)
	if resp.StatusCode >= 300 {
		h.Fatal(path, resp.Status)
	}
	return string(body)
}

// tell sends an instruction directly to the server: "POST", "faults", "...".
func (h *household) tell(method, path, body string) {
	h.Helper()
	req, err := http.NewRequestWithContext(h.Context(), method, h.base+"/sandbox/"+path, strings.NewReader(body))
	h.check(err)
	resp, err := http.DefaultClient.Do(req)
	h.check(err)
	resp.Body.Close()
	if resp.StatusCode >= 300 {
		h.Fatal(path, resp.Status)
	}
}

// says lets somebody post now.
func (h *household) says(author, text string) {
	h.Helper()
	p := &post.Post{Text: text, CreatedAt: time.Now()}
	h.tell("POST", "posts?author="+author, string(p.AppendJSON(nil))+"\n")
}

// posts returns what an account has posted.
func (h *household) posts(account string) []*post.Post {
	h.Helper()
	return records(h, h.get("posts?author="+account))
}

// said returns how many posts an account has made.
func (h *household) said(account string) int {
	h.Helper()
	return len(h.posts(account))
}

// command prepares to run a script, or another program, in the household.
func (h *household) command(name string, args ...string) *exec.Cmd {
	h.Helper()
	path := name
	if strings.HasSuffix(name, ".sh") {
		path = filepath.Join(h.here, name)
	} else if !filepath.IsAbs(name) {
		path = filepath.Join(built, name)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir, cmd.Env = h.home, h.env
	return cmd
}

// charged is what new-bot.sh says, at nearly every run, of asking X whose the keys are. Expectations leave it out.
var charged = regexp.MustCompile(`(?m)^tw-auth: accounts read: 1, requests: 1, cost: \$0\.010 \(X's prices of .*\)\n`)

// wants runs a script and expects an exit code, and certain output.
func (h *household) wants(code int, out, err, script string, args ...string) {
	h.Helper()
	h.expect(h.command(script, args...), code, out, err)
}

func (h *household) expect(cmd *exec.Cmd, code int, out, err string) {
	h.Helper()
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	var status *exec.ExitError
	if failed := cmd.Run(); failed != nil && !errors.As(failed, &status) {
		h.Fatal(failed)
	}
	if got := cmd.ProcessState.ExitCode(); got != code || !like(stdout.String(), out) || !like(charged.ReplaceAllString(stderr.String(), ""), err) {
		h.Errorf("%q: got %d, want %d\nstdout: %s\nstderr: %s", cmd.Args, got, code, stdout.String(), stderr.String())
	}
}

// record expects lines in the record of a job, and no others of these names; "error=" expects none.
func (h *household) record(bot, job string, lines ...string) {
	h.Helper()
	text := h.read(bot, "jobs/"+job)
	head, _, whole := strings.Cut(text, "\n\n")
	if !whole {
		h.Errorf("the record of %s is torn:\n%s", job, text)
	}
	for _, line := range lines {
		name, value, _ := strings.Cut(line, "=")
		var got string
		for l := range strings.Lines(head + "\n") {
			if strings.HasPrefix(l, name+"=") {
				got += strings.TrimSpace(l)
			}
		}
		if value == "" {
			line = ""
		}
		if !like(got, line) {
			h.Errorf("record of %s: got %q, want %q in\n%s", job, got, line, head)
		}
	}
}
