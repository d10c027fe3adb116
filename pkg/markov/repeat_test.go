package markov

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"horsepipe/pkg/model"
	"horsepipe/pkg/text"
)

// The same seed makes the same drafts, whatever was made before; each can be made again by its
// number and take.
func TestDraftsAreReproducible(t *testing.T) {
	m, other := learn(t, number(crowd(20, 80))), learn(t, number(crowd(21, 50)))
	opt := Defaults()
	opt.MaxCopy, opt.Order, opt.MinWords, opt.Seed, opt.Trace = 3, 2, 2, 42, true
	make := func() *Generator {
		g, err := New([]Source{{Model: m}, {Model: other, Weight: 2}}, opt)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	g := make()
	var drafts []*Draft
	for n := range uint64(50) {
		d, err := g.Draft(n)
		if err != nil {
			t.Fatal(err)
		}
		if d.N != n {
			t.Errorf("draft %d says that it is %d", n, d.N)
		}
		drafts = append(drafts, d)
	}
	different := map[string]bool{}
	back, again := make(), make()
	for n := len(drafts) - 1; n >= 0; n-- {
		want := drafts[n]
		different[want.Text] = true
		got, err := back.Draft(uint64(n))
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("draft %d backwards: %+v, %v, want %+v", n, got, err, want)
		}
		if got, err = again.Replay(want.N, want.Take, want.Aim); err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("draft %d replayed: %+v, %v, want %+v", n, got, err, want)
		}
	}
	opt.Seed++
	same := 0
	for n, g := 0, make(); n < len(drafts); n++ {
		if d, err := g.Draft(uint64(n)); err == nil && d.Text == drafts[n].Text {
			same++
		}
	}
	if len(different) < 40 || same > 10 {
		t.Errorf("%d different drafts of 50; with another seed %d are the same", len(different), same)
	}
}

// What was said before does not matter to a replay, and a draft that cannot be made again is an error.
func TestReplay(t *testing.T) {
	opt := Defaults()
	opt.MaxCopy, opt.MinWords = 3, 2
	g := generator(t, learn(t, number(crowd(20, 80))), opt)
	d, err := g.Draft(0)
	if err != nil {
		t.Fatal(err)
	}
	opt.Memory = text.NewMemory()
	opt.Memory.Add(d.Text)
	late := generator(t, g.trail.models[0], opt)
	if again, err := late.Replay(d.N, d.Take, d.Aim); err != nil || again.Text != d.Text {
		t.Errorf("replayed %+v, %v, want %+v", again, err, d)
	}
	if other, err := late.Draft(0); err != nil || other.Text == d.Text {
		t.Errorf("%+v, %v, though %q was said", other, err, d.Text)
	}
	opt.MinWords = 1000
	if _, err := generator(t, g.trail.models[0], opt).Replay(d.N, d.Take, d.Aim); !errors.Is(err, ErrNothing) {
		t.Errorf("replayed under other rules: %v", err)
	}
}

// Small corpora leave nothing to say that they do not say themselves: that is an error with its reason.
func TestTinyCorpora(t *testing.T) {
	for _, c := range []struct {
		name  string
		posts []string
		want  []Rule // one of them is the worst
	}{
		{"one post", []string{"the only post that there is"}, []Rule{Whole, Copied}},
		{"one word", []string{"word"}, []Rule{TooShort, Whole}},
		{"words", []string{"one", "two", "three", "four"}, []Rule{TooShort}},
		{"nothing in common", strings.Split("a b c d,e f g h,i j k l,m n o p,q r s t,u v w x", ","), []Rule{Whole, Copied}},
		{"twenty equal posts", strings.Split(strings.Repeat("all of us are equal here,", 20), ","), []Rule{Whole, Copied}},
		{"a loop", []string{strings.Repeat("again and ", 60)}, []Rule{Whole, Copied, TooLong, Stuck}},
		{"mentions", []string{"@a @b @c @d", "@b @a @d @c", "@c @b @a @d"}, []Rule{Mention}},
		{"open brackets", []string{"( a b c", "( a d e", "( b a d", "( d a c b"}, []Rule{Unbalanced}},
		{"too long", []string{strings.Repeat("x", 300) + " a b", strings.Repeat("y", 300) + " a c"}, []Rule{TooLong}},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := generator(t, learn(t, number(c.posts)), Defaults())
			if d, err := g.Draft(0); !errors.Is(err, ErrNothing) {
				t.Fatalf("got %+v, %v", d, err)
			}
			tally := g.Tally()
			worst, found := tally.Worst(), false
			for _, r := range c.want {
				found = found || r == worst
			}
			if !found || worst.Hint() == "" || tally.String() == "" {
				t.Errorf("refused: %s; worst is %s, hint %q", tally.String(), worst, worst.Hint())
			}
		})
	}
}

func TestEveryRuleHasAHint(t *testing.T) {
	for r := allowed + 1; r < ruleCount; r++ {
		if r.Hint() == "" {
			t.Errorf("%s: no hint", r)
		}
	}
}

