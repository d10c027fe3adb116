package text

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"horsepipe/pkg/sharedtest"
)

// vector is one case of twitter-text's conformance files.
type vector struct {
	section, name, text string
	list                []string            // expected: ["a", "b"]
	fields              []map[string]string // expected: a mapping, or a list of them
	scalar              string              // expected: true
}

// readVectors reads the sections of a conformance file: the subset of YAML that they are written in.
func readVectors(t *testing.T, name string, sections ...string) []vector {
	t.Helper()
	data, err := os.ReadFile(sharedtest.Files(t, "twitter-text/conformance/"+name)[0])
	if err != nil {
		t.Fatal(err)
	}
	var vs []vector
	section := ""
	for line := range strings.Lines(string(data)) {
		indent := len(line) - len(strings.TrimLeft(line, " "))
		key, value, _ := strings.Cut(strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "- ")), ": ")
		switch {
		case indent == 2 && strings.HasSuffix(key, ":"):
			section = strings.TrimSuffix(key, ":")
		case key == "description":
			vs = append(vs, vector{section: section, name: unquote(t, value)})
		case len(vs) == 0 || key == "":
		case key == "text":
			vs[len(vs)-1].text = unquote(t, value)
		case key == "expected" && strings.HasPrefix(value, "["):
			vs[len(vs)-1].list = unquoteList(t, value)
		case key == "expected" || key == "expected:":
			vs[len(vs)-1].scalar = value
		case indent >= 8:
			v := &vs[len(vs)-1]
			if strings.Contains(line, "- ") || v.fields == nil {
				v.fields = append(v.fields, map[string]string{})
			}
			v.fields[len(v.fields)-1][key] = value
		}
	}
	vs = slices.DeleteFunc(vs, func(v vector) bool { return !slices.Contains(sections, v.section) })
	if len(vs) == 0 {
		t.Fatalf("%s: no vectors in %q", name, sections)
	}
	return vs
}

// unquote reads a double-quoted scalar, whose escapes are those of Go.
func unquote(t *testing.T, s string) string {
	t.Helper()
	u, err := strconv.Unquote(s)
	if err != nil {
		return s // a plain scalar
	}
	return u
}

// unquoteList reads a flow sequence of double-quoted scalars.
func unquoteList(t *testing.T, s string) []string {
	t.Helper()
	var list []string
	for s = s[1:]; ; {
		s = strings.TrimLeft(s, ", ")
		q, err := strconv.QuotedPrefix(s)
		if err != nil {
			return list
		}
		list, s = append(list, unquote(t, q)), s[len(q):]
	}
}

// units returns the length of s in UTF-16, by which the vectors count.
func units(s string) int { return len(utf16.Encode([]rune(s))) }

func TestLinksVectors(t *testing.T) {
	for _, v := range readVectors(t, "extract.yml", "urls", "urls_with_indices", "urls_with_directional_markers", "tco_urls_with_params") {
		t.Run(v.section+"/"+v.name, func(t *testing.T) {
			spans := Links(v.text)
			if got := HasLink(v.text); got != (len(spans) > 0) {
				t.Errorf("HasLink = %v, Links has %d", got, len(spans))
			}
			var got, want []string
			for i, span := range spans {
				link := v.text[span.Start:span.End]
				if v.fields != nil && i < len(v.fields) {
					link = fmt.Sprintf("%q [%d, %d]", link, units(v.text[:span.Start]), units(v.text[:span.End]))
				}
				got = append(got, link)
			}
			want = v.list
			for _, f := range v.fields {
				want = append(want, f["url"]+" "+f["indices"])
			}
			if !slices.Equal(got, want) {
				t.Errorf("%q\ngot  %q\nwant %q", v.text, got, want)
			}
		})
	}
}

func TestWeighVectors(t *testing.T) {
	for _, v := range readVectors(t, "validate.yml", "tweets", "WeightedTweetsCounterTest", "WeightedTweetsWithDiscountedEmojiCounterTest", "UnicodeDirectionalMarkerCounterTest") {
		t.Run(v.section+"/"+v.name, func(t *testing.T) {
			weight := weigh([]byte(v.text), v.section != "WeightedTweetsCounterTest")
			if v.scalar != "" { // configuration v1: 140 characters, each of which counts 1
				for _, r := range v.text {
					weight -= runeWeight(r) - 1
				}
				if got := fmt.Sprint(weight > 0 && weight <= 140); got != v.scalar {
					t.Errorf("valid = %s, want %s (%d characters)", got, v.scalar, weight)
				}
				return
			}
			want := v.fields[0]
			valid := weight > 0 && weight <= MaxWeight && !strings.ContainsAny(v.text, "\ufeff\ufffe\uffff")
			got := []string{fmt.Sprint(weight), fmt.Sprint(valid), fmt.Sprint(weight * 1000 / MaxWeight)}
			if !slices.Equal(got, []string{want["weightedLength"], want["valid"], want["permillage"]}) {
				t.Errorf("weight, valid, permillage = %v, want %v", got, want)
			}
		})
	}
}

func TestTopLevelDomainVectors(t *testing.T) {
	data, err := os.ReadFile(sharedtest.Files(t, "twitter-text/conformance/tlds.yml")[0])
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(data)) {
		if url, ok := strings.CutPrefix(strings.TrimSpace(line), "text: "); ok {
			n++
			if got := Links(url); !slices.Equal(got, []Span{{0, len(url)}}) {
				t.Errorf("Links(%q) = %v", url, got)
			}
		}
	}
	if n < 1500 {
		t.Errorf("%d vectors, want about 1574", n)
	}
}

// The atoms of each kind are the entities that X extracts, except in the cases named here.
func TestEntityVectors(t *testing.T) {
	different := map[string]string{
		"DO NOT extract username ending in @":                            "@_ is a name, and @_@ is one too many",
		"DO NOT extract username followed by accented latin characters":  "an @ and a word is a mention to a reader",
		"Extract lone metion but not @user@user (too close to an email)": "@user@host is a name of the Fediverse",
		"DO NOT extract 'http' in '@http://' as username":                "an @ and a word is a mention to a reader",
		"DO NOT extract username preceded by !":                          "only letters, digits, _ and @ stand against it",
		"DO NOT extract username preceded by #":                          "only letters, digits, _ and @ stand against it",
		"DO NOT extract username preceded by $":                          "only letters, digits, _ and @ stand against it",
		"DO NOT extract username preceded by %":                          "only letters, digits, _ and @ stand against it",
		"DO NOT extract username preceded by &":                          "only letters, digits, _ and @ stand against it",
		"DO NOT extract username preceded by *":                          "only letters, digits, _ and @ stand against it",
	}
	kinds := map[string]Kind{"mentions": Mention, "hashtags": Hashtag, "hashtags_from_astral": Hashtag, "cashtags": Cashtag}
	for _, v := range readVectors(t, "extract.yml", "mentions", "hashtags", "hashtags_from_astral", "cashtags") {
		t.Run(v.section+"/"+v.name, func(t *testing.T) {
			got := []string{}
			for _, tok := range Split(v.text) {
				if KindOf([]byte(tok.Text)) == kinds[v.section] {
					got = append(got, strings.TrimLeft(tok.Text, "@＠#＃$"))
				}
			}
			for i := range v.list {
				v.list[i] = Normalise(v.list[i])
			}
			if equal := slices.Equal(got, v.list); equal == (different[v.name] != "") {
				t.Errorf("%q\ngot  %q\nwant %q %s", v.text, got, v.list, different[v.name])
			}
		})
	}
}
