package export

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"strings"
)

// Mastodon made .tar.gz before it made ZIPs (https://github.com/mastodon/mastodon/pull/6460), and some browsers
// unpack half of that. To open a file of it, all before it has to be read again, so no more is looked for than
// the outbox: the many files in which X has posts are better unpacked by tar.

// isTar reports whether a file is a tar, by its first bytes, or packed by gzip and so perhaps one.
func isTar(head []byte) (is, packed bool) {
	const magic, at = "ustar", 257 // IEEE Std 1003.1, pax, ustar Interchange Format
	packed = strings.HasPrefix(string(head), "\x1f\x8b")
	return packed || len(head) >= at+len(magic) && string(head[at:at+len(magic)]) == magic, packed
}

// fromTar finds the outbox of a tar. It reads to the end, so that nothing is handed out of one that is damaged.
func (s *source) fromTar(ctx context.Context, r io.ReaderAt, size int64, packed bool) error {
	s.hint = "unpack it and name the file or folder"
	each := func(visit func(string, io.ReadCloser) error) error {
		return s.eachInTar(ctx, io.NewSectionReader(r, 0, size), packed, visit)
	}
	s.openFile = func(wanted string) (file io.ReadCloser, err error) {
		err = each(func(name string, in io.ReadCloser) error {
			if name != wanted {
				return nil
			}
			file = in
			return io.EOF
		})
		if file == nil && err == nil {
			err = fs.ErrNotExist // somebody has just changed the tar
		}
		return file, err
	}
	empty := true
	err := each(func(name string, in io.ReadCloser) error {
		empty = false
		if candidate(name) && path.Base(name) == "outbox.json" {
			return s.keep(name, in)
		}
		return nil
	})
	if empty && errors.Is(err, ErrDamaged) {
		return nil // it is something else
	}
	return err
}

// eachInTar calls visit with each file of a tar, until it returns an error; io.EOF counts as none. All that is
// unpacked counts against the budget, however often.
func (s *source) eachInTar(ctx context.Context, r io.Reader, packed bool, visit func(name string, in io.ReadCloser) error) error {
	in := io.NopCloser(r)
	if packed {
		z, err := gzip.NewReader(r)
		if err != nil {
			return unpacked(err)
		}
		in = z
	}
	in = &counted{in, s}
	t := tar.NewReader(in)
	for ctx.Err() == nil {
		h, err := t.Next()
		if err == io.EOF {
			_, err = io.Copy(io.Discard, in) // gzip's checksum is behind all
			return unpacked(err)
		} else if err != nil {
			return unpacked(err)
		}
		name, err := entryName(h.Name)
		if err == nil && h.Typeflag == tar.TypeReg {
			err = visit(name, &entry{io.NopCloser(t), maxTotal})
		}
		if err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
	return ctx.Err()
}
