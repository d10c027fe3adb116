package post

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzReader compares the parser with encoding/json: both accept the same lines and read the same
// from them. What was read and written is read again as the same.
func FuzzReader(f *testing.F) {
	for _, c := range shapes {
		f.Add(c.line)
	}
	for _, line := range benchLines {
		f.Add(line)
	}
	for _, s := range []string{`{"text":"\ud83d\ude00\ude00\ud83d\ud83d\ude00"}`, `{"text":"a","b":[-0.5e+7,1E9,true,false,null,{}]}`,
		`{"text":"a","b":-}`, `{"text":"a","b":1.}`, `{"text":"a",}`, ` { "text" : "a" } `, `{"text":"a","b":tru}`, `{}`, "{\"text\":\"a\xff\"}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if strings.ContainsRune(line, '\n') {
			return
		}
		p := Parser{}
		top, err := p.begin([]byte(line))
		want := map[string]json.RawMessage{}
		valid := utf8.ValidString(line) && json.Unmarshal([]byte(line), &want) == nil && strings.TrimLeft(line, " \t\r")[0] == '{'
		if (err == nil) != valid {
			t.Fatalf("%q: got %v, encoding/json says %v", line, err, valid)
		}
		if err != nil {
			return
		}
		for i := range top.fields {
			compareField(t, &p, &top.fields[i], want)
		}
		once := readAll(t, line)
		for _, l := range once {
			if !strings.HasPrefix(l, "in:") {
				if twice := readAll(t, l); !reflect.DeepEqual(twice, []string{l}) {
					t.Fatalf("%q\nonce  %s\ntwice %s", line, l, twice)
				}
			}
		}
	})
}

// compareField compares the name of a field, and its value if that is a string.
func compareField(t *testing.T, p *Parser, f *field, want map[string]json.RawMessage) {
	name := string(unescape(nil, p.scan.b[f.key.from+1:f.key.to-1]))
	if _, ok := want[name]; !ok {
		t.Fatalf("no field %q in %s", name, p.scan.b)
	}
	raw := p.scan.b[f.val.from:f.val.to]
	var s string
	if raw[0] == '"' {
		if err := json.Unmarshal(raw, &s); err != nil {
			t.Fatal(err)
		}
		if got := string(unescape(nil, raw[1:len(raw)-1])); got != s {
			t.Fatalf("%s: got %q, want %q", raw, got, s)
		}
	} else if !json.Valid(raw) {
		t.Fatalf("%s is not valid", raw)
	}
}

// FuzzChunks cuts any input at any size and compares its lines with those of a plain split.
func FuzzChunks(f *testing.F) {
	f.Add("a\nbb\r\n\nccc", 1, 2)
	f.Add("\uFEFFa\n\uFEFFb\n", 100, 10)
	f.Add("aaaaaaaaaaaaaaaa\nb", 3, 5)
	f.Add("a\naaaaaaaaaaaaaaaa", 3, 5)
	f.Fuzz(func(t *testing.T, in string, size, limit int) {
		size, limit = 1+size&63, 1+limit&63
		want := map[int]string{}
		for i, line := range strings.Split(in, "\n") {
			trimmed := strings.TrimPrefix(strings.TrimSuffix(line, "\r"), "\uFEFF")
			if len(line) > limit {
				want[i+1] = "too long"
			} else if strings.Trim(trimmed, " \t") != "" {
				want[i+1] = trimmed
			}
		}
		if got := chunkLines(t, newChunks(strings.NewReader(in), "in", size, 1, limit)); !reflect.DeepEqual(got, want) {
			t.Fatalf("got %q, want %q", got, want)
		}
	})
}
