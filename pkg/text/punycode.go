package text

import "unicode/utf8"

// asciiLen returns the length of a domain label in its ASCII form: the label itself, or "xn--" and
// its Punycode (RFC 3492, section 6.3). For a label of more than maxLabel characters, which is too
// long in any form, it returns the number of characters.
func asciiLen(label []byte) int {
	ascii, runes := 0, 0
	for _, r := range string(label) {
		if r < utf8.RuneSelf {
			ascii++
		}
		runes++
	}
	if ascii == runes || runes > maxLabel {
		return runes
	}
	n := len("xn--") + ascii
	if ascii > 0 {
		n++ // the hyphen between the ASCII characters and the others
	}
	code, bias, delta := rune(utf8.RuneSelf), 72, 0
	for done := ascii; done < runes; code++ {
		next := nextRune(label, code)
		delta += int(next-code) * (done + 1)
		code = next
		for _, r := range string(label) {
			switch {
			case r < code:
				delta++
			case r == code:
				n += varintLen(delta, bias)
				bias = adapt(delta, done+1, done == ascii)
				delta = 0
				done++
			}
		}
		delta++
	}
	return n
}

// nextRune returns the smallest rune of label that is at least least.
func nextRune(label []byte, least rune) rune {
	next := rune(utf8.MaxRune)
	for _, r := range string(label) {
		if r >= least {
			next = min(next, r)
		}
	}
	return next
}

// varintLen returns the number of digits that delta takes as a generalised variable-length integer.
func varintLen(delta, bias int) int {
	n := 1
	for k := 36; ; k += 36 {
		t := min(max(k-bias, 1), 26)
		if delta < t {
			return n
		}
		delta = (delta - t) / (36 - t)
		n++
	}
}

// adapt returns the bias after a delta (RFC 3492, section 6.1).
func adapt(delta, points int, first bool) int {
	if first {
		delta /= 700
	} else {
		delta /= 2
	}
	delta += delta / points
	k := 0
	for ; delta > 35*26/2; k += 36 {
		delta /= 35
	}
	return k + 36*delta/(delta+38)
}
