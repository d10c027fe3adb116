package model

// The file
//
// A model is the tokenised corpus and its suffix array (Manber, Myers 1990), in
// the manner of infini-gram (Liu et al. 2024, https://arxiv.org/abs/2401.17377).
// All integers are little-endian. The sections follow each other without
// padding, in this order, so that a builder can write to a pipe in one pass:
//
//	header     [8]      "horseMK2"; the last byte is the version
//	words               the vocabulary's bytes, front-coded in blocks
//	blocks     packed   offset in words of each block
//	spaced     bitmap   one bit a word: is a single space its usual gap?
//	classes    [12]...  the words' counts, run-length coded
//	sorted     packed   ids of the words that occur more than once, in byte order
//	posts               ids and dates of the posts, in blocks
//	places     packed   for each block of posts: offset in posts, offset in stream
//	stream              the posts' tokens
//	array      packed   the suffix array: offsets in stream, and which entries head pairs
//	seconds    packed   the second token of every 32nd entry of the array
//	known               a filter of posts that were read but not learned from, or nothing
//	note                facts about the making, as a JSON object
//	sums       [4]...   CRC-32C of each 4 KiB page of all that stands above
//	trailer             counts, and where each section begins and ends
//
// packed is an array of integers of one width in bits, the lowest bits first,
// followed by 8 zero bytes so that a reader may always load 8 bytes at once. The
// width is the least that holds, in blocks, the length of words; in sorted and
// seconds, the number of words; in places, the greater of the lengths of posts and
// stream; in array, the length of stream, and one bit more.
//
// # Words
//
// Every word has an id. Id 0 is the mark between posts: End where a post ends,
// and as the first token of a context, the beginning of one. Ids 1 to gaps-1
// are gaps: strings of white space (and the empty string), by how often they are
// written in stream, falling, then by their bytes. Ids from gaps on are tokens, by falling count, then by
// their bytes. So frequent tokens have short codes, and the suffixes that begin
// with a token need no table: see classes.
//
// words holds the bytes of the words in the order of their ids, front-coded
// (Witten, Moffat, Bell, Managing Gigabytes, 1999, section 4.1) in blocks of 16:
//
//	shared     uvarint  bytes in common with the word before, all of them (0 at a block's head)
//	length     uvarint  bytes that follow
//	suffix     [length]
//
// Word 0 is the empty string. blocks has one entry a block, and one more that
// is the length of words.
//
// spaced has ceil(words/8) bytes; bit id%8 of byte id/8 is set when the token
// stands more often after a single space than after anything else put together,
// not counting first tokens of posts.
//
// classes holds, for each different count of a token, in falling order:
//
//	first      [4]      the lowest id with this count
//	count      [4]      how often each of them occurs
//	start      [4]      index in array of the first suffix that begins with first
//
// The suffixes that begin with token t of a class are the count entries from
// start + (t-first)*count on. The suffixes that begin with word 0 are the first
// ones of array, one for each post.
//
// sorted holds the ids of the tokens that occur at least twice, by their bytes. Those
// that occur once are in byte order already: they are the last class.
//
// # Posts
//
// posts describes each post, in blocks of 32:
//
//	flags      [1]      bit 0: the post has an id; bit 1: the id is a number
//	                    in plain decimal (no sign, no leading zero) below 2^64; bit 2: it has a date;
//	                    bit 3: it answers another post
//	id         number:  svarint, the difference from the number before in this
//	                    block (0 at first), modulo 2^64
//	           other:   uvarint bytes in common, all of them, with the id that is no number
//	                    before in this block, uvarint length, bytes
//	date       svarint  seconds since 1970 minus the seconds that the number tells (see
//	                    snowflake); where there is none, or it tells none, minus the date
//	                    before in this block (0 at first)
//
// svarint is zigzag: (n << 1) ^ (n >> 63), as in protocol buffers.
//
// places has two entries a block, offset in posts and offset in stream of the
// mark before its first post, and two more: the lengths of posts and of stream less
// the last mark.
//
// # Stream
//
// The tokens of all posts, a mark before each and one after the last:
//
//	stream = mark (post mark)...
//	post   = token (gap? token)...
//
// Each is a number, seven bits a byte, the highest first, the top bit set on
// the last byte only; no leading zero byte. So the short ones are those of the frequent words, and they can be
// read in both directions from any place where one begins. The number is the id, but that rare gaps, of
// which some corpora have hundreds, come last: ids 0 to 7 are themselves; a
// token is its id less the number of gaps from 8 on; gap g from 8 on is words - gaps + g.
// A gap is written where it differs
// from the usual one of the token that follows (see spaced); the first token of a post has
// none.
//
// # Array
//
// array holds the offset in stream of the first byte of every token, and of
// every mark but the last one, in the order of the suffixes that begin there. Suffixes
// are compared by ids, gaps left out, up to and including the next mark, and
// at most 32 tokens deep, a mark at their head counted; equal ones stand in the order of their offsets. The depth bounds
// the work on corpora that repeat themselves; no context is longer.
//
// The lowest bit of an entry tells whether it heads a pair: it is 1 unless the first two tokens of its suffix are those of the entry before.
// The offset stands above. In version 1, which release 1.0 made, an entry is the offset alone. Only that and section known are different.
//
// seconds holds, for each entry 0, 32, 64, ... of array, the id of the second token
// of its suffix (0 for a mark). It spares a search most of its random reads.
//
// # Known
//
// Which runs of tokens stand in the posts that a draft must not copy from either, though nothing is learned from them, such as
// reposts. A Bloom filter of hashes:
//
//	posts      [8]      how many there are
//	filter     [64]...  blocks of eight integers, of which a hash sets six bits
//
// A token's hash is FNV-1a of 32 bits, with 1 for 0. Each run of three or six tokens of a post is a shingle. Its hash,
// all modulo 2^64, begins as the number of tokens, and for each hash t of a token in turn
//
//	h = (h xor t) * 0x9e3779b97f4a7c15
//	h = h xor (h >> 32)
//
// For n shingles, repeated ones counted again, the filter has floor(6n / 512) + 1 blocks. Of hash h, the block is the upper
// half of h times the number of blocks, of 128 bits; which bits, by (h * 0x9e3779b97f4a7c15) >> 10: its lowest six bits are
// a bit's number in an integer, the next three the integer's in the block, and so on for each of them.
//
// In version 1, and at first in version 2, the section is a whole model of these posts, whose own section known is empty. It begins as
// models do, and no count of posts below 2^32 does.
//
// # Note
//
// A JSON object of the builder's choice; the options, but nothing that differs
// from run to run, so that the same records give the same bytes.
//
// # Trailer
//
//	words, gaps, posts, tokens, longest   [8] each
//	                    longest: bytes of the longest post in stream, its marks left out
//	earliest, latest    [8] each: dates of posts, seconds since 1970, both 0 if none has one
//	ends       [8] for each section from header to sums: the offset of its end
//	name       [8]      of the model
//	sum        [4]      CRC-32C of the trailer up to here
//	size       [4]      bytes of the trailer, all of it
//	magic      [8]      "1KMesroh", in each version
//
// The model's name (its checksum, as drafts carry it, in hexadecimal) is the first 8 bytes of the SHA-256 of sums and the trailer up
// to it: it changes with any byte of the file. In version 1, and at first in version 2, which the size of the trailer
// tells, the trailer has no name; it is the same of sums and the trailer up to its size.
//
// Limits: fewer than 2^32 entries of array, and so of posts and tokens together; larger
// corpora are trained in shards. A word has at most 64 KiB.

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

