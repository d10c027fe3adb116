package model

import (
	"fmt"
	"io"
	"os"
)

// Open opens the file path and checks its ends. It costs the same for a file of any
// size. A model must not be written in place while it is open; replace the file instead (see
// horsepipe/pkg/tool).
func Open(path string) (*Model, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	return Read(f, path)
}

// Read opens the model that comes through in, such as standard input, which errors call name. If that is a file it is opened as Open does,
// else read to its end; of what is no model only the first bytes. It closes in, or the model does when it is closed.
func Read(in io.ReadCloser, name string) (*Model, error) {
	m, err := read(in)
	if err != nil {
		in.Close()
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	m.source = name
	return m, nil
}

// named puts before what is met after Read what that was told to call the model: there may be several.
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

// loaded is the model that the bytes of in are, which is done with.
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

// Load reads a model from bytes, which must not change while it is used.
func Load(data []byte) (*Model, error) {
	m := newModel()
	m.file.data, m.file.size = data, len(data)
	if data == nil {
		m.file.data = []byte{} // none, and not a file's
	}
	if err := m.begin(); err != nil {
		return nil, err
	}
	return m, nil
}

func newModel() *Model {
	m := &Model{}
	m.file.fail = func(off int, err error) {
		sec := secHeader
		for sec+1 < sectionCount && m.start[sec+1] <= off {
			sec++
		}
		m.damage(sec, off-m.start[sec], err.Error())
	}
	return m
}

// begin reads both ends of the file, and the table of counts.
func (m *Model) begin() error {
	if err := m.readTrailer(); err != nil {
		return err
	}
	if err := m.measure(); err != nil {
		return err
	}
	m.file.sums = m.start[secSums]
	if m.file.data == nil {
		m.file.sumPages = make([][]byte, m.length(secSums)/pageSize+1)
	} else if m.file.use(m.file.data); m.file.size <= small {
		m.file.verify(0, m.file.sums)
		m.file.lazy = false
	}
	m.readClasses()
	return m.err
}

// Close gives back the file.
func (m *Model) Close() error { return m.file.close() }
