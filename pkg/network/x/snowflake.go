package x

import (
	"strconv"
	"time"
)

const (
	epoch   = 1288834974657 // where X's ids begin, in ms since 1970: 2010-11-04
	dateBit = 22            // the lower bits are the machine and a counter
	slack   = 24 * time.Hour
)

// dated returns when a post was made, to the second, from its id, in which X puts the time. An id
// that is more than a day from now is not one of X's; then dated returns now.
func dated(id string, now time.Time) time.Time {
	n, err := strconv.ParseInt(id, 10, 64)
	at := time.UnixMilli(n>>dateBit + epoch).UTC()
	if off := at.Sub(now); err != nil || off > slack || off < -slack {
		at = now.UTC()
	}
	return at.Truncate(time.Second)
}

// IDAt returns the least id of a post made at a time before 2080, to ask for what is newer; "" for
// times before there were such ids.
func IDAt(t time.Time) string {
	ms := t.UnixMilli() - epoch
	if ms <= 0 {
		return ""
	}
	return strconv.FormatInt(ms<<dateBit, 10)
}
