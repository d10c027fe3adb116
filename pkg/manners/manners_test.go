package manners

import (
	"flag"
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"horsepipe/pkg/journal"
	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
)

// Random cases are the same in every run, unless -rapid.seed says otherwise.
var _ = flag.Set("rapid.seed", "1")

var (
	noon = time.Date(2026, 11, 22, 12, 0, 7, 0, time.UTC)
	self = network.User{ID: "1", Name: "Newton_ebooks"}
)

// asked is a mention of the bot by somebody, who has the number 100 + the length of the name.
func asked(id int, author, text string, change ...func(*post.Post, *network.Mention)) *post.Post {
	p := &post.Post{ID: fmt.Sprint(id), Text: text, Author: author, CreatedAt: noon.Add(-time.Minute), Network: network.X}
	m := network.Mention{AuthorID: number(author), Conversation: fmt.Sprint(id), Named: []network.Named{{ID: "1", Name: "newton_ebooks"}}}
	for _, c := range change {
		c(p, &m)
	}
	m.Set(p)
	return p
}

func number(author string) string { return fmt.Sprint(100 + len(author)) }

func naming(named ...network.Named) func(*post.Post, *network.Mention) {
	return func(_ *post.Post, m *network.Mention) { m.Named = named }
}

// logged is a log in which the bot answered mentions, minutes before noon.
func logged(t testing.TB, answers ...network.Answer) *journal.Log {
	l := journal.New(func() time.Time { return noon.Add(-10 * time.Minute) })
	for i, a := range answers {
		draft := &post.Post{Text: "yes", ReplyTo: fmt.Sprint(50 + i)}
		a.Set(draft)
		key := fmt.Sprint("a", i)
		if _, err := l.Intend(key, draft); err != nil {
			t.Fatal(err)
		}
		receipt := *draft
		receipt.ID, receipt.Author, receipt.CreatedAt = fmt.Sprint(1000+i), self.Name, noon.Add(-10*time.Minute)
		if _, err := l.Receipt(key, &receipt); err != nil {
			t.Fatal(err)
		}
	}
	return l
}

