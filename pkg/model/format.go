package model

// The file
//
// A model is the tokenised corpus and its suffix array (Manber, Myers 1990), in the manner of
// infini-gram (Liu et al. 2024, https://arxiv.org/abs/2401.17377). All integers are little-endian.
// The sections follow each other without padding, in this order, so that a builder can write to a
// pipe in one pass:
//
//	header     [8]      "horseMK2"; the last byte is the version
//	words               the vocabulary's bytes, front-coded in blocks
//	blocks     packed   the offset of each block in words
//	spaced     bitmap   one bit a word: is a single space its usual gap?
//	classes    [12]...  the words' counts, run-length coded
//	sorted     packed   ids of the words that occur more than once, in byte order
//	posts               ids and dates of the posts, in blocks
//	places     packed   for each block of posts: its offset in posts and in stream
//	stream              the posts' tokens
//	array      packed   the suffix array: offsets in stream, and which entries head pairs
//	seconds    packed   the second token of every 32nd entry of array
//	known               a filter of posts that were read but not learned from, or nothing
//	note                facts about how the model was made, as a JSON object
//	sums       [4]...   CRC-32C of each 4 KiB page of everything above
//	trailer             counts, and where each section ends
//
// A packed section is an array of integers of the same width in bits, lowest bits first, followed
// by 8 zero bytes so that a reader may always load 8 bytes at once. The width is the least that
// holds a certain number: in blocks, the length of words; in sorted and seconds, the number of
// words; in places, the greater of the lengths of posts and stream; in array, the length of
// stream, and one bit more is added.
//
// # Words
//
// Every word has an id. Id 0 is the mark between posts: it follows the last token of a post, and as
// the first token of a context it stands for the beginning of a post. Ids 1 to gaps-1 are gaps:
// strings of white space (and the empty string), ordered by how often they are written in stream,
// falling, then by their bytes. Ids from gaps on are tokens, ordered by falling count, then by
// their bytes. So frequent tokens have short codes, and the suffixes that begin with a given token
// are found without a table: see classes.
//
// words holds the bytes of the words in the order of their ids, front-coded (Witten, Moffat, Bell,
// Managing Gigabytes, 1999, section 4.1) in blocks of 16:
//
//	shared     uvarint  length of the longest common prefix with the word before
//	                    (0 for the first word of a block)
//	length     uvarint  number of bytes that follow
//	suffix     [length]
//
// Word 0 is the empty string. blocks has one entry for each block, and a last one that is the
// length of words.
//
// spaced has ceil(words/8) bytes. Bit id%8 of byte id/8 is set if the token occurs more often after
// a single space than after all other gaps (the empty one included) together, first tokens of posts
// not counted. Its usual gap is then the single space, and otherwise the empty string.
//
// classes holds, for each different count of a token, in falling order:
//
//	first      [4]      the lowest id with this count
//	count      [4]      how often each of these tokens occurs
//	start      [4]      index in array of the first suffix that begins with token first
//
// The suffixes that begin with token t of a class are the count entries of array from
// start + (t-first)*count on. The suffixes that begin with word 0 are the first ones of array, one
// for each post.
//
// sorted holds the ids of the tokens that occur at least twice, in the order of their bytes. The
// tokens that occur once are in that order already: they are the last class.
//
// # Posts
//
// posts describes each post, in blocks of 32:
//
//	flags      [1]      bit 0: the post has an id
//	                    bit 1: the id is a number below 2^64 in plain decimal (no sign, no
//	                    leading zero)
//	                    bit 2: it has a date (1970-01-01T00:00:00Z counts as none)
//	                    bit 3: it answers another post
//	id         number:  svarint, the difference from the previous number in this block
//	                    (from 0 for the first), modulo 2^64
//	           other:   uvarint length of the longest common prefix with the previous id in this
//	                    block that is no number, uvarint length of the rest, its bytes
//	date       svarint  seconds since 1970, minus the time in seconds that the number of the
//	                    post encodes (see snowflake); if it has no number, or one that encodes no
//	                    time, minus the previous date in this block (0 for the first)
//
// svarint is zigzag: (n << 1) ^ (n >> 63), as in protocol buffers.
//
// places has two entries for each block: its offset in posts, and the offset in stream of the mark
// before its first post. Two more follow: the length of posts, and the length of stream without the
// last mark.
//
// # Stream
//
// stream holds the tokens of all posts, with a mark before each post and one after the last:
//
//	stream = mark (post mark)...
//	post   = token (gap? token)...
//
// Each element is a number, in groups of seven bits, the highest group first. The top bit is set on
// the last byte only; there is no leading zero byte. So frequent words have short codes, and codes
// can be read in both directions from any place where one begins. The number is the id, except that
// rare gaps, of which some corpora have hundreds, come last: ids 0 to 7 stand for themselves; if
// there are gaps with ids from 8 on, the number of a token is its id less the number of these gaps,
// and the number of such a gap g is words - gaps + g. A gap is written where it differs from the
// usual gap of the token that follows (see spaced); the first token of a post has no gap.
//
// # Array
//
// array holds the offset in stream of the first byte of every token, and of every mark but the last
// one, in the order of the suffixes that begin there. Suffixes are compared by ids, leaving out
// gaps, up to and including the next mark, and to a depth of at most 32 tokens, counting a mark at
// their head. Equal suffixes are ordered by offset. The depth limit bounds the work on repetitive
// corpora; no context is longer.
//
// The lowest bit of an entry tells whether it heads a pair: it is 0 if the suffix begins with the
// same two tokens as that of the entry before, else 1. The offset is in the bits above. In version
// 1, which release 1.0 made, an entry is the offset alone. Versions 1 and 2 differ only in this and
// in section known.
//
// seconds holds, for entries 0, 32, 64, ... of array, the id of the second token of the suffix (0
// for a mark). It spares a search most of its random reads.
//
// # Known
//
// known tells which runs of tokens occur in posts, such as reposts, from which nothing is learned
// but from which a draft must not copy either. It is a Bloom filter of hashes:
//
//	posts      [8]      number of these posts
//	filter     [64]...  blocks of eight integers, in which each hash sets six bits
//
// The hash of a token is its 32-bit FNV-1a hash, with 0 replaced by 1. Each run of three or of six
// tokens of a post is a shingle. The hash h of a shingle starts as the number of its tokens; then,
// for the hash t of each token in turn, all modulo 2^64:
//
//	h = (h xor t) * 0x9e3779b97f4a7c15
//	h = h xor (h >> 32)
//
// For n shingles, counting repeated ones each time, the filter has floor(6n / 512) + 1 blocks. The
// block of hash h is the upper half of the 128-bit product of h and the number of blocks. Its bits
// in the block are given by (h * 0x9e3779b97f4a7c15 modulo 2^64) >> 10: the lowest six bits are the
// number of a bit in an integer, the next three the number of that integer in the block, and so on
// for each of the six.
//
// In version 1, and in the first files of version 2, the section is a whole model of these posts,
// whose own section known is empty. It is told apart by the magic at its start, which as a count
// of posts would be above 2^32.
//
// # Note
//
// A JSON object of the builder's choice: its options, but nothing that differs from run to run, so
// that the same records give the same bytes.
//
// # Trailer
//
//	words, gaps, posts, tokens, longest   [8] each
//	                    longest: bytes of the longest post in stream, without its marks
//	earliest, latest    [8] each: dates of posts, seconds since 1970; both 0 if none has a date
//	ends       [8] for each section from header to sums: the offset of its end
//	name       [8]      of the model
//	sum        [4]      CRC-32C of the trailer up to here
//	size       [4]      bytes of the whole trailer
//	magic      [8]      "1KMesroh", in all versions
//
// The model's name (the checksum that drafts carry, in hexadecimal) is the first 8 bytes of the
// SHA-256 of sums followed by the trailer up to name: it changes with any byte of the file. In
// version 1, and in the first files of version 2, the trailer has no name, as its size shows; there
// the name is computed over sums and the trailer up to size.
//
// Limits: array has fewer than 2^32 entries, which limits posts and tokens together; larger corpora
// are trained in shards. A word has at most 64 KiB.

