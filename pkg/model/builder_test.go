package model

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// feed gives posts to a builder in batches of a given size, from workers in turn.
func feed(t testing.TB, b *Builder, posts []testPost, workers, batch int) {
	t.Helper()
	var ws []*Worker
	for range workers {
		ws = append(ws, b.Worker())
	}
	for i := 0; len(posts) > 0; i++ {
		w := ws[i%len(ws)]
		n := min(batch, len(posts))
		if err := b.Append(take(w, posts[:n]), nil); err != nil {
			t.Fatal(err)
		}
		posts = posts[n:]
	}
}

// take makes a batch of posts.
func take(w *Worker, posts []testPost) *Batch {
	for _, p := range posts {
		w.Begin(p.Post)
		for i, token := range p.tokens {
			w.Token([]byte(p.gaps[i]), []byte(token))
		}
		w.End()
	}
	return w.Take()
}

// buildWith builds a model of posts; a build that fails ends the test.
func buildWith(t testing.TB, opt Options, posts []testPost, workers, batch int) []byte {
	t.Helper()
	b := NewBuilder(opt)
	defer b.Close()
	feed(t, b, posts, workers, batch)
	return written(t, b)
}

// written is what a builder writes.
func written(t testing.TB, b *Builder) []byte {
	t.Helper()
	var out bytes.Buffer
	n, err := b.WriteTo(&out)
	if err != nil {
		t.Fatal(err)
	}
	if n != int64(out.Len()) {
		t.Errorf("WriteTo tells of %d bytes and writes %d", n, out.Len())
	}
	return out.Bytes()
}

// handmade are corpora with special properties.
func handmade() map[string][]testPost {
	long, wide := make([]string, 50), make([]string, 50)
	for i := range long {
		long[i] = fmt.Sprint("post ", i, " of many with id ", i*i)
		wide[i] = fmt.Sprint("gap", strings.Repeat(" ", 1+i%20), i, " of many")
	}
	named := splitPosts("a b", "b a", "a", "c")
	for i, id := range []string{"fortune#1", "fortune#12", "", "007"} {
		named[i].ID, named[i].Time, named[i].Reply = id, int64(-100*i), i%2 == 0
	}
	flake := splitPosts("x", "y", "z")
	for i, id := range []string{"1373697810391044099", "20", "18446744073709551615"} {
		flake[i].ID, flake[i].Time = id, 1616342287+int64(i)
	}
	gaps := splitPosts("a  b c", "a b\nc", "a\nb c", "b  c", "c b a", "a b")
	gaps[4].gaps = []string{"ignored", "", "\u00a0"}
	var frequent, deep strings.Builder // the words of deep have codes of two bytes
	for i := range 200 {
		fmt.Fprint(&frequent, "f", i, " ")
		fmt.Fprint(&deep, "d", i%80, " ")
	}
	same := strings.Repeat(frequent.String(), 9) + deep.String()
	gapped := strings.NewReplacer(" d7", "  d7", " d25 ", " f3 ").Replace(deep.String())
	forked := strings.ReplaceAll(deep.String(), " d15 ", " e ")
	lines := splitPosts(strings.Repeat("line\nline line\n", 200)) // a space is not their usual gap
	odd := []testPost{{gaps: []string{"", "", "x"}, tokens: []string{"", "\x00", "\x00\x01"}},
		{gaps: []string{"", "", ""}, tokens: []string{"\x01", "\x00\x00", "\x01\x00"}}}
	return map[string][]testPost{
		"one token": splitPosts("a"), "one post": splitPosts("to be or not to be"),
		"equal posts": splitPosts("a b", "a b", "a b"), "blocks": splitPosts(long...),
		"names": named, "snowflakes": flake, "gaps": gaps, "lines": lines, "many gaps": splitPosts(wide...), "odd bytes": odd,
		"long repeats": splitPosts(same+"z", same+"a", forked+"z", "b "+deep.String()+"y", gapped+"b", forked+"a"),
	}
}

