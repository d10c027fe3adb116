package model

import (
	"bufio"
	"encoding/binary"

	"horsepipe/pkg/bloom"
)

// KnownPosts takes posts that are to be known but not learned from, token by token, for
// [Builder.Know]. Only one goroutine may use it at a time:
//
//	k.Token([]byte("Bonjour")); k.Token([]byte("!")); k.End() // End each post before Know
type KnownPosts struct {
	hashes   []uint32 // of the tokens, with a 0 after each post
	posts    int
	tokens   int // of the current post
	shingles int64
}

// Token adds a token to the post. It does not keep text.
func (k *KnownPosts) Token(text []byte) { k.add(hashToken(text)) }

func (k *KnownPosts) add(hash uint32) {
	k.hashes = append(k.hashes, hash)
	k.tokens++
	for _, n := range [2]int{shortShingle, longShingle} {
		if k.tokens >= n {
			k.shingles++
		}
	}
}

// End completes the post. A post without tokens does not count.
func (k *KnownPosts) End() {
	if k.tokens > 0 {
		k.hashes = append(k.hashes, 0)
		k.posts++
		k.tokens = 0
	}
}

// knownWriter makes the section known. Until the size of the filter is known, the hashes wait on a
// tape, four bytes each.
type knownWriter struct {
	tape     tape
	posts    int
	shingles int64
	made     chan []bloom.Block // after start: receives the filter
}

// add adds posts, and empties k.
func (w *knownWriter) add(k *KnownPosts) {
	var buf [1 << 10]byte
	for rest := k.hashes; len(rest) > 0; {
		part := buf[:0]
		n := min(len(rest), len(buf)/4)
		for _, h := range rest[:n] {
			part = binary.LittleEndian.AppendUint32(part, h)
		}
		w.tape.Write(part)
		rest = rest[n:]
	}
	w.posts += k.posts
	w.shingles += k.shingles
	*k = KnownPosts{hashes: k.hashes[:0]}
}

// blocks is the number of blocks of the filter.
func (w *knownWriter) blocks() int { return int(w.shingles*filterBits/(8*bloom.Size)) + 1 }

// start begins to make the filter, in memory, while other stages leave a core idle. Nothing can be
// added after it.
func (w *knownWriter) start() {
	w.tape.end()
	w.made = make(chan []bloom.Block, 1)
	go func() { w.made <- w.filter(0, w.blocks()) }()
}

// write writes the section. Unless start was called, it makes the filter in parts of at most memory
// bytes, and reads the tape once for each; memory 0 means no bound.
func (w *knownWriter) write(f *fileWriter, memory int64) {
	if w.posts == 0 {
		return
	}
	out := newFilterFile(f, w.posts)
	if w.made != nil {
		out.add(<-w.made)
	} else {
		w.tape.end()
		end := w.blocks()
		step := end
		if memory > 0 {
			step = int(max(1, min(int64(end), memory/bloom.Size)))
		}
		for lo := 0; lo < end; lo += step {
			out.add(w.filter(lo, min(lo+step, end)))
		}
	}
	out.Flush()
	w.tape.erase()
}

// filterFile writes the section known to a fileWriter, many blocks at a time.
type filterFile struct{ *bufio.Writer }

func newFilterFile(f *fileWriter, posts int) filterFile {
	w := filterFile{bufio.NewWriterSize(f, 1<<16)}
	w.Write(binary.LittleEndian.AppendUint64(nil, uint64(posts)))
	return w
}

func (w filterFile) add(blocks []bloom.Block) {
	for i := range blocks {
		w.Write(blocks[i].Append(w.AvailableBuffer()))
	}
}

// shinglesAtOnce is the number of shingles whose bits are set together.
const shinglesAtOnce = 32

// filter makes the blocks of the filter from lo up to hi.
func (w *knownWriter) filter(lo, hi int) []bloom.Block {
	all, part := w.blocks(), zeros[bloom.Block](hi-lo)
	blocks, bits := make([]*bloom.Block, 0, shinglesAtOnce), make([]uint64, 0, shinglesAtOnce)
	w.eachShingle(func(hash uint64) {
		i, b := bloom.Place(hash, all)
		if i < lo || i >= hi {
			return
		}
		blocks, bits = append(blocks, &part[i-lo]), append(bits, b)
		if len(blocks) == shinglesAtOnce {
			bloom.SetAll(blocks, bits)
			blocks, bits = blocks[:0], bits[:0]
		}
	})
	bloom.SetAll(blocks, bits)
	return part
}

// eachShingle calls f for the hash of each shingle of each post.
func (w *knownWriter) eachShingle(f func(hash uint64)) {
	var last [longShingle]uint32
	tokens := 0
	r := tapeReader{tape: &w.tape}
	for p := r.peek(4); len(p) >= 4; p = r.peek(4) {
		whole := len(p) &^ 3
		for ; len(p) >= 4; p = p[4:] {
			h := binary.LittleEndian.Uint32(p)
			if h == 0 {
				tokens = 0
				continue
			}
			copy(last[:], last[1:])
			last[longShingle-1] = h
			if tokens++; tokens >= shortShingle {
				f(hashTokens(last[longShingle-shortShingle:]))
			}
			if tokens >= longShingle {
				f(hashTokens(last[:]))
			}
		}
		r.skip(whole)
	}
}

// write writes the section again; for an early model, the filter that corresponds to it.
func (k *Known) write(f *fileWriter) error {
	if k.old != nil {
		k.writeOld(f)
		return k.Err()
	}
	out := newFilterFile(f, k.posts)
	for i := range k.blocks {
		out.Write(k.block(i))
	}
	out.Flush()
	return k.Err()
}

// writeOld makes a filter from a model of known posts.
func (k *Known) writeOld(f *fileWriter) {
	var w knownWriter
	var posts KnownPosts
	hashes := make([]uint32, k.old.words) // by id; 0 if not yet computed
	for i, at := 0, 0; i < k.posts && k.old.err == nil; i++ {
		var id int
		for id, at = k.old.After(at); id != Mark; id, at = k.old.After(at) {
			if hashes[id] == 0 {
				hashes[id] = hashToken(k.old.Text(id))
			}
			posts.add(hashes[id])
		}
		posts.End()
		w.add(&posts)
	}
	w.write(f, 0)
}
