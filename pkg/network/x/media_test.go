package x

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"
	"testing/synctest"
	"time"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
	"horsepipe/pkg/sandbox"
)

// The first bytes by which files are known.
const (
	png = "\x89PNG\r\n\x1a\n"
	gif = "GIF89a"
	mp4 = "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom"
)

func write(t *testing.T, name, head string, size int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(head+strings.Repeat("x", size-len(head))), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func withMedia(t *testing.T, files ...Medium) *post.Post {
	t.Helper()
	d := &post.Post{Text: "look"}
	d.SetExtra("media", files)
	return d
}

func TestMedia(t *testing.T) {
	picture, film := Medium{Path: write(t, "a.png", png, 100)}, Medium{Path: write(t, "a.mp4", mp4, 100)}
	tests := []struct {
		name  string
		draft *post.Post
		says  string // "" if it passes
	}{
		{"none", &post.Post{Text: "a"}, ""},
		{"empty list", withMedia(t), ""},
		{"an image and a text as large as they may be", withMedia(t, Medium{Path: write(t, "l.png", png, 5<<20), Alt: strings.Repeat("é", maxAlt)}), ""},
		{"four images", withMedia(t, picture, picture, picture, picture), ""},
		{"JPEG and WebP", withMedia(t, Medium{Path: write(t, "a.jpg", "\xff\xd8\xff", 9)}, Medium{Path: write(t, "a.webp", "RIFF\x00\x00\x00\x00WEBPVP8 ", 20)}), ""},
		{"five images", withMedia(t, picture, picture, picture, picture, picture), "5 files, and X takes 4"},
		{"film", withMedia(t, film), ""},
		{"film and image", withMedia(t, film, picture), "goes alone"},
		{"long alt text", withMedia(t, Medium{Path: picture.Path, Alt: strings.Repeat("é", 1001)}), "1001 characters of at most 1000"},
		{"missing", withMedia(t, Medium{Path: "no/such.png"}), "no such file"},
		{"folder", withMedia(t, Medium{Path: t.TempDir()}), "no file"},
		{"empty", withMedia(t, Medium{Path: write(t, "e.png", "", 0)}), "empty"},
		{"text", withMedia(t, Medium{Path: write(t, "a.txt", "hello", 9)}), "text/plain; charset=utf-8: X takes JPEG"},
		{"too large", withMedia(t, Medium{Path: write(t, "b.png", png, 5<<20+1)}), "5242881 bytes of at most 5242880"},
	}
	for _, tt := range tests {
		_, err := Media(tt.draft)
		if tt.says == "" && err != nil || tt.says != "" && (network.KindOf(err) != network.Policy || !strings.Contains(err.Error(), tt.says)) {
			t.Errorf("%s: got %v, want %s", tt.name, err, tt.says)
		}
		if tt.says != "" && Check(tt.draft, Allow{}, Published) == nil {
			t.Errorf("%s: it passes the gate", tt.name)
		}
	}
	odd := &post.Post{Text: "a"}
	odd.SetExtra("media", "a.png")
	if _, err := Media(odd); network.KindOf(err) != network.Policy {
		t.Errorf("got %v", err)
	}
	picture.Alt = "an apple"
	alone := withMedia(t, picture)
	if alone.Text = ""; Check(alone, Allow{}, Published) != nil {
		t.Error("a picture needs no text")
	}
}

func TestAttach(t *testing.T) {
	ctx := context.Background()
	c, sb := local(t, func(c Config) client { return New(c) }, nil)
	send := func(files ...Medium) string {
		d := withMedia(t, files...)
		ids, err := c.(*Client).Attach(ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		receipt, err := c.Create(ctx, d, "bot", ids...)
		if err != nil {
			t.Fatal(err)
		}
		if v, ok := receipt.Extra("media"); !ok || !strings.Contains(string(v), "path") {
			t.Errorf("receipt %s", receipt.AppendJSON(nil))
		}
		made := sb.Posts("bot")
		v, _ := made[len(made)-1].Extra("media")
		return string(v)
	}
	two := send(Medium{Path: write(t, "a.png", png, 100), Alt: "an apple"}, Medium{Path: write(t, "b.png", png, 70)})
	if !strings.Contains(two, `"type":"tweet_image","size":100,"alt":"an apple"`) || !strings.Contains(two, `"size":70`) {
		t.Errorf("got %s", two)
	}
	if parts := send(Medium{Path: write(t, "a.mp4", mp4, 2*partSize+7), Alt: "an apple falls"}); !strings.Contains(parts, `"type":"tweet_video","size":8388615,"alt":"an apple falls"`) {
		t.Errorf("got %s", parts)
	}
	if whole := send(Medium{Path: write(t, "a.gif", gif, partSize)}); !strings.Contains(whole, `"type":"tweet_gif","size":4194304`) {
		t.Errorf("got %s", whole)
	}
	if n, billed := c.(*Client).Usage().AltTexts, sb.Stats().Billed["bot"][sandbox.MediaMetadata]; n != 2 || billed != n {
		t.Errorf("alt texts: %d, billed %d", n, billed)
	}
	if requests := sb.Stats().Requests["POST /2/media/upload/{id}/append"]; requests[200] != 4 {
		t.Errorf("parts: %v", requests)
	}
	if ids, err := c.(*Client).Attach(ctx, withMedia(t, Medium{Path: "no/such.png"})); network.KindOf(err) != network.Policy {
		t.Errorf("a file that has gone: got %v, %v", ids, err)
	}
	if _, err := NewV1(Config{}).Attach(ctx, withMedia(t, Medium{Path: write(t, "c.png", png, 9)})); network.KindOf(err) != network.Policy {
		t.Errorf("v1.1: got %v", err)
	}
	if ids, err := NewV1(Config{}).Attach(ctx, draft); err != nil || len(ids) > 0 {
		t.Errorf("v1.1 without media: %v", err)
	}
}

func TestAttachAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		made, pending := ok(`{"data":{"id":"7"}}`), ok(`{"data":{"id":"7","processing_info":{"state":"in_progress","check_after_secs":3}}}`)
		film := withMedia(t, Medium{Path: write(t, "a.mp4", mp4, 100)})
		c, s, _ := fakeClient(reply{status: 503}, made, reply{status: 204}, pending, pending,
			ok(`{"data":{"id":"7","processing_info":{"state":"succeeded"}}}`))
		ids, err := c.Attach(context.Background(), film)
		if err != nil || len(ids) != 1 || s.got[3].URL.Path != "/2/media/upload/7/finalize" || ids[0] != "7" || s.query(5).Get("command") != "STATUS" || s.query(5).Get("media_id") != "7" {
			t.Errorf("got %v, %v", ids, err)
		}
		c, _, _ = fakeClient(made, made, ok(`{"data":{"id":"7","processing_info":{"state":"failed","error":{"message":"no film"}}}}`))
		_, err = c.Attach(context.Background(), film)
		if network.KindOf(err) != network.Policy || !strings.Contains(err.Error(), "a.mp4: refused: X cannot use it: no film") {
			t.Errorf("got %v", err)
		}
		c, _, _ = fakeClient(made, made, pending)
		_, err = c.Attach(context.Background(), film)
		wantKind(t, err, network.Unavailable)
		c, _, _ = fakeClient(reply{err: hungUp})
		_, err = c.Attach(context.Background(), film)
		wantKind(t, err, network.Unavailable)
	})
}

