package markov

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// A series is as long as in posts: three full stops stay three, and laughter of any length keeps its lengths.
func TestSeriesAreAsLongAsInPosts(t *testing.T) {
	r := rand.New(rand.NewPCG(37, 37))
	kana := []string{"か", "さ", "た", "な", "は", "ま", "や", "ら"}
	var texts []string
	for range 400 {
		w := func() string { return one(r, kana) + one(r, kana) + one(r, kana) }
		texts = append(texts, w()+one(r, []string{"。。。", "・・・", "ーー", "。", strings.Repeat("ㅋ", 2+r.IntN(5))})+w()+one(r, []string{"", "。 。"}))
	}
	drawn := found(t, texts, 1000, `。+|・+|ー+|ㅋ+`)
	for _, s := range []string{"。", "。。。", "ーー", "・・・", "ㅋㅋ", "ㅋㅋㅋ", "ㅋㅋㅋㅋ", "ㅋㅋㅋㅋㅋ"} {
		if drawn[s] == 0 {
			t.Errorf("no %s among %v", s, drawn)
		}
	}
	for _, s := range []string{"。。", "。。。。", "・・", "・・・・", "ーーー", "ㅋ"} {
		if drawn[s] > 0 {
			t.Errorf("%d times %s", drawn[s], s)
		}
	}
}
