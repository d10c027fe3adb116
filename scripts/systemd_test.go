package scripts

import (
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// unit is a unit file: the values of each setting by section and name, as in "Service.ExecStart".
type unit map[string][]string

func readUnit(t *testing.T, path string) unit {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	u, section := unit{}, ""
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		name, value, assigned := strings.Cut(line, "=")
		switch {
		case line == "" || line[0] == '#':
		case line[0] == '[' && line[len(line)-1] == ']':
			section = line[1:len(line)-1] + "."
		case assigned && section != "" && name == strings.TrimSpace(name):
			u[section+name] = append(u[section+name], value)
		default:
			t.Errorf("%s: neither a section nor a setting: %s", path, line)
		}
	}
	return u
}

func (u unit) get(name string) string { return strings.Join(u[name], " ") }

// The units do what the crontab does: the same jobs, at the same times, differently spelt.
func TestUnitsAreTheCrontab(t *testing.T) {
	want := map[string]string{}
	for _, job := range readCrontab(t).jobs {
		want[strings.Join(job.jobs, " ")] = strings.Join(job.times[:], " ")
	}
	calendar := map[string]string{ // systemd's times, in cron's notation
		"*-*-* 04:30:00": "30 4 * * *", "*-*-* 00/2:00:00": "0 */2 * * *", "*-*-* *:00/5:00": "*/5 * * * *", "Sun *-*-* 05:15:00": "15 5 * * 0",
	}
	got := map[string]string{}
	services, _ := filepath.Glob("systemd/horsepipe-*@.service")
	for _, path := range services {
		service, timer := readUnit(t, path), readUnit(t, strings.TrimSuffix(path, "service")+"timer")
		jobs, ok := strings.CutPrefix(service.get("Service.ExecStart"), "/usr/local/bin/bot.sh %i ")
		if !ok {
			t.Errorf("%s runs %s", path, service.get("Service.ExecStart"))
		}
		got[jobs] = calendar[timer.get("Timer.OnCalendar")]
		// Missed posts and answers are not made up for; missed updates and rotations are.
		if made, want := timer.get("Timer.Persistent"), jobs != "speak" && jobs != "answer"; made != map[bool]string{true: "true", false: "false"}[want] {
			t.Errorf("%s: Persistent=%s", path, made)
		}
		if timer.get("Timer.RandomizedDelaySec") == "" || timer.get("Install.WantedBy") != "timers.target" || service.get("Service.TimeoutStartSec") == "" {
			t.Errorf("%s or its timer lacks something", path)
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestUnitsAreHardened(t *testing.T) {
	common := readUnit(t, "systemd/horsepipe-.service.d/bot.conf")
	for name, want := range map[string]string{
		"Type": "oneshot", "User": "horsepipe", "UMask": "0077", "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes",
		"TemporaryFileSystem": "/var/lib/horsepipe:ro", "BindPaths": "/var/lib/horsepipe/%i", "ReadWritePaths": "/var/lib/horsepipe/%i", "CapabilityBoundingSet": "",
	} {
		if values, ok := common["Service."+name]; !ok || !slices.Equal(values, []string{want}) {
			t.Errorf("%s is %q, want %q", name, values, want)
		}
	}
	if got := common.get("Unit.ConditionPathExists"); got != "!/var/lib/horsepipe/%i/paused" {
		t.Errorf("a paused bot runs unless %q", got)
	}
	services, _ := filepath.Glob("systemd/*.service")
	for _, path := range services {
		for name := range readUnit(t, path) {
			if _, ok := common[name]; ok {
				t.Errorf("%s: %s is not that of all", path, name)
			}
		}
	}
}

// systemd itself, where it is installed, finds nothing wrong with the units, and little that they could
// do. It looks for the program that they start, for which any one will do.
func TestUnitsAreVerified(t *testing.T) {
	if _, err := exec.LookPath("systemd-analyze"); err != nil {
		t.Skip("systemd-analyze is not at hand")
	}
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("systemd")); err != nil {
		t.Fatal(err)
	}
	templates, _ := filepath.Glob(filepath.Join(dir, "*@.*"))
	args := []string{"verify"}
	for _, path := range templates {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		instance := strings.Replace(path, "@.", "@a.", 1)
		args = append(args, instance)
		if err := os.WriteFile(instance, []byte(strings.Replace(string(text), "/usr/local/bin/bot.sh", "/bin/sh", 1)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if len(args) != 9 {
		t.Fatalf("the units are %v", args[1:])
	}
	analyze := func(args ...string) {
		cmd := exec.Command("systemd-analyze", args...)
		cmd.Env = append(os.Environ(), "SYSTEMD_UNIT_PATH="+dir+":")
		if out, err := cmd.CombinedOutput(); err != nil || strings.Contains(string(out), dir) {
			t.Errorf("systemd-analyze %v: %v\n%s", args, err, out)
		}
	}
	analyze(args...)
	analyze("security", "--no-pager", "--offline=true", "--threshold=20", filepath.Join(dir, "horsepipe-speak@a.service"))
}
