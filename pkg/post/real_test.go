package post

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"horsepipe/pkg/sharedtest"
)

// TestCorpora reads whole archives in both ways and compares them with what encoding/json reads.
func TestCorpora(t *testing.T) {
	for _, file := range sharedtest.Files(t, sharedtest.Corpus("*")) {
		t.Run(filepath.Base(file), func(t *testing.T) {
			r := NewReader(sharedtest.Open(t, file), file)
			chunks := NewChunks(sharedtest.Open(t, file), file, 1<<18)
			var parser Parser
			var n int
			for {
				chunk, err := chunks.Next()
				if errors.Is(err, io.EOF) {
					break
				}
				for no, line := range chunk.Lines() {
					n++
					post, err := r.Next()
					if err != nil || no != n {
						t.Fatal(no, err)
					}
					var v View
					if err := parser.Parse(line, &v); err != nil {
						t.Fatal(err)
					}
					compare(t, line, post, &v)
				}
				chunk.Release()
			}
			if _, err := r.Next(); !errors.Is(err, io.EOF) || n == 0 {
				t.Errorf("after %d lines: %v", n, err)
			}
		})
	}
}

// compare compares a record of the corpora, as read in both ways, with what encoding/json and
// package time read.
func compare(t *testing.T, line []byte, p *Post, v *View) {
	t.Helper()
	var want struct {
		ID, Text, User, Lang string
		Retweet              bool
		Date                 string `json:"created_at"`
		ReplyTo              string `json:"in_reply_to_status_id"`
	}
	if err := json.Unmarshal(line, &want); err != nil {
		t.Fatal(err)
	}
	if want.ReplyTo != "" { // a name of X's, so that the text is X's, too
		want.Text = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">").Replace(want.Text)
	}
	if p.ReplyTo != want.ReplyTo {
		t.Fatalf("%s was read as an answer to %q", line, p.ReplyTo)
	}
	if p.ID != want.ID || p.Text != want.Text || p.Author != want.User || p.Lang != want.Lang || p.Repost != want.Retweet {
		t.Fatalf("%s was read as %+v", line, p)
	}
	if string(v.ID) != p.ID || string(v.Text) != p.Text || string(v.Author) != p.Author || v.Repost != p.Repost {
		t.Fatalf("%s was seen as %+v", line, v)
	}
	if want.Date == "" {
		return
	}
	for _, layout := range []string{time.RFC3339, time.RubyDate, time.DateTime} {
		if date, err := time.Parse(layout, want.Date); err == nil && date.Equal(p.CreatedAt) && date.Unix() == v.CreatedAt {
			return
		}
	}
	t.Fatalf("%s was read with the date %v", line, p.CreatedAt)
}

// TestRecordedAnswers reads objects that X's API v1.1 really returned.
func TestRecordedAnswers(t *testing.T) {
	for _, body := range sharedtest.Answers(t, "timeline") {
		var objects []json.RawMessage
		if err := json.Unmarshal([]byte(body), &objects); err != nil {
			t.Fatal(err)
		}
		for _, o := range objects {
			checkRecorded(t, o)
		}
	}
}

func checkRecorded(t *testing.T, o json.RawMessage) {
	t.Helper()
	var want struct {
		ID   string `json:"id_str"`
		Date string `json:"created_at"`
		User struct {
			Name string `json:"screen_name"`
		}
		Original *struct {
			ID string `json:"id_str"`
		} `json:"retweeted_status"`
	}
	if err := json.Unmarshal(o, &want); err != nil {
		t.Fatal(err)
	}
	got, err := NewReader(bytes.NewReader(o), "").Next()
	if err != nil {
		t.Fatal(err)
	}
	date, err := time.Parse(time.RubyDate, want.Date)
	if err != nil || got.ID != want.ID || got.Author != want.User.Name || !got.CreatedAt.Equal(date) || got.Network != "x" {
		t.Errorf("%s was read as %+v", o, got)
	}
	if got.Repost != (want.Original != nil) || want.Original != nil && got.RepostOf != want.Original.ID {
		t.Errorf("%s was read as %+v", o, got)
	}
	if strings.Contains(got.Text, "://t.co/") || strings.Contains(got.Text, "&amp;") {
		t.Errorf("that is not what a reader sees: %q", got.Text)
	}
}
