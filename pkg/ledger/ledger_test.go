package ledger

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"horsepipe/pkg/network"
)

var noon = time.Date(2026, 11, 22, 13, 0, 0, 5e8, time.FixedZone("CET", 3600))

func TestNote(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cost.jsonl")
	env := func(name string) string { return map[string]string{Variable: path}[name] }
	note := func(program string, u network.Usage, cost float64) {
		t.Helper()
		if err := Note(env, program, noon, u, cost); err != nil {
			t.Fatal(err)
		}
	}
	tenth := 0.1 // three of it are 0.30000000000000004
	note("tw-post", network.Usage{Requests: 1}, 0)
	if _, err := os.Stat(path); err == nil {
		t.Error("a run that cost nothing has made a ledger")
	}
	note("tw-post", network.Usage{Users: 1, Created: 2, Links: 1}, 0.01+0.015)
	if err := os.WriteFile(path, append(read(t, path), `{"at":"2026-1`...), 0o600); err != nil {
		t.Fatal(err)
	}
	note("tw-archive", network.Usage{Posts: 2, Referred: 1}, 0.015)
	note("tw-mentions", network.Usage{Posts: 3}, 3*tenth)
	want := `{"at":"2026-11-22T12:00:00Z","program":"tw-post","posts_read":0,"users_read":1,"posted":2,"cost":0.025}
{"at":"2026-1
{"at":"2026-11-22T12:00:00Z","program":"tw-archive","posts_read":3,"users_read":0,"posted":0,"cost":0.015}
{"at":"2026-11-22T12:00:00Z","program":"tw-mentions","posts_read":3,"users_read":0,"posted":0,"cost":0.3}
`
	if got := string(read(t, path)); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	note("tw-post", network.Usage{Created: 1}, 0.015)
	if got := string(read(t, path)); !strings.HasPrefix(got, "{\n{") {
		t.Errorf("after a single byte: got\n%s", got)
	}
}

func TestNoLedger(t *testing.T) {
	if err := Note(func(string) string { return "" }, "tw-post", noon, network.Usage{}, 1); err != nil {
		t.Error(err)
	}
	err := Note(func(string) string { return t.TempDir() }, "tw-post", noon, network.Usage{}, 1)
	if err == nil || !strings.HasPrefix(err.Error(), "TW_LEDGER: $1.000 could not be written down: open ") {
		t.Errorf("got %v", err)
	}
	if runtime.GOOS != "linux" {
		return // no /dev/full
	}
	if err := Note(func(string) string { return os.DevNull }, "tw-post", noon, network.Usage{}, 1); err != nil {
		t.Errorf("to be thrown away: %v", err)
	}
	err = Note(func(string) string { return "/dev/full" }, "tw-post", noon, network.Usage{}, 1)
	if err == nil || !strings.HasPrefix(err.Error(), "TW_LEDGER: $1.000 could not be written down: write ") {
		t.Errorf("full disk: got %v", err)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return data
}
