package text

import (
	"fmt"
	"testing"
)

func TestWordList(t *testing.T) {
	l := NewWordList([]string{"Damn", "#naïve", "hot dog", "", "ＦＵＬＬ", "＃wide", "👍", "石头", "まぬけ", "바보", "ﾊﾞｶ", "tv스타", "개", "´"})
	if l.Len() != 13 {
		t.Errorf("got %d entries, want 13", l.Len())
	}
	for _, c := range []struct {
		text string
		want bool
	}{
		{"", false},
		{"oh DAMN it", true},
		{"a damnation", false},
		{"a #BigDamnDeal", true},
		{"so naïve", true},
		{"so naive", false},
		{"#sonaïve", true},
		{"#other", false},
		{"a Hot dog!", true},
		{"a hot dog", true},
		{"wide", true},
		{"👍", true},
		{"so ´ it is", true},
		{"a hot, dog", false},
		{"hot", false},
		{"full", true},
		{"so.damn he ran", true},
		{"he:damn", true},
		{"damn.Then", true},
		{"a damn_ thing", true},
		{"the damn's", true},
		{"the Damn’s", true},
		{"damn't", false},
		{"damn'll go", true},
		{"Damn’d", true},
		{"damn're so.damn've", true},
		{"hot dog'll", true},
		{"'ll", false},
		{"da\u00admn", true},
		{"da\u200bmn it", true},
		{"\u200edamn\u2060", true},
		{"#big\u00addamn", true},
		{"hot\u200b dog", true},
		{"damnation.fool", false},
		{"@damn", true},
		{"damn.example.com", true},
		{"#HotDogs for all", true},
		{"#big_hot_dogs", true},
		{"#hot day", false},
		{"a #hot dog", true},
		{"a hot #dog", true},
		{"a hot dog's bun", true},
		{"a hot’s dog", false},
		{"so.hot dog", true},
		{"a hot dog.Then", true},
		{"a hot dogs.Then", false},
		{"a hot dog™ bun", true},
		{"hot dog²", true},
		{"大石头人", true},
		{"石 头", true},
		{"石\n头人", true},
		{"石的头", false},
		{"#大石头人 ok", true},
		{"#石的头 ok", false},
		{"これは #まぬけな日", true},
		{"너 바보", true},
		{"바보야!", true},
		{"이 바보는 OK", true},
		{"#바보들 ok", true},
		{"바다 보물", false},
		{"바 보물", false},
		{"damn이라고", true},
		{"damned라고", false},
		{"그 개.그리고", true},
		{"공개한", false},
		{"TV 스타일", true},
		{"バカなの", true},
		{"オオバカモノ", true},
		{"バナナ カメラ", false},
		{"コバ カメラ", false},
	} {
		if got := l.Has(c.text); got != c.want {
			t.Errorf("Has(%q) = %v", c.text, got)
		}
	}
	var none *WordList
	if none.Has("anything") || none.HasWord("any") || none.Len() != 0 {
		t.Error("a nil list holds something")
	}
}

// Asking for a word takes no longer the more words and phrases there are.
func BenchmarkHasWord(b *testing.B) {
	for _, n := range []int{1, 2000} {
		var entries []string
		for i := range n {
			entries = append(entries, fmt.Sprint("one", i, " two"), fmt.Sprint("word", i))
		}
		l := NewWordList(entries)
		b.Run(fmt.Sprint(2*n, " entries"), func(b *testing.B) {
			for b.Loop() {
				l.HasWord("other")
			}
		})
	}
}
