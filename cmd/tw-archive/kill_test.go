package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"horsepipe/pkg/post"
	"horsepipe/pkg/sandbox"
)

// killer lets a process have a number of answers and then kills it: before the next answer is made, or
// after, while the process reads it or writes it to the disk.
type killer struct {
	http.Handler
	mu     sync.Mutex
	left   int // answers before the kill; negative: never
	behind bool
	victim *os.Process
}

func (k *killer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.left != 0 {
		k.left--
		k.Handler.ServeHTTP(w, r)
		return
	}
	k.left = -1
	if k.behind {
		k.Handler.ServeHTTP(w, r)
		w.(http.Flusher).Flush()
	}
	k.victim.Kill()
	panic(http.ErrAbortHandler)
}

// TestKilled kills updates of one file, each after one answer more than the one before, and lets the
// account post between them. Then one update runs undisturbed, and the file must be as if it had been
// fetched undisturbed.
func TestKilled(t *testing.T) {
	folder := t.TempDir()
	sb, err := sandbox.New(sandbox.Options{Now: time.Now, Secret: []byte("kill")})
	if err != nil {
		t.Fatal(err)
	}
	k := &killer{Handler: sb}
	web := httptest.NewServer(k)
	defer web.Close()
	keys, err := sb.Keys("newton")
	if err != nil {
		t.Fatal(err)
	}
	env := append(os.Environ(), strings.Fields(keys.Shell(web.URL))...)
	update := func(file string, after int, behind bool) error {
		cmd := exec.Command("tw-archive", "--update", filepath.Join(folder, file), "newton")
		cmd.Env = env
		k.mu.Lock() // until it is known which process to kill
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		k.left, k.behind, k.victim = after, behind, cmd.Process
		k.mu.Unlock()
		return cmd.Wait()
	}
	posts := 0
	more := func(n int) {
		var batch []*post.Post
		for range n {
			posts++
			batch = append(batch, &post.Post{ID: fmt.Sprint(40_000_000_000 + int64(posts)), Text: fmt.Sprintf("proposition %d", posts)})
		}
		if _, err := sb.Seed("newton", batch); err != nil {
			t.Fatal(err)
		}
	}
	more(730)
	for round := range 12 {
		update("killed", round%6, round%2 == 0)
		more(round * 5)
	}
	for _, file := range []string{"killed", "peace"} {
		if err := update(file, -1, false); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
	}
	compare(t, folder, posts)
}

func compare(t *testing.T, folder string, posts int) {
	t.Helper()
	killed, err := os.ReadFile(filepath.Join(folder, "killed"))
	if err != nil {
		t.Fatal(err)
	}
	peace, err := os.ReadFile(filepath.Join(folder, "peace"))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(peace), "\n"); string(killed) != string(peace) || n != posts {
		t.Errorf("the killed file has %d lines, the other %d, the account %d posts", strings.Count(string(killed), "\n"), n, posts)
	}
	if rest, _ := filepath.Glob(filepath.Join(folder, "*.partial")); len(rest) > 0 {
		t.Errorf("left: %v", rest)
	}
}
