package corpus_test

import (
	"context"
	"fmt"
	"strings"

	"horsepipe/pkg/corpus"
	"horsepipe/pkg/post"
)

// counter is a learner that only counts.
type counter struct{ posts int }

func (c *counter) Learn(_ *post.View, it corpus.Item) {
	fmt.Printf("learn %q, reply: %v\n", it.Text, it.Reply)
	c.posts++
}

func (c *counter) Know([]byte) {}

func (c *counter) Take() int {
	n := c.posts
	c.posts = 0
	return n
}

// A pipe learns with any number of goroutines, and always gets the same.
func ExamplePipe() {
	in := `{"text":"RT @you: what you said"}
{"text":"@you good morning"}
{"text":"Good Morning https://t.co/abc"}`
	pipe := corpus.Pipe[int]{
		Workers:    1,
		NewLearner: func() corpus.Learner[int] { return new(counter) },
		Append: func(posts int, keep func(int) bool) error {
			for i := range posts {
				fmt.Println("keep", i, keep(i))
			}
			return nil
		},
	}
	if err := pipe.Read(context.Background(), strings.NewReader(in), "<stdin>"); err != nil {
		fmt.Println(err)
	}
	fmt.Println(&pipe.Tally)
	// Output:
	// learn "good morning", reply: true
	// learn "Good Morning", reply: false
	// keep 0 true
	// keep 1 false
	// 3 read, 1 learned (1 replies); left out: 1 reposts, 1 duplicates; dropped: 1 names
}
