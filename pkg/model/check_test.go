package model

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime/metrics"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCheckSound(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		if err := load(t, drawPosts(rt)).Check(); err != nil {
			t.Fatal(err)
		}
	})
}

// specimen is a small model with something in every section.
func specimen(t testing.TB, note string) []byte {
	posts := splitPosts("a b  c a b", "b a", "a b  c", "lone words stand here", "a\nb c", "b a")
	posts[2].ID, posts[2].Time = "fortune#12", 0
	posts[3].ID, posts[3].Reply = "fortune#13", true
	posts[4].ID = "1373697810391044099"
	return buildKnowing(t, Options{Note: []byte(note)}, posts, others())
}

// others are posts that are known but not learned from.
func others() []testPost { return splitPosts("words of b that", "others said of c", "no") }

// large is a note so long that the pages of its model are checked only when they are read.
var large = `{"note":"` + strings.Repeat("x", 4<<20) + `"}`

// account returns all that can be read of a model, in a comparable form.
func account(m *Model) string {
	var b bytes.Buffer
	fmt.Fprintln(&b, m.Posts(), m.Tokens(), m.Words(), m.Gaps())
	for i := range m.Posts() {
		fmt.Fprintf(&b, "%d %v", m.Begin(i), m.Post(i))
		m.Read(i, func(gap, token []byte) { fmt.Fprintf(&b, " %q %q", gap, token) })
	}
	for id := range m.Words() {
		fmt.Fprintf(&b, "\n%d %q %d %g", id, m.Text(id), m.Lookup(m.Text(id)), m.Spread(id))
		follow(&b, m, m.Token(id), 1)
	}
	known, err := m.Known()
	if err != nil {
		return b.String() + err.Error()
	}
	if known != nil {
		b.WriteString("\nknown: ")
		f := &fileWriter{w: &b}
		fmt.Fprint(&b, known.write(f))
	}
	return b.String()
}

// follow tells what comes after a context, and after that.
func follow(b *bytes.Buffer, m *Model, iv Interval, length int) {
	fmt.Fprint(b, iv, m.Branches(iv, length))
	for e := iv.Lo; e < iv.Hi; e++ {
		id, place := m.Next(e, length)
		before, _ := m.Before(place)
		fmt.Fprint(b, " ", id, place, before, m.PostAt(place), apart(m, m.Place(e), m.Place(iv.Lo)))
	}
	for id := 0; id < m.Words() && length < 4; id++ {
		if narrow := m.Narrow(iv, length, id); id != Mark && narrow.Len() > 0 {
			follow(b, m, narrow, length+1)
		}
	}
}

// A change of any byte of a small model is found when it is opened.
func TestFlipSmall(t *testing.T) {
	data := specimen(t, "{}")
	for at := range data {
		for _, flip := range []byte{0x01, 0x80, 0xff} {
			data[at] ^= flip
			if m, err := Load(data); err == nil || m != nil && m.Err() == nil {
				t.Errorf("byte %d of %d: %v", at, len(data), err)
			}
			data[at] ^= flip
		}
	}
}

// A change of any byte of a large model is found by Check at the latest, and reading never tells
// anything wrong before.
func TestFlipLarge(t *testing.T) {
	data := specimen(t, large)
	sound, err := Load(data)
	if err != nil {
		t.Fatal(err)
	}
	want := account(sound)
	note := sound.start[secNote]
	for at := range data {
		if at > note && at < sound.start[secSums] && at%100003 != 0 {
			continue
		}
		data[at] ^= 0x11
		if m, err := Load(data); err == nil {
			if got := account(m); got != want && m.Err() == nil {
				t.Errorf("byte %d: another account", at)
			}
			if m, _ = Load(data); at%16 == 0 && m.Check() == nil {
				t.Errorf("byte %d: nothing found", at)
			}
		}
		data[at] ^= 0x11
	}
}

