//go:build !windows

package x

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// A named pipe is refused and not opened, which would wait for ever with the log locked.
func TestMediaFromAPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.png")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip(err)
	}
	if _, err := Media(withMedia(t, Medium{Path: path})); err == nil || !strings.HasSuffix(err.Error(), "a.png is empty or no file") {
		t.Errorf("got %v", err)
	}
}
