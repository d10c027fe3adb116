package sandbox

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// medium is one file that is, or is being, uploaded. Its bytes are not kept, and
// nothing looks into them: processing_info, which makes clients wait for videos,
// never comes.
type medium struct {
	id    uint64
	owner *account
	kind  string        // media category: tweet_image, …
	size  int64         // bytes received
	parts map[int]int64 // bytes received, by segment
	total int64         // bytes announced; 0: none were
	alt   string
	ready bool
}

// mediaLife is how long X keeps a file that no post uses.
const mediaLife = 86400 // seconds

var (
	simpleKinds = strings.Fields("tweet_image tweet_video tweet_gif dm_image dm_video dm_gif subtitles")
	allKinds    = append([]string{"amplify_video"}, simpleKinds...)
	mediaTypes  = strings.Fields(`video/mp4 video/webm video/mp2t video/quicktime text/srt text/vtt image/jpeg image/gif
		image/bmp image/png image/webp image/pjpeg image/tiff model/gltf-binary model/vnd.usdz+zip`)
)

// key returns the identifier of a file as posts refer to it.
func (m *medium) key() string {
	prefix := "3_"
	switch {
	case strings.HasSuffix(m.kind, "video"):
		prefix = "7_"
	case strings.HasSuffix(m.kind, "gif"):
		prefix = "16_"
	}
	return prefix + itoa(m.id)
}

func (c *call) wireMedia(m *medium) wireMedia {
	w := wireMedia{Key: m.key(), Type: "photo"}
	switch w.Key[0] {
	case '7':
		w.Type = "video"
	case '1':
		w.Type = "animated_gif"
	}
	if c.asks("media.fields", "alt_text") {
		w.Alt = m.alt
	}
	return w
}

// mediaData describes an upload in an answer.
type mediaData struct {
	ID      string `json:"id"`
	Key     string `json:"media_key"`
	Size    int64  `json:"size,omitempty"`
	Expires int    `json:"expires_after_secs,omitempty"`
}

// answer returns what uploads answer. X keeps a file that no post uses for a day.
func (m *medium) answer() *answer {
	data := mediaData{itoa(m.id), m.key(), m.size, mediaLife}
	return &answer{status: 200, body: map[string]mediaData{"data": data}}
}

func (c *call) newMedium(kind string) *medium {
	m := &medium{id: c.store.nextID(c.now()), owner: c.who.user, kind: kind}
	c.media[m.id] = m
	return m
}

// upload is the simple upload: a whole file in one request.
func (c *call) upload() *answer {
	f, wrong := c.file("media", "media_category", "media_type", "additional_owners", "shared")
	if wrong != nil {
		return wrong
	}
	kind := f["media_category"]
	if !slices.Contains(simpleKinds, kind) {
		return c.invalidBody("$.media_category: does not have a value in the enumeration [%s]", strings.Join(simpleKinds, ", "))
	}
	if f["media"] == "" {
		return c.invalidBody("$.media: is missing but it is required")
	}
	m := c.newMedium(kind)
	m.size, m.ready = int64(len(f["media"])), true
	return m.answer()
}

type initializeRequest struct {
	Owners   []string `json:"additional_owners"`
	Category string   `json:"media_category"`
	Type     string   `json:"media_type"`
	Shared   bool     `json:"shared"`
	Total    int64    `json:"total_bytes"`
}

// initialize, appendPart and finalize are the upload in parts.
func (c *call) initialize() *answer {
	var req initializeRequest
	if wrong := c.decode(&req); wrong != nil {
		return wrong
	}
	switch {
	case req.Category != "" && !slices.Contains(allKinds, req.Category):
		return c.invalidBody("$.media_category: does not have a value in the enumeration [%s]", strings.Join(allKinds, ", "))
	case req.Type != "" && !slices.Contains(mediaTypes, req.Type):
		return c.invalidBody("$.media_type: does not have a value in the enumeration [%s]", strings.Join(mediaTypes, ", "))
	case req.Total < 0 || req.Total > 1<<34:
		return c.invalidBody("$.total_bytes: must be between 0 and %d", int64(1)<<34)
	}
	m := c.newMedium(req.Category)
	m.total, m.parts = req.Total, map[int]int64{}
	return m.answer()
}