// Whatever step of an upload X refuses, the draft does not go without its file, or the file without its
// alt text.
func TestAttachRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		made, bad := ok(`{"data":{"id":"7"}}`), reply{status: 400, body: `{"title":"Invalid Request"}`}
		pending := ok(`{"data":{"id":"7","processing_info":{"state":"pending"}}}`)
		film := Medium{Path: write(t, "a.mp4", mp4, 100)}
		picture := Medium{Path: write(t, "a.png", png, 100), Alt: "an apple"}
		for _, tt := range []struct {
			step    string
			file    Medium
			replies []reply
		}{
			{"the announcement", film, []reply{bad, made}},
			{"a part", film, []reply{made, bad, made}},
			{"the end", film, []reply{made, made, bad, made}},
			{"a look at how it goes", film, []reply{made, made, pending, bad, made}},
			{"a picture", picture, []reply{bad, made}},
			{"an alt text", picture, []reply{made, bad, made}},
		} {
			c, _, _ := fakeClient(tt.replies...)
			ids, err := c.Attach(context.Background(), withMedia(t, tt.file))
			if network.KindOf(err) != network.Policy || c.Usage().AltTexts > 0 {
				t.Errorf("%s: got %v, %v, alt texts %d", tt.step, ids, err, c.Usage().AltTexts)
			}
		}
		c, _, _ := fakeClient(reply{status: 302}) // which says nothing of the file
		if _, err := c.Attach(context.Background(), withMedia(t, picture)); network.KindOf(err) != network.Failed {
			t.Errorf("a redirect: got %v", err)
		}
	})
}

// X says when to ask again about a film, or else the client does not ask in a hurry.
func TestAttachWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		state := func(info string) reply { return ok(`{"data":{"id":"7","processing_info":{` + info + `}}}`) }
		c, _, _ := fakeClient(state(""), state(""), state(`"state":"pending"`), state(`"state":"in_progress","check_after_secs":7`), state(`"state":"succeeded"`))
		start := time.Now()
		if _, err := c.Attach(context.Background(), withMedia(t, Medium{Path: write(t, "a.mp4", mp4, 100)})); err != nil || time.Since(start) != pollPause+7*time.Second {
			t.Errorf("waited %v, %v", time.Since(start), err)
		}
	})
}

// A film of which a part cannot be read is refused before X has to find out.
func TestAttachUnreadable(t *testing.T) {
	c, s, _ := fakeClient(ok(`{"data":{"id":"7"}}`))
	broken := io.MultiReader(strings.NewReader(mp4), iotest.ErrReader(errors.New("bad sector")))
	_, err := c.uploadParts(context.Background(), &Medium{}, broken)
	if network.KindOf(err) != network.Policy || !strings.Contains(err.Error(), "bad sector") || len(s.got) != 1 {
		t.Errorf("got %v after %d requests", err, len(s.got))
	}
}

func TestCreateStopsWaiting(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s, _ := fakeClient(reply{status: 429})
		c.Wait = window * 2
		ctx, cancel := context.WithTimeout(context.Background(), window/2)
		defer cancel()
		_, err := c.Create(ctx, draft, "newton")
		if err == nil || len(s.got) != 1 || network.KindOf(err) == network.UnknownOutcome {
			t.Errorf("got %v after %d requests", err, len(s.got))
		}
	})
}