func TestReasons(t *testing.T) {
	deny, err := network.NewAccounts("mallory")
	if err != nil {
		t.Fatal(err)
	}
	rules := Defaults()
	rules.Deny, rules.PerPerson, rules.PerThread = deny, 2, 2
	past := func() *Past {
		return Recall(logged(t, network.Answer{To: "alice", ToID: "105", Conversation: "7"}, network.Answer{To: "carol", ToID: "105", Conversation: "8"},
			network.Answer{To: "bob", ToID: "103", Conversation: "7"}))
	}
	tests := []struct {
		name string
		post *post.Post
		want Reason
	}{
		{"a question", asked(60, "fred", "why?"), Answer},
		{"the bot's own, under an older name", asked(60, "x", "why?", func(_ *post.Post, m *network.Mention) { m.AuthorID = "1" }), Own},
		{"the bot's own, by name alone", asked(60, "NEWTON_ebooks", "why?", func(_ *post.Post, m *network.Mention) { m.AuthorID = "" }), Own},
		{"naming another", asked(60, "fred", "@bob why?", naming(network.Named{ID: "103", Name: "bob"})), NotForUs},
		{"naming nobody", asked(60, "fred", "why?", naming()), NotForUs},
		{"quoting the bot", asked(60, "fred", "why?", naming(), func(p *post.Post, _ *network.Mention) { p.QuoteOf = "1001" }), Answer},
		{"quoting another", asked(60, "fred", "why?", naming(), func(p *post.Post, _ *network.Mention) { p.QuoteOf = "9" }), NotForUs},
		{"a repost of nobody knows what", asked(60, "fred", "RT @newton_ebooks: why", func(p *post.Post, _ *network.Mention) { p.Repost = true }), NotForUs},
		{"without an id", asked(60, "fred", "why?", func(p *post.Post, _ *network.Mention) { p.ID = "" }), NotForUs},
		{"a repost", asked(60, "fred", "RT @newton_ebooks: why", func(p *post.Post, _ *network.Mention) { p.RepostOf = "1001" }), NotForUs},
		{"by nobody", asked(60, "", "why?"), NotForUs},
		{"stop", asked(60, "fred", "stop!"), SaidStop},
		{"denied", asked(60, "Mallory", "why?"), Denied},
		{"answered", asked(52, "fred", "why?"), Done},
		{"not quite old", asked(60, "fred", "why?", func(p *post.Post, _ *network.Mention) { p.CreatedAt = noon.Add(-48 * time.Hour) }), Answer},
		{"answered before it was edited", asked(60, "fred", "why??", func(_ *post.Post, m *network.Mention) { m.Versions = []string{"52", "60"} }), Done},
		{"edited", asked(60, "fred", "why??", func(_ *post.Post, m *network.Mention) { m.Versions = []string{"59", "60"} }), Answer},
		{"stop, after an edit", asked(60, "fred", "stop!", func(_ *post.Post, m *network.Mention) { m.Versions = []string{"52", "60"} }), SaidStop},
		{"old", asked(60, "fred", "why?", func(p *post.Post, _ *network.Mention) { p.CreatedAt = noon.Add(-49 * time.Hour) }), TooOld},
		{"a name of bots", asked(60, "Hooke_Ebooks", "why?"), Bot},
		{"another name of bots", asked(60, "WeatherBot", "why?"), Bot},
		{"a bot's second name", asked(60, "hooke_bot_2", "why?"), Bot},
		{"a name that begins as a bot's", asked(60, "bot_hooke", "why?"), Bot},
		{"an old name of bots", asked(60, "hooke_ebooks_old", "why?"), Bot},
		{"a name that only sounds so", asked(60, "botanist_abbott", "why?"), Answer},
		{"said to be a bot", asked(60, "fred", "why?", func(_ *post.Post, m *network.Mention) { m.Automated = true }), Bot},
		{"somebody without a number", asked(60, "fred", "why?", naming(network.Named{ID: "1"}, network.Named{Name: "bob"})), Bystanders},
		{"fields that are none", broken(asked(60, "fred", "why?")), Bystanders},
		{"a conversation that is over", asked(60, "fred", "why?", func(_ *post.Post, m *network.Mention) { m.Conversation = "7" }), ThreadOver},
		{"a conversation that is over, known by the post replied to", asked(60, "fred", "why?", func(p *post.Post, m *network.Mention) {
			m.Conversation, p.ReplyTo = "", "7"
		}), ThreadOver},
		{"too often", asked(60, "wendy", "why?"), PersonFull}, // has the number of alice and carol: who is the same person
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := rules.Decide(self, []*post.Post{tt.post}, past(), noon)
			if len(got) != 1 || got[0].Why != tt.want {
				t.Errorf("got %+v, want %q", got, tt.want)
			}
		})
	}
}

func TestAnyAge(t *testing.T) {
	rules := Defaults()
	rules.MaxAge = 0
	old := asked(60, "fred", "why?", func(p *post.Post, _ *network.Mention) { p.CreatedAt = noon.Add(-49 * time.Hour) })
	if got := rules.Decide(self, []*post.Post{old}, Recall(journal.New(nil)), noon); got[0].Why != Answer {
		t.Errorf("got %q", got[0].Why)
	}
}

func broken(p *post.Post) *post.Post {
	p.SetExtra("mentions", "bob")
	return p
}

// An answer calls the author of the mention and nobody else, not even somebody without a name.
func TestExclude(t *testing.T) {
	p := asked(60, "fred", "@newton_ebooks @bob @fred @bob why?", naming(network.Named{ID: "1", Name: "newton_ebooks"}, network.Named{ID: "103", Name: "bob"},
		network.Named{ID: "104", Name: "fred"}, network.Named{ID: "103", Name: "Bob"}, network.Named{ID: "7"}), func(_ *post.Post, m *network.Mention) { m.RepliedID, m.Conversation = "8", "" })
	v := Defaults().Decide(self, []*post.Post{p}, Recall(journal.New(nil)), noon)[0]
	if want := []string{"103", "7", "8"}; v.Why != Answer || !slices.Equal(v.Answer.Exclude, want) {
		t.Errorf("got %+v, want %v", v, want)
	}
	if a := v.Answer; a.To != "fred" || a.ToID != "104" || a.Conversation != "60" || !a.AskedAt.Equal(p.CreatedAt) {
		t.Errorf("got %+v", a)
	}
}

