// Package soakclock is the clock of a simulated world: the time at which a file, which SOAK_CLOCK names, was changed last. The soak builds it
// into the programs in the place of the machine's clock; it is part of none that is shipped.
package soakclock

import (
	"os"
	"syscall"
	"time"
)

// Now tells the world's time.
func Now() time.Time {
	info, err := os.Stat(os.Getenv("SOAK_CLOCK"))
	if err != nil {
		panic(err)
	}
	return info.ModTime()
}

// NewTimer lets the time pass at once, for everybody.
func NewTimer(d time.Duration) *time.Timer {
	f, err := os.Open(os.Getenv("SOAK_CLOCK"))
	if err != nil {
		panic(err)
	}
	defer f.Close()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		panic(err)
	}
	then := Now().Add(d)
	if err := os.Chtimes(f.Name(), then, then); err != nil {
		panic(err)
	}
	return time.NewTimer(time.Millisecond)
}
