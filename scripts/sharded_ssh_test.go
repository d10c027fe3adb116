package scripts

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sshd starts an ssh server on loopback, with keys of its own, and returns a command line that leads to
// it from s.dir. Commands that come over it have the programs on their PATH.
func (s *sharding) sshd() (login string) {
	s.Helper()
	server := "/usr/sbin/sshd" // sshd has to be called by its full path
	if _, err := os.Stat(server); err != nil {
		s.Skip("sshd is not installed")
	}
	me, err := user.Current()
	if err != nil {
		s.Fatal(err)
	}
	if me.Uid == "0" { // missing if sshd has never been started as a service
		if err := os.MkdirAll("/run/sshd", 0o755); err != nil {
			s.Fatal(err)
		}
	}
	dir, port := s.path("keys"), freePort(s.T)
	if err := os.Mkdir(dir, 0o700); err != nil {
		s.Fatal(err)
	}
	for _, key := range []string{"host", "user"} {
		if out, err := exec.Command("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", filepath.Join(dir, key)).CombinedOutput(); err != nil {
			s.Fatalf("%v\n%s", err, out)
		}
	}
	config := fmt.Sprintf("Port %d\nListenAddress 127.0.0.1\nHostKey \"%[2]s/host\"\nAuthorizedKeysFile \"%[2]s/user.pub\"\nStrictModes no\n"+
		"PasswordAuthentication no\nUsePAM no\nPidFile none\nPermitRootLogin prohibit-password\nMaxStartups 100\nSetEnv \"PATH=%[3]s:/usr/bin:/bin\" \"HOME=%[2]s\"\n",
		port, dir, s.bin)
	if err := os.WriteFile(filepath.Join(dir, "config"), []byte(config), 0o600); err != nil {
		s.Fatal(err)
	}
	cmd := exec.Command(server, "-D", "-e", "-f", filepath.Join(dir, "config"))
	log, err := cmd.StderrPipe()
	if err != nil {
		s.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		s.Fatal(err)
	}
	said := bufio.NewScanner(log)
	for said.Scan() && !strings.HasPrefix(said.Text(), "Server listening") {
		s.Log(said.Text())
	}
	drained := make(chan struct{})
	go func() {
		for said.Scan() {
		}
		close(drained)
	}()
	s.Cleanup(func() {
		_ = cmd.Process.Kill()
		<-drained
		_ = cmd.Wait() // reports that it was killed
	})
	return fmt.Sprintf("ssh -p %d -i keys/user -o IdentitiesOnly=yes -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=keys/known "+
		"-o GlobalKnownHostsFile=/dev/null -o LogLevel=ERROR %s@127.0.0.1", port, me.Username)
}

// freePort returns a port on which nobody listened a moment ago.
func freePort(t *testing.T) int {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// Over ssh the shards are the same as without it; a host that is down, or lacks the program, is reported.
func TestShardsOverSSH(t *testing.T) {
	s := newSharding(t)
	login := s.sshd()
	s.must("train-sharded.sh --shards 4 corpus.jsonl here")
	s.write("hosts", "1/"+login+"\n1/:\n")
	s.must("train-sharded.sh --shards 4 --login-file hosts corpus.jsonl there")
	s.must("train-sharded.sh --shards 4 --login '2/" + login + "' corpus.jsonl over")
	want := s.must("cd here && sha256sum shard-*.model")
	for _, set := range []string{"there", "over"} {
		if got := s.must("cd " + set + " && sha256sum shard-*.model"); got != want {
			t.Errorf("%s:\n%swant:\n%s", set, got, want)
		}
	}

	down := "1/ssh -p 1 -o BatchMode=yes 127.0.0.1" // where no other test listens either
	start := time.Now()
	s.wants(1, "train-sharded.sh: error: shard ... failed on ssh -p ...: ssh: connect to host 127.0.0.1 port ...: Connection refused",
		"train-sharded.sh --shards 3 --login '"+down+",1/:' corpus.jsonl over")
	s.wants(1, "train-sharded.sh: error: shard ... failed on ssh -p ...: ssh: connect to host 127.0.0.1 port ...: Connection refused",
		"train-sharded.sh --shards 3 --login '"+down+"' corpus.jsonl over")
	t.Logf("it took %v to find out", time.Since(start))
	if got := s.must("cd over && sha256sum shard-*.model"); got != want {
		t.Errorf("the old set changed:\n%s", got)
	}
	s.must("train-sharded.sh --shards 3 --login '1/" + login + "' corpus.jsonl over")
	if got := s.dumped("over"); got != s.read("corpus.jsonl") {
		t.Errorf("the shards hold %d posts", strings.Count(got, "\n"))
	}
	if err := os.Remove(filepath.Join(s.bin, "mk-train")); err != nil {
		t.Fatal(err)
	}
	s.wants(1, "train-sharded.sh: error: shard ... failed on ssh ...: ...mk-train: not found", "train-sharded.sh --login '1/"+login+"' corpus.jsonl over")
}
