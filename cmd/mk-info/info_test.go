package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"horsepipe/pkg/tool/tooltest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"mk-info": main})
}

// Scripts can also run mk-train and mk-gen, and have more commands. "field NAME" prints a field of the
// JSON object that was printed last. "lacks FILE TEXT..." expects none of the texts in a file's bytes.
func TestScripts(t *testing.T) {
	tooltest.Run(t, testscript.Params{
		Setup: tooltest.With(t, "mk-train", "mk-gen"),
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"field": field, "lacks": lacks,
		},
	})
}

func field(ts *testscript.TestScript, _ bool, args []string) {
	var object map[string]json.RawMessage
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("stdout")), &object))
	fmt.Fprintf(ts.Stdout(), "%s\n", object[args[0]])
}

func lacks(ts *testscript.TestScript, _ bool, args []string) {
	for _, s := range args[1:] {
		if strings.Contains(ts.ReadFile(args[0]), s) {
			ts.Fatalf("%s holds %q", args[0], s)
		}
	}
}
