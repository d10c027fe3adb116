package export

import (
	"archive/zip"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// openPacked opens a ZIP or a tar. It writes nothing under the names in it; names that lead out of it are
// refused all the same, since X makes no such file. A ZIP inside is not opened: X itself put
// pictures into some in 2019, and no export is inside another ZIP.
func openPacked(ctx context.Context, name string) (*source, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, reason(err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	s := newSource(name, budget(info.Size()), f.Close)
	head := make([]byte, headSize)
	n, err := f.ReadAt(head, 0)
	if is, packed := isTar(head[:n]); is {
		err = s.fromTar(ctx, f, info.Size(), packed)
	} else if err == nil || err == io.EOF {
		err = s.fromZip(f, info.Size())
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return s, nil
}

// budget returns how many bytes may be unpacked from a packed size. It holds for each file, and for
// the ZIP as a whole, since its files may overlap. The sizes in the directory are not trusted.
func budget(packed int64) int64 {
	if packed > maxTotal/maxRatio {
		return maxTotal
	}
	return freeRatio + packed*maxRatio
}

// fromZip finds the files of a ZIP.
func (s *source) fromZip(r io.ReaderAt, size int64) error {
	if entries(r, size) > maxDirectory/minEntry {
		return errDirectory
	}
	m := &meter{r, maxDirectory}
	z, err := zip.NewReader(m, size)
	if errors.Is(err, errDirectory) {
		return errDirectory
	}
	if err != nil {
		return fmt.Errorf("%w: not a ZIP, or cut off: %w", ErrDamaged, err)
	}
	m.left = -1
	byName := map[string]*zip.File{}
	s.openFile = func(name string) (io.ReadCloser, error) { return openEntry(byName[name]) }
	for _, f := range z.File {
		name, err := entryName(f.Name)
		if err != nil {
			return err
		}
		switch {
		case strings.HasSuffix(f.Name, "/"):
		case strings.EqualFold(path.Ext(name), ".zip"):
			s.hint = fmt.Sprintf("unpack %q, which is in it, and name that", name)
		case candidate(name):
			byName[name] = f
			if err := s.add(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// entryName returns the path of an entry relative to the ZIP or tar. Some Windows programs write backslashes.
func entryName(called string) (string, error) {
	name := strings.ReplaceAll(called, `\`, "/")
	drive := len(name) > 1 && name[1] == ':'
	if drive || strings.HasPrefix(name, "/") || strings.Contains("/"+name+"/", "/../") || strings.Contains(name, "\x00") {
		return "", fmt.Errorf("%w: a file named %.80q is in it", ErrHostile, called)
	}
	return path.Clean(name), nil
}

// openEntry opens a file of a ZIP, unless its entry shows that X did not make it. Reading it fails
// beyond the budget, and at the end if its checksum is wrong.
func openEntry(f *zip.File) (io.ReadCloser, error) {
	const encrypted = 1
	switch {
	case f.Flags&encrypted != 0:
		return nil, fmt.Errorf("%w: %q is encrypted", ErrHostile, f.Name)
	case f.Mode()&fs.ModeType != 0:
		return nil, fmt.Errorf("%w: %q is a link or a device", ErrHostile, f.Name)
	case f.UncompressedSize64 > maxTotal:
		return nil, fmt.Errorf("%w: %q claims to have %d bytes", ErrHostile, f.Name, f.UncompressedSize64)
	}
	r, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("%q: %w", f.Name, unpacked(err))
	}
	return &entry{r, budget(int64(min(f.CompressedSize64, maxTotal)))}, nil
}

// entry is an open file of a ZIP or tar that fails when it unpacks beyond its budget.
type entry struct {
	io.ReadCloser
	left int64
}

func (e *entry) Read(b []byte) (int, error) {
	n, err := e.ReadCloser.Read(b)
	if e.left -= int64(n); e.left < 0 {
		return n, fmt.Errorf("%w: it unpacks to more than %d times its size", ErrHostile, maxRatio)
	}
	return n, unpacked(err)
}

// unpacked gives the errors of archive/zip, archive/tar and compress/gzip our words.
func unpacked(err error) error {
	switch {
	case err == nil, err == io.EOF, errors.Is(err, ErrHostile):
		return err
	case errors.Is(err, zip.ErrAlgorithm):
		return fmt.Errorf("%w: packed in a way that is not known here", ErrDamaged)
	case errors.Is(err, zip.ErrChecksum), errors.Is(err, gzip.ErrChecksum):
		return fmt.Errorf("%w: its checksum is wrong", ErrDamaged)
	case errors.Is(err, io.ErrUnexpectedEOF):
		return errCut
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

var errDirectory = fmt.Errorf("%w: a ZIP whose directory is larger than %d MiB; unpack it and name the folder",
	ErrHostile, maxDirectory>>20)

// meter fails once left bytes have been read, unless left is negative. While a ZIP is being opened,
// nothing but its directory is read.
type meter struct {
	io.ReaderAt
	left int64
}

func (m *meter) ReadAt(b []byte, off int64) (int, error) {
	if m.left >= 0 {
		if m.left -= int64(len(b)); m.left < 0 {
			return 0, errDirectory
		}
	}
	return m.ReaderAt.ReadAt(b, off)
}

const (
	minEntry = 46      // bytes of a file's entry in the directory, without its name
	endSize  = 22      // bytes of the record at the end of a ZIP, without its comment
	end64    = 56      // bytes of the same in a ZIP64
	locator  = 20      // bytes of the record between these two
	comment  = 1 << 16 // bytes of the longest comment
)

// entries returns how many files the end of a ZIP claims, since archive/zip allocates room for so
// many before it looks at them. It returns 0 if there is no end; archive/zip reports that better.
// (PKWARE's APPNOTE, 4.3.14 to 4.3.16.)
func entries(r io.ReaderAt, size int64) uint64 {
	from := max(0, size-endSize-comment)
	tail := make([]byte, size-from)
	if n, _ := r.ReadAt(tail, from); n < len(tail) {
		return 0
	}
	i := strings.LastIndex(string(tail), "PK\x05\x06")
	if i < 0 || i+endSize > len(tail) {
		return 0
	}
	n := uint64(binary.LittleEndian.Uint16(tail[i+10:]))
	if i < locator || string(tail[i-locator:i-locator+4]) != "PK\x06\x07" {
		return n
	}
	at := int64(binary.LittleEndian.Uint64(tail[i-locator+8:]))
	big := make([]byte, end64)
	if _, err := r.ReadAt(big, at); at < 0 || err != nil {
		return n
	}
	return binary.LittleEndian.Uint64(big[32:])
}
