package network

import (
	"io"
	"reflect"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"horsepipe/pkg/post"
)

func TestAnswer(t *testing.T) {
	want := Answer{To: "alice", ToID: "42", Conversation: "7", AskedAt: time.Date(2026, 11, 22, 1, 2, 3, 0, time.UTC), Exclude: []string{"1", "2"}}
	p := &post.Post{Text: "yes", ReplyTo: "9"}
	want.Set(p)
	line := string(p.AppendJSON(nil))
	if w := `{"text":"yes","reply_to":"9","answer":{"to":"alice","to_id":"42","conversation_id":"7","asked_at":"2026-11-22T01:02:03Z","exclude_reply_user_ids":["1","2"]}}`; line != w {
		t.Errorf("got  %s\nwant %s", line, w)
	}
	back, err := post.NewReader(strings.NewReader(line), "test").Next()
	if err != nil {
		t.Fatal(err)
	}
	if got, ok, err := AnswerOf(back); !ok || err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, %v", got, ok, err)
	}

	// A date that JSON cannot have is left out, and nothing else.
	want.AskedAt = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC)
	want.Set(p)
	want.AskedAt = time.Time{}
	if got, ok, err := AnswerOf(p); !ok || err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, %v, %v", got, ok, err)
	}
}

func TestAnswerOfOthers(t *testing.T) {
	tests := []struct {
		name, line string
		ok, fails  bool
	}{
		{"none", `{"text":"a"}`, false, false},
		{"null", `{"text":"a","answer":null}`, false, false},
		{"a word", `{"text":"a","answer":"alice"}`, false, true},
		{"a number among the names", `{"text":"a","answer":{"exclude_reply_user_ids":[1]}}`, false, true},
		{"empty", `{"text":"a","answer":{}}`, true, false},
	}
	for _, tt := range tests {
		p, err := post.NewReader(strings.NewReader(tt.line), "test").Next()
		if err != nil {
			t.Fatal(err)
		}
		if _, ok, err := AnswerOf(p); ok != tt.ok || (err != nil) != tt.fails {
			t.Errorf("%s: got %v, %v", tt.name, ok, err)
		}
	}
}

func TestAccounts(t *testing.T) {
	list, err := ReadAccounts(strings.NewReader("@Alice # asked on Monday\r\n\n# nobody\n  bob@example.org\n1234567890123456789\n77\n"), "deny")
	if err != nil || len(list.keys) != 4 {
		t.Fatalf("got %v, %v", list, err)
	}
	tests := []struct {
		name, id string
		want     bool
	}{
		{"alice", "", true}, {"ALICE", "1", true}, {"", "1234567890123456789", true}, {"77", "", true}, {"carol", "77", true},
		{"bob@Example.org", "", true}, {"bob", "", false}, {"", "", false}, {"carol", "78", false}, {"@alice", "", false},
	}
	for _, tt := range tests {
		if got := list.Has(tt.name, tt.id); got != tt.want {
			t.Errorf("%q, %q: got %v", tt.name, tt.id, got)
		}
	}
	if (*Accounts)(nil).Has("alice", "1") {
		t.Error("nobody is on no list")
	}
}

func TestBadAccounts(t *testing.T) {
	if _, err := ReadAccounts(strings.NewReader("alice\nnot a name\n"), "deny"); err == nil || !strings.HasPrefix(err.Error(), "deny:2: ") {
		t.Errorf("got %v", err)
	}
	// A list that cannot be read to its end is not taken for a shorter one.
	broken := io.MultiReader(strings.NewReader("alice\n"), iotest.ErrReader(io.ErrUnexpectedEOF))
	if list, err := ReadAccounts(broken, "deny"); list != nil || err == nil || err.Error() != "deny: unexpected EOF" {
		t.Errorf("got %v, %v", list, err)
	}
	if list, err := ReadAccounts(strings.NewReader("alice\n#"+strings.Repeat("x", 1<<20)+"\nbob\n"), "deny"); list != nil || err == nil || !strings.HasPrefix(err.Error(), "deny:2: 65536 bytes or more ") {
		t.Errorf("got %v, %v", list, err)
	}
	for digits, ok := range map[int]bool{maxNumber: true, maxNumber + 1: false} {
		if _, err := NewAccounts(strings.Repeat("7", digits)); (err == nil) != ok {
			t.Errorf("a number of %d digits: %v", digits, err)
		}
	}
}
