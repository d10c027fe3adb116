package post

import (
	"strings"
	"testing"
)

// The lines that benchmarks read: a native record, one with escapes, and an object of X v1.1.
var benchLines = map[string]string{
	"native": `{"id": "269281521431609346", "text": "a post of an ordinary length, with a few words, a #tag and an été", ` +
		`"created_at": "2012-11-16T03:26:13Z", "user": "someone"}`,
	"escaped": `{"id":"1","text":"two lines\nand a \"quote\", caf\u00e9 \ud83d\ude00","created_at":"2012-11-16T03:26:13Z"}`,
	"x": `{"created_at":"Fri Nov 16 03:26:13 +0000 2012","id":1,"id_str":"1","full_text":"you &amp; me https://t.co/abc",` +
		`"entities":{"urls":[{"url":"https://t.co/abc","expanded_url":"https://example.org/","indices":[9,20]}]},` +
		`"user":{"id":7,"screen_name":"someone","description":"` + strings.Repeat("of many words ", 20) + `"},` +
		`"metadata":{"numbers":[` + strings.Repeat("1,", 200) + `2]},"lang":"en"}`,
}

func BenchmarkParse(b *testing.B) {
	for name, line := range benchLines {
		b.Run(name, func(b *testing.B) {
			var p Parser
			data := []byte(line)
			b.SetBytes(int64(len(data)))
			b.ReportAllocs()
			for b.Loop() {
				for _, err := range p.Posts(data) {
					if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

func BenchmarkChunks(b *testing.B) {
	data := strings.Repeat(benchLines["native"]+"\n", 1<<14)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		c := NewChunks(strings.NewReader(data), "", 1<<20)
		for {
			piece, err := c.Next()
			if err != nil {
				break
			}
			piece.Release()
		}
	}
}
