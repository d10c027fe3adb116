package main

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/testscript"

	"horsepipe/pkg/post"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"mk-gen": main})
}

// Scripts have the other programs, too, and more commands. "exits CODE COMMAND..." wants that exit code. "crowd SEED POSTS
// FILE" writes posts of few words, which meet often. "texts FILE" prints the texts of drafts, a line each, and fails if one is empty.
// "distinct N FILE" wants so many different texts. "short N FILE" wants no text longer than N characters.
func TestScripts(t *testing.T) {
	bin, err := others(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(env *testscript.Env) error {
			env.Setenv("PATH", env.Getenv("PATH")+string(os.PathListSeparator)+bin)
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "crowd": crowd, "texts": texts, "distinct": distinct, "short": short,
		},
	})
}

// others builds the other programs of the pipeline.
func others(dir string) (string, error) {
	out, err := exec.Command("go", "build", "-o", dir, "../mk-train", "../mk-info", "../tw-post").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return dir, nil
}

func exits(ts *testscript.TestScript, _ bool, args []string) {
	got, status := 0, new(exec.ExitError)
	if err := ts.Exec(args[1], args[2:]...); errors.As(err, &status) {
		got = status.ExitCode()
	}
	if got != number(ts, args[0]) {
		ts.Fatalf("exit code %d, want %s", got, args[0])
	}
}

func number(ts *testscript.TestScript, s string) int {
	n, err := strconv.Atoi(s)
	ts.Check(err)
	return n
}

func crowd(ts *testscript.TestScript, _ bool, args []string) {
	r := rand.New(rand.NewPCG(uint64(number(ts, args[0])), 0))
	f, err := os.Create(ts.MkAbs(args[2]))
	ts.Check(err)
	defer f.Close()
	words := strings.Fields("the a cat dog coffee train sleeps drinks runs again today (perhaps) #tea very well here there and")
	for i := range number(ts, args[1]) {
		var post []string
		for range 4 + r.IntN(8) {
			post = append(post, words[int(float64(len(words))*r.Float64()*r.Float64())])
		}
		fmt.Fprintf(f, "{\"id\":\"%d\",\"text\":%q}\n", 1000+i, strings.Join(post, " "))
	}
}

// read are the drafts of a file.
func read(ts *testscript.TestScript, name string) (drafts []*post.Post) {
	r := post.NewReader(strings.NewReader(ts.ReadFile(name)), name)
	for {
		p, err := r.Next()
		if err == io.EOF {
			return drafts
		}
		ts.Check(err)
		if _, made := p.Extra("made"); p.Text == "" || p.ID != "" || !made {
			ts.Fatalf("no draft: %s", p.AppendJSON(nil))
		}
		drafts = append(drafts, p)
	}
}

func texts(ts *testscript.TestScript, _ bool, args []string) {
	for _, d := range read(ts, args[0]) {
		fmt.Fprintln(ts.Stdout(), d.Text)
	}
}

func distinct(ts *testscript.TestScript, _ bool, args []string) {
	set := map[string]bool{}
	for _, d := range read(ts, args[1]) {
		set[d.Text] = true
	}
	if len(set) != number(ts, args[0]) {
		ts.Fatalf("%d different drafts, want %s", len(set), args[0])
	}
}

func short(ts *testscript.TestScript, _ bool, args []string) {
	for _, d := range read(ts, args[1]) {
		if utf8.RuneCountInString(d.Text) > number(ts, args[0]) {
			ts.Fatalf("%q is longer than %s characters", d.Text, args[0])
		}
	}
}
