package model

import (
	"bytes"
	"encoding/binary"
	"testing"
)

// FuzzLoad gives arbitrary bytes to the reader, both as they are and with their sums corrected, so
// that the fuzzer gets past the sums.
func FuzzLoad(f *testing.F) {
	for _, posts := range handmade() {
		f.Add(buildWith(f, Options{}, posts, 1, 100))
		f.Add(twinVersion(1, posts, others(), "{}"))
	}
	data := specimen(f, `{"made":"by a test"}`)
	f.Add(data)
	for i := 0; i < len(data); i += 7 { // what TestRepaired does not try
		wrong := bytes.Clone(data)
		wrong[i], wrong[len(data)-1-i] = wrong[len(data)-1-i], wrong[i]
		f.Add(wrong)
	}
	huge := bytes.Clone(data) // a size near the end of what 64 bits hold, where sums of offsets wrap
	binary.LittleEndian.PutUint64(huge[len(huge)-trailerSize+8*(trailerNumbers+secNote):], 1<<64-1)
	f.Add(huge)
	f.Fuzz(func(t *testing.T, data []byte) {
		exercise(t, data)
		exercise(t, repair(data))
	})
}
