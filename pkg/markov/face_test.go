package markov

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Faces that follow words directly are those of the posts, though they share signs. Words in brackets go
// on as others do, also after a mark. A walk that is left alone puts faces together, as in release 1.0.
func TestFacesAreThoseOfThePosts(t *testing.T) {
	faces := []string{"(´・ω・｀)", "(｀・ω・´)", "(´・_・｀)", "（・ω・）", "(⊃д⊂)", "(＾ω＾)"}
	words := []string{"(~aa bb)", "(~cc dd)", "(- aa dd)"}
	r := rand.New(rand.NewPCG(30, 30))
	var texts []string
	for range 300 {
		w := func() string { return one(r, plainWords[:8]) }
		texts = append(texts, w()+" "+w()+one(r, faces)+" "+w()+" "+w(), w()+" "+w()+" "+one(r, words)+" "+w())
	}
	g := generator(t, learn(t, number(texts)), Defaults())
	inBrackets, letter := regexp.MustCompile(`[(（].*?[)）]`), regexp.MustCompile(`[a-z]`)
	drawn := map[bool]map[string]bool{true: {}, false: {}}
	for n := range uint64(500) {
		d, err := g.Draft(n)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range inBrackets.FindAllString(d.Text, -1) {
			face := !letter.MatchString(s)
			drawn[face][s] = true
			if face && !slices.Contains(faces, s) {
				t.Errorf("%q has the face %s", d.Text, s)
			}
		}
	}
	other := func(s string) bool { return !letter.MatchString(s) && !slices.Contains(faces, s) }
	others := 0
	for n := range uint64(100) {
		if d, err := g.Replay(n, 1, 0); err == nil && slices.ContainsFunc(inBrackets.FindAllString(d.Text, -1), other) {
			others++
		}
	}
	if others == 0 {
		t.Error("a walk that is left alone has no other face")
	}
	if len(drawn[true]) != len(faces) || len(drawn[false]) <= len(words) {
		t.Errorf("faces %v, words %v", drawn[true], drawn[false])
	}
}

// Faces close as often as in posts. What one post has once, (´), is rare, though it is due to be closed after its
// first sign in others, and ´ is closed often.
func TestFacesAreNotClosedEarly(t *testing.T) {
	r := rand.New(rand.NewPCG(36, 36))
	texts := []string{"the (´)Д(｀) cat"}
	for range 300 {
		w := func() string { return one(r, plainWords[:8]) }
		texts = append(texts, w()+" "+w()+one(r, []string{"(´・ω・｀)", "(｀・ω・´)", "(´-)"})+" "+w()+" "+w())
	}
	drawn := found(t, texts, 500, `\(.*?\)`)
	if drawn["(´)"] > 10 || drawn["(´・ω・｀)"] < 100 || drawn["(´-)"] < 100 {
		t.Errorf("faces %v", drawn)
	}
}

// Of a face that follows a word directly, drafts have no nose without a mouth, whose bracket they lack.
func TestFacesLoseNoMouth(t *testing.T) {
	r := rand.New(rand.NewPCG(32, 32))
	var texts []string
	for range 300 {
		w := func() string { return one(r, plainWords[:8]) }
		texts = append(texts, w()+" "+w()+one(r, []string{";-)", ":-(", ":-P", "; so"})+" "+w()+" "+w()+"-"+w())
	}
	g := generator(t, learn(t, number(texts)), Defaults())
	half := regexp.MustCompile(`[:;]-[^P]`)
	whole := 0
	for n := range uint64(300) {
		d, err := g.Draft(n)
		if err != nil {
			t.Fatal(err)
		}
		if half.MatchString(d.Text) {
			t.Errorf("%q", d.Text)
		}
		if strings.Contains(d.Text, ":-P") {
			whole++
		}
	}
	if whole < 20 {
		t.Errorf("%d whole faces", whole)
	}
}

// Of a face without brackets, drafts have no eye and mouth without the other eye, also at their end; nor have
// they two different eyes.
func TestFacesKeepBothEyes(t *testing.T) {
	r := rand.New(rand.NewPCG(34, 34))
	faces := []string{";ㅅ;", "=ㅅ=", "'ㅂ'", ";ω;", "^ω^"}
	var texts []string
	for range 400 {
		w := func() string { return one(r, syllables) + one(r, syllables) }
		texts = append(texts, w()+" "+w()+" "+one(r, faces)+one(r, []string{"", " " + w(), w()}), w()+one(r, []string{"ㅅ", "ㅂ", "ω", "업ㅅ"})+one(r, []string{"", w()}))
	}
	drawn := found(t, texts, 500, `[;='^][ㅅㅂω][;='^]?`)
	for s, n := range drawn {
		if !slices.Contains(faces, s) {
			t.Errorf("%d times %s", n, s)
		}
	}
	if len(drawn) < len(faces) {
		t.Errorf("faces %v", drawn)
	}
}
