package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"horsepipe/pkg/journal"
	"horsepipe/pkg/manners"
	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
	"horsepipe/pkg/sandbox"
	"horsepipe/pkg/tool"
)

// Two bots that nobody knows to be bots name each other. Their conversation ends when one of them has given all the
// answers that it has for one.
func TestTwoBots(t *testing.T) {
	w := newWorld(t)
	a, b := w.bot("newton"), w.bot("hooke")
	w.says("newton", "@hooke it was me", time.Minute)
	count, last := tally{}, 0
	for round := range 25 {
		for _, bot := range []*bot{a, b} {
			w.pass(time.Duration(100+37*round%60) * time.Second) // not at regular intervals, which would end it sooner
			for range bot.answer(bot.mentions()) {
				count[bot.name]++
				last = round
			}
		}
	}
	rules := manners.Defaults()
	count.want(t, "answers", tally{"newton": rules.PerThread, "hooke": rules.PerThread})
	if last > rules.PerThread {
		t.Errorf("the last answer came in round %d", last)
	}
	if n := len(w.sb.Posts("")); n != 1+2*rules.PerThread {
		t.Errorf("%d posts", n)
	}
}

// The same two keep beginning new conversations: the budget for a person stops that, for a day.
func TestTwoBotsInNewThreads(t *testing.T) {
	for name, pause := range map[string]func(round int) time.Duration{
		"unsteady":       func(round int) time.Duration { return time.Duration(200+91*round%300) * time.Second },
		"like clockwork": func(int) time.Duration { return 5 * time.Minute },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			bots := []*bot{w.bot("newton"), w.bot("hooke")}
			count := tally{}
			for round := range 50 {
				w.pass(pause(round))
				w.says("newton", fmt.Sprintf("@hooke and number %d was me", round), 0)
				w.says("hooke", fmt.Sprintf("@newton number %d was not", round), 0)
				for _, bot := range bots {
					count[bot.name] += len(bot.answer(bot.mentions()))
				}
			}
			most := manners.Defaults().PerPerson
			if count["newton"] > most || count["hooke"] > most || count["newton"] == 0 {
				t.Errorf("got %v, want at most %d of each", count, most)
			}
		})
	}
}

// A hundred mentions at once, from ten people: three are bots, by their names and by their pace, and one says stop.
func TestAHundredAtOnce(t *testing.T) {
	w := newWorld(t)
	b := w.bot("newton")
	random := rand.New(rand.NewPCG(1, 2))
	people := []string{"ann", "bob", "cyd", "dee", "eve", "fay", "gus", "hooke_ebooks", "WeatherBot", "gazette"}
	for i, who := range people {
		for n := range 10 {
			text := fmt.Sprintf("@newton question %d of %s, said to @%s", n, who, people[(i+1)%len(people)])
			if who == "gus" && n == 5 {
				text = "@newton Stop replying to me."
			}
			ago := time.Duration(random.IntN(1200)) * time.Second
			if who == "gazette" {
				ago = time.Duration(n)*2*time.Minute + 30*time.Second
			}
			w.says(who, text, ago)
		}
	}
	rules, count := manners.Defaults(), tally{}
	for hour := range 5 {
		answers := b.answer(b.mentions())
		if want := min(rules.PerHour, 6*rules.PerPerson-hour*rules.PerHour); len(answers) != max(0, want) {
			t.Errorf("hour %d: %d answers, want %d: %s", hour, len(answers), want, b.err)
		}
		for _, p := range answers {
			a, _, err := network.AnswerOf(p)
			w.check(err)
			count[a.To]++
		}
		w.pass(time.Hour)
	}
	n := rules.PerPerson
	count.want(t, "answers", tally{"ann": n, "bob": n, "cyd": n, "dee": n, "eve": n, "fay": n})
	if posts := b.sb.Posts("newton"); len(posts) != 6*n {
		t.Errorf("%d posts", len(posts))
	}
	stops := 0
	for _, line := range b.lines() {
		if strings.Contains(line, `"log":"stop"`) {
			if stops++; !strings.HasPrefix(line, `{"text":"",`) || !strings.Contains(line, `"author":"gus"`) {
				t.Errorf("a stop is %s", line)
			}
		}
	}
	if stops != 1 {
		t.Errorf("%d lines of stops", stops)
	}

	// A month later gus is still left alone, and the mentions still waiting are no longer asked for.
	w.pass(30 * 24 * time.Hour)
	w.says("gus", "@newton hello again", 0)
	w.says("ann", "@newton hello again", 0)
	before, _ := b.spent()
	if asked := b.mentions(); len(asked) != 1 || asked[0].Author != "ann" {
		t.Errorf("got %d mentions", len(asked))
	}
	if after, _ := b.spent(); after-before != 2 {
		t.Errorf("read %d posts, want 2", after-before)
	}
}

