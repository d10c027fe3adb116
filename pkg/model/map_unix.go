//go:build unix

package model

import (
	"fmt"
	"syscall"
)

// mapFile maps all of f for reading. What cannot be mapped (a pipe, or a file on a file system
// without mappings) is read instead; unmap is then nil.
func mapFile(f openFile) (data []byte, unmap func() error, err error) {
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	size := info.Size()
	if !info.Mode().IsRegular() || size == 0 {
		data, err = readAll(whole(f, info))
		return data, nil, err
	}
	if int64(int(size)) != size {
		return nil, nil, fmt.Errorf("too large for this machine's addresses: %d bytes", size)
	}
	data, err = syscall.Mmap(int(f.Fd()), 0, int(size), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		data, err = readAll(whole(f, info))
		return data, nil, err
	}
	return data, func() error { return syscall.Munmap(data) }, nil
}
