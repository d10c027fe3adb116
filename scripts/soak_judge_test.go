//go:build linux

package scripts

import (
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"horsepipe/pkg/sandbox"
)

// tally is what the report shows.
type tally struct {
	starts, cuts, logins, readers, failures, told int
	paid, noted                                   float64 // dollars: what X billed, and what was written down
	slowest                                       time.Duration
	crowded                                       map[string][]string // what jobs said while the disk was full
	last                                          map[string]string   // what each said last since its last success
}

// command runs a program that must say nothing on standard error, and returns what it prints.
func command(name string, args ...string) ([]byte, error) {
	cmd := exec.Command(name, args...)
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err == nil && said.Len() > 0 {
		err = errors.New(said.String())
	}
	return out, err
}

// records are the records of all jobs of some lines.
func (l *life) records(lines []cronjob) map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, line := range lines {
		for _, job := range line.jobs {
			all[job] = l.record(job)
		}
	}
	return all
}

// judge checks what was said against how the jobs went: nothing if all went well; one line for a failure
// that is new, of another kind, or was last reported a day ago; and never anything else.
func (l *life) judge(s start, before map[string]map[string]string) {
	l.slowest = max(l.slowest, s.took)
	said := map[string][]string{}
	for _, line := range s.said {
		m := jobLine.FindStringSubmatch(line)
		if m == nil {
			l.Errorf("%s: %v said %q", s.at, s.jobs, line)
			continue
		}
		l.told++
		said[m[1]] = append(said[m[1]], m[2])
		if l.full {
			l.crowd(m[1], m[2])
		}
		if strings.Contains(m[2], "run tw-auth to log in again") && !l.needed {
			l.needed = true
			l.plan(l.now().Add(time.Hour), l.login)
		}
	}
	for _, job := range s.jobs {
		was, is := before[job], l.record(job)
		if well := is["exit"] == "0" || is["exit"] == "3"; is["ended"] != was["ended"] && (well || strings.HasPrefix(l.last[job], "cannot write")) {
			delete(l.last, job)
		}
		want := l.tells(was, is)
		if is["exit"] != "0" && is["exit"] != "3" && is["failed"] != was["failed"] {
			l.failures++
		}
		if got := len(said[job]); got != want && !s.cut && !l.full {
			l.Errorf("%s: %s said %d lines, want %d: %q\nbefore: %v\nafter: %v", s.at, job, got, want, said[job], was, is)
		}
	}
}

// crowd keeps what was said while the disk was full. Then no record can be relied on: no job may repeat
// what it said last, unless it went well in between.
func (l *life) crowd(job, line string) {
	if l.last[job] == line {
		l.Errorf("%s: told twice: %s: %s", l.now(), job, line)
	}
	l.crowded[job], l.last[job] = append(l.crowded[job], line), line
}

// tells returns how many lines a job prints whose record changes from was to is.
func (l *life) tells(was, is map[string]string) int {
	if is["started"] == was["started"] || is["exit"] == "0" || is["exit"] == "3" {
		return 0
	}
	told, err := time.Parse(time.RFC3339, was["told"])
	ended, _ := time.Parse(time.RFC3339, is["ended"])
	goesOn := was["failures"] != "" && was["failures"] != "0" && was["exit"] == is["exit"]
	if goesOn && err == nil && ended.Sub(told) < 24*time.Hour {
		return 0
	}
	return 1
}

// X's prices, by the sandbox's classes.
var soakPrices = map[string]float64{sandbox.Reads: 0.005, sandbox.OwnedReads: 0.001, sandbox.UserReads: 0.010, sandbox.Writes: 0.015,
	sandbox.SummonedReplies: 0.010, sandbox.URLWrites: 0.200}

// money is what X would have billed so far without its discount for what is read twice a day, what the
// bot recorded, and how many faults struck.
type money struct {
	billed, noted float64
	faults        int
}

func (l *life) money() (m money) {
	stats := l.sb.Stats()
	for class, n := range stats.Returned["bot"] {
		m.billed += soakPrices[class] * float64(n)
	}
	for _, n := range stats.Faults {
		m.faults += n
	}
	files, _ := filepath.Glob(filepath.Join(l.disk, "bot/log/cost-*.jsonl"))
	for _, file := range files {
		data, err := os.ReadFile(file)
		l.check(err)
		for line := range strings.Lines(string(data)) {
			var entry struct{ Cost float64 }
			if json.Unmarshal([]byte(line), &entry) == nil { // else the power was cut while it was written
				m.noted += entry.Cost
			}
		}
	}
	return m
}

// account checks what a start recorded against what X charged. If nothing went wrong they are equal,
// except for posts of an earlier run that was killed before it counted them.
func (l *life) account(s start, before money) {
	now := l.money()
	l.paid, l.noted = l.paid+now.billed-before.billed, l.noted+now.noted-before.noted
	missed := now.billed - before.billed - (now.noted - before.noted)
	disturbed := s.cut || l.full || now.faults > before.faults
	if missed > cent && !disturbed || l.noted-l.paid > cent {
		l.Errorf("%s: %v cost $%.3f and wrote down $%.3f; in all $%.3f and $%.3f", s.at, s.jobs,
			now.billed-before.billed, now.noted-before.noted, l.paid, l.noted)
	}
}

const cent = 1e-6 // dollars; less than any price

// left are the machine's files that the documentation does not name.
func (l *life) left() (names []string) {
	known := []string{"bot/bot.conf", "bot/x-bot.json", "bot/x-bot.json.lock", "bot/corpus/newton.jsonl", "bot/model/bot.model", "bot/log/bot.jsonl",
		"bot/log/cost-*.jsonl", "bot/log/old.jsonl*", "bot/jobs/[a-z]*", "*/*/*.lock"}
	l.check(filepath.WalkDir(l.disk, func(path string, d os.DirEntry, err error) error {
		name, _ := filepath.Rel(l.disk, path)
		if err == nil && !d.IsDir() && !slices.ContainsFunc(known, func(pattern string) bool { ok, _ := filepath.Match(pattern, name); return ok }) {
			names = append(names, name)
		}
		return err
	}))
	return names
}

// used returns the total size of a folder's files, in bytes.
func (l *life) used(folder string) (n int64) {
	l.check(filepath.WalkDir(filepath.Join(l.disk, folder), func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			info, err := d.Info()
			l.check(err)
			n += info.Size()
		}
		return err
	}))
	return n
}
