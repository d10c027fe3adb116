package scripts

import (
	"bytes"
	"errors"
	"math"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/gofrs/flock"

	"horsepipe/pkg/journal"
)

func TestBotUsage(t *testing.T) {
	h := newHousehold(t)
	h.wants(2, "", "bot.sh: error: name a bot and a job; --help tells more", "bot.sh")
	h.wants(2, "", "bot.sh: error: name a job: update, train, speak, answer or rotate", "bot.sh", "a")
	h.wants(2, "", "bot.sh: error: unknown job dance: there are ...", "bot.sh", "a", "dance")
	h.wants(1, "", "bot.sh: error: there is no bot in "+h.home+"/bots; new-bot.sh makes one", "bot.sh", "--all", "speak")
	h.wants(2, "", "bot.sh: error: unknown option --dance", "bot.sh", "a", "speak", "--dance")
	h.wants(1, "", "bot.sh: error: there is no folder "+h.home+"/bots/a", "bot.sh", "a", "speak", "-v")
	h.check(os.MkdirAll(h.path("a", ""), 0o700))
	h.wants(1, "", "bot.sh: error: there is no bot.conf in "+h.home+"/bots/a; new-bot.sh makes one", "bot.sh", "a", "speak")
}

// A folder is the one that its path names from here, whatever CDPATH says: another one has other keys.
func TestBotIsHere(t *testing.T) {
	h := newHousehold(t)
	other := filepath.Join(h.home, "other")
	h.check(os.MkdirAll(filepath.Join(other, "bots/a"), 0o700))
	h.write("a", "bot.conf", "SPEAK_EVERY=never\n")
	h.env = append(h.env, "CDPATH="+other)
	h.wants(0, "", "bot.sh: a: speak: bot.conf says never", "bot.sh", "-v", "bots/a", "speak")
	h.wants(0, "a...", "", "status.sh", "bots/a")
}

// A failure is reported in one line when it begins, when it turns into another one and once a day, but
// not after each run.
func TestFailureIsToldOnce(t *testing.T) {
	h := newHousehold(t)
	h.taught("a", "newton_ebooks")
	h.wants(0, "", "", "bot.sh", "a", "speak")
	h.record("a", "speak", "exit=0", "failures=0", "failed=")

	h.tell("POST", "faults", "POST /2/tweets:401\n")
	unauthorised := "bot.sh: error: a: speak: tw-post: <stdin>:1: post: unauthorised...("
	h.wants(4, "", unauthorised+"...)", "bot.sh", "a", "speak")
	h.record("a", "speak", "exit=4", "failures=1", "since=20...Z", "failed=20...Z", "error=tw-post: ...unauthorised...", "success=20...Z")
	h.wants(4, "", "", "bot.sh", "a", "speak")
	h.wants(4, "", "", "bot.sh", "--all", "speak")
	h.record("a", "speak", "failures=3")

	yesterday := time.Now().Add(-25 * time.Hour).UTC().Format("2006-01-02T15:04:05Z")
	record := h.read("a", "jobs/speak")
	_, told, _ := strings.Cut(record, "\ntold=")
	h.write("a", "jobs/speak", strings.Replace(record, "told="+told[:20], "told="+yesterday, 1))
	h.wants(4, "", unauthorised+"...) (4 times since 20...Z)", "bot.sh", "a", "speak")
	h.wants(4, "", "", "bot.sh", "a", "speak")

	// A clock that was ahead does not silence it.
	h.write("a", "jobs/speak", strings.Replace(record, "told="+told[:20], "told="+stamp(-48*time.Hour), 1))
	h.wants(4, "", unauthorised+"...)", "bot.sh", "a", "speak")
	h.wants(4, "", "", "bot.sh", "a", "speak")
	h.write("a", "jobs/speak", "exit=4\nfailures=5\nsince="+stamp(-49*time.Hour)+"\ntold="+stamp(-48*time.Hour)+"\n")
	h.wants(4, "", unauthorised+"...)", "bot.sh", "a", "speak")
	h.wants(4, "", "", "bot.sh", "a", "speak")

	h.tell("DELETE", "faults", "")
	h.tell("POST", "faults", "POST /2/tweets:503\n")
	h.wants(75, "", "bot.sh: error: a: speak: tw-post: ... (3 times since 20...Z)", "bot.sh", "a", "speak")
	h.wants(75, "", "", "bot.sh", "a", "speak")
	h.tell("DELETE", "faults", "")
	h.wants(0, "", "", "bot.sh", "a", "speak")
	h.record("a", "speak", "exit=0", "failures=0", "failed=20...Z", "error=tw-post: ...")
	h.tell("POST", "faults", "POST /2/tweets:401\n")
	h.wants(4, "", unauthorised+"...)", "bot.sh", "a", "speak")
}