import (
	"hash/crc32"
	"math/bits"
)

const (
	magic   = "horseMK2"
	cigam   = "1KMesroh"
	Depth   = 32      // tokens: how deep the suffixes are sorted, and so the longest context
	MaxWord = 1 << 16 // bytes of a token or gap

	pageSize   = 4096 // bytes under one checksum
	wordBlock  = 16   // words in a front-coded block
	postBlock  = 32   // posts in a block
	secondStep = 32   // entries of the array between two samples
	packSlack  = 8    // zero bytes after packed integers
	classSize  = 12   // bytes of an entry of classes
)

// headBits is, for each version that can be read, how many bits of an entry of array tell whether
// it heads a pair.
var headBits = map[byte]uint{'1': 0, '2': 1}

// The sections, in the order of the file.
const (
	secHeader = iota
	secWords
	secBlocks
	secSpaced
	secClasses
	secSorted
	secPosts
	secPlaces
	secStream
	secArray
	secSeconds
	secKnown
	secNote
	secSums
	sectionCount
)

var sectionNames = [sectionCount + 1]string{"header", "words", "blocks", "spaced", "classes", "sorted",
	"posts", "places", "stream", "array", "seconds", "known", "note", "sums", "trailer"}

const (
	trailerNumbers = 7 // words, gaps, posts, tokens, longest, earliest, latest
	nameSize       = 8
	namelessSize   = (trailerNumbers+sectionCount)*8 + 4 + 4 + 8 // of a trailer without a name
	trailerSize    = namelessSize + nameSize
)

