//go:build !windows

package credential

import (
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// A named pipe is refused and not opened, which would wait for ever. What a shell makes of <(...) is read.
func TestPipe(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x-newton.json")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skip(err)
	}
	for want, e := range map[string]func(string) string{
		"credentials: " + path + " is a named pipe":          env("TW_CREDENTIALS", path),
		"TW_BEARER_TOKEN_FILE: " + path + " is a named pipe": env("TW_BEARER_TOKEN_FILE", path),
	} {
		if _, err := Open(e, ""); err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	}
	for _, v := range []struct{ name, text string }{
		{"TW_CREDENTIALS", `{"bearer_token":"` + canary + `"}`}, {"TW_BEARER_TOKEN_FILE", canary},
	} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if _, err := w.WriteString(v.text); err != nil {
			t.Fatal(err)
		}
		w.Close()
		shell := fmt.Sprintf("/dev/fd/%d", r.Fd())
		if _, err := os.Stat(shell); err != nil {
			t.Skip(err)
		}
		if k, err := Open(env(v.name, shell), ""); err != nil || k.BearerToken.Reveal() != canary {
			t.Errorf("%s: %v", v.name, err)
		}
	}
}
