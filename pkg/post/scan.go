package post

import (
	"encoding/binary"
	"fmt"
	"iter"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth is how deep objects and arrays may nest: the limit of encoding/json.
const maxDepth = 10000

// span is a part of a line: a JSON value from its first byte to the one after its last.
type span struct{ from, to int }

// scanner checks one line of JSON and finds its parts. It accepts exactly what encoding/json
// accepts (which a fuzz target checks), but builds no values: it returns nothing but positions.
//
// Methods that advance take the position of a value's first byte and return the position after its
// last one, or -1 with the reason in err.
type scanner struct {
	b   []byte
	err error
}

// fail records what is wrong at byte i. The column in the error counts from 1.
func (s *scanner) fail(i int, what string) int {
	if i >= len(s.b) {
		what = "the line ends too early"
	}
	s.err = fmt.Errorf("%s at column %d", what, i+1)
	return -1
}

func (s *scanner) space(i int) int {
	for i < len(s.b) && (s.b[i] == ' ' || s.b[i] == '\t' || s.b[i] == '\r' || s.b[i] == '\n') {
		i++
	}
	return i
}

// at reports whether byte i is c.
func (s *scanner) at(i int, c byte) bool { return i < len(s.b) && s.b[i] == c }

func (s *scanner) value(i, depth int) int {
	if i >= len(s.b) {
		return s.fail(i, "")
	}
	switch s.b[i] {
	case '"':
		return s.text(i)
	case '{':
		return s.object(i, depth, nil)
	case '[':
		return s.array(i, depth)
	case 't':
		return s.word(i, "true")
	case 'f':
		return s.word(i, "false")
	case 'n':
		return s.word(i, "null")
	}
	return s.number(i)
}

func (s *scanner) word(i int, w string) int {
	if len(s.b)-i < len(w) || string(s.b[i:i+len(w)]) != w {
		return s.fail(i, "no JSON value")
	}
	return i + len(w)
}

func (s *scanner) digits(i int) int {
	for i < len(s.b) && s.b[i]-'0' <= 9 {
		i++
	}
	return i
}

func (s *scanner) number(from int) int {
	i := from
	if s.at(i, '-') {
		i++
	}
	whole := s.digits(i)
	if whole == i || (s.b[i] == '0' && whole > i+1) {
		return s.fail(from, "no JSON value")
	}
	i = whole
	if s.at(i, '.') {
		end := s.digits(i + 1)
		if end == i+1 {
			return s.fail(end, "a digit is missing")
		}
		i = end
	}
	if s.at(i, 'e') || s.at(i, 'E') {
		i++
		if s.at(i, '+') || s.at(i, '-') {
			i++
		}
		end := s.digits(i)
		if end == i {
			return s.fail(end, "a digit is missing")
		}
		i = end
	}
	return i
}

// stop finds the first byte at or after i that matters inside a string: a quote, a backslash or a
// control character. It reads eight bytes at a time.
func (s *scanner) stop(i int) int {
	const ones, high = 0x0101010101010101, 0x8080808080808080
	b := s.b
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		quote, slash := w^(ones*'"'), w^(ones*'\\')
		// A borrow may set a bit above a true hit, but never below it, so the lowest bit is right.
		hit := ((quote-ones)&^quote | (slash-ones)&^slash | (w-ones*0x20)&^w) & high
		if hit != 0 {
			return i + bits.TrailingZeros64(hit)>>3
		}
	}
	for i < len(b) && b[i] != '"' && b[i] != '\\' && b[i] >= 0x20 {
		i++
	}
	return i
}

// text skips a string; i is its opening quote.
func (s *scanner) text(i int) int {
	for i = s.stop(i + 1); i < len(s.b); i = s.stop(i) {
		switch s.b[i] {
		case '"':
			return i + 1
		case '\\':
			if i = s.escape(i); i < 0 {
				return -1
			}
		default:
			return s.fail(i, "a control character stands in a string")
		}
	}
	return s.fail(i, "")
}

func (s *scanner) escape(i int) int {
	if i+1 >= len(s.b) {
		return s.fail(i+1, "")
	}
	switch s.b[i+1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return i + 2
	case 'u':
		for k := i + 2; k < i+6; k++ {
			if k >= len(s.b) || hexDigit(s.b[k]) < 0 {
				return s.fail(k, "a hexadecimal digit is missing")
			}
		}
		return i + 6
	}
	return s.fail(i, "an unknown escape stands in a string")
}

func (s *scanner) array(i, depth int) int {
	if depth >= maxDepth {
		return s.fail(i, "too deep a nesting")
	}
	if i = s.space(i + 1); s.at(i, ']') {
		return i + 1
	}
	for {
		if i = s.value(i, depth+1); i < 0 {
			return -1
		}
		switch i = s.space(i); {
		case s.at(i, ']'):
			return i + 1
		case !s.at(i, ','):
			return s.fail(i, "a comma or ] is missing")
		}
		i = s.space(i + 1)
	}
}

// object skips an object and, if o is not nil, adds its fields to o.
func (s *scanner) object(i, depth int, o *object) int {
	if depth >= maxDepth {
		return s.fail(i, "too deep a nesting")
	}
	if i = s.space(i + 1); s.at(i, '}') {
		return i + 1
	}
	for {
		if !s.at(i, '"') {
			return s.fail(i, "a field's name is missing")
		}
		key := span{from: i}
		if key.to = s.text(i); key.to < 0 {
			return -1
		}
		if i = s.space(key.to); !s.at(i, ':') {
			return s.fail(i, "a colon is missing")
		}
		val := span{from: s.space(i + 1)}
		if val.to = s.value(val.from, depth+1); val.to < 0 {
			return -1
		}
		if o != nil {
			o.add(s.b, key, val)
		}
		switch i = s.space(val.to); {
		case s.at(i, '}'):
			return i + 1
		case !s.at(i, ','):
			return s.fail(i, "a comma or } is missing")
		}
		i = s.space(i + 1)
	}
}

// elements yields the values of an array that was already checked.
func (s *scanner) elements(a span) iter.Seq[span] {
	return func(yield func(span) bool) {
		for i := s.space(a.from + 1); i < a.to-1; i = s.space(i + 1) {
			end := s.value(i, 0)
			if !yield(span{i, end}) {
				return
			}
			i = s.space(end)
		}
	}
}

// unescape appends the decoded inside of a string that was already checked. Half a surrogate pair
// becomes U+FFFD, as in encoding/json.
func unescape(dst, src []byte) []byte {
	for i := 0; i < len(src); {
		if src[i] != '\\' {
			end := i + 1
			for end < len(src) && src[end] != '\\' {
				end++
			}
			dst = append(dst, src[i:end]...)
			i = end
			continue
		}
		if src[i+1] != 'u' {
			dst = append(dst, meaning(src[i+1]))
			i += 2
			continue
		}
		r := hexRune(src[i+2:])
		i += 6
		if utf16.IsSurrogate(r) {
			low := rune(-1)
			if i+6 <= len(src) && src[i] == '\\' && src[i+1] == 'u' {
				low = hexRune(src[i+2:])
			}
			if r = utf16.DecodeRune(r, low); r != utf8.RuneError {
				i += 6
			}
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst
}

// meaning is the byte that a backslash and c stand for.
func meaning(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c
}

func hexRune(b []byte) rune {
	return rune(hexDigit(b[0])<<12 | hexDigit(b[1])<<8 | hexDigit(b[2])<<4 | hexDigit(b[3]))
}

func hexDigit(c byte) int {
	switch {
	case c-'0' <= 9:
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}