// A stop counts for what was asked before it and in the same run, under whatever name, and is new once.
func TestStop(t *testing.T) {
	mentions := []*post.Post{asked(62, "bob", "hello"), asked(61, "bob", "@newton_ebooks stop"), asked(60, "bob", "hello"), asked(63, "bob", "stop"), asked(64, "alice", "hello"),
		asked(65, "carl", "@bob stop", naming(network.Named{ID: "103", Name: "bob"})), asked(66, "carl", "hello"), asked(67, self.Name, "stop", func(_ *post.Post, m *network.Mention) { m.AuthorID = self.ID })}
	past := Recall(journal.New(nil))
	var got []string
	for _, v := range Defaults().Decide(self, mentions, past, noon) {
		got = append(got, fmt.Sprint(v.Post.ID, " ", v.Why, " ", v.Stop))
	}
	want := []string{"60 by somebody who said stop false", "61 by somebody who said stop true", "62 by somebody who said stop false", "63 by somebody who said stop false", "64  false",
		"65 not addressed to the bot false", "66  false", "67 by the bot itself false"}
	if !slices.Equal(got, want) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
	l := journal.New(func() time.Time { return noon })
	note := &post.Post{Author: "Bob", ReplyTo: "61"}
	network.Mention{AuthorID: "103"}.Set(note)
	nameless := &post.Post{ReplyTo: "61"}
	network.Mention{AuthorID: "104"}.Set(nameless)
	for _, n := range []*post.Post{note, nameless, {Author: "old_note"}} {
		if _, err := l.Note(StopNote, n); err != nil {
			t.Fatal(err)
		}
	}
	past = Recall(l)
	for _, who := range [][2]string{{"BOB", ""}, {"robert", "103"}, {"bob", "9"}, {"", "104"}, {"old_note", "9"}} {
		if !past.Stopped(who[0], who[1]) {
			t.Errorf("%q said stop", who)
		}
	}
	if past.Stopped("alice", "105") || past.Stopped("", "") || past.Stopped("", "9") || past.Stopped("alice", "") || past.Newest() != "" {
		t.Error("others did not")
	}
}

func TestRecall(t *testing.T) {
	l := logged(t, network.Answer{To: "alice"})
	for _, step := range []func() error{
		func() error { return said(l.Intend("pending", draft("70", true))) },
		func() error {
			e, err := l.Intend("withdrawn", draft("80", true))
			if err == nil {
				_, err = l.Withdraw(e, "too long")
			}
			return err
		},
		func() error { return said(l.Intend("older", draft("65", true))) },
		func() error { return said(l.Receipt("a post", made("1003", draft("", false)))) },
		func() error { return said(l.Receipt("thread", made("1001", draft("1000", false)))) },
		func() error { return said(l.Receipt("by hand", made("1002", draft("90", false)))) },
		func() error {
			return said(l.Receipt("by hand, undated", &post.Post{ID: "1004", ReplyTo: "91", Author: "renamed"}))
		},
	} {
		if err := step(); err != nil {
			t.Fatal(err)
		}
	}
	past := Recall(l)
	for id, want := range map[string]bool{"50": true, "70": true, "65": true, "80": false, "": false, "1000": false, "90": true, "91": true} {
		if past.answered[id] != want {
			t.Errorf("%s: answered %v", id, !want)
		}
	}
	if past.Newest() != "70" || past.Self("") != "renamed" || past.Self("7") != "renamed" || len(past.answers) != 5 {
		t.Errorf("got %+v", past)
	}
	past.names["7"] = "newton"
	for id, want := range map[string]string{"": "renamed", "7": "newton", "8": ""} {
		if got := past.Self(id); got != want {
			t.Errorf("number %q: got %q, want %q", id, got, want)
		}
	}
	for after, want := range map[time.Duration]int{-11 * time.Minute: 5, -10 * time.Minute: 1, 0: 0} { // of a post, its own time counts
		if got := past.recent(noon.Add(after)); len(got) != want {
			t.Errorf("after %v: got %d answers, want %d", after, len(got), want)
		}
	}
}

