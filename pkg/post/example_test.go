package post_test

import (
	"fmt"
	"os"
	"strings"

	"horsepipe/pkg/post"
)

// A filter changes what it knows and leaves the rest as it is.
func Example() {
	in := `{"id_str":"7","full_text":"you &amp; me","user":{"screen_name":"someone"},"likes": 3}
not a record
{"text":"<b>","mood" : "good"}`
	r, w := post.NewReader(strings.NewReader(in), "posts.jsonl"), post.NewWriter(os.Stdout)
	for p, err := range r.All(func(bad error) { fmt.Println("skipped", bad) }) {
		if err != nil {
			panic(err)
		}
		p.Lang = "en"
		w.Write(p)
		w.Flush()
	}
	// Output:
	// {"id":"7","text":"you & me","author":"someone","lang":"en","network":"x","likes":3}
	// skipped posts.jsonl:2: not a JSON object
	// {"text":"<b>","lang":"en","mood":"good"}
}

// The faster way reads pieces of a stream without copying.
func ExampleParser() {
	chunks := post.NewChunks(strings.NewReader("{\"text\":\"one\"}\n{\"text\":\"two\"}"), "<stdin>", 1<<20)
	var parser post.Parser
	for {
		chunk, err := chunks.Next()
		if err != nil {
			break
		}
		for no, line := range chunk.Lines() {
			for v, err := range parser.Posts(line) {
				fmt.Println(no, string(v.Text), err)
			}
		}
		chunk.Release()
	}
	// Output:
	// 1 one <nil>
	// 2 two <nil>
}
