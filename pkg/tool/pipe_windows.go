package tool

import (
	"os"
	"syscall"
)

// closedPipe are the errors of writing to a pipe that nobody reads any more; package os/exec ignores the same
// ones. The second is ERROR_NO_DATA, which package syscall does not name.
var closedPipe = []error{syscall.ERROR_BROKEN_PIPE, syscall.Errno(232)}

// abandoned is of no use here: Windows tells only who writes.
func abandoned(*os.File) bool { return false }
