package corpus

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"

	"horsepipe/pkg/post"
)

// lines is a learner whose batches are the texts themselves; none of them is nil.
type lines struct{ batch []string }

func (l *lines) Know([]byte) {}

func (l *lines) Learn(v *post.View, it Item) {
	l.batch = append(l.batch, string(v.ID)+" "+string(it.Text))
}

func (l *lines) Take() []string {
	batch := l.batch
	l.batch = []string{}
	return batch
}

// learned returns a pipe, and where it puts what it learned and what it could not read.
func learned(workers int) (p *Pipe[[]string], texts, bad *[]string) {
	texts, bad = new([]string), new([]string)
	p = &Pipe[[]string]{
		Workers:    workers,
		NewLearner: func() Learner[[]string] { return &lines{[]string{}} },
		Append: func(batch []string, keep func(int) bool) error {
			if batch == nil {
				return errors.New("a batch that no learner made")
			}
			for i, s := range batch {
				if keep(i) {
					*texts = append(*texts, s)
				}
			}
			return nil
		},
		Bad: func(err *post.LineError) error {
			*bad = append(*bad, err.Error())
			return nil
		},
	}
	return p, texts, bad
}

// An id counts as missing until a post has it, in whichever input, and once.
func TestPipeMissing(t *testing.T) {
	p, texts, _ := learned(0)
	p.Filter.Without = map[string]bool{"1": true, "2": true, "3": true}
	for i, want := range []int{2, 2, 1} {
		in := []string{`{"id":"1","text":"a b"}`, `{"id":"1","text":"b"}` + "\n" + `{"id":"4","text":"c"}`, `{"id":"3","text":"RT @a: b"}`}[i]
		if err := p.Read(t.Context(), strings.NewReader(in), "in"); err != nil {
			t.Fatal(err)
		}
		if got := p.Missing(); got != want {
			t.Errorf("%d missing after input %d, want %d", got, i+1, want)
		}
	}
	if want := []string{"4 c"}; !reflect.DeepEqual(*texts, want) {
		t.Errorf("learned %q", *texts)
	}
}

// knower is a learner that shows what it is to know.
type knower struct {
	lines
	known *[]string
}

func (k *knower) Know(text []byte) { *k.known = append(*k.known, string(text)) }

// Reposts are known, cut off or not, and so are whole posts of which the end was cut off.
func TestPipeKnows(t *testing.T) {
	p, _, _ := learned(1)
	var known []string
	p.NewLearner = func() Learner[[]string] { return &knower{lines{[]string{}}, &known} }
	want := []string{"RT @a: one two", long, "so true - RT @a: one two"}
	in := `{"text":"` + strings.Join(want, "\"}\n{\"text\":\"") + "\"}\n" + `{"text":"three four"}`
	if err := p.Read(t.Context(), strings.NewReader(in), "in"); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(known, want) {
		t.Errorf("got %q, want %q", known, want)
	}
}

func TestPipe(t *testing.T) {
	p, texts, bad := learned(0)
	var bytes int64
	p.Progress = func(_ int, n int64) { bytes += n }
	in := "{\"text\":\"one two\"}\nno record\n{\"data\":[{\"id\":\"1\",\"text\":\"three four\"},{\"id\":\"2\",\"text\":\"One TWO\"}]}\n"
	for _, name := range []string{"a", "b"} {
		if err := p.Read(t.Context(), strings.NewReader(in), name); err != nil {
			t.Fatal(err)
		}
	}
	if want := []string{" one two", "1 three four"}; !reflect.DeepEqual(*texts, want) {
		t.Errorf("got %q, want %q", *texts, want)
	}
	if want := []string{"a:2: not a JSON object", "b:2: not a JSON object"}; !reflect.DeepEqual(*bad, want) {
		t.Errorf("got %q, want %q", *bad, want)
	}
	if got, want := p.Tally.String(), "8 read, 2 learned; left out: 4 duplicates, 2 bad lines"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if bytes != int64(2*len(in)) {
		t.Errorf("%d bytes went through, of %d", bytes, 2*len(in))
	}
}

