package sandbox

import (
	"crypto/sha256"
	"math/big"
	"regexp"
	"strings"
	"unicode/utf8"

	"horsepipe/pkg/text"
)

// kind says what a piece of a post's text is.
type kind uint8

const (
	prose kind = iota
	link
	mention
	hashtag
	cashtag
)

// piece is a part of a post's text, as X shows it, but without HTML's escapes.
type piece struct {
	kind kind
	text string
	what string // of a link: where it leads; otherwise: the name without its sign
}

// maxRepost is how many characters X shows of a repost.
const maxRepost = 140

const shortLink = "https://t.co/"

// tagged finds names and tags; group 1 is what must precede one.
var tagged = regexp.MustCompile(`(^|[^\w@#$&/＠＃])(?:[@＠](\w{1,15})|[#＃]([\p{L}\p{M}\p{N}_]*[\p{L}\p{M}_][\p{L}\p{M}\p{N}_]*)|\$([A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?))`)

// inWord may not follow a name or a cashtag.
var inWord = regexp.MustCompile(`^[\w@＠]`)

// pieces splits a text. Links become t.co links, whose codes depend on the salt,
// since X gives each post its own; links that are t.co links already stay.
func pieces(s, salt string) []piece {
	var out []piece
	start := 0
	for _, l := range text.Links(s) {
		out = appendTagged(out, s[start:l.Start])
		start = l.End
		long := s[l.Start:l.End]
		p := piece{link, long, long}
		if !strings.HasPrefix(long, shortLink) {
			p = piece{link, shortLink + shortCode(long, salt), withScheme(long)}
		}
		out = append(out, p)
	}
	return appendTagged(out, s[start:])
}

// withScheme returns where X leads for an address, which may be a bare domain.
func withScheme(address string) string {
	if strings.Contains(address, "://") {
		return address
	}
	return "http://" + address
}

// shortCode returns ten letters and digits; as on X, the same link in the same post
// gets the same.
func shortCode(long, salt string) string {
	sum := sha256.Sum256([]byte(salt + " " + long))
	return new(big.Int).SetBytes(sum[:]).Text(62)[:10]
}

// appendTagged splits a text that has no links.
func appendTagged(out []piece, s string) []piece {
	start := 0
	for _, m := range tagged.FindAllStringSubmatchIndex(s, -1) {
		sign, end := m[3], m[1]
		k, at := mention, m[4]
		switch {
		case m[6] >= 0:
			k, at = hashtag, m[6]
		case m[8] >= 0:
			k, at = cashtag, m[8]
		}
		if k != hashtag && inWord.MatchString(s[end:]) {
			continue
		}
		out = appendProse(out, s[start:sign])
		out = append(out, piece{k, s[sign:end], s[at:end]})
		start = end
	}
	return appendProse(out, s[start:])
}

func appendProse(out []piece, s string) []piece {
	if s == "" {
		return out
	}
	return append(out, piece{prose, s, s})
}

// mentioned returns the set of the names in a text, in lower case.
func mentioned(s string) map[string]bool {
	out := map[string]bool{}
	if !strings.ContainsAny(s, "@＠") { // most posts
		return out
	}
	for _, p := range pieces(s, "") {
		if p.kind == mention {
			out[strings.ToLower(p.what)] = true
		}
	}
	return out
}

// count returns how many pieces are of a kind.
func count(ps []piece, k kind) (n int) {
	for _, p := range ps {
		if p.kind == k {
			n++
		}
	}
	return n
}

func total(ps []piece, measure func(string) int) (n int) {
	for _, p := range ps {
		n += measure(p.text)
	}
	return n
}

// cut shortens a text to limit, with an ellipsis at its end, and reports whether
// it had to. Links, names and tags are shown whole or not at all.
func cut(ps []piece, limit int, measure func(string) int) ([]piece, bool) {
	if total(ps, measure) <= limit {
		return ps, false
	}
	const ellipsis = "…"
	room := limit - measure(ellipsis)
	var out []piece
	for _, p := range ps {
		need := measure(p.text)
		if need <= room {
			out, room = append(out, p), room-need
			continue
		}
		if p.kind == prose {
			out = appendProse(out, longest(p.text, room, measure))
		}
		break
	}
	return appendProse(out, ellipsis), true
}

// longest returns the longest beginning of s that measures no more than room.
func longest(s string, room int, measure func(string) int) string {
	end := 0
	for i := range s {
		if measure(s[:i]) > room {
			break
		}
		end = i
	}
	return s[:end]
}

// escaper writes what X escapes in the text of posts, and no more: quotes stay.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// show returns a text as X sends it, and the place, in code points, of each piece that
// is not prose.
func show(ps []piece) (string, []placed) {
	var b strings.Builder
	var marks []placed
	at := 0
	for _, p := range ps {
		s := escaper.Replace(p.text)
		end := at + utf8.RuneCountInString(s)
		if p.kind != prose {
			marks = append(marks, placed{p, at, end})
		}
		b.WriteString(s)
		at = end
	}
	return b.String(), marks
}

// placed is a piece and its place in a text.
type placed struct {
	piece
	start, end int
}

// displayed returns a link as X shows it to a reader.
func displayed(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	rest = strings.TrimPrefix(rest, "www.")
	if runes := []rune(rest); len(runes) > 27 {
		return string(runes[:26]) + "…"
	}
	return rest
}
