package export

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"horsepipe/pkg/scratch"
)

// packed is a ZIP whose only file is unpacked from a stream of n times s.
func packed(t *testing.T, name, before, s string, n int) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.WriteString(w, before)
	s = strings.Repeat(s, 1<<16/len(s))
	for ; n > 0; n -= len(s) {
		_, _ = io.WriteString(w, s)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// stored is a ZIP of one uncompressed file, whose header change may alter; the CRC is right.
func stored(t *testing.T, content string, change func(*zip.FileHeader)) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	h := &zip.FileHeader{
		Name: "data/tweets.js", CRC32: crc32.ChecksumIEEE([]byte(content)),
		CompressedSize64: uint64(len(content)), UncompressedSize64: uint64(len(content)),
	}
	change(h)
	w, err := z.CreateRaw(h)
	if err == nil {
		_, err = io.WriteString(w, content)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestHostileZips(t *testing.T) {
	good := ytd("tweets", tweet("5", june, "a"))
	nothing := func(*zip.FileHeader) {}
	whole := stored(t, good, nothing)
	named := func(names ...string) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for _, n := range names {
			w, _ := z.Create(n)
			_, _ = io.WriteString(w, good)
		}
		_ = z.Close()
		return b.Bytes()
	}
	tests := []struct {
		name    string
		zip     []byte
		is      error
		message string
	}{
		{"bomb of spaces", packed(t, "data/tweets.js", "[", " ", 28<<20), ErrHostile, "data/tweets.js: refused: it unpacks to more than 200 times its size"},
		{"bomb in one line", packed(t, "data/tweets.js", `[{"tweet":{"full_text":"`, "x", 6<<20), ErrHostile, "data/tweets.js: refused: a record of more than 4 MiB"},
		{"bomb of brackets", packed(t, "data/tweets.js", "", "[", 6<<20), ErrHostile, "data/tweets.js: refused: a record of more than 4 MiB"},
		{"bomb in the account", packed(t, "data/account.js", "[", "[", 6<<20), ErrHostile, "data/account.js: refused: a record of more than 4 MiB"},
		{"bomb in the manifest", packed(t, "data/manifest.js", `{"dataTypes":{`, `"a":{},`, 6<<20), ErrHostile, "data/manifest.js: refused: a record of more than 4 MiB"},
		{"bomb in a row", packed(t, "tweets.csv", `"tweet_id","text"`+"\n\"1\",\"", "x", 6<<20), ErrHostile, "tweets.csv: refused: a row of more than 4 MiB"},
		{"nested", named("export.zip"), ErrNoExport, `no posts of an export of X or Mastodon in it: unpack "export.zip", which is in it, and name that`},
		{"path upwards", named("data/tweets.js", "../../etc/passwd"), ErrHostile, `refused: a file named "../../etc/passwd" is in it`},
		{"path upwards in the middle", named("data/../../tweets.js"), ErrHostile, `refused: a file named "data/../../tweets.js" is in it`},
		{"absolute path", named("/data/tweets.js"), ErrHostile, `refused: a file named "/data/tweets.js" is in it`},
		{"path of Windows", named(`data\..\..\tweets.js`), ErrHostile, `refused: a file named "data\\..\\..\\tweets.js" is in it`},
		{"drive", named(`C:\data\tweets.js`), ErrHostile, `refused: a file named "C:\\data\\tweets.js" is in it`},
		{"one name twice", named("data/tweets.js", "data/tweets.js"), ErrHostile, `refused: "data/tweets.js" is in it twice`},
		{"one name in two spellings", named("data/tweets.js", `data\.\tweets.js`), ErrHostile, `refused: "data/tweets.js" is in it twice`},
		{"encrypted", stored(t, good, func(h *zip.FileHeader) { h.Flags |= 1 }), ErrHostile, `refused: "data/tweets.js" is encrypted`},
		{"link", stored(t, "/etc/passwd", func(h *zip.FileHeader) { h.SetMode(os.ModeSymlink | 0o777) }), ErrHostile, `refused: "data/tweets.js" is a link or a device`},
		{"unknown packing", stored(t, good, func(h *zip.FileHeader) { h.Method = 99 }), ErrDamaged, `"data/tweets.js": damaged: packed in a way that is not known here`},
		{"claims 8 EB", stored(t, good, func(h *zip.FileHeader) { h.UncompressedSize64 = 1 << 63 }), ErrHostile, `refused: "data/tweets.js" claims to have 9223372036854775808 bytes`},
		{"larger than it says", stored(t, good, func(h *zip.FileHeader) { h.UncompressedSize64 = 10 }), ErrDamaged, "damaged"},
		{"wrong checksum", stored(t, good, func(h *zip.FileHeader) { h.CRC32++ }), ErrDamaged, "data/tweets.js: damaged: its checksum is wrong"},
		{"cut off", whole[:len(whole)-30], ErrDamaged, "damaged: not a ZIP, or cut off: zip: not a valid zip file"},
		{"cut in the middle", whole[:40], ErrDamaged, "damaged: not a ZIP, or cut off: zip: not a valid zip file"},
		{"no ZIP", []byte("<html>"), ErrDamaged, "damaged: not a ZIP, or cut off: zip: not a valid zip file"},
		{"nothing", nil, ErrDamaged, "damaged: not a ZIP, or cut off: zip: not a valid zip file"},
		{"without files", zipBytes(t, files{}), ErrNoExport, "no posts of an export of X or Mastodon in it"},
		{"no posts", zipBytes(t, files{"data/like.js": ytd("like")}), ErrNoExport, "no posts of an export of X or Mastodon in it"},
		{"posts that end early", stored(t, good[:len(good)-9], nothing), ErrDamaged, "data/tweets.js: damaged: the file ends in the middle"},
		{"posts without an end", stored(t, good[:len(good)-1], nothing), ErrDamaged, "data/tweets.js: damaged: the file ends in the middle"},
		{"HTML for posts", zipBytes(t, files{"tweets.js": "[]<html>"}), ErrDamaged, "tweets.js: damaged: neither JSON nor a variable with JSON"},
		{"rows that end early", zipBytes(t, files{"tweets.csv": header2017 + `"5","","","","","a`}), ErrDamaged, "tweets.csv: damaged: the file ends in the middle"},
		{"claims many files", claim(whole, 1<<40), ErrHostile, "refused: a ZIP whose directory is larger than 32 MiB; unpack it and name the folder"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			path := writeFile(t, filepath.Join(t.TempDir(), "x.zip"), test.zip)
			test.zip = nil
			var err error
			grown := allocated(func() { _, _, err = tryRead(t, Options{}, path) })
			if !errors.Is(err, test.is) || !strings.Contains(err.Error(), test.message) {
				t.Errorf("got %v, want %s", err, test.message)
			}
			if grown > 48<<20 {
				t.Errorf("%d MiB allocated", grown>>20)
			}
		})
	}
}

