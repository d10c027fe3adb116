package credential

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"horsepipe/pkg/replace"
)

// stored is the form of a file. Only here and in requests are secrets in the open.
type stored struct {
	Network        string    `json:"network"`
	Account        string    `json:"account"`
	UserID         string    `json:"user_id,omitempty"`
	ConsumerKey    string    `json:"consumer_key,omitempty"`
	ConsumerSecret string    `json:"consumer_secret,omitempty"`
	AccessToken    string    `json:"access_token,omitempty"`
	AccessSecret   string    `json:"access_secret,omitempty"`
	BearerToken    string    `json:"bearer_token,omitempty"`
	ClientID       string    `json:"client_id,omitempty"`
	ClientSecret   string    `json:"client_secret,omitempty"`
	Token          string    `json:"oauth2_token,omitempty"`
	RefreshToken   string    `json:"refresh_token,omitempty"`
	Expiry         time.Time `json:"expiry,omitzero"`
}

// folderOf returns where the environment has the files: TW_CREDENTIALS, which may also name a single
// file, or else horsepipe in the user's configuration folder; "" if that is not known. Windows calls the
// home USERPROFILE.
func folderOf(env func(string) string) string {
	if path := env("TW_CREDENTIALS"); path != "" {
		return path
	}
	if path := env("XDG_CONFIG_HOME"); path != "" {
		return filepath.Join(path, "horsepipe")
	}
	if home := cmp.Or(env("HOME"), env("USERPROFILE")); home != "" {
		return filepath.Join(home, ".config", "horsepipe")
	}
	return ""
}

// placed returns folderOf, and fails without one: the current folder is no place for keys, and may hold
// those of somebody else.
func placed(env func(string) string) (folder string, err error) {
	if folder = folderOf(env); folder == "" {
		err = &Error{Text: "no folder for credentials: HOME is not set", Advice: "set HOME, or let TW_CREDENTIALS name a folder"}
	}
	return folder, err
}

// isFile reports whether the path that should be a folder is a file.
func isFile(folder string) bool {
	info, err := os.Stat(folder)
	return err == nil && !info.IsDir()
}

// Path returns the file for the keys of an account. Call [Ready] first: it fails if there is no place for
// them.
func Path(env func(string) string, account string) string {
	folder := folderOf(env)
	if isFile(folder) || strings.HasSuffix(folder, ".json") {
		return folder
	}
	return filepath.Join(folder, "x-"+strings.ToLower(account)+".json")
}

// Open finds keys. If account is not "", it reads that account's file. Otherwise it takes the keys
// of the environment, and else of the only file that there is. It fails if there are no keys, or
// several files.
func Open(env func(string) string, account string) (*Keys, error) {
	folder, homeless := placed(env)
	if account = strings.TrimPrefix(account, "@"); account != "" {
		if homeless != nil {
			return nil, homeless
		}
		k, err := Load(Path(env, account))
		if err == nil && isFile(folder) && k.Account != "" && !strings.EqualFold(k.Account, account) {
			err = &Error{Text: fmt.Sprintf("%s: the keys of @%s, not of @%s", k.path, k.Account, account),
				Advice: "TW_CREDENTIALS names this one file: let it name a folder, or leave out --as"}
		}
		return k, err
	}
	if k, err := FromEnv(env); err != nil || k.Method() != None {
		return k, err
	}
	if homeless != nil {
		return nil, homeless
	}
	if isFile(folder) {
		return Load(folder)
	}
	files, err := fs.Glob(os.DirFS(folder), "x-*.json") // the folder's own name may hold a bracket
	if err != nil {
		return nil, &Error{Text: "credentials", Err: err}
	}
	switch len(files) {
	case 0:
		return nil, &Error{Text: "no credentials: neither in the environment nor in " + folder,
			Advice: "run tw-auth, or set TW_CONSUMER_KEY, TW_CONSUMER_SECRET, TW_ACCESS_TOKEN and TW_ACCESS_SECRET, " +
				"or TW_BEARER_TOKEN to read only"}
	case 1:
		return Load(filepath.Join(folder, files[0]))
	}
	return nil, &Error{Text: "several accounts have credentials: " + accounts(files), Advice: "choose one with --as ACCOUNT"}
}

func accounts(files []string) string {
	var names []string
	for _, f := range files {
		name := strings.TrimSuffix(strings.TrimPrefix(f, "x-"), ".json")
		names = append(names, name)
	}
	return strings.Join(names, ", ")
}

// Load reads the keys in one file. It refuses a file that others than its owner may read or write.
func Load(path string) (*Keys, error) {
	if err := noPipe(path); err != nil {
		return nil, &Error{Text: "credentials", Err: err, Advice: "a file is needed, or <(...) of a shell"}
	}
	f, err := os.Open(path)
	if err != nil {
		e := &Error{Text: "credentials", Err: err}
		if errors.Is(err, fs.ErrNotExist) {
			e.Advice = "run tw-auth"
		}
		return nil, e
	}
	defer f.Close()
	if err := private(f); err != nil {
		return nil, err
	}
	in := bufio.NewReader(f)
	if begin, _ := in.Peek(len(mark)); string(begin) == mark { // an error returns at the next read
		_, _ = in.Discard(len(mark))
	}
	var s stored
	d := json.NewDecoder(in)
	d.DisallowUnknownFields() // a misspelt name would pass for a missing key
	err = d.Decode(&s)
	if _, end := d.Token(); err == nil && end != io.EOF {
		err = errors.New("something follows the JSON object") // other keys, perhaps: which are meant?
	}
	if err != nil {
		return nil, &Error{Text: path, Err: err, Advice: "run tw-auth to write it anew"}
	}
	k := s.keys()
	k.path = path
	if k.Method() == None {
		return nil, &Error{Text: path + ": no complete set of keys", Advice: "run tw-auth to write it anew"}
	}
	return k, nil
}

