package model

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"horsepipe/pkg/scratch"
	"horsepipe/pkg/scratch/faulty"
	"pgregory.net/rapid"
)

// manyPosts are n posts of words that repeat more or less, and of long ones.
func manyPosts(n int) []testPost {
	texts := make([]string, n)
	for i := range texts {
		long := strings.Repeat(fmt.Sprint(i), i%60)
		texts[i] = fmt.Sprintf("post %d is number %d of  %d and %s%s", i, i%7, n, strings.Repeat("so on ", i%40), long)
	}
	posts := splitPosts(texts...)
	for i, p := range posts {
		for j := range p.gaps {
			if (i+j)%3 == 0 {
				p.gaps[j] = "" // which is not the usual gap of most words
			}
		}
	}
	return posts
}

func TestMemoryBound(t *testing.T) {
	posts := manyPosts(1000)
	want := buildWith(t, Options{}, posts, 1, 1000)
	sameBytes(t, want, twin(posts, "{}"))
	for _, memory := range []int64{1, 1e5, 3e5, 1e9} {
		dir := t.TempDir()
		got := buildWith(t, Options{Memory: memory, TempDir: dir, Workers: 2}, posts, 2, 100)
		sameBytes(t, got, want)
		empty(t, dir)
	}
}

// However much memory there is, no offset in a segment exceeds 32 bits, nor a limit an int.
func TestPlanBounds(t *testing.T) {
	for _, memory := range []int64{0, 1, 1e6, 1e9, 1e10, 1e11, 1 << 62} {
		p := planFor(memory)
		for what, bound := range map[string]struct{ got, most int64 }{
			"words":  {int64(p.words), 1 << 28},         // which are numbers of 29 bits with a bit for the gap, from 2 on
			"units":  {int64(p.units), 1<<32/5 - 1<<24}, // each at most five bytes of a key text
			"places": {int64(p.places), 1<<32 - 1},
			"arena":  {int64(p.arena), 1 << 31},
			"keys":   {int64(p.keys), sorterRange},
			"block":  {int64(p.block), 1 << 18},
			"text":   {int64(p.text), 1 << 31},
		} {
			if bound.got < 1 || bound.got > bound.most {
				t.Errorf("of %d bytes, %s: %d, want 1 to %d", memory, what, bound.got, bound.most)
			}
		}
		if !p.full(5000, 4000, math.MaxInt32) {
			t.Errorf("of %d bytes: there may be more than %d bytes of words", memory, math.MaxInt32)
		}
		if !p.full(p.units/16, p.words, 0) || !p.full(p.units/16, 0, p.text) {
			t.Errorf("of %d bytes: there may be more than %d words or %d bytes of them", memory, p.words, p.text)
		}
		if p.full(100, 90, 1e6) {
			t.Errorf("of %d bytes: a batch of long words is a segment of its own", memory)
		}
	}
}

// empty fails the test if a folder is not empty.
func empty(t *testing.T, dir string) {
	t.Helper()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%d files are left, %v", len(left), err)
	}
}

// A build may go into one part, with or without a rest in memory, or into more than can be merged at once.
// What is no longer needed makes room in the temporary file for what comes after.
func TestParts(t *testing.T) {
	for _, memory := range []int64{0, 1} {
		for _, tt := range []struct{ posts, parts, rest int }{{2, 1, 0}, {3, 1, 1}, {2*mergeFan + 40, 2*mergeFan + 1, 0}} {
			b := NewBuilder(Options{Memory: memory, TempDir: t.TempDir(), Workers: 1})
			defer b.Close()
			b.plan.units, b.spool.block = 22, 64
			posts := manyPosts(tt.posts)
			feed(t, b, posts, 1, 10)
			if len(b.parts) < tt.parts || tt.parts == 1 && len(b.parts) > 1 || b.open.posts != tt.rest {
				t.Errorf("%d posts: %d parts and a rest of %d", tt.posts, len(b.parts), b.open.posts)
			}
			sameBytes(t, written(t, b), twin(posts, "{}"))
			if size, used := textSize(posts), 64*b.spool.blocks; tt.parts > mergeFan && used > 4*size {
				t.Errorf("%d bytes of text took %d bytes of the disk", size, used)
			}
		}
	}
}

// textSize is the number of bytes of some posts.
func textSize(posts []testPost) (size int64) {
	for _, p := range posts {
		for i, token := range p.tokens {
			size += int64(len(p.gaps[i]) + len(token))
		}
	}
	return size
}

func TestTempDirMissing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "nowhere")
	b := NewBuilder(Options{Memory: 1, TempDir: dir})
	err := b.Append(take(b.Worker(), manyPosts(1000)), nil)
	if !errors.Is(err, os.ErrNotExist) || !strings.Contains(err.Error(), "temporary file in "+dir) {
		t.Errorf("got %v", err)
	}
	if err := b.Close(); err != nil {
		t.Errorf("close: %v", err)
	}
}

// fill gives posts to a builder one by one, to learn from and to know, up to the first error.
func fill(b *Builder, posts []testPost) error {
	w := b.Worker()
	var k KnownPosts
	for _, p := range posts {
		if err := b.Append(take(w, []testPost{p}), nil); err != nil {
			return err
		}
		for _, token := range p.tokens {
			k.Token([]byte(token))
		}
		k.End()
		if err := b.Know(&k); err != nil {
			return err
		}
	}
	return nil
}

// buildAll writes a model of posts, closes the builder, and returns the error of the build.
func buildAll(t *testing.T, b *Builder, posts []testPost, w io.Writer) error {
	t.Helper()
	err := fill(b, posts)
	if err == nil {
		_, err = b.WriteTo(w)
	}
	if e := b.Close(); e != nil {
		t.Fatal(e)
	}
	return err
}

