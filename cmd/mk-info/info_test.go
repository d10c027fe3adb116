package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/rogpeppe/go-internal/testscript"

	"horsepipe/pkg/model"
	"horsepipe/pkg/tool"
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

// A small model can hold a text that no memory can: a long word, many times. It is not put together.
func TestDumpIsBounded(t *testing.T) {
	word := bytes.Repeat([]byte("x"), model.MaxWord)
	b := model.NewBuilder(model.Options{})
	w := b.Worker()
	w.Begin(model.Post{})
	for range mostText/model.MaxWord + 1 {
		w.Token(nil, word)
	}
	w.End()
	var file, out, errs bytes.Buffer
	if err := b.Append(w.Take(), nil); err != nil {
		t.Fatal(err)
	}
	if _, err := b.WriteTo(&file); err != nil {
		t.Fatal(err)
	}
	code := tool.Run(context.Background(), program(), []string{"--dump", "-"}, &file, &out, &errs, func(string) string { return "" })
	if code != tool.Failed || out.Len() > 0 || !strings.Contains(errs.String(), "post 0 ") {
		t.Errorf("exit code %d, %d bytes, %q", code, out.Len(), &errs)
	}
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

// A model that somebody has made may hold words and a note that move a terminal's cursor.
func TestFactsOfAHostileModel(t *testing.T) {
	b := model.NewBuilder(model.Options{Note: []byte("{\"a\":\n\"\u009b31m\x9b\"}")})
	defer b.Close()
	w := b.Worker()
	for i := range 40 {
		w.Begin(model.Post{})
		for range 10 {
			if i < 4 {
				w.Token([]byte(" "), []byte("evil\x1b]0;\u009b\a"))
			}
			w.Token([]byte(" "), []byte("other"))
		}
		w.End()
	}
	if err := b.Append(w.Take(), nil); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "hostile.model")
	var data bytes.Buffer
	if _, err := b.WriteTo(&data); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, data.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	var out, said bytes.Buffer
	if code := tool.Run(t.Context(), program(), []string{file}, nil, &out, &said, os.Getenv); code != 0 {
		t.Fatalf("%d: %s", code, said.String())
	}
	facts := out.String()
	if !strings.Contains(facts, "evil") || !strings.Contains(facts, "31m") || strings.ContainsFunc(facts, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) {
		t.Errorf("got %q", facts)
	}
	if i := strings.Index(facts, "made with"); strings.Contains(facts[i:i+20], "\n") {
		t.Errorf("a row has two lines: %q", facts)
	}
	out.Reset()
	tool.Run(t.Context(), program(), []string{"--json", file}, nil, &out, &said, os.Getenv)
	if got := out.String(); !strings.Contains(got, `{"a":"\u009b31m�"}`) || !strings.Contains(got, `"evil\u001b]0;\u009b\u0007"`) {
		t.Errorf("got %q", got)
	}
}
