package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// emojiLen returns the length of the emoji sequence that s begins with, or 0: a keycap, a flag, a
// flag of tags, or pictographs with their skin tones and variation selectors, joined by U+200D. A
// character with the selector for text (U+FE0E) is no emoji.
func emojiLen(s []byte) int {
	if len(s) == 0 || s[0] < utf8.RuneSelf && (len(s) < 4 || s[1] < utf8.RuneSelf) {
		return 0
	}
	r, size := utf8.DecodeRune(s)
	switch {
	case r >= '0' && r <= '9' || r == '#' || r == '*':
		n := size + selector(s[size:])
		if next, keycap := utf8.DecodeRune(s[n:]); next == 0x20e3 {
			return n + keycap
		}
		return 0
	case r == '©' || r == '®' || r == '™':
		if n := selector(s[size:]); n > 0 {
			return size + n
		}
		return 0
	case isRegional(r):
		return flagLen(s)
	case r == 0x1f3f4:
		if n := tagsLen(s[size:]); n > 0 {
			return size + n
		}
	}
	return joinedLen(s)
}

// selector returns the length of the variation selector for emoji that s begins with, or 0.
func selector(s []byte) int {
	if r, size := utf8.DecodeRune(s); r == 0xfe0f {
		return size
	}
	return 0
}

// joinedLen returns the length of the pictographs joined by U+200D that s begins with.
func joinedLen(s []byte) int {
	n := pictureLen(s)
	for n > 0 && n < len(s) {
		r, joiner := utf8.DecodeRune(s[n:])
		if r != 0x200d {
			break
		}
		more := pictureLen(s[n+joiner:])
		if more == 0 {
			break
		}
		n += joiner + more
	}
	return n
}

// pictureLen returns the length of the pictograph that s begins with, including its skin tone and
// variation selectors; or 0.
func pictureLen(s []byte) int {
	r, n := utf8.DecodeRune(s)
	if r < 0x203c || !unicode.Is(pictographs, r) {
		return 0
	}
	n += selector(s[n:])
	next, size := utf8.DecodeRune(s[n:])
	switch {
	case next == 0xfe0e:
		return 0
	case next >= 0x1f3fb && next <= 0x1f3ff:
		n += size
		n += selector(s[n:])
	}
	return n
}

// isRegional reports whether r is a regional indicator, half of a flag.
func isRegional(r rune) bool {
	return r >= 0x1f1e6 && r <= 0x1f1ff
}

// regions are the codes of CLDR that have a flag (Unicode emoji-sequences.txt, RGI_Emoji_Flag_Sequence).
const regions = "ACADAEAFAGAIALAMAOAQARASATAUAWAXAZ" +
	"BABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZ" +
	"CACCCDCFCGCHCICKCLCMCNCOCPCRCUCVCWCXCYCZ" +
	"DEDGDJDKDMDODZEAECEEEGEHERESETEUFIFJFKFMFOFR" +
	"GAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHU" +
	"ICIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZ" +
	"LALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZ" +
	"NANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQA" +
	"RERORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZ" +
	"TATCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUNUSUYUZVAVCVEVGVIVNVUWFWSXKYEYTZAZMZW"

// flagLen returns the length of the flag, or of the lone regional indicator, that s begins with.
func flagLen(s []byte) int {
	first, size := utf8.DecodeRune(s)
	second, more := utf8.DecodeRune(s[size:])
	if !isRegional(second) {
		return size
	}
	code := [2]byte{byte(first - 0x1f1e6 + 'A'), byte(second - 0x1f1e6 + 'A')}
	for rest := regions; rest != ""; rest = rest[2:] {
		if strings.HasPrefix(rest, string(code[:])) {
			return size + more
		}
	}
	return size
}

