package text

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Normalise returns s in the form that the rest of the package works on:
//
//   - valid UTF-8: each byte that is not part of a character becomes U+FFFD;
//   - HTML references decoded until none is left, so that &amp;lt; becomes <. It knows &amp; &lt;
//     &gt; &quot; &apos; &nbsp; and the numeric ones, with their semicolon; anything else stays as
//     it is;
//   - one line end, \n, for everything that Unicode (section 5.8) calls a newline function: \r\n,
//     \r, \v, \f, U+0085, U+2028 and U+2029;
//   - no control character but \t and \n: the rest of C0, DEL and C1 are dropped, and so are
//     U+FEFF, U+FFFE and U+FFFF, for which X refuses a post;
//   - NFC;
//   - no white space at either end.
//
// Nothing else changes: case, accents, spaces, typographic quotes and invisible joiners are part of
// the voice. Normalise is idempotent, and linear in the length of s. NFC is that of
// golang.org/x/text, which inserts U+034F after 30 combining marks in a row, and mistakes a few
// ancient letters before a combining mark for Latin ones (golang.org/issue/81028).
func Normalise(s string) string {
	return string(AppendNormal(nil, []byte(s)))
}

// AppendNormal appends the normal form of src to dst, which must not overlap src. It allocates
// nothing but the growth of dst. See [Normalise].
func AppendNormal(dst, src []byte) []byte {
	w := normaliser{dst: dst, base: len(dst), feed: -1}
	for i := 0; ; {
		if i < len(src) && src[i] == '\n' && len(w.dst) == w.feed {
			i, w.feed = i+1, -1
		}
		n := plain(src[i:])
		w.dst = append(w.dst, src[i:i+n]...)
		if i += n; i == len(src) {
			break
		}
		r, size := utf8.DecodeRune(src[i:])
		if i += size; w.put(r) {
			w.unescape()
		}
	}
	if w.loose {
		w.compose()
	}
	return w.trim()
}

// normaliser is the state of one AppendNormal.
type normaliser struct {
	dst   []byte
	base  int  // where the text begins in dst
	feed  int  // length of dst after a \r was written as \n; a \n read there belongs to that \r
	loose bool // a rune was written that NFC may change
}

// put writes one rune in its normal form and reports whether it was a ';', which may complete a
// reference.
func (w *normaliser) put(r rune) bool {
	switch {
	case r == ';' || r == 0x37e: // the Greek question mark is a ';' in NFC
		w.dst = append(w.dst, ';')
		return true
	case r == '\n' && len(w.dst) == w.feed:
		w.feed = -1
		return false
	case r == '\n' || r == '\v' || r == '\f' || r == '\r' || r == 0x85 || r == 0x2028 || r == 0x2029:
		w.dst = append(w.dst, '\n')
		if r == '\r' {
			w.feed = len(w.dst)
		}
		return false
	case r != '\t' && r < ' ' || r >= 0x7f && r < 0xa0 || r == 0xfeff || r == 0xfffe || r == 0xffff:
		w.loose = true // runes that it separated may now combine
		return false
	}
	w.loose = w.loose || r >= utf8.RuneSelf && roleOf(r) != settled
	w.dst = utf8.AppendRune(w.dst, r)
	return false
}

// compose converts what was written to NFC. It does so behind the text in dst, after a line end
// that separates the two, so that it needs no other memory.
func (w *normaliser) compose() {
	mid := len(w.dst)
	if norm.NFC.QuickSpan(w.dst[w.base:]) == mid-w.base {
		return
	}
	w.dst = append(w.dst, '\n')
	w.dst = norm.NFC.Append(w.dst, w.dst[w.base:mid]...)
	n := copy(w.dst[w.base:], w.dst[mid+1:])
	w.dst = w.dst[:w.base+n]
}

// trim removes the white space at both ends of what was written.
func (w *normaliser) trim() []byte {
	n := copy(w.dst[w.base:], bytes.TrimSpace(w.dst[w.base:]))
	return w.dst[:w.base+n]
}

const (
	ones  = 0x0101010101010101
	highs = 0x80 * ones
)

// plain returns the length of the longest prefix of s that is in normal form whatever follows it:
// text without ';', control characters other than \t and \n, invalid UTF-8, and runes that may
// combine. It reads ASCII eight bytes at a time.
func plain(s []byte) int {
	i := 0
	for {
		for i+8 <= len(s) {
			m := special(binary.LittleEndian.Uint64(s[i:]))
			if m != 0 {
				i += bits.TrailingZeros64(m) >> 3
				break
			}
			i += 8
		}
		if i == len(s) {
			return i
		}
		c := s[i]
		switch {
		case c >= utf8.RuneSelf:
			i += settledSpan(s[i:])
			if i < len(s) && s[i] >= utf8.RuneSelf {
				return i
			}
		case c < ' ' && c != '\n' && c != '\t' || c == ';' || c == 0x7f:
			return i
		default:
			i++
		}
	}
}

// special marks the bytes of x that are below ' ', above '~' or ';'. Only the lowest mark may be
// used: those above it may be false (Hacker's Delight, 6-1).
func special(x uint64) uint64 {
	semicolon := x ^ ';'*ones
	del := x ^ 0x7f*ones
	return ((x-' '*ones)&^x | (semicolon-ones)&^semicolon | (del-ones)&^del | x) & highs
}