// allocated returns the bytes that f allocates, whether or not they could have been freed.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// claim puts the end of a ZIP64, which claims another number of files, after the directory of a ZIP.
func claim(z []byte, files uint64) []byte {
	end := z[len(z)-endSize:]
	big := make([]byte, end64+locator)
	copy(big, "PK\x06\x06")
	binary.LittleEndian.PutUint64(big[4:], end64-12)
	binary.LittleEndian.PutUint64(big[24:], files)
	binary.LittleEndian.PutUint64(big[32:], files)
	copy(big[end64:], "PK\x06\x07")
	binary.LittleEndian.PutUint64(big[end64+8:], uint64(len(z)-endSize))
	binary.LittleEndian.PutUint32(big[end64+16:], 1)
	return append(append(bytes.Clone(z[:len(z)-endSize]), big...), end...)
}

// TestManyEntries: the directory of a ZIP is read into memory, so its size has to be bounded.
func TestManyEntries(t *testing.T) {
	const n = 600_000
	entry := make([]byte, minEntry+16)
	copy(entry, "PK\x01\x02")
	entry[28] = 16
	var b bytes.Buffer
	for i := range n {
		copy(entry[minEntry:], fmt.Sprintf("%016d", i))
		b.Write(entry)
	}
	end := make([]byte, endSize)
	copy(end, "PK\x05\x06")
	binary.LittleEndian.PutUint16(end[10:], n%(1<<16))
	binary.LittleEndian.PutUint32(end[12:], uint32(b.Len()))
	b.Write(end)
	s := newSource("x.zip", budget(int64(b.Len())), nil)
	if err := s.fromZip(bytes.NewReader(b.Bytes()), int64(b.Len())); err != errDirectory {
		t.Error(err)
	}
}