// headBits is, for each version that is read, the bits of an entry of the array that tell whether it heads a pair.
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

var sectionNames = [sectionCount]string{"header", "words", "blocks", "spaced", "classes", "sorted",
	"posts", "places", "stream", "array", "seconds", "known", "note", "sums"}

const (
	trailerNumbers = 7 // words, gaps, posts, tokens, longest, earliest, latest
	nameSize       = 8
	namelessSize   = (trailerNumbers+sectionCount)*8 + 4 + 4 + 8 // of a trailer without a name
	trailerSize    = namelessSize + nameSize
)

// flags of a post
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

// snowflake is the time that a number tells as an id of X: milliseconds since
// 2010-11-04T01:42:54.657Z above its 22 lowest bits
// (https://github.com/twitter-archive/snowflake), in seconds since 1970. Ids
// below 2^32 are older than snowflakes and tell nothing: 0.
func snowflake(id uint64) int64 {
	if id < 1<<32 {
		return 0
	}
	return (int64(id>>22) + 1288834974657) / 1000
}

// frequent is the first id that may be a rare gap.
const frequent = 8

// codeOf is the number that stands for id in the stream.
func codeOf(id, gaps, words uint32) uint32 {
	switch {
	case id < frequent || gaps <= frequent:
		return id
	case id < gaps:
		return words - gaps + id
	}
	return id - (gaps - frequent)
}

// idOf is the inverse of codeOf.
func idOf(code, gaps, words uint32) uint32 {
	if code < frequent || gaps <= frequent {
		return code
	}
	if code += gaps - frequent; code >= words {
		code -= words - frequent
	}
	return code
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

// width is the number of bits that packed integers up to max need.
func width(max uint64) uint { return uint(bits.Len64(max | 1)) }

// packedSize is the size in bytes of n packed integers of w bits.
func packedSize(n int, w uint) int64 { return (int64(n)*int64(w)+7)/8 + packSlack }

func zigzag(n int64) uint64   { return uint64(n<<1) ^ uint64(n>>63) }
func unzigzag(u uint64) int64 { return int64(u>>1) ^ -int64(u&1) }
