package sandbox

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"horsepipe/pkg/lock"
	"horsepipe/pkg/post"
)

// stateFile is the journal of posts: JSON Lines, one record a post, appended
// and synced. A record with a "deleted_at" deletes the post of that id.
type stateFile struct {
	*lock.File
	write  func([]byte) (int, error) // that of the file; tests let it fail
	broken error                     // why the file may end with a part of a record
}

// openState locks the file, reads it into replay, cuts off a torn last line
// (its post was never answered) and leaves the file open for appending.
func openState(path string, replay func(*post.Post) error) (*stateFile, error) {
	f, err := lock.Open(context.Background(), path, 0o600, 0)
	if errors.Is(err, lock.ErrBusy) {
		return nil, fmt.Errorf("state file %s is in use by another sandbox", path)
	}
	if err != nil {
		return nil, err
	}
	s := &stateFile{File: f, write: f.Write}
	if err := errors.Join(repair(f), replayAll(f, path, replay)); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// repair cuts the file after its last newline: what follows was being written
// when the server died, so nobody was told of it.
func repair(f *lock.File) error {
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	size, one := end, make([]byte, 1)
	for ; end > 0; end-- {
		if _, err := f.ReadAt(one, end-1); err != nil {
			return err
		}
		if one[0] == '\n' {
			break
		}
	}
	if end < size {
		if err := f.Truncate(end); err != nil {
			return err
		}
	}
	_, err = f.Seek(0, io.SeekStart)
	return err
}

// replayAll reads the file. It is strict: a state that was only partly understood
// would issue ids twice.
func replayAll(f io.Reader, path string, replay func(*post.Post) error) error {
	for p, err := range post.NewReader(f, path).All(nil) {
		if err == nil {
			err = replay(p)
		}
		if err != nil {
			return fmt.Errorf("state file: %w", err)
		}
	}
	return nil
}

// append writes a record and returns when it is on the disk. If that fails it takes the record, or what
// there is of it, back: nobody is told of the post, and no record may follow half of one. If even that
// fails, nothing is appended any more.
func (s *stateFile) append(p *post.Post) error {
	if s.broken != nil {
		return s.broken
	}
	size, err := s.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err = s.write(append(p.AppendJSON(nil), '\n')); err == nil {
		err = s.Sync()
	}
	if err != nil {
		s.broken = s.Truncate(size)
	}
	return errors.Join(err, s.broken)
}

// replay repeats what a line of the state file records.
func (s *Server) replay(p *post.Post) error {
	if _, gone := p.Extra("deleted_at"); gone {
		if id, ok := parseID(p.ID); ok && s.store.byID[id] != nil {
			s.store.remove(s.store.byID[id])
		}
		return nil
	}
	_, err := s.store.seed("", []*post.Post{p})
	return err
}

// keep records a post that was made.
func (s *Server) keep(st *status) error {
	if s.state == nil {
		return nil
	}
	return s.state.append(st.record())
}

// keepDeleted records that a post was deleted at t.
func (s *Server) keepDeleted(st *status, t time.Time) error {
	if s.state == nil {
		return nil
	}
	p := st.record()
	p.SetExtra("deleted_at", t.Format(time.RFC3339))
	return s.state.append(p)
}
