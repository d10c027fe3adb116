package export

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// row is a line of tweets.csv in the shape of the JS files, so that one reader serves both.
type row struct {
	ID       string    `json:"id_str"`
	Text     string    `json:"text"`
	Date     string    `json:"created_at"`
	ReplyTo  string    `json:"in_reply_to_status_id_str,omitempty"`
	Original *original `json:"retweeted_status,omitempty"`
	Entities struct {
		URLs  []link `json:"urls,omitempty"`
		Media []link `json:"media,omitempty"`
	} `json:"entities"`
}

// original is the reposted post, of which the table has only the id.
type original struct {
	ID string `json:"id_str"`
}

// link is an entity of a text.
type link struct {
	Short string `json:"url"`
	Long  string `json:"expanded_url"`
}

// table reads tweets.csv. Its columns are found by the names in the first line, since their order
// has changed.
type table struct {
	csv   *csv.Reader
	leash *leash
	open  bool // the last row had an unbalanced quote
	at    map[string]int
	out   bytes.Buffer
	json  *json.Encoder
}

// newTable reads the first line.
func newTable(r io.Reader) (*table, error) {
	b := bufio.NewReader(r)
	if head, _ := b.Peek(len(bom)); bytes.Equal(head, bom) {
		_, _ = b.Discard(len(bom))
	}
	l := &leash{r: b, left: maxRecord}
	t := &table{csv: csv.NewReader(l), leash: l, at: map[string]int{}}
	t.csv.FieldsPerRecord = -1
	t.csv.ReuseRecord = true
	t.json = json.NewEncoder(&t.out)
	t.json.SetEscapeHTML(false)
	names, err := t.csv.Read()
	if err != nil && err != io.EOF {
		return nil, err
	}
	for i, n := range names {
		t.at[strings.TrimSpace(n)] = i
	}
	if _, ok := t.at["tweet_id"]; !ok {
		return nil, fmt.Errorf("%w: no column tweet_id", ErrDamaged)
	}
	return t, nil
}

// next returns the next row as JSON, which is valid until the next call, or io.EOF. A
// *csv.ParseError concerns one row; the next call goes on after it.
func (t *table) next() ([]byte, error) {
	t.leash.left = maxRecord
	fields, err := t.csv.Read()
	if err == io.EOF && t.open {
		return nil, errCut
	}
	t.open = errors.Is(err, csv.ErrQuote)
	if err != nil {
		return nil, err
	}
	field := func(name string) string {
		if i, ok := t.at[name]; ok && i < len(fields) {
			return fields[i]
		}
		return ""
	}
	o := row{ID: field("tweet_id"), Text: field("text"), Date: field("timestamp"), ReplyTo: field("in_reply_to_status_id")}
	if id := field("retweeted_status_id"); id != "" {
		o.Original = &original{id}
	}
	o.link(field("expanded_urls"))
	t.out.Reset()
	err = t.json.Encode(o)
	return t.out.Bytes(), err
}

// link pairs the short links of the text with the column of long ones.
//
// The column has the links in the order of the text, those of pictures last; for a repost it has
// those of the original once more, which doubles it. A cut repost may lack the last ones, and a
// post with several pictures has more than the text. If the column has too few, none is used: a
// wrong link is worse than a short one. For the 7,140 rows of two real exports this yields the
// links that the JS files have.
func (o *row) link(column string) {
	var short []string
	for rest := o.Text; ; {
		from, to, ok := shortLink(rest)
		if !ok {
			break
		}
		if s := rest[from:to]; !slices.Contains(short, s) && len(short) < maxLinks {
			short = append(short, s)
		}
		rest = rest[to:]
	}
	long := addresses(column)
	if len(long) < len(short) {
		return
	}
	for i, s := range short {
		if picture(long[i]) {
			o.Entities.Media = append(o.Entities.Media, link{s, long[i]})
		} else {
			o.Entities.URLs = append(o.Entities.URLs, link{s, long[i]})
		}
	}
}

// maxLinks bounds the links of one post; a post has room for twenty.
const maxLinks = 256

// addresses splits the column of long links. An address may hold commas itself.
func addresses(column string) []string {
	var list []string
	for i, part := range strings.SplitN(column, ",http", 4*maxLinks) {
		if i > 0 {
			part = "http" + part
		}
		if part != "" && !slices.Contains(list, part) && len(list) < maxLinks {
			list = append(list, part)
		}
	}
	return list
}

// picture reports whether an address is that of a post's picture or film.
func picture(address string) bool {
	page := path.Dir(address)
	return strings.Contains(page, "/status/") && (strings.HasSuffix(page, "/photo") || strings.HasSuffix(page, "/video"))
}

// leash fails once more than left bytes have been read, since encoding/csv keeps a record in memory
// however long it is.
type leash struct {
	r    io.Reader
	left int
}

var errLeash = fmt.Errorf("%w: a row of more than %d MiB", ErrHostile, maxRecord>>20)

func (l *leash) Read(b []byte) (int, error) {
	if l.left <= 0 {
		return 0, errLeash
	}
	n, err := l.r.Read(b)
	l.left -= n
	return n, err
}
