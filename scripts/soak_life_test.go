//go:build linux

package scripts

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"horsepipe/pkg/post"
	"horsepipe/pkg/sandbox"
)

// life is what happens in the world: to the account that the bot imitates, to those who speak to the
// bot, to the network, to the machine.
type life struct {
	*world
	random  *rand.Rand
	days    int
	lines   []cronjob
	events  []event // in order
	phrases []string
	made    []*source // the account's posts since the beginning
	people  []string
	stopped map[string]time.Time // when a person said stop
	asked   []*post.Post         // posts that speak to the bot
	waiting bool                 // somebody may wait for an answer
	failed  bool                 // the last look for mentions failed
	seen    int                  // posts of the bot
	full    bool                 // the disk is full
	off     bool                 // the network is down
	needed  bool                 // a person has to log the bot in
	tally
}

// source is a post of the account.
type source struct {
	id      string
	made    time.Time
	deleted time.Time
}

// event is something that happens at a time.
type event struct {
	at time.Time
	do func()
}

func (l *life) plan(at time.Time, do func()) {
	i := len(l.events)
	for i > 0 && l.events[i-1].at.After(at) {
		i--
	}
	l.events = slices.Insert(l.events, i, event{at, do})
}

// newLife gives the bot its folder, as a person would make it, and the account its first posts.
func newLife(w *world, days int, seed uint64) *life {
	l := &life{world: w, random: rand.New(rand.NewPCG(seed, seed)), days: days, lines: readCrontab(w.T).jobs, stopped: map[string]time.Time{}}
	l.crowded, l.last = map[string][]string{}, map[string]string{}
	for i := range 12 {
		l.people = append(l.people, fmt.Sprintf("person_%c", 'a'+i))
	}
	for _, p := range records(w.T, opticks(w.T)) {
		l.phrases = append(l.phrases, p.Text)
	}
	first := make([]*post.Post, 0, 400)
	for i, text := range l.phrases[:400] {
		first = append(first, &post.Post{Text: text, CreatedAt: genesis.Add(time.Duration(i-400) * time.Hour)})
	}
	_, err := w.sb.Seed("newton", first)
	w.check(err)
	for _, p := range w.sb.Posts("newton") {
		l.made = append(l.made, &source{id: p.ID, made: p.CreatedAt})
	}
	w.check(os.Mkdir(filepath.Join(w.disk, "bot"), 0o700))
	l.settings()
	w.check(w.login("bot"))
	for _, line := range l.lines {
		if slices.Contains(line.jobs, "train") { // a bot without a model has nothing to say
			l.start([]cronjob{line}, -1, 0)
		}
	}
	return l
}

// settings writes bot.conf. Every start gets its own seed, derived from the soak's, which so decides what
// the bot says.
func (l *life) settings() {
	conf := fmt.Sprintf("ACCOUNT=newton\nGEN=--seed=%d\nPOST=--look-again=10s\nSPEAK=--delay=0-25m --seed=%d --per-day=20\n", l.random.Uint32(), l.random.Uint32())
	if !l.full {
		l.check(os.WriteFile(filepath.Join(l.disk, "bot/bot.conf"), []byte(conf), 0o600))
	}
}

// day plans what happens on a day.
func (l *life) day(n int) {
	midnight := genesis.AddDate(0, 0, n)
	at := func() time.Time {
		return midnight.Add(time.Duration(l.random.Int64N(int64(24 * time.Hour)))).Truncate(time.Second)
	}
	for range l.random.IntN(5) {
		l.plan(at(), l.post)
	}
	if l.random.IntN(3) == 0 {
		l.plan(at(), l.delete)
	}
	for range 2 + l.random.IntN(4) {
		l.plan(at(), l.ask)
	}
	if n%8 == 2 {
		l.plan(at(), l.stop)
	}
	if n%4 == 1 {
		l.plan(at(), l.gossip)
	}
	for range l.random.IntN(3) {
		begin := at()
		l.plan(begin, l.trouble)
		l.plan(begin.Add(time.Duration(2+l.random.IntN(10))*time.Hour), l.sb.ClearFaults)
	}
	part := func(share float64) bool { return n == int(share*float64(l.days)) }
	switch {
	case part(0.2):
		l.plan(midnight, func() { l.off = true; l.disconnect() })
		l.plan(midnight.AddDate(0, 0, 1), func() { l.off = false; l.connect() })
	case part(0.4) && l.small:
		l.plan(midnight.Add(7*time.Hour), l.fill)
		l.plan(midnight.Add(19*time.Hour), l.free)
	case part(0.6):
		l.plan(midnight.Add(9*time.Hour), l.poor)
		l.plan(midnight.Add(17*time.Hour), l.sb.ClearFaults)
	case part(0.8):
		l.plan(midnight.Add(10*time.Hour), func() { l.fault("POST /2/oauth2/token:lost-answer:#1") })
		l.plan(midnight.Add(14*time.Hour), l.sb.ClearFaults)
	}
}