// Nobody is mentioned but those who asked, whomever they name and however they write it.
func TestNobodyElseIsCalled(t *testing.T) {
	batches, random := 20, rand.New(rand.NewPCG(3, 4))
	if testing.Short() {
		batches = 5
	}
	w := newWorld(t)
	b := w.bot("newton")
	everybody := regexp.MustCompile(`@(\w+)`)
	names := make([]string, 40)
	for i := range names {
		names[i] = fmt.Sprintf("person_%d", i)
		_, err := w.sb.Keys(names[i])
		w.check(err)
	}
	asked := map[string]string{}
	answered, named := 0, 0
	for batch := range batches {
		w.pass(25 * time.Hour)
		for n := range 100 {
			w.says(names[random.IntN(len(names))], crowd(random, names, batch*100+n), time.Duration(n)*time.Second)
		}
		mentions := b.mentions("--per-hour=100", "--per-person=100", "--per-thread=100")
		for _, p := range mentions {
			asked[p.ID] = p.Author
			named += len(everybody.FindAllString(p.Text, -1)) - 1
		}
		answered += b.post(mentions)
	}
	if answered < batches*99 || named < answered { // among so many, some are regular by chance
		t.Fatalf("%d answers to mentions that name %d others", answered, named)
	}
	for _, p := range w.sb.Posts("newton") {
		called := everybody.FindAllStringSubmatch(p.Text, -1)
		if len(called) != 1 || called[0][1] != asked[p.ReplyTo] {
			t.Fatalf("answering %s it calls %q", asked[p.ReplyTo], p.Text)
		}
	}
}

// crowd is a text that names the bot and some others, as people write it.
func crowd(random *rand.Rand, names []string, n int) string {
	parts := []string{"@newton", fmt.Sprint("question ", n)}
	for range random.IntN(6) {
		name := names[random.IntN(len(names))]
		parts = append(parts, []string{"@" + name, "@" + strings.ToUpper(name) + "!", "(@" + name + ")", "and,@" + name, "@nobody_at_all", ".@" + name + "'s"}[random.IntN(6)])
	}
	random.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
	return strings.Join(parts, " ")
}

// post is like answer, for many mentions: without a sync for each.
func (b *bot) post(asked []*post.Post) int {
	b.Helper()
	client := b.client()
	var lines []byte
	for _, m := range asked {
		if len(lines) == 0 {
			b.pass(16 * time.Minute) // X accepts a hundred posts in a quarter of an hour
		}
		receipt, err := client.Create(b.Context(), b.draft(m), b.name)
		b.check(err)
		lines = append(receipt.AppendJSON(lines), '\n')
	}
	b.check(appendTo(b.log, lines))
	return len(asked)
}

// A run that fails half way prints nothing, since older mentions come first; but a stop is heeded.
func TestFailureInTheMiddle(t *testing.T) {
	w := newWorld(t)
	b := w.bot("newton")
	for n := range 150 {
		w.says("ann", fmt.Sprint("@newton question ", n), time.Duration(n+1)*time.Second)
	}
	w.says("bob", "@newton stop", 0)
	fault, err := sandbox.ParseFault("GET /2/users/{id}/mentions:429:#2")
	w.check(err)
	w.check(w.sb.AddFaults(fault))
	if code, out, _ := b.run(); code != tool.TryLater || out != "" {
		t.Errorf("got %d, %s", code, out)
	}
	if lines := b.lines(); len(lines) != 1 || !strings.Contains(lines[0], `"author":"bob"`) {
		t.Errorf("the log is %q", lines)
	}
	if asked := b.mentions("--per-hour=100", "--per-person=100"); len(asked) != 100 || asked[0].Text != "@newton question 149" {
		t.Errorf("got %d mentions, the first is %v", len(asked), asked[0])
	}
}

// A run that may not read everything says so.
func TestMaxPosts(t *testing.T) {
	w := newWorld(t)
	b := w.bot("newton")
	for n := range 20 {
		w.says("ann", fmt.Sprint("@newton question ", n), time.Duration(20-n)*97*time.Second)
	}
	asked := b.mentions("--max-posts=10")
	if posts, users := b.spent(); len(asked) != manners.Defaults().PerPerson || asked[0].Text != "@newton question 10" || posts != 10 || users != 1 {
		t.Errorf("got %d mentions, read %d posts, %d accounts", len(asked), posts, users)
	}
	if said := b.err; !strings.Contains(said, "stopped at --max-posts 10: older mentions will not be answered") {
		t.Errorf("it says %s", said)
	}
}

// A run waits for a log that is being written to, and then leaves it untouched.
func TestBusyLog(t *testing.T) {
	w := newWorld(t)
	b := w.bot("newton")
	w.says("bob", "@newton stop", 0)
	log, err := journal.Open(b.Context(), b.log, 0, b.now)
	w.check(err)
	ctx, cancel := context.WithTimeout(b.Context(), 200*time.Millisecond)
	defer cancel()
	var out strings.Builder
	if code := tool.Run(ctx, program(b.now), []string{"--log", b.log}, strings.NewReader(""), &out, io.Discard, func(k string) string { return b.env[k] }); code == 0 || out.Len() > 0 {
		t.Errorf("got %d, %s", code, out.String())
	}
	w.check(log.Close())
	if asked := b.mentions(); len(asked) != 0 || len(b.lines()) != 1 {
		t.Errorf("got %d mentions, and the log is %q", len(asked), b.lines())
	}
}
