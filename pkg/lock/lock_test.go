package lock

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// both runs a test with a lock on the file itself, and with one on a file beside it, as on Windows.
func both(t *testing.T, test func(t *testing.T, path string, open func(path string, wait time.Duration) (*File, error))) {
	for name, suffix := range map[string]string{"itself": "", "beside": ".lock"} {
		t.Run(name, func(t *testing.T) {
			test(t, filepath.Join(t.TempDir(), "file"), func(path string, wait time.Duration) (*File, error) {
				return open(t.Context(), path, suffix, 0o600, wait)
			})
		})
	}
}

func check(t *testing.T, errs ...error) {
	t.Helper()
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

func TestOneAtATime(t *testing.T) {
	both(t, func(t *testing.T, path string, open func(string, time.Duration) (*File, error)) {
		f, err := open(path, 0)
		check(t, err)
		_, err = open(path, 0)
		var coded interface{ ExitCode() int }
		if !errors.Is(err, ErrBusy) || !errors.As(err, &coded) || coded.ExitCode() != 75 || err.Error() != path+": another run is at work on it" {
			t.Errorf("got %v", err)
		}
		waiting := make(chan error)
		go func() {
			f, err := open(path, time.Minute)
			if err == nil {
				err = f.Close()
			}
			waiting <- err
		}()
		check(t, f.Release()) // which does not let the other one in
		if _, err = open(path, 0); !errors.Is(err, ErrBusy) {
			t.Errorf("got %v", err)
		}
		check(t, f.Close(), <-waiting)
	})
}

// By whatever name a file is reached, it has one lock.
func TestLink(t *testing.T) {
	both(t, func(t *testing.T, path string, open func(string, time.Duration) (*File, error)) {
		link := filepath.Join(t.TempDir(), "link")
		if err := os.Symlink(path, link); err != nil {
			t.Skip(err)
		}
		f, err := open(link, 0) // to a file that is not there yet
		check(t, err)
		if _, err = open(path, 0); !errors.Is(err, ErrBusy) {
			t.Errorf("got %v", err)
		}
		check(t, f.Close())
	})
}

// What is written goes to the end, also after the file was cut.
func TestContents(t *testing.T) {
	both(t, func(t *testing.T, path string, open func(string, time.Duration) (*File, error)) {
		check(t, os.WriteFile(path, []byte("one\ntw"), 0o600))
		f, err := open(path, 0)
		check(t, err)
		data, err := io.ReadAll(f)
		check(t, err, f.Truncate(4))
		_, err = f.WriteString("two\n")
		check(t, err, f.Close())
		if after, _ := os.ReadFile(path); string(data) != "one\ntw" || string(after) != "one\ntwo\n" {
			t.Errorf("got %q, then %q", data, after)
		}
	})
}

// A file that was renamed away is not the one that was meant: whoever locks it takes the new one.
func TestRenamed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	old, err := open(t.Context(), path, "", 0o600, 0)
	check(t, err, os.Rename(path, path+".old"))
	again, err := open(t.Context(), path, "", 0o600, 0)
	check(t, err, again.Close(), old.Close())
}

// While a program waits for the lock, a link may be led to another file. Then that one is locked.
func TestLinkLedElsewhere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		link, before, after := filepath.Join(dir, "link"), filepath.Join(dir, "before"), filepath.Join(dir, "after")
		if err := os.Symlink(before, link); err != nil {
			t.Skip(err)
		}
		first, err := open(t.Context(), link, "", 0o600, 0)
		check(t, err)
		waiting := make(chan *File)
		go func() {
			f, err := open(t.Context(), link, "", 0o600, time.Minute)
			if err != nil {
				t.Error(err)
			}
			waiting <- f
		}()
		synctest.Wait() // until it waits for the lock
		check(t, os.Remove(link), os.Symlink(after, link), first.Close())
		second := <-waiting
		if f, err := open(t.Context(), after, "", 0o600, 0); !errors.Is(err, ErrBusy) {
			t.Fatalf("got %v, %v", f, err)
		}
		check(t, second.Close())
	})
}

func TestRefused(t *testing.T) {
	for _, path := range []string{t.TempDir(), os.DevNull, filepath.Join(t.TempDir(), "none", "file")} {
		f, err := Open(context.Background(), path, 0o600, 0)
		if err == nil {
			t.Fatalf("%s is locked: %v", path, f.Close())
		}
		if strings.Count(err.Error(), path) != 1 {
			t.Errorf("got %v", err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	path := filepath.Join(t.TempDir(), "file")
	f, err := Open(context.Background(), path, 0o600, 0)
	check(t, err)
	defer f.Close()
	if _, err := Open(ctx, path, 0o600, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
