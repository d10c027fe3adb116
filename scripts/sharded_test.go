package scripts

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"horsepipe/pkg/post"
)

// sharding is a place to train in: a corpus without duplicates, the model of all of it, and the programs.
type sharding struct {
	*testing.T
	dir, bin string
	env      []string
	corpus   []*post.Post
}

func newSharding(t *testing.T) *sharding {
	if testing.Short() {
		t.Skip("builds everything")
	}
	if _, err := exec.LookPath("parallel"); err != nil {
		t.Skip("GNU parallel is not installed")
	}
	s := &sharding{T: t, dir: t.TempDir(), bin: t.TempDir()}
	bin, err := programs()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(s.bin, os.DirFS(bin)); err != nil { // tests put other programs in their place
		t.Fatal(err)
	}
	scripts, err := filepath.Abs(".")
	if err != nil {
		t.Fatal(err)
	}
	s.env = append(os.Environ(), "PATH="+s.bin+":"+scripts+":"+os.Getenv("PATH"), "HOME="+t.TempDir(), "LC_ALL=C.UTF-8")
	s.must("opticks.sh | mk-train -q -o whole.model && mk-info --dump whole.model > corpus.jsonl")
	s.corpus = records(t, s.read("corpus.jsonl"))
	return s
}

func (s *sharding) path(name string) string { return filepath.Join(s.dir, name) }

func (s *sharding) read(name string) string {
	s.Helper()
	data, err := os.ReadFile(s.path(name))
	if err != nil {
		s.Fatal(err)
	}
	return string(data)
}

func (s *sharding) write(name, text string) {
	s.Helper()
	if err := os.WriteFile(s.path(name), []byte(text), 0o700); err != nil {
		s.Fatal(err)
	}
}

// sh runs a command.
func (s *sharding) sh(command string) (code int, out, said string) {
	s.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.Command("bash", "-c", command)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = s.dir, s.env, &stdout, &stderr
	var status *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &status) {
		s.Fatal(err)
	}
	return cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()
}

// must runs a command that has to succeed and say nothing on standard error, and returns what it prints.
func (s *sharding) must(command string) string {
	s.Helper()
	code, out, said := s.sh(command)
	if code != 0 || said != "" {
		s.Fatalf("%s: %d\n%s", command, code, said)
	}
	return out
}

// wants runs a command that has to end with code, print nothing, and say something on standard error.
func (s *sharding) wants(code int, said, command string) {
	s.Helper()
	gotCode, out, gotSaid := s.sh(command)
	if gotCode != code || out != "" || !like(gotSaid, said) {
		s.Errorf("%s: got %d\nstdout: %s\nstderr: %s", command, gotCode, out, gotSaid)
	}
}

// sums returns the checksums of the shards.
func (s *sharding) sums() string {
	s.Helper()
	return s.must("sha256sum all/shard-*.model")
}

// dumped returns the posts of a set of shards, in the order of the shards.
func (s *sharding) dumped(folder string) string {
	s.Helper()
	return s.must("for m in $(ls -v " + folder + "/shard-*.model); do mk-info --check $m && mk-info --dump $m; done | grep -v '^sound$' || :")
}

// The shards hold the posts of the corpus, each once and in order, whatever the number of shards; the same
// number makes the same bytes.
func TestShardsAreTheWhole(t *testing.T) {
	s := newSharding(t)
	want, before := s.read("corpus.jsonl"), ""
	for _, n := range []int{5, 1, 2, 5} {
		s.must(fmt.Sprintf("train-sharded.sh --shards %d corpus.jsonl all", n))
		models, _ := filepath.Glob(s.path("all/shard-*.model"))
		if len(models) != n {
			t.Errorf("%d shards are %v", n, models)
		}
		if got := s.dumped("all"); got != want {
			t.Errorf("%d shards hold %d posts, want %d", n, strings.Count(got, "\n"), strings.Count(want, "\n"))
		}
		if n == 5 {
			now := s.sums()
			if before != "" && now != before {
				t.Errorf("the same corpus makes other shards:\n%s%s", before, now)
			}
			before = now
		}
	}
	s.mixture(5)
}

// mixture makes drafts from the shards: none has more than six words in a row in common with a post of
// any shard, and with a wider bound some have.
func (s *sharding) mixture(shards int) {
	const bound = 6
	sixes := map[string]bool{} // runs one word longer than the bound
	for _, p := range s.corpus {
		for run := range runs(p.Text, bound+1) {
			sixes[run] = true
		}
	}
	for _, c := range []struct {
		copy   int
		copies bool
	}{{bound, false}, {2 * bound, true}} {
		out := s.must(fmt.Sprintf("cd all && mk-gen -q -n 300 --seed 4 --max-copy %d shard-*.model", c.copy))
		drafts := records(s.T, out)
		copies := slices.ContainsFunc(drafts, func(p *post.Post) bool {
			for run := range runs(p.Text, bound+1) {
				if sixes[run] {
					return true
				}
			}
			return false
		})
		if len(drafts) != 300 || copies != c.copies || strings.Count(out, `"sum":`) != 300*shards {
			s.Errorf("--max-copy %d: %d drafts of %d models, copies: %v", c.copy, len(drafts), strings.Count(out, `"sum":`)/300, copies)
		}
	}
}

