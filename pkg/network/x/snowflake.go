package x

import (
	"strconv"
	"time"
)

const (
	epoch   = 1288834974657 // ms since 1970 where X's ids begin, 2010-11-04
	dateBit = 22            // below are the machine and a counter
	slack   = 24 * time.Hour
)

// dated tells when a post was made, to the second, from its id: X puts the time there. An id that
// says something else than about now is none of X's, and now is taken instead.
func dated(id string, now time.Time) time.Time {
	n, err := strconv.ParseInt(id, 10, 64)
	at := time.UnixMilli(n>>dateBit + epoch).UTC()
	if off := at.Sub(now); err != nil || off > slack || off < -slack {
		at = now.UTC()
	}
	return at.Truncate(time.Second)
}

// IDAt gives the least id of a post made at a time, for asking for what is newer; "" before there were such ids.
func IDAt(t time.Time) string {
	ms := t.UnixMilli() - epoch
	if ms <= 0 {
		return ""
	}
	return strconv.FormatInt(ms<<dateBit, 10)
}
