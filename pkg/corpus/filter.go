// Package corpus decides what to learn from.
//
// A [Filter] says what is wanted. Each goroutine that reads gets its own [Sieve] from it, whose
// Sift turns a record into text to learn, or gives the reason to leave it out. A [Dedup] then finds
// duplicates, in the order of the input, and a [Tally] counts all of it. [Pipe] combines the three
// for inputs of any size.
//
// A filter looks at text in its normal form (see [text.Normalise]):
//
//   - Posts that only the account's followers or a few people may read are left out, whatever the filter says.
//   - Reposts are recognised by their fields, and by a leading "RT @name", with or without a colon,
//     in any case. After a comment, "RT @name" in capitals begins somebody else's words, up to the
//     end: the comment is learned, if there is one, and these words are left out as a repost is.
//     The letters RT mean nothing anywhere else.
//   - The names at the beginning of a reply are not part of what was said: they are dropped,
//     with a colon or comma after them, and the post is marked as a reply. A record that begins
//     with a name is taken for a reply even if no field says so.
//   - The links at the end of a post, where X puts those of its pictures, are dropped, and so is
//     what points at them: a colon or comma that stands alone or right after a word, a dash or bar
//     that stands alone, an arrow.
//   - A post is too short if it then has fewer words than required. Numbers, tags and names count
//     as words; emoji, marks and links do not.
//   - Duplicates are posts that are equal after all this, ignoring case and white space.
package corpus

import (
	"bytes"
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"horsepipe/pkg/post"
	"horsepipe/pkg/text"
)

// Filter says what to learn from. Its zero value keeps everything but posts that are not public, reposts,
// duplicates and posts of fewer than [MinWords] words. Its JSON describes what a model was made of.
type Filter struct {
	// Own are accounts whose posts are left out, such as the bot itself, with or without @, in any
	// case.
	Own []string `json:"own,omitempty"`
	// Langs are the languages wanted, in BCP 47, of any region ("pt" takes pt-BR); nil for all.
	Langs []string `json:"langs,omitempty"`
	// KeepReposts learns also from reposts, without their "RT @name: ", but not from truncated
	// ones.
	KeepReposts bool `json:"keep_reposts,omitempty"`
	// NoReplies leaves out replies.
	NoReplies bool `json:"no_replies,omitempty"`
	// KeepLinks keeps the links at the end of a post.
	KeepLinks bool `json:"keep_links,omitempty"`
	// MinWords is the least number of words in a post; 0 means [MinWords].
	MinWords int `json:"min_words,omitempty"`
	// Reject are words and phrases, see [text.WordList]; posts that contain any of them are left
	// out.
	Reject []string `json:"-"` // whoever gets a model need not learn these words
	// Without are the ids of posts to leave out. They are not part of the description, either.
	Without map[string]bool `json:"-"`
}

// MinWords is the least number of words in a post to learn from, unless the filter says otherwise:
// posts of a single word belong to a voice, too.
const MinWords = 1

// Reason is why a post was left out, or Kept.
type Reason uint8

// The reasons, in the order in which they are checked.
const (
	Kept      Reason = iota
	Unwanted         // its id is in Filter.Without
	Private          // not for everybody to read
	Repost           // somebody else's words
	CutRepost        // the same, and truncated
	Own              // by an account of Filter.Own
	Language         // in a language not asked for
	Reply            // an answer, if those are not wanted
	Short            // too few words
	Rejected         // has a word of Filter.Reject
	Duplicate        // equal to a post that was learned before
	reasons
)

var reasonNames = [reasons]string{"learned", "by their ids", "not public", "reposts", "reposts that are cut off", "own posts", "in other languages",
	"replies", "too short", "with rejected words", "duplicates"}

// String names the posts left out for this reason, in the plural.
func (r Reason) String() string { return reasonNames[r] }

// Item is a post to learn from. Its texts are valid until the next call of the Sieve.
type Item struct {
	Text []byte // in normal form
	// Whole is the whole text, if more than names and links was cut off its ends; otherwise nil. It is
	// neither to be learned nor to be copied.
	Whole []byte
	Hash  uint64 // equal for duplicates
	Reply bool
	Names int // names dropped at the beginning
	Links int // links dropped at the end
}

// Sieve applies a Filter. Only one goroutine may use it at a time.
type Sieve struct {
	filter   Filter
	reject   *text.WordList
	buf, key []byte
	split    text.Splitter
	units    text.Units
}

