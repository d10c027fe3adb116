//go:build !unix

package model

import "io"

// mapFile reads f: slower to open than a mapping, but correct everywhere. unmap is nil.
func mapFile(f openFile) (data []byte, unmap func() error, err error) {
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	in := io.Reader(f)
	if size := info.Size(); info.Mode().IsRegular() && size > 0 {
		in = io.NewSectionReader(f, 0, size) // another part of f may have been read so before
	}
	data, err = readAll(in)
	return data, nil, err
}
