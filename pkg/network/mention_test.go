package network

import (
	"reflect"
	"strings"
	"testing"

	"horsepipe/pkg/post"
)

func TestMention(t *testing.T) {
	tests := []struct {
		m    Mention
		line string
	}{
		{Mention{}, `{"text":"a"}`},
		{Mention{AuthorID: "1", Conversation: "2", RepliedID: "3", Named: []Named{{"4", "bob"}, {"", "carol"}}, Automated: true, Versions: []string{"5", "6"}},
			`{"text":"a","author_id":"1","conversation_id":"2","in_reply_to_user_id":"3","mentions":[{"id":"4","name":"bob"},{"name":"carol"}],"automated":true,"versions":["5","6"]}`},
	}
	for _, tt := range tests {
		p := &post.Post{Text: "a"}
		tt.m.Set(p)
		if got := string(p.AppendJSON(nil)); got != tt.line {
			t.Errorf("got  %s\nwant %s", got, tt.line)
		}
		if got, err := MentionOf(p); err != nil || !reflect.DeepEqual(got, tt.m) {
			t.Errorf("got %+v, %v, want %+v", got, err, tt.m)
		}
	}
}

func TestBadMention(t *testing.T) {
	for _, line := range []string{`{"text":"a","mentions":"bob"}`, `{"text":"a","network":"x","author_id":7}`, `{"text":"a","automated":"yes"}`} {
		p, err := post.NewReader(strings.NewReader(line), "test").Next()
		if err != nil {
			t.Fatal(err)
		}
		if m, err := MentionOf(p); err == nil {
			t.Errorf("%s: got %+v", line, m)
		}
	}
}
