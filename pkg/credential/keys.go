// Package credential holds what the programs sign their requests with, and keeps it secret.
//
// [Open] finds the keys of an account: in the environment, or in a file that tw-auth wrote.
// [Keys.Client] returns the HTTP client that signs with them. In between no program sees the text
// of a key: the type [Secret] prints as [redacted], and no error of this package contains one.
//
// # Environment
//
//	TW_CONSUMER_KEY  TW_CONSUMER_SECRET   the app      OAuth 1.0a
//	TW_ACCESS_TOKEN  TW_ACCESS_SECRET     the account  OAuth 1.0a
//	TW_BEARER_TOKEN                       the app alone: it can read but not post
//	TW_CLIENT_ID     TW_CLIENT_SECRET     the app      OAuth 2.0, to log in with
//	TW_CREDENTIALS                        a file of tw-auth, or a folder of them
//	TW_API_BASE                           another server instead of X's
//
// Each key can also be given as a file, as container secrets are:
// TW_ACCESS_SECRET_FILE=/run/secrets/access.
//
// # Files
//
// Each account has one JSON file, named x-ACCOUNT.json, in $TW_CREDENTIALS, else in
// $XDG_CONFIG_HOME/horsepipe, else in ~/.config/horsepipe. A file that others may read is refused.
// [StartPIN] and [StartPKCE] log an account in, and [Keys.Save] writes the keys of that login to such a
// file.
package credential

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// Keys are what one account signs its requests with. What it does not have is empty.
type Keys struct {
	Network string // "x"; "" means the same
	Account string // the account's name without @, "" if it is not known
	UserID  string // the account's number, "" if it is not known

	ConsumerKey, ConsumerSecret Secret // the app, OAuth 1.0a
	AccessToken, AccessSecret   Secret // the account, OAuth 1.0a; these do not expire
	BearerToken                 Secret // the app alone

	ClientID, ClientSecret Secret    // the app, OAuth 2.0; a public client has no secret
	Token, RefreshToken    Secret    // the account, OAuth 2.0; a refresh token can be used only once
	Expiry                 time.Time // of Token

	path string // the file that they came from, "" for the environment
}

// A Method is a way to sign a request.
type Method uint8

// The methods, in the order in which [Keys.Method] prefers them.
const (
	None   Method = iota
	OAuth1        // as the account; nothing expires, which is best for cron
	OAuth2        // as the account; the refresh token changes with each use
	Bearer        // as the app: public posts only, and no posting
)

var methods = [...]string{"none", "OAuth 1.0a", "OAuth 2.0", "bearer token"}

// String returns the method's name.
func (m Method) String() string { return methods[m] }

// Source returns where the keys come from: a file's path, or "the environment".
func (k *Keys) Source() string {
	if k.path == "" {
		return "the environment"
	}
	return k.path
}

// Method returns how requests are signed with these keys.
func (k *Keys) Method() Method {
	switch {
	case len(k.missing()) == 0:
		return OAuth1
	case !k.RefreshToken.Empty() || !k.Token.Empty():
		return OAuth2
	case !k.BearerToken.Empty():
		return Bearer
	}
	return None
}

// CanPost reports whether these keys stand for an account, rather than for an app alone.
func (k *Keys) CanPost() bool {
	m := k.Method()
	return m == OAuth1 || m == OAuth2
}

// OwnID returns the account number of the account that signs, "" if it is not known. X's OAuth 1.0a
// access tokens begin with it.
func (k *Keys) OwnID() string {
	if k.UserID != "" {
		return k.UserID
	}
	id, _, found := strings.Cut(k.AccessToken.Reveal(), "-")
	if !found || strings.Trim(id, "0123456789") != "" {
		return ""
	}
	return id
}

// variable is the environment variable of a key. The four parts of OAuth 1.0a come first in variables.
type variable struct {
	name  string
	field func(*Keys) *Secret
}

