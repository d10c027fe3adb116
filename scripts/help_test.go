package scripts

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// Every script that is run, not sourced, explains itself in the same form, and refuses what it does not know.
func TestScriptsHelp(t *testing.T) {
	paths, err := filepath.Glob("*.sh")
	if err != nil || len(paths) == 0 {
		t.Fatal(err)
	}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode()&0o111 == 0 {
			continue
		}
		t.Run(path, func(t *testing.T) {
			help, code := outcome(t, path, "--help")
			usage := strings.TrimPrefix(help, "usage: ")
			if code != 0 || usage == help || !strings.HasPrefix(strings.TrimPrefix(usage, "scripts/"), path) {
				t.Errorf("--help ends with %d and says\n%s", code, help)
			}
			for line := range strings.Lines(help) {
				// A line that can be pasted is as long as it has to be.
				if utf8.RuneCountInString(strings.TrimSuffix(line, "\n")) > 80 && !strings.HasPrefix(line, "  ") {
					t.Errorf("wider than a terminal: %s", line)
				}
			}
			for _, options := range [][]string{{"--bogus"}, {"-x"}, {"--1"}, {"--list"}} {
				said, code := outcome(t, path, options...)
				if code != 2 || !strings.HasPrefix(said, path+": error: ") || !strings.Contains(said, options[0]) || strings.Count(said, "\n") != 1 {
					t.Errorf("%s ends with %d and says\n%s", options, code, said)
				}
			}
			if said, code := outcome(t, path, "-v"); !strings.Contains(help, "--verbose") && code != 2 {
				t.Errorf("-v ends with %d and says\n%s", code, said)
			}
		})
	}
}

// outcome is what a script prints, to either output, and its exit code.
func outcome(t *testing.T, path string, options ...string) (string, int) {
	t.Helper()
	cmd := exec.Command("./"+path, options...)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil && !errors.As(err, new(*exec.ExitError)) {
		t.Fatal(err)
	}
	return said.String(), cmd.ProcessState.ExitCode()
}
