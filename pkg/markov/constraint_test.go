package markov

import (
	"errors"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"horsepipe/pkg/model"
	"horsepipe/pkg/text"
)

// The words of random corpora: plain ones, and some that rules are for.
var (
	syllables  = strings.Split("나무가다오늘비와", "")
	plainWords = strings.Fields("the cat sat on mat and then ran off to tea with two l'été Tea don't")
	oddWords   = strings.Fields(`" " ( ) « » “ ” „ ‘ ⟨ ⟩ 「 」 [ ] :) :-( 1) a) 1984 … , . ! ? ... #tea #teatime @bob @bob@example.org $ABC https://t.co/x ` +
		`example.com example.com/日 #日 한국어 カタカナ 日 本 語 👍 🏴󠁧󠁢󠁥󠁮󠁧󠁿 & ; amp lt 8 50% U.S. a.b So e\u0301t\u00e9 \u0301 \u202e ' ’ - _ @ $ : http x`)
	gapsBetween = []string{" ", " ", " ", " ", " ", " ", " ", " ", " ", "", "", "\n", "\u00a0", "  "}
)

// dice draw random corpora. Rapid itself prefers short and simple ones, which leave nothing to say.
func dice(t *rapid.T) *rand.Rand { return rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "dice"), 0)) }

func one[T any](r *rand.Rand, of []T) T { return of[r.IntN(len(of))] }

// found counts what matches a pattern in n drafts, of default options, that were learned from texts.
func found(t *testing.T, texts []string, n uint64, pattern string) map[string]int {
	t.Helper()
	g := generator(t, learn(t, number(texts)), Defaults())
	count, re := map[string]int{}, regexp.MustCompile(pattern)
	for i := range n {
		d, err := g.Draft(i)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range re.FindAllString(d.Text, -1) {
			count[s]++
		}
	}
	return count
}

// rollCorpus makes posts of few words, most of them plain, which have much in common.
func rollCorpus(r *rand.Rand) []said {
	words := slices.Clone(plainWords)
	r.Shuffle(len(words), func(i, j int) { words[i], words[j] = words[j], words[i] })
	words = words[:4+r.IntN(len(words)-3)]
	for range r.IntN(6) {
		words = append(words, one(r, oddWords))
	}
	posts := make([]said, 1+r.IntN(60))
	for i := range posts {
		var b strings.Builder
		b.WriteString(one(r, words))
		for range r.IntN(12) {
			b.WriteString(one(r, gapsBetween))
			b.WriteString(one(r, words))
		}
		posts[i] = said{id: strconv.Itoa(i + 1), text: b.String(), time: r.Int64N(1e9)}
	}
	return posts
}

// rollOptions makes options that leave something to say, mostly.
func rollOptions(r *rand.Rand, posts []said) Options {
	opt := Options{
		Order: 1 + r.IntN(4), MaxCopy: 1 + r.IntN(6), Limit: one(r, []int{280, 280, 60, 20}), MinWords: 1 + r.IntN(5), BestOf: 1 + r.IntN(3), Seed: r.Uint64(),
		Count:    one(r, []func(string) int{text.Weigh, text.Graphemes, utf8.RuneCountInString}),
		Mentions: r.IntN(3) == 0, Links: r.IntN(3) == 0, Cashtags: r.IntN(3) == 0, Trace: r.IntN(2) == 0,
		Memory: text.NewMemory(), Weirdness: one(r, []float64{0, 0, 0, -2, -0.5, 0.5, 3}),
	}
	if r.IntN(8) == 0 {
		opt.HalfLife = time.Duration(1+r.IntN(5000)) * time.Hour
	}
	for _, want := range []*string{&opt.Start, &opt.Contain, &opt.End} {
		if r.IntN(5) == 0 {
			*want = one(r, append([]string{"The cat", "tea", "(", "and then ran"}, plainWords...))
		}
	}
	var listed []string
	for range r.IntN(3) {
		listed = append(listed, one(r, []string{"tea", "CAT", "on mat", "the cat", "ran off to", "x"}))
	}
	opt.Reject = text.NewWordList(listed)
	for range r.IntN(3) {
		opt.Memory.Add(one(r, posts).text)
	}
	return opt
}

// lacks is the wanted text that a draft lacks, or "".
func lacks(draft string, opt Options) string {
	have := foldedTokens(draft)
	for _, want := range []struct {
		text string
		in   func(have, want []string) bool
	}{
		{opt.Start, func(have, want []string) bool { return slices.Equal(have[:min(len(want), len(have))], want) }},
		{opt.End, func(have, want []string) bool { return slices.Equal(have[max(0, len(have)-len(want)):], want) }},
		{opt.Contain, func(have, want []string) bool {
			for i := range have {
				if i+len(want) <= len(have) && slices.Equal(have[i:i+len(want)], want) {
					return true
				}
			}
			return false
		}},
	} {
		if want.text != "" && !want.in(have, foldedTokens(want.text)) {
			return want.text
		}
	}
	return ""
}

