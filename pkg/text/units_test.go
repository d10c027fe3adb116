package text

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestUnits(t *testing.T) {
	for s, want := range map[string][]string{
		"":          nil,
		"two words": {"two", "words"},
		"한국어 사람":    {"한", "국", "어", "사", "람"},
		"カタカナとABC":  {"カ", "タ", "カ", "ナ", "と", "ABC"},
		"#日本 #tag":  {"#", "日", "本", "#tag"},
		"ฉันกำ #ที่น้ำa #bที่ 3๑ aิ": {"ฉั", "น", "กำ", "#", "ที่", "น้ำ", "a", "#b", "ที่", "3", "๑", "aิ"},
		"﨎ｶﾅ𠮷":            {"﨎", "ｶ", "ﾅ", "𠮷"},
		"don't, l'été 👍🏽": {"don't", ",", "l'", "été", "👍🏽"},
	} {
		var got []string
		for _, u := range SplitUnits(s) {
			got = append(got, u.Text)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: got %q, want %q", s, got, want)
		}
	}
}

func TestUnitsLoseNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "text")
		if got := Join(SplitUnits(s)); got != Normalise(s) {
			t.Errorf("got %q, want %q", got, Normalise(s))
		}
	})
}