// A mention that X lets nobody answer is given up after a while; one that came at a bad moment is not.
func TestInVain(t *testing.T) {
	for why, want := range map[string]Reason{"post: refused: you may not answer it": GivenUp, "post: duplicate": GivenUp, "post: too long": GivenUp,
		"post: rate limited until noon": Answer} {
		l := journal.New(func() time.Time { return noon.Add(-time.Minute) })
		for n := range 4 {
			v := Defaults().Decide(self, []*post.Post{asked(60, "fred", "why?")}, Recall(l), noon)[0]
			if now := []Reason{Answer, want}[n/3]; v.Why != now {
				t.Errorf("%s, time %d: got %q, want %q", why, n, v.Why, now)
			}
			e, err := l.Intend("answer-60", draft("60", true))
			if err == nil {
				_, err = l.Withdraw(e, why)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

func said(_ *journal.Entry, err error) error { return err }

func draft(to string, asked bool) *post.Post {
	p := &post.Post{Text: "yes", ReplyTo: to, CreatedAt: noon.Add(-time.Hour)} // when it was made, which does not count
	if asked {
		network.Answer{To: "bob"}.Set(p)
	}
	return p
}

func made(id string, p *post.Post) *post.Post {
	p.ID, p.Author, p.CreatedAt = id, self.Name, noon
	return p
}

// Whatever is asked, in whatever order, by whomever and over however many runs: no budget is exceeded,
// nobody is answered twice for one mention or after a stop, and nobody waits because of another.
func TestBudgets(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := Rules{PerPerson: rapid.IntRange(0, 4).Draw(t, "person"), PerThread: rapid.IntRange(0, 4).Draw(t, "thread"),
			PerHour: rapid.IntRange(0, 8).Draw(t, "hour"), Stop: NewStopWords(nil)}
		clock := noon
		l := journal.New(func() time.Time { return clock })
		var given []Verdict
		var at []time.Time
		id := 60
		for range rapid.IntRange(1, 6).Draw(t, "runs") {
			clock = clock.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "minutes")) * time.Minute)
			var mentions []*post.Post
			for range rapid.IntRange(0, 15).Draw(t, "mentions") {
				id++
				mentions = append(mentions, drawn(t, id, clock))
			}
			mentions = rapid.Permutation(mentions).Draw(t, "order")
			for _, v := range rules.Decide(self, mentions, Recall(l), clock) {
				if v.Stop {
					note := &post.Post{Author: v.Post.Author, ReplyTo: v.Post.ID}
					l.Note(StopNote, note)
				}
				if v.Why == Answer {
					given, at = append(given, v), append(at, clock)
					answer := &post.Post{Text: "yes", ReplyTo: v.Post.ID}
					v.Answer.Set(answer)
					l.Intend("a"+v.Post.ID, answer)
				}
			}
		}
		within(t, rules, given, at)
	})
}

// drawn is anybody's mention.
func drawn(t *rapid.T, id int, clock time.Time) *post.Post {
	author := rapid.SampledFrom([]string{"al", "bob", "carl", "diana"}).Draw(t, "author")
	words := rapid.SampledFrom([]string{"why?", "how?", "where?", "when?", "stop"}).Draw(t, "words")
	return asked(id, author, words, func(p *post.Post, m *network.Mention) {
		p.CreatedAt = clock.Add(-time.Duration(rapid.IntRange(0, 3000).Draw(t, "age")) * time.Second)
		m.Conversation = rapid.SampledFrom([]string{"7", "8", "9"}).Draw(t, "thread")
	})
}

// within checks answers against the rules.
func within(t *rapid.T, rules Rules, given []Verdict, at []time.Time) {
	mentions, threads := map[string]int{}, map[string]int{}
	for i, v := range given {
		mentions[v.Post.ID]++
		threads[v.Answer.Conversation]++
		person, hour := 0, 0
		for j, other := range given[:i+1] {
			if at[i].Sub(at[j]) < 24*time.Hour && other.Answer.To == v.Answer.To {
				person++
			}
			if at[i].Sub(at[j]) < time.Hour {
				hour++
			}
		}
		if mentions[v.Post.ID] > 1 || threads[v.Answer.Conversation] > rules.PerThread || person > rules.PerPerson || hour > rules.PerHour {
			t.Fatalf("answer %d, to %s in %s: %d of the person, %d of the hour", i, v.Answer.To, v.Answer.Conversation, person, hour)
		}
	}
}