func TestBuilderHandmade(t *testing.T) {
	for name, posts := range handmade() {
		t.Run(name, func(t *testing.T) {
			want := twin(posts, `{"a":1}`)
			for _, plan := range []plan{ // suffixes whose keys are held, and units in a part
				{places: 1, units: unbounded.units}, {places: unbounded.places, units: unbounded.units}, {places: 100, units: 22},
			} {
				b := NewBuilder(Options{Note: []byte(`{"a":1}`), TempDir: t.TempDir()})
				defer b.Close()
				b.plan.places, b.plan.units, b.plan.keys = plan.places, plan.units, 2
				feed(t, b, posts, 1, 100)
				sameBytes(t, written(t, b), want)
			}
			got := buildWith(t, Options{Note: []byte(`{"a":1}`)}, posts, 1, 100)
			sameBytes(t, got, want)
			m, err := Load(got)
			if err != nil {
				t.Fatal(err)
			}
			if err := m.Check(); err != nil {
				t.Error(err)
			}
		})
	}
}

// A model whose last section before the sums fills its page has no sum of a page without bytes.
func TestBuilderFullPage(t *testing.T) {
	posts := splitPosts("a b", "b a")
	note := "{}" + strings.Repeat(" ", pageSize-load(t, posts).start[secSums]%pageSize)
	data := buildWith(t, Options{Note: []byte(note)}, posts, 1, 100)
	sameBytes(t, data, twin(posts, note))
	m, err := Load(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Check(); err != nil || m.start[secSums] != pageSize {
		t.Errorf("the sums begin at %d, %v", m.start[secSums], err)
	}
}

// drawPosts draws a repetitive corpus of posts with tokens.
func drawPosts(t *rapid.T) []testPost {
	word := rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "ab", "aé", "\x00", "longer than eight", "longest"})
	if rapid.Bool().Draw(t, "many words") {
		word = rapid.StringN(1, 3, -1)
	}
	gap := rapid.SampledFrom([]string{" ", " ", " ", "", "", "\n", "  "})
	post := rapid.Custom(func(t *rapid.T) (p testPost) {
		p.ID = rapid.OneOf(rapid.Just(""), rapid.StringMatching(`[1-9][0-9]{0,19}`), rapid.StringN(0, 4, -1)).Draw(t, "id")
		p.Time = rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(-1e6, 2e9)).Draw(t, "time")
		p.Reply = rapid.Bool().Draw(t, "reply")
		p.tokens = rapid.SliceOfN(word, 1, 80).Draw(t, "tokens")
		p.gaps = rapid.SliceOfN(gap, len(p.tokens), len(p.tokens)).Draw(t, "gaps")
		return p
	})
	posts := rapid.SliceOfN(post, 1, 40).Draw(t, "posts")
	for range rapid.IntRange(0, 3).Draw(t, "doublings") {
		posts = append(posts, posts[rapid.IntRange(0, len(posts)-1).Draw(t, "from"):]...)
	}
	return posts
}

func TestBuilderTwin(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		posts := drawPosts(rt)
		opt := Options{Workers: rapid.IntRange(1, 4).Draw(rt, "cores"), TempDir: dir}
		opt.Memory = rapid.SampledFrom([]int64{0, 1, 1 << 14, 1 << 16}).Draw(rt, "memory")
		workers, batch := rapid.IntRange(1, 3).Draw(rt, "workers"), rapid.IntRange(1, 50).Draw(rt, "batch")
		sameBytes(t, buildWith(t, opt, posts, workers, batch), twin(posts, "{}"))
	})
}

// worst are corpora of n tokens that are worse than any real corpus.
func worst(n int) map[string][]testPost {
	words, single := make([]string, n), make([]string, n)
	for i := range words {
		words[i] = fmt.Sprint("w", i)
		single[i] = words[i/3]
	}
	equal := make([]string, n/10)
	for i := range equal {
		equal[i] = "the very same post again and again and again !"
	}
	return map[string][]testPost{
		"equal posts":         splitPosts(equal...),
		"one word repeated":   splitPosts(strings.Repeat("again ", n)),
		"two words repeated":  splitPosts(strings.Repeat("on and ", n/2)),
		"all words different": splitPosts(strings.Join(words, " ")),
		"posts of one word":   splitPosts(single...),
	}
}

