//go:build linux

package scripts

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"horsepipe/pkg/journal"
	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
	"horsepipe/pkg/text"
)

var (
	soakDays = flag.Int("soak.days", 6, "how many days of a bot's life TestSoak simulates")
	soakSeed = flag.Uint64("soak.seed", 1, "the same seed lets the same things happen")
)

// TestSoak simulates some days of a bot's life against the sandbox: the lines of crontab.example start
// the scripts and programs as cron would, while the account posts and deletes, people and another bot
// speak to the bot, X has trouble, the network goes down, the disk is full, and the power is cut. At the
// end it compares what X has with what the bot's folder has. soak.sh runs it at full length.
//
// The same seed makes the same days. What a power cut interrupts also depends on the machine: two jobs
// that run at once are not always equally fast.
func TestSoak(t *testing.T) {
	if testing.Short() {
		t.Skip("lives through days")
	}
	begin := time.Now()
	l := newLife(newWorld(t), *soakDays, *soakSeed)
	t.Logf("seed %d, %d days; disk of its own: %v", *soakSeed, l.days, l.small)
	l.live()
	l.peace()
	log, err := journal.Read(filepath.Join(l.disk, "bot/log/bot.jsonl"))
	l.check(err)
	l.checkPosts(log)
	l.checkAnswers(log)
	l.checkCorpus()
	l.checkModel()
	l.checkDisk()
	l.report(log, time.Since(begin))
}

// peace lets each job run once more, undisturbed, at the times at which cron would start them.
func (l *life) peace() {
	l.until(genesis.AddDate(0, 0, l.days).Add(time.Hour))
	l.check(l.world.login("bot"))
	for _, line := range append(l.lines, l.lines...) {
		l.until(l.now().Add(time.Hour))
		l.start([]cronjob{line}, -1, 0)
		for _, job := range line.jobs {
			if r := l.record(job); r["exit"] != "0" {
				l.Errorf("in peace %s ended with %s: %s", job, r["exit"], r["error"])
			}
		}
	}
}

// checkPosts checks the log against X: each post has one receipt, each receipt its post, each intent its
// end; and nothing was said twice.
func (l *life) checkPosts(log *journal.Log) {
	ids, texts := map[string]bool{}, map[string]bool{}
	for _, e := range log.Sent() {
		if ids[e.ID] {
			l.Errorf("two receipts of %s", e.ID)
		}
		ids[e.ID] = true
	}
	posts := l.sb.Posts("bot")
	for _, p := range posts {
		if !ids[p.ID] {
			l.Errorf("no receipt of %s", p.AppendJSON(nil))
		}
		said := text.Normalise(p.Text)
		if texts[said] {
			l.Errorf("said twice: %s", said)
		}
		texts[said] = true
	}
	if len(ids) != len(posts) {
		l.Errorf("%d receipts of %d posts", len(ids), len(posts))
	}
	for _, e := range log.Unsettled() {
		l.Errorf("nobody knows what became of %s", e.AppendJSON(nil))
	}
}

// checkAnswers checks the bot's answers against its manners: each mention once, nobody after a stop, and
// not too often.
func (l *life) checkAnswers(log *journal.Log) {
	tried := map[string]bool{} // what the log has a line for
	for _, e := range log.Entries() {
		tried[e.ReplyTo] = true
	}
	times, perDay, perHour := map[string]int{}, map[string]int{}, map[string]int{}
	to := map[string]*post.Post{}
	for _, p := range l.asked {
		to[p.ID] = p
	}
	answered := map[string][]time.Time{}
	for _, p := range l.sb.Posts("bot") {
		asked := to[p.ReplyTo]
		if p.ReplyTo == "" {
			continue
		}
		if times[p.ReplyTo]++; asked == nil || times[p.ReplyTo] > 1 {
			l.Errorf("answered %d times: %s", times[p.ReplyTo], p.AppendJSON(nil))
			continue
		}
		if at, ok := l.stopped[asked.Author]; ok && p.CreatedAt.After(at) {
			l.Errorf("@%s said stop at %s, and was answered at %s", asked.Author, at, p.CreatedAt)
		}
		answered[asked.Author] = append(answered[asked.Author], p.CreatedAt)
		answered[""] = append(answered[""], p.CreatedAt)
		perDay[asked.Author] = max(perDay[asked.Author], within(answered[asked.Author], 24*time.Hour))
		perHour[""] = max(perHour[""], within(answered[""], time.Hour))
	}
	for who, n := range perDay {
		if n > 6 {
			l.Errorf("@%s had %d answers in a day", who, n)
		}
	}
	if perHour[""] > 12 {
		l.Errorf("%d answers in an hour", perHour[""])
	}
	for _, p := range l.asked {
		_, stopped := l.stopped[p.Author]
		if times[p.ID] == 0 && !tried[p.ID] && p.Author != "gossip" && !stopped {
			l.Errorf("@%s was never answered, and nothing says why: %s", p.Author, p.AppendJSON(nil))
		}
	}
}