func TestTally(t *testing.T) {
	for want, tally := range map[string]Tally{
		"nothing refused": {}, "2 link": {Link: 2}, "1 mention, 12 dead end, 3 absent word": {Mention: 1, Stuck: 12, Absent: 3},
	} {
		if got := tally.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for want, tally := range map[Rule]Tally{allowed: {}, Stuck: {Mention: 1, Stuck: 12, Absent: 3}, Absent: {Stuck: 1, Absent: 2}, Link: {Link: 2, Absent: 2}} {
		if got := tally.Worst(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestTenPosts(t *testing.T) {
	posts := number(crowd(30, 10))
	opt := Defaults()
	opt.MaxCopy = 3
	g := generator(t, learn(t, posts), opt)
	found := 0
	for n := range uint64(50) {
		d, err := g.Draft(n)
		if errors.Is(err, ErrNothing) {
			continue
		}
		found++
		if faults := judge(d.Text, posts, opt); len(faults) > 0 {
			t.Errorf("%q: %q", d.Text, faults)
		}
	}
	if found == 0 {
		t.Error("nothing found, though posts meet")
	}
}

func TestNewRefuses(t *testing.T) {
	m := learn(t, number([]string{"some words of a post", "@name $TAG https://example.org tea"}))
	sources := []Source{{Model: m}}
	for name, c := range map[string]struct {
		sources []Source
		change  func(*Options)
		want    string
	}{
		"no model":        {nil, func(*Options) {}, "no model"},
		"order 0":         {sources, func(o *Options) { o.Order = 0 }, "order"},
		"order too large": {sources, func(o *Options) { o.Order = model.Depth }, "order"},
		"copies 0":        {sources, func(o *Options) { o.MaxCopy = 0 }, "max-copy"},
		"copies too many": {sources, func(o *Options) { o.MaxCopy = model.Depth }, "max-copy"},
		"best of 0":       {sources, func(o *Options) { o.BestOf = 0 }, "best-of"},
		"limit 0":         {sources, func(o *Options) { o.Limit = 0 }, "limit"},
		"words below 0":   {sources, func(o *Options) { o.MinWords = -1 }, "min-words"},
		"no number":       {sources, func(o *Options) { o.Weirdness = math.NaN() }, "weirdness"},
		"weight":          {[]Source{{Model: m, Weight: -1}}, func(*Options) {}, "weight"},
		"no weight":       {[]Source{{Model: m, Weight: math.NaN()}}, func(*Options) {}, "weight"},
		"all the weight":  {[]Source{{Model: m, Weight: math.Inf(1)}}, func(*Options) {}, "weight"},
		"absent word":     {sources, func(o *Options) { o.Contain = "unheard" }, `"unheard" is not in the corpus`},
		"absent start":    {sources, func(o *Options) { o.Start = "some unheard" }, "unheard"},
		"blank":           {sources, func(o *Options) { o.End = " " }, "is not in the corpus"},
		"mention":         {sources, func(o *Options) { o.End = "@name" }, "mention"},
		"listed":          {sources, func(o *Options) { o.Start, o.Reject = "tea", text.NewWordList([]string{"Tea"}) }, "listed"},
	} {
		opt := Defaults()
		c.change(&opt)
		if _, err := New(c.sources, opt); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A run names up to three of its posts, each once, among those that have ids.
func TestPostsOf(t *testing.T) {
	var posts []said
	for _, id := range []string{"", "7", "7", "", "8", "9", "10"} {
		posts = append(posts, said{id: id, text: "a b"})
	}
	g := generator(t, learn(t, posts), Defaults())
	if got := g.postsOf(g.trail.find("a").all); !slices.Equal(got, []string{"7", "8", "9"}) {
		t.Errorf("got %q", got)
	}
}

// The runs of drafts from real posts make them up, and stand in the posts that they name.
func TestTraceReal(t *testing.T) {
	posts := realPosts(t, "icco")
	byID := map[string]string{}
	for _, p := range posts {
		byID[p.id] = bare(text.Normalise(p.text))
	}
	opt := Defaults()
	opt.Trace = true
	g := generator(t, learn(t, posts), opt)
	for n := range uint64(100) {
		d, err := g.Draft(n)
		if err != nil {
			t.Fatal(err)
		}
		whole := ""
		for _, run := range d.Runs {
			whole += bare(run.Text)
			if run.Count < 1 || len(run.Posts) == 0 || run.Text != strings.TrimSpace(run.Text) {
				t.Errorf("%+v", run)
			}
			for _, id := range run.Posts {
				if !strings.Contains(byID[id], bare(run.Text)) {
					t.Errorf("%q does not stand in post %s, %q", run.Text, id, byID[id])
				}
			}
		}
		if whole != bare(d.Text) || len(d.Runs) < 2 {
			t.Errorf("%q is made of %+v", d.Text, d.Runs)
		}
	}
}

// Drafts from real posts in two languages obey the judge.
func TestDraftsReal(t *testing.T) {
	for _, name := range []string{"icco", "rerb"} {
		posts, opt := realPosts(t, name), Defaults()
		tooLong, all := map[string]bool{}, strings.Builder{}
		for _, p := range posts {
			s := folded(p.text)
			all.WriteString(s + "\n")
			words := judgeWords(s)
			for i := 0; i+opt.MaxCopy < len(words); i++ {
				tooLong[strings.Join(words[i:i+opt.MaxCopy+1], " ")] = true
			}
		}
		g := generator(t, learn(t, posts), opt)
		for n := range uint64(300) {
			d, err := g.Draft(n)
			if err != nil {
				t.Fatal(err)
			}
			faults := judge(d.Text, nil, opt)
			words := judgeWords(folded(d.Text))
			for i := 0; i+opt.MaxCopy < len(words); i++ {
				if run := strings.Join(words[i:i+opt.MaxCopy+1], " "); tooLong[run] {
					faults = append(faults, "copied "+run)
				}
			}
			if len(faults) > 0 || strings.Contains(all.String(), folded(d.Text)) {
				t.Errorf("%q: %q, or is a part of a post", d.Text, faults)
			}
		}
	}
}

// unchecked is how long the note is with which a model is too large to be checked when it is opened.
const unchecked = 5 << 20

// large makes the bytes of such a model, which only knows others.
func large(t *testing.T, texts []string, others ...string) []byte {
	t.Helper()
	return build(t, model.Options{Note: []byte(`{"long":"` + strings.Repeat("x", unchecked) + `"}`)}, number(texts), number(others))
}

// A draft from a damaged model is the damage, never a wrong draft: every page of a large model.
func TestDamage(t *testing.T) {
	data := large(t, crowd(40, 20000))
	opt := Defaults()
	opt.MaxCopy, opt.Trace = 3, true
	drafts := func() (texts []string, err error) {
		m, err := model.Load(data)
		if err != nil {
			return nil, err
		}
		g := generator(t, m, opt)
		for n := range uint64(20) {
			d, err := g.Draft(n)
			if err != nil {
				return nil, err
			}
			texts = append(texts, fmt.Sprint(d.Text, d.Runs))
		}
		return texts, nil
	}
	want, err := drafts()
	if err != nil {
		t.Fatal(err)
	}
	damaged := 0
	for page := 0; page < len(data)-unchecked; page += 4096 {
		for at := page; at < page+4096; at += 8 {
			data[at] ^= 0x55
		}
		got, err := drafts()
		if damage := new(model.Damage); errors.As(err, &damage) || errors.Is(err, model.ErrFormat) {
			damaged++
		} else if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("page at %d: %v, other drafts: %v", page, err, !reflect.DeepEqual(got, want))
		}
		for at := page; at < page+4096; at += 8 {
			data[at] ^= 0x55
		}
	}
	if damaged == 0 {
		t.Error("no damage was met")
	}
}

// spoilt opens a model whose bytes from lo up to hi are wrong.
func spoilt(t *testing.T, data []byte, lo, hi int) *model.Model {
	for i := lo; i < hi; i++ {
		data[i] ^= 0x55
	}
	m, err := model.Load(data)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// Damage also ends a replay, and a draft if it is met only among the posts that are known.
func TestDamageElsewhere(t *testing.T) {
	data := large(t, crowd(40, 20000))
	g := generator(t, spoilt(t, data, 2*4096, len(data)-unchecked-1<<16), Defaults())
	if d, err := g.Replay(0, 1, 1); !errors.As(err, new(*model.Damage)) {
		t.Errorf("replayed %v, %v", d, err)
	}
	known, err := spoilt(t, large(t, []string{"a b"}, crowd(41, 5000)...), 2*4096, 10*4096).Known()
	if err != nil {
		t.Fatal(err)
	}
	g, err = New([]Source{{Model: learn(t, number(crowd(41, 1000))), Known: known}}, Defaults())
	if err != nil {
		t.Fatal(err)
	}
	for n := range uint64(20) {
		d, err := g.Draft(n)
		if errors.As(err, new(*model.Damage)) {
			return
		}
		if err != nil {
			t.Fatalf("%v, %v", d, err)
		}
	}
	t.Error("no damage was met")
}

// A wanted word that is not found because the model is damaged is not called absent.
func TestDamageOfWantedWords(t *testing.T) {
	var texts []string
	for i := range 3000 {
		texts = append(texts, fmt.Sprint("word", i, " and"))
	}
	m := spoilt(t, large(t, texts), 4096, 2*4096) // in the middle of the words
	opt := Defaults()
	opt.Contain = "unheard"
	_, err := New([]Source{{Model: m}}, opt)
	if damage := new(model.Damage); !errors.As(err, &damage) || damage.Section != "words" {
		t.Errorf("got %v, want the damage", err)
	}
}
