package text

import (
	"bytes"
	"strings"
	"testing"
)

func TestLongAtoms(t *testing.T) {
	for name, test := range map[string]struct {
		text  string
		first int // length of the first atom
	}{
		"fits":       {strings.Repeat("a", MaxAtom), MaxAtom},
		"word":       {strings.Repeat("a", MaxAtom+1), MaxAtom},
		"two bytes":  {strings.Repeat("é", MaxAtom), MaxAtom},
		"marks":      {"a" + strings.Repeat("\u0316", 29) + strings.Repeat("b", 2*MaxAtom), MaxAtom},
		"odd":        {"a" + strings.Repeat("é", MaxAtom), MaxAtom - 1},
		"all marks":  {strings.Repeat("\u0488", MaxAtom), 0},
		"signs":      {strings.Repeat("=", 3*MaxAtom), MaxAtom},
		"link":       {"http://example.com/" + strings.Repeat("a", 2*MaxAtom), MaxAtom},
		"characters": {strings.Repeat("日", MaxAtom), 3},
	} {
		t.Run(name, func(t *testing.T) {
			checkLossless(t, test.text)
			if got := len(Split(test.text)[0].Text); test.first > 0 && got != test.first {
				t.Errorf("first atom has %d bytes, want %d", got, test.first)
			}
		})
	}
}

// Text that is not normal is split without loss, too, and never beyond its end.
func TestSplitterTakesAnyBytes(t *testing.T) {
	for _, s := range []string{"", " ", "a ", "\r\na\x00b\r", "\xff\xc3 \xe3\x81", "e\u0301\u2028x\u0085", "&lt; a\xe2\x80"} {
		var sp Splitter
		var got []byte
		sp.Reset([]byte(s))
		for {
			gap, atom, ok := sp.Next()
			got = append(append(got, gap...), atom...)
			if !ok {
				break
			}
			if len(atom) == 0 || skipSpace(atom, 0) > 0 {
				t.Errorf("%q: atom %q", s, atom)
			}
		}
		if string(got) != s {
			t.Errorf("%q comes back as %q", s, got)
		}
		if gap, atom, ok := sp.Next(); ok || len(gap)+len(atom) > 0 {
			t.Errorf("%q: after the end %q %q %v", s, gap, atom, ok)
		}
	}
}

func TestHotRoadsDoNotAllocate(t *testing.T) {
	for name, s := range samples {
		normal := AppendNormal(nil, []byte(s))
		dst := make([]byte, 0, 4*len(s))
		var sp Splitter
		if n := testing.AllocsPerRun(10, func() {
			dst = AppendNormal(dst[:0], []byte(s))
			sp.Reset(normal)
			for _, atom, ok := sp.Next(); ok; _, atom, ok = sp.Next() {
				KindOf(atom)
				weigh(atom, true)
				Bracket(atom)
			}
			weigh(normal, true)
		}); n > 0 {
			t.Errorf("%s: %.0f allocations", name, n)
		}
	}
}

// No text takes time out of proportion to its length. What reads a part of a megabyte anew for each
// byte would not end before the test's own time limit.
func TestLongTexts(t *testing.T) {
	if testing.Short() {
		t.Skip("takes seconds")
	}
	for _, unit := range []string{
		"a", "é", "日", "ไ", "a.", "1.", "a-", "a_", "あ", "あ.", "あ-.", "http://", "http://a.com", "a@", "@a", "@a.", "#a", "$a ", "l'",
		"(", ":)", "^_", "👍", "\u200d👍", "🇫", "\u0301", "ا\u064b", "&", "&amp;", "-_.", "a.com", "日.com", "é.é", "=", "T_", "!?", "\u202f",
		"xn--", "a/", "?", "http://a.com/(", "(´", "_", "1,", "カ", "가",
	} {
		s := strings.Repeat(unit, 1<<20/len(unit))
		normal := AppendNormal(nil, []byte(s))
		var sp Splitter
		sp.Reset(normal)
		for _, atom, ok := sp.Next(); ok; _, atom, ok = sp.Next() {
			KindOf(atom)
		}
		weigh(normal, true)
		Balanced(s)
	}
}

func TestResetStartsAnew(t *testing.T) {
	var sp Splitter
	sp.Reset([]byte("これ 長い"))
	sp.Next()
	sp.Reset([]byte("a b"))
	if gap, atom, ok := sp.Next(); len(gap) > 0 || !bytes.Equal(atom, []byte("a")) || !ok {
		t.Errorf("first token is %q %q %v", gap, atom, ok)
	}
	var u Units
	u.Reset([]byte("カタカナ"))
	u.Next()
	u.Reset([]byte("a b"))
	if gap, unit, ok := u.Next(); len(gap) > 0 || !bytes.Equal(unit, []byte("a")) || !ok {
		t.Errorf("first unit is %q %q %v", gap, unit, ok)
	}
}

// What Next knows at a glance is what the rules say: every text of up to five of these.
func TestGlance(t *testing.T) {
	parts := []string{"a", "7", ".", ",", "!", ")", "\"", ":", " ", "\n", "\u3000", "あ", "ー"}
	var each func(s string, n int)
	each = func(s string, n int) {
		var fast, slow Splitter
		fast.Reset([]byte(s))
		slow.Reset([]byte(s))
		for {
			_, atom, ok := fast.Next()
			if !ok {
				break
			}
			i := skipSpace(slow.text, slow.pos)
			if slow.pos = slow.atom(i); string(atom) != s[i:slow.pos] {
				t.Fatalf("%q: %q, not %q", s, atom, s[i:slow.pos])
			}
		}
		if n > 0 {
			for _, p := range parts {
				each(s+p, n-1)
			}
		}
	}
	each("", 5)
}
