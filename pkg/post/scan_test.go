package post

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

// drawJSON draws any JSON value, with white space and unusual spellings.
func drawJSON(t *rapid.T, depth int) string {
	gap := rapid.SampledFrom([]string{"", "", "", " ", "\t \r"})
	kinds := 3
	if depth > 0 {
		kinds = 5
	}
	var s string
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		s = rapid.SampledFrom([]string{"null", "true", "false", "0", "-0.5", "1e9", "12E-3", "9007199254740993"}).Draw(t, "scalar")
	case 1, 2:
		s = drawString(t)
	case 3:
		items := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string { return drawJSON(t, depth-1) }), 0, 4).Draw(t, "items")
		s = "[" + gap.Draw(t, "gap") + strings.Join(items, ",") + "]"
	case 4:
		s = drawObject(t, depth-1)
	}
	return gap.Draw(t, "gap") + s + gap.Draw(t, "gap")
}

func drawObject(t *rapid.T, depth int) string {
	members := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) string {
		return drawString(t) + ":" + drawJSON(t, depth)
	}), 0, 4).Draw(t, "members")
	return "{" + strings.Join(members, ",") + "}"
}

func drawString(t *rapid.T) string {
	piece := rapid.SampledFrom([]string{`\"`, `\\`, `\/`, `\n`, `\u00e9`, `\ud83d\ude00`, `\ud83d`, `\ude00`, `\u0000`, "text", "id", "é", "😀", " ", "&amp;", "a long run of letters"})
	return `"` + strings.Join(rapid.SliceOfN(piece, 0, 6).Draw(t, "pieces"), "") + `"`
}

// TestScannerIsEncodingJSON draws objects, most of which it damages, and compares what is accepted
// and what is read.
func TestScannerIsEncodingJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		line := []byte(drawObject(t, 3))
		if at := rapid.IntRange(-1, len(line)-1).Draw(t, "damaged"); at >= 0 {
			line[at] = rapid.SampledFrom([]byte("\"\\{}[]:,0e-. \x00\x1f\xff")).Draw(t, "byte")
		}
		var p Parser
		o, err := p.begin(line)
		want := map[string]json.RawMessage{} // which a number of any size fits in
		if bad := json.Unmarshal(line, &want) != nil || !utf8.Valid(line); bad != (err != nil) {
			t.Fatalf("%q: got %v, encoding/json says %v", line, err, bad)
		}
		if err != nil {
			return
		}
		got := map[string]json.RawMessage{}
		for _, f := range o.fields {
			got[string(unescape(nil, line[f.key.from+1:f.key.to-1]))] = line[f.val.from:f.val.to]
		}
		if !reflect.DeepEqual(got, want) {
			t.Fatalf("%q: got %v, want %v", line, got, want)
		}
	})
}

func TestLinksAreReplacedInTheirPlaces(t *testing.T) {
	words := rapid.SampledFrom([]string{"a", "&amp;", "http", "https://t.co/", "https://t.co/other", "é"})
	links := map[string]string{"https://t.co/x": "https://example.org/?a=1&b=2", "https://t.co/xy": "https://example.org/xy", "https://t.co/p": ""}
	rapid.Check(t, func(t *rapid.T) {
		var text, want []string
		for range rapid.IntRange(1, 8).Draw(t, "words") {
			if rapid.Bool().Draw(t, "link") {
				short := rapid.SampledFrom([]string{"https://t.co/x", "https://t.co/xy", "https://t.co/p"}).Draw(t, "short")
				text = append(text, short)
				if links[short] != "" {
					want = append(want, links[short])
				}
				continue
			}
			w := words.Draw(t, "word")
			text, want = append(text, w), append(want, strings.ReplaceAll(w, "&amp;", "&"))
		}
		line := `{"id_str":"1","full_text":"` + strings.Join(text, " ") + `","entities":{"urls":[` +
			`{"url":"https://t.co/x","expanded_url":"https://example.org/?a=1&b=2"},{"url":"https://t.co/xy","expanded_url":"https://example.org/xy"},` +
			`{"url":"https://t.co/p","expanded_url":"https://x.com/1/photo/1","media_key":"3_1"}]}}`
		var p Parser
		var v View
		if err := p.Parse([]byte(line), &v); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimLeft(string(v.Text), " "); got != strings.Join(want, " ") {
			t.Fatalf("%s\ngot  %q\nwant %q", line, got, strings.Join(want, " "))
		}
	})
}