// The failure of one bot, or of one job, does not keep others from their work.
func TestFailureIsItsOwn(t *testing.T) {
	h := newHousehold(t)
	h.taught("a", "newton_ebooks")
	h.taught("b", "isaac_ebooks")
	h.check(os.Remove(h.path("a", "model/bot.model")))
	h.wants(1, "", "bot.sh: error: a: speak: mk-gen: ...no such file... (mk-train -o user.model corpus.jsonl makes a model)", "bot.sh", "--all", "speak")
	if h.said("newton_ebooks") != 0 || h.said("isaac_ebooks") != 1 {
		t.Error("b did not speak, or a did")
	}
	h.tell("POST", "faults", "GET /2/users/{id}/tweets:401\n")
	h.wants(4, "", "bot.sh: error: a: update: tw-archive: ...unauthorised...", "bot.sh", "a", "update", "train", "speak")
	if h.said("newton_ebooks") != 1 {
		t.Error("a did not speak after it had failed to update")
	}

	// If one of several accounts fails, the job fails, but the others are asked for all the same.
	h.tell("DELETE", "faults", "")
	h.check(os.RemoveAll(h.path("b", "corpus")))
	h.write("b", "bot.conf", "ACCOUNT=nobody_here newton\n")
	h.wants(1, "", "bot.sh: error: b: update: tw-archive: ...not found...", "bot.sh", "b", "update")
	if posts := h.read("b", "corpus/newton.jsonl"); strings.Count(posts, "\n") < 1000 {
		t.Error("the second account was not asked for")
	}
}

// Keys that others may read, and lines that are not keys, are reported without their contents.
func TestBotKeys(t *testing.T) {
	h := newHousehold(t)
	h.taught("a", "newton_ebooks")
	keys := h.read("a", "keys")
	quoted := "\ufeff# mine\r\n\r\n" + strings.ReplaceAll(keys, "TW_ACCESS_SECRET=", "export TW_ACCESS_SECRET=") + "TW_X=$(touch ran)'\"\n"
	h.write("a", "keys", strings.ReplaceAll(strings.Replace(quoted, "TW_BEARER_TOKEN=", "TW_BEARER_TOKEN=\"", 1), "\nTW_CLIENT_ID", "\"\nTW_CLIENT_ID"))
	h.wants(0, "", "", "bot.sh", "a", "speak")
	if _, err := os.Stat(h.path("a", "ran")); err == nil {
		t.Error("the keys were run")
	}
	h.write("a", "keys", keys+"my secret\n")
	h.wants(2, "", "bot.sh: error: a: speak: "+h.path("a", "keys")+":9: not a line such as TW_ACCESS_TOKEN=...", "bot.sh", "a", "speak")
	h.write("a", "keys", keys+"\x00")
	h.wants(2, "", "", "bot.sh", "a", "speak")
	h.write("a", "keys", keys)
	h.check(os.Chmod(h.path("a", "keys"), 0o640))
	h.wants(4, "", "bot.sh: error: a: speak: others may read the file keys: chmod 600 keys, and make new ones if others use this machine (3 times since...)",
		"bot.sh", "a", "speak")
	h.wants(1, "a: others may read the file keys: ...", "", "status.sh", "--check", "a")

	// An account that tw-auth has logged in needs no keys, and those of the environment are not the bot's.
	h.check(os.Remove(h.path("a", "keys")))
	h.env = append(h.env, strings.Fields(h.get("keys?as=other"))...)
	h.write("a", "x-newton_ebooks.json", h.login("newton_ebooks"))
	h.write("a", "log/bot.jsonl", "") // with posts of newton_ebooks in it, tw-post would refuse other keys
	h.wants(0, "", "", "bot.sh", "a", "speak")
	if h.said("newton_ebooks") != 2 || h.said("other") != 0 {
		t.Error("it did not speak")
	}

	// Nor does it help to have the keys of the app beside it, which are those of no account.
	h.write("a", "keys", keys[:strings.Index(keys, "TW_ACCESS_TOKEN=")]+keys[strings.Index(keys, "TW_BEARER_TOKEN="):])
	h.write("a", "log/bot.jsonl", "")
	h.wants(0, "", "", "bot.sh", "a", "speak")
	if h.said("newton_ebooks") != 3 || h.said("other") != 0 {
		t.Error("it did not speak beside the keys of the app")
	}
}

