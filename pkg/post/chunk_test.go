package post

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
)

// chunkLines returns the lines of all pieces by their numbers.
func chunkLines(t *testing.T, c *Chunks) map[int]string {
	t.Helper()
	lines := map[int]string{}
	for {
		piece, err := c.Next()
		var bad *LineError
		switch {
		case errors.Is(err, io.EOF):
			return lines
		case errors.As(err, &bad):
			lines[bad.Line] = "too long"
			continue
		case err != nil:
			t.Fatal(err)
		}
		for no, line := range piece.Lines() {
			lines[no] = string(line)
		}
		piece.Release()
	}
}

func TestChunksOneByteAtATime(t *testing.T) {
	in := "one\n\ntwo\r\n" + strings.Repeat("x", 30) + "\nthree"
	want := map[int]string{1: "one", 3: "two", 4: "too long", 5: "three"}
	got := chunkLines(t, newChunks(iotest.OneByteReader(strings.NewReader(in)), "in", 4, 2, 20))
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestInputThatFails(t *testing.T) {
	broken := errors.New("broken")
	r := NewReader(io.MultiReader(strings.NewReader("{\"text\":\"a\"}\n{\"te"), iotest.ErrReader(broken)), "in")
	if p, err := r.Next(); err != nil || p.Text != "a" {
		t.Fatalf("got %v, %v", p, err)
	}
	if _, err := r.Next(); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

// slowly returns one line a call, and fails if it is asked for one too early.
type slowly struct {
	lines []string
	asked int
}

func (s *slowly) Read(b []byte) (int, error) {
	if s.asked == len(s.lines) {
		return 0, io.EOF
	}
	s.asked++
	return copy(b, s.lines[s.asked-1]), nil
}

func TestReaderDoesNotReadAhead(t *testing.T) {
	in := &slowly{lines: []string{"{\"text\":\"a\"}\n", "{\"text\":\"b\"}\n"}}
	r := NewReader(in, "in")
	for want := 1; want <= 2; want++ {
		if _, err := r.Next(); err != nil || in.asked != want || r.Line() != want {
			t.Errorf("asked %d times, at line %d: %v", in.asked, r.Line(), err)
		}
	}
}

func TestLimit(t *testing.T) {
	in := `{"text":"a"}` + "\n" + `{"text":"ab"}` + "\n" + `{"text":"b"}`
	got := readAll(t, in, Limit(12))
	want := []string{`{"text":"a"}`, "in:2: the line is longer than 12 bytes", `{"text":"b"}`}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	r := NewReader(strings.NewReader(in), "in", Limit(12))
	for i := range want {
		if _, err := r.Next(); r.Line() != i+1 {
			t.Errorf("at line %d, want %d: %v", r.Line(), i+1, err)
		}
	}
}
