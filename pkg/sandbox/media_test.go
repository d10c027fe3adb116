package sandbox

import (
	"bytes"
	"mime/multipart"
	"strings"
	"testing"
)

// form makes a body of parts out of names and values.
func form(t *testing.T, pairs ...string) (kind, body string) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i] != "media" {
			w.WriteField(pairs[i], pairs[i+1])
			continue
		}
		part := must(w.CreateFormFile("media", "a.png"))(t)
		part.Write([]byte(pairs[i+1]))
	}
	w.Close()
	return w.FormDataContentType(), b.String()
}

func TestUpload(t *testing.T) {
	b := start(t)
	c := b.signedBy("bot")
	send := func(path string, pairs ...string) reply {
		kind, body := form(t, pairs...)
		return b.do(c, request("POST", b.http.URL+path, kind, body))
	}
	picture := send("/2/media/upload", "media", "12345", "media_category", "tweet_image")
	picture.want(t, 200, "data.size", "5", "data.media_key", "3_"+picture.at("data.id"), "data.expires_after_secs", "86400")
	id := picture.at("data.id")
	b.post(c, "/2/media/metadata", `{"id":"`+id+`","metadata":{"alt_text":{"text":"an apple"}}}`).want(t, 200,
		"data.id", id, "data.associated_metadata.alt_text.text", "an apple")
	b.post(b.signedBy("other"), "/2/media/metadata", `{"id":"`+id+`","metadata":{"alt_text":{"text":"a pear"}}}`).want(t, 400)
	if got := b.Stats().Billed; got["bot"][MediaMetadata] != 1 || got["other"] != nil {
		t.Errorf("billed %v", got)
	}
	send("/2/media/upload", "media", strings.Repeat("x", maxBody), "media_category", "tweet_image").want(t, 200)
	b.post(b.signedBy("other"), "/2/tweets", `{"text":"x","media":{"media_ids":["`+id+`"]}}`).want(t, 400)
	made := b.post(c, "/2/tweets", `{"text":"","media":{"media_ids":["`+id+`"]}}`)
	made.want(t, 201)
	b.get(c, "/2/tweets", "ids", made.at("data.id"), "expansions", "attachments.media_keys", "media.fields", "alt_text").want(t, 200,
		"data.0.attachments.media_keys.0", "3_"+id, "includes.media.0.type", "photo", "includes.media.0.alt_text", "an apple")
	again := b.post(c, "/2/tweets", `{"text":"again","media":{"media_ids":["`+id+`"]}}`)
	b.post(c, "/2/tweets", `{"text":"again","media":{"media_ids":["`+id+`"]}}`).want(t, 201) // no duplicate, since the file counts, too
	b.get(c, "/2/tweets", "ids", made.at("data.id")+","+again.at("data.id"), "expansions", "attachments.media_keys").want(t, 200,
		"data.1.attachments.media_keys.0", "3_"+id, "includes.media.0.media_key", "3_"+id, "includes.media.1", "")
	files, _ := b.Posts("bot")[0].Extra("media")
	if want := `[{"id":"` + id + `","type":"tweet_image","size":5,"alt":"an apple"}]`; string(files) != want {
		t.Errorf("got %s, want %s", files, want)
	}
	for name, pairs := range map[string][]string{
		"category": {"media", "1", "media_category", "picture"}, "no media": {"media_category", "tweet_image"},
		"other field": {"media", "1", "media_category", "tweet_image", "foo", "1"},
	} {
		if r := send("/2/media/upload", pairs...); r.status != 400 {
			t.Errorf("%s: got %d", name, r.status)
		}
	}
	b.post(c, "/2/media/metadata", `{"id":"`+id+`","metadata":{"alt_text":{"text":"`+strings.Repeat("é", 1000)+`"}}}`).want(t, 200)
	b.post(c, "/2/media/upload", `{"media":"MTIz","media_category":"tweet_gif"}`).want(t, 200, "data.size", "3")
	b.post(c, "/2/media/upload", `{"media":"?","media_category":"tweet_gif"}`).want(t, 400)
	b.do(c, request("POST", b.http.URL+"/2/media/upload", "text/plain", "x")).want(t, 415)
	b.post(c, "/2/media/metadata", `{"id":"1","metadata":{}}`).want(t, 400)
	b.post(c, "/2/media/metadata", `{"id":"`+id+`","metadata":{"alt_text":{"text":"`+strings.Repeat("x", 1001)+`"}}}`).want(t, 400)
	b.post(b.appOf("bot"), "/2/media/upload", `{}`).want(t, 403)
}

func TestUploadInParts(t *testing.T) {
	b := start(t)
	c := b.signedBy("bot")
	r := b.post(c, "/2/media/upload/initialize", `{"media_type":"video/mp4","media_category":"tweet_video","total_bytes":7}`)
	r.want(t, 200, "data.media_key", "7_"+r.at("data.id"))
	path := "/2/media/upload/" + r.at("data.id")
	b.post(c, path+"/finalize", "").want(t, 400)
	kind, more := form(t, "media", "8 bytes.", "segment_index", "1")
	b.do(c, request("POST", b.http.URL+path+"/append", kind, more)).want(t, 200)
	b.post(c, path+"/finalize", "").want(t, 400)
	for _, part := range []string{"0abcd", "0abcd", "1efg"} { // the first one again, as where its answer was lost
		kind, body := form(t, "media", part[1:], "segment_index", part[:1])
		b.do(c, request("POST", b.http.URL+path+"/append", kind, body)).want(t, 200)
	}
	b.post(c, path+"/append", `{"media":"MTIz","segment_index":1000}`).want(t, 400)
	video := `{"text":"x","media":{"media_ids":["` + r.at("data.id") + `"]}}`
	b.post(c, "/2/tweets", video).want(t, 400)
	b.post(b.signedBy("other"), path+"/finalize", "").want(t, 400)
	b.post(c, path+"/finalize", "").want(t, 200, "data.size", "7")
	b.post(c, path+"/finalize", "").want(t, 400)
	b.post(c, "/2/tweets", video).want(t, 201)
	for _, body := range []string{`{"media_category":"x"}`, `{"media_type":"x"}`, `{"total_bytes":-1}`, `{"foo":1}`} {
		b.post(c, "/2/media/upload/initialize", body).want(t, 400)
	}
	gif := b.post(c, "/2/media/upload/initialize", `{"media_category":"tweet_gif"}`)
	gif.want(t, 200, "data.media_key", "16_"+gif.at("data.id"))
	path = "/2/media/upload/" + gif.at("data.id")
	b.post(c, path+"/append", `{"media":"MTIz","segment_index":0}`).want(t, 200)
	b.post(c, path+"/finalize", "").want(t, 200, "data.size", "3") // whose size was not announced
}