// Flags of a post.
const (
	flagID = 1 << iota
	flagNumber
	flagDate
	flagReply
)

// stop marks the last byte of a code in the stream.
const stop = 0x80

// markByte is the code of word 0.
const markByte = stop

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// snowflake is the time, in seconds since 1970, that a number encodes as an id of X: the bits above
// the lowest 22 count milliseconds since 2010-11-04T01:42:54.657Z
// (https://github.com/twitter-archive/snowflake). Ids below 2^32 are older than snowflakes and
// encode no time: 0.
func snowflake(id uint64) int64 {
	if id < 1<<32 {
		return 0
	}
	return (int64(id>>22) + 1288834974657) / 1000
}

// frequent is the first id of a gap that counts as rare; see codeOf.
const frequent = 8

// codeOf is the number that stands for id in the stream: gaps from frequent on come after all
// tokens.
func codeOf(id, gaps, words uint32) uint32 {
	switch {
	case id < frequent || gaps <= frequent:
		return id
	case id < gaps:
		return words - gaps + id
	}
	return id - (gaps - frequent)
}

// tokenOf is the id of the mark or token that code stands for: codeOf the other way round, but for
// gaps. Reading the stream also needs those; see Model.code.
func tokenOf(code, gaps uint32) uint32 {
	if code < frequent {
		return code
	}
	return code + max(gaps, frequent) - frequent
}

// appendCode appends a number to the stream.
func appendCode(dst []byte, id uint32) []byte {
	switch {
	case id < 1<<7:
		return append(dst, byte(id)|stop)
	case id < 1<<14:
		return append(dst, byte(id>>7), byte(id)|stop)
	case id < 1<<21:
		return append(dst, byte(id>>14), byte(id>>7)&0x7f, byte(id)|stop)
	case id < 1<<28:
		return append(dst, byte(id>>21), byte(id>>14)&0x7f, byte(id>>7)&0x7f, byte(id)|stop)
	}
	return append(dst, byte(id>>28), byte(id>>21)&0x7f, byte(id>>14)&0x7f, byte(id>>7)&0x7f, byte(id)|stop)
}

// width is the number of bits of packed integers from 0 to max.
func width(max uint64) uint { return uint(bits.Len64(max | 1)) }

// packedSize is the size in bytes of n packed integers of w bits.
func packedSize(n int, w uint) int64 { return (int64(n)*int64(w)+7)/8 + packSlack }

func zigzag(n int64) uint64   { return uint64(n<<1) ^ uint64(n>>63) }
func unzigzag(u uint64) int64 { return int64(u>>1) ^ -int64(u&1) }
