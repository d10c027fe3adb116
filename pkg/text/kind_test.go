package text

import "testing"

func TestKindOf(t *testing.T) {
	for kind, atoms := range map[Kind][]string{
		Word:     {"a", "Hello", "l'", "don't", "été", "日", "カタカナ", "한국어", "ไ", "U.S.", "and", "x1", "_a", "XP", "नमस्ते", "ذهب", "\u0301", "XDDDDD"},
		Number:   {"1", "10:30", "1,000.5", "50%", "1er", "$5", "£5", "٣", "1)", "3.14"},
		Mark:     {"", ".", "...", "!?", "(", "—", "«", "$", "@", "#", "__", "^", "<", "™", "\u200b", "。", "-", "##", "＃", "＠", "€"},
		Emoji:    {"👍", "👍🏽", "👨‍👩‍👧‍👦", "🇫🇷", "1️⃣", "#️⃣", "❤️", "☺"},
		Emoticon: {":)", ";-)", ":D", "<3", "^^", "^_^", "xD", "XDDD", "T_T", "o_O", "¯\\_(ツ)_/¯", "(´・ω・`)", "-_-", ":'("},
		Hashtag:  {"#tag", "#été", "#日本", "＃ｔａｇ", "#1a"},
		Cashtag:  {"$CASH", "$a.b"},
		Mention:  {"@name", "@a@b.c", "@été", "＠name"},
		Link:     {"http://t.co/x", "HTTPS://A.com", "http://", "ftp://x", "example.com", "example.com/path", "end.So", "été.fr", "a@b.com", "é@b.com"},
	} {
		for _, atom := range atoms {
			if got := KindOf([]byte(atom)); got != kind {
				t.Errorf("KindOf(%q) = %d, want %d", atom, got, kind)
			}
		}
	}
}

func TestHasMention(t *testing.T) {
	for atom, want := range map[string]bool{
		"": false, "a": false, "@": false, "@name": true, "＠name": true, "(@o^;)": true, "(@ω@)": true, "(＠_＠;)": true, "@.@": false, ":@": false, "@@a": false, "＠@a": false,
		"a@b.com": false, "é@b.com": true, "我＠b.com": true, "http://localhost/@a": true,
	} {
		if got := HasMention(atom); got != want {
			t.Errorf("HasMention(%q) = %v", atom, got)
		}
	}
}
