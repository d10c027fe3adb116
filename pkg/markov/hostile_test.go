package markov

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"slices"
	"testing"

	"horsepipe/pkg/model"
)

// repaired corrects the sums of a changed model, so that nothing is wrong but its sense; see
// format.go of package model.
func repaired(data []byte) []byte {
	const page = 4096
	if len(data) < 100 {
		return data
	}
	trailer := binary.LittleEndian.Uint32(data[len(data)-12:])
	if trailer < 64 || trailer > uint32(len(data)) {
		return data
	}
	data = slices.Clone(data)
	table := crc32.MakeTable(crc32.Castagnoli)
	t := data[len(data)-int(trailer):]
	name := t[trailer-16-8:]                               // before it the ends of the sections
	sums := binary.LittleEndian.Uint64(t[trailer-16-3*8:]) // where the last section but one ends
	if sums > uint64(len(data)-len(t)) {
		return data
	}
	for at := uint64(0); at < sums && sums+at/1024+4 <= uint64(len(data)); at += page {
		binary.LittleEndian.PutUint32(data[sums+at/1024:], crc32.Checksum(data[at:min(at+page, sums)], table))
	}
	sum := sha256.Sum256(data[sums : len(data)-len(name)])
	copy(name, sum[:8])
	binary.LittleEndian.PutUint32(t[trailer-16:], crc32.Checksum(t[:trailer-16], table))
	return data
}

// speak makes some drafts of a model that may be wrong in any way; none may panic or hang.
func speak(t *testing.T, data []byte) {
	m, err := model.Load(data)
	if err != nil {
		return
	}
	opt := Defaults()
	opt.MaxCopy, opt.MinWords, opt.Trace, opt.BestOf = 3, 2, true, 1
	for _, want := range []string{"", "a"} {
		opt.Contain = want
		g, err := New([]Source{{Model: m}}, opt)
		if err != nil {
			continue
		}
		for n := range uint64(2) {
			d, err := g.Draft(n)
			if damage := new(model.Damage); err != nil && !errors.Is(err, ErrNothing) && !errors.As(err, &damage) {
				t.Errorf("%+v, %v", d, err)
			}
		}
		g.Answer(1, "what is b or é?")
	}
}

var hostile = []string{"a b  c d a", "b c a\nd", "c a b é", "d d a b c", "l'été ( a ) b", "b a d c b a", "a c b a d"}

func TestHostileModels(t *testing.T) {
	data := train(t, number(hostile))
	if !bytes.Equal(repaired(data), data) {
		t.Fatal("a good model is not what its repair makes of it")
	}
	for at := range data {
		for _, flip := range []byte{0x01, 0x80, 0xff, 0x12} {
			data[at] ^= flip
			speak(t, repaired(data))
			data[at] ^= flip
		}
	}
}

func FuzzModel(f *testing.F) {
	f.Add(train(f, number(hostile)))
	f.Add(train(f, number(crowd(3, 5))))
	f.Fuzz(func(t *testing.T, data []byte) { speak(t, repaired(data)) })
}
