package tool

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"

	"horsepipe/pkg/replace"
)

// File is an output that appears whole or not at all: it is written beside its place, and Commit syncs
// it and renames it into place. Until then the old file stays readable, also for a program that has
// mapped it into memory. The new file takes over its permissions.
//
// A path that is not a regular file, such as /dev/null or a named pipe, is written directly.
type File struct {
	io.Writer
	temp  replace.File // nil for standard output and devices
	plain *os.File     // a device
	set   *pending
	once  sync.Once // the owner and a signal may both want to discard it
}

// create is CreateBinary for any data, over any file.
func (c *Call) create(path string) (*File, error) {
	f := &File{set: c.files}
	if path == "-" {
		f.Writer = c.Out()
		return f, nil
	}
	if path == "" {
		return nil, Usagef("an output has no name")
	}
	info, err := os.Stat(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	if err == nil && !info.Mode().IsRegular() {
		f.plain, err = os.OpenFile(path, os.O_WRONLY, 0)
		f.Writer = f.plain
		return f, err
	}
	if f.temp, err = replace.Begin(path, replace.Public); err != nil {
		return nil, err
	}
	f.Writer = f.temp
	c.files.add(f)
	return f, nil
}

// CreateBinary begins the file at path, for data that no person can read; "-" is standard output. Call
// Commit at the end, and Close on every way out: it discards what was not committed. A symbolic link is
// followed. CreateBinary refuses to write to a terminal or over one of the files to be read. Call it
// first, so that it refuses before and not after hours of work.
func (c *Call) CreateBinary(path string, read ...string) (*File, error) {
	forbidden := c.notOver(path, read)
	if path == "-" {
		forbidden = c.notToTerminal()
	}
	if forbidden != nil {
		return nil, forbidden
	}
	return c.create(path)
}

// Replace writes data to a file, whole or not at all.
func (c *Call) Replace(path string, data []byte) error {
	f, err := c.create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(data); err != nil {
		return err
	}
	return f.Commit()
}

// Until returns a writer to the file that fails once the context ends. Without it, an output that takes
// long to write would be finished and committed after a signal.
func (f *File) Until(ctx context.Context) io.Writer { return &until{ctx, f} }

type until struct {
	ctx context.Context
	out io.Writer
}

func (u *until) Write(p []byte) (int, error) {
	if err := u.ctx.Err(); err != nil {
		return 0, err
	}
	return u.out.Write(p)
}

// Commit puts the file in its place. If that fails, the old file stays. After Close it does nothing.
func (f *File) Commit() (err error) {
	switch {
	case f.plain != nil:
		return f.plain.Close()
	case f.temp == nil:
		return nil
	}
	f.once.Do(func() {
		if err = f.temp.CloseAtomicallyReplace(); err != nil {
			err = errors.Join(err, f.temp.Cleanup())
		}
		f.set.remove(f)
	})
	return err
}

// Close discards the file, unless it has been committed.
func (f *File) Close() (err error) {
	if f.plain != nil {
		f.plain.Close() // after Commit it is closed already
		return nil
	}
	if f.temp == nil {
		return nil
	}
	f.once.Do(func() {
		err = f.temp.Cleanup()
		f.set.remove(f)
	})
	return err
}

// pending holds the files that are neither committed nor closed.
type pending struct {
	mu    sync.Mutex
	files map[*File]bool
}

func (p *pending) add(f *File) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.files == nil {
		p.files = map[*File]bool{}
	}
	p.files[f] = true
}

func (p *pending) remove(f *File) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.files, f)
}

// drop discards all of them.
func (p *pending) drop() {
	p.mu.Lock()
	files := p.files
	p.files = nil
	p.mu.Unlock()
	for f := range files {
		f.Close()
	}
}
