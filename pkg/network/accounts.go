package network

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Accounts is a list of accounts, such as those that a bot has to leave alone. A nil list is empty. To
// read it is safe for several goroutines.
type Accounts struct {
	keys map[string]bool // names in lower case, and numbers
}

// NewAccounts makes a list of names, with or without @, and of account numbers, which stay the same
// when an account changes its name. For all that are neither it returns one error; the list has the
// others.
func NewAccounts(names ...string) (*Accounts, error) {
	l := &Accounts{keys: map[string]bool{}}
	var bad []error
	for _, name := range names {
		bad = append(bad, l.add(name))
	}
	return l, errors.Join(bad...)
}

// maxNumber is the most digits that an account's number has.
const maxNumber = 20

func (l *Accounts) add(name string) error {
	if len(name) <= maxNumber && strings.Trim(name, "0123456789") == "" && name != "" {
		l.keys[name] = true
		return nil
	}
	a, err := ParseAccount(name)
	if err == nil {
		l.keys[strings.ToLower(a.Name)] = true
	}
	return err
}

// ReadAccounts reads a list, one account a line; what follows a # is a comment. A line that is not an account
// is an error that begins with name and the line's number, since ignoring it might mean calling somebody who
// is not to be called.
func ReadAccounts(r io.Reader, name string) (*Accounts, error) {
	l, _ := NewAccounts()
	lines, n := bufio.NewScanner(r), 1
	for ; lines.Scan(); n++ {
		entry, _, _ := strings.Cut(lines.Text(), "#")
		if entry = strings.TrimSpace(entry); entry == "" {
			continue
		}
		if err := l.add(entry); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, n, err)
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("%s:%d: %d bytes or more in a line, so it is no list", name, n, bufio.MaxScanTokenSize)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return l, nil
}

// Has reports whether an account of that name, without @, or of that number is on the list. Either may
// be "". Case does not matter.
func (l *Accounts) Has(name, id string) bool {
	return l != nil && (name != "" && l.keys[strings.ToLower(name)] || id != "" && l.keys[id])
}
