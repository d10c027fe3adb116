package outbox

import (
	"bytes"
	"os"
	"slices"

	"horsepipe/pkg/lock"
)

// Queue is a file of drafts, one a line, from which the first ones are taken.
//
// A line is removed only when the log holds the receipt of its draft. If a run is killed between the
// two, the next one knows the draft, and removes the line without posting it. So a draft is posted once
// as long as all who take from a queue use the same log, whose lock keeps them apart. A draft that is
// refused stays, for a person to look at.
//
// The file is read again right before it is replaced, so lines that were added meanwhile stay. But a
// program that writes to the open file at that very moment writes to the old one.
type Queue struct {
	Path    string
	Replace func(data []byte) error // replaces the file, whole or not at all
}

// lines returns the lines, without their ends. Only a regular file is a queue: a pipe might be waited for
// for ever, with the log locked.
func (q *Queue) lines() ([][]byte, error) {
	if err := lock.Regular(q.Path); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(q.Path)
	return bytes.Split(data, []byte("\n")), err
}

// remove removes the first line that is equal to this one, if there still is one.
func (q *Queue) remove(line []byte) error {
	data, err := os.ReadFile(q.Path)
	if err != nil {
		return err
	}
	at := 0
	for one := range bytes.Lines(data) {
		if bytes.Equal(bytes.TrimSuffix(one, []byte("\n")), line) {
			return q.Replace(slices.Delete(data, at, at+len(one)))
		}
		at += len(one)
	}
	return nil
}
