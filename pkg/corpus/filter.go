// Package corpus decides what to learn from.
//
// A [Filter] says what is wanted. Each goroutine that reads makes itself a [Sieve] of it, whose Sift turns
// one record into text to learn, or names the reason to leave it out; a [Dedup] then finds what
// was there before, in the order of the input; a [Tally] counts all of it. [Pipe] puts the three together for
// inputs of any size.
//
// What a filter looks at is the text in its normal form (see [text.Normalise]):
//
//   - Reposts are known by their fields, and by a leading "RT @name", with or without a colon, in
//     any case. After a comment, "RT @name" in capitals begins somebody else's words, up to the end: the comment is
//     learned, if there is one, and they are left out as a repost is. By the letters RT anywhere else nothing is known.
//   - The names at the beginning of a reply are not part of what was said: they are dropped, and the post
//     is marked a reply. A record that begins with a name is taken for a reply also where no field says so.
//   - The links at the end of a post, which X puts there for its pictures, are dropped, and what pointed at them: a colon
//     that stands by itself or right after a word, a dash or bar that stands by itself.
//   - A post is too short that has fewer words after that than asked for. Numbers, tags and names are words;
//     emoji, marks and links are none.
//   - Duplicates are equal but for case and white space, after all this.
package corpus

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"horsepipe/pkg/post"
	"horsepipe/pkg/text"
)

// Filter says what to learn from. Its zero value keeps everything but reposts, duplicates and
// posts of less than [MinWords] words. As JSON it describes what a model was made of.
type Filter struct {
	// Own are accounts whose posts are left out, such as the bot itself, with or without @, in any case.
	Own []string `json:"own,omitempty"`
	// Langs are the languages wanted, in BCP 47, of any region ("pt" takes pt-BR); nil for all.
	Langs []string `json:"langs,omitempty"`
	// KeepReposts learns from reposts, without their "RT @name: ", but not from cut ones.
	KeepReposts bool `json:"keep_reposts,omitempty"`
	// NoReplies leaves replies out.
	NoReplies bool `json:"no_replies,omitempty"`
	// KeepLinks keeps the links at the end of a post.
	KeepLinks bool `json:"keep_links,omitempty"`
	// MinWords is the least number of words of a post; 0 means [MinWords].
	MinWords int `json:"min_words,omitempty"`
	// Reject are words and phrases, see [text.WordList]; a post that has one of them is left out.
	Reject []string `json:"-"` // who gets a model need not learn which words
	// Without are the ids of posts to leave out. They are no part of the description.
	Without map[string]bool `json:"-"`
}

// MinWords is the least number of words of a post to learn from, unless the filter says otherwise: also
// the posts of a single word belong to a voice.
const MinWords = 1

// Reason is why a post was left out, or Kept.
type Reason uint8

// The reasons, in the order in which they are looked for.
const (
	Kept      Reason = iota
	Unwanted         // its id is in Filter.Without
	Repost           // somebody else's words
	CutRepost        // the same, and not even whole
	Own              // by an account of Filter.Own
	Language         // in a language not asked for
	Reply            // an answer, if those are not wanted
	Short            // too few words
	Rejected         // has a word of Filter.Reject
	Duplicate        // was learned already
	reasons
)

var reasonNames = [reasons]string{"learned", "by their ids", "reposts", "reposts that are cut off", "own posts", "in other languages", "replies",
	"too short", "with rejected words", "duplicates"}

// String names what was left out for the reason, in the plural.
func (r Reason) String() string { return reasonNames[r] }

// Item is a post to learn from. Its texts are void at the Sieve's next call.
type Item struct {
	Text  []byte // in normal form
	Whole []byte // with what stood behind it, if that had words, and not links alone: not to be learned, nor to be copied
	Hash  uint64 // equal for duplicates
	Reply bool
	Names int // dropped at the beginning
	Links int // dropped at the end
}

// Sieve applies a Filter, for one goroutine.
type Sieve struct {
	filter   Filter
	reject   *text.WordList
	buf, key []byte
	split    text.Splitter
	units    text.Units
}

// NewSieve makes a sieve.
func (f Filter) NewSieve() *Sieve {
	if f.MinWords == 0 {
		f.MinWords = MinWords
	}
	return &Sieve{filter: f, reject: text.NewWordList(f.Reject)}
}

