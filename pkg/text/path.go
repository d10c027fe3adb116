package text

import "unicode/utf8"

// linkTail returns the end of the link whose domain ends at i, including its port, path and query,
// and whether it has a path.
func linkTail(s []byte, i int) (path bool, end int) {
	if i+1 < len(s) && s[i] == ':' && classes[s[i+1]] == numeral {
		for i++; i < len(s) && classes[s[i]] == numeral; {
			i++
		}
	}
	if i < len(s) && s[i] == '/' {
		path = true
		i = pathEnd(s, i+1)
	}
	return path, queryEnd(s, i)
}

// pathEnd returns the end of the path at i. It reads a run of path characters and balanced
// parentheses; the path ends at the last place there where a path may end.
func pathEnd(s []byte, i int) int {
	end := i
	for i < len(s) {
		r, size := utf8.DecodeRune(s[i:])
		if r == '(' {
			n := parenthesesEnd(s, i)
			if n < 0 {
				break
			}
			i, end = n, n
			continue
		}
		if !isPathRune(r) {
			break
		}
		i += size
		if endsPath(r) {
			end = i
		}
	}
	return end
}

// parenthesesEnd returns the end of the parenthesised part of a path at i, which may contain one
// inner pair; or -1.
func parenthesesEnd(s []byte, i int) int {
	depth, inner := 0, false
	for i < len(s) {
		r, size := utf8.DecodeRune(s[i:])
		switch {
		case r == '(':
			if depth++; depth > 2 || inner && depth == 2 {
				return -1
			}
		case r == ')':
			if s[i-1] == '(' {
				return -1
			}
			inner = inner || depth == 2
			if depth--; depth == 0 {
				return i + 1
			}
		case !isPathRune(r):
			return -1
		}
		i += size
	}
	return -1
}

// isPathRune reports whether a path may contain r.
func isPathRune(r rune) bool {
	switch r {
	case '!', '*', '\'', ';', ':', '=', '+', ',', '.', '$', '/', '%', '#', '[', ']', '-', '–', '_', '~', '@', '|', '&':
		return true
	}
	return isLatinRune(r) || r >= 0x400 && r < 0x500
}

// endsPath reports whether a path may end with r.
func endsPath(r rune) bool {
	return r == '+' || r == '-' || r == '=' || r == '_' || r == '#' || r == '/' || isLatinRune(r) || r >= 0x400 && r < 0x500
}

// queryEnd returns the end of the query at i, or i if there is none.
func queryEnd(s []byte, i int) int {
	if i == len(s) || s[i] != '?' {
		return i
	}
	end := i
	for n := i + 1; n < len(s) && s[n] < utf8.RuneSelf; n++ {
		switch c := s[n]; {
		case classes[c]&wordy != 0 || c == '-' || c == '&' || c == '=' || c == '#' || c == '/':
			end = n + 1
		case !isQueryMark(c):
			return end
		}
	}
	return end
}

// isQueryMark reports whether a query may contain the mark c, but not end with it.
func isQueryMark(c byte) bool {
	switch c {
	case '!', '?', '*', '\'', '@', '(', ')', ';', ':', '+', '$', '%', '[', ']', '.', ',', '~', '|':
		return true
	}
	return false
}
