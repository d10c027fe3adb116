package x

import (
	"context"
	"testing"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
)

func TestSame(t *testing.T) {
	tests := []struct {
		name        string
		draft, made post.Post
		want        bool
	}{
		{"as it was", post.Post{Text: "l'été « oui »\nà 猫"}, post.Post{Text: "l'été « oui »\nà 猫"}, true},
		{"white space and NFC", post.Post{Text: " e\u0301te\u0301  non\n"}, post.Post{Text: "été non"}, true},
		{"another text", post.Post{Text: "a b"}, post.Post{Text: "a c"}, false},
		{"a link in X's way", post.Post{Text: "see end.So what"}, post.Post{Text: "see http://end.So what"}, true},
		{"media", post.Post{Text: "look"}, post.Post{Text: "look https://t.co/abc"}, true},
		{"an answer with names put before it", post.Post{Text: "no", ReplyTo: "5"}, post.Post{Text: "@hooke @halley no", ReplyTo: "5"}, true},
		{"an answer with its own name", post.Post{Text: "@hooke no", ReplyTo: "5"}, post.Post{Text: "@hooke no", ReplyTo: "5"}, true},
		{"an answer that is nothing but a name", post.Post{Text: "@hooke", ReplyTo: "5"}, post.Post{Text: "@hooke", ReplyTo: "5"}, true},
		{"an answer, and X does not say to what", post.Post{Text: "no", ReplyTo: "5"}, post.Post{Text: "@hooke no"}, true},
		{"an answer to another", post.Post{Text: "no", ReplyTo: "5"}, post.Post{Text: "@hooke no", ReplyTo: "6"}, false},
		{"no answer", post.Post{Text: "no"}, post.Post{Text: "no", ReplyTo: "6"}, false},
		{"a name that is part of the text", post.Post{Text: "@hooke no"}, post.Post{Text: "no"}, false},
		{"a repost of X does not say what", post.Post{Text: "no"}, post.Post{Text: "no", Repost: true}, false},
		{"a repost", post.Post{Text: "no"}, post.Post{Text: "no", RepostOf: "6"}, false},
	}
	for _, tt := range tests {
		if got := Same(&tt.draft, &tt.made); got != tt.want {
			t.Errorf("%s: got %v", tt.name, got)
		}
	}
}

// What the sandbox makes of a draft is recognised, and nothing else is.
func TestSameOnTheWay(t *testing.T) {
	ctx := context.Background()
	for _, way := range clients {
		c, _ := local(t, way.make, nil)
		me, err := c.Me(ctx)
		if err != nil {
			t.Fatal(err)
		}
		first, err := c.Create(ctx, &post.Post{Text: "the first"}, me.Name)
		if err != nil {
			t.Fatal(err)
		}
		drafts := []*post.Post{{Text: "a &lt; b & <c> é\n\n猫 👨‍👩‍👧"}, {Text: "so it ends", ReplyTo: first.ID}, {Text: "see example.org/a or end.So"}}
		for _, d := range drafts {
			if _, err := c.Create(ctx, d, me.Name); err != nil {
				t.Fatal(err)
			}
		}
		page, err := c.Posts(ctx, network.Query{User: me, Since: first.ID})
		if err != nil || len(page.Posts) != len(drafts) {
			t.Fatalf("%s: got %d posts, %v", way.name, len(page.Posts), err)
		}
		for i, d := range drafts {
			for j, made := range page.Posts {
				if got := Same(d, made); got != (j == len(drafts)-1-i) {
					t.Errorf("%s: %q is %q: %v", way.name, d.Text, made.Text, got)
				}
			}
		}
	}
}
