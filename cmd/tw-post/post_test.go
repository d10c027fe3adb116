package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"horsepipe/pkg/network/x"
	"horsepipe/pkg/tool"
	"horsepipe/pkg/tool/tooltest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tw-post": func() { tool.Main(program(time.Now)) }})
}

// Scripts have more commands: those of [tooltest.Serve] and [tooltest.Spent]; "posted", which writes
// the texts of bot's posts to the file "posted", one a line; "threads", which writes each post and what
// it answers to the file "threads"; and "picture FILE", which makes a PNG.
func TestScripts(t *testing.T) {
	tooltest.Run(t, testscript.Params{
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve": tooltest.Serve, "spent": tooltest.Spent, "posted": posted, "threads": threads, "picture": picture,
		},
	})
}

// noServer is an environment with keys, but without a server.
func noServer(name string) string {
	return map[string]string{"TW_CONSUMER_KEY": "a", "TW_CONSUMER_SECRET": "b", "TW_ACCESS_TOKEN": "c", "TW_ACCESS_SECRET": "d", "TW_API_BASE": "http://127.0.0.1:1"}[name]
}

// The manual has all prices that a file of prices may have, as they are built in.
func TestManualHasAllPrices(t *testing.T) {
	_, example, _ := strings.Cut(manual, `{"as_of"`)
	example, _, _ = strings.Cut(example, "}")
	p, err := x.ReadPrices(strings.NewReader(`{"as_of"`+example+"}"), "example")
	if p.AsOf = x.Published.AsOf; err != nil || p != x.Published {
		t.Errorf("got %+v, %v", p, err)
	}
	built, _ := json.Marshal(x.Published)
	var names map[string]any
	if err := json.Unmarshal(built, &names); err != nil {
		t.Fatal(err)
	}
	for name := range names {
		if !strings.Contains(manual, fmt.Sprintf("%q:", name)) {
			t.Errorf("no %s", name)
		}
	}
}

// Quiet hours follow the clock of the time zone.
func TestQuietHours(t *testing.T) {
	for hour, want := range map[int]string{ // of UTC; Paris is one ahead
		21: "", 22: "tw-post: not at 23:30 CET: quiet hours\n", 5: "tw-post: not at 06:30 CET: quiet hours\n", 6: "",
	} {
		now := func() time.Time { return time.Date(2026, 11, 22, hour, 30, 0, 0, time.UTC) }
		var stdout, stderr strings.Builder
		args := []string{"--quiet-hours", "23-7", "--time-zone", "Europe/Paris"}
		code := tool.Run(t.Context(), program(now), args, strings.NewReader(""), &stdout, &stderr, noServer)
		if code != tool.Done || stdout.String() != "" || stderr.String() != want {
			t.Errorf("at %d: got %d %q, want %q", hour, code, stderr.String(), want)
		}
	}
}

// So do the days of --per-day: what was posted at half past ten was posted yesterday in Paris.
func TestDayOfTheZone(t *testing.T) {
	log := filepath.Join(t.TempDir(), "bot.jsonl")
	const receipt = `{"id":"1","text":"a","created_at":"2026-11-22T22:30:00Z","log":"sent","logged_at":"2026-11-22T22:30:00Z"}` + "\n"
	if err := os.WriteFile(log, []byte(receipt), 0o600); err != nil {
		t.Fatal(err)
	}
	now := func() time.Time { return time.Date(2026, 11, 22, 23, 30, 0, 0, time.UTC) }
	for zone, want := range map[string]int{"UTC": tool.Skipped, "Europe/Paris": tool.Done} {
		args := []string{"--dry-run", "--log", log, "--per-day", "1", "--time-zone", zone}
		if code := tool.Run(t.Context(), program(now), args, strings.NewReader(`{"text":"b"}`), io.Discard, io.Discard, noServer); code != want {
			t.Errorf("%s: got %d, want %d", zone, code, want)
		}
	}
}

// A machine that sleeps through a delay wakes in the night.
func TestQuietHoursAfterADelay(t *testing.T) {
	at := time.Date(2026, 11, 22, 18, 30, 0, 0, time.UTC)
	now := func() time.Time { at = at.Add(4 * time.Hour); return at }
	var stderr strings.Builder
	args := []string{"--quiet-hours", "23-7", "--time-zone", "UTC", "--delay", "1ns"}
	code := tool.Run(t.Context(), program(now), args, strings.NewReader(`{"text":"a"}`), io.Discard, &stderr, noServer)
	if want := "tw-post: not at 02:30 UTC: quiet hours\n"; code != tool.Done || stderr.String() != want {
		t.Errorf("got %d %q, want %q", code, stderr.String(), want)
	}
}