var variables = []variable{
	{"TW_CONSUMER_KEY", func(k *Keys) *Secret { return &k.ConsumerKey }},
	{"TW_CONSUMER_SECRET", func(k *Keys) *Secret { return &k.ConsumerSecret }},
	{"TW_ACCESS_TOKEN", func(k *Keys) *Secret { return &k.AccessToken }},
	{"TW_ACCESS_SECRET", func(k *Keys) *Secret { return &k.AccessSecret }},
	{"TW_BEARER_TOKEN", func(k *Keys) *Secret { return &k.BearerToken }},
	{"TW_CLIENT_ID", func(k *Keys) *Secret { return &k.ClientID }},
	{"TW_CLIENT_SECRET", func(k *Keys) *Secret { return &k.ClientSecret }},
}

// missing returns the names of the parts of OAuth 1.0a that are not there.
func (k *Keys) missing() (names []string) {
	for _, v := range variables[:4] {
		if v.field(k).Empty() {
			names = append(names, v.name)
		}
	}
	return names
}

// FromEnv reads the keys that the environment gives. It is no error if there are none, or only
// those of an app, with which tw-auth logs in. It is one if some of the four parts of OAuth 1.0a
// are missing, unless other keys can be used.
func FromEnv(env func(string) string) (*Keys, error) {
	k, err := read(env)
	if err != nil {
		return nil, err
	}
	app := !k.ConsumerKey.Empty() && !k.ConsumerSecret.Empty() && k.AccessToken.Empty() && k.AccessSecret.Empty()
	if missing := k.missing(); len(missing) < 4 && !app && k.Method() == None {
		return nil, &Error{Text: strings.Join(missing, ", ") + " missing from the environment",
			Advice: "OAuth 1.0a needs all four; they are in the app's page under console.x.com, or run tw-auth"}
	}
	return k, nil
}

// App reads the keys of an app, with which an account logs in: the consumer key and secret for
// OAuth 1.0a; the client id, and its secret if it has one, for OAuth 2.0. What is not there is
// empty.
func App(env func(string) string) (*Keys, error) {
	k, err := read(env)
	if err != nil {
		return nil, err
	}
	return &Keys{Network: k.Network, ConsumerKey: k.ConsumerKey, ConsumerSecret: k.ConsumerSecret,
		ClientID: k.ClientID, ClientSecret: k.ClientSecret}, nil
}

func read(env func(string) string) (*Keys, error) {
	k := &Keys{Network: "x"}
	for _, v := range variables {
		secret, err := variableOrFile(env, v.name)
		if err != nil {
			return nil, err
		}
		*v.field(k) = secret
	}
	return k, nil
}

// mark is the byte order mark, with which some editors on Windows begin a file.
const mark = "\uFEFF"

// variableOrFile reads NAME, or the file that NAME_FILE names.
func variableOrFile(env func(string) string, name string) (Secret, error) {
	text, path := env(name), env(name+"_FILE")
	switch {
	case path == "":
		return NewSecret(strings.TrimSpace(text)), nil
	case text != "":
		return Secret{}, &Error{Text: name + " and " + name + "_FILE are both set", Advice: "unset one of them"}
	}
	if err := noPipe(path); err != nil {
		return Secret{}, &Error{Text: name + "_FILE", Err: err}
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return Secret{}, &Error{Text: name + "_FILE", Err: err}
	}
	return NewSecret(strings.TrimSpace(strings.TrimPrefix(string(data), mark))), nil
}

// An Error says what is wrong with the credentials, and never what they are.
type Error struct {
	Text   string // lower case, no full stop
	Advice string // what to do about it, "" if there is nothing to say
	Err    error  // the cause, or nil

	status int  // of X's refusal, 0 if there was none
	later  bool // trying again later may help
}

// Error returns the text, and the cause if there is one.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Text
	}
	return fmt.Sprintf("%s: %v", e.Text, e.Err)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Hint returns the advice, "" if there is none.
func (e *Error) Hint() string { return e.Advice }

// ExitCode returns 4, since trying again does not help, or 75 if it may help later.
func (e *Error) ExitCode() int {
	if e.later {
		return 75
	}
	return 4
}