// tagsLen returns the length of the tag characters that s begins with, if they turn a black flag
// into that of England, Scotland or Wales; otherwise 0.
func tagsLen(s []byte) int {
	for _, region := range []string{"gbeng", "gbsct", "gbwls"} {
		n := 0
		for _, c := range region + "\x7f" {
			if r, size := utf8.DecodeRune(s[n:]); r == 0xe0000+c {
				n += size
			}
		}
		if n == 6*utf8.UTFMax {
			return n
		}
	}
	return 0
}

// pictographs are the runes from U+203C on that have the property Extended_Pictographic (Unicode 17, emoji-data.txt).
var pictographs = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x203c, 0x203c, 1}, {0x2049, 0x2049, 1}, {0x2122, 0x2122, 1}, {0x2139, 0x2139, 1}, {0x2194, 0x2199, 1},
		{0x21a9, 0x21aa, 1}, {0x231a, 0x231b, 1}, {0x2328, 0x2328, 1}, {0x2388, 0x2388, 1}, {0x23cf, 0x23cf, 1},
		{0x23e9, 0x23f3, 1}, {0x23f8, 0x23fa, 1}, {0x24c2, 0x24c2, 1}, {0x25aa, 0x25ab, 1}, {0x25b6, 0x25b6, 1},
		{0x25c0, 0x25c0, 1}, {0x25fb, 0x25fe, 1}, {0x2600, 0x2605, 1}, {0x2607, 0x2612, 1}, {0x2614, 0x2685, 1},
		{0x2690, 0x2705, 1}, {0x2708, 0x2712, 1}, {0x2714, 0x2714, 1}, {0x2716, 0x2716, 1}, {0x271d, 0x271d, 1},
		{0x2721, 0x2721, 1}, {0x2728, 0x2728, 1}, {0x2733, 0x2734, 1}, {0x2744, 0x2744, 1}, {0x2747, 0x2747, 1},
		{0x274c, 0x274c, 1}, {0x274e, 0x274e, 1}, {0x2753, 0x2755, 1}, {0x2757, 0x2757, 1}, {0x2763, 0x2767, 1},
		{0x2795, 0x2797, 1}, {0x27a1, 0x27a1, 1}, {0x27b0, 0x27b0, 1}, {0x27bf, 0x27bf, 1}, {0x2934, 0x2935, 1},
		{0x2b05, 0x2b07, 1}, {0x2b1b, 0x2b1c, 1}, {0x2b50, 0x2b50, 1}, {0x2b55, 0x2b55, 1}, {0x3030, 0x3030, 1},
		{0x303d, 0x303d, 1}, {0x3297, 0x3297, 1}, {0x3299, 0x3299, 1},
	},
	R32: []unicode.Range32{
		{0x1f000, 0x1f0ff, 1}, {0x1f10d, 0x1f10f, 1}, {0x1f12f, 0x1f12f, 1}, {0x1f16c, 0x1f171, 1}, {0x1f17e, 0x1f17f, 1},
		{0x1f18e, 0x1f18e, 1}, {0x1f191, 0x1f19a, 1}, {0x1f1ad, 0x1f1e5, 1}, {0x1f201, 0x1f20f, 1}, {0x1f21a, 0x1f21a, 1},
		{0x1f22f, 0x1f22f, 1}, {0x1f232, 0x1f23a, 1}, {0x1f23c, 0x1f23f, 1}, {0x1f249, 0x1f53d, 1}, {0x1f546, 0x1f64f, 1},
		{0x1f680, 0x1f6ff, 1}, {0x1f774, 0x1f77f, 1}, {0x1f7d5, 0x1f7ff, 1}, {0x1f80c, 0x1f80f, 1}, {0x1f848, 0x1f84f, 1},
		{0x1f85a, 0x1f85f, 1}, {0x1f888, 0x1f88f, 1}, {0x1f8ae, 0x1f8ff, 1}, {0x1f90c, 0x1f93a, 1}, {0x1f93c, 0x1f945, 1},
		{0x1f947, 0x1faff, 1}, {0x1fc00, 0x1fffd, 1},
	},
}