// soakTroubles are the kinds that come and go.
var soakTroubles = []string{
	"POST /2/tweets:429=15m:#1-2", "POST /2/tweets:429-day=5h:#1-3", "POST /2/tweets:lost-answer:1/2", "POST /2/tweets:drop:1/2",
	"POST /2/tweets:503:1/2", "POST /2/tweets:not-json:1/2", "POST /2/tweets:cut:1/2", "POST /2/tweets:429-empty:#1",
	"GET /2/users/{id}/mentions:429=1h:#1-3", "GET /2/users/{id}/mentions:503:1/2", "GET /2/users/{id}/mentions:cut:1/2",
	"GET /2/users/{id}/tweets:429:#1", "GET /2/users/{id}/tweets:html=502:1/2", "GET /2/users/{id}/tweets:lost-answer:1/2",
	"*:503:1/4", "*:drop:1/6", "POST /2/oauth2/token:503:1/2", "GET /2/users/{id}/tweets:deleted=1:1/3",
}

func (l *life) trouble() { l.fault(soakTroubles[l.random.IntN(len(soakTroubles))]) }

// poor takes the account's credit away.
func (l *life) poor() {
	for _, endpoint := range []string{"POST /2/tweets", "GET /2/users/{id}/mentions", "GET /2/users/{id}/tweets"} {
		l.fault(endpoint + ":402")
	}
}

func (l *life) fault(spec string) {
	f, err := sandbox.ParseFault(spec)
	l.check(err)
	l.check(l.sb.AddFaults(f))
}

// says lets somebody post now, and returns the post.
func (l *life) says(author, text, replyTo string) *post.Post {
	_, err := l.sb.Seed(author, []*post.Post{{Text: text, CreatedAt: l.now(), ReplyTo: replyTo}})
	l.check(err)
	all := l.sb.Posts(author)
	return all[len(all)-1]
}

func (l *life) phrase() string { return l.phrases[l.random.IntN(len(l.phrases))] }

// post lets the account post something new.
func (l *life) post() {
	a, b := strings.Fields(l.phrase()), strings.Fields(l.phrase())
	text := strings.Join(append(a[:len(a)/2:len(a)/2], b[len(b)/2:]...), " ")
	p := l.says("newton", text, "")
	l.made = append(l.made, &source{id: p.ID, made: p.CreatedAt})
}

// delete lets the account delete one of its posts, mostly a recent one.
func (l *life) delete() {
	n := len(l.made) - 1 - l.random.IntN(min(len(l.made), 1+l.random.IntN(100)))
	if s := l.made[n]; s.deleted.IsZero() {
		l.check(l.sb.Delete(s.id))
		s.deleted = l.now()
	}
}

func (l *life) speak(author, text, replyTo string) {
	l.asked = append(l.asked, l.says(author, text, replyTo))
	l.waiting = true
}

// ask lets a person speak to the bot.
func (l *life) ask() { l.asks(l.people[l.random.IntN(len(l.people))]) }

func (l *life) asks(who string) {
	words := strings.Fields(l.phrase())
	l.speak(who, fmt.Sprintf("@bot what of %s, and number %d?", words[l.random.IntN(len(words))], len(l.asked)), "")
}

// stop lets a person ask to be left alone, and go on talking.
func (l *life) stop() {
	who := l.people[l.random.IntN(len(l.people))]
	if _, done := l.stopped[who]; done {
		return
	}
	l.speak(who, "@bot stop", "")
	l.stopped[who] = l.now()
	for _, later := range []time.Duration{time.Hour, 3 * time.Hour, 20 * time.Hour} {
		l.plan(l.now().Add(later), func() { l.asks(who) })
	}
}

