//go:build !unix

package model

// mapFile reads f: slower to open than a mapping, but correct everywhere. unmap is nil.
func mapFile(f openFile) (data []byte, unmap func() error, err error) {
	info, err := f.Stat()
	if err != nil {
		return nil, nil, err
	}
	data, err = readAll(whole(f, info))
	return data, nil, err
}
