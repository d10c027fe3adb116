package text

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNear(t *testing.T) {
	m := NewMemory()
	m.Add("One two three four five six seven eight nine ten")
	m.Add("L'été, c'est fini !")
	m.Add("alpha beta gamma")
	tests := []struct {
		text string
		n    int // the text it is near to, -1 for none
	}{
		{"One two three four five six seven eight nine ten", 0},
		{"ONE two, three four five six seven eight nine ten!!!", 0},
		{"one two three CHANGED five six seven eight nine ten", 0},
		{"one two CHANGED four five CHANGED seven eight nine ten", -1},
		{"l'été c'est fini", 1},
		{"ten nine eight seven six five four three two one", -1},
		{"something else", -1},
		{"alpha beta gamma delta", 2}, // 3/6
		{"", -1},
	}
	for _, tt := range tests {
		n, ok := m.Find(tt.text)
		if ok != (tt.n >= 0) || ok && n != tt.n || m.Near(tt.text) != ok {
			t.Errorf("%q: got %d, %v, want %d", tt.text, n, ok, tt.n)
		}
	}
	var none *Memory
	if none.Near("a") || NewMemory().Near("") {
		t.Error("an empty memory remembers")
	}
}

// Of several near texts, Find returns the first one, in whatever order it comes across them.
func TestFindIsTheFirst(t *testing.T) {
	m := NewMemory()
	for _, s := range []string{"something else", "one two three four five", "one two three"} {
		m.Add(s)
	}
	for range 100 {
		if n, _ := m.Find("one two three four"); n != 1 {
			t.Fatalf("got %d, want 1", n)
		}
	}
}

func TestNearIsSymmetric(t *testing.T) {
	word := rapid.SampledFrom(strings.Fields("a b c d été 猫 !"))
	rapid.Check(t, func(rt *rapid.T) {
		a := strings.Join(rapid.SliceOfN(word, 0, 9).Draw(rt, "a"), " ")
		b := strings.Join(rapid.SliceOfN(word, 0, 9).Draw(rt, "b"), " ")
		m, n := NewMemory(), NewMemory()
		m.Add(a)
		n.Add(b)
		if m.Near(b) != n.Near(a) || !m.Near(a) {
			rt.Errorf("%q and %q", a, b)
		}
	})
}

// Find agrees with the definition of Nearness, applied to one text after the other.
func TestFindAgreesWithDefinition(t *testing.T) {
	word := rapid.SampledFrom(strings.Fields("a B c d été 猫 ! straße"))
	said := rapid.Custom(func(rt *rapid.T) string {
		return strings.Join(rapid.SliceOfN(word, 0, 6).Draw(rt, "words"), " ")
	})
	rapid.Check(t, func(rt *rapid.T) {
		texts := rapid.SliceOfN(said, 1, 40).Draw(rt, "texts")
		asked := said.Draw(rt, "asked")
		m, want := NewMemory(), -1
		for i, s := range texts {
			m.Add(s)
			if want < 0 && jaccard(pairsOf(asked), pairsOf(s)) >= Nearness {
				want = i
			}
		}
		if n, ok := m.Find(asked); ok != (want >= 0) || ok && n != want {
			rt.Errorf("%q in %q: got %d, %v, want %d", asked, texts, n, ok, want)
		}
	})
}

// pairsOf is the set of pairs of neighbouring words.
func pairsOf(s string) map[[2]string]bool {
	set, before := map[[2]string]bool{}, "<"
	for _, t := range Split(s) {
		if KindOf([]byte(t.Text)) != Mark {
			set[[2]string{before, Fold(t.Text)}] = true
			before = Fold(t.Text)
		}
	}
	set[[2]string{before, ">"}] = true
	return set
}

func jaccard(a, b map[[2]string]bool) float64 {
	common := 0
	for p := range a {
		if b[p] {
			common++
		}
	}
	return float64(common) / float64(len(a)+len(b)-common)
}