// Sift makes of a record the text to learn, or says why not. It allocates nothing, but for
// filters with rejected words.
func (s *Sieve) Sift(v *post.View) (Item, Reason) {
	s.buf = text.AppendNormal(s.buf[:0], v.Text)
	it := Item{Text: s.buf}
	if s.filter.Without[string(v.ID)] {
		return it, Unwanted
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
	it.Text, it.Names = s.dropNames(it.Text)
	it.Reply = it.Names > 0 || len(v.ReplyTo) > 0
	if it.Reply && s.filter.NoReplies {
		return it, Reply
	}
	if !s.filter.KeepLinks {
		var pointers bool
		it.Text, it.Links, pointers = s.dropLinks(it.Text)
		cut = cut || pointers
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

// repost tells reposts, and takes "RT @name: " off those that are kept.
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

// repostPrefix is the length of "RT @name: " at the beginning of a text, 0 if it has none.
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

// cutOthers cuts a text before "RT @name", which begins somebody else's words, and what points at them, or opens a bracket or a quotation
// for them.
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

// wasCut tells the reposts that X cut at 140 characters: entities may have counted as more than they are now.
func wasCut(t []byte) bool {
	const nearly = 130
	t = bytes.TrimRight(t, " \n")
	return (bytes.HasSuffix(t, []byte("…")) || bytes.HasSuffix(t, []byte("..."))) && utf8.RuneCount(t) >= nearly
}

func (s *Sieve) own(author []byte) bool {
	for _, name := range s.filter.Own {
		if len(author) > 0 && equalFold(author, strings.TrimPrefix(name, "@")) {
			return true
		}
	}
	return false
}

// equalFold compares without allocating.
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
	for _, want := range s.filter.Langs {
		if tag == primary(want) {
			return true
		}
	}
	return false
}

// primary is the language itself of a tag such as pt-BR, in lower case and its present code: X and others still use old ones.
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

// unknownLang tells the codes for no language: X has its own ones from qaa to qtz (only hashtags, only links, …).
func unknownLang(tag string) bool {
	return tag == "" || tag == "und" || tag == "zxx" || tag == "mul" || tag == "mis" ||
		len(tag) == 3 && tag[0] == 'q' && tag[1] <= 't'
}

// dropNames takes the names off that a reply begins with.
func (s *Sieve) dropNames(t []byte) (rest []byte, names int) {
	for len(t) > 1 && t[0] == '@' {
		s.units.Reset(t)
		_, name, _ := s.units.Next()
		if text.KindOf(name) != text.Mention {
			break
		}
		after := t[len(name):]
		if len(after) > 1 && (after[0] == ':' || after[0] == ',') {
			after = after[1:]
		}
		trimmed := bytes.TrimLeftFunc(after, unicode.IsSpace)
		if len(trimmed) == len(after) && len(after) > 0 {
			break // "@name's" is part of a sentence, and so is "@name님의"
		}
		t = trimmed
		names++
	}
	return t, names
}

// dropLinks takes the links off that a post ends with, and what points at them. It tells whether that had words of its own.
func (s *Sieve) dropLinks(t []byte) (rest []byte, links int, cut bool) {
	for {
		slash := bytes.LastIndexByte(t, '/')
		if slash < 0 || bytes.IndexByte(t[slash:], ' ') >= 0 {
			return t, links, cut // the last word is no link, or an e-mail address
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

// dropPointers takes off what pointed at a link, or at somebody else's words: the colon of "Photo:", the dash of "A title -". It tells whether
// that was more than the end of a word.
func dropPointers(t []byte) (rest []byte, words bool) {
	for {
		sign, _ := utf8.DecodeLastRune(t)
		if !strings.ContainsRune(":：-–—|", sign) {
			return t, words
		}
		rest := bytes.TrimRightFunc(t, func(r rune) bool { return r == sign })
		word := lastWord(rest)
		colon := sign == ':' || sign == '：'
		if len(word) > 0 && !(colon && beforeColon(word)) { // "-word-" and "well-" are whole
			return t, words
		}
		before, _ := utf8.DecodeLastRune(word)
		words = words || len(word) == 0 || text.Solitary(before)
		t = bytes.TrimRightFunc(rest, unicode.IsSpace)
	}
}

// beforeColon tells whether a colon after a word is not part of it, as in D: and ): and :flower: it is.
func beforeColon(word []byte) bool {
	r, _ := utf8.DecodeLastRune(word)
	if len(word) == 1 {
		return unicode.IsDigit(r)
	}
	return word[0] != ':' && (unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.Pe, unicode.Pf) || r == '"' || r == '\'')
}

// lastWord is what t ends with: a word, or a link that is glued to one. It reads no more than that.
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

// words counts up to as many words as are asked for.
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
