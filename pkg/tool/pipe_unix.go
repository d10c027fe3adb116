//go:build unix

package tool

import (
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// closedPipe are the errors of writing to a pipe that nobody reads any more.
var closedPipe = []error{syscall.EPIPE}

// abandoned tells whether a file is a pipe that nobody reads any more: poll tells that of one without
// being asked for any event (POSIX.1-2024, poll; as POLLHUP on some systems).
func abandoned(f *os.File) (is bool) {
	raw, err := f.SyscallConn() // File.Fd might change how the file is read and written
	if err != nil {
		return false
	}
	err = raw.Control(func(fd uintptr) {
		polled := []unix.PollFd{{Fd: int32(fd)}}
		n, err := unix.Poll(polled, 0)
		is = err == nil && n > 0 && polled[0].Revents&(unix.POLLERR|unix.POLLHUP) != 0
	})
	return is && err == nil
}
