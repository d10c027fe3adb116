package markov

import (
	"crypto/sha256"
	"encoding/hex"
	"reflect"
	"testing"
)

// A recipe gives a walk all that it tells of, and one candidate to make.
func TestRecipeOptions(t *testing.T) {
	r := Recipe{Seed: 1, Draft: 2, Take: 3, Order: 4, MaxCopy: 5, Limit: 6, Count: "x", MinWords: 7, HalfLife: "30d",
		Start: "a", Contain: "b", End: "c", Mentions: true, Links: true, Cashtags: true}
	got, err := r.Options()
	if err != nil {
		t.Fatal(err)
	}
	got.Count = nil // is no value that can be compared
	want := Options{Seed: 1, Order: 4, MaxCopy: 5, Limit: 6, MinWords: 7, HalfLife: 30 * day, BestOf: 1,
		Start: "a", Contain: "b", End: "c", Mentions: true, Links: true, Cashtags: true}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	for count, length := range map[string]int{"x": 5, "chars": 4, "graphemes": 3} {
		if opt, err := (&Recipe{Count: count}).Options(); err != nil || opt.HalfLife != 0 || opt.Count("日本e\u0301") != length {
			t.Errorf("%s: %v, %+v", count, err, opt)
		}
	}
	for _, r := range []Recipe{{Count: "bytes"}, {}, {Count: "x", HalfLife: "soon"}} {
		if opt, err := r.Options(); err == nil {
			t.Errorf("%+v: %+v", r, opt)
		}
	}
}

// The checksum of a list is that of its lines.
func TestSumOf(t *testing.T) {
	sum := sha256.Sum256([]byte("tea\ncoffee\n"))
	if got, want := SumOf([]string{"tea", "coffee"}), hex.EncodeToString(sum[:])[:16]; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got := SumOf(nil); got != "" {
		t.Errorf("of no entry: %q", got)
	}
}