// A bot whose bot.conf or keys cannot be read, or that has a file of keys without any, does nothing: it must not
// speak without what bot.conf says, or with the keys of another account.
func TestBotThatCannotBeRead(t *testing.T) {
	h := newHousehold(t)
	h.taught("a", "newton_ebooks")
	config := filepath.Join(h.home, ".config", "horsepipe")
	h.check(os.MkdirAll(config, 0o700))
	h.check(os.WriteFile(filepath.Join(config, "x-other.json"), []byte(h.login("other")), 0o600))
	h.env = append(h.env, "TW_API_BASE="+h.base)
	socket := func(path string) {
		l, err := net.Listen("unix", path) // cannot be read, also by root
		h.check(err)
		l.(*net.UnixListener).SetUnlinkOnClose(false)
		h.check(errors.Join(l.Close(), os.Chmod(path, 0o600)))
	}
	link := func(path string) { h.check(os.Symlink("nowhere", path)) }
	empty := func(path string) { h.check(os.WriteFile(path, []byte("# to be filled in\n"), 0o600)) }
	const unread = "cannot read PATH..."
	for _, c := range []struct {
		file string
		make func(path string)
		code int
		says string
	}{{"keys", socket, 1, unread}, {"keys", link, 1, unread}, {"bot.conf", socket, 1, unread}, {"keys", empty, 4, "there are no keys in PATH"}} {
		path := h.path("a", c.file)
		says := strings.ReplaceAll(c.says, "PATH", path)
		h.check(os.Rename(path, path+".away"))
		c.make(path)
		h.check(os.RemoveAll(h.path("a", "jobs")))
		h.wants(c.code, "", "bot.sh: error: a: speak: "+says, "bot.sh", "a", "speak")
		h.wants(1, "a: "+says+"...", "", "status.sh", "--check", "a")
		h.check(os.Rename(path+".away", path))
	}
	if n := h.said("newton_ebooks") + h.said("other"); n > 0 {
		t.Errorf("%d posts were made", n)
	}
	h.wants(0, "", "", "bot.sh", "a", "speak")
	if h.said("newton_ebooks") != 1 {
		t.Error("it did not speak")
	}
}

func TestBotConf(t *testing.T) {
	h := newHousehold(t)
	h.taught("a", "newton_ebooks")
	for conf, want := range map[string]string{
		"ACOUNT=newton\n":     "bot.conf:1: unknown setting ACOUNT",
		"# x\n\nnewton\n":     "bot.conf:3: not a line such as ACCOUNT=user",
		"ACCOUNT = newton\n":  "bot.conf:1: not a line such as ACCOUNT=user",
		"ACCOUNT=a\n\x00\x00": "bot.conf holds zero bytes: it is UTF-16, or a loss of power has spoilt it",
		"SPEAK_EVERY=often\n": "bot.conf:1: SPEAK_EVERY is a time such as 5m, 2h or 1d, or never",
	} {
		h.check(os.RemoveAll(h.path("a", "jobs")))
		h.write("a", "bot.conf", conf)
		h.wants(2, "", "bot.sh: error: a: speak: "+want, "bot.sh", "a", "speak")
		h.wants(1, "a: "+want, "", "status.sh", "--check", "a")
	}
	h.check(os.RemoveAll(h.path("a", "jobs")))
	h.write("a", "bot.conf", "UPDATE_EVERY=1d")
	h.wants(2, "", "bot.sh: error: a: update: bot.conf names no ACCOUNT...", "bot.sh", "a", "update")
	h.write("a", "bot.conf", "\ufeff GEN=\"--min-words=3  --limit=60\"\r\nGEN=--min-words=4 \nPOST=--max=1\nUPDATE_EVERY=never\nMENTIONS=--per-hour=0")
	h.wants(0, "", "", "bot.sh", "a", "update", "speak")
	posts := h.posts("newton_ebooks")
	if len(posts) != 1 {
		t.Fatalf("it said %d posts", len(posts))
	}
	if said := posts[0].Text; utf8.RuneCountInString(said) > 60 || len(strings.Fields(said)) < 4 {
		t.Errorf("it said %q", said)
	}
	h.says("alice", "@newton_ebooks what is the colour of light?")
	h.wants(0, "", "", "bot.sh", "a", "answer")
	if h.said("newton_ebooks") != 1 {
		t.Error("it answered")
	}
}

