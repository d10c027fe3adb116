package main

import (
	"errors"
	"strconv"
	"strings"
)

// reading is what reading and the program itself take, in bytes, besides the builders: chunks of the
// input in transit, batches, the Go runtime.
const reading = 48 << 20

// least is the lowest bound that leaves the builder any memory.
const least = 128 << 20

// size reads a number of bytes: 1000, 256M, 1.5G, with K, M, G, T for powers of 1,024. None is 0.
func size(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	number, unit := strings.TrimSuffix(strings.TrimSuffix(strings.ToUpper(s), "B"), "I"), int64(1)
	if i := strings.IndexAny(number, "KMGT"); i >= 0 && i == len(number)-1 {
		unit <<= 10 * (1 + strings.IndexByte("KMGT", number[i]))
		number = number[:i]
	}
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || n < 0 || n*float64(unit) > 1<<62 {
		return 0, errors.New("must be a size such as 256M")
	}
	if bytes := int64(n * float64(unit)); bytes >= least {
		return bytes, nil
	}
	return 0, errors.New("must be at least 128M")
}

// image is what the program's own pages take, which the Go runtime does not count: 5 MiB on Linux
// (RssFile in /proc), and some to spare.
const image = 8 << 20

// shares is how memory is divided, in bytes; all are 0 if there is no bound.
type shares struct {
	builder int64
	hashes  int64 // that detect duplicates
}

// divide keeps a quarter in reserve for garbage that is not yet collected.
func divide(memory int64) shares {
	if memory == 0 {
		return shares{}
	}
	share := (memory - image - reading) / 16
	return shares{builder: 8 * share, hashes: 4 * share}
}
