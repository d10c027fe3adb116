package post

import "testing"

// The table has what the map has, and nothing for names that differ a little.
func TestMeaningOf(t *testing.T) {
	for name := range names {
		for _, s := range []string{name, name[1:], name[:len(name)-1], name + "s", "x" + name[1:], name[:len(name)-1] + "x", name[:1] + "x" + name[1:], name[:1] + name[len(name)-1:]} {
			if got, want := meaningOf([]byte(s)), names[s]; got != want {
				t.Errorf("%q: got %v, want %v", s, got, want)
			}
		}
	}
}
