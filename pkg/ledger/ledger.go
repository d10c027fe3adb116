// Package ledger records what each run of a program has cost, so that a month's money can be
// counted from files.
//
// A ledger is JSON Lines, one line for each run that cost something:
//
//	{"at":"2026-11-22T12:00:04Z","program":"tw-post","posts_read":0,"users_read":1,"posted":1,"cost":0.025}
//
// The line is written at the end of the run, whether it succeeded or not. A run that dies before that
// (SIGKILL, a loss of power) leaves none; what it has paid shows only on the network's own bill.
//
// Cost is in dollars, at the prices that the program knows. The network's own bill may be lower,
// since it charges for the same thing only once a day.
package ledger

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"time"

	"horsepipe/pkg/network"
	"horsepipe/pkg/replace"
)

// Variable is the environment variable that names the ledger. If it is not set there is none.
const Variable = "TW_LEDGER"

const (
	mode      = 0o644 // less the umask
	precision = 1e6   // parts of a dollar to which a cost is rounded
)

// entry is a line.
type entry struct {
	At      time.Time `json:"at"`
	Program string    `json:"program"`
	Posts   int       `json:"posts_read"`
	Users   int       `json:"users_read"`
	Posted  int       `json:"posted"`
	Cost    float64   `json:"cost"`
}

// Note adds a run to the ledger that the environment names. The line is on the disk when Note
// returns. A run that cost nothing leaves no line. Several programs may write at once.
func Note(env func(string) string, program string, at time.Time, u network.Usage, cost float64) error {
	path := env(Variable)
	if path == "" || cost <= 0 {
		return nil
	}
	line, err := json.Marshal(entry{at.UTC().Truncate(time.Second), program, u.Posts + u.Referred, u.Users, u.Created,
		math.Round(cost*precision) / precision})
	if err == nil {
		err = add(path, append(line, '\n'))
	}
	if err != nil {
		return fmt.Errorf("%s: $%.3f could not be written down: %w", Variable, cost, err)
	}
	return nil
}

// add appends a line. If a loss of power has cut the line before it, it first ends that one.
func add(path string, line []byte) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_APPEND|os.O_CREATE, mode)
	if err != nil {
		return err
	}
	var last [1]byte
	if end, err := f.Seek(0, io.SeekEnd); err == nil && end > 0 {
		if _, err := f.ReadAt(last[:], end-1); err == nil && last[0] != '\n' {
			line = append([]byte("\n"), line...)
		}
	}
	_, err = f.Write(line)
	return errors.Join(err, replace.Sync(f), f.Close())
}
