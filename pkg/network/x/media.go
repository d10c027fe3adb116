package x

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"time"
	"unicode/utf8"

	"horsepipe/pkg/network"
	"horsepipe/pkg/post"
)

// A Medium is a file that goes with a post: an element of the draft's field media.
type Medium struct {
	Path string `json:"path"`
	Alt  string `json:"alt"` // a description for those who cannot see it; up to 1,000 characters

	kind mediaKind
	size int64
}

// mediaKind is a type of file that X takes.
type mediaKind struct {
	mime     string
	category string
	limit    int64 // bytes
	alone    bool  // with no other file beside it
}

// mediaKinds are from https://docs.x.com/x-api/media/quickstart/best-practices.
var mediaKinds = []mediaKind{
	{"image/jpeg", "tweet_image", 5 << 20, false},
	{"image/png", "tweet_image", 5 << 20, false},
	{"image/webp", "tweet_image", 5 << 20, false},
	{"image/gif", "tweet_gif", 15 << 20, true},
	{"video/mp4", "tweet_video", 512 << 20, true},
}

const (
	maxMedia  = 4 // files of one post
	maxAlt    = 1000
	partSize  = 4 << 20 // bytes of a part of an upload; X takes up to 5 MiB
	sniffed   = 512     // bytes from which a file's type is detected
	mediaPoll = 20      // how often to ask about a file that X is still processing
	pollPause = 5 * time.Second
)

// Media returns the files of a draft if X would take all of them: up to four images, or one GIF, or
// one MP4. Otherwise it returns an error of kind [network.Policy] that names the file.
func Media(draft *post.Post) ([]Medium, error) {
	v, ok := draft.Extra("media")
	if !ok {
		return nil, nil
	}
	var files []Medium
	if err := json.Unmarshal(v, &files); err != nil {
		return nil, refuse(`media is not [{"path": …, "alt": …}]: %v`, err)
	}
	if len(files) > maxMedia {
		return nil, refuse("%d files, and X takes %d", len(files), maxMedia)
	}
	for i := range files {
		m := &files[i]
		if err := m.look(); err != nil {
			return nil, err
		}
		if m.kind.alone && len(files) > 1 {
			return nil, refuse("%s is %s, and goes alone", m.Path, m.kind.mime)
		}
	}
	return files, nil
}

// look checks the file and detects its type.
func (m *Medium) look() error {
	if n := utf8.RuneCountInString(m.Alt); n > maxAlt {
		return refuse("the alt text of %s has %d characters of at most %d", m.Path, n, maxAlt)
	}
	info, err := os.Stat(m.Path)
	if err != nil {
		return refuse("media: %v", err)
	}
	if !info.Mode().IsRegular() || info.Size() == 0 {
		return refuse("media: %s is empty or no file", m.Path)
	}
	f, err := os.Open(m.Path)
	if err != nil {
		return refuse("media: %v", err)
	}
	defer f.Close()
	head := make([]byte, sniffed)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return refuse("media: %v", err)
	}
	mime := http.DetectContentType(head[:n])
	for _, k := range mediaKinds {
		if k.mime == mime {
			m.kind, m.size = k, info.Size()
		}
	}
	switch {
	case m.kind.mime == "":
		return refuse("%s is %s: X takes JPEG, PNG, WebP, GIF and MP4", m.Path, mime)
	case m.size > m.kind.limit:
		return refuse("%s has %d bytes of at most %d", m.Path, m.size, m.kind.limit)
	}
	return nil
}

