//go:build linux

package scripts

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"horsepipe/pkg/credential"
	"horsepipe/pkg/sandbox"
)

// world is a local X and a machine that share one clock: a file's modification time. The clock stands
// still except when the soak, or a program that waits, lets time pass.
type world struct {
	*testing.T
	sb    *sandbox.Server
	dir   string // programs, scripts, clock
	disk  string // the machine's disk, with the bots: a small file system of its own, if possible
	small bool   // whether that was possible
	addr  string
	web   *http.Server

	mu   sync.Mutex
	left int // requests until the power goes; negative: it stays on
	cut  func()
	gone bool // the power is off
	open int  // connections
	shut *sync.Cond
}

// The world begins in winter, so that no clock is put forward while it lasts.
var genesis = time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)

func newWorld(t *testing.T) *world {
	w := &world{T: t, dir: t.TempDir(), left: -1}
	w.shut = sync.NewCond(&w.mu)
	w.disk = filepath.Join(w.dir, "disk")
	w.check(errors.Join(os.Mkdir(w.disk, 0o700), os.WriteFile(w.path("clock"), nil, 0o600), os.Chtimes(w.path("clock"), genesis, genesis)))
	if err := syscall.Mount("tmpfs", w.disk, "tmpfs", 0, "size=48m,mode=0700"); err == nil {
		w.small = true
		t.Cleanup(func() { _ = syscall.Unmount(w.disk, syscall.MNT_DETACH) })
	}
	var err error
	w.sb, err = sandbox.New(sandbox.Options{Now: w.now, Secret: []byte("soak")})
	w.check(err)
	w.build()
	w.connect()
	t.Cleanup(w.disconnect)
	return w
}

func (w *world) path(name string) string { return filepath.Join(w.dir, name) }

func (w *world) check(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// build builds the programs with the world's clock instead of the machine's: where main passes it to a
// program, and where a program waits. Otherwise the sources are unchanged.
func (w *world) build() {
	root, err := filepath.Abs("..")
	w.check(err)
	overlay := struct{ Replace map[string]string }{map[string]string{
		filepath.Join(root, "pkg/soakclock/clock.go"): filepath.Join(root, "scripts/testdata/soak/clock.go"),
	}}
	for file, word := range map[string]string{
		"cmd/tw-archive/main.go": "program(time.Now)", "cmd/tw-mentions/main.go": "program(time.Now)", "cmd/tw-post/main.go": "program(time.Now)",
		"pkg/network/x/send.go": "time.NewTimer(d)", "pkg/slot/slot.go": "time.NewTimer(d)",
	} {
		text, err := os.ReadFile(filepath.Join(root, file))
		w.check(err)
		if n := strings.Count(string(text), word); n != 1 {
			w.Fatalf("%s has %q %d times: the soak cannot put its clock there", file, word, n)
		}
		changed := strings.Replace(string(text), word, strings.Replace(word, "time.", "soakclock.", 1), 1)
		changed = strings.Replace(changed, "import (\n", "import (\n\t\"horsepipe/pkg/soakclock\"\n", 1)
		copied := w.path(strings.ReplaceAll(file, "/", "-"))
		w.check(os.WriteFile(copied, []byte(changed), 0o600))
		overlay.Replace[filepath.Join(root, file)] = copied
	}
	list, err := json.Marshal(overlay)
	w.check(err)
	w.check(os.WriteFile(w.path("overlay.json"), list, 0o600))
	cmd := exec.Command("go", "build", "-buildvcs=false", "-overlay", w.path("overlay.json"), "-o", w.path("bin")+"/", "./cmd/...")
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		w.Fatalf("%v\n%s", err, out)
	}
}

