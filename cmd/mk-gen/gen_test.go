package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/testscript"

	"horsepipe/pkg/post"
	"horsepipe/pkg/tool/tooltest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"mk-gen": main})
}

// Scripts can also run the other programs, and have more commands. "crowd SEED POSTS FILE" writes
// posts made of few words, which therefore meet often. "texts FILE" prints the texts of drafts, one a
// line, and fails if one is empty. "distinct N FILE" expects N different texts. "short N FILE" expects
// no text longer than N characters.
func TestScripts(t *testing.T) {
	tooltest.Run(t, testscript.Params{
		Setup: tooltest.With(t, "mk-train", "mk-info", "tw-post"),
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"crowd": crowd, "texts": texts, "distinct": distinct, "short": short,
		},
	})
}

func crowd(ts *testscript.TestScript, _ bool, args []string) {
	r := rand.New(rand.NewPCG(uint64(tooltest.Number(ts, args[0])), 0))
	f, err := os.Create(ts.MkAbs(args[2]))
	ts.Check(err)
	defer f.Close()
	words := strings.Fields("the a cat dog coffee train sleeps drinks runs again today (perhaps) #tea very well here there and")
	for i := range tooltest.Number(ts, args[1]) {
		var post []string
		for range 4 + r.IntN(8) {
			post = append(post, words[int(float64(len(words))*r.Float64()*r.Float64())])
		}
		fmt.Fprintf(f, "{\"id\":\"%d\",\"text\":%q}\n", 1000+i, strings.Join(post, " "))
	}
}

// read returns the drafts in a file.
func read(ts *testscript.TestScript, name string) (drafts []*post.Post) {
	for p, err := range post.NewReader(strings.NewReader(ts.ReadFile(name)), name).All(nil) {
		ts.Check(err)
		if _, made := p.Extra("made"); p.Text == "" || p.ID != "" || !made {
			ts.Fatalf("no draft: %s", p.AppendJSON(nil))
		}
		drafts = append(drafts, p)
	}
	return drafts
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
	if len(set) != tooltest.Number(ts, args[0]) {
		ts.Fatalf("%d different drafts, want %s", len(set), args[0])
	}
}

func short(ts *testscript.TestScript, _ bool, args []string) {
	for _, d := range read(ts, args[1]) {
		if utf8.RuneCountInString(d.Text) > tooltest.Number(ts, args[0]) {
			ts.Fatalf("%q is longer than %s characters", d.Text, args[0])
		}
	}
}