func foldedTokens(s string) (words []string) {
	for _, tok := range text.SplitUnits(s) {
		words = append(words, text.Fold(tok.Text))
	}
	return words
}

// drafted counts the drafts that property tests have judged: a test that judged none proves nothing.
type drafted struct{ drafts, nothing, absent int }

// obey rolls a corpus and options; every draft must obey every constraint.
func (d *drafted) obey(t *rapid.T) {
	r := dice(t)
	posts := rollCorpus(r)
	opt := rollOptions(r, posts)
	sources := []Source{{Model: learn(t, posts)}}
	if r.IntN(3) == 0 {
		more := rollCorpus(r)
		sources = append(sources, Source{Model: learn(t, more), Weight: 0.1 + 5*r.Float64()})
		posts = append(posts, more...)
	}
	if r.IntN(3) == 0 {
		known := rollCorpus(r)
		sources[0].Known = know(t, known)
		posts = append(posts, known...)
	}
	g, err := New(sources, opt)
	if absent := new(AbsentError); errors.As(err, &absent) {
		d.absent++
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	for n := range uint64(6) {
		draft, err := g.Draft(n)
		if errors.Is(err, ErrNothing) {
			if tally := g.Tally(); tally.Worst() == allowed {
				t.Fatal("nothing found, and nothing refused")
			}
			d.nothing++
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		d.drafts++
		if faults := judge(draft.Text, posts, opt); len(faults) > 0 {
			t.Fatalf("%q: %q", draft.Text, faults)
		}
		if opt.Trace {
			checkRuns(t, draft, posts)
		}
		if again, err := g.Replay(draft.N, draft.Take, draft.Aim); err != nil || again.Text != draft.Text {
			t.Fatalf("%q is not made again: %v, %v", draft.Text, again, err)
		}
		opt.Memory.Add(draft.Text)
	}
}

// checkRuns checks that the runs of a draft make it up, and stand in the posts that they name.
func checkRuns(t fataler, draft *Draft, posts []said) {
	t.Helper()
	var b strings.Builder
	for _, run := range draft.Runs {
		b.WriteString(run.Text)
		stands := 0
		for _, p := range posts {
			if in := strings.Contains(bare(text.Normalise(p.text)), bare(run.Text)); in {
				stands++
			} else if slices.Contains(run.Posts, p.id) && !ambiguous(posts) {
				t.Fatalf("%q does not stand in post %s, %q", run.Text, p.id, p.text)
			}
		}
		if stands == 0 || run.Count < 1 || len(run.Posts) == 0 || run.Text != strings.TrimSpace(run.Text) {
			t.Fatalf("%+v stands in %d posts", run, stands)
		}
	}
	if bare(b.String()) != bare(draft.Text) {
		t.Fatalf("runs of %q for %q", b.String(), draft.Text)
	}
}

// ambiguous reports whether posts of two models have the same ids.
func ambiguous(posts []said) bool {
	seen := map[string]bool{}
	for _, p := range posts {
		if seen[p.id] {
			return true
		}
		seen[p.id] = true
	}
	return false
}

// bare is a text without white space.
func bare(s string) string { return strings.Join(strings.Fields(s), "") }

// put puts a draft of some tokens, with | between them, into a generator.
func put(g *Generator, tokens string) {
	g.lead(nearby)
	g.begin()
	for token := range strings.SplitSeq(tokens, "|") {
		s := stepOf(g, token)
		g.push(&s)
	}
}

// stepOf is the step of a token with the white space before it.
func stepOf(g *Generator, token string) step {
	said := strings.TrimSpace(token)
	gap, w := token[:len(token)-len(said)], g.trail.find(said)
	return step{word: w, role: w.bracket, drawing: drawing{entry: -1}, gap: gap, length: g.gapLength(gap)}
}

func TestRulesOfWords(t *testing.T) {
	opt := Defaults()
	opt.Reject = text.NewWordList([]string{"Tea", "개", "石"})
	strict := generator(t, learn(t, number([]string{"a b"})), opt)
	opt.Mentions, opt.Links, opt.Cashtags = true, true, true
	loose := generator(t, learn(t, number([]string{"a b"})), opt)
	for word, want := range map[string]Rule{
		"@bob": Mention, "@": Mention, "＠": Mention, "@bob@example.org": Mention, "$ABC": Cashtag, "https://t.co/x": Link, "example.com": Link,
		"(@o^;)": Mention, "é@b.com": Mention, "https://x.com/@bob": Link, "(^o^)": allowed,
		"tea": Listed, "teas": allowed, "石": Listed, "개": allowed, "a": allowed, "$": allowed, "#tag": allowed,
	} {
		if got := strict.trail.find(word).refused; got != want {
			t.Errorf("%q: %s, want %s", word, got, want)
		}
		if got := loose.trail.find(word).refused; got != allowed && got != Listed || (got == Listed) != (want == Listed) {
			t.Errorf("%q let through: %s", word, got)
		}
	}
	if got := loose.trail.find("\uFFFD").refused; got != Impure {
		t.Errorf("a lost letter: %s, want %s", got, Impure)
	}
	strict.lead(0)
	for _, word := range []string{"(@o^;)", "\uFFFD"} { // a replay needs them
		if got := strict.trail.find(word).refused; got != allowed {
			t.Errorf("%q in a draft of release 1.0: %s", word, got)
		}
	}
}

func TestRulesOfNextTokens(t *testing.T) {
	posts := number([]string{"aa bb cc", "we saw x a) b) x", "( ) dd", `"dd"`})
	for _, c := range []struct {
		tokens, next string
		limit        int
		want         Rule
	}{
		{"aa| bb", " cc", 8, allowed}, {"aa| bb", " cc", 7, TooLong}, {"aa| bb", "cc", 7, allowed}, {"aa| bb", "cc", 6, TooLong},
		{"(|we| a", ")", 100, Impure}, {"(|a", ")", 100, allowed}, {"(|we| saw", ")", 100, allowed}, // a list's "a)"
		{`"`, "dd", 100, allowed}, {`"`, " dd", 100, Unbalanced}, {`we| "`, " dd", 100, Unbalanced}, {`"|dd|"`, " aa", 100, allowed},
		{"we", ")", 100, Unbalanced}, {"we| saw", " a)", 100, Impure}, {"we| saw", " dd", 100, allowed},
	} {
		opt := Defaults()
		opt.Limit = c.limit
		g := generator(t, learn(t, posts), opt)
		put(g, c.tokens)
		s := stepOf(g, c.next)
		if got := g.allows(&s); got != c.want {
			t.Errorf("%q after %q: %s, want %s", c.next, c.tokens, got, c.want)
		}
	}
}

// However few words it has, no run in common with a post has as many tokens as the model sorts by, which
// is why longer drafts are no part of a post.
func TestRunsOfManyTokens(t *testing.T) {
	word := strings.Split(strings.Repeat("a|-|b|-|c|-|", 8), "|")
	g := generator(t, learn(t, number([]string{"we saw " + strings.Join(word, "") + "d it"})), Defaults())
	for n, want := range map[int]Rule{model.Depth - 2: allowed, model.Depth - 1: Copied, model.Depth: Copied} {
		put(g, strings.Join(word[:n], "|"))
		s := stepOf(g, word[n])
		if got := g.allows(&s); got != want {
			t.Errorf("after %d tokens: %s, want %s", n, got, want)
		}
	}
}

func TestRulesOfEnds(t *testing.T) {
	g := generator(t, learn(t, number([]string{"so we saw the end", "the end ( was ) it"})), Defaults())
	for tokens, want := range map[string]Rule{
		"the| end| we| saw| it": allowed, "we| saw": TooShort, "we| saw| the| end": Whole, "it| saw| the| end": Whole, "it| was| (| saw| end": Unbalanced,
	} {
		put(g, tokens)
		if got := g.allowsEnd(); got != want {
			t.Errorf("%q: %s, want %s", tokens, got, want)
		}
	}
	put(g, "the| end| we| saw| it")
	g.way = g.steps[:1] // to a wanted text
	if got := g.allowsEnd(); got != Absent {
		t.Errorf("on the way: %s", got)
	}
}

// A text may break a rule that none of its tokens breaks, and the tally says which.
func TestRulesOfWholeTexts(t *testing.T) {
	posts := number([]string{"this is the end. we saw (some).So it was & amp ; lt", "the end was it", "so we saw the end", "日本:)", "ア :)", "本日o/ so", "語日8/8_本"})
	said := text.NewMemory()
	said.Add("we saw it was the end")
	for _, c := range []struct {
		tokens string // with | between them
		change func(*Options)
		want   Rule
	}{
		{"the| end| was| it", func(*Options) {}, allowed},
		{"the| end|.|So| it| was", func(*Options) {}, Link},
		{"the| end|.|So| it| was", func(o *Options) { o.Links = true }, Impure}, // it would be one token
		{"we| saw| &|amp|;| it", func(*Options) {}, Impure},                     // it would be read as an entity
		{"we| saw| the| end", func(o *Options) { o.Start = "saw" }, Absent},
		{"we| saw| the| end", func(o *Options) { o.Limit, o.Count = 14, func(s string) int { return len(s) } }, allowed},
		{"we| saw| the| end", func(o *Options) { o.Limit, o.Count = 13, func(s string) int { return len(s) } }, TooLong},
		{"we| saw| the| end", func(o *Options) { o.Reject = text.NewWordList([]string{"saw the"}) }, Listed},
		{"we| saw| 개| end", func(o *Options) { o.Reject = text.NewWordList([]string{"개"}) }, Listed},
		{"we| saw| 공|개|한| end", func(o *Options) { o.Reject = text.NewWordList([]string{"개"}) }, allowed},
		{"we| saw| it| was| the| end", func(o *Options) { o.Memory = said }, Said},
		{"(|some|)|.|.", func(*Options) {}, Impure},              // two full stops are one token
		{"日|本| :)", func(o *Options) { o.MaxCopy = 2 }, Copied},  // though ":)" is two tokens in the post
		{"ア|本| :)", func(o *Options) { o.MaxCopy = 2 }, allowed}, // which are in no post
		{"本|日| o/", func(o *Options) { o.MaxCopy = 2 }, Copied},  // an arm that waves
		{"本|日| o/| so", func(o *Options) { o.MaxCopy = 3 }, Copied},
		{"語|日| 8/8_", func(o *Options) { o.MaxCopy = 2 }, Copied},
	} {
		opt := Defaults()
		c.change(&opt)
		g := generator(t, learn(t, posts), opt)
		put(g, c.tokens)
		if got := g.allowsText(joined(g.steps)); got != c.want {
			t.Errorf("%q: %s, want %s", joined(g.steps), got, c.want)
		}
	}
}

func TestDraftsObey(t *testing.T) {
	var d drafted
	rapid.Check(t, d.obey)
	if least := map[bool]int{false: 200, true: 40}[testing.Short()]; d.drafts < least { // -short draws a fifth
		t.Errorf("only %+v", d)
	}
}

func FuzzWalk(f *testing.F) {
	for i := range byte(8) {
		seed := make([]byte, 1<<12)
		for j := range seed {
			seed[j] = byte(j*j>>3) * (2*i + 1)
		}
		f.Add(seed)
	}
	f.Fuzz(rapid.MakeFuzz(new(drafted).obey))
}

// The bound on copies also holds where the same words are other tokens: faces and numbers beside
// characters of scripts without spaces.
func TestFacesBesideCharacters(t *testing.T) {
	scripts := [][]string{strings.Fields("日 本 語 ア 日 本 語 ア :) 8) 12) ;-) ( ) (^_^;) #a a"), strings.Fields("가 나 다 가 나 々 OK. 5% 약 .x it's OK a b :)"),
		strings.Fields("ก ข ค ง ก ข ค ง :) 8) 12) ;-) ( ) (^_^;) a OK."), strings.Fields("a b OK. OK. .x OK.가")}
	counted := strings.NewReplacer("ก", "日", "ข", "本", "ค", "語", "ง", "ア") // as the judge knows no clusters
	drafts, faces := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		r := dice(t)
		words := one(r, scripts)
		posts := make([]said, 10+r.IntN(60))
		for i := range posts {
			var b strings.Builder
			for range 2 + r.IntN(9) {
				b.WriteString(one(r, words) + one(r, []string{"", "", " "}))
			}
			posts[i] = said{text: text.Normalise(b.String())}
		}
		opt := Defaults()
		opt.MaxCopy, opt.MinWords, opt.Seed = 2+r.IntN(3), 1, r.Uint64()
		g := generator(t, learn(t, posts), opt)
		for n := range uint64(10) {
			d, err := g.Draft(n)
			if errors.Is(err, ErrNothing) {
				break
			} else if err != nil {
				t.Fatal(err)
			}
			drafts++
			if strings.ContainsAny(d.Text, ":;8") {
				faces++
			}
			for _, p := range posts {
				if run := longestRun(judgeWords(counted.Replace(d.Text)), judgeWords(counted.Replace(p.text))); run > opt.MaxCopy {
					t.Fatalf("%q: %d words of %q, not %d", d.Text, run, p.text, opt.MaxCopy)
				}
			}
		}
	})
	if least := map[bool]int{false: 100, true: 20}[testing.Short()]; faces < least {
		t.Errorf("only %d of %d drafts with a face", faces, drafts)
	}
}
