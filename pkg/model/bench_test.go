package model

import (
	"io"
	"runtime"
	"testing"
)

// BenchmarkBuild tells how fast each stage of a build is, on the fortunes of ../shared; the whole includes
// all of them.
func BenchmarkBuild(b *testing.B) {
	posts := splitPosts(realTexts(b, "fortunes")...)
	size := 0
	for _, p := range posts {
		for i, token := range p.tokens {
			size += len(p.gaps[i]) + len(token)
		}
	}
	batches := func(w *Worker) (list []*Batch) {
		for rest := posts; len(rest) > 0; rest = rest[min(5000, len(rest)):] {
			list = append(list, take(w, rest[:min(5000, len(rest))]))
		}
		return list
	}
	bytes := func(b *testing.B) { b.SetBytes(int64(size)) }
	b.Run("intern", func(b *testing.B) {
		bytes(b)
		for b.Loop() {
			batches(NewBuilder(Options{}).Worker())
		}
	})
	b.Run("append", func(b *testing.B) {
		bytes(b)
		for b.Loop() {
			b.StopTimer()
			builder := NewBuilder(Options{})
			list := batches(builder.Worker())
			b.StartTimer()
			appendAll(b, builder, list)
		}
	})
	builder := NewBuilder(Options{})
	appendAll(b, builder, batches(builder.Worker()))
	a := &assembly{Builder: builder, f: &fileWriter{w: io.Discard}}
	s := wholeSegment{segment: builder.open}
	v, codes := s.vocabulary(builder.opt.Workers)
	b.Run("words", func(b *testing.B) {
		b.SetBytes(int64(len(s.segment.words.text)))
		for b.Loop() {
			s.segment.words.order(builder.opt.Workers)
			v.write(a.f, s.texts(v), s.posts)
		}
	})
	b.Run("renumber", func(b *testing.B) {
		bytes(b)
		for b.Loop() {
			a.stream, a.posts, a.marks = tape{}, 0, nil
			a.encode(len(s.chunks), func(_, i int) []uint16 { return s.chunks[i] }, codes, v.streamSize()+int64(s.posts))
		}
	})
	b.Run("sort", func(b *testing.B) {
		sorter := newSuffixSorter(&a.keys, builder.opt.Workers, builder.plan.places, builder.plan.keys)
		sorter.sorted = sorter.markHeads
		for b.Loop() {
			sorter.sort(func(_, _ uint32) error { return nil })
		}
		perSuffix(b, a)
	})
	b.Run("array", func(b *testing.B) {
		a.writePosts(v)
		for b.Loop() {
			for at := range uint64(a.tokens) {
				a.entry(at%1000, 0)
			}
		}
		perSuffix(b, a)
	})
	b.Run("whole", func(b *testing.B) {
		bytes(b)
		for b.Loop() {
			builder := NewBuilder(Options{})
			appendAll(b, builder, batches(builder.Worker()))
			if _, err := builder.WriteTo(io.Discard); err != nil {
				b.Fatal(err)
			}
		}
	})
}

func appendAll(b *testing.B, builder *Builder, list []*Batch) {
	for _, batch := range list {
		if err := builder.Append(batch, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func perSuffix(b *testing.B, a *assembly) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(a.tokens+int64(a.posts)), "ns/suffix")
}

// BenchmarkWorst builds models of a million tokens that are worse than any real corpus. A suffix
// takes at most a few times as long as in BenchmarkBuild.
func BenchmarkWorst(b *testing.B) {
	for name, posts := range worst(1e6) {
		b.Run(name, func(b *testing.B) {
			suffixes := 0
			for b.Loop() {
				builder := NewBuilder(Options{})
				appendAll(b, builder, []*Batch{take(builder.Worker(), posts)})
				suffixes = int(builder.tokens) + builder.facts.posts
				if _, err := builder.WriteTo(io.Discard); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(suffixes), "ns/suffix")
			runtime.GC()
		})
	}
}