// A mention that waits for the hour to be over is not overtaken by a newer one.
func TestOrder(t *testing.T) {
	rules := Defaults()
	rules.PerHour, rules.PerPerson, rules.PerThread = 3, 100, 100
	var mentions []*post.Post
	for id := 69; id >= 60; id-- {
		mentions = append(mentions, asked(id, "fred", "why?"))
	}
	past := Recall(journal.New(nil))
	for i, v := range rules.Decide(self, mentions, past, noon) {
		if want := []Reason{Answer, HourFull}[min(i/3, 1)]; v.Post.ID != fmt.Sprint(60+i) || v.Why != want {
			t.Errorf("%d: got %s %q", i, v.Post.ID, v.Why)
		}
	}
	if got := rules.Decide(self, mentions, past, noon.Add(time.Hour))[3]; got.Why != Answer {
		t.Errorf("an hour later: got %q", got.Why)
	}
}

// What was over a person's budget when it was asked is not answered a day later. What is asked a day
// later is.
func TestPassedOver(t *testing.T) {
	rules := Defaults()
	rules.PerPerson, rules.PerThread = 2, 100
	fred := network.Answer{To: "fred", ToID: number("fred")}
	past := func() *Past { return Recall(logged(t, fred, fred)) }
	for _, c := range []struct {
		asked time.Duration // after the answers, which were given ten minutes before noon
		want  Reason
	}{{-time.Minute, PersonFull}, {time.Minute, PersonFull}, {25 * time.Hour, Answer}, {27 * time.Hour, Answer}} {
		p := asked(60, "fred", "why?", func(p *post.Post, _ *network.Mention) { p.CreatedAt = noon.Add(c.asked - 10*time.Minute) })
		for _, later := range []time.Duration{26, 30, 40} {
			if got := rules.Decide(self, []*post.Post{p}, past(), noon.Add(later*time.Hour))[0]; got.Why != c.want {
				t.Errorf("asked %v after the answers, read %d hours later: got %q, want %q", c.asked, later, got.Why, c.want)
			}
		}
	}
}

// A mention without a date, or with one that this machine's clock has not reached, counts as asked now.
func TestAskedNow(t *testing.T) {
	rules := Defaults()
	rules.PerPerson, rules.PerThread, rules.MaxAge = 2, 100, 0
	fred := network.Answer{To: "fred", ToID: number("fred")}
	for _, at := range []time.Time{{}, noon.Add(50 * time.Hour)} {
		p := asked(60, "fred", "why?", func(p *post.Post, _ *network.Mention) { p.CreatedAt = at })
		for later, want := range map[time.Duration]Reason{0: PersonFull, 25 * time.Hour: Answer} {
			if got := rules.Decide(self, []*post.Post{p}, Recall(logged(t, fred, fred)), noon.Add(later))[0]; got.Why != want {
				t.Errorf("dated %v, read %v after noon: got %q, want %q", at, later, got.Why, want)
			}
		}
	}
}

// A mention that was answered is in the log, and may be among those that are read as well: it came once.
func TestReadAgain(t *testing.T) {
	ago := noon.Add(-10 * time.Minute) // when the answers were given
	at := func(after time.Duration) func(*post.Post, *network.Mention) {
		return func(p *post.Post, _ *network.Mention) { p.CreatedAt = ago.Add(after) }
	}
	fred := network.Answer{To: "fred", ToID: number("fred"), AskedAt: ago.Add(-time.Minute)}
	last := fred
	last.AskedAt = ago.Add(5 * time.Second)
	past := Recall(logged(t, fred, fred, fred, last))
	got := Defaults().Decide(self, []*post.Post{asked(53, "fred", "why?", at(5*time.Second)), asked(60, "fred", "and how?", at(9*time.Second))}, past, noon)
	if got[0].Why != Done || got[1].Why != Answer {
		t.Errorf("got %q, %q", got[0].Why, got[1].Why)
	}
}

