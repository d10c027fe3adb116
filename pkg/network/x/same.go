package x

import (
	"strings"

	"horsepipe/pkg/post"
	"horsepipe/pkg/text"
)

// Same reports whether a post of a timeline is what X made of a draft. X puts names before an answer,
// replaces links, appends one to the media, and normalises. So texts that differ only in links count as
// the same.
func Same(draft, made *post.Post) bool {
	if made.ReplyTo != draft.ReplyTo && made.ReplyTo != "" || made.Repost || made.RepostOf != "" {
		return false // (a timeline may omit what a post answers, but says nothing false)
	}
	reply := draft.ReplyTo != ""
	return plain(draft.Text, reply) == plain(made.Text, reply)
}

// plain returns a text without what X changes, and without links, which X shows in its own way.
func plain(s string, reply bool) string {
	s = text.Normalise(s)
	var b strings.Builder
	at := 0
	for _, span := range text.Links(s) {
		b.WriteString(s[at:span.Start] + " ")
		at = span.End
	}
	b.WriteString(s[at:])
	words := strings.Fields(b.String())
	for reply && len(words) > 0 && strings.HasPrefix(words[0], "@") {
		words = words[1:]
	}
	return strings.Join(words, " ")
}
