package text

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestWeigh(t *testing.T) {
	for s, want := range map[string]int{
		"":                              0,
		"Hello, world":                  12,
		"a. b.c":                        6,
		"été":                           3,
		"e\u0301te\u0301":               3,
		"日本":                            4,
		"한":                             2,
		"“x” — ‘y’…":                    11, // the ellipsis is 2
		"\u200b\u200d\u200e":            4,
		"http://example.com/a/long/one": 23,
		"x.co":                          23,
		"the end.So":                    27,
		"see example.com/é ok":          4 + 23 + 3,
		"日本http://a.jp":                 27,
		"a@b.com":                       7,
		"👍":                             2,
		"👍🏽":                            2,
		"👨‍👩‍👧‍👦":                       2,
		"🏴󠁧󠁢󠁥󠁮󠁧󠁿":                       2,
		"🇫🇷":                            2,
		"🇫":                             2,
		"🇽🇽":                            4, // no such flag
		"1️⃣":                           2,
		"#⃣":                            2,
		"1\ufe0f":                       3,
		"©":                             1,
		"©\ufe0f":                       2,
		"®\ufe0f":                       2,
		"❤\ufe0f":                       2,
		"❤\ufe0e":                       4, // asks for text
		"👍\u200d":                       3,
		"🏴\U000e0067\U000e007f":         6, // no such region
		"\xff":                          2,
	} {
		if got := Weigh(s); got != want {
			t.Errorf("Weigh(%q) = %d, want %d", s, got, want)
		}
	}
}

// Tokens weigh what their text weighs, unless something is formed between them.
func TestWeightAddsUp(t *testing.T) {
	atoms := []string{"a", "l'", "été", "10:30", ",", "…", "日", "コーヒー", "👍🏽", "🇫🇷", "#tag", "example.com", "http://t.co/x", ":)", "«", "$5", "U.S."}
	gaps := []string{" ", "\n", "\u00a0", "\u3000"}
	rapid.Check(t, func(t *rapid.T) {
		var text strings.Builder
		sum := 0
		for _, atom := range rapid.SliceOf(rapid.SampledFrom(atoms)).Draw(t, "atoms") {
			gap := rapid.SampledFrom(gaps).Draw(t, "gap")
			text.WriteString(gap + atom)
			sum += Weigh(gap) + Weigh(atom)
		}
		if got := Weigh(text.String()); got != sum {
			t.Errorf("Weigh(%q) = %d, its tokens %d", text.String(), got, sum)
		}
	})
}

func TestEmojiLen(t *testing.T) {
	for _, s := range []string{"☺", "☺️", "👩‍🚀", "👩🏾‍🚀", "🏳️‍🌈", "❤️‍🔥", "👁️‍🗨️", "🇩🇪", "*️⃣", "🏴󠁧󠁢󠁷󠁬󠁳󠁿", "🧑‍🤝‍🧑", "🤦🏼‍♂️", "🫠", "👍🏽\ufe0f", "🇿🇼", "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"} {
		if got := emojiLen([]byte(s + "a")); got != len(s) {
			t.Errorf("emojiLen(%q) = %d, want %d", s, got, len(s))
		}
		if got := Split(s + s); len(got) != 2 || got[0].Text != s {
			t.Errorf("Split(%q) = %q", s+s, got)
		}
	}
	for _, s := range []string{"", "a", "1", "12\u20e3", "©", "é", "\ufe0f", "\u200d", "日", "—", "☺\ufe0e"} {
		if got := emojiLen([]byte(s)); got != 0 {
			t.Errorf("emojiLen(%q) = %d", s, got)
		}
	}
	if got := emojiLen([]byte("🇽🇽")); got != len("🇽") {
		t.Errorf("what is no flag has %d bytes", got)
	}
	if len(regions) != 2*258 {
		t.Errorf("%d regions", len(regions)/2)
	}
}

func TestWeighPartsIsNeverLess(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "end.So x": 25, "❌": 2, "⚠️": 4, "👨‍👩‍👧": 8, "日本": 4} {
		if got := WeighParts(s); got != want || got < Weigh(s) {
			t.Errorf("WeighParts(%q) = %d, want %d; X counts %d", s, got, want, Weigh(s))
		}
	}
}
