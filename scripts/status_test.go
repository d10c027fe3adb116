package scripts

import (
	"os"
	"strings"
	"testing"
	"time"
)

// stamp is a time in the form that records use.
func stamp(ago time.Duration) string {
	return time.Now().Add(-ago).UTC().Format("2006-01-02T15:04:05Z")
}

// ran writes the record of a job whose last success is some time ago.
func (h *household) ran(bot, job string, ago time.Duration, more ...string) {
	h.write(bot, "jobs/"+job, "started="+stamp(ago)+"\nended="+stamp(ago)+"\nexit=0\nsuccess="+stamp(ago)+"\n"+strings.Join(more, "")+"\n")
}

func TestStatus(t *testing.T) {
	h := newHousehold(t)
	h.wants(1, "", "status.sh: error: there is no bot in ...", "status.sh", "--check")
	h.wants(2, "", "status.sh: error: --times x is no number of times", "status.sh", "--times", "x")
	h.wants(1, "", "status.sh: error: there is no folder "+h.home+"/bots/b", "status.sh", "b")

	// A new bot is well.
	h.write("a", "bot.conf", "ACCOUNT=newton\n")
	h.wants(0, `a
  update       never
  train        never
  speak        never
  answer       never
  rotate       never
  model        none
  newest post  none
  posts today  0
  this month   $0.000`, "", "status.sh")
	h.wants(0, "", "", "status.sh", "--check")

	h.ran("a", "update", 20*time.Hour, "warning=tw-archive: some may be missing\n")
	h.ran("a", "train", 5*time.Hour)
	h.ran("a", "speak", 5*time.Minute, "failures=0\nsince="+stamp(9*time.Hour)+"\nfailed="+stamp(8*time.Hour)+"\nerror=tw-post: no\n")
	h.ran("a", "answer", time.Minute, "failures=2\nsince="+stamp(time.Minute)+"\nfailed="+stamp(time.Hour)+"\nerror=tw-mentions: = no\n")
	h.write("a", "model/bot.model", "model")
	today := stamp(-time.Minute) // today in any time zone, also if midnight passes meanwhile
	h.write("a", "log/bot.jsonl", `{"text":"intent","log":"intent"}
{"id":"1","text":"old","created_at":"2024-01-01T12:00:00Z","log":"sent"}
{"text":"","author":"carol","log":"stop"}
{"id":"2","text":"it says \"created_at\":\"2024\"\nin \\ two lines of C:\\new","created_at":"`+today+`","author":"b","log":"sent"}
{"text":"after","log":"intent"}
{"id":"3","text":"to`)
	month := "log/cost-" + time.Now().UTC().Format("2006-01") + ".jsonl"
	h.write("a", month, `{"at":"x","program":"tw-post","posts_read":0,"users_read":1,"posted":1,"cost":0.025}
{"at":"x","program":"tw-post","posts_read":0,"users_rea
{"at":"x","program":"tw-archive","posts_read":1592,"users_read":0,"posted":0,"cost":7.96}
`)
	h.write("a", "log/cost-2024-01.jsonl", `{"cost":100}`+"\n")
	h.wants(0, `a
  update       20...Z, 20 h ago; warning: tw-archive: some may be missing
  train        20...Z, 5 h ago
  speak        20...Z, 5 min ago
  answer       20...Z, ... s ago; failures since 20...Z: 2
  rotate       never
  model        20...Z, 5 bytes
  newest post  `+today+` it says "created_at":"2024" in \ two lines of C:\new
  posts today  1
  this month   $7.985
  failed last  20...Z answer: tw-mentions: = no`, "", "status.sh", "a")

	// If its output cannot be written, all is not well.
	h.expect(h.command("/bin/sh", "-c", `"$0" >&-`, h.here+"/status.sh"), 1, "", "...printf: write error: Bad file descriptor")
}

func TestLate(t *testing.T) {
	h := newHousehold(t)
	h.write("a", "bot.conf", "ACCOUNT=newton\nROTATE_EVERY=never\n")
	for job, ago := range map[string]time.Duration{"update": 71 * time.Hour, "train": 71 * time.Hour, "speak": 350 * time.Minute, "answer": 14 * time.Minute} {
		h.ran("a", job, ago)
	}
	h.wants(0, "", "", "status.sh", "--check")
	h.wants(1, "...a: answer is late...", "", "status.sh", "--check", "--times", "2")
	h.ran("a", "speak", 370*time.Minute)
	h.wants(1, "a: speak is late: it is to be done every 2h, and the last success was 20...Z", "", "status.sh", "--check")
	h.wants(1, "...  wrong        speak is late: ...", "", "status.sh")
	h.write("a", "bot.conf", "SPEAK_EVERY=4h\nROTATE_EVERY=never\n")
	h.wants(0, "", "", "status.sh", "--check")

	// A job that was never done is late when the bot is old; a torn record counts as none, and so does a time to come.
	h.write("a", "jobs/answer", "started=2026-11-2")
	h.wants(0, "", "", "status.sh", "--check")
	old := time.Now().Add(-20 * time.Minute)
	h.check(os.Chtimes(h.path("a", "bot.conf"), old, old))
	h.wants(1, "a: answer is late: it is to be done every 5m, and has had no success yet", "", "status.sh", "--check")
	h.ran("a", "answer", -23*time.Hour)
	h.wants(0, "", "", "status.sh", "--check")
	h.ran("a", "answer", -25*time.Hour, "failures=2\nsince="+stamp(-26*time.Hour))
	h.wants(1, "...  answer       never; failures: 2\n...", "", "status.sh")
	h.wants(1, "a: answer is late: it is to be done every 5m, and has had no success yet", "", "status.sh", "--check")

	// One unwell bot is enough to fail, and each one is reported.
	h.write("b c", "bot.conf", "SPEAK_EVERY=1\n")
	h.wants(1, "a: answer is late...\nb c: bot.conf:1: SPEAK_EVERY is a time...", "", "status.sh", "--check")
	h.write("b c", "bot.conf", "")
	h.wants(0, "", "", "status.sh", "--check", "b c")
	h.write("a", "bot.conf", "ANSWER_EVERY=never\nSPEAK_EVERY=4h\nROTATE_EVERY=never\n")
	h.wants(0, "", "", "status.sh", "--check")
}
