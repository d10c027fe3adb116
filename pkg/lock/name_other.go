//go:build !windows

package lock

// suffix is appended to the name of a file to name the one that is locked: the file itself.
const suffix = ""
