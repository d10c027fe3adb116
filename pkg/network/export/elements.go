package export

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
)

var bom = []byte("\xef\xbb\xbf")

// What can be wrong with a file as a whole. An export without posts has "[ ]" in tweets.js, so an
// empty file is one that got lost on the way.
var (
	errNotJSON = fmt.Errorf("%w: neither JSON nor a variable with JSON", ErrDamaged)
	errCut     = fmt.Errorf("%w: the file ends in the middle", ErrDamaged)
	errEmpty   = fmt.Errorf("%w: the file is empty", ErrDamaged)
)

// elements splits a file like `window.YTD.tweets.part0 = [ {…}, {…} ];` into the values between the
// brackets. Each is a piece of JSON with balanced brackets, otherwise unchecked. Several such
// assignments may follow each other. A value outside brackets is an element, too:
// `var user_details = {…}`.
//
// It holds one element at a time, of at most maxRecord bytes, wherever the lines break.
type elements struct {
	scan    *bufio.Scanner
	inArray bool
	any     bool // an array or an object has begun, so the file is not empty

	// How far the current value has been looked at, so that no byte is looked at twice.
	pos, depth int
	inString   bool
}

func newElements(r io.Reader) *elements {
	e := &elements{scan: bufio.NewScanner(r)}
	e.scan.Buffer(make([]byte, 64<<10), maxRecord)
	e.scan.Split(e.split)
	return e
}

// next returns an element, which is valid until the next call, or io.EOF.
func (e *elements) next() ([]byte, error) {
	if e.scan.Scan() {
		return e.scan.Bytes(), nil
	}
	err := e.scan.Err()
	switch {
	case err == nil && !e.any:
		return nil, errEmpty
	case err == nil:
		return nil, io.EOF
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("%w: a record of more than %d MiB", ErrHostile, maxRecord>>20)
	}
	return nil, err
}

// split is a bufio.SplitFunc: it skips what is between values and returns one value. It gives up
// what it has skipped even if the value is not complete yet. So a value always begins where data
// does or where split finds it.
func (e *elements) split(data []byte, atEOF bool) (int, []byte, error) {
	from := 0
	for e.pos == 0 {
		n, err := e.skip(data[from:], atEOF)
		if err != nil {
			return from, nil, err
		}
		if n == 0 {
			break
		}
		from += n
	}
	if from == len(data) {
		return from, nil, e.end(atEOF && e.inArray)
	}
	if !e.inArray && data[from] != '{' {
		return from, nil, nil // the rest of a variable's name is still to come
	}
	e.any = true
	n := e.value(data[from:])
	if n == 0 {
		return from, nil, e.end(atEOF)
	}
	e.pos = 0
	return from + n, data[from : from+n], nil
}

// skip counts the bytes at the start of data that are not part of a value and need no more data to be
// understood.
func (e *elements) skip(data []byte, atEOF bool) (int, error) {
	n := gap(data)
	switch {
	case n > 0 || len(data) == 0:
		return n, nil
	case e.inArray && data[0] == ']':
		e.inArray = false
		return 1, nil
	case !e.inArray && data[0] == '[':
		e.inArray, e.any = true, true
		return 1, nil
	case !e.inArray && data[0] != '{':
		return variable(data, atEOF)
	}
	return 0, nil
}

// end returns the error for the end of the data.
func (e *elements) end(tooEarly bool) error {
	if tooEarly {
		return errCut
	}
	return nil
}

// gap counts the bytes that may stand before, between and after values.
func gap(data []byte) int {
	n := 0
	for n < len(data) {
		switch c := data[n]; {
		case c == ' ', c == '\n', c == '\t', c == '\r', c == ',', c == ';':
			n++
		case bytes.HasPrefix(data[n:], bom):
			n += len(bom)
		default:
			return n
		}
	}
	return n
}

// variable skips the name of the variable that is assigned to, and its "=".
func variable(data []byte, atEOF bool) (int, error) {
	const longest = 1 << 10
	i := bytes.IndexByte(data[:min(len(data), longest)], '=')
	if i < 0 && (atEOF || len(data) >= longest) {
		return 0, errNotJSON
	}
	return i + 1, nil
}

// value returns where the value at the start of data ends, or 0 if data does not hold all of it.
func (e *elements) value(data []byte) int {
	if c := data[0]; c != '{' && c != '[' && c != '"' {
		return 1 + bytes.IndexAny(data[1:], ",]}; \t\r\n") // a bare word or number
	}
	for ; e.pos < len(data); e.pos++ {
		c := data[e.pos]
		if matters[c] == 0 {
			continue
		}
		switch {
		case c == '"':
			e.inString = !e.inString
		case e.inString && c == '\\':
			if e.pos+1 == len(data) {
				return 0
			}
			e.pos++
		case e.inString:
		case c == '{' || c == '[':
			e.depth++
		case c == '}' || c == ']':
			e.depth--
		}
		if e.depth == 0 && !e.inString {
			return e.pos + 1
		}
	}
	return 0
}

// matters marks the bytes that value has to look at.
var matters = [256]byte{'"': 1, '\\': 1, '{': 1, '}': 1, '[': 1, ']': 1}

// unwrap removes the "tweet" (or whatever X calls it) around {"tweet": {…}}; a value without such a
// wrapper is returned as it is.
func unwrap(element []byte) []byte {
	outer, ok := bytes.CutPrefix(element, []byte("{"))
	if !ok {
		return element
	}
	name, inner, ok := bytes.Cut(bytes.TrimSpace(outer), []byte(":"))
	name, inner = bytes.Trim(name, "\" \t\r\n"), bytes.TrimSpace(bytes.TrimSuffix(inner, []byte("}")))
	if !ok || len(inner) == 0 || inner[0] != '{' || kinds[string(bytes.ToLower(name))] == other {
		return element
	}
	return inner
}