// within counts the times that are closer than d to the last one.
func within(times []time.Time, d time.Duration) (n int) {
	for _, t := range times {
		if times[len(times)-1].Sub(t) < d {
			n++
		}
	}
	return n
}

// checkCorpus checks the corpus against the account's posts: it has all that exist, once each, oldest
// first, as in an archive made undisturbed, and otherwise only posts that were deleted after they had
// been archived.
func (l *life) checkCorpus() {
	corpus, err := os.ReadFile(filepath.Join(l.disk, "bot/corpus/newton.jsonl"))
	l.check(err)
	cmd := fmt.Sprintf("TW_CREDENTIALS='%s' exec tw-archive --quiet newton", filepath.Join(l.disk, "bot"))
	run := l.shell(cmd)
	peaceful, err := run.Output()
	l.check(err)
	there := map[string]bool{}
	for line := range bytes.Lines(peaceful) {
		there[string(line)] = true
	}
	gone := map[string]bool{}
	for _, s := range l.made {
		if !s.deleted.IsZero() {
			gone[s.id] = true
		}
	}
	last, kept := "", 0
	for line := range bytes.Lines(corpus) {
		p := records(l.T, string(line))[0]
		if network.CompareID(p.ID, last) <= 0 {
			l.Errorf("the corpus has %s behind %s", p.ID, last)
		}
		last = p.ID
		switch {
		case there[string(line)]:
			kept++
		case !gone[p.ID]:
			l.Errorf("the corpus has what X does not have: %s", line)
		}
	}
	if kept != len(there) || kept != len(l.sb.Posts("newton")) {
		l.Errorf("the corpus has %d of %d posts; X has %d", kept, len(there), len(l.sb.Posts("newton")))
	}
}

// checkModel makes the model again, and compares.
func (l *life) checkModel() {
	made, err := os.ReadFile(filepath.Join(l.disk, "bot/model/bot.model"))
	l.check(err)
	want, err := l.shell("exec mk-train --quiet bot/corpus/newton.jsonl").Output()
	l.check(err)
	if !bytes.Equal(made, want) {
		l.Errorf("the model is not that of the corpus: %d bytes, want %d", len(made), len(want))
	}
}

// checkDisk expects nothing on the disk but what the documentation names, and no more than a day's worth
// for each day.
func (l *life) checkDisk() {
	if left := l.left(); len(left) > 0 {
		l.Errorf("it left %v", left)
	}
	if l.small && len(l.crowded) == 0 {
		l.Error("nobody noticed that the disk was full")
	}
	if n := l.used("bot/log"); n > int64(l.days+2)*40<<10 {
		l.Errorf("the logs have %d bytes", n)
	}
	if n := l.used("bot/jobs"); n > 64<<10 {
		l.Errorf("the records of the jobs have %d bytes", n)
	}
}

// report prints what happened.
func (l *life) report(log *journal.Log, took time.Duration) {
	posts := l.sb.Posts("bot")
	answers := len(slices.DeleteFunc(slices.Clone(posts), func(p *post.Post) bool { return p.ReplyTo == "" }))
	var unsent int
	for _, e := range log.Entries() {
		if e.State == journal.Unsent {
			unsent++
		}
	}
	var faults []string
	for _, spec := range slices.Sorted(maps.Keys(l.sb.Stats().Faults)) {
		faults = append(faults, fmt.Sprintf("    %4d  %s", l.sb.Stats().Faults[spec], spec))
	}
	l.Logf("%d days in %v\n  starts by cron: %d, power cuts: %d, slowest start: %v\n  posts: %d, of them answers: %d; drafts that were not posted, each with a line: %d\n"+
		"  spoken to: %d times; stops: %d\n  failures: %d, lines about them: %d; logins by a person: %d; readers while the model was replaced: %d\n"+
		"  X billed $%.3f; written down $%.3f; the rest was of runs that were cut or got no answer\n  disk: corpus %d, model %d, log %d, jobs %d bytes\n  said while the disk was full: %q\n  faults that struck:\n%s",
		l.days, took.Round(time.Second), l.starts, l.cuts, l.slowest.Round(time.Millisecond), len(posts), answers, unsent, len(l.asked), len(l.stopped),
		l.failures, l.told, l.logins, l.readers, l.paid, l.noted, l.used("bot/corpus"), l.used("bot/model"), l.used("bot/log"), l.used("bot/jobs"),
		l.crowded, strings.Join(faults, "\n"))
}