// gossip lets another bot, which answers whatever it is told, begin to talk.
func (l *life) gossip() {
	l.speak("gossip", fmt.Sprintf("@bot say something of light, for the %dth time", len(l.asked)), "")
}

// react lets the other bot answer what the bot said to it.
func (l *life) react() {
	posts := l.sb.Posts("bot")
	for _, p := range posts[min(l.seen, len(posts)):] {
		if strings.HasPrefix(p.Text, "@gossip ") {
			l.plan(l.now().Add(time.Duration(15+l.random.IntN(50))*time.Second), func() {
				l.speak("gossip", fmt.Sprintf("@bot how true, and what of the %dth colour?", len(l.asked)), p.ID)
			})
		}
	}
	l.seen = len(posts)
}

// fill leaves hardly any room on the disk, and free gives it back.
func (l *life) fill() {
	l.full = true
	f, err := os.OpenFile(filepath.Join(l.disk, "filler"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	l.check(err)
	defer f.Close()
	block := make([]byte, pageSize)
	for err == nil {
		_, err = f.Write(block)
	}
	info, err := f.Stat()
	l.check(err)
	room := int64(l.random.IntN(8))
	if l.starts%3 == 0 {
		room = 0
	}
	l.check(f.Truncate(info.Size() - room*pageSize))
}

const pageSize = 4096 // bytes; a file system in memory consists of such pages

func (l *life) free() {
	l.full = false
	l.check(os.Remove(filepath.Join(l.disk, "filler")))
}

// live goes through the days, minute by minute: what happens, then what cron starts. It skips a line
// that looks for mentions if nobody has said anything before.
func (l *life) live() {
	for n := range l.days {
		l.day(n)
		midnight := genesis.AddDate(0, 0, n)
		for minute := range 24 * 60 {
			l.minute(midnight.Add(time.Duration(minute) * time.Minute))
		}
	}
	l.sb.ClearFaults()
}

func (l *life) minute(t time.Time) {
	for len(l.events) > 0 && !l.events[0].at.After(t) {
		e := l.events[0]
		l.events = l.events[1:]
		l.until(e.at)
		e.do()
	}
	var lines []cronjob
	for _, line := range l.lines {
		idle := slices.Equal(line.jobs, []string{"answer"}) && !l.waiting && (t.Minute() != 0 || t.Hour()%4 != 0 && !l.failed)
		if line.due(t) && !idle {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 {
		return
	}
	l.until(t)
	requests, after := -1, time.Duration(0)
	switch l.random.IntN(16) {
	case 0:
		requests = l.random.IntN(5)
	case 1:
		after = time.Duration(1+l.random.IntN(250)) * time.Millisecond
	}
	l.start(lines, requests, after)
}

// start lets cron start lines.
func (l *life) start(lines []cronjob, requests int, after time.Duration) {
	if l.full {
		l.fill() // the room that the last start freed
	}
	l.settings()
	done := l.reader(lines)
	before, spent := l.records(lines), l.money()
	s := l.run(lines, requests, after)
	l.starts++
	if s.cut {
		l.cuts++
	}
	l.judge(s, before)
	l.account(s, spent)
	done()
	l.react()
	if slices.Contains(s.jobs, "answer") {
		l.waiting, l.failed = s.cut, l.record("answer")["exit"] != "0"
	}
}

// login lets a person log the bot in, and try again in an hour if need be.
func (l *life) login() {
	l.logins++
	if l.needed = l.world.login("bot") != nil; l.needed {
		l.plan(l.now().Add(time.Hour), l.login)
	}
}

// reader lets somebody read the model while it is replaced.
func (l *life) reader(lines []cronjob) (wait func()) {
	replaced := slices.ContainsFunc(lines, func(c cronjob) bool { return slices.Contains(c.jobs, "train") })
	if !replaced || l.record("train")["success"] == "" || l.full {
		return func() {}
	}
	l.readers++
	ended := make(chan string)
	go func() {
		out, err := command(l.path("bin/mk-gen"), "--quiet", "-n", "2000", "--seed", "1", filepath.Join(l.disk, "bot/model/bot.model"))
		ended <- fmt.Sprintf("%v %d", err, strings.Count(string(out), "\n"))
	}()
	return func() {
		if got := <-ended; got != "<nil> 2000" {
			l.Errorf("%s: who read the model while it was replaced: %s", l.now(), got)
		}
	}
}