// A record that is torn, or is something else, counts as missing, and the next one is whole.
func TestTornRecord(t *testing.T) {
	h := newHousehold(t)
	h.taught("a", "newton_ebooks")
	h.wants(0, "", "", "bot.sh", "a", "speak")
	whole := h.read("a", "jobs/speak")
	for n := range len(whole) {
		if n%7 != 0 && n > 30 {
			continue
		}
		h.write("a", "jobs/speak", whole[:n])
		h.wants(0, "...", "", "status.sh", "a")
	}
	for _, text := range []string{"", "\n", "\x00\x00\x00", "started=$(touch ran)\nfailures=a[$(touch ran)]\nexit=99999999999999999999\ntold=2\n\n", "x\n"} {
		h.write("a", "jobs/speak", text)
		h.wants(0, "...", "", "status.sh", "a")
		h.wants(0, "", "", "bot.sh", "a", "speak")
		h.record("a", "speak", "started=20...Z", "exit=0", "success=20...Z", "failures=0")
	}
	if matches := h.read("a", "ran") + h.read("", "../ran"); matches != "" {
		t.Error("a record was run")
	}
}

// Bots wait side by side. A second run leaves a running job alone; a signal ends the job and all that it
// has started.
func TestTwoAtOnce(t *testing.T) {
	h := newHousehold(t)
	h.taught("a", "newton_ebooks")
	h.write("a", "bot.conf", "SPEAK=--delay=1h-2h\n")
	h.taught("b", "isaac_ebooks")
	h.write("b", "bot.conf", "SPEAK=--delay=1h-2h\n")
	first := h.command("bot.sh", "--all", "speak")
	var stderr bytes.Buffer
	first.Stderr = &stderr
	h.check(first.Start())
	waiting := func() bool {
		out, _ := exec.Command("pgrep", "-g", jobGroup(first.Process.Pid), "tw-post").Output()
		return len(out) > 0
	}
	await(t, waiting)
	await(t, func() bool { return strings.HasPrefix(h.read("b", "jobs/speak"), "started=") })
	h.wants(0, "", "", "bot.sh", "a", "speak")
	h.wants(0, "", "bot.sh: a: speak: another run is at work", "bot.sh", "--verbose", "a", "speak")
	h.wants(0, "...speak        never; begun 20...Z, and not ended...", "", "status.sh", "a")
	h.wants(0, "", "", "bot.sh", "a", "rotate")
	group := jobGroup(first.Process.Pid)
	h.check(first.Process.Signal(syscall.SIGTERM))
	var status *exec.ExitError
	if err := first.Wait(); !errors.As(err, &status) || status.ExitCode() != 143 || stderr.Len() > 0 {
		t.Errorf("it ended with %v: %s", err, stderr.String())
	}
	await(t, func() bool { return exec.Command("pgrep", "-g", group, "-r", "R,S,D").Run() != nil })
	h.record("a", "speak", "started=20...Z", "ended=20...Z", "failed=", "success=")
	h.write("a", "bot.conf", "")
	h.wants(0, "", "", "bot.sh", "a", "speak")
	if h.said("newton_ebooks") != 1 {
		t.Error("it did not speak once")
	}
}

// jobGroup returns the process group of the job that a bot.sh runs; before there is one, a group that has
// no processes (0 would be that of the tests). The job is the child of the bot's process, which is the
// script's child.
func jobGroup(script int) string {
	pid := strconv.Itoa(script)
	for range 2 {
		out, err := exec.Command("pgrep", "-P", pid).Output()
		if err != nil {
			return strconv.Itoa(math.MaxInt32)
		}
		pid, _, _ = strings.Cut(string(out), "\n")
	}
	return pid
}

// await waits until a condition holds.
func await(t *testing.T, so func() bool) {
	t.Helper()
	for end := time.Now().Add(5 * time.Minute); !so(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it did not come about")
		}
	}
}

