package tooltest

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// verdict is a testscript.T that only notes a failure.
type verdict struct{ failed bool }

func (v *verdict) Skip(...any)   { runtime.Goexit() }
func (v *verdict) Log(...any)    {}
func (v *verdict) Parallel()     {}
func (v *verdict) Verbose() bool { return false }
func (v *verdict) Fatal(...any)  { v.FailNow() }
func (v *verdict) FailNow()      { v.failed = true; runtime.Goexit() }
func (v *verdict) Run(_ string, f func(testscript.T)) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		f(v)
	}()
	<-done
}

// The commands fail when they should.
func TestCommands(t *testing.T) {
	for script, fails := range map[string]bool{
		"exits 3 sh -c 'exit 3'":     false,
		"exits 0 true":               false,
		"exits 0 false":              true,
		"exits 1 true":               true,
		"exits 1 no-such-program":    true,
		"exits one false":            true,
		"mkdir d\nfiles d":           false,
		"files .":                    true, // the script's own folder for temporary files is there
		"mkdir d/a d/b\nfiles d a b": false,
		"mkdir d/a d/b\nfiles d a":   true,
		"mkdir d/a\nfiles d a b":     true,
		"files nowhere":              true,
		"serve\nspent 0 0 0":         false,
		"serve\nspent 1":             true,
		"serve\nspent 0 0 1":         true,
		"serve nonsense":             true,
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "script.txtar"), []byte(script+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		v := new(verdict)
		v.Run("", func(testscript.T) {
			testscript.RunT(v, testscript.Params{
				Dir:   dir,
				Setup: func(env *testscript.Env) error { env.Values[localKey{}] = new(local); return nil },
				Cmds: map[string]func(*testscript.TestScript, bool, []string){
					"exits": exits, "files": files, "serve": Serve, "spent": Spent,
				},
			})
		})
		if v.failed != fails {
			t.Errorf("%q: failed is %v", script, v.failed)
		}
	}
}