// runs returns the runs of n words in a text.
func runs(text string, n int) map[string]bool {
	all, words := map[string]bool{}, strings.Fields(text)
	for i := 0; i+n <= len(words); i++ {
		all[strings.Join(words[i:i+n], " ")] = true
	}
	return all
}

// A run that fails leaves the old set, and keeps the shards that came back for the next run.
func TestShardsComeAllOrNone(t *testing.T) {
	s := newSharding(t)
	s.must("train-sharded.sh --shards 6 corpus.jsonl all")
	old := s.sums()
	s.must("mv '" + s.bin + "/mk-train' real-train")
	fake := "#!/bin/bash\ncd '" + s.dir + "'; echo run >>runs\ninput=$(cat)\n" +
		"if [ -e trouble ] && [[ $input == *'" + s.marker() + "'* ]]; then echo 'mk-train: error: no space left' >&2; echo 'mk-train: hint: go' >&2; exit 1; fi\n" +
		"printf '%s\\n' \"$input\" | exec ./real-train \"$@\"\n"
	if err := os.WriteFile(filepath.Join(s.bin, "mk-train"), []byte(fake), 0o700); err != nil {
		t.Fatal(err)
	}
	s.write("trouble", "")
	s.wants(1, "train-sharded.sh: error: shard 4 failed on this machine: mk-train: error: no space left",
		"train-sharded.sh --login 1/: --shards 4 corpus.jsonl all")
	if now := s.sums(); now != old {
		t.Errorf("the old set changed:\n%s%s", old, now)
	}
	s.must("rm trouble runs && train-sharded.sh --login 1/: --shards 4 corpus.jsonl all")
	if n := strings.Count(s.read("runs"), "run"); n != 1 {
		t.Errorf("%d shards were trained again", n)
	}
	if got := s.dumped("all"); got != s.read("corpus.jsonl") {
		t.Errorf("the shards hold %d posts", strings.Count(got, "\n"))
	}
	left := strings.Fields(s.must("ls -A"))
	if want := strings.Fields("all all.a all.b all.lock corpus.jsonl real-train runs whole.model"); !slices.Equal(left, want) {
		t.Errorf("it left %v", left)
	}
}

// marker returns a text from the corpus's last post.
func (s *sharding) marker() string {
	words := strings.Fields(s.corpus[len(s.corpus)-1].Text)
	return strings.ReplaceAll(strings.Join(words[:min(5, len(words))], " "), "'", "")
}

// Killed at any instant, a run leaves a whole set, and the next run makes the new one.
func TestShardsAfterAKill(t *testing.T) {
	s := newSharding(t)
	s.must("train-sharded.sh --shards 3 corpus.jsonl all")
	old := s.sums()
	s.must("mkdir all.b") // as of a run that was killed when it had done that
	for i, after := range []string{"0.1", "0.2", "0.3", "0.45", "0.6", "0.8"} {
		whom := []string{"-$!", "$!"}[i%2] // all of it, or the script alone
		s.sh("touch corpus.jsonl; set -m; train-sharded.sh --shards 4 corpus.jsonl all & sleep " + after + "; kill -KILL -- " + whom)
		s.must("flock all.lock true") // all that it had started has ended
		if models, _ := filepath.Glob(s.path("all/shard-*.model")); len(models) == 3 {
			if now := s.sums(); now != old {
				t.Fatalf("after %s: the old set changed", after)
			}
		} else if got := s.dumped("all"); got != s.read("corpus.jsonl") {
			t.Fatalf("after %s: %v hold %d posts", after, models, strings.Count(got, "\n"))
		}
	}
	s.must("train-sharded.sh --shards 4 corpus.jsonl all")
	if got := s.dumped("all"); got != s.read("corpus.jsonl") {
		t.Errorf("the shards hold %d posts", strings.Count(got, "\n"))
	}
}

func TestShardsTell(t *testing.T) {
	s := newSharding(t)
	s.wants(2, "train-sharded.sh: error: name a corpus and a folder; --help tells more", "train-sharded.sh corpus.jsonl")
	s.wants(2, "train-sharded.sh: error: --shards 0 is no number of shards", "train-sharded.sh --shards 0 corpus.jsonl all")
	s.wants(1, "train-sharded.sh: error: cannot read absent", "train-sharded.sh absent all")
	s.wants(1, "train-sharded.sh: error: nowhere is no folder", "train-sharded.sh corpus.jsonl nowhere/all")
	s.wants(1, "train-sharded.sh: error: . is in the way: it is no link to a set of shards", "train-sharded.sh corpus.jsonl .")
	s.wants(75, "train-sharded.sh: error: another run is at work on all", "exec 8>>all.lock; flock 8; train-sharded.sh corpus.jsonl all")

	s.wants(1, "train-sharded.sh: error: shard 1 failed on this machine: mk-train: error: ...unknown option --bogus",
		"train-sharded.sh --shards 1 --train --bogus corpus.jsonl all")
	s.must(`sed '10s/.*/{"text":/' corpus.jsonl > bad.jsonl; tail -n 3 corpus.jsonl >> bad.jsonl; head -n 1 corpus.jsonl >> bad.jsonl`)
	s.wants(3, "shard-1: mk-train: warning: <stdin>:10: ...shard-1: lines were skipped\nshard-2: ...\n"+
		"train-sharded.sh: 2 shards; texts that are in several of them: 1\n"+
		"train-sharded.sh: warning: lines were skipped: see shard-1.log in all", "train-sharded.sh -v --shards 2 bad.jsonl all")
}