// The worst corpora must give the right models, whether the sort divides its ranges or not.
func TestBuilderWorst(t *testing.T) {
	for name, posts := range worst(25000) { // of more different words than a unit can tell apart
		want := twin(posts, "{}")
		for _, keys := range []int{sorterRange, 1000} {
			b := NewBuilder(Options{Workers: 2})
			b.plan.keys = keys
			feed(t, b, posts, 1, len(posts))
			var out bytes.Buffer
			if _, err := b.WriteTo(&out); err != nil {
				t.Fatal(err)
			}
			t.Run(fmt.Sprint(name, keys), func(t *testing.T) { sameBytes(t, out.Bytes(), want) })
		}
	}
}

// Posts of several chunks make the same model, however many cores share the chunks, also in a temporary file.
func TestBuilderChunks(t *testing.T) {
	var texts []string
	for i := range 40000 {
		texts = append(texts, fmt.Sprintf("w%d  of w%d\nand w%d of w%d and w%d", i%97, i%1009, i%31, i%89, i%2003))
	}
	posts := splitPosts(texts...)
	var want []byte
	for workers := 1; workers <= 3; workers++ {
		b := NewBuilder(Options{Workers: workers, TempDir: t.TempDir()})
		defer b.Close()
		feed(t, b, posts, 1, 1000)
		if n := len(b.open.chunks); n < 4 {
			t.Fatalf("only %d chunks", n)
		}
		if workers == 3 {
			if err := b.spill(); err != nil {
				t.Fatal(err)
			}
		}
		if got := written(t, b); workers == 1 {
			want = got
		} else {
			sameBytes(t, got, want)
		}
	}
	m, err := Load(want)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Check(); err != nil {
		t.Error(err)
	}
}

// Models of real posts must be sound, and the same however they are built.
func TestBuilderReal(t *testing.T) {
	for _, name := range []string{"congressedits", "rerb"} {
		posts := splitPosts(realTexts(t, name)...)
		posts = slices.DeleteFunc(posts, func(p testPost) bool { return len(p.tokens) == 0 })
		want := buildWith(t, Options{}, posts, 1, len(posts))
		for workers := 1; workers <= 3; workers++ {
			opt := Options{Workers: workers, Memory: int64(workers-1) * 700e3, TempDir: t.TempDir()}
			sameBytes(t, buildWith(t, opt, posts, workers, 100*workers), want)
		}
		m, err := Load(want)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Check(); err != nil {
			t.Error(err)
		}
		sameBytes(t, buildWith(t, Options{}, posts[:500], 2, 30), twin(posts[:500], "{}"))
	}
}