func TestManyFiles(t *testing.T) {
	s := newSource("x", maxTotal, nil)
	s.openFile = func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("")), nil }
	var err error
	for i := 0; err == nil && i <= maxFiles; i++ {
		err = s.add(fmt.Sprintf("data/%d.js", i))
	}
	if !errors.Is(err, ErrHostile) || !strings.HasSuffix(err.Error(), "more than 16384 files") || len(s.files) != maxFiles {
		t.Error(err, len(s.files))
	}
}

func TestHostileFolders(t *testing.T) {
	outside := files{"tweets.js": ytd("tweets", tweet("5", june, "a"))}.folder(t)
	inside := files{"data/manifest.js": `{"dataTypes":{"tweets":{"files":[{"fileName":"../../../../../etc/passwd","count":"1"},{"fileName":"/etc/passwd","count":"1"}]}}}`}.folder(t)
	if err := os.Symlink(filepath.Join(outside, "tweets.js"), filepath.Join(inside, "data", "tweets.js")); err != nil {
		t.Skip(err)
	}
	if lines, _, err := tryRead(t, Options{}, inside); err == nil || len(lines) > 0 {
		t.Error("a link out of the folder was followed")
	}
	_ = os.Remove(filepath.Join(inside, "data", "tweets.js"))
	packed := filepath.Join(inside, "packed.zip")
	if err := os.Symlink(files{"data/tweets.js": ytd("tweets", tweet("5", june, "a"))}.zip(t), packed); err != nil {
		t.Fatal(err)
	}
	if lines, _, err := tryRead(t, Options{}, inside); err == nil || len(lines) > 0 {
		t.Error("a link to a ZIP out of the folder was followed")
	}
	_ = os.Remove(packed)
	if _, rep, err := tryRead(t, Options{}, inside); !errors.Is(err, ErrNoExport) || len(rep.Warnings) == 0 {
		t.Error(err, rep.Warnings)
	}
	if _, _, err := tryRead(t, Options{}, os.DevNull); err == nil {
		t.Error("a device was read")
	}
}

// endless gives the same bytes for ever.
type endless string

func (e endless) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = e[i%len(e)]
	}
	return len(b), nil
}

func TestEndlessStreams(t *testing.T) {
	for _, s := range []string{`"`, `[`, `{"a":`, "x", "\x00", "]", `\"`} {
		for _, before := range []string{"", "[", `[{"tweet":{"full_text":"`, "window.YTD.tweets.part0 = ["} {
			e := newElements(io.MultiReader(strings.NewReader(before), endless(s)))
			var err error
			for n := 0; err == nil && n < 2000; n++ {
				_, err = e.next()
			}
			if err != nil && !errors.Is(err, ErrHostile) && !errors.Is(err, ErrDamaged) {
				t.Errorf("%q %q: %v", before, s, err)
			}
		}
	}
}

// TestBudget: files that are read again and again count each time.
func TestBudget(t *testing.T) {
	s := newSource("x", 10, nil)
	s.openFile = func(string) (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("12345678")), nil }
	for i := range 2 {
		r, err := s.open(&file{})
		if err == nil {
			_, err = io.ReadAll(r)
		}
		if errors.Is(err, ErrHostile) != (i == 1) {
			t.Error(i, err)
		}
	}
	if budget(1<<40) != maxTotal || budget(1) != freeRatio+maxRatio {
		t.Error("the budget of a ZIP")
	}
}

func TestManyEdits(t *testing.T) {
	r := &reader{edits: make(map[uint64]uint64, maxEdited), sort: sorter{limit: 1 << 20, temp: scratch.File{Dir: t.TempDir()}}}
	defer r.sort.temp.Close()
	for i := range uint64(maxEdited) {
		r.edits[i+1] = i + 1
	}
	if err := r.edited(1, 1); err != nil {
		t.Error(err)
	}
	if err := r.edited(1<<30, 1<<30); !errors.Is(err, ErrHostile) {
		t.Error(err)
	}
}

func TestManyNotes(t *testing.T) {
	var ns notes
	var err error
	for i := uint64(1); err == nil && i < 1<<20; i++ {
		err = ns.index(textNote(i), 0)
	}
	if !errors.Is(err, ErrHostile) || ns.size < maxNotes {
		t.Error(err, ns.size)
	}
}

func textNote(id uint64) note {
	return note{id: id, sec: 1, text: strings.Repeat("long ", 200)}
}
