package export

import (
	"cmp"
	"strings"
)

// ellipsis is what X puts in the place of an end that it has cut off.
const ellipsis = "…"

// setText sets the text and what follows from it: whether it is a repost, which post it quotes,
// whether it is cut. X marks a cut with an ellipsis. API v1.1, which some people use to complete
// the old form, adds a link to the post itself.
func (r *record) setText(text string, repost bool) {
	text = strings.Trim(text, " \n") // left where there was a picture or film
	r.text = text
	if repost || manualRepost(text) {
		r.mark |= shareOfOther
	}
	start := strings.LastIndexAny(text, " \n") + 1
	switch id := statusID(text[start:]); {
	case id == "":
	case id == decimal(r.id) || id == r.repostOf:
		r.text = strings.TrimRight(text[:start], " \n")
		r.mark |= cutShort
	case r.quoteOf == "" && !r.is(shareOfOther):
		r.quoteOf = id
	}
	if body, ok := strings.CutSuffix(r.text, ellipsis); ok && r.is(shareOfOther) {
		r.text = withoutHalfLink(body) + ellipsis
		r.mark |= cutShort
	}
}

// withoutHalfLink removes a link at the end, through which the cut at 140 characters went.
func withoutHalfLink(text string) string {
	if i := strings.LastIndexAny(text, " \n"); i >= 0 && strings.HasPrefix(text[i+1:], "http") {
		return strings.TrimRight(text[:i], " \n")
	}
	return text
}

// manualRepost reports whether text begins with "RT @name:", which is all that today's export says
// of reposts.
func manualRepost(text string) bool {
	rest, ok := strings.CutPrefix(text, "RT @")
	n := 0
	for n < len(rest) && wordByte(rest[n]) {
		n++
	}
	return ok && n > 0 && strings.HasPrefix(strings.TrimPrefix(rest[n:], " "), ":")
}

// statusID returns the id of the post that a word links to, or "".
func statusID(word string) string {
	rest, ok := strings.CutPrefix(word, "https://")
	if !ok {
		rest, ok = strings.CutPrefix(word, "http://")
	}
	host, page, _ := strings.Cut(rest, "/")
	switch strings.TrimPrefix(strings.TrimPrefix(host, "www."), "mobile.") {
	case "twitter.com", "x.com":
	default:
		return ""
	}
	_, id, found := strings.Cut(page, "/status/")
	id, _, _ = strings.Cut(id, "?")
	if !ok || !found || id == "" || strings.Trim(id, "0123456789") != "" {
		return ""
	}
	return id
}

// unescape decodes what X escapes in posts, and the older &quot;; escape is the way back.
var (
	unescape = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">", "&quot;", `"`)
	escape   = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
)

// escaped reports whether X may have escaped a text, which then has no bare & < or >. No real note was.
func escaped(text string) bool {
	return escape.Replace(unescape.Replace(text)) == strings.ReplaceAll(text, "&quot;", `"`)
}

// shortLink finds the next t.co link of text: text[from:to].
func shortLink(text string) (from, to int, ok bool) {
	i := strings.Index(text, "://t.co/")
	if i < 0 {
		return 0, 0, false
	}
	from = i - len("http")
	if i > 0 && text[i-1] == 's' {
		from--
	}
	to = i + len("://t.co/")
	for to < len(text) && wordByte(text[to]) {
		to++
	}
	return max(from, 0), to, true
}

// expand replaces each short link by its long form; links that are not in long stay, and so do those
// behind as much text as no post has: one long form may be asked for a hundred thousand times.
func expand(text string, long map[string]string) string {
	var b strings.Builder
	for {
		from, to, ok := shortLink(text)
		if !ok || b.Len() > maxRecord {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(text[:from])
		b.WriteString(cmp.Or(long[text[from:to]], text[from:to]))
		text = text[to:]
	}
}
