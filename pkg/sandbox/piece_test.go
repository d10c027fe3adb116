package sandbox

import (
	"strings"
	"testing"
)

func TestPieces(t *testing.T) {
	for _, tt := range []struct {
		text string
		want string // kind and text of each piece that is no prose
	}{
		{"plain", ""},
		{"@a, (@b) «@c» @d", "@a @b @c @d"},
		{"a@b @c@d.example x@e", ""},
		{"@sixteen_letters_", ""},
		{"@a@b", ""},
		{"#tag #été #日本 #1 #1a &#39;", "#tag #été #日本 #1a"},
		{"$A $ABCDEF $ABCDEFG $5 $a.b x$A", "$A $ABCDEF $a.b"},
		{"＠wide ＃広い", "＠wide ＃広い"},
		{"https://example.com/#x @y", "@y"},
	} {
		var got []string
		for _, p := range pieces(tt.text, "") {
			if p.kind != prose && p.kind != link {
				got = append(got, p.text)
			}
		}
		if strings.Join(got, " ") != tt.want {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
	}
}

func TestCut(t *testing.T) {
	length := func(s string) int { return len([]rune(s)) }
	for _, tt := range []struct {
		text  string
		limit int
		want  string
	}{
		{"short", 5, "short"},
		{"too long", 7, "too lo…"},
		{"ab @name cd", 9, "ab @name…"},
		{"ab @name cd", 8, "ab …"}, // a name is shown whole or not at all
		{"日本語の文", 4, "日本語…"},
		{"", 0, ""},
	} {
		ps, _ := cut(pieces(tt.text, ""), tt.limit, length)
		if got, _ := show(ps); got != tt.want {
			t.Errorf("%q to %d: got %q, want %q", tt.text, tt.limit, got, tt.want)
		}
	}
}
