package model

// contest finds the first of several players, again after each change of that player. It is a tree
// of losers (Knuth, The Art of Computer Programming, volume 3, section 5.4.1), which takes as many
// comparisons as the tree is high.
type contest struct {
	less   func(i, j int) bool
	losers []int // losers[0] is the winner
}

func newContest(players int, less func(i, j int) bool) *contest {
	c := &contest{less, make([]int, players)}
	winners := make([]int, 2*players)
	for i := 2*players - 1; i >= 1; i-- {
		if i >= players {
			winners[i] = i - players
			continue
		}
		a, b := winners[2*i], winners[2*i+1]
		if less(b, a) {
			a, b = b, a
		}
		winners[i], c.losers[i] = a, b
	}
	c.losers[0] = winners[1]
	return c
}

// winner is the first player: no other comes before it.
func (c *contest) winner() int { return c.losers[0] }

// replay must be called after each change of the winner.
func (c *contest) replay() {
	w := c.losers[0]
	for i := (w + len(c.losers)) / 2; i >= 1; i /= 2 {
		if c.less(c.losers[i], w) {
			w, c.losers[i] = c.losers[i], w
		}
	}
	c.losers[0] = w
}
