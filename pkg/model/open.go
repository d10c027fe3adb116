package model

import (
	"errors"
	"fmt"
	"io"
	"os"
)

// Open opens the model in the file path and checks both ends of it. It costs the same for a file of
// any size. Close it after use. A model must not be written in place while it is open: replace the
// file instead (see horsepipe/pkg/replace).
//
// The error is that of the file system; or it wraps [ErrFormat] or a [*Damage]; or it says that the
// model has a later version, or is too large for the addresses of the machine.
func Open(path string) (*Model, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return Read(f, path)
}

// Read opens the model that in yields, such as standard input; errors, otherwise as of Open, call it
// name. A file is opened as Open does, from its beginning; anything else is read to its end, but only
// for a few bytes if it is not a model. The model takes over in: it is closed on an error, and
// otherwise no later than the model.
func Read(in io.ReadCloser, name string) (*Model, error) {
	m, err := read(in)
	if err != nil {
		in.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	m.source = name
	return m, nil
}

// named adds the name that Read was given to an error met later, since several models may be open.
func (m *Model) named(err error) error {
	if err == nil || m.source == "" {
		return err
	}
	return fmt.Errorf("%s: %w", m.source, err)
}

func read(in io.ReadCloser) (*Model, error) {
	f, ok := in.(openFile)
	if !ok {
		data, err := readAll(in)
		return loaded(in, data, nil, err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Mode().IsRegular() && info.Size() > small {
		if int64(int(info.Size())) != info.Size() {
			return nil, fmt.Errorf("too large for this machine's addresses: %d bytes", info.Size())
		}
		m := newModel()
		m.file.from, m.file.owned, m.file.size = f, true, int(info.Size())
		return m, m.begin()
	}
	data, unmap, err := mapFile(f)
	return loaded(in, data, unmap, err)
}

// loaded makes a model of the bytes of in, and closes in.
func loaded(in io.Closer, data []byte, unmap func() error, err error) (*Model, error) {
	if err != nil {
		return nil, err
	}
	m, err := Load(data)
	if err != nil {
		if unmap != nil {
			unmap()
		}
		return nil, err
	}
	m.file.unmap = unmap
	return m, in.Close()
}

// Load reads a model from bytes, which must not change while the model is used. The errors are as of
// Open.
func Load(data []byte) (*Model, error) {
	m := newModel()
	m.file.data, m.file.size = data, len(data)
	if err := m.begin(); err != nil {
		return nil, err
	}
	return m, nil
}

func newModel() *Model {
	m := &Model{}
	m.file.fail = func(off int, err error) {
		sec := secHeader
		for off > 0 && sec < sectionCount && m.start[sec+1] <= off { // all are 0 until the trailer is read
			sec++
		}
		m.damage(sec, off-m.start[sec], err.Error())
	}
	return m
}

// begin reads both ends of the file and the table of counts.
func (m *Model) begin() error {
	if err := m.readTrailer(); err != nil {
		return err
	}
	if err := m.measure(); err != nil {
		return err
	}
	m.file.sums = m.start[secSums]
	if m.file.data == nil {
		m.file.lazy = true
		m.file.sumPages = make([][]byte, m.length(secSums)/pageSize+1)
	} else if m.file.use(m.file.data); m.file.size <= small {
		m.file.verify(0, m.file.sums)
	}
	m.readClasses()
	return m.err
}

// Close releases the file and its mapping. It may be called twice.
func (m *Model) Close() error {
	err := m.file.close()
	if m.old != nil {
		err = errors.Join(err, m.old.Close()) // which may have a mapping of its own
	}
	return err
}
