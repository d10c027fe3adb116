//go:build linux

package scripts

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// due tells whether cron would start a line in this minute.
func (l *cronjob) due(t time.Time) bool {
	now := [5]int{t.Minute(), t.Hour(), t.Day(), int(t.Month()), int(t.Weekday())}
	for i, field := range l.times {
		if step, ok := strings.CutPrefix(field, "*/"); ok {
			if n, err := strconv.Atoi(step); err != nil || now[i]%n != 0 {
				return false
			}
		} else if n, err := strconv.Atoi(field); field != "*" && (err != nil || now[i] != n) {
			return false
		}
	}
	return true
}

// start holds the jobs of a bot that begin in the same minute.
type start struct {
	at   time.Time
	jobs []string
	said []string // lines that cron would mail
	cut  bool     // whether the power was cut before all had ended
	took time.Duration
}

// jobLine is how bot.sh reports a failure.
var jobLine = regexp.MustCompile(`^bot\.sh: error: bot: ([a-z]+): (.+)$`)

// run starts lines at the same time, and waits for all of them. The power is cut after a number of
// requests or, if after is not 0, after that time.
func (w *world) run(lines []cronjob, requests int, after time.Duration) start {
	s, begin := start{at: w.now()}, time.Now()
	outs := make([]bytes.Buffer, len(lines))
	var cmds []*exec.Cmd
	for i, l := range lines {
		cmd := exec.Command("sh", "-c", l.command)
		cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = w.disk, w.env(), &outs[i], &outs[i]
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		cmds, s.jobs = append(cmds, cmd), append(s.jobs, l.jobs...)
	}
	w.mu.Lock()
	for _, cmd := range cmds {
		w.check(cmd.Start())
	}
	w.left, w.gone, w.cut = requests, false, func() { killSessions(cmds) }
	w.mu.Unlock()
	if after > 0 {
		timer := time.AfterFunc(after, w.power)
		defer timer.Stop()
	}
	var all sync.WaitGroup
	for _, cmd := range cmds {
		all.Go(func() { _ = cmd.Wait() })
	}
	all.Wait()
	w.overtake()
	w.mu.Lock()
	for w.open > 0 {
		w.shut.Wait()
	}
	s.cut, w.cut, w.left, w.gone = w.gone, nil, -1, false
	w.mu.Unlock()
	for i := range outs {
		for line := range strings.Lines(outs[i].String()) {
			s.said = append(s.said, strings.TrimSuffix(line, "\n"))
		}
	}
	s.took = time.Since(begin)
	return s
}

// killSessions kills all descendants of the commands, in whatever process groups they are.
func killSessions(leaders []*exec.Cmd) {
	for found := true; found; {
		found = false
		for _, pid := range descendants(leaders) {
			found = syscall.Kill(pid, syscall.SIGKILL) == nil || found
		}
	}
}

// descendants returns the descendants of the commands that live, the oldest first: a shell that is killed
// before what it waits for cannot say that this was killed.
func descendants(leaders []*exec.Cmd) (pids []int) {
	began := map[int]int{}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, file := range stats {
		data, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		_, rest, _ := strings.Cut(string(data), ") ")
		fields := strings.Fields(rest) // state, parent, group, session, …, and as the twentieth when it began
		if len(fields) < 20 || fields[0] == "Z" || !slices.ContainsFunc(leaders, func(c *exec.Cmd) bool { return fmt.Sprint(c.Process.Pid) == fields[3] }) {
			continue
		}
		if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(file))); err == nil {
			began[pid], _ = strconv.Atoi(fields[19])
			pids = append(pids, pid)
		}
	}
	slices.SortFunc(pids, func(a, b int) int { return cmp.Or(cmp.Compare(began[a], began[b]), cmp.Compare(a, b)) })
	return pids
}

// record is bot.sh's record of a job.
func (w *world) record(job string) map[string]string {
	data, _ := os.ReadFile(filepath.Join(w.disk, "bot/jobs", job)) // before the first run there is none
	fields := map[string]string{}
	for line := range strings.Lines(string(data)) {
		key, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if !ok {
			break
		}
		fields[key] = value
	}
	return fields
}
