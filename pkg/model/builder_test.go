package model

import (
	"bytes"
	"testing"
)

// build makes a model of posts split at white space.
func TestBuildChecks(t *testing.T) {
	b := NewBuilder(Options{})
	defer b.Close()
	w := b.Worker()
	for i, s := range []string{"a b c", "a  b", "", "b", "a b c", "c c c c c c"} {
		w.Begin(Post{ID: string(rune('1' + i)), Time: int64(100 * i)})
		for j, f := range bytes.Fields([]byte(s)) {
			gap := " "
			if j == 1 {
				gap = "  "
			}
			w.Token([]byte(gap), f)
		}
		w.End()
	}
	if err := b.Append(w.Take(), nil); err != nil {
		t.Fatal(err)
	}
	var buf bytes.Buffer
	if _, err := b.WriteTo(&buf); err != nil {
		t.Fatal(err)
	}
	m, err := Load(buf.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Check(); err != nil {
		t.Fatal(err)
	}
	if m.Posts() != 5 || m.Tokens() != 15 {
		t.Errorf("got %d posts, %d tokens", m.Posts(), m.Tokens())
	}
}
