package model

import (
	"encoding/binary"
	"strconv"
)

// postEncoder writes the facts of posts as section posts has them; see format.go.
type postEncoder struct {
	dst    []byte
	blocks []int64 // offset in dst of each block
	posts  int
	number uint64 // the last in this block
	name   string
	date   int64

	earliest, latest int64
}

func (e *postEncoder) add(p Post) {
	if e.posts%postBlock == 0 {
		e.blocks = append(e.blocks, int64(len(e.dst)))
		e.number, e.name, e.date = 0, "", 0
	}
	e.posts++
	number, isNumber := parseNumber(p.ID)
	at, flags, base := len(e.dst), byte(0), e.date
	e.dst = append(e.dst, 0)
	switch {
	case p.ID == "":
	case isNumber:
		flags = flagID | flagNumber
		e.dst = binary.AppendUvarint(e.dst, zigzag(int64(number-e.number)))
		e.number = number
		if s := snowflake(number); s != 0 {
			base = s
		}
	default:
		flags = flagID
		shared := commonPrefix(p.ID, e.name)
		e.dst = binary.AppendUvarint(e.dst, uint64(shared))
		e.dst = binary.AppendUvarint(e.dst, uint64(len(p.ID)-shared))
		e.dst = append(e.dst, p.ID[shared:]...)
		e.name = p.ID
	}
	if p.Time != 0 {
		flags |= flagDate
		e.dst = binary.AppendUvarint(e.dst, zigzag(p.Time-base))
		e.date = p.Time
		e.span(p.Time)
	}
	if p.Reply {
		flags |= flagReply
	}
	e.dst[at] = flags
}

func (e *postEncoder) span(t int64) {
	if e.earliest == 0 || t < e.earliest {
		e.earliest = t
	}
	if e.latest == 0 || t > e.latest {
		e.latest = t
	}
}

// parseNumber reads an id that is a number below 2^64 as strconv would write it.
func parseNumber(id string) (uint64, bool) {
	if id == "" || len(id) > 20 || id[0] == '0' && len(id) > 1 || id[0] == '+' {
		return 0, false
	}
	n, err := strconv.ParseUint(id, 10, 64)
	return n, err == nil
}

func commonPrefix[T string | []byte](a, b T) int {
	n := min(len(a), len(b))
	for i := 0; i < n; i++ {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}