// bigInput has several chunks, bad lines, duplicates and a line that is too long.
func bigInput() []byte {
	var b bytes.Buffer
	for i := range 40_000 {
		switch {
		case i%1000 == 7:
			b.WriteString("not a record\n")
		case i == 20_000:
			fmt.Fprintf(&b, "{\"text\":\"%s\"}\n", strings.Repeat("long ", post.MaxLine/5))
		default:
			fmt.Fprintf(&b, "{\"id\":\"%d\",\"text\":\"this is post number %d of a great many\"}\n", i, i%30_000)
		}
	}
	return b.Bytes()
}

func TestWorkersChangeNothing(t *testing.T) {
	in := bigInput()
	var wantTexts, wantBad []string
	var wantTally Tally
	for _, workers := range []int{1, 2, 7} {
		p, texts, bad := learned(workers)
		if err := p.Read(t.Context(), bytes.NewReader(in), "in"); err != nil {
			t.Fatal(err)
		}
		if workers == 1 {
			wantTexts, wantBad, wantTally = *texts, *bad, p.Tally
			if len(*texts) != 30_000-30-1 || len(*bad) != 41 {
				t.Errorf("learned %d, bad %d", len(*texts), len(*bad))
			}
		}
		if !reflect.DeepEqual(*texts, wantTexts) || !reflect.DeepEqual(*bad, wantBad) || p.Tally != wantTally {
			t.Errorf("%d workers: %v, one worker: %v", workers, &p.Tally, &wantTally)
		}
	}
}

// endless is an input of bad lines.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'x'
	}
	p[len(p)-1] = '\n'
	return len(p), nil
}

func TestPipeStops(t *testing.T) {
	broken := errors.New("broken")
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	never, _ := io.Pipe()
	for _, c := range []struct {
		name string
		ctx  context.Context
		in   io.Reader
		with func(*Pipe[[]string])
		want error
	}{
		{"input", t.Context(), iotest.ErrReader(broken), nil, broken},
		{"append", t.Context(), endless{}, func(p *Pipe[[]string]) {
			p.Append = func([]string, func(int) bool) error { return broken }
		}, broken},
		{"bad", t.Context(), endless{}, func(p *Pipe[[]string]) {
			p.Bad = func(*post.LineError) error { return broken }
		}, broken},
		{"duplicates", t.Context(), bytes.NewReader(bigInput()), func(p *Pipe[[]string]) {
			p.Dedup.Bound(1<<14, filepath.Join(t.TempDir(), "missing"))
		}, os.ErrNotExist},
		{"cancelled", cancelled, never, nil, context.Canceled},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, _, _ := learned(2)
			if c.with != nil {
				c.with(p)
			}
			if err := p.Read(c.ctx, c.in, "in"); !errors.Is(err, c.want) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func BenchmarkPipe(b *testing.B) {
	var in bytes.Buffer
	for i := range 100_000 {
		fmt.Fprintf(&in, "{\"id\": \"%d\", \"text\": \"this is post number %d of a great many, and it's of ordinary length, isn't it\", "+
			"\"created_at\": \"2012-11-16T03:26:13Z\", \"user\": \"someone\"}\n", i, i)
	}
	b.SetBytes(int64(in.Len()))
	for b.Loop() {
		p := &Pipe[int]{NewLearner: func() Learner[int] { return nothing{} }, Append: func(int, func(int) bool) error { return nil }}
		if err := p.Read(b.Context(), bytes.NewReader(in.Bytes()), "in"); err != nil {
			b.Fatal(err)
		}
	}
}

// nothing is a learner that does not learn.
type nothing struct{}

func (nothing) Learn(*post.View, Item) {}
func (nothing) Know([]byte)            {}
func (nothing) Take() int              { return 0 }
