package network

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"horsepipe/pkg/post"
)

func TestParseAccount(t *testing.T) {
	tests := []struct {
		in   string
		want Account
	}{
		{"newton", Account{X, "newton"}},
		{"@Isaac_1642", Account{X, "Isaac_1642"}},
		{"123456789012345", Account{X, "123456789012345"}},
		{"newton@woolsthorpe.example", Account{Fediverse, "newton@woolsthorpe.example"}},
		{"@newton@woolsthorpe.example", Account{Fediverse, "newton@woolsthorpe.example"}},
		{"newton.example.org", Account{Bluesky, "newton.example.org"}},
		{"", Account{}}, {"@", Account{}}, {"1234567890123456", Account{}}, {"new ton", Account{}}, {"a@b@c", Account{}},
		{"newton@", Account{}}, {"@@newton", Account{}}, {"../x", Account{}}, {"é", Account{}}, {"a.b/c", Account{}},
	}
	for _, tt := range tests {
		got, err := ParseAccount(tt.in)
		if got != tt.want || (err == nil) != (tt.want != Account{}) {
			t.Errorf("%q: got %v, %v, want %v", tt.in, got, err, tt.want)
		}
	}
}

func TestCompareID(t *testing.T) {
	ids := []string{"1859000000000000001", "9", "", "10", "1859000000000000000", "999999999999999999"}
	slices.SortFunc(ids, CompareID)
	want := []string{"", "9", "10", "999999999999999999", "1859000000000000000", "1859000000000000001"}
	if !slices.Equal(ids, want) {
		t.Errorf("got %q", ids)
	}
	if CompareID("007", "7") != 0 {
		t.Error("007 is 7")
	}
}

func TestUserIs(t *testing.T) {
	for _, tt := range []struct {
		u        User
		name, id string
		want     bool
	}{
		{User{ID: "1", Name: "a"}, "b", "1", true}, {User{ID: "1", Name: "a"}, "a", "2", false}, {User{ID: "1", Name: "a"}, "A", "", true},
		{User{Name: "a"}, "A", "2", true}, {User{ID: "1"}, "a", "", false}, {User{}, "", "", false},
	} {
		if got := tt.u.Is(tt.name, tt.id); got != tt.want {
			t.Errorf("%+v, %q, %q: got %v", tt.u, tt.name, tt.id, got)
		}
	}
}

func TestAuthorID(t *testing.T) {
	p := &post.Post{Text: "a"}
	for id, line := range map[string]string{"": `{"text":"a"}`, "42": `{"text":"a","author_id":"42"}`} {
		if SetAuthorID(p, id); AuthorID(p) != id || string(p.AppendJSON(nil)) != line {
			t.Errorf("%q: got %q, %s", id, AuthorID(p), p.AppendJSON(nil))
		}
	}
	if p.SetExtra("author_id", 7); AuthorID(p) != "" {
		t.Error("a number that is none of a network's")
	}
}

func TestExitCodes(t *testing.T) {
	want := map[Kind]int{Failed: 1, Unauthorised: 4, OutOfCredit: 4, Policy: 4, NotFound: 1, Duplicate: 4, TooLong: 4,
		RateLimited: 75, Unavailable: 75, UnknownOutcome: 75}
	if len(want) != len(kinds) {
		t.Fatal("a kind is missing here")
	}
	for kind, code := range want {
		err := fmt.Errorf("line 3: %w", &Error{Kind: kind})
		var coded interface{ ExitCode() int }
		if !errors.As(err, &coded) || coded.ExitCode() != code || KindOf(err) != kind {
			t.Errorf("%v: got %d, want %d", kind, coded.ExitCode(), code)
		}
		if got := kind.OfDraft(); got != slices.Contains([]Kind{Policy, Duplicate, TooLong}, kind) {
			t.Errorf("%v concerns one draft: %v", kind, got)
		}
	}
	if KindOf(errors.New("other")) != Failed {
		t.Error("other errors are failures")
	}
}

func TestErrorText(t *testing.T) {
	tests := []struct {
		err  *Error
		want string
	}{
		{&Error{Kind: NotFound, Op: "user @a", Detail: "no such account"}, "user @a: not found: no such account"},
		{&Error{Kind: RateLimited, Until: time.Unix(0, 0).UTC()}, "rate limited until 1970-01-01T00:00:00Z"},
		{&Error{Kind: Unavailable, Op: "post", Err: errors.New("broken pipe")}, "post: unavailable: broken pipe"},
	}
	for _, tt := range tests {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}
