package scripts

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// crontab is the contents of crontab.example.
type crontab struct {
	env  []string
	jobs []cronjob
}

type cronjob struct {
	times   [5]string // minute, hour, day, month, day of the week
	command string
	jobs    []string // what bot.sh has to do
}

// assignment matches a line that cron, cronie and supercronic read alike: no blank around the sign, no
// quotes, no $.
var assignment = regexp.MustCompile(`^[A-Z_]+=[^ "'$~]*$`)

func readCrontab(t *testing.T) (c crontab) {
	t.Helper()
	text, err := os.ReadFile("../crontab.example")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasSuffix(string(text), "\n") {
		t.Error("cron takes no crontab whose last line has no end")
	}
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		fields := strings.Fields(line)
		switch {
		case line == "" || line[0] == '#':
		case assignment.MatchString(line):
			c.env = append(c.env, line)
		case len(fields) > 5:
			jobs := slices.DeleteFunc(slices.Clone(fields[6:]), func(s string) bool { return strings.HasPrefix(s, "-") })
			c.jobs = append(c.jobs, cronjob{[5]string(fields[:5]), strings.Join(fields[5:], " "), jobs})
		default:
			t.Errorf("neither a job nor an assignment: %s", line)
		}
	}
	return c
}

// limits are the lowest and highest values of the five fields.
var limits = [5][2]int{{0, 59}, {0, 23}, {1, 31}, {1, 12}, {0, 6}}

// element matches *, 4, 1-5, */2 or 1-5/2; anything else is known only to some crons.
var element = regexp.MustCompile(`^(?:\*|([0-9]+)(?:-([0-9]+))?)(?:/([0-9]+))?$`)

func validTime(field string, low, high int) bool {
	for part := range strings.SplitSeq(field, ",") {
		m := element.FindStringSubmatch(part)
		if m == nil || m[3] != "" && m[1] != "" && m[2] == "" {
			return false
		}
		last := low
		for _, n := range []string{m[1], m[2]} {
			v, err := strconv.Atoi(n)
			if n != "" && (err != nil || v < last || v > high) {
				return false
			}
			last = max(last, v)
		}
		if step, err := strconv.Atoi(m[3]); m[3] != "" && (err != nil || step < 1 || step > high) {
			return false
		}
	}
	return true
}

func TestValidTime(t *testing.T) {
	for field, want := range map[string]bool{
		"*": true, "0": true, "59": true, "*/5": true, "1-5": true, "1-5/2": true, "0,30": true,
		"": false, "60": false, "5-1": false, "*/0": false, "a": false, "5/2": false, "1,": false, "-1": false, "*/61": false, "@daily": false,
	} {
		if got := validTime(field, 0, 59); got != want {
			t.Errorf("%q: got %v", field, got)
		}
	}
}

func TestCrontabIsValid(t *testing.T) {
	c := readCrontab(t)
	if len(c.env) != 1 || !strings.HasPrefix(c.env[0], "PATH=/") {
		t.Errorf("got %q: a crontab needs a PATH, and no more to be understood by all", c.env)
	}
	for _, job := range c.jobs {
		for i, field := range job.times {
			if !validTime(field, limits[i][0], limits[i][1]) {
				t.Errorf("%s: field %d is %s", job.command, i+1, field)
			}
		}
		if hour, err := strconv.Atoi(job.times[1]); err == nil && hour < 4 {
			t.Errorf("%s: clocks are put forward and back before four", job.command)
		}
		if strings.ContainsAny(job.command, "%\\") {
			t.Errorf("%s: cron makes line ends of %% signs, and supercronic does not", job.command)
		}
		script, _, _ := strings.Cut(job.command, " ")
		if info, err := os.Stat(script); err != nil || info.Mode()&0o111 == 0 {
			t.Errorf("%s: no such script", script)
		}
		for _, word := range job.jobs {
			if !slices.Contains([]string{"update", "train", "speak", "answer", "rotate"}, word) {
				t.Errorf("%s: no such job", word)
			}
		}
	}
}

// Every line of crontab.example runs unchanged, by cron's shell and with cron's environment, for two
// bots, one of which has a name that needs quotes. None prints anything; after all of them there are a
// corpus, a model, posts and an answer.
func TestCrontab(t *testing.T) {
	h := newHousehold(t)
	h.bot("a", "newton_ebooks")
	h.bot("b c", "isaac_ebooks")
	h.says("alice", "@newton_ebooks what is the colour of light?")
	for _, job := range readCrontab(t).jobs {
		h.expect(h.command("/bin/sh", "-c", job.command), 0, "", "")
	}
	if got := h.said("newton_ebooks"); got != 2 {
		t.Errorf("a said %d things, want a post and an answer", got)
	}
	if got := h.said("isaac_ebooks"); got != 1 {
		t.Errorf("b c said %d things, want a post", got)
	}
	for _, bot := range []string{"a", "b c"} {
		for _, job := range []string{"update", "train", "speak", "answer", "rotate"} {
			h.record(bot, job, "exit=0", "success=20...Z", "error=")
		}
	}
	h.wants(0, "", "", "status.sh", "--check")
	h.withoutHome(t)
}

// withoutHome runs the lines once more, without HOME, and with the folder of the bots elsewhere.
func (h *household) withoutHome(t *testing.T) {
	h.check(os.Rename(filepath.Join(h.home, "bots"), filepath.Join(h.home, "data")))
	h.env = slices.DeleteFunc(h.env, func(e string) bool { return strings.HasPrefix(e, "HOME=") })
	h.env = append(h.env, "HORSEPIPE_BOTS="+filepath.Join(h.home, "data"))
	for _, job := range readCrontab(t).jobs {
		h.expect(h.command("/bin/sh", "-c", job.command), 0, "", "")
	}
	if got := h.said("newton_ebooks"); got != 3 {
		t.Errorf("a said %d things, want another post", got)
	}
}

// supercronic, where it is installed, finds nothing wrong with the crontab.
func TestCrontabForSupercronic(t *testing.T) {
	path, err := exec.LookPath("supercronic")
	if err != nil {
		t.Skip("supercronic is not at hand; the container's test runs it")
	}
	if out, err := exec.Command(path, "-test", "../crontab.example").CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", errors.Unwrap(err), out)
	}
}
