package timeline

import (
	"context"
	"errors"
	"testing"

	"horsepipe/pkg/network"
)

func TestCollect(t *testing.T) {
	tests := []struct {
		name     string
		posts    int
		max      int
		set      func(*fake)
		want     int // posts, the newest
		requests int
		err      error
	}{
		{name: "nothing", posts: 0, want: 0, requests: 1},
		{name: "one", posts: 1, want: 1, requests: 1},
		{name: "a page", posts: 10, want: 10, requests: 1},
		{name: "a page and one", posts: 11, want: 11, requests: 2},
		{name: "many", posts: 95, want: 95, requests: 10},
		{name: "empty pages between", posts: 25, want: 25, requests: 5, set: func(f *fake) { f.empty[2], f.empty[3] = true, true }},
		{name: "empty pages until it starts again, and one more", posts: 25, want: 25, requests: maxEmpty + 4, set: func(f *fake) {
			for i := range maxEmpty + 1 {
				f.empty[2+i] = true
			}
		}},
		{name: "pages in a circle", posts: 45, want: 45, requests: 5, set: func(f *fake) { f.circle = 3 }},
		{name: "no word about more", posts: 25, want: 25, requests: 4, set: func(f *fake) { f.mute = true }},
		{name: "a blank page is asked for again", posts: 25, want: 25, requests: 4, set: func(f *fake) { f.blank = map[int]bool{2: true} }},
		{name: "bounded", posts: 45, max: 20, want: 20, requests: 2, err: ErrMax},
		{name: "bounded, with a rest that is too small for a page", posts: 45, max: 12, want: 12, requests: 2, err: ErrMax},
		{name: "bounded by all there is", posts: 20, max: 20, want: 20, requests: 2},
		{name: "a failure keeps what was read", posts: 45, want: 20, requests: 3, err: errDown, set: func(f *fake) { f.fail[3] = errDown }},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			f := newFake(tt.posts)
			if tt.set != nil {
				tt.set(f)
			}
			opt := options
			opt.Max = tt.max
			got, err := Collect(context.Background(), f, f.user, opt)
			if !errors.Is(err, tt.err) {
				t.Errorf("error: got %v, want %v", err, tt.err)
			}
			if want := lines(f.posts[tt.posts-tt.want:]); lines(got) != want {
				t.Errorf("got %d posts\n%swant\n%s", len(got), lines(got), want)
			}
			if len(f.queries) != tt.requests {
				t.Errorf("got %d requests, want %d", len(f.queries), tt.requests)
			}
			if tt.max > 0 && f.read > tt.max {
				t.Errorf("read %d posts of at most %d", f.read, tt.max)
			}
		})
	}
}

func TestWalkEnds(t *testing.T) {
	f := newFake(0)
	for i := range 10 * maxEmpty {
		f.empty[i] = true
	}
	_, err := Collect(context.Background(), f, f.user, options)
	if network.KindOf(err) != network.Unavailable || len(f.queries) > maxEmpty+1 {
		t.Errorf("got %v after %d requests", err, len(f.queries))
	}
}

// TestWalkIsBounded has networks that go on for ever or seem to: beyond their cap, and beyond the
// end that was asked for.
func TestWalkIsBounded(t *testing.T) {
	for _, mute := range []bool{false, true} {
		f := newFake(5 * limits.Cap)
		f.mute = mute
		got, err := Collect(context.Background(), f, f.user, options)
		if !errors.Is(err, ErrOver) || len(got) != limits.Cap+limits.Page || f.read != len(got) {
			t.Errorf("mute %v: got %d posts, read %d, %v", mute, len(got), f.read, err)
		}
	}
	f, opt := newFake(95), options
	f.deaf, opt.Since = true, "1080"
	got, err := Collect(context.Background(), f, f.user, opt)
	if !errors.Is(err, ErrOver) || lines(got) != lines(f.posts[81:]) || f.read != 20 {
		t.Errorf("got %d posts, read %d, %v", len(got), f.read, err)
	}
	f.deaf, f.read = false, 0
	if got, err = Collect(context.Background(), f, f.user, opt); err != nil || len(got) != 14 || f.read != 14 {
		t.Errorf("got %d posts, read %d, %v", len(got), f.read, err)
	}
}

// TestWalkIsNotFooled has a network that gives only empty pages, which do not mean the end of an
// account.
func TestWalkIsNotFooled(t *testing.T) {
	f := newFake(25)
	f.blank = map[int]bool{2: true, 3: true}
	got, err := Collect(context.Background(), f, f.user, options)
	if network.KindOf(err) != network.Unavailable || len(got) != 10 {
		t.Errorf("got %d posts, %v", len(got), err)
	}
}

func TestWalkNeverReadsMore(t *testing.T) {
	for posts := range 40 {
		for most := 5; most < 40; most++ {
			f, opt := newFake(posts), options
			opt.Max = most
			got, err := Collect(context.Background(), f, f.user, opt)
			if f.read > most || len(got) > most || err != nil && err != ErrMax {
				t.Fatalf("%d posts, at most %d: read %d, error %v", posts, most, f.read, err)
			}
			if err == nil && len(got) != posts || err != nil && len(got) < min(posts, most)-limits.MinPage {
				t.Fatalf("%d posts, at most %d: got %d, error %v", posts, most, len(got), err)
			}
		}
	}
}

// A network that gives more than it was asked for is asked for nothing more.
func TestWalkEndsBeyondMax(t *testing.T) {
	f, opt := newFake(95), options
	f.lavish, opt.Max = true, 15
	got, err := Collect(context.Background(), f, f.user, opt)
	if err != ErrMax || f.read != 20 || len(got) != f.read {
		t.Errorf("got %d posts, read %d, %v", len(got), f.read, err)
	}
}
