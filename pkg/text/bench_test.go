package text

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// samples are short texts of ours, of which the benchmarks make longer ones.
var samples = map[string]string{
	"ascii":    "Just got back from the lake, and I can't believe how quiet it was: no wind, two boats, 1,000 ducks! See you at 10:30 (or later). http://example.com/lake #quiet ",
	"latin":    "Aujourd'hui l'été s'achève à Genève ; la rame de 17:17 n'est pas partie… « Où êtes-vous ? » demande-t-elle. Ça va, c’est noté 👍 ",
	"cyrillic": "Сегодня утром было холодно, но к обеду солнце вышло из-за туч, и мы пошли гулять. ",
	"japanese": "今日はとても寒かったので、家でコーヒーを飲みながら本を読んでいました。明日は晴れるかな？ ",
	"arabic":   "كان الجو باردا هذا الصباح، ثم خرجت الشمس وذهبنا إلى الحديقة. ",
	"thai":     "วันนี้อากาศดีมากเลยไปเดินเล่นที่สวน ",
}

func benchmarkSamples(b *testing.B, run func(s []byte)) {
	for _, name := range []string{"ascii", "latin", "cyrillic", "japanese", "arabic", "thai"} {
		s := AppendNormal(nil, []byte(strings.Repeat(samples[name], 1+64<<10/len(samples[name]))))
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(s)))
			b.ReportAllocs()
			for b.Loop() {
				run(s)
			}
		})
	}
}

func BenchmarkNormal(b *testing.B) {
	var dst []byte
	benchmarkSamples(b, func(s []byte) { dst = AppendNormal(dst[:0], s) })
}

func BenchmarkSplitter(b *testing.B) {
	var sp Splitter
	benchmarkSamples(b, func(s []byte) {
		sp.Reset(s)
		for ok := true; ok; {
			_, _, ok = sp.Next()
		}
	})
}

func BenchmarkWeigh(b *testing.B) {
	benchmarkSamples(b, func(s []byte) { weigh(s, true) })
}

func BenchmarkKindOf(b *testing.B) {
	benchmarkSamples(b, func(s []byte) {
		for w := range bytes.FieldsSeq(s) {
			KindOf(w)
		}
	})
}

// BenchmarkMemory adds the log of a bot, and asks about a draft.
func BenchmarkMemory(b *testing.B) {
	words := strings.Fields(strings.Repeat(samples["ascii"]+samples["latin"], 5))
	r := rand.New(rand.NewPCG(1, 2))
	log := make([]string, 20_000)
	for i := range log {
		s := fmt.Sprint(i)
		for range 14 {
			s += " " + words[r.IntN(len(words))] + fmt.Sprint(r.IntN(100))
		}
		log[i] = s
	}
	m := NewMemory()
	b.Run("add", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			m = NewMemory()
			for _, s := range log {
				m.Add(s)
			}
		}
	})
	b.Run("find", func(b *testing.B) {
		for i := 0; b.Loop(); i++ {
			m.Find(log[i%len(log)])
		}
	})
}
