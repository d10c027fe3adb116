package markov

import (
	"bytes"
	"flag"
	"html"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"horsepipe/pkg/model"
	"horsepipe/pkg/sharedtest"
	"horsepipe/pkg/text"
)

// Random corpora are the same in every run, unless -rapid.seed says otherwise.
var _ = flag.Set("rapid.seed", "1")

// said is a post that tests learn from.
type said struct {
	id, text string
	time     int64
}

// fataler is what test functions here need of *testing.T, *testing.B and *rapid.T.
type fataler interface {
	Helper()
	Fatal(a ...any)
	Fatalf(format string, a ...any)
}

// number makes posts of texts, with ids from 1 on.
func number(texts []string) (posts []said) {
	for i, s := range texts {
		posts = append(posts, said{id: strconv.Itoa(i + 1), text: s})
	}
	return posts
}

// train makes the bytes of a model that learned some posts and only knows others.
func train(t fataler, posts []said, others ...said) []byte {
	t.Helper()
	return build(t, model.Options{}, posts, others)
}

func build(t fataler, opt model.Options, posts, others []said) []byte {
	t.Helper()
	b := model.NewBuilder(opt)
	defer b.Close()
	w := b.Worker()
	for _, p := range posts {
		w.Begin(model.Post{ID: p.id, Time: p.time})
		for _, tok := range text.SplitUnits(p.text) {
			w.Token([]byte(tok.Gap), []byte(tok.Text))
		}
		w.End()
	}
	if err := b.Append(w.Take(), nil); err != nil {
		t.Fatal(err)
	}
	var k model.KnownPosts
	for _, p := range others {
		for _, tok := range text.SplitUnits(p.text) {
			k.Token([]byte(tok.Text))
		}
		k.End()
	}
	if err := b.Know(&k); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := b.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// learn makes a model of posts.
func learn(t fataler, posts []said) *model.Model {
	t.Helper()
	m, err := model.Load(train(t, posts))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// know is what a model knows of posts that it was not learned from.
func know(t fataler, posts []said) *model.Known {
	t.Helper()
	m, err := model.Load(train(t, []said{{text: "a"}}, posts...))
	if err != nil {
		t.Fatal(err)
	}
	known, err := m.Known()
	if err != nil {
		t.Fatal(err)
	}
	return known
}

// generator makes a generator of one model.
func generator(t fataler, m *model.Model, opt Options) *Generator {
	t.Helper()
	g, err := New([]Source{{Model: m}}, opt)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// realPosts are those of a corpus beside the repository, without reposts.
func realPosts(t testing.TB, name string) (posts []said) {
	t.Helper()
	for id, text := range sharedtest.Texts(t, sharedtest.Files(t, sharedtest.Corpus(name))[0]) {
		if !strings.HasPrefix(text, "RT @") {
			posts = append(posts, said{id: id, text: text})
		}
	}
	return posts
}

// What follows judges drafts from outside: it shares no code with what it judges, and knows no
// tokens. It is the same as that of the project's measurements, in Python.

// folded is a text as the judge compares it: without entities, composed, with single spaces.
func folded(s string) string {
	s = html.UnescapeString(html.UnescapeString(s))
	return strings.Join(strings.Fields(norm.NFC.String(s)), " ")
}

// judgeSolitary tells the characters that the judge counts as words.
func judgeSolitary(r rune) bool {
	for _, block := range [][2]rune{{0x2e80, 0x9fff}, {0xac00, 0xd7af}, {0xf900, 0xfaff}, {0xff66, 0xff9f}, {0x20000, 0x3ffff}} {
		if r >= block[0] && r <= block[1] {
			return true
		}
	}
	return false
}

// judgeWords splits at white space, and at characters of scripts without spaces.
func judgeWords(s string) (words []string) {
	var word []rune
	flush := func() {
		if len(word) > 0 {
			words, word = append(words, string(word)), nil
		}
	}
	for _, r := range s {
		switch {
		case unicode.IsSpace(r):
			flush()
		case judgeSolitary(r):
			flush()
			words = append(words, string(r))
		default:
			word = append(word, r)
		}
	}
	flush()
	return words
}

// longestRun is the length of the longest run of words that two texts share.
func longestRun(a, b []string) (longest int) {
	row := make([]int, len(b)+1)
	for _, x := range a {
		for j := len(b); j > 0; j-- {
			if x != b[j-1] {
				row[j] = 0
				continue
			}
			row[j] = row[j-1] + 1
			longest = max(longest, row[j])
		}
	}
	return longest
}

var (
	emoticons   = regexp.MustCompile(`[:;=8xX]['\-o^]?[()\[\]{}DPp3|/\\]+|[()]+['\-]?[:;=8]|\pN+\)`)
	firstLetter = regexp.MustCompile(`^[\pL\pN_]\)`)
	mentions    = regexp.MustCompile(`(?:^|[^\pL\pN_@])@[\pL\pN_]`)
	links       = regexp.MustCompile(`https?://|\bt\.co/`)
	entities    = regexp.MustCompile(`&(amp|lt|gt|quot|#\d+);`)
)

// judgeBalanced reports whether brackets and double quotes are balanced, for one who takes out what
// looks like an emoticon or a list number.
func judgeBalanced(s string) bool {
	s = firstLetter.ReplaceAllString(s, " ")
	for at := 0; ; {
		loc := emoticons.FindStringIndex(s[at:])
		if loc == nil {
			break
		}
		begin, end := at+loc[0], at+loc[1]
		before := []rune(s[:begin])
		inWord := begin > 0 && (unicode.IsLetter(before[len(before)-1]) || unicode.IsNumber(before[len(before)-1]) || before[len(before)-1] == '_')
		if first := rune(s[begin]); inWord && first != '(' && first != ')' {
			at = begin + 1
			continue
		}
		s, at = s[:begin]+" "+s[end:], begin+1
	}
	pairs := map[rune]rune{')': '(', ']': '[', '}': '{', '»': '«', '”': '“', '」': '「', '』': '『', '）': '（', '⟩': '⟨'}
	var open []rune
	for _, r := range s {
		switch {
		case strings.ContainsRune("([{«“「『（⟨", r):
			open = append(open, r)
		case pairs[r] != 0:
			if len(open) == 0 || open[len(open)-1] != pairs[r] {
				return false
			}
			open = open[:len(open)-1]
		}
	}
	return len(open) == 0 && strings.Count(s, `"`)%2 == 0
}

// judge returns what is wrong with a draft under the options if it was learned from the posts, or "".
func judge(draft string, posts []said, opt Options) (faults []string) {
	fault := func(is bool, what string) {
		if is {
			faults = append(faults, what)
		}
	}
	words := judgeWords(draft)
	fault(opt.Count(draft) > opt.Limit, "too long")
	fault(len(words) < opt.MinWords, "too short")
	fault(text.Normalise(draft) != draft, "not normal")
	fault(!judgeBalanced(draft), "unbalanced")
	fault(!opt.Mentions && mentions.MatchString(draft), "mention")
	fault(!opt.Links && (links.MatchString(draft) || len(text.Links(draft)) > 0), "link")
	fault(entities.MatchString(draft), "entity")
	fault(opt.Memory.Near(draft), "said before")
	fault(opt.Reject.Has(draft), "rejected word")
	fault(lacks(draft, opt) != "", "lacks "+lacks(draft, opt))
	for _, tok := range text.SplitUnits(draft) {
		switch text.KindOf([]byte(tok.Text)) {
		case text.Mention:
			fault(!opt.Mentions, "mention "+tok.Text)
		case text.Cashtag:
			fault(!opt.Cashtags, "cashtag "+tok.Text)
		case text.Link:
			fault(!opt.Links, "link "+tok.Text)
		}
	}
	for _, p := range posts {
		post := folded(p.text)
		run := longestRun(words, judgeWords(post))
		fault(run > opt.MaxCopy, strconv.Itoa(run)+" words of "+p.text)
		fault(strings.Contains(post, folded(draft)), "a part of "+p.text)
	}
	return faults
}
