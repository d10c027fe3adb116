package outbox

import (
	"bytes"
	"os"
)

// Queue is a file of drafts, one a line, from which the first ones are taken.
//
// A line goes out of the file when the log holds the receipt of its draft, and not before: a run that is killed between
// the two leaves a line whose draft the next run knows, and takes away without posting it. So a draft is posted once as
// long as all who take from a queue have one log, whose lock keeps them apart. A draft that is refused
// stays, for a person to look at.
//
// The file is read again right before it is replaced: what a person or a program put into it meanwhile stays. A
// program that has it open and writes to it at that very moment writes to the old one, though.
type Queue struct {
	Path    string
	Replace func(data []byte) error // puts the file in its place, whole or not at all
}

// Lines gives the lines, without their ends.
func (q *Queue) Lines() ([][]byte, error) {
	data, err := os.ReadFile(q.Path)
	return bytes.Split(data, []byte("\n")), err
}

// Remove takes the first line out that is equal to this one. There may be none any more.
func (q *Queue) Remove(line []byte) error {
	data, err := os.ReadFile(q.Path)
	if err != nil {
		return err
	}
	for at := 0; at < len(data); {
		end := len(data)
		if n := bytes.IndexByte(data[at:], '\n'); n >= 0 {
			end = at + n + 1
		}
		if bytes.Equal(bytes.TrimSuffix(data[at:end], []byte("\n")), line) {
			return q.Replace(append(data[:at:at], data[end:]...))
		}
		at = end
	}
	return nil
}