// noPipe refuses a named pipe, since nobody may ever write to it. What a shell makes of <(...) is none, although
// /dev/fd/63 looks like one.
func noPipe(path string) error {
	if strings.HasPrefix(path, "/dev/fd/") || strings.HasPrefix(path, "/proc/") || path == "/dev/stdin" {
		return nil
	}
	if info, err := os.Stat(path); err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		return nil // opening it tells what is wrong
	}
	return errors.New(path + " is a named pipe")
}

// private refuses an open file that others can access, and a folder, which they mostly can. Windows has no
// such permissions.
func private(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return &Error{Text: "credentials", Err: err}
	}
	if info.IsDir() {
		return &Error{Text: f.Name() + " is a folder", Advice: "move it away, and run tw-auth to log in again"}
	}
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		return &Error{Text: fmt.Sprintf("%s: others may read it (mode %04o)", f.Name(), mode),
			Advice: "chmod 600 " + f.Name() + ", and make new keys if others use this machine"}
	}
	return nil
}

// Ready makes sure that keys can be saved where the environment says, whoever they belong to, and that
// there is room for them, and fails with an [Error] if not. Call it before a login, which can be used
// only once. It creates the folder, with mode 0700, if need be.
func Ready(env func(string) string) error {
	if _, err := placed(env); err != nil {
		return err
	}
	file, err := begin(Path(env, ""))
	if err != nil {
		return err
	}
	return errors.Join(reserve(file), file.Cleanup())
}

// Save writes the keys to a file of mode 0600, whole or not at all, and returns when it is on the
// disk. It creates the folder, with mode 0700, if need be.
func (k *Keys) Save(path string) error {
	file, err := begin(path)
	if err != nil {
		return &Error{Text: "credentials cannot be written", Err: errors.Unwrap(err), Advice: lost}
	}
	defer file.Cleanup()
	if err := k.commit(file); err != nil {
		return err
	}
	k.path = path
	return nil
}

// begin is pending, but first creates the folder if need be.
func begin(path string) (replace.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, &Error{Text: "credentials", Err: err}
	}
	return pending(path)
}

// pending creates the temporary file that becomes path. Call it before anything is spent on its
// contents: if the folder cannot be written to, that must be known before a refresh token is used
// up.
func pending(path string) (replace.File, error) {
	file, err := replace.Begin(path, replace.Private)
	if err != nil {
		return nil, &Error{Text: "credentials cannot be written", Err: err,
			Advice: "the file and its folder must be writable: tokens change and have to be kept"}
	}
	return file, nil
}

// room is how many bytes are reserved for a file; X's tokens take some hundreds.
const room = 16 << 10

// reserve makes sure that there is room on the disk.
func reserve(file replace.File) error {
	err := replace.Reserve(file, room)
	if err == nil {
		return nil
	}
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err // its path is that of a temporary file
	}
	return &Error{Text: "credentials cannot be written", Err: err, Advice: "nothing was spent; make room on the disk"}
}

// lost is the advice if a file does not get into its place, since X gives keys only once.
const lost = "the keys that X gave are lost: run tw-auth to log in again"

// commit writes the file, syncs it, puts it in its place and syncs the folder.
func (k *Keys) commit(file replace.File) error {
	var text bytes.Buffer
	e := json.NewEncoder(&text)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	err := e.Encode(k.stored())
	if err == nil {
		_, err = file.Write(text.Bytes())
	}
	if err == nil {
		err = file.Truncate(int64(text.Len())) // drops the rest of what was reserved
	}
	if err == nil {
		err = file.CloseAtomicallyReplace()
	}
	if err != nil {
		return &Error{Text: "credentials cannot be written", Err: err, Advice: lost}
	}
	if err := replace.SyncFolder(file.Name()); err != nil {
		return &Error{Text: "credentials cannot be written", Err: err}
	}
	return nil
}

func (s *stored) keys() *Keys {
	return &Keys{
		Network: s.Network, Account: s.Account, UserID: s.UserID,
		ConsumerKey: NewSecret(s.ConsumerKey), ConsumerSecret: NewSecret(s.ConsumerSecret),
		AccessToken: NewSecret(s.AccessToken), AccessSecret: NewSecret(s.AccessSecret),
		BearerToken: NewSecret(s.BearerToken),
		ClientID:    NewSecret(s.ClientID), ClientSecret: NewSecret(s.ClientSecret),
		Token: NewSecret(s.Token), RefreshToken: NewSecret(s.RefreshToken), Expiry: s.Expiry,
	}
}

func (k *Keys) stored() *stored {
	return &stored{
		Network: k.Network, Account: k.Account, UserID: k.UserID,
		ConsumerKey: k.ConsumerKey.Reveal(), ConsumerSecret: k.ConsumerSecret.Reveal(),
		AccessToken: k.AccessToken.Reveal(), AccessSecret: k.AccessSecret.Reveal(),
		BearerToken: k.BearerToken.Reveal(),
		ClientID:    k.ClientID.Reveal(), ClientSecret: k.ClientSecret.Reveal(),
		Token: k.Token.Reveal(), RefreshToken: k.RefreshToken.Reveal(), Expiry: k.Expiry,
	}
}
