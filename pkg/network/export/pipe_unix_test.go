//go:build !windows

package export

import (
	"path/filepath"
	"syscall"
	"testing"
)

// A named pipe in a folder is nobody's export: to open it would be to wait for ever.
func TestPipesAreLeftAlone(t *testing.T) {
	folder := files{"data/tweets.js": ytd("tweets", tweet("5", june, "a"))}.folder(t)
	for _, name := range []string{"later.zip", "data/tweets-part1.js"} {
		if err := syscall.Mkfifo(filepath.Join(folder, filepath.FromSlash(name)), 0o600); err != nil {
			t.Skip(err)
		}
	}
	if lines, rep, err := tryRead(t, Options{}, folder); err != nil || len(lines) != 1 || len(rep.Warnings) > 0 {
		t.Error(lines, rep.Warnings, err)
	}
}
