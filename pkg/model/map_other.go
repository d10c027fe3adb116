//go:build !unix

package model

// mapFile reads f: slower to open than a mapping, but correct everywhere. unmap is nil.
func mapFile(f openFile) (data []byte, unmap func() error, err error) {
	data, err = readAll(f)
	return data, nil, err
}
