package main

import (
	"errors"
	"strconv"
	"strings"
)

// reading is what reading and the program itself take beside the builders: chunks of the input on their way, batches, the
// Go runtime, in bytes.
const reading = 48 << 20

// least is the least bound that leaves the builder something.
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

// builderShares are what is left to the builders of what is learned and of what is only known. A good part is left
// over, for the hashes by which duplicates are known: some 12 bytes a post.
func builderShares(memory int64) (learned, known int64) {
	if memory == 0 {
		return 0, 0
	}
	share := (memory - reading) / 16
	return 6 * share, 2 * share
}
