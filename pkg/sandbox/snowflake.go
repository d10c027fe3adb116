package sandbox

import "time"

// Identifiers of X carry their time: milliseconds since epoch in the upper 42
// bits, a machine and a counter below.
const (
	epoch      = 1288834974657  // ms since 1970: 2010-11-04T01:42:54.657Z
	timeShift  = 22             // bits below the time
	firstTimed = 29_700_000_000 // earlier ids are serial numbers without a time
)

// idAt returns the least identifier of the moment t, or 1 before the epoch.
func idAt(t time.Time) uint64 {
	ms := t.UnixMilli() - epoch
	if ms <= 0 {
		return 1
	}
	return uint64(ms) << timeShift
}

// timeOf returns the second that an identifier carries; for a serial number, the epoch's.
func timeOf(id uint64) time.Time {
	if id < firstTimed {
		id = 0
	}
	return time.UnixMilli(int64(id>>timeShift) + epoch).UTC().Truncate(time.Second)
}
