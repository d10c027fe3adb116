package tool

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"sync"
	"unicode/utf8"
)

// longestEntry is the greatest length of a line of a list, in bytes.
const longestEntry = 1 << 20

// comment matches a comment in a line of a list. It begins with a # that has white space, or nothing,
// on both sides; #this is a hashtag. Most runs read no list, and need not compile it.
var comment = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(^|[\s\v\x{85}\pZ])#([\s\v\x{85}\pZ]|$).*`)
})

// mark is the byte order mark, with which some editors on Windows begin a file.
const mark = "\uFEFF"

// unmarked returns r without a byte order mark at its beginning. An error of r comes with the first read.
func unmarked(r io.Reader) io.Reader {
	in := bufio.NewReader(r)
	if begin, _ := in.Peek(len(mark)); string(begin) == mark {
		_, _ = in.Discard(len(mark))
	}
	return in
}

// Load reads the file that an option names. Read gets its content, without a byte order mark, and what errors
// call it. If the option is not given, Load returns otherwise.
func Load[T any](c *Call, option string, otherwise T, read func(r io.Reader, name string) (T, error)) (T, error) {
	name := c.String(option)
	if name == "" {
		return otherwise, nil
	}
	f, err := c.Open(name)
	if err != nil {
		return otherwise, err
	}
	defer f.Close()
	return read(unmarked(f), InputName(name))
}

// Lines returns the lines of files such as lists of words or ids, without white space around them and
// without empty lines and comments. White space inside them stays, since a recipe holds the checksum of
// such a list. A line that is not UTF-8, or of more than 1 MiB, is an error that tells where it is.
func (c *Call) Lines(files []string) (all []string, err error) {
	for _, name := range files {
		if all, err = c.appendLines(all, name); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// appendLines appends the lines of one list. No line of UTF-16 would ever match anything, and no line of
// Latin-1 that has an accent.
func (c *Call) appendLines(all []string, name string) ([]string, error) {
	f, err := c.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines, n := bufio.NewScanner(unmarked(f)), 0
	lines.Buffer(nil, longestEntry+len("\r\n"))
	for lines.Scan() {
		n++
		if bytes.IndexByte(lines.Bytes(), 0) >= 0 || !utf8.Valid(lines.Bytes()) {
			return nil, fmt.Errorf("%s:%d: it is not in UTF-8, as a list must be", InputName(name), n)
		}
		if line := strings.TrimSpace(comment().ReplaceAllString(lines.Text(), "")); line != "" {
			all = append(all, line)
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("%s:%d: more than %d bytes in a line, so it is no list", InputName(name), n+1, longestEntry)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", InputName(name), err)
	}
	return all, nil
}
