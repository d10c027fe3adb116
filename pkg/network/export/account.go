package export

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
)

// account is one account's export among the files of a path: whose it is, and what its manifest
// says of the other files.
//
// The manifest is only a guide. A file that it lists is read whatever it is called, and causes a
// warning if it is missing or too short, since an export that was copied in part should not pass
// for a whole one. A file that it does not list is read, too, if it holds posts: people unpack a
// second export over a first one, and parts of the first one remain.
type account struct {
	src    *source
	root   string
	author string
	number string // account number

	listed  map[string]kind // files in the manifest
	promise map[string]int  // how many records the files of posts hold by the manifest
	found   map[string]int  // how many the files that were read did hold
}

// manifestFile is data/manifest.js. For some kinds of data it says things that do not fit into a
// dataType.
type manifestFile struct {
	UserInfo struct {
		AccountID string `json:"accountId"`
		UserName  string `json:"userName"`
	} `json:"userInfo"`
	DataTypes map[string]json.RawMessage `json:"dataTypes"`
}

// dataType is what the manifest says of one kind of data.
type dataType struct {
	Files []struct {
		Name  string `json:"fileName"`
		Count count  `json:"count"`
	} `json:"files"`
}

// monthFile is an element of data/js/tweet_index.js, the manifest of the old form.
type monthFile struct {
	Name  string `json:"file_name"`
	Count count  `json:"tweet_count"`
}

// accountFile is account.js, or, with other names of fields, user_details.js.
type accountFile struct {
	Username   string `json:"username"`
	AccountID  string `json:"accountId"`
	ScreenName string `json:"screen_name"`
	ID         string `json:"id"`
}

// count is a number that may be in quotes, as nearly all of them are in today's form; 0 for
// anything else.
type count int

func (c *count) UnmarshalJSON(b []byte) error {
	_, _ = fmt.Sscan(strings.Trim(string(b), `"`), (*int)(c))
	return nil
}

// account reads what the small files of an export say of it, and updates the kinds of the listed files.
func (r *reader) account(src *source, root *root) (*account, error) {
	a := &account{src: src, root: root.name, listed: map[string]kind{}, promise: map[string]int{}, found: map[string]int{}}
	for _, f := range root.files {
		if f.kind != manifestJS && f.kind != indexJS && f.kind != accountJS {
			continue
		}
		err := a.read(f)
		switch {
		case err == nil:
		case unimportant(err):
			r.report.warn("%s: %s: %v", src.name, f.name, err)
		default:
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
	}
	for _, f := range root.files {
		if k, ok := a.listed[f.name]; ok {
			f.kind = kindOf(f.head, k, f.name)
		}
	}
	return a, nil
}

// unimportant reports whether an error is nonsense in a small file, which is not needed to read the
// posts, and not a sign that the file was tampered with.
func unimportant(err error) bool {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	return errors.As(err, &syntax) || errors.As(err, &kind) || errors.Is(err, errNotJSON)
}

// read reads one of the small files.
func (a *account) read(f *file) error {
	in, err := a.src.open(f)
	if err != nil {
		return err
	}
	defer in.Close()
	for e := newElements(in); ; {
		body, err := e.next()
		if err == io.EOF {
			return nil
		}
		if err == nil {
			err = a.element(f.kind, unwrap(body))
		}
		if err != nil {
			return err
		}
	}
}

func (a *account) element(k kind, body []byte) error {
	var u accountFile
	var m monthFile
	var all manifestFile
	switch k {
	case accountJS:
		if err := json.Unmarshal(body, &u); err != nil {
			return err
		}
		a.is(cmp.Or(u.Username, u.ScreenName), cmp.Or(u.AccountID, u.ID))
	case indexJS:
		if err := json.Unmarshal(body, &m); err != nil {
			return err
		}
		a.promise[a.find(m.Name)] = int(m.Count)
	case manifestJS:
		if err := json.Unmarshal(body, &all); err != nil {
			return err
		}
		a.is(all.UserInfo.UserName, all.UserInfo.AccountID)
		for name, raw := range all.DataTypes {
			a.list(named(name), raw)
		}
	}
	return nil
}

// is records the account's name and number, unless they are known already.
func (a *account) is(name, number string) {
	a.author = cmp.Or(a.author, handle([]byte(name)))
	if _, err := strconv.ParseUint(number, 10, 64); err == nil {
		a.number = cmp.Or(a.number, number)
	}
}

// list records the files of one kind of data.
func (a *account) list(k kind, raw json.RawMessage) {
	var d dataType
	if k == other || json.Unmarshal(raw, &d) != nil {
		return
	}
	for _, f := range d.Files {
		name := a.find(f.Name)
		a.listed[name] = k
		if k == posts || k == notePosts {
			a.promise[name] = int(f.Count)
		}
	}
}

// find returns the name of a listed file as it is among those of the source: the manifest gives
// paths from the top of the export, and someone may have unpacked only the folder data. Names
// cannot lead elsewhere.
func (a *account) find(listed string) string {
	listed = path.Clean("/" + strings.ReplaceAll(listed, `\`, "/"))[1:]
	if near := path.Join(a.root, path.Base(listed)); a.src.byName[near] != nil {
		return near
	}
	return path.Join(a.root, listed)
}

// check counts, and warns of, what the manifest promises and was not found.
func (a *account) check(rep *Report) {
	for _, name := range sortedKeys(a.promise) {
		want := a.promise[name]
		got, ok := a.found[name]
		rep.Missing += max(0, want-got)
		switch {
		case !ok && want > 0:
			rep.warn("%s: the manifest lists %s, which is not there", a.src.name, name)
		case got < want:
			rep.warn("%s: %s has %d posts, the manifest says %d", a.src.name, name, got, want)
		}
	}
}
