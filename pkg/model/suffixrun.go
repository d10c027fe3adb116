package model

import "encoding/binary"

// suffixRun is a tape of sorted suffixes. For each there is a byte for the length of its longest
// common prefix with the suffix before, a byte for the number of bytes that follow, these bytes,
// and its place in the stream as a uvarint.
type suffixRun struct {
	tape
	starts []runStart
	count  int // suffixes given to add
	last   suffixBytes
	buf    []byte
}

// runStart is an offset in a run where reading may begin: the suffix there shares nothing with the
// one before.
type runStart struct {
	pair   int // its first two bytes
	offset int64
}

// entryBlock is the largest number of suffixes from one start to the next.
const entryBlock = 1 << 13

// start notes that reading may begin at the next suffix, whose first two bytes are pair.
func (r *suffixRun) start(pair int) {
	r.starts = append(r.starts, runStart{pair, r.size})
}

func (r *suffixRun) add(suffix *suffixBytes, place uint64) {
	if r.count%entryBlock == 0 {
		r.start(suffix.pair())
		r.last.size = 0
	}
	r.count++
	r.buf = appendEntry(r.buf[:0], &r.last, suffix, place)
	r.Write(r.buf)
	r.last = *suffix
}

func appendEntry(dst []byte, last, suffix *suffixBytes, place uint64) []byte {
	shared := suffix.shared(last)
	dst = append(dst, byte(shared), byte(suffix.size-shared))
	dst = append(dst, suffix.bytes[shared:suffix.size]...)
	return binary.AppendUvarint(dst, place)
}

// addAll adds the suffixes at places of a text that begins at base in the stream.
func (r *suffixRun) addAll(t *keyText, places []uint32, base uint64, cores int) error {
	blocks, ahead := (len(places)+entryBlock-1)/entryBlock, 2*cores
	bufs := make([][]byte, ahead+1)
	return inOrder(blocks, cores, ahead, func(_, i int) {
		buf := &bufs[i%len(bufs)]
		*buf = t.appendEntries((*buf)[:0], places[i*entryBlock:min((i+1)*entryBlock, len(places))], base)
	}, func(i int) error {
		r.start(t.pair(places[i*entryBlock]))
		r.Write(bufs[i%len(bufs)])
		return r.spool.Err()
	})
}

// appendEntries appends the entries of suffixes, the first without a shared prefix. It first copies
// the heads of several suffixes, which contain most suffixes whole, so that these reads, which miss
// the caches, overlap.
func (t *keyText) appendEntries(dst []byte, places []uint32, base uint64) []byte {
	var heads [64][keySlack]byte
	var pair [2]suffixBytes
	last, suffix := &pair[0], &pair[1]
	for ; len(places) > 0; places = places[min(len(heads), len(places)):] {
		some := places[:min(len(heads), len(places))]
		for i, at := range some {
			heads[i] = [keySlack]byte(t.text[at:])
		}
		for i, at := range some {
			if !suffix.read(heads[i][:]) {
				suffix.read(t.text[at:])
			}
			dst = appendEntry(dst, last, suffix, base+uint64(at))
			last, suffix = suffix, last
		}
	}
	return dst
}