// NewSieve returns a sieve for the filter. The sieve keeps the lists and the map of the filter, which
// must not change while it is used; several sieves may share them.
func (f Filter) NewSieve() *Sieve {
	f.MinWords = cmp.Or(f.MinWords, MinWords)
	return &Sieve{filter: f, reject: text.NewWordList(f.Reject)}
}

// Sift turns a record into the text to learn, or gives the reason to leave it out. Item.Text is set
// in either case. It allocates nothing, except for filters with rejected words.
func (s *Sieve) Sift(v *post.View) (Item, Reason) {
	s.buf = text.AppendNormal(s.buf[:0], v.Text)
	it := Item{Text: s.buf}
	if s.filter.Without[string(v.ID)] {
		return it, Unwanted
	}
	if v.Private() {
		return it, Private
	}
	if r := s.repost(v, &it); r != Kept {
		return it, r
	}
	if s.own(v.Author) {
		return it, Own
	}
	if !s.speaks(v.Lang) {
		return it, Language
	}
	whole, cut := it.Text, false
	if !s.filter.KeepReposts {
		it.Text, cut = cutOthers(it.Text)
	}
	repost := cut
	var more bool
	it.Text, it.Names, more = s.dropNames(it.Text)
	cut = cut || more
	it.Reply = it.Names > 0 || len(v.ReplyTo) > 0
	if it.Reply && s.filter.NoReplies {
		return it, Reply
	}
	if !s.filter.KeepLinks {
		it.Text, it.Links, more = s.dropLinks(it.Text)
		cut = cut || more
	}
	if s.words(it.Text) < s.filter.MinWords {
		if repost {
			return Item{Text: whole}, Repost
		}
		return it, Short
	}
	if cut {
		it.Whole = whole
	}
	if s.reject.Len() > 0 && s.reject.Has(string(it.Text)) {
		return it, Rejected
	}
	it.Hash, s.key = hashFolded(it.Text, s.key)
	return it, Kept
}

// repost recognises reposts, and removes "RT @name: " from those that are kept.
func (s *Sieve) repost(v *post.View, it *Item) Reason {
	prefix := repostPrefix(it.Text)
	if prefix == 0 && !v.Repost {
		return Kept
	}
	if wasCut(v.Text) {
		return CutRepost
	}
	if !s.filter.KeepReposts {
		return Repost
	}
	it.Text = it.Text[prefix:]
	return Kept
}

// repostPrefix is the length of the "RT @name: " that a text begins with, or 0.
func repostPrefix(t []byte) int {
	if len(t) < 5 || t[0]|0x20 != 'r' || t[1]|0x20 != 't' {
		return 0
	}
	rest := bytes.TrimLeft(t[2:], ": ")
	if len(rest) < 2 || rest[0] != '@' || !nameByte(rest[1]) || len(rest) == len(t)-2 {
		return 0
	}
	i := 1
	for i < len(rest) && (nameByte(rest[i]) || rest[i] == '@' || rest[i] == '.') {
		i++
	}
	return len(t) - len(bytes.TrimLeft(rest[i:], ": "))
}

// cutOthers cuts a text before "RT @name", which begins somebody else's words, and removes what
// points at these words, or opens a bracket or a quotation for them.
func cutOthers(t []byte) (own []byte, cut bool) {
	for i := 1; i < len(t); i++ {
		n := bytes.Index(t[i:], []byte("RT"))
		if n < 0 {
			break
		}
		i += n
		before, size := utf8.DecodeLastRune(t[:i])
		opened := unicode.In(before, unicode.Ps, unicode.Pi) || before == '"' || before == '\''
		if repostPrefix(t[i:]) == 0 || !opened && !unicode.IsSpace(before) {
			continue
		}
		own, _ = dropPointers(bytes.TrimRightFunc(t[:i-size], unicode.IsSpace))
		return own, true
	}
	return t, false
}

func nameByte(c byte) bool {
	return c-'0' <= 9 || c|0x20-'a' < 26 || c == '_'
}

// wasCut recognises reposts that X truncated at 140 characters. It accepts fewer, since entities
// may have counted as more characters than they are now.
func wasCut(t []byte) bool {
	const nearly = 130
	t = bytes.TrimRight(t, " \n")
	return (bytes.HasSuffix(t, []byte("…")) || bytes.HasSuffix(t, []byte("..."))) && utf8.RuneCount(t) >= nearly
}

func (s *Sieve) own(author []byte) bool {
	return len(author) > 0 && slices.ContainsFunc(s.filter.Own, func(name string) bool {
		return equalFold(author, strings.TrimPrefix(name, "@"))
	})
}

