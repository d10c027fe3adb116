package markov

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
)

var hashtag = regexp.MustCompile(`#[\p{L}\p{Nd}_]+`)

// tagged are posts whose hashtags have the characters that their words have, in the same order.
func tagged(posts int) (texts []string) {
	r := rand.New(rand.NewPCG(30, 30))
	tags := []string{"#사과", "#사과나무", "#東京_駅", "#나무", "＃나사", "#apple사과"}
	for range posts {
		var b strings.Builder
		for range 2 + r.IntN(4) {
			for range 1 + r.IntN(4) {
				b.WriteString(one(r, strings.Split("사과나무東京駅", "")))
			}
			b.WriteString(one(r, []string{" ", " ", "_", ", "}))
		}
		if r.IntN(2) == 0 {
			b.WriteString(one(r, tags))
		}
		b.WriteString(one(r, []string{"", " 나", " 사과!", ". 東京"}))
		texts = append(texts, b.String())
	}
	return texts
}

// Drafts have the hashtags of posts, wherever walks begin and end; a walk that is left alone makes up
// others, as in release 1.0.
func TestHashtagsAreThoseOfThePosts(t *testing.T) {
	texts := tagged(300)
	known := map[string]bool{}
	invented := func(s string) string {
		for _, tag := range hashtag.FindAllString(strings.ReplaceAll(s, "＃", "#"), -1) {
			if !known[tag] {
				return tag
			}
		}
		return ""
	}
	for _, s := range texts {
		for _, tag := range hashtag.FindAllString(strings.ReplaceAll(s, "＃", "#"), -1) {
			known[tag] = true
		}
	}
	m := learn(t, number(texts))
	made, alone := 0, 0
	for _, contain := range []string{"", "나", "京"} {
		for _, limit := range []int{280, 30} {
			opt := Defaults()
			opt.Contain, opt.Limit = contain, limit
			g := generator(t, m, opt)
			for n := range uint64(200) {
				d, err := g.Draft(n)
				if err != nil {
					t.Fatal(err)
				}
				if tag := invented(d.Text); tag != "" {
					t.Errorf("contain %q, limit %d: %q has the tag %s", contain, limit, d.Text, tag)
				}
				made += strings.Count(d.Text, "#")
				if d, err := g.Replay(n, 1, 0); err == nil && invented(d.Text) != "" {
					alone++
				}
			}
		}
	}
	if made < 100 || alone < 100 {
		t.Errorf("%d hashtags, and %d drafts with other ones by walks that are left alone", made, alone)
	}
}

// What stands in hashtags only can be wanted.
func TestWantedHashtags(t *testing.T) {
	var texts []string
	for i, s := range crowd(31, 200) {
		if texts = append(texts, s); i%4 == 0 {
			texts[i] += " #東京駅"
		}
	}
	opt := Defaults()
	opt.Contain = "東京"
	g := generator(t, learn(t, number(texts)), opt)
	for n := range uint64(50) {
		if d, err := g.Draft(n); err != nil || !strings.HasSuffix(d.Text, " #東京駅") {
			t.Fatal(d, err)
		}
	}
}

// A hashtag as long as any context, and a wanted one that no post has, make no trouble.
func TestLongHashtags(t *testing.T) {
	var texts []string
	for i := range 60 {
		texts = append(texts, fmt.Sprintf("%c나 사과 #%s %c무", '가'+rune(i), strings.Repeat("나무", 10+i%10), '가'+rune(i%7)))
	}
	for _, start := range []string{"", "#나", "#사"} {
		opt := loose()
		opt.Start, opt.MaxCopy = start, 30
		g := generator(t, learn(t, number(texts)), opt)
		for n := range uint64(50) {
			if _, err := g.Draft(n); err != nil && !errors.Is(err, ErrNothing) {
				t.Fatal(err)
			}
		}
	}
}

// Drafts of an account that has hashtags at both ends of its posts have words, too; those of an account
// that writes nothing else have not.
func TestHashtagsAlone(t *testing.T) {
	r := rand.New(rand.NewPCG(32, 32))
	tags := strings.Fields("#사과 #나무 #東京 #京都 #가나 #다라 #마바 #oak #elm")
	some := func() string { return one(r, tags) + " " + one(r, tags) + " " + one(r, tags) }
	var both, only []string
	for _, s := range crowd(32, 200) {
		both, only = append(both, some()+" "+s+" "+some()), append(only, some()+" "+some())
	}
	for _, c := range []struct {
		texts       []string
		least, most int
	}{{both, 0, 2}, {only, 100, 100}} {
		g := generator(t, learn(t, number(c.texts)), Defaults())
		got := 0
		for n := range uint64(100) {
			d, err := g.Draft(n)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Trim(hashtag.ReplaceAllString(d.Text, ""), " ") == "" {
				got++
			}
		}
		if got < c.least || got > c.most {
			t.Errorf("%d of 100 drafts are nothing but hashtags, want %d to %d", got, c.least, c.most)
		}
	}
}
