package sandbox

import (
	"fmt"
	"hash/fnv"
	"regexp"
	"strings"
)

// account is one user of the sandbox.
type account struct {
	id    uint64
	name  string
	posts []*status // by id, oldest first; without deleted ones
	app   *app      // the developer app that the account owns
}

// userName is the pattern of X's OpenAPI document.
var userName = regexp.MustCompile(`^[A-Za-z0-9_]{1,15}$`)

// CheckName returns why a name, with or without @, is not a user name of X, or nil
// if it is one.
func CheckName(name string) error {
	if !userName.MatchString(strings.TrimPrefix(name, "@")) {
		return fmt.Errorf("%q is not a user name of X (1 to 15 of A-Z a-z 0-9 _)", name)
	}
	return nil
}

// sameName compares names as X does: Newton and @newton are one.
func sameName(a, b string) bool { return strings.EqualFold(a, strings.TrimPrefix(b, "@")) }

// account finds a user by name, without regard to case and with or without @,
// and makes one if there is none.
func (s *store) account(name string) (*account, error) {
	if err := CheckName(name); err != nil {
		return nil, err
	}
	name = strings.TrimPrefix(name, "@")
	if a := s.named(name); a != nil {
		return a, nil
	}
	a := &account{id: s.userID(name), name: name}
	s.byName[strings.ToLower(name)] = a
	s.byUser[a.id] = a
	s.enrol(a)
	return a, nil
}

// named finds a user by name; it returns nil if there is none.
func (s *store) named(name string) *account { return s.byName[strings.ToLower(name)] }

// userID derives an id of ten digits from the name alone, so that an account has
// the same one after a restart, in whatever order accounts appear.
func (s *store) userID(name string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(strings.ToLower(name)))
	id := h.Sum64()%9_000_000_000 + 1_000_000_000
	for s.byUser[id] != nil {
		id++
	}
	return id
}
