package network

import (
	"cmp"
	"fmt"
	"strings"
)

// The names of the networks, as they stand in the field network of a record.
const (
	X         = "x"
	Fediverse = "fediverse"
	Bluesky   = "bluesky"
)

// An Account is a name on a network.
type Account struct {
	Network string // [X], [Fediverse] or [Bluesky]
	Name    string // as the network writes it, without a leading @
}

// maxName is the longest name on X, in letters: its API refuses a longer one.
const maxName = 15

// ParseAccount reads an account in the form that its network writes; the form tells the network: "user"
// or "@user" is X, "user@host" the Fediverse, "name.example.org" Bluesky. Anything else is an error. Only
// the names of X are checked further.
func ParseAccount(s string) (Account, error) {
	name := strings.TrimPrefix(s, "@")
	user, host, at := strings.Cut(name, "@")
	switch {
	case at && user != "" && host != "" && !strings.ContainsAny(host, "@ /"):
		return Account{Fediverse, name}, nil
	case !at && strings.Contains(name, ".") && !strings.ContainsAny(name, " /"):
		return Account{Bluesky, name}, nil
	case xName(name):
		return Account{X, name}, nil
	}
	return Account{}, fmt.Errorf("%q is not an account: X's are 1 to %d letters, digits and _", s, maxName)
}

func xName(s string) bool {
	const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"
	return s != "" && len(s) <= maxName && strings.Trim(s, letters) == ""
}

// CompareID orders two ids of X by age: the result is negative if a is the older post. Ids are decimal
// numbers that a float cannot hold; "" comes before all.
func CompareID(a, b string) int {
	a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
	return cmp.Or(len(a)-len(b), strings.Compare(a, b))
}