// Wherever the disk fails, in reading or in writing, a build must end with that error and leave no
// file.
func TestDiskFull(t *testing.T) {
	posts, dir := manyPosts(200), t.TempDir()
	want := buildKnowing(t, Options{}, posts, posts)
	for after := 0; ; after += 1 + after/8 {
		b := NewBuilder(Options{Memory: 1, TempDir: dir, Workers: 2})
		b.spool.block = 4096
		b.spool.Create = faulty.NewDisk(after).Create
		var out bytes.Buffer
		err := buildAll(t, b, posts, &out)
		empty(t, dir)
		if err == nil {
			sameBytes(t, out.Bytes(), want) // nothing has failed
			t.Logf("%d reads and writes", after)
			return
		}
		if !errors.Is(err, faulty.ErrFull) || !strings.Contains(err.Error(), dir) {
			t.Fatalf("after %d reads and writes: %v", after, err)
		}
	}
}

// closing is a temporary file that closes the builder after some reads and writes.
type closing struct {
	scratch.Handle
	b    *Builder
	left *atomic.Int64
}

func (f closing) WriteAt(p []byte, at int64) (int, error) {
	if f.left.Add(-1) < 0 {
		f.b.Close()
	}
	return f.Handle.WriteAt(p, at)
}

func (f closing) ReadAt(p []byte, at int64) (int, error) {
	if f.left.Add(-1) < 0 {
		f.b.Close()
	}
	return f.Handle.ReadAt(p, at)
}

// Whenever a build is closed, it must end and leave no file.
func TestCloseEndsABuild(t *testing.T) {
	posts, dir := manyPosts(200), t.TempDir()
	for after := int64(0); ; after += 1 + after/4 {
		b := NewBuilder(Options{Memory: 1, TempDir: dir, Workers: 2})
		b.spool.block = 4096
		left := new(atomic.Int64)
		left.Store(after)
		b.spool.Create = func(dir, pattern string) (scratch.Handle, error) {
			f, err := os.CreateTemp(dir, pattern)
			return closing{f, b, left}, err
		}
		err := buildAll(t, b, posts, io.Discard)
		empty(t, dir)
		if left.Load() >= 0 {
			break
		}
		if !errors.Is(err, os.ErrClosed) {
			t.Fatalf("after %d reads and writes: %v", after, err)
		}
	}
}

// brokenPipe takes a number of bytes and no more.
type brokenPipe struct{ left int }

func (p *brokenPipe) Write(b []byte) (int, error) {
	n := min(len(b), p.left)
	if p.left -= n; n < len(b) {
		return n, io.ErrClosedPipe
	}
	return n, nil
}

// A build whose output fails tells how much was written, and leaves nothing behind.
func TestWriterFails(t *testing.T) {
	posts, dir := manyPosts(100), t.TempDir()
	size := len(buildWith(t, Options{}, posts, 1, 100))
	for _, memory := range []int64{0, 1e4} {
		for left := 0; left < size; left += 1 + size/20 {
			b := NewBuilder(Options{Memory: memory, TempDir: dir})
			feed(t, b, posts, 1, 100)
			if n, err := b.WriteTo(&brokenPipe{left}); n != int64(left) || !errors.Is(err, io.ErrClosedPipe) {
				t.Errorf("after %d bytes, told as %d: %v", left, n, err)
			}
			b.Close()
			b.Close()
			empty(t, dir)
		}
	}
}

func TestTape(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		s := &spool{File: scratch.File{Dir: dir}, block: rapid.IntRange(1, 40).Draw(t, "block")}
		defer s.Close()
		tapes := []*tape{{}, {spool: s}, {spool: s}}
		var want []byte
		for _, p := range rapid.SliceOf(rapid.SliceOfN(rapid.Byte(), 0, 50)).Draw(t, "writes") {
			for _, tape := range tapes {
				tape.Write(p)
			}
			want = append(want, p...)
		}
		for _, tape := range tapes {
			tape.end()
			r := tapeReader{tape: tape}
			for done := 0; ; {
				n := rapid.IntRange(1, 60).Draw(t, "peek")
				p := r.peek(n)
				if len(p) < min(n, len(want)-done) || !bytes.HasPrefix(want[done:], p) {
					t.Fatalf("byte %d: %x", done, p)
				}
				if len(p) == 0 {
					break
				}
				n = min(n, len(p))
				r.skip(n)
				done += n
			}
			if tape.spool != nil && len(want) > 0 {
				from := rapid.IntRange(0, len(want)-1).Draw(t, "from")
				p := make([]byte, rapid.IntRange(0, len(want)-from).Draw(t, "size"))
				if tape.readAt(p, int64(from)); !bytes.Equal(p, want[from:from+len(p)]) {
					t.Fatalf("byte %d: %x", from, p)
				}
			}
		}
		blocks := s.blocks
		tapes[1].erase()
		tapes[1].Write(want)
		if tapes[1].end(); s.blocks != blocks || s.Err() != nil {
			t.Fatalf("%d blocks and then %d, %v", blocks, s.blocks, s.Err())
		}
	})
	empty(t, dir)
}

// A write or read that fails is an error at once, although the disk may work again when it is used next.
func TestTapeFails(t *testing.T) {
	for before := range 2 {
		s := &spool{File: scratch.File{Dir: t.TempDir(), Create: faulty.NewDisk(before).Create}, block: 16}
		defer s.Close()
		w := tape{spool: s}
		w.Write([]byte("some words"))
		w.end()
		if before == 1 && (s.Err() != nil || w.readAt(make([]byte, 4), 5)) {
			t.Errorf("read what cannot be read, or %v", s.Err())
		}
		if !errors.Is(s.Err(), faulty.ErrFull) {
			t.Errorf("after %d writes: %v", before, s.Err())
		}
	}
}
