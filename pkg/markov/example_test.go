package markov_test

import (
	"bytes"
	"fmt"

	"horsepipe/pkg/markov"
	"horsepipe/pkg/model"
	"horsepipe/pkg/text"
)

// A draft is made of parts of posts, and is in none of them. Its runs tell where they come from.
func Example() {
	b := model.NewBuilder(model.Options{})
	defer b.Close()
	w := b.Worker()
	for id, post := range []string{
		"the rain came over the hill and the dog slept",
		"the dog slept under the table until the bus came",
		"the bus came over the bridge and the rain stopped",
	} {
		w.Begin(model.Post{ID: fmt.Sprint(id)})
		for _, t := range text.SplitUnits(post) {
			w.Token([]byte(t.Gap), []byte(t.Text))
		}
		w.End()
	}
	if err := b.Append(w.Take(), nil); err != nil {
		panic(err)
	}
	var file bytes.Buffer
	if _, err := b.WriteTo(&file); err != nil {
		panic(err)
	}

	m, err := model.Load(file.Bytes())
	if err != nil {
		panic(err)
	}
	opt := markov.Defaults()
	opt.Seed, opt.MaxCopy, opt.Trace = 1, 6, true
	g, err := markov.New([]markov.Source{{Model: m}}, opt)
	if err != nil {
		panic(err)
	}
	draft, err := g.Draft(0)
	if err != nil {
		panic(err)
	}
	fmt.Println(draft.Text)
	for _, run := range draft.Runs {
		fmt.Printf("%q: posts %v\n", run.Text, run.Posts)
	}
	// Output:
	// the bus came over the hill and the rain stopped
	// "the bus": posts [1 2]
	// "came over the hill": posts [0]
	// "and the rain stopped": posts [2]
}
