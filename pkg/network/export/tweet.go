package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"html"
	"regexp"
	"strconv"
	"time"
	"unicode/utf8"

	"horsepipe/pkg/post"
)

// tweets turns X's objects into records. [post.Parser] reads the object; tweets adds what only
// exports have: escapes and bytes that the API never sends, dates by the id, reposts by "RT @name:"
// alone.
type tweets struct {
	parser post.Parser
	view   post.View
	keep   bool // keep X's own object
}

// errNoID refuses a post that cannot be distinguished from others, nor put in order.
var errNoID = errors.New("a post without an id")

// read makes a record of one object, without its marks of origin.
func (t *tweets) read(body []byte) (record, error) {
	if bytes.Contains(body, []byte("&#")) || bytes.Contains(body, []byte("&quot;")) {
		body = oldEscape.ReplaceAllFunc(body, decoded)
	}
	if err := t.parse(body); err != nil {
		body = mend(body)
		if t.parse(body) != nil {
			return record{}, err
		}
	}
	v := &t.view
	id, err := strconv.ParseUint(string(v.ID), 10, 63)
	if err != nil || id == 0 {
		return record{}, errNoID
	}
	r := record{
		id: id, sec: v.CreatedAt,
		author: handle(v.Author), lang: string(v.Lang),
		replyTo: string(v.ReplyTo), repostOf: string(v.RepostOf), quoteOf: string(v.QuoteOf),
	}
	if at, ok := snowflake(id); ok && r.sec%day == 0 {
		r.sec = at
	}
	r.setText(string(bytes.ReplaceAll(v.Text, []byte{0}, nil)), v.Repost)
	err = t.keepRaw(&r, body)
	return r, err
}

// keepRaw keeps an object, in one line, if that is wanted.
func (t *tweets) keepRaw(r *record, body []byte) error {
	if !t.keep {
		return nil
	}
	var line bytes.Buffer
	err := json.Compact(&line, body)
	r.raw = line.String()
	return err
}

// oldEscape matches what X escaped until 2012 or so, besides & < and >. If a person typed such a
// thing, it begins with &amp;.
var oldEscape = regexp.MustCompile(`&(quot|#\d{1,7});`)

// decoded returns what an escape stands for, in the form for a string in JSON.
func decoded(escape []byte) []byte {
	s, _ := json.Marshal(html.UnescapeString(string(escape))) // a string always can
	return s[1 : len(s)-1]
}

// parse fills in the view, reading body as an object of X's even if it has none of the fields that
// identify one.
func (t *tweets) parse(body []byte) error {
	err := t.parser.Parse(body, &t.view)
	if err != nil || string(t.view.Network) == "x" {
		return err
	}
	page := append(append([]byte(`{"data":`), body...), '}')
	return t.parser.Parse(page, &t.view)
}

// mend replaces what JSON does not allow but some exports have: control characters in strings, and
// bytes that are not UTF-8.
func mend(body []byte) []byte {
	body = bytes.ToValidUTF8(body, []byte(string(utf8.RuneError)))
	return bytes.Map(func(c rune) rune {
		if c < ' ' {
			return ' '
		}
		return c
	}, body)
}

// put passes a record to the sorter.
func (r *reader) put(rec *record) error {
	r.scratch = rec.append(r.scratch[:0])
	return r.sort.add(rec.id, r.scratch)
}

// epoch is the millisecond from which X's ids count. lastSerial is above all ids from before
// November 2010, which were serial numbers.
const (
	epoch      = 1288834974657
	lastSerial = 30_000_000_000
)

// snowflake returns the second in which an id was made, and whether the id tells it.
func snowflake(id uint64) (int64, bool) {
	return (int64(id>>22) + epoch) / 1000, id > lastSerial
}

func unix(sec int64) time.Time { return time.Unix(sec, 0).UTC() }

func decimal(id uint64) string { return strconv.FormatUint(id, 10) }

// handle returns a name if it can stand in an address, or "".
func handle(name []byte) string {
	for _, c := range name {
		if !wordByte(c) {
			return ""
		}
	}
	if len(name) > 50 {
		return ""
	}
	return string(name)
}

func wordByte(c byte) bool {
	return c == '_' || c-'0' <= 9 || c|0x20-'a' < 26
}
