package main

import (
	"fmt"
	"io"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"horsepipe/pkg/sandbox"
	"horsepipe/pkg/tool"
	"horsepipe/pkg/tool/tooltest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"tw-post": func() { tool.Main(program(time.Now)) }})
}

// Scripts have more commands. "serve [FAULT...]" starts a local X and sets the environment for posting
// as bot. "posted" writes the texts of bot's posts to the file "posted", one a line. "requests N"
// expects N requests since the start. "threads" writes each post and what it answers to the file
// "threads". "picture FILE" makes a PNG.
func TestScripts(t *testing.T) {
	tooltest.Run(t, testscript.Params{
		Setup: func(env *testscript.Env) error {
			env.Values["server"] = new(*sandbox.Server)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"serve": serve, "posted": posted, "requests": requests, "threads": threads, "picture": picture,
		},
	})
}

// noServer is an environment with keys, but without a server.
func noServer(name string) string {
	return map[string]string{"TW_CONSUMER_KEY": "a", "TW_CONSUMER_SECRET": "b", "TW_ACCESS_TOKEN": "c", "TW_ACCESS_SECRET": "d", "TW_API_BASE": "http://127.0.0.1:1"}[name]
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

func server(ts *testscript.TestScript) **sandbox.Server { return ts.Value("server").(**sandbox.Server) }

func serve(ts *testscript.TestScript, _ bool, args []string) {
	var faults []sandbox.Fault
	for _, spec := range args {
		f, err := sandbox.ParseFault(spec)
		ts.Check(err)
		faults = append(faults, f)
	}
	sb, err := sandbox.New(sandbox.Options{Now: time.Now, Secret: []byte("test"), Faults: faults, V1: true})
	ts.Check(err)
	*server(ts) = sb
	web := httptest.NewServer(sb)
	ts.Defer(web.Close)
	keys, err := sb.Keys("bot")
	ts.Check(err)
	for line := range strings.Lines(keys.Shell(web.URL)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		ts.Setenv(name, value)
	}
}

func posted(ts *testscript.TestScript, _ bool, _ []string) {
	var all []byte
	for _, p := range (*server(ts)).Posts("bot") {
		all = append(append(all, p.Text...), '\n')
	}
	ts.Check(os.WriteFile(ts.MkAbs("posted"), all, 0o600))
}

func threads(ts *testscript.TestScript, _ bool, _ []string) {
	var all string
	texts := map[string]string{}
	for _, p := range (*server(ts)).Posts("bot") {
		texts[p.ID] = p.Text
		all += fmt.Sprintf("%s <- %s\n", p.Text, texts[p.ReplyTo])
	}
	ts.Check(os.WriteFile(ts.MkAbs("threads"), []byte(all), 0o600))
}

func picture(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte("\x89PNG\r\n\x1a\n and so on"), 0o600))
}

func requests(ts *testscript.TestScript, _ bool, args []string) {
	n := 0
	for _, statuses := range (*server(ts)).Stats().Requests {
		for _, count := range statuses {
			n += count
		}
	}
	if got := fmt.Sprint(n); got != args[0] {
		ts.Fatalf("got %s requests, want %s", got, args[0])
	}
}