// The pace of a person's mentions counts, in the log and now, but not that of several persons.
func TestPace(t *testing.T) {
	ago := noon.Add(-10 * time.Minute) // when the answers were given
	after := func(s int) func(*post.Post, *network.Mention) {
		return func(p *post.Post, _ *network.Mention) { p.CreatedAt = ago.Add(time.Duration(s) * time.Second) }
	}
	each := func(authors ...string) (mentions []*post.Post) {
		for i, a := range authors {
			mentions = append(mentions, asked(60+i, a, "why?", after(60*i)))
		}
		return mentions
	}
	to := func(name string) network.Answer { return network.Answer{To: name, ToID: number(name)} }
	tests := []struct {
		name     string
		mentions []*post.Post
		past     *journal.Log
		want     Reason
	}{
		{"each minute, by one", each("fred", "fred", "fred", "fred", "fred"), logged(t), Bot},
		{"each minute, by five", each("fred", "al", "bob", "wilma", "barney"), logged(t), Answer},
		{"at once, after three answers", []*post.Post{asked(60, "fred", "why?", after(2)), asked(61, "fred", "why?", after(4)), asked(62, "fred", "why?", after(5))},
			logged(t, to("fred"), to("fred"), to("fred")), Bot},
		{"at once, after answers to others", []*post.Post{asked(60, "fred", "why?", after(2)), asked(61, "fred", "why?", after(4)), asked(62, "fred", "why?", after(5))},
			logged(t, to("fred"), to("al"), to("bob")), Answer},
	}
	for _, tt := range tests {
		for _, v := range Defaults().Decide(self, tt.mentions, Recall(tt.past), noon) {
			if v.Why != tt.want {
				t.Errorf("%s: %s: got %q, want %q", tt.name, v.Post.ID, v.Why, tt.want)
			}
		}
	}
	rules := Defaults()
	rules.MaxAge = 0
	for later, want := range map[time.Duration]Reason{week - time.Minute: Bot, week: Answer} { // nobody is a bot for ever
		if v := rules.Decide(self, tests[2].mentions, Recall(tests[2].past), ago.Add(later))[0]; v.Why != want {
			t.Errorf("%v later: got %q, want %q", later, v.Why, want)
		}
	}
}

func TestCadence(t *testing.T) {
	at := func(s ...int) (ts []time.Time) {
		for _, n := range s {
			ts = append(ts, noon.Add(time.Duration(n)*time.Second))
		}
		return ts
	}
	answered := func(s ...int) (gs []given) {
		for _, n := range s {
			gs = append(gs, given{network.Answer{AskedAt: noon.Add(time.Duration(n-100) * time.Second)}, noon.Add(time.Duration(n) * time.Second)})
		}
		return gs
	}
	tests := []struct {
		name    string
		asked   []time.Time
		answers []given
		want    bool
	}{
		{"nobody", nil, nil, false},
		{"a hundred at once", slices.Repeat(at(0), 100), nil, false},
		{"ten within ten seconds", at(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), nil, false},
		{"every five minutes", at(0, 301, 600, 902, 1203), nil, true},
		{"every five minutes, around the full minute", at(-3, 298, 597, 900, 1201), nil, true},
		{"every five minutes, late at first", at(3, 300, 602, 901, 1204), nil, true},
		{"every five minutes, up to five seconds late", at(0, 305, 603, 901, 1204), nil, true},
		{"every five minutes, up to six seconds late", at(0, 306, 603, 901, 1204), nil, false},
		{"every five minutes, after a day like a person", at(17, 600, 901, 1200, 1502, 1803), nil, true},
		{"every five minutes, and all but the last are answered", at(1204), answered(100, 401, 700, 1002), true},
		{"every five minutes, four times", at(0, 301, 600, 902), nil, false},
		{"a person", at(0, 317, 640, 981, 1203), nil, false},
		{"a person who was once like clockwork", at(0, 300, 600, 900, 1200, 1531), nil, false},
		{"at once, three times", at(3, 1007, 2002), answered(0, 1000, 2000), true},
		{"at once, twice", at(3, 1007), answered(0, 1000, 2000), false},
		{"at once, to three answers in a row", at(4, 5, 7), answered(0, 1, 2), true},
		{"in the same second, to three answers in a row", at(5, 5, 5), answered(0, 1, 2), true},
		{"after ten seconds, three times", at(10, 1010, 2010), answered(0, 1000, 2000), true},
		{"after eleven seconds, three times", at(11, 1011, 2011), answered(0, 1000, 2000), false},
		{"at once, then not, then at once twice", at(3, 1100, 2002, 3003), answered(0, 1000, 2000, 3000), false},
		{"once, after three answers in a row", at(8), answered(0, 1, 2), false},
		{"at once, after one that nothing came to", at(503, 1007, 2002), answered(0, 500, 1000, 2000), true},
		{"at once and then not", at(3, 1007, 2002, 3100), answered(0, 1000, 2000, 3000), false},
	}
	for _, tt := range tests {
		if got := mechanical(tt.asked, tt.answers); got != tt.want {
			t.Errorf("%s: got %v", tt.name, got)
		}
	}
}