// The same for a file, of which only the needed pages are read.
func TestFlipFile(t *testing.T) {
	data := specimen(t, large)
	path := filepath.Join(t.TempDir(), "large.model")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	tell := func(check bool) (string, error) {
		m, err := Open(path)
		if err != nil {
			return "", err
		}
		defer m.Close()
		if check {
			return "", m.Check()
		}
		return account(m), m.Err()
	}
	want, err := tell(false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tell(true); err != nil {
		t.Fatal(err)
	}
	for at := 0; at < len(data); at += 5 {
		if at == pageSize/5*5 {
			at = len(data) - trailerSize - pageSize // the note is long
		}
		if _, err := f.WriteAt([]byte{data[at] ^ 0x11}, int64(at)); err != nil {
			t.Fatal(err)
		}
		if got, err := tell(false); err == nil && got != want {
			t.Errorf("byte %d: another account", at)
		}
		if at%8 == 0 {
			if _, err := tell(true); err == nil {
				t.Errorf("byte %d: nothing found", at)
			}
		}
		if _, err := f.WriteAt(data[at:at+1], int64(at)); err != nil {
			t.Fatal(err)
		}
	}
}

// A large file is mapped once much of it was read. That changes nothing of what is read, and damage
// is found as before.
func TestSettle(t *testing.T) {
	var texts []string
	for i := range 2000 {
		texts = append(texts, fmt.Sprint("post ", i, " of some"))
	}
	note := `{"note":"` + strings.Repeat("x", (pagesRead+1)*pageSize) + `"}`
	data := buildWith(t, Options{Note: []byte(note)}, splitPosts(texts...), 1, 2000)
	sound, err := Load(data)
	if err != nil {
		t.Fatal(err)
	}
	read := func(m *Model) string {
		var got []string
		for i := range m.Posts() {
			var words []string
			m.Read(i, func(_, token []byte) { words = append(words, string(token)) })
			got = append(got, strings.Join(words, " "))
		}
		return strings.Join(got, "\n")
	}
	open := func(before func(path string), settled bool) *Model {
		m, path := opened(t, data)
		m.Note()
		if before(path); m.file.data != nil {
			t.Fatal("mapped at once")
		}
		m.Read(0, func(_, _ []byte) {})
		if m.file.data != nil != settled {
			t.Fatalf("mapped: %v", !settled)
		}
		return m
	}
	want, at := strings.Join(texts, "\n"), sound.start[secStream]+sound.length(secStream)/2
	m := open(func(string) {}, true)
	if read(m) != want || m.Err() != nil {
		t.Errorf("other posts once mapped, %v", m.Err())
	}
	m.views()
	if p := bytes.IndexByte(m.file.fresh, 1); p >= 0 && p*pageSize < m.file.sums {
		t.Errorf("page %d is still to be checked when several cores read it", p)
	}
	if err := m.Check(); err != nil {
		t.Error(err)
	}
	data[at] ^= 1
	m = open(func(string) {}, true)
	if got := read(m); m.Err() == nil {
		t.Errorf("a changed byte goes unnoticed once mapped; other posts: %v", got != want)
	}
	m = open(func(string) {}, true)
	if !m.file.lazy || m.Err() != nil {
		t.Errorf("all of the file is checked as soon as it is mapped, %v", m.Err())
	}
	if m.Note(); m.file.lazy || m.Err() == nil { // the note is more than half of the pages
		t.Errorf("reads still ask for pages to check, though half of them are checked, %v", m.Err())
	}
	cut := open(func(path string) {
		if err := os.Truncate(path, int64(at)); err != nil {
			t.Fatal(err)
		}
	}, false)
	if cut.Err() == nil {
		t.Error("a file that was cut meanwhile goes unnoticed")
	}
}

// A file that is cut while it is read page by page is damaged from there on, and no read panics.
func TestCutMeanwhile(t *testing.T) {
	for name, data := range map[string][]byte{
		"version 1": twinVersion(1, splitPosts("a b", "b a"), others(), large), "version 2": specimen(t, large),
	} {
		m, path := opened(t, data)
		if err := os.Truncate(path, 100); err != nil {
			t.Fatal(err)
		}
		wander(m)
		if err := m.Err(); !once(err, path) || !strings.Contains(err.Error(), "the file is cut") || m.file.data != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// unmappable is a file on a file system without mappings.
type unmappable struct{ *os.File }

func (unmappable) Fd() uintptr { return ^uintptr(0) }

// A file that cannot be mapped is read, and once more for the model in it that a model of version 1 has.
func TestSettleUnmapped(t *testing.T) {
	data := twinVersion(1, splitPosts("a b c"), splitPosts("d e f"), `{"note":"`+strings.Repeat("x", small)+`"}`)
	path := filepath.Join(t.TempDir(), "large.model")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := Read(unmappable{f}, path)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	known, err := m.knownModel()
	if err != nil {
		t.Fatal(err)
	}
	for i, part := range []*Model{m, known} {
		part.file.read = pagesRead
		text := []string{"a", "d"}[i]
		if id := part.Lookup([]byte(text)); string(part.Text(id)) != text || part.file.data == nil || part.Err() != nil {
			t.Errorf("%q is word %d, read: %v, %v", text, id, part.file.data != nil, part.Err())
		}
	}
}

// failing is a file of which only so many reads succeed.
type failing struct {
	*os.File
	left int
}

var errRead = errors.New("input/output error")

func (f *failing) ReadAt(p []byte, off int64) (int, error) {
	if f.left--; f.left < 0 {
		return 0, errRead
	}
	return f.File.ReadAt(p, off)
}

// A disk that fails while a model is opened is not taken for another fault.
func TestReadFails(t *testing.T) {
	path := filepath.Join(t.TempDir(), "large.model")
	if err := os.WriteFile(path, specimen(t, large), 0o600); err != nil {
		t.Fatal(err)
	}
	for reads := 0; ; reads++ {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		m, err := Read(&failing{f, reads}, path)
		if err == nil {
			if m.Close(); reads < 3 {
				t.Errorf("opened with %d reads", reads)
			}
			return
		}
		where := []string{"header at byte 0: ", "trailer at byte ", ""}[min(reads, 2)]
		if !once(err, path) || !strings.HasSuffix(err.Error(), errRead.Error()) || !strings.Contains(err.Error(), where) {
			t.Errorf("after %d reads: %v", reads, err)
		}
	}
}

// Few pages are kept while a file is read page by page. That changes nothing of what is read.
func TestPagesKept(t *testing.T) {
	var texts []string
	r := rand.New(rand.NewPCG(1, 0))
	for range 12000 {
		words := make([]string, 60)
		for i := range words {
			words[i] = fmt.Sprint(r.IntN(1 << 13))
		}
		texts = append(texts, strings.Join(words, " "))
	}
	data := buildWith(t, Options{Note: []byte(large)}, splitPosts(texts...), 1, len(texts))
	m, _ := opened(t, data)
	pages := m.length(secStream) / pageSize
	if pages <= 2*pagesKept {
		t.Fatalf("the stream has only %d pages", pages)
	}
	read := func(i int) {
		var words []string
		m.Read(i, func(_, token []byte) { words = append(words, string(token)) })
		if got := strings.Join(words, " "); got != texts[i] {
			t.Fatalf("post %d is %q", i, got)
		}
	}
	for i := 0; i < len(texts); i += 40 {
		read(i)
		read(i * 7919 % len(texts))
	}
	if m.Err() != nil || m.file.data != nil || m.file.read <= pages {
		t.Errorf("of %d pages %d read, mapped: %v, %v", pages, m.file.read, m.file.data != nil, m.Err())
	}
}

func TestCut(t *testing.T) {
	data := specimen(t, "{}")
	for n := range data {
		_, err := Load(data[:n:n])
		var damage *Damage
		if !errors.As(err, &damage) && !errors.Is(err, ErrFormat) {
			t.Fatalf("cut to %d bytes: %v", n, err)
		}
	}
	if _, err := Load(nil); !errors.Is(err, ErrFormat) {
		t.Errorf("nothing at all: %v", err)
	}
	if _, err := Load(append(data, 0)); err == nil {
		t.Error("a byte too many goes unnoticed")
	}
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	file := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	small, big := specimen(t, "{}"), specimen(t, large)
	later := slices.Clone(small)
	later[7]++
	for _, c := range []struct{ name, path, want string }{
		{"missing", filepath.Join(dir, "missing"), "no such file"},
		{"empty", file("empty", nil), "not a model: it is empty"},
		{"directory", dir, "directory"},
		{"text", file("text", []byte(`{"text":"a long line of a corpus, given in the place of a model, as people do"}`)), "not a model"},
		{"later version", file("later", later), "this release"},
		{"cut", file("cut", small[:len(small)-1]), "cut"},
		{"cut large", file("cut large", big[:len(big)-1]), "cut"},
		{"cut to its head", file("head", small[:8]), "cut"},
		{"cut to less", file("less", small[:7]), "not a model"},
		{"small", file("small", small), ""},
		{"large", file("large", big), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := Open(c.path)
			if c.want != "" {
				if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), c.path) || strings.Contains(err.Error(), "\n") {
					t.Fatalf("got %v", err)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if err := m.Check(); err != nil {
				t.Error(err)
			}
			if err := m.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	if _, err := Open(filepath.Join(dir, "missing")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("missing: %v", err)
	}
}

// The file that a model was read from is closed with it at the latest, and at once if it is no model.
func TestClose(t *testing.T) {
	for name, data := range map[string][]byte{"small": specimen(t, "{}"), "large": specimen(t, large), "text": []byte("a long line of a corpus"),
		"cut": specimen(t, large)[:small+1]} {
		path := filepath.Join(t.TempDir(), name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if m, err := Read(f, path); err == nil {
			if err := errors.Join(m.Err(), m.Close(), m.Close()); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if err := f.Close(); !errors.Is(err, os.ErrClosed) {
			t.Errorf("%s: closed only now: %v", name, err)
		}
	}
}

// The model of known posts that an early model contains is mapped by itself, and closed with it.
func TestCloseKnown(t *testing.T) {
	m, _ := opened(t, twinVersion(1, splitPosts("a b c"), splitPosts("d e f"), large))
	known, err := m.Known()
	if err != nil {
		t.Fatal(err)
	}
	known.old.file.read = pagesRead
	if _, absent := known.Absent(tokensOf([]string{"d", "e"})); absent || known.old.file.data == nil {
		t.Fatalf("absent: %v, %d bytes mapped", absent, len(known.old.file.data))
	}
	if again, err := m.Known(); err != nil || again.old != known.old {
		t.Errorf("opened again: %v", err)
	}
	if err := errors.Join(m.Close(), m.Close()); err != nil || known.old.file.data != nil {
		t.Errorf("%d bytes are still mapped, %v", len(known.old.file.data), err)
	}
}

// opened writes a model to a file and opens it there.
func opened(t *testing.T, data []byte) (m *Model, path string) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "a.model")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	m, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { m.Close() })
	return m, path
}

// once tells whether an error names the file exactly once, at its beginning.
func once(err error, name string) bool {
	return err != nil && strings.HasPrefix(err.Error(), name+": ") && strings.Count(err.Error(), name) == 1
}

// Damage that is met after a model was opened names its file, whatever meets it.
func TestDamageNamesTheFile(t *testing.T) {
	data := specimen(t, large)
	data[len(data)/2] ^= 4 // in the note
	m, err := Read(io.NopCloser(bytes.NewReader(data)), "a.model")
	if err != nil {
		t.Fatal(err)
	}
	m.Note()
	_, unknown := m.Known()
	for who, err := range map[string]error{"Err": m.Err(), "Known": unknown, "Check": m.Check()} {
		if !once(err, "a.model") {
			t.Errorf("%s: %v", who, err)
		}
	}
}

// Damage tells the page that it was found in, and the section that begins or goes on there.
func TestDamageNamesTheSection(t *testing.T) {
	var texts []string
	for i := range 3000 {
		texts = append(texts, fmt.Sprintf("w%d of w%d and word%d", i%97, i%1009, i))
	}
	data := buildWith(t, Options{Note: bytes.Repeat([]byte("{}"), pageSize)}, splitPosts(texts...), 1, 100)
	sound, err := Load(data)
	if err != nil {
		t.Fatal(err)
	}
	named := map[string]bool{}
	for at := 0; at < sound.start[secSums]; at += pageSize {
		want, end := "", 0
		for _, s := range sound.Sections() {
			if end += int(s.Bytes); at < end {
				want = s.Name
				break
			}
		}
		data[at+9] ^= 4 // in page 0 beyond the magic
		var damage *Damage
		if _, err := Load(data); !errors.As(err, &damage) || damage.Section != want || damage.Offset != int64(at) {
			t.Errorf("byte %d is changed, in %s: %v", at, want, err)
		}
		data[at+9] ^= 4
		named[want] = true
	}
	if len(named) < 6 {
		t.Errorf("pages begin only in %v", named)
	}
}

// Of several sections whose sizes are not what the counts demand, the first one is named.
func TestDamageOfCounts(t *testing.T) {
	data := specimen(t, "{}")
	counts := data[len(data)-trailerSize:]
	binary.LittleEndian.PutUint64(counts, binary.LittleEndian.Uint64(counts)+1000) // words
	data = repair(data)
	for range 20 {
		var damage *Damage
		if _, err := Load(data); !errors.As(err, &damage) || damage.Section != "blocks" {
			t.Fatalf("got %v, want that of section blocks", err)
		}
	}
}

// A read that goes on in the next page checks that page, too, in memory and from a file.
func TestLoadAcrossPages(t *testing.T) {
	data := specimen(t, large)
	const changed = 2 * pageSize
	data[changed+3] ^= 4
	path := filepath.Join(t.TempDir(), "large.model")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	for off := changed - 9; off <= changed+1; off++ {
		for name, open := range map[string]func() (*Model, error){
			"memory": func() (*Model, error) { return Load(data) }, "file": func() (*Model, error) { return Open(path) },
		} {
			m, err := open()
			if err != nil {
				t.Fatal(err)
			}
			m.file.load(pageSize) // the page before is checked already
			if m.file.load(off); (m.Err() != nil) != (off+8 > changed) {
				t.Errorf("%s, 8 bytes from %d before the changed page on: %v", name, changed-off, m.Err())
			}
			m.Close()
		}
	}
}

func TestOpenDevices(t *testing.T) {
	for _, path := range []string{"/dev/null", "/dev/zero"} {
		if _, err := os.Stat(path); err != nil {
			t.Skip(err)
		}
		if _, err := Open(path); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: %v", path, err)
		}
	}
	for _, data := range [][]byte{specimen(t, "{}"), specimen(t, large), spelledOut('1', false)} {
		r, w, err := os.Pipe()
		if err != nil {
			t.Skip(err)
		}
		defer r.Close()
		go func() {
			defer w.Close()
			w.Write(data) // an error shows on the other side
		}()
		path := fmt.Sprintf("/dev/fd/%d", r.Fd())
		if _, err := os.Stat(path); err != nil {
			t.Skip(err)
		}
		m, err := Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(m.Check(), m.Close()); err != nil {
			t.Error(err)
		}
	}
}

// repair corrects the magics, sizes and sums of a changed model, so that only its meaning is wrong.
// A model of version 1 stays one.
func repair(data []byte) []byte {
	if len(data) < len(magic)+trailerSize {
		return data
	}
	data = slices.Clone(data)
	version, size := data[7], trailerSize
	copy(data, magic)
	if version == '1' {
		data[7], size = version, namelessSize
	}
	t := data[len(data)-size:]
	copy(t[size-8:], cigam)
	binary.LittleEndian.PutUint32(t[size-12:], uint32(size))
	sums := binary.LittleEndian.Uint64(t[8*(trailerNumbers+secNote):])
	for page := uint64(0); page < sums && sums <= uint64(len(data)) && sums+page/1024+4 <= uint64(len(data)); page += pageSize {
		sum := crc32.Checksum(data[page:min(page+pageSize, sums)], castagnoli)
		binary.LittleEndian.PutUint32(data[sums+page/1024:], sum)
	}
	if at := size - 16 - nameSize; version != '1' && sums <= uint64(len(data)-size) {
		copy(t[at:], nameOf(data[sums:len(data)-size], t[:at]))
	}
	binary.LittleEndian.PutUint32(t[size-16:], crc32.Checksum(t[:size-16], castagnoli))
	return data
}

// exercise calls everything on a model that may be damaged, and checks that it ends, does not panic
// and takes only memory in proportion to the file.
func exercise(t testing.TB, data []byte) (sound bool) {
	t.Helper()
	before := allocated()
	m, err := Load(data)
	if err == nil {
		wander(m)
		m, _ = Load(data)
		err = m.Check()
		if known, _ := m.Known(); known != nil {
			run := tokensOf(strings.Fields("words of b that others said of c"))
			for i := range run {
				known.Absent(run[i:])
			}
			known.write(&fileWriter{w: io.Discard})
		}
		if m, e := Load(repair(data)); e == nil && err != nil {
			m.Check()
			wander(m) // with an error met before
		}
	}
	if n := allocated() - before; n > 1<<20+200*uint64(len(data)) {
		t.Errorf("%d bytes were allocated for a file of %d", n, len(data))
	}
	return err == nil
}

// wander reads here and there.
func wander(m *Model) {
	for i := range min(m.Posts(), 64) {
		m.Post(i)
		m.Read(i, func(_, _ []byte) {})
		m.PostAt(m.Begin(i))
	}
	at := 0
	for e := 0; e < m.entries; e += 1 + m.entries/200 {
		place := m.Place(e)
		apart(m, at, place)
		at = place
		for length := 1; length <= Depth; length *= 2 {
			id, next := m.Next(e, length)
			m.Gap(id, next)
			m.Before(next)
			m.PostAt(next)
			m.DateAt(next)
		}
	}
	for id := 0; id < m.Words(); id += 1 + m.Words()/100 {
		m.Lookup(m.Text(id))
		m.Spread(id)
		iv := m.Token(id)
		for length := 1; length < Depth && iv.Len() > 0; length++ {
			m.Branches(iv, length)
			next, _ := m.Next((iv.Lo+iv.Hi)/2, length)
			iv = m.Narrow(iv, length, next)
		}
	}
	m.Dates()
	m.Note()
	m.Name()
}

// allocated is the number of bytes allocated so far.
func allocated() uint64 {
	sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}

// If the sums are correct, Check finds a changed byte wherever it makes two parts of a file
// disagree; and nothing panics, hangs or takes much memory. Words, their usual gaps, facts of
// posts, known posts and the note may change unnoticed; elsewhere only bits that nobody reads may.
func TestRepaired(t *testing.T) {
	repaired(t, specimen(t, "{}"))
	repaired(t, spelledOut('1', false))
	repaired(t, twinVersion(1, splitPosts("a b", "b a"), others(), "{}"))
}

func repaired(t *testing.T, data []byte) {
	t.Helper()
	m, err := Load(data)
	if err != nil {
		t.Fatal(err)
	}
	want := account(m)
	sections := m.Sections()
	free := []string{"words", "spaced", "posts", "known", "note"}
	for sec, begin := 0, 0; begin < len(data); sec++ {
		s := sections[sec]
		for at := begin; at < begin+int(s.Bytes); at++ {
			for _, flip := range []byte{0x01, 0x80, 0x12} {
				data[at] ^= flip
				if changed := repair(data); exercise(t, changed) && !slices.Contains(free, s.Name) {
					m, _ := Load(changed)
					if account(m) != want {
						t.Errorf("%s: nothing found in byte %d of %d, changed by %#x", s.Name, at-begin, s.Bytes, flip)
					}
				}
				data[at] ^= flip
			}
		}
		begin += int(s.Bytes)
	}
}

// Check compares the vocabulary with the stream: words and gaps that a builder would not have listed,
// or not in that order.
func TestCheckVocabulary(t *testing.T) {
	for want, change := range map[string]func(v *twinVocabulary){
		"": func(*twinVocabulary) {},
		"a gap that goes without saying": func(v *twinVocabulary) {
			v.gap["here"] = v.gap[" "] // which is the usual gap of a
		},
		"word 4 does not occur as often as told": func(v *twinVocabulary) {
			v.list = slices.Insert(v.list, v.gaps, &twinWord{text: "\t"})
			v.gaps++
			for w := range v.word {
				v.word[w]++
			}
		},
		"words out of order": func(v *twinVocabulary) { // a and c occur equally often
			x, y := v.word["a"], v.word["c"]
			v.list[x], v.list[y] = v.list[y], v.list[x]
			v.word["a"], v.word["c"] = y, x
		},
		"a word that is too long or runs over its block": func(v *twinVocabulary) { v.list[v.word["a"]].text = strings.Repeat("a", MaxWord+1) },
		"words at byte 8: words out of order":            func(v *twinVocabulary) { v.list[v.word["a"]].text = "c" }, // again
		"gaps out of order": func(v *twinVocabulary) {
			x, y := v.gap["  "], v.gap["\n"]
			v.list[x], v.list[y] = v.list[y], v.list[x]
			v.gap["  "], v.gap["\n"] = y, x
		},
	} {
		posts := splitPosts("a  b  c\nd", "b a c d", "d b")
		v := twinWords(posts)
		if change(v); v.gap["here"] > 0 {
			posts[1].gaps[1] = "here"
		}
		m, err := Load(v.file(2, posts, nil, "{}"))
		if err != nil {
			t.Fatal(err)
		}
		if err := m.Check(); (err == nil) != (want == "") || err != nil && !strings.HasSuffix(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}

// A change of any bit in the sections that only repeat, in another form, what the others say is found
// even if all sums are right.
func TestCheckComparesParts(t *testing.T) {
	var texts []string
	for i := range 2*postBlock + 1 {
		texts = append(texts, fmt.Sprintf("w%d of  w%d", i%7, i%31))
	}
	data := buildWith(t, Options{}, splitPosts(texts...), 1, 10)
	m, err := Load(data)
	if err != nil {
		t.Fatal(err)
	}
	blocks := (m.posts + postBlock - 1) / postBlock
	for section, bits := range map[int]int{
		secBlocks:  ((m.words+wordBlock-1)/wordBlock + 1) * int(m.bits.block),
		secClasses: 8 * m.length(secClasses),
		secSorted:  (m.rare - m.gaps) * int(m.bits.word),
		secPlaces:  2 * (blocks + 1) * int(m.bits.place),
		secArray:   m.entries * int(m.bits.entry),
		secSeconds: (m.entries + secondStep - 1) / secondStep * int(m.bits.word),
	} {
		for bit := range bits {
			changed := slices.Clone(data)
			changed[m.start[section]+bit/8] ^= 1 << (bit % 8)
			if m, err := Load(repair(changed)); err == nil && m.Check() == nil {
				t.Errorf("%s: bit %d of %d: nothing found", sectionNames[section], bit, bits)
			}
		}
	}
}

// A word that is in the vocabulary twice is found, also if it occurs once under one id and more often
// under the other: they stand in different lists.
func TestCheckWordTwice(t *testing.T) {
	data := buildWith(t, Options{}, splitPosts("cab and cab and cat", "ant"), 1, 1)
	changed := bytes.Replace(data, []byte("\x03cat"), []byte("\x03cab"), 1)
	if bytes.Equal(changed, data) {
		t.Fatal("the word is written otherwise")
	}
	m, err := Load(repair(changed))
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Check(); err == nil || !strings.HasSuffix(err.Error(), "a word is there twice") {
		t.Errorf("got %v", err)
	}
}

// A fault in the array is found wherever it is, and the first one first, although several cores
// look for it.
func TestCheckArray(t *testing.T) {
	var texts []string
	for i := range 40000 {
		texts = append(texts, fmt.Sprintf("w%d of w%d and w%d", i%97, i%1009, i%31))
	}
	data := buildWith(t, Options{}, splitPosts(texts...), 1, 10)
	m, err := Load(data)
	if err != nil {
		t.Fatal(err)
	}
	if err := m.Check(); err != nil || m.entries < 3*checkedAtOnce {
		t.Fatalf("%d entries: %v", m.entries, err)
	}
	swap := func(changed []byte, entry int) { // with the one before, their heads apart
		for bit := 1; bit < int(m.bits.entry); bit++ {
			a, b := (entry-1)*int(m.bits.entry)+bit, entry*int(m.bits.entry)+bit
			array := changed[m.start[secArray]:]
			if x, y := array[a/8]>>(a%8)&1, array[b/8]>>(b%8)&1; x != y {
				array[a/8] ^= 1 << (a % 8)
				array[b/8] ^= 1 << (b % 8)
			}
		}
	}
	for _, entries := range [][]int{
		{1}, {checkedAtOnce - 1}, {checkedAtOnce}, {checkedAtOnce + 1}, {2*checkedAtOnce - 1}, {m.entries - 1},
		{3 * checkedAtOnce, 70000}, {70000, 69000}, {m.entries - 1, 2},
	} {
		changed := slices.Clone(data)
		for _, e := range entries {
			swap(changed, e)
		}
		faulty, err := Load(repair(changed))
		if err != nil {
			t.Fatal(err)
		}
		e := slices.Min(entries)
		want := []string{fmt.Sprintf("entry %d out of order", e), fmt.Sprintf("head of a pair at entry %d", e-1)}
		err = faulty.Check()
		if err == nil || faulty.Err() == nil || !slices.ContainsFunc(want, func(s string) bool { return strings.HasSuffix(err.Error(), s) }) {
			t.Errorf("entries %d swapped with those before: %v, then %v, want one of %q", entries, err, faulty.Err(), want)
		}
	}
}
