package credential

import (
	"encoding/base64"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// redacted stands wherever a secret would be printed.
const redacted = "[redacted]"

// A Secret holds a key or a token and prints as [redacted], whatever prints it: fmt with any verb,
// encoding/json, encoding/xml, log/slog, a panic. Only [Secret.Reveal] returns the text.
//
// The text is behind a pointer, since fmt reads unexported fields of a struct without asking their
// methods, and would print a string that it found there.
type Secret struct{ text *string }

// NewSecret hides text. An empty text gives the zero Secret.
func NewSecret(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{&text}
}

// Reveal returns the text, "" for the zero Secret. Call it where the text leaves for the network
// or for a file of mode 0600, and nowhere else.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// Empty reports whether there is no text.
func (s Secret) Empty() bool { return s.text == nil }

// least is the shortest key that Hide looks for, in bytes. X's keys have 25 and more, and its PINs 7;
// those of other servers may be words that occur anywhere.
const least = 7

// Hide removes the keys from a foreign text, such as what a server says of a request that contained
// them.
func (k *Keys) Hide(text string) string { return k.hiding()(text) }

// hiding returns a function that removes the keys, as they are now, and some more secrets from a text.
func (k *Keys) hiding(more ...string) func(string) string {
	secrets := append(more, k.Token.Reveal(), k.RefreshToken.Reveal())
	for _, v := range variables {
		secrets = append(secrets, v.field(k).Reveal())
	}
	id, secret := url.QueryEscape(k.ClientID.Reveal()), url.QueryEscape(k.ClientSecret.Reveal())
	secrets = append(secrets, base64.StdEncoding.EncodeToString([]byte(id+":"+secret))) // as OAuth 2.0 sends the two
	var forms []string
	for _, s := range secrets {
		escaped := url.QueryEscape(s)
		plain, err := url.PathUnescape(s) // X gives out bearer tokens escaped
		if err != nil {
			plain = s
		}
		forms = append(forms, s, escaped, hexDigits.ReplaceAllStringFunc(escaped, strings.ToLower), plain)
	}
	forms = slices.DeleteFunc(forms, func(form string) bool { return len(form) < least })
	slices.SortFunc(forms, func(a, b string) int { return len(b) - len(a) }) // one may begin with another
	return func(text string) string {
		for _, form := range forms {
			text = strings.ReplaceAll(text, form, redacted)
		}
		return text
	}
}

// hexDigits matches what an address has in the place of a sign; a server may write it in lower case.
var hexDigits = regexp.MustCompile(`%[0-9A-F]{2}`)

// Format prints [redacted], for every verb and flag.
func (Secret) Format(f fmt.State, _ rune) { fmt.Fprint(f, redacted) }

// String returns [redacted].
func (Secret) String() string { return redacted }

// MarshalText returns [redacted], which also covers JSON, XML and slog.
func (Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