// equalFold compares without case and without allocating.
func equalFold(b []byte, s string) bool {
	return len(b) == len(s) && strings.EqualFold(string(b), s)
}

// speaks tells whether a post's language is wanted.
func (s *Sieve) speaks(lang []byte) bool {
	if len(s.filter.Langs) == 0 {
		return true
	}
	tag := primary(string(lang))
	if unknownLang(tag) {
		return true
	}
	return slices.ContainsFunc(s.filter.Langs, func(want string) bool { return tag == primary(want) })
}

// primary is the language subtag of a tag such as pt-BR, in lower case and in its current code: X
// and others still use old ones.
func primary(tag string) string {
	if i := strings.IndexAny(tag, "-_"); i >= 0 {
		tag = tag[:i]
	}
	switch tag = strings.ToLower(tag); tag {
	case "in":
		return "id"
	case "iw":
		return "he"
	case "ji":
		return "yi"
	case "nb":
		return "no"
	}
	return tag
}

// unknownLang recognises the codes for no language: X has its own from qaa to qtz (only hashtags,
// only links, …).
func unknownLang(tag string) bool {
	return tag == "" || tag == "und" || tag == "zxx" || tag == "mul" || tag == "mis" ||
		len(tag) == 3 && tag[0] == 'q' && tag[1] <= 't'
}

// dropNames removes the names that a reply begins with. marks tells whether that was more than names: a
// mark that stands alone, as in "@name : so".
func (s *Sieve) dropNames(t []byte) (rest []byte, names int, marks bool) {
	for len(t) > 1 && t[0] == '@' {
		s.units.Reset(t)
		_, name, _ := s.units.Next()
		if text.KindOf(name) != text.Mention {
			break
		}
		after := t[len(name):]
		if len(after) > 0 && (after[0] == ':' || after[0] == ',') {
			after = after[1:]
		}
		trimmed := bytes.TrimLeftFunc(after, unicode.IsSpace)
		if len(trimmed) == len(after) && len(after) > 0 {
			break // "@name's" is part of a sentence, and so is "@name님의"
		}
		n := lonePointer(trimmed)
		t = trimmed[n:]
		marks = marks || n > 0
		names++
	}
	return t, names, marks
}

// lonePointer is the length of a colon or comma at the beginning of t and of the white space that it
// has after it, or 0. The colon of ": )" is an eye.
func lonePointer(t []byte) int {
	if len(t) == 0 || t[0] != ':' && t[0] != ',' {
		return 0
	}
	rest := bytes.TrimLeftFunc(t[1:], unicode.IsSpace)
	if len(rest) == len(t)-1 || len(rest) > 0 && (rest[0] == '(' || rest[0] == ')') {
		return 0
	}
	return len(t) - len(rest)
}

// dropLinks removes the links that a post ends with, and what points at them; cut tells whether
// that was more than the end of a word.
func (s *Sieve) dropLinks(t []byte) (rest []byte, links int, cut bool) {
	for {
		i := len(t) - 1
		for i >= 0 && t[i] != '/' && t[i] != ' ' {
			i--
		}
		if i < 0 || t[i] == ' ' {
			return t, links, cut // the last word is not a link, or it is an e-mail address
		}
		last := lastWord(t)
		s.split.Reset(last)
		if _, atom, _ := s.split.Next(); len(atom) < len(last) || text.KindOf(atom) != text.Link {
			return t, links, cut
		}
		var words bool
		t, words = dropPointers(bytes.TrimRightFunc(t[:len(t)-len(last)], unicode.IsSpace))
		cut = cut || words
		links++
	}
}

// lastWord is the word that t ends with, or a link that is glued to a word. It reads no more than
// that.
func lastWord(t []byte) []byte {
	i := len(t)
	for i > 0 {
		r, size := utf8.DecodeLastRune(t[:i])
		if unicode.IsSpace(r) {
			break
		}
		if i -= size; bytes.HasPrefix(t[i:], []byte("http")) {
			break
		}
	}
	return t[i:]
}

// words counts the words of t, but stops at MinWords.
func (s *Sieve) words(t []byte) (n int) {
	s.split.Reset(t)
	for n < s.filter.MinWords {
		_, atom, ok := s.split.Next()
		if !ok {
			break
		}
		switch text.KindOf(atom) {
		case text.Word, text.Number, text.Hashtag, text.Cashtag, text.Mention:
			n++
		}
	}
	return n
}
