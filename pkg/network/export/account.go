package export

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// export is one account's export among the files of a path: whose it is, and what its manifest promises.
type export struct {
	author  string
	promise map[string]int // files that the manifest lists, and how many records it says they hold; -1 if it does not
	found   map[string]int // files that were read, and how many records they held
}

// manifestFile is data/manifest.js.
type manifestFile struct {
	UserInfo struct {
		UserName string `json:"userName"`
	} `json:"userInfo"`
	DataTypes map[string]json.RawMessage `json:"dataTypes"`
}

// dataType is what the manifest says of one kind of data. X writes the count as a string.
type dataType struct {
	Files []struct {
		Name  string `json:"fileName"`
		Count count  `json:"count"`
	} `json:"files"`
}

// count reads a number that may stand in quotes.
type count int

func (c *count) UnmarshalJSON(b []byte) error {
	if _, err := fmt.Sscan(strings.Trim(string(b), `"`), (*int)(c)); err != nil {
		*c = -1
	}
	return nil
}

// monthFile is an element of data/js/tweet_index.js.
type monthFile struct {
	Name  string `json:"file_name"`
	Count count  `json:"tweet_count"`
}

// accountFile is account.js or, flat and in other words, user_details.js.
type accountFile struct {
	Username   string `json:"username"`
	ScreenName string `json:"screen_name"`
}

// account reads what the small files of an export say of it, and settles what its other files hold.
func (r *reader) account(src *source, root *root) (*export, error) {
	a := &export{promise: map[string]int{}, found: map[string]int{}}
	listed := map[string]kind{}
	for _, k := range []kind{manifest, index, account} {
		for _, f := range root.files {
			if f.kind != k {
				continue
			}
			if err := a.read(src, f, root.name, listed); err != nil {
				if !isBad(err) {
					return nil, fmt.Errorf("%s: %w", f.name, err)
				}
				r.report.warn("%s: %v", f.name, err)
			}
		}
	}
	for _, f := range root.files {
		if k, ok := listed[f.name]; ok {
			f.kind = kindOf(f.head, k, f.name)
		}
	}
	return a, nil
}

// isBad tells a small file with nonsense in it, which the posts do not need, from one that cannot be trusted.
func isBad(err error) bool {
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	return errors.As(err, &syntax) || errors.As(err, &kind) || errors.Is(err, errNotJSON)
}

// read reads one of the small files.
func (a *export) read(src *source, f *file, root string, listed map[string]kind) error {
	in, err := src.open(f)
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
			err = a.element(f.kind, unwrap(body), root, listed, src)
		}
		if err != nil {
			return err
		}
	}
}

func (a *export) element(k kind, body []byte, root string, listed map[string]kind, src *source) error {
	switch k {
	case account:
		var u accountFile
		if err := json.Unmarshal(body, &u); err != nil {
			return err
		}
		a.author = first(a.author, handle([]byte(u.Username)), handle([]byte(u.ScreenName)))
	case index:
		var m monthFile
		if err := json.Unmarshal(body, &m); err != nil {
			return err
		}
		a.promise[src.find(root, m.Name)] = int(m.Count)
	case manifest:
		var m manifestFile
		if err := json.Unmarshal(body, &m); err != nil {
			return err
		}
		a.author = first(a.author, handle([]byte(m.UserInfo.UserName)))
		for name, raw := range m.DataTypes {
			a.list(named(name), raw, root, listed, src)
		}
	}
	return nil
}

// list notes the files of one kind of data.
func (a *export) list(k kind, raw json.RawMessage, root string, listed map[string]kind, src *source) {
	var d dataType
	if k == other || json.Unmarshal(raw, &d) != nil {
		return
	}
	for _, f := range d.Files {
		name := src.find(root, f.Name)
		listed[name] = k
		if k == posts || k == notePosts {
			a.promise[name] = int(f.Count)
		}
	}
}

// seen notes that a file held n records.
func (a *export) seen(f *file, n int) { a.found[f.name] = n }

// check warns of what the manifest promises and is not there.
func (a *export) check(rep *Report, src *source) {
	for _, name := range sortedKeys(a.promise) {
		want := a.promise[name]
		got, ok := a.found[name]
		switch {
		case !ok && want != 0:
			rep.warn("%s: the manifest lists %s, which is not there", src.name, name)
		case ok && got < want:
			rep.warn("%s: %s has %d posts, the manifest says %d", src.name, name, got, want)
		}
	}
}

// find gives the name of a listed file as it is among those of src: the manifest names it from the top of the export, and
// someone may have unpacked the folder data alone.
func (s *source) find(root, listed string) string {
	listed = path.Clean("/" + strings.ReplaceAll(listed, `\`, "/"))[1:]
	for _, name := range []string{path.Join(root, listed), path.Join(root, path.Base(listed))} {
		if s.byName[name] != nil {
			return name
		}
	}
	return path.Join(root, listed)
}
