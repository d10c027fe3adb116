//go:build !unix

package model

import "os"

// mapFile reads f: slower to open than a mapping, but right everywhere.
func mapFile(f *os.File) (data []byte, unmap func() error, err error) {
	data, err = readAll(f)
	return data, nil, err
}
