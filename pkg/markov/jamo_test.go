package markov

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"horsepipe/pkg/text"
)

// Laughter and faces of Korean letters are not cut short: a letter stands alone only if it does in posts.
func TestKoreanLaughterStaysWhole(t *testing.T) {
	r := rand.New(rand.NewPCG(31, 31))
	letters := []string{" ㅋㅋ", "ㅋㅋㅋ", " ㅋㅋㅋㅋ", "ㅠㅠ", " ㅠㅠㅠ", " ㅡ.ㅡ", "ㅜ_ㅜ", "ㅇㅋ", " ㅎ", " ㅋㅋ ㅠㅠ", " ㅠㅠ ㅋㅋ"}
	var texts []string
	for range 400 {
		w := func() string { return one(r, syllables) + one(r, syllables) }
		texts = append(texts, w()+" "+w()+one(r, letters)+one(r, []string{"", " " + w(), ". " + w(), w()}))
	}
	drawn := found(t, texts, 500, `[ㄱ-ㅣ]+([._][ㄱ-ㅣ]+)*`)
	for s, n := range drawn {
		if len(s) == len("ㅋ") && s != "ㅎ" {
			t.Errorf("%d times %s", n, s)
		}
	}
	for _, s := range []string{"ㅋㅋ", "ㅋㅋㅋ", "ㅠㅠ", "ㅡ.ㅡ", "ㅜ_ㅜ", "ㅇㅋ", "ㅎ"} {
		if drawn[s] == 0 {
			t.Errorf("no draft has %s", s)
		}
	}
}

// A name in letters, once begun, goes on to its end as in a post; laughter in other letters is of any length.
func TestKoreanNamesAreNotCutShort(t *testing.T) {
	r := rand.New(rand.NewPCG(35, 35))
	names := []string{"ㅍㅍㅅㅅ", "ㄱㅅ", "ㅅㄱㅎ"}
	var texts []string
	for range 400 {
		w := func() string { return one(r, syllables) + one(r, syllables) }
		letters := one(r, append(names, strings.Repeat("ㅋ", 2+r.IntN(6))))
		texts = append(texts, w()+one(r, []string{" ", ""})+letters+one(r, []string{"", " ", " - "})+w(), w()+" "+letters)
	}
	endsName := func(s string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return strings.HasSuffix(name, s) })
	}
	drawn := found(t, texts, 500, `[ㄱ-ㅣ]+`)
	for s, n := range drawn {
		if !endsName(s) && strings.Trim(s, "ㅋ") != "" {
			t.Errorf("%d times %s", n, s)
		}
	}
	for _, s := range append(names, "ㅋㅋ", "ㅋㅋㅋㅋㅋ") {
		if drawn[s] == 0 {
			t.Errorf("no draft has %s", s)
		}
	}
}

// A letter alone, and a face without its second eye, are halves; white space parts letters.
func TestHalf(t *testing.T) {
	for s, want := range map[string]int{"가 ㅋ": 1, "가ㅋ": 1, "ㅋㅋ": 0, "ㅋㅋㅋ": 0, "ㅋ ㅋ": 1, "ㅡ.": 2, "ㅠ_": 2, "ㅡ .": 0, "ㅡ.ㅡ": 0, "ㅡ .ㅡ": 1, "ㅡ. ㅡ": 1, "가.": 0, "가": 0, "": 0} {
		var last tail
		words := text.SplitUnits(s)
		for i, u := range slices.Backward(words) {
			if at := len(words) - 1 - i; at < len(last) {
				last[at].text, last[at].joined = u.Text, u.Gap == ""
			}
		}
		if got := last.half(); got != want {
			t.Errorf("%q: got %d, want %d", s, got, want)
		}
	}
}