// Attach uploads the files of a draft and returns their ids for [Client.Create]. X keeps a file
// that no post uses for a day and does not charge for it, only for its alt text, so repeating an
// upload is harmless, and is done if an answer is lost.
func (c *Client) Attach(ctx context.Context, draft *post.Post) (ids []string, err error) {
	files, err := Media(draft)
	if err != nil {
		return nil, err
	}
	for _, m := range files {
		id, err := c.upload(ctx, &m)
		if err == nil && m.Alt != "" {
			err = c.describe(ctx, id, m.Alt)
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", m.Path, err)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// upload sends an image in one request and any other file in parts.
func (c *Client) upload(ctx context.Context, m *Medium) (string, error) {
	f, err := os.Open(m.Path)
	if err != nil {
		return "", refuse("%v", err)
	}
	defer f.Close()
	if m.kind.alone {
		return c.uploadParts(ctx, m, f)
	}
	data, err := io.ReadAll(io.LimitReader(f, m.kind.limit))
	if err != nil {
		return "", refuse("%v", err)
	}
	made, err := c.file(ctx, form("/2/media/upload", data, "media_category", m.kind.category, "media_type", m.kind.mime))
	return made.ID, err
}

// uploaded is what X says of a file.
type uploaded struct {
	ID         string
	Processing *struct {
		State string
		After int `json:"check_after_secs"`
		Error struct{ Message string }
	} `json:"processing_info"`
}

// file does one step of an upload. If X calls it a bad request the error is [network.Policy], since
// the next draft may have a better file.
func (c *Client) file(ctx context.Context, cl call) (made uploaded, err error) {
	cl.op, cl.again = "upload", true
	a, err := c.do(ctx, cl)
	var bad *network.Error
	if errors.As(err, &bad) && bad.Kind == network.Failed && bad.Status == http.StatusBadRequest {
		bad.Kind = network.Policy
	}
	if err == nil && len(a.body) > 0 {
		err = c.data(cl.op, a, &made)
	}
	return made, err
}

// uploadParts announces a file, sends its parts, and waits until X has processed it.
func (c *Client) uploadParts(ctx context.Context, m *Medium, f io.Reader) (string, error) {
	announce := map[string]any{"media_category": m.kind.category, "media_type": m.kind.mime, "total_bytes": m.size}
	made, err := c.file(ctx, sendJSON("/2/media/upload/initialize", announce))
	if err != nil {
		return "", err
	}
	path := "/2/media/upload/" + url.PathEscape(made.ID)
	part := make([]byte, partSize)
	for i := 0; ; i++ {
		n, err := io.ReadFull(f, part)
		if err == io.EOF {
			break
		}
		if err != nil && err != io.ErrUnexpectedEOF { // that one is of the last part
			return "", refuse("%v", err)
		}
		if _, err := c.file(ctx, form(path+"/append", part[:n], "segment_index", strconv.Itoa(i))); err != nil {
			return "", err
		}
	}
	done, err := c.file(ctx, call{method: http.MethodPost, path: path + "/finalize"})
	if err != nil {
		return "", err
	}
	return made.ID, c.processed(ctx, made.ID, done)
}

// processed waits until X can use a file.
func (c *Client) processed(ctx context.Context, id string, state uploaded) error {
	for range mediaPoll {
		switch p := state.Processing; {
		case p == nil || p.State == "succeeded":
			return nil
		case p.State == "failed":
			return refuse("X cannot use it: %s", c.line(p.Error.Message))
		default:
			pause := pollPause
			if p.After > 0 {
				pause = time.Duration(p.After) * time.Second
			}
			if err := sleep(ctx, min(pause, longPause)); err != nil {
				return err
			}
		}
		var err error
		query := url.Values{"command": {"STATUS"}, "media_id": {id}}
		if state, err = c.file(ctx, call{method: http.MethodGet, path: "/2/media/upload", query: query}); err != nil {
			return err
		}
	}
	return &network.Error{Kind: network.Unavailable, Op: "upload", Detail: "X is still processing it"}
}

// describe sets the alt text.
func (c *Client) describe(ctx context.Context, id, alt string) error {
	metadata := map[string]any{"alt_text": map[string]string{"text": alt}}
	_, err := c.file(ctx, sendJSON("/2/media/metadata", map[string]any{"id": id, "metadata": metadata}))
	if err == nil {
		c.usage.AltTexts++
	}
	return err
}

// sendJSON returns a POST of an object.
func sendJSON(path string, object any) call {
	body, err := json.Marshal(object)
	if err != nil {
		panic(err) // strings and numbers always marshal
	}
	return call{method: http.MethodPost, path: path, body: body}
}

// form returns a POST of a file and some fields, which are names and values in turn.
func form(path string, file []byte, fields ...string) call {
	var b bytes.Buffer // to write to it never fails
	w := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		_ = w.WriteField(fields[i], fields[i+1])
	}
	part, _ := w.CreateFormFile("media", "media")
	_, _ = part.Write(file)
	_ = w.Close()
	return call{method: http.MethodPost, path: path, body: b.Bytes(), kind: w.FormDataContentType()}
}