// Several jobs of each kind at once lose nothing and say nothing twice.
func TestManyAtOnce(t *testing.T) {
	h := newHousehold(t)
	h.taught("a", "newton_ebooks")
	h.says("alice", "@newton_ebooks what is the colour of light?")
	h.says("bob", "@newton_ebooks and of glass?")
	var all []*exec.Cmd
	for range 4 {
		cmd := h.command("bot.sh", "--all", "update", "train", "speak", "answer", "rotate")
		all = append(all, cmd)
		h.check(cmd.Start())
	}
	for _, cmd := range all {
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	log, err := journal.Read(h.path("a", "log/bot.jsonl"))
	h.check(err)
	if got := h.said("newton_ebooks"); len(log.Unsettled()) > 0 || len(log.Sent()) != got || got < 3 || got > 6 {
		t.Errorf("it said %d things, the log has %d", got, len(log.Sent()))
	}
	answered := map[string]int{}
	for _, e := range log.Sent() {
		answered[e.ReplyTo]++
	}
	if delete(answered, ""); len(answered) != 2 {
		t.Errorf("it answered %d people", len(answered))
	}
	for mention, n := range answered {
		if n != 1 {
			t.Errorf("%s was answered %d times", mention, n)
		}
	}
}

// The log of some years becomes smaller, and what is taken out does not pile up. A log in use is left
// alone.
func TestRotate(t *testing.T) {
	h := newHousehold(t)
	h.bot("a", "newton_ebooks")
	h.wants(0, "", "", "bot.sh", "a", "rotate")
	old := `{"id":"1","text":"old","created_at":"2024-11-22T12:00:00Z","author":"newton_ebooks","network":"x","made":{"seed":1},"log":"sent"}` + "\n"
	h.write("a", "log/bot.jsonl", old)
	h.write("a", "log/old.jsonl", `{"torn`)
	h.wants(0, "", "", "bot.sh", "a", "rotate")
	if got, want := h.read("a", "log/bot.jsonl"), strings.Replace(old, `"made":{"seed":1},`, "", 1); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if got := h.read("a", "log/old.jsonl"); got != "{\"torn\n"+old {
		t.Errorf("what was taken out is %s", got)
	}
	h.check(os.Truncate(h.path("a", "log/old.jsonl"), 17<<20))
	h.wants(0, "", "", "bot.sh", "a", "rotate")
	if got := h.read("a", "log/old.jsonl"); got != "" {
		t.Errorf("it goes on in a file of %d bytes", len(got))
	}
	lock := flock.New(h.path("a", "jobs/rotate.lock"))
	if ok, err := lock.TryLock(); !ok {
		t.Fatal(err)
	}
	h.write("a", "log/bot.jsonl", old)
	h.wants(0, "", "", "bot.sh", "a", "rotate")
	h.check(lock.Close())
	if got := h.read("a", "log/bot.jsonl"); got != old {
		t.Errorf("two were at work: %s", got)
	}
}

// A folder that cannot be written to is reported once, although nothing can be noted.
func TestNoRecord(t *testing.T) {
	h := newHousehold(t)
	h.taught("a", "newton_ebooks")
	h.check(os.Mkdir(h.path("a", "jobs/.speak.said"), 0o700)) // as good as a full disk, also for root
	h.wants(1, "", "bot.sh: error: a: speak: cannot write to "+h.home+"/bots/a/jobs: Is a directory", "bot.sh", "a", "speak")
	h.wants(1, "", "", "bot.sh", "a", "speak")
	h.wants(1, "", "bot.sh: error: a: speak: cannot write to ...: Is a directory", "bot.sh", "-v", "a", "speak") // to whoever asks, again
	h.check(os.Remove(h.path("a", "jobs/.speak.said")))
	h.wants(0, "", "", "bot.sh", "a", "speak")
	h.check(os.Mkdir(h.path("a", "jobs/.speak.said"), 0o700))
	h.wants(1, "", "bot.sh: error: a: speak: cannot write to ...", "bot.sh", "a", "speak")
	h.check(os.Remove(h.path("a", "jobs/speak.lock")))
	h.check(os.Mkdir(h.path("a", "jobs/speak.lock"), 0o700))
	h.wants(1, "", "bot.sh: error: a: speak: cannot write to "+h.home+"/bots/a/jobs: Is a directory", "bot.sh", "a", "speak")
}