// Workers must be able to run at the same time, and with the builder.
func TestWorkersTogether(t *testing.T) {
	posts := manyPosts(2000)
	b := NewBuilder(Options{})
	defer b.Close()
	batches := make([]chan *Batch, 4)
	for i := range batches {
		batches[i] = make(chan *Batch, 1)
		go func() {
			w := b.Worker()
			for k := i; k < len(posts)/10; k += len(batches) {
				batches[i] <- take(w, posts[10*k:10*k+10])
			}
		}()
	}
	for k := range len(posts) / 10 {
		if err := b.Append(<-batches[k%len(batches)], nil); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if _, err := b.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	sameBytes(t, out.Bytes(), twin(posts, "{}"))
}

// A dialect that has grown large is given up; a word that is too long is cut.
func TestWorkerLimits(t *testing.T) {
	words := make([]string, 3*dialectWords)
	for i := range words {
		words[i] = fmt.Sprint(i % (2 * dialectWords))
	}
	posts := splitPosts(words...)
	w := NewBuilder(Options{}).Worker()
	if first, second := take(w, posts), take(w, posts); first.dialect == second.dialect {
		t.Error("the dialect is kept")
	}
	long := strings.Repeat("é", MaxWord)
	b := NewBuilder(Options{})
	defer b.Close()
	gap := strings.Repeat(" ", MaxWord+1)
	feed(t, b, []testPost{{gaps: []string{"", gap}, tokens: []string{"a", "b" + long}}}, 1, 1)
	var out bytes.Buffer
	if _, err := b.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	at := MaxWord - 2
	pieces := []string{"a", "b" + long[:at], long[at : at+MaxWord], long[at+MaxWord:]}
	sameBytes(t, out.Bytes(), twin([]testPost{{gaps: []string{"", gap[1:], "", ""}, tokens: pieces}}, "{}"))
}

// FuzzBuild makes posts of text: zero bytes separate posts, and white space separates tokens.
func FuzzBuild(f *testing.F) {
	f.Add(uint8(0), "to be or not to be\x00that is\x00\x00 the  question")
	f.Add(uint8(7), "a\nb \ta\x00a a a a a a a\x00\u00e9\xff\x01 \x02")
	f.Fuzz(func(t *testing.T, how uint8, text string) {
		posts := splitPosts(strings.Split(text, "\x00")...)
		posts = slices.DeleteFunc(posts, func(p testPost) bool { return len(p.tokens) == 0 })
		if len(posts) == 0 || len(text) > 1<<16 {
			return
		}
		opt := Options{Workers: 1 + int(how&1), Memory: int64(how >> 1 & 1), TempDir: t.TempDir()}
		got := buildWith(t, opt, posts, 1+int(how>>2&1), 1+int(how>>3))
		sameBytes(t, got, twin(posts, "{}"))
	})
}

// A model has no word and no gap of a post that is not kept, in memory or in temporary files.
func TestAppendKeep(t *testing.T) {
	posts := splitPosts("a b c", "secret  word", "", "b c", "c")
	for _, units := range []int{unbounded.units, 1} {
		b := NewBuilder(Options{TempDir: t.TempDir()})
		defer b.Close()
		b.plan.units = units
		batch := take(b.Worker(), posts)
		var asked []int
		err := b.Append(batch, func(i int) bool { asked = append(asked, i); return i != 1 })
		if err != nil || fmt.Sprint(asked) != "[0 1 3 4]" {
			t.Errorf("asked for %v, %v", asked, err)
		}
		var out bytes.Buffer
		if _, err := b.WriteTo(&out); err != nil {
			t.Fatal(err)
		}
		sameBytes(t, out.Bytes(), twin([]testPost{posts[0], posts[3], posts[4]}, "{}"))
	}
}

func TestBuilderEmpty(t *testing.T) {
	b := NewBuilder(Options{})
	defer b.Close()
	feed(t, b, splitPosts("", ""), 1, 1)
	if err := b.Append(b.Worker().Take(), nil); err != nil { // no posts at all
		t.Fatal(err)
	}
	var out bytes.Buffer
	if n, err := b.WriteTo(&out); !errors.Is(err, ErrEmpty) || n != 0 || out.Len() != 0 {
		t.Errorf("got %d bytes, %v", n, err)
	}
}

func TestBuilderUsed(t *testing.T) {
	b := NewBuilder(Options{})
	defer b.Close()
	feed(t, b, splitPosts("a b"), 1, 1)
	if _, err := b.WriteTo(io.Discard); err != nil {
		t.Fatal(err)
	}
	if _, err := b.WriteTo(io.Discard); !errors.Is(err, errUsed) {
		t.Errorf("a second WriteTo: %v", err)
	}
	if err := b.Append(take(b.Worker(), splitPosts("c")), nil); !errors.Is(err, errUsed) {
		t.Errorf("Append afterwards: %v", err)
	}
}

func TestBuilderTooLarge(t *testing.T) {
	b := NewBuilder(Options{})
	defer b.Close()
	b.tokens = 1<<32 - 4
	if err := b.Append(take(b.Worker(), splitPosts("a", "b")), nil); !errors.Is(err, ErrTooLarge) {
		t.Errorf("got %v", err)
	}
}

func TestUnits(t *testing.T) {
	var u []uint16
	numbers := []uint32{0, 1, wide - 1, wide, wide + 1, wide<<14 - 1, wide << 14, wide<<14 + 1, 1<<32 - 1}
	for _, n := range numbers {
		u = appendUnits(u, n)
	}
	for i, at := 0, 0; i < len(numbers); i++ {
		var n uint32
		if n, at = wideUnits(u, at); n != numbers[i] {
			t.Errorf("%d becomes %d", numbers[i], n)
		}
	}
}