// The requests of a run give up after --timeout.
func TestTimeout(t *testing.T) {
	p := program(time.Now)
	p.Run = func(_ context.Context, c *tool.Call) error {
		s, err := connect(c, time.Now)
		if client, ok := s.api.(*x.Client); !ok || client.HTTP.Timeout != 5*time.Second {
			t.Errorf("got %+v", s.api)
		}
		return err
	}
	if code := tool.Run(t.Context(), p, []string{"--timeout", "5s"}, strings.NewReader(""), io.Discard, io.Discard, noServer); code != tool.Done {
		t.Errorf("got %d", code)
	}
}

// reading is an [io.Reader].
type reading func([]byte) (int, error)

func (read reading) Read(b []byte) (int, error) { return read(b) }

// What became of a draft is printed before the next one comes, which may take long.
func TestPrintsAtOnce(t *testing.T) {
	var stdout strings.Builder
	drafts := io.MultiReader(strings.NewReader(`{"text":"a"}`+"\n"), reading(func([]byte) (int, error) {
		if stdout.Len() == 0 {
			t.Error("nothing is printed yet")
		}
		return 0, io.EOF
	}))
	if code := tool.Run(t.Context(), program(time.Now), []string{"--dry-run"}, drafts, &stdout, io.Discard, noServer); code != tool.Done {
		t.Errorf("got %d", code)
	}
}

// Without a seed, each run draws anew.
func TestOddsOfEachRun(t *testing.T) {
	said := map[string]bool{}
	for range 200 {
		var stderr strings.Builder
		tool.Run(t.Context(), program(time.Now), []string{"--odds", "1/2"}, strings.NewReader(""), io.Discard, &stderr, noServer)
		said[stderr.String()] = true
	}
	if len(said) != 2 || !said[""] || !said["tw-post: not this time, at odds of 1/2\n"] {
		t.Errorf("got %v", said)
	}
}

// A run that is stopped during its delay was not done.
func TestStoppedDuringADelay(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	stop()
	var stderr strings.Builder
	code := tool.Run(ctx, program(time.Now), []string{"--delay", "1h"}, strings.NewReader(""), io.Discard, &stderr, noServer)
	if want := "tw-post: error: context canceled\n"; code != tool.Failed || stderr.String() != want {
		t.Errorf("got %d %q, want %q", code, stderr.String(), want)
	}
}

// unsynced is a file on a disk that has no room, which some disks tell only at Sync.
type unsynced struct{ *os.File }

func (unsynced) Sync() error { return errors.New("no room") }

// What --trim takes out of a log is lost if neither the log nor the file that it went to has it.
func TestTrimIntoAFullFile(t *testing.T) {
	dir := t.TempDir()
	log := filepath.Join(dir, "bot.jsonl")
	const old = `{"text":"a","key":"a","log":"unsent","log_why":"no","logged_at":"2020-01-01T00:00:00Z"}` + "\n"
	if err := os.WriteFile(log, []byte(old), 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := os.Create(filepath.Join(dir, "old.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	var stderr strings.Builder
	now := time.Date(2020, 3, 30, 12, 0, 0, 0, time.UTC) // 89 days later
	trim := func(stdout io.Writer) int {
		stderr.Reset()
		return tool.Run(t.Context(), program(func() time.Time { return now }), []string{"--trim", "90", "--log", log}, strings.NewReader(""), stdout, &stderr, noServer)
	}
	if code := trim(out); code != tool.Done || stderr.String() != "" {
		t.Errorf("got %d %q before its time", code, stderr.String())
	}
	now = now.AddDate(0, 0, 2)
	code := trim(unsynced{out})
	if want := "tw-post: error: " + log + " stays as it was: what was taken out of it may be lost: no room\n"; code != tool.Failed || stderr.String() != want {
		t.Errorf("got %d %q, want %q", code, stderr.String(), want)
	}
	if kept, _ := os.ReadFile(log); string(kept) != old {
		t.Errorf("the log holds %q", kept)
	}
	if code := trim(out); code != tool.Done {
		t.Errorf("got %d %q", code, stderr.String())
	}
	if kept, _ := os.ReadFile(log); len(kept) > 0 {
		t.Errorf("the log holds %q", kept)
	}
}

func posted(ts *testscript.TestScript, _ bool, _ []string) {
	var all []byte
	for _, p := range tooltest.X(ts).Posts("bot") {
		all = append(append(all, p.Text...), '\n')
	}
	ts.Check(os.WriteFile(ts.MkAbs("posted"), all, 0o600))
}

func threads(ts *testscript.TestScript, _ bool, _ []string) {
	var all string
	texts := map[string]string{}
	for _, p := range tooltest.X(ts).Posts("bot") {
		texts[p.ID] = p.Text
		all += fmt.Sprintf("%s <- %s\n", p.Text, texts[p.ReplyTo])
	}
	ts.Check(os.WriteFile(ts.MkAbs("threads"), []byte(all), 0o600))
}

func picture(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte("\x89PNG\r\n\x1a\n and so on"), 0o600))
}