// env is the environment in which the lines of a crontab run.
func (w *world) env() []string {
	scripts, err := filepath.Abs(".")
	w.check(err)
	return []string{"PATH=" + w.path("bin") + ":" + scripts + ":/usr/local/bin:/usr/bin:/bin", "HOME=" + w.disk, "HORSEPIPE_BOTS=" + w.disk,
		"TMPDIR=" + w.disk, "TW_API_BASE=http://" + w.addr, "SOAK_CLOCK=" + w.path("clock"), "TZ=UTC",
		"SCRIPTS=" + scripts, "BASH_ENV=$SCRIPTS/testdata/soak/clock.sh"} // bash expands what is there, and would expand a $ in the path
}

func (w *world) now() time.Time {
	info, err := os.Stat(w.path("clock"))
	if err != nil {
		panic(err) // not t.Fatal: the server calls this outside the test's goroutine
	}
	return info.ModTime().UTC()
}

// until lets time pass; it never goes back.
func (w *world) until(t time.Time) {
	if t.After(w.now()) {
		w.check(os.Chtimes(w.path("clock"), t, t))
	}
}

// connect lets the machine reach X, at the same address every time.
func (w *world) connect() {
	if w.addr == "" {
		w.addr = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", w.addr)
	w.check(err)
	w.addr = l.Addr().String()
	w.web = &http.Server{Handler: w, ErrorLog: nil}
	w.web.ConnState = w.connection
	w.web.SetKeepAlivesEnabled(false)
	go func(server *http.Server) { _ = server.Serve(l) }(w.web)
}

// connection counts the open connections: X may still be serving a process that is dead.
func (w *world) connection(_ net.Conn, state http.ConnState) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch state {
	case http.StateNew:
		w.open++
	case http.StateClosed:
		w.open--
		w.shut.Broadcast()
	}
}

// overtake returns when the server knows of all connections that were made, by making another one: they
// are accepted in their order. A dead process may have made one that nobody has accepted yet.
func (w *world) overtake() {
	c, err := net.Dial("tcp", w.addr)
	if err != nil {
		return // the machine does not reach X
	}
	defer c.Close()
	_, _ = io.WriteString(c, "no request\n\n")
	_, _ = io.Copy(io.Discard, c) // to the end of the answer
}

func (w *world) disconnect() { _ = w.web.Close() }

// ServeHTTP serves a request, unless the power goes before or after it.
func (w *world) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.mu.Lock()
	w.left--
	now, gone := w.left == -1 && w.cut != nil, w.gone
	w.mu.Unlock()
	if gone {
		panic(http.ErrAbortHandler)
	}
	if now {
		w.power()
		if r.ContentLength%2 == 0 { // nobody will know whether the request reached X
			panic(http.ErrAbortHandler)
		}
	}
	w.sb.ServeHTTP(rw, r)
}

// power cuts the power.
func (w *world) power() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.cut != nil && !w.gone {
		w.gone = true
		w.cut()
	}
}

// login logs a bot in, as a person does with tw-auth. X may have trouble at that moment.
func (w *world) login(name string) error {
	keys, err := w.sb.Keys(name)
	w.check(err)
	site := credential.Site{Base: "http://" + w.addr, HTTP: &http.Client{}, Now: w.now}
	app := &credential.Keys{Network: "x", Account: name, UserID: strings.Split(keys.AccessToken, "-")[0],
		ClientID: credential.NewSecret(keys.ClientID), ClientSecret: credential.NewSecret(keys.ClientSecret)}
	p, err := credential.StartPKCE(site, app, "http://127.0.0.1:1/")
	w.check(err)
	browser := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	page, err := browser.Get(p.URL + "&as=" + name)
	if err != nil {
		return err
	}
	page.Body.Close()
	got, err := p.Finish(context.Background(), page.Header.Get("Location"))
	if err != nil {
		return err
	}
	return got.Save(filepath.Join(w.disk, name, "x-"+name+".json"))
}

// shell makes a command that runs as under cron.
func (w *world) shell(command string) *exec.Cmd {
	cmd := exec.Command("sh", "-c", command)
	cmd.Dir, cmd.Env = w.disk, w.env()
	return cmd
}