// appendPart counts the bytes of a part. Parts may come in any order; one that comes again replaces the
// first.
func (c *call) appendPart() *answer {
	m, wrong := c.pathMedium()
	if wrong != nil {
		return wrong
	}
	f, wrong := c.file("media", "segment_index")
	if wrong != nil {
		return wrong
	}
	n, err := strconv.Atoi(f["segment_index"])
	if err != nil || n < 0 || n > 999 {
		return c.invalidBody("$.segment_index: must be between 0 and 999")
	}
	size := int64(len(f["media"]))
	m.size += size - m.parts[n]
	m.parts[n] = size
	expires := c.now().Unix() + mediaLife
	return &answer{status: 200, body: map[string]map[string]int64{"data": {"expires_at": expires}}}
}

// finalize makes a file ready if as much came as was announced.
func (c *call) finalize() *answer {
	m, wrong := c.pathMedium()
	if wrong != nil {
		return wrong
	}
	if m.size == 0 || m.total != 0 && m.size != m.total {
		return c.invalidBody("The size of the media is %d, not %d as announced", m.size, m.total)
	}
	m.ready = true
	return m.answer()
}

// pathMedium returns the upload that the path names, if it is the caller's.
func (c *call) pathMedium() (*medium, *answer) {
	id, _ := parseID(c.r.PathValue("id")) // check has seen it
	if m := c.media[id]; m != nil && m.owner == c.who.user && !m.ready {
		return m, nil
	}
	return nil, c.invalidBody("Your media IDs are invalid.")
}

type metadataRequest struct {
	ID       string `json:"id"`
	Metadata struct {
		Alt struct {
			Text string `json:"text"`
		} `json:"alt_text"`
	} `json:"metadata"`
}

// describe sets a file's alt text, which X limits to 1,000 characters.
func (c *call) describe() *answer {
	var req metadataRequest
	if wrong := c.decode(&req); wrong != nil {
		return wrong
	}
	id, _ := parseID(req.ID)
	m := c.media[id]
	if m == nil || m.owner != c.who.user {
		return c.invalidBody("Your media IDs are invalid.")
	}
	if len([]rune(req.Metadata.Alt.Text)) > 1000 {
		return c.invalidBody("$.metadata.alt_text.text: may only be 1000 characters long")
	}
	m.alt = req.Metadata.Alt.Text
	c.bill(MediaMetadata, id)
	return &answer{status: 200, body: map[string]any{
		"data": map[string]any{"id": req.ID, "associated_metadata": req.Metadata},
	}}
}

// file reads the fields of an upload: a multipart form, or JSON with the file in
// base64. It refuses unknown fields.
func (c *call) file(known ...string) (map[string]string, *answer) {
	var fields map[string]string
	var err error
	if kind, params, _ := mime.ParseMediaType(c.r.Header.Get("Content-Type")); kind == "multipart/form-data" {
		fields, err = parts(c.body, params["boundary"])
	} else if c.sends("application/json") {
		fields, err = jsonFields(c.body)
	} else {
		return nil, &answer{status: http.StatusUnsupportedMediaType}
	}
	if err != nil {
		return nil, c.invalidBody("The body cannot be read: %v", err)
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		if !slices.Contains(known, name) {
			return nil, c.invalidBody("$.%s: is not defined in the schema and the schema does not allow additional properties", name)
		}
	}
	return fields, nil
}

// parts reads multipart/form-data.
func parts(body []byte, boundary string) (map[string]string, error) {
	out := map[string]string{}
	r := multipart.NewReader(bytes.NewReader(body), boundary)
	for {
		p, err := r.NextPart()
		if err == io.EOF {
			return out, nil
		}
		if err != nil {
			return nil, err
		}
		content, err := io.ReadAll(p)
		if err != nil {
			return nil, err
		}
		out[p.FormName()] = string(content)
	}
}

// jsonFields reads an object whose file is in base64.
func jsonFields(body []byte) (map[string]string, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(body, &raw); err != nil {
		return nil, err
	}
	out := map[string]string{}
	for name, value := range raw {
		var s string
		if err := json.Unmarshal(value, &s); err != nil {
			s = string(value) // a number or a list
		}
		out[name] = s
	}
	content, err := base64.StdEncoding.DecodeString(out["media"])
	out["media"] = string(content)
	return out, err
}
